#include "tls/engine.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "pair.hpp"
#include "tls/record.hpp"

namespace mailfault::tls {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Test;
using ::testing::TestWithParam;
using State = Engine::State;
using Names = std::vector<std::string>;

constexpr std::array every_version{Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3};

const std::vector<std::string> full_1_3{"server_hello",       "change_cipher_spec", "encrypted_extensions",
                                        "certificate",        "certificate_verify", "finished",
                                        "new_session_ticket", "new_session_ticket"};
const std::vector<std::string> full_1_2{"server_hello",      "certificate",        "server_key_exchange",
                                        "server_hello_done", "new_session_ticket", "change_cipher_spec",
                                        "finished"};

TEST(Handshake, ComesUpInEveryVersionAndSplit) {
  for (Version version : every_version) {
    for (std::size_t split : {1U, 2U, 7U, 600U, 1U << 20}) {
      SCOPED_TRACE(std::string(name_of(version)) + " in chunks of " + std::to_string(split));
      Pair pair(only(version), {}, split);
      pair.run();
      ASSERT_EQ(pair.engine.state(), State::up) << pair.engine.why() << pair.client.error();
      EXPECT_EQ(pair.engine.facts().version, name_of(version));
      EXPECT_EQ(pair.engine.facts().cipher, SSL_get_cipher_name(pair.client.ssl()));
      EXPECT_EQ(pair.engine.facts().group, "X25519");
      EXPECT_EQ(pair.engine.facts().alpn, "");
      EXPECT_EQ(pair.engine.facts().client_certificate, "");
      EXPECT_FALSE(pair.engine.facts().resumed);
      EXPECT_THAT(pair.names, ElementsAreArray(version == Version::tls1_3 ? full_1_3 : full_1_2));
      pair.expect_talk();
      EXPECT_EQ(pair.names.back(), "application_data");
      EXPECT_THAT(pair.engine.alerts(), IsEmpty());
    }
  }
}

TEST(Handshake, IsOf12And13WhereNothingIsSaid) {
  ClientOptions options;
  options.most = TLS1_2_VERSION;
  EXPECT_EQ(Pair({}, options).run().engine.facts().version, "TLSv1.2");
  EXPECT_EQ(Pair().run().engine.facts().version, "TLSv1.3");
  options.most = TLS1_1_VERSION;
  Pair old({}, options);
  old.run();
  EXPECT_EQ(old.engine.state(), State::failed);
  EXPECT_EQ(old.client.error(), "tlsv1 alert protocol version");
  EXPECT_THAT(old.engine.why(), HasSubstr("unsupported protocol"));
  EXPECT_THAT(old.engine.why(), HasSubstr("alert protocol_version sent"));
}

TEST(Handshake, LeavesOutVersionsInTheMiddle) {
  Settings settings;
  settings.versions = std::vector{Version::tls1_0, Version::tls1_3};
  ClientOptions options;
  options.most = TLS1_2_VERSION;
  EXPECT_EQ(Pair(settings, options).run().engine.facts().version, "TLSv1.0");
  EXPECT_EQ(Pair(settings).run().engine.facts().version, "TLSv1.3");
}

TEST(Handshake, ShowsWhatTheClientAsksFor) {
  ClientOptions options;
  options.sni = "mail.example.net";
  options.alpn = {"smtp", "h2"};
  options.asks_ocsp = true;
  Pair pair({}, options);
  pair.answers = false;
  pair.collect();
  ASSERT_EQ(pair.engine.state(), State::paused);
  EXPECT_EQ(pair.engine.next(), std::nullopt);
  const Hello& hello = pair.engine.hello();
  EXPECT_EQ(hello.sni, "mail.example.net");
  EXPECT_THAT(hello.alpn, ElementsAre("smtp", "h2"));
  EXPECT_THAT(hello.versions, ElementsAre("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0"));
  EXPECT_TRUE(hello.asks_ocsp);
  EXPECT_FALSE(hello.resumes);
  EXPECT_THAT(hello.ciphers, ::testing::Contains(0x1302));
  pair.engine.answer({}, {}, usual_identity());
  pair.answers = true;
  pair.run();
  EXPECT_EQ(pair.engine.state(), State::up);
  EXPECT_EQ(pair.engine.hello().sni, "mail.example.net");
}

TEST(Handshake, ChoosesCiphers) {
  const auto cipher = [](Settings settings, const std::string& ciphers) {
    settings.ciphers = ciphers;
    return Pair(settings).run().engine.facts().cipher;
  };
  EXPECT_EQ(cipher(only(Version::tls1_2), "ECDHE-ECDSA-AES128-SHA"), "ECDHE-ECDSA-AES128-SHA");
  EXPECT_EQ(cipher(only(Version::tls1_2), "ECDHE-ECDSA-NULL-SHA"), "");  // which the client doesn't offer
  EXPECT_EQ(cipher({}, "TLS_CHACHA20_POLY1305_SHA256"), "TLS_CHACHA20_POLY1305_SHA256");
  EXPECT_EQ(cipher({}, "TLS_AES_128_GCM_SHA256:AES128-SHA"), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(cipher(only(Version::tls1_2), "TLS_AES_128_GCM_SHA256: ECDHE+AESGCM : !AES256"),
            "ECDHE-ECDSA-AES128-GCM-SHA256");

  Settings none = only(Version::tls1_2);
  none.ciphers = "AES128-SHA";  // for which the certificate has no RSA key
  Pair pair(none);
  pair.run();
  EXPECT_EQ(pair.client.error(), "sslv3 alert handshake failure");
  EXPECT_THAT(pair.engine.why(), HasSubstr("no shared cipher"));
}

TEST(Handshake, RefusesSettingsThatOpenSslCannotTake) {
  const auto what = [](const Settings& settings) -> std::string {
    Pair pair(settings);
    try {
      pair.run();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  Settings settings;
  settings.ciphers = "ECDHE-ECDSA-AES128-SHA:ROT13";
  EXPECT_THAT(what(settings), HasSubstr("no cipher 'ROT13'"));
  settings.ciphers = "TLS_ROT13";
  EXPECT_THAT(what(settings), HasSubstr("no cipher 'TLS_ROT13'"));
  settings.ciphers = "";
  EXPECT_THAT(what(settings), HasSubstr("list of ciphers is empty"));
  settings = {};
  settings.groups = "X25519:P-999";
  EXPECT_THAT(what(settings), HasSubstr("no group 'P-999'"));
  settings = {};
  settings.versions.emplace();
  EXPECT_THAT(what(settings), HasSubstr("no version"));
  settings = {};
  settings.alpn = {std::string(256, 'a')};
  EXPECT_THAT(what(settings), HasSubstr("ALPN name has 1 to 255 bytes"));
}

TEST(Handshake, AsksForAnotherGroup) {
  for (std::size_t split : {1U, 1U << 20}) {
    Settings settings;
    settings.groups = "P-521";
    ClientOptions options;
    options.groups = "X25519:P-521";
    Pair pair(settings, options, split);
    pair.run();
    ASSERT_EQ(pair.engine.state(), State::up) << pair.engine.why();
    EXPECT_EQ(pair.engine.facts().group, "P-521");
    EXPECT_THAT(pair.names, ElementsAre("hello_retry_request", "change_cipher_spec", "server_hello",
                                        "encrypted_extensions", "certificate", "certificate_verify", "finished",
                                        "new_session_ticket", "new_session_ticket"));
    EXPECT_TRUE(pair.engine.seal(type_application_data, "sealed"));  // so the numbers are right after it
    pair.run();
    EXPECT_EQ(pair.client.received, "sealed") << pair.client.error();
  }
}

TEST(Handshake, TalksAlpn) {
  ClientOptions options;
  options.alpn = {"h2", "smtp"};
  Settings settings;
  settings.alpn = {"smtp", "h2"};
  Pair both(settings, options);
  EXPECT_EQ(both.run().engine.facts().alpn, "smtp");
  settings.alpn = {"imap"};
  Pair none(settings, options);
  none.run();
  EXPECT_EQ(none.engine.state(), State::failed);
  EXPECT_THAT(none.client.alerts(), ElementsAre(120));
  Pair silent(settings);
  EXPECT_EQ(silent.run().engine.facts().alpn, "");
  EXPECT_EQ(silent.engine.state(), State::up);
}

TEST(Handshake, TellsTheKeyLog) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    std::string log;
    Pair pair(only(version));
    pair.engine.on_key([&](const std::string& line) { log += line + "\n"; });
    pair.run();
    EXPECT_THAT(log, HasSubstr(version == Version::tls1_2 ? "CLIENT_RANDOM " : "SERVER_TRAFFIC_SECRET_0 "));
  }
}

TEST(Handshake, CutsALongCertificateIntoRecordsOfOneMessage) {
  auto fat = std::make_shared<Identity>();
  fat->leaf = share(usual_identity()->leaf.get());
  fat->key = share(usual_identity()->key.get());
  for (int i = 0; i < 100; ++i) fat->chain.push_back(share(usual_identity()->leaf.get()));
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    Pair pair(only(version));
    pair.identity = fat;
    std::size_t records = 0;
    pair.stops = [&](std::string_view name) { return name == "certificate"; };
    pair.run();
    records = records_in(pair.engine.next()->bytes).size();
    EXPECT_GE(records, 2U);
    EXPECT_EQ(pair.engine.next_name(), version == Version::tls1_2 ? "server_key_exchange" : "certificate_verify");
  }
}

// The client's word on the alert: OpenSSL's reasons are the number and 1,000.
TEST(Alerts, ReachTheClientBeforeAnyAnswer) {
  for (int code = 1; code < 256; ++code) {
    if (code == 90) continue;  // user_canceled, which OpenSSL 3.0's client takes for a warning
    Pair pair;
    pair.answers = false;
    pair.collect();
    EXPECT_TRUE(pair.engine.alert(static_cast<std::uint8_t>(code)));
    pair.run();
    EXPECT_EQ(pair.engine.state(), State::failed);
    EXPECT_THAT(pair.client.alerts(), ElementsAre(code));
    EXPECT_THAT(pair.engine.why(), HasSubstr(alert_name(static_cast<std::uint8_t>(code))));
    ASSERT_EQ(pair.engine.alerts().size(), 1U);
    EXPECT_FALSE(pair.engine.alerts()[0].from_client);
    EXPECT_TRUE(pair.engine.alerts()[0].fatal);
    EXPECT_EQ(pair.engine.alerts()[0].code, code);
  }
}

TEST(Alerts, ReachTheClientInPlaceOfEachMessage) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    for (const std::string& message : version == Version::tls1_3 ? full_1_3 : full_1_2) {
      SCOPED_TRACE(std::string(name_of(version)) + " " + message);
      Pair pair(only(version));
      pair.stops = [&](std::string_view name) { return name == message; };
      pair.run();
      ASSERT_EQ(pair.engine.next_name(), message);
      pair.engine.drop();
      EXPECT_EQ(pair.engine.next_name(), "");
      EXPECT_TRUE(pair.engine.alert(80));
      pair.run();
      // Before the Finished of TLS 1.2 OpenSSL looks at no record's content.
      const bool unread = version == Version::tls1_2 && message == "finished";
      EXPECT_EQ(pair.client.error(), unread ? "data between ccs and finished" : "tlsv1 alert internal error");
      EXPECT_EQ(pair.names.back(), "alert");
    }
  }
}

