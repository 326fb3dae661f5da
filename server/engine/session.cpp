#include "engine/session.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault {
namespace {

constexpr std::size_t most_pending = 64 * 1024;  // then reading stops until it is taken
constexpr std::uint64_t longest_endless_line = 1 << 20;
// A body is cut off at 4 limits, but not before a rule can be meant to see it.
std::uint64_t cut_off(std::uint64_t limit) { return std::max<std::uint64_t>(4 * limit, 64 << 20); }
constexpr Micros longest_silence = std::chrono::minutes(10);  // RFC 5321 section 4.5.3.2.7 says 5 at least
constexpr std::size_t shown_of_reply = 2048;

std::string_view end_word(wire::PeerEnd how) {
  switch (how) {
    case wire::PeerEnd::fin:
      return "FIN";
    case wire::PeerEnd::reset:
      return "RST";
    case wire::PeerEnd::timed_out:
      return "no more acknowledgements";
    case wire::PeerEnd::failed:
      return "the connection failed";
  }
  return "";
}

}  // namespace

Session::Session(Instance& instance, std::uint32_t number, const DoorSpec& door, std::shared_ptr<wire::Wire> wire)
    : instance_(instance), door_(door), wire_(std::move(wire)), number_(number) {}

Session::~Session() { wire_->detach(); }

void Session::journal(EventKind kind, std::string_view text, Event event) {
  event.kind = kind;
  event.connection = number_;
  event.stage = stage_;
  instance_.journal().add(event, text);
}

void Session::violation(std::string_view name, std::string_view details) {
  if (!violations_) violations_ = std::make_unique<std::vector<std::string>>();
  if (std::find(violations_->begin(), violations_->end(), name) == violations_->end())
    violations_->emplace_back(name);
  journal(EventKind::violation,
          details.empty() ? std::string(name) : std::string(name) + ": " + std::string(details));
}

std::string Session::redacted(std::string_view text) const {
  std::string out(text.substr(0, shown_of_reply));
  if (instance_.options().show_secrets || !login_) return out;
  for (const auto* hidden : {&login_->password, &login_->response})
    for (std::size_t at = 0; !hidden->empty() && (at = out.find(*hidden, at)) != std::string::npos; at += 10)
      out.replace(at, hidden->size(), "<redacted>");
  return out;
}

// A line with AUTH: its initial response is a secret.
std::string Session::shown_auth(const smtp::Command& command) const {
  auto space = command.argument.find(' ');
  if (instance_.options().show_secrets) return line_.substr(0, shown_of_reply);
  auto shown = "AUTH " + std::string(command.argument.substr(0, space));
  return space == std::string_view::npos ? shown : shown + " <redacted>";
}

// ---------------------------------------------------------------- what the wire says

void Session::begin(bool silent) {
  quiet_since_ = instance_.now();
  journal(EventKind::connected,
          door_.name + " from " + wire_->peer_address() + " port " + std::to_string(wire_->peer_port()));
  const auto& settings = door_.wire ? *door_.wire : scenario().wire;
  if (!settings.plain())
    wire_->use(settings, instance_.options().time_scale, instance_.options().seed * 1000003 + number_);
  if (silent) {
    journal(EventKind::fault, "door " + door_.name + " is silent");
    quiet();
  } else if (door_.proxy) {
    phase_ = Phase::proxy;
  } else {
    begin_stage(Stage::connect);
  }
  turn();
}

void Session::on_bytes(std::string_view bytes) {
  std::string plain;  // the input borrows it until the turn is over
  if (tls_) bytes = plain = decrypt(bytes);
  bool begins = !tls_ && input_.received() < 2;
  input_.feed(bytes);
  if (begins && input_.received() >= 2 && input_.pending().starts_with("\x16\x03"))
    journal(EventKind::fact, "the client began TLS (a ClientHello) where none is offered");
  turn();
}

void Session::on_peer_end(wire::PeerEnd how) {
  peer_gone_ = true;
  peer_dead_ = how != wire::PeerEnd::fin;
  if (!tls_ || tls_->engine.state() != tls::Engine::State::ended) ended_how_ = end_word(how);
  if (tls_up() && how == wire::PeerEnd::fin && tls_->engine.state() == tls::Engine::State::up)
    ended_how_ += " without close_notify";
  turn();
}

