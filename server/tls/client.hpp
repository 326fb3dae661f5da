// A client's side of TLS over memory: what plays the client of a scenario's examples, and drives the tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mailfault::tls {

/// Believes any certificate. TLS 1.2 and 1.3 by OpenSSL's usual settings.
class Client {
 public:
  explicit Client(const std::string& sni);
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
  bool close_notify_seen() const;
  /// The last alert that the server sent, close_notify aside.
  std::optional<std::uint8_t> alert() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailfault::tls
