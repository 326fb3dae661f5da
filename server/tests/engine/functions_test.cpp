// Lua functions at stages: what they wait for, what they share, and what happens when they go wrong.
#include <chrono>

#include "world.hpp"

namespace mailfault::testing {
namespace {

using Upto = World::Upto;
using script::SandboxLimits;

/// "file:line: …" of every error.
std::vector<std::string> errors(const World& world) { return world.texts(EventKind::error); }

World::Options impatient() {
  World::Options options;
  options.limits.activation = 50ms;
  options.limits.slice = 10ms;
  return options;
}

// ---------------------------------------------------------------- reading and waiting

TEST(Functions, ReadLineTakesALine) {
  World world(R"(on.noop(function(session)
  session:send("300 go on\r\n")
  local line, why = session:read_line("10s")
  return reply(250, "got " .. tostring(line) .. " " .. tostring(why))
end))");
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "300 go on\r\n");
  EXPECT_EQ(client.send("RSE"), "");
  EXPECT_EQ(client.send("T x\r\n"), "250 got RSET x nil\r\n");
  EXPECT_THAT(world.texts(EventKind::command), ElementsAre("NOOP", "RSET x"));
}

TEST(Functions, ReadLineTakesAPipelinedLine) {
  World world("on.noop(function(session) return reply(250, session:read_line(0)) end)");
  auto& client = world.client();
  EXPECT_EQ(client.send("NOOP\r\nRSET\r\nRSET\r\n"), "250 RSET\r\n250 2.0.0 Ok\r\n");
}

TEST(Functions, ReadLineTimesOut) {
  World world(R"(on.noop(function(session)
  local line, why = session:read_line("10s")
  return reply(250, tostring(line) .. " " .. why)
end))");
  auto& client = world.client();
  client.send("NOOP\r\nhalf");
  world.advance(9999ms);
  EXPECT_EQ(client.read(), "");
  world.advance(1ms);
  EXPECT_EQ(client.read(), "250 nil timeout\r\n");
  EXPECT_EQ(client.say(""), "500 5.5.2 Error: command not recognized\r\n");  // "half" was not taken
}

TEST(Functions, ReadLineSaysThatTheClientHasClosed) {
  World world(R"(on.noop(function(session)
  local line, why = session:read_line("10s")
  state.why = why
end)
on.close(function() print(tostring(state.why)) end))");
  auto& client = world.client();
  client.say("NOOP");
  client.leave();
  EXPECT_THAT(world.texts(EventKind::fact), ElementsAre("print: closed"));
  EXPECT_THAT(errors(world), IsEmpty());
}

TEST(Functions, WaitSeesAByteAndTakesNothing) {
  World world("on.noop(function(session) return reply(250, tostring(session:wait('5s'))) end)");
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "");
  EXPECT_EQ(client.send("R"), "250 true\r\n");
  EXPECT_EQ(client.send("SET\r\n"), "250 2.0.0 Ok\r\n");
  client.say("NOOP");
  world.advance(5s);
  EXPECT_EQ(client.read(), "250 false\r\n");
}

TEST(Functions, WaitForALineLikeAGlob) {
  World world("on.noop(function(session) return reply(250, tostring(session:wait('5s', 'q*'))) end)");
  auto& client = world.client();
  client.say("NOOP");
  EXPECT_EQ(client.send("QUI"), "");
  EXPECT_EQ(client.send("T\r\n"), "250 true\r\n221 2.0.0 Bye\r\n");
  auto& other = world.client();
  other.say("NOOP");
  EXPECT_EQ(other.say("RSET"), "");  // not like it
  world.advance(5s);
  EXPECT_EQ(other.read(), "250 false\r\n250 2.0.0 Ok\r\n");
}

TEST(Functions, ADelayBlocksNoOtherSession) {
  World world("on.noop(function(session) session:delay('10s') end)");
  auto& slow = world.client();
  auto& other = world.client();
  EXPECT_EQ(slow.say("NOOP"), "");
  world.advance(1s);
  EXPECT_EQ(other.say("RSET"), "250 2.0.0 Ok\r\n");
  EXPECT_EQ(other.say("NOOP"), "");
  world.advance(9s);
  EXPECT_EQ(slow.read(), "250 2.0.0 Ok\r\n");
  EXPECT_EQ(other.read(), "");
  world.advance(1s);
  EXPECT_EQ(other.read(), "250 2.0.0 Ok\r\n");
}

