#include "wire/sockets.hpp"

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mailfault::wire {

void Fd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

std::optional<Address> Address::parse(const std::string& text, std::uint16_t port) {
  Address out;
  if (::inet_pton(AF_INET, text.c_str(), &out.v4_.sin_addr) == 1) {
    out.v4_.sin_family = AF_INET;
  } else if (out = {}; ::inet_pton(AF_INET6, text.c_str(), &out.v6_.sin6_addr) == 1) {
    out.v6_.sin6_family = AF_INET6;
  } else {
    return std::nullopt;
  }
  out.set_port(port);
  return out;
}

std::string Address::host() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (is_v6())
    ::inet_ntop(AF_INET6, &v6_.sin6_addr, text, sizeof text);
  else
    ::inet_ntop(AF_INET, &v4_.sin_addr, text, sizeof text);
  return text;
}

Fd tcp_socket(int domain) {
  Fd out(::socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (out && domain == AF_INET6) set_option(out.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return out;
}

bool set_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

int option(int fd, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  ::getsockopt(fd, level, name, &value, &size);
  return value;
}

TcpEnd Address::tcp_end() const {
  TcpEnd out{is_v6(), {}, port()};
  if (out.v6)
    std::memcpy(out.address.data(), &v6_.sin6_addr, sizeof v6_.sin6_addr);
  else
    std::memcpy(out.address.data(), &v4_.sin_addr, sizeof v4_.sin_addr);
  return out;
}

Address local_address(int fd) {
  Address out;
  socklen_t size = Address::capacity;
  ::getsockname(fd, out.data(), &size);
  return out;
}

bool bind_keeper(int fd, const Address& at) {
  // With SO_REUSEPORT from the start a second program of the same user could bind the port, too, and take half of the
  // connections. SO_REUSEADDR only lets it be bound beside what lingers in TIME_WAIT.
  return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) && ::bind(fd, at.data(), at.size()) == 0 &&
         set_option(fd, SOL_SOCKET, SO_REUSEADDR, 0) && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
}

bool bind_beside_keeper(int fd, const Address& at) {
  return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) &&
         ::bind(fd, at.data(), at.size()) == 0;
}

std::optional<int> connect_within(int fd, const Address& to, Micros time) {
  if (::connect(fd, to.data(), to.size()) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd poll{fd, POLLOUT, 0};
  if (::poll(&poll, 1, static_cast<int>(time.count() / 1000)) != 1) return std::nullopt;
  return option(fd, SOL_SOCKET, SO_ERROR);
}

std::uint32_t dropped_segments(int fd) {
  std::uint32_t info[SK_MEMINFO_VARS] = {};
  socklen_t size = sizeof info;
  ::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size);
  return info[SK_MEMINFO_DROPS];
}

int unacknowledged(int fd) {
  int bytes = 0;
  ::ioctl(fd, SIOCOUTQ, &bytes);
  return bytes;
}

int unread(int fd) {
  int bytes = 0;
  ::ioctl(fd, SIOCINQ, &bytes);
  return bytes;
}

int tcp_state(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.tcpi_state;
}

void reset_on_close(int fd) {
  linger now{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

std::string fill_accept_queue(int listener, std::vector<Fd>& fillers) {
  auto at = local_address(listener);
  for (int tries = 0; tries < 8; ++tries) {
    auto before = dropped_segments(listener);
    auto caller = tcp_socket(at.domain());
    if (!caller) return std::strerror(errno);
    // On loopback the answer, if there is one, is there within microseconds.
    if (::connect(caller.get(), at.data(), at.size()) != 0 && errno != EINPROGRESS) return std::strerror(errno);
    std::optional<int> result;
    for (int waited = 0; waited < 50 && !result && dropped_segments(listener) == before; ++waited) {
      pollfd poll{caller.get(), POLLOUT, 0};
      if (::poll(&poll, 1, 1) == 1) result = option(caller.get(), SOL_SOCKET, SO_ERROR);
    }
    if (!result) return "";
    if (*result != 0) return std::strerror(*result);
    fillers.push_back(std::move(caller));
  }
  return "its accept queue never fills";
}

}  // namespace mailfault::wire
