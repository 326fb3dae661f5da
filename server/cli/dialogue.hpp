// A client's connection to a server, a step at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tls/client.hpp"
#include "wire/dial.hpp"

namespace mailfault::cli {

/// Each call waits, at most the time given.
class Dialogue {
 public:
  Dialogue(wire::Fd socket, Micros time) : socket_(std::move(socket)), time_(time) {}

  struct Reply {
    int code = 0;        ///< 0: it has none, or none came
    std::string text;    ///< without the last line's end
    std::string lack;    ///< why no whole reply came; empty: it did
    bool ended = false;  ///< and never will
  };
  /// At most 64 KiB.
  Reply read();
  /// False: the server takes nothing.
  bool send(std::string_view bytes);
  /// The handshake; empty, or why it failed. The server's certificate isn't verified.
  std::string start_tls(const std::string& sni);
  bool in_tls() const { return tls_.has_value(); }

 private:
  wire::Came more();

  wire::Fd socket_;
  Micros time_;
  std::optional<tls::Client> tls_;
  std::string input_;
};

}  // namespace mailfault::cli
