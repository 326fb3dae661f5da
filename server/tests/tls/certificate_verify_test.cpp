// Each recipe against OpenSSL's verifier in the process: bad or not, and why.
#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "tls/identity.hpp"
#include "tls/names.hpp"

namespace mailfault::tls {

void PrintTo(const RecipeSpec& recipe, std::ostream* out) { *out << recipe.name; }

namespace {

struct FreeThese {
  void operator()(X509_STORE* each) const { X509_STORE_free(each); }
  void operator()(X509_STORE_CTX* each) const { X509_STORE_CTX_free(each); }
  void operator()(BIO* each) const { BIO_free(each); }
  void operator()(STACK_OF(X509) * each) const { sk_X509_free(each); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeThese>;

// What a strict client of `name` that trusts our CA says; "ok".
std::string verified(const Identity& identity, const std::string& name) {
  Owned<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), ca());
  auto lists = ca_revocation_list();
  Owned<BIO> bio(BIO_new_mem_buf(lists.data(), static_cast<int>(lists.size())));
  while (CrlPtr list{PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)})
    X509_STORE_add_crl(store.get(), list.get());
  Owned<STACK_OF(X509)> sent(sk_X509_new_null());
  for (const auto& each : identity.chain) sk_X509_push(sent.get(), each.get());
  Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), identity.leaf.get(), sent.get());
  auto* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_auth_level(parameters, 2);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (identity.revoked) X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CRL_CHECK);
  if (is_address(name))
    X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str());
  else
    X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), 0);
  if (X509_verify_cert(context.get()) == 1) return "ok";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

class EachRecipe : public testing::TestWithParam<RecipeSpec> {};

TEST_P(EachRecipe, IsTakenOrRefusedByTheVerifierAsItSays) {
  const auto& recipe = GetParam();
  const auto& name = proof_of(recipe.name).name;
  auto identity = mint(recipe.name, {"mx.example.com", "", {name}});
  EXPECT_EQ(verified(*identity, name), recipe.check);
  EXPECT_EQ(recipe.bad, recipe.check != "ok");
  EXPECT_EQ(X509_check_private_key(identity->leaf.get(), identity->key.get()), 1);
  EXPECT_EQ(identity->weak, recipe.check.find("too weak") != std::string::npos);
}

// But for the one whose key takes seconds: client-tests/test_certificates.py has it, too.
std::vector<RecipeSpec> quick_ones() {
  std::vector<RecipeSpec> all(recipes().begin(), recipes().end());
  std::erase_if(all, [](const auto& each) { return each.name == "rsa_8192"; });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Certificates, EachRecipe, testing::ValuesIn(quick_ones()),
                         [](const auto& each) { return each.param.name; });

TEST(GoodCertificate, IsForEveryNameThatMayBeAsked) {
  auto identity = mint("good", {"mx.example.org", "Relay.Example.net", {"other.example", "10.1.2.3"}});
  for (const auto* name :
       {"localhost", "127.0.0.1", "::1", "mx.example.org", "relay.example.net", "other.example", "10.1.2.3"})
    EXPECT_EQ(verified(*identity, name), "ok") << name;
  EXPECT_EQ(verified(*identity, "else.example"), "hostname mismatch");
  EXPECT_EQ(verified(*identity, "10.1.2.4"), "IP address mismatch");
}

TEST(GoodCertificate, IsForANameTooLongForACommonName) {
  std::string sni = std::string(60, 'a') + "." + std::string(60, 'b') + ".example";
  auto identity = mint("cn_only", {"mx.example.org", sni, {}});
  EXPECT_EQ(X509_NAME_get_index_by_NID(X509_get_subject_name(identity->leaf.get()), NID_commonName, -1), -1);
  EXPECT_EQ(verified(*mint("good", {"mx.example.org", sni, {}}), sni), "ok");
}

TEST(NoSniDefault, IsForThoseWhoAskForNoName) {
  EXPECT_EQ(verified(*mint("no_sni_default", {}), "localhost"), "self-signed certificate");
  EXPECT_EQ(verified(*mint("no_sni_default", {"mx.example.com", "localhost", {}}), "localhost"), "ok");
}

}  // namespace
}  // namespace mailfault::tls
