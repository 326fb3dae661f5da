// What tests of certificates share: a folder that goes away, encodings.
#pragma once

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tls/identity.hpp"

namespace mailfault::tls {

class Folder : public testing::Test {
 protected:
  Folder() {
    auto name = testing::TempDir() + "mailfault-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~Folder() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string text_of(const std::string& file) {
    std::ifstream from(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
  }

 private:
  std::string folder_;
};

inline std::string der_of(X509* certificate) {
  unsigned char* der = nullptr;
  auto size = i2d_X509(certificate, &der);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

/// The key as PEM, under a password.
inline std::string encrypted(EVP_PKEY* key, const char* password) {
  std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, EVP_aes_128_cbc(), nullptr, 0, nullptr, const_cast<char*>(password));
  const char* bytes = nullptr;
  auto size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace mailfault::tls
