// Records sealed by us (RFC 8446 section 5.2, RFC 5288, RFC 7905): what OpenSSL wouldn't write. For the files of
// tls/.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailfault::tls {

/// How a side's records are sealed at one time.
struct SealKey {
  bool tls13 = false;
  const EVP_CIPHER* cipher = nullptr;  ///< AES-GCM or ChaCha20-Poly1305
  std::string key;
  std::string iv;  ///< 12 bytes, but of GCM before TLS 1.3: 4
};

/// From a traffic secret of TLS 1.3 (RFC 8446 section 7.3). None: for AES-CCM.
std::optional<SealKey> seal_key(const SSL_CIPHER* suite, std::string_view traffic_secret);
/// The secret after a KeyUpdate (RFC 8446 section 7.2).
std::string next_secret(const SSL_CIPHER* suite, std::string_view traffic_secret);
/// From the master secret of a finished TLS 1.2 handshake (RFC 5246 section 6.3). None: the suite is no AEAD of ours.
std::optional<SealKey> seal_key(SSL* ssl);

/// The same of either side, from what is seen of it and the master secret.
std::optional<SealKey> seal_key(const SSL_CIPHER* suite, std::string_view master, std::string_view client_random,
                                std::string_view server_random, bool of_client);

/// A whole record: header, and `content` of this type under the key and the record's number. None: OpenSSL failed.
std::optional<std::string> seal_record(const SealKey& key, std::uint64_t number, std::uint8_t type,
                                       std::string_view content);
struct Opened {
  std::uint8_t type = 0;
  std::string content;
};
/// What such a record, header and all, holds. None: the key or the number is another, or a byte is.
std::optional<Opened> open_record(const SealKey& key, std::uint64_t number, std::string_view record);
/// How much longer than its content the record is.
std::size_t sealing_adds(const SealKey& key);

}  // namespace mailfault::tls