void Session::on_wake() {
  instance_.timer_fired(alarm_);
  alarm_ = never;
  if (read_again_at_ <= instance_.now()) {
    read_again_at_ = never;
    stopped_reading_ = false;
    if (!held_) wire_->hold_reading(false);
  }
  turn();
}

void Session::on_closed() {
  peer_gone_ = peer_dead_ = true;
  turn();
}

void Session::end_by_run() {
  abandon_play();
  in_stage_ = false;
  end(EndedBy::run, "the run is over");
  turn();
}

bool Session::silent_too_long() const {
  bool rule_waits = next_idle_ < instance_.idle_rules().size();
  return !in_stage_ && !rule_waits && idle_limit_at() == never && phase_ != Phase::quiet && !stopped_reading_ &&
         instance_.now() - quiet_since_ > longest_silence;
}

void Session::time_out() {
  if (phase_ != Phase::handshake && phase_ != Phase::proxy) simple_reply(ReplyName::timeout);
  close_connection(std::chrono::seconds(2));
  end(EndedBy::server, "the client was silent for 10 minutes");
  turn();
}

// One call of the wire's: go as far as possible, then put everything in order for the next. Destroys the session when
// it is over, so nothing may follow it.
void Session::turn() {
  advance();
  if (concluded_) {
    instance_.retire(*this);
    return;
  }
  input_.keep();
  bool too_much = input_.pending().size() > most_pending;
  if (too_much != held_) {
    held_ = too_much;
    if (!stopped_reading_) wire_->hold_reading(held_);
  }
  set_alarm();
}

void Session::set_alarm() {
  Micros next = read_again_at_;
  if (play_ && play_->wait != Play::Wait::nothing) next = std::min(next, play_->until);
  if (const auto& idle = instance_.idle_rules();
      phase_ == Phase::commands && clients_turn() && input_.pending().empty() && next_idle_ < idle.size())
    next = std::min(next, quiet_since_ + instance_.to_real(std::get<Micros>(*idle[next_idle_]->triggers.at)));
  next = std::min(next, idle_limit_at());
  if (next == alarm_) return;
  alarm_ = next;
  wire_->wake_at(next);
}

void Session::advance() {
  while (!concluded_) {
    if (in_stage_) {
      if (!go_on_with_stage()) return;
      continue;
    }
    if (ended_) {
      conclude();
      return;
    }
    switch (phase_) {
      case Phase::proxy:
        if (!take_proxy_header()) return;
        break;
      case Phase::handshake:
        if (!take_handshake()) return;
        break;
      case Phase::commands:
      case Phase::sasl:
        if (!take_command()) return;
        break;
      case Phase::body:
        if (!take_body()) return;
        break;
      case Phase::skipping:
        if (!take_skipped()) return;
        break;
      case Phase::delivering:
        if (!deliver_to_next()) return;
        break;
      case Phase::quiet:
        input_.discard();
        if (!peer_gone_) return;
        end(EndedBy::client, ended_how_);
        break;
      case Phase::opening:
      case Phase::over:
        return;
    }
  }
}

// ---------------------------------------------------------------- stages

void Session::begin_stage(Stage stage, std::string argument) {
  stage_ = stage;
  argument_ = std::move(argument);
  answered_ = effect_done_ = effect_late_ = went_on_ = body_follows_ = stored_ = limit_closes_ = false;
  forced_ = -1;
  code_ = 0;
  ++occurrences_[static_cast<std::size_t>(stage)];
  const auto& rules = scenario().rules_at(stage);
  if (rules.empty()) {
    healthy();
    flush();
    end_stage();
    return;
  }
  play_ = std::make_unique<Play>();
  play_->rules = &rules;
  in_stage_ = true;
}

