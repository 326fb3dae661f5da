#include "sandbox_test.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <set>
#include <vector>

namespace mailfault::script {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr SandboxLimits quick{.activation = milliseconds(100), .slice = milliseconds(5)};

TEST(Sandbox, RunsAChunkToItsEnd) {
  Script script;
  EXPECT_EQ(script.text("return 1 + 1, 'x', nil, true"), "2 'x' nil true");
}

TEST(Sandbox, AnErrorKeepsItsPlace) {
  Script script;
  const Outcome outcome = script.run("local x\n\nerror('broken')");
  EXPECT_EQ(outcome.ran, Ran::failed);
  EXPECT_EQ(outcome.text, "test.lua:3: broken");
}

TEST(Sandbox, AnErrorObjectIsNamedByItsTypeAndNotAsked) {
  Script script(quick);
  EXPECT_EQ(script.text("error(setmetatable({}, {__tostring = function() while true do end end}))"),
            "error object of type table");
  EXPECT_EQ(script.text("error(nil)"), "error object of type nil");
  EXPECT_EQ(script.text("error(12)"), "12");
}

TEST(Sandbox, AThreadCanBeStartedAgainAfterAnyEnd) {
  Script script(quick);
  lua_State* thread = script.thread("error('once')");
  int results = 0;
  for (const auto& [code, ran] : std::vector<std::pair<const char*, Ran>>{
           {"error('again')", Ran::failed}, {"while true do end", Ran::timed_out}, {"return 7", Ran::finished}}) {
    lua_settop(thread, 0);
    luaL_loadstring(thread, code);
    EXPECT_EQ(script.sandbox().run(thread, 0, &results, ""), ran) << code;
  }
  EXPECT_EQ(lua_tointeger(thread, -1), 7);
}

TEST(Sandbox, ArgumentsAndResultsPass) {
  Script script;
  lua_State* thread = script.thread("local a, b = ... return b, a, a + b");
  lua_pushinteger(thread, 3);
  lua_pushinteger(thread, 4);
  int results = 0;
  EXPECT_EQ(script.sandbox().resume(thread, 2, &results), Ran::finished);
  EXPECT_EQ(results, 3);
  EXPECT_EQ(shown(thread, results), "4 3 7");
}

int wait(lua_State* state) { return lua_yield(state, lua_gettop(state)); }

TEST(Sandbox, AHostFunctionYieldsWithValuesAndIsResumedWithOthers) {
  Script script;
  lua_register(script.state(), "wait", wait);
  lua_State* thread = script.thread("local a = wait('op', 1) local ok, b = pcall(wait, 'again') return a, ok, b");
  int results = 0;
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::yielded);
  EXPECT_EQ(shown(thread, results), "'op' 1");
  lua_pop(thread, results);
  lua_pushinteger(thread, 41);
  ASSERT_EQ(script.sandbox().resume(thread, 1, &results), Ran::yielded);
  EXPECT_EQ(shown(thread, results), "'again'");
  lua_pop(thread, results);
  lua_pushinteger(thread, 42);
  ASSERT_EQ(script.sandbox().resume(thread, 1, &results), Ran::finished);
  EXPECT_EQ(shown(thread, results), "41 true 42");
}

TEST(Sandbox, AnErrorAfterAYieldIsCaughtByThePcallBeforeIt) {
  Script script;
  lua_register(script.state(), "wait", wait);
  lua_State* thread = script.thread("return pcall(function() wait() error('x', 0) end)");
  int results = 0;
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::yielded);
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::finished);
  EXPECT_EQ(shown(thread, results), "false 'x'");
}

TEST(Sandbox, RunRefusesAYieldAndSaysWhere) {
  Script script;
  lua_register(script.state(), "wait", wait);
  const Outcome outcome = script.run("local closed = 1\npcall(wait)");
  EXPECT_EQ(outcome.ran, Ran::failed);
  EXPECT_EQ(outcome.text, "this can't wait");
  EXPECT_EQ(script.text("\nlocal x = wait() return x"), "test.lua:2: this can't wait");
}

TEST(Sandbox, WaitingInsideASortOrGsubSaysWhyNot) {
  Script script;
  lua_register(script.state(), "wait", wait);
  const std::string why = "can't wait";
  EXPECT_THAT(script.text("return ('x'):gsub('x', function() wait() end)"), EndsWith(why));
  EXPECT_THAT(script.text("table.sort({1, 2}, function() wait() end)"), EndsWith(why));
}

