// The CAs that certificates have in common: fresh in each process, or a file's.
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "tls/mint.hpp"

namespace mailfault::tls {
namespace {

std::mutex guard;
std::shared_ptr<const Authorities> in_use;  // under guard
std::string file_in_use;                    // under guard; empty: of no file

std::shared_ptr<const Authority> signed_by(const CertificateSpec& spec, std::shared_ptr<const Authority> issuer) {
  auto made = std::make_shared<Authority>();
  made->key = make_key(spec);
  made->certificate = make_certificate(spec, {}, made->key.get(), issuer.get());
  made->issuer = std::move(issuer);
  return made;
}

Authorities fresh() {
  Authorities made;
  made.root = signed_by(book().root, nullptr);
  made.intermediate = signed_by(book().intermediate, made.root);
  return made;
}

std::shared_ptr<const Authorities> authorities() {
  std::lock_guard lock(guard);
  if (!in_use) in_use = std::make_shared<const Authorities>(fresh());
  return in_use;
}

struct FreeBio {
  void operator()(BIO* each) const { BIO_free(each); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

std::string text_of(BIO* bio) {
  const char* bytes = nullptr;
  auto size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(const Authority& authority) {
  return tls::pem_of(authority.certificate.get()) + tls::pem_of(authority.key.get());
}

// The certificate as an authority, with the key among these that is its own.
std::shared_ptr<const Authority> with_its_key(X509Ptr certificate, const std::vector<KeyPtr>& keys,
                                              std::shared_ptr<const Authority> issuer, const std::string& file) {
  auto made = std::make_shared<Authority>();
  for (const auto& key : keys)
    if (X509_check_private_key(certificate.get(), key.get()) == 1) made->key = share(key.get());
  if (!made->key)
    throw Error(file + ": the key of its " + (issuer ? "second" : "first") +
                " certificate isn't in it: put the CA's certificate and its key, both as PEM, into one file");
  if (X509_check_ca(certificate.get()) != 1)
    throw Error(file + ": its certificate isn't a CA's: give one with CA:TRUE, or a file that isn't there yet");
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0)
    throw Error(file + ": the CA has expired: remove the file, and trust the one that is made then");
  made->certificate = std::move(certificate);
  made->issuer = std::move(issuer);
  return made;
}

Authorities read_authorities(const std::string& file) {
  auto text = read_pem_file(file, "the CA");
  BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::vector<X509Ptr> certificates;
  std::vector<KeyPtr> keys;
  while (auto* each = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(each);
  bio.reset(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  // A callback, so that an encrypted key is an error and no question on the terminal.
  auto no_password = [](char*, int, int, void*) { return -1; };
  while (auto* each = PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)) keys.emplace_back(each);
  if (certificates.empty()) throw Error(file + ": there is no certificate in it (PEM) for the CA");
  if (certificates.size() > 2)
    throw Error(file +
                ": there are more than two certificates in it: give a CA's, and that of one CA below it or none");

  Authorities read;
  read.root = with_its_key(std::move(certificates[0]), keys, nullptr, file);
  if (certificates.size() == 2) {
    if (X509_check_issued(read.root->certificate.get(), certificates[1].get()) != X509_V_OK)
      throw Error(file + ": its second certificate isn't signed by the first: put the upper CA first");
    read.intermediate = with_its_key(std::move(certificates[1]), keys, read.root, file);
  } else if (X509_get_pathlen(read.root->certificate.get()) == 0) {
    throw Error(file +
                ": the CA may have no CA below it (pathlen:0), but certificates here come from one: give another");
  } else {
    read.intermediate = signed_by(book().intermediate, read.root);
  }
  return read;
}

// Whole or not at all. False: the file is there already.
bool write_new(const std::string& file, const std::string& text) {
  auto failed = [&](const char* what) {
    return Error(file + ": the CA can't be " + what + ": " + std::strerror(errno) +
                 ": name a file in a folder that is " + "there and can be written to");
  };
  auto temporary = file + ".XXXXXX";
  int descriptor = mkstemp(temporary.data());  // 0600
  if (descriptor < 0) throw failed("written");
  bool written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  written = close(descriptor) == 0 && written;
  bool linked = written && link(temporary.c_str(), file.c_str()) == 0;
  int error = errno;
  unlink(temporary.c_str());
  errno = error;
  if (!linked && (!written || errno != EEXIST)) throw failed("written");
  return linked;
}

CrlPtr revocation_list(const Authority& authority, std::string_view name) {
  CrlPtr list(X509_CRL_new());
  std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> last(ASN1_TIME_adj(nullptr, time(nullptr), -1, 0),
                                                             ASN1_TIME_free),
      next(ASN1_TIME_adj(nullptr, time(nullptr), 30, 0), ASN1_TIME_free);
  need(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) &&
           X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(authority.certificate.get())) &&
           X509_CRL_set1_lastUpdate(list.get(), last.get()) && X509_CRL_set1_nextUpdate(list.get(), next.get()),
       "a revocation list");
  for (const auto& recipe : book().recipes) {
    if (!recipe.leaf.revoked || recipe.leaf.issuer != name) continue;
    std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> serial(
        s2i_ASN1_INTEGER(nullptr, ("0x" + recipe.leaf.serial).c_str()), ASN1_INTEGER_free);
    auto* entry = X509_REVOKED_new();
    need(serial && X509_REVOKED_set_serialNumber(entry, serial.get()) &&
             X509_REVOKED_set_revocationDate(entry, last.get()) && X509_CRL_add0_revoked(list.get(), entry),
         "an entry of a revocation list");
  }
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, authority.certificate.get(), nullptr, nullptr, list.get(), 0);
  std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> key_id(
      X509V3_EXT_nconf(nullptr, &context, "authorityKeyIdentifier", "keyid"), X509_EXTENSION_free);
  std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> number(ASN1_INTEGER_new(), ASN1_INTEGER_free);
  need(key_id && X509_CRL_add_ext(list.get(), key_id.get(), -1) &&
           ASN1_INTEGER_set_int64(number.get(), time(nullptr)) &&
           X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, X509V3_ADD_DEFAULT) == 1,
       "the extensions of a revocation list");
  X509_CRL_sort(list.get());
  need(X509_CRL_sign(list.get(), authority.key.get(), digest_for(authority.key.get(), "sha256")) > 0,
       "signing a revocation list");
  return list;
}

}  // namespace

