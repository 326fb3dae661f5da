#include "wire/dial.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace mailfault::wire {
namespace {

bool wait_for(int fd, short what, Micros time) {
  pollfd poll{fd, what, 0};
  auto until = std::chrono::steady_clock::now() + time;
  for (;;) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    int ready = ::poll(&poll, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

}  // namespace

Fd dial(std::string_view what, const MailHost& to, Micros time) {
  auto fail = [&](const std::string& why) -> Fd {
    throw Error(std::string(what) + " " + to.written() + ": it can't be reached: " + why +
                "; is the server there, at this port?");
  };
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  int failed = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found);
  if (failed != 0) return fail(::gai_strerror(failed));
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  std::string why = "it has no address";
  for (const auto* each = found; each; each = each->ai_next) {
    std::array<char, NI_MAXHOST> host{};
    if (::getnameinfo(each->ai_addr, each->ai_addrlen, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    auto at = Address::parse(host.data(), to.port);
    if (!at) continue;
    auto socket = tcp_socket(at->domain());
    if (!socket) return fail(std::strerror(errno));
    auto error = connect_within(socket.get(), *at, time);
    if (error == 0) {
      set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
      return socket;
    }
    why = error ? std::strerror(*error) : "no answer within " + format_duration(time);
  }
  return fail(why);
}

Came receive(int fd, Micros time, std::string& to) {
  if (!wait_for(fd, POLLIN, time)) return Came::nothing;
  std::array<char, 65536> piece;
  auto count = ::recv(fd, piece.data(), piece.size(), 0);
  if (count > 0) to.append(piece.data(), static_cast<std::size_t>(count));
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Came::nothing;
  return count > 0 ? Came::bytes : count == 0 ? Came::closed : Came::reset;
}

bool send_all(int fd, std::string_view bytes, Micros time) {
  while (!bytes.empty()) {
    auto count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      if (!wait_for(fd, POLLOUT, time)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace mailfault::wire
