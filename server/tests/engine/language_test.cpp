// What the language's reference states of rules, stages and effects, each as a small scenario and its transcript.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <ostream>
#include <string>
#include <vector>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "engine/replay.hpp"
#include "script/script.hpp"

namespace mailfault {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string hello = "S: 220 ...\nC: EHLO c\nS: 250 ...\n";
const std::string mail = hello + "C: MAIL FROM:<a@example.com>\nS: 250 ...\n";
const std::string rcpt = mail + "C: RCPT TO:<b@example.net>\nS: 250 ...\n";
const std::string data = rcpt + "C: DATA\nS: 354 ...\n";

std::string identifier(const std::string& name) {
  std::string out;
  bool upper = true;
  for (char c : name) {
    auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte)) out += upper ? static_cast<char>(std::toupper(byte)) : c;
    upper = !std::isalnum(byte);
  }
  return out;
}

/// Loads and replays: what went wrong, "" for nothing.
std::string played(const std::string& body, const std::string& transcript) {
  auto source = "scenario { title = \"t\" }\n" + body + "\n";
  if (!transcript.empty()) source += "example [[\n" + transcript + "]]\n";
  try {
    auto script = script::Script::load(source, "t.lua", {action_table(), {}, 0, {}});
    for (const auto& example : script->scenario().examples)
      if (auto failure = replay(source, "t.lua", example))
        return "line " + std::to_string(failure->line) + ": " + failure->what + "\n" + failure->log;
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct Holding {
  std::string name, body, transcript;
  friend void PrintTo(const Holding& row, std::ostream* out) { *out << row.body; }
};
class Semantics : public ::testing::TestWithParam<Holding> {};

TEST_P(Semantics, Holds) { EXPECT_EQ(played(GetParam().body, GetParam().transcript), ""); }

const std::vector<Holding> semantics{
    {"file order, first answer ends the stage", R"lua(on.mail:from("a@*"):reply(450) on.mail:reply(550))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 450 ...\nC: MAIL FROM:<b@x>\nS: 550 ...\n"},
    {"counts are of events, whatever other rules did",
     R"lua(on.mail:first(1):reply(450) on.mail:nth(2):reply(451))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 450 ...\nC: MAIL FROM:<a@x>\nS: 451 ...\nC: MAIL FROM:<a@x>\nS: 250 ...\n"},
    {"which before how often, in any order", R"lua(on.rcpt:nth(2):to("*@full.example"):reply(452))lua",
     mail + "C: RCPT TO:<1@full.example>\nS: 250 ...\nC: RCPT TO:<x@y>\nS: 250 ...\nC: RCPT TO:<2@full.example>\nS: "
            "452 ...\n"},
    {"a delay leaves the default", R"lua(on.mail:delay("3s"))lua",
     hello + "C: MAIL FROM:<a@x>\nS: <silence 2s>\nS: 250 ...\n"},
    {"delays of several rules add up before the answer",
     R"lua(on.mail:delay("3s") on.mail:delay("3s") on.mail:reply(450))lua",
     hello + "C: MAIL FROM:<a@x>\nS: <silence 5s>\nS: 450 ...\n"},
    {"send replaces the default; proceed plays it", R"lua(on.mail:send("\r\n"):proceed())lua",
     hello + "C: MAIL FROM:<a@x>\nS: \nS: 250 2.1.0 Ok\nC: RCPT TO:<b@y>\nS: 250 ...\n"},
    {"the code decides the effect: 550 keeps the recipient out", R"lua(on.rcpt:reply(550))lua",
     mail + "C: RCPT TO:<b@y>\nS: 550 ...\nC: DATA\nS: 554 ...\n"},
    {"accept: effect without the answer", R"lua(on.rcpt:accept():reply(550))lua",
     mail + "C: RCPT TO:<b@y>\nS: 550 ...\nC: DATA\nS: 354 ...\nC: .\nS: 250 ...\nS: <stored 1>\n"},
    {"discard: answer without the effect", R"lua(on.message:discard())lua",
     data + "C: .\nS: 250 ...\nS: <stored 0>\n"},
    {"discard holds for later rules of the stage", R"lua(on.message:discard() on.message:reply(250, "thanks"))lua",
     data + "C: .\nS: 250 thanks\nS: <stored 0>\n"},
    {"accept without any answer, connection usable", R"lua(on.message:accept():no_reply())lua",
     data + "C: .\nS: <silence 5s>\nS: <stored 1>\nC: NOOP\nS: 250 ...\n"},
    {"a function's nil leaves the default", R"lua(on.mail(function(session) state:count("x") end))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 250 ...\n"},
    {"a function that played is the answer", R"lua(on.mail(function(session) session:reply(451) end))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 451 ...\n"},
    {"after a function's proceed",
     R"lua(on.message(function(session) session:proceed() session:delay("1s") return reset() end))lua",
     data + "C: .\nS: 250 ...\nS: <reset>\nS: <stored 1>\n"},
    {"a client that leaves does not undo the dot", R"lua(on.message:delay("5s"))lua",
     data + "C: .\nS: <silence 1s>\nC: <close>\nS2: 220 ...\nS2: <silence 9s>\nS2: <stored 1>\n"},
    {"split applies wherever it stands in the chain", R"lua(on.noop:reply(250, "hello"):split("1s", 3))lua",
     "S: 220 ...\nC: NOOP\nS: 250<cut>\nS: <silence 900ms>\nS:  hello\n"},
    {"rewrite: the healthy answer and its effect stay",
     R"lua(on.mail:rewrite(function(session, text) return text:gsub("Ok", session.from) end))lua",
     mail.substr(0, mail.rfind("S: ")) + "S: 250 2.1.0 a@example.com\nC: RCPT TO:<b@y>\nS: 250 2.1.5 Ok\n"},
    {"rewrite comes before the pieces",
     R"lua(on.noop:drip(3, "1s"):rewrite(function(_, text) return "250 ab\r\n" end))lua",
     "S: 220 ...\nC: NOOP\nS: 250<cut>\nS: <silence 900ms>\nS:  ab<cut>\nS: <silence 900ms>\nS: \n"},
    {"rewrite takes each segment",
     R"lua(on.noop:rewrite(function(_, text) return "<" .. text end):reply(250, "a"):delay("1s"):send("b\r\n"))lua",
     "S: 220 ...\nC: NOOP\nS: <250 a\nS: <silence 900ms>\nS: <b\n"},
    {"rewrite of what a function plays",
     R"lua(on.noop:rewrite(function(_, text) return (text:upper()) end):run(function(session) session:reply(250, "a") session:delay("1s") end))lua",
     "S: 220 ...\nC: NOOP\nS: 250 A\n"},
    {"rewrite to nothing is silence", R"lua(on.noop:rewrite(function() return "" end))lua",
     "S: 220 ...\nC: NOOP\nS: <silence 5s>\nC: RSET\nS: 250 ...\n"},
    {"one write within a rule", R"lua(on.noop:reply(250, "a"):send("250 b\r\n"))lua",
     "S: 220 ...\nC: NOOP\nS: 250 a\nS: 250 b\n"},
    {"content answered: the rest is thrown away, no second reply", R"lua(on.content:at(100):reply(552))lua",
     data + "C: <body 500>\nS: 552 ...\nC: .\nS: <silence 5s>\nS: <stored 0>\nC: NOOP\nS: 250 ...\n"},
    {"content: send and proceed reads on", R"lua(on.content:at(100):send("250 early\r\n"):proceed())lua",
     data + "C: <body 500>\nS: 250 early\nC: .\nS: 250 2.0.0 ...\nS: <stored 1>\n"},
    {"content delayed goes on", R"lua(on.content:at(100):delay("2s"))lua",
     data + "C: <body 500>\nC: .\nS: <silence 1s>\nS: 250 ...\nS: <stored 1>\n"},
    {"Nth message of a connection at a byte of its body",
     R"lua(on.content:nth(2):per("connection"):at(10):close())lua",
     data + "C: <body 50>\nC: .\nS: 250 ...\nC: MAIL FROM:<a@x>\nS: 250 ...\nC: RCPT TO:<b@y>\nS: 250 ...\nC: "
            "DATA\nS: 354 ...\nC: <body 50>\nS: <close>\n"},
    {"Kth recipient of each message", R"lua(on.rcpt:nth(2):per("message"):reply(450))lua",
     mail + "C: RCPT TO:<1@y>\nS: 250 ...\nC: RCPT TO:<2@y>\nS: 450 ...\nC: RSET\nS: 250 ...\nC: MAIL FROM:<a@x>\nS: "
            "250 ...\nC: RCPT TO:<1@y>\nS: 250 ...\nC: RCPT TO:<2@y>\nS: 450 ...\n"},
    {"greylist by triple, level 1", R"lua(on.rcpt:first(1):per("peer", "from", "rcpt"):reply(450))lua",
     mail + "C: RCPT TO:<1@y>\nS: 450 ...\nC: RCPT TO:<2@y>\nS: 450 ...\nC: RCPT TO:<1@y>\nS: 250 ...\n"},
    {"greylist by time, level 2",
     R"lua(on.rcpt(function(session) if state:age(session["from.domain"], session["peer/24"]) < 3 then return reply(450) end end))lua",
     mail + "C: RCPT TO:<1@y>\nS: 450 ...\nS: <silence 4s>\nC: RCPT TO:<1@y>\nS: 250 ...\n"},
    {"rate, level 2",
     R"lua(on.noop(function(session) if state:rate("10s", session.peer) > 2 then return reply(421):close() end end))lua",
     "S: 220 ...\nC: NOOP\nS: 250 ...\nC: NOOP\nS: 250 ...\nC: NOOP\nS: 421 ...\nS: <close>\n"},
    {"command precedes the stage", R"lua(on.command:verb("NOOP"):reply(502) on.noop:reply(250, "no"))lua",
     "S: 220 ...\nC: NOOP\nS: 502 ...\n"},
    {"unknown verbs reach command", R"lua(on.command:verb("XCLIENT"):reply(220, "ok"))lua",
     "S: 220 ...\nC: XCLIENT A=1\nS: 220 ok\nC: FOO\nS: 500 ...\n"},
    {"connect that sends has greeted",
     R"lua(on.connect(function(session) session:send "220-a\r\n220" session:delay "200ms" session:send " b\r\n" end))lua",
     "S: 220-a\nS: 220<cut>\nS: <silence 100ms>\nS:  b\nC: NOOP\nS: 250 ...\n"},
    {"use per connection", R"lua(on.connect:nth(2):use{ capabilities = { "-STARTTLS" } })lua",
     hello + "C: STARTTLS\nS: 220 ...\nS2: 220 ...\nC2: EHLO c\nS2: 250 ...\nC2: STARTTLS\nS2: 502 ...\n"},
    {"use per connection, a parameter", R"lua(on.connect:nth(2):use{ capabilities = { "-SIZE" } })lua",
     hello + "C: MAIL FROM:<a@x> SIZE=9\nS: 250 ...\nS2: 220 ...\nC2: EHLO c\nS2: 250 ...\n"
             "C2: MAIL FROM:<a@x> SIZE=9\nS2: 555 ...\n"},
    {"JSON braces survive templates", R"lua(on.noop:reply(250, '{"a":1} {peer}'))lua",
     "S: 220 ...\nC: NOOP\nS: 250 {\"a\":1} 192.0.2.7\n"},
    {"level 1",
     R"lua(on.greeting:first(2):reply(421, "4.7.0", "{host} Error: too many connections from {peer}"):close()
expect.outcome "temporary" expect.copies { at_most = 1 } expect.attempts { gap = "1s" })lua",
     "S: 421 4.7.0 mx.example.com Error: too many connections from 192.0.2.7\nS: <close>\nS2: 421 ...\nS2: "
     "<close>\nS3: 220 ...\n"},
    {"level 2", R"lua(on.rcpt(function(session, rcpt)
  local seen = state:count(session.peer, session.from, rcpt)
  if seen == 1 then return reply(450, "4.2.0", "<"..rcpt..">: Greylisted, try again in 5 minutes") end
end))lua",
     mail + "C: RCPT TO:<1@y>\nS: 450 4.2.0 <1@y>: ...\nC: RCPT TO:<1@y>\nS: 250 ...\n"},
    {"level 3, with session:delay for session:sleep", R"lua(on.connect(function(session)
  session:send "220-mx.example.com ESMTP\r\n220" session:delay "200ms" session:send " ready\r\n"
  local line = session:read_line("30s")
  session:reset()
end))lua",
     "S: 220-mx.example.com ESMTP\nS: 220<cut>\nS: <silence 100ms>\nS:  ready\nC: EHLO c\nS: <reset>\n"},
    {"a cut that the bytes do not contain is not made", R"lua(on.noop:split("1s", "STARTTLS"))lua",
     "S: 220 ...\nC: NOOP\nS: 250 ...\n"},
    {"a client that leaves ends the rule before the dot", R"lua(on.rcpt:delay("5s"))lua",
     mail + "C: RCPT TO:<b@y>\nS: <silence 1s>\nC: <close>\nS2: 220 ...\nS2: <silence 9s>\nS2: <stored 0>\n"},
    {"reply-echo-secret", R"lua(on.auth:reply(535, "5.7.8", "bad password \"{password}\" for {user}"))lua", ""},
    {"banner-220-then-421",
     R"lua(on.greeting:send("220-{host}\r\n"):reply(421, "4.3.2", "No system resources"):close())lua",
     "S: 220-mx.example.com\nS: 421 ...\nS: <close>\n"},
    {"ehlo-502-helo-ok", R"lua(on.helo:verb("EHLO"):reply(502, "5.5.1", "Error: command not implemented"))lua",
     "S: 220 ...\nC: EHLO c\nS: 502 ...\nC: HELO c\nS: 250 ...\n"},
    {"auth-close-mid", R"lua(on.command:where("line", "AUTH LOGIN*"):challenge("Username:"):close())lua",
     hello + "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: eA==\nS: <close>\n"},
    {"reuse-max-messages",
     R"lua(on.mail:after(1):per("connection"):reply(421, "Max message per connection reached"):close())lua",
     data + "C: .\nS: 250 ...\nC: MAIL FROM:<a@x>\nS: 421 ...\nS: <close>\n"},
    {"dot-250-close", R"lua(on.message:proceed():close())lua",
     data + "C: .\nS: 250 ...\nS: <close>\nS: <stored 1>\n"},
    {"quit-221-keeps-open", R"lua(on.quit:proceed():stall())lua",
     "S: 220 ...\nC: QUIT\nS: 221 ...\nS: <silence 9s>\n"},
    {"data-250-not-354", R"lua(on.data:reply(250, "OK"))lua", rcpt + "C: DATA\nS: 250 OK\nC: NOOP\nS: 250 ...\n"},
    {"reply-unsolicited-250", R"lua(on.mail:proceed():send("250 ok\r\n"))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 250 2.1.0 Ok\nS: 250 ok\n"},
    {"rcpt-421-mid", R"lua(on.rcpt:nth(3):per("message"):reply(421, "4.4.2", "Connection dropped"):close())lua", ""},
    {"ehlo-after-auth-reset", R"lua(on.helo:where("authenticated"):no_reply())lua", ""},
    {"dot-silent", R"lua(on.message:accept():stall())lua", data + "C: .\nS: <silence 9m>\nS: <stored 1>\n"},
    {"net-pix-noop", R"lua(on.command:verb{ "EHLO", "AUTH", "STARTTLS" }:reply(250, "OK"))lua",
     "S: 220 ...\nC: EHLO c\nS: 250 OK\nC: HELO c\nS: 250 ...\n"},
    {"data-stop-reading", R"lua(on.content:at("64KiB"):stop_reading())lua", ""},
    {"reuse-rst-idle", R"lua(on.idle:at("10s"):reset())lua", "S: 220 ...\nS: <silence 9s>\nS: <reset>\n"},
    {"doors, handshake, wire",
     R"lua(doors { smtp = { port = 25, state = "dropped" }, submission = { port = 587, tls = "starttls", main = true },
  smtps = { port = 465, tls = "implicit", certificate = "expired" } }
