#include "sasl/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/error.hpp"

namespace mailfault::sasl {
namespace {

const EVP_MD* algorithm(Hash hash) {
  switch (hash) {
    case Hash::md5:
      return EVP_md5();
    case Hash::sha1:
      return EVP_sha1();
    case Hash::sha256:
      break;
  }
  return EVP_sha256();
}

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string taken(const Digest& bytes, std::size_t size) { return {bytes.begin(), bytes.begin() + size}; }

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.empty() ? ""
                                                             : text.data());  // OpenSSL takes null for "as before"
}

void require(bool done, Hash hash) {
  if (!done)
    throw Error(std::string("AUTH: this machine's OpenSSL can't compute ") + EVP_MD_get0_name(algorithm(hash)) +
                " (is it in FIPS mode?): offer mechanisms that don't need it");
}

}  // namespace

std::string digest(Hash hash, std::string_view text) {
  Digest out{};
  unsigned size = 0;
  require(EVP_Digest(text.data(), text.size(), out.data(), &size, algorithm(hash), nullptr) == 1, hash);
  return taken(out, size);
}

std::string hmac(Hash hash, std::string_view key, std::string_view text) {
  Digest out{};
  unsigned size = 0;
  require(HMAC(algorithm(hash), bytes_of(key), static_cast<int>(key.size()), bytes_of(text), text.size(), out.data(),
               &size) != nullptr,
          hash);
  return taken(out, size);
}

std::string pbkdf2(Hash hash, std::string_view password, std::string_view salt, std::uint32_t iterations) {
  Digest out{};
  const int size = EVP_MD_get_size(algorithm(hash));
  require(PKCS5_PBKDF2_HMAC(password.empty() ? "" : password.data(), static_cast<int>(password.size()),
                            bytes_of(salt), static_cast<int>(salt.size()), static_cast<int>(iterations),
                            algorithm(hash), size, out.data()) == 1,
          hash);
  return taken(out, static_cast<std::size_t>(size));
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace mailfault::sasl
