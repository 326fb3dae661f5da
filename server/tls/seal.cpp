#include "tls/seal.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <memory>

#include "tls/record.hpp"

namespace mailfault::tls {
namespace {

constexpr std::size_t tag_size = 16, nonce_size = 12, explicit_nonce_size = 8;
constexpr std::uint16_t tls1_2 = 0x0303;

struct FreeKdf {
  void operator()(EVP_KDF* each) const { EVP_KDF_free(each); }
  void operator()(EVP_KDF_CTX* each) const { EVP_KDF_CTX_free(each); }
  void operator()(EVP_CIPHER_CTX* each) const { EVP_CIPHER_CTX_free(each); }
};

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

OSSL_PARAM octets(const char* name, std::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}
OSSL_PARAM text(const char* name, const char* value) {
  return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0);
}

// `size` bytes of the key derivation named; empty if OpenSSL can't.
std::string derive(const char* name, std::size_t size, const OSSL_PARAM* parameters) {
  const std::unique_ptr<EVP_KDF, FreeKdf> kdf(EVP_KDF_fetch(nullptr, name, nullptr));
  if (!kdf) return {};
  const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(EVP_KDF_CTX_new(kdf.get()));
  std::string out(size, '\0');
  if (!context || EVP_KDF_derive(context.get(), raw(out), size, parameters) != 1) return {};
  return out;
}

std::string expand_label(const SSL_CIPHER* suite, std::string_view secret, std::string_view label, std::size_t size) {
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  const std::array parameters{
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      text(OSSL_KDF_PARAM_DIGEST, EVP_MD_get0_name(SSL_CIPHER_get_handshake_digest(suite))),
      octets(OSSL_KDF_PARAM_KEY, secret),
      octets(OSSL_KDF_PARAM_PREFIX, "tls13 "),
      octets(OSSL_KDF_PARAM_LABEL, label),
      OSSL_PARAM_construct_end(),
  };
  return derive(OSSL_KDF_NAME_TLS1_3_KDF, size, parameters.data());
}

const EVP_CIPHER* cipher_of(const SSL_CIPHER* suite) {
  switch (SSL_CIPHER_get_cipher_nid(suite)) {
    case NID_aes_128_gcm:
      return EVP_aes_128_gcm();
    case NID_aes_256_gcm:
      return EVP_aes_256_gcm();
    case NID_chacha20_poly1305:
      return EVP_chacha20_poly1305();
    default:
      return nullptr;
  }
}

std::size_t key_size(const EVP_CIPHER* cipher) { return static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)); }

std::string counted_bytes(std::uint64_t number) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(number >> (56 - 8 * i) & 255);
  return out;
}

// GCM in TLS 1.2 sends part of its nonce; everything since makes it of the record's number.
bool sends_nonce(const SealKey& key) { return key.iv.size() < nonce_size; }

}  // namespace

std::optional<SealKey> seal_key(const SSL_CIPHER* suite, std::string_view traffic_secret) {
  const EVP_CIPHER* cipher = cipher_of(suite);
  if (!cipher || traffic_secret.empty()) return std::nullopt;
  SealKey key{true, cipher, expand_label(suite, traffic_secret, "key", key_size(cipher)),
              expand_label(suite, traffic_secret, "iv", nonce_size)};
  return key.key.empty() || key.iv.empty() ? std::nullopt : std::optional(std::move(key));
}

std::string next_secret(const SSL_CIPHER* suite, std::string_view traffic_secret) {
  return expand_label(suite, traffic_secret, "traffic upd", traffic_secret.size());
}

std::optional<SealKey> seal_key(const SSL_CIPHER* suite, std::string_view master, std::string_view client_random,
                                std::string_view server_random, bool of_client) {
  const EVP_CIPHER* cipher = cipher_of(suite);
  if (!cipher || master.empty()) return std::nullopt;
  const std::string seed = std::string("key expansion").append(server_random).append(client_random);

  // The key block of an AEAD: the client's key, the server's key, the client's IV, the server's IV.
  const std::size_t size = key_size(cipher);
  const std::size_t iv_size = cipher == EVP_chacha20_poly1305() ? nonce_size : nonce_size - explicit_nonce_size;
  const std::array parameters{
      text(OSSL_KDF_PARAM_DIGEST, EVP_MD_get0_name(SSL_CIPHER_get_handshake_digest(suite))),
      octets(OSSL_KDF_PARAM_SECRET, master),
      octets(OSSL_KDF_PARAM_SEED, seed),
      OSSL_PARAM_construct_end(),
  };
  const std::string block = derive(OSSL_KDF_NAME_TLS1_PRF, 2 * (size + iv_size), parameters.data());
  if (block.empty()) return std::nullopt;
  const std::size_t side = of_client ? 0 : 1;
  return SealKey{false, cipher, block.substr(side * size, size), block.substr(2 * size + side * iv_size, iv_size)};
}

