#include "tls/certificate.hpp"

#include <gmock/gmock.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pkcs12.h>

#include <thread>

#include "base/error.hpp"
#include "tests/tls/certificate_files.hpp"
#include "tls/identity.hpp"

namespace mailfault::tls {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

int days_between(const ASN1_TIME* from, const ASN1_TIME* to) {
  int days = 0, seconds = 0;
  EXPECT_EQ(ASN1_TIME_diff(&days, &seconds, from, to), 1);
  return days;
}

// ---- minting

TEST(Mint, IsOnceForARecipeAndNames) {
  auto first = mint("good", {});
  EXPECT_EQ(mint("good", {}), first);
  EXPECT_NE(mint("expired", {}), first);
  EXPECT_NE(mint("good", {"mx.example.com", "a.example", {}}), first);
  EXPECT_EQ(mint("good", {"MX.example.com.", "", {}}), first) << "the same name, otherwise written";
}

TEST(Mint, ChangesEachTimeWhereTheRecipeSaysSo) {
  auto first = mint("changes", {}), second = mint("changes", {});
  EXPECT_NE(der_of(first->leaf.get()), der_of(second->leaf.get()));
  EXPECT_EQ(EVP_PKEY_eq(first->key.get(), second->key.get()), 0);
}

TEST(Mint, SaysWhichCertificatesThereAre) {
  EXPECT_THAT([] { mint("expird", {}); },
              ThrowsMessage<Error>(HasSubstr("there is no certificate 'expird' (did you mean 'expired'?)")));
}

TEST(Mint, RefusesAHostThatIsNone) {
  EXPECT_THAT(
      [] {
        mint("good", {"mx.example.com", "", {"bücher.example"}});
      },
      ThrowsMessage<Error>(HasSubstr("is no host name")));
}

TEST(Mint, ToleratesAnySni) {
  for (const auto& sni : {std::string(5000, 'x'), std::string("a\0b", 3), std::string("\xff\xfe"), std::string(" ")})
    EXPECT_EQ(mint("good", {"mx.example.com", sni, {}}), mint("good", {})) << sni;
}

TEST(Mint, KeepsABoundedNumber) {
  auto first = mint("good", {"mx.example.com", "first.example", {}});
  for (int i = 0; i < 1100; ++i) mint("p256", {"mx.example.com", std::to_string(i) + ".example", {}});
  EXPECT_LE(minted(), 1000U);
  EXPECT_GE(minted(), 900U);
  EXPECT_NE(mint("good", {"mx.example.com", "first.example", {}}), first) << "it was the last to be used";
}

TEST(Mint, KeepsABoundedSize) {
  for (int i = 0; i < 60; ++i) mint("many_sans", {"mx.example.com", std::to_string(i) + ".example", {}});
  EXPECT_LE(minted(), 40U) << "each is over a MiB in memory";
}

TEST(Mint, GivesAllThreadsTheSame) {
  std::vector<std::shared_ptr<const Identity>> got(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < got.size(); ++i)
      threads.emplace_back([&got, i] {
        for (const auto* recipe : {"good", "expired", "self_signed", "changes"})
          for (int n = 0; n < 20; ++n) mint(recipe, {"mx.example.com", std::to_string(n) + ".threads.example", {}});
        got[i] = mint("rsa_1024", {"mx.example.com", "threads.example", {}});
      });
  }
  for (const auto& each : got) EXPECT_EQ(each, got[0]);
}

TEST(Mint, LeavesNoErrorInOpenSslsQueue) {
  mint("long_chain", {"mx.example.com", std::string(200, 'n'), {}});
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Mint, MakesTheTimesFromNow) {
  struct Row {
    const char* recipe;
    int from, until;
  };
  for (const auto& row :
       {Row{"good", -1, 90}, Row{"expired", -91, -1}, Row{"not_yet_valid", 1, 91}, Row{"negative_validity", 1, -1}}) {
    auto identity = mint(row.recipe, {"mx.example.com", "times.example", {}});
    std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> now(X509_gmtime_adj(nullptr, 0), ASN1_TIME_free);
    auto near = [](int days) { return testing::AllOf(testing::Ge(days - 1), testing::Le(days + 1)); };
    EXPECT_THAT(days_between(now.get(), X509_get0_notBefore(identity->leaf.get())), near(row.from)) << row.recipe;
    EXPECT_THAT(days_between(now.get(), X509_get0_notAfter(identity->leaf.get())), near(row.until)) << row.recipe;
  }
}

