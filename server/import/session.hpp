// What a log or a capture holds of SMTP: plain data, whoever read it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace mailfault::recorded {

/// A line that one side sent, without its CRLF.
struct Turn {
  enum class Who : std::uint8_t { client, server, tls /*TLS came up here*/ };
  Who who = Who::client;
  std::string text;
  int line = 0;              ///< of the log, or its packet; 0: not in it, but it must have been so
  std::optional<Micros> at;  ///< nominal, from an arbitrary start
};

/// How a connection ended, as far as it was seen; `refused` and `unanswered`: it never came about.
enum class Ending : std::uint8_t { unknown, closed, reset, silence, tls_failed, refused, unanswered };

struct Connection {
  std::size_t log = 0;  ///< of several files: which
  std::vector<Turn> turns;
  Ending ending = Ending::unknown;
  int ending_line = 0;
  std::string ending_words;  ///< of the log
  std::string certificate;   ///< the recipe whose fault the client complained of; empty: none
  std::string alert;         ///< by which the server ended TLS; empty: none
  bool tls_first = false;    ///< TLS from the first byte
  std::optional<Micros> connected_at;
  std::optional<Micros> ended_at;
};

struct Conversation {
  std::string kind;   ///< "swaks": who wrote the log
  std::string title;  ///< "swaks' output"
  std::vector<Connection> connections;
  Micros resolution = std::chrono::seconds(1);  ///< of the times in it
  std::string source = "log", unit = "line";    ///< what it was read of, and what the numbers in it count
};

}  // namespace mailfault::recorded