on.handshake:first(1):tls_alert("internal_error")
wire { latency = "80ms", jitter = "20ms", bandwidth = "32kB/s" })lua",
     "C: <connect submission>\nS: 220 ...\n"},
    {"starttls-220-plaintext", R"lua(on.starttls:discard())lua",
     hello + "C: STARTTLS\nS: 220 ...\nC: NOOP\nS: 250 ...\n"},
    {"starttls-220-silent", R"lua(on.starttls:proceed():stall())lua",
     hello + "C: STARTTLS\nS: 220 ...\nC: x\nS: <silence 9s>\n"},
    {"cert-no-sni-default", R"lua(on.handshake:unless("sni"):use{ certificate = "self_signed" })lua", ""},
    {"starttls command injection seen",
     R"lua(on.starttls:where("pending"):reply(523, "5.7.10", "SMTP protocol violation, no commands allowed to pipeline after STARTTLS"):close())lua",
     hello + "C: STARTTLS\nC: EHLO c\nS: 523 ...\nS: <close>\n"},
};
INSTANTIATE_TEST_SUITE_P(Language, Semantics, ::testing::ValuesIn(semantics),
                         [](const auto& row) { return identifier(row.param.name); });

struct Mistake {
  std::string name, gist, body, transcript;
  friend void PrintTo(const Mistake& row, std::ostream* out) { *out << row.body; }
};
class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithTheirPlace) {
  auto said = played(GetParam().body, GetParam().transcript);
  constexpr std::string_view at_run_time = "script error: ";
  if (auto found = said.find(at_run_time); found != std::string::npos) said = said.substr(found + at_run_time.size());
  EXPECT_THAT(said, StartsWith("t.lua:2: "));
  EXPECT_THAT(said, HasSubstr(GetParam().gist));
}

