#include "client.hpp"
#include "sasl/gs2.hpp"

namespace mailfault::sasl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Scram, PlaysTheExamplesOfTheRfcs) {
  struct Example {
    const char *mechanism, *first, *nonce, *salt, *challenge, *final, *signature;
  };
  const Users pencil{{"user", "pencil"}};
  for (const Example& example : {
           Example{"SCRAM-SHA-1", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92",
                   "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                   "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                   "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
           Example{"SCRAM-SHA-256", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
                   "W22ZaJ0SNY7soEsUEjb6gQ==",
                   "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                   "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                   "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                   "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
       }) {
    const auto mechanism = make_mechanism(
        example.mechanism, {.users = &pencil, .nonce = example.nonce, .salt = *from_base64(example.salt)});
    expect_challenge(mechanism->begin(example.first), example.challenge);
    EXPECT_EQ(mechanism->user(), "user");
    EXPECT_EQ(mechanism->shown(), example.first);
    expect_challenge(mechanism->respond(example.final), example.signature);
    EXPECT_THAT(mechanism->shown(), testing::EndsWith(",p=<redacted>"));
    EXPECT_EQ(words(mechanism->respond("")), "accepted user");
  }
}

TEST(Scram, SignsForTheClient) {
  for (const char* name : {"SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"}) {
    const auto mechanism = make_mechanism(name, context());
    Client client(name, {"a,b=c", "pass"});
    const Step first = mechanism->begin(client.initial());
    const Step final = mechanism->respond(client.respond(std::get<Challenge>(first).text));
    expect_challenge(final, client.signature);
    EXPECT_EQ(words(mechanism->respond("")), "accepted a,b=c") << name;
  }
}

// What an unknown user is told is what a known one with a wrong password is told, and it doesn't change.
TEST(Scram, AnUnknownUserIsToldInTheEndOnly) {
  const auto told = [](const std::string& user, const std::string& nonce) {
    Context with = context();
    with.nonce = nonce;
    return words(make_mechanism("SCRAM-SHA-256", with)->begin("n,,n=" + user + ",r=c"));
  };
  EXPECT_THAT(told("you", "n1"), testing::MatchesRegex("challenge r=cn1,s=[A-Za-z0-9+/]{22}==,i=16"));
  EXPECT_THAT(told("me", "n1"), testing::MatchesRegex("challenge r=cn1,s=[A-Za-z0-9+/]{22}==,i=16"));
  const auto salt = [](const std::string& text) { return text.substr(text.find(",s=")); };
  EXPECT_EQ(salt(told("you", "n1")), salt(told("you", "n2")));
  EXPECT_EQ(salt(told("me", "n1")), salt(told("me", "n2")));
  EXPECT_NE(salt(told("me", "n1")), salt(told("you", "n1")));
}

struct FirstCase {
  const char *message, *says;
};

TEST(Scram, ReadsTheFirstMessage) {
  constexpr const char* head = "malformed: SCRAM begins with a flag (n, y, p=binding), a comma, [a=authzid], a comma";
  constexpr const char* body = "malformed: SCRAM's first message is n=user,r=nonce";
  for (const FirstCase& c : {
           FirstCase{"", head},
           {"n", head},
           {"n,", head},
           {"x,,n=me,r=c", head},
           {"F,n,,n=me,r=c", head},
           {"nn,,n=me,r=c", head},
           {"p,,n=me,r=c", head},
           {"p=,,n=me,r=c", head},
           {"p=tls_unique,,n=me,r=c", head},
           {"n,me,n=me,r=c", head},
           {"n,a=,n=me,r=c", head},
           {"n,a=a=b,n=me,r=c", head},
           {"n,,", body},
           {"n,,n=me", body},
           {"n,,n=me,", body},
           {"n,,n=me,r=", body},
           {"n,,n=me,r=a b", body},
           {"n,,n=,r=c", body},
           {"n,,n=a=2Db,r=c", body},
           {"n,,n=a=2,r=c", body},
           {"n,,n=a=,r=c", body},
           {"n,,r=c,n=me", body},
           {"n,,m=1,n=me,r=c", "refused : the client needs an extension that isn't known"},
           {"p=tls-exporter,,n=me,r=c", "refused me: channel binding without a -PLUS mechanism"},
       })
    EXPECT_EQ(words(make_mechanism("SCRAM-SHA-1", context())->begin(c.message)), c.says) << c.message;
  EXPECT_THAT(words(make_mechanism("SCRAM-SHA-1", context())->begin("n,,n=me,r=c,x=1,y=2")), StartsWith("challenge"));
  for (const std::string& bad : {"n,,n=me,r=" + std::string(1025, 'c'), "n,,n=me,r=c" + std::string(15, ','),
                                 std::string("n,,n=m\0e,r=c", 12)})
    EXPECT_EQ(words(make_mechanism("SCRAM-SHA-1", context())->begin(bad)), body) << bad;
}

// A right final message, with what `from` names replaced.
std::string final_with(const std::string& from, const std::string& to) {
  const auto mechanism = make_mechanism("SCRAM-SHA-256", context());
  Client client("SCRAM-SHA-256");
  std::string response = client.respond(std::get<Challenge>(mechanism->begin(client.initial())).text);
  const auto at = response.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return words(mechanism->respond(response.replace(at, from.size(), to)));
}

TEST(Scram, ReadsTheFinalMessage) {
  constexpr const char* form = "malformed: SCRAM's final message is c=channel,r=nonce,p=proof";
  EXPECT_THAT(final_with("c=biws", "c=biws"), StartsWith("challenge v="));
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"c=biws,", ""},
           {"c=biws", "c=b"},
           {"c=", "d="},
           {"r=", "s="},
           {",p=", ",q="},
           {",p=", ",p=!"},
           {",p=", ",x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,x=1,p="},
           {"c=biws", "r=client,c=biws"}})
    EXPECT_EQ(final_with(from, to), form) << from << ' ' << to;
  EXPECT_EQ(final_with("c=biws", "c=eSws"), "refused me: the channel binding doesn't match");
  EXPECT_EQ(final_with("r=client0", "r=client1"), "refused me: the client's nonce isn't the challenge's");
  EXPECT_EQ(final_with("r=client0123456789abcdef", "r=client"),
            "refused me: the client's nonce isn't the challenge's");
  EXPECT_EQ(final_with(",p=", ",x=1,p="), "refused me: what the client sent doesn't fit the user's password");
  EXPECT_EQ(final_with(",p=", ",p=AAAA"), "refused me: what the client sent doesn't fit the user's password");
}

