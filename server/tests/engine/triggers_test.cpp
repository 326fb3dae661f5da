// Which events a rule is for, and how often.
#include "world.hpp"

namespace mailfault::testing {
namespace {

using Upto = World::Upto;

/// Says a line `count` times, a pause after each: '5' where the rule (which replies 5yz) was met, else '2'.
std::string pattern(World& world, Client& client, std::string_view line, int count, Micros pause = 0s) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += client.say(line).substr(0, 1);
    world.advance(pause);
  }
  return out;
}

std::string pattern(std::string_view triggers, int count, Micros pause = 0s) {
  World world("on.noop:" + std::string(triggers) + ":reply(550)");
  return pattern(world, world.client(), "NOOP", count, pause);
}

TEST(Triggers, ByNumber) {
  EXPECT_EQ(pattern("first(2)", 5), "55222");
  EXPECT_EQ(pattern("first(0)", 2), "22");
  EXPECT_EQ(pattern("after(2)", 5), "22555");
  EXPECT_EQ(pattern("nth(2)", 5), "25222");
  EXPECT_EQ(pattern("every(2)", 6), "252525");
  EXPECT_EQ(pattern("after(1):every(2)", 6), "252525");
  EXPECT_EQ(pattern("after(1):first(3)", 6), "255222");
}

TEST(Triggers, ByNumberInAWindow) {
  EXPECT_EQ(pattern("first(2, '10s')", 6, 1s), "552222");
  EXPECT_EQ(pattern("after(2, '3s')", 6, 1s), "225555");
  EXPECT_EQ(pattern("after(2, '3s')", 6, 2s), "222222");
  EXPECT_EQ(pattern("after(1, '3s'):first(9, '10s')", 4, 3s), "2222");  // what lies 3 s back is outside of it
  EXPECT_EQ(pattern("after(2, '2500ms')", 6, 1s), "225555");
  EXPECT_EQ(pattern("first(1, '3s')", 6, 3s), "555555");
  EXPECT_EQ(pattern("first(1, '3001ms')", 4, 3s), "5222");
}

TEST(Triggers, AWindowForgets) {
  World world("on.noop:after(2, '10s'):reply(550)");
  auto& client = world.client();
  EXPECT_EQ(pattern(world, client, "NOOP", 3), "225");
  world.advance(10s);
  EXPECT_EQ(pattern(world, client, "NOOP", 3), "225");
}

TEST(Triggers, ByTimeSinceTheFirstEvent) {
  EXPECT_EQ(pattern("first('3s')", 6, 1s), "555222");
  EXPECT_EQ(pattern("after('3s')", 6, 1s), "222555");
  EXPECT_EQ(pattern("after('1s'):first('3s')", 6, 1s), "255222");
}

TEST(Triggers, AnEventCountsThoughAnEarlierRuleEndedTheConnection) {
  for (const char* end : {"close()", "reset()", "stall()"}) {
    World world("on.greeting:nth(1):" + std::string(end) + "\non.greeting:nth(2):reply(421, 'second')");
    EXPECT_EQ(world.connect().read(), "");
    EXPECT_EQ(world.connect().read(), "421 second\r\n") << end;
    EXPECT_THAT(world.connect().read(), StartsWith("220 "));
  }
}

TEST(Triggers, PerMessage) {
  World world("on.rcpt:after(1):per('message'):reply(550)");
  auto& client = world.client(Upto::mail);
  EXPECT_EQ(pattern(world, client, "RCPT TO:<a@x>", 3), "255");
  client.say("RSET");
  client.say("MAIL FROM:<a@x>");
  EXPECT_EQ(pattern(world, client, "RCPT TO:<a@x>", 2), "25");
  EXPECT_EQ(pattern(world, world.client(Upto::mail), "RCPT TO:<a@x>", 2), "25");
}

TEST(Triggers, PerConnection) {
  World world("on.noop:first(1):per('connection'):reply(550)");
  auto& a = world.client();
  EXPECT_EQ(pattern(world, a, "NOOP", 2), "52");
  EXPECT_EQ(pattern(world, world.client(), "NOOP", 2), "52");
  EXPECT_EQ(pattern(world, a, "NOOP", 1), "2");
}

TEST(Triggers, PerFields) {
  World world("on.rcpt:first(1):per('peer/24', 'from.domain', 'rcpt'):reply(550)");
  auto& client = world.client(Upto::mail);
  EXPECT_EQ(pattern(world, client, "RCPT TO:<a@x>", 2), "52");
  EXPECT_EQ(pattern(world, client, "RCPT TO:<b@x>", 2), "52");
  auto& other = world.client(Upto::ehlo);
  other.say("MAIL FROM:<other@example.com>");  // the same domain
  EXPECT_EQ(pattern(world, other, "RCPT TO:<a@x>", 1), "2");
  auto& third = world.client(Upto::ehlo);
  third.say("MAIL FROM:<a@example.org>");
  EXPECT_EQ(pattern(world, third, "RCPT TO:<a@x>", 2), "52");
}

