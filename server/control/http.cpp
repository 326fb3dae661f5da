#include "control/http.hpp"

#include <sys/socket.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "wire/reactor_impl.hpp"
#include "wire/sockets.hpp"

namespace mailfault::control {
namespace {

namespace http = boost::beast::http;
namespace asio = boost::asio;
using boost::system::error_code;
using wire::Descriptor;
using wire::Fd;

constexpr int backlog = 256;
constexpr auto look_again = std::chrono::milliseconds(100);
constexpr auto linger_time = std::chrono::seconds(2);
constexpr Micros write_time = std::chrono::minutes(1);  // without progress

std::string wrong(const std::string& what) { return "{\"error\":\"" + what + "\"}\n"; }

HttpRequest taken_apart(http::request<http::string_body>&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.authorization = std::string(message[http::field::authorization]);
  std::string_view target = message.target();
  auto question = target.find('?');
  if (question != std::string_view::npos)
    for (auto part : split(target.substr(question + 1), '&')) {
      auto equals = part.find('=');
      auto value = equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
      request.query[url_decoded(part.substr(0, equals), true)] = url_decoded(value, true);
    }
  for (auto part : split(target.substr(0, question), '/'))
    if (!part.empty()) request.path.push_back(url_decoded(part));
  request.body = std::move(message.body());
  return request;
}

}  // namespace

std::string url_decoded(std::string_view text, bool query) {
  auto digit = [](char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto at = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : -1;
    int low = high >= 0 ? digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += query && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

struct HttpServer::Core : std::enable_shared_from_this<Core> {
  class Connection;

  Core(wire::Reactor& its_reactor, const HttpOptions& its_options, Handler its_handler)
      : reactor(its_reactor),
        options(its_options),
        handler(std::move(its_handler)),
        listener(reactor.impl().context.get_executor()),
        pause(reactor.impl().context.get_executor()) {}

  void listen();
  void wait();
  void accept();
  void later();
  void left();

  wire::Reactor& reactor;
  const HttpOptions options;
  const Handler handler;
  Descriptor listener;
  wire::Timer pause;
  std::uint16_t port = 0;
  std::unordered_set<std::shared_ptr<Connection>> connections;
  bool waiting = false;
};

/// Held by the server until it is over, and by its handlers in flight.
class HttpServer::Core::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& server, Fd socket)
      : server_(server),
        socket_(server_.reactor.impl().context.get_executor()),
        timer_(server_.reactor.impl().context.get_executor()) {
    error_code error;
    socket_.assign(socket.get(), error);
    if (!error) socket.release();
  }
  void begin() {
    if (!socket_.is_open()) return close();
    parser_.emplace();
    parser_->header_limit(largest_header);
    parser_->body_limit(largest_body);
    parser_->eager(true);
    continued_ = false;
    parse();
  }

  void close() {
    if (std::exchange(phase_, Phase::over) == Phase::over) return;
    auto self = shared_from_this();
    server_.connections.erase(self);
    timer_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (auto exchange = std::exchange(exchange_, nullptr); exchange && exchange->gone) exchange->gone();
    server_.left();
  }

 private:
  enum class Phase : std::uint8_t { reading, answering, lingering, over };

  void parse() {
    phase_ = Phase::reading;
    while (!parser_->is_done() && !in_.empty()) {
      error_code error;
      auto used = parser_->put(asio::buffer(in_), error);
      in_.erase(0, used);
      if (error == http::error::need_more) break;
      if (error) return refuse(error);
    }
    if (parser_->is_done()) return serve();
    if (parser_->is_header_done() && !std::exchange(continued_, true) &&
        equals_ignoring_case(std::string_view(parser_->get()[http::field::expect]), "100-continue")) {
      constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      ::send(socket_.native_handle(), go_on.data(), go_on.size(), MSG_NOSIGNAL);
    }
    bool begun = parser_->got_some() || !in_.empty();
    if (!begun || !std::exchange(begun_, true))
      limit(begun ? server_.options.request_time : server_.options.idle_time);
    read_later();
  }

  void read_later() {
    if (std::exchange(watching_, true)) return;
    socket_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
      self->watching_ = false;
      if (!error && self->phase_ != Phase::over) self->readable();
    });
  }

  void readable() {
    char bytes[65536];
    int flags = phase_ == Phase::answering ? MSG_PEEK : 0;
    auto got = ::recv(socket_.native_handle(), bytes, sizeof bytes, flags);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return read_later();
    if (phase_ == Phase::answering) {
      // More bytes are a pipelined request: it waits in the socket. Who only shut down its side gets its answer.
      if (got > 0) return;
      keep_alive_ = false;
      if (exchange_ && exchange_->gone) close();
      return;
    }
    if (got <= 0) return close();
    if (phase_ == Phase::lingering) return read_later();
    in_.append(bytes, static_cast<std::size_t>(got));
    parse();
  }

  void serve() {
    phase_ = Phase::answering;
    begun_ = false;
    timer_.cancel();
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    head_only_ = message.method() == http::verb::head;
    if (head_only_) message.method(http::verb::get);
    exchange_ = std::make_shared<Exchange>();
    exchange_->answer = [weak = weak_from_this(), mine = exchange_.get()](const HttpAnswer& answer) {
      auto self = weak.lock();
      if (self && self->exchange_.get() == mine) self->answer(answer);
    };
    served_at_ = server_.reactor.clock().now();
    auto exchange = exchange_;
    server_.handler(taken_apart(std::move(message)), exchange);
    if (exchange_) read_later();
  }

  void refuse(error_code error) {
    keep_alive_ = head_only_ = false;
    served_at_ = server_.reactor.clock().now();
    if (error == http::error::body_limit)
      return answer({413, wrong("the body is over 4 MiB"), "application/json", {}});
    if (error == http::error::header_limit)
      return answer({431, wrong("the header is over 16 KiB"), "application/json", {}});
    answer({400, wrong("this is no HTTP request: " + error.message()), "application/json", {}});
  }

  void answer(const HttpAnswer& with) {
    phase_ = Phase::answering;
    exchange_.reset();
    auto took = std::to_string(in_milliseconds(server_.reactor.clock().now() - served_at_));
    out_ = "HTTP/1.1 " + std::to_string(with.status) + " " +
           std::string(http::obsolete_reason(static_cast<http::status>(with.status))) + "\r\n";
    if (with.status != 204) {
      out_ += "Content-Type: " + with.type + "\r\n";
      out_ += "Content-Length: " + std::to_string(with.body.size()) + "\r\n";
    }
    for (const auto& [name, value] : with.headers) out_ += name + ": " + value + "\r\n";
    out_ += "Cache-Control: no-store\r\nServer-Timing: total;dur=" + took + "\r\nConnection: ";
    out_ += keep_alive_ ? "keep-alive\r\n\r\n" : "close\r\n\r\n";
    if (!head_only_ && with.status != 204) out_ += with.body;
    sent_ = 0;
    write();
  }

  static double in_milliseconds(Micros time) { return in_seconds(time) * 1000; }

  void write() {
    while (sent_ < out_.size()) {
      auto count = ::send(socket_.native_handle(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
      if (count >= 0) {
        sent_ += static_cast<std::size_t>(count);
      } else if (errno == EAGAIN) {
        limit(write_time);
        return socket_.async_wait(Descriptor::wait_write, [self = shared_from_this()](error_code error) {
          if (!error && self->phase_ != Phase::over) self->write();
        });
      } else if (errno != EINTR) {
        return close();
      }
    }
    out_ = {};
    if (!keep_alive_) return leave();
    // Not from here: thousands of pipelined requests would be as many calls deep.
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      if (self->phase_ != Phase::over) self->begin();
    });
  }

  // A close with bytes unread would be a RST, which can overtake the answer.
  void leave() {
    phase_ = Phase::lingering;
    ::shutdown(socket_.native_handle(), SHUT_WR);
    limit(std::chrono::duration_cast<Micros>(linger_time));
    read_later();
  }

  void limit(Micros time) {
    timer_.expires_after(time);
    timer_.async_wait([weak = weak_from_this()](error_code error) {
      auto self = weak.lock();
      if (error || !self || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
      self->time_out();
    });
  }

  void time_out() {
    if (phase_ != Phase::reading || !begun_) return close();
    keep_alive_ = head_only_ = false;
    served_at_ = server_.reactor.clock().now();
    answer({408, wrong("the request did not come in time"), "application/json", {}});
  }

  Core& server_;  // not touched once it is over
  Descriptor socket_;
  wire::Timer timer_;
  std::string in_, out_;
  std::size_t sent_ = 0;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::shared_ptr<Exchange> exchange_;
  Micros served_at_{};
  Phase phase_ = Phase::reading;
  bool begun_ = false;  // the deadline of a request is set
  bool continued_ = false, keep_alive_ = true, head_only_ = false, watching_ = false;
};

