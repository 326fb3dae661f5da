#include "tls/context.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::tls {
namespace {

using Made = std::unique_ptr<SSL_CTX, Context::Free>;

int number_of(Version version) { return TLS1_VERSION + static_cast<int>(version); }

Listener* listener_of(const SSL* ssl) { return static_cast<Listener*>(SSL_get_app_data(ssl)); }

void set_versions(SSL_CTX* ctx, const std::optional<std::vector<Version>>& wanted) {
  if (wanted && wanted->empty()) throw Error("TLS: no version is left: name one of 1.0, 1.1, 1.2, 1.3");
  const std::vector<Version> versions = wanted.value_or(std::vector{Version::tls1_2, Version::tls1_3});
  const auto [least, most] = std::minmax_element(versions.begin(), versions.end());
  SSL_CTX_set_min_proto_version(ctx, number_of(*least));
  SSL_CTX_set_max_proto_version(ctx, number_of(*most));
  constexpr std::array<std::uint64_t, 4> off{SSL_OP_NO_TLSv1, SSL_OP_NO_TLSv1_1, SSL_OP_NO_TLSv1_2,
                                             SSL_OP_NO_TLSv1_3};
  for (std::size_t i = 0; i < off.size(); ++i) {
    const Version each = static_cast<Version>(i);
    if (std::find(versions.begin(), versions.end(), each) == versions.end()) SSL_CTX_set_options(ctx, off.at(i));
  }
}

bool is_suite(std::string_view name) { return name.substr(0, 4) == "TLS_"; }

// A list for TLS 1.3 and one for what was before.
void set_ciphers(SSL_CTX* ctx, const std::string& wanted) {
  if (wanted.empty()) throw Error("TLS: the list of ciphers is empty: name one");
  if (const auto name = unknown_cipher(wanted)) {
    throw Error("TLS: OpenSSL knows no cipher '" + *name +
                "': 'openssl ciphers -v ALL' lists those of TLS 1.2 and "
                "before, and TLS 1.3 has TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, "
                "TLS_CHACHA20_POLY1305_SHA256");
  }
  std::vector<std::string> suites, older;
  for (std::string_view each : split(wanted, ':')) {
    const std::string name(trim(each));
    (is_suite(name) ? suites : older).push_back(name);
  }
  const bool taken =
      (suites.empty() || SSL_CTX_set_ciphersuites(ctx, join(suites, ":").c_str())) &&
      SSL_CTX_set_cipher_list(ctx, older.empty() ? OSSL_default_cipher_list() : join(older, ":").c_str());
  if (!taken) throw Error("TLS: OpenSSL takes no cipher of '" + wanted + "': " + take_reason());
}

void set_groups(SSL_CTX* ctx, const std::string& wanted) {
  if (const auto name = unknown_group(wanted)) {
    throw Error("TLS: OpenSSL knows no group '" + *name + "': X25519, P-256, P-384, P-521, X448, ffdhe2048 are some");
  }
  if (!SSL_CTX_set1_groups_list(ctx, wanted.c_str())) {
    throw Error("TLS: OpenSSL can't take the groups '" + wanted + "': " + take_reason());
  }
}

// Level 0 is for what the usual level forbids, and only where it is asked for.
bool asks_weak(const Settings& settings, const Identity& identity) {
  const auto old = [](Version version) { return version < Version::tls1_2; };
  if (identity.weak) return true;
  if (settings.versions && std::any_of(settings.versions->begin(), settings.versions->end(), old)) return true;
  const auto any_of = [](const std::optional<std::string>& names, auto weak) {
    if (!names) return false;
    const std::vector<std::string_view> each = split(*names, ':');
    return std::any_of(each.begin(), each.end(), weak);
  };
  static constexpr std::array<std::string_view, 6> strong{"X25519", "X448", "P-256", "P-384", "P-521", "ffdhe"};
  return any_of(settings.ciphers, [](std::string_view name) { return !is_suite(trim(name)); }) ||
         any_of(settings.groups, [](std::string_view name) {
           return std::none_of(strong.begin(), strong.end(),
                               [&](std::string_view known) { return name.substr(0, known.size()) == known; });
         });
}

void set_identity(SSL_CTX* ctx, const Identity& identity) {
  bool taken = SSL_CTX_use_certificate(ctx, identity.leaf.get()) && SSL_CTX_use_PrivateKey(ctx, identity.key.get());
  for (const X509Ptr& each : identity.chain) taken = taken && SSL_CTX_add1_chain_cert(ctx, each.get());
  if (!taken) throw Error("TLS: OpenSSL can't serve with this certificate: " + take_reason());
  // A chain with a certificate missing must stay so, though the store of CAs has it.
  SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
}

int verify_client(X509_STORE_CTX* store, void* must_be_ours) {
  const bool good = X509_verify_cert(store) == 1;
  const int error = good ? X509_V_OK : X509_STORE_CTX_get_error(store);
  const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
  const SSL* ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, index));
  if (Listener* listener = listener_of(ssl)) {
    listener->on_client_certificate(X509_STORE_CTX_get0_cert(store), error);
  }
  return good || must_be_ours == nullptr;
}

void set_client_certificate(SSL_CTX* ctx, ClientCertificate wanted) {
  if (wanted == ClientCertificate::none) return;
  const bool verified = wanted == ClientCertificate::verified;
  const int required = wanted == ClientCertificate::asked ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | required, nullptr);
  SSL_CTX_set_cert_verify_callback(ctx, verify_client, verified ? ctx : nullptr);
  if (!X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca())) throw Error("TLS: our CA: " + take_reason());
  // A client with a certificate of somebody else would hold it back if it were told whose we want.
  if (verified) SSL_CTX_add_client_CA(ctx, ca());
}