// A rule at a point inside a stage: `content` at a size, `idle` at a time.
void Session::begin_single(Stage stage, const std::vector<Rule>& rules, const Rule& rule) {
  stage_ = stage;
  answered_ = went_on_ = false;
  code_ = 0;
  play_ = std::make_unique<Play>();
  play_->rules = &rules;
  play_->only_one = true;
  play_->draws = draws_for(rule);
  in_stage_ = true;
  announce(rule);
  push_ops(rule);
}

// False: the stage waits for something.
bool Session::go_on_with_stage() {
  for (;;) {
    if (play_->wait != Play::Wait::nothing && !wait_is_over()) return false;
    if (!ended_ && !run_frames(0)) return false;
    if (ended_ || phase_ == Phase::quiet) {
      const auto* rules = play_->only_one ? nullptr : play_->rules;
      auto next = play_->next_rule;
      abandon_play();
      in_stage_ = false;
      if (rules) count_for(*rules, next);
      return true;
    }
    const Rule* next = nullptr;
    while (!next && !play_->only_one && play_->next_rule < play_->rules->size()) {
      const auto& rule = (*play_->rules)[play_->next_rule++];
      if (!plays_here(rule)) continue;
      play_->draws = draws_for(rule);
      try {
        if (holds(rule)) next = &rule;
      } catch (const Error& error) {
        fail_script(error.what());
        break;
      }
    }
    if (ended_) continue;
    if (next) {
      announce(*next);
      push_ops(*next);
      continue;
    }
    bool message_waits = stage_ == Stage::handshake && !went_on_;
    try {
      if (!answered_ && (!play_->only_one || message_waits)) healthy();
      if (!flush()) return false;
    } catch (const Error& error) {
      fail_script(error.what());
      continue;
    }
    end_stage();
    return true;
  }
}

// The event counts for the rules behind the one that has ended the stage, too.
void Session::count_for(const std::vector<Rule>& rules, std::size_t from) {
  answered_ = true;
  try {
    for (auto i = from; i < rules.size(); ++i)
      if (rules[i].triggers.counting() && plays_here(rules[i])) holds(rules[i]);
  } catch (const Error& error) {
    instance_.script_error(number_, error.what());
  }
}

void Session::end_stage() {
  in_stage_ = false;
  play_.reset();
  if (limit_closes_ && !ended_) close_by_limit();
  if (effect_late_ && !ended_) apply_effect();
  if (!ended_) after_stage(stage_);
}

void Session::after_stage(Stage stage) {
  switch (stage) {
    case Stage::connect:
      if (!went_on_)
        phase_ = Phase::commands;
      else if (instance_.tls_of(door_) == DoorTls::implicit)
        begin_tls();
      else
        begin_stage(Stage::greeting);
      return;
    case Stage::handshake:
      if (answered_ && !went_on_) quiet();  // something else than TLS was said
      return;
    case Stage::greeting:
      phase_ = Phase::commands;
      return;
    case Stage::auth:
      if (login_->in_exchange) return after_challenge();
      if (login_->error_told) phase_ = Phase::sasl;
      return;
    case Stage::command:
      if (went_on_) return dispatch(line_);
      group_ended_ = false;
      mail_refused_ = verb_ == "MAIL" || (mail_refused_ && (verb_ == "RCPT" || verb_ == "DATA" || verb_ == "BDAT"));
      skip_answered_chunk();
      return;
    case Stage::helo:
      offered_ = says_hello_with_extensions() ? instance_.offer_of(helo_text_) : nullptr;
      helo_text_ = {};
      return;
    case Stage::mail:
      if (!transaction_) from_.clear();
      return;
    case Stage::data:
      if (!body_follows_) return;
      if (!input_.pending().empty()) violation("not_last_of_group", "the body was sent before the reply to DATA");
      group_ended_ = false;
      phase_ = Phase::body;
      begin_body();
      return;
    case Stage::content:
      if (!answered_) return;
      body_->answered = true;
      body_->reader.discard();
      return;
    case Stage::message:
      if (!stored_) journal(EventKind::discarded, "not stored", {.number = body_->reader.size()});
      if (phase_ == Phase::delivering) return;
      transaction_.reset();
      from_.clear();
      body_.reset();
      return;
    default:
      return;
  }
}

void Session::quiet() {
  phase_ = Phase::quiet;
  answered_ = true;
}

