// The PROXY protocol's header, in every split of its bytes.
#include "smtp/proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splits.hpp"

namespace mailfault::smtp {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

const std::string signature("\r\n\r\n\0\r\nQUIT\n", 12);

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 255)};
}
std::string version_2(char command, char family, const std::string& rest) {
  return signature + command + family + two_bytes(rest.size()) + rest;
}
std::string tlv(char type, const std::string& value) { return type + two_bytes(value.size()) + value; }

const std::string addresses_v4("\xcb\x00\x71\x09\x0a\x00\x00\x01\x9c\x40\x00\x19", 12);

struct Case {
  std::string bytes;
  std::string source;  // "203.0.113.9:40000", "" for none, "!…" for why it is malformed
};

std::string outcome(std::string_view bytes) {
  const auto result = parse_proxy(bytes);
  if (std::holds_alternative<ProxyIncomplete>(result)) return "?";
  if (const auto* malformed = std::get_if<ProxyMalformed>(&result)) return "!" + malformed->why;
  const auto& header = std::get<ProxyHeader>(result);
  return header.source.empty() ? "" : header.source + ":" + std::to_string(header.source_port);
}

class Whole : public ::testing::TestWithParam<Case> {};

TEST_P(Whole, IsReadAndItsPrefixesAreIncomplete) {
  const auto& [bytes, source] = GetParam();
  EXPECT_EQ(outcome(bytes), source);
  EXPECT_EQ(outcome(bytes + "EHLO c\r\n"), source);
  EXPECT_EQ(std::get<ProxyHeader>(parse_proxy(bytes + "EHLO c\r\n")).size, bytes.size());
  for (const Chunks& chunks : splits_of(bytes)) {
    std::string so_far;
    for (const std::string& chunk : chunks) {
      so_far += chunk;
      EXPECT_EQ(outcome(so_far), so_far.size() < bytes.size() ? "?" : source) << shown(so_far);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Headers, Whole,
    ::testing::Values(
        Case{"PROXY TCP4 203.0.113.9 10.0.0.1 40000 25\r\n", "203.0.113.9:40000"},
        Case{"PROXY TCP6 2001:DB8::1 ::1 1 65535\r\n", "2001:db8::1:1"}, Case{"PROXY UNKNOWN\r\n", ""},
        Case{"PROXY UNKNOWN anything at all\r\n", ""}, Case{version_2(0x21, 0x11, addresses_v4), "203.0.113.9:40000"},
        Case{version_2(0x21, 0x11, addresses_v4 + tlv(0x02, "mail.example") + tlv(0x04, "")), "203.0.113.9:40000"},
        Case{version_2(0x21, 0x21,
                       "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\1" + std::string(15, '\0') +
                           "\1\x9c\x40\0\x19"s),
             "2001:db8::1:40000"},
        Case{version_2(0x21, 0x31, std::string(216, 'x')), ""}, Case{version_2(0x20, 0x00, ""), ""},
        Case{version_2(0x20, 0x55, "padding"), ""}, Case{version_2(0x21, 0x00, "whatever"), ""},
        Case{version_2(0x21, 0x11, addresses_v4 + tlv(0x04, std::string(1000, '\0'))), "203.0.113.9:40000"}));

class Malformed : public ::testing::TestWithParam<Case> {};

TEST_P(Malformed, SaysWhy) {
  const auto& [bytes, why] = GetParam();
  EXPECT_THAT(outcome(bytes), HasSubstr(why));
  // Never read as a header on the way.
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const std::string before = outcome(bytes.substr(0, length));
    EXPECT_TRUE(before == "?" || before.starts_with("!")) << length << ": " << before;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Headers, Malformed,
    ::testing::Values(
        Case{"EHLO client.example\r\n", "!neither"}, Case{"PROXX", "!neither"}, Case{"proxy TCP4 ", "!neither"},
        Case{"PROXY " + std::string(101, 'x'), "!no CRLF"}, Case{"PROXY \r\n", "!the protocol"},
        Case{"PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", "!the protocol"},
        Case{"PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "!not two addresses"},
        Case{"PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n", "!not two addresses"},
        Case{"PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n", "!not two addresses"},
        Case{"PROXY TCP4 1.2.3.400 1.2.3.4 1 2\r\n", "!an address"},
        Case{"PROXY TCP4 ::1 ::1 1 2\r\n", "!an address"}, Case{"PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n", "!an address"},
        Case{"PROXY TCP4 1.2.3.4\0 1.2.3.4 1 2\r\n"s, "!an address"},
        Case{"PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n", "!a port"},
        Case{"PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", "!a port"},
        Case{"PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n", "!a port"},
        Case{version_2(0x11, 0x11, addresses_v4), "!neither LOCAL"},
        Case{version_2(0x22, 0x11, addresses_v4), "!neither LOCAL"},
        Case{version_2(0x21, 0x12, addresses_v4), "!a family"}, Case{version_2(0x21, 0x11, "short"), "!too short"},
        Case{version_2(0x21, 0x11, addresses_v4 + tlv(0x03, "abcd")), "!the CRC32c"},
        Case{version_2(0x21, 0x11, addresses_v4 + tlv(0x03, "abc")), "!a CRC32c of other"},
        Case{version_2(0x21, 0x11, addresses_v4 + "\4\0"s), "!a TLV is longer"},
        Case{version_2(0x21, 0x11, addresses_v4 + "\4\0\5abcd"s), "!a TLV is longer"},
        Case{version_2(0x21, 0x11, std::string(4096, '\0')), "!a header of 4112"}));

TEST(ProxyCrc, OfTheWholeHeaderWithTheSumAsZero) {
  // The sum was computed apart, by a CRC32c whose check value of "123456789" is e3069283.
  std::string header = version_2(0x21, 0x11, addresses_v4 + tlv(0x03, "\x65\x98\x4f\x47"));
  EXPECT_EQ(outcome(header), "203.0.113.9:40000");
  header[20] = static_cast<char>(header[20] ^ 1);
  EXPECT_EQ(outcome(header), "!the CRC32c doesn't fit");
}

}  // namespace
}  // namespace mailfault::smtp
