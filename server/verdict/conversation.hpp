// What the journal tells, put in order: connections, their commands and replies, the messages tried on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "journal/journal.hpp"
#include "journal/ledger.hpp"
#include "scenario/value.hpp"

namespace mailfault {

/// A command, and what it was answered.
struct Exchange {
  std::size_t place = 0;  ///< in the journal: what came before what, also within a microsecond
  std::string verb;       ///< in upper case; "" for the lines of an AUTH exchange
  std::string line;
  Micros at{};
  int code = 0;       ///< of the reply; 0: none came, or it had no code
  std::string reply;  ///< its text
  Micros replied_at = never;
  bool undelivered = false;  ///< the client had left
  bool early = false;        ///< it had come before the reply to the command before it, as far as that is known
};

struct RecipientTried {
  std::string address;
  int code = 0;
  bool by_the_dot = false;  ///< LMTP: it had been accepted, and the code is that of its reply to the dot
};

/// One transaction: MAIL, and how far it came.
struct Attempt {
  std::uint32_t connection = 0;
  std::size_t place = 0;       ///< of MAIL in the journal
  std::size_t body_place = 0;  ///< of the body's end; 0: it didn't come
  std::string door;
  std::string from;
  std::vector<RecipientTried> recipients;
  std::string message_id;  ///< known once the body has come
  Micros began{}, ended{};
  int mail_code = 0, data_code = 0;
  bool body_sent = false;  ///< the final dot came
  std::uint64_t body_size = 0;
  int final_code = 0;                  ///< of the reply to the dot, if it was delivered
  bool final_read = false;             ///< a reply to the dot left while the client was there
  bool met_fault = false;              ///< a rule played on its connection before its outcome was known
  std::uint32_t stored = 0;            ///< the ledger's id; 0: not stored
  std::vector<std::uint32_t> entries;  ///< all of them: LMTP stores for each recipient apart

  bool refused_for_good() const;  ///< some 5yz for all of it
  bool refused_for_now() const;   ///< some 4yz, or the connection ended before the dot
};

struct PlayedRule {
  Micros at{};
  int line = 0;
  std::size_t place = 0;  ///< in the journal
};

struct Violation {
  Micros at{};
  std::string text;       ///< its name, then details
  std::size_t place = 0;  ///< in the journal
};

enum class WaitEnd : std::uint8_t { served, closed_by_client, closed_by_server, run };

/// A silence of the server's, after a fault, in which the client was there.
struct Wait {
  Micros from{}, to{};  ///< from the server's last byte, the fault or the client's own last word
  WaitEnd end = WaitEnd::run;
  std::string_view stage;  ///< whose reply was due
  bool reply_due = true;   ///< false: a reply had come, and only its bytes could say whether it was whole
  Micros length() const { return to - from; }
};

struct Connection {
  std::uint32_t number = 0;
  std::size_t place = 0;  ///< of its begin in the journal
  std::string door, peer;
  Micros began{}, ended = never;
  std::string ended_by;  ///< "client", "server", "run"; "" while open
  std::string how;
  int greeting_code = 0;  ///< 0: no greeting was sent
  Micros greeted_at = never;
  std::vector<Exchange> exchanges;
  std::vector<Attempt> attempts;
  std::vector<Violation> violations;
  std::vector<PlayedRule> faults;
  bool said_quit = false;
  int closing_code = 0;           ///< 421 or 221, the first that a command, the greeting or a message got; 0: none
  std::size_t closing_place = 0;  ///< of that reply in the journal
  std::string sni;                ///< empty: none was sent
  std::string certificate;        ///< the recipe's name; empty: TLS didn't come up
  std::size_t tls_place = 0;      ///< where TLS came up in the journal; 0: it didn't
  bool by_starttls = false;
  std::string last_stage;
  std::vector<Wait> waits;  ///< the longest that the server ended, and the one that its end ended
  Wait due;                 ///< what it waited for when it ended, fault or not

  bool in_tls(std::size_t place_in_journal) const { return tls_place != 0 && place_in_journal > tls_place; }
};

/// Mail that the server sent back.
struct SentBack {
  std::size_t place = 0;  ///< in the journal
  const Bounce* bounce = nullptr;
};

struct Conversation {
  std::vector<Connection> connections;
  std::vector<SentBack> bounces;
  std::vector<std::pair<Micros, std::uint64_t>> swallowed;  ///< SYNs that a dropped door swallowed
  std::size_t open_at_once = 0;                             ///< at most
  bool script_failed = false, limit_reached = false;
};

Conversation read_conversation(const Journal& journal, const Ledger& ledger);

/// The same for an author's expect(function): run.messages[i].{from, recipients, subject, message_id, size, text,
/// door, connection}, run.connections[i].{number, door, commands, codes, ended_by, began}, run.copies, run.swallowed.
Value as_value(const Conversation& talk, const Ledger& ledger);

}  // namespace mailfault