TEST(Alerts, ComeFromTheClient) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    Pair pair(only(version));
    SSL_set_verify(pair.client.ssl(), SSL_VERIFY_PEER, nullptr);  // and it knows nobody
    pair.run();
    EXPECT_EQ(pair.engine.state(), State::failed);
    EXPECT_EQ(pair.engine.why(), "the client sent the alert unknown_ca");
    ASSERT_THAT(pair.engine.alerts(), Not(IsEmpty()));
    EXPECT_TRUE(pair.engine.alerts()[0].from_client);
    EXPECT_EQ(pair.engine.alerts()[0].code, 48);
  }
}

struct SealCase {
  Version version;
  std::string ciphers;
};

class Seals : public TestWithParam<SealCase> {
 public:
  Pair up() {
    Settings settings = only(GetParam().version);
    settings.ciphers = GetParam().ciphers;
    return Pair(settings);
  }
};

TEST_P(Seals, WhatTheClientReads) {
  Pair pair = up();
  pair.run();
  ASSERT_EQ(pair.engine.facts().cipher, GetParam().ciphers);
  pair.expect_talk();
  pair.client.received.clear();
  EXPECT_TRUE(pair.engine.seal(type_application_data, ""));
  EXPECT_TRUE(pair.engine.seal(type_application_data, "250 Ok\r\n"));
  EXPECT_TRUE(pair.engine.seal(type_application_data, std::string(16384, 'x')));
  pair.run();
  EXPECT_EQ(pair.client.received, "250 Ok\r\n" + std::string(16384, 'x')) << pair.client.error();
  EXPECT_EQ(pair.client.error(), "");
  pair.expect_talk();  // from here on by us
  pair.engine.close_notify();
  pair.engine.write("after the end");
  EXPECT_EQ(pair.engine.next_name(), "alert");
  pair.run();
  EXPECT_TRUE(pair.client.ended());
  EXPECT_EQ(pair.names.back(), "application_data");
}

