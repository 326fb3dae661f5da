// A client's side of TLS over memory: what plays the client of a scenario's examples, and drives the tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tls/certificate.hpp"
#include "tls/settings.hpp"

namespace mailfault::tls {

class Client;

struct ClientSettings {
  std::string sni = {};                                   ///< empty: none is sent
  std::optional<Version> version = {};                    ///< this one only; unset: 1.2 and 1.3
  std::shared_ptr<const Identity> certificate = nullptr;  ///< shown where one is asked for
  const Client* resumes = nullptr;                        ///< the session of that one is to go on
  /// The name or address that the server's certificate must be for, and led to from our CA, from the roots in
  /// `roots_file` (PEM) or, with neither, from the system's; empty: any certificate is believed.
  std::string verify_for = {};
  bool trusts_our_ca = false;
  std::string roots_file = {};
};

/// Believes any certificate, unless told. OpenSSL's usual settings where nothing else is said.
class Client {
 public:
  explicit Client(const ClientSettings& settings);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Bytes from the server, in any split.
  void feed(std::string_view bytes);
  /// What is to be sent now: the ClientHello at first.
  std::string take();
  void write(std::string_view plain);
  std::string read();
  void close_notify();

  bool up() const;
  /// The handshake, or the session, broke; why() says how.
  bool failed() const;
  const std::string& why() const;
  /// It failed because the certificate isn't to be trusted (ClientSettings::verify_for).
  bool distrusts() const;
  bool close_notify_seen() const;
  /// The session is that of an earlier connection (RFC 8446 section 2.2, RFC 5077).
  bool resumed() const;
  /// A ticket has come with which another connection may resume.
  bool resumable() const;
  /// The last alert that the server sent, close_notify aside.
  std::optional<std::uint8_t> alert() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailfault::tls
