#include "base/time.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace mailfault {
namespace {

using namespace std::chrono_literals;

TEST(Time, ParsesDurations) {
  EXPECT_EQ(parse_duration("200ms"), 200ms);
  EXPECT_EQ(parse_duration("5s"), 5s);
  EXPECT_EQ(parse_duration("1.5m"), 90s);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("5 s"), 5s);
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("1000h"), 1000h);
}

TEST(Time, OtherTextIsNoDuration) {
  for (const char* text : {"", "5", "s", "5x", "-5s", "+5s", "5ss", "1001h", "1e3s", "5s ", " 5s", "5S", "0x5s", ".s",
                           "1.2.3s", "infs", "nans", "99999999999999999999999999h"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Time, SecondsAreBounded) {
  EXPECT_EQ(duration_of_seconds(0.0000014), 1us);
  EXPECT_EQ(duration_of_seconds(3600.0 * 1000), 1000h);
  for (double wrong : {-0.1, 3600.0 * 1000 + 1, std::nan(""), HUGE_VAL})
    EXPECT_EQ(duration_of_seconds(wrong), std::nullopt) << wrong;
}

TEST(Time, FormatsTheShortestText) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(250us), "250 µs");
  EXPECT_EQ(format_duration(200ms), "200ms");
  EXPECT_EQ(format_duration(1500us), "1.5ms");
  EXPECT_EQ(format_duration(5s), "5s");
  EXPECT_EQ(format_duration(1234ms), "1.234s");
  EXPECT_EQ(format_duration(60s), "1m");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(2min), "2m");
  EXPECT_EQ(format_duration(1h), "1h");
  EXPECT_EQ(format_duration(90min), "90m");
  EXPECT_EQ(format_duration(-5s), "-5s");
}

TEST(Time, WhatItFormatsItParses) {
  for (Micros time :
       {Micros(200ms), Micros(1500us), Micros(5s), Micros(1234ms), Micros(60s), Micros(90s), Micros(2h)})
    EXPECT_EQ(parse_duration(format_duration(time)), time);
}

TEST(Sizes, AreParsed) {
  EXPECT_EQ(parse_size("4096"), 4096u);
  EXPECT_EQ(parse_size("64kB"), 64000u);
  EXPECT_EQ(parse_size("64KiB"), 65536u);
  EXPECT_EQ(parse_size("1MB"), 1000000u);
  EXPECT_EQ(parse_size("1MiB"), 1048576u);
  EXPECT_EQ(parse_size("1.5KiB"), 1536u);
  EXPECT_EQ(parse_size("2GiB"), std::uint64_t{2} << 30);
  EXPECT_EQ(parse_size("3B"), 3u);
  for (const char* text : {"", "-1", "1KB", "1kb", "1TB", "B", "1 potato", "9999999GiB", "1e3"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(Sizes, AreFormatted) {
  EXPECT_EQ(format_size(0), "0 bytes");
  EXPECT_EQ(format_size(1), "1 byte");
  EXPECT_EQ(format_size(1000), "1000 bytes");
  EXPECT_EQ(format_size(65536), "64 KiB");
  EXPECT_EQ(format_size(3 << 20), "3 MiB");
}

TEST(Clocks, RealTimeGoesOn) {
  RealClock clock;
  auto first = clock.now();
  EXPECT_GE(first, Micros{});
  EXPECT_GE(clock.now(), first);
}

}  // namespace
}  // namespace mailfault