TEST(Sandbox, TwoBusyThreadsAlternate) {
  Script script({.activation = milliseconds(10'000), .slice = milliseconds(1)});
  const char* const code = "local n = 0 for i = 1, 3e5 do n = n + i % 7 end return n";
  std::vector<lua_State*> busy{script.thread(code), script.thread(code)};
  int preempted = 0;
  int results = 0;
  std::vector<std::string> ended;
  while (!busy.empty()) {
    for (auto thread = busy.begin(); thread != busy.end();) {
      const Ran ran = script.sandbox().resume(*thread, 0, &results);
      if (ran == Ran::preempted) {
        ++preempted;
        ++thread;
        continue;
      }
      EXPECT_EQ(ran, Ran::finished);
      ended.push_back(shown(*thread, results));
      thread = busy.erase(thread);
    }
  }
  EXPECT_GT(preempted, 2);
  EXPECT_EQ(ended, (std::vector<std::string>{"899998", "899998"}));
}

TEST(Sandbox, RunningTimeAddsUpOverSlicesAndNotOverOthersTurns) {
  Script script({.activation = milliseconds(60), .slice = milliseconds(2)});
  lua_State* endless = script.thread("while true do end");
  lua_State* brief = script.thread("for i = 1, 100 do end");
  int results = 0;
  int slices = 0;
  const auto began = std::chrono::steady_clock::now();
  Ran ran{};
  while ((ran = script.sandbox().resume(endless, 0, &results)) == Ran::preempted) {
    ++slices;
    lua_settop(brief, 0);
    luaL_loadstring(brief, "return 1");
    EXPECT_EQ(script.sandbox().resume(brief, 0, &results), Ran::finished);
  }
  EXPECT_EQ(ran, Ran::timed_out);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(60));
  EXPECT_GT(slices, 3);
}

int spin(lua_State*) {
  const auto until = std::chrono::steady_clock::now() + milliseconds(40);
  while (std::chrono::steady_clock::now() < until) {
  }
  return 0;
}

TEST(Sandbox, EachWaitBeginsANewActivation) {
  Script script({.activation = milliseconds(200), .slice = milliseconds(1000)});
  lua_register(script.state(), "wait", wait);
  lua_register(script.state(), "spin", spin);
  lua_State* thread = script.thread("for i = 1, 6 do spin() for j = 1, 2000 do end wait() end");
  int results = 0;
  for (int i = 0; i < 6; ++i) ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::yielded);
  EXPECT_EQ(script.sandbox().resume(thread, 0, &results), Ran::finished);
}

TEST(Sandbox, ATimeLimitNamesTheLine) {
  Script script({.activation = milliseconds(5)});
  for (int i = 0; i < 20; ++i) {
    const Outcome outcome = script.run("local n = 0\nwhile true do n = n + 1 end\n");
    EXPECT_EQ(outcome.ran, Ran::timed_out);
    EXPECT_THAT(outcome.text, StartsWith("test.lua:2: the function ran longer than 5ms"));
  }
}

TEST(Sandbox, AMemoryLimitIsNamed) {
  Script script;
  const Outcome outcome = script.run("local t = {} for i = 1, 1e9 do t[i] = {} end");
  EXPECT_EQ(outcome.ran, Ran::failed);
  EXPECT_EQ(outcome.text, "the scenario's memory limit of 16 MiB is reached");
}

TEST(Sandbox, AnEndlessRecursionHasAPlace) {
  Script script;
  const Outcome outcome = script.run("local function f(n)\n  return 1 + f(n + 1)\nend\nreturn f(1)");
  EXPECT_EQ(outcome.ran, Ran::failed);
  EXPECT_EQ(outcome.text, "test.lua:2: the calls are nested too deep (an endless recursion?)");
  EXPECT_EQ(script.text("local function f(n) return n == 0 and 0 or 1 + f(n - 1) end return f(9000)"), "9000");
}

TEST(Sandbox, TheHostMayAllocateOverTheLimit) {
  Script script({.memory = 1 << 20});
  const std::string text(4 << 20, 'x');
  lua_pushlstring(script.state(), text.data(), text.size());
  lua_setglobal(script.state(), "text");
  EXPECT_GT(script.sandbox().memory_used(), 4U << 20);
  EXPECT_THAT(script.text("return text .. 'x'"), HasSubstr("memory limit of 1 MiB"));
  lua_pushnil(script.state());
  lua_setglobal(script.state(), "text");
  EXPECT_EQ(script.text("return text"), "nil");
}

TEST(Sandbox, MemoryIsGivenBack) {
  Script script;
  const auto run = [&] {
    EXPECT_EQ(script.run("local t = {} for i = 1, 1e4 do t[i] = {i} end").ran, Ran::finished);
    lua_gc(script.state(), LUA_GCCOLLECT);
    return script.sandbox().memory_used();
  };
  const std::size_t before = run();
  for (int i = 0; i < 20; ++i) EXPECT_LE(run(), before + 4096);
}

TEST(Sandbox, AbandonClosesVariablesAndAThreadCanBeStartedAgain) {
  Script script(quick);
  lua_register(script.state(), "wait", wait);
  lua_State* thread =
      script.thread("local c <close> = setmetatable({}, {__close = function() closed = true end}) wait()");
  int results = 0;
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::yielded);
  EXPECT_EQ(script.text("return closed"), "nil");
  script.sandbox().abandon(thread);
  EXPECT_EQ(script.text("return closed"), "true");
  luaL_loadstring(thread, "return 5");
  EXPECT_EQ(script.sandbox().resume(thread, 0, &results), Ran::finished);
  EXPECT_EQ(lua_tointeger(thread, -1), 5);
}

