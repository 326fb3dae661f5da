// AUTH by every mechanism over a session, and rules at its challenges.
#include "tests/engine/world.hpp"
#include "tests/sasl/client.hpp"

namespace mailfault::testing {
namespace {

const std::string all_mechanisms =
    "capabilities { 'AUTH PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER NTLM "
    "ANONYMOUS' }\nusers { me = 'secret' }\n";

/// Plays the exchange to its end; the last reply.
std::string log_in(Client& client, const std::string& mechanism, sasl::Client& by, bool with_initial) {
  auto initial = with_initial ? by.initial() : std::nullopt;
  auto reply = client.say("AUTH " + mechanism + (initial ? " " + (initial->empty() ? "=" : base64(*initial)) : ""));
  for (int i = 0; i < 5 && reply.starts_with("334 "); ++i)
    reply = client.say(base64(by.respond(from_base64(trim(reply.substr(4))).value_or("?"))));
  return reply;
}

class EachMechanism : public ::testing::TestWithParam<const char*> {};

TEST_P(EachMechanism, TellsTheRightFromTheWrong) {
  const std::string mechanism = GetParam();
  for (bool with_initial : {true, false}) {
    World world(all_mechanisms);
    auto& client = world.client(World::Upto::ehlo);
    sasl::Client right(mechanism);
    EXPECT_THAT(log_in(client, mechanism, right, with_initial), StartsWith("235 ")) << with_initial;
    if (mechanism == "ANONYMOUS" || mechanism == "NTLM") continue;  // no secret of theirs is verified
    auto& other = world.client(World::Upto::ehlo);
    sasl::Client wrong(mechanism, {.user = "me", .password = "guess"});
    EXPECT_THAT(log_in(other, mechanism, wrong, with_initial), StartsWith("535 ")) << with_initial;
    EXPECT_THAT(world.log(), Not(AnyOf(HasSubstr("secret"), HasSubstr(base64("secret")), HasSubstr("guess"))));
  }
}

INSTANTIATE_TEST_SUITE_P(Auth, EachMechanism,
                         ::testing::Values("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
                                           "XOAUTH2", "OAUTHBEARER", "NTLM", "ANONYMOUS"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Auth, AServerThatSpeaksFirstTakesNoInitialResponse) {
  World world(all_mechanisms);
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_THAT(client.say("AUTH CRAM-MD5 " + base64("me")), StartsWith("501 5.7.0 "));
  EXPECT_THAT(client.say("NOOP"), StartsWith("250"));
}

TEST(Auth, AStarEndsEveryExchange) {
  for (const char* mechanism : {"LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-256", "NTLM"}) {
    World world(all_mechanisms);
    auto& client = world.client(World::Upto::ehlo);
    EXPECT_THAT(client.say(std::string("AUTH ") + mechanism), StartsWith("334"));
    EXPECT_EQ(client.say("*"), "501 5.7.0 Authentication aborted\r\n") << mechanism;
    EXPECT_THAT(client.say("NOOP"), StartsWith("250"));
  }
}

TEST(Auth, ATokensErrorIsToldBeforeTheRefusal) {
  World world(all_mechanisms);
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH XOAUTH2 " + base64("user=me\1auth=Bearer old\1\1")),
            "334 " + base64(R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/"})") + "\r\n");
  EXPECT_THAT(client.say(""), StartsWith("535 5.7.8"));
  EXPECT_THAT(client.say("NOOP"), StartsWith("250"));
}

TEST(Auth, ARuleAtAChallengeComesBeforeIt) {
  World world(all_mechanisms + "on.auth:at(2):where('user', 'me'):reply(454, '4.7.0', 'gone')");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 VXNlcm5hbWU6\r\n");
  EXPECT_EQ(client.say(base64("me")), "454 4.7.0 gone\r\n");
  EXPECT_THAT(client.say("NOOP"), StartsWith("250")) << "the exchange is over";
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 VXNlcm5hbWU6\r\n");
  EXPECT_EQ(client.say(base64("you")), "334 UGFzc3dvcmQ6\r\n");
}

TEST(Auth, ARuleThatOnlyWaitsLeavesTheChallenge) {
  World world(all_mechanisms + "on.auth:at(1):delay('2s')");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH LOGIN"), "");
  world.advance(2s);
  EXPECT_EQ(client.read(), "334 VXNlcm5hbWU6\r\n");
}

TEST(Auth, AReplacedChallengeIsVerifiedAgainst) {
  World world(all_mechanisms + "on.auth:at(1):challenge('<1.2@mail.example.com>')");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH CRAM-MD5"), "334 " + base64("<1.2@mail.example.com>") + "\r\n");
  sasl::Client by("CRAM-MD5");
  EXPECT_THAT(client.say(base64(by.respond("<1.2@mail.example.com>"))), StartsWith("235"));
}

TEST(Auth, WhatIsNoChallengeLeavesTheExchangeOpen) {
  World world(all_mechanisms + "on.auth:at(1):send('334 !!!\\r\\n')");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH PLAIN"), "334 !!!\r\n");
  EXPECT_EQ(client.say("*"), "501 5.7.0 Authentication aborted\r\n");
}

TEST(Auth, AChallengeThatNeverEnds) {
  World world(
      all_mechanisms +
      "on.auth:at(1):run(function(session) for i = 1, 3 do session:challenge('again ' .. i) end return close() end)");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 " + base64("again 1") + "\r\n");
  EXPECT_EQ(client.say("eA=="), "334 " + base64("again 2") + "\r\n");
  EXPECT_EQ(client.say("eA=="), "334 " + base64("again 3") + "\r\n");
  EXPECT_EQ(client.say("eA=="), "");
  EXPECT_TRUE(client.wire->fin());
}

TEST(Auth, AStarEndsAFunctionsChallengesToo) {
  World world(
      all_mechanisms +
      "on.auth:at(1):run(function(session) session:challenge('a') session:challenge('b') return close() end)");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 " + base64("a") + "\r\n");
  EXPECT_EQ(client.say("*"), "501 5.7.0 Authentication aborted\r\n");
  EXPECT_THAT(client.say("NOOP"), StartsWith("250"));
}

TEST(Auth, ARuleOfTheVerdictHasNoTurnAtAChallenge) {
  World world(all_mechanisms + "on.auth:reply(535, '5.7.8', 'no')");
  auto& client = world.client(World::Upto::ehlo);
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 VXNlcm5hbWU6\r\n");
  EXPECT_EQ(client.say(base64("me")), "334 UGFzc3dvcmQ6\r\n");
  EXPECT_EQ(client.say(base64("secret")), "535 5.7.8 no\r\n");
}

TEST(Auth, TheSeedRepeatsTheChallenges) {
  auto challenge = [](std::uint64_t seed) {
    World::Options options;
    options.instance.seed = seed;
    World world(all_mechanisms, options);
    return world.client(World::Upto::ehlo).say("AUTH DIGEST-MD5");
  };
  EXPECT_EQ(challenge(1), challenge(1));
  EXPECT_NE(challenge(1), challenge(2));
}

}  // namespace
}  // namespace mailfault::testing
