// The CA of a file. Here it is only read; that a process uses it, client-tests/test_certificates.py sees.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "tests/tls/certificate_files.hpp"
#include "tls/mint.hpp"

namespace mailfault::tls {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;
using CaFile = Folder;

std::string upper_part(const std::string& both) { return both.substr(0, both.find("-----BEGIN CERTIFICATE", 100)); }
std::string lower_part(const std::string& both) { return both.substr(upper_part(both).size()); }

TEST_F(CaFile, IsMadeForItsOwnerAndReadAgain) {
  auto file = path("ca.pem");
  auto made = authorities_of(file);
  EXPECT_EQ(text_of(file), pem_of(made));
  EXPECT_EQ(pem_of(authorities_of(file)), pem_of(made));
  struct stat facts;
  ASSERT_EQ(stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("")), {}), 1) << "no temporary file is left";
}

TEST_F(CaFile, IsTheSameForAllWhoMakeItAtOnce) {
  auto file = path("ca.pem");
  std::vector<std::string> got(8);
  {
    std::vector<std::jthread> threads;
    for (auto& each : got) threads.emplace_back([&] { each = pem_of(authorities_of(file)); });
  }
  for (const auto& each : got) EXPECT_EQ(each, text_of(file));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("")), {}), 1);
}

TEST_F(CaFile, MayBeSomebodyElsesRootAlone) {
  auto root = upper_part(ca_with_key());
  auto read = authorities_of(write("root.pem", root));
  EXPECT_THAT(root, StartsWith(pem_of(read.root->certificate.get())));
  auto* below = read.intermediate->certificate.get();
  EXPECT_EQ(X509_verify(below, X509_get0_pubkey(read.root->certificate.get())), 1);
  auto key = make_key(book().recipes.front().leaf);
  auto leaf = make_certificate(book().recipes.front().leaf, {}, key.get(), read.intermediate.get());
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(below)), 1);
}

TEST_F(CaFile, SaysWhatIsWrongWithIt) {
  auto both = ca_with_key();
  auto upper = upper_part(both), lower = lower_part(both);
  auto old_spec = book().root;
  old_spec.until = -1;
  auto old_key = make_key(old_spec);
  auto old_ca = make_certificate(old_spec, {}, old_key.get(), nullptr);
  struct Row {
    std::string file, says;
  };
  const std::vector<Row> rows{
      {path("none/ca.pem"), "the CA can't be written: No such file"},
      {path(""), "Is a directory"},
      {write("empty.pem", ""), "there is no certificate"},
      {write("bare.pem", ca_certificate()), "the key of its first certificate isn't in it"},
      {write("half.pem", upper + pem_of(intermediate_authority()->certificate.get())), "the key of its second"},
      {write("leaf.pem", to_pem(*mint("good", {}), false, true)), "isn't a CA's"},
      {write("pathlen.pem", lower), "pathlen:0"},
      {write("order.pem", lower + upper), "put the upper CA first"},
      {write("three.pem", both + lower), "more than two"},
      {write("locked.pem", ca_certificate() + encrypted(root_authority()->key.get(), "secret")), "isn't in it"},
      {write("old.pem", pem_of(old_ca.get()) + pem_of(old_key.get())), "the CA has expired"},
  };
  for (const auto& row : rows)
    EXPECT_THAT([&] { authorities_of(row.file); },
                ThrowsMessage<Error>(testing::AllOf(StartsWith(row.file), HasSubstr(row.says))));
}

TEST_F(CaFile, ComesBeforeTheFirstCertificate) {
  ca_certificate();
  EXPECT_THAT([&] { use_ca(path("ca.pem")); }, ThrowsMessage<Error>(HasSubstr("a CA is in use already")));
  EXPECT_FALSE(std::filesystem::exists(path("ca.pem")));
}

}  // namespace
}  // namespace mailfault::tls
