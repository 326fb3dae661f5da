#include "base/arena.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace mailfault {
namespace {

TEST(Arena, TextsStayWhereTheyAre) {
  Arena arena;
  std::vector<std::string> texts;
  std::vector<std::string_view> copies;
  std::size_t total = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    texts.push_back(std::string(i % 977, static_cast<char>('a' + i % 26)));
    copies.push_back(arena.copy(texts.back()));
    total += texts.back().size();
  }
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(copies[i], texts[i]);
  EXPECT_EQ(arena.used(), total);
}

TEST(Arena, LargeTextsFit) {
  Arena arena;
  for (std::size_t size : {std::size_t{1} << 20, std::size_t{2} << 20, std::size_t{5} << 20, std::size_t{1}}) {
    std::string text(size, 'x');
    EXPECT_EQ(arena.copy(text), text);
  }
}

TEST(Arena, KeepsAlignment) {
  Arena arena;
  for (std::size_t i = 0; i < 500; ++i) {
    arena.copy(std::string(i % 7, 'x'));
    for (std::size_t alignment : {1u, 2u, 8u, 16u}) {
      auto* place = arena.allocate(alignment, alignment);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(place) % alignment, 0u);
      std::memset(place, 0xff, alignment);
    }
  }
}

TEST(Arena, NothingNeedsNoMemory) {
  Arena arena;
  EXPECT_EQ(arena.copy(""), "");
  EXPECT_EQ(arena.used(), 0u);
}

}  // namespace
}  // namespace mailfault
