#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "wire/reactor_impl.hpp"
#include "wire/sockets.hpp"
#include "wire/tcp_wire.hpp"

namespace mailfault::wire {
namespace {

constexpr int backlog = 4096;
constexpr int accepted_in_a_row = 128;  // then others have their turn
constexpr auto look_again = std::chrono::milliseconds(100);
constexpr int free_port_tries = 50;

bool accepts(DoorState state) { return state == DoorState::open || state == DoorState::silent; }

std::string first_unprivileged_port() {
  std::string port = "1024";
  std::ifstream("/proc/sys/net/ipv4/ip_unprivileged_port_start") >> port;
  return port;
}

std::string explain(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "permission denied: ports below " + first_unprivileged_port() +
             " need CAP_NET_BIND_SERVICE (run as root, or use --port 0)";
    case EADDRINUSE:
      return "already in use: another program has it, perhaps another mailfault (stop it, or use --port 0)";
    case EADDRNOTAVAIL:
      return "not an address of this machine (use 127.0.0.1, or enable it)";
    case EAFNOSUPPORT:
      return "this machine has no IPv6 (leave the address out, or enable IPv6)";
    case EMFILE:
    case ENFILE:
      return "out of descriptors (raise `ulimit -n`)";
    default:
      return std::strerror(error);
  }
}

}  // namespace

/// One address of a door.
struct Leg {
  explicit Leg(asio::io_context& context) : listener(context.get_executor()), timer(context.get_executor()) {}
  Address at;
  std::string host;
  Fd keeper;
  Descriptor listener;  // open unless refused
  DoorState state = DoorState::refused;
  std::vector<Fd> fillers;
  std::uint32_t dropped = 0;
  Timer timer;  // looks for dropped SYNs, or ends a pause
  bool waiting = false;
};

/// Handlers hold it, so that a door may be destroyed in any of its calls.
struct Door::Impl {
  struct Core;
  std::shared_ptr<Core> core;
};

struct Door::Impl::Core : std::enable_shared_from_this<Core> {
  Core(Reactor::Impl& its_reactor, const DoorOptions& options, Events its_events)
      : reactor(its_reactor), name(options.name), capture(options.capture), events(std::move(its_events)) {
    for (const auto& host : options.addresses) {
      auto at = Address::parse(host, options.port);
      if (!at) throw Error("door '" + name + "': '" + host + "' is not an IPv4 or IPv6 address");
      auto& leg = *legs.emplace_back(std::make_unique<Leg>(reactor.context));
      leg.at = *at;
      leg.host = host;
    }
    if (legs.empty()) throw Error("door '" + name + "': no address to listen on");
  }

  [[noreturn]] void fail(const Leg& leg, const std::string& why) const {
    auto port = leg.at.port();
    throw Error("door '" + name + "': " + (port != 0 ? "port " + std::to_string(port) : "a free port") + " on " +
                leg.host + ": " + why);
  }

  /// The same port for all addresses. A free one that another program has at one of them is given back for the next.
  void keep_ports(std::uint16_t port) {
    for (int tries = port == 0 ? free_port_tries : 1; tries > 0; --tries) {
      auto number = port;
      bool kept = true;
      for (auto& leg : legs) {
        leg->at.set_port(number);
        leg->keeper = tcp_socket(leg->at.domain());
        if (!leg->keeper) fail(*leg, explain(errno));
        kept = bind_keeper(leg->keeper.get(), leg->at);
        if (!kept && (errno != EADDRINUSE || tries == 1)) fail(*leg, explain(errno));
        if (!kept) break;
        number = local_address(leg->keeper.get()).port();
        leg->at.set_port(number);
      }
      if (kept) return;
      for (auto& leg : legs) leg->keeper.reset();
    }
  }

  void change(Leg& leg, DoorState to) {
    if (to == DoorState::unreachable)
      throw Error("door '" + name +
                  "': `unreachable` needs a network namespace (tier T2), which is not built yet: use " +
                  "`dropped` or `refused`");
    if (to == leg.state || (accepts(to) && accepts(leg.state))) {
      leg.state = to;
      return;
    }
    if (leg.state == DoorState::dropped) look(leg);
    if (to == DoorState::refused) {
      refuse(leg);
    } else {
      if (!leg.listener.is_open()) bind_listener(leg);
      if (to == DoorState::dropped)
        drop(leg);
      else
        open(leg);
    }
    leg.state = to;
  }

