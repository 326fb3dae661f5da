// A thread with an event loop, for commands whose own work blocks.
#pragma once

#include <future>
#include <thread>
#include <utility>

#include "wire/reactor.hpp"

namespace mailfault::cli {

/// Instances live and die on its thread; others reach them by call().
class Loop {
 public:
  Loop() : thread_([this] { reactor_.run(); }) {}
  ~Loop() {
    reactor_.stop();
    thread_.join();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  wire::Reactor& reactor() { return reactor_; }

  /// Runs `task` on the loop's thread and returns, or throws, what it does. Never from that thread itself.
  template <class Task>
  auto call(Task task) -> decltype(task()) {
    std::packaged_task<decltype(task())()> packed(std::move(task));
    auto result = packed.get_future();
    reactor_.post([&packed] { packed(); });
    return result.get();
  }

 private:
  wire::Reactor reactor_;
  std::thread thread_;
};

}  // namespace mailfault::cli
