#include "scenario/scenario.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sasl/mechanism.hpp"
#include "scenario/expectation.hpp"

namespace mailfault {
namespace {

constexpr std::array<std::string_view, 5> door_states{"open", "refused", "dropped", "unreachable", "silent"};

constexpr std::array<std::string_view, 8> outcomes_known{"delivered",  "temporary", "permanent", "misconfigured",
                                                         "reconnects", "ambiguous", "refuses",   "partial"};

constexpr std::array<ExpectationSpec, 9> expectations_known{{
    {"outcome", "expect.outcome \"NAME\" | { \"NAME\", …, lax = \"NAME\" }", "what a correct client makes of it"},
    {"copies", "expect.copies{ at_least, at_most, to, door }", "copies of a message, by the ledger"},
    {"delivered", "expect.delivered{ to, door, subject, contains, count }", "a message like this is stored"},
    {"attempts", "expect.attempts{ at_least, at_most, gap, within, backoff, cap, jitter }",
     "how often and how soon the client tries"},
    {"connections", "expect.connections{ at_least, at_most, at_once }", "connections in all and at a time"},
    {"commands", "expect.commands \"EHLO, STARTTLS, EHLO\"", "these commands in this order, others between"},
    {"never", "expect.never{ stage, door, to, bytes, after, tls }", "this doesn't happen"},
    {"client", "expect.client{ exit, within, output_contains }", "of the command under test"},
    {"function", "expect(function(run) return ok, reason end)", "what none of the others says"},
}};

DoorTls door_tls(const Value& value, std::string_view where) {
  auto word = word_of(value, where, {"none", "starttls", "implicit"});
  return word == "none" ? DoorTls::none : word == "starttls" ? DoorTls::starttls : DoorTls::implicit;
}

std::vector<std::string_view> with_tls_fields(std::vector<std::string_view> names) {
  for (const auto& row : tls_fields()) names.push_back(row.name);
  return names;
}

DoorState door_state(const Value& value, std::string_view where) {
  auto word = word_of(value, where, {"open", "refused", "dropped", "unreachable", "silent"});
  return *door_state_named(word);
}

// --set gives text; the parameter's default says what it must be.
Value typed_like(const Value& fallback, const Value& given, const std::string& name) {
  auto where = "--set " + name;
  auto* text = given.text();
  if (!text) {
    // A size or a time may be given as a number, too.
    auto* like = fallback.text();
    bool number_fits = given.number() && like && (parse_size(*like) || parse_duration(*like));
    if (given.index() != fallback.index() && !number_fits)
      throw Error("parameter '" + name + "' is " + std::string(fallback.kind()) + ", not " +
                  std::string(given.kind()));
    return given;
  }
  if (fallback.number()) {
    char* end = nullptr;
    double number = std::strtod(text->c_str(), &end);
    if (text->empty() || *end != '\0')
      throw Error(where + "=" + *text + ": a number is wanted, as " + fallback.written());
    return Value(number);
  }
  if (fallback.boolean()) {
    if (*text != "true" && *text != "false") throw Error(where + "=" + *text + ": true or false is wanted");
    return Value(*text == "true");
  }
  if (auto* like = fallback.text()) {
    if (parse_duration(*like) && !parse_duration(*text))
      throw Error(where + "=" + *text + ": a duration is wanted, as " + fallback.written());
    if (parse_size(*like) && !parse_duration(*like) && !parse_size(*text))
      throw Error(where + "=" + *text + ": a size is wanted, as " + fallback.written());
  }
  return Value(*text);
}

Needs parse_needs(const Value& given) {
  Needs needs;
  const auto& table = table_of(given, "needs");
  no_items(table, "needs");
  only_fields(table, "needs", {"messages", "rcpts", "connections", "size", "idle", "auth", "tls", "bounces"});
  for (const auto& [name, value] : table.fields) {
    auto where = "needs." + name;
    if (name == "messages") needs.messages = whole_of(value, where, 1, 1'000'000);
    if (name == "rcpts") needs.recipients = whole_of(value, where, 1, 1'000'000);
    if (name == "connections") needs.connections = whole_of(value, where, 1, 1'000'000);
    if (name == "size") needs.size = size_of(value, where);
    if (name == "idle") needs.idle = duration_of(value, where);
    if (name == "auth") needs.auth = boolean_of(value, where);
    if (name == "tls") needs.tls = boolean_of(value, where);
    if (name == "bounces") needs.bounces = boolean_of(value, where);
  }
  return needs;
}

}  // namespace

void not_built(std::string_view what) { throw Error(std::string(what) + " is not built yet in this version"); }

std::string_view name_of(DoorState state) { return door_states[static_cast<std::size_t>(state)]; }

std::optional<DoorState> door_state_named(std::string_view name) {
  auto found = std::find(door_states.begin(), door_states.end(), name);
  if (found == door_states.end()) return std::nullopt;
  return static_cast<DoorState>(found - door_states.begin());
}

std::span<const std::string_view> outcome_names() { return outcomes_known; }
std::span<const ExpectationSpec> expectation_table() { return expectations_known; }

std::string Needs::words() const {
  std::vector<std::string> parts;
  if (messages) parts.push_back(counted(*messages, "message", "messages") + " on a connection");
  if (recipients) parts.push_back(counted(*recipients, "recipient", "recipients"));
  if (connections) parts.push_back(counted(*connections, "connection", "connections") + " at a time");
  if (size) parts.push_back("a message of " + format_size(*size));
  if (idle) parts.push_back("a pause of " + format_duration(*idle) + " between messages");
  if (auth) parts.emplace_back("AUTH");
  if (tls) parts.emplace_back("TLS");
  if (bounces) parts.emplace_back("taking its bounces");
  return join(parts, ", ");
}

std::string Needs::as_setting() const {
  std::vector<std::string> parts;
  auto number = [&](std::string_view name, const std::optional<std::uint64_t>& value) {
    if (value) parts.push_back(std::string(name) + "=" + std::to_string(*value));
  };
  number("messages", messages);
  number("rcpts", recipients);
  number("connections", connections);
  number("size", size);
  if (idle) parts.push_back("idle=" + format_duration(*idle));
  if (auth) parts.emplace_back("auth");
  if (tls) parts.emplace_back("tls");
  if (bounces) parts.emplace_back("bounces");
  return join(parts, " ");
}

std::string Patience::written() const {
  std::vector<std::string> parts;
  if (still) parts.push_back("still = \"" + format_duration(*still) + "\"");
  if (gone) parts.push_back("gone = \"" + format_duration(*gone) + "\"");
  return "patience = { " + join(parts, ", ") + " }";
}

const DoorSpec& Scenario::main_door() const {
  const DoorSpec* found = nullptr;
  for (const auto& door : doors) {
    if (door.main) return door;
    bool better = !found || (found->state != DoorState::open && door.state == DoorState::open) ||
                  ((found->state == DoorState::open) == (door.state == DoorState::open) && door.port < found->port);
    if (better) found = &door;
  }
  return *found;
}

const DoorSpec* Scenario::door_named(std::string_view name) const {
  for (const auto& door : doors)
    if (door.name == name) return &door;
  return nullptr;
}

std::vector<std::string> Scenario::outcomes() const {
  std::vector<std::string> out;
  for (const auto& expectation : expectations) {
    if (expectation.name != "outcome") continue;
    if (auto* text = expectation.given.text()) out.push_back(*text);
    if (auto* table = expectation.given.table()) {
      for (const auto& item : table->items) out.push_back(*item.text());
      if (auto lax = table->fields.find("lax"); lax != table->fields.end()) out.push_back(*lax->second.text());
    }
  }
  return out;
}

bool Scenario::speaks_of_tls() const {
  auto names_it = [](const std::vector<std::string>& lines) {
    return std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
      if (line.starts_with('+') || line.starts_with('-')) line.remove_prefix(1);
      return equals_ignoring_case(line.substr(0, line.find(' ')), "STARTTLS");
    });
  };
  bool by_capabilities = capabilities && (names_it(capabilities->always) || names_it(capabilities->after_auth) ||
                                          !capabilities->before_tls.empty() || !capabilities->after_tls.empty());
  bool by_provider = provider && provider->offers_starttls();
  for (const auto& stage : rules)
    for (const auto& rule : stage)
      for (const auto& each : rule.ops)
        if (auto* use = std::get_if<op::Use>(&each))
          by_provider = by_provider || (use->provider && use->provider->offers_starttls()) ||
                        (use->capabilities && names_it(*use->capabilities));
  return tls || needs.tls || by_capabilities || by_provider || !rules_at(Stage::starttls).empty() ||
         !rules_at(Stage::handshake).empty();
}

