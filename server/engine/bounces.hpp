// Mail that an instance owes to senders of what it stored: due later, then written, entered into the ledger, handed
// on.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "journal/journal.hpp"
#include "journal/ledger.hpp"
#include "mail/report.hpp"

namespace mailfault {

struct PlannedBounce {
  mail::Report report;                  ///< without the message that it is about, and the time of sending
  std::optional<std::string> original;  ///< takes the place of that message
  std::uint32_t connection = 0;
  std::uint32_t message = 0;  ///< the stored one's id
};

/// Belongs to one instance and its thread. At most 100,000 are due at a time, with 64 MiB of texts of
/// their own; more are a `limit` event.
class Bounces {
 public:
  Bounces(const Clock& clock, Journal& journal, Ledger& ledger) : clock_(clock), journal_(journal), ledger_(ledger) {}

  void plan(PlannedBounce bounce, Micros due);
  std::size_t pending() const { return due_.size(); }
  /// `never`: none is due.
  Micros next_due() const { return due_.empty() ? never : due_.begin()->first; }
  /// Those that are due by now.
  void send_due();
  /// The run is over: what is still due is never sent, and the journal says so.
  void drop();

  /// Called when another one is the next. Set before the first session.
  std::function<void()> on_planned;
  /// Hands a bounce on; empty: it stays in the ledger.
  std::function<void(const Bounce&)> deliver;

 private:
  void send(PlannedBounce bounce);

  const Clock& clock_;
  Journal& journal_;
  Ledger& ledger_;
  std::multimap<Micros, PlannedBounce> due_;
  std::size_t due_bytes_ = 0;
};

}  // namespace mailfault
