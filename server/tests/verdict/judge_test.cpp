// A good client passes and a bad client fails, for each outcome, expectation and assertion.
#include "verdict/judge.hpp"

#include <gmock/gmock.h>

#include "tests/verdict/play.hpp"

namespace mailfault {
namespace {

struct Row {
  std::string name;
  std::string scenario;
  Script client;
  Verdict verdict;
  std::string finding;  ///< the name of one that has this verdict
  Word word = Word::none;
  bool is_client = false;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const std::string unknown_user = "on.rcpt:reply(550, \"5.1.1\", \"no\")\nexpect.outcome \"permanent\"\n";
const std::string busy = "on.greeting:first(2):reply(421):close()\nexpect.outcome \"temporary\"\n";
const std::string lost_reply = "on.message:first(1):accept():close()\nexpect.outcome \"ambiguous\"\n";
const std::string not_stored =
    "on.message:first(1):close()\nexpect.outcome \"ambiguous\"\nexpect.copies { at_least = 1, at_most = 1 }\n";
const std::string wrong_password = "on.auth:reply(535)\nexpect.outcome \"misconfigured\"\n";
const std::string idle = "on.idle:at(\"5s\"):reply(421):close()\nexpect.outcome \"reconnects\"\n";
const std::string some_refused = "on.rcpt:to(\"bad@*\"):reply(550)\nexpect.outcome \"partial\"\n";
const std::string stripped = "on.helo:proceed()\nexpect.outcome \"refuses\"\n";
const std::string healthy = "expect.outcome \"delivered\"\n";

const Script refused_once = hello() + envelope() + Script{"QUIT"};
const Script stored_then_closed = hello() + envelope() + text();
const Script bad_login = {"AUTH PLAIN AHVzZXIAd3Jvbmc="};
const Script three_to = {"MAIL FROM:<a@example.com>", "RCPT TO:<1@example.net>", "RCPT TO:<bad@example.net>",
                         "RCPT TO:<3@example.net>"};

std::vector<Row> rows() {
  using enum Verdict;
  return {
      // Outcomes: the client's word where it gave one, else the wire and the ledger.
      {"delivered", healthy, message(), pass, "outcome delivered"},
      {"delivered twice on a connection", healthy,
       hello() + envelope() + text() + envelope() + text() + Script{"QUIT"}, fail, "A1"},
      {"delivered, and reported as failed", healthy, message(), fail, "outcome delivered", Word::temporary},
      {"reported as sent and nowhere", "on.rcpt:reply(550)\nexpect.outcome \"permanent\"\n", refused_once, fail,
       "outcome permanent", Word::sent},
      {"nobody came", healthy, {}, unmet, "outcome delivered"},
      {"the fault was not met", unknown_user, hello() + Script{"QUIT"}, unmet, "outcome permanent"},
      {"temporary: the word", busy, {"connect"}, pass, "outcome temporary", Word::temporary, true},
      {"temporary: reported as permanent", busy, {"connect"}, fail, "outcome temporary", Word::permanent, true},
      {"temporary: no word", busy, {"connect"}, info, "outcome temporary"},
      {"temporary: gets through by growing gaps", busy,
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), pass, "outcome temporary"},
      {"temporary: hammers", busy, Script{"connect", "connect"} + message(), fail, "A11", Word::sent, true},
      {"permanent: gives up", unknown_user, refused_once, pass, "outcome permanent"},
      {"permanent: tries again", unknown_user, refused_once + Script{"wait 5s"} + refused_once, fail,
       "outcome permanent"},
      {"permanent: the word", unknown_user, refused_once, pass, "outcome permanent", Word::permanent, true},
      {"misconfigured: one login", wrong_password, hello() + bad_login + Script{"QUIT"}, pass,
       "outcome misconfigured", Word::misconfigured, true},
      {"misconfigured: hammers the login", wrong_password, hello() + bad_login + bad_login, fail, "A15"},
      {"reconnects: sends once more", idle, hello() + Script{"wait 6s"} + message(), pass, "outcome reconnects"},
      {"reconnects: gives up", idle, hello() + envelope() + Script{"wait 6s"}, fail, "outcome reconnects"},
      {"ambiguous: waits and sends it again", not_stored, stored_then_closed + Script{"wait 5s"} + message(), pass,
       "outcome ambiguous"},
      {"ambiguous: sends it again at once", lost_reply, stored_then_closed + message(), fail, "outcome ambiguous"},
      {"ambiguous: another Message-ID", lost_reply, stored_then_closed + Script{"wait 5s"} + message("2@example.com"),
       fail, "A1"},
      {"refuses: stops", stripped, hello() + Script{"QUIT"}, pass, "outcome refuses", Word::refused, true},
      {"refuses: goes on", stripped, message(), fail, "outcome refuses"},
      {"partial: the others once", some_refused, hello() + three_to + text() + Script{"QUIT"}, info,
       "outcome partial"},
      {"partial: sent without naming the refused", some_refused, hello() + three_to + text() + Script{"QUIT"}, fail,
       "outcome partial", Word::sent},
      {"partial: tries the refused again", some_refused,
       hello() + three_to + text() + envelope("bad@example.net") + text() + Script{"QUIT"}, fail, ""},
      {"lax: the second best",
       "on.greeting:first(1):reply(421):close()\nexpect.outcome { \"delivered\", lax = \"temporary\" }\n",
       {"connect"},
       lax,
       "outcome delivered, or with a mark temporary",
       Word::temporary,
       true},
      {"a list: either",
       "on.greeting:first(1):reply(421):close()\nexpect.outcome { \"delivered\", \"temporary\" }\n",
       {"connect"},
       pass,
       "outcome delivered or temporary",
       Word::temporary,
       true},
      {"no outcome, nothing wrong", "", message(), pass, ""},

      // Expectations.
      {"copies hold", healthy + "expect.copies { at_least = 1, at_most = 1, to = \"b@*\" }\n", message(), pass,
       "expect.copies"},
      {"copies: another recipient", "expect.copies { at_least = 1, to = \"alice@*\" }\n", message(), fail,
       "expect.copies"},
      {"copies: one too many", "expect.copies { at_most = 1 }\n", message() + message(), fail, "expect.copies"},
      {"delivered holds", "expect.delivered { to = \"b@*\", subject = \"hel*\", contains = \"Text\", count = 1 }\n",
       message(), pass, "expect.delivered"},
      {"delivered: another subject", "expect.delivered { subject = \"bye*\" }\n", message(), fail,
       "expect.delivered"},
      {"attempts hold", busy + "expect.attempts { at_least = 2, gap = \"1s\", backoff = \"growing\" }\n",
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), pass, "expect.attempts"},
      {"attempts: too soon", "expect.attempts { gap = \"1s\" }\n" + busy,
       Script{"connect", "wait 200ms", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"attempts: not exponential", "expect.attempts { backoff = \"exponential\" }\n" + busy,
       Script{"connect", "wait 4s", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"attempts: too many", "expect.attempts { at_most = 2 }\n" + busy,
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"attempts: not within", "expect.attempts { within = \"3s\" }\n" + busy,
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"connections hold", "expect.connections { at_most = 1, at_once = 1 }\n", message(), pass,
       "expect.connections"},
      {"connections: too many at once", "expect.connections { at_once = 1 }\n", hello() + message(), fail,
       "expect.connections"},
      {"connections: too many", "expect.connections { at_most = 1 }\n", message() + message("2@example.com"), fail,
       "expect.connections"},
      {"commands hold", "expect.commands \"EHLO, MAIL, DATA, QUIT\"\n", message(), pass, "expect.commands"},
      {"commands: another order", "expect.commands \"MAIL, EHLO\"\n", message(), fail, "expect.commands"},
      {"never holds", "expect.never { stage = \"auth\" }\n", message(), pass, "expect.never"},
      {"never: it does", "expect.never { stage = \"rcpt\", to = \"b@*\" }\n", message(), fail, "expect.never"},
      {"never after a command", "expect.never { stage = \"mail\", after = \"DATA\" }\n",
       hello() + envelope() + text() + envelope() + Script{"QUIT"}, fail, "expect.never"},
      {"a function holds", "expect(function(run) return #run.messages == 1 and run.copies == 1, \"one\" end)\n",
       message(), pass, "expect(function)"},
      {"a function doesn't", "expect(function(run) return run.connections[1].codes[1] == 421, \"no 421\" end)\n",
       message(), fail, "expect(function)"},
      {"a function with an error", "expect(function(run) return run.nothing.there end)\n", message(), fail,
       "expect(function)"},

      // Assertions of the server's own.
      {"A1: doubled after a fault", healthy + "on.quit:first(1):close()\n",
       hello() + envelope() + text() + Script{"QUIT", "wait 2s"} + message(), fail, "A1"},
      {"A1: a fixture sent again is none", "", message() + Script{"wait 2s"} + message(), info, "A1"},
      {"A3: AUTH that was not offered", "capabilities { \"-AUTH\" }\n", hello() + bad_login + Script{"QUIT"}, fail,
       "A3"},
      {"A3: another mechanism", "", hello() + Script{"AUTH CRAM-MD5", "QUIT"}, fail, "A3"},
      {"A5: pipelining that was not offered", "capabilities { \"SIZE 1000\" }\n",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>", "QUIT"}, fail, "A5"},
      {"A5: pipelining that was offered", "",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>"} + text() + Script{"QUIT"}, pass, ""},
      {"A5: talks before the greeting",
       "on.greeting:delay(\"2s\")\n",
       {"connect", "EHLO x", "wait 3s", "QUIT"},
       fail,
       "A5"},
      {"A6: DATA although all were refused", "on.rcpt:reply(550)\n", hello() + envelope() + Script{"DATA", "QUIT"},
       fail, "A6"},
      {"A6: a body for nobody", "on.rcpt:reply(550)\non.data:reply(354)\n",
       hello() + Script{"MAIL FROM:<a@x.example>|RCPT TO:<b@x.example>|DATA", "text|.", "QUIT"}, fail, "A6"},
      {"A6: the lone dot", "on.rcpt:reply(550)\non.data:reply(354)\n",
       hello() + Script{"MAIL FROM:<a@x.example>|RCPT TO:<b@x.example>|DATA", ".", "QUIT"}, pass, ""},
      {"A7: a bare LF in the body", "", hello() + envelope() + Script{"DATA", "one\ntwo|.", "QUIT"}, fail, "A7"},
      {"A7: a line that is too long", "",
       hello() + envelope() + Script{"DATA", std::string(1200, 'x') + "|.", "QUIT"}, fail, "A7"},
      {"A9: a parameter that was not offered", "capabilities { \"-SIZE\" }\n",
       hello() + Script{"MAIL FROM:<a@example.com> SIZE=10", "QUIT"}, fail, "A9"},
      {"A14: goes on after 421", "on.mail:first(1):reply(421)\n",
       hello() + Script{"MAIL FROM:<a@example.com>", "MAIL FROM:<a@example.com>"}, fail, "A14"},
      {"A14: QUIT after 421", "on.mail:first(1):reply(421)\n", hello() + Script{"MAIL FROM:<a@example.com>", "QUIT"},
       pass, ""},
      {"A15: a second login", "", hello() + bad_login + bad_login + Script{"QUIT"}, fail, "A15"},
      {"A16: a NUL in a command", "", hello() + Script{std::string("MAIL FROM:<a\0b@example.com>", 27), "QUIT"}, fail,
       "A16"},
      {"A18: reported as sent though it broke off", "on.content:at(5):close()\nexpect.outcome \"temporary\"\n",
       hello() + envelope() + Script{"DATA", "Some text."}, fail, "A18", Word::sent, true},
  };
}

class Judging : public testing::TestWithParam<Row> {};

TEST_P(Judging, Holds) {
  const auto& row = GetParam();
  Played played(row.scenario, row.client);
  JudgeOptions options;
  if (row.word != Word::none) options.words.push_back({row.word, "", "", "the test"});
  if (row.is_client) options.command = CommandEnd{true, true, row.word == Word::sent ? 0 : 1, false, {}, {}, ""};
  auto judgement = played.judge(options);
  std::string told;
  bool named = row.finding.empty();
  for (const auto& finding : judgement.findings) {
    told += "  " + std::string(name_of(finding.verdict)) + " " + finding.name + ": expected " + finding.expected +
            "; seen " + finding.seen + (finding.nearest.empty() ? "" : "; nearest: " + finding.nearest) + "\n";
    named = named || (finding.name == row.finding && finding.verdict == row.verdict);
  }
  EXPECT_EQ(judgement.verdict, row.verdict) << told << played.log();
  EXPECT_TRUE(named) << "no finding '" << row.finding << "' with this verdict\n" << told << played.log();
}

INSTANTIATE_TEST_SUITE_P(Clients, Judging, testing::ValuesIn(rows()), [](const auto& row) {
  std::string name;
  for (char c : row.param.name) name += isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

TEST(Judge, WaivesByName) {
  auto client = hello() + bad_login + bad_login + Script{"QUIT"};
  Played played("", client);
  auto has = [](const Judgement& judgement, std::string_view name) {
    return std::any_of(judgement.findings.begin(), judgement.findings.end(),
                       [&](const Finding& finding) { return finding.name == name; });
  };
  auto strict = played.judge();
  EXPECT_TRUE(has(strict, "A15"));
  Conversation talk = played.talk();
  Scenario waiving;
  waiving.waived = {"A15"};
  std::vector<Finding> findings;
  judge_assertions(waiving, talk, played.ledger(), {}, findings);
  EXPECT_FALSE(std::any_of(findings.begin(), findings.end(), [](const Finding& each) { return each.name == "A15"; }));
}

TEST(Judge, ATestThatFailsFailsTheRun) {
  Played played("on.rcpt:reply(550)\nexpect.outcome \"permanent\"\n", hello() + envelope() + Script{"QUIT"});
  JudgeOptions options;
  options.command = CommandEnd{false, true, 1, false, {}, {}, ""};
  EXPECT_EQ(played.judge(options).verdict, Verdict::fail);
  options.command->exit_status = 0;
  EXPECT_EQ(played.judge(options).verdict, Verdict::pass);
}

TEST(Judge, AClientThatStillWaitsIsJudgedByItsStage) {
  Played played("on.data:stall()\nexpect.outcome \"temporary\"\n", hello() + envelope() + Script{"DATA"});
  JudgeOptions options;
  options.command = CommandEnd{true, true, 137, true, {}, std::chrono::seconds(10), ""};
  auto soon = played.judge(options);
  EXPECT_NE(soon.verdict, Verdict::fail) << played.log();
  options.command->ended = std::chrono::minutes(3);
  auto late = played.judge(options);
  EXPECT_EQ(late.verdict, Verdict::fail) << "DATA's least patience is two minutes\n" << played.log();
}

TEST(Judge, AScriptErrorCanNeverPass) {
  Played played("on.quit(function() error('oops') end)\nexpect.outcome \"delivered\"\n", message());
  auto judgement = played.judge();
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_TRUE(judgement.script_failed);
}

TEST(Judge, APasswordInTheOutputIsALeak) {
  Played played("", message());
  JudgeOptions options;
  options.command = CommandEnd{true, true, 0, false, {}, {}, "debug: login with open-sesame"};
  auto judgement = played.judge(options);
  EXPECT_EQ(judgement.verdict, Verdict::fail);
}

TEST(AssertionTable, NamesEachOnce) {
  auto table = assertion_table();
  ASSERT_EQ(table.size(), 18u);
  for (std::size_t i = 0; i < table.size(); ++i) EXPECT_EQ(table[i].name, "A" + std::to_string(i + 1));
}

}  // namespace
}  // namespace mailfault
