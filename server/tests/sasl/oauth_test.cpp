// XOAUTH2 and OAUTHBEARER.
#include "client.hpp"

namespace mailfault::sasl {
namespace {

using namespace std::string_literals;
using testing::StartsWith;

std::string begun(const char* name, const std::string& initial) {
  return words(make_mechanism(name, context())->begin(initial));
}

TEST(Xoauth2, TheTokenIsThePassword) {
  const auto mechanism = make_mechanism("XOAUTH2", context());
  const Step step = mechanism->begin("user=user@example.com\1auth=Bearer open-sesame\1\1");
  EXPECT_EQ(words(step), "accepted user@example.com");
  EXPECT_EQ(std::get<Credentials>(step).password, "open-sesame");
  EXPECT_EQ(mechanism->shown(), "user=user@example.com\1<redacted>");
  EXPECT_EQ(begun("XOAUTH2", "user=me\1auth=bearer  secret\1\1"), "accepted me");
}

TEST(Xoauth2, AWrongTokenIsToldOfAsJson) {
  for (const char* initial : {"user=me\1auth=Bearer wrong\1\1", "user=me\1auth=Basic secret\1\1",
                              "user=me\1auth=secret\1\1", "user=me\1auth=\1\1", "user=you\1auth=Bearer secret\1\1"}) {
    const Step step = make_mechanism("XOAUTH2", context())->begin(initial);
    EXPECT_THAT(words(step), StartsWith("refused ")) << initial;
    EXPECT_EQ(std::get<Credentials>(step).error,
              R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/"})");
  }
}

TEST(Xoauth2, KnowsAResponseByItsForm) {
  std::string many = "user=me\1auth=Bearer secret\1";
  for (int i = 0; i < 14; ++i) many += 'x' + std::to_string(i) + "=1\1";
  for (const std::string& initial : {""s, "\1\1"s, "user=me\1auth=Bearer secret"s, "user=me\1auth=Bearer secret\1"s,
                                     "user=me\1auth=Bearer secret\1\1\1"s, "user=me\1\1"s, "auth=Bearer secret\1\1"s,
                                     "me\1auth=Bearer secret\1\1"s, "user=me\1user=you\1auth=Bearer secret\1\1"s,
                                     "user=me auth=Bearer secret\1\1"s, many + '\1'})
    EXPECT_THAT(begun("XOAUTH2", initial), StartsWith("malformed: ")) << initial;
}

TEST(OauthBearer, PlaysTheExampleOfTheRfc) {
  const Users holder{{"user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="}};
  const auto mechanism = make_mechanism("OAUTHBEARER", {.users = &holder});
  expect_challenge(mechanism->begin(std::nullopt), "");
  EXPECT_EQ(words(mechanism->respond("n,a=user@example.com,\1host=server.example.com\1port=143\1"
                                     "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1")),
            "accepted user@example.com");
  EXPECT_EQ(mechanism->shown(), "n,a=user@example.com,\1<redacted>");
}

TEST(OauthBearer, ATokenMayNameItsUser) {
  EXPECT_EQ(begun("OAUTHBEARER", "n,,\1auth=Bearer open-sesame\1\1"), "accepted user@example.com");
  EXPECT_EQ(begun("OAUTHBEARER", "y,a=a=2Cb=3Dc,\1auth=Bearer pass\1\1"), "accepted a,b=c");
}

TEST(OauthBearer, AWrongTokenIsToldOfAsJson) {
  for (const char* initial : {"n,a=me,\1auth=Bearer wrong\1\1", "n,,\1auth=Bearer wrong\1\1", "n,a=me,\1auth=\1\1",
                              "n,a=you,\1auth=Bearer secret\1\1"}) {
    const Step step = make_mechanism("OAUTHBEARER", context())->begin(initial);
    EXPECT_THAT(words(step), StartsWith("refused ")) << initial;
    EXPECT_EQ(std::get<Credentials>(step).error, R"({"status":"invalid_token","scope":"https://mail.google.com/"})");
  }
}

TEST(OauthBearer, KnowsAResponseByItsForm) {
  for (const std::string& initial :
       {""s, "n,,"s, "n,,\1\1"s, "auth=Bearer secret\1\1"s, "n,a=me\1auth=Bearer secret\1\1"s,
        "n,a=me,auth=Bearer secret\1\1"s, "n,a=me,\1auth=Bearer secret\1"s, "n,a=me,\1host=h\1\1"s,
        "p=tls-unique,a=me,\1auth=Bearer secret\1\1"s, "n,a=m=e,\1auth=Bearer secret\1\1"s})
    EXPECT_THAT(begun("OAUTHBEARER", initial), StartsWith("malformed: ")) << initial;
}

}  // namespace
}  // namespace mailfault::sasl