TEST(Functions, TwoSessionsInterleave) {
  World world(R"(on.noop(function(session)
  local said = {}
  for i = 1, 3 do
    said[i] = session:read_line("1m")
    state.order = (state.order or "") .. session.connection .. said[i] .. " "
  end
  return reply(250, table.concat(said, ","))
end)
on.rset(function() return reply(250, state.order) end))");
  auto& a = world.client();
  auto& b = world.client();
  a.say("NOOP");
  b.say("NOOP");
  a.say("x");
  b.say("x");
  b.say("y");
  a.say("y");
  EXPECT_EQ(a.say("z"), "250 x,y,z\r\n");
  EXPECT_EQ(b.say("z"), "250 x,y,z\r\n");
  EXPECT_EQ(a.say("RSET"), "250 1x 2x 2y 1y 1z 2z \r\n");
}

TEST(Functions, AScriptCanDriveAWholeSession) {
  World world(R"(on.connect(function(session)
  session:send("220-a\r\n220")
  session:delay("200ms")
  session:send(" b\r\n")
  while true do
    local line = session:read_line("1m")
    if not line or line == "QUIT" then return close() end
    session:reply(250, line:lower())
  end
end))");
  auto& client = world.connect();
  EXPECT_EQ(client.read(), "220-a\r\n220");
  world.advance(200ms);
  EXPECT_EQ(client.read(), " b\r\n");
  EXPECT_EQ(client.send("A\r\nB\r\n"), "250 a\r\n250 b\r\n");
  EXPECT_EQ(client.say("QUIT"), "");
  EXPECT_TRUE(client.wire->fin());
}

TEST(Functions, ArgumentsAreThoseOfTheStage) {
  World world(R"(
on.command(function(session, verb) print("command " .. tostring(verb)) end)
on.helo(function(session, name) print("helo " .. tostring(name)) end)
on.auth(function(session, user) print("auth " .. tostring(user)) end)
on.mail(function(session, from) print("mail " .. tostring(from)) end)
on.rcpt(function(session, rcpt) print("rcpt " .. tostring(rcpt)) end)
on.data(function(session, nothing) print("data " .. tostring(nothing)) end)
on.message(function(session, nothing) print("message " .. tostring(nothing) .. " " .. session.text) end)
on.close(function(session, who) print("close " .. tostring(who)) end))");
  auto& client = world.client(Upto::ehlo);
  client.say("AUTH PLAIN " + base64(std::string("\0me\0secret", 10)));
  client.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\ntext\r\n.\r\n");
  client.leave();
  std::vector<std::string> stages;
  for (auto& text : world.texts(EventKind::fact))
    if (text.starts_with("print: ") && !text.starts_with("print: command")) stages.push_back(text.substr(7));
  EXPECT_THAT(stages, ElementsAre("helo c", "auth me", "mail a@x", "rcpt b@y", "data nil", "message nil text\r\n",
                                  "close client"));
  EXPECT_THAT(world.texts(EventKind::fact), Contains("print: command EHLO"));
}

TEST(Functions, TextThatAFunctionBuiltIsSentAsItIs) {
  World world("on.noop(function(session) return reply(250, '{peer} {nothing}') end)");
  EXPECT_EQ(world.client().say("NOOP"), "250 {peer} {nothing}\r\n");
}

TEST(Functions, WhatAFunctionPlayedComesBeforeItsChain) {
  World world(R"(on.noop(function(session)
  session:send("1\r\n")
  return send("2\r\n"):reply(250, "3"):close()
end))");
  auto& client = world.client();
  auto before = client.wire->writes();
  EXPECT_EQ(client.say("NOOP"), "1\r\n2\r\n250 3\r\n");
  EXPECT_EQ(client.wire->writes(), before + 1);
  EXPECT_TRUE(client.wire->fin());
}

