#include "cli/overheard.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace mailfault::cli {
namespace {

constexpr std::size_t kept = 2048, most_due = 1000;

void keep(std::string& to, std::string_view bytes) { to += bytes.substr(0, kept - std::min(kept, to.size())); }

Stage stage_of(const std::string& verb) {
  if (verb == "EHLO" || verb == "HELO" || verb == "LHLO") return Stage::helo;
  if (verb == "BDAT") return Stage::message;
  for (auto stage : {Stage::starttls, Stage::auth, Stage::mail, Stage::rcpt, Stage::data, Stage::rset, Stage::noop,
                     Stage::vrfy, Stage::quit})
    if (verb == upper(name_of(stage))) return stage;
  return Stage::command;
}

}  // namespace

void Overheard::client(std::string_view bytes) {
  while (!bytes.empty()) {
    if (mode_ == Mode::chunk) {
      auto count = std::min<std::uint64_t>(left_, bytes.size());
      bytes.remove_prefix(count);
      left_ -= count;
      if (left_ == 0) mode_ = Mode::line;
    } else if (mode_ == Mode::body) {
      constexpr std::string_view end = "\r\n.\r\n";
      auto c = bytes.front();
      bytes.remove_prefix(1);
      ++size_;
      dot_ = c == end[static_cast<std::size_t>(dot_)] ? dot_ + 1 : c == '\r' ? 1 : 0;
      if (dot_ == static_cast<int>(end.size())) end_body();
    } else {
      auto end = bytes.find('\n');
      keep(line_, bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      auto line = std::exchange(line_, {});
      if (line.ends_with('\r')) line.pop_back();
      client_line(line);
    }
  }
}

// The size is that on the wire, without the line of the dot.
void Overheard::end_body() {
  mode_ = Mode::line;
  tell_({.kind = EventKind::content, .stage = Stage::content, .number = size_ - 3}, "");
  due_.push_back({Stage::message, Due::plain});
}

void Overheard::client_line(std::string_view line) {
  if (mode_ == Mode::auth) {
    mode_ = Mode::line;
    tell_({.kind = EventKind::command, .stage = Stage::auth}, show_secrets_ || line == "*" ? line : "<redacted>");
    due_.push_back({Stage::auth, Due::auth});
    return;
  }
  auto words = split(line, ' ');
  auto verb = upper(words[0]);
  auto stage = stage_of(verb);
  bool secret = stage == Stage::auth && words.size() > 2 && !show_secrets_;
  tell_({.kind = EventKind::command, .stage = Stage::command},
        secret ? "AUTH " + std::string(words[1]) + " <redacted>" : std::string(line));
  if (due_.size() < most_due)
    due_.push_back({stage, stage == Stage::data       ? Due::data
                           : stage == Stage::auth     ? Due::auth
                           : stage == Stage::starttls ? Due::starttls
                                                      : Due::plain});
  if (verb != "BDAT" || words.size() < 2) return;
  left_ = 0;
  std::from_chars(words[1].data(), words[1].data() + words[1].size(), left_);
  tell_({.kind = EventKind::content, .stage = Stage::content, .number = left_}, "");
  if (left_ > 0) mode_ = Mode::chunk;
}

bool Overheard::server(std::string_view bytes) {
  for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos;) {
    keep(reply_line_, bytes.substr(0, end + 1));
    bytes.remove_prefix(end + 1);
    if (reply_line(std::exchange(reply_line_, {}))) return true;
  }
  keep(reply_line_, bytes);
  return false;
}

bool Overheard::reply_line(std::string_view line) {
  keep(reply_, line);
  if (line.size() > 3 && line[3] == '-') return false;
  auto reply = std::exchange(reply_, {});
  auto text = std::string_view(reply).substr(0, reply.find_last_not_of("\r\n") + 1);
  int code = 0;
  std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), code);
  Due due{Stage::command, Due::plain};
  if (!due_.empty()) {
    due = due_.front();
    due_.pop_front();
  }
  tell_({.kind = EventKind::reply, .stage = due.stage, .code = static_cast<std::uint16_t>(std::max(code, 0))}, text);
  if (due.kind == Due::data && code == 354) {
    mode_ = Mode::body;
    size_ = 0;
    dot_ = 2;  // a dot may be its first line
  }
  if (due.kind == Due::auth && code == 334) mode_ = Mode::auth;
  if (due.kind != Due::starttls || code != 220) return false;
  line_.clear();
  return true;
}

}  // namespace mailfault::cli
