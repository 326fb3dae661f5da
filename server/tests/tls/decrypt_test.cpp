#include "tls/decrypt.hpp"

#include "pair.hpp"

namespace mailfault::tls {
namespace {

using testing::HasSubstr;

// OpenSSL on both sides, in memory; all that passes, in order, and the secrets.
struct Overheard {
  struct Piece {
    bool from_client;
    std::string bytes;
  };
  std::vector<Piece> pieces;
  std::string keys;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> server_context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> client_context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> server{nullptr, SSL_free}, client{nullptr, SSL_free};

  Overheard(int version, const char* suite, const char* groups = "X25519:P-256") {
    for (SSL_CTX* each : {server_context.get(), client_context.get()}) {
      SSL_CTX_set_min_proto_version(each, version);
      SSL_CTX_set_max_proto_version(each, version);
      SSL_CTX_set_app_data(each, this);
      EXPECT_EQ(
          version == TLS1_3_VERSION ? SSL_CTX_set_ciphersuites(each, suite) : SSL_CTX_set_cipher_list(each, suite),
          1);
    }
    SSL_CTX_set1_groups_list(server_context.get(), groups);
    SSL_CTX_use_certificate(server_context.get(), usual_identity()->leaf.get());
    SSL_CTX_use_PrivateKey(server_context.get(), usual_identity()->key.get());
    SSL_CTX_set_keylog_callback(server_context.get(), [](const SSL* ssl, const char* line) {
      static_cast<Overheard*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->keys += std::string(line) + "\n";
    });
    server.reset(SSL_new(server_context.get()));
    client.reset(SSL_new(client_context.get()));
    for (SSL* each : {server.get(), client.get()}) SSL_set_bio(each, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    for (int i = 0; i < 4; ++i) {
      SSL_do_handshake(client.get());
      carry(true);
      SSL_do_handshake(server.get());
      carry(false);
    }
    EXPECT_EQ(SSL_is_init_finished(client.get()), 1);
    EXPECT_EQ(SSL_is_init_finished(server.get()), 1);
  }

  void carry(bool from_client) {
    char bytes[65536];
    auto got = BIO_read(SSL_get_wbio((from_client ? client : server).get()), bytes, sizeof bytes);
    if (got <= 0) return;
    pieces.push_back({from_client, {bytes, static_cast<std::size_t>(got)}});
    BIO_write(SSL_get_rbio((from_client ? server : client).get()), bytes, got);
    SSL_read((from_client ? server : client).get(), bytes, sizeof bytes);
  }
  void say(bool from_client, const std::string& text) {
    SSL_write((from_client ? client : server).get(), text.data(), static_cast<int>(text.size()));
    carry(from_client);
  }

  /// "C:…" and "S:…", by pieces of at most `split` bytes.
  std::string read(const KeyLog& log, std::size_t split, std::string& why) const {
    Decryptor decryptor(log);
    std::string out;
    for (const auto& piece : pieces)
      for (std::size_t at = 0; at < piece.bytes.size(); at += split) {
        auto text = decryptor.feed(piece.from_client, std::string_view(piece.bytes).substr(at, split));
        if (!text.empty()) out += (piece.from_client ? "C:" : "S:") + text;
      }
    why = decryptor.why();
    return out;
  }
};

struct Case {
  const char* name;
  int version;
  const char* suite;
};
class Suites : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(, Suites,
                         testing::Values(Case{"tls13_aes128", TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"},
                                         Case{"tls13_aes256", TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384"},
                                         Case{"tls13_chacha", TLS1_3_VERSION, "TLS_CHACHA20_POLY1305_SHA256"},
                                         Case{"tls12_aes128", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"},
                                         Case{"tls12_aes256", TLS1_2_VERSION, "ECDHE-ECDSA-AES256-GCM-SHA384"},
                                         Case{"tls12_chacha", TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305"}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST_P(Suites, AreReadWithTheirKeys) {
  Overheard talk(GetParam().version, GetParam().suite);
  talk.say(false, "220 hello\r\n");
  talk.say(true, "EHLO a\r\n");
  if (GetParam().version == TLS1_3_VERSION) {
    SSL_key_update(talk.client.get(), SSL_KEY_UPDATE_REQUESTED);
    talk.say(true, "NOOP\r\n");
    talk.say(false, "250 ok\r\n");  // under new keys, too
  } else {
    talk.say(true, "NOOP\r\n");
    talk.say(false, "250 ok\r\n");
  }
  KeyLog log;
  log.add("# a comment\nCLIENT_RANDOM no hex\n" + talk.keys);
  for (std::size_t split : {1U, 7U, 65536U}) {
    std::string why;
    EXPECT_EQ(talk.read(log, split, why), "S:220 hello\r\nC:EHLO a\r\nC:NOOP\r\nS:250 ok\r\n");
    EXPECT_EQ(why, "");
  }
}

TEST(Decryptor, ARetriedHelloIsFollowed) {
  Overheard talk(TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", "P-521");
  talk.say(true, "NOOP\r\n");
  KeyLog log;
  log.add(talk.keys);
  std::string why;
  EXPECT_EQ(talk.read(log, 65536, why), "C:NOOP\r\n");
  EXPECT_EQ(why, "");
}

TEST(Decryptor, SaysWhyNot) {
  Overheard talk(TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256");
  talk.say(true, "NOOP\r\n");
  talk.say(true, "QUIT\r\n");
  std::string why;
  KeyLog none, log;
  EXPECT_EQ(talk.read(none, 65536, why), "");
  EXPECT_THAT(why, HasSubstr("the key log has no CLIENT_HANDSHAKE_TRAFFIC_SECRET"));
  log.add(talk.keys);
  talk.pieces.erase(talk.pieces.end() - 2);  // NOOP's is missing
  EXPECT_EQ(talk.read(log, 65536, why), "");
  EXPECT_THAT(why, HasSubstr("a record doesn't fit the keys"));
  talk.pieces.erase(talk.pieces.begin(), talk.pieces.end() - 1);
  EXPECT_EQ(talk.read(log, 65536, why), "");
  EXPECT_THAT(why, HasSubstr("capture from the beginning"));
  talk.pieces = {{true, "EHLO a\r\n"}};
  talk.read(log, 65536, why);
  EXPECT_THAT(why, HasSubstr("no TLS record"));
}

TEST(Decryptor, NamesASuiteThatItCannotRead) {
  Overheard talk(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256");
  talk.say(true, "NOOP\r\n");
  KeyLog log;
  log.add(talk.keys);
  std::string why;
  EXPECT_EQ(talk.read(log, 65536, why), "");
  EXPECT_THAT(why, HasSubstr("ECDHE-ECDSA-AES128-SHA256 can't be decrypted"));
}

}  // namespace
}  // namespace mailfault::tls
