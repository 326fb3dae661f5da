// How often the events of a rule came: what first, after, nth and every look at.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "scenario/limits.hpp"
#include "scenario/trigger.hpp"

namespace mailfault {

/// The events of one rule for one key of `per`. Times are nominal.
class EventCount {
 public:
  /// One more event, now.
  void add(const Triggers& triggers, Micros now);
  /// All the rule's counts hold for the event added last.
  bool holds(const Triggers& triggers, Micros now) const;

 private:
  std::uint64_t number_ = 0;
  Micros first_{};
  std::deque<Micros> recent_;  // kept only where a count has a window
};

/// The token buckets of one rate limit: a key's holds `number` and fills evenly in `time`. Times are nominal.
class Buckets {
 public:
  bool has_room(const Limit& limit, const std::string& key, Micros now) const;
  /// One more event of that key. Throws Error where more than `most` keys' buckets are not full.
  void take(const Limit& limit, const std::string& key, Micros now, std::size_t most);
  std::size_t size() const { return full_at_.size(); }

 private:
  std::unordered_map<std::string, Micros> full_at_;  // a key that isn't here has a full bucket
};

}  // namespace mailfault
