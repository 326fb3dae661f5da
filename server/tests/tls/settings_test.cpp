#include "tls/settings.hpp"

#include <gmock/gmock.h>

namespace mailfault::tls {
namespace {

using ::testing::Optional;

TEST(Version, HasItsNames) {
  EXPECT_EQ(name_of(Version::tls1_0), "TLSv1.0");
  EXPECT_EQ(name_of(Version::tls1_3), "TLSv1.3");
  for (Version each : {Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3}) {
    EXPECT_THAT(version_named(name_of(each)), Optional(each));
    EXPECT_THAT(version_named(name_of(each).substr(4)), Optional(each));
  }
  EXPECT_THAT(version_named("tlsv1.2"), Optional(Version::tls1_2));
  EXPECT_THAT(version_named("TLSv1"), Optional(Version::tls1_0));
  for (const char* wrong : {"", "TLSv", "1.4", "2", "SSLv3", "TLSv1.3 "})
    EXPECT_EQ(version_named(wrong), std::nullopt);
}

TEST(AlertNames, AreReadAndWritten) {
  for (int code = 0; code < 256; ++code) {
    EXPECT_THAT(alert_named(alert_name(static_cast<std::uint8_t>(code))), Optional(code));
  }
  EXPECT_EQ(alert_name(80), "internal_error");
  EXPECT_EQ(alert_name(200), "200");
  EXPECT_THAT(alert_named("alert 200"), Optional(200));
  for (const char* same :
       {"internal_error", "INTERNAL_ERROR", "internal error", "Internal-Error", " internal_error "}) {
    EXPECT_THAT(alert_named(same), Optional(80));
  }
  for (const char* wrong : {"", "internal", "alert", "alert 256", "alert -1", "alert 20x", "256", "0x50"}) {
    EXPECT_EQ(alert_named(wrong), std::nullopt) << wrong;
  }
}

TEST(Settings, AreLaidOverOthers) {
  Settings door, rule;
  door.certificate = "good";
  door.versions = std::vector{Version::tls1_2};
  door.record_size = 1;
  rule.certificate = "expired";
  rule.ciphers = "AES128-SHA";
  rule.groups = "P-256";
  rule.alpn = {"smtp"};
  rule.client_certificate = ClientCertificate::asked;
  rule.tickets = Tickets::none;
  rule.ocsp = Ocsp::good;
  Settings both = rule;
  both.versions = door.versions;
  both.record_size = 1;
  EXPECT_EQ(door.with(rule), both);
  EXPECT_EQ(door.with({}), door);
  EXPECT_EQ(Settings().with(door), door);
}

TEST(Settings, AreToldInWords) {
  EXPECT_EQ(words({}), "as usual");
  Settings settings;
  settings.certificate = "expired";
  settings.versions = std::vector{Version::tls1_2};
  EXPECT_EQ(words(settings), "certificate expired, TLSv1.2 only");
  const auto versions = [](std::vector<Version> those) {
    Settings one;
    one.versions = std::move(those);
    return words(one);
  };
  EXPECT_EQ(versions({Version::tls1_2, Version::tls1_0, Version::tls1_1}), "TLSv1.0 to TLSv1.2");
  EXPECT_EQ(versions({Version::tls1_0, Version::tls1_3}), "TLSv1.0 and TLSv1.3");
  EXPECT_EQ(versions({Version::tls1_3, Version::tls1_3}), "TLSv1.3 only");
  EXPECT_EQ(versions({}), "no TLS version");
  settings = {};
  settings.ciphers = "AES128-SHA";
  settings.groups = "P-521";
  settings.alpn = {"smtp", "h2"};
  settings.client_certificate = ClientCertificate::required;
  settings.tickets = Tickets::refused;
  settings.ocsp = Ocsp::expired;
  settings.record_size = 1;
  EXPECT_EQ(words(settings),
            "ciphers AES128-SHA, groups P-521, ALPN smtp h2, a client certificate required, session tickets refused, "
            "an expired OCSP response, records of at most 1 byte");
}

TEST(Known, IsWhatOpenSslTakes) {
  for (const char* good :
       {"AES256-SHA", "ECDHE+AESGCM", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA", "ALL:!RSA:-SHA:+AES",
        "DEFAULT:@SECLEVEL=0", "HIGH:@STRENGTH", "TLS_AES_128_GCM_SHA256:AES128-SHA", "eNULL"}) {
    EXPECT_EQ(unknown_cipher(good), std::nullopt) << good;
  }
  EXPECT_THAT(unknown_cipher("AES128-SHA:AES512-SHA:x"), Optional(std::string("AES512-SHA")));
  EXPECT_THAT(unknown_cipher("ALL:!ROT13"), Optional(std::string("!ROT13")));
  EXPECT_THAT(unknown_cipher("TLS_AES_512"), Optional(std::string("TLS_AES_512")));
  EXPECT_THAT(unknown_cipher("ALL:@SECLEVEL=9"), Optional(std::string("@SECLEVEL=9")));
  EXPECT_THAT(unknown_cipher(""), Optional(std::string()));
  EXPECT_EQ(unknown_group("X25519:P-521:ffdhe2048"), std::nullopt);
  EXPECT_THAT(unknown_group("X25519:P-257"), Optional(std::string("P-257")));
  EXPECT_THAT(unknown_group("P-256::P-384"), Optional(std::string()));
  EXPECT_THAT(cipher_names(), ::testing::IsSupersetOf({"AES256-SHA", "TLS_AES_128_GCM_SHA256"}));
  for (std::string_view each : group_names()) EXPECT_EQ(unknown_group(each), std::nullopt) << each;
}

}  // namespace
}  // namespace mailfault::tls
