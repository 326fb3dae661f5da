// Identities of files, and as text.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>

#include "base/text.hpp"
#include "tls/mint.hpp"

namespace mailfault::tls {
namespace {

struct FreeThese {
  void operator()(BIO* each) const { BIO_free(each); }
  void operator()(PKCS12* each) const { PKCS12_free(each); }
  void operator()(STACK_OF(X509) * each) const { sk_X509_free(each); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeThese>;

Owned<BIO> bio_over(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

struct Password {
  const std::string& text;
  bool asked = false;
};

int give_password(char* to, int size, int, void* from) {
  auto& password = *static_cast<Password*>(from);
  password.asked = true;
  if (password.text.empty() || password.text.size() > static_cast<std::size_t>(size)) return -1;
  return static_cast<int>(password.text.copy(to, static_cast<std::size_t>(size)));
}

std::string what_it_holds(const std::string& text) {
  if (text.empty()) return "the file is empty";
  if (text.find("-----BEGIN ") == std::string::npos)
    return text.front() == '\x30'
               ? "it is DER or PKCS#12: convert it ('openssl x509 -inform DER' or 'openssl pkcs12')"
               : "it isn't PEM (no line '-----BEGIN …')";
  auto begin = text.find("-----BEGIN ") + 11;
  return "it begins with '" +
         printable(text.substr(begin, std::min<std::size_t>(text.find("-----", begin) - begin, 40))) + "'";
}

std::vector<X509Ptr> read_certificates(const std::string& file) {
  auto text = read_pem_file(file, "the certificate");
  auto bio = bio_over(text);
  std::vector<X509Ptr> read;
  ERR_clear_error();
  while (auto* each = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) read.emplace_back(each);
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
    throw Error(file + ": certificate " + std::to_string(read.size() + 1) +
                " in it can't be read: OpenSSL says: " + openssl_says() + ": copy the file again");
  if (read.empty())
    throw Error(file + ": there is no certificate in it: " + what_it_holds(text) +
                ": give a file with '-----BEGIN CERTIFICATE-----', the server's own first");
  return read;
}

KeyPtr read_key(const std::string& file, const std::string& password_text) {
  auto text = read_pem_file(file, "the key");
  auto bio = bio_over(text);
  Password password{password_text};
  ERR_clear_error();
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password));
  if (key) return key;
  if (password.asked && password_text.empty())
    throw Error(file + ": the key is encrypted, and no password was given: give one, or decrypt it ('openssl pkey')");
  if (password.asked) throw Error(file + ": the password isn't that of this key");
  if (text.find("PRIVATE KEY-----") == std::string::npos)
    throw Error(file + ": there is no private key in it: " + what_it_holds(text) +
                ": give a file with '-----BEGIN PRIVATE KEY-----'");
  throw Error(file + ": the key in it can't be read: OpenSSL says: " + openssl_says() + ": copy the file again");
}

}  // namespace

std::shared_ptr<const Identity> read_identity(const std::string& certificate_file, const std::string& key_file,
                                              const std::string& password) {
  CleanErrors clean;
  auto made = std::make_shared<Identity>();
  auto certificates = read_certificates(certificate_file);
  made->key = read_key(key_file, password);
  auto owner = std::find_if(certificates.begin(), certificates.end(), [&](const auto& each) {
    return X509_check_private_key(each.get(), made->key.get()) == 1;
  });
  if (owner == certificates.end())
    throw Error(key_file + ": the key is that of another certificate than the one in " + certificate_file +
                ": give the two that were made together");
  if (owner != certificates.begin())
    throw Error(certificate_file + ": the key belongs to the " +
                ordinal(static_cast<std::uint64_t>(owner - certificates.begin()) + 1) +
                " certificate in it: put the server's own first, then those of its issuers");
  made->leaf = std::move(certificates.front());
  made->chain.assign(std::make_move_iterator(certificates.begin() + 1), std::make_move_iterator(certificates.end()));
  made->weak = is_weak(made->leaf.get()) || std::any_of(made->chain.begin(), made->chain.end(),
                                                        [](const auto& each) { return is_weak(each.get()); });
  return made;
}

std::string to_pem(const Identity& identity, bool with_chain, bool with_key) {
  CleanErrors clean;
  auto text = pem_of(identity.leaf.get());
  if (with_chain)
    for (const auto& each : identity.chain) text += pem_of(each.get());
  if (with_key) text += pem_of(identity.key.get());
  return text;
}

std::string to_pkcs12(const Identity& identity, const std::string& password) {
  CleanErrors clean;
  Owned<STACK_OF(X509)> chain(sk_X509_new_null());
  for (const auto& each : identity.chain) need(sk_X509_push(chain.get(), each.get()) > 0, "PKCS#12");
  Owned<PKCS12> made(PKCS12_create(password.c_str(), "mailfault", identity.key.get(), identity.leaf.get(),
                                   chain.get(), 0, 0, 0, 0, 0));
  Owned<BIO> bio(BIO_new(BIO_s_mem()));
  need(made && i2d_PKCS12_bio(bio.get(), made.get()) == 1, "PKCS#12");
  const char* bytes = nullptr;
  auto size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace mailfault::tls
