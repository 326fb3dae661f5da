#include "tls/client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

#include "base/error.hpp"
#include "tls/identity.hpp"
#include "tls/names.hpp"

namespace mailfault::tls {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
  void operator()(SSL* each) const { SSL_free(each); }
  void operator()(SSL_SESSION* each) const { SSL_SESSION_free(each); }
};

std::unique_ptr<SSL_CTX, FreeContext> make_context() {
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_client_method()));
  if (!context) throw Error("OpenSSL makes no TLS client");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  return context;
}

struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};

std::unique_ptr<X509_STORE, FreeStore> roots(const ClientSettings& settings) {
  std::unique_ptr<X509_STORE, FreeStore> store(X509_STORE_new());
  if (!store) throw Error("OpenSSL makes no store of certificates");
  bool usable = settings.trusts_our_ca        ? X509_STORE_add_cert(store.get(), ca()) == 1
                : settings.roots_file.empty() ? X509_STORE_set_default_paths(store.get()) == 1
                                              : X509_STORE_load_file(store.get(), settings.roots_file.c_str()) == 1;
  if (!usable)
    throw Error((settings.roots_file.empty() ? "the system's roots" : settings.roots_file) +
                ": no certificates can be read");
  return store;
}

// By the library's own rules, and without a look at lists of what is revoked: as most clients do.
void verify(SSL* ssl, const ClientSettings& settings) {
  SSL_ctrl(ssl, SSL_CTRL_SET_VERIFY_CERT_STORE, 0, roots(settings).release());  // 0: it is the session's from here on
  const auto& name = settings.verify_for;
  auto* parameters = SSL_get0_param(ssl);
  if (settings.trusts_our_ca) SSL_set_hostflags(ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);  // RFC 9525 section 6.3
  bool set = is_address(name) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1
                              : X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size()) == 1;
  if (!set) throw Error("no certificate can be for '" + name + "'");
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
}

void show(SSL* ssl, const Identity& identity) {
  bool taken = SSL_use_certificate(ssl, identity.leaf.get()) && SSL_use_PrivateKey(ssl, identity.key.get());
  for (const auto& each : identity.chain) taken = taken && SSL_add1_chain_cert(ssl, each.get());
  if (!taken) throw Error("OpenSSL takes no such certificate for a client");
}

}  // namespace

struct Client::Impl {
  std::unique_ptr<SSL, FreeContext> ssl;
  BIO* in = nullptr;
  BIO* out = nullptr;
  std::string plain, why;
  std::optional<std::uint8_t> alert;
  bool up = false, failed = false;

  void go_on() {
    if (failed) return;
    ERR_clear_error();
    if (!up) {
      int done = SSL_do_handshake(ssl.get());
      if (done != 1) return judge(done);
      up = true;
    }
    char buffer[4096];
    for (;;) {
      int got = SSL_read(ssl.get(), buffer, sizeof buffer);
      if (got <= 0) return judge(got);
      plain.append(buffer, static_cast<std::size_t>(got));
    }
  }

  void judge(int result) {
    int error = SSL_get_error(ssl.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_ZERO_RETURN) return;
    failed = true;
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    why = reason ? reason : "the session broke";
    auto verified = SSL_get_verify_result(ssl.get());
    if (verified != X509_V_OK && SSL_get_verify_mode(ssl.get()) != SSL_VERIFY_NONE)
      why = X509_verify_cert_error_string(verified);
  }

  static void told(const SSL* ssl, int where, int what) {
    auto* self = static_cast<Impl*>(SSL_get_app_data(ssl));
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (what & 0xff) != SSL_AD_CLOSE_NOTIFY)
      self->alert = static_cast<std::uint8_t>(what & 0xff);
  }
};

Client::Client(const ClientSettings& settings) : impl_(std::make_unique<Impl>()) {
  static const auto context = make_context();
  auto& self = *impl_;
  self.ssl.reset(SSL_new(context.get()));
  self.in = BIO_new(BIO_s_mem());
  self.out = BIO_new(BIO_s_mem());
  if (!self.ssl || !self.in || !self.out) throw Error("no memory for a TLS client");
  BIO_set_mem_eof_return(self.in, -1);
  SSL_set_bio(self.ssl.get(), self.in, self.out);
  SSL_set_app_data(self.ssl.get(), &self);
  SSL_set_info_callback(self.ssl.get(), Impl::told);
  auto* ssl = self.ssl.get();
  if (!settings.verify_for.empty()) verify(ssl, settings);
  if (!settings.sni.empty())  // the macro of this has a cast that warns
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(settings.sni.c_str()));
  if (settings.version) {
    int version = TLS1_VERSION + static_cast<int>(*settings.version);
    if (version < TLS1_2_VERSION) SSL_set_security_level(ssl, 0);
    SSL_set_min_proto_version(ssl, version);
    SSL_set_max_proto_version(ssl, version);
  }
  if (settings.certificate) show(ssl, *settings.certificate);
  if (settings.resumes) {
    std::unique_ptr<SSL_SESSION, FreeContext> session(SSL_get1_session(settings.resumes->impl_->ssl.get()));
    SSL_set_session(ssl, session.get());
  }
  SSL_set_connect_state(self.ssl.get());
  self.go_on();
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

void Client::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  BIO_write(impl_->in, bytes.data(), static_cast<int>(bytes.size()));
  impl_->go_on();
}

std::string Client::take() {
  std::string taken(BIO_ctrl_pending(impl_->out), '\0');
  if (!taken.empty()) BIO_read(impl_->out, taken.data(), static_cast<int>(taken.size()));
  return taken;
}

void Client::write(std::string_view plain) {
  if (plain.empty()) return;
  int written = SSL_write(impl_->ssl.get(), plain.data(), static_cast<int>(plain.size()));
  if (written <= 0) impl_->judge(written);
}

std::string Client::read() { return std::exchange(impl_->plain, {}); }
void Client::close_notify() { SSL_shutdown(impl_->ssl.get()); }
bool Client::up() const { return impl_->up; }
bool Client::failed() const { return impl_->failed; }
const std::string& Client::why() const { return impl_->why; }
bool Client::distrusts() const { return failed() && SSL_get_verify_result(impl_->ssl.get()) != X509_V_OK; }
bool Client::close_notify_seen() const { return (SSL_get_shutdown(impl_->ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
bool Client::resumed() const { return SSL_session_reused(impl_->ssl.get()) == 1; }
bool Client::resumable() const {
  const SSL_SESSION* session = SSL_get_session(impl_->ssl.get());
  return session && SSL_SESSION_is_resumable(session) == 1;
}
std::optional<std::uint8_t> Client::alert() const { return impl_->alert; }

}  // namespace mailfault::tls
