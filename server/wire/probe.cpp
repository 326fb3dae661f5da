#include "wire/probe.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <limits>

#include "base/text.hpp"
#include "wire/filter.hpp"
#include "wire/sockets.hpp"

namespace mailfault::wire {
namespace {

using std::chrono::milliseconds;

constexpr auto soon = milliseconds(500);  // for what comes at once on loopback
constexpr auto quiet = milliseconds(30);  // for what must not come
constexpr auto unanswered = milliseconds(250);
constexpr const char* admin = "needs CAP_NET_ADMIN: run as root, or in a container with --cap-add NET_ADMIN";

/// How a try went: an empty `remedy` means that it works.
struct Finding {
  std::string reason, remedy;
};

Finding works(std::string how) { return {std::move(how), ""}; }
Finding fails(std::string why, std::string remedy) { return {std::move(why), std::move(remedy)}; }
std::string because() { return std::strerror(errno); }

Address loopback(int domain = AF_INET, std::uint16_t port = 0) {
  return *Address::parse(domain == AF_INET6 ? "::1" : "127.0.0.1", port);
}

Fd bound_socket(const Address& at) {
  auto out = tcp_socket(at.domain());
  if (out && ::bind(out.get(), at.data(), at.size()) != 0) out.reset();
  return out;
}

/// Both ends of a connection.
struct Pair {
  Fd server, client;
  Pair() {
    auto listener = bound_socket(loopback());
    if (!listener || ::listen(listener.get(), 1) != 0) return;
    client = tcp_socket(AF_INET);
    if (connect_within(client.get(), local_address(listener.get()), soon) != 0) return;
    server = Fd(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    set_option(client.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  }
  explicit operator bool() const { return client && server; }
};

Finding no_pair() { return fails("no connection over 127.0.0.1: " + because(), "bring the loopback interface up"); }

bool readable(const Fd& socket, milliseconds time) {
  pollfd poll{socket.get(), POLLIN, 0};
  return ::poll(&poll, 1, static_cast<int>(time.count())) == 1;
}

/// Bytes received, 0 at the FIN, or the errno as a negative number; EAGAIN if nothing comes.
int receive(const Fd& socket, milliseconds time) {
  char bytes[4096];
  if (!readable(socket, time)) return -EAGAIN;
  auto got = ::recv(socket.get(), bytes, sizeof bytes, 0);
  return got >= 0 ? static_cast<int>(got) : -errno;
}

ssize_t transmit(const Fd& socket, std::size_t size) {
  std::string bytes(size, 'x');
  return ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

Finding refuse() {
  auto door = bound_socket(loopback());
  if (!door) return no_pair();
  auto caller = tcp_socket(AF_INET);
  auto result = connect_within(caller.get(), local_address(door.get()), soon);
  if (result == ECONNREFUSED) return works("a bound port that doesn't listen: ECONNREFUSED");
  return fails(result ? std::strerror(*result) : "no answer", "a firewall on the loopback interface? let it through");
}

struct Dropping {
  Finding drop, count;
};

Dropping drop_syns() {
  auto listener = bound_socket(loopback());
  if (!listener || ::listen(listener.get(), 0) != 0) return {no_pair(), no_pair()};
  std::vector<Fd> fillers;
  auto why = fill_accept_queue(listener.get(), fillers);
  auto before = dropped_segments(listener.get());
  auto caller = tcp_socket(AF_INET);
  auto result = why.empty() ? connect_within(caller.get(), local_address(listener.get()), unanswered) : std::nullopt;
  if (result) why = *result == 0 ? "connected in spite of a full accept queue" : std::strerror(*result);
  if (!why.empty()) {
    auto failed = fails(why, "use `refused`, or a machine with Linux's own network stack (gVisor has another)");
    return {failed, failed};
  }
  auto swallowed = dropped_segments(listener.get()) - before;
  return {works("a full accept queue: no answer in 250ms"),
          swallowed > 0
              ? works("SO_MEMINFO counted " + counted(swallowed, "SYN", "SYNs"))
              : fails("SO_MEMINFO doesn't count here", "nothing: callers of a `dropped` door go uncounted")};
}

Finding reset() {
  Pair pair;
  if (!pair) return no_pair();
  reset_on_close(pair.server.get());
  pair.server.reset();
  auto got = receive(pair.client, soon);
  return got == -ECONNRESET ? works("the client's recv: ECONNRESET")
                            : fails("the client got no RST", "something between rewrites it: use the host's network");
}

Finding half_close() {
  Pair pair;
  if (!pair) return no_pair();
  ::shutdown(pair.server.get(), SHUT_WR);
  bool eof = receive(pair.client, soon) == 0;
  bool heard = transmit(pair.client, 1) == 1 && receive(pair.server, soon) == 1;
  return eof && heard ? works("the client read its end and was still heard")
                      : fails("the client was not heard after FIN", "something between closes both ways");
}

Finding zero_window() {
  Pair pair;
  if (!pair) return no_pair();
  set_option(pair.server.get(), SOL_SOCKET, SO_RCVBUF, 1);
  set_option(pair.client.get(), SOL_SOCKET, SO_SNDBUF, 1 << 16);
  std::size_t taken = 0, limit = 1 << 24;
  for (ssize_t sent; taken < limit && (sent = transmit(pair.client, 1 << 14)) > 0;)
    taken += static_cast<std::size_t>(sent);
  return taken < limit ? works("the client's send blocked after " + format_size(taken))
                       : fails("the client sent " + format_size(taken) + " and never blocked",
                               "something between buffers it: use the host's network");
}

Finding ipv6() {
  return ipv6_works()
             ? works("::1 can be bound")
             : fails("::1: " + because(), "enable IPv6 (in Docker: --sysctl net.ipv6.conf.all.disable_ipv6=0)");
}

Finding both_families() {
  if (!ipv6_works()) return fails("no IPv6", "enable IPv6");
  for (int tries = 0; tries < 20; ++tries) {
    auto v4 = bound_socket(loopback());
    auto v6 = bound_socket(loopback(AF_INET6, local_address(v4.get()).port()));
    if (v4 && v6) return works("127.0.0.1 and ::1 bound at one number");
  }
  return fails("no number was free at both", "use one family: --listen 127.0.0.1");
}

Finding port_25() {
  auto socket = tcp_socket(AF_INET);
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  auto at = loopback(AF_INET, 25);
  if (::bind(socket.get(), at.data(), at.size()) == 0) return works("port 25 can be bound");
  if (errno == EADDRINUSE) return fails("port 25 is in use", "stop the mail server that has it, or use --port 0");
  return fails(because(), "run as root, give the binary CAP_NET_BIND_SERVICE, or use --port 0");
}

Finding vanish() {
  Pair pair;
  if (!pair) return no_pair();
  if (!drop_all_segments(pair.server.get())) return fails("SO_ATTACH_FILTER: " + because(), admin);
  transmit(pair.client, 1);
  bool silent = receive(pair.server, quiet) == -EAGAIN && receive(pair.client, milliseconds(0)) == -EAGAIN;
  return silent && unacknowledged(pair.client.get()) == 1
             ? works("the client's byte was neither acknowledged nor answered")
             : fails("the filter lets segments through", admin);
}

Finding mtu() {
  Pair pair;
  if (!pair) return no_pair();
  if (!drop_segments(pair.server.get(), 100, 0)) return fails("SO_ATTACH_FILTER: " + because(), admin);
  transmit(pair.client, 100);
  bool small = receive(pair.server, soon) == 100;
  transmit(pair.client, 101);
  bool large = receive(pair.server, quiet) != -EAGAIN;
  return small && !large ? works("100 bytes arrived, 101 didn't")
                         : fails("the filter doesn't see the segments' size", admin);
}

Finding loss() {
  Pair pair;
  if (!pair) return no_pair();
  if (!drop_segments(pair.server.get(), 0, 0.9)) return fails("SO_ATTACH_FILTER: " + because(), admin);
  for (int i = 0; i < 64; ++i) transmit(pair.client, 1);  // the first window of ten leaves at once
  auto lost = dropped_segments(pair.server.get());
  return lost > 0 ? works("the filter dropped " + counted(lost, "segment", "segments"))
                  : fails("the filter dropped nothing", admin);
}

Finding namespaces() { return fails("not built yet", "use `dropped` or `refused` instead of `unreachable`"); }

Finding descriptors() {
  auto limit = raise_descriptor_limit();
  std::string reason = counted(limit, "descriptor", "descriptors") + ", one a connection";
  return limit >= 256 ? works(reason) : fails(reason, "raise `ulimit -n`");
}

}  // namespace

std::vector<Probe> probe_machine() {
  std::vector<Probe> out;
  auto add = [&](const char* name, const char* tier, const Finding& found) {
    out.push_back({name, tier, found.remedy.empty(), found.reason, found.remedy});
  };
  add("refuse a connection", "T0", refuse());
  auto dropping = drop_syns();
  add("drop SYNs", "T0", dropping.drop);
  add("count dropped SYNs", "T0", dropping.count);
  add("reset a connection", "T0", reset());
  add("close one direction", "T0", half_close());
  add("close the window", "T0", zero_window());
  add("IPv6", "T0", ipv6());
  add("IPv4 and IPv6 at one port", "T0", both_families());
  add("privileged ports", "T0", port_25());
  add("descriptors", "T0", descriptors());
  add("vanish without FIN", "T1", vanish());
  add("path-MTU black hole", "T1", mtu());
  add("lose segments", "T1", loss());
  add("network namespaces", "T2", namespaces());
  return out;
}

bool filters_work() {
  static const bool works_here = [] {
    auto socket = tcp_socket(AF_INET);
    return socket && drop_all_segments(socket.get());
  }();
  return works_here;
}

bool ipv6_works() { return static_cast<bool>(bound_socket(loopback(AF_INET6))); }

unsigned raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur != limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<unsigned>::max()));
}

}  // namespace mailfault::wire