TEST(Mint, SendsTheChainThatTheRecipeSays) {
  struct Row {
    const char* recipe;
    std::size_t sent;
    bool first_signed_it;
  };
  for (const auto& row : {Row{"good", 1, true}, Row{"missing_intermediate", 0, false}, Row{"self_signed", 0, false},
                          Row{"untrusted_root", 1, true}, Row{"reversed_chain", 3, false},
                          Row{"extra_certificates", 4, true}, Row{"long_chain", 120, true}}) {
    auto identity = mint(row.recipe, {});
    ASSERT_EQ(identity->chain.size(), row.sent) << row.recipe;
    bool signed_it = row.sent && X509_check_issued(identity->chain[0].get(), identity->leaf.get()) == X509_V_OK;
    EXPECT_EQ(signed_it, row.first_signed_it) << row.recipe;
  }
}

// Each has the flaw that it is named for, and an even certificate for the rest.
TEST(Mint, MakesTheKeysThatRecipesName) {
  struct Row {
    const char* recipe;
    int type, bits;
  };
  for (const auto& row : {Row{"good", EVP_PKEY_EC, 256}, Row{"p384", EVP_PKEY_EC, 384},
                          Row{"weak_curve", EVP_PKEY_EC, 161}, Row{"ed25519", EVP_PKEY_ED25519, 256},
                          Row{"rsa_512", EVP_PKEY_RSA, 512}, Row{"rsa_2048", EVP_PKEY_RSA, 2048}}) {
    auto identity = mint(row.recipe, {});
    EXPECT_EQ(EVP_PKEY_get_base_id(identity->key.get()), row.type) << row.recipe;
    EXPECT_EQ(EVP_PKEY_get_bits(identity->key.get()), row.bits) << row.recipe;
  }
}

// ---- as text

TEST_F(Folder, WritesWhatItReads) {
  auto made = mint("good", {});
  auto file = write("all.pem", to_pem(*made, true, true));
  auto read = read_identity(file, file, "");
  EXPECT_EQ(der_of(read->leaf.get()), der_of(made->leaf.get()));
  ASSERT_EQ(read->chain.size(), 1U);
  EXPECT_EQ(der_of(read->chain[0].get()), der_of(made->chain[0].get()));
  EXPECT_EQ(EVP_PKEY_eq(read->key.get(), made->key.get()), 1);
  EXPECT_FALSE(read->weak);
  EXPECT_EQ(ocsp_response(*read, Ocsp::good), "") << "nobody here has its issuer's key";
}

TEST(ToPem, LeavesOutWhatIsntWanted) {
  auto made = mint("good", {});
  EXPECT_THAT(to_pem(*made, false, false), testing::Not(HasSubstr("PRIVATE KEY")));
  EXPECT_EQ(to_pem(*made, true, true),
            to_pem(*made, true, false) + to_pem(*made, false, true).substr(to_pem(*made, false, false).size()));
}

TEST(ToPkcs12, IsOpenedByItsPasswordOnly) {
  auto made = mint("good", {});
  auto bytes = to_pkcs12(*made, "secret");
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  std::unique_ptr<PKCS12, decltype(&PKCS12_free)> read(d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())),
                                                       PKCS12_free);
  ASSERT_TRUE(read);
  EXPECT_EQ(PKCS12_verify_mac(read.get(), "wrong", 5), 0);
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* chain = nullptr;
  ASSERT_EQ(PKCS12_parse(read.get(), "secret", &key, &leaf, &chain), 1);
  KeyPtr key_owner(key);
  X509Ptr leaf_owner(leaf);
  EXPECT_EQ(der_of(leaf), der_of(made->leaf.get()));
  EXPECT_EQ(EVP_PKEY_eq(key, made->key.get()), 1);
  EXPECT_EQ(sk_X509_num(chain), 1);
  sk_X509_pop_free(chain, X509_free);
  ERR_clear_error();
}

// ---- of files: each mistake has words of its own

