// limits { … }: what loads, and what a client meets on a virtual clock.
#include <tuple>

#include "world.hpp"

namespace mailfault::testing {
namespace {

using Upto = World::Upto;

std::string error_of_loading(const std::string& body) {
  try {
    script::Script::load(scenario_of(body), "t.lua", {action_table(), {}, 0, {}});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct Impossible {
  std::string name, given, gist;
  friend void PrintTo(const Impossible& row, std::ostream* out) { *out << row.given; }
};
class ImpossibleLimits : public ::testing::TestWithParam<Impossible> {};

TEST_P(ImpossibleLimits, AreErrorsWithTheirPlace) {
  auto said = error_of_loading("limits { " + GetParam().given + " }");
  EXPECT_THAT(said, StartsWith("t.lua:2: "));
  EXPECT_THAT(said, HasSubstr(GetParam().gist));
}

const std::vector<Impossible> impossible{
    {"nothing", "", "name a limit"},
    {"unknown", "mesages = { 1, '1s' }", "did you mean 'messages'?"},
    {"unnamed", "{ 10 }", "every value needs a name"},
    {"zero", "junk = 0", "limits.junk: 0 is out of bounds"},
    {"negative", "errors = -1", "out of bounds"},
    {"half", "messages_per_connection = 1.5", "out of bounds"},
    {"text_for_a_number", "junk = 'many'", "a number is wanted"},
    {"no_window", "messages = { 10 }", "in what time?"},
    {"number_alone", "messages = 10", "in what time?"},
    {"no_time", "messages = { 10, '0s' }", "more than a client can send"},
    {"too_fast", "messages = { 1000000, '1ms' }", "more than a client can send"},
    {"bad_time", "messages = { 10, 'soon' }", "is no duration"},
    {"window_for_those_open", "connections = { 5, '1m' }", "there is new_connections"},
    {"too_many_values", "messages = { 5, '1m', 7 }", "too many values"},
    {"no_silence", "idle = 0", "nobody can be silent for no time"},
    {"no_number", "connections = { per = 'peer' }", "how many or how long is missing"},
    {"unknown_setting", "messages = { 5, '1m', pre = 'user' }", "did you mean 'per'?"},
    {"per_of_a_count", "junk = { 5, per = 'peer' }", "has no field 'per'"},
    {"unknown_field", "messages = { 5, '1m', per = 'usr' }", "no field 'usr'"},
    {"no_field_to_count_by", "messages = { 5, '1m', per = 'now' }", "nothing can be counted per \"now\""},
    {"not_known_yet", "messages = { 5, '1m', per = 'rcpt' }", "\"rcpt\" is known from rcpt on"},
    {"not_known_at_the_greeting", "new_connections = { 5, '1m', per = 'user' }", "\"user\" is known from auth on"},
    {"no_such_place", "messages = { 5, '1m', at = 'quit' }", "there is no \"quit\""},
    {"place_of_another", "recipients = { 5, '1m', at = 'mail' }", "has no field 'at'"},
    {"refuses_nothing", "junk = { 5, reply = { 250, 'fine' } }", "250 refuses nothing"},
    {"no_code", "junk = { 5, reply = { 'no' } }", "a number is wanted"},
    {"empty_reply", "junk = { 5, reply = {} }", "written { 421"},
    {"no_enhanced_code", "junk = { 5, reply = { 421, '4.7', 'x' } }", "is no enhanced code"},
    {"unknown_field_in_the_text", "junk = { 5, reply = { 421, 'x {peeer}' } }", "no field 'peeer'"},
};
INSTANTIATE_TEST_SUITE_P(Limits, ImpossibleLimits, ::testing::ValuesIn(impossible),
                         [](const auto& row) { return row.param.name; });

TEST(Limits, StandInTheFileOnce) {
  EXPECT_EQ(error_of_loading("limits { junk = 1 }\nlimits { junk = 2 }"),
            "t.lua:3: limits { … } stands in the file twice");
}

TEST(Limits, SayThemselvesInWords) {
  auto script = script::Script::load(
      scenario_of("limits { messages = { { 2, '1s' }, { 9, '1h', per = { 'user', 'from.domain' }, "
                  "reply = { 454, 'Slow down' } } }, connections = 1, idle = '10s' }"),
      "t.lua", {action_table(), {}, 0, {}});
  const auto& limits = script->scenario().limits;
  std::vector<std::string> said;
  for (const auto& limit : limits.all) said.push_back(words(limit));
  EXPECT_EQ(limits.line, 2);
  EXPECT_THAT(said, ElementsAre("more than 1 connection open per peer: is refused, the server closes (FIN)",
                                "more than 2 messages in 1s per peer: is refused",
                                "more than 9 messages in 1h per user and from.domain: gets 454 \"Slow down\"",
                                "a silence of 10s: is refused, the server closes (FIN)"));
}

// A bucket of 2 that fills in 10 s: two at once, then one each 5 s; what is refused takes no place.
TEST(Limits, RatesAreTokenBuckets) {
  World world("limits { messages = { 2, '10s' } }");
  auto& client = world.client(Upto::ehlo);
  auto mail = [&] {
    auto said = client.say("MAIL FROM:<a@example.com>");
    if (said.starts_with("250")) client.say("RSET");
    return said.substr(0, 3);
  };
  EXPECT_EQ(mail(), "250");
  EXPECT_EQ(mail(), "250");
  EXPECT_EQ(mail(), "450");
  world.advance(4999ms);
  EXPECT_EQ(mail(), "450");
  world.advance(1ms);
  EXPECT_EQ(mail(), "250");
  EXPECT_EQ(mail(), "450");
  world.advance(1h);
  EXPECT_EQ(mail(), "250");
  EXPECT_EQ(mail(), "250");
  EXPECT_EQ(client.say("MAIL FROM:<a@example.com>"), "450 4.7.1 Error: too much mail from 192.0.2.7\r\n");
  EXPECT_THAT(world.texts(EventKind::fault),
              Contains(StartsWith("limit: more than 2 messages in 10s per peer: is refused")));
}

TEST(Limits, CountInNominalTime) {
  World::Options options;
  options.instance.time_scale = 0.001;
  World world("limits { messages = { 1, '1h' }, idle = '50m' }", options);
  auto& client = world.client(Upto::mail);
  client.say("RSET");
  world.advance(2s);  // 33 minutes
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("450"));
  world.advance(1600ms);  // 27 more
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250"));
  world.advance(3s);
  EXPECT_THAT(client.read(), StartsWith("421 4.4.2 "));
}

TEST(Limits, AreApartForEachKeyAndWindow) {
  World world(
      "limits { messages = { { 2, '1s', per = 'from' }, { 3, '1h', per = 'from.domain', "
      "reply = { 550, '5.4.5', 'Daily limit' } } } }");
  auto& client = world.client(Upto::ehlo);
  auto mail = [&](const std::string& from) {
    auto said = client.say("MAIL FROM:<" + from + ">");
    if (said.starts_with("250")) client.say("RSET");
    return said.substr(0, 9);
  };
  EXPECT_EQ(mail("a@one.example"), "250 2.1.0");
  EXPECT_EQ(mail("a@one.example"), "250 2.1.0");
  EXPECT_EQ(mail("a@one.example"), "450 4.7.1");
  EXPECT_EQ(mail("b@one.example"), "250 2.1.0");
  EXPECT_EQ(mail("b@one.example"), "550 5.4.5");
  EXPECT_EQ(mail("b@two.example"), "250 2.1.0");
}

TEST(Limits, OfRecipients) {
  World world("limits { recipients = { 3, '1h', per = 'from' }, recipients_per_message = 2 }");
  auto& client = world.client(Upto::rcpt);
  EXPECT_THAT(client.say("RCPT TO:<2@example.net>"), StartsWith("250"));
  EXPECT_EQ(client.say("RCPT TO:<3@example.net>"), "452 4.5.3 Error: too many recipients\r\n");
  client.say("RSET");
  client.say("MAIL FROM:<a@example.com>");
  EXPECT_THAT(client.say("RCPT TO:<4@example.net>"), StartsWith("250"));
  EXPECT_EQ(client.say("RCPT TO:<5@example.net>"), "450 4.7.1 Error: too many recipients from 192.0.2.7\r\n");
}

TEST(Limits, OfConnectionsAtATime) {
  World world("limits { connections = 1 }");
  auto& first = world.client();
  auto& second = world.connect();
  EXPECT_EQ(second.read(), "421 4.7.0 mx.example.com Error: too many connections from 192.0.2.7\r\n");
  EXPECT_TRUE(second.wire->fin());
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("server: closed (FIN) by a limit"));
  first.say("QUIT");
  EXPECT_THAT(world.connect().read(), StartsWith("220"));
}

TEST(Limits, OfAUsersConnectionsAreLookedAtWhenTheUserIsKnown) {
  World world("limits { connections = { 1, per = 'user', reply = { 421, '4.3.2', 'Not you again, {user}' } } }");
  const std::string login = "AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=";
  EXPECT_THAT(world.client(Upto::ehlo).say(login), StartsWith("235"));
  auto& second = world.client(Upto::ehlo);
  EXPECT_EQ(second.say(login), "421 4.3.2 Not you again, user@example.com\r\n");
  EXPECT_TRUE(second.wire->fin());
}

TEST(Limits, OfLoginsCountWrongOnesToo) {
  World world("limits { logins = { 2, '1m' } }");
  auto& client = world.client(Upto::ehlo);
  const std::string wrong = "AUTH PLAIN AHVzZXIAd3Jvbmc=";
  EXPECT_THAT(client.say(wrong), StartsWith("535"));
  EXPECT_THAT(client.say(wrong), StartsWith("535"));
  EXPECT_EQ(client.say(wrong), "450 4.7.1 Error: too many AUTH commands from 192.0.2.7\r\n");
}

TEST(Limits, OfNewConnections) {
  World world("limits { new_connections = { 2, '1m' } }");
  world.client().say("QUIT");
  world.client().say("QUIT");
  auto& third = world.connect();
  EXPECT_THAT(third.read(), StartsWith("421 4.7.0"));
  EXPECT_TRUE(third.wire->fin());
  world.advance(30s);
  EXPECT_THAT(world.connect().read(), StartsWith("220"));
}

TEST(Limits, OfMessagesOnAConnection) {
  World world("limits { messages_per_connection = 1 }");
  auto& client = world.client(Upto::data);
  EXPECT_THAT(client.send("x\r\n.\r\n"), StartsWith("250"));
  EXPECT_EQ(client.say("MAIL FROM:<a@example.com>"), "421 too many messages in this connection\r\n");
  EXPECT_TRUE(client.wire->fin());
  EXPECT_THAT(world.client(Upto::ehlo).say("MAIL FROM:<a@example.com>"), StartsWith("250"));
}

TEST(Limits, AtTheDotKeepAMessageOut) {
  World world("limits { messages = { 1, '1m', at = 'message', reply = { 454, 'Throttling failure' } } }");
  for (const char* code : {"250", "454"}) {
    auto& client = world.client(Upto::data);
    EXPECT_THAT(client.send("x\r\n.\r\n"), StartsWith(code));
    client.say("QUIT");
  }
  EXPECT_EQ(world.instance().ledger().size(), 1u);
}

TEST(Limits, OfJunkAndErrorsBeginAgainWithAStoredMessage) {
  World world("limits { junk = 2, errors = 2 }");
  auto& client = world.client(Upto::ehlo);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(client.say("NOOP"), StartsWith("250"));
    EXPECT_THAT(client.say("RSET"), StartsWith("250"));
    EXPECT_THAT(client.say("WHAT"), StartsWith("500"));
    client.say("MAIL FROM:<a@example.com>");
    client.say("RCPT TO:<b@example.net>");
    client.say("DATA");
    EXPECT_THAT(client.send(".\r\n"), StartsWith("250"));
  }
  client.say("NOOP");
  client.say("NOOP");
  EXPECT_EQ(client.say("NOOP"), "421 4.7.0 mx.example.com Error: too many errors\r\n");
  EXPECT_TRUE(client.wire->fin());

