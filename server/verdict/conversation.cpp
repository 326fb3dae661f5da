#include "verdict/conversation.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "smtp/command.hpp"

namespace mailfault {
namespace {

// Reads one connection's events in their order.
class Reader {
 public:
  explicit Reader(std::uint32_t number) { connection_.number = number; }

  void read(const Event& event, std::size_t place) {
    place_ = place;
    read(event);
    watch(event);
  }
  Connection finish() {
    close_attempt(connection_.ended);
    if (longest_) connection_.waits.insert(connection_.waits.begin(), *longest_);
    return std::move(connection_);
  }

 private:
  void read(const Event& event);
  void command(const Event& event);
  void reply(const Event& event, bool delivered);
  void reply_of_recipient(const Event& event, bool delivered);
  void tls(std::string_view text);
  void note_closing(int code) {
    if (connection_.closing_code != 0 || (code != 421 && code != 221)) return;
    connection_.closing_code = code;
    connection_.closing_place = place_;
  }
  void watch(const Event& event);
  void end_wait(Micros at, WaitEnd how);
  Attempt* attempt() { return open_ && !connection_.attempts.empty() ? &connection_.attempts.back() : nullptr; }
  void close_attempt(Micros at) {
    if (auto* now = attempt()) now->ended = at;
    open_ = false;
  }

