#include "import/pcap.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.hpp"
#include "import/reassembly.hpp"

namespace mailfault::recorded {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

TcpEnd end(std::uint16_t port, bool v6 = false) {
  TcpEnd out{v6, {}, port};
  if (v6)
    out.address[15] = 1;
  else
    out.address = {127, 0, 0, 1};
  return out;
}

// "C:…" of the client, "S:…" of the server.
std::vector<std::string> said(const CapturedConnection& connection) {
  std::vector<std::string> out;
  for (const auto& each : connection.pieces) out.push_back((each.from_client ? "C:" : "S:") + each.bytes);
  return out;
}
std::string ends(const CapturedConnection& connection) {
  std::string out;
  for (const auto& each : connection.ends)
    out += std::string(each.by_client ? "client " : "server ") + (each.reset ? "RST " : "FIN ");
  return out;
}

struct Link {
  const char* name;
  std::uint16_t type;  // as in a file
  std::string before;
  bool v6 = false;
};

std::string bytes(std::initializer_list<int> all) {
  std::string out;
  for (int each : all) out += static_cast<char>(each);
  return out;
}

// Our own capture with another link type: what `before` is goes before each packet.
std::string with_link(std::string_view capture, const Link& link) {
  std::string out;
  while (!capture.empty()) {
    std::uint32_t size = 0, type = 0;
    std::copy_n(capture.data(), 4, reinterpret_cast<char*>(&type));
    std::copy_n(capture.data() + 4, 4, reinterpret_cast<char*>(&size));
    std::string block(capture.substr(0, size));
    capture.remove_prefix(size);
    if (type == 1) block[8] = static_cast<char>(link.type & 255), block[9] = static_cast<char>(link.type >> 8);
    if (type == 6) {
      std::uint32_t length = 0;
      std::copy_n(block.data() + 20, 4, reinterpret_cast<char*>(&length));
      auto packet = link.before + block.substr(28, length);
      length = static_cast<std::uint32_t>(packet.size());
      packet.resize((packet.size() + 3) / 4 * 4);
      size = static_cast<std::uint32_t>(32 + packet.size());
      std::string written_size(reinterpret_cast<const char*>(&size), 4);
      std::string written_length(reinterpret_cast<const char*>(&length), 4);
      block = block.substr(0, 4) + written_size + block.substr(8, 12) + written_length + written_length + packet +
              written_size;
    }
    out += block;
  }
  return out;
}

// A list's parts are made in order, a sum's aren't.
std::string in_order(std::initializer_list<std::string> parts) {
  std::string out;
  for (const auto& each : parts) out += each;
  return out;
}

std::string plain_talk(bool v6 = false) {
  PcapngConnection talk(end(40000, v6), end(25, v6), 1);
  return in_order({pcapng_head(), talk.opened(1s), talk.passed(2s, false, "220 hello\r\n"),
                   talk.passed(3s, true, "QUIT\r\n"), talk.passed(3500ms, false, "221 bye\r\n"),
                   talk.ended(4s, false, false), talk.ended(5s, true, false)});
}

class Links : public testing::TestWithParam<Link> {};
INSTANTIATE_TEST_SUITE_P(
    , Links,
    testing::Values(Link{"raw", 101, ""}, Link{"raw_v6", 101, "", true}, Link{"null", 0, bytes({2, 0, 0, 0})},
                    Link{"loop", 108, bytes({0, 0, 0, 24}), true},
                    Link{"ethernet", 1, std::string(12, 'm') + bytes({8, 0})},
                    Link{"vlan", 1, std::string(12, 'm') + bytes({0x81, 0, 0, 5, 0x86, 0xdd}), true},
                    Link{"cooked", 113, std::string(14, 'm') + bytes({8, 0})},
                    Link{"cooked2", 276, bytes({0x86, 0xdd}) + std::string(18, 'm'), true}),
    [](const auto& param) { return std::string(param.param.name); });

TEST_P(Links, AreReadFromAFileOfOurs) {
  auto read = read_capture_bytes(with_link(plain_talk(GetParam().v6), GetParam()), "x.pcapng");
  EXPECT_THAT(read.notes, IsEmpty());
  ASSERT_EQ(read.connections.size(), 1U);
  const auto& only = read.connections[0];
  EXPECT_EQ(only.client, end(40000, GetParam().v6));
  EXPECT_EQ(only.server, end(25, GetParam().v6));
  EXPECT_EQ(only.opened_at, 1s);
  EXPECT_THAT(said(only), ElementsAre("S:220 hello\r\n", "C:QUIT\r\n", "S:221 bye\r\n"));
  EXPECT_EQ(only.pieces[2].at, 3500ms);
  EXPECT_EQ(ends(only), "server FIN client FIN ");
  EXPECT_THAT(only.gaps, IsEmpty());
  EXPECT_FALSE(only.tls_from);
}

TEST(ReadCapture, ClassicPcap) {
  auto ng = plain_talk();
  std::string old = bytes({0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0});
  for (std::string_view rest = ng; !rest.empty();) {
    std::uint32_t size = 0, length = 0;
    std::copy_n(rest.data() + 4, 4, reinterpret_cast<char*>(&size));
    if (rest[0] == 6) {
      std::copy_n(rest.data() + 20, 4, reinterpret_cast<char*>(&length));
      old += bytes({9, 0, 0, 0, 7, 0, 0, 0});
      old.append(rest.substr(20, 8)).append(rest.substr(28, length));
    }
    rest.remove_prefix(size);
  }
  auto read = read_capture_bytes(old, "x.pcap");
  ASSERT_EQ(read.connections.size(), 1U);
  EXPECT_EQ(said(read.connections[0]).size(), 3U);
  EXPECT_EQ(read.connections[0].opened_at, 9s + 7us);
}

TEST(ReadCapture, ACutFileKeepsWhatWasRead) {
  auto whole = plain_talk();
  std::size_t most = 0;
  for (auto size = pcapng_head().size(); size < whole.size(); ++size) {
    auto read = read_capture_bytes(whole.substr(0, size), "cut.pcapng");
    auto count = read.connections.empty() ? 0 : read.connections[0].pieces.size();
    EXPECT_GE(count, most);
    most = std::max(most, count);
    if (size % 4 != 0) {
      ASSERT_EQ(read.notes.size(), 1U);
      EXPECT_THAT(read.notes[0], AllOf(HasSubstr("cut.pcapng"), HasSubstr("up to packet")));
    }
  }
  EXPECT_EQ(most, 3U);
}

TEST(ReadCapture, SaysWhatIsNone) {
  EXPECT_THAT([] { read_capture_bytes("", "x"); }, ThrowsMessage<Error>(HasSubstr("x: this is no capture")));
  EXPECT_THAT([] { read_capture_bytes("220 hello\r\n250 a long text\r\n", "x"); },
              ThrowsMessage<Error>(HasSubstr("x: this is no capture")));
  EXPECT_THAT([] { read_capture("/nowhere/x.pcap"); }, ThrowsMessage<Error>(HasSubstr("/nowhere/x.pcap: ")));
  EXPECT_THAT([] { read_capture("/"); }, ThrowsMessage<Error>(HasSubstr("/: this is no capture")));
  EXPECT_THAT(
      [] {
        read_capture_bytes(with_link(plain_talk(), {"wlan", 105, ""}), "x");
      },
      ThrowsMessage<Error>(HasSubstr("IEEE802_11")));
}

TEST(ReadCapture, ConnectionsSideBySide) {
  PcapngConnection one(end(40000), end(25), 1), two(end(40001), end(25), 2), again(end(40000), end(25), 3);
  auto file =
      in_order({pcapng_head(), one.opened(1s), two.opened(1s), two.passed(2s, true, "b"), one.passed(2s, true, "a"),
                one.ended(3s, false, true), again.opened(4s), again.passed(5s, true, "c")});
  auto read = read_capture_bytes(file, "x");
  ASSERT_EQ(read.connections.size(), 3U);
  EXPECT_THAT(said(read.connections[0]), ElementsAre("C:a"));
  EXPECT_EQ(ends(read.connections[0]), "server RST ");
  EXPECT_THAT(said(read.connections[1]), ElementsAre("C:b"));
  EXPECT_EQ(ends(read.connections[1]), "");
  EXPECT_THAT(said(read.connections[2]), ElementsAre("C:c"));
}

// --- TCP put together again

struct Net {
  Reassembly reassembly;
  std::uint16_t client_port = 40000, server_port = 25;
  Micros at = 0s;
  std::uint32_t client_base = 0xfffffffa, server_base = 1000;  // the client's wraps around

