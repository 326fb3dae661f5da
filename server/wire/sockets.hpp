// Sockets as the kernel has them: addresses, options, and the counters that it keeps.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "journal/pcapng.hpp"

namespace mailfault::wire {

/// An owned descriptor; -1: none.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);

 private:
  int fd_;
};

/// An IPv4 or IPv6 address with a port.
class Address {
 public:
  Address() : v6_{} {}
  static std::optional<Address> parse(const std::string& text, std::uint16_t port);

  bool is_v6() const { return generic_.sa_family == AF_INET6; }
  int domain() const { return generic_.sa_family; }
  std::uint16_t port() const { return ntohs(is_v6() ? v6_.sin6_port : v4_.sin_port); }
  void set_port(std::uint16_t port) { (is_v6() ? v6_.sin6_port : v4_.sin_port) = htons(port); }
  std::string host() const;
  TcpEnd tcp_end() const;

  sockaddr* data() { return &generic_; }
  const sockaddr* data() const { return &generic_; }
  socklen_t size() const { return is_v6() ? sizeof v6_ : sizeof v4_; }
  static constexpr socklen_t capacity = sizeof(sockaddr_in6);

 private:
  union {
    sockaddr generic_;
    sockaddr_in v4_;
    sockaddr_in6 v6_;
  };
};

/// A non-blocking TCP socket; an IPv6 one speaks IPv6 only.
Fd tcp_socket(int domain);
bool set_option(int fd, int level, int name, int value);
int option(int fd, int level, int name);
Address local_address(int fd);

/// Binds so that no other program can have the port, and our own listeners still can: see Door.
bool bind_keeper(int fd, const Address& at);
/// Binds a socket beside its keeper. It doesn't listen yet.
bool bind_beside_keeper(int fd, const Address& at);

/// Starts a connection and waits for its errno (0: connected); nothing if there was no answer in time.
std::optional<int> connect_within(int fd, const Address& to, Micros time);

/// Segments that the kernel threw away before this socket saw them: SYNs at a full door, what a filter dropped.
std::uint32_t dropped_segments(int fd);
/// Bytes (and the FIN) that the other side has not acknowledged.
int unacknowledged(int fd);
int unread(int fd);
/// TCP_ESTABLISHED, TCP_CLOSE_WAIT, TCP_CLOSE…
int tcp_state(int fd);
/// Closing it from now on sends RST.
void reset_on_close(int fd);

/// Makes a listener with a backlog of 0 deaf: connections of our own, put into `fillers`, fill its accept queue until
/// one gets no answer. An empty text, or why it can't be done.
std::string fill_accept_queue(int listener, std::vector<Fd>& fillers);

}  // namespace mailfault::wire
