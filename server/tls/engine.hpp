// The server's side of one TLS connection, sans I/O: bytes in, bytes out, every record in the caller's hand.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tls/certificate.hpp"
#include "tls/settings.hpp"

namespace mailfault::tls {

/// What a ClientHello asks for (RFC 8446 section 4.1.2).
struct Hello {
  std::string sni;                     ///< RFC 6066; empty: none
  std::vector<std::string> alpn;       ///< RFC 7301
  std::vector<std::string> versions;   ///< "TLSv1.2", best first
  std::vector<std::uint16_t> ciphers;  ///< as offered
  bool resumes = false;                ///< it brings a session ticket or a PSK
  bool asks_ocsp = false;
};

/// What is known once TLS is up (or why it isn't).
struct Facts {
  std::string version, cipher, group, alpn;
  std::string client_certificate;  ///< its subject; empty: none was sent
  std::string client_verify;       ///< "ok" or OpenSSL's text; empty: none was sent
  /// What a certificate that was verified vouches for: mail addresses, DNS names, then the subject's common name. In
  /// UTF-8, at most 100 of them.
  std::vector<std::string> client_names;
  bool resumed = false;
};

/// A message that the server is about to send: one or more whole records.
struct Outgoing {
  std::string_view name;  ///< "server_hello", "hello_retry_request", "change_cipher_spec", "encrypted_extensions",
                          ///< "certificate_request", "certificate", "certificate_status", "certificate_verify",
                          ///< "server_key_exchange", "server_hello_done", "finished", "new_session_ticket",
                          ///< "key_update", "hello_request", "application_data", "alert"
  std::string bytes;
};

/// Usage: feed() what came from the socket; while state() is `hello` nothing else is wanted. Once it is `paused`,
/// hello() is known and answer() goes on. Then, after every call: send each next(), read() what was decrypted, look
/// at state(). No OpenSSL object exists before answer(), so a client that stalls in its ClientHello costs what it
/// sent (64 KiB at most).
class Engine {
 public:
  enum class State : std::uint8_t {
    hello,      ///< the ClientHello isn't whole yet
    paused,     ///< it is: answer() decides
    handshake,  ///< under way
    up,         ///< application data may pass
    ended,      ///< the client said close_notify; what we write still leaves
    failed,     ///< why() says why; what next() holds (an alert) still leaves
  };

  Engine();
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  State state() const;
  /// Bytes from the client, in any split. What isn't TLS fails with a `why()` that says what it looks like.
  void feed(std::string_view bytes);
  const Hello& hello() const;  ///< from `paused` on

  /// Goes on with the handshake. `identity` set: this one in place of the settings' recipe. Throws Error for settings
  /// that OpenSSL can't take (an unknown cipher or group).
  void answer(const Settings& settings, const Names& names, std::shared_ptr<const Identity> identity = nullptr);

  /// The server's next message in the order that they must leave; none: nothing to send now.
  std::optional<Outgoing> next();
  /// The name of what next() would give; empty: nothing.
  std::string_view next_name() const;
  /// Throws away what next() hasn't given yet, so that what alert() and seal() make comes in its place, under the
  /// keys and the number that the client expects there. Ends OpenSSL's part of the session unless nothing waited.
  void drop();
  /// Decrypted bytes that have come, at most `limit` of them.
  std::string read(std::size_t limit = 65536);
  /// Application data: records of at most record_size come from next(). Before `up` it waits for that.
  void write(std::string_view plain);
  /// Of records made from here on.
  void set_record_size(std::size_t size);

  /// Our close_notify; the connection may then be half-closed.
  void close_notify();
  /// A fatal alert of any number, behind what next() still holds, sealed if keys are on; the state is `failed` from
  /// here on. False: keys are on that this can't seal with (neither GCM nor ChaCha20-Poly1305), so a plain one
  /// leaves.
  bool alert(std::uint8_t code);
  /// A record of ours with this content type (20–24, or any byte), behind what next() still holds, sealed if keys are
  /// on. The content may be empty or over 2^14; Error if the record would be over 65,535. False as for alert().
  /// Ends OpenSSL's part in writing unless nothing was keyed: what write(), close_notify() and key_update() say from
  /// here on is sealed by us, also behind a close_notify; what the client sends is still read.
  bool seal(std::uint8_t type, std::string_view content);
  /// TLS 1.3: a KeyUpdate leaves before the next application data (RFC 8446 section 4.6.3). False: not 1.3.
  bool key_update(bool asks_client);
  /// TLS 1.2 and before: a HelloRequest leaves, and a ClientHello is taken. False: not possible here.
  bool renegotiate();

  const Facts& facts() const;                ///< whole from `up` on
  const std::vector<Alert>& alerts() const;  ///< in order, both ways
  const std::string& why() const;            ///< of `failed`, in plain words with OpenSSL's reason
  /// Lines of the NSS key log, when they become known (SSLKEYLOGFILE).
  void on_key(std::function<void(const std::string& line)> tell);
  /// For SASL channel binding (RFC 5929, 9266): "tls-unique", "tls-server-end-point", "tls-exporter"; empty: not
  /// defined here.
  std::string channel_binding(std::string_view type) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailfault::tls
