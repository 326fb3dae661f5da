// A scenario played over memory on a virtual clock, with clients that the test drives.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/instance.hpp"
#include "engine/memory_wire.hpp"
#include "engine/session.hpp"
#include "journal/json_lines.hpp"
#include "script/script.hpp"

namespace mailfault::testing {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// A scenario's file around a body, which begins in its second line.
inline std::string scenario_of(std::string_view body) {
  return "scenario { title = \"t\" }\n" + std::string(body) + "\n";
}

class World;

class Client {
 public:
  Client(World& world, std::shared_ptr<MemoryWire> its_wire, std::uint32_t its_number)
      : wire(std::move(its_wire)), number(its_number), world_(world) {}

  /// Sends bytes, and returns what has come by now.
  std::string send(std::string_view bytes);
  /// Sends a line.
  std::string say(std::string_view line) { return send(std::string(line) + "\r\n"); }
  std::string read();
  /// FIN, or RST.
  void leave();
  void reset();

  std::shared_ptr<MemoryWire> wire;
  std::uint32_t number;

 private:
  World& world_;
};

class World {
 public:
  struct Options {
    InstanceOptions instance;
    script::SandboxLimits limits;
    std::map<std::string, Value> set;
    std::shared_ptr<const ProviderFiles> providers = nullptr;
  };

  explicit World(std::string_view body) : World(body, Options()) {}
  World(std::string_view body, const Options& options)
      : instance_(script::Script::load(
                      scenario_of(body), "t.lua",
                      {action_table(), options.set, options.instance.seed, options.limits, options.providers}),
                  clock, options.instance) {}
  ~World() {
    if (::testing::Test::HasFailure() && !failed_before_) std::cout << log();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Instance& instance() { return instance_; }

  Client& connect(std::string_view door = "") {
    const auto& spec = door.empty() ? instance_.scenario().main_door() : *instance_.scenario().door_named(door);
    auto& client = clients_.emplace_back(*this, std::make_shared<MemoryWire>(clock), instance_.connections() + 1);
    client.wire->connect(instance_.accept(spec, client.wire, spec.state == DoorState::silent));
    pump();
    return client;
  }

  /// Connects and reads the greeting; `to`: how far the client then goes.
  enum class Upto { greeting, ehlo, mail, rcpt, data };
  Client& client(Upto to = Upto::greeting) {
    auto& fresh = connect();
    EXPECT_THAT(fresh.read(), StartsWith("220"));
    for (auto [stage, line, code] : {std::tuple{Upto::ehlo, "EHLO c", "250"},
                                     {Upto::mail, "MAIL FROM:<a@example.com>", "250"},
                                     {Upto::rcpt, "RCPT TO:<b@example.net>", "250"},
                                     {Upto::data, "DATA", "354"}}) {
      if (stage > to) break;
      EXPECT_THAT(fresh.say(line), StartsWith(code));
    }
    return fresh;
  }

  /// All that is due now.
  void pump() {
    for (int turns = 0; next_event() <= clock.now(); ++turns) {
      ASSERT_LT(turns, 100'000) << "the server does something at this moment without end";
      for (auto& client : clients_)
        if (client.wire->next_event() <= clock.now()) client.wire->run_alarm();
      instance_.bounces().send_due();
    }
  }
  void advance(Micros by) {
    auto to = clock.now() + by;
    pump();
    for (auto next = next_event(); next <= to; next = next_event()) {
      clock.set(next);
      pump();
    }
    clock.set(to);
  }

  std::string log() const {
    std::string out;
    for (const auto& event : instance_.journal()) out += to_text(event, "", false) + "\n";
    return out;
  }
  /// The texts of events of a kind, of one connection or (0) of all.
  std::vector<std::string> texts(EventKind kind, std::uint32_t connection = 0) const {
    std::vector<std::string> out;
    for (const auto& event : instance_.journal())
      if (event.kind == kind && (connection == 0 || event.connection == connection)) out.emplace_back(event.text());
    return out;
  }
  /// Every event without its times.
  std::vector<std::string> events() const {
    std::vector<std::string> out;
    for (const auto& event : instance_.journal())
      out.push_back(std::to_string(event.connection) + " " + std::string(name_of(event.kind)) + " " +
                    std::string(name_of(event.stage)) + " " + std::to_string(event.code) + " " +
                    std::to_string(event.number) + " " + std::string(event.text()));
    return out;
  }

  VirtualClock clock;

 private:
  Micros next_event() const {
    auto next = never;
    for (const auto& client : clients_) next = std::min(next, client.wire->next_event());
    return std::min(next, instance_.bounces().next_due());
  }

  bool failed_before_ = ::testing::Test::HasFailure();
  Instance instance_;
  std::deque<Client> clients_;
};

inline std::string Client::send(std::string_view bytes) {
  wire->client_sends(bytes);
  world_.pump();
  return read();
}

inline std::string Client::read() {
  std::string out(wire->unread());
  wire->take(out.size());
  return out;
}

inline void Client::leave() {
  wire->client_closes();
  world_.pump();
}

inline void Client::reset() {
  if (auto* session = world_.instance().session(number)) session->on_peer_end(wire::PeerEnd::reset);
  world_.pump();
}

}  // namespace mailfault::testing