  auto& other = world.client(Upto::ehlo);
  other.say("WHAT");
  other.say("WHO");
  EXPECT_EQ(other.say("EHLO c"), "421 4.7.0 mx.example.com Error: too many errors\r\n");
  auto& polite = world.client(Upto::ehlo);
  polite.say("WHAT");
  polite.say("WHO");
  EXPECT_THAT(polite.say("QUIT"), StartsWith("221"));
}

TEST(Limits, OfSilence) {
  const std::string said = "421 4.4.2 mx.example.com Error: timeout exceeded\r\n";
  for (auto upto : {Upto::greeting, Upto::rcpt, Upto::data}) {
    World world("limits { idle = '10s' }");
    auto& client = world.client(upto);
    world.advance(9s);
    client.send(upto == Upto::data ? "a line of the body\r\n" : "NOOP\r\n");
    world.advance(9999ms);
    EXPECT_EQ(client.read(), "");
    world.advance(1ms);
    EXPECT_EQ(client.read(), said);
    EXPECT_TRUE(client.wire->fin());
    EXPECT_THAT(world.texts(EventKind::fault), ElementsAre(StartsWith("limit: a silence of 10s: is refused")));
    EXPECT_EQ(world.instance().open_sessions(), 0u);
  }
  World login("limits { idle = '10s' }");
  auto& client = login.client(Upto::ehlo);
  EXPECT_THAT(client.say("AUTH LOGIN"), StartsWith("334"));
  login.advance(10s);
  EXPECT_EQ(client.read(), said);
}

// Half a line each second is no answer.
TEST(Limits, OfSilenceIsNotHeldOffByHalfALine) {
  World world("limits { idle = '10s' }");
  auto& client = world.client();
  for (int i = 0; i < 9; ++i) {
    client.send("N");
    world.advance(1s);
  }
  world.advance(1s);
  EXPECT_THAT(client.read(), StartsWith("421 4.4.2"));
}

TEST(Limits, ARuleThatAnswersIsInTheirPlace) {
  World world(
      "on.mail:from('free@*'):reply(250)\non.rset:proceed():delay('1s')\n"
      "limits { messages = { 1, '1h' }, idle = '10s' }\non.idle:at('5s'):reply(451)");
  auto& client = world.client(Upto::mail);
  client.say("RSET");
  world.advance(1s);
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("450"));
  EXPECT_THAT(client.say("MAIL FROM:<free@example.com>"), StartsWith("250"));
  world.advance(5s);
  EXPECT_THAT(client.read(), StartsWith("451"));
  world.advance(5s);
  EXPECT_THAT(client.read(), StartsWith("421"));
}