TEST_P(Seals, WhatTheClientRefuses) {
  const bool tls13 = GetParam().version == Version::tls1_3;
  struct Case {
    std::uint8_t type;
    std::string content;
    std::string error;
    std::uint8_t alert;
  };
  const std::vector<Case> cases{
      {type_application_data, std::string(16385, 'x'), "data length too long", 22},
      {type_application_data, std::string(60000, 'x'), "packet length too long", 22},
      {99, "what is this", tls13 ? "bad record type" : "unexpected record", 10},
      {type_alert, std::string("\x02\x50"), "tlsv1 alert internal error", 80},
      {type_alert, "x", "invalid alert", 10},
      {type_handshake, std::string("\xFE\0\0\0", 4), "unexpected message", 10},
  };
  for (const Case& each : cases) {
    Pair pair = up();
    pair.run();
    EXPECT_TRUE(pair.engine.seal(each.type, each.content));
    pair.run();
    EXPECT_EQ(pair.client.error(), each.error) << static_cast<int>(each.type) << " " << each.content.size();
    if (each.type == type_alert && each.content.size() == 2) continue;
    // What the client says to it is read, though OpenSSL writes no more.
    ASSERT_EQ(pair.engine.alerts().size(), 1U) << each.error;
    EXPECT_TRUE(pair.engine.alerts()[0].from_client);
    EXPECT_EQ(pair.engine.state(), State::failed);
    EXPECT_THAT(pair.engine.why(), HasSubstr("the client sent the alert"));
  }
}

TEST_P(Seals, AnAlert) {
  Pair pair = up();
  pair.run();
  pair.engine.write("250 Ok\r\n");
  EXPECT_TRUE(pair.engine.alert(86));
  EXPECT_FALSE(pair.engine.key_update(false));
  pair.run();
  EXPECT_EQ(pair.client.received, "250 Ok\r\n");
  EXPECT_EQ(pair.client.error(), "tlsv1 alert inappropriate fallback");
}

TEST_P(Seals, WithABitFlipped) {
  Pair pair = up();
  pair.run();
  pair.engine.write("250 Ok\r\n");
  pair.give(with_bit_flipped(pair.engine.next()->bytes));
  pair.run();
  EXPECT_NE(pair.client.error(), "");  // OpenSSL's words differ with the cipher
  EXPECT_EQ(pair.engine.why(), "the client sent the alert bad_record_mac");
}

TEST_P(Seals, NoMoreThanARecordHolds) {
  Pair pair = up();
  pair.run();
  EXPECT_THROW(pair.engine.seal(type_application_data, std::string(65535, 'x')), Error);
  EXPECT_EQ(pair.engine.next_name(), "");
  pair.expect_talk();
}

