// What a scenario's file can name and what it gets for mistakes. The actions are this test's own: the room is given a
// table and knows none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/error.hpp"
#include "script/script.hpp"

namespace mailfault::script {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Action lower_say(const Arguments& given);
Action lower_end(const Arguments& given);
Action lower_run(const Arguments& given);
Action lower_keep(const Arguments& given);
const ActionSpec say{"say", ActionClass::answer, "say(text)", "", "T0", "text: string", lower_say};
const ActionSpec leave{"leave", ActionClass::end, "leave()", "", "T0", "", lower_end};
const ActionSpec run{"run", ActionClass::aside, "run(fn)", "", "T0", "", lower_run};
const ActionSpec keep{"keep", ActionClass::effect, "keep(value)", "", "T0", "value: any", lower_keep};

std::vector<std::string> kept;  // what keep() was given, as written

Action lower_say(const Arguments& given) {
  given.at_most(1);
  return {&say, {op::Write{given.text_template(0)}}, "says something"};
}
Action lower_end(const Arguments& given) {
  given.at_most(0);
  return {&leave, {op::Close{}}, "leaves"};
}
Action lower_run(const Arguments& given) { return {&run, {op::Call{given.function(0)}}, "decides"}; }
Action lower_keep(const Arguments& given) {
  for (std::size_t i = 0; i < given.size(); ++i) kept.push_back(given[i].written());
  return {&keep, {op::Effect{}}, "keeps"};
}

constexpr std::array<const ActionSpec*, 4> table{&say, &leave, &run, &keep};

std::unique_ptr<Script> load(const std::string& body, std::map<std::string, Value> set = {},
                             const std::string& path = "dir/t.lua") {
  Options options;
  options.actions = table;
  options.set = std::move(set);
  return Script::load("scenario { title = 't', params = { limit = { 3, 'what' }, word = { 'x', 'what' } } }\n" + body,
                      path, options);
}

std::string error_of(const std::string& body, const std::string& path = "dir/t.lua") {
  try {
    load(body, {}, path);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// What keep(…) gets in a rule.
std::vector<std::string> values(const std::string& arguments) {
  kept.clear();
  load("on.rcpt:keep(" + arguments + ")");
  return kept;
}

// ---------------------------------------------------------------- rules

TEST(Binding, RulesAreKeptInTheirOrderWithTheirLines) {
  auto script = load("on.rcpt:say('a')\non.mail:leave()\non.rcpt:nth(2)\n  :to('x')\n  :say('b'):leave()\n");
  const auto& scenario = script->scenario();
  EXPECT_EQ(scenario.id, "t");
  EXPECT_EQ(scenario.rule_count, 3u);
  const auto& rules = scenario.rules_at(Stage::rcpt);
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].line, 2);
  EXPECT_EQ(rules[1].line, 4);
  EXPECT_EQ(rules[0].number, 0u);
  EXPECT_EQ(rules[1].number, 2u);
  EXPECT_EQ(rules[1].actions.size(), 2u);
  EXPECT_EQ(rules[1].triggers.conditions.size(), 1u);
  EXPECT_EQ(rules[1].triggers.counts.size(), 1u);
  EXPECT_EQ(scenario.rules_at(Stage::mail)[0].line, 3);
}

TEST(Binding, AFunctionAtAStageIsRun) {
  auto script = load("on.mail(function() end) on.mail:nth(2):run(function()\nend)");
  const auto& rules = script->scenario().rules_at(Stage::mail);
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].actions[0].spec, &run);
  EXPECT_EQ(std::get<op::Call>(rules[1].ops[0]).function.line, 2);
}

TEST(Binding, ARuleMayBeBuiltInALoop) {
  auto script = load("for i, word in ipairs { 'a', 'b' } do on.rcpt:nth(i):say(word) end");
  EXPECT_EQ(script->scenario().rules_at(Stage::rcpt).size(), 2u);
}

// ---------------------------------------------------------------- values

TEST(Binding, ValuesKeepTheirKindAndForm) {
  EXPECT_THAT(values("1, 1.5, -0.25, 1e3, 0x10, 1 // 1, 7 / 2"),
              ElementsAre("1", "1.5", "-0.25", "1000", "16", "1", "3.5"));
  EXPECT_THAT(values("'a', true, false, nil, 'b\\0c'"),
              ElementsAre("\"a\"", "true", "false", "nothing", std::string("\"b\0c\"", 5)));
  EXPECT_THAT(values("{ 1, 'x', { 2 } }, { b = 1, a = { c = true } }, {}"),
              ElementsAre("{ 1, \"x\", { 2 } }", "{ a = { c = true }, b = 1 }", "{ }"));
  EXPECT_THAT(values("{ 1, 2, n = 3 }, function() end"), ElementsAre("{ 1, 2, n = 3 }", "a function"));
  EXPECT_THAT(values("math.maxinteger, 2^53, 0/0 ~= 0/0"), ElementsAre("9.22337e+18", "9.0072e+15", "true"));
}