void Session::end(EndedBy by, std::string how) {
  if (ended_) return;
  ended_ = by;
  ended_how_ = std::move(how);
}

void Session::conclude() {
  concluded_ = true;
  abandon_play();
  static constexpr std::array<std::string_view, 3> words{"client", "server", "run"};
  std::string who(words[static_cast<std::size_t>(*ended_)]);
  if (*ended_ == EndedBy::client && tls_up() && !peer_dead_) close_connection(Micros{});
  if (body_ && (phase_ == Phase::body || (transaction_ && transaction_->chunked)))
    ended_how_ += ", after " + format_size(body_->reader.size()) + " of a body";
  phase_ = Phase::over;
  stage_ = Stage::close;
  argument_ = who;
  run_close_rules();
  journal(EventKind::ended, who + ": " + ended_how_);
  wire_->detach();
}

// Only functions stand at `close`, and there is nothing to wait for.
void Session::run_close_rules() {
  ++occurrences_[static_cast<std::size_t>(Stage::close)];
  answered_ = false;
  for (const auto& rule : scenario().rules_at(Stage::close)) {
    try {
      if (!holds(rule)) continue;
      announce(rule);
      for (const auto& each : rule.ops) {
        auto result = activation().start(std::get<op::Call>(each).function, stage_, argument_);
        while (result.state == script::Activation::State::preempted) result = activation().resume({});
        if (result.state == script::Activation::State::suspended) {
          activation().abandon();
          throw Error(Place{scenario().path, rule.line},
                      "on.close: nothing can be waited for, the connection is over");
        }
        if (result.state == script::Activation::State::failed) throw Error(result.error);
      }
    } catch (const Error& error) {
      instance_.script_error(number_, error.what());
    }
  }
}

// Fail closed: never on as a well-behaved server.
void Session::fail_script(const std::string& what) {
  instance_.script_error(number_, what);
  if (ended_) return;
  if (play_) {
    play_->pace.reset();
    play_->cut.reset();
    play_->rewrite.reset();
  }
  out_.clear();
  if (!peer_dead_ && !write_closed_) {
    std::string reply = "421 4.3.0 Scenario error\r\n";
    code_ = 421;
    if (phase_ != Phase::handshake) {
      transmit(reply);
      say_sent(reply, instance_.now());
    }
  }
  close_connection(std::chrono::seconds(2));
  end(EndedBy::server, "a script error");
}

// ---------------------------------------------------------------- taking input

bool Session::clients_turn() const {
  bool listening = phase_ == Phase::commands || phase_ == Phase::sasl || phase_ == Phase::body;
  return listening && !in_stage_;
}

