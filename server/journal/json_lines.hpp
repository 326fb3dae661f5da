// The journal as JSON Lines, written by a thread of its own (the schema is in server/README.md).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "journal/journal.hpp"
#include "journal/ledger.hpp"

namespace mailfault {

/// One event as one line of JSON without the line feed. `instance` names the scenario. A text that isn't UTF-8 is
/// given as Latin-1, each byte the code point of its number, and `"latin1":true` says so.
std::string to_json(const Event& event, std::string_view instance);
/// One event as a line for a person: "  1.204s  #3  mail      C: MAIL FROM:<a@example.com>".
/// `color` adds ANSI colours. Control characters are shown as `?`.
std::string to_text(const Event& event, std::string_view instance, bool color);
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

/// Opens `path` for appending JSON Lines ("-" is standard output); throws Error if it can't be written.
std::unique_ptr<EventWriter> open_json_lines(const std::string& path);

}  // namespace mailfault
