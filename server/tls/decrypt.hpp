// TLS that somebody else spoke, read with its secrets: a passive third party.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tls/settings.hpp"

namespace mailfault::tls {

/// The lines of an SSLKEYLOGFILE (NSS key log): secrets by label and the client's random. Other lines are passed
/// over.
class KeyLog {
 public:
  /// Adds the lines of a text.
  void add(std::string_view text);
  bool empty() const { return secrets_.empty(); }
  /// "" if there is none. `random`: 32 bytes.
  std::string_view secret(std::string_view label, std::string_view random) const;

 private:
  std::map<std::string, std::string, std::less<>> secrets_;  // by label and random
};

/// One connection, from its ClientHello on: TLS 1.2 and 1.3 with AES-GCM or ChaCha20-Poly1305, without early data.
/// Bounded by a record and a handshake message of each side.
class Decryptor {
 public:
  /// `keys` outlives it.
  explicit Decryptor(const KeyLog& keys);
  ~Decryptor();
  Decryptor(const Decryptor&) = delete;
  Decryptor& operator=(const Decryptor&) = delete;

  /// Bytes of both sides in the order in which they were sent. What of them, decrypted, is the application's.
  std::string feed(bool from_client, std::string_view bytes);
  /// The first alert that was read, close_notify aside.
  const std::optional<Alert>& alert() const;
  /// Whether the client said close_notify, or the server did: the first of both. None: nobody.
  std::optional<bool> client_closes() const;
  /// Why nothing more can be read, and what to do; empty: it can.
  const std::string& why() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailfault::tls
