// wait-ready: until a server that was started in the background can be used.
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <thread>

#include "base/error.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "wire/sockets.hpp"

namespace mailfault::cli {
namespace {

constexpr auto look_again = std::chrono::milliseconds(20);
constexpr Micros answer_time = std::chrono::seconds(2);

struct Url {
  std::string host, port;
};

Url parse_url(const std::string& text) {
  constexpr std::string_view scheme = "http://";
  if (!text.starts_with(scheme)) throw Error("--url " + text + ": write it as http://127.0.0.1:8025");
  auto authority = text.substr(scheme.size());
  authority = authority.substr(0, authority.find('/'));
  auto colon = authority.rfind(':');
  if (colon == std::string::npos || authority.ends_with(']')) return {authority, "80"};
  Url url{authority.substr(0, colon), authority.substr(colon + 1)};
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  return url;
}

/// Why the API doesn't say that it is ready; empty: it does.
std::string why_not_ready(const Url& url) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (int error = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found); error != 0)
    return url.host + ": " + ::gai_strerror(error);
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, ::freeaddrinfo);
  std::string why;
  for (auto* at = all.get(); at; at = at->ai_next) {
    wire::Fd socket(::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    timeval limit{std::chrono::duration_cast<std::chrono::seconds>(answer_time).count(), 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(socket.get(), at->ai_addr, at->ai_addrlen) != 0) {
      why = std::strerror(errno);
      continue;
    }
    constexpr std::string_view question = "GET /readyz HTTP/1.0\r\n\r\n", wanted = "HTTP/1.1 200 ";
    char answer[13] = "";
    if (::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) < 0 ||
        ::recv(socket.get(), answer, wanted.size(), MSG_WAITALL) < static_cast<ssize_t>(wanted.size()))
      why = "no answer to GET /readyz";
    else if (std::string_view(answer, wanted.size()) == wanted)
      return "";
    else
      why = "GET /readyz was answered " + std::string(answer + 9, 3);
  }
  return url.host + " port " + url.port + ": " + why;
}

/// A server keeps the ports of its doors whatever their state. A connection would tell no more, and would use up a
/// fault that is meant for the first one.
bool is_kept(std::uint16_t port) {
  for (const auto* any : {"0.0.0.0", "::"}) {
    auto at = wire::Address::parse(any, port);
    auto socket = wire::tcp_socket(at->domain());
    wire::set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (::bind(socket.get(), at->data(), at->size()) != 0 && errno == EADDRINUSE) return true;
  }
  return false;
}

std::string why_not_ready(const std::string& port_file) {
  std::error_code ignored;
  if (!std::filesystem::exists(port_file, ignored)) return port_file + ": it isn't there yet";
  boost::json::error_code error;
  auto parsed = boost::json::parse(read_file(port_file), error);
  if (error || !parsed.is_object()) return port_file + ": this is no port file";
  for (const auto& [name, entry] : parsed.get_object()) {
    if (!entry.is_object()) return port_file + ": this is no port file";
    const auto* url = entry.get_object().if_contains("url");
    if (name == "api" && url && url->is_string()) {
      if (auto why = why_not_ready(parse_url(std::string(url->get_string()))); !why.empty()) return why;
      continue;
    }
    for (const auto& [door, port] : entry.get_object()) {
      auto number = port.is_int64() ? port.get_int64() : 0;
      if (number < 1 || number > 65535) return port_file + ": this is no port file";
      if (!is_kept(static_cast<std::uint16_t>(number)))
        return "door '" + std::string(door) + "' of " + std::string(name) + ": nobody has port " +
               std::to_string(number) + " (is " + port_file + " an old one?)";
    }
  }
  return "";
}

class WaitReady final : public Subcommand {
 public:
  std::string_view name() const override { return "wait-ready"; }
  std::string_view summary() const override { return "Wait until a server in the background can be used"; }
  std::string_view examples() const override {
    return "  mailfault serve --api & mailfault wait-ready         until the API answers\n"
           "  mailfault serve healthy --port-file ports.json &\n"
           "  mailfault wait-ready --port-file ports.json          until the doors are there\n";
  }
  void declare(OptionTable& options) override {
    options.text("--url", "URL", ValueKind::text, url_, "of the API (http://127.0.0.1:8025)");
    options.text("--port-file", "FILE", ValueKind::file, port_file_, "that the server was told to write");
    options.custom(
        "--timeout", "TIME", false,
        [this](const std::string& text) {
          auto time = parse_duration(text);
          if (!time) throw Error("--timeout " + text + ": a time such as 10s is wanted");
          timeout_ = *time;
        },
        "then give up (10s)");
  }

  int run() override {
    if (!url_.empty() && !port_file_.empty()) throw Error("wait-ready: give --url or --port-file, not both");
    auto url = parse_url(url_.empty() ? "http://127.0.0.1:8025" : url_);
    auto until = std::chrono::steady_clock::now() + timeout_;
    for (;;) {
      auto why = port_file_.empty() ? why_not_ready(url) : why_not_ready(port_file_);
      if (why.empty()) return 0;
      if (std::chrono::steady_clock::now() + look_again > until) {
        std::cerr << "mailfault: not ready after " << format_duration(timeout_) << ": " << why << "\n";
        return 1;
      }
      std::this_thread::sleep_for(look_again);
    }
  }

 private:
  std::string url_, port_file_;
  Micros timeout_ = std::chrono::seconds(10);
};

}  // namespace

std::unique_ptr<Subcommand> make_wait_ready() { return std::make_unique<WaitReady>(); }

}  // namespace mailfault::cli
