// Rules and ops: which rule plays, and what each op does to this connection.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/reply.hpp"

namespace mailfault {
namespace {

constexpr std::size_t sent_at_once = 256 * 1024;  // a stage that sends without end goes out in parts of this
constexpr std::size_t most_unsent = 1 << 20;      // and waits for a client that doesn't read
constexpr Micros challenge_timeout = std::chrono::minutes(5);
constexpr std::size_t shown_of_reply = 2048;

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

bool is_set(const FieldValue& value) {
  if (auto* boolean = std::get_if<bool>(&value)) return *boolean;
  if (auto* text = std::get_if<std::string>(&value)) return !text->empty();
  if (auto* list = std::get_if<std::vector<std::string>>(&value)) return !list->empty();
  return !std::holds_alternative<std::monostate>(value);
}

bool equals(const FieldValue& value, const Value& want) {
  if (auto* glob = want.text()) {
    if (std::holds_alternative<std::monostate>(value)) return false;
    if (auto* list = std::get_if<std::vector<std::string>>(&value))
      return std::any_of(list->begin(), list->end(),
                         [&](const std::string& each) { return matches_glob(*glob, each); });
    return matches_glob(*glob, as_text(value));
  }
  if (auto* boolean = want.boolean()) return is_set(value) == *boolean;
  auto* number = std::get_if<double>(&value);
  return number && want.number() && *number == *want.number();
}

}  // namespace

// ---------------------------------------------------------------- triggers

Draws Session::draws_for(const Rule& rule, std::uint32_t salt) const {
  return Draws(DrawPoint{instance_.options().seed, number_, rule.stage,
                         occurrences_[static_cast<std::size_t>(rule.stage)], rule.number + salt});
}

double Session::draw() { return play_ ? play_->draws.fraction() : 0; }

bool Session::condition_holds(const Condition& condition) {
  if (condition.matching) {
    std::optional<std::string> argument;
    if (!facts(stage_).argument.empty()) argument = argument_;
    return activation().matches(*condition.matching, argument);
  }
  auto value = field(condition.field);
  bool is = condition.wants.empty() ? is_set(value)
                                    : std::any_of(condition.wants.begin(), condition.wants.end(),
                                                  [&](const Value& want) { return equals(value, want); });
  return is != condition.negated;
}

std::string Session::key_of(const std::vector<FieldRef>& fields) {
  std::string key;
  for (const auto& ref : fields) {
    if (ref.field == Field::message) key += std::to_string(number_) + '.';
    key += as_text(field(ref));
    key += '\0';
  }
  return key;
}

// Rules at a point have their turn there: those of `handshake` are armed for a message, those of `auth` for a
// challenge.
bool Session::plays_here(const Rule& rule) const {
  if (stage_ != Stage::auth || !login_->in_exchange) return !rule.triggers.at;
  return rule.triggers.at && std::get<std::uint64_t>(*rule.triggers.at) == login_->challenges;
}

// Counts the event whether or not an earlier rule has answered.
bool Session::holds(const Rule& rule) {
  const auto& triggers = rule.triggers;
  for (const auto& condition : triggers.conditions)
    if (!condition_holds(condition)) return false;
  if (triggers.counting()) {
    bool of_this_connection = std::any_of(triggers.per.begin(), triggers.per.end(), [](const FieldRef& ref) {
      return ref.field == Field::connection || ref.field == Field::message;
    });
    auto key = key_of(triggers.per);
    // Counts of messages that are over count nothing any more.
    constexpr std::size_t most_own_counts = 10'000;
    if (own_counts_ && own_counts_->size() > most_own_counts) own_counts_.reset();
    if (of_this_connection && !own_counts_)
      own_counts_ = std::make_unique<std::unordered_map<std::string, EventCount>>();
    auto& count =
        of_this_connection ? (*own_counts_)[std::to_string(rule.number) + '/' + key] : instance_.events_of(rule, key);
    count.add(triggers, instance_.nominal_now());
    if (!count.holds(triggers, instance_.nominal_now())) return false;
  }
  if (answered_) return false;
  if (triggers.open_above && instance_.open_like(*this, triggers.per) <= *triggers.open_above) return false;
  constexpr std::uint32_t of_chance = 1u << 31;  // apart from what the rule's functions draw
  return !triggers.chance || draws_for(rule, of_chance).fraction() < *triggers.chance;
}

void Session::announce(const Rule& rule) {
  journal(EventKind::fault, instance_.words_of(rule), {.number = static_cast<std::uint64_t>(rule.line)});
}

// ---------------------------------------------------------------- frames

script::Activation& Session::activation() {
  if (!activation_) activation_ = std::make_unique<script::Activation>(instance_.script(), *this);
  return *activation_;
}

void Session::push_ops(const Rule& rule) {
  Frame frame;
  frame.shared = &rule.ops;
  play_->frames.push_back(std::move(frame));
}

void Session::abandon_play() {
  if (activation_) activation_->abandon();
  play_.reset();
  out_.clear();
}

// Performs until only `depth` frames are left. False: something is waited for.
bool Session::run_frames(std::size_t depth) {
  auto& frames = play_->frames;
  while (frames.size() > depth) {
    if (play_->wait != Play::Wait::nothing) return false;
    auto at = frames.size() - 1;
    if (frames[at].function && ended_ == EndedBy::client) return true;
    if (frames[at].function) {
      step_function(activation_->resume(play_->answer));
      continue;
    }
    if (ended_ || phase_ == Phase::quiet || frames[at].next == frames[at].ops().size()) {
      frames.pop_back();
      continue;
    }
    const auto& op = frames[at].ops()[frames[at].next++];
    Step step = Step::done;
    try {
      step = perform(op);
    } catch (const Error& error) {
      if (depth > 0) throw;  // a function's: its script error says where
      fail_script(error.what());
      continue;
    }
    if (step == Step::again) --frames[at].next;
    if (step == Step::again || step == Step::waiting) return false;
  }
  return true;
}

void Session::step_function(const script::Activation::Result& result) {
  using State = script::Activation::State;
  play_->answer = {};
  if (result.state == State::suspended) return;
  if (result.state == State::preempted) {
    play_->wait = Play::Wait::turn;
    play_->until = instance_.now();
    return;
  }
  while (!play_->frames.back().function) play_->frames.pop_back();
  play_->frames.pop_back();
  if (result.state == State::failed) return fail_script(result.error);
  if (!result.chain || ended_ || phase_ == Phase::quiet) return;
  Frame frame;
  frame.own = ops_of(*result.chain);
  play_->frames.push_back(std::move(frame));
}

// What a running function plays, at once. Nothing: it has to wait, and gets the answer when it goes on.
std::optional<script::Answer> Session::perform_for_function(std::vector<Op> ops) {
  if (concluded_ || stage_ == Stage::close) throw Error("the connection is over: nothing can be played any more");
  if (ended_ || phase_ == Phase::quiet) throw Error("this connection is over: nothing can be sent after its end");
  auto depth = play_->frames.size();
  Frame frame;
  frame.own = std::move(ops);
  play_->frames.push_back(std::move(frame));
  if (!run_frames(depth) || ended_ == EndedBy::client) return std::nullopt;  // a client that left ends the function
  return std::exchange(play_->answer, {});
}

std::optional<script::Answer> Session::perform(Action action) { return perform_for_function(std::move(action.ops)); }

std::optional<script::Answer> Session::read_line(Micros nominal) {
  return perform_for_function({op::ReadLine{nominal}});
}

std::optional<script::Answer> Session::wait(Micros nominal, std::optional<std::string> glob) {
  return perform_for_function({op::Await{nominal, std::move(glob)}});
}

// ---------------------------------------------------------------- ops

Session::Step Session::perform(const Op& op) {
  // What ends a segment or the connection first lets go what was said before it.
  auto after_flush = [&](auto&& then) { return flush() ? then() : Step::again; };
  return std::visit(
      Overloaded{
          [&](const op::Answer& answer) {
            answered_ = true;
            if (answer.code) decide(*answer.code);
            return Step::done;
          },
          [&](const op::Write& write) {
            out_ += expand(write.bytes);
            bool shaped = play_ && (play_->pace || play_->cut || play_->rewrite);
            if (shaped || out_.size() < sent_at_once) return Step::done;
            flush();
            wire_->push();
            return wire_->unsent() > most_unsent ? wait_for(Play::Wait::pause, std::chrono::milliseconds(10))
                                                 : Step::done;
          },
          [&](const op::Reply& reply) {
            smtp::append_reply(out_, reply.code, reply.enhanced, expand(reply.text));
            return Step::done;
          },
          [&](const op::Healthy&) {
            answered_ = true;
            healthy();
            return Step::done;
          },
          [&](const op::Pause& pause) {
            return after_flush([&] {
              wire_->push();
              return pause.time == Micros{} ? Step::done : wait_for(Play::Wait::pause, pause.time);
            });
          },
          [&](const op::Pace& pace) {
            play_->pace = pace;
            return Step::done;
          },
          [&](const op::Cut& cut) {
            play_->cut = cut;
            return Step::done;
          },
          [&](const op::Rewrite& rewrite) {
            play_->rewrite = rewrite;
            return Step::done;
          },
          [&](const op::Close& close) {
            return after_flush([&] {
              answered_ = true;
              close_connection(close.linger, close.close_notify);
              end(EndedBy::server, "closed (FIN)");
              return Step::done;
            });
          },
          [&](const op::Reset&) {
            return after_flush([&] {
              answered_ = true;
              wire_->reset();
              end(EndedBy::server, "reset (RST)");
              return Step::done;
            });
          },
          [&](const op::HalfClose&) {
            return after_flush([&] {
              wire_->half_close();
              write_closed_ = true;
              return Step::done;
            });
          },
          [&](const op::TlsAlert& alert) {
            return after_flush([&] {
              answered_ = true;
              send_alert(alert.code);
              wire_->close(std::chrono::seconds(2));
              end(EndedBy::server, "TLS alert " + tls::alert_name(alert.code) + " (FIN)");
              return Step::done;
            });
          },
          [&](const op::CloseNotify&) {
            return after_flush([&] {
              send_close_notify();
              return Step::done;
            });
          },
          [&](const op::TlsRecord& record) {
            return after_flush([&] {
              send_record(record.type, expand(record.bytes));
              return Step::done;
            });
          },
          [&](const op::TlsDamage& damage) {
            play_->damage = damage.kind;
            return Step::done;
          },
          [&](const op::KeyUpdate&) {
            return after_flush([&] {
              update_keys();
              return Step::done;
            });
          },
          [&](const op::Renegotiate&) {
            return after_flush([&] {
              renegotiate();
              return Step::done;
            });
          },
          [&](const op::Stall&) {
            return after_flush([&] {
              quiet();
              return Step::done;
            });
          },
          [&](const op::Vanish&) {
            return after_flush([&] {
              if (!wire_->vanish())
                throw Error(
                    "vanish() needs socket filters (tier T1): run as root or with CAP_NET_ADMIN; "
                    "'mailfault doctor' says what this machine can play");
              quiet();
              return Step::done;
            });
          },
          [&](const op::StopReading& stop) {
            return after_flush([&] {
              stopped_reading_ = true;
              wire_->hold_reading(true);
              if (stop.time) read_again_at_ = instance_.now() + instance_.to_real(*stop.time);
              return Step::done;
            });
          },
          [&](const op::ReadResponse& read) {
            return after_flush([&] {
              if (stage_ == Stage::auth && login_->in_exchange) mechanism_->replace_challenge(read.challenge);
              return wait_for(Play::Wait::response, challenge_timeout);
            });
          },
          [&](const op::ReadLine& read) {
            return after_flush([&] { return wait_for(Play::Wait::line, read.timeout); });
          },
          [&](const op::Await& await) {
            return after_flush([&] {
              play_->glob = await.glob;
              return wait_for(Play::Wait::byte, await.timeout);
            });
          },
          [&](const op::Effect& effect) {
            if (facts(stage_).effect.empty())
              throw Error("on." + std::string(name_of(stage_)) + " has no effect to accept or discard");
            forced_ = effect.happens ? 1 : 0;
            if (effect.happens) effect_now_or_late();
            return Step::done;
          },
          [&](const op::Use& use) {
            if (use.provider) provider_ = use.provider;
            if (use.capabilities)
              capabilities_ =
                  std::make_unique<std::vector<std::string>>(smtp::edited(capability_lines(), *use.capabilities));
            if (use.wire)
              wire_->use(*use.wire, instance_.options().time_scale, instance_.options().seed * 1000003 + number_);
            tls_use_ = tls_use_.with(use.tls);
            if (use.tls.record_size && tls_up()) tls_->engine.set_record_size(*use.tls.record_size);
            if (use.keep_pending) keep_pending_ = *use.keep_pending;
            return Step::done;
          },
          [&](const op::Bounce& bounce) {
            plan_bounce(bounce);
            return Step::done;
          },
          [&](const op::Call& call) {
            Frame frame;
            frame.function = true;
            play_->frames.push_back(std::move(frame));
            std::optional<std::string> argument;
            if (!facts(stage_).argument.empty()) argument = argument_;
            step_function(activation().start(call.function, stage_, argument));
            return play_->wait == Play::Wait::nothing ? Step::done : Step::waiting;
          },
      },
      op);
}

std::string Session::expand(const Template& text) {
  if (auto* constant = text.constant()) return *constant;
  std::string out;
  for (const auto& part : text.parts()) {
    out += part.text;
    if (part.field) out += printable(as_text(field(*part.field)));
  }
  return out;
}

// ---------------------------------------------------------------- waits

Session::Step Session::wait_for(Play::Wait wait, Micros nominal) {
  play_->wait = wait;
  play_->until = instance_.now() + instance_.to_real(nominal);
  return wait_is_over() ? Step::done : Step::waiting;
}

// A client that leaves ends the rule that is playing, except at `message`: there the body is complete.
bool Session::client_left() {
  if (!peer_gone_ || stage_ == Stage::message) return false;
  end(EndedBy::client, ended_how_);
  return true;
}

bool Session::wait_is_over() {
  auto& play = *play_;
  auto over = [&](script::Answer answer = {}) {
    play.wait = Play::Wait::nothing;
    play.answer = std::move(answer);
    return true;
  };
  bool in_time = instance_.now() < play.until;
  switch (play.wait) {
    case Play::Wait::nothing:
      return over();
    case Play::Wait::turn:
      client_left();
      return over();
    case Play::Wait::pause:
      return client_left() || !in_time ? over() : false;
    case Play::Wait::piece:
      if (client_left()) return over();
      if (in_time) return false;
      play.wait = Play::Wait::nothing;
      return send_pieces();
    case Play::Wait::response:
      if (take_response() || client_left() || peer_gone_ || !in_time) return over();
      return false;
    case Play::Wait::line: {
      if (auto line = input_.take_line()) {
        new_turn_ = true;
        line_.assign(line->text);
        judge_line(*line);
        bool response = verb_ == "AUTH" && line_ != "*" && !instance_.options().show_secrets;
        auto command = smtp::parse_command(line_);
        journal(EventKind::command, command.verb == smtp::Verb::auth ? shown_auth(command)
                                    : response                       ? "<redacted>"
                                                                     : redacted(line_));
        return over(script::LineRead{line_, ""});
      }
      if (peer_gone_) return over(script::LineRead{std::nullopt, "closed"});
      if (!in_time) return over(script::LineRead{std::nullopt, "timeout"});
      return false;
    }
    case Play::Wait::byte: {
      auto line = play.glob ? input_.peek_line() : std::nullopt;
      bool came = play.glob ? line && matches_glob(*play.glob, *line) : !input_.pending().empty();
      if (came) return over(true);
      if (peer_gone_ || !in_time) return over(false);
      return false;
    }
  }
  return true;
}

// The client's answer to a challenge. `*` gets 501 and ends the rule.
bool Session::take_response() {
  auto line = input_.take_line();
  if (!line) return false;
  new_turn_ = true;
  bool cancelled = line->text == "*";
  journal(EventKind::command, cancelled || instance_.options().show_secrets ? line->text : "<redacted>");
  if (stage_ == Stage::auth && login_->in_exchange && !cancelled) login_->early_response = line->text;
  if (cancelled) {
    code_ = 501;
    own_reply(ReplyName::auth_aborted);
    play_->frames.clear();
    if (activation_) activation_->abandon();
  }
  return true;
}

// ---------------------------------------------------------------- output

// False: it leaves in pieces, and the next is due later.
bool Session::flush() {
  if (play_ && play_->rewrite && !play_->in_pieces && !out_.empty())
    out_ = activation().rewritten(play_->rewrite->function, out_);
  if (out_.empty()) return true;
  early_upto_ = input_.received();
  if (peer_dead_ || write_closed_) {
    say_sent(out_, instance_.now());
    out_.clear();
    return true;
  }
  if (play_ && (play_->pace || play_->cut)) return send_pieces();
  transmit(out_);
  say_sent(out_, instance_.now());
  out_.clear();
  if (out_.capacity() > 1024) out_.shrink_to_fit();
  return true;
}

// Where the piece that begins at piece_from ends.
std::size_t Session::piece_end() const {
  const auto& play = *play_;
  if (play.cut) {
    auto next = std::upper_bound(play.cuts.begin(), play.cuts.end(), play.piece_from);
    return next == play.cuts.end() ? out_.size() : *next;
  }
  if (play.pace->bytes > 0) return std::min(out_.size(), play.piece_from + play.pace->bytes);
  auto line = out_.find('\n', play.piece_from);
  return line == std::string::npos ? out_.size() : line + 1;
}

bool Session::send_pieces() {
  auto& play = *play_;
  if (!play.in_pieces) {
    play.in_pieces = true;
    play.piece_from = 0;
    play.first_piece_at = instance_.now();
    play.cuts.clear();
    std::size_t from = 0;
    if (play.cut)
      for (const auto& behind : play.cut->behind) {
        auto end = std::string::npos;
        if (auto* offset = std::get_if<std::size_t>(&behind))
          end = *offset;
        else if (auto found = out_.find(std::get<std::string>(behind), from); found != std::string::npos)
          end = found + std::get<std::string>(behind).size();
        if (end == std::string::npos || end <= from || end >= out_.size())
          continue;  // a cut that isn't there isn't made
        play.cuts.push_back(end);
        from = end;
      }
  }
  auto gap = instance_.to_real(play.cut ? play.cut->gap : play.pace->every);
  for (;;) {
    if (peer_dead_) break;
    auto end = piece_end();
    transmit(std::string_view(out_).substr(play.piece_from, end - play.piece_from));
    wire_->push();
    early_upto_ = input_.received();
    play.piece_from = end;
    if (end >= out_.size()) break;
    if (gap == Micros{}) continue;
    play.wait = Play::Wait::piece;
    play.until = instance_.now() + gap;
    return false;
  }
  play.in_pieces = false;
  say_sent(out_, play.first_piece_at);
  out_.clear();
  return true;
}

// What leaves behind a client that has left; after its FIN it is sent still, as to one that only half-closed.
bool Session::undeliverable() const {
  return peer_dead_ || write_closed_ || (peer_gone_ && stage_ == Stage::message);
}

void Session::say_sent(std::string_view bytes, Micros first) {
  if (undeliverable()) return journal(EventKind::undelivered, redacted(trim(bytes)), {.at = first, .code = code_});
  if (tls_ && !tls_->sent.empty()) return journal(EventKind::tls, "sent " + std::exchange(tls_->sent, {}));
  if (stage_ == Stage::helo && helo_text_.size() < most_unsent) helo_text_ += bytes;
  auto span = std::min<std::int64_t>((instance_.now() - first).count(), UINT32_MAX);
  Event event{.at = first, .span_us = static_cast<std::uint32_t>(span), .code = code_};
  if (bytes.size() > shown_of_reply) event.number = bytes.size();
  auto text = bytes.ends_with("\r\n") ? bytes.substr(0, bytes.size() - 2) : bytes;
  if (login_)
    journal(EventKind::reply, redacted(text), event);
  else
    journal(EventKind::reply, text.substr(0, shown_of_reply), event);
}

}  // namespace mailfault
