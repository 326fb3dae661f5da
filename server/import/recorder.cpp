#include "import/recorder.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace mailfault::recorded {
namespace {

bool is_hello(std::string_view text) {
  auto verb = verb_of(text);
  return verb == "EHLO" || verb == "HELO" || verb == "LHLO";
}

}  // namespace

void Recorder::at(int line, const std::optional<Stamp>& stamp) {
  line_ = line;
  if (!stamp) return;
  auto now = stamp->at + (stamp->dated ? Micros{} : day_);
  if (!stamp->dated && time_ && now + std::chrono::hours(12) < *time_) {  // past midnight
    day_ += std::chrono::hours(24);
    now += std::chrono::hours(24);
  }
  if (stamp->exact) conversation_.resolution = std::chrono::milliseconds(1);
  time_ = now;
}

// A hello that follows is said on the next connection.
bool Recorder::is_over(const std::string& id) const {
  auto found = open_.find(id);
  if (found == open_.end() || found->second.message || found->second.starttls) return false;
  const auto& connection = conversation_.connections[found->second.number];
  bool spoken_on = std::any_of(connection.turns.begin(), connection.turns.end(),
                               [](const Turn& turn) { return turn.who == Turn::Who::client; });
  return found->second.quit || (spoken_on && connection.ending != Ending::unknown);
}

void Recorder::begin_anew(const std::string& id) {
  open_.erase(id);
  connect(id);
}

void Recorder::connect(const std::string& id) {
  auto found = open_.find(id);
  if (found != open_.end() && conversation_.connections[found->second.number].turns.empty()) return;  // said twice
  open_[id] = Open{.number = conversation_.connections.size(), .reply = {}};
  conversation_.connections.emplace_back().connected_at = time_;
}

Connection& Recorder::of(const std::string& id) {
  if (!open_.contains(id)) connect(id);
  return conversation_.connections[open_[id].number];
}

void Recorder::add(Connection& to, Turn::Who who, std::string_view text, int line) {
  to.turns.push_back({.who = who, .text = std::string(text), .line = line, .at = time_});
}

void Recorder::client(std::string_view text, const std::string& id) {
  if (is_hello(text) && is_over(id)) begin_anew(id);
  auto& connection = of(id);
  auto& open = open_[id];
  if (is_hello(text) && !open.greeted && connection.turns.empty()) {  // it is logged from there on
    add(connection, Turn::Who::server, "220", 0);
    open.greeted = true;
  }
  add(connection, Turn::Who::client, text, line_);
  if (open.message) {
    if (text == ".") open.message = false;
    return;
  }
  if (open.auth) return;
  score_ += is_command_line(text);
  auto verb = verb_of(text);
  open.starttls = verb == "STARTTLS";
  if (verb == "DATA") open.data = true;
  open.auth = verb == "AUTH";
  open.quit = verb == "QUIT";
}

void Recorder::server(std::string_view text, const std::string& id) {
  of(id);
  auto known = open_[id];
  bool first = known.reply.empty() || !(known.reply.size() > 3 && known.reply[3] == '-');
  bool over = known.quit && known.reply.starts_with("221");
  if (over || (first && text.starts_with("220") && known.greeted && !known.starttls)) begin_anew(id);
  auto& open = open_[id];
  auto& connection = conversation_.connections[open.number];
  bool reply = is_reply_line(text);
  score_ += reply;
  add(connection, Turn::Who::server, text, line_);
  open.reply = text;
  open.greeted = true;
  if (!reply || (text.size() > 3 && text[3] == '-')) return;
  if (!text.starts_with("334")) open.auth = false;
  open.message = open.data && text.starts_with("354");
  if (open.message || (open.data && text[0] > '3')) open.data = false;
}

void Recorder::assume_client(std::string_view text) { add(of({}), Turn::Who::client, text, 0); }
void Recorder::assume_server(std::string_view text) {
  add(of({}), Turn::Who::server, text, 0);
  open_[{}].greeted = true;
}

void Recorder::tls(const std::string& id) {
  auto& connection = of(id);
  if (connection.turns.empty()) connection.tls_first = true;
  if (!connection.turns.empty() && connection.turns.back().who == Turn::Who::tls) return;
  add(connection, Turn::Who::tls, "", line_);
}

void Recorder::ended(Ending how, std::string_view words, const std::string& id) {
  auto found = open_.find(id);
  if (how == Ending::unknown) return;
  if (found == open_.end()) {
    if (early_ == Ending::unknown) {
      early_ = how;
      early_line_ = line_;
      early_words_ = trim(words);
    }
    return;
  }
  auto& connection = conversation_.connections[found->second.number];
  bool over = found->second.quit && found->second.reply.starts_with("221");
  if (how == Ending::refused && !connection.turns.empty()) return;  // the next try's
  if (connection.ending != Ending::unknown || over) return;
  if (connection.turns.empty() || connection.turns.back().line == 0) ++score_;
  connection.ending = how;
  connection.ending_line = line_;
  connection.ending_words = trim(words);
  connection.ended_at = time_;
  connection.certificate = certificate_in(words);
}

bool Recorder::in_message(const std::string& id) const {
  auto found = open_.find(id);
  return found != open_.end() && found->second.message;
}

std::string_view Recorder::open_reply(const std::string& id) const {
  auto found = open_.find(id);
  if (found == open_.end()) return {};
  const auto& reply = found->second.reply;
  return reply.size() > 3 && reply[3] == '-' ? std::string_view(reply) : std::string_view();
}

int Recorder::first_line_of(Turn::Who who) const {
  for (const auto& connection : conversation_.connections)
    for (const auto& turn : connection.turns)
      if (turn.who == who && turn.line > 0) return turn.line;
  return 0;
}

Conversation Recorder::take() {
  auto& all = conversation_.connections;
  if (all.empty() && early_ == Ending::refused) connect();
  if (early_ != Ending::unknown && all.size() == 1 && all[0].ending == Ending::unknown) {
    line_ = early_line_;
    ended(early_, early_words_, open_.begin()->first);
  }
  all.erase(
      std::remove_if(all.begin(), all.end(),
                     [](const Connection& each) { return each.turns.empty() && each.ending == Ending::unknown; }),
      all.end());
  return std::move(conversation_);
}

}  // namespace mailfault::recorded