TEST(Limits, ProceedMeetsThemAndTheRestOfTheRulePlays) {
  World world("on.mail:proceed():delay('1s')\nlimits { messages_per_connection = 1 }");
  auto& client = world.client(Upto::ehlo);
  client.say("MAIL FROM:<a@example.com>");
  world.advance(1s);
  client.say("RSET");
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("421"));
  EXPECT_FALSE(client.wire->fin());
  world.advance(1s);
  EXPECT_TRUE(client.wire->fin());
}

TEST(Limits, MemoryIsBounded) {
  Limit limit;
  limit.spec = &limit_table()[3];
  limit.number = 2;
  limit.time = 10s;
  Buckets buckets;
  for (int i = 0; i < 3; ++i) buckets.take(limit, std::to_string(i), Micros{}, 3);
  EXPECT_THROW(buckets.take(limit, "one more", 1s, 3), Error);
  buckets.take(limit, "0", 1s, 3);  // one that is known still counts
  EXPECT_TRUE(buckets.has_room(limit, "1", 1s));
  EXPECT_FALSE(buckets.has_room(limit, "0", 1s));
  buckets.take(limit, "one more", 6s, 3);  // "1" and "2" are full again, so they are forgotten
  EXPECT_EQ(buckets.size(), 2u);
}

}  // namespace
}  // namespace mailfault::testing