INSTANTIATE_TEST_SUITE_P(EverySuite, Seals,
                         ::testing::Values(SealCase{Version::tls1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"},
                                           SealCase{Version::tls1_2, "ECDHE-ECDSA-AES256-GCM-SHA384"},
                                           SealCase{Version::tls1_2, "ECDHE-ECDSA-CHACHA20-POLY1305"},
                                           SealCase{Version::tls1_3, "TLS_AES_128_GCM_SHA256"},
                                           SealCase{Version::tls1_3, "TLS_AES_256_GCM_SHA384"},
                                           SealCase{Version::tls1_3, "TLS_CHACHA20_POLY1305_SHA256"}),
                         [](const auto& each) {
                           std::string name = each.param.ciphers;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Seal, LeavesInClearWhereItCannot) {
  Settings settings = only(Version::tls1_2);
  settings.ciphers = "ECDHE-ECDSA-AES128-SHA";
  Pair pair(settings);
  pair.run();
  EXPECT_FALSE(pair.engine.alert(80));
  EXPECT_EQ(pair.engine.next()->bytes, record(type_alert, 0x0303, "\x02\x50"));

  Pair after(settings);  // a close_notify, behind which only a seal of ours could say more
  after.run();
  after.engine.close_notify();
  after.engine.write("in clear?");
  EXPECT_EQ(after.engine.next()->name, "alert");
  EXPECT_EQ(after.engine.next(), std::nullopt);

  Pair old(only(Version::tls1_0));
  old.run();
  EXPECT_FALSE(old.engine.seal(type_alert, "\x02\x50"));
  EXPECT_EQ(old.engine.next()->bytes, record(type_alert, 0x0301, "\x02\x50"));
}

TEST(Seal, InClearBeforeTheKeys) {
  Pair pair;
  pair.answers = false;
  pair.collect();
  EXPECT_TRUE(pair.engine.seal(99, "abc"));
  EXPECT_EQ(pair.engine.next()->bytes, record(99, 0x0301, "abc"));
  pair.engine.answer({}, {}, usual_identity());  // and the handshake goes on
  pair.answers = true;
  pair.run();
  EXPECT_EQ(pair.engine.state(), State::up);
}

TEST(Seal, InPlaceOfAMessageOf13) {
  Pair pair;
  pair.stops = [](std::string_view name) { return name == "certificate"; };
  pair.run();
  pair.engine.drop();
  EXPECT_TRUE(pair.engine.seal(type_handshake, ""));
  pair.run();
  EXPECT_EQ(pair.client.error(), "bad length");
  EXPECT_EQ(pair.engine.why(), "the client sent the alert unexpected_message");
}

TEST(Seal, BehindAFlightThatTheClientHasNotAnswered) {
  Pair pair;
  pair.collect();  // the server's flight waits
  EXPECT_TRUE(pair.engine.seal(type_application_data, "220 early\r\n"));
  pair.run();
  EXPECT_EQ(pair.client.received, "220 early\r\n") << pair.client.error();
  EXPECT_EQ(pair.engine.state(), State::up);
  pair.expect_talk();
}

TEST(KeyUpdate, InTheMiddleOfData) {
  for (bool asks : {false, true}) {
    Pair pair;
    pair.run();
    pair.expect_talk();
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(pair.engine.key_update(asks));
      pair.engine.write("354 Go on\r\n");
      EXPECT_EQ(pair.engine.next_name(), "key_update");
      pair.run();
      pair.expect_talk();
    }
    EXPECT_EQ(pair.client.error(), "");
    EXPECT_TRUE(pair.engine.seal(type_application_data, ""));  // ours from here on, under the fourth keys
    pair.expect_talk();
    EXPECT_TRUE(pair.engine.key_update(asks));
    EXPECT_EQ(pair.engine.next_name(),
              "application_data" == pair.engine.next_name() ? "application_data" : "key_update");
    pair.expect_talk();
    EXPECT_TRUE(pair.engine.alert(80));
    pair.run();
    EXPECT_EQ(pair.client.error(), "tlsv1 alert internal error");
  }
}

TEST(KeyUpdate, OfTheClient) {
  Pair pair;
  pair.run();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(SSL_key_update(pair.client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    pair.expect_talk();
  }
  EXPECT_THAT(pair.names, ::testing::Contains("key_update"));
  EXPECT_TRUE(pair.engine.seal(type_application_data, "sealed"));
  pair.client.received.clear();
  pair.run();
  EXPECT_EQ(pair.client.received, "sealed");
}

TEST(KeyUpdate, IsNotOf12) {
  Pair pair(only(Version::tls1_2));
  EXPECT_FALSE(pair.engine.key_update(true));
  pair.run();
  EXPECT_FALSE(pair.engine.key_update(true));
  pair.expect_talk();
}

TEST(Renegotiation, Of12AndBefore) {
  for (Version version : {Version::tls1_0, Version::tls1_1, Version::tls1_2}) {
    for (std::size_t split : {1U, 1U << 20}) {
      Pair pair(only(version), {}, split);
      EXPECT_FALSE(pair.engine.renegotiate());
      pair.run();
      pair.expect_talk();
      pair.names.clear();
      EXPECT_TRUE(pair.engine.renegotiate());
      pair.engine.write("250 in the middle\r\n");
      pair.run();
      EXPECT_EQ(pair.names.front(), "hello_request");
      EXPECT_THAT(pair.names, ::testing::IsSupersetOf({"hello_request", "server_hello", "finished"}));
      EXPECT_EQ(pair.engine.state(), State::up) << pair.engine.why();
      EXPECT_EQ(pair.client.error(), "");
      pair.expect_talk();
      if (version == Version::tls1_2) {
        EXPECT_TRUE(pair.engine.seal(type_application_data, "sealed"));
        pair.client.received.clear();
        pair.run();
        EXPECT_EQ(pair.client.received, "sealed") << pair.client.error();
        EXPECT_FALSE(pair.engine.renegotiate());
      }
    }
  }
}

TEST(Renegotiation, WaitsWithDataWhileItIsUnderWay) {
  Pair pair(only(Version::tls1_2));
  pair.run();
  EXPECT_TRUE(pair.engine.renegotiate());
  pair.stops = [](std::string_view name) { return name == "server_hello_done"; };
  pair.run();
  pair.engine.write("250 later\r\n");
  pair.stops = nullptr;
  pair.run();
  EXPECT_EQ(pair.client.received, "250 later\r\n");
  EXPECT_EQ(pair.names.back(), "application_data");
}

TEST(Renegotiation, IsNotOf13) {
  Pair pair;
  pair.run();
  EXPECT_FALSE(pair.engine.renegotiate());
}

TEST(Renegotiation, ThatTheClientRefuses) {
  Pair pair(only(Version::tls1_2));
  pair.run();
  SSL_set_options(pair.client.ssl(), SSL_OP_NO_RENEGOTIATION);
  EXPECT_TRUE(pair.engine.renegotiate());
  pair.run();
  ASSERT_THAT(pair.engine.alerts(), Not(IsEmpty()));
  EXPECT_EQ(pair.engine.alerts()[0].code, 100);
}

class Resumes : public TestWithParam<Version> {};

TEST_P(Resumes, ByItsTicket) {
  Pair first(only(GetParam()));
  first.run();
  ASSERT_NE(first.client.session(), nullptr);
  ClientOptions back;
  back.session = first.client.session();
  Pair second(only(GetParam()), back);
  second.identity = self_signed("other.example");  // another certificate, and still the same tickets
  second.run();
  EXPECT_TRUE(second.engine.hello().resumes);
  EXPECT_TRUE(second.engine.facts().resumed);
  EXPECT_TRUE(SSL_session_reused(second.client.ssl()));
  if (GetParam() == Version::tls1_3) {
    EXPECT_THAT(second.names, ElementsAre("server_hello", "change_cipher_spec", "encrypted_extensions", "finished",
                                          "new_session_ticket"));
  } else {
    EXPECT_THAT(second.names, ElementsAre("server_hello", "change_cipher_spec", "finished"));
  }
  second.expect_talk();
  if (GetParam() < Version::tls1_2) return;
  EXPECT_TRUE(second.engine.seal(type_application_data, "sealed"));
  second.client.received.clear();
  second.run();
  EXPECT_EQ(second.client.received, "sealed") << second.client.error();
}

TEST_P(Resumes, NotWithoutTickets) {
  Settings settings = only(GetParam());
  settings.tickets = Tickets::none;
  Pair first(settings);
  first.run();
  EXPECT_EQ(first.engine.state(), State::up);
  EXPECT_THAT(first.names, Not(::testing::Contains("new_session_ticket")));
  ClientOptions back;
  back.session = first.client.session();
  EXPECT_FALSE(Pair(settings, back).run().engine.facts().resumed);
}

TEST_P(Resumes, NotWhenRefused) {
  Settings settings = only(GetParam());
  settings.tickets = Tickets::refused;
  Pair first(settings);
  first.run();
  EXPECT_THAT(first.names, ::testing::Contains("new_session_ticket"));
  ASSERT_NE(first.client.session(), nullptr);
  ClientOptions back;
  back.session = first.client.session();
  Pair second(settings, back);
  second.run();
  EXPECT_EQ(second.engine.state(), State::up) << second.engine.why();
  EXPECT_TRUE(second.engine.hello().resumes);
  EXPECT_FALSE(second.engine.facts().resumed);
  EXPECT_THAT(second.names, ::testing::IsSupersetOf({"certificate", "new_session_ticket"}));
  second.expect_talk();
}

TEST_P(Resumes, ToAnAlert) {
  Settings settings = only(GetParam());
  settings.tickets = Tickets::broken;
  Pair first(settings);
  first.run();
  EXPECT_EQ(first.engine.state(), State::up);
  EXPECT_FALSE(first.engine.hello().resumes);
  ClientOptions back;
  back.session = first.client.session();
  Pair second(settings, back);
  second.run();
  EXPECT_EQ(second.engine.state(), State::failed);
  EXPECT_THAT(second.engine.why(), HasSubstr("session ticket"));
  EXPECT_EQ(second.client.error(), "tlsv1 alert internal error");
}

INSTANTIATE_TEST_SUITE_P(EveryVersion, Resumes, ::testing::ValuesIn(every_version),
                         [](const auto& each) { return "tls1_" + std::to_string(static_cast<int>(each.param)); });

class ClientCertificates : public TestWithParam<Version> {
 public:
  std::unique_ptr<Pair> run(ClientCertificate wanted, const std::shared_ptr<const Identity>& has) {
    Settings settings = only(GetParam());
    settings.client_certificate = wanted;
    ClientOptions options;
    options.certificate = has;
    auto pair = std::make_unique<Pair>(settings, options);
    pair->run();
    return pair;
  }
};

TEST_P(ClientCertificates, Asked) {
  const auto without = run(ClientCertificate::asked, nullptr);
  EXPECT_EQ(without->engine.state(), State::up);
  EXPECT_EQ(without->engine.facts().client_certificate, "");
  EXPECT_EQ(without->engine.facts().client_verify, "");
  EXPECT_THAT(without->names, ::testing::Contains("certificate_request"));
  const auto with = run(ClientCertificate::asked, self_signed("client.example"));
  EXPECT_EQ(with->engine.state(), State::up) << with->engine.why();
  EXPECT_EQ(with->engine.facts().client_certificate, "CN=client.example");
  EXPECT_EQ(with->engine.facts().client_verify, "self-signed certificate");
}

TEST_P(ClientCertificates, Required) {
  const auto without = run(ClientCertificate::required, nullptr);
  EXPECT_EQ(without->engine.state(), State::failed);
  EXPECT_THAT(without->engine.why(), HasSubstr("peer did not return a certificate"));
  ASSERT_EQ(without->engine.alerts().size(), 1U);
  EXPECT_EQ(alert_name(without->engine.alerts()[0].code),
            GetParam() == Version::tls1_3 ? "certificate_required" : "handshake_failure");
  EXPECT_THAT(without->client.error(), HasSubstr(GetParam() == Version::tls1_3 ? "certificate required" : "failure"));
  const auto with = run(ClientCertificate::required, self_signed("client.example"));
  EXPECT_EQ(with->engine.state(), State::up) << with->engine.why();
  EXPECT_EQ(with->engine.facts().client_certificate, "CN=client.example");
}

TEST_P(ClientCertificates, Verified) {
  const auto without = run(ClientCertificate::verified, nullptr);
  EXPECT_EQ(without->engine.state(), State::failed);
  const auto wrong = run(ClientCertificate::verified, self_signed("client.example"));
  EXPECT_EQ(wrong->engine.state(), State::failed);
  EXPECT_THAT(wrong->engine.why(), HasSubstr("the client's certificate: self-signed certificate"));
  EXPECT_EQ(wrong->engine.facts().client_certificate, "CN=client.example");
  EXPECT_THAT(wrong->client.alerts(), Not(IsEmpty()));
  const auto right = run(ClientCertificate::verified, mint("no_eku", {}));
  EXPECT_EQ(right->engine.state(), State::up) << right->engine.why();
  EXPECT_EQ(right->engine.facts().client_verify, "ok");
}

TEST_P(ClientCertificates, AreKnownAgainWhenResumed) {
  Settings settings = only(GetParam());
  settings.client_certificate = ClientCertificate::required;
  ClientOptions options;
  options.certificate = self_signed("client.example");
  Pair first(settings, options);
  first.run();
  ASSERT_NE(first.client.session(), nullptr);
  options.session = first.client.session();
  Pair second(settings, options);
  second.run();
  EXPECT_TRUE(second.engine.facts().resumed);
  EXPECT_EQ(second.engine.facts().client_certificate, "CN=client.example");
  EXPECT_EQ(second.engine.facts().client_verify, "self-signed certificate");
}

INSTANTIATE_TEST_SUITE_P(EveryVersion, ClientCertificates,
                         ::testing::Values(Version::tls1_0, Version::tls1_2, Version::tls1_3),
                         [](const auto& each) { return "tls1_" + std::to_string(static_cast<int>(each.param)); });

TEST(Staple, Arrives) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    for (Ocsp answer : {Ocsp::none, Ocsp::good, Ocsp::revoked, Ocsp::expired, Ocsp::malformed}) {
      Settings settings = only(version);
      settings.ocsp = answer;
      ClientOptions options;
      options.asks_ocsp = true;
      Pair pair(settings, options);
      pair.identity = mint("good", {});
      pair.run();
      EXPECT_EQ(pair.engine.state(), State::up) << pair.engine.why();
      const unsigned char* response = nullptr;
      const long size = SSL_get_tlsext_status_ocsp_resp(pair.client.ssl(), &response);
      const std::string came(reinterpret_cast<const char*>(response), static_cast<std::size_t>(std::max(size, 0L)));
      EXPECT_EQ(came.empty(), answer == Ocsp::none);
      if (answer == Ocsp::malformed) {
        EXPECT_EQ(came, ocsp_response(*pair.identity, answer));
      }
      const bool apart = version == Version::tls1_2 && answer != Ocsp::none;
      EXPECT_EQ(std::count(pair.names.begin(), pair.names.end(), "certificate_status"), apart ? 1 : 0);
    }
  }
}

