// The inside of an Identity, for the files of tls/ that talk to OpenSSL.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "tls/certificate.hpp"

namespace mailfault::tls {

struct Free {
  void operator()(X509* each) const { X509_free(each); }
  void operator()(X509_CRL* each) const { X509_CRL_free(each); }
  void operator()(EVP_PKEY* each) const { EVP_PKEY_free(each); }
};
using X509Ptr = std::unique_ptr<X509, Free>;
using CrlPtr = std::unique_ptr<X509_CRL, Free>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;

/// One more owner of the same object.
inline X509Ptr share(X509* certificate) { return X509_up_ref(certificate) ? X509Ptr(certificate) : nullptr; }
inline KeyPtr share(EVP_PKEY* key) { return EVP_PKEY_up_ref(key) ? KeyPtr(key) : nullptr; }

class Identity {
 public:
  X509Ptr leaf;                ///< what is sent first
  KeyPtr key;                  ///< the leaf's
  std::vector<X509Ptr> chain;  ///< what is sent after it, in this order; may be anything
  X509Ptr issuer;              ///< signs OCSP responses on the leaf; null: not known (of files)
  KeyPtr issuer_key;           ///< null: not known
  bool revoked = false;        ///< it is on its issuer's list: where the settings say nothing, staple Ocsp::revoked
  bool weak = false;           ///< a key or signature below 112 bits: needs security level 0
};

/// The certificate of the CA that good ones lead to; lives as long as the process. Throws Error as ca_certificate().
X509* ca();
/// The DER of an OCSP response on the leaf (RFC 6960) as a staple would have it: signed by the issuer, this day's.
/// Empty for Ocsp::none, and (but for `malformed`) where the issuer's key isn't known.
std::string ocsp_response(const Identity& identity, Ocsp answer);

}  // namespace mailfault::tls