  Connection connection_;
  bool open_ = false;       // a transaction is under way
  bool after_dot_ = false;  // the next reply is that of the dot
  bool lmtp_ = false;
  std::vector<int> refused_after_dot_;  // LMTP: the code of each recipient's reply, 0 where it accepts
  bool faulted_ = false;
  bool next_is_early_ = false;
  std::size_t place_ = 0;
  enum class Owes : std::uint8_t { nothing, perhaps, reply };
  Owes owes_ = Owes::reply;  // a greeting
  bool fault_since_word_ = false;
  Micros silent_since_{};
  std::string_view due_stage_ = "greeting";
  std::optional<Wait> longest_;
};

// The last line is "250", or begins with "250 ".
bool is_whole_reply(std::string_view text) {
  auto line = text.substr(text.rfind('\n') + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto code = line.substr(0, 3);
  return code.size() == 3 && code.find_first_not_of("0123456789") == std::string_view::npos &&
         (line.size() == 3 || line[3] == ' ');
}

void Reader::end_wait(Micros at, WaitEnd how) {
  Wait wait{silent_since_, std::max(at, silent_since_), how, due_stage_, owes_ == Owes::reply};
  if (how != WaitEnd::served) connection_.due = wait;
  if (!faulted_ || owes_ == Owes::nothing) return;
  if (how != WaitEnd::served)
    connection_.waits.push_back(wait);
  else if (!longest_ || longest_->length() < wait.length())
    longest_ = wait;
}

std::string_view stage_of_command(const Exchange& exchange) {
  if (exchange.verb.empty()) return "auth";
  if (exchange.verb == "EHLO" || exchange.verb == "HELO" || exchange.verb == "LHLO") return "helo";
  auto stage = stage_named(lower(exchange.verb));
  return stage ? name_of(*stage) : "command";
}

// Who waits for whom. Reads each event after the others have put it in its place.
void Reader::watch(const Event& event) {
  auto last_byte = event.at + Micros(event.span_us);
  switch (event.kind) {
    case EventKind::connected:
      silent_since_ = event.at;
      return;
    case EventKind::command:
    case EventKind::content:
      owes_ = Owes::reply;
      fault_since_word_ = false;
      silent_since_ = last_byte;
      due_stage_ = event.kind == EventKind::content ? "message" : stage_of_command(connection_.exchanges.back());
      return;
    case EventKind::fault:
      fault_since_word_ = true;
      if (owes_ != Owes::reply) due_stage_ = name_of(event.stage);
      owes_ = Owes::reply;
      silent_since_ = std::max(silent_since_, event.at);
      return;
    case EventKind::reply:
      end_wait(event.at, WaitEnd::served);
      silent_since_ = std::max(silent_since_, last_byte);
      owes_ = !is_whole_reply(event.text()) ? Owes::reply : fault_since_word_ ? Owes::perhaps : Owes::nothing;
      if (attempt() && attempt()->data_code == 354 && !attempt()->body_sent) due_stage_ = "content";
      return;
    case EventKind::ended:
      end_wait(event.at, connection_.ended_by == "client"   ? WaitEnd::closed_by_client
                         : connection_.ended_by == "server" ? WaitEnd::closed_by_server
                                                            : WaitEnd::run);
      return;
    default:
      return;
  }
}

void Reader::command(const Event& event) {
  auto parsed = smtp::parse_command(event.text());
  auto& exchanges = connection_.exchanges;
  exchanges.push_back({place_, event.stage == Stage::auth ? "" : upper(parsed.name), std::string(event.text()),
                       event.at, 0, "", never, false, std::exchange(next_is_early_, false)});
  after_dot_ = false;
  std::string_view rest;
  if (parsed.verb == smtp::Verb::quit) connection_.said_quit = true;
  if (parsed.verb == smtp::Verb::mail) {
    close_attempt(event.at);
    Attempt fresh;
    fresh.connection = connection_.number;
    fresh.place = place_;
    fresh.door = connection_.door;
    fresh.began = fresh.ended = event.at;
    fresh.met_fault = faulted_;
    if (auto path =
            smtp::parse_path(std::string_view(event.text()).substr(std::min<std::size_t>(event.size, 10)), rest))
      fresh.from = path->address;
    connection_.attempts.push_back(std::move(fresh));
    open_ = true;
  } else if (parsed.verb == smtp::Verb::rcpt && attempt()) {
    if (auto path =
            smtp::parse_path(std::string_view(event.text()).substr(std::min<std::size_t>(event.size, 8)), rest))
      attempt()->recipients.push_back({path->address, 0, false});
  } else if (parsed.verb == smtp::Verb::rset || parsed.verb == smtp::Verb::ehlo || parsed.verb == smtp::Verb::helo ||
             parsed.verb == smtp::Verb::lhlo) {
    close_attempt(event.at);
  } else if (parsed.verb == smtp::Verb::bdat && attempt()) {
    attempt()->data_code = 354;  // its chunk follows without leave
  }
  lmtp_ = lmtp_ || parsed.verb == smtp::Verb::lhlo;
}

void Reader::reply(const Event& event, bool delivered) {
  int code = event.code;
  auto& exchanges = connection_.exchanges;
  if (exchanges.empty()) {
    if (connection_.greeting_code == 0) note_closing(connection_.greeting_code = code);
    if (connection_.greeted_at == never) connection_.greeted_at = event.at;
    return;
  }
  auto& last = exchanges.back();
  if (after_dot_) {
    note_closing(code);
    if (lmtp_ && attempt()) return reply_of_recipient(event, delivered);
    if (auto* now = attempt()) {
      now->final_code = code;
      now->final_read = delivered;
      close_attempt(event.at);
    }
    after_dot_ = false;
    return;
  }
  if (last.code == 0 || last.code == 334) {
    note_closing(code);
    last.code = code;
    last.reply = event.text();
    last.replied_at = event.at + Micros(event.span_us);
    last.undelivered = !delivered;
  }
  auto* now = attempt();
  if (!now) return;
  if (last.verb == "MAIL") now->mail_code = code;
  if (last.verb == "RCPT" && !now->recipients.empty() && now->recipients.back().code == 0)
    now->recipients.back().code = code;
  if (last.verb == "DATA") now->data_code = code;
  if (last.verb == "BDAT" && code / 100 != 2) now->data_code = code;
  now->ended = event.at;
}

// LMTP: one reply for each recipient that was accepted, in their order (RFC 2033 section 4.2).
void Reader::reply_of_recipient(const Event& event, bool delivered) {
  auto& now = *attempt();
  std::vector<RecipientTried*> accepted;
  for (auto& each : now.recipients)
    if (each.code / 100 == 2) accepted.push_back(&each);
  if (now.final_code == 0 || event.code / 100 == 2) now.final_code = event.code;
  now.final_read = delivered;
  refused_after_dot_.push_back(event.code / 100 == 2 ? 0 : event.code);
  if (refused_after_dot_.size() < accepted.size()) return;
  for (std::size_t i = 0; i < accepted.size(); ++i)
    if (refused_after_dot_[i] != 0) {
      accepted[i]->code = refused_after_dot_[i];
      accepted[i]->by_the_dot = true;
    }
  refused_after_dot_.clear();
  after_dot_ = false;
  close_attempt(event.at);
}

// "hello sni=mx.example.com …", "up TLSv1.3 … certificate=good …".
void Reader::tls(std::string_view text) {
  auto value_of = [&](std::string_view name) {
    auto at = text.find(name);
    if (at == std::string_view::npos) return std::string();
    auto value = text.substr(at + name.size());
    return std::string(value.substr(0, value.find(' ')));
  };
  if (text.starts_with("hello")) connection_.sni = value_of(" sni=");
  // The reply to the dot had left, but its record was none that the client could read.
  auto& attempts = connection_.attempts;
  if (text.starts_with("alert_received bad_record_mac") && !attempts.empty() &&
      attempts.back().body_place > connection_.exchanges.back().place)
    attempts.back().final_read = false;
  if (!text.starts_with("up ") || connection_.tls_place != 0) return;
  connection_.tls_place = place_;
  connection_.certificate = value_of(" certificate=");
  connection_.by_starttls = !connection_.exchanges.empty() && connection_.exchanges.back().verb == "STARTTLS";
}

void Reader::read(const Event& event) {
  connection_.last_stage = name_of(event.stage);
  switch (event.kind) {
    case EventKind::connected: {
      auto text = event.text();
      connection_.began = event.at;
      connection_.place = place_;
      connection_.door = text.substr(0, text.find(' '));
      connection_.peer = text;
      return;
    }
    case EventKind::command:
      return command(event);
    case EventKind::reply:
      return reply(event, true);
    case EventKind::undelivered:
      return reply(event, false);
    case EventKind::content:
      after_dot_ = true;
      refused_after_dot_.clear();
      if (auto* now = attempt()) {
        now->body_sent = true;
        now->body_place = place_;
        now->body_size = event.number;
        now->message_id = event.text();
        now->ended = event.at + Micros(event.span_us);
      }
      return;
    case EventKind::stored:
      if (auto* now = attempt()) {
        now->stored = static_cast<std::uint32_t>(event.number);
        now->entries.push_back(now->stored);
      }
      return;
    case EventKind::fault:
      connection_.faults.push_back({event.at, static_cast<int>(event.number), place_});
      faulted_ = true;
      if (auto* now = attempt()) now->met_fault = true;
      return;
    case EventKind::violation:
      connection_.violations.push_back({event.at, std::string(event.text()), place_});
      next_is_early_ = next_is_early_ || event.text().starts_with("early");
      return;
    case EventKind::fact:
      next_is_early_ = next_is_early_ || event.text().starts_with("early");
      return;
    case EventKind::tls:
      return tls(event.text());
    case EventKind::ended: {
      auto text = event.text();
      auto colon = text.find(": ");
      connection_.ended = event.at;
      connection_.ended_by = text.substr(0, colon);
      connection_.how = colon == std::string_view::npos ? "" : std::string(text.substr(colon + 2));
      return;
    }
    default:
      return;
  }
}

}  // namespace

Value as_value(const Conversation& talk, const Ledger& ledger) {
  auto number = [](auto value) { return Value(static_cast<double>(value)); };
  auto text = [](std::string_view value) { return Value(std::string(value)); };
  auto made = [](Composite&& table) { return Value(std::make_shared<const Composite>(std::move(table))); };
  Composite run, messages, connections, bounces;
  for (const auto& [place, bounce] : talk.bounces) {
    Composite each, recipients;
    for (auto recipient : bounce->recipients) recipients.items.push_back(text(recipient));
    each.fields = {{"kind", text(bounce->kind)},
                   {"action", text(bounce->action)},
                   {"status", text(bounce->status)},
                   {"to", text(bounce->to)},
                   {"recipients", made(std::move(recipients))},
                   {"message", number(bounce->message)},
                   {"text", text(bounce->text)},
                   {"delivery", text(name_of(bounce->delivery))}};
    bounces.items.push_back(made(std::move(each)));
  }
  for (const auto& message : ledger) {
    Composite each, recipients;
    for (auto recipient : message.recipients) recipients.items.push_back(text(recipient));
    each.fields = {{"from", text(message.from)},       {"recipients", made(std::move(recipients))},
                   {"subject", text(message.subject)}, {"message_id", text(message.message_id)},
                   {"size", number(message.size)},     {"text", text(message.text)},
                   {"door", text(message.door)},       {"connection", number(message.connection)}};
    messages.items.push_back(made(std::move(each)));
  }
  for (const auto& connection : talk.connections) {
    Composite each, commands, codes;
    for (const auto& exchange : connection.exchanges) {
      commands.items.push_back(text(exchange.line));
      codes.items.push_back(number(exchange.code));
    }
    each.fields = {{"number", number(connection.number)},   {"door", text(connection.door)},
                   {"commands", made(std::move(commands))}, {"codes", made(std::move(codes))},
                   {"ended_by", text(connection.ended_by)}, {"began", Value(in_seconds(connection.began))}};
    connections.items.push_back(made(std::move(each)));
  }
  std::uint64_t swallowed = 0;
  for (const auto& [at, count] : talk.swallowed) swallowed += count;
  run.fields = {{"messages", made(std::move(messages))},
                {"connections", made(std::move(connections))},
                {"bounces", made(std::move(bounces))},
                {"copies", number(ledger.copies())},
                {"swallowed", number(swallowed)}};
  return made(std::move(run));
}

bool Attempt::refused_for_good() const {
  if (mail_code >= 400) return mail_code >= 500;  // what was pipelined behind it is only out of its turn
  if (final_code >= 500) return true;
  if (body_sent) return false;
  auto all = [&](int least) {
    return !recipients.empty() && std::all_of(recipients.begin(), recipients.end(),
                                              [&](const RecipientTried& each) { return each.code >= least; });
  };
  return all(500) || (data_code >= 500 && !all(400));
}

bool Attempt::refused_for_now() const {
  auto for_now = [](int code) { return code >= 400 && code < 500; };
  if (for_now(final_code) || for_now(mail_code) || for_now(data_code)) return true;
  if (body_sent) return false;
  bool all = !recipients.empty() && std::all_of(recipients.begin(), recipients.end(),
                                                [&](const RecipientTried& each) { return for_now(each.code); });
  return all || (!refused_for_good() && stored == 0);
}

Conversation read_conversation(const Journal& journal, const Ledger& ledger) {
  Conversation talk;
  std::map<std::uint32_t, Reader> readers;
  std::size_t open = 0;
  std::size_t place = 0;
  for (const auto& event : journal) {
    ++place;
    if (event.kind == EventKind::error) talk.script_failed = true;
    if (event.kind == EventKind::limit) talk.limit_reached = true;
    if (event.kind == EventKind::swallowed) talk.swallowed.emplace_back(event.at, event.number);
    if (event.kind == EventKind::bounce) talk.bounces.push_back({place, &ledger.bounces()[event.number - 1]});
    if (event.connection == 0) continue;
    if (event.kind == EventKind::connected) talk.open_at_once = std::max(talk.open_at_once, ++open);
    if (event.kind == EventKind::ended && open > 0) --open;
    readers.try_emplace(event.connection, event.connection).first->second.read(event, place);
  }
  talk.limit_reached = talk.limit_reached || journal.full() || ledger.full();
  for (auto& [number, reader] : readers) talk.connections.push_back(reader.finish());
  return talk;
}

}  // namespace mailfault
