// OpenSSL's client in memory, against the engine: no sockets.
#pragma once

#include <gmock/gmock.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tls/engine.hpp"
#include "tls/identity.hpp"

namespace mailfault::tls {

/// Self-signed, of this curve; nothing of the mint is needed.
inline std::shared_ptr<const Identity> self_signed(const char* name = "mx.example.com", const char* curve = "P-256") {
  auto made = std::make_shared<Identity>();
  made->key.reset(EVP_EC_gen(curve));
  made->leaf.reset(X509_new());
  X509* leaf = made->leaf.get();
  X509_set_version(leaf, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(leaf), 1);
  X509_gmtime_adj(X509_getm_notBefore(leaf), -3600);
  X509_gmtime_adj(X509_getm_notAfter(leaf), 86400);
  X509_set_pubkey(leaf, made->key.get());
  X509_NAME* subject = X509_get_subject_name(leaf);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(leaf, subject);
  X509_sign(leaf, made->key.get(), EVP_sha256());
  return made;
}

/// One for all tests that don't care.
inline std::shared_ptr<const Identity> usual_identity() {
  static const std::shared_ptr<const Identity> identity = self_signed();
  return identity;
}

/// What a test's client does otherwise than OpenSSL's usual one (which believes any certificate here).
struct ClientOptions {
  int least = TLS1_VERSION, most = TLS1_3_VERSION;
  std::string ciphers, suites, groups, sni;
  std::vector<std::string> alpn;
  std::shared_ptr<const Identity> certificate;
  SSL_SESSION* session = nullptr;
  bool asks_ocsp = false;
  bool tickets = true;
};

class TestClient {
 public:
  explicit TestClient(const ClientOptions& options = {}) : ctx_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX* ctx = ctx_.get();
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_min_proto_version(ctx, options.least);
    SSL_CTX_set_max_proto_version(ctx, options.most);
    if (!options.tickets) SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    const auto took = [](const std::string& value, int done) { EXPECT_TRUE(value.empty() || done == 1) << value; };
    took(options.ciphers, options.ciphers.empty() ? 0 : SSL_CTX_set_cipher_list(ctx, options.ciphers.c_str()));
    took(options.suites, options.suites.empty() ? 0 : SSL_CTX_set_ciphersuites(ctx, options.suites.c_str()));
    took(options.groups, options.groups.empty() ? 0 : SSL_CTX_set1_groups_list(ctx, options.groups.c_str()));
    if (options.certificate) {
      SSL_CTX_use_certificate(ctx, options.certificate->leaf.get());
      SSL_CTX_use_PrivateKey(ctx, options.certificate->key.get());
      for (const X509Ptr& each : options.certificate->chain) SSL_CTX_add1_chain_cert(ctx, each.get());
    }
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb(ctx, [](SSL* ssl, SSL_SESSION* session) {
      static_cast<TestClient*>(SSL_get_app_data(ssl))->session_.reset(session);
      return 1;
    });
    ssl_.reset(SSL_new(ctx));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in_, -1);
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_app_data(ssl_.get(), this);
    if (!options.sni.empty()) {
      SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(options.sni.c_str()));
    }
    std::string alpn;
    for (const std::string& name : options.alpn) alpn += static_cast<char>(name.size()) + name;
    if (!alpn.empty()) {
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
    }
    if (options.asks_ocsp) SSL_set_tlsext_status_type(ssl_.get(), TLSEXT_STATUSTYPE_ocsp);
    if (options.session) SSL_set_session(ssl_.get(), options.session);
    SSL_set_info_callback(ssl_.get(), [](const SSL* ssl, int where, int value) {
      if ((where & SSL_CB_ALERT) != 0 && (where & SSL_CB_READ) != 0) {
        static_cast<TestClient*>(SSL_get_app_data(ssl))->alerts_.push_back(value & 255);
      }
    });
    SSL_set_connect_state(ssl_.get());
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  SSL* ssl() { return ssl_.get(); }
  SSL_SESSION* session() { return session_.get(); }
  bool up() const { return up_; }
  bool ended() const { return ended_; }
  const std::string& error() const { return error_; }
  const std::vector<int>& alerts() const { return alerts_; }  ///< that came
  std::string received;

  void feed(std::string_view bytes) { BIO_write(in_, bytes.data(), static_cast<int>(bytes.size())); }

  std::string take() {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out_, &data);
    std::string bytes(data, static_cast<std::size_t>(size));
    (void)BIO_reset(out_);
    return bytes;
  }

  void go_on() {
    if (!error_.empty() || ended_) return;
    ERR_clear_error();
    if (!up_) {
      const int result = SSL_do_handshake(ssl_.get());
      if (result != 1) return judge(result);
      up_ = true;
    }
    for (;;) {
      char buffer[4096];
      const int size = SSL_read(ssl_.get(), buffer, sizeof buffer);
      if (size <= 0) return judge(size);
      received.append(buffer, static_cast<std::size_t>(size));
    }
  }

  void write(std::string_view bytes) {
    EXPECT_EQ(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())), static_cast<int>(bytes.size()));
  }

 private:
  void judge(int result) {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) return;
    if (error == SSL_ERROR_ZERO_RETURN) {
      ended_ = true;
      return;
    }
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    error_ = reason ? reason : "error " + std::to_string(error);
    ERR_clear_error();
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> ctx_;
  std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session_{nullptr, SSL_SESSION_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
  bool up_ = false, ended_ = false;
  std::string error_;
  std::vector<int> alerts_;
};

