#include "tls/record.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace mailfault::tls {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Record, IsHeaderAndContent) {
  EXPECT_EQ(record_header(21, 0x0303, 0x1234), "\x15\x03\x03\x12\x34"s);
  EXPECT_EQ(record(22, 0x0301, "abc"),
            "\x16\x03\x01\x00\x03"s
            "abc");
  EXPECT_EQ(record(255, 0, ""), "\xFF\x00\x00\x00\x00"s);
  EXPECT_EQ(record(23, 0x0303, std::string(65535, 'x')).size(), 65540U);
  EXPECT_THROW(record(23, 0x0303, std::string(65536, 'x')), Error);
}

TEST(Record, IsFoundAmongOthers) {
  const std::string one = record(22, 0x0303, "abc"), none = record(20, 0x0303, ""), part = "\x17\x03\x03\x00\x09xy"s;
  EXPECT_THAT(records_in(one + none + part), ElementsAre(one, none, part));
  EXPECT_THAT(records_in(one + "\x17\x03"s), ElementsAre(one, "\x17\x03"s));
  EXPECT_THAT(records_in(""), IsEmpty());
}

TEST(Record, IsDamaged) {
  const std::string one = record(22, 0x0303, "abc"), other = record(20, 0x0303, "d");
  EXPECT_EQ(with_version(one + other, 0x0505), record(22, 0x0505, "abc") + record(20, 0x0505, "d"));
  EXPECT_EQ(with_length(one + other, 0xFFFF),
            "\x16\x03\x03\xFF\xFF"s
            "abc" +
                other);
  EXPECT_EQ(with_bit_flipped(one), record(22, 0x0303, "abb"));
  for (const std::string& few : {""s, "\x16\x03\x03\x00"s}) {
    EXPECT_EQ(with_version(few, 0x0505), few);
    EXPECT_EQ(with_length(few, 7), few);
    EXPECT_EQ(recut(few, 7), few);
  }
  EXPECT_EQ(with_bit_flipped(""), "");
}

TEST(Record, IsCutAnew) {
  const std::string long_one = record(22, 0x0303, "abcde"), next = record(22, 0x0303, "fg");
  const std::string other = record(20, 0x0303, "hi");
  EXPECT_EQ(recut(long_one + next + other, 3), record(22, 0x0303, "abc") + record(22, 0x0303, "def") +
                                                   record(22, 0x0303, "g") + record(20, 0x0303, "hi"));
  EXPECT_EQ(recut(other, 1), record(20, 0x0303, "h") + record(20, 0x0303, "i"));
  EXPECT_EQ(recut(other, 0), recut(other, 1));
  EXPECT_EQ(recut(long_one + next, 100), record(22, 0x0303, "abcdefg"));
  EXPECT_EQ(recut(record(22, 0x0303, "a") + "\x16\x03\x03"s, 9), record(22, 0x0303, "a") + "\x16\x03\x03"s);
}

}  // namespace
}  // namespace mailfault::tls