SSL_TICKET_RETURN refuse_ticket(SSL*, SSL_SESSION*, const unsigned char*, std::size_t, SSL_TICKET_STATUS, void*) {
  return SSL_TICKET_RETURN_IGNORE_RENEW;
}

void set_tickets(SSL_CTX* ctx, Tickets tickets) {
  // No store of sessions: what is resumed is resumed by its ticket, and any context of this process can open it.
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  static constexpr std::string_view same_everywhere = "mailfault";
  SSL_CTX_set_session_id_context(ctx, reinterpret_cast<const unsigned char*>(same_everywhere.data()),
                                 same_everywhere.size());
  static const auto key = [] {
    std::array<unsigned char, 80> made{};
    if (RAND_bytes(made.data(), static_cast<int>(made.size())) != 1) throw Error("TLS: OpenSSL has no random bytes");
    return made;
  }();
  auto mine = key;
  SSL_CTX_set_tlsext_ticket_keys(ctx, mine.data(), static_cast<long>(mine.size()));
  if (tickets == Tickets::none) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ctx, 0);
  } else if (tickets == Tickets::refused) {
    SSL_CTX_set_session_ticket_cb(
        ctx, [](SSL*, void*) { return 1; }, refuse_ticket, nullptr);
  }
}

int staple(SSL* ssl, void* of) {
  const Context& context = *static_cast<const Context*>(of);
  const Ocsp usual = context.identity->revoked ? Ocsp::revoked : Ocsp::none;
  const std::string response = ocsp_response(*context.identity, context.settings.ocsp.value_or(usual));
  if (response.empty()) return SSL_TLSEXT_ERR_NOACK;
  void* copy = OPENSSL_memdup(response.data(), response.size());
  if (!copy) return SSL_TLSEXT_ERR_ALERT_FATAL;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(response.size()));
  return SSL_TLSEXT_ERR_OK;
}

int choose_alpn(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                unsigned offered_size, void* of) {
  const Context& context = *static_cast<const Context*>(of);
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(context.alpn.data()),
                                           static_cast<unsigned>(context.alpn.size()), offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_alpn(Context& context) {
  if (!context.settings.alpn || context.settings.alpn->empty()) return;
  for (const std::string& name : *context.settings.alpn) {
    if (name.empty() || name.size() > 255) {
      throw Error("TLS: an ALPN name has 1 to 255 bytes, and '" + printable(name.substr(0, 40)) + "' has " +
                  std::to_string(name.size()));
    }
    context.alpn += static_cast<char>(name.size());
    context.alpn += name;
  }
  SSL_CTX_set_alpn_select_cb(context.ctx.get(), choose_alpn, &context);
}

std::shared_ptr<const Context> make(const Settings& settings, std::shared_ptr<const Identity> identity) {
  ERR_clear_error();
  auto made = std::make_shared<Context>();
  made->ctx.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* ctx = made->ctx.get();
  if (!ctx) throw Error("TLS: OpenSSL can't make a context: " + take_reason());
  made->settings = settings;
  made->identity = std::move(identity);
  SSL_CTX_set_mode(ctx,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(ctx, SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS);  // one write of ours is one record
  if (asks_weak(settings, *made->identity)) SSL_CTX_set_security_level(ctx, 0);
  set_versions(ctx, settings.versions);
  if (settings.ciphers) set_ciphers(ctx, *settings.ciphers);
  if (settings.groups) set_groups(ctx, *settings.groups);
  SSL_CTX_set_dh_auto(ctx, 1);
  set_identity(ctx, *made->identity);
  set_client_certificate(ctx, settings.client_certificate.value_or(ClientCertificate::none));
  set_tickets(ctx, settings.tickets.value_or(Tickets::good));
  set_alpn(*made);
  SSL_CTX_callback_ctrl(ctx, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, reinterpret_cast<void (*)()>(staple));
  SSL_CTX_set_tlsext_status_arg(ctx, made.get());
  SSL_CTX_set_keylog_callback(ctx, [](const SSL* ssl, const char* line) {
    if (Listener* listener = listener_of(ssl)) listener->on_key_line(line);
  });
  return made;
}

}  // namespace

std::shared_ptr<const Context> context_for(const Settings& settings, std::shared_ptr<const Identity> identity) {
  constexpr std::size_t most = 256;
  static std::mutex mutex;
  static std::vector<std::shared_ptr<const Context>> kept;
  static std::size_t oldest = 0;

  Settings wanted = settings;
  wanted.certificate.reset();
  wanted.record_size.reset();
  const std::scoped_lock lock(mutex);
  for (const auto& each : kept) {
    if (each->identity == identity && each->settings == wanted) return each;
  }
  std::shared_ptr<const Context> made = make(wanted, std::move(identity));
  if (kept.size() < most) {
    kept.push_back(made);
  } else {
    kept[oldest++ % most] = made;
  }
  return made;
}

std::string take_reason() {
  const unsigned long error = ERR_peek_error();
  const char* reason = ERR_reason_error_string(error);
  std::string words = reason ? reason : error ? "error " + std::to_string(error) : "an unknown reason";
  ERR_clear_error();
  return words;
}

}  // namespace mailfault::tls
