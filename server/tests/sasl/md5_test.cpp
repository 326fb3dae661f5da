// CRAM-MD5 and DIGEST-MD5.
#include "client.hpp"

namespace mailfault::sasl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// ---------------------------------------------------------------- CRAM-MD5

const Users tim{{"tim", "tanstaaftanstaaf"}, {"t i m", "tanstaaftanstaaf"}};
const Context of_rfc2195{.users = &tim, .host = "postoffice.reston.mci.net", .nonce = "1896", .unix_time = 697170952};

std::string cram(const std::string& response) {
  const auto mechanism = make_mechanism("CRAM-MD5", of_rfc2195);
  mechanism->begin(std::nullopt);
  return words(mechanism->respond(response));
}

TEST(CramMd5, PlaysTheExampleOfTheRfc) {
  const auto mechanism = make_mechanism("CRAM-MD5", of_rfc2195);
  expect_challenge(mechanism->begin(std::nullopt), "<1896.697170952@postoffice.reston.mci.net>");
  EXPECT_EQ(words(mechanism->respond("tim b913a602c7eda7a495b4e6e7334d3890")), "accepted tim");
  EXPECT_EQ(mechanism->shown(), "tim <redacted>");
}

TEST(CramMd5, ReadsTheUserUpToTheLastSpace) {
  EXPECT_EQ(cram("t i m b913a602c7eda7a495b4e6e7334d3890"), "accepted t i m");
  EXPECT_EQ(cram("tim B913A602C7EDA7A495B4E6E7334D3890"), "accepted tim");
}

TEST(CramMd5, KnowsAResponseByItsForm) {
  for (const char* response : {"", "tim", "tim ", " ", "tim b913", "b913a602c7eda7a495b4e6e7334d3890",
                               "tim b913a602c7eda7a495b4e6e7334d3890 "})
    EXPECT_THAT(cram(response), StartsWith("malformed: ")) << response;
  EXPECT_THAT(cram("tim zzzza602c7eda7a495b4e6e7334d3890"), StartsWith("refused tim: "));
}

TEST(CramMd5, VerifiesAgainstAReplacedChallenge) {
  const auto mechanism = make_mechanism("CRAM-MD5", context());
  mechanism->begin(std::nullopt);
  mechanism->replace_challenge("no message-id");
  EXPECT_EQ(words(mechanism->respond(Client("CRAM-MD5").respond("no message-id"))), "accepted me");
  const auto other = make_mechanism("CRAM-MD5", context());
  other->begin(std::nullopt);
  EXPECT_THAT(words(other->respond(Client("CRAM-MD5").respond("no message-id"))), StartsWith("refused me"));
}

// ---------------------------------------------------------------- DIGEST-MD5

const Users chris{{"chris", "secret"}};

Context of_rfc2831(std::string service, std::string nonce) {
  return {.users = &chris, .host = "elwood.innosoft.com", .service = std::move(service), .nonce = std::move(nonce)};
}

TEST(DigestMd5, PlaysTheExamplesOfTheRfc) {
  struct Example {
    const char *service, *nonce, *response, *rspauth;
  };
  for (const Example& example : {
           Example{"imap", "OA6MG9tEQGm2hh",
                   R"(charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,)"
                   R"(cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",)"
                   R"(response=d388dad90d4bbd760a152321f2143af7,qop=auth)",
                   "ea40f60335c427b5527b84dbabcdfffd"},
           Example{"acap", "OA9BSXrbuRhWay",
                   R"(username="chris",realm="elwood.innosoft.com",nonce="OA9BSXrbuRhWay",nc=00000001,)"
                   R"(cnonce="OA9BSuZWMSpW8m",digest-uri="acap/elwood.innosoft.com",)"
                   R"(response=6084c6db3fede7352c551284490fd0fc,qop=auth)",
                   "2f0b3d7c3c2e486600ef710726aa2eae"},
       }) {
    const auto mechanism = make_mechanism("DIGEST-MD5", of_rfc2831(example.service, example.nonce));
    expect_challenge(mechanism->begin(std::nullopt), std::string(R"(realm="elwood.innosoft.com",nonce=")") +
                                                         example.nonce +
                                                         R"(",qop="auth",algorithm=md5-sess,charset=utf-8)");
    expect_challenge(mechanism->respond(example.response), std::string("rspauth=") + example.rspauth);
    EXPECT_THAT(mechanism->shown(), HasSubstr("response=<redacted>,qop=auth"));
    EXPECT_EQ(mechanism->user(), "chris");
    EXPECT_EQ(words(mechanism->respond("")), "accepted chris");
  }
}

