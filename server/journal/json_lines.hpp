// The journal as JSON Lines, written by a thread of its own (the schema is in server/README.md).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "journal/journal.hpp"
#include "journal/ledger.hpp"

namespace mailfault {

/// One event as one line of JSON without the line feed. `instance` names the scenario. A text that isn't UTF-8 is
/// given as Latin-1, each byte the code point of its number, and `"latin1":true` says so.
std::string to_json(const Event& event, std::string_view instance);
/// One event as a line for a person: "  1.204s  #3  mail      C: MAIL FROM:<a@example.com>".
/// `color` adds ANSI colours. Control characters are shown as `?`.
std::string to_text(const Event& event, std::string_view instance, bool color);
/// The same, with each line of a reply under the one before it.
std::string to_whole_text(const Event& event, std::string_view instance, bool color);
/// A ledger's entry as JSON (its text included where it was kept and is valid UTF-8, else in base64).
std::string to_json(const StoredMessage& message);
/// A bounce as JSON, without its text.
std::string to_json(const Bounce& bounce);

/// A thread that renders events and hands the bytes to `write`: at most 50 ms behind, and at once on an `error`
/// event. Many journals may feed one writer. Events beyond `backlog` bytes that could not be written are counted and
/// dropped, and the count is said in a last line, so a slow disk can't stop a server.
/// An empty rendering writes no line.
class EventWriter {
 public:
  using Render = std::function<std::string(const Event&, std::string_view instance)>;
  using Write = std::function<void(std::string_view)>;

  EventWriter(Render render, Write write, std::size_t backlog = std::size_t{64} << 20);
  ~EventWriter();  ///< flushes and ends the thread
  /// A listener for one instance's journal, owned by the writer.
  JournalListener& source(std::string instance);
  /// Returns when all that came before is written.
  void flush();
  /// Something could not be written (said on standard error when it happens): what was written isn't whole.
  bool lost() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A file of JSON Lines read back: a journal for each server that wrote into it.
struct Recording {
  struct Run {
    std::string instance;              ///< the scenario's name, as `instance` has it
    std::unique_ptr<Journal> journal;  ///< its events have the times of the file
  };
  struct Step {
    std::size_t run = 0, event = 0;  ///< indexes into `runs` and its journal
  };
  std::vector<Run> runs;    ///< in the order of their first events; a server that began again has one of its own
  std::vector<Step> order;  ///< all events as they stand in the file; never empty
};
/// Throws Error with file:line for what is no event, a text that isn't what it says, a line of over 64 MiB, more than
/// 256 MiB of one server's; and for a file without events. Unknown fields and kinds are passed over.
Recording read_json_lines(const std::string& path);
/// By its name's ending, else by its first bytes.
bool looks_like_json_lines(const std::string& path);

/// Opens `path` for appending JSON Lines ("-" is standard output); throws Error if it can't be written.
std::unique_ptr<EventWriter> open_json_lines(const std::string& path);

}  // namespace mailfault
