// What a client waits for: messages, connections, an event of the journal.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/instance.hpp"

namespace mailfault::control {

/// All that is given must hold.
struct WaitFor {
  std::uint64_t messages = 0;  ///< so many that `stored_to` and `subject` fit
  std::optional<std::string> stored_to, subject;
  std::uint64_t connections = 0;
  std::optional<EventKind> event;
  std::string event_text = "*";
  std::uint64_t event_count = 1;
  Micros timeout = std::chrono::seconds(2);
};

/// A request's body; nothing asked for is one message. Throws Refusal.
WaitFor parse_wait(const std::string& body);

/// Holds a wish against an instance, as its journal grows.
class Watch {
 public:
  /// Sees what is there already.
  Watch(WaitFor wanted, const Instance& instance);

  void see(const Event& event);
  bool matched() const;
  Micros timeout() const { return wanted_.timeout; }
  boost::json::object found() const;
  /// What was missing, and what came near.
  boost::json::object near_misses() const;

 private:
  bool fits(const StoredMessage& message) const;
  std::string message_words() const;
  void add_messages(boost::json::array& to) const;

  WaitFor wanted_;
  const Instance& instance_;
  std::uint64_t messages_ = 0, events_ = 0;
};

/// A message without its text.
boost::json::object summary_of(const StoredMessage& message);

}  // namespace mailfault::control
