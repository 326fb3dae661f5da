#include "smtp/sender.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace mailfault::smtp {
namespace {

const Letter letter{"mx.example.com", "", "a@example.com", "Subject: x\r\n\r\n.dot\r\nlast"};

/// Plays these replies; what was sent.
std::string played(Sender& sender, std::deque<std::string> replies) {
  std::string out;
  for (const auto& reply : replies) out += sender.feed(reply);
  return out;
}

TEST(Sender, Delivers) {
  Sender sender(letter);
  EXPECT_EQ(played(sender, {"220 hello\r\n", "250-host\r\n250 SIZE\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n",
                            "250 2.0.0 queued\r\n"}),
            "EHLO mx.example.com\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n"
            "Subject: x\r\n\r\n..dot\r\nlast\r\n.\r\nQUIT\r\n");
  EXPECT_TRUE(sender.over() && sender.delivered());
  EXPECT_EQ(sender.outcome(), "250 2.0.0 queued");
}

TEST(Sender, ReadsRepliesInAnySplit) {
  std::string all = "220-a\r\n220 b\r\n250-host\r\n250 SIZE\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n";
  Sender sender(letter);
  std::string out;
  for (char c : all) out += sender.feed(std::string_view(&c, 1));
  EXPECT_TRUE(sender.delivered()) << out;
}

TEST(Sender, SaysHeloToOldServers) {
  Sender sender(letter);
  EXPECT_EQ(played(sender, {"220 x\r\n", "500 what\r\n", "250 x\r\n"}),
            "EHLO mx.example.com\r\nHELO mx.example.com\r\nMAIL FROM:<>\r\n");
}

TEST(Sender, UsesWhatIsOffered) {
  for (const auto& [offer, mail] :
       {std::pair{"250-h\r\n250-8bitmime\r\n250 SMTPUTF8\r\n", "MAIL FROM:<> BODY=8BITMIME SMTPUTF8\r\n"},
        {"250 h\r\n", "MAIL FROM:<>\r\n"}}) {
    Sender sender({"h", "", "gr\xc3\xbc@example.com", "Subject: \xc3\xbc\r\n\r\nx\r\n"});
    sender.feed("220 x\r\n");
    EXPECT_EQ(sender.feed(offer), mail);
  }
  Sender sender({"h", "", "a@example.com", "Subject: x\r\n\r\n\xc3\xbc\r\n"});
  sender.feed("220 x\r\n");
  EXPECT_EQ(sender.feed("250-h\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"), "MAIL FROM:<> BODY=8BITMIME\r\n");
}

TEST(Sender, SaysWhatWasRefused) {
  struct Case {
    std::deque<std::string> replies;
    std::string outcome;
  };
  for (const auto& each : {
           Case{{"554 no\r\n"}, "the greeting was 554 no"},
           Case{{"220 x\r\n", "421 bye\r\n"}, "the reply to EHLO was 421 bye"},
           Case{{"220 x\r\n", "250 x\r\n", "451-a\r\n451 b\r\n"}, "the reply to MAIL was 451-a / 451 b"},
           Case{{"220 x\r\n", "250 x\r\n", "250 x\r\n", "550 5.1.1 who\r\n"}, "the reply to RCPT was 550 5.1.1 who"},
           Case{{"220 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n"}, "the reply to DATA was 250 x"},
           Case{{"220 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n", "354 x\r\n", "552 big\r\n"},
                "the reply to the message was 552 big"},
           Case{{"garbage\r\n"}, "the greeting was garbage"},
           Case{{std::string(70'000, 'x')}, "the greeting was more than 64 KiB"},
       }) {
    Sender sender(letter);
    played(sender, each.replies);
    EXPECT_TRUE(sender.over()) << each.outcome;
    EXPECT_FALSE(sender.delivered());
    EXPECT_EQ(sender.outcome(), each.outcome);
  }
}

TEST(DotStuffing, IsThatOfRfc5321) {
  EXPECT_EQ(dot_stuffed(""), ".\r\n");
  EXPECT_EQ(dot_stuffed("."), "..\r\n.\r\n");
  EXPECT_EQ(dot_stuffed("a\r\n.\r\n..b\r\n"), "a\r\n..\r\n...b\r\n.\r\n");
}

}  // namespace
}  // namespace mailfault::smtp
