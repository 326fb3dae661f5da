// What a lapse costs, and what can be judged where the messages' source is known.
#include <gmock/gmock.h>

#include "tests/verdict/play.hpp"

namespace mailfault {
namespace {

using ::testing::HasSubstr;

const std::string healthy = "expect.outcome \"delivered\"\n";
const Script greeted{"connect", "EHLO client.example"};

Script sent(const std::string& to, const std::string& body) {
  return {"MAIL FROM:<a@example.com>", "RCPT TO:<" + to + ">", "DATA", "Message-ID: <1@x>", "", body, "."};
}

JudgeOptions with(Word word, std::vector<std::string> recipients = {"b@example.net"}) {
  JudgeOptions options;
  options.command = CommandEnd{};
  options.command->is_client = true;
  options.messages = 1;
  options.sources = {{"1@x", "one\r\n.two\r\n", std::move(recipients)}};
  if (word != Word::none) options.words = {{word, "", "", "exit status", true}};
  return options;
}

std::string judged(const std::string& scenario, const Script& client, const JudgeOptions& options) {
  Played played(scenario, client);
  auto judgement = played.judge(options);
  std::string out = std::string(name_of(judgement.verdict)) + ", " + std::string(name_of(judgement.severity));
  return out;
}

TEST(Severity, IsOfTheWorstFinding) {
  auto good = greeted + sent("b@example.net", "one|..two");
  auto quit = Script{"QUIT"};
  EXPECT_EQ(judged(healthy, good + quit, with(Word::sent)), "pass, none");
  EXPECT_EQ(judged(healthy, good + quit, with(Word::permanent)), "fail, wrong report");
  EXPECT_EQ(judged(healthy, good + sent("b@example.net", "one|..two") + quit, with(Word::sent)),
            "fail, mail doubled");
  EXPECT_EQ(judged("on.mail:reply(451)\nexpect.outcome \"temporary\"\n",
                   greeted + Script{"MAIL FROM:<a@example.com>", "QUIT"}, with(Word::sent)),
            "fail, mail lost");
  EXPECT_EQ(judged("on.mail:reply(451)\nexpect.outcome \"temporary\"\n",
                   greeted + Script{"MAIL FROM:<a@example.com>", "QUIT"}, with(Word::permanent)),
            "fail, wrong report");
  EXPECT_EQ(judged("tls {}\non.starttls:reply(454)\nexpect.outcome \"refuses\"\n",
                   greeted + Script{"STARTTLS", "MAIL FROM:<a@example.com>", "QUIT"}, with(Word::failed)),
            "fail, secret leaked");
  auto unoffered = greeted + Script{"MAIL FROM:<a@example.com> NOT-OFFERED=1", "RSET"};
  EXPECT_EQ(judged("", unoffered + good + quit, with(Word::sent)), "fail, blemish");
}

TEST(Severity, WhatTheServerDropsIsNotLostByTheClient) {
  auto client = greeted + sent("b@example.net", "one|..two") + Script{"QUIT"};
  EXPECT_EQ(judged("on.message:discard()\n" + healthy, client, with(Word::sent)), "pass, none");
}

TEST(Severity, ALineOfTheReportKnowsBetterThanTheEnd) {
  auto options = with(Word::failed);
  options.words.insert(options.words.begin(), {Word::temporary, "", "b@example.net", "line 1 of the report"});
  EXPECT_EQ(judged("on.mail:reply(451)\nexpect.outcome \"temporary\"\n",
                   greeted + Script{"MAIL FROM:<a@example.com>", "QUIT"}, options),
            "pass, none");
}

TEST(Sources, ABodyArrivesAsItWasGiven) {
  auto seen = [](const std::string& body, const std::string& header = "Subject: x") {
    Played played(healthy, greeted + Script{"MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA", header,
                                            "Message-ID: <1@x>", "", body, ".", "QUIT"});
    for (const auto& finding : played.judge(with(Word::sent)).findings)
      if (finding.name == "body") return std::string(name_of(finding.severity)) + ": " + finding.seen;
    return std::string();
  };
  EXPECT_EQ(seen("one|..two"), "");
  EXPECT_EQ(seen("one |..two|"), "");
  EXPECT_EQ(seen("one"), "mail lost: <1@x> is stored, and line 2 of its text and what follows is missing");
  EXPECT_EQ(seen("one|two"), "mail lost: <1@x> is stored, and line 2 of its text is \"two\", not \".two\"");
  EXPECT_THAT(seen("one|..two|more"), HasSubstr("something follows its text: \"more\""));
  EXPECT_EQ(seen("=6Fne", "Content-Transfer-Encoding: quoted-printable"), "");
}

TEST(Sources, ARecipientIsNotDroppedInSilence) {
  auto client = greeted + sent("b@example.net", "one|..two") + Script{"QUIT"};
  EXPECT_EQ(judged(healthy, client, with(Word::sent, {"B@example.net"})), "pass, none");
  EXPECT_EQ(judged(healthy, client, with(Word::sent, {"b@example.net", "c@example.net"})), "fail, mail lost");
  auto named = with(Word::none, {"b@example.net", "c@example.net"});
  named.words = {{Word::sent, "", "b@example.net", ""}, {Word::permanent, "", "c@example.net", ""}};
  Played played(healthy, client);
  for (const auto& finding : played.judge(named).findings) EXPECT_NE(finding.name, "recipients");
}

TEST(Severity, ATimeThatWasToldIsNoLapse) {
  auto scenario = "on.message:accept():delay(\"590s\")\n" + healthy;
  auto client = greeted + sent("b@example.net", "one|..two") + Script{"wait 591s", "QUIT"};
  auto options = with(Word::temporary);
  options.time_scale = 200;  // the play's clock runs nominally: what was told is as much longer
  EXPECT_EQ(judged(scenario, client, options), "fail, wrong report");
  options.told_timeout = std::chrono::seconds(300);
  EXPECT_EQ(judged(scenario, client, options), "info, none");
}

TEST(Severity, AHangIsOfTheClientsOwnClock) {
  auto client = greeted + sent("b@example.net", "one|..two") + Script{"wait 10s"};
  auto options = with(Word::none);
  options.time_scale = 0.01;
  options.command->timed_out = true;
  options.command->time_up = std::chrono::seconds(9);
  options.command->ended = std::chrono::seconds(10);
  const std::string silent = "on.message:stall()\nexpect.outcome \"temporary\"\n";
  EXPECT_EQ(judged(silent, client, options), "info, none");  // nine seconds are no ten minutes
  options.client_timeouts_scaled = true;
  EXPECT_EQ(judged(silent, client, options), "fail, hang");  // they stand for fifteen
}

}  // namespace
}  // namespace mailfault
