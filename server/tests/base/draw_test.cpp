#include "base/draw.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace mailfault {
namespace {

std::vector<std::uint64_t> stream(const DrawPoint& at) {
  Draws draws(at);
  std::vector<std::uint64_t> out;
  for (int i = 0; i < 20; ++i) out.push_back(draws.next());
  return out;
}

TEST(Draws, AreTheSameAtTheSamePoint) {
  DrawPoint point{7, 3, Stage::rcpt, 2, 5};
  EXPECT_EQ(stream(point), stream(point));
}

TEST(Draws, EveryPartOfThePointMatters) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed : {0, 1})
    for (std::uint32_t session : {1u, 2u})
      for (auto stage : {Stage::mail, Stage::rcpt})
        for (std::uint32_t occurrence : {1u, 2u})
          for (std::uint32_t rule : {0u, 1u}) firsts.insert(stream({seed, session, stage, occurrence, rule}).front());
  EXPECT_EQ(firsts.size(), 32u);
}

TEST(Draws, PartsArentMixedUp) {
  EXPECT_NE(stream({0, 1, Stage::rcpt, 2, 0}), stream({0, 2, Stage::rcpt, 1, 0}));
  EXPECT_NE(stream({0, 1, Stage::rcpt, 0, 1}), stream({1, 0, Stage::rcpt, 0, 1}));
}

TEST(Draws, FractionsAreSpreadEvenly) {
  std::vector<int> buckets(10);
  for (std::uint32_t session = 1; session <= 1000; ++session) {
    Draws draws(DrawPoint{0, session, Stage::greeting, 1, 0});
    for (int i = 0; i < 10; ++i) {
      auto fraction = draws.fraction();
      ASSERT_GE(fraction, 0);
      ASSERT_LT(fraction, 1);
      ++buckets[static_cast<std::size_t>(fraction * 10)];
    }
  }
  for (int bucket : buckets) {
    EXPECT_GT(bucket, 850);
    EXPECT_LT(bucket, 1150);
  }
}

}  // namespace
}  // namespace mailfault