TEST(Binding, TablesInTheWrongFormAreErrors) {
  EXPECT_THAT(error_of("on.rcpt:keep{ [1.5] = 1 }"), HasSubstr("neither a name nor a place in a list"));
  EXPECT_THAT(error_of("on.rcpt:keep{ [true] = 1 }"), HasSubstr("neither a name nor a place in a list"));
  EXPECT_THAT(error_of("on.rcpt:keep{ [0] = 1 }"), HasSubstr("neither a name nor a place in a list"));
  EXPECT_THAT(error_of("local t = {} t.t = t on.rcpt:keep(t)"), HasSubstr("tables are nested too deeply"));
  EXPECT_THAT(error_of("on.rcpt:keep(on)"), "");  // it shows nothing of itself
  EXPECT_THAT(error_of("on.rcpt:keep(on.rcpt)"), HasSubstr("can't stand here"));
  EXPECT_THAT(error_of("on.rcpt:keep(leave())"), HasSubstr("can't stand here"));
}

TEST(Binding, NestedTablesUpToABound) {
  EXPECT_THAT(values("{{{{{{{{}}}}}}}}"), ElementsAre("{ { { { { { { { } } } } } } } }"));
  EXPECT_THAT(error_of("on.rcpt:keep({{{{{{{{{}}}}}}}}})"), HasSubstr("nested too deeply"));
}

// ---------------------------------------------------------------- parameters

TEST(Binding, ParametersAreReadOnly) {
  kept.clear();
  load("on.rcpt:keep(params.limit, params.word)", {{"limit", Value(std::string("7"))}});
  EXPECT_THAT(kept, ElementsAre("7", "\"x\""));
  EXPECT_THAT(error_of("params.limit = 4"), AllOf(StartsWith("dir/t.lua:2: "), HasSubstr("can't be set")));
  EXPECT_THAT(error_of("params.new = 4"), HasSubstr("can't be set"));
  EXPECT_THAT(error_of("local x = params.limti"), HasSubstr("no parameter 'limti' (did you mean 'limit'?)"));
  EXPECT_THAT(error_of("local x = params[1]"), HasSubstr("a name is wanted here"));
  EXPECT_EQ(error_of("assert(getmetatable(params) == false)"), "");
}

TEST(Binding, NumbersOfParametersAreIntegersWhereTheyAreWhole) {
  EXPECT_EQ(error_of("assert(math.type(params.limit) == 'integer') assert(('%d'):format(params.limit) == '3')"), "");
}

// ---------------------------------------------------------------- what is there, and what is not

TEST(Binding, TheEnvironmentHoldsNoWayOut) {
  for (const char* name : {"os", "io", "debug", "package", "require", "load", "loadstring", "loadfile", "dofile",
                           "collectgarbage", "coroutine", "_G", "_ENV_", "rawset_", "setfenv", "newproxy", "jit"})
    EXPECT_THAT(error_of("local x = " + std::string(name)), HasSubstr("no '" + std::string(name) + "' here")) << name;
  EXPECT_EQ(error_of("local x = { assert, error, ipairs, next, pairs, pcall, print, select, tonumber, tostring, type,"
                     " math, string, table, utf8, on, expect, state, params, scenario, doors, capabilities, users,"
                     " wire, example, provider, say, leave, run, keep }"),
            "");
  EXPECT_THAT(error_of("local x = ('x').dump"), "");
  EXPECT_EQ(error_of("assert(string.dump == nil)"), "");
}

TEST(Binding, BytecodeIsRefused) {
  Options options;
  options.actions = table;
  EXPECT_THROW(Script::load("\x1bLua", "t.lua", options), Error);
}

struct Mistake {
  std::string body, gist;
  int line = 2;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.body; }
};
class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithFileAndLine) {
  auto line = GetParam().line == 0 ? "" : std::to_string(GetParam().line) + ":";
  EXPECT_THAT(error_of(GetParam().body), AllOf(StartsWith("dir/t.lua:" + line + " "), HasSubstr(GetParam().gist)));
}