TEST(Triggers, OfTheWholeRunWithoutPer) {
  World world("on.greeting:first(2):reply(421):close()");
  EXPECT_THAT(world.connect().read(), StartsWith("421"));
  EXPECT_THAT(world.connect().read(), StartsWith("421"));
  EXPECT_THAT(world.connect().read(), StartsWith("220"));
}

TEST(Triggers, EventsCountWhateverAnEarlierRuleAnswered) {
  World world("on.noop:first(1):reply(451) on.noop:after(1):reply(552) on.noop:nth(3):reply(553)");
  auto& client = world.client();
  EXPECT_THAT(client.say("NOOP"), StartsWith("451"));
  EXPECT_THAT(client.say("NOOP"), StartsWith("552"));
  EXPECT_THAT(client.say("NOOP"), StartsWith("552"));
}

TEST(Triggers, TheFirstAnswerEndsTheStage) {
  World world("on.noop:reply(451, 'one') on.noop:reply(452, 'two') on.noop(function() return reply(453) end)");
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "451 one\r\n");
  EXPECT_EQ(world.texts(EventKind::fault).size(), 1u);
}

TEST(Triggers, OnlyEventsOfTheOtherConditionsCount) {
  World world(
      "on.rcpt:nth(2):to('*@full.example'):matching(function(s, rcpt) return rcpt:sub(1, 1) == 'y' end)"
      ":reply(452)");
  auto& client = world.client(Upto::mail);
  std::string met;
  for (const char* rcpt : {"y@full.example", "y@x", "n@full.example", "Y2@full.example", "y2@FULL.example"})
    met += client.say("RCPT TO:<" + std::string(rcpt) + ">").substr(0, 1);
  EXPECT_EQ(met, "22224");
}

TEST(Triggers, OpenAbove) {
  World world("on.greeting:open_above(2):reply(421, '4.7.0', 'Too many connections from {peer}'):close()");
  auto& a = world.client();
  world.client();
  auto& third = world.connect();
  EXPECT_EQ(third.read(), "421 4.7.0 Too many connections from 192.0.2.7\r\n");
  EXPECT_THAT(world.connect().read(), StartsWith("421"));  // one that the server has ended isn't open
  a.leave();
  EXPECT_THAT(world.connect().read(), StartsWith("220"));
  EXPECT_THAT(world.connect().read(), StartsWith("421"));
}

TEST(Triggers, OpenAbovePerField) {
  World world(
      "doors { a = { port = 25, main = true }, b = { port = 587 } }"
      "on.greeting:open_above(1):per('door'):reply(421):close()");
  EXPECT_THAT(world.connect("a").read(), StartsWith("220"));
  EXPECT_THAT(world.connect("b").read(), StartsWith("220"));
  EXPECT_THAT(world.connect("a").read(), StartsWith("421"));
  EXPECT_THAT(world.connect("b").read(), StartsWith("421"));
}

TEST(Triggers, AConnectionThatItsClientHasLeftIsNotOpen) {
  World world("on.greeting:open_above(1):reply(421):close() on.message:delay('1h')");
  auto& client = world.client(Upto::data);
  client.say(".");
  EXPECT_THAT(world.connect().read(), StartsWith("421"));
  client.leave();
  EXPECT_EQ(world.instance().open_sessions(), 1u);  // its rule plays on
  EXPECT_THAT(world.connect().read(), StartsWith("220"));
}

TEST(Triggers, StalledConnectionsAreOpen) {
  World world("on.greeting:open_above(1):reply(421):close() on.noop:stall()");
  world.client().say("NOOP");
  EXPECT_THAT(world.connect().read(), StartsWith("421"));
}

TEST(Triggers, MatchingGetsTheSessionAndTheArgument) {
  World world(
      "on.noop:matching(function(session, argument) return argument == nil and session.helo == 'c' end)"
      ":reply(550)");
  EXPECT_THAT(world.client(Upto::ehlo).say("NOOP"), StartsWith("550"));
  EXPECT_THAT(world.client().say("NOOP"), StartsWith("250"));
}

struct Where {
  std::string triggers;
  bool met;
  friend void PrintTo(const Where& row, std::ostream* out) { *out << row.triggers; }
};
class Conditions : public ::testing::TestWithParam<Where> {};

TEST_P(Conditions, Hold) {
  World world("on.rcpt:" + GetParam().triggers + ":reply(550)");
  auto& client = world.client(Upto::ehlo);
  client.say("MAIL FROM:<a@example.com> BODY=8BITMIME");
  client.say("RCPT TO:<first@example.net>");
  auto said = client.say("RCPT TO:<b@example.net>");
  EXPECT_EQ(said.substr(0, 1), GetParam().met ? "5" : "2");
}

