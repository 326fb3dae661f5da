#include "sasl/mechanism.hpp"

#include <gmock/gmock.h>

namespace mailfault::sasl {
namespace {

using namespace std::string_literals;

void expect_challenge(const Step& step, std::string_view text) {
  ASSERT_TRUE(std::holds_alternative<Challenge>(step));
  EXPECT_EQ(std::get<Challenge>(step).text, text);
}

void expect_credentials(const Step& step, std::string_view user, std::string_view password) {
  ASSERT_TRUE(std::holds_alternative<Credentials>(step));
  EXPECT_EQ(std::get<Credentials>(step).user, user);
  EXPECT_EQ(std::get<Credentials>(step).password, password);
}

TEST(Mechanism, IsFoundInAnyCase) {
  for (const char* name : {"PLAIN", "plain", "Login", "LOGIN"}) EXPECT_TRUE(make_mechanism(name)) << name;
  for (const char* name : {"", "PLAI", "PLAIN ", "CRAM-MD5"}) EXPECT_FALSE(make_mechanism(name)) << name;
}

TEST(Plain, TakesAnInitialResponse) {
  expect_credentials(make_mechanism("PLAIN")->begin("\0me\0secret"s), "me", "secret");
  expect_credentials(make_mechanism("PLAIN")->begin("other\0me\0secret"s), "me", "secret");
}

TEST(Plain, AsksWithTheBareChallenge) {
  const auto plain = make_mechanism("PLAIN");
  expect_challenge(plain->begin(std::nullopt), "");
  expect_credentials(plain->respond("\0me\0secret"s), "me", "secret");
}

TEST(Plain, AnEmptyUserOrPasswordIsNotMalformed) {
  expect_credentials(make_mechanism("PLAIN")->begin("\0me\0"s), "me", "");
  expect_credentials(make_mechanism("PLAIN")->begin("\0\0"s), "", "");
}

TEST(Plain, NeedsTwoNuls) {
  for (const std::string& response : {""s, "me"s, "me\0secret"s, "\0me\0secret\0"s, "\0me\0se\0cret"s}) {
    EXPECT_TRUE(std::holds_alternative<Malformed>(make_mechanism("PLAIN")->begin(response)));
  }
}

TEST(Login, AsksForUserAndPassword) {
  const auto login = make_mechanism("LOGIN");
  expect_challenge(login->begin(std::nullopt), "Username:");
  expect_challenge(login->respond("me"), "Password:");
  expect_credentials(login->respond("secret\0\xff"s), "me", "secret\0\xff"s);
}

TEST(Login, TheInitialResponseIsTheUser) {
  const auto login = make_mechanism("LOGIN");
  expect_challenge(login->begin("me"), "Password:");
  expect_credentials(login->respond(""), "me", "");
}

TEST(Login, TheUserMayBeEmpty) {
  const auto login = make_mechanism("LOGIN");
  expect_challenge(login->begin(""), "Password:");
  expect_credentials(login->respond("secret"), "", "secret");
}

}  // namespace
}  // namespace mailfault::sasl
