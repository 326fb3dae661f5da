// Certificates made by their specs, and the CAs that they have in common.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/error.hpp"
#include "tls/identity.hpp"
#include "tls/recipes.hpp"

namespace mailfault::tls {

/// OpenSSL's queue of errors is a thread's: what this code leaves there would be taken for a connection's.
class CleanErrors {
 public:
  CleanErrors();
  ~CleanErrors();
  CleanErrors(const CleanErrors&) = delete;
  CleanErrors& operator=(const CleanErrors&) = delete;
};

/// OpenSSL's reason for the last failure, or "no reason given".
std::string openssl_says();
/// Throws Error with OpenSSL's reason if `worked` is false.
void need(bool worked, const std::string& what);

/// What signs certificates (a CA, mostly), with what signed it.
struct Authority {
  X509Ptr certificate;
  KeyPtr key;
  std::shared_ptr<const Authority> issuer;  ///< null: it stands at the top
};

KeyPtr make_key(const CertificateSpec& spec);
/// `issuer` null: signed by `key` itself.
X509Ptr make_certificate(const CertificateSpec& spec, const Names& names, EVP_PKEY* key, const Authority* issuer,
                         int level = 1);
/// Of an authority that is a recipe's own: made with all above it.
std::shared_ptr<const Authority> make_authority(const CertificateSpec& spec);
/// What signs a certificate of this spec; null: it signs itself.
std::shared_ptr<const Authority> issuer_of(const CertificateSpec& spec);
/// The digest to sign with; null for the keys that have none (Ed25519).
const EVP_MD* digest_for(EVP_PKEY* key, const std::string& name);

/// Whether a verifier that wants 112 bits of its key and signature refuses it.
bool is_weak(X509* certificate);

/// The CAs that recipes have in common.
struct Authorities {
  std::shared_ptr<const Authority> root, intermediate;
};
std::string pem_of(const Authorities& both);
/// Of a file, which is made if it isn't there: see use_ca().
Authorities authorities_of(const std::string& file);
/// The ones in use; made (or read: use_ca()) at first use.
std::shared_ptr<const Authority> root_authority();
std::shared_ptr<const Authority> intermediate_authority();

/// All of a file, at most 4 MiB. Throws Error that names it and says what it is for.
std::string read_pem_file(const std::string& file, const std::string& what);
std::string pem_of(X509* certificate);
/// PKCS#8, not encrypted.
std::string pem_of(EVP_PKEY* key);

}  // namespace mailfault::tls
