#include "scenario/expectation.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault {
namespace {

constexpr std::array<std::string_view, 14> judged_stages{"connect", "greeting", "command", "helo", "starttls",
                                                         "auth",    "mail",     "rcpt",    "data", "content",
                                                         "message", "rset",     "noop",    "quit"};

// A field's name says what it holds, whatever expectation it stands in.
void check_field(std::string_view name, const Value& value, const std::string& where) {
  if (name == "at_least" || name == "at_most" || name == "at_once" || name == "count")
    whole_of(value, where, 0, 1'000'000);
  else if (name == "exit")
    whole_of(value, where, 0, 255);
  else if (name == "gap" || name == "within" || name == "cap")
    duration_of(value, where);
  else if (name == "jitter" || name == "tls")
    boolean_of(value, where);
  else if (name == "backoff")
    word_of(value, where, {"growing", "exponential"});
  else
    text_of(value, where);
  if (name != "stage") return;
  const auto& stage = *value.text();
  if (!stage_named(stage)) throw Error(where + ": there is no stage '" + stage + "'");
  if (std::find(judged_stages.begin(), judged_stages.end(), stage) == judged_stages.end())
    throw Error(where + ": whether '" + stage + "' comes is not the client's doing, so it can't be expected");
}

void check_names(std::string_view name, const Composite& table, const std::string& where) {
  if (name == "copies") only_fields(table, where, {"at_least", "at_most", "to", "door"});
  if (name == "delivered") only_fields(table, where, {"to", "door", "subject", "contains", "count"});
  if (name == "attempts")
    only_fields(table, where, {"at_least", "at_most", "gap", "within", "backoff", "cap", "jitter"});
  if (name == "connections") only_fields(table, where, {"at_least", "at_most", "at_once"});
  if (name == "never") only_fields(table, where, {"stage", "door", "to", "bytes", "after", "tls"});
  if (name == "client") only_fields(table, where, {"exit", "within", "output_contains"});
}

void check_outcome(const Value& given, const std::string& where) {
  auto known = outcome_names();
  auto check = [&](const Value& value) {
    auto word = text_of(value, where);
    if (std::find(known.begin(), known.end(), word) == known.end())
      throw Error("no outcome '" + word + "'" + did_you_mean(word, known) + "; they are " +
                  join(std::vector<std::string>(known.begin(), known.end()), ", "));
  };
  const auto* table = given.table();
  if (!table) return check(given);
  only_fields(*table, where, {"lax"});
  if (table->items.empty()) throw Error(where + ": name an outcome");
  for (const auto& item : table->items) check(item);
  for (const auto& [field, value] : table->fields) check(value);
}

// ---------------------------------------------------------------- what can't hold together

const Value* field(const Expectation& given, std::string_view name) {
  const auto* table = given.given.table();
  if (!table) return nullptr;
  auto found = table->fields.find(std::string(name));
  return found == table->fields.end() ? nullptr : &found->second;
}

double number(const Expectation& given, std::string_view name, double otherwise) {
  const auto* value = field(given, name);
  return value && value->number() ? *value->number() : otherwise;
}

std::optional<Micros> time(const Expectation& given, std::string_view name) {
  const auto* value = field(given, name);
  return value ? std::optional(duration_of(*value, name)) : std::nullopt;
}

bool same_field(const Expectation& a, const Expectation& b, std::string_view name) {
  const auto *first = field(a, name), *second = field(b, name);
  return first && second ? *first->text() == *second->text() : first == second;
}

bool has_only(const Expectation& given, std::initializer_list<std::string_view> names) {
  const auto* table = given.given.table();
  return table && std::all_of(table->fields.begin(), table->fields.end(), [&](const auto& each) {
           return std::find(names.begin(), names.end(), each.first) != names.end();
         });
}

/// The stage that never comes, on no door and at no time; empty: none such.
std::string_view never_stage(const Expectation& given) {
  const auto* stage = given.name == "never" && has_only(given, {"stage"}) ? field(given, "stage") : nullptr;
  return stage ? std::string_view(*stage->text()) : std::string_view();
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Holds only if some message is stored.
bool wants_mail(const Expectation& given) {
  if (given.name == "delivered") return number(given, "count", 1) > 0;
  if (given.name == "copies") return number(given, "at_least", 0) > 0;
  if (given.name != "outcome") return false;
  auto stored = [](const Value& value) { return is_one_of(*value.text(), {"delivered", "reconnects"}); };
  const auto* table = given.given.table();
  return table ? std::all_of(table->items.begin(), table->items.end(), stored) &&
                     std::all_of(table->fields.begin(), table->fields.end(),
                                 [&](const auto& each) { return stored(each.second); })
               : stored(given.given);
}

/// Holds only if no message is stored.
bool forbids_mail(const Expectation& given) {
  if (given.name == "copies") return number(given, "at_most", 1) == 0 && has_only(given, {"at_most", "at_least"});
  if (given.name == "delivered") return number(given, "count", 1) == 0 && has_only(given, {"count"});
  return is_one_of(never_stage(given), {"connect", "command", "mail", "rcpt", "data", "content", "message"});
}

bool wants_connection(const Expectation& given) {
  bool counts = given.name == "connections" || given.name == "attempts";
  return wants_mail(given) || given.name == "commands" || (counts && number(given, "at_least", 0) > 0);
}

bool forbids_connection(const Expectation& given) {
  return never_stage(given) == "connect" ||
         (given.name == "connections" && (number(given, "at_most", 1) == 0 || number(given, "at_once", 1) == 0));
}

/// A command of the one is what never comes by the other.
bool forbids_a_command(const Expectation& commands, const Expectation& never) {
  auto stage = never_stage(never);
  if (commands.name != "commands" || stage.empty()) return false;
  if (stage == "command") return true;
  auto words = split(*commands.given.text(), ',');
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    word = trim(word);
    return equals_ignoring_case(word, stage) || (stage == "helo" && is_one_of(upper(word), {"EHLO", "HELO"}));
  });
}