TEST_F(Folder, SaysWhatIsWrongWithACertificateOrAKey) {
  auto made = mint("good", {}), other = mint("expired", {});
  auto leaf = to_pem(*made, false, false);
  auto key_of = [](const Identity& of) { return to_pem(of, false, true).substr(to_pem(of, false, false).size()); };
  auto good = write("good.pem", leaf), key = write("key.pem", key_of(*made));
  auto locked = write("locked.pem", encrypted(made->key.get(), "secret"));
  auto broken = leaf;
  broken.replace(100, 4, "!!!!");
  auto broken_key = key_of(*made);
  broken_key.replace(60, 4, "////");

  struct Row {
    std::string certificate, key, password, says, file;
  };
  const std::vector<Row> rows{
      {path("none.pem"), key, "", "the certificate can't be read: No such file", "none.pem"},
      {path(""), key, "", "Is a directory", ""},
      {good, path("none.pem"), "", "the key can't be read: No such file", "none.pem"},
      {write("empty.pem", ""), key, "", "there is no certificate in it: the file is empty", "empty.pem"},
      {write("text.pem", "hello"), key, "", "it isn't PEM", "text.pem"},
      {write("leaf.der", der_of(made->leaf.get())), key, "", "it is DER or PKCS#12", "leaf.der"},
      {key, key, "", "it begins with 'PRIVATE KEY'", "key.pem"},
      {write("broken.pem", broken), key, "", "certificate 1 in it can't be read", "broken.pem"},
      {write("half.pem", leaf + broken), key, "", "certificate 2 in it can't be read", "half.pem"},
      {good, good, "", "there is no private key in it: it begins with 'CERTIFICATE'", "good.pem"},
      {good, write("broken_key.pem", broken_key), "", "the key in it can't be read", "broken_key.pem"},
      {good, locked, "", "the key is encrypted, and no password was given", "locked.pem"},
      {good, locked, "wrong", "the password isn't that of this key", "locked.pem"},
      {good, write("other.pem", key_of(*other)), "", "the key is that of another certificate", "other.pem"},
      {write("order.pem", to_pem(*other, false, false) + leaf), key, "", "belongs to the 2nd certificate",
       "order.pem"},
      {write("huge.pem", std::string((4 << 20) + 1, ' ')), key, "", "more than 4 MiB", "huge.pem"},
  };
  for (const auto& row : rows)
    EXPECT_THAT([&] { read_identity(row.certificate, row.key, row.password); },
                ThrowsMessage<Error>(testing::AllOf(HasSubstr(row.says), HasSubstr(row.file))))
        << row.says;
  EXPECT_EQ(EVP_PKEY_eq(read_identity(good, locked, "secret")->key.get(), made->key.get()), 1);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// ---- OCSP

TEST(OcspResponse, SaysWhatIsAskedForAndIsSignedByTheIssuer) {
  auto identity = mint("good", {});
  struct Row {
    Ocsp answer;
    int status;
    bool in_time;
  };
  for (const auto& row :
       {Row{Ocsp::good, V_OCSP_CERTSTATUS_GOOD, true}, Row{Ocsp::revoked, V_OCSP_CERTSTATUS_REVOKED, true},
        Row{Ocsp::expired, V_OCSP_CERTSTATUS_GOOD, false}}) {
    auto bytes = ocsp_response(*identity, row.answer);
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    std::unique_ptr<OCSP_RESPONSE, decltype(&OCSP_RESPONSE_free)> response(
        d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(bytes.size())), OCSP_RESPONSE_free);
    ASSERT_TRUE(response);
    std::unique_ptr<OCSP_BASICRESP, decltype(&OCSP_BASICRESP_free)> basic(OCSP_response_get1_basic(response.get()),
                                                                          OCSP_BASICRESP_free);
    ASSERT_TRUE(basic);
    std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> sent(sk_X509_new_null(),
                                                                    [](auto* each) { sk_X509_free(each); });
    sk_X509_push(sent.get(), identity->issuer.get());
    std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), X509_STORE_free);
    X509_STORE_add_cert(store.get(), ca());
    EXPECT_EQ(OCSP_basic_verify(basic.get(), sent.get(), store.get(), 0), 1);
    std::unique_ptr<OCSP_CERTID, decltype(&OCSP_CERTID_free)> id(
        OCSP_cert_to_id(nullptr, identity->leaf.get(), identity->issuer.get()), OCSP_CERTID_free);
    int status = -1, reason = -1;
    ASN1_GENERALIZEDTIME *since = nullptr, *from = nullptr, *until = nullptr;
    ASSERT_EQ(OCSP_resp_find_status(basic.get(), id.get(), &status, &reason, &since, &from, &until), 1);
    EXPECT_EQ(status, row.status);
    EXPECT_EQ(OCSP_check_validity(from, until, 60, -1) == 1, row.in_time);
  }
  ERR_clear_error();
}

TEST(OcspResponse, IsNoneOrCantBeParsedWhereThatIsWanted) {
  auto identity = mint("good", {});
  EXPECT_EQ(ocsp_response(*identity, Ocsp::none), "");
  auto bytes = ocsp_response(*identity, Ocsp::malformed);
  EXPECT_FALSE(bytes.empty());
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  EXPECT_EQ(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(bytes.size())), nullptr);
  ERR_clear_error();
  EXPECT_FALSE(identity->revoked);
  EXPECT_TRUE(mint("revoked", {})->revoked);
  EXPECT_NE(ocsp_response(*mint("self_signed", {}), Ocsp::good), "") << "it is its own issuer";
}

}  // namespace
}  // namespace mailfault::tls