TEST(Staple, OnlyWhereAsked) {
  Settings settings;
  settings.ocsp = Ocsp::good;
  Pair pair(settings);
  pair.identity = mint("good", {});
  pair.run();
  EXPECT_EQ(pair.engine.state(), State::up);
  const unsigned char* response = nullptr;
  EXPECT_LE(SSL_get_tlsext_status_ocsp_resp(pair.client.ssl(), &response), 0);
}

TEST(Recipe, OfTheSettings) {
  Settings settings;
  settings.certificate = "good";
  Pair pair(settings);
  pair.identity = nullptr;
  pair.run();
  EXPECT_EQ(pair.engine.state(), State::up);
  settings.certificate = "no such";
  Pair wrong(settings);
  wrong.identity = nullptr;
  EXPECT_THROW(wrong.run(), Error);
}

TEST(Close, ByUs) {
  for (Version version : every_version) {
    Pair pair(only(version));
    pair.run();
    pair.engine.write("221 Bye\r\n");
    pair.engine.close_notify();
    pair.engine.close_notify();
    pair.run();
    EXPECT_EQ(pair.client.received, "221 Bye\r\n");
    EXPECT_TRUE(pair.client.ended());
    EXPECT_EQ(std::count(pair.names.begin(), pair.names.end(), "alert"), 1);
    // It is half closed: the client may go on.
    pair.client.write("QUIT\r\n");
    pair.run();
    EXPECT_EQ(pair.engine.read(), "QUIT\r\n");
    SSL_shutdown(pair.client.ssl());
    pair.run();
    EXPECT_EQ(pair.engine.state(), State::ended);
    EXPECT_EQ(pair.engine.why(), "");
    EXPECT_EQ(pair.engine.alerts().size(), 2U);
  }
}

