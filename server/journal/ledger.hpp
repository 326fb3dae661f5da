// What the server truly stored, whatever it replied: the ground truth for duplicates and losses.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/time.hpp"
#include "journal/chunked.hpp"

namespace mailfault {

/// One stored message: one copy for each of its recipients. All views point into the ledger.
struct StoredMessage {
  std::uint32_t id = 0;  ///< from 1
  std::uint32_t connection = 0;
  Micros at{};
  std::string_view door;
  std::string_view from;
  std::span<const std::string_view> recipients;
  std::string_view message_id;  ///< of its header, without the brackets; empty if it has none
  std::string_view subject;     ///< of its header, unfolded, as written
  std::uint64_t size = 0;       ///< of the text
  std::uint64_t hash = 0;       ///< of the text: equal texts have equal hashes
  std::string_view text;        ///< empty if the ledger was full: then text_kept is false
  bool text_kept = true;
};

/// Mail that the server sends to the sender of a stored message. All views point into the ledger.
struct Bounce {
  enum class Delivery : std::uint8_t {
    kept,  ///< nowhere to deliver it: it can be read here only
    under_way,
    delivered,  ///< a server took it
    failed,
    read,  ///< a program has read it over HTTP
  };
  std::uint32_t id = 0;          ///< from 1
  std::uint32_t message = 0;     ///< the stored one's id
  std::uint32_t connection = 0;  ///< that brought it
  Micros at{};
  std::string_view kind;                         ///< "dsn", "qmail", "ndr", "complaint", "auto_reply"
  std::string_view action, status;               ///< of a DSN
  std::string_view to;                           ///< its envelope's recipient; its sender is the null one
  std::span<const std::string_view> recipients;  ///< whom it is about
  std::string_view subject;
  std::uint64_t size = 0;
  std::string_view text;  ///< empty if the ledger was full: then text_kept is false
  bool text_kept = true;
  Delivery delivery = Delivery::kept;
  std::string_view answer;  ///< the last reply of the server that took it, or why it failed
};
std::string_view name_of(Bounce::Delivery delivery);

/// Belongs to one instance and its thread. Beyond `limit` bytes of text, messages are entered without their text and
/// full() says so; a run whose ledger is full can't pass.
class Ledger {
 public:
  explicit Ledger(std::size_t limit = std::size_t{1} << 30) : limit_(limit) {}

  const StoredMessage& store(std::uint32_t connection, Micros at, std::string_view door, std::string_view from,
                             std::span<const std::string_view> recipients, std::string_view text);

  /// Enters a bounce: its id, its text's size and whether it is kept are set here. The views are copied.
  const Bounce& enter(Bounce bounce);
  /// What became of it. A bounce that was delivered stays so.
  void set_delivery(std::uint32_t bounce, Bounce::Delivery delivery, std::string_view answer);
  const std::deque<Bounce>& bounces() const { return bounces_; }

  std::size_t size() const { return messages_.size(); }
  auto begin() const { return messages_.begin(); }
  auto end() const { return messages_.end(); }
  const StoredMessage& operator[](std::size_t index) const { return messages_[index]; }
  /// One for each recipient of each message.
  std::size_t copies() const { return copies_; }
  bool full() const { return full_; }

 private:
  std::size_t limit_;
  bool full_ = false;
  std::size_t copies_ = 0;
  std::size_t text_bytes_ = 0;
  Chunked<StoredMessage, 4> messages_;
  std::deque<Bounce> bounces_;
  Arena memory_;
};

/// The value of the first header of that name in a message, unfolded; empty if there is none.
/// It points into the message or, if the value was folded, into a buffer of the thread's that the next call
/// overwrites.
std::string_view raw_header(std::string_view message, std::string_view name);
/// Its Message-ID without the brackets, likewise.
std::string_view raw_message_id(std::string_view message);

}  // namespace mailfault
