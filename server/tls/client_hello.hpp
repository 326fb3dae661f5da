// The client's first message, read without OpenSSL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tls/engine.hpp"

namespace mailfault::tls {

/// Gathers the records of a ClientHello (RFC 8446 sections 4.1.2 and 5.1). Any split of the same bytes gives the
/// same.
class HelloReader {
 public:
  /// More than this, records and all, and the client is refused.
  static constexpr std::size_t most = 65536;

  enum class Result : std::uint8_t {
    more,     ///< it isn't whole yet
    whole,    ///< hello() is known
    refused,  ///< why() and alert() say why
    alerted,  ///< the client sent an alert in its place: its two bytes are its_alert()
  };

  /// Keeps the bytes. Once the result isn't `more` it stays as it is, and further bytes are only kept (as long as
  /// there is room: what is over `most` is refused).
  Result feed(std::string_view bytes);

  const Hello& hello() const { return hello_; }
  const std::string& why() const { return why_; }
  std::uint8_t alert() const { return alert_; }  ///< the number of the alert that it deserves
  Alert its_alert() const { return its_alert_; }
  /// All that was fed, for OpenSSL; then there is none of it here any more.
  std::string take_bytes() { return std::exchange(bytes_, {}); }

 private:
  Result scan();
  Result judge_clear();
  Result refuse(std::uint8_t alert, std::string why);
  std::string message() const;

  std::string bytes_;
  std::size_t record_at_ = 0;  // where the first record starts that isn't counted yet
  std::size_t have_ = 0;       // bytes of handshake messages in the records before it
  std::uint32_t head_ = 0;     // the first four of them
  Result result_ = Result::more;
  std::uint8_t alert_ = 0;
  Alert its_alert_;
  Hello hello_;
  std::string why_;
};

/// What `message` (a handshake message, its header included) asks for. None: its form is broken, and `why` says
/// where.
std::optional<Hello> parse_client_hello(std::string_view message, std::string& why);

/// "the client spoke in clear: EHLO x" of bytes that aren't TLS, without what may be a secret.
std::string what_was_spoken(std::string_view bytes);

}  // namespace mailfault::tls