// A right response, with what `from` names replaced.
std::string digest_with(const std::string& from, const std::string& to) {
  const auto mechanism = make_mechanism("DIGEST-MD5", context());
  std::string response = Client("DIGEST-MD5").respond(std::get<Challenge>(mechanism->begin(std::nullopt)).text);
  const auto at = response.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return words(mechanism->respond(response.replace(at, from.size(), to)));
}

TEST(DigestMd5, LooksAtEachDirective) {
  EXPECT_THAT(digest_with("charset", "charset"), StartsWith("challenge rspauth="));
  EXPECT_THAT(digest_with(",qop=auth", " , ,, qop = \"a\\uth\" "), StartsWith("challenge rspauth="));
  EXPECT_THAT(digest_with(",qop=auth", ",unknown=\"a,b=\\\"\""), StartsWith("challenge rspauth="));
  struct Case {
    const char *from, *to, *says;
  };
  for (const Case& c : {
           Case{"nonce=\"0", "nonce=\"1", "refused me: the client's nonce isn't the challenge's"},
           Case{"nc=00000001", "nc=00000002", "refused me: the client's nonce count isn't 00000001"},
           Case{"realm=\"mail", "realm=\"liam", "refused me: the client's realm wasn't offered"},
           Case{"\"smtp/", "\"imap/", "refused me: the client's digest-uri is of another service"},
           Case{"qop=auth", "qop=auth-int", "refused me: the client's qop wasn't offered"},
           Case{"=\"cnonce\"", "=\"another\"", "refused me: what the client sent doesn't fit the user's password"},
           Case{"username=\"me\"", "username=\"you\"", "refused you: there is no such user"},
           Case{"username", "name", "malformed: DIGEST-MD5 needs the directive username"},
           Case{",nonce", ",xnonce", "malformed: DIGEST-MD5 needs the directive nonce"},
           Case{"cnonce=", "dnonce=", "malformed: DIGEST-MD5 needs the directive cnonce"},
           Case{"nc=", "xc=", "malformed: DIGEST-MD5 needs the directive nc"},
           Case{"digest-uri=", "uri=", "malformed: DIGEST-MD5 needs the directive digest-uri"},
           Case{"response=", "proof=", "malformed: DIGEST-MD5 needs the directive response"},
           Case{"qop=auth", "QOP=auth,qop=auth", "malformed: DIGEST-MD5 takes each directive once"},
           Case{"qop=auth", "qop", "malformed: DIGEST-MD5 takes directives: key=value, key=\"value\""},
           Case{"qop=auth", "qop=\"auth", "malformed: DIGEST-MD5 takes directives: key=value, key=\"value\""},
           Case{"qop=auth", "qop=\"auth\\", "malformed: DIGEST-MD5 takes directives: key=value, key=\"value\""},
           Case{"qop=auth", "qop=\"auth\" x", "malformed: DIGEST-MD5 takes directives: key=value, key=\"value\""},
           Case{"qop=auth", "=auth", "malformed: DIGEST-MD5 takes directives: key=value, key=\"value\""},
       })
    EXPECT_EQ(digest_with(c.from, c.to), c.says) << c.from;
}

