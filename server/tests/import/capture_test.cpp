#include "import/capture.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "import/redact.hpp"
#include "import/write.hpp"

namespace mailfault::recorded {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::ThrowsMessage;

// A connection of a capture, a line a second.
struct Talk {
  CapturedConnection captured;
  CapturedTls tls;
  Micros now = 10s;
  std::uint64_t packet = 4;

  Talk() {
    captured.client.port = 40000;
    captured.server.port = 25;
    captured.opened_at = 9s;
    captured.accepted = true;
  }
  Talk& said(bool client, const std::string& bytes, Micros after = 10ms) {
    captured.pieces.push_back({now += after, client, bytes, packet++});
    return *this;
  }
  Talk& c(const std::string& line, Micros after = 10ms) { return said(true, line + "\r\n", after); }
  Talk& s(const std::string& line, Micros after = 10ms) { return said(false, line + "\r\n", after); }
  Talk& ended(bool by_client, bool reset, Micros after = 10ms) {
    captured.ends.push_back({now += after, by_client, reset, packet++});
    return *this;
  }
  Talk& hello() { return s("220 mx").c("EHLO a").s("250 mx"); }
  Talk& mail() { return c("MAIL FROM:<a@b.test>").s("250 ok").c("RCPT TO:<c@d.test>").s("250 ok"); }
  Connection heard() const { return connection_of(captured, tls, "a.pcap"); }