INSTANTIATE_TEST_SUITE_P(Binding, Mistakes,
                         ::testing::ValuesIn(std::vector<Mistake>{
                             {"on.greting:leave()", "no stage 'greting' (did you mean 'greeting'?)"},
                             {"on.rcpt:leav()", "no trigger or action 'leav' (did you mean 'leave'?)"},
                             {"on.rcpt:frist(2):leave()", "no trigger or action 'frist' (did you mean 'first'?)"},
                             {"\n\non.rcpt:to('x')\n:leav()", "no trigger or action 'leav'", 5},
                             {"on.rcpt.first(2)", "write on.rcpt:first(…), with a colon"},
                             {"on.rcpt.leave()", "write on.rcpt:leave(…), with a colon"},
                             {"on.rcpt:first(2).leave()", "write :leave(…), with a colon"},
                             {"on.rcpt:first()", "first: argument 1 must be a number"},
                             {"on.rcpt:say()", "it is written say(text)"},
                             {"on.rcpt:where('peeer'):leave()", "no field 'peeer' (did you mean 'peer'?)"},
                             {"on.rcpt:say('{peeer}')", "no field 'peeer' (did you mean 'peer'?)"},
                             {"on.rcpt:leave():say('x')", "never plays"},
                             {"on.noop:keep()", "on.noop has no effect to keep"},
                             {"on.close:leave()", "only a function fits here"},
                             {"on.rcpt:at(3):leave()", "on.rcpt has no inside to point at"},
                             {"on.idle:leave()", "on.idle needs at("},
                             {"on.rcpt:to('x')", "this rule of on.rcpt does nothing"},
                             {"on.rcpt('x')", "run: argument 1 must be a function"},
                             {"on.rcpt = 1", "this can't be set"},
                             {"on.rcpt.x = 1", "this can't be set"},
                             {"on[1]:leave()", "a name is wanted here"},
                             {"seen = 1", "'seen' is not declared: write 'local seen = …'"},
                             {"local x = sayy", "no 'sayy' here (did you mean 'say'?)"},
                             {"local x = leave():sayy('x')", "no action 'sayy' (did you mean 'say'?)"},
                             {"local x = leave().say('x')", "with a colon"},
                             {"expect.outcom 'delivered'", "no expectation 'outcom' (did you mean 'outcome'?)"},
                             {"expect.outcome 'delivred'", "no outcome 'delivred' (did you mean 'delivered'?)"},
                             {"expect.copies{ at_mots = 1 }", "did you mean 'at_most'?"},
                             {"expect:outcome('delivered')", "takes one value, and a dot, not a colon"},
                             {"expect 'delivered'", "takes a function"},
                             {"scenario { title = 'again' }", "stands in the file twice"},
                             {"doors { smtp = { prot = 25 } }", "did you mean 'port'?"},
                             {"doors()", "doors takes one value: doors { … }"},
                             {"wire { latency = 'long' }", "wire.latency: \"long\" is no duration"},
                             {"example { 1 }", "example: written"},
                             {"provider 'gmial'", "no provider 'gmial' (did you mean 'gmail'?)"},
                             {"provider { 'gmail' }", "provider"},
                             {"state.count = 1", "is a function of the language"},
                             {"error('my own')", "my own"},
                             {"local x = 1 +", "unexpected symbol", 2},
                             {"\n\nlocal x = nil + 1", "arithmetic on a nil value", 4},
                         }),
                         [](const auto& row) { return "row_" + std::to_string(row.index); });

TEST(Binding, ErrorsWithoutAPlaceGetTheFiles) {
  EXPECT_EQ(error_of("error('my own', 0)"), "dir/t.lua: my own");
  EXPECT_THAT(error_of("error({})"), StartsWith("dir/t.lua: "));
}

TEST(Binding, ALongPathIsSaidInFull) {
  auto path = std::string(100, 'd') + "/t.lua";
  EXPECT_THAT(error_of("seen = 1", path), StartsWith(path + ":2: 'seen' is not declared"));
}

TEST(Binding, AFileWithoutAScenarioIsAnError) {
  Options options;
  options.actions = table;
  try {
    Script::load("on.rcpt:leave()", "t.lua", options);
    FAIL() << "it loaded";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "t.lua: no scenario { title = \"…\" } in this file");
  }
}

TEST(Binding, ExamplesAndExpectationsKnowTheirLines) {
  auto script = load("example [[\nS: 220\n]]\nexpect.outcome 'delivered'\nexpect(function() end)");
  EXPECT_EQ(script->scenario().examples[0].line, 2);
  EXPECT_EQ(script->scenario().expectations[0].line, 5);
  EXPECT_EQ(script->scenario().expectations[1].name, "function");
  EXPECT_EQ(script->scenario().expectations[1].line, 6);
}

TEST(Binding, StateCountsAtLoadToo) {
  EXPECT_EQ(error_of("assert(state:count('a') == 1) assert(state:count('a') == 2) state.x = 1 assert(state.x == 1)"),
            "");
}

}  // namespace
}  // namespace mailfault::script