// ---------------------------------------------------------------- time limits

// The first client's function runs longer than a slice: the server serves the second before it goes on.
TEST(Functions, ABusyFunctionGivesWay) {
  World::Options options;
  options.limits.slice = 1ms;
  World world(R"(on.noop(function(session)
  local x = 0
  while not state.served do x = x + 1 end
  return reply(250, "busy")
end)
on.rset(function() state.served = true end))",
              options);
  auto& busy = world.client();
  auto& other = world.client();
  busy.wire->client_sends("NOOP\r\n");  // one slice
  EXPECT_EQ(busy.read(), "");
  other.wire->client_sends("RSET\r\n");
  EXPECT_EQ(other.read(), "250 2.0.0 Ok\r\n");
  world.pump();
  EXPECT_EQ(busy.read(), "250 busy\r\n");
  EXPECT_THAT(errors(world), IsEmpty());
}

TEST(Functions, ARunawayEndsItsSessionAlone) {
  World world("on.noop(function(session)\n  while true do end\nend)", impatient());
  auto& runaway = world.client();
  auto& other = world.client();
  auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(runaway.say("NOOP"), "421 4.3.0 Scenario error\r\n");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_TRUE(runaway.wire->fin());
  EXPECT_TRUE(world.instance().failed());
  EXPECT_THAT(errors(world), ElementsAre(AllOf(StartsWith("t.lua:3: "), HasSubstr("ran longer than 50ms"))));
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("server: a script error"));
  EXPECT_EQ(other.say("RSET"), "250 2.0.0 Ok\r\n");
  EXPECT_EQ(world.client().say("RSET"), "250 2.0.0 Ok\r\n");
}

TEST(Functions, ARunawayInMatchingEndsItsSession) {
  World world("on.noop:matching(function() while true do end end):reply(250)", impatient());
  EXPECT_EQ(world.client().say("NOOP"), "421 4.3.0 Scenario error\r\n");
  EXPECT_THAT(errors(world), ElementsAre(StartsWith("t.lua:2: ")));
}

TEST(Functions, WaitsDontCountAsRunningTime) {
  World world("on.noop(function(session) for i = 1, 100 do session:delay('10s') end end)", impatient());
  auto& client = world.client();
  client.say("NOOP");
  world.advance(1000s);
  EXPECT_EQ(client.read(), "250 2.0.0 Ok\r\n");
}

TEST(Functions, ARunawayAtLoadIsAnError) {
  script::Options options;
  options.actions = action_table();
  options.limits.activation = 50ms;
  try {
    script::Script::load(scenario_of("while true do end"), "t.lua", options);
    FAIL() << "it loaded";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(StartsWith("t.lua:2: "), HasSubstr("ran longer than")));
  }
}

// ---------------------------------------------------------------- mistakes at run time

struct Mistake {
  std::string name, body, gist;
  int line = 2;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};
class RunTimeMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(RunTimeMistakes, FailClosed) {
  World world(GetParam().body);
  auto& client = world.client(Upto::ehlo);
  auto heard = client.say("NOOP");
  world.advance(1min);
  heard += client.read();
  EXPECT_THAT(errors(world), ElementsAre(AllOf(StartsWith("t.lua:" + std::to_string(GetParam().line) + ": "),
                                               HasSubstr(GetParam().gist))));
  EXPECT_TRUE(world.instance().failed());
  EXPECT_EQ(world.instance().open_sessions(), 0u);
  EXPECT_TRUE(client.wire->fin() || client.wire->reset_seen());
  EXPECT_THAT(heard, Not(HasSubstr("250 ")));
}

