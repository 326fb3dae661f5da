// What the doors and connections of one thread share.
#pragma once

#include <memory>
#include <string>

#include "wire/asio.hpp"
#include "wire/reactor.hpp"

namespace mailfault::wire {

class TcpWire;
class InputLines;

struct Reactor::Impl {
  static constexpr std::size_t bulk_size = 65536;

  RealClock clock;
  std::unique_ptr<char[]> bulk = std::make_unique_for_overwrite<char[]>(bulk_size);  ///< reads drain into it
  std::string gathered;     ///< what the connection that has its turn sent
  TcpWire* turn = nullptr;  ///< whose listener is being called
  // Destroying the context destroys the connections that only their handlers hold, so what they use stands above it.
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  std::unique_ptr<Signals> signals;
  std::shared_ptr<InputLines> input;
};

}  // namespace mailfault::wire