TEST(Close, ByTheClient) {
  for (Version version : every_version) {
    Pair pair(only(version));
    pair.run();
    pair.client.write("QUIT\r\n");
    SSL_shutdown(pair.client.ssl());
    pair.run();
    EXPECT_EQ(pair.engine.state(), State::ended);
    EXPECT_EQ(pair.engine.read(), "QUIT\r\n");
    ASSERT_EQ(pair.engine.alerts().size(), 1U);
    EXPECT_TRUE(pair.engine.alerts()[0].from_client);
    EXPECT_FALSE(pair.engine.alerts()[0].fatal);
    pair.engine.write("221 Bye\r\n");
    pair.run();
    EXPECT_EQ(pair.client.received, "221 Bye\r\n");
  }
}

TEST(Close, BeforeItIsUp) {
  Pair pair;
  pair.engine.close_notify();
  EXPECT_EQ(pair.engine.next()->bytes, record(type_alert, 0x0301, std::string_view("\x01\x00", 2)));
  Engine told;
  told.feed(record(type_alert, 0x0301, std::string_view("\x01\x00", 2)));
  EXPECT_EQ(told.state(), State::ended);
  Engine refused;
  refused.feed(record(type_alert, 0x0301, "\x02\x28"));
  EXPECT_EQ(refused.state(), State::failed);
  EXPECT_EQ(refused.why(), "the client sent the alert handshake_failure");
}

TEST(Data, InRecordsOfTheSizeThatIsSet) {
  for (Version version : every_version) {
    Settings settings = only(version);
    settings.record_size = 1;
    Pair pair(settings);
    pair.run();
    pair.names.clear();
    pair.engine.write("250 Ok\r\n");
    pair.run();
    EXPECT_EQ(pair.client.received, "250 Ok\r\n");
    EXPECT_EQ(pair.names, Names(8, "application_data"));
    pair.engine.set_record_size(3);
    pair.engine.write("250 Ok\r\n");
    pair.run();
    EXPECT_EQ(pair.names.size(), 11U);
    pair.engine.set_record_size(1 << 20);
    pair.engine.write(std::string(40000, 'x'));
    pair.run();
    EXPECT_EQ(pair.names.size(), 14U);
    EXPECT_EQ(pair.client.received.size(), 16U + 40000U);
  }
}

TEST(Data, WaitsForTheHandshake) {
  Pair pair;
  pair.engine.write("220 mx.example.com\r\n");
  pair.run();
  EXPECT_EQ(pair.client.received, "220 mx.example.com\r\n");
}