const std::vector<Mistake> mistakes{
    {"error", "on.noop(function()\n  error('my own')\nend)", "my own", 3},
    {"nil_call", "on.noop(function(session)\n  session.nothing()\nend)", "no field and no method 'nothing'", 3},
    {"near_method", "on.noop(function(session) session:repyl(250) end)", "did you mean 'reply'?"},
    {"dot_for_colon", "on.noop(function(session) session.reply(250) end)", "with a colon"},
    {"chain_in_vain", "on.noop(function(session) reply(421) end)", "write 'return reply(…)'"},
    {"one_of_two_chains", "on.noop(function(session) close() return reply(421) end)", "close() was built but not"},
    {"returns_a_table", "on.noop(function() return {} end)", "returned a table"},
    {"returns_two", "on.noop(function() return reply(421), close() end)", "return one chain"},
    {"bad_argument", "on.noop(function(session) session:reply(99) end)", "out of bounds"},
    {"bad_duration", "on.noop(function(session) session:delay('soon') end)", "is no duration"},
    {"after_an_ending", "on.noop(function(session) session:close() session:reply(421) end)", "nothing can be sent"},
    {"after_stall", "on.noop(function(session) session:stall() session:delay(1) end)", "nothing can be sent"},
    {"chain_after_an_ending", "on.noop(function(session) return close():reply(421) end)", "never plays"},
    {"effect_without_one", "on.noop(function(session) session:accept() end)", "no effect to accept"},
    {"effect_in_a_chain", "on.noop(function(session) return discard():reply(421) end)", "no effect to discard"},
    {"sets_a_field", "on.noop(function(session) session.peer = 'x' end)", "can't be set"},
    {"rule_in_a_function", "on.noop(function(session) on.rset:close() end)", "while the file loads"},
    {"declaration_in_a_function", "on.noop(function(session) users { x = 'y' } end)", "not in a function"},
    {"run_in_a_function", "on.noop(function(session) return run(function() end) end)", "call the other function"},
    {"read_line_without_time", "on.noop(function(session) session:read_line() end)", "read_line(\"30s\")"},
    {"wait_without_time", "on.noop(function(session) session:wait() end)", "wait(\"7s\", \"QUIT\")"},
    {"rewrite_in_a_function", "on.noop(function(session) session:rewrite(function() end) end)", "in a rule's chain"},
    {"rewrite_plays", "on.noop:rewrite(function(session) session:delay('1s') end)", "may only look"},
    {"rewrite_returns_nothing", "on.noop:rewrite(function() end)", "returns the text that is to be sent"},
    {"matching_waits", "on.noop:matching(function(session) session:delay('1s') end):reply(421)", "may only look"},
    {"matching_reads", "on.noop:matching(function(session) return session:wait('1s') end):reply(421)",
     "may only look"},
    {"wait_in_sort",
     "on.noop(function(session) table.sort({ 1, 2 }, function(a, b) session:delay('1s') return a < b end) end)",
     "table.sort"},
    {"wait_in_gsub", "on.noop(function(session) ('x'):gsub('x', function() session:delay('1s') end) end)", "gsub"},
    {"global", "on.noop(function(session) seen = 1 end)", "'seen' is not declared"},
    {"state_key", "on.noop(function(session) state:count({}) end)", "a key is text, a number or a boolean"},
    {"state_word", "on.noop(function(session) state.count = 1 end)", "is a function of the language"},
    {"state_rate", "on.noop(function(session) state:rate() end)", "the window is missing"},
    {"parameter", "on.noop(function(session) return reply(421, params.limit) end)", "no parameter 'limit'"},
    {"memory", "on.noop(function(session) local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end end)",
     "memory limit"},
    {"recursion", "on.noop(function(session) local function f() return 1 + f() end f() end)", ""},
    {"dsn", "on.noop(function(session) session:dsn{} end)", "it stands at rcpt or at message"},
};
INSTANTIATE_TEST_SUITE_P(Functions, RunTimeMistakes, ::testing::ValuesIn(mistakes),
                         [](const auto& row) { return row.param.name; });

TEST(Functions, ASessionOutlivesNoConnection) {
  World world(R"(on.noop(function(session) state.old = session end)
on.rset(function() return reply(250, state.old.peer) end))");
  auto& first = world.client();
  first.say("NOOP");
  EXPECT_EQ(world.client().say("RSET"), "250 192.0.2.7\r\n");
  first.leave();
  EXPECT_EQ(world.client().say("RSET"), "421 4.3.0 Scenario error\r\n");
  EXPECT_THAT(errors(world), ElementsAre(HasSubstr("a session outlives no connection")));
}