DoorTls Scenario::tls_of(const DoorSpec& door) const {
  if (door.tls) return *door.tls;
  return speaks_of_tls() || door.tls_settings != tls::Settings{} ? DoorTls::starttls : DoorTls::none;
}

tls::Settings Scenario::tls_settings_of(const DoorSpec& door) const {
  return tls ? tls->with(door.tls_settings) : door.tls_settings;
}

std::string Scenario::needs_filters() const {
  for (const auto& stage : rules)
    for (const auto& rule : stage)
      for (const auto& action : rule.actions) {
        if (action.spec->tier == "T1")
          return std::string(action.spec->name) + "() in line " + std::to_string(rule.line);
        for (const auto& each : action.ops)
          if (auto* use = std::get_if<op::Use>(&each); use && use->wire && use->wire->needs_filter())
            return "use{ wire } in line " + std::to_string(rule.line);
      }
  if (wire.needs_filter()) return "wire { mtu, loss }";
  for (const auto& door : doors)
    if (door.wire && door.wire->needs_filter()) return "the wire of door '" + door.name + "'";
  return "";
}

void declare_scenario(Scenario& to, const Value& given, const std::map<std::string, Value>& set) {
  if (!to.title.empty()) throw Error("scenario { … } stands in the file twice");
  const auto& table = table_of(given, "scenario");
  no_items(table, "scenario");
  only_fields(table, "scenario", {"title", "emulates", "sources", "params", "needs", "waive", "patience"});
  for (const auto& [name, value] : table.fields) {
    auto where = "scenario." + name;
    if (name == "title") to.title = text_of(value, where);
    if (name == "emulates") to.emulates = text_of(value, where);
    if (name == "sources") to.sources = texts_of(value, where);
    if (name == "waive") to.waived = texts_of(value, where);
    if (name == "needs") to.needs = parse_needs(value);
    if (name == "patience") {
      const auto& times = table_of(value, where);
      no_items(times, where);
      only_fields(times, where, {"still", "gone"});
      for (const auto& [key, time] : times.fields)
        (key == "still" ? to.patience.still : to.patience.gone) = duration_of(time, where + "." + key);
      if (to.patience.still && to.patience.gone && *to.patience.still >= *to.patience.gone)
        throw Error(where + ": a client can't be there still at " + format_duration(*to.patience.still) +
                    " and be gone by " + format_duration(*to.patience.gone) + "; still comes before gone");
    }
  }
  for (const auto& assertion : to.waived) {
    char* end = nullptr;
    auto number = assertion.size() > 1 && assertion[0] == 'A' ? std::strtol(assertion.c_str() + 1, &end, 10) : 0;
    if (number < 1 || number > 18 || *end != '\0')
      throw Error("scenario.waive: there is no assertion \"" + assertion + "\"; they are \"A1\" to \"A18\"");
  }
  if (to.title.empty()) throw Error("scenario: it has no title; write title = \"what happens, in plain words\"");
  auto params = table.fields.find("params");
  if (params == table.fields.end()) return;
  const auto& declared = table_of(params->second, "scenario.params");
  no_items(declared, "scenario.params");
  for (const auto& [name, value] : declared.fields) {
    auto* pair = value.table();
    if (!pair || pair->items.size() != 2 || !pair->items[1].text() || pair->items[0].table())
      throw Error("parameter '" + name + "' is written { default, \"what it is\" }");
    ScenarioParameter parameter{pair->items[0], pair->items[0], *pair->items[1].text()};
    if (auto other = set.find(name); other != set.end())
      parameter.value = typed_like(parameter.fallback, other->second, name);
    to.parameters[name] = std::move(parameter);
  }
}