  void packet(bool from_client, std::uint32_t place, std::string_view text, const std::string& flags = "") {
    CapturedSegment segment;
    segment.at = at += 1s;
    segment.from = end(from_client ? client_port : server_port);
    segment.to = end(from_client ? server_port : client_port);
    segment.sequence = (from_client ? client_base : server_base) + place;
    segment.syn = flags.find('S') != std::string::npos;
    segment.ack = flags.find('A') != std::string::npos;
    segment.fin = flags.find('F') != std::string::npos;
    segment.rst = flags.find('R') != std::string::npos;
    segment.bytes = text;
    segment.claimed = text.size();
    EXPECT_TRUE(reassembly.add(segment));
  }
  void opened() {
    packet(true, static_cast<std::uint32_t>(-1), "", "S");
    packet(false, static_cast<std::uint32_t>(-1), "", "SA");
  }
  CapturedConnection only() {
    auto all = reassembly.take();
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }
};

TEST(Reassembly, OrderRepetitionsAndOverlaps) {
  Net net;
  net.opened();
  net.packet(true, 10, "klm");  // early
  net.packet(true, 0, "abcde");
  net.packet(true, 0, "abcde");     // again
  net.packet(true, 3, "defgh");     // overlaps
  net.packet(true, 15, "", "F");    // early, too
  net.packet(true, 7, "hijklmno");  // what was missing, and more
  auto out = net.only();
  std::string all;
  for (const auto& each : out.pieces) all += each.bytes;
  EXPECT_EQ(all, "abcdefghijklmno");
  EXPECT_THAT(out.gaps, IsEmpty());
  EXPECT_EQ(ends(out), "client FIN ");
}

TEST(Reassembly, WhatCameEarlyCountsFromWhenTheMissingCame) {
  Net net;
  net.opened();
  net.packet(true, 3, "def");
  net.packet(true, 0, "abc");
  auto out = net.only();
  ASSERT_THAT(said(out), ElementsAre("C:abc", "C:def"));
  EXPECT_EQ(out.pieces[1].at, 4s);
}

TEST(Reassembly, GapsAreReported) {
  Net net;
  net.opened();
  net.packet(true, 0, "abc");
  net.packet(true, 5, "fg");
  net.packet(false, 0, "250\r\n");
  net.packet(true, 9, "", "F");
  auto out = net.only();
  EXPECT_THAT(said(out), ElementsAre("C:abc", "C:fg", "S:250\r\n"));
  ASSERT_EQ(out.gaps.size(), 2U);
  EXPECT_EQ(out.gaps[0].after, 3U);
  EXPECT_EQ(out.gaps[0].bytes, 2U);
  EXPECT_EQ(out.gaps[0].at, 4s);
  EXPECT_TRUE(out.gaps[0].from_client);
  EXPECT_EQ(out.gaps[1].after, 7U);
  EXPECT_EQ(out.gaps[1].bytes, 2U);
  EXPECT_EQ(ends(out), "client FIN ");
}

TEST(Reassembly, APacketThatWasCutLeavesAGap) {
  Net net;
  net.opened();
  CapturedSegment cut;
  cut.at = 3s;
  cut.from = end(40000);
  cut.to = end(25);
  cut.sequence = net.client_base;
  cut.bytes = "abc";
  cut.claimed = 10;
  net.reassembly.add(cut);
  net.packet(true, 10, "next");
  auto out = net.only();
  EXPECT_THAT(said(out), ElementsAre("C:abc", "C:next"));
  ASSERT_EQ(out.gaps.size(), 1U);
  EXPECT_EQ(out.gaps[0].bytes, 7U);
}

TEST(Reassembly, WhatWaitsIsBounded) {
  Net net;
  net.opened();
  std::string block(60'000, 'x');
  for (std::uint32_t i = 0; i < 40; ++i) net.packet(true, 1 + i * 60'000, block);
  net.packet(true, 0, "too late");
  auto out = net.only();
  ASSERT_EQ(out.gaps.size(), 1U);
  EXPECT_EQ(out.gaps[0].bytes, 1U);
  EXPECT_EQ(out.pieces.size(), 40U);
}

TEST(Reassembly, ThereIsAnEndToWhatIsKept) {
  Reassembly reassembly;
  CapturedSegment segment;
  segment.from = end(40000);
  segment.to = end(25);
  std::string block(1 << 20, 'x');
  segment.bytes = block;
  segment.claimed = block.size();
  int kept = 0;
  for (; reassembly.add(segment) && kept < 1000; ++kept) segment.sequence += static_cast<std::uint32_t>(block.size());
  EXPECT_EQ(kept, 511);
}

TEST(Reassembly, WhoIsTheServer) {
  struct Case {
    const char* name;
    std::uint16_t client, server;
    std::string first;  // flags of the first packet, which the server sends
    std::string text;
  };
  for (const auto& [name, client, server, first, text] :
       {Case{"a SYN's answer", 25, 40000, "SA", "x"}, Case{"a port of mail", 40000, 587, "", "x"},
        Case{"who says 220", 2600, 30000, "", "220 hello"}, Case{"the lower port", 40000, 3000, "", "x"}}) {
    SCOPED_TRACE(name);
    Net net;
    net.client_port = client;
    net.server_port = server;
    if (!first.empty()) net.packet(false, static_cast<std::uint32_t>(-1), "", first);
    net.packet(false, 0, text);
    auto out = net.only();
    EXPECT_EQ(out.server.port, server);
    EXPECT_THAT(said(out), ElementsAre("S:" + text));
  }
}

TEST(Decrypt, WithoutTheKeysWhatWasInClearStays) {
  Net net;
  net.opened();
  net.packet(true, 0, "STARTTLS\r\n");
  net.packet(false, 0, "220 go\r\n");
  tls::KeyLog none;
  auto clear = net.only();
  EXPECT_EQ(decrypt(clear, none).unread, "");
  EXPECT_EQ(clear.pieces.size(), 2U);

  Net other;
  other.opened();
  other.packet(true, 0, "STARTTLS\r\n");
  other.packet(true, 10, bytes({0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0}));
  other.packet(true, 20, bytes({0x17, 3, 3, 0, 1, 0}));
  auto sealed = other.only();
  EXPECT_THAT(decrypt(sealed, none).unread, HasSubstr("capture from the beginning"));
  EXPECT_THAT(said(sealed), ElementsAre("C:STARTTLS\r\n"));
  EXPECT_EQ(sealed.tls_from, 1U);
}

TEST(Reassembly, TlsIsSeen) {
  auto hello = bytes({0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0});
  Net implicit;
  implicit.opened();
  implicit.packet(true, 0, hello.substr(0, 4));  // in two segments
  implicit.packet(true, 4, hello.substr(4));
  EXPECT_EQ(implicit.only().tls_from, 0U);
  Net starttls;
  starttls.opened();
  starttls.packet(true, 0, "STARTTLS\r\n");
  starttls.packet(false, 0, "220 go\r\n");
  starttls.packet(true, 10, hello);
  EXPECT_EQ(starttls.only().tls_from, 2U);
  Net other;
  other.opened();
  other.packet(true, 0, "\x16 is no hello");
  other.packet(false, 0, hello);
  EXPECT_FALSE(other.only().tls_from);
}

}  // namespace
}  // namespace mailfault::recorded
