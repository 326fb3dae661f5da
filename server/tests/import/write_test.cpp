#include "import/write.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "import/parse.hpp"

namespace mailfault::recorded {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string hello =
    "S: 220 mx.corp.test ESMTP\nC: EHLO laptop\nS: 250-mx.corp.test\nS: 250-PIPELINING\n"
    "S: 250-SIZE 10485760\nS: 250-8BITMIME\nS: 250-SMTPUTF8\nS: 250-DSN\n"
    "S: 250-ENHANCEDSTATUSCODES\nS: 250 AUTH PLAIN LOGIN\n";
const std::string mail = "C: MAIL FROM:<ann@corp.test>\nS: 250 2.1.0 fine\n";
const std::string rcpt = "C: RCPT TO:<bob@d.test>\nS: 250 2.1.5 fine\n";
const std::string data = "C: DATA\nS: 354 go\nC: Subject: secret\nC:\nC: text\nC: .\n";

std::string written(const std::string& log, const Writing& how = {}, std::string_view keep = {}) {
  auto conversation = parse_log(log, "a.log", "transcript");
  Redactor redactor(conversation, parse_keep(keep));
  return write_scenario(conversation, redactor, how);
}

// Its rules, a line each, without comments.
std::string rules(const std::string& log, const Writing& how = {}) {
  std::string out;
  auto text = written(log, how);
  for (auto line : split(text, '\n'))
    if (line.starts_with("on.") || line.starts_with("provider") || line.starts_with("capabilities") ||
        line.starts_with("expect"))
      out += std::string(line.substr(0, line.find("    --"))) + "\n";
  return out;
}

TEST(WriteScenario, SaysOnlyWhatAHealthyServerWouldNotDo) {
  const std::pair<std::string, std::string> table[] = {
      {hello + mail + rcpt + data + "S: 250 2.0.0 stored\nC: QUIT\nS: 221 bye\n", "expect.outcome \"delivered\"\n"},
      {hello + "C: MAIL FROM:<ann@corp.test>\nS: 550 5.7.1 go away\n",
       "on.mail:reply(550, \"5.7.1\", \"go away\")\nexpect.outcome \"permanent\"\n"},
      {hello + mail + rcpt + data + "S: 421 4.3.2 mx.corp.test is full\n",
       "on.message:reply(421, \"4.3.2\", \"{host} is full\"):close()\nexpect.outcome \"temporary\"\n"},
      {hello + mail + rcpt + "C: RCPT TO:<eve@d.test>\nS: 550 5.1.1 no\n" + data + "S: 250 ok\n",
       "on.rcpt:nth(2):per(\"message\"):reply(550, \"5.1.1\", \"no\")\nexpect.outcome \"partial\"\n"},
      {hello + mail + rcpt + data + "Connection reset by peer\n",
       "on.message:reset()\nexpect.outcome \"ambiguous\"\n"},
      {hello + mail + rcpt + data, "on.message:stall()\nexpect.outcome \"ambiguous\"\n"},
      {hello + mail + rcpt + data + "S: 250-odd\nS: 250 ok\nC: NOOP\nS: 250OK\n",
       "on.noop:send(\"250OK\\r\\n\")\nexpect.outcome \"delivered\"\n"},
      {"S: 554 5.7.1 no mail from you\nC: QUIT\nS: 221 bye\n",
       "on.greeting:reply(554, \"5.7.1\", \"no mail from you\")\nexpect.outcome \"permanent\"\n"},
      {"S: 554 5.7.1 no\nC: EHLO a\nS: 503 no more\nC: NOOP\nS: 503 no more\nC: QUIT\nS: 221 bye\n",
       "on.greeting:reply(554, \"5.7.1\", \"no\")\non.command:unless(\"verb\", \"QUIT\"):reply(503, \"no more\")\n"
       "expect.outcome \"permanent\"\n"},
      {hello + "C: MAIL FROM:<a@corp.test>\nC: RCPT TO:<b@d.test>\nS: 550 5.7.1 no\n",  // the client has given up
       "on.mail:reply(550, \"5.7.1\", \"no\")\nexpect.outcome \"permanent\"\n"},
      {hello + "C: AUTH PLAIN AGFubgBzZWNyZXQ=\nS: 535 5.7.8 wrong\n",
       "on.auth:reply(535, \"5.7.8\", \"wrong\")\nexpect.outcome \"misconfigured\"\n"},
      {hello + "C: AUTH LOGIN\nS: 454 4.7.0 later\n",
       "on.auth:at(1):reply(454, \"4.7.0\", \"later\")\nexpect.outcome \"temporary\"\n"},
      {"S: 220 mx.corp.test ESMTP Postfix\nC: EHLO laptop\nS: 250 mx.corp.test\nC: MAIL FROM:<a@b.test>\nS: 450 no\n",
       "provider \"postfix\"\non.mail:reply(450, \"no\")\nexpect.outcome \"temporary\"\n"},
      {"S: 220 mx.corp.test\nC: EHLO laptop\nS: 250-mx.corp.test\nS: 250 SIZE 5\nC: MAIL FROM:<a@b.test>\nS: 450 "
       "no\n",
       "capabilities { \"SIZE 5\" }\non.mail:reply(450, \"no\")\nexpect.outcome \"temporary\"\n"},
      {hello + "C: QUIT\nlost connection\n", "on.quit:close()\nexpect.outcome \"delivered\"\n"},
      {hello + "C: AUTH LOGIN YWxpY2U=\nlost connection\n", "on.auth:at(1):close()\nexpect.outcome \"temporary\"\n"},
      {hello + mail + rcpt + "C: DATA\nS: 354 go\nC: text\n",  // and the log ends
       "on.content:close()\nexpect.outcome \"temporary\"\n"},
  };
  for (const auto& [log, wanted] : table) EXPECT_EQ(rules(log), wanted) << log;
}

TEST(WriteScenario, CountsOverTheConnectionsOfTheRun) {
  auto busy = [](const std::string& n) { return "S" + n + ": 421 busy\n"; };
  auto fine = [](const std::string& n) { return "S" + n + ": 220 x\nC" + n + ": QUIT\nS" + n + ": 221 x\n"; };
  EXPECT_THAT(rules(busy("") + busy("2") + fine("3")),
              HasSubstr("on.greeting:first(2):reply(421, \"busy\"):close()\n"));
  EXPECT_THAT(rules(fine("") + busy("2") + fine("3")),
              HasSubstr("on.greeting:nth(2):reply(421, \"busy\"):close()\n"));
  EXPECT_THAT(rules(fine("") + busy("2") + busy("3")),
              HasSubstr("on.greeting:after(1):reply(421, \"busy\"):close()\n"));
}

TEST(WriteScenario, NoWordOfAMessageThatIsTakenForCommands) {
  auto log = hello + mail + rcpt + "C: DATA\nS: 250 ok\nC: Our secret plans\nS: 500 what?\n";
  EXPECT_THAT(written(log),
              AllOf(HasSubstr("C: REDACTED\n"), Not(HasSubstr("plans")), HasSubstr("title    = \"250 to DATA\"")));
  EXPECT_THAT(written(log, {}, "text"), HasSubstr("C: Our secret plans\n"));
}

TEST(WriteScenario, TurnsTimesIntoDelays) {
  auto text = written(
      "10:00:00.000 S: 220 x\n10:00:00.100 C: EHLO a\n10:00:12.100 S: 250 x\n10:00:12.900 C: QUIT\n"
      "10:00:13.000 S: 221 x\n");
  EXPECT_THAT(text, AllOf(HasSubstr("on.helo:delay(\"12s\")\n"), HasSubstr("S: <silence 11s>\nS: 250"),
                          HasSubstr("expect.outcome \"delivered\""), Not(HasSubstr("on.quit"))));
}

TEST(WriteScenario, QuotesTheEvidenceAndSaysWhatIsGuessed) {
  EXPECT_THAT(
      written(hello + mail + rcpt + data + "lost connection\n"),
      AllOf(HasSubstr("-- log line 21: lost connection\n-- Not known from this log: whether the message was "),
            HasSubstr("-- proposed: the message was sent and its reply never came"), HasSubstr("S: <close>\n")));
}

TEST(WriteScenario, VerbatimGivesEveryReply) {
  EXPECT_EQ(rules("S: 220 a b\nC: EHLO x\nS: 250 a\nC: NOOP\nS: 250 one\nC: NOOP\nS: 250 two\n", {.verbatim = true}),
            "on.greeting:reply(220, \"a b\")\non.helo:reply(250, \"a\")\non.noop:first(1):reply(250, \"one\")\n"
            "on.noop:nth(2):reply(250, \"two\")\nexpect.outcome \"delivered\"\n");
}

TEST(Redactor, LeavesNothingThatIsTheCustomers) {
  const std::string log =
      hello +
      "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5uLXVzZXI=\nS: 334 UGFzc3dvcmQ6\nC: aHVudGVyMnNlY3JldA==\n"
      "S: 235 2.7.0 welcome\n"
      "C: MAIL FROM:<ann@corp.test>\nS: 250 ok\nC: RCPT TO:<bob@d.test>\n"
      "S: 550-5.1.1 <Bob@d.test>: hunter2secret of ann-user is unknown at relay7.corp.test[10.1.2.3]\n"
      "S: 550 5.1.1 IPv6:2a00:1450::1 see https://wiki.corp.test/x?id=4f5e6d7c8b9a0 and <ann@corp.test>\n";
  for (bool verbatim : {false, true}) {
    auto text = written(log, {.verbatim = verbatim});
    for (const auto* secret :
         {"hunter2secret", "aHVudGVyMnNlY3JldA", "ann-user", "YW5uLXVzZXI", "ann@", "bob@", "Bob@", "corp.test",
          "d.test", "10.1.2.3", "2a00", "4f5e6d7c8b9a0", "laptop", "Subject"})
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_THAT(text, AllOf(HasSubstr("<user2@example.com>: REDACTED of REDACTED is unknown"),
                            HasSubstr("RCPT TO:<user2@example.com>")))
        << "the same address is the same person";
  }
}

TEST(Redactor, KeepsWhatItIsTold) {
  auto text = written(hello + mail + rcpt + data + "S: 554 5.7.1 no: ann@corp.test at relay7.corp.test\n", {},
                      "addresses,text,hosts");
  EXPECT_THAT(text, AllOf(HasSubstr("no: ann@corp.test at relay7.corp.test"), HasSubstr("C: Subject: secret\n"),
                          HasSubstr("EHLO laptop")));
  EXPECT_THROW(parse_keep("addreses"), Error);
  EXPECT_THROW(parse_keep("credentials"), Error);
}

}  // namespace
}  // namespace mailfault::recorded
