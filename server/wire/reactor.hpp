// A thread's event loop: doors, connections and timers of the instances that live on it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "journal/capture_file.hpp"
#include "wire/wire.hpp"

namespace mailfault::wire {

/// One io_context. run() on one thread; post() from any.
class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// Runs until stop().
  void run();
  void stop();
  /// Calls `task` on the reactor's thread.
  void post(std::function<void()> task);
  /// Calls `task` once after a time, unless the returned handle was dropped before. On the reactor's thread only.
  [[nodiscard]] std::shared_ptr<void> after(Micros time, std::function<void()> task);
  /// Calls `handler` on the reactor's thread at SIGINT or SIGTERM, each time.
  void on_stop_signal(std::function<void(int signal)> handler);
  /// Lines of standard input, on the reactor's thread; an empty optional at its end.
  void on_input_line(std::function<void(std::optional<std::string>)> handler);

  const Clock& clock() const;
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// A listening port: IPv4, IPv6 or both at the same number.
struct DoorOptions {
  std::string name;
  std::vector<std::string> addresses;  ///< "127.0.0.1", "::1"
  std::uint16_t port = 0;              ///< 0: a free one, the same for all addresses
  DoorState state = DoorState::open;   ///< of every address but for these two
  std::optional<DoorState> ipv4, ipv6;
  std::shared_ptr<CaptureFile> capture{};  ///< gets what passes on its connections; null: nobody does
};

/// Keeps its port for as long as it lives, in every state: a bound socket that never listens holds it (with
/// SO_REUSEPORT), the listener comes and goes.
///   open     connections are accepted until EAGAIN, backlog 4096; out of descriptors: pauses 100 ms and says so once
///   refused  bound, not listening: RST
///   dropped  a full accept queue: SYNs are not answered. Works without privilege; throws Error where it doesn't
///   silent   accepted like `open`: the listener decides to say nothing
///   unreachable  throws Error: needs a network namespace (tier T2, not built yet)
class Door {
 public:
  struct Events {
    /// A client was accepted. The returned listener gets the wire's calls; null closes it at once.
    std::function<WireListener*(std::shared_ptr<Wire>)> accepted;
    /// SYNs that the door swallowed since the last call (looked at every 100 ms while dropped, and by poll()).
    std::function<void(std::uint64_t count)> swallowed;
    /// Out of descriptors or memory.
    std::function<void(const std::string& what)> trouble;
  };

  /// Throws Error naming the door, the port and the remedy: port in use, privileged port without rights (EACCES),
  /// no IPv6 here. Made and destroyed on the reactor's thread, or while it doesn't run.
  Door(Reactor& reactor, const DoorOptions& options, Events events);
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  std::uint16_t port() const;
  /// `family`: 4, 6, or 0 for both. Throws Error as the constructor does.
  void set_state(DoorState state, int family = 0);
  DoorState state(int family) const;
  /// Looks for swallowed SYNs now.
  void poll();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailfault::wire