TEST(Functions, OnlyTheRunningSessionPlays) {
  World world(R"(on.noop(function(session) state.other = session end)
on.rset(function() state.other:reply(250, "hijacked") end))");
  auto& first = world.client();
  first.say("NOOP");
  EXPECT_EQ(world.client().say("RSET"), "421 4.3.0 Scenario error\r\n");
  EXPECT_EQ(first.read(), "");
  EXPECT_THAT(errors(world), ElementsAre(HasSubstr("only its own may play")));
}

TEST(Functions, AFunctionMayCatchItsOwnMistake) {
  World world(R"(on.noop(function(session)
  local ok, why = pcall(session.delay, session, "soon")
  return reply(250, tostring(ok))
end))");
  EXPECT_EQ(world.client().say("NOOP"), "250 false\r\n");
  EXPECT_FALSE(world.instance().failed());
}

TEST(Functions, AWaitInsideAPcall) {
  World world(R"(on.noop(function(session)
  local ok, line = pcall(session.read_line, session, "5s")
  return reply(250, tostring(ok) .. " " .. line)
end))");
  auto& client = world.client();
  client.say("NOOP");
  EXPECT_EQ(client.say("x"), "250 true x\r\n");
}

// ---------------------------------------------------------------- state

TEST(Functions, StateCountsAgesAndRates) {
  World world(R"(on.noop(function(session)
  return reply(250, ("%d %d %.1f %d"):format(state:count("a", session.connection), state:count("b"),
                                            state:age("a"), state:rate("10s", "r")))
end))");
  auto& a = world.client();
  auto& b = world.client();
  EXPECT_EQ(a.say("NOOP"), "250 1 1 0.0 1\r\n");
  EXPECT_EQ(a.say("NOOP"), "250 2 2 0.0 2\r\n");
  world.advance(4s);
  EXPECT_EQ(b.say("NOOP"), "250 1 3 4.0 3\r\n");
  world.advance(6s);
  EXPECT_EQ(b.say("NOOP"), "250 2 4 10.0 2\r\n");
}

TEST(Functions, KeysOfStateDontRunTogether) {
  World world(R"(on.noop(function(session)
  state:count("a", "bc") state:count("ab", "c") state:count(1) state:count(true) state:count(nil)
  return reply(250, state:count("a", "bc") .. state:count("ab", "c") .. state:count("1") .. state:count("true"))
end))");
  EXPECT_EQ(world.client().say("NOOP"), "250 2222\r\n");
}

TEST(Functions, StateKeepsWhatScenariosPutThere) {
  World world(R"(state.list = { 1, 2 }
on.noop(function(session)
  state.list[#state.list + 1] = session.connection
  state[session.connection] = "own"
  return reply(250, #state.list .. " " .. tostring(state[1]) .. " " .. tostring(state.nothing))
end))");
  world.client().say("NOOP");
  EXPECT_EQ(world.client().say("NOOP"), "250 4 own nil\r\n");
}

TEST(Functions, StateIsOfOneInstance) {
  constexpr auto body = "on.noop(function() return reply(250, '' .. state:count('x')) end)";
  World one(body), other(body);
  EXPECT_EQ(one.client().say("NOOP"), "250 1\r\n");
  EXPECT_EQ(other.client().say("NOOP"), "250 1\r\n");
}

TEST(Functions, TooManyKeysOfStateFailClosed) {
  World world("on.noop(function() for i = 1, 100001 do state:count(i) end end)");
  EXPECT_EQ(world.client().say("NOOP"), "421 4.3.0 Scenario error\r\n");
  EXPECT_THAT(errors(world), ElementsAre(HasSubstr("more than 100000 keys")));
}

TEST(Functions, PairsWalksInSortedOrder) {
  World world(R"(on.noop(function()
  local out = ""
  for key in pairs { z = 1, a = 1, m = 1, [2] = 1, [1] = 1 } do out = out .. key end
  return reply(250, out)
end))");
  EXPECT_EQ(world.client().say("NOOP"), "250 12amz\r\n");
}

// ---------------------------------------------------------------- chance

/// Three draws of a session's NOOP, after `others` more sessions' and its own other commands.
std::string draws(std::uint64_t seed, bool disturbed) {
  World::Options options;
  options.instance.seed = seed;
  World world(R"(on.noop(function()
  return reply(250, math.random(1000) .. " " .. math.random(1000) .. " " .. math.random(1000))
end)
on.rset(function() return reply(250, '' .. math.random()) end))",
              options);
  auto& first = world.client();
  auto& second = world.client();
  if (disturbed) {
    first.say("NOOP");
    first.say("RSET");
    second.say("RSET");
    second.say("VRFY x");
  }
  return second.say("NOOP") + second.say("NOOP");
}

