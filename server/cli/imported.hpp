// A conversation of a log, a capture or a recording, written as a scenario that holds.
#pragma once

#include <string>
#include <vector>

#include "import/redact.hpp"
#include "import/session.hpp"

namespace mailfault::cli {

struct Imported {
  std::string text;                   ///< the scenario
  bool has_example = true;            ///< one that holds; else a comment in the text says why not
  std::vector<std::string> replaced;  ///< by the redaction, a line each
};

/// Written, loaded and replayed, with less of it taken over until it holds. `path` is the file's that it will be in,
/// for errors. Throws Error where there are too many connections, and where no scenario can be made.
Imported imported(const recorded::Conversation& all, recorded::Keep keep, bool verbatim, const std::string& path);

/// Into a file that isn't there yet. Throws Error; then there is none.
void write_new(const std::string& path, const std::string& text);

/// What was read, what was replaced and what to try, for a person.
std::string told(const recorded::Conversation& all, const Imported& made, const std::string& path);

}  // namespace mailfault::cli