void declare_doors(Scenario& to, const Value& given) {
  const auto& table = table_of(given, "doors");
  no_items(table, "doors");
  if (table.fields.empty()) throw Error("doors: at least one door is needed");
  to.doors.clear();
  for (const auto& [name, value] : table.fields) {
    auto where = "door '" + name + "'";
    const auto& spec = table_of(value, where);
    no_items(spec, where);
    only_fields(spec, where,
                with_tls_fields({"port", "state", "ipv4", "ipv6", "tls", "main", "protocol", "proxy", "wire"}));
    DoorSpec door;
    door.name = name;
    for (const auto& [field, setting] : spec.fields) {
      auto at = where + "." + field;
      if (field == "port") door.port = static_cast<int>(whole_of(setting, at, 1, 65535));
      if (field == "state") door.state = door_state(setting, at);
      if (field == "ipv4") door.ipv4 = door_state(setting, at);
      if (field == "ipv6") door.ipv6 = door_state(setting, at);
      if (field == "protocol") door.lmtp = word_of(setting, at, {"smtp", "lmtp"}) == "lmtp";
      if (field == "proxy") door.proxy = boolean_of(setting, at);
      if (field == "main") door.main = boolean_of(setting, at);
      if (field == "wire") door.wire = parse_wire(setting, at);
      if (field == "tls") door.tls = door_tls(setting, at);
      set_tls_field(door.tls_settings, field, setting, at);
    }
    for (auto state : {std::optional(door.state), door.ipv4, door.ipv6})
      if (state == DoorState::unreachable) not_built(where + ": state \"unreachable\" (tier T2)");
    to.doors.push_back(std::move(door));
  }
  if (std::count_if(to.doors.begin(), to.doors.end(), [](const DoorSpec& door) { return door.main; }) > 1)
    throw Error("doors: only one can be main");
}

