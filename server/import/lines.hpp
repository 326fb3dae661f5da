// The lines of a log: their encoding, what stands before them, and what their words give away.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "import/session.hpp"

namespace mailfault::recorded {

/// UTF-8 of a file's bytes: UTF-16 by its byte order mark, and a mark itself is dropped.
std::string decoded(std::string bytes);

/// Without the colours of a terminal and the CR at its end.
std::string plain_line(std::string_view line);

struct Stamp {
  Micros at{};  ///< since 1970, or since midnight where no date stands there
  bool dated = false;
  bool exact = false;  ///< finer than a second
};
/// Takes a time from the beginning of `line`: `[2026-11-24 13:09:50]`, `2026-11-24T13:09:50.5Z`, `13:09:50.27`,
/// `Nov 24 13:09:50`, with the blanks behind it. None: there is none, and `line` stays.
std::optional<Stamp> take_stamp(std::string_view& line);

/// Takes one word that loggers put before a message (`DEBUG`, `[pid]`, `app_1  |`). False: there is none.
bool take_log_word(std::string_view& line);

/// What 'a\r\n' or b"a\x00" of Python or Ruby stands for, from behind the opening quote; `rest` is what follows the
/// closing one. None: it isn't closed.
std::optional<std::string> unquoted(std::string_view text, char quote, std::string_view& rest);

/// "250-text", "250 text", "250".
bool is_reply_line(std::string_view text);
/// Begins with a command of SMTP.
bool is_command_line(std::string_view text);
std::string verb_of(std::string_view line);

/// What a client's complaint says of the connection's end. `unknown`: nothing.
Ending ending_in(std::string_view text);
/// The recipe of the certificate whose fault it names; empty: none.
std::string certificate_in(std::string_view text);

}  // namespace mailfault::recorded