TEST(Sandbox, AbandonEndsAPreemptedThreadWhoseVariablesNeverClose) {
  Script script(quick);
  lua_State* thread = script.thread(
      "local c <close> = setmetatable({}, {__close = function() while true do pcall(function() while true do end "
      "end) "
      "end end}) while true do end");
  int results = 0;
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::preempted);
  const auto began = std::chrono::steady_clock::now();
  script.sandbox().abandon(thread);
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(500));
  EXPECT_EQ(script.text("return 1 + 1"), "2");
}

TEST(Sandbox, AFailureClosesVariablesAndTheyMayWait) {
  Script script;
  lua_register(script.state(), "wait", wait);
  lua_State* thread = script.thread(
      "local c <close> = setmetatable({}, {__close = function() wait() closed = true end}) error('x', 0)");
  int results = 0;
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::yielded);
  ASSERT_EQ(script.sandbox().resume(thread, 0, &results), Ran::failed);
  EXPECT_STREQ(lua_tostring(thread, -1), "x");
  EXPECT_EQ(script.text("return closed"), "true");
}

int nested(lua_State* state) {
  lua_State* thread = lua_newthread(state);
  luaL_loadstring(thread, "while true do end");
  int results = 0;
  lua_pushboolean(state, sandbox_of(state).run(thread, 0, &results, "") == Ran::timed_out);
  return 1;
}

TEST(Sandbox, ARunInsideARunEndsWithTheOuterOne) {
  Script script(quick);
  lua_register(script.state(), "nested", nested);
  const Outcome outcome = script.run("while true do nested() end");
  EXPECT_EQ(outcome.ran, Ran::timed_out);
  EXPECT_LT(outcome.took, milliseconds(500));
}

int works_long(lua_State* state) {
  for (;;) charge(state, 1000);
}

TEST(Sandbox, ChargedWorkOfTheHostEndsByTheTimeLimit) {
  Script script(quick);
  lua_register(script.state(), "works_long", works_long);
  const Outcome outcome = script.run("\nworks_long()");
  EXPECT_EQ(outcome.ran, Ran::timed_out);
  EXPECT_THAT(outcome.text, StartsWith("test.lua:2: the function ran longer than 100ms"));
  EXPECT_EQ(script.run("for i = 1, 1e9 do pcall(works_long) end").ran, Ran::timed_out);
}

TEST(Sandbox, PrintGoesToTheHost) {
  Script script;
  std::vector<std::string> lines;
  script.sandbox().print = [&](std::string_view line) { lines.emplace_back(line); };
  script.run("print('a', 1, nil, 2.5) print() print(setmetatable({}, {__tostring = function() return 'me' end}))");
  EXPECT_EQ(lines, (std::vector<std::string>{"a\t1\tnil\t2.5", "", "me"}));
}