// A misspelt mechanism would only be refused when a client tries it. Names that are like none are a server's own.
void check_mechanisms(std::string_view line, std::string_view where) {
  auto words = split(line, ' ');
  if (!equals_ignoring_case(words[0], "AUTH")) return;
  for (auto word : std::span(words).subspan(1))
    if (auto meant = sasl::meant_mechanism(word); !meant.empty())
      throw Error(std::string(where) + ": AUTH has no mechanism '" + std::string(word) + "'" + meant +
                  "; on.helo:send(…) offers anything");
}

std::vector<std::string> parse_capability_lines(const Value& given, std::string_view where) {
  auto lines = texts_of(given, where);
  auto is_edit = [](const std::string& line) { return line.starts_with('+') || line.starts_with('-'); };
  bool edits = std::any_of(lines.begin(), lines.end(), is_edit);
  for (const auto& line : lines) {
    auto text = std::string_view(line);
    if (edits) {
      if (!text.starts_with('+') && !text.starts_with('-'))
        throw Error(std::string(where) + ": \"" + line + "\" stands among edits; write \"+" + line + "\" or \"-" +
                    line + "\"");
      text.remove_prefix(1);
    }
    if (text.find_first_of("\r\n") != std::string_view::npos)
      throw Error(std::string(where) + ": a line can't hold a line break; on.helo:send(…) sends any bytes");
    check_mechanisms(text, where);
  }
  return lines;
}

void declare_capabilities(Scenario& to, const Value& given) {
  const auto& table = table_of(given, "capabilities");
  only_fields(table, "capabilities", {"before_tls", "after_tls", "after_auth"});
  Capabilities out;
  for (const auto& [name, value] : table.fields) {
    auto& lines = name == "before_tls" ? out.before_tls : name == "after_tls" ? out.after_tls : out.after_auth;
    lines = parse_capability_lines(value, "capabilities." + name);
  }
  if (!table.items.empty()) {
    if (!table.fields.empty()) throw Error("capabilities: either lines, or before_tls, after_tls, after_auth");
    out.always = parse_capability_lines(given, "capabilities");
  }
  to.capabilities = std::move(out);
}

