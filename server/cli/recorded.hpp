// The client's side of what was recorded, and what it was answered: of a journal, or of a scenario's examples.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/json_lines.hpp"
#include "scenario/scenario.hpp"

namespace mailfault::cli {

/// What the server did, when it was its turn.
struct RecordedAnswer {
  enum class Kind : std::uint8_t { reply, silence, end };
  Kind kind = Kind::silence;
  int code = 0;  ///< of a reply; 0: it has none
  std::string text;
  bool pattern = false;  ///< `...` in the text is any text
};

struct RecordedStep {
  enum class Kind : std::uint8_t {
    listen,  ///< for the greeting, or for what came unasked
    say,     ///< a line
    body,    ///< the message, behind a 354
    tls,     ///< the handshake
    ready,   ///< EHLO, and STARTTLS where it is offered
    login,   ///< that, and a login
  };
  Kind kind = Kind::listen;
  std::string line;
  std::string bytes;  ///< of a body, dots stuffed, with its end; what follows a BDAT line
  RecordedAnswer answer;
};

/// One connection.
struct RecordedTalk {
  std::string name;
  std::vector<RecordedStep> steps;
};

/// Empty ones are left out. A message's text isn't in a journal: one of the same size stands for it (64 MiB at most).
std::vector<RecordedTalk> talks_of(const Recording& recording);
std::vector<RecordedTalk> talks_of(const Scenario& scenario);

}  // namespace mailfault::cli