INSTANTIATE_TEST_SUITE_P(Triggers, Conditions,
                         ::testing::ValuesIn(std::vector<Where>{
                             {"to('b@*')", true},
                             {"to('B@EXAMPLE.*')", true},
                             {"to('c@*')", false},
                             {"to{'c@*', '?@example.net'}", true},
                             {"to{'c@*', 'd@*'}", false},
                             {"from('*@example.com')", true},
                             {"from('example.com')", false},
                             {"verb('rcpt')", true},
                             {"verb{'MAIL', 'DATA'}", false},
                             {"where('rcpt')", true},
                             {"where('user')", false},
                             {"unless('user')", true},
                             {"unless('rcpt')", false},
                             {"where('esmtp')", true},
                             {"where('esmtp', true)", true},
                             {"where('esmtp', false)", false},
                             {"unless('esmtp', false)", true},
                             {"where('authenticated', false)", true},
                             {"where('message', 1)", true},
                             {"where('message', 2)", false},
                             {"where('message', {2, 1})", true},
                             {"where('message', '?')", true},
                             {"where('rcpts', 'first@*')", true},
                             {"where('rcpts', 'b@*')", false},
                             {"where('rcpts')", true},
                             {"where('param.BODY', '8bitmime')", true},
                             {"where('param.body')", true},
                             {"where('param.SIZE')", false},
                             {"where('from.domain', 'example.com')", true},
                             {"where('rcpt.localpart', 'b')", true},
                             {"where('peer/16', '192.0.0.0/16')", true},
                             {"where('early')", false},
                             {"where('tls', false)", true},
                             {"where('user', '*')", false},
                             {"unless('user', '*')", true},
                             {"where('rcpt', {'c@*', true})", true},
                             {"to('b@*'):from('z@*')", false},
                             {"matching(function() return 0 end)", true},
                             {"matching(function() end)", false},
                             {"matching(function() return false, true end)", false},
                         }),
                         [](const auto& row) { return "row_" + std::to_string(row.index); });

TEST(Triggers, WithAuth) {
  World world("on.mail:user('me*'):reply(550) on.mail:where('mechanism', 'PLAIN'):reply(551)");
  auto& client = world.client(Upto::ehlo);
  client.say("AUTH PLAIN " + base64(std::string("\0me@x\0pw", 8)));
  EXPECT_THAT(client.say("MAIL FROM:<a@x>"), StartsWith("550"));
  client.say("AUTH PLAIN " + base64(std::string("\0you\0pw", 7)));
  EXPECT_THAT(client.say("MAIL FROM:<a@x>"), StartsWith("551"));
}

TEST(Triggers, HeadersAndSizeOfAMessage) {
  World world("on.message:where('header.subject', '*invoice*'):reply(550) on.message:where('size', 7):reply(552)");
  auto& client = world.client(Upto::data);
  EXPECT_THAT(client.send("Subject: =?utf-8?B?" + base64("an INVOICE") + "?=\r\n\r\n.\r\n"), StartsWith("550"));
  client.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
  EXPECT_THAT(client.send("1234 \r\n.\r\n"), StartsWith("552"));
}

TEST(Triggers, APointOfTheBody) {
  World world("on.content:at('1KiB'):reply(552):close()");
  auto& client = world.client(Upto::data);
  EXPECT_EQ(client.send(std::string(1023, 'x')), "");
  EXPECT_THAT(client.send("x"), StartsWith("552"));
  EXPECT_TRUE(client.wire->fin());
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("server: closed (FIN), after 1 KiB of a body"));
}

TEST(Triggers, PointsArePlayedInTheirOrder) {
  World world(
      "on.content:at(20):send('250 twenty\\r\\n'):proceed() on.content:send('250 at once\\r\\n'):proceed()"
      "on.content:at(10):send('250 ten\\r\\n'):proceed()");
  auto& client = world.client(Upto::rcpt);
  EXPECT_THAT(client.say("DATA"), EndsWith("250 at once\r\n"));
  EXPECT_EQ(client.send(std::string(30, 'x')), "250 ten\r\n250 twenty\r\n");
  EXPECT_THAT(client.send("\r\n.\r\n"), StartsWith("250 2.0.0"));
}

TEST(Triggers, MoreKeysThanCanBeCountedFailClosed) {
  World world("on.rcpt:first(1):per('rcpt'):reply(550)");
  auto& client = world.client(Upto::mail);
  std::string group;
  for (int i = 0; i < 100'000; ++i) {
    group += "RCPT TO:<" + std::to_string(i) + ">\r\n";
    if (group.size() < 50'000) continue;
    client.send(group);
    group.clear();
  }
  client.send(group);
  EXPECT_FALSE(world.instance().failed());
  EXPECT_THAT(client.say("RCPT TO:<0>"), StartsWith("250"));  // a key that is known
  EXPECT_EQ(client.say("RCPT TO:<new>"), "421 4.3.0 Scenario error\r\n");
  EXPECT_TRUE(world.instance().failed());
  EXPECT_THAT(world.texts(EventKind::error),
              ElementsAre("t.lua:2: this rule counts more than 100000 different keys; choose coarser fields in "
                          "per()"));
}

}  // namespace
}  // namespace mailfault::testing
