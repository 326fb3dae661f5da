// Memory that is only ever added to and freed as a whole: the journal's texts and the ledger's messages.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace mailfault {

/// Blocks grow from 1 KiB to 2 MiB; the large ones ask for huge pages, since touching a fresh small page costs more
/// than a short message does. What it returns stays where it is until the arena is destroyed.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `alignment` is a power of two, at most 16.
  void* allocate(std::size_t size, std::size_t alignment);
  std::string_view copy(std::string_view text);
  std::size_t used() const { return used_; }

 private:
  struct Block {
    void* memory;
    std::size_t size;
    bool mapped;
  };
  void grow(std::size_t at_least);

  std::vector<Block> blocks_;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  std::size_t used_ = 0;
  std::size_t next_size_ = 1024;
};

}  // namespace mailfault