TEST(Data, OfManyBytesBothWays) {
  for (Version version : every_version) {
    Pair pair(only(version), {}, 1000);
    pair.run();
    const std::string text(300000, 'x');
    pair.engine.write(text);
    pair.client.write(text);
    pair.run();
    EXPECT_EQ(pair.client.received, text);
    std::string came;
    for (std::string part = pair.engine.read(777); !part.empty(); part = pair.engine.read(777)) {
      EXPECT_LE(part.size(), 777U);
      came += part;
    }
    EXPECT_EQ(came, text);
  }
}

TEST(Data, ThatIsNoTlsAnyMore) {
  Pair pair;
  pair.run();
  pair.engine.feed("QUIT\r\n");
  EXPECT_EQ(pair.engine.state(), State::failed);
  EXPECT_THAT(pair.engine.why(), HasSubstr("the client spoke in clear: QUIT"));
  EXPECT_EQ(pair.engine.next_name(), "alert");
}

TEST(Damage, OfTheServerHello) {
  struct Case {
    std::string_view what;
    std::function<std::string(std::string_view)> damage;
    std::string error;
  };
  const std::vector<Case> cases{
      {"version", [](std::string_view bytes) { return with_version(bytes, 0x0505); }, "wrong version number"},
      {"length", [](std::string_view bytes) { return with_length(bytes, 0xFFFF); }, "packet length too long"},
      {"empty", [](std::string_view) { return record(type_handshake, 0x0303, ""); }, ""},
      {"recut", [](std::string_view bytes) { return recut(bytes, 1); }, ""},
      {"text", [](std::string_view) { return std::string("220 mx.example.com ESMTP\r\n"); }, "wrong version number"},
  };
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    for (const Case& each : cases) {
      SCOPED_TRACE(each.what);
      Pair pair(only(version));
      pair.stops = [](std::string_view name) { return name == "server_hello"; };
      pair.run();
      pair.give(each.damage(pair.engine.next()->bytes));
      pair.stops = nullptr;
      if (each.what == "empty") continue;
      pair.run();
      EXPECT_EQ(pair.client.error(), each.error);
      // OpenSSL's client answers what isn't TLS with silence.
      const bool silent = each.error == "wrong version number";
      EXPECT_EQ(pair.engine.state(), each.error.empty() ? State::up : silent ? State::handshake : State::failed);
    }
  }
}

std::string exported(SSL* ssl) {
  std::string bytes(32, '\0');
  constexpr std::string_view label = "EXPORTER-Channel-Binding";
  const unsigned char nothing = 0;
  EXPECT_EQ(SSL_export_keying_material(ssl, reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                       label.data(), label.size(), &nothing, 0, 1),
            1);
  return bytes;
}

TEST(ChannelBinding, IsTheClientsToo) {
  for (Version version : every_version) {
    Pair pair(only(version));
    EXPECT_EQ(pair.engine.channel_binding("tls-exporter"), "");
    pair.run();
    EXPECT_EQ(pair.engine.channel_binding("tls-exporter"), exported(pair.client.ssl()));
    std::string finished(64, '\0');
    finished.resize(SSL_get_finished(pair.client.ssl(), finished.data(), finished.size()));
    EXPECT_EQ(pair.engine.channel_binding("tls-unique"), version == Version::tls1_3 ? "" : finished);
    std::array<unsigned char, 32> hash{};
    X509_digest(pair.identity->leaf.get(), EVP_sha256(), hash.data(), nullptr);
    EXPECT_EQ(pair.engine.channel_binding("tls-server-end-point"),
              std::string(reinterpret_cast<const char*>(hash.data()), hash.size()));
    EXPECT_EQ(pair.engine.channel_binding("tls-other"), "");
  }
}

TEST(ChannelBinding, UniqueIsTheServersWhenResumed) {
  Pair first(only(Version::tls1_2));
  first.run();
  ClientOptions back;
  back.session = first.client.session();
  Pair second(only(Version::tls1_2), back);
  second.run();
  std::string finished(64, '\0');
  finished.resize(SSL_get_peer_finished(second.client.ssl(), finished.data(), finished.size()));
  EXPECT_EQ(second.engine.channel_binding("tls-unique"), finished);
}

TEST(NoTls, IsSaidInWords) {
  struct Case {
    std::string bytes, why;
    int alert;
  };
  const std::vector<Case> cases{
      {"EHLO client.example\r\nMAIL", "the client spoke in clear: EHLO client.example", 10},
      {"AUTH PLAIN AGEAYg==\r\n", "the client spoke in clear: AUTH", 10},
      {"AGEAYg==\r\n", "the client spoke in clear: a line of 8 bytes that is no command", 10},
      {"GET /?token=1 HTTP/1.1\r\n", "the client spoke HTTP in clear: GET /", 10},
      {"\x01\x02\x03\x04\x05\x06", "the client sent what is no TLS: the bytes 01 02 03 04 05", 10},
      {std::string("\x80\x2e\x01\x00\x02\x00", 6), "the client sent an SSLv2 ClientHello, which RFC 6176 forbids",
       70},
      {std::string("\x16\x02\x00\x00\x05", 5), "the client sent a record of version 2.0, which is no TLS", 70},
      {std::string("\x16\x03\x01\x40\x01", 5), "the client sent a record of 16385 bytes, over 16,384", 22},
      {std::string("\x16\x03\x01\x00\x00", 5), "the client sent an empty record in its ClientHello", 10},
      {std::string("\x17\x03\x01\x00\x05", 5), "the client sent a record of type 23 in place of its ClientHello", 10},
      {std::string("\x16\x03\x01\x00\x01\x0b", 6),
       "the client sent a handshake message of type 11 in place of its ClientHello", 10},
      {std::string("\x16\x03\x01\x00\x04\x01\x02\x00\x00", 9), "the ClientHello is longer than 64 KiB", 47},
      {std::string("\x16\x03\x01\x00\x06\x01\x00\x00\x02\x03\x03", 11),
       "the ClientHello is malformed before its extensions", 50},
  };
  for (const Case& each : cases) {
    for (std::size_t split : {1U, 2U, 5U, 1000U}) {
      Engine engine;
      for (std::size_t at = 0; at < each.bytes.size(); at += split) {
        engine.feed(std::string_view(each.bytes).substr(at, split));
      }
      EXPECT_EQ(engine.state(), State::failed) << each.why;
      EXPECT_EQ(engine.why(), each.why);
      const std::optional<Outgoing> out = engine.next();
      ASSERT_TRUE(out);
      EXPECT_EQ(out->bytes, record(type_alert, 0x0301, "\x02" + std::string(1, static_cast<char>(each.alert))));
      EXPECT_EQ(engine.next(), std::nullopt);
    }
  }
}