/// The least of the one is above the most of the other, where both count the same.
bool counts_cross(const Expectation& a, const Expectation& b) {
  if (a.name != b.name) return false;
  bool same = true;
  for (std::string_view name : {"to", "door", "subject", "contains"}) same = same && same_field(a, b, name);
  if (a.name == "delivered" && same) return number(a, "count", 1) > number(b, "count", 1'000'000);
  constexpr double any = std::numeric_limits<double>::infinity();
  return same && number(a, "at_least", 0) > number(b, "at_most", any);
}

bool times_cross(const Expectation& a, const Expectation& b) {
  if (a.name != "attempts" || b.name != "attempts") return false;
  auto gap = time(a, "gap");
  if (!gap) return false;
  auto cap = time(b, "cap"), within = time(b, "within");
  auto least = std::max({number(a, "at_least", 0), number(b, "at_least", 0), 1.0});
  return (cap && *gap > *cap) ||
         (within && static_cast<double>(gap->count()) * (least - 1) > static_cast<double>(within->count()));
}

bool ends_cross(const Expectation& a, const Expectation& b) {
  const auto *first = field(a, "exit"), *second = field(b, "exit");
  return first && second && *first->number() != *second->number();
}

/// `a` can hold only where `b` doesn't.
bool contradicts(const Expectation& a, const Expectation& b) {
  return (wants_mail(a) && forbids_mail(b)) || (wants_connection(a) && forbids_connection(b)) ||
         forbids_a_command(a, b) || counts_cross(a, b) || times_cross(a, b) || ends_cross(a, b);
}

std::string words(const Expectation& given) {
  return "expect." + given.name + " " + given.given.written() +
         (given.line > 0 ? " of line " + std::to_string(given.line) : "");
}

void check_door(const Scenario& scenario, const Expectation& given) {
  const auto* door = field(given, "door");
  if (!door) return;
  std::vector<std::string_view> names;
  for (const auto& each : scenario.doors) {
    if (matches_glob(*door->text(), each.name)) return;
    names.push_back(each.name);
  }
  throw Error(Place{scenario.path, given.line}, "expect." + given.name + ": there is no door '" + *door->text() +
                                                    "'" + did_you_mean(*door->text(), names) + "; its doors: " +
                                                    join(std::vector<std::string>(names.begin(), names.end()), ", "));
}

}  // namespace

Expectation make_expectation(std::string_view name, const Value& given, int line) {
  std::vector<std::string_view> names;
  for (const auto& row : expectation_table()) names.push_back(row.name);
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw Error("no expectation '" + std::string(name) + "'" + did_you_mean(name, names));
  auto where = "expect." + std::string(name);
  if (name == "outcome") {
    check_outcome(given, where);
  } else if (name == "commands") {
    auto words = text_of(given, where);
    for (auto each : split(words, ','))
      if (trim(each).empty()) throw Error(where + ": name commands with commas between, such as \"EHLO, MAIL\"");
  } else if (name == "function") {
    if (!given.function()) throw Error("expect(…) takes a function: expect(function(run) return ok, reason end)");
  } else {
    const auto& table = table_of(given, where);
    no_items(table, where);
    check_names(name, table, where);
    for (const auto& [key, value] : table.fields) check_field(key, value, where + "." + key);
    auto least = table.fields.find("at_least"), most = table.fields.find("at_most");
    if (least != table.fields.end() && most != table.fields.end() && *least->second.number() > *most->second.number())
      throw Error(where + ": at_least is above at_most, so nothing can fulfil it");
  }
  return {std::string(name), given, line};
}

void check_expectations(const Scenario& scenario) {
  const auto& all = scenario.expectations;
  for (std::size_t i = 0; i < all.size(); ++i) {
    check_door(scenario, all[i]);
    for (std::size_t j = 0; j <= i; ++j)
      if (contradicts(all[i], all[j]) || contradicts(all[j], all[i]))
        throw Error(Place{scenario.path, all[i].line},
                    words(all[i]) + (i == j ? " contradicts itself" : " contradicts " + words(all[j])) +
                        ": no client can fulfil it; take one of its parts back");
  }
}

void expect_also(Scenario& to, const std::vector<Expectation>& more) {
  auto is_outcome = [](const Expectation& each) { return each.name == "outcome"; };
  if (std::any_of(more.begin(), more.end(), is_outcome)) std::erase_if(to.expectations, is_outcome);
  to.expectations.insert(to.expectations.end(), more.begin(), more.end());
  check_expectations(to);
}

}  // namespace mailfault
