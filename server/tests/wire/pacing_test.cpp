#include "wire/pacing.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mailfault::wire {
namespace {

using namespace std::chrono_literals;

Micros piece(Pacing& pacing, Micros now, std::size_t bytes) {
  pacing.begin_piece();
  return pacing.leaves(now, bytes);
}

TEST(Pacing, LatencyIsAdded) {
  Pacing pacing({.latency = 300ms}, 1, 1);
  EXPECT_EQ(piece(pacing, 1s, 10), 1300ms);
  EXPECT_EQ(piece(pacing, 2s, 10), 2300ms);
}

TEST(Pacing, TimesAreScaled) {
  Pacing pacing({.latency = 300ms, .bandwidth = 1000}, 0.1, 1);
  EXPECT_EQ(piece(pacing, 0s, 1000), 130ms);
}

TEST(Pacing, BandwidthSerialises) {
  Pacing pacing({.bandwidth = 1000}, 1, 1);
  EXPECT_EQ(piece(pacing, 0s, 500), 500ms);
  EXPECT_EQ(piece(pacing, 0s, 500), 1s);
  EXPECT_EQ(piece(pacing, 5s, 500), 5500ms) << "an idle line saves nothing up";
  EXPECT_EQ(pacing.slice(), 50u);
}

TEST(Pacing, JitterIsBoundedDrawnFromTheSeedAndKeepsTheOrder) {
  WireSettings settings{.latency = 10ms, .jitter = 100ms};
  Pacing one(settings, 1, 7), same(settings, 1, 7), other(settings, 1, 8);
  std::set<Micros> delays;
  Micros last{};
  bool differs = false;
  for (int i = 0; i < 200; ++i) {
    auto now = i * 1s;
    auto due = piece(one, now, 1);
    EXPECT_EQ(due, piece(same, now, 1));
    differs |= due != piece(other, now, 1);
    EXPECT_GE(due, now + 10ms);
    EXPECT_LE(due, now + 110ms);
    EXPECT_GE(due, last);
    last = due;
    delays.insert(due - now);
  }
  EXPECT_GT(delays.size(), 150u);
  EXPECT_TRUE(differs);
  for (int i = 0; i < 200; ++i) {
    auto due = piece(one, 1000s, 1);
    EXPECT_GE(due, last);
    last = due;
  }
}

TEST(Pacing, ReadingWaitsForItsBandwidth) {
  Pacing pacing({.read_bandwidth = 1000}, 1, 1);
  EXPECT_TRUE(pacing.paces_reading());
  EXPECT_EQ(pacing.read_slice(), 50u);
  pacing.took(1s, 50);
  EXPECT_EQ(pacing.reads_at(), 1050ms);
  EXPECT_EQ(piece(pacing, 0s, 1000), 0s) << "output is free";
}

TEST(Pacing, ZeroScaleMeansAtOnce) {
  Pacing pacing({.latency = 1h, .bandwidth = 1, .read_bandwidth = 1}, 0, 1);
  EXPECT_EQ(piece(pacing, 1s, 1000), 1s);
  pacing.took(1s, 1000);
  EXPECT_EQ(pacing.reads_at(), 1s);
}

}  // namespace
}  // namespace mailfault::wire
