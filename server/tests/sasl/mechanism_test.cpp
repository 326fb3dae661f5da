#include "sasl/mechanism.hpp"

#include <set>

#include "client.hpp"

namespace mailfault::sasl {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

void expect_credentials(const Step& step, std::string_view user, std::string_view password) {
  ASSERT_TRUE(std::holds_alternative<Credentials>(step));
  EXPECT_EQ(std::get<Credentials>(step).user, user);
  EXPECT_EQ(std::get<Credentials>(step).password, password);
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const MechanismSpec& spec : mechanisms()) out.emplace_back(spec.name);
  return out;
}

// ---------------------------------------------------------------- the table

TEST(Table, HasEachMechanismOnce) {
  EXPECT_THAT(names(), testing::UnorderedElementsAre("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
                                                     "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS",
                                                     "XOAUTH2", "OAUTHBEARER", "NTLM", "EXTERNAL", "ANONYMOUS"));
}

TEST(Table, IsReadInAnyCase) {
  for (const std::string& name : names()) {
    EXPECT_EQ(find_mechanism(lower(name)), find_mechanism(name)) << name;
    EXPECT_TRUE(make_mechanism(name, context())) << name;
  }
  for (const char* name : {"", "PLAI", "PLAIN ", "GSSAPI"}) {
    EXPECT_FALSE(find_mechanism(name)) << name;
    EXPECT_FALSE(make_mechanism(name, context())) << name;
  }
}

TEST(Table, TellsWhoSpeaksFirst) {
  for (const MechanismSpec& spec : mechanisms()) {
    const Step asked = spec.make(context())->begin(std::nullopt);
    ASSERT_TRUE(std::holds_alternative<Challenge>(asked)) << spec.name;
    const std::string& text = std::get<Challenge>(asked).text;
    EXPECT_EQ(spec.server_first, text.size() > 20) << spec.name;
    if (!spec.server_first) continue;
    for (const char* initial : {"", "me secret"})
      EXPECT_THAT(words(spec.make(context())->begin(initial)), StartsWith("malformed: ")) << spec.name;
  }
}

// ---------------------------------------------------------------- every mechanism

// Those that a test is about; the name is traced where it fails.
std::vector<std::string> names_but(const std::set<std::string>& others) {
  std::vector<std::string> out = names();
  std::erase_if(out, [&](const std::string& name) { return others.contains(name); });
  return out;
}

TEST(Every, AcceptsARightClientWithAndWithoutInitialResponse) {
  for (const std::string& name : names()) {
    SCOPED_TRACE(name);
    for (const bool with_initial : {true, false}) {
      const auto mechanism = make_mechanism(name, context());
      EXPECT_EQ(mechanism->user(), "");
      EXPECT_EQ(words(Client(name).play(*mechanism, with_initial)), "accepted me");
      EXPECT_EQ(mechanism->user(), "me");
    }
  }
}

TEST(Every, RefusesAWrongPasswordAndAnUnknownUser) {
  for (const std::string& name : names_but({"EXTERNAL", "ANONYMOUS"})) {
    SCOPED_TRACE(name);
    if (name != "NTLM") {
      EXPECT_EQ(words(Client(name, {"me", "wrong"}).play(*make_mechanism(name, context()))),
                "refused me: what the client sent doesn't fit the user's password");
    }
    EXPECT_EQ(words(Client(name, {"you", "secret"}).play(*make_mechanism(name, context()))),
              "refused you: there is no such user");
    EXPECT_EQ(words(Client(name, {"you", ""}).play(*make_mechanism(name, context()))),
              "refused you: there is no such user");
    Context nobody = context();
    nobody.users = nullptr;
    const auto mechanism = make_mechanism(name, nobody);
    EXPECT_EQ(words(Client(name).play(*mechanism)), "refused me: there is no such user");
  }
}

TEST(Every, ReadsNamesOutsideOfAscii) {
  for (const std::string& name : names_but({"NTLM", "EXTERNAL"})) {
    SCOPED_TRACE(name);
    EXPECT_EQ(words(Client(name, {"jürgen", "grün"}).play(*make_mechanism(name, context()))), "accepted jürgen");
  }
}

