// How often the events of a rule came: what first, after, nth and every look at.
#pragma once

#include <cstdint>
#include <deque>

#include "base/time.hpp"
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

}  // namespace mailfault
