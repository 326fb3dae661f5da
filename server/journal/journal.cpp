#include "journal/journal.hpp"

#include <algorithm>
#include <limits>

namespace mailfault {

std::string_view name_of(EventKind kind) {
  static constexpr std::array<std::string_view, event_kind_count> names{
      "door",      "connected", "command", "reply", "undelivered", "content", "stored", "discarded", "fault",
      "violation", "fact",      "tls",     "ended", "swallowed",   "error",   "limit",  "bounce",    "delivery"};
  static_assert(static_cast<std::size_t>(EventKind::delivery) == event_kind_count - 1);
  return names[static_cast<std::size_t>(kind)];
}

Journal::Journal(const Clock& clock, std::size_t limit) : clock_(clock), limit_(limit) {}

void Journal::add(Event event, std::string_view text) {
  if (event.at == Micros{}) event.at = clock_.now();
  text = text.substr(0, std::numeric_limits<std::uint32_t>::max());
  event.data = text.data();
  event.size = static_cast<std::uint32_t>(text.size());
  // Once full it stays full, so that what was kept is the run's beginning without a gap.
  full_ = full_ || limit_ - used_ < sizeof event + text.size();
  if (!full_) {
    used_ += sizeof event + text.size();
    event.data = memory_.copy(text).data();
    events_.push_back(event, memory_);
    ++counts_[static_cast<std::size_t>(event.kind)];
  }
  for (auto* listener : listeners_) listener->on_event(event);
}

void Journal::listen(JournalListener& listener) { listeners_.push_back(&listener); }

void Journal::unlisten(JournalListener& listener) { std::erase(listeners_, &listener); }

}  // namespace mailfault