// ---------------------------------------------------------------- channel binding

std::string plus(const std::string& flag, const std::string& binding, bool plus_offered = true,
                 const char* mechanism = "SCRAM-SHA-256-PLUS") {
  Context with = context();
  with.plus_offered = plus_offered;
  Client client(mechanism, {}, flag);
  client.binding = binding;
  return words(client.play(*make_mechanism(mechanism, with)));
}

TEST(ScramPlus, BindsToTheChannel) {
  const std::string exported(32, '\x5a');
  EXPECT_EQ(plus("p=tls-exporter", exported), "accepted me");
  EXPECT_EQ(plus("p=tls-server-end-point", "digest"), "accepted me");
  EXPECT_EQ(plus("p=tls-server-end-point", exported), "refused me: the channel binding doesn't match");
  EXPECT_EQ(plus("p=tls-exporter", ""), "refused me: the channel binding doesn't match");
  EXPECT_EQ(plus("p=tls-unique", exported),
            "refused me: this channel has no binding of the type that the client wants");
  EXPECT_EQ(plus("n", ""), "refused me: a -PLUS mechanism without channel binding");
}

TEST(ScramPlus, SeesADowngrade) {
  EXPECT_EQ(plus("y", "", false, "SCRAM-SHA-256"), "accepted me");
  EXPECT_EQ(plus("n", "", true, "SCRAM-SHA-256"), "accepted me");
  EXPECT_THAT(plus("y", "", true, "SCRAM-SHA-256"), HasSubstr("says that the server can't bind"));
}

// ---------------------------------------------------------------- faults

// The client believes whatever comes: so the server's account of it is all that differs.
std::string answered_to(const std::string& challenge) {
  const auto mechanism = make_mechanism("SCRAM-SHA-1", context());
  Client client("SCRAM-SHA-1");
  mechanism->begin(client.initial());
  mechanism->replace_challenge(challenge);
  Step step = mechanism->respond(client.respond(challenge));
  if (!std::holds_alternative<Challenge>(step)) return words(step);
  EXPECT_EQ(std::get<Challenge>(step).text, client.signature);
  mechanism->replace_challenge("v=AAAA");
  return words(mechanism->respond(""));
}

TEST(Scram, VerifiesAgainstAReplacedChallenge) {
  EXPECT_EQ(answered_to("r=foreign,s=c2FsdA==,i=1"), "accepted me");
  EXPECT_EQ(answered_to("r=client,s=,i=2"), "accepted me");
  EXPECT_EQ(answered_to("r=clientX,s=c2FsdA==,i=5000"), "accepted me");
  for (const char* challenge : {"r=clientX,s=c2FsdA==,i=100001", "r=clientX,s=c2FsdA==,i=0"})
    EXPECT_THAT(answered_to(challenge), HasSubstr("more iterations than the server computes")) << challenge;
}

TEST(Scram, AReplacedAskingOrSignatureChangesNothing) {
  const auto mechanism = make_mechanism("SCRAM-SHA-1", context());
  Client client("SCRAM-SHA-1");
  mechanism->begin(std::nullopt);
  mechanism->replace_challenge("r=x,s=c2FsdA==,i=1");
  const Step first = mechanism->respond(*client.initial());
  EXPECT_THAT(words(first), testing::EndsWith(",i=16"));
  const Step final = mechanism->respond(client.respond(std::get<Challenge>(first).text));
  expect_challenge(final, client.signature);
  mechanism->replace_challenge("e=other-error");
  EXPECT_THAT(words(mechanism->respond("x")), StartsWith("malformed: "));
}

TEST(Scram, KeepsIterationsWithinBounds) {
  for (const auto& [given, told] : {std::pair(0U, ",i=1"), std::pair(4'000'000'000U, ",i=100000")}) {
    Context with = context();
    with.iterations = given;
    EXPECT_THAT(words(make_mechanism("SCRAM-SHA-1", with)->begin("n,,n=me,r=c")), testing::EndsWith(told));
  }
}

TEST(Saslname, ReadsItsTwoEscapes) {
  EXPECT_EQ(parse_saslname("a=2Cb=3D"), "a,b=");
  for (const char* bad : {"", "=", "=2", "=2c", "=3d", "=41", "a="})
    EXPECT_EQ(parse_saslname(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace mailfault::sasl