  std::string rules() const {
    Conversation all;
    all.source = "capture", all.unit = "packet", all.resolution = 1ms;
    all.connections.push_back(heard());
    Redactor redactor(all, parse_keep(""));
    auto text = write_scenario(all, redactor, {.capabilities = false, .example = false});
    std::string out;
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
      if (text.compare(at, 3, "on.") == 0 || text.compare(at, 5, "doors") == 0 || text.compare(at, 4, "tls ") == 0)
        out += text.substr(at, end - at) + "\n";
    return out;
  }
};

TEST(ConnectionOf, WhoEndedIt) {
  EXPECT_EQ(Talk().hello().ended(false, true).heard().ending, Ending::reset);
  EXPECT_EQ(Talk().hello().ended(false, false).ended(true, false).heard().ending, Ending::closed);
  EXPECT_EQ(Talk().hello().ended(true, false).heard().ending, Ending::unknown);
  EXPECT_EQ(Talk().ended(true, false, 20s).heard().ending, Ending::silence);
  Talk refused, unanswered;
  refused.captured.accepted = unanswered.captured.accepted = false;
  EXPECT_EQ(refused.ended(false, true).heard().ending, Ending::refused);
  EXPECT_EQ(unanswered.heard().ending, Ending::unanswered);
}

TEST(ConnectionOf, TlsThatFails) {
  Talk expired;
  expired.s("220 mx");
  expired.tls.answered = true;
  expired.tls.alert = tls::Alert{true, true, 45};
  EXPECT_EQ(expired.heard().ending, Ending::tls_failed);
  EXPECT_EQ(expired.heard().certificate, "expired");

  Talk refused;
  refused.s("220 mx");
  refused.tls.alert = tls::Alert{false, true, 40};
  EXPECT_EQ(refused.heard().alert, "handshake_failure");

  // The server hangs up at the ClientHello, and the client calls that a decode_error.
  auto left = Talk().hello().c("STARTTLS").s("220 go").ended(false, false);
  left.captured.tls_from = left.captured.pieces.size();
  left.tls.alert = tls::Alert{true, true, 50};
  EXPECT_EQ(left.heard().ending, Ending::closed);
  EXPECT_EQ(left.rules(), "on.handshake:close()\n");

  for (auto [after, wanted] : {std::pair<Micros, Ending>{10ms, Ending::tls_failed}, {20s, Ending::silence}}) {
    auto talk = Talk().hello().c("STARTTLS").s("220 go");
    talk.captured.tls_from = talk.captured.pieces.size();
    talk.tls.answered = true;
    talk.tls.heard_at = talk.now;
    EXPECT_EQ(talk.ended(true, false, after).heard().ending, wanted);
  }

  auto notified = Talk().hello().c("NOOP");
  notified.tls.client_closes = false;
  notified.captured.tls_from = 0;
  notified.tls.up = true;
  EXPECT_EQ(notified.ended(true, false).heard().ending, Ending::closed);
}

TEST(ConnectionOf, WhatHappensIsToldWhereItHappened) {
  // Before the client's QUIT: it belongs to the reply before it.
  EXPECT_EQ(Talk().s("554 no").ended(false, false).c("QUIT").rules(), "on.greeting:reply(554, \"no\"):close()\n");
  EXPECT_EQ(Talk().hello().c("QUIT").ended(false, true).rules(), "on.quit:reset()\n");
  EXPECT_EQ(Talk().hello().mail().c("QUIT").ended(true, false, 3s).rules(), "on.quit:stall()\n");
  EXPECT_EQ(Talk().hello().mail().c("QUIT").ended(true, false).rules(), "");
  // A group is sent at once; who waits for the reply to its last command waits in vain.
  EXPECT_EQ(Talk()
                .hello()
                .c("MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA")
                .s("250 ok")
                .s("250 ok")
                .ended(true, false, 3s)
                .rules(),
            "on.data:stall()\n");
  // Nobody asked for the 421.
  EXPECT_EQ(Talk()
                .hello()
                .mail()
                .c("DATA")
                .s("354 go")
                .c("x\r\n.")
                .s("250 ok")
                .s("421 down")
                .ended(false, false)
                .c("QUIT")
                .rules(),
            "on.message:proceed():send(\"421 down\\r\\n\"):close()\n");
  // Its reply is told by its last line, and its first has another code.
  EXPECT_EQ(Talk().s("220-mx").s("421 full").ended(false, false).rules(),
            "on.greeting:send(\"220-mx\\r\\n421 full\\r\\n\"):close()\n");
  EXPECT_EQ(Talk().hello().c("AUTH LOGIN").s("334 VXNlcm5hbWU6").c("eA==").ended(true, false, 3s).rules(),
            "on.auth:at(2):stall()\n");
}

TEST(ConnectionOf, AChunkIsNoCommand) {
  auto heard = Talk().hello().mail().c("BDAT 12 LAST").said(true, "QUIT\r\nNOOP\r\n").s("250 ok").heard();
  std::vector<std::string> commands;
  for (const auto& turn : heard.turns)
    if (turn.who == Turn::Who::client) commands.push_back(turn.text);
  EXPECT_THAT(commands, ElementsAre("EHLO a", "MAIL FROM:<a@b.test>", "RCPT TO:<c@d.test>", "BDAT 12 LAST"));
}

TEST(ConnectionOf, AGapMattersOutsideOfAMessage) {
  auto talk = Talk().hello().mail();
  auto asked = talk;
  asked.captured.gaps.push_back({asked.now, false, 30, 17});
  EXPECT_THAT([&] { asked.heard(); }, ThrowsMessage<Error>(HasSubstr(
                                          "a.pcap: the connection from port 40000 to port 25 lacks 17 bytes of the "
                                          "server's; capture again with a larger buffer")));
  talk.c("DATA").s("354 go").c("From: x");
  talk.captured.gaps.push_back({talk.now + 1ms, true, 90, 1700});
  talk.c("the rest").c(".").s("554 no").c("QUIT").s("221 bye");
  EXPECT_EQ(talk.rules(), "on.message:reply(554, \"no\")\n");
}

TEST(ConversationOf, LeavesOutWhatIsNoMailAndWhatBeganBefore) {
  Capture capture;
  auto web = Talk().c("GET / HTTP/1.1").s("HTTP/1.1 200 OK");
  web.captured.server.port = 80;
  auto late = Talk().c("RSET").s("250 ok");
  late.captured.opened_at.reset();
  for (auto& each : {web, late, Talk().s("421 busy").ended(false, false)})
    capture.connections.push_back(each.captured);
  auto heard = conversation_of(capture, {}, "a.pcap");
  EXPECT_EQ(heard.connections.size(), 1U);
  EXPECT_THAT(capture.notes, ElementsAre("a.pcap: 1 connection that isn't SMTP was left out",
                                         "a.pcap: 1 connection began before the capture, left out"));
  Capture nothing;
  nothing.connections.push_back(web.captured);
  EXPECT_THAT(
      [&] { conversation_of(nothing, {}, "a.pcap"); },
      ThrowsMessage<Error>(HasSubstr("no SMTP connection is in it from its beginning (1 connection of TCP)")));
}

TEST(ConversationOf, TlsWithoutKeysNamesTheRemedy) {
  auto talk = Talk().hello().c("STARTTLS").s("220 go");
  talk.captured.tls_from = talk.captured.pieces.size();
  const std::string hello("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10), sealed("\x17\x03\x03\x00\x01\x00", 6);
  talk.said(true, hello).said(false, hello).said(true, sealed).said(true, sealed);
  Capture capture;
  capture.connections.push_back(talk.captured);
  EXPECT_THAT([&] { conversation_of(capture, {}, "a.pcap"); },
              ThrowsMessage<Error>(testing::AllOf(HasSubstr("is inside of TLS"), HasSubstr("--keys"))));
}

TEST(IsCapture, ByItsFirstBytes) {
  EXPECT_TRUE(is_capture(pcapng_head()));
  EXPECT_TRUE(is_capture("\xd4\xc3\xb2\xa1"));
  EXPECT_FALSE(is_capture("220 mx"));
  EXPECT_FALSE(is_capture("\xd4\xc3"));
  EXPECT_FALSE(is_capture(""));
}

TEST(ReadCapture, TakesTheKeysInside) {
  const std::string random(64, 'a');
  auto read = read_capture_bytes(
      pcapng_head() + pcapng_keys("CLIENT_RANDOM " + random + " " + std::string(96, 'b') + "\n"), "a.pcapng");
  EXPECT_FALSE(read.keys.empty());
  EXPECT_THAT(read.keys.secret("CLIENT_RANDOM", std::string(32, '\xaa')), Not(IsEmpty()));
}

}  // namespace
}  // namespace mailfault::recorded
