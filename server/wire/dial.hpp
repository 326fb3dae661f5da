// Sockets for commands that have nothing else to do: what is called here waits.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "wire/delivery.hpp"
#include "wire/sockets.hpp"

namespace mailfault::wire {

/// Connects, one address of the host's after the other, and waits at most `time` for each. Throws Error that names
/// the host and why the last of them can't be reached; `what` is what the host was given for.
Fd dial(std::string_view what, const MailHost& to, Micros time);

/// What came of waiting for bytes.
enum class Came : std::uint8_t { bytes, nothing, closed, reset };
/// Waits at most `time`, and appends at most 64 KiB.
Came receive(int fd, Micros time, std::string& to);
/// Sends it all unless the other side takes nothing for `time`, or is gone: then false.
bool send_all(int fd, std::string_view bytes, Micros time);

}  // namespace mailfault::wire
