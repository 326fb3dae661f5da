#include "base/arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace mailfault {
namespace {
constexpr std::size_t huge_page = std::size_t{2} << 20;
}

Arena::~Arena() {
  for (const auto& block : blocks_) {
    if (block.mapped)
      munmap(block.memory, block.size);
    else
      std::free(block.memory);
  }
}

void* Arena::allocate(std::size_t size, std::size_t alignment) {
  auto padding = (alignment - reinterpret_cast<std::uintptr_t>(at_) % alignment) % alignment;
  if (at_ == nullptr || static_cast<std::size_t>(end_ - at_) < size + padding) {
    grow(size);
    padding = 0;
  }
  auto* place = at_ + padding;
  at_ = place + size;
  used_ += size;
  return place;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  auto* place = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

void Arena::grow(std::size_t at_least) {
  auto size = std::max(next_size_, at_least);
  Block block{nullptr, size, size >= huge_page};
  if (block.mapped) {
    block.size = (size + huge_page - 1) / huge_page * huge_page;
    block.memory = mmap(nullptr, block.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block.memory == MAP_FAILED) throw std::bad_alloc();
    madvise(block.memory, block.size, MADV_HUGEPAGE);
  } else {
    block.memory = std::malloc(size);
    if (block.memory == nullptr) throw std::bad_alloc();
  }
  blocks_.push_back(block);
  at_ = static_cast<std::byte*>(block.memory);
  end_ = at_ + block.size;
  next_size_ = std::min(next_size_ * 4, huge_page);
}

}  // namespace mailfault