std::optional<SealKey> seal_key(SSL* ssl) {
  const SSL_CIPHER* suite = SSL_get_current_cipher(ssl);
  const SSL_SESSION* session = SSL_get_session(ssl);
  if (!suite || !session) return std::nullopt;
  std::string master(SSL_MAX_MASTER_KEY_LENGTH, '\0');
  master.resize(SSL_SESSION_get_master_key(session, raw(master), master.size()));
  std::string server_random(SSL3_RANDOM_SIZE, '\0'), client_random = server_random;
  SSL_get_server_random(ssl, raw(server_random), server_random.size());
  SSL_get_client_random(ssl, raw(client_random), client_random.size());
  return seal_key(suite, master, client_random, server_random, false);
}

std::size_t sealing_adds(const SealKey& key) {
  return tag_size + (key.tls13 ? 1 : 0) + (sends_nonce(key) ? explicit_nonce_size : 0);
}

std::optional<std::string> seal_record(const SealKey& key, std::uint64_t number, std::uint8_t type,
                                       std::string_view content) {
  const std::string counted = counted_bytes(number);

  std::string nonce = key.iv;
  std::string sent_nonce;
  if (sends_nonce(key)) {
    // OpenSSL counts up from a random one, so another random one doesn't meet it.
    sent_nonce.resize(explicit_nonce_size);
    if (RAND_bytes(raw(sent_nonce), static_cast<int>(sent_nonce.size())) != 1) return std::nullopt;
    nonce += sent_nonce;
  } else {
    for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<char>(nonce[4 + i] ^ counted[i]);
  }

  std::string plain(content);
  if (key.tls13) plain += static_cast<char>(type);
  const std::string header = record_header(key.tls13 ? type_application_data : type, tls1_2,
                                           static_cast<std::uint16_t>(content.size() + sealing_adds(key)));
  const std::string authenticated =
      key.tls13 ? header : counted + record_header(type, tls1_2, static_cast<std::uint16_t>(content.size()));

  const std::unique_ptr<EVP_CIPHER_CTX, FreeKdf> context(EVP_CIPHER_CTX_new());
  std::string sealed(plain.size() + tag_size, '\0');
  int size = 0;
  const bool done =
      context &&
      EVP_EncryptInit_ex(context.get(), key.cipher, nullptr, raw(std::string_view(key.key)),
                         raw(std::string_view(nonce))) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, raw(std::string_view(authenticated)),
                        static_cast<int>(authenticated.size())) == 1 &&
      (plain.empty() || EVP_EncryptUpdate(context.get(), raw(sealed), &size, raw(std::string_view(plain)),
                                          static_cast<int>(plain.size())) == 1) &&
      EVP_EncryptFinal_ex(context.get(), raw(sealed) + plain.size(), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size),
                          raw(sealed) + plain.size()) == 1;
  if (!done) return std::nullopt;
  return header + sent_nonce + sealed;
}

std::optional<Opened> open_record(const SealKey& key, std::uint64_t number, std::string_view record) {
  if (record.size() < record_header_size + sealing_adds(key)) return std::nullopt;
  const std::string_view header = record.substr(0, record_header_size);
  std::string_view sealed = record.substr(record_header_size);
  const std::string counted = counted_bytes(number);
  std::string nonce = key.iv;
  if (sends_nonce(key)) {
    nonce += sealed.substr(0, explicit_nonce_size);
    sealed.remove_prefix(explicit_nonce_size);
  } else {
    for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<char>(nonce[4 + i] ^ counted[i]);
  }
  std::string tag(sealed.substr(sealed.size() - tag_size));
  sealed.remove_suffix(tag_size);
  const auto type = static_cast<std::uint8_t>(header[0]);
  const std::string authenticated =
      key.tls13 ? std::string(header)
                : counted + record_header(type, tls1_2, static_cast<std::uint16_t>(sealed.size()));

  const std::unique_ptr<EVP_CIPHER_CTX, FreeKdf> context(EVP_CIPHER_CTX_new());
  Opened out{type, std::string(sealed.size(), '\0')};
  int size = 0;
  unsigned char none[1];
  const bool done =
      context &&
      EVP_DecryptInit_ex(context.get(), key.cipher, nullptr, raw(std::string_view(key.key)),
                         raw(std::string_view(nonce))) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, raw(std::string_view(authenticated)),
                        static_cast<int>(authenticated.size())) == 1 &&
      (sealed.empty() || EVP_DecryptUpdate(context.get(), raw(out.content), &size, raw(sealed),
                                           static_cast<int>(sealed.size())) == 1) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), raw(tag)) == 1 &&
      EVP_DecryptFinal_ex(context.get(), none, &size) == 1;
  if (!done) return std::nullopt;
  if (!key.tls13) return out;
  while (!out.content.empty() && out.content.back() == '\0') out.content.pop_back();  // padding
  if (out.content.empty()) return std::nullopt;
  out.type = static_cast<std::uint8_t>(out.content.back());
  out.content.pop_back();
  return out;
}

}  // namespace mailfault::tls