/// A client and an engine that talk until both are silent.
class Pair {
 public:
  explicit Pair(Settings with = {}, const ClientOptions& options = {}, std::size_t split = 1 << 20)
      : client(options), settings(std::move(with)), split_(split) {}

  Engine engine;
  TestClient client;
  Settings settings;
  std::shared_ptr<const Identity> identity = usual_identity();
  std::vector<std::string> names;                    ///< of the messages that left
  std::string sent;                                  ///< their bytes
  std::function<bool(std::string_view name)> stops;  ///< before this message leaves: true holds it, and all behind

  /// What waits at the engine goes to the client; true: something went.
  bool deliver() {
    bool went = false;
    while (!engine.next_name().empty()) {
      if (stops && stops(engine.next_name())) break;
      const Outgoing message = *engine.next();
      names.emplace_back(message.name);
      sent += message.bytes;
      pass(message.bytes, [&](std::string_view part) { give(part); });
      went = true;
    }
    return went;
  }

  void give(std::string_view bytes) {
    client.feed(bytes);
    client.go_on();
  }

  bool collect() {
    client.go_on();
    const std::string bytes = client.take();
    pass(bytes, [&](std::string_view part) {
      engine.feed(part);
      if (engine.state() == Engine::State::paused && answers) engine.answer(settings, {}, identity);
    });
    return !bytes.empty();
  }
  bool answers = true;

  Pair& run() {
    while (true) {
      const bool asked = collect();
      if (!deliver() && !asked) return *this;
    }
  }

  /// Both ends are up, and a line goes each way.
  void expect_talk(const std::string& line = "250 mx.example.com\r\n") {
    client.received.clear();
    engine.read();
    client.write("EHLO client.example\r\n");
    run();
    EXPECT_EQ(engine.read(), "EHLO client.example\r\n");
    engine.write(line);
    run();
    EXPECT_EQ(client.received, line) << client.error() << engine.why();
  }

 private:
  template <typename Take>
  void pass(std::string_view bytes, Take take) {
    for (std::size_t at = 0; at < bytes.size(); at += split_) take(bytes.substr(at, split_));
  }

  std::size_t split_;
};

inline Settings only(Version version) {
  Settings settings;
  settings.versions = std::vector{version};
  return settings;
}

}  // namespace mailfault::tls
