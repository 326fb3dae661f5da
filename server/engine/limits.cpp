// What a client may do before the healthy server says no. Rules come first: a rule that answers is in its place.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "engine/session.hpp"

namespace mailfault {
namespace {

bool is_junk(std::string_view verb) {
  constexpr std::array<std::string_view, 5> words{"NOOP", "RSET", "VRFY", "EXPN", "HELP"};
  return std::find(words.begin(), words.end(), verb) != words.end();
}

}  // namespace

// All limits of the stage are looked at before any of them counts the event: what is refused takes no place.
bool Session::within_limits() {
  const auto& limits = scenario().limits.all;
  try {
    for (const auto& limit : limits) {
      if (limit.stage != stage_ || !exceeded(limit)) continue;
      refuse(limit);
      limit_closes_ = limit.spec->ends || code_ == 421;
      return false;
    }
    for (const auto& limit : limits)
      if (limit.stage == stage_) count(limit);
  } catch (const Error& error) {
    fail_script(error.what());
    return false;
  }
  return true;
}

bool Session::exceeded(const Limit& limit) {
  switch (limit.spec->what) {
    case Limited::connections:
      return instance_.open_like(*this, limit.per) > limit.number;
    case Limited::messages_per_connection:
      return message_ > limit.number;
    case Limited::recipients_per_message:
      return transaction_->recipients.size() >= limit.number;
    case Limited::errors:
      return errors_ >= limit.number && verb_ != "QUIT";
    case Limited::junk:
      return junk_ >= limit.number && is_junk(verb_);
    case Limited::new_connections:
    case Limited::logins:
    case Limited::messages:
    case Limited::recipients:
      return !instance_.buckets_of(limit).has_room(limit, key_of(limit.per), instance_.nominal_now());
    case Limited::idle:
      return false;
  }
  return false;
}

void Session::count(const Limit& limit) {
  if (limit.spec->kind == LimitSpec::Kind::rate) instance_.take(limit, key_of(limit.per));
  if (limit.spec->what == Limited::junk && is_junk(verb_)) ++junk_;
}

// To who judges the run this is a fault as that of a rule.
void Session::refuse(const Limit& limit) {
  journal(EventKind::fault, "limit: " + words(limit), {.number = static_cast<std::uint64_t>(scenario().limits.line)});
  if (!limit.reply) return healthy_reply(limit.spec->reply);
  healthy_reply(limit.reply->code, limit.reply->enhanced, expand(limit.reply->text));
}

void Session::close_by_limit() {
  close_connection(std::chrono::seconds(2), provider().close_notify);
  end(EndedBy::server, "closed (FIN) by a limit");
}

// When the client's silence has lasted too long; never: there is no limit, or it isn't the client's turn.
Micros Session::idle_limit_at() const {
  const auto* limit = scenario().limits.idle();
  if (!limit || !clients_turn() || stopped_reading_ || held_) return never;
  return quiet_since_ + instance_.to_real(limit->time);
}

bool Session::idle_limit_due() {
  if (instance_.now() < idle_limit_at()) return false;
  stage_ = Stage::idle;
  refuse(*scenario().limits.idle());
  flush();
  close_by_limit();
  return true;
}

}  // namespace mailfault
