// What a file declares: section 9 of the language's reference.
#include "scenario/scenario.hpp"

#include "scenario/catalogue.hpp"
#include "values.hpp"

namespace mailfault::testing {
namespace {

using namespace std::chrono_literals;

Scenario declared(std::map<std::string, Value> fields, const std::map<std::string, Value>& set = {}) {
  fields.emplace("title", text("t"));
  Scenario scenario;
  scenario.path = "t.lua";
  declare_scenario(scenario, table(std::move(fields)), set);
  return scenario;
}

std::string error_of_declaring(std::map<std::string, Value> fields) {
  return error_of([&] { declared(std::move(fields)); });
}

TEST(Scenario, KeepsWhatIsDeclared) {
  auto scenario = declared({{"emulates", text("Postfix")},
                            {"sources", list({text("RFC 5321"), text("A#1")})},
                            {"waive", list({text("A15"), text("A1")})},
                            {"params", table({{"limit", list({number(3), text("recipients")})}})},
                            {"patience", table({{"still", text("5m")}})}});
  EXPECT_EQ(scenario.title, "t");
  EXPECT_EQ(scenario.emulates, "Postfix");
  EXPECT_THAT(scenario.sources, ElementsAre("RFC 5321", "A#1"));
  EXPECT_THAT(scenario.waived, ElementsAre("A15", "A1"));
  EXPECT_EQ(*scenario.parameters.at("limit").value.number(), 3);
  EXPECT_EQ(scenario.parameters.at("limit").what, "recipients");
  EXPECT_THAT(declared({{"sources", text("one")}}).sources, ElementsAre("one"));
}

TEST(Scenario, MistakesAreNamed) {
  EXPECT_EQ(error_of_declaring({{"titel", text("x")}}),
            "scenario has no field 'titel' (did you mean 'title'?); its fields: title, emulates, sources, params, "
            "needs, waive, patience");
  EXPECT_THAT(error_of_declaring({{"title", text("")}}), HasSubstr("it has no title; write title = "));
  EXPECT_EQ(error_of_declaring({{"title", number(1)}}), "scenario.title: text is wanted here, not a number");
  for (const char* wrong : {"A0", "A19", "B1", "A", "A1x", "15", ""})
    EXPECT_THAT(error_of_declaring({{"waive", list({text(wrong)})}}),
                HasSubstr("there is no assertion \"" + std::string(wrong) + "\""));
  EXPECT_EQ(error_of_declaring({{"params", table({{"limit", number(3)}})}}),
            "parameter 'limit' is written { default, \"what it is\" }");
  EXPECT_THAT(error_of_declaring({{"params", table({{"x", list({list({}), text("y")})}})}}), HasSubstr("is written"));
  EXPECT_THAT(error_of_declaring({{"patience", table({{"gon", text("1s")}})}}), HasSubstr("did you mean 'gone'?"));
  EXPECT_THAT(error_of_declaring({{"needs", table({{"rcpt", number(1)}})}}), HasSubstr("did you mean 'rcpts'?"));
  EXPECT_THAT(error_of_declaring({{"needs", table({{"messages", number(0)}})}}),
              HasSubstr("needs.messages: 0 is out"));
  Scenario scenario;
  EXPECT_THAT(error_of([&] { declare_scenario(scenario, list({text("t")}), {}); }), HasSubstr("needs a name"));
  declare_scenario(scenario, table({{"title", text("t")}}), {});
  EXPECT_THAT(error_of([&] {
                declare_scenario(scenario, table({{"title", text("t")}}), {});
              }),
              HasSubstr("stands in the file twice"));
}

TEST(Scenario, NeedsInWords) {
  auto words = [](std::map<std::string, Value> needs) {
    return declared({{"needs", table(std::move(needs))}}).needs.words();
  };
  EXPECT_EQ(words({}), "");
  EXPECT_EQ(words({{"messages", number(2)}, {"rcpts", number(1)}}), "2 messages on a connection, 1 recipient");
  EXPECT_EQ(words({{"connections", number(4)}, {"size", text("64KiB")}, {"idle", text("12s")}, {"auth", yes()}}),
            "4 connections at a time, a message of 64 KiB, a pause of 12s between messages, AUTH");
  EXPECT_EQ(words({{"auth", no()}, {"tls", no()}}), "");
  EXPECT_EQ(words({{"bounces", yes()}}), "taking its bounces");
  EXPECT_EQ(declared({{"needs", table({{"bounces", yes()}, {"messages", number(2)}})}}).needs.as_setting(),
            "messages=2 bounces");
}

// ---------------------------------------------------------------- --set

Value set_to(Value fallback, Value given) {
  return declared({{"params", table({{"p", list({std::move(fallback), text("what")})}})}}, {{"p", std::move(given)}})
      .parameters.at("p")
      .value;
}

TEST(Set, TheDefaultGivesTheType) {
  EXPECT_EQ(*set_to(number(3), text("5")).number(), 5);
  EXPECT_EQ(*set_to(number(3), text("0.5")).number(), 0.5);
  EXPECT_EQ(*set_to(yes(), text("false")).boolean(), false);
  EXPECT_EQ(*set_to(text("5s"), text("10m")).text(), "10m");
  EXPECT_EQ(*set_to(text("64KiB"), text("1MB")).text(), "1MB");
  EXPECT_EQ(*set_to(text("hello"), text("42")).text(), "42");
  EXPECT_EQ(*set_to(text("5s"), number(7)).number(), 7);
  EXPECT_EQ(*set_to(number(3), number(9)).number(), 9);
}

TEST(Set, AnotherTypeIsAnError) {
  auto error = [](Value fallback, Value given) {
    return error_of([&] { set_to(std::move(fallback), std::move(given)); });
  };
  EXPECT_EQ(error(number(3), text("many")), "--set p=many: a number is wanted, as 3");
  EXPECT_EQ(error(number(3), text("")), "--set p=: a number is wanted, as 3");
  EXPECT_EQ(error(number(3), text("3x")), "--set p=3x: a number is wanted, as 3");
  EXPECT_EQ(error(yes(), text("yes")), "--set p=yes: true or false is wanted");
  EXPECT_EQ(error(text("5s"), text("soon")), "--set p=soon: a duration is wanted, as \"5s\"");
  EXPECT_EQ(error(text("64KiB"), text("big")), "--set p=big: a size is wanted, as \"64KiB\"");
  EXPECT_EQ(error(text("hello"), number(1)), "parameter 'p' is text, not a number");
  EXPECT_EQ(error(number(1), yes()), "parameter 'p' is a number, not a boolean");
}

TEST(Set, AnUnknownParameterIsAnError) {
  auto scenario = declared({{"params", table({{"limit", list({number(3), text("what")})}})}});
  EXPECT_EQ(error_of([&] {
              finish(scenario, {{"limti", text("5")}});
            }),
            "t.lua: it has no parameter 'limti' (did you mean 'limit'?)");
  auto none = declared({});
  EXPECT_EQ(error_of([&] {
              finish(none, {{"limit", text("5")}});
            }),
            "t.lua: it has no parameter 'limit', nor any other");
}

// ---------------------------------------------------------------- doors

Scenario with_doors(std::map<std::string, Value> doors) {
  auto scenario = declared({});
  declare_doors(scenario, table(std::move(doors)));
  return scenario;
}
Value door(std::map<std::string, Value> fields) { return table(std::move(fields)); }

TEST(Doors, AreKeptByName) {
  auto scenario = with_doors({{"smtp", door({{"port", number(25)}, {"state", text("dropped")}})},
                              {"submission", door({{"port", number(587)},
                                                   {"main", yes()},
                                                   {"tls", text("none")},
                                                   {"ipv6", text("refused")},
                                                   {"wire", table({{"latency", text("2s")}})}})}});
  ASSERT_EQ(scenario.doors.size(), 2u);
  EXPECT_EQ(scenario.door_named("smtp")->state, DoorState::dropped);
  const auto* submission = scenario.door_named("submission");
  EXPECT_EQ(submission->port, 587);
  EXPECT_EQ(submission->ipv6, DoorState::refused);
  EXPECT_EQ(submission->wire->latency, 2s);
  EXPECT_EQ(scenario.door_named("nothing"), nullptr);
  EXPECT_EQ(scenario.main_door().name, "submission");
}

TEST(Doors, TheMainOneIsTheLowestPortThatIsOpen) {
  EXPECT_EQ(with_doors({{"a", door({{"port", number(587)}})}, {"b", door({{"port", number(25)}})}}).main_door().name,
            "b");
  EXPECT_EQ(with_doors({{"a", door({{"port", number(587)}})},
                        {"b", door({{"port", number(25)}, {"state", text("refused")}})}})
                .main_door()
                .name,
            "a");
  EXPECT_EQ(with_doors({{"a", door({{"port", number(587)}, {"state", text("dropped")}})},
                        {"b", door({{"port", number(465)}, {"state", text("refused")}})}})
                .main_door()
                .name,
            "b");
  EXPECT_EQ(with_doors({{"a", door({{"port", number(587)}, {"main", yes()}, {"state", text("refused")}})},
                        {"b", door({{"port", number(25)}})}})
                .main_door()
                .name,
            "a");
}

TEST(Doors, WithoutADeclarationThereIsOne) {
  auto scenario = declared({});
  finish(scenario, {});
  ASSERT_EQ(scenario.doors.size(), 1u);
  EXPECT_EQ(scenario.main_door().name, "smtp");
  EXPECT_EQ(scenario.main_door().port, 25);
}

TEST(Doors, HaveAProtocolAndMayStandBehindAProxy) {
  auto lmtp = with_doors({{"lmtp", door({{"protocol", text("lmtp")}, {"proxy", yes()}})}, {"smtp", door({})}});
  EXPECT_TRUE(lmtp.door_named("lmtp")->lmtp && lmtp.door_named("lmtp")->proxy);
  EXPECT_FALSE(lmtp.door_named("smtp")->lmtp || lmtp.door_named("smtp")->proxy);
  EXPECT_THAT(error_of([] { with_doors({{"a", door({{"protocol", text("http")}})}}); }), HasSubstr("lmtp"));
}

TEST(Doors, MistakesAreNamed) {
  auto error = [](std::map<std::string, Value> fields) {
    return error_of([&] { with_doors({{"smtp", door(std::move(fields))}}); });
  };
  EXPECT_THAT(error({{"prot", number(25)}}), StartsWith("door 'smtp' has no field 'prot' (did you mean 'port'?)"));
  EXPECT_EQ(error({{"state", text("opne")}}),
            "door 'smtp'.state: there is no \"opne\" (did you mean 'open'?); it is one of \"open\", \"refused\", "
            "\"dropped\", \"unreachable\", \"silent\"");
  EXPECT_THAT(error({{"port", number(70000)}}), HasSubstr("out of bounds"));
  EXPECT_THAT(error({{"main", text("yes")}}), HasSubstr("true or false"));
  EXPECT_THAT(error({{"wire", table({{"latenzy", text("1s")}})}}), HasSubstr("did you mean 'latency'?"));
  EXPECT_THAT(error({{"tls", text("startls")}}), HasSubstr("did you mean 'starttls'?"));
  for (auto& unbuilt :
       std::vector<std::map<std::string, Value>>{{{"state", text("unreachable")}}, {{"ipv4", text("unreachable")}}})
    EXPECT_THAT(error(unbuilt), HasSubstr("not built yet in this version"));
  EXPECT_THAT(error_of([] { with_doors({}); }), HasSubstr("at least one door"));
  EXPECT_EQ(error_of([] {
              with_doors({{"a", door({{"main", yes()}})}, {"b", door({{"main", yes()}})}});
            }),
            "doors: only one can be main");
}

TEST(Doors, StatesHaveNames) {
  for (auto state :
       {DoorState::open, DoorState::refused, DoorState::dropped, DoorState::unreachable, DoorState::silent})
    EXPECT_EQ(door_state_named(name_of(state)), state);
  EXPECT_EQ(door_state_named("ajar"), std::nullopt);
}

// ---------------------------------------------------------------- capabilities, users, wire

Scenario with_capabilities(const Value& given) {
  auto scenario = declared({});
  declare_capabilities(scenario, given);
  return scenario;
}

TEST(Capabilities, AreLinesOrEdits) {
  EXPECT_THAT(with_capabilities(list({text("SIZE 1000"), text("AUTH LOGIN")})).capabilities->always,
              ElementsAre("SIZE 1000", "AUTH LOGIN"));
  EXPECT_THAT(with_capabilities(list({text("-AUTH"), text("+SIZE 5")})).capabilities->always,
              ElementsAre("-AUTH", "+SIZE 5"));
  EXPECT_THAT(with_capabilities(table({{"after_auth", list({text("-AUTH")})}})).capabilities->after_auth,
              ElementsAre("-AUTH"));
  EXPECT_TRUE(with_capabilities(list({})).capabilities.has_value());
}

TEST(Capabilities, MistakesAreNamed) {
  auto error = [](const Value& given) { return error_of([&] { with_capabilities(given); }); };
  EXPECT_EQ(error(list({text("-AUTH"), text("SIZE 5")})),
            "capabilities: \"SIZE 5\" stands among edits; write \"+SIZE 5\" or \"-SIZE 5\"");
  EXPECT_THAT(error(list({text("A\nB")})), HasSubstr("can't hold a line break"));
  EXPECT_THAT(error(table({{"after_auht", list({})}})), HasSubstr("did you mean 'after_auth'?"));
  EXPECT_THAT(error(table({{"after_auth", list({text("-X")})}}, {text("Y")})), HasSubstr("either lines, or"));
  EXPECT_EQ(error(list({text("-STARTTLS")})), "");
  EXPECT_THAT(error(list({text("+AUTH LOGIN PLIAN")})),
              HasSubstr("AUTH has no mechanism 'PLIAN' (did you mean 'PLAIN'?)"));
  EXPECT_THAT(error(list({text("AUTH scram-sha256")})), HasSubstr("did you mean 'SCRAM-SHA-256'?"));
  EXPECT_EQ(error(list({text("AUTH plain GSSAPI XOAUTH WSTOKEN")})), "");
}

TEST(Users, ReplaceTheUsualOne) {
  auto scenario = declared({});
  EXPECT_EQ(scenario.users.at("user@example.com"), "open-sesame");
  declare_users(scenario, table({{"me", text("secret")}}));
  EXPECT_EQ(scenario.users, (std::map<std::string, std::string>{{"me", "secret"}}));
  EXPECT_EQ(error_of([&] {
              declare_users(scenario, table({{"you", text("x")}}));
            }),
            "users { … } stands in the file twice");
  scenario = declared({});
  EXPECT_EQ(error_of([&] {
              declare_users(scenario, table({{"Me", text("x")}, {"me", text("y")}}));
            }),
            "users[\"me\"]: a duplicate of \"Me\": servers take names in any case");
  scenario = declared({});
  EXPECT_THAT(error_of([&] { declare_users(scenario, list({text("me")})); }), HasSubstr("users: written"));
  EXPECT_EQ(error_of([&] {
              declare_users(scenario, table({{"me", number(1)}}));
            }),
            "users[\"me\"]: text is wanted here, not a number");
}

TEST(Wire, SettingsAndTheirBounds) {
  auto wire = parse_wire(table({{"latency", text("80ms")},
                                {"jitter", number(0.02)},
                                {"bandwidth", text("32kB/s")},
                                {"read_bandwidth", text("1B/s")},
                                {"mtu", number(512)},
                                {"loss", number(0.1)}}),
                         "wire");
  EXPECT_EQ(wire, (WireSettings{80ms, 20ms, 32000, 1, 512, 0.1}));
  EXPECT_TRUE(wire.needs_filter());
  EXPECT_FALSE(parse_wire(table({{"latency", text("1s")}}), "wire").needs_filter());
  auto error = [](std::map<std::string, Value> fields) {
    return error_of([&] { parse_wire(table(std::move(fields)), "wire"); });
  };
  EXPECT_THAT(error({{"loss", number(2)}}), HasSubstr("wire.loss: a share from 0 to 1"));
  EXPECT_THAT(error({{"mtu", number(0)}}), HasSubstr("wire.mtu: 0 is out of bounds"));
  EXPECT_THAT(error({{"bandwith", number(2)}}), HasSubstr("did you mean 'bandwidth'?"));
  EXPECT_THAT(error({{"latency", text("long")}}), HasSubstr("wire.latency: \"long\" is no duration"));
}

TEST(Scenario, SaysWhatNeedsFilters) {
  auto scenario = declared({});
  finish(scenario, {});
  EXPECT_EQ(scenario.needs_filters(), "");
  scenario.doors[0].wire = WireSettings{};
  scenario.doors[0].wire->loss = 0.5;
  EXPECT_EQ(scenario.needs_filters(), "the wire of door 'smtp'");
  scenario.wire.mtu = 512;
  EXPECT_EQ(scenario.needs_filters(), "wire { mtu, loss }");
  static const ActionSpec vanishes{
      "vanish", ActionClass::end, "vanish()", "", "T1", "", [](const Arguments&) { return Action{}; }};
  Rule rule;
  rule.stage = Stage::noop;
  rule.line = 7;
  rule.add({&vanishes, {op::Vanish{}}, ""});
  scenario.rules[static_cast<std::size_t>(Stage::noop)].push_back(rule);
  EXPECT_EQ(scenario.needs_filters(), "vanish() in line 7");
}

// ---------------------------------------------------------------- expectations and examples

std::string error_of_expecting(std::string_view name, const Value& given) {
  Scenario scenario;
  return error_of([&] { declare_expectation(scenario, name, given, 4); });
}

TEST(Expectations, Outcomes) {
  Scenario scenario;
  EXPECT_THAT(scenario.outcomes(), IsEmpty());
  declare_expectation(scenario, "outcome", text("temporary"), 4);
  EXPECT_THAT(scenario.outcomes(), ElementsAre("temporary"));
  Scenario other;
  declare_expectation(other, "copies", table({{"at_most", number(1)}}), 3);
  declare_expectation(other, "outcome", table({{"lax", text("temporary")}}, {text("reconnects"), text("delivered")}),
                      4);
  EXPECT_THAT(other.outcomes(), ElementsAre("reconnects", "delivered", "temporary"));
  EXPECT_EQ(other.expectations[1].line, 4);
  for (auto name : outcome_names()) EXPECT_EQ(error_of_expecting("outcome", text(std::string(name))), "");
}

TEST(Expectations, MistakesAreNamed) {
  EXPECT_EQ(error_of_expecting("outcom", text("x")), "no expectation 'outcom' (did you mean 'outcome'?)");
  EXPECT_THAT(error_of_expecting("outcome", text("temporay")),
              StartsWith("no outcome 'temporay' (did you mean 'temporary'?); they are delivered, "));
  EXPECT_THAT(error_of_expecting("outcome", list({})), HasSubstr("name an outcome"));
  EXPECT_THAT(error_of_expecting("outcome", table({{"lxa", text("partial")}}, {text("delivered")})),
              HasSubstr("did you mean 'lax'?"));
  EXPECT_THAT(error_of_expecting("outcome", table({{"lax", text("nothing")}}, {text("delivered")})),
              HasSubstr("no outcome 'nothing'"));
  EXPECT_THAT(error_of_expecting("copies", table({{"atmost", number(1)}})), HasSubstr("did you mean 'at_most'?"));
  EXPECT_EQ(error_of_expecting("copies", table({{"at_most", number(1)}, {"at_least", number(2)}})),
            "expect.copies: at_least is above at_most, so nothing can fulfil it");
  EXPECT_THAT(error_of_expecting("copies", table({{"at_most", text("one")}})), HasSubstr("a number is wanted"));
  EXPECT_THAT(error_of_expecting("attempts", table({{"gap", text("long")}})), HasSubstr("no duration"));
  EXPECT_THAT(error_of_expecting("attempts", table({{"backoff", text("grwing")}})), HasSubstr("did you mean"));
  EXPECT_THAT(error_of_expecting("never", table({{"stage", text("dta")}})), HasSubstr("there is no stage 'dta'"));
  EXPECT_THAT(error_of_expecting("commands", list({})), HasSubstr("text is wanted"));
  EXPECT_THAT(error_of_expecting("function", text("x")), HasSubstr("takes a function"));
  EXPECT_THAT(error_of_expecting("client", list({number(1)})), HasSubstr("needs a name"));
}

TEST(Expectations, EveryRowOfTheTableIsKnown) {
  for (const auto& row : expectation_table())
    EXPECT_EQ(error_of_expecting(row.name, row.name == "outcome" || row.name == "commands" ? text("delivered")
                                           : row.name == "function"                        ? Value(FunctionRef{})
                                                                                           : table({})),
              "");
}

TEST(Examples, TranscriptsWithAndWithoutParameters) {
  Scenario scenario;
  declare_example(scenario, text("S: 220 ..."), 7);
  declare_example(scenario, table({{"limit", number(1)}}, {text("C: NOOP")}), 9);
  ASSERT_EQ(scenario.examples.size(), 2u);
  EXPECT_EQ(scenario.examples[0].transcript, "S: 220 ...");
  EXPECT_EQ(scenario.examples[0].line, 7);
  EXPECT_EQ(*scenario.examples[1].parameters.at("limit").number(), 1);
  EXPECT_THAT(error_of([&] { declare_example(scenario, number(1), 1); }), HasSubstr("a table { … } is wanted"));
  EXPECT_THAT(error_of([&] {
                declare_example(scenario, list({text("a"), text("b")}), 1);
              }),
              HasSubstr("example: written"));
}

// ---------------------------------------------------------------- the whole file

TEST(Finish, FindsWhatOnlyShowsAtTheEnd) {
  Scenario untitled;
  untitled.path = "t.lua";
  EXPECT_EQ(error_of([&] { finish(untitled, {}); }), "t.lua: no scenario { title = \"…\" } in this file");
  auto with_rule = [](Stage stage, bool does_something) {
    static const ActionSpec ends{
        "close", ActionClass::end, "close()", "", "T0", "", [](const Arguments&) { return Action{}; }};
    auto scenario = declared({});
    Rule rule;
    rule.stage = stage;
    rule.line = 5;
    if (does_something) rule.add({&ends, {op::Close{}}, ""});
    scenario.rules[static_cast<std::size_t>(stage)].push_back(rule);
    return error_of([&] { finish(scenario, {}); });
  };
  EXPECT_EQ(with_rule(Stage::rcpt, false),
            "t.lua:5: this rule of on.rcpt does nothing; add an action, such as :close()");
  EXPECT_EQ(with_rule(Stage::rcpt, true), "");
  EXPECT_EQ(with_rule(Stage::idle, true), "t.lua:5: on.idle needs at(\"…\"): how long the silence has lasted");
}

TEST(Catalogue, EveryIdIsItsFilesName) {
  for (const auto& entry : catalogue()) {
    EXPECT_FALSE(entry.id.empty());
    EXPECT_EQ(entry.id.find_first_of("/ "), std::string_view::npos);
    EXPECT_THAT(std::string(entry.source), HasSubstr("scenario {")) << entry.id;
  }
}

}  // namespace
}  // namespace mailfault::testing