TEST(DigestMd5, BoundsAResponse) {
  const std::string long_value = "x=" + std::string(4096, 'y');
  EXPECT_EQ(digest_with("qop=auth", long_value), "malformed: DIGEST-MD5 takes at most 4095 bytes");
  std::string many;
  for (int i = 0; i < 33; ++i) many += 'x' + std::to_string(i) + "=1,";
  EXPECT_THAT(digest_with("qop=auth", many), StartsWith("malformed: "));
}

TEST(DigestMd5, TakesARealmLeftOut) {
  const auto mechanism = make_mechanism("DIGEST-MD5", context());
  mechanism->begin(std::nullopt);
  std::string response = Client("DIGEST-MD5").respond("realm=\"\",nonce=\"0123456789abcdef\"");
  EXPECT_THAT(words(mechanism->respond(response.erase(response.find("realm=\"\","), 9))), StartsWith("challenge"));
}

// The name as it is sent, and both as they are hashed. libgsasl converts the password only; others nothing.
TEST(DigestMd5, TakesNamesAndPasswordsAsClientsHashThem) {
  const std::string name = "jürgen", latin1_name = "j\xfcrgen", password = "grün", latin1_password = "gr\xfcn";
  struct Case {
    std::string charset, sent, hashed_name, hashed_password;
    bool accepted;
  };
  for (const Case& c : std::vector<Case>{{"charset=utf-8,", name, latin1_name, latin1_password, true},
                                         {"charset=utf-8,", name, name, latin1_password, true},
                                         {"charset=utf-8,", name, name, password, true},
                                         {"charset=UTF-8,", name, latin1_name, password, true},
                                         {"", latin1_name, latin1_name, latin1_password, true},
                                         {"", latin1_name, latin1_name, password, true},
                                         {"", name, name, password, true},
                                         {"", latin1_name, name, latin1_password, false},
                                         {"charset=utf-8,", name, "jurgen", password, false}}) {
    const auto mechanism = make_mechanism("DIGEST-MD5", context());
    mechanism->begin(std::nullopt);
    const auto md5 = [](const std::string& text) { return digest(Hash::md5, text); };
    const std::string a1 = md5(c.hashed_name + ":mail.example.com:" + c.hashed_password) + ":0123456789abcdef:c";
    const std::string proof =
        hex(md5(hex(md5(a1)) + ":0123456789abcdef:00000001:c:auth:" + hex(md5("AUTHENTICATE:smtp/h"))));
    const std::string step = words(mechanism->respond(c.charset + "username=\"" + c.sent +
                                                      "\",realm=\"mail.example.com\",nonce=\"0123456789abcdef\","
                                                      "nc=00000001,cnonce=\"c\",digest-uri=\"smtp/h\",response=" +
                                                      proof));
    EXPECT_EQ(step.starts_with("challenge rspauth="), c.accepted) << c.charset << c.sent << ": " << step;
    EXPECT_EQ(mechanism->user(), name);
  }
}

TEST(DigestMd5, VerifiesAgainstAReplacedChallenge) {
  for (const char* challenge : {"realm=\"a\",realm=\"b\",nonce=\"n\"", "nonce=\"n\",realm=\"x\""}) {
    const auto mechanism = make_mechanism("DIGEST-MD5", context());
    mechanism->begin(std::nullopt);
    mechanism->replace_challenge(challenge);
    Client client("DIGEST-MD5");
    EXPECT_THAT(words(mechanism->respond(client.respond(challenge))), StartsWith("challenge rspauth=")) << challenge;
    mechanism->replace_challenge("rspauth=00000000000000000000000000000000");
    EXPECT_EQ(words(mechanism->respond("")), "accepted me");
  }
}

TEST(DigestMd5, TheLastResponseIsEmpty) {
  const auto mechanism = make_mechanism("DIGEST-MD5", context());
  mechanism->respond(Client("DIGEST-MD5").respond(std::get<Challenge>(mechanism->begin(std::nullopt)).text));
  EXPECT_THAT(words(mechanism->respond("x")), StartsWith("malformed: "));
}

}  // namespace
}  // namespace mailfault::sasl
