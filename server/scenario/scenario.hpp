// A scenario: how the server misbehaves, and what a correct client does then. Plain data.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenario/limits.hpp"
#include "scenario/provider.hpp"
#include "scenario/rule.hpp"
#include "scenario/tls_settings.hpp"
#include "scenario/wire_settings.hpp"

namespace mailfault {

struct ScenarioParameter {
  Value value;
  Value fallback;  ///< the default; it gives the type
  std::string what;
};

enum class DoorTls : std::uint8_t { none, starttls, implicit };

struct DoorSpec {
  std::string name;
  int port = 0;  ///< nominal; 0: none named
  DoorState state = DoorState::open;
  std::optional<DoorState> ipv4, ipv6;  ///< of one family alone
  std::optional<DoorTls> tls;           ///< none: what the scenario says (Scenario::tls_of)
  tls::Settings tls_settings;
  bool main = false;
  bool lmtp = false;   ///< protocol = "lmtp" (RFC 2033)
  bool proxy = false;  ///< each connection begins with a header of the PROXY protocol
  std::optional<WireSettings> wire;
};

/// What the client must be made to do for the fault to be met.
struct Needs {
  std::optional<std::uint64_t> messages, recipients, connections, size;
  std::optional<Micros> idle;
  bool auth = false, tls = false;
  bool bounces = false;  ///< it must get the mail that the server sends
  /// As people read it: "2 messages on a connection, AUTH"; empty: nothing special.
  std::string words() const;
  /// As MAILFAULT_NEEDS has it: "messages=2 rcpts=5 size=65536 idle=12s auth".
  std::string as_setting() const;
};

/// How long a correct client waits where the fault is the waiting, in nominal time: it is still there at `still`, and
/// has given up by `gone`.
struct Patience {
  std::optional<Micros> still, gone;
  bool declared() const { return still || gone; }
  /// As its author writes it: patience = { still = "5m", gone = "10m" }.
  std::string written() const;
};

struct Expectation {
  std::string name;  ///< "outcome", "copies", …; "function" for expect(fn)
  Value given;
  int line = 0;
};

struct Example {
  std::map<std::string, Value> parameters;
  std::string transcript;
  int line = 0;
};

/// The capability lines of the EHLO reply, or edits to the usual ones.
struct Capabilities {
  std::vector<std::string> always;
  std::vector<std::string> before_tls, after_tls, after_auth;
};

struct Scenario {
  std::string id;  ///< its file's name without ".lua"
  std::string path;
  std::string host = "mx.example.com";       ///< or the provider's
  std::shared_ptr<const Provider> provider;  ///< null: the built-in server
  std::string title, emulates;
  std::vector<std::string> sources;
  std::map<std::string, ScenarioParameter> parameters;
  Needs needs;
  Patience patience;
  std::vector<std::string> waived;
  std::vector<DoorSpec> doors;  ///< sorted by name; never empty once loaded
  std::optional<Capabilities> capabilities;
  std::map<std::string, std::string> users = {{"user@example.com", "open-sesame"}};
  bool own_users = false;  ///< users { … } stands in the file
  WireSettings wire;
  std::optional<tls::Settings> tls;  ///< of tls { … }
  Limits limits;                     ///< of limits { … }
  std::array<std::vector<Rule>, stage_count> rules;
  std::uint32_t rule_count = 0;
  std::vector<Expectation> expectations;
  std::vector<Example> examples;

  const std::vector<Rule>& rules_at(Stage stage) const { return rules[static_cast<std::size_t>(stage)]; }
  const DoorSpec& main_door() const;
  const DoorSpec* door_named(std::string_view name) const;
  /// The outcomes that expect.outcome names, those it accepts as lax behind them; empty: none was named.
  std::vector<std::string> outcomes() const;
  /// TLS is part of its story, so a server that it says nothing else of offers STARTTLS: by tls { … }, a rule at
  /// `starttls` or `handshake`, capabilities that name it, a provider that offers it, or what it needs.
  bool speaks_of_tls() const;
  /// What a door does about TLS: what it says itself, else what the scenario implies.
  DoorTls tls_of(const DoorSpec& door) const;
  /// The settings of a connection by that door, `use` aside.
  tls::Settings tls_settings_of(const DoorSpec& door) const;
  /// Why a machine without CAP_NET_ADMIN can't play it; empty: it can.
  std::string needs_filters() const;
};

// Declarations, as section 9 of the language's reference has them. Each throws Error for what is unknown or out of
// bounds. `set`: the values of --set.
void declare_scenario(Scenario& to, const Value& given, const std::map<std::string, Value>& set);
void declare_doors(Scenario& to, const Value& given);
void declare_capabilities(Scenario& to, const Value& given);
void declare_users(Scenario& to, const Value& given);
void declare_wire(Scenario& to, const Value& given);
void declare_tls(Scenario& to, const Value& given);
void declare_limits(Scenario& to, const Value& given, int line);
void declare_example(Scenario& to, const Value& given, int line);
void declare_expectation(Scenario& to, std::string_view name, const Value& given, int line);
/// The same without a scenario. Throws Error for an unknown name or field, and for what is out of bounds.
Expectation make_expectation(std::string_view name, const Value& given, int line);
/// Adds expectations that came from outside the file, checked against those that it has; an outcome among them
/// replaces the scenario's. Throws Error where they can't hold together. For a scenario that is loaded.
void expect_also(Scenario& to, const std::vector<Expectation>& more);
/// What only shows once all is declared: no title, rules without an action, on.idle without at, --set of an unknown
/// parameter.
void finish(Scenario& scenario, const std::map<std::string, Value>& set);

WireSettings parse_wire(const Value& given, std::string_view where);
std::vector<std::string> parse_capability_lines(const Value& given, std::string_view where);
std::string_view name_of(DoorState state);
std::optional<DoorState> door_state_named(std::string_view name);

/// A row of the table of expectations, for the reference and the annotations.
struct ExpectationSpec {
  std::string_view name, usage, what;
};
std::span<const ExpectationSpec> expectation_table();
std::span<const std::string_view> outcome_names();

/// A word of the language that this version can't play yet: throws Error saying so.
[[noreturn]] void not_built(std::string_view what);

}  // namespace mailfault