TEST(Sandbox, DrawsComeFromTheHost) {
  const auto drawn = [](double at) {
    Script script;
    script.sandbox().draw = [at]() mutable { return at = at * 7.77 - static_cast<int>(at * 7.77); };
    return script.text(
        "return math.random(), math.random(6), math.random(-3, 3), math.random(0), math.random(1, 1 << 60)");
  };
  EXPECT_EQ(drawn(0.1234), drawn(0.1234));
  EXPECT_NE(drawn(0.1234), drawn(0.4321));
}

TEST(Sandbox, DrawsStayInTheirIntervals) {
  Script script;
  double next = 0;
  script.sandbox().draw = [&] { return next; };
  const std::string all =
      "return math.random(6), math.random(5, 9), math.random(math.mininteger, math.maxinteger), "
      "math.random(0, math.maxinteger), math.random(1 << 52), math.random(7, 7)";
  EXPECT_EQ(script.text(all), "1 5 -9223372036854775808 0 1 7");
  next = std::nextafter(1.0, 0.0);
  EXPECT_EQ(script.text(all), "6 9 9223372036854775807 9223372036854775807 4503599627370496 7");
  EXPECT_THAT(script.text("math.random(2, 1)"), HasSubstr("interval is empty"));
  EXPECT_THAT(script.text("math.random(-1)"), HasSubstr("interval is empty"));
  EXPECT_THAT(script.text("math.random(1, 2, 3)"), HasSubstr("wrong number of arguments"));
  EXPECT_THAT(script.text("math.randomseed(1)"), HasSubstr("--seed"));
  script.sandbox().draw = nullptr;
  EXPECT_THAT(script.text("math.random()"), HasSubstr("nothing to draw from"));
}

TEST(Sandbox, PairsWalkInSortedOrder) {
  Script script;
  const std::string walk =
      "local t = {} for k, v in pairs({b = 1, a = 2, ['10'] = 3, [10] = 4, [2] = 5, [-1] = 6, [1.5] = 7, [true] = 8, "
      "[false] = 9, B = 10, [math.huge] = 11, [''] = 12, 13}) do t[#t + 1] = tostring(k) .. '=' .. v end "
      "return table.concat(t, ' ')";
  EXPECT_EQ(script.text(walk), "'-1=6 1=13 1.5=7 2=5 10=4 inf=11 =12 10=3 B=10 a=2 b=1 false=9 true=8'");
  EXPECT_EQ(script.text("local t = {} for i = 1, 300 do t['k' .. i % 100 .. '/' .. i] = i end local last = '' "
                        "for k in pairs(t) do if k < last then return k end last = k end return 'sorted'"),
            "'sorted'");
}

TEST(Sandbox, APairsWalkAllowsChanges) {
  Script script;
  EXPECT_EQ(
      script.text(
          "local t, seen = {a = 1, b = 2, c = 3, d = 4}, '' "
          "for k, v in pairs(t) do seen = seen .. k .. v t[k] = nil t.c = nil t.d = 9 end return seen, next(t)"),
      "'a1b2d9' 'd' 9");
  EXPECT_EQ(script.text("local t, n = {a = 1}, 0 for k in pairs(t) do n = n + 1 t['x' .. n] = 1 end return n"), "1");
}

TEST(Sandbox, NextGoesInTheSameOrder) {
  Script script;
  EXPECT_EQ(
      script.text(
          "local t, seen = {z = 1, y = 2, 7, [-3] = 4, [true] = 5}, '' local k, v = next(t) "
          "while k ~= nil do seen = seen .. tostring(k) .. v .. ' ' k, v = next(t, k) end return seen, next({})"),
      "'-34 17 y2 z1 true5 ' nil");
}

TEST(Sandbox, PairsHonoursItsMetamethodAndChecksItsArgument) {
  Script script;
  EXPECT_EQ(
      script.text("local t = setmetatable({}, {__pairs = function() return function(_, k) if not k then return 1, 2 "
                  "end end, nil, nil end}) for k, v in pairs(t) do return k, v end"),
      "1 2");
  EXPECT_THAT(script.text("pairs(nil)"), HasSubstr("bad argument #1 to 'pairs' (table expected, got nil)"));
  EXPECT_THAT(script.text("pairs()"), HasSubstr("bad argument #1 to 'pairs'"));
}

TEST(Sandbox, FinalizersAreRefusedAndNeverArmed) {
  Script script;
  EXPECT_THAT(script.text("setmetatable({}, {__gc = function() end})"), HasSubstr("__gc"));
  EXPECT_THAT(script.text("setmetatable({}, {__gc = true})"), HasSubstr("__gc"));
  EXPECT_EQ(script.text("do local m = {} for i = 1, 1000 do setmetatable({}, m) end "
                        "m.__gc = function() finalized = true end end"),
            "");
  lua_gc(script.state(), LUA_GCCOLLECT);
  EXPECT_EQ(script.text("return finalized"), "nil");
}

