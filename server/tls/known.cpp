// Names that OpenSSL knows, for what is checked before anything is played.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>

#include "base/text.hpp"
#include "tls/settings.hpp"

namespace mailfault::tls {
namespace {

struct Free {
  void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
};
using Made = std::unique_ptr<SSL_CTX, Free>;

// At level 0: what is weak is known, too.
Made any_context() {
  Made ctx(SSL_CTX_new(TLS_server_method()));
  if (ctx) SSL_CTX_set_security_level(ctx.get(), 0);
  return ctx;
}

// OpenSSL passes over unknown names in a list, so each is tried alone.
template <typename Takes>
std::optional<std::string> first_unknown(std::string_view list, Takes takes) {
  const Made ctx = any_context();
  for (std::string_view each : split(list, ':')) {
    const std::string name(trim(each));
    if (!takes(ctx.get(), name)) {
      ERR_clear_error();
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> unknown_cipher(std::string_view list) {
  return first_unknown(list, [](SSL_CTX* ctx, const std::string& name) {
    if (name.substr(0, 4) == "TLS_") return SSL_CTX_set_ciphersuites(ctx, name.c_str()) == 1;
    // "-RSA" takes from the list and alone leaves nothing; what it names must be known all the same.
    const std::size_t named = name.find_first_not_of("!-+");
    if (named == std::string::npos) return false;
    return SSL_CTX_set_cipher_list(
               ctx, named == 0 && name[0] == '@' ? ("ALL:" + name).c_str() : name.c_str() + named) == 1;
  });
}

std::optional<std::string> unknown_group(std::string_view list) {
  return first_unknown(
      list, [](SSL_CTX* ctx, const std::string& name) { return SSL_CTX_set1_groups_list(ctx, name.c_str()) == 1; });
}

std::vector<std::string> cipher_names() {
  std::vector<std::string> names;
  const Made ctx = any_context();
  if (!ctx || SSL_CTX_set_cipher_list(ctx.get(), "ALL:COMPLEMENTOFALL") != 1) return names;
  const STACK_OF(SSL_CIPHER)* all = SSL_CTX_get_ciphers(ctx.get());
  for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i)
    names.emplace_back(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(all, i)));
  return names;
}

std::span<const std::string_view> group_names() {
  // OpenSSL 3.0 can't list them.
  static constexpr auto names = std::to_array<std::string_view>(
      {"X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192",
       "prime256v1", "secp384r1", "secp521r1", "secp224r1", "secp256k1", "brainpoolP256r1", "brainpoolP384r1",
       "brainpoolP512r1"});
  return names;
}

}  // namespace mailfault::tls
