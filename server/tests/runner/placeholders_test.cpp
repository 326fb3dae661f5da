#include <gmock/gmock.h>

#include "base/error.hpp"
#include "runner/supervise.hpp"

namespace mailfault::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Placeholders values() {
  Placeholders out;
  out.port = 2525;
  out.door_ports = {{"smtp", 2525}, {"submission", 2587}, {"old-tls", 2465}};
  return out;
}

std::string error_of(const std::string& word) {
  try {
    fill_in({word}, values());
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Placeholders, AreReplacedInEachWord) {
  EXPECT_THAT(fill_in({"curl", "{url}", "--port={port}", "{host}:{port.submission}", "a{port}b{port}"}, values()),
              ElementsAre("curl", "smtp://127.0.0.1:2525", "--port=2525", "127.0.0.1:2587", "a2525b2525"));
}

TEST(Placeholders, AWholeWordBecomesAList) {
  auto given = values();
  given.scheme = "smtps";
  given.more = {{"tls", "starttls"}, {"user", "{host}"}};
  given.lists = {{"tls", {"--tls", "{port}"}}, {"auth", {}}};
  EXPECT_THAT(fill_in({"{tls}", "-{tls}", "{auth}", "{user}", "{url}"}, given),
              ElementsAre("--tls", "{port}", "-starttls", "{host}", "smtps://127.0.0.1:2525"));
}

TEST(Placeholders, OtherBracesStay) {
  for (auto word : {"{}", "{x}", "{", "}", "{{", "${HOME}", "{port", "awk '{print $1}'", "{\"a\": {\"b\": 1}}",
                    "{ port }", "{PORT}", "{port-smtp}", ""})
    EXPECT_THAT(fill_in({word}, values()), ElementsAre(word));
  EXPECT_THAT(fill_in({"{{port}}", "{a{host}"}, values()), ElementsAre("{2525}", "{a127.0.0.1"));
}

TEST(Placeholders, ValuesAreNotReadAgain) {
  auto given = values();
  given.ca = "/tmp/{port}.pem";
  EXPECT_THAT(fill_in({"{ca}"}, given), ElementsAre("/tmp/{port}.pem"));
}

TEST(Placeholders, AHostOfIpv6HasBracketsInAUrl) {
  auto given = values();
  given.host = "::1";
  EXPECT_THAT(fill_in({"{host}", "{url}"}, given), ElementsAre("::1", "smtp://[::1]:2525"));
}

TEST(Placeholders, AUrlHasTheSchemeOfItsDoor) {
  auto given = values();
  given.scheme = "lmtp";
  EXPECT_THAT(fill_in({"{url}"}, given), ElementsAre("lmtp://127.0.0.1:2525"));
  EXPECT_EQ(environment_for(given, "", "", "", "healthy", "")["SMTP_URL"], "lmtp://127.0.0.1:2525");
}

TEST(Placeholders, UnknownDoor) {
  EXPECT_EQ(error_of("{port.submision}"),
            "{port.submision}: the scenario has no such door (did you mean 'submission'?); it has {port.old-tls}, "
            "{port.smtp}, {port.submission}");
  EXPECT_THAT(error_of("{port.}"), HasSubstr("no such door"));
}

TEST(Placeholders, NoCaWithoutTls) { EXPECT_THAT(error_of("--cacert={ca}"), HasSubstr("says nothing of TLS")); }

TEST(Environment, IsWhatACommandNeeds) {
  auto all = environment_for(values(), "user@example.com", "p/ä:@s", "messages=2 auth", "banner-421", "/tmp/report");
  EXPECT_EQ(all, (std::map<std::string, std::string>{
                     {"SMTP_HOST", "127.0.0.1"},
                     {"SMTP_PORT", "2525"},
                     {"SMTP_USER", "user@example.com"},
                     {"SMTP_PASSWORD", "p/ä:@s"},
                     {"SMTP_URL", "smtp://user%40example.com:p%2F%C3%A4%3A%40s@127.0.0.1:2525"},
                     {"MAILFAULT_SMTP_PORT", "2525"},
                     {"MAILFAULT_SUBMISSION_PORT", "2587"},
                     {"MAILFAULT_OLD_TLS_PORT", "2465"},
                     {"MAILFAULT_NEEDS", "messages=2 auth"},
                     {"MAILFAULT_SCENARIO", "banner-421"},
                     {"MAILFAULT_REPORT", "/tmp/report"},
                 }));
}

TEST(Environment, WithoutALoginAndWithACa) {
  auto given = values();
  given.host = "::1";
  given.ca = "/tmp/ca.pem";
  auto all = environment_for(given, "", "", "", "healthy", "/tmp/report");
  EXPECT_EQ(all["SMTP_URL"], "smtp://[::1]:2525");
  EXPECT_EQ(all["MAILFAULT_CA"], "/tmp/ca.pem");
  EXPECT_EQ(all.at("SMTP_USER"), "");  // rather than one of the user's own
}

}  // namespace
}  // namespace mailfault::runner