  void bind_listener(Leg& leg) {
    auto socket = tcp_socket(leg.at.domain());
    error_code error;
    if (!socket || !bind_beside_keeper(socket.get(), leg.at)) fail(leg, explain(errno));
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);  // inherited by what it accepts
    leg.listener.assign(socket.get(), error);
    if (error) fail(leg, error.message());
    socket.release();
  }

  void refuse(Leg& leg) {
    take_waiting(leg);
    leg.timer.cancel();
    leg.fillers.clear();
    leg.listener.close();
  }

  void drop(Leg& leg) {
    // First no more than one may come in, then those who did are taken, so that nothing but fillers is in the queue.
    if (::listen(leg.listener.native_handle(), 0) != 0) fail(leg, explain(errno));
    take_waiting(leg);
    auto why = fill_accept_queue(leg.listener.native_handle(), leg.fillers);
    if (!why.empty()) {
      if (accepts(leg.state))
        open(leg);
      else
        refuse(leg);
      fail(leg, "SYNs can't be dropped here: " + why + " (use `refused`)");
    }
    leg.dropped = dropped_segments(leg.listener.native_handle());
    later(leg);
  }

  void open(Leg& leg) {
    take_waiting(leg);
    leg.timer.cancel();
    leg.fillers.clear();
    if (::listen(leg.listener.native_handle(), backlog) != 0) fail(leg, explain(errno));
    wait(leg);
  }

  void wait(Leg& leg) {
    if (std::exchange(leg.waiting, true)) return;
    leg.listener.async_wait(Descriptor::wait_read, [self = weak_from_this(), &leg](error_code error) {
      auto core = self.lock();
      if (!core) return;
      leg.waiting = false;
      if (core->closed) return;
      if (!error)
        core->accept(leg);
      else if (accepts(leg.state))
        core->wait(leg);  // the listener was closed and opened meanwhile
    });
  }

  void accept(Leg& leg) {
    for (int count = 0; !closed && accepts(leg.state) && count < accepted_in_a_row; ++count) {
      Address peer;
      Fd socket(accept_one(leg, peer));
      if (socket) {
        welcome(std::move(socket), peer);
      } else if (errno == EAGAIN) {
        break;
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        int error = errno;
        later(leg);
        if (!std::exchange(in_trouble, true) && events.trouble)
          events.trouble("door '" + name +
                         "': " + (error == EMFILE || error == ENFILE ? explain(error) : "out of memory") +
                         ": new connections wait");
        return;
      }
    }
    if (!closed && accepts(leg.state)) wait(leg);
  }

  static int accept_one(Leg& leg, Address& peer) {
    socklen_t size = Address::capacity;
    return ::accept4(leg.listener.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  }

  void welcome(Fd socket, const Address& peer) {
    std::make_shared<TcpWire>(reactor, std::move(socket), peer, capture)->start(events.accepted);
  }

  /// Who had connected before the door changed is still let in; our own fillers aren't.
  void take_waiting(Leg& leg) {
    std::vector<std::uint16_t> ours;
    for (auto& filler : leg.fillers) ours.push_back(local_address(filler.get()).port());
    for (Address peer;;) {
      Fd socket(accept_one(leg, peer));
      if (!socket) return;
      if (std::ranges::find(ours, peer.port()) != ours.end()) continue;
      asio::post(reactor.context,
                 [self = shared_from_this(), socket = std::make_shared<Fd>(std::move(socket)), peer] {
                   if (!self->closed) self->welcome(std::move(*socket), peer);
                 });
    }
  }

  void later(Leg& leg) {
    leg.timer.expires_after(look_again);
    leg.timer.async_wait([self = weak_from_this(), &leg](error_code error) {
      auto core = self.lock();
      if (error || !core || core->closed) return;
      if (accepts(leg.state)) return core->accept(leg);
      if (leg.state != DoorState::dropped) return;
      core->look(leg);
      if (!core->closed && leg.state == DoorState::dropped) core->later(leg);
    });
  }

  void look(Leg& leg) {
    auto now = dropped_segments(leg.listener.native_handle());
    auto more = now - std::exchange(leg.dropped, now);
    if (more > 0 && events.swallowed) events.swallowed(more);
  }

  void close() {
    closed = true;
    for (auto& leg : legs) {
      leg->timer.cancel();
      error_code ignored;
      leg->listener.close(ignored);
      leg->fillers.clear();
      leg->keeper.reset();
    }
  }

  Reactor::Impl& reactor;
  std::string name;
  std::shared_ptr<CaptureFile> capture;
  Events events;
  std::vector<std::unique_ptr<Leg>> legs;
  bool closed = false;
  bool in_trouble = false;
};

Door::Door(Reactor& reactor, const DoorOptions& options, Events events) : impl_(std::make_unique<Impl>()) {
  impl_->core = std::make_shared<Impl::Core>(reactor.impl(), options, std::move(events));
  impl_->core->keep_ports(options.port);
  for (auto& leg : impl_->core->legs)
    impl_->core->change(*leg, (leg->at.is_v6() ? options.ipv6 : options.ipv4).value_or(options.state));
}

Door::~Door() { impl_->core->close(); }

std::uint16_t Door::port() const { return impl_->core->legs.front()->at.port(); }

void Door::set_state(DoorState state, int family) {
  for (auto& leg : impl_->core->legs)
    if (family == 0 || leg->at.is_v6() == (family == 6)) impl_->core->change(*leg, state);
}

DoorState Door::state(int family) const {
  for (auto& leg : impl_->core->legs)
    if (family == 0 || leg->at.is_v6() == (family == 6)) return leg->state;
  return DoorState::refused;
}

void Door::poll() {
  for (auto& leg : impl_->core->legs)
    if (leg->state == DoorState::dropped) impl_->core->look(*leg);
}

}  // namespace mailfault::wire
