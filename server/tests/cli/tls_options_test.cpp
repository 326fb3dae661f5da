#include "cli/tls_options.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "base/error.hpp"
#include "tests/tls/certificate_files.hpp"
#include "tls/client.hpp"
#include "tls/engine.hpp"

namespace mailfault::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

class Tls : public tls::Folder {
 protected:
  Tls() {
    options_.declare(table_);
    unsetenv("SSLKEYLOGFILE");
  }

  static std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  void give(const std::string& name, const std::string& value) {
    for (const auto& option : table_.all())
      if (option.name == name) return option.set(value);
    FAIL() << "no option " << name;
  }
  InstanceOptions applied() const {
    InstanceOptions to;
    options_.apply(to);
    return to;
  }

  OptionTable table_;
  TlsOptions options_;
};

// A handshake in memory, with what an instance would tell the engine.
void shake_hands(const InstanceOptions& options, tls::Version version) {
  tls::Engine engine;
  engine.on_key(options.on_tls_key);
  tls::Client client({.sni = "localhost", .version = version});
  for (auto said = client.take(); !said.empty(); said = client.take()) {
    engine.feed(said);
    if (engine.state() == tls::Engine::State::paused) engine.answer({}, {}, options.identity);
    while (auto message = engine.next()) client.feed(message->bytes);
  }
  ASSERT_EQ(engine.state(), tls::Engine::State::up) << engine.why();
}

TEST_F(Tls, NothingIsGiven) {
  auto options = applied();
  EXPECT_EQ(options.identity, nullptr);
  EXPECT_FALSE(options.on_tls_key);
  EXPECT_FALSE(options.offer_tls);
  EXPECT_TRUE(options_.given().empty());
}

TEST_F(Tls, ACertificateIsReadWithItsKey) {
  auto made = tls::mint("good", {});
  auto leaf = write("leaf.pem", tls::to_pem(*made, true, false)),
       both = write("both.pem", tls::to_pem(*made, true, true));
  give("--cert", both);
  EXPECT_EQ(tls::to_pem(*applied().identity, true, true), tls::to_pem(*made, true, true)) << "the key is in the file";
  give("--cert", leaf);
  EXPECT_THAT([&] { applied(); }, ThrowsMessage<Error>(AllOf(HasSubstr("--key"), HasSubstr("no private key in it"))));
  give("--key", both);
  EXPECT_EQ(tls::to_pem(*applied().identity, true, true), tls::to_pem(*made, true, true));
}

TEST_F(Tls, WhatCantBeUsedIsAnErrorWithItsOption) {
  auto key = write("key.pem", tls::to_pem(*tls::mint("good", {}), false, true));
  give("--key", key);
  EXPECT_THAT([&] { applied(); }, ThrowsMessage<Error>(HasSubstr("--cert")));
  give("--cert", path("none.pem"));
  EXPECT_THAT([&] { applied(); }, ThrowsMessage<Error>(AllOf(StartsWith("--cert"), HasSubstr("none.pem"))));
  give("--cert", write("other.pem", tls::to_pem(*tls::mint("expired", {}), false, false)));
  EXPECT_THAT([&] { applied(); }, ThrowsMessage<Error>(HasSubstr("the key is that of another certificate")));
}

TEST_F(Tls, AnEncryptedKeyNeedsItsPassword) {
  auto made = tls::mint("good", {});
  give("--cert", write("leaf.pem", tls::to_pem(*made, false, false)));
  give("--key", write("locked.pem", tls::encrypted(made->key.get(), "open-sesame")));
  EXPECT_THAT([&] { applied(); }, ThrowsMessage<Error>(AllOf(HasSubstr("--key-password"), HasSubstr("no password"))));
  give("--key-password", "wrong-sesame");
  EXPECT_THAT([&] { applied(); },
              ThrowsMessage<Error>(AllOf(HasSubstr("isn't that of this key"), Not(HasSubstr("wrong-")))));
  give("--key-password", "open-sesame");
  EXPECT_NE(applied().identity, nullptr);
  EXPECT_THAT(options_.given(), Not(Contains(Pair("--key-password", ::testing::_))));
}

TEST_F(Tls, NamesGoIntoGoodCertificates) {
  give("--cert-host", "mx.example.org");
  give("--cert-host", "192.0.2.7");
  EXPECT_THAT(applied().hosts, ElementsAre("mx.example.org", "192.0.2.7"));
  EXPECT_THAT(
      [&] {
        give("--cert-host",
             "b\xc3\xbc"
             "cher.example");
      },
      ThrowsMessage<Error>(AllOf(StartsWith("--cert-host"), HasSubstr("xn--"))));
  EXPECT_THAT(options_.given(), ElementsAre(Pair("--cert-host", "mx.example.org"), Pair("--cert-host", "192.0.2.7")));
}

TEST_F(Tls, TheKeyLogHasEachSession) {
  auto log = write("keys.log", "# mine\n");
  give("--keylog", log);
  auto options = applied();
  shake_hands(options, tls::Version::tls1_3);
  auto of_13 = lines_of(log);
  EXPECT_THAT(of_13, ElementsAre("# mine", StartsWith("SERVER_HANDSHAKE_TRAFFIC_SECRET "), ::testing::_, ::testing::_,
                                 ::testing::_, ::testing::_));
  EXPECT_THAT(of_13, Contains(StartsWith("CLIENT_TRAFFIC_SECRET_0 ")));
  shake_hands(options, tls::Version::tls1_2);
  auto all = lines_of(log);
  ASSERT_EQ(all.size(), of_13.size() + 1);
  EXPECT_THAT(all.back(), StartsWith("CLIENT_RANDOM "));
  EXPECT_EQ(all.back().size(), 14 + 64 + 1 + 96U) << all.back();
}

TEST_F(Tls, TheEnvironmentsKeyLogIsUsedToo) {
  setenv("SSLKEYLOGFILE", path("keys.log").c_str(), 1);
  shake_hands(applied(), tls::Version::tls1_2);
  EXPECT_THAT(lines_of(path("keys.log")), ElementsAre(StartsWith("CLIENT_RANDOM ")));
  setenv("SSLKEYLOGFILE", path("none/keys.log").c_str(), 1);
  EXPECT_THAT([&] { applied(); },
              ThrowsMessage<Error>(AllOf(StartsWith("SSLKEYLOGFILE"), HasSubstr("where you may"))));
  give("--keylog", path("other.log"));
  EXPECT_TRUE(applied().on_tls_key) << "the option comes first";
  unsetenv("SSLKEYLOGFILE");
  give("--keylog", path(""));
  EXPECT_THAT([&] { applied(); }, ThrowsMessage<Error>(StartsWith("--keylog")));
}

}  // namespace
}  // namespace mailfault::cli
