// Logs of mail software, read into a conversation. Each kind is a reader of lines, in a table.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "import/recorder.hpp"
#include "import/session.hpp"

namespace mailfault::recorded {

/// Reads one kind of log, line by line.
class Reader {
 public:
  virtual ~Reader() = default;
  /// `text` as it stands in the log, `bare` without the time before it. False: it is nothing of the conversation.
  virtual bool read(std::string_view text, std::string_view bare, Recorder& to) = 0;
};

struct Kind {
  std::string_view name;   ///< for --as
  std::string_view title;  ///< "swaks' output"
  std::unique_ptr<Reader> (*reader)();
};
std::span<const Kind> kinds();

/// What the log holds. `as` names its kind; empty: the one that makes the most of it. `name` is the file's, for
/// errors. Throws Error for an unknown kind, and where there is no conversation in it or one side only, with the
/// line.
Conversation parse_log(std::string bytes, const std::string& name, std::string_view as = {});

// The readers, each in a file of its own family.
std::unique_ptr<Reader> read_nodemailer();
std::unique_ptr<Reader> read_phpmailer();
std::unique_ptr<Reader> read_swaks();
std::unique_ptr<Reader> read_msmtp();
std::unique_ptr<Reader> read_curl();
std::unique_ptr<Reader> read_curl_trace();
std::unique_ptr<Reader> read_python();
std::unique_ptr<Reader> read_ruby();
std::unique_ptr<Reader> read_transcript();
std::unique_ptr<Reader> read_bare();
std::unique_ptr<Reader> read_postfix();
std::unique_ptr<Reader> read_exim();
std::unique_ptr<Reader> read_bounce();

}  // namespace mailfault::recorded
