// OCSP responses (RFC 6960).
#include <openssl/ocsp.h>

#include <ctime>

#include "tls/mint.hpp"

namespace mailfault::tls {
namespace {

struct FreeThese {
  void operator()(OCSP_BASICRESP* each) const { OCSP_BASICRESP_free(each); }
  void operator()(OCSP_RESPONSE* each) const { OCSP_RESPONSE_free(each); }
  void operator()(OCSP_CERTID* each) const { OCSP_CERTID_free(each); }
  void operator()(ASN1_TIME* each) const { ASN1_TIME_free(each); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeThese>;

Owned<ASN1_TIME> in_days(int days) {
  Owned<ASN1_TIME> made(ASN1_GENERALIZEDTIME_adj(nullptr, std::time(nullptr), days, 0));
  need(made != nullptr, "a time");
  return made;
}

std::string der_of(OCSP_RESPONSE* response) {
  need(response, "an OCSP response");
  unsigned char* der = nullptr;
  int size = i2d_OCSP_RESPONSE(response, &der);
  need(size > 0, "an OCSP response");
  std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

std::string ocsp_response(const Identity& identity, Ocsp answer) {
  CleanErrors clean;
  if (answer == Ocsp::none) return "";
  if (answer == Ocsp::malformed) {
    Owned<OCSP_RESPONSE> bare(OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr));
    auto bytes = der_of(bare.get());
    bytes.pop_back();  // its length promises one more
    return bytes;
  }
  if (!identity.issuer || !identity.issuer_key) return "";
  bool revoked = answer == Ocsp::revoked, expired = answer == Ocsp::expired;
  Owned<OCSP_BASICRESP> basic(OCSP_BASICRESP_new());
  Owned<OCSP_CERTID> id(OCSP_cert_to_id(nullptr, identity.leaf.get(), identity.issuer.get()));
  auto since = in_days(-2), from = in_days(expired ? -8 : -1), until = in_days(expired ? -1 : 7);
  auto status = revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD;
  need(OCSP_basic_add1_status(basic.get(), id.get(), status, OCSP_REVOKED_STATUS_KEYCOMPROMISE, since.get(),
                              from.get(), until.get()),
       "an OCSP response");
  need(OCSP_basic_sign(basic.get(), identity.issuer.get(), identity.issuer_key.get(),
                       digest_for(identity.issuer_key.get(), "sha256"), nullptr, OCSP_NOCERTS) == 1,
       "signing an OCSP response");
  Owned<OCSP_RESPONSE> response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  return der_of(response.get());
}

}  // namespace mailfault::tls