bool Session::take_command() {
  auto line = input_.take_line();
  if (!line) {
    if (input_.dropped_of_line() > longest_endless_line) {
      stage_ = Stage::command;
      journal(EventKind::limit, "a command line of more than 1 MiB");
      throw_out(ReplyName::line_too_long, "a line that doesn't end");
      return true;
    }
    if (peer_gone_) {
      end(EndedBy::client, ended_how_);
      return true;
    }
    if (new_turn_) {
      new_turn_ = false;
      quiet_since_ = instance_.now();
      next_idle_ = 0;
    }
    return idle_due() || idle_limit_due();
  }
  new_turn_ = true;
  early_ = line->offset < early_upto_;
  judge_line(*line);
  if (phase_ == Phase::sasl) {
    stage_ = Stage::auth;
    journal(EventKind::command,
            instance_.options().show_secrets || line->text == "*" ? line->text : std::string_view("<redacted>"));
    take_sasl_line(line->text, line->too_long);
    return true;
  }
  if (code_ >= 400) ++errors_;
  line_.assign(line->text);
  auto command = smtp::parse_command(line_);
  verb_.assign(command.name);
  std::transform(verb_.begin(), verb_.end(), verb_.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  stage_ = Stage::command;
  if (command.verb == smtp::Verb::auth)
    journal(EventKind::command, shown_auth(command));
  else
    journal(EventKind::command, std::string_view(line_).substr(0, shown_of_reply));
  if (line->too_long)
    simple_reply(ReplyName::line_too_long);
  else
    begin_stage(Stage::command, verb_);
  return true;
}

bool Session::idle_due() {
  const auto& rules = instance_.idle_rules();
  if (phase_ != Phase::commands || !input_.pending().empty()) return false;
  while (next_idle_ < rules.size()) {
    const auto& rule = *rules[next_idle_];
    if (instance_.now() - quiet_since_ < instance_.to_real(std::get<Micros>(*rule.triggers.at))) return false;
    ++next_idle_;
    stage_ = Stage::idle;
    answered_ = false;
    ++occurrences_[static_cast<std::size_t>(Stage::idle)];
    try {
      if (!holds(rule)) continue;
    } catch (const Error& error) {
      fail_script(error.what());
      return true;
    }
    begin_single(Stage::idle, scenario().rules_at(Stage::idle), rule);
    return true;
  }
  return false;
}

void Session::begin_body() {
  std::uint64_t limit = size_limit();
  std::uint64_t declared = 0;
  for (const auto& parameter : mail_parameters_)
    if (parameter.keyword == "SIZE" && parameter.value) declared = parse_size(*parameter.value).value_or(0);
  body_ = std::make_unique<Body>(smtp::BodyReader(limit, std::min<std::uint64_t>(declared, 1 << 20)));
  quiet_since_ = instance_.now();
  const auto& rules = scenario().rules_at(Stage::content);
  if (rules.empty()) return;
  stage_ = Stage::content;
  answered_ = false;
  ++occurrences_[static_cast<std::size_t>(Stage::content)];
  for (const auto& rule : rules) {
    try {
      if (holds(rule)) body_->armed.push_back(&rule);
    } catch (const Error& error) {
      fail_script(error.what());
      return;
    }
  }
  auto point = [](const Rule* rule) { return rule->triggers.at ? std::get<std::uint64_t>(*rule->triggers.at) : 0; };
  std::stable_sort(body_->armed.begin(), body_->armed.end(),
                   [&](const Rule* a, const Rule* b) { return point(a) < point(b); });
}

bool Session::take_body() {
  auto& body = *body_;
  for (;;) {
    auto stop = cut_off(size_limit()) + 1;
    if (!body.answered && body.next_armed < body.armed.size()) {
      const auto* rule = body.armed[body.next_armed];
      auto point = rule->triggers.at ? std::get<std::uint64_t>(*rule->triggers.at) : 0;
      stop = std::min(stop, point);
      if (body.reader.size() >= point) {
        ++body.next_armed;
        begin_single(Stage::content, scenario().rules_at(Stage::content), *rule);
        return true;
      }
    }
    if (chunk_ && chunk_->left == 0) {
      chunk_is_over();
      return true;
    }
    if (body.reader.complete()) {
      finish_body();
      return true;
    }
    if (body.reader.size() > cut_off(size_limit())) {
      journal(EventKind::limit, "a body of more than " + format_size(cut_off(size_limit())));
      throw_out(ReplyName::too_large, "a body that doesn't end");
      return true;
    }
    if (input_.pending().empty()) {
      if (!peer_gone_) return idle_limit_due();
      end(EndedBy::client, ended_how_);
      return true;
    }
    quiet_since_ = instance_.now();
    if (body.first == Micros{}) body.first = quiet_since_;
    auto taken = feed_body(stop);
    if (taken == 0 && body.reader.size() < stop && !body.reader.complete()) return false;
  }
}

void Session::finish_body() {
  stage_ = Stage::content;
  auto now = instance_.now();
  auto span = std::min<std::int64_t>((now - body_->first).count(), UINT32_MAX);
  journal(EventKind::content, raw_message_id(body_->reader.text()),
          {.at = body_->first, .span_us = static_cast<std::uint32_t>(span), .number = body_->reader.size()});
  judge_body();
  phase_ = Phase::commands;
  new_turn_ = true;
  if (body_->answered) {
    transaction_.reset();
    from_.clear();
    body_.reset();
    return;
  }
  if (door_.lmtp)
    phase_ = Phase::delivering;
  else
    begin_stage(Stage::message);
}

}  // namespace mailfault
