// HTTP/1.1 on a reactor's thread: requests in, answers out. Knows no route.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "wire/reactor.hpp"

namespace mailfault::control {

struct HttpRequest {
  std::string method;
  std::vector<std::string> path;             ///< its segments, decoded
  std::map<std::string, std::string> query;  ///< decoded
  std::string authorization;
  std::string body;
};

struct HttpAnswer {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A request's way back, on the server's thread.
struct Exchange {
  std::function<void(HttpAnswer)> answer;  ///< at most once; does nothing if the client has left
  /// Set by who makes the client wait: called when it leaves before the answer, which then isn't wanted any more.
  std::function<void()> gone;
};

struct HttpOptions {
  std::string address;
  std::uint16_t port = 0;
  std::size_t most_connections = 1000;  ///< more wait in the backlog
  Micros request_time = std::chrono::seconds(10);
  Micros idle_time = std::chrono::minutes(1);  ///< that a connection may keep silent between requests
};

inline constexpr std::size_t largest_body = 4 << 20;
inline constexpr std::uint32_t largest_header = 16 << 10;

/// Requests of a connection are answered in their order, one at a time.
class HttpServer {
 public:
  using Handler = std::function<void(HttpRequest, std::shared_ptr<Exchange>)>;

  /// Listens; made before the reactor runs. Throws Error for a port that can't be had.
  HttpServer(wire::Reactor& reactor, const HttpOptions& options, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

/// Without %XX and, in a query, '+'. What is no code stays as it is.
std::string url_decoded(std::string_view text, bool query = false);

}  // namespace mailfault::control