void HttpServer::Core::listen() {
  auto at = wire::Address::parse(options.address, options.port);
  if (!at) throw Error("the API's address '" + options.address + "' is not an IPv4 or IPv6 address");
  auto socket = wire::tcp_socket(at->domain());
  if (!socket || !wire::set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1) ||
      ::bind(socket.get(), at->data(), at->size()) != 0 || ::listen(socket.get(), backlog) != 0) {
    int reason = errno;
    throw Error("the API's port " + std::to_string(options.port) + " on " + options.address + ": " +
                (reason == EADDRINUSE ? "already in use (port 0 takes a free one)" : std::strerror(reason)));
  }
  port = wire::local_address(socket.get()).port();
  listener.assign(socket.release());
  wait();
}

void HttpServer::Core::wait() {
  if (std::exchange(waiting, true)) return;
  listener.async_wait(Descriptor::wait_read, [weak = weak_from_this()](error_code error) {
    auto self = weak.lock();
    if (!self) return;
    self->waiting = false;
    if (!error) self->accept();
  });
}

void HttpServer::Core::accept() {
  while (connections.size() < options.most_connections) {
    Fd socket(::accept4(listener.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      (*connections.insert(std::make_shared<Connection>(*this, std::move(socket))).first)->begin();
    } else if (errno == EAGAIN) {
      return wait();
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return later();
    }
  }
}

void HttpServer::Core::later() {
  pause.expires_after(look_again);
  pause.async_wait([weak = weak_from_this()](error_code error) {
    if (auto self = weak.lock(); self && !error) self->accept();
  });
}

void HttpServer::Core::left() {
  if (listener.is_open()) wait();
}

HttpServer::HttpServer(wire::Reactor& reactor, const HttpOptions& options, Handler handler)
    : core_(std::make_shared<Core>(reactor, options, std::move(handler))) {
  core_->listen();
}

HttpServer::~HttpServer() {
  error_code ignored;
  core_->listener.close(ignored);
  while (!core_->connections.empty()) (*core_->connections.begin())->close();
}

std::uint16_t HttpServer::port() const { return core_->port; }

}  // namespace mailfault::control