TEST(Functions, RandomNumbersAreOfTheSeedAndTheSession) {
  auto once = draws(7, false);
  EXPECT_EQ(draws(7, false), once);
  EXPECT_EQ(draws(7, true), once);
  EXPECT_NE(draws(8, false), once);
  auto half = once.size() / 2;
  EXPECT_NE(once.substr(0, half), once.substr(half));
}

TEST(Functions, SessionsDrawApart) {
  World world("on.noop(function() return reply(250, 'x' .. math.random(1000000)) end)");
  auto first = world.client().say("NOOP");
  EXPECT_NE(world.client().say("NOOP"), first);
}

/// Which of 40 NOOPs of session 2 were met.
std::string met(std::uint64_t seed, bool disturbed) {
  World::Options options;
  options.instance.seed = seed;
  World world("on.noop:chance(0.5):reply(451) on.vrfy:chance(0.5):reply(451)", options);
  auto& first = world.client();
  auto& second = world.client();
  std::string out;
  for (int i = 0; i < 40; ++i) {
    if (disturbed) {
      first.say("NOOP");
      second.say("VRFY x");
      second.say("RSET");
    }
    out += second.say("NOOP").substr(0, 1);
  }
  return out;
}

TEST(Functions, ChanceIsDrawnFromTheSeedAndTheSession) {
  auto once = met(3, false);
  EXPECT_EQ(met(3, true), once);
  EXPECT_NE(met(4, false), once);
  EXPECT_THAT(once, AllOf(HasSubstr("2"), HasSubstr("4")));
}

TEST(Functions, ChanceIsAsOftenAsItSays) {
  World world("on.noop:chance(0.25):reply(451) on.rset:chance(0):reply(451) on.vrfy:chance(1):reply(451)");
  auto& client = world.client();
  int count = 0;
  for (int i = 0; i < 2000; ++i) count += client.say("NOOP").starts_with("451");
  EXPECT_GT(count, 400);
  EXPECT_LT(count, 600);
  EXPECT_THAT(client.say("RSET"), StartsWith("250"));
  EXPECT_THAT(client.say("VRFY x"), StartsWith("451"));
}

// ---------------------------------------------------------------- at the end

TEST(Functions, CloseSaysWhoEndedIt) {
  World world("on.close(function(session, who) print(session.connection .. who) end) on.noop:close()");
  world.client().leave();
  world.client().say("NOOP");
  world.client().say("QUIT");
  world.client();
  world.instance().stop();
  EXPECT_THAT(world.texts(EventKind::fact),
              ElementsAre("print: 1client", "print: 2server", "print: 3server", "print: 4run"));
}

TEST(Functions, NothingCanBePlayedAtClose) {
  for (const char* call : {"session:reply(250)", "session:delay('1s')", "session:read_line('1s')",
                           "session:wait('1s')", "session:close()"}) {
    World world("on.close(function(session) " + std::string(call) + " end)");
    world.client().leave();
    EXPECT_THAT(errors(world), ElementsAre(HasSubstr("the connection is over"))) << call;
    EXPECT_TRUE(world.instance().failed());
  }
}

TEST(Functions, PrintGoesToTheJournal) {
  World world("print('loading') on.noop(function(session) print('a', 1, nil, true) end)");
  world.client().say("NOOP");
  EXPECT_THAT(world.texts(EventKind::fact), ElementsAre("print: a\t1\tnil\ttrue"));
}

}  // namespace
}  // namespace mailfault::testing