TEST(Every, LetsAUserActAsItselfOnly) {
  for (const std::string name : std::initializer_list<const char*>{
           "PLAIN", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(words(Client(name, {"me", "secret", "me"}).play(*make_mechanism(name, context()))), "accepted me");
    const Step other = Client(name, {"me", "secret", "you"}).play(*make_mechanism(name, context()));
    EXPECT_EQ(words(other), "refused me: a user may not act as another");
    EXPECT_EQ(std::get<Credentials>(other).authzid, "you");
  }
}

TEST(Every, ShowsNoSecret) {
  for (const std::string& name : names()) {
    SCOPED_TRACE(name);
    for (const char* password : {"secret", "wrong"}) {
      const auto mechanism = make_mechanism(name, context());
      Client client(name, {"me", password});
      Step step = mechanism->begin(client.initial());
      std::string all;
      while (std::holds_alternative<Challenge>(step)) {
        const std::string response = client.respond(std::get<Challenge>(step).text);
        all += mechanism->shown();
        step = mechanism->respond(response);
      }
      all += mechanism->shown();
      EXPECT_THAT(all, Not(HasSubstr(password)));
      if (name == "EXTERNAL") continue;
      EXPECT_THAT(all, HasSubstr("me"));
      EXPECT_EQ(all.find("<redacted>") != std::string::npos, name != "ANONYMOUS");
    }
  }
}

// No beginning of a right response but the whole is right, and one with a byte changed neither crashes nor shows.
TEST(Every, TakesNoPartOfAResponseForTheWhole) {
  for (const std::string& name : names_but({"EXTERNAL", "ANONYMOUS"})) {
    SCOPED_TRACE(name);
    for (int at = 0; at < 3; ++at) {
      for (std::size_t size = 0;; ++size) {
        const auto mechanism = make_mechanism(name, context());
        Client client(name);
        Step step = mechanism->begin(std::nullopt);
        for (int i = 0; i < at && std::holds_alternative<Challenge>(step); ++i)
          step = mechanism->respond(client.respond(std::get<Challenge>(step).text));
        if (!std::holds_alternative<Challenge>(step)) break;
        const std::string whole = client.respond(std::get<Challenge>(step).text);
        if (size >= whole.size()) break;
        step = mechanism->respond(whole.substr(0, size));
        EXPECT_THAT(words(step), Not(StartsWith("accepted"))) << at << ' ' << size;

        const auto other = make_mechanism(name, context());
        Client again(name);
        step = other->begin(std::nullopt);
        for (int i = 0; i < at; ++i) step = other->respond(again.respond(std::get<Challenge>(step).text));
        std::string changed = whole;
        changed[size] = static_cast<char>(changed[size] ^ 0x80);
        if (std::holds_alternative<Malformed>(other->respond(changed))) {
          EXPECT_EQ(other->shown(), "<redacted>") << at << ' ' << size;
        }
      }
    }
  }
}

TEST(Every, BoundsWhatItMakesOfALongLine) {
  for (const std::string& name : names()) {
    SCOPED_TRACE(name);
    for (const std::string& part :
         {"n,,n=a,r="s, "a=,"s, "\1a="s, "="s, ","s, "\0"s, "NTLMSSP\0\1\0\0\0"s, "\xff"s}) {
      std::string line;
      while (line.size() < 12'288) line += part;
      const auto mechanism = make_mechanism(name, context());
      Step step = mechanism->begin(std::nullopt);
      for (int i = 0; i < 3 && std::holds_alternative<Challenge>(step); ++i) {
        step = mechanism->respond(line);
        EXPECT_LE(words(step).size(), line.size() + 200);
        EXPECT_LE(mechanism->shown().size(), line.size() + 200);
      }
    }
  }
}

TEST(Nonce, IsDrawn) {
  Draws draws({.seed = 1}), same_draws({.seed = 1}), other({.seed = 2});
  const std::string nonce = draw_nonce(draws);
  EXPECT_THAT(nonce, testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(draw_nonce(same_draws), nonce);
  EXPECT_NE(draw_nonce(draws), nonce);
  EXPECT_NE(draw_nonce(other), nonce);
}

// ---------------------------------------------------------------- PLAIN and LOGIN

TEST(Plain, TakesAnInitialResponse) {
  expect_credentials(make_mechanism("PLAIN", Context{})->begin("\0me\0secret"s), "me", "secret");
  expect_credentials(make_mechanism("PLAIN", Context{})->begin("other\0me\0secret"s), "me", "secret");
}

TEST(Plain, AsksWithTheBareChallenge) {
  const auto plain = make_mechanism("PLAIN", Context{});
  expect_challenge(plain->begin(std::nullopt), "");
  expect_credentials(plain->respond("\0me\0secret"s), "me", "secret");
  EXPECT_EQ(plain->shown(), "\0me\0<redacted>"s);
}

TEST(Plain, AnEmptyUserOrPasswordIsNotMalformed) {
  expect_credentials(make_mechanism("PLAIN", Context{})->begin("\0me\0"s), "me", "");
  expect_credentials(make_mechanism("PLAIN", Context{})->begin("\0\0"s), "", "");
}

TEST(Plain, NeedsTwoNuls) {
  for (const std::string& response : {""s, "me"s, "me\0secret"s, "\0me\0secret\0"s, "\0me\0se\0cret"s}) {
    const auto plain = make_mechanism("PLAIN", Context{});
    EXPECT_TRUE(std::holds_alternative<Malformed>(plain->begin(response)));
    EXPECT_EQ(plain->shown(), "<redacted>");
  }
}

TEST(Login, AsksForUserAndPassword) {
  const auto login = make_mechanism("LOGIN", Context{});
  expect_challenge(login->begin(std::nullopt), "Username:");
  expect_challenge(login->respond("me"), "Password:");
  EXPECT_EQ(login->shown(), "me");
  EXPECT_EQ(login->user(), "me");
  expect_credentials(login->respond("secret\0\xff"s), "me", "secret\0\xff"s);
  EXPECT_EQ(login->shown(), "<redacted>");
}

TEST(Login, TheInitialResponseIsTheUser) {
  const auto login = make_mechanism("LOGIN", Context{});
  expect_challenge(login->begin("me"), "Password:");
  expect_credentials(login->respond(""), "me", "");
}

TEST(Login, TheUserMayBeEmpty) {
  const auto login = make_mechanism("LOGIN", Context{});
  expect_challenge(login->begin(""), "Password:");
  expect_credentials(login->respond("secret"), "", "secret");
}

// ---------------------------------------------------------------- EXTERNAL and ANONYMOUS

std::string external(const Context& with, std::string_view response) {
  return words(make_mechanism("EXTERNAL", with)->begin(response));
}

TEST(External, IsWhomTheCertificateNames) {
  EXPECT_EQ(external(context(), ""), "accepted me");
  EXPECT_EQ(external(context(), "user@example.com"), "accepted user@example.com");
  EXPECT_EQ(external(context(), "you"), "refused you: the client's certificate is of another name");
  EXPECT_THAT(external(context(), "me\0"s), StartsWith("malformed: "));
}

TEST(External, NeedsACertificate) {
  for (const char* response : {"", "me"})
    EXPECT_THAT(external({.users = &users()}, response), AllOf(StartsWith("refused "), HasSubstr("no certificate")));
}

TEST(Anonymous, LeavesATrace) {
  const auto trace = [](const std::string& text) { return words(make_mechanism("ANONYMOUS", {})->begin(text)); };
  EXPECT_EQ(trace(""), "accepted ");
  EXPECT_EQ(trace("sirhc"), "accepted sirhc");
  std::string umlauts;
  for (int i = 0; i < 255; ++i) umlauts += "ü";
  EXPECT_EQ(trace(umlauts), "accepted " + umlauts);
  EXPECT_THAT(trace(umlauts + 'u'), StartsWith("malformed: "));
  EXPECT_THAT(trace(std::string(256, 'a')), StartsWith("malformed: "));
  EXPECT_THAT(trace(std::string(12'000, '\x80')), StartsWith("malformed: "));
  EXPECT_THAT(trace("a\r\nb"), StartsWith("malformed: "));
}

}  // namespace
}  // namespace mailfault::sasl