void declare_users(Scenario& to, const Value& given) {
  const auto& table = table_of(given, "users");
  if (!table.items.empty()) throw Error("users: written { [\"name@example.com\"] = \"password\" }");
  if (to.own_users) throw Error("users { … } stands in the file twice");
  to.own_users = true;
  to.users.clear();
  for (const auto& [name, password] : table.fields) {
    auto where = "users[\"" + name + "\"]";
    for (const auto& [other, of_other] : to.users)
      if (equals_ignoring_case(other, name))
        throw Error(where + ": a duplicate of \"" + other + "\": servers take names in any case");
    to.users[name] = text_of(password, where);
  }
}

WireSettings parse_wire(const Value& given, std::string_view where) {
  const auto& table = table_of(given, where);
  no_items(table, where);
  only_fields(table, where, {"latency", "jitter", "bandwidth", "read_bandwidth", "mtu", "loss"});
  WireSettings wire;
  for (const auto& [name, value] : table.fields) {
    auto at = std::string(where) + "." + name;
    if (name == "latency") wire.latency = duration_of(value, at);
    if (name == "jitter") wire.jitter = duration_of(value, at);
    if (name == "bandwidth") wire.bandwidth = rate_of(value, at);
    if (name == "read_bandwidth") wire.read_bandwidth = rate_of(value, at);
    if (name == "mtu") wire.mtu = static_cast<std::uint32_t>(whole_of(value, at, 1, 65535));
    if (name == "loss") {
      wire.loss = number_of(value, at);
      if (!(wire.loss >= 0 && wire.loss <= 1)) throw Error(at + ": a share from 0 to 1 is wanted");
    }
  }
  return wire;
}

void declare_wire(Scenario& to, const Value& given) { to.wire = parse_wire(given, "wire"); }

void declare_tls(Scenario& to, const Value& given) {
  if (to.tls) throw Error("tls { … } stands in the file twice");
  const auto& table = table_of(given, "tls");
  no_items(table, "tls");
  only_fields(table, "tls", with_tls_fields({}));
  to.tls.emplace();
  for (const auto& [name, value] : table.fields) set_tls_field(*to.tls, name, value, "tls." + name);
}

void declare_limits(Scenario& to, const Value& given, int line) {
  if (!to.limits.all.empty()) throw Error("limits { … } stands in the file twice");
  to.limits = parse_limits(given, "limits");
  to.limits.line = line;
}

void declare_example(Scenario& to, const Value& given, int line) {
  Example example;
  example.line = line;
  if (auto* text = given.text()) {
    example.transcript = *text;
  } else {
    const auto& table = table_of(given, "example");
    if (table.items.size() != 1 || !table.items[0].text())
      throw Error("example: written example [[ … ]] or example { parameter = value, [[ … ]] }");
    example.transcript = *table.items[0].text();
    for (const auto& [name, value] : table.fields) example.parameters[name] = value;
  }
  to.examples.push_back(std::move(example));
}

void declare_expectation(Scenario& to, std::string_view name, const Value& given, int line) {
  to.expectations.push_back(make_expectation(name, given, line));
}

void finish(Scenario& scenario, const std::map<std::string, Value>& set) {
  Place whole{scenario.path, 0};
  if (scenario.provider) scenario.limits.add_missing(scenario.provider->limits);
  if (scenario.title.empty()) throw Error(whole, "no scenario { title = \"…\" } in this file");
  for (const auto& [name, value] : set) {
    if (scenario.parameters.contains(name)) continue;
    std::vector<std::string_view> names;
    for (const auto& [known, parameter] : scenario.parameters) names.push_back(known);
    throw Error(whole, "it has no parameter '" + name + "'" + did_you_mean(name, names) +
                           (names.empty() ? ", nor any other" : ""));
  }
  for (const auto& stage : scenario.rules)
    for (const auto& rule : stage) {
      Place place{scenario.path, rule.line};
      auto on = "on." + std::string(name_of(rule.stage));
      if (rule.actions.empty())
        throw Error(place, "this rule of " + on + " does nothing; add an action, such as :close()");
      if (rule.stage == Stage::idle && !rule.triggers.at)
        throw Error(place, "on.idle needs at(\"…\"): how long the silence has lasted");
    }
  if (scenario.doors.empty()) {
    DoorSpec door;
    door.name = "smtp";
    door.port = 25;
    scenario.doors.push_back(std::move(door));
  }
  check_expectations(scenario);
}

}  // namespace mailfault
