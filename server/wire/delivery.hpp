// A message handed to a mail server: the sockets under smtp::Sender.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "smtp/sender.hpp"
#include "wire/reactor.hpp"

namespace mailfault::wire {

/// Where mail is handed to.
struct MailHost {
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 0;
  std::string written() const;
};
/// "127.0.0.1:2525", "[::1]:2525", "app:25". Throws Error that says so for anything else; `what` is what it was
/// given for.
MailHost parse_mail_host(std::string_view what, const std::string& text);

/// Connects, one address of the host's after the other, and delivers. `done` is called once, on the reactor's thread,
/// unless the handle was dropped before: true and the server's last reply, or false and why it could not be. An
/// answer may take 30 s, a connection 10 s, of real time.
[[nodiscard]] std::shared_ptr<void> deliver(Reactor& reactor, const MailHost& to, smtp::Letter letter,
                                            std::function<void(bool delivered, const std::string& answer)> done);

}  // namespace mailfault::wire
