#include "journal/pcapng.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>

#include "base/error.hpp"
#include "journal/capture_file.hpp"

namespace mailfault {
namespace {

using namespace std::chrono_literals;

std::uint32_t little(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  return out;
}
std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t size = 4) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  return out;
}

/// The bodies of the blocks of a type.
std::vector<std::string> blocks(std::string_view file, std::uint32_t type) {
  std::vector<std::string> out;
  while (!file.empty()) {
    auto size = little(file, 4);
    EXPECT_EQ(size % 4, 0U);
    EXPECT_EQ(little(file, size - 4), size);
    if (little(file, 0) == type) out.emplace_back(file.substr(8, size - 12));
    file.remove_prefix(size);
  }
  return out;
}

TcpEnd end(std::uint16_t port, bool v6 = false) {
  TcpEnd out{v6, {}, port};
  if (v6)
    out.address[15] = 1;
  else
    out.address = {127, 0, 0, 1};
  return out;
}

/// Of the first packet: its TCP segment.
std::string segment(const std::string& blocks_of_one, bool v6 = false) {
  auto body = blocks(blocks_of_one, 6).at(0);
  return body.substr(20 + (v6 ? 40 : 20), little(body, 12) - (v6 ? 40 : 20));
}

TEST(Pcapng, BeginsWithAnInterfaceOfRawIp) {
  auto head = pcapng_head();
  EXPECT_EQ(head.substr(0, 4), "\x0a\x0d\x0d\x0a");
  ASSERT_EQ(blocks(head, 1).size(), 1U);
  EXPECT_EQ(little(blocks(head, 1)[0], 0), 101U);
}

TEST(Pcapng, KeysAreCarriedAsTheyAre) {
  auto body = blocks(pcapng_keys("CLIENT_RANDOM 00 11\n"), 10).at(0);
  EXPECT_EQ(little(body, 0), 0x544c534bU);
  EXPECT_EQ(body.substr(8, little(body, 4)), "CLIENT_RANDOM 00 11\n");
}

class PcapngBothFamilies : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(, PcapngBothFamilies, testing::Bool());

TEST_P(PcapngBothFamilies, SequenceNumbersFollow) {
  auto v6 = GetParam();
  PcapngConnection talk(end(40000, v6), end(25, v6), 3);
  EXPECT_EQ(blocks(talk.opened(1us), 6).size(), 3U);
  auto first = segment(talk.passed(2us, true, "EHLO a\r\n"), v6);
  auto answer = segment(talk.passed(3us, false, "250 b\r\n"), v6);
  auto second = segment(talk.passed(4us, true, "QUIT\r\n"), v6);
  EXPECT_EQ(big(first, 0, 2), 40000U);
  EXPECT_EQ(big(answer, 0, 2), 25U);
  EXPECT_EQ(big(second, 4), big(first, 4) + 8);
  EXPECT_EQ(big(answer, 8), big(second, 4));
  EXPECT_EQ(second.substr(20), "QUIT\r\n");
  auto fin = segment(talk.ended(5us, true, false), v6);
  EXPECT_EQ(fin[13], 0x11);
  EXPECT_EQ(talk.passed(6us, true, "x"), "") << "a side that has ended says no more";
  EXPECT_EQ(talk.ended(6us, true, false), "");
  EXPECT_NE(talk.passed(6us, false, "y"), "");
  auto rest = talk.ended(7us, false, false);
  EXPECT_EQ(blocks(rest, 6).size(), 2U) << "the last FIN is acknowledged";
}

TEST(Pcapng, NothingFollowsAReset) {
  PcapngConnection talk(end(40000), end(25), 1);
  EXPECT_EQ(segment(talk.ended(1us, false, true))[13], 0x14);
  EXPECT_EQ(talk.passed(2us, true, "x"), "");
  EXPECT_EQ(talk.ended(2us, true, false), "");
}

TEST(Pcapng, MuchIsCutIntoSegments) {
  PcapngConnection talk(end(40000), end(25), 1);
  EXPECT_EQ(blocks(talk.passed(1us, true, std::string(130'000, 'x')), 6).size(), 3U);
}

TEST(CaptureFile, KeysStandBeforeTheBytesThatLedToThem) {
  std::string written;
  auto file = std::make_shared<CaptureFile>([&](std::string_view bytes) { written += bytes; });
  {
    ConnectionCapture wire(file, end(40000), end(465));
    wire.received("hello");
    file->add_keys("CLIENT_RANDOM 00 11");
    wire.sent("finished");
    wire.ended(false, false);
  }
  file->flush();
  EXPECT_FALSE(file->lost());
  file.reset();
  EXPECT_LT(written.find("CLIENT_RANDOM"), written.find("hello"));
  EXPECT_LT(written.find("hello"), written.find("finished"));
  EXPECT_EQ(blocks(written, 6).size(), 6U);
}

TEST(CaptureFile, WhatIsTooMuchIsLeftOutAndCounted) {
  std::string written;
  std::mutex stuck;
  std::unique_lock hold(stuck);
  auto file = std::make_unique<CaptureFile>(
      [&](std::string_view bytes) {
        std::lock_guard wait(stuck);
        written += bytes;
      },
      1000);
  for (int i = 0; i < 3; ++i) file->add(pcapng_keys(std::string(400, 'x')));
  EXPECT_TRUE(file->lost());
  hold.unlock();
  file.reset();
  EXPECT_EQ(blocks(written, 10).size(), 2U);
  auto drops = blocks(written, 5);
  ASSERT_EQ(drops.size(), 1U);
  EXPECT_EQ(little(drops[0], 16), 1U);
}

TEST(CaptureFile, WhatCannotBeWrittenIsSaidAndLost) {
  testing::internal::CaptureStderr();  // before its thread writes the head
  CaptureFile file([](std::string_view) { throw Error("full"); });
  file.add_keys("x");
  file.flush();
  EXPECT_TRUE(file.lost());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "mailfault: full\n");
}

TEST(CaptureFile, NamesTheFileThatCannotBeMade) {
  EXPECT_THAT([] { open_capture("/nowhere/at/all"); },
              testing::ThrowsMessage<Error>(testing::StartsWith("--pcap /nowhere/at/all: ")));
}

}  // namespace
}  // namespace mailfault
