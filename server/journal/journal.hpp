// The ordered record of everything that happened in an instance. The terminal, the file and every judgement read it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/stage.hpp"
#include "base/time.hpp"
#include "journal/chunked.hpp"

namespace mailfault {

enum class EventKind : std::uint8_t {
  door,         ///< a door opened or changed its state; number: its real port
  connected,    ///< a client was accepted; text: the door and the peer
  command,      ///< a line of the client's, credentials redacted
  reply,        ///< what the server sent; code: the reply's, 0 if it has none
  undelivered,  ///< a reply that the client had left before
  content,      ///< the body has ended; number: its bytes on the wire
  stored,       ///< a message is in the ledger; number: its id there
  discarded,    ///< a message was read and not stored; number: its bytes
  fault,        ///< a rule of the scenario played; number: its line; text: the rule in words
  violation,    ///< the client did what a correct one doesn't; text: its name, then details
  fact,         ///< something worth knowing that is nobody's fault
  tls,    ///< of TLS: "hello …", "sent …", "up …", "alert_received NAME fatal", "alert_sent …", "failed WHY"
  ended,  ///< the connection is over; text: who ended it and how
  swallowed,  ///< connection attempts that a dropped door swallowed; number: how many SYNs since the last such event
  error,      ///< the scenario failed at run time: the run can't pass; number: the line
  limit,      ///< a bound of the server's was reached
  bounce,     ///< mail to a sender is due and in the ledger; number: its id there; text: what it says, to whom
  delivery,   ///< what became of it; number: the bounce's id; text: "delivered …", "failed …", "read …"
};
inline constexpr std::size_t event_kind_count = 18;
std::string_view name_of(EventKind kind);

/// A small fixed head; its text lies in the journal's arena.
struct Event {
  Micros at{};                   ///< its first byte, since the instance's start
  std::uint32_t span_us = 0;     ///< from the first byte to the last
  std::uint32_t connection = 0;  ///< 0: the instance's own
  EventKind kind{};
  Stage stage{};  ///< of commands, replies, contents and faults; else meaningless
  std::uint16_t code = 0;
  std::uint32_t size = 0;  ///< of the text
  std::uint64_t number = 0;
  const char* data = nullptr;

  std::string_view text() const { return {data, size}; }
};

/// Gets each event as it is added, on the instance's thread: copies what it needs and returns at once.
class JournalListener {
 public:
  virtual ~JournalListener() = default;
  virtual void on_event(const Event& event) = 0;
};

/// Belongs to one instance and its thread. Bounded: beyond `limit` bytes events are no longer kept (listeners still
/// get them), and `full()` says so; a run whose journal is full can't pass.
class Journal {
 public:
  explicit Journal(const Clock& clock, std::size_t limit = std::size_t{256} << 20);

  /// Adds an event; its time is now unless `event.at` is set. The text is copied.
  void add(Event event, std::string_view text = {});
  /// Listeners outlive the journal or are taken off before.
  void listen(JournalListener& listener);
  void unlisten(JournalListener& listener);

  std::size_t size() const { return events_.size(); }
  const Event& operator[](std::size_t index) const { return events_[index]; }
  auto begin() const { return events_.begin(); }
  auto end() const { return events_.end(); }
  bool full() const { return full_; }
  /// How many of the kept events are of that kind.
  std::size_t count(EventKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }

 private:
  const Clock& clock_;
  std::size_t limit_;
  std::size_t used_ = 0;
  bool full_ = false;
  std::array<std::uint32_t, event_kind_count> counts_{};
  Chunked<Event, 16> events_;  // with a few texts, the first chunk fills an arena's first block
  Arena memory_;
  std::vector<JournalListener*> listeners_;
};

}  // namespace mailfault
