#include "scenario/trigger.hpp"

#include <array>

#include "base/error.hpp"

namespace mailfault {
namespace {

constexpr std::uint64_t many = 1'000'000'000;

void add_condition(Triggers& to, FieldRef field, const Arguments& given, std::size_t at, bool negated) {
  Condition condition{std::move(field), negated, {}, std::nullopt};
  if (given.has(at)) {
    auto* table = given[at].table();
    if (table && (!table->fields.empty() || table->items.empty())) given.fail("a list of values is wanted");
    condition.wants = table ? table->items : std::vector<Value>{given[at]};
    for (const auto& want : condition.wants)
      if (!want.text() && !want.number() && !want.boolean())
        given.fail("a value is a glob, a number, true or false, not " + std::string(want.kind()));
  }
  to.conditions.push_back(std::move(condition));
}

void where(Triggers& to, Stage, const Arguments& given) {
  given.at_most(2);
  add_condition(to, parse_field(given.text(0)), given, 1, false);
}

void unless(Triggers& to, Stage, const Arguments& given) {
  given.at_most(2);
  add_condition(to, parse_field(given.text(0)), given, 1, true);
}

template <Field field>
void short_where(Triggers& to, Stage, const Arguments& given) {
  given.at_most(1);
  if (!given.has(0)) given.fail("a glob is missing");
  FieldRef ref;
  ref.field = field;
  add_condition(to, ref, given, 0, false);
}

void matching(Triggers& to, Stage, const Arguments& given) {
  given.at_most(1);
  Condition condition;
  condition.matching = given.function(0);
  to.conditions.push_back(std::move(condition));
}

void first_or_after(Triggers& to, const Arguments& given, Counting::Kind by_number, Counting::Kind by_time) {
  given.at_most(2);
  Counting count;
  if (given[0].text()) {
    given.at_most(1);
    count.kind = by_time;
    count.time = given.duration(0);
  } else {
    count.kind = by_number;
    count.number = given.whole(0, 0, many);
    if (given.has(1)) count.window = given.duration(1);
  }
  to.counts.push_back(count);
}

void first(Triggers& to, Stage, const Arguments& given) {
  first_or_after(to, given, Counting::Kind::first, Counting::Kind::first_time);
}

void after(Triggers& to, Stage, const Arguments& given) {
  first_or_after(to, given, Counting::Kind::after, Counting::Kind::after_time);
}

void nth(Triggers& to, Stage, const Arguments& given) {
  given.at_most(1);
  to.counts.push_back({Counting::Kind::nth, given.whole(0, 1, many), std::nullopt, {}});
}

void every(Triggers& to, Stage, const Arguments& given) {
  given.at_most(1);
  to.counts.push_back({Counting::Kind::every, given.whole(0, 1, many), std::nullopt, {}});
}

void per(Triggers& to, Stage, const Arguments& given) {
  if (given.size() == 0) given.fail("name at least one field");
  for (std::size_t i = 0; i < given.size(); ++i) to.per.push_back(parse_field(given.text(i)));
}

void open_above(Triggers& to, Stage, const Arguments& given) {
  given.at_most(1);
  to.open_above = given.whole(0, 0, many);
}

void chance(Triggers& to, Stage, const Arguments& given) {
  given.at_most(1);
  auto p = given.number(0);
  if (!(p >= 0 && p <= 1)) given.fail(written(p) + " is no probability: 0 to 1");
  to.chance = p;
}

void at(Triggers& to, Stage stage, const Arguments& given) {
  given.at_most(1);
  if (!facts(stage).has_inside)
    throw Error("on." + std::string(name_of(stage)) +
                " has no inside to point at: at() is for content, idle, handshake and auth");
  if (!given.has(0)) given.fail("the point is missing");
  if (stage == Stage::content)
    to.at = size_of(given[0], "at");
  else if (stage == Stage::auth)
    to.at = static_cast<std::uint64_t>(whole_of(given[0], "at", 1, 1000));
  else if (stage == Stage::handshake)
    to.at = word_of(given[0], "at",
                    {"server_hello", "hello_retry_request", "change_cipher_spec", "encrypted_extensions",
                     "certificate_request", "certificate", "certificate_status", "certificate_verify",
                     "server_key_exchange", "server_hello_done", "finished", "new_session_ticket"});
  else
    to.at = duration_of(given[0], "at");
}

constexpr std::array<TriggerSpec, 15> table{{
    {"where", "where(FIELD, value)",
     "the field is the value: a glob, number, boolean, or a list; without a value: is set",
     "field: field, value?: any", where},
    {"unless", "unless(FIELD, value)", "the field isn't the value; without a value: isn't set",
     "field: field, value?: any", unless},
    {"to", "to(glob)", "short for where(\"rcpt\", glob)", "glob: string|string[]", short_where<Field::rcpt>},
    {"from", "from(glob)", "short for where(\"from\", glob)", "glob: string|string[]", short_where<Field::from>},
    {"user", "user(glob)", "short for where(\"user\", glob)", "glob: string|string[]", short_where<Field::user>},
    {"verb", "verb(glob)", "short for where(\"verb\", glob)", "glob: string|string[]", short_where<Field::verb>},
    {"matching", "matching(fn)", "fn(session, argument) returns true; it may not wait",
     "fn: fun(session: Session, argument?: string): boolean?", matching},
    {"first", "first(n [, window]) or first(time)",
     "the event's number is at most n (in the last window); less than the time since the first event",
     "n: integer|duration, window?: duration", first},
    {"after", "after(n [, window]) or after(time)",
     "the event's number is above n (in the last window); not less than the time since the first event",
     "n: integer|duration, window?: duration", after},
    {"nth", "nth(n)", "the event's number is n", "n: integer", nth},
    {"every", "every(n)", "the event's number is a multiple of n", "n: integer", every},
    {"per", "per(FIELD, …)", "count apart for each value of the fields", "...: field", per},
    {"open_above", "open_above(n)", "more than n connections are open, this one included (per the same fields)",
     "n: integer", open_above},
    {"chance", "chance(p)", "with probability p, drawn last, from the session's stream of --seed", "p: number",
     chance},
    {"at", "at(point)",
     "the point inside a stage that takes time: bytes of content, silence of idle, the server's next TLS message of "
     "handshake, such as \"certificate\", the number of a challenge of auth",
     "point: size|duration|string|integer", at},
}};

}  // namespace

std::span<const TriggerSpec> trigger_table() { return table; }

}  // namespace mailfault