TEST(NoTls, OfAClientThatStartsAgainInClear) {
  Engine engine;
  engine.feed("EHLO a\r\n");
  engine.feed("EHLO b\r\n");
  engine.answer({}, {}, usual_identity());
  engine.write("220");
  engine.close_notify();
  EXPECT_EQ(engine.state(), State::failed);
  EXPECT_EQ(engine.next()->name, "alert");
  EXPECT_EQ(engine.next(), std::nullopt);
}

std::size_t in_use() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

std::string client_hello() {
  TestClient client;
  client.go_on();
  return client.take();
}

TEST(Memory, OfAClientThatStallsInItsHello) {
  const std::string hello = client_hello();
  constexpr std::size_t count = 10000;
  std::vector<Engine> engines;
  engines.reserve(count);
  const std::size_t before = in_use();
  for (std::size_t i = 0; i < count; ++i)
    engines.emplace_back().feed(std::string_view(hello).substr(0, hello.size() / 2));
  const std::size_t each = (in_use() - before) / count;
  EXPECT_LE(each, 1024 + hello.size());
  RecordProperty("bytes", static_cast<int>(each));

  Engine endless;
  const std::string part =
      record(type_handshake, 0x0301, std::string("\x01\x00\xFF\xF0", 4) + std::string(5000, 'x'));
  const std::size_t empty = in_use();
  for (int i = 0; i < 1000 && endless.state() == State::hello; ++i) endless.feed(part);
  EXPECT_EQ(endless.state(), State::failed);
  EXPECT_LE(in_use() - empty, 4096U);
}

TEST(Memory, OfAClientThatStallsAfterIt) {
  const std::string hello = client_hello();
  constexpr std::size_t count = 500;
  std::vector<Engine> engines;
  engines.reserve(count);
  const auto begin = [&](std::size_t i) {
    Engine& engine = engines.emplace_back();
    engine.feed(hello);
    if (i % 2 == 0) engine.feed(std::string_view("\x17\x03\x03\x40\x00", 5));  // a record that never ends
    engine.answer({}, {}, usual_identity());
    while (engine.next()) continue;
    engine.feed(std::string_view("\x17\x03\x03\x40\x00 ", 6));
  };
  begin(0);
  const std::size_t before = in_use();
  for (std::size_t i = 1; i < count; ++i) begin(i);
  const std::size_t each = (in_use() - before) / count;
  EXPECT_LE(each, 48U * 1024);
  RecordProperty("bytes", static_cast<int>(each));
  // What comes now is kept as far as a record goes, and no further.
  const std::size_t stalled = in_use();
  for (int i = 0; i < 16384 + 2048; ++i) engines[1].feed("x");
  EXPECT_LE(in_use(), stalled + 40000);
}

TEST(Memory, OfOneThatIsUpAndIdle) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    constexpr std::size_t count = 200;
    std::vector<Engine> engines;
    engines.reserve(count);
    std::size_t before = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i == 1) before = in_use();
      Pair pair(only(version));
      pair.run();
      pair.expect_talk();
      engines.push_back(std::move(pair.engine));
    }
    const std::size_t each = (in_use() - before) / (count - 1);
    EXPECT_LE(each, 20U * 1024) << name_of(version);
    RecordProperty("bytes" + std::to_string(static_cast<int>(version)), static_cast<int>(each));
  }
}

TEST(Memory, IsGivenBackWhereverAHandshakeStops) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    std::size_t before = 0;
    for (int round = 0; round < 40; ++round) {
      if (round == 4) before = in_use();
      for (const std::string& message : version == Version::tls1_3 ? full_1_3 : full_1_2) {
        Pair pair(only(version));
        pair.stops = [&](std::string_view name) { return name == message; };
        pair.run();
        if (round % 2 == 0) pair.engine.drop();
        if (round % 4 == 0) pair.engine.alert(80);
      }
    }
    // What the allocator keeps for itself counts as in use: some tens of KiB. 300 engines came and went.
    EXPECT_LE(in_use(), before + 131072) << name_of(version);
  }
}

// Whichever bit of what the client says is another: there is a state and, if that is failed, a reason.
TEST(Engine, BearsEveryBitFlipped) {
  for (Version version : {Version::tls1_2, Version::tls1_3}) {
    for (int flight = 0; flight < 2; ++flight) {
      std::size_t size = 1;
      for (std::size_t at = 0; at < size; at += flight == 0 ? 3 : 1) {
        Pair pair(only(version));
        if (flight == 1) {
          pair.collect();
          pair.deliver();
        }
        pair.client.go_on();
        std::string said = pair.client.take();
        size = said.size();
        said[at] = static_cast<char>(said[at] ^ (1 << at % 8));
        pair.engine.feed(said);
        if (pair.engine.state() == State::paused) pair.engine.answer(pair.settings, {}, pair.identity);
        EXPECT_EQ(pair.engine.state() == State::failed, !pair.engine.why().empty());
        pair.run();
        EXPECT_EQ(pair.engine.state() == State::failed, !pair.engine.why().empty());
      }
      EXPECT_GE(size, 50U);
    }
  }
}

TEST(Engine, MayBeMoved) {
  Pair pair;
  pair.run();
  Engine moved = std::move(pair.engine);
  pair.engine = std::move(moved);
  pair.expect_talk();
}

}  // namespace
}  // namespace mailfault::tls