const std::vector<Mistake> mistakes{
    {"dot for colon", "with a colon", R"lua(on.mail.first(2))lua", ""},
    {"no such stage", "no stage 'greting'", R"lua(on.greting:close())lua", ""},
    {"no such action", "no trigger or action 'clsoe'", R"lua(on.mail:clsoe())lua", ""},
    {"rule does nothing", "does nothing", R"lua(on.rcpt:to("*@x"))lua", ""},
    {"after the end", "never plays", R"lua(on.mail:close():reply(421))lua", ""},
    {"forgot return", "write 'return reply", R"lua(on.mail(function(session) reply(450) end))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 421 ...\n"},
    {"returned a string", "returned a string", R"lua(on.mail(function(session) return "450 no" end))lua",
     hello + "C: MAIL FROM:<a@x>\nS: 421 ...\n"},
    {"effect where there is none", "no effect to accept", R"lua(on.noop:accept())lua", ""},
    {"at outside", "no inside", R"lua(on.rcpt:at(3):close())lua", ""},
    {"idle without at", "needs at", R"lua(on.idle:close())lua", ""},
    {"unknown field", "no field 'peeer'", R"lua(on.mail:where("peeer", "x"):close())lua", ""},
    {"global", "is not declared", R"lua(seen = 1)lua", ""},
};
INSTANTIATE_TEST_SUITE_P(Language, Mistakes, ::testing::ValuesIn(mistakes),
                         [](const auto& row) { return identifier(row.param.name); });

}  // namespace
}  // namespace mailfault
