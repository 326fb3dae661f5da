#include "engine/counters.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace mailfault {

void EventCount::add(const Triggers& triggers, Micros now) {
  if (number_++ == 0) first_ = now;
  Micros longest{};
  std::uint64_t enough = 0;
  for (const auto& count : triggers.counts)
    if (count.window) {
      longest = std::max(longest, *count.window);
      enough = std::max(enough, count.number + 1);
    }
  if (longest == Micros{}) return;
  recent_.push_back(now);
  while (recent_.front() <= now - longest || recent_.size() > enough + 1) recent_.pop_front();
}

bool EventCount::holds(const Triggers& triggers, Micros now) const {
  return std::all_of(triggers.counts.begin(), triggers.counts.end(), [&](const Counting& count) {
    auto number = number_;
    if (count.window)
      number = static_cast<std::uint64_t>(
          std::count_if(recent_.begin(), recent_.end(), [&](Micros at) { return at > now - *count.window; }));
    switch (count.kind) {
      case Counting::Kind::first:
        return number <= count.number;
      case Counting::Kind::after:
        return number > count.number;
      case Counting::Kind::nth:
        return number == count.number;
      case Counting::Kind::every:
        return number % count.number == 0;
      case Counting::Kind::first_time:
        return now - first_ < count.time;
      case Counting::Kind::after_time:
        return now - first_ >= count.time;
    }
    return false;
  });
}

bool Buckets::has_room(const Limit& limit, const std::string& key, Micros now) const {
  auto found = full_at_.find(key);
  auto others = static_cast<std::int64_t>(limit.number) - 1;
  return found == full_at_.end() || found->second - now <= limit.interval() * others;
}

void Buckets::take(const Limit& limit, const std::string& key, Micros now, std::size_t most) {
  if (full_at_.size() >= most && !full_at_.contains(key)) {
    std::erase_if(full_at_, [&](const auto& each) { return each.second <= now; });
    if (full_at_.size() >= most)
      throw Error("limits." + std::string(limit.spec->name) + " counts more than " + std::to_string(most) +
                  " different keys; choose coarser fields in `per`");
  }
  auto& full_at = full_at_[key];
  full_at = std::max(full_at, now) + limit.interval();
}

}  // namespace mailfault
