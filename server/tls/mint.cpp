#include "tls/mint.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "tls/names.hpp"

namespace mailfault::tls {
namespace {

struct FreeMore {
  void operator()(EVP_PKEY_CTX* each) const { EVP_PKEY_CTX_free(each); }
  void operator()(BIGNUM* each) const { BN_free(each); }
  void operator()(X509_EXTENSION* each) const { X509_EXTENSION_free(each); }
  void operator()(GENERAL_NAMES* each) const { GENERAL_NAMES_free(each); }
  void operator()(GENERAL_NAME* each) const { GENERAL_NAME_free(each); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeMore>;

constexpr std::size_t longest_common_name = 64;  // RFC 5280: ub-common-name

void set_serial(X509* certificate, const std::string& hexadecimal) {
  BIGNUM* number = nullptr;
  if (hexadecimal.empty()) {
    std::array<unsigned char, 16> bytes;
    need(RAND_bytes(bytes.data(), bytes.size()) == 1, "a random number");
    bytes[0] = (bytes[0] & 0x3f) | 0x40;  // positive, and always as long
    number = BN_bin2bn(bytes.data(), bytes.size(), nullptr);
  } else {
    BN_hex2bn(&number, hexadecimal.c_str());
  }
  Owned<BIGNUM> owned(number);
  need(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)), "serial number " + hexadecimal);
}

void set_subject(X509* certificate, const CertificateSpec& spec, const Names& names, int level) {
  auto* subject = X509_get_subject_name(certificate);
  for (const auto& [attribute, text] : spec.subject) {
    auto value = fill_in(text, names, level);
    if (attribute == "CN" && value.size() > longest_common_name) continue;  // subjectAltName has it
    need(X509_NAME_add_entry_by_txt(subject, attribute.c_str(), MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0),
         "subject " + attribute + "=" + escaped(value));
  }
}

void add_names(X509* certificate, const CertificateSpec& spec, const Names& names) {
  Owned<GENERAL_NAMES> all(sk_GENERAL_NAME_new_null());
  for (const auto& each : subject_names(*spec.names, names)) {
    Owned<GENERAL_NAME> name(GENERAL_NAME_new());
    if (each.is_address) {
      auto* bytes = a2i_IPADDRESS(each.value.c_str());
      need(bytes, "address " + each.value);
      GENERAL_NAME_set0_value(name.get(), GEN_IPADD, bytes);
    } else {
      auto* text = ASN1_IA5STRING_new();
      ASN1_STRING_set(text, each.value.data(), static_cast<int>(each.value.size()));
      GENERAL_NAME_set0_value(name.get(), GEN_DNS, text);
    }
    need(sk_GENERAL_NAME_push(all.get(), name.get()) > 0, "subjectAltName");
    static_cast<void>(name.release());  // it is the list's now
  }
  int critical = X509_NAME_entry_count(X509_get_subject_name(certificate)) == 0;  // RFC 5280 section 4.2.1.6
  need(X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), critical, X509V3_ADD_DEFAULT) == 1,
       "subjectAltName");
}

void add_extensions(X509* certificate, const CertificateSpec& spec, X509* issuer) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [name, value] : spec.extensions) {
    Owned<X509_EXTENSION> extension(X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str()));
    need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension " + name + " = " + value);
  }
}

// Without what OpenSSL keeps of the making, so that threads may share it.
X509Ptr read_back(X509* certificate) {
  unsigned char* der = nullptr;
  int size = i2d_X509(certificate, &der);
  need(size > 0, "encoding a certificate");
  const unsigned char* at = der;
  X509Ptr read(d2i_X509(nullptr, &at, size));
  OPENSSL_free(der);
  need(read != nullptr, "reading a certificate back");
  return read;
}

}  // namespace

CleanErrors::CleanErrors() { ERR_clear_error(); }
CleanErrors::~CleanErrors() { ERR_clear_error(); }

std::string openssl_says() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? reason : "no reason given";
}

void need(bool worked, const std::string& what) {
  if (!worked) throw Error("a certificate can't be made, at " + what + ": OpenSSL says: " + openssl_says());
}

KeyPtr make_key(const CertificateSpec& spec) {
  constexpr std::string_view rsa = "RSA-";
  std::string_view name = spec.key;
  EVP_PKEY* key = nullptr;
  if (name.starts_with(rsa)) {
    int bits = 0;
    std::from_chars(name.data() + rsa.size(), name.data() + name.size(), bits);
    Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    need(EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1 &&
             EVP_PKEY_CTX_set_rsa_keygen_primes(context.get(), spec.primes) == 1 &&
             EVP_PKEY_generate(context.get(), &key) == 1,
         "key " + spec.key);
  } else if (name == "ED25519") {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", spec.key.c_str());
  }
  need(key, "key " + spec.key);
  return KeyPtr(key);
}

const EVP_MD* digest_for(EVP_PKEY* key, const std::string& name) {
  int usual = 0;
  if (EVP_PKEY_get_default_digest_nid(key, &usual) == 2 && usual == NID_undef) return nullptr;
  const auto* digest = EVP_get_digestbyname(name.c_str());
  need(digest, "digest " + name);
  return digest;
}

X509Ptr make_certificate(const CertificateSpec& spec, const Names& names, EVP_PKEY* key, const Authority* issuer,
                         int level) {
  X509Ptr made(X509_new());
  auto* certificate = made.get();
  need(certificate && X509_set_version(certificate, X509_VERSION_3) && X509_set_pubkey(certificate, key),
       "the public key");
  set_serial(certificate, spec.serial);
  need(X509_time_adj_ex(X509_getm_notBefore(certificate), spec.from, 0, nullptr) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), spec.until, 0, nullptr),
       "its time");
  set_subject(certificate, spec, names, level);
  auto* above = issuer ? issuer->certificate.get() : certificate;
  need(X509_set_issuer_name(certificate, X509_get_subject_name(above)), "its issuer");
  if (spec.names) add_names(certificate, spec, names);
  add_extensions(certificate, spec, above);
  auto* signer = issuer ? issuer->key.get() : key;
  need(X509_sign(certificate, signer, digest_for(signer, spec.digest)) > 0, "signing with " + spec.digest);
  return read_back(certificate);
}

bool is_weak(X509* certificate) {
  constexpr int enough = 112;  // bits: OpenSSL's security level 2
  int bits = 0;
  X509_get_signature_info(certificate, nullptr, nullptr, &bits, nullptr);
  return bits < enough || EVP_PKEY_get_security_bits(X509_get0_pubkey(certificate)) < enough;
}

std::shared_ptr<const Authority> make_authority(const CertificateSpec& spec) {
  auto issuer = issuer_of(spec);
  for (int level = 1; level <= spec.levels; ++level) {
    auto made = std::make_shared<Authority>();
    made->key = make_key(spec);
    made->certificate = make_certificate(spec, {}, made->key.get(), issuer.get(), level);
    made->issuer = issuer;
    issuer = made;
  }
  return issuer;
}

std::shared_ptr<const Authority> issuer_of(const CertificateSpec& spec) {
  if (spec.made_issuer) return make_authority(*spec.made_issuer);
  if (spec.issuer == "root") return root_authority();
  if (spec.issuer == "intermediate") return intermediate_authority();
  return nullptr;
}

}  // namespace mailfault::tls
