#include "wire/delivery.hpp"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <deque>
#include <optional>

#include "base/error.hpp"
#include "wire/tcp_wire.hpp"

namespace mailfault::wire {
namespace {

constexpr Micros answer_limit = std::chrono::seconds(30), connect_limit = std::chrono::seconds(10);

using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;

class Delivery final : public WireListener, public std::enable_shared_from_this<Delivery> {
 public:
  using Done = std::function<void(bool, const std::string&)>;
  Delivery(Reactor& reactor, MailHost to, smtp::Letter letter, Done done)
      : reactor_(reactor),
        to_(std::move(to)),
        sender_(std::move(letter)),
        done_(std::move(done)),
        resolver_(reactor.impl().context.get_executor()),
        connecting_(reactor.impl().context.get_executor()) {}
  ~Delivery() override {
    if (wire_) wire_->detach();
  }
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  void start() {
    if (auto address = Address::parse(to_.host, to_.port)) {
      addresses_.push_back(*address);
      return asio::post(connecting_.get_executor(), [weak = weak_from_this()] {
        if (auto self = weak.lock()) self->connect();
      });
    }
    resolver_.async_resolve(to_.host, std::to_string(to_.port),
                            [weak = weak_from_this()](error_code error, const Resolver::results_type& found) {
                              if (auto self = weak.lock()) self->resolved(error, found);
                            });
  }

 private:
  void resolved(error_code error, const Resolver::results_type& found) {
    if (error) return end(false, "the name can't be resolved: " + error.message());
    for (const auto& each : found)
      if (auto address = Address::parse(each.endpoint().address().to_string(), to_.port))
        addresses_.push_back(*address);
    connect();
  }

  void connect() {
    if (addresses_.empty()) return end(false, why_.empty() ? "it has no address" : why_);
    address_ = addresses_.front();
    addresses_.pop_front();
    auto socket = tcp_socket(address_.domain());
    if (!socket) return next(errno);
    int error = ::connect(socket.get(), address_.data(), address_.size()) == 0 ? 0 : errno;
    if (error != 0 && error != EINPROGRESS) return next(error);
    error_code failed;
    connecting_.assign(socket.get(), failed);
    if (failed) return next(failed.value());
    socket.release();
    alarm_ = reactor_.after(connect_limit, [this] { connecting_.cancel(); });
    connecting_.async_wait(Descriptor::wait_write, [weak = weak_from_this()](error_code how) {
      if (auto self = weak.lock()) self->connected(how);
    });
  }

  void connected(error_code how) {
    alarm_.reset();
    Fd socket(connecting_.release());
    if (how) return next(ETIMEDOUT);
    if (int error = option(socket.get(), SOL_SOCKET, SO_ERROR); error != 0) return next(error);
    wire_ = std::make_shared<TcpWire>(reactor_.impl(), std::move(socket), address_);
    wire_->start([this](const std::shared_ptr<Wire>&) -> WireListener* {
      wire_->wake_at(reactor_.clock().now() + answer_limit);
      return this;
    });
  }

  void next(int error) {
    why_ = address_.host() + " port " + std::to_string(to_.port) + ": " + std::strerror(error);
    connect();
  }

  void on_bytes(std::string_view bytes) override {
    auto answer = sender_.feed(bytes);
    wire_->send(answer);
    if (sender_.over()) {
      wire_->close(std::chrono::seconds(2));
      wire_->wake_at(never);
      end(sender_.delivered(), sender_.outcome());
    } else {
      wire_->wake_at(reactor_.clock().now() + answer_limit);
    }
  }
  void on_peer_end(PeerEnd) override { lost("the connection was closed before "); }
  void on_wake() override { lost("no answer within 30 s to what waits for "); }
  void on_closed() override {}

  void lost(const std::string& how) {
    if (!done_) return;
    auto why = how + std::string(sender_.awaited());
    wire_->close(Micros{});
    end(false, why);
  }

  // Its owner may drop this in the call, and the wire has more to do in this turn.
  void end(bool delivered, const std::string& answer) {
    if (!done_) return;
    asio::post(connecting_.get_executor(),
               [weak = weak_from_this(), done = std::exchange(done_, {}), delivered, answer] {
                 if (auto self = weak.lock()) done(delivered, answer);
               });
  }

  Reactor& reactor_;
  MailHost to_;
  smtp::Sender sender_;
  Done done_;
  Resolver resolver_;
  Descriptor connecting_;
  std::shared_ptr<void> alarm_;
  std::deque<Address> addresses_;
  Address address_;
  std::string why_;
  std::shared_ptr<TcpWire> wire_;
};

}  // namespace

std::string MailHost::written() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

MailHost parse_mail_host(std::string_view what, const std::string& text) {
  auto colon = text.rfind(':');
  MailHost out;
  int port = 0;
  if (colon != std::string::npos) {
    out.host = text.substr(0, colon);
    auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) port = 0;
  }
  bool brackets = out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']';
  if (brackets) out.host = out.host.substr(1, out.host.size() - 2);
  bool odd = out.host.empty() || out.host.size() > 253 || (!brackets && out.host.find(':') != std::string::npos) ||
             out.host.find_first_of(" /@<>") != std::string::npos;
  if (odd || port < 1 || port > 65535)
    throw Error(std::string(what) + " " + text + ": HOST:PORT is wanted, such as 127.0.0.1:2525 or [::1]:2525");
  out.port = static_cast<std::uint16_t>(port);
  return out;
}

std::shared_ptr<void> deliver(Reactor& reactor, const MailHost& to, smtp::Letter letter,
                              std::function<void(bool delivered, const std::string& answer)> done) {
  auto made = std::make_shared<Delivery>(reactor, to, std::move(letter), std::move(done));
  made->start();
  return made;
}

}  // namespace mailfault::wire