std::string pem_of(const Authorities& both) { return pem_of(*both.root) + pem_of(*both.intermediate); }

std::string pem_of(X509* certificate) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509(bio.get(), certificate), "writing it as PEM");
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
       "writing its key as PEM");
  return text_of(bio.get());
}

std::string read_pem_file(const std::string& file, const std::string& what) {
  constexpr std::size_t most = 4 << 20;
  auto failed = [&] { return Error(file + ": " + what + " can't be read: " + std::strerror(errno)); };
  int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw failed();
  std::unique_ptr<int, void (*)(int*)> closed(&descriptor, [](int* each) { close(*each); });
  std::string text;
  char bytes[16384];
  while (auto size = read(descriptor, bytes, sizeof bytes)) {
    if (size < 0) throw failed();
    text.append(bytes, static_cast<std::size_t>(size));
    if (text.size() > most) throw Error(file + ": " + what + " has more than 4 MiB: is it the right file?");
  }
  return text;
}

std::shared_ptr<const Authority> root_authority() { return authorities()->root; }
std::shared_ptr<const Authority> intermediate_authority() { return authorities()->intermediate; }

X509* ca() { return root_authority()->certificate.get(); }

std::string ca_certificate() { return pem_of(ca()); }
std::string ca_with_key() { return pem_of(*authorities()); }

std::string ca_revocation_list() {
  CleanErrors clean;
  auto both = authorities();
  std::string text;
  for (const auto& [authority, name] : {std::pair{both->intermediate, "intermediate"}, {both->root, "root"}}) {
    BioPtr bio(BIO_new(BIO_s_mem()));
    need(PEM_write_bio_X509_CRL(bio.get(), revocation_list(*authority, name).get()), "writing a revocation list");
    text += text_of(bio.get());
  }
  return text;
}

Authorities authorities_of(const std::string& file) {
  CleanErrors clean;
  if (access(file.c_str(), F_OK) != 0 && errno == ENOENT) {
    auto made = fresh();
    if (write_new(file, pem_of(made))) return made;
  }
  return read_authorities(file);
}

void use_ca(const std::string& file) {
  std::lock_guard lock(guard);
  if (in_use && file_in_use == file) return;
  if (in_use) throw Error(file + ": a CA is in use already: give it before anything needs a certificate");
  in_use = std::make_shared<const Authorities>(authorities_of(file));
  file_in_use = file;
}

}  // namespace mailfault::tls