TEST(Sandbox, MetatablesAreProtected) {
  Script script;
  EXPECT_EQ(script.text("return getmetatable('x')"), "false");
  EXPECT_THAT(script.text("setmetatable('x', {})"), HasSubstr("table expected"));
  EXPECT_EQ(script.text("return getmetatable(setmetatable({}, {__metatable = 'locked'}))"), "'locked'");
  EXPECT_THAT(script.text("setmetatable(setmetatable({}, {__metatable = 1}), {})"), HasSubstr("protected metatable"));
  EXPECT_EQ(script.text(
                "local m = {} local t = setmetatable({}, m) return getmetatable(t) == m, setmetatable(t, nil) == t, "
                "getmetatable(t)"),
            "true true nil");
  EXPECT_THAT(script.text("setmetatable({})"), HasSubstr("nil or table expected"));
}

// --- no way out ---

/// "name" or "library.name" of all that is reachable through tables and metatables from the table on top.
void collect(lua_State* state, const std::string& prefix, std::set<std::string>* names, std::set<const void*>* seen) {
  if (!seen->insert(lua_topointer(state, -1)).second) return;
  for (lua_pushnil(state); lua_next(state, -2); lua_pop(state, 1)) {
    const std::string name = prefix + lua_tostring(state, -2);
    if (lua_istable(state, -1))
      collect(state, name + ".", names, seen);
    else
      names->insert(name);
  }
}

TEST(Sandbox, OnlyTheAllowedIsReachable) {
  Script script;
  std::set<std::string> names;
  std::set<const void*> seen;
  lua_pushglobaltable(script.state());
  EXPECT_FALSE(lua_getmetatable(script.state(), -1));
  collect(script.state(), "", &names, &seen);
  EXPECT_THAT(
      names,
      testing::ElementsAre(
          "assert", "error", "getmetatable", "ipairs", "math.abs", "math.acos", "math.asin", "math.atan", "math.ceil",
          "math.cos", "math.deg", "math.exp", "math.floor", "math.fmod", "math.huge", "math.log", "math.max",
          "math.maxinteger", "math.min", "math.mininteger", "math.modf", "math.pi", "math.rad", "math.random",
          "math.randomseed", "math.sin", "math.sqrt", "math.tan", "math.tointeger", "math.type", "math.ult", "next",
          "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable",
          "string.byte", "string.char", "string.find", "string.format", "string.gmatch", "string.gsub", "string.len",
          "string.lower", "string.match", "string.pack", "string.packsize", "string.rep", "string.reverse",
          "string.sub", "string.unpack", "string.upper", "table.concat", "table.insert", "table.move", "table.pack",
          "table.remove", "table.sort", "table.unpack", "tonumber", "tostring", "type", "utf8.char",
          "utf8.charpattern", "utf8.codepoint", "utf8.codes", "utf8.len", "utf8.offset"));
}

TEST(Sandbox, MethodsOfStringsAreTheBoundedOnes) {
  Script script;
  EXPECT_EQ(script.text("return ('x'):rep(3), ('x').dump, ('x').rep == string.rep"), "'xxx' nil true");
  EXPECT_EQ(script.text("return '10' + 5, '3' * '4', -'2', 10 .. 20"), "15 12 -2 '1020'");
}

TEST(Sandbox, TheGlobalsOfTheStateAreUntouchedByAnEnvironment) {
  Sandbox sandbox;
  lua_State* state = sandbox.state();
  lua_newtable(state);
  add_globals(state);
  EXPECT_EQ(lua_gettop(state), 1);
  lua_getfield(state, 1, "pairs");
  EXPECT_TRUE(lua_isfunction(state, -1));
  lua_pushglobaltable(state);
  lua_pushnil(state);
  EXPECT_FALSE(lua_next(state, -2));
}

TEST(Sandbox, ACallOutsideOfARunIsAnExceptionOfTheHosts) {
  Script script;
  lua_pushnil(script.state());
  EXPECT_THROW(lua_call(script.state(), 0, 0), std::runtime_error);
}

}  // namespace
}  // namespace mailfault::script
