// A good client passes and a bad client fails, for each outcome, expectation and assertion.
#include "verdict/judge.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "tests/verdict/play.hpp"

namespace mailfault {
namespace {

struct Row {
  std::string name;  ///< what is judged, ": ", how the client behaves
  std::string scenario;
  Script client;
  Verdict verdict;
  std::string finding;  ///< the name of one that has this verdict
  Word word = Word::none;
  bool is_client = false;
  std::function<void(JudgeOptions&)> with = [](JudgeOptions&) {};

  std::string subject() const { return name.substr(0, name.find(':')); }
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const std::string unknown_user = "on.rcpt:reply(550, \"5.1.1\", \"no\")\nexpect.outcome \"permanent\"\n";
const std::string busy = "on.greeting:first(2):reply(421):close()\nexpect.outcome \"temporary\"\n";
const std::string lost_reply = "on.message:first(1):accept():close()\nexpect.outcome \"ambiguous\"\n";
const std::string unreadable_reply =
    "tls {}\non.message:first(1):tls_damage(\"mac\"):proceed()\nexpect.outcome \"ambiguous\"\n";
const std::string plain_after_220 = "on.starttls:discard():reply(220)\nexpect.outcome \"refuses\"\n";
const std::string not_stored =
    "on.message:first(1):close()\nexpect.outcome \"ambiguous\"\nexpect.copies { at_least = 1, at_most = 1 }\n";
const std::string wrong_password = "tls {}\non.auth:reply(535)\nexpect.outcome \"misconfigured\"\n";
const std::string busy_login = "tls {}\non.auth:reply(454)\nexpect.outcome \"temporary\"\n";
const std::string idle = "on.idle:at(\"5s\"):reply(421):close()\nexpect.outcome \"reconnects\"\n";
const std::string idle_later = "on.idle:at(\"5s\"):unless(\"messages\", 0):close()\nexpect.outcome \"reconnects\"\n";
const std::string idle_limit = "limits { idle = \"5s\" }\nexpect.outcome \"reconnects\"\n";
const std::string rate_limit = "limits { messages = { 1, \"1m\" } }\nexpect.outcome \"temporary\"\n";
const std::string some_refused = "on.rcpt:to(\"bad@*\"):reply(550)\nexpect.outcome \"partial\"\n";
const std::string one_busy = "on.rcpt:to(\"bad@*\"):reply(450)\non.message:reply(554)\nexpect.outcome \"partial\"\n";
const std::string one_busy_once = "on.rcpt:to(\"bad@*\"):first(1):reply(450)\nexpect.outcome \"partial\"\n";
const std::string trap_later =
    "on.handshake:after(1):use{ certificate = \"wrong_host\" }\nexpect.outcome \"refuses\"\n";
const std::string second_unknown = "on.rcpt:to(\"bad@*\"):reply(550)\nexpect.outcome \"permanent\"\n";
const std::string full_or_refused =
    "on.rcpt:to(\"bad@*\"):reply(452)\nexpect.outcome { \"temporary\", \"partial\" }\n";
const std::string chunks = "capabilities { \"+CHUNKING\" }\nexpect.outcome \"delivered\"\n";
const std::string one_full =
    "doors { lmtp = { protocol = \"lmtp\" } }\n"
    "on.message:to(\"bad@*\"):reply(452)\nexpect.outcome \"partial\"\n";
const std::string stripped = "on.helo:proceed()\nexpect.outcome \"refuses\"\n";
const std::string healthy = "expect.outcome \"delivered\"\n";

const Script refused_once = hello() + envelope() + Script{"QUIT"};
const Script stored_then_closed = hello() + envelope() + text();
const Script bad_login = {"AUTH PLAIN AHVzZXIAd3Jvbmc="};
const Script login = {"AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU="};
const Script inside = secured() + Script{"EHLO client.example"};
const Script message_inside = inside + envelope() + text() + Script{"QUIT"};
const Script other_message = hello() + envelope("c@example.net") + text("2@example.com") + Script{"QUIT"};
const std::string two_doors =
    "doors { submission = { port = 587, tls = \"starttls\", main = true }, smtp = { port = 25, tls = \"none\" } }\n";
const std::string no_tls_once = "tls {}\non.starttls:first(1):reply(454)\nexpect.outcome \"refuses\"\n";
const Script turned_away = hello() + Script{"STARTTLS", "QUIT"};
const std::string expired = "tls { certificate = \"expired\" }\n";
Script repeated(std::size_t times, const Script& script) {
  Script out;
  for (std::size_t i = 0; i < times; ++i) out = out + script;
  return out;
}

/// The same message, or each its own, by so many connections.
Script many(int from, int upto) {
  Script out;
  for (int i = from; i < upto; ++i) out = out + message(std::to_string(i) + "@example.com");
  return out;
}

Script once_busy(std::initializer_list<const char*> waits) {
  Script out = {"connect"};
  for (const char* each : waits) out = out + Script{"wait " + std::string(each), "connect"};
  return out;
}

std::function<void(JudgeOptions&)> ended(int exit_status, Micros took, const std::string& output = "") {
  return [=](JudgeOptions& options) {
    options.command = CommandEnd{true, true, exit_status, false, {}, took, output, {}};
  };
}

/// Its budget was over then.
std::function<void(JudgeOptions&)> time_up_at(Micros at) {
  return [=](JudgeOptions& options) {
    options.command = CommandEnd{true, true, 143, true, {}, at + std::chrono::seconds(1), "", at};
  };
}

const Script too_fast = hello() + Script{"MAIL FROM:<c@example.com>", "RCPT TO:<d@example.net>"} +
                        text("0@example.com") + Script{"QUIT"} + hello() +
                        Script{"MAIL FROM:<a@example.com>", "QUIT"};

const std::string stalls = "on.data:stall()\nexpect.outcome \"temporary\"\n";
const std::string patient = "scenario { title = \"t\", patience = { still = \"2m\", gone = \"10m\" } }\n" + stalls;
const Script to_data = hello() + envelope() + Script{"DATA"};
const std::string full = "on.rcpt:reply(452)\nexpect.outcome \"temporary\"\n";

const Script pipelined = {"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>|DATA", "RSET", "QUIT"};

const Script three_to = {"MAIL FROM:<a@example.com>", "RCPT TO:<1@example.net>", "RCPT TO:<bad@example.net>",
                         "RCPT TO:<3@example.net>"};

std::vector<Row> rows() {
  using enum Verdict;
  return {
      // Outcomes: the client's word where it gave one, else the wire and the ledger.
      {"delivered: once", healthy, message(), pass, "outcome delivered"},
      {"delivered: twice on a connection", healthy,
       hello() + envelope() + text() + envelope() + text() + Script{"QUIT"}, fail, "A1"},
      {"delivered: and reported as failed", healthy, message(), fail, "outcome delivered", Word::temporary},
      {"permanent: reported as sent", "on.rcpt:reply(550)\nexpect.outcome \"permanent\"\n", refused_once, fail,
       "outcome permanent", Word::sent},
      {"delivered: nobody came", healthy, {}, unmet, "outcome delivered"},
      {"permanent: the fault was not met", unknown_user, hello() + Script{"QUIT"}, unmet, "outcome permanent"},
      {"temporary: the word", busy, {"connect"}, pass, "outcome temporary", Word::temporary, true},
      {"temporary: reported as permanent", busy, {"connect"}, fail, "outcome temporary", Word::permanent, true},
      {"temporary: no word", busy, {"connect"}, info, "outcome temporary"},
      {"temporary: gets through by growing gaps", busy,
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), pass, "outcome temporary"},
      {"temporary: hammers", busy, Script{"connect", "connect"} + message(), fail, "A11", Word::sent, true},
      {"permanent: gives up", unknown_user, refused_once, pass, "outcome permanent"},
      {"permanent: tries again", unknown_user, refused_once + Script{"wait 5s"} + refused_once, fail,
       "outcome permanent"},
      {"permanent: the word", unknown_user, refused_once, pass, "outcome permanent", Word::permanent, true},
      {"misconfigured: one login", wrong_password, inside + bad_login + Script{"QUIT"}, pass, "outcome misconfigured",
       Word::misconfigured, true},
      {"misconfigured: hammers the login", wrong_password, inside + bad_login + bad_login, fail, "A15"},
      {"reconnects: sends once more", idle, hello() + Script{"wait 6s"} + message(), pass, "outcome reconnects"},
      {"limits: a silent client sends once more", idle_limit, hello() + Script{"wait 6s"} + message(), pass,
       "outcome reconnects"},
      {"limits: a silent client gives up", idle_limit, hello() + envelope() + Script{"wait 6s"}, fail,
       "outcome reconnects"},
      {"limits: not met", rate_limit, message(), unmet, "outcome temporary"},
      {"limits: too fast, then slower", rate_limit, too_fast + Script{"wait 61s"} + message(), pass,
       "outcome temporary"},
      {"limits: too fast, and sure that it was sent", rate_limit, too_fast, fail, "outcome temporary", Word::sent},
      {"reconnects: gives up", idle, hello() + envelope() + Script{"wait 6s"}, fail, "outcome reconnects"},
      {"ambiguous: waits and sends it again", not_stored, stored_then_closed + Script{"wait 5s"} + message(), pass,
       "outcome ambiguous"},
      {"ambiguous: sends it again at once", lost_reply, stored_then_closed + message(), fail, "outcome ambiguous"},
      {"ambiguous: another Message-ID", lost_reply, stored_then_closed + Script{"wait 5s"} + message("2@example.com"),
       fail, "A1"},
      {"ambiguous: stored twice with the same Message-ID", lost_reply,
       stored_then_closed + Script{"wait 5s"} + message(), pass, "outcome ambiguous", Word::sent, true,
       [](JudgeOptions& options) { options.messages = 1; }},
      {"ambiguous: a reply that can't be read, and sent again later", unreadable_reply,
       inside + envelope() + text() + Script{"close", "wait 5s"} + message_inside, pass, "outcome ambiguous",
       Word::sent, true, [](JudgeOptions& options) { options.messages = 1; }},
      {"refuses: stops", stripped, hello() + Script{"QUIT"}, pass, "outcome refuses", Word::refused, true},
      {"refuses: goes on", stripped, message(), fail, "outcome refuses"},
      {"refuses: falls to plaintext on the next connection", no_tls_once, turned_away + message(), fail,
       "outcome refuses"},
      {"refuses: falls to plaintext with several messages", no_tls_once, turned_away + message() + other_message,
       fail, "outcome refuses", Word::none, false},
      {"refuses: falls to plaintext by another door",
       two_doors + "on.starttls:reply(454)\nexpect.outcome \"refuses\"\n",
       turned_away + Script{"connect smtp", "EHLO client.example"} + envelope() + text() + Script{"QUIT"}, fail,
       "outcome refuses"},
      {"refuses: logs in in clear on the next connection", no_tls_once,
       turned_away + hello() + login + Script{"QUIT"}, fail, "outcome refuses"},
      {"refuses: comes again over good TLS", no_tls_once, turned_away + Script{"wait 2s"} + message_inside, pass,
       "outcome refuses"},
      {"refuses: comes again, and does nothing in clear", no_tls_once, turned_away + Script{"wait 2s"} + hello(),
       pass, "outcome refuses"},
      {"refuses: several that come again over good TLS", no_tls_once,
       turned_away + Script{"wait 2s"} + message_inside + inside + envelope("c@example.net") + text("2@example.com"),
       pass, "outcome refuses"},
      {"refuses: a certificate by a setting stops it", expired + "expect.outcome \"refuses\"\n",
       secured() + Script{"close"}, pass, "outcome refuses"},
      {"refuses: a certificate by a setting is taken", expired + "expect.outcome \"refuses\"\n", message_inside, fail,
       "outcome refuses"},
      {"refuses: a certificate by a setting, then in clear", expired + "expect.outcome \"refuses\"\n",
       secured() + Script{"close"} + message(), fail, "outcome refuses"},
      {"refuses: capabilities by a setting, but over good TLS",
       "capabilities { before_tls = { \"+XXX\" } }\nexpect.outcome \"refuses\"\n", message_inside, pass,
       "outcome refuses"},
      {"partial: the word names the refused", some_refused, hello() + three_to + text() + Script{"QUIT"}, pass,
       "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::sent, "1@example.com", "1@example.net", ""},
                          {Word::permanent, "1@example.com", "bad@example.net", ""},
                          {Word::sent, "1@example.com", "3@example.net", ""}};
       }},
      {"partial: the word names whom LMTP refused after the dot", one_full,
       Script{"connect", "LHLO c"} + three_to + text() + Script{"QUIT"}, pass, "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::sent, "1@example.com", "1@example.net", ""},
                          {Word::temporary, "1@example.com", "bad@example.net", ""},
                          {Word::sent, "1@example.com", "3@example.net", ""}};
       }},
      {"A6: LMTP refuses after the dot the only recipient of a retry", one_full,
       Script{"connect", "LHLO c"} + envelope("bad@example.net") + text() + Script{"QUIT"}, pass, "outcome partial",
       Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::temporary, "1@example.com", "bad@example.net", ""}};
       }},
      {"partial: the word calls sent whom LMTP refused", one_full,
       Script{"connect", "LHLO c"} + three_to + text() + Script{"QUIT"}, fail, "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::sent, "1@example.com", "1@example.net", ""},
                          {Word::sent, "1@example.com", "bad@example.net", ""},
                          {Word::sent, "1@example.com", "3@example.net", ""}};
       }},
      {"partial: sent, when the retry has got through, too", one_busy_once,
       hello() + three_to + text() + Script{"QUIT", "wait 5m"} + hello() + envelope("bad@example.net") + text() +
           Script{"QUIT"},
       pass, "outcome partial", Word::sent, true},
      {"partial: each recipient is refused by its own reply or by that to the dot", one_busy,
       hello() + three_to + text() + Script{"QUIT"}, pass, "outcome partial", Word::none, true,
       [](JudgeOptions& options) {
         options.words = {{Word::permanent, "", "1@example.net", ""},
                          {Word::temporary, "", "bad@example.net", ""},
                          {Word::permanent, "", "3@example.net", ""}};
       }},
      {"partial: the word names the others only", some_refused, hello() + three_to + text() + Script{"QUIT"}, fail,
       "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::sent, "1@example.com", "1@example.net", ""},
                          {Word::sent, "1@example.com", "3@example.net", ""}};
       }},
      {"partial: the word calls the refused one sent", some_refused, hello() + three_to + text() + Script{"QUIT"},
       fail, "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::sent, "1@example.com", "", ""},
                          {Word::sent, "1@example.com", "bad@example.net", ""}};
       }},
      {"partial: the word calls a stored one failed", some_refused, hello() + three_to + text() + Script{"QUIT"},
       fail, "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::temporary, "1@example.com", "1@example.net", ""},
                          {Word::permanent, "1@example.com", "bad@example.net", ""}};
       }},
      {"partial: for now where it was for good", some_refused, hello() + three_to + text() + Script{"QUIT"}, lax,
       "outcome partial", Word::none, false,
       [](JudgeOptions& options) {
         options.words = {{Word::sent, "1@example.com", "", ""},
                          {Word::temporary, "1@example.com", "bad@example.net", ""}};
       }},
      {"partial: the others once", some_refused, hello() + three_to + text() + Script{"QUIT"}, info,
       "outcome partial"},
      {"partial: sent without naming the refused", some_refused, hello() + three_to + text() + Script{"QUIT"}, fail,
       "outcome partial", Word::sent},
      {"partial: tries the refused again", some_refused,
       hello() + three_to + text() + envelope("bad@example.net") + text() + Script{"QUIT"}, fail, ""},
      {"lax: the second best",
       "on.greeting:first(1):reply(421):close()\nexpect.outcome { \"delivered\", lax = \"temporary\" }\n",
       {"connect"},
       lax,
       "outcome delivered, or with a mark temporary",
       Word::temporary,
       true},
      {"a list: either",
       "on.greeting:first(1):reply(421):close()\nexpect.outcome { \"delivered\", \"temporary\" }\n",
       {"connect"},
       pass,
       "outcome delivered or temporary",
       Word::temporary,
       true},
      {"no outcome, nothing wrong", "", message(), pass, ""},

      // Expectations.
      {"expect.copies: they hold", healthy + "expect.copies { at_least = 1, at_most = 1, to = \"b@*\" }\n", message(),
       pass, "expect.copies"},
      {"expect.copies: another recipient", "expect.copies { at_least = 1, to = \"alice@*\" }\n", message(), fail,
       "expect.copies"},
      {"expect.copies: one too many", "expect.copies { at_most = 1 }\n", message() + message(), fail,
       "expect.copies"},
      {"expect.delivered: it holds",
       "expect.delivered { to = \"b@*\", subject = \"hel*\", contains = \"Text\", count = 1 }\n", message(), pass,
       "expect.delivered"},
      {"expect.delivered: another subject", "expect.delivered { subject = \"bye*\" }\n", message(), fail,
       "expect.delivered"},
      {"expect.attempts: they hold", busy + "expect.attempts { at_least = 2, gap = \"1s\", backoff = \"growing\" }\n",
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), pass, "expect.attempts"},
      {"expect.attempts: too soon", "expect.attempts { gap = \"1s\" }\n" + busy,
       Script{"connect", "wait 200ms", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"expect.attempts: not exponential", "expect.attempts { backoff = \"exponential\" }\n" + busy,
       Script{"connect", "wait 4s", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"expect.attempts: too many", "expect.attempts { at_most = 2 }\n" + busy,
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"expect.attempts: not within", "expect.attempts { within = \"3s\" }\n" + busy,
       Script{"connect", "wait 2s", "connect", "wait 4s"} + message(), fail, "expect.attempts"},
      {"expect.connections: they hold", "expect.connections { at_most = 1, at_once = 1 }\n", message(), pass,
       "expect.connections"},
      {"expect.connections: too many at once", "expect.connections { at_once = 1 }\n", hello() + message(), fail,
       "expect.connections"},
      {"expect.connections: too many", "expect.connections { at_most = 1 }\n", message() + message("2@example.com"),
       fail, "expect.connections"},
      {"expect.commands: they hold", "expect.commands \"EHLO, MAIL, DATA, QUIT\"\n", message(), pass,
       "expect.commands"},
      {"expect.commands: another order", "expect.commands \"MAIL, EHLO\"\n", message(), fail, "expect.commands"},
      {"expect.never: it holds", "expect.never { stage = \"auth\" }\n", message(), pass, "expect.never"},
      {"expect.never: it does", "expect.never { stage = \"rcpt\", to = \"b@*\" }\n", message(), fail, "expect.never"},
      {"expect.never: after a command", "expect.never { stage = \"mail\", after = \"DATA\" }\n",
       hello() + envelope() + text() + envelope() + Script{"QUIT"}, fail, "expect.never"},
      {"expect.function: it holds",
       "expect(function(run) return #run.messages == 1 and run.copies == 1, \"one\" end)\n", message(), pass,
       "expect(function)"},
      {"expect.function: it doesn't",
       "expect(function(run) return run.connections[1].codes[1] == 421, \"no 421\" end)\n", message(), fail,
       "expect(function)"},
      {"expect.function: an error", "expect(function(run) return run.nothing.there end)\n", message(), fail,
       "expect(function)"},

      // Their other fields, and what only shows with a bad client beside the good one.
      {"expect.copies: by another door",
       "doors { a = { port = 25 }, b = { port = 26 } }\nexpect.copies { at_least = 1, door = \"b\" }\n", message(),
       fail, "expect.copies"},
      {"expect.copies: by that door", "expect.copies { at_least = 1, door = \"smtp\" }\n", message(), pass,
       "expect.copies"},
      {"expect.delivered: by that door", "expect.delivered { door = \"smtp\" }\n", message(), pass,
       "expect.delivered"},
      {"expect.delivered: by another door",
       "doors { a = { port = 25 }, b = { port = 26 } }\nexpect.delivered { door = \"b\" }\n", message(), fail,
       "expect.delivered"},
      {"expect.delivered: to another", "expect.delivered { to = \"alice@*\" }\n", message(), fail,
       "expect.delivered"},
      {"expect.delivered: another text", "expect.delivered { contains = \"invoice\" }\n", message(), fail,
       "expect.delivered"},
      {"expect.delivered: too many", "expect.delivered { count = 1 }\n", message() + message("2@example.com"), fail,
       "expect.delivered"},
      {"expect.attempts: so many hold", busy + "expect.attempts { at_least = 3, at_most = 3, within = \"10s\" }\n",
       once_busy({"2s", "4s"}), pass, "expect.attempts", Word::temporary, true},
      {"expect.attempts: too few", busy + "expect.attempts { at_least = 3 }\n", once_busy({"2s"}), fail,
       "expect.attempts", Word::temporary, true},
      {"expect.attempts: none at all", "expect.attempts { at_least = 1 }\n", {}, fail, "expect.attempts"},
      {"expect.attempts: a fixed beat doesn't grow",
       "on.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n"
       "expect.attempts { backoff = \"growing\" }\n",
       once_busy({"4s", "4s"}), fail, "expect.attempts", Word::temporary, true},
      {"expect.attempts: grow up to the cap",
       "on.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n"
       "expect.attempts { backoff = \"exponential\", cap = \"4s\" }\n",
       once_busy({"1s", "2s", "4s", "4s"}), pass, "expect.attempts", Word::temporary, true},
      {"expect.attempts: beyond the cap", busy + "expect.attempts { cap = \"4s\" }\n", once_busy({"2s", "8s"}), fail,
       "expect.attempts", Word::temporary, true},
      {"expect.attempts: waits with a random part",
       "on.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n"
       "expect.attempts { jitter = true }\n",
       once_busy({"1100ms", "1900ms", "4700ms"}), pass, "expect.attempts", Word::temporary, true},
      {"expect.attempts: waits that are alike",
       "on.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n"
       "expect.attempts { jitter = true }\n",
       once_busy({"5s", "5s", "5s"}), fail, "expect.attempts", Word::temporary, true},
      {"expect.attempts: too few waits to tell", busy + "expect.attempts { jitter = true }\n", once_busy({"5s"}),
       info, "expect.attempts", Word::temporary, true},
      {"expect.attempts: messages that are tried again alike",
       "on.message:first(3):reply(451)\nexpect.outcome \"temporary\"\nexpect.attempts { jitter = true }\n",
       many(0, 3) + Script{"wait 60s"} + many(0, 3), fail, "expect.attempts", Word::temporary, true},
      {"expect.connections: so many hold", "expect.connections { at_least = 2 }\n",
       message() + message("2@example.com"), pass, "expect.connections"},
      {"expect.connections: too few", "expect.connections { at_least = 2 }\n", message(), fail, "expect.connections"},
      {"expect.never: after a code", "expect.never { stage = \"mail\", after = \"354\" }\n", message(), pass,
       "expect.never"},
      {"expect.never: after the fault",
       "on.mail:reply(451)\nexpect.outcome \"temporary\"\nexpect.never { stage = \"rcpt\", after = \"fault\" }\n",
       hello() + envelope() + Script{"QUIT"}, fail, "expect.never", Word::temporary, true},
      {"expect.never: a body", "expect.never { stage = \"content\" }\n", hello() + envelope() + Script{"DATA"}, fail,
       "expect.never"},
      {"expect.never: no body", "expect.never { stage = \"content\" }\n", hello() + Script{"QUIT"}, pass,
       "expect.never"},
      {"expect.never: a whole message", "expect.never { stage = \"message\", to = \"b@*\" }\n", message(), fail,
       "expect.never"},
      {"expect.never: one to somebody else", "expect.never { stage = \"message\", to = \"c@*\" }\n", message(), pass,
       "expect.never"},
      {"expect.never: in clear", "tls {}\nexpect.never { stage = \"mail\", tls = false }\n", message(), fail,
       "expect.never"},
      {"expect.never: a body in clear", "tls {}\nexpect.never { stage = \"content\", tls = false }\n", message(),
       fail, "expect.never"},
      {"expect.never: inside TLS only", "tls {}\nexpect.never { stage = \"mail\", tls = false }\n",
       inside + envelope() + text() + Script{"QUIT"}, pass, "expect.never"},
      {"expect.never: inside TLS", "tls {}\nexpect.never { stage = \"message\", tls = true }\n",
       inside + envelope() + text() + Script{"QUIT"}, fail, "expect.never"},
      {"expect.never: nobody comes", "expect.never { stage = \"connect\" }\n", {"connect"}, fail, "expect.never"},
      {"expect.never: not by that door", "expect.never { door = \"smtp\" }\n", {"connect"}, fail, "expect.never"},
      {"expect.never: by another door",
       "doors { a = { port = 25 }, b = { port = 26 } }\nexpect.never { door = \"b\" }\n", message(), pass,
       "expect.never"},
      {"expect.never: bytes of a command", "expect.never { bytes = \"SIZE=\" }\n",
       hello() + Script{"MAIL FROM:<a@example.com> SIZE=10", "QUIT"}, fail, "expect.never"},
      {"expect.never: bytes of a message", "expect.never { bytes = \"Text.\" }\n", message(), fail, "expect.never"},
      {"expect.never: bytes that aren't sent", "expect.never { bytes = \"secret\" }\n", message(), pass,
       "expect.never"},
      {"expect.client: as it should",
       healthy + "expect.client { exit = 0, within = \"2s\", output_contains = \"ok\" }\n", message(), pass,
       "expect.client", Word::none, false, ended(0, std::chrono::seconds(1), "ok\n")},
      {"expect.client: another exit status", healthy + "expect.client { exit = 0 }\n", message(), fail,
       "expect.client", Word::none, false, ended(1, std::chrono::seconds(1))},
      {"expect.client: too slow", healthy + "expect.client { within = \"2s\" }\n", message(), fail, "expect.client",
       Word::none, false, ended(0, std::chrono::seconds(3))},
      {"expect.client: says something else", healthy + "expect.client { output_contains = \"ok\" }\n", message(),
       fail, "expect.client", Word::none, false, ended(0, std::chrono::seconds(1), "no\n")},
      {"expect.client: none", healthy + "expect.client { exit = 0 }\n", message(), info, "expect.client"},

      // Patience: the fault is the waiting.
      {"patience: leaves in between", patient, to_data + Script{"wait 5m", "close"}, pass, "patience",
       Word::temporary, true},
      {"patience: leaves too soon", patient, to_data + Script{"wait 20s", "close"}, fail, "patience", Word::temporary,
       true},
      {"patience: leaves too late", patient, to_data + Script{"wait 9m", "wait 9m", "close"}, fail, "patience",
       Word::temporary, true},
      {"patience: its budget is over before", patient, to_data + Script{"wait 1m", "close"}, info, "patience",
       Word::none, true, time_up_at(std::chrono::minutes(1))},
      {"patience: its budget is over long after", patient, to_data + Script{"wait 9m", "wait 9m", "close"}, fail,
       "patience", Word::none, true, time_up_at(std::chrono::minutes(18))},
      {"patience: was answered and stayed",
       "scenario { title = \"t\", patience = { still = \"2m\" } }\n"
       "on.mail:delay(\"1m\")\nexpect.outcome \"delivered\"\n",
       hello() + Script{"MAIL FROM:<a@example.com>", "wait 61s", "RCPT TO:<b@example.net>"} + text() +
           Script{"QUIT", "close"},
       pass, "outcome delivered"},
      {"patience: left before the answer",
       "scenario { title = \"t\", patience = { still = \"2m\" } }\n"
       "on.mail:delay(\"5m\")\nexpect.outcome \"temporary\"\n",
       hello() + Script{"MAIL FROM:<a@example.com>", "wait 30s", "close", "wait 5m"}, fail, "patience",
       Word::temporary, true},
      {"patience: a greeting that comes late, and a long pause of the client's own",
       "scenario { title = \"t\", patience = { gone = \"2m\" } }\non.greeting:delay(\"1m\")\nexpect.outcome "
       "\"delivered\"\n",
       Script{"connect", "wait 61s", "EHLO client.example", "wait 5m"} + envelope() + text() +
           Script{"QUIT", "close"},
       pass, "outcome delivered"},
      {"patience: scaled, so it can't be told", patient, to_data + Script{"wait 20s", "close"}, info, "patience",
       Word::temporary, true, [](JudgeOptions& options) { options.time_scale = 0.1; }},
      {"patience: both clocks scaled, and it holds", patient, to_data + Script{"wait 30s", "close"}, pass, "patience",
       Word::temporary, true,
       [](JudgeOptions& options) { options.time_scale = 0.1, options.client_timeouts_scaled = true; }},
      {"patience: both clocks scaled, and too soon", patient, to_data + Script{"wait 5s", "close"}, fail, "patience",
       Word::temporary, true,
       [](JudgeOptions& options) { options.time_scale = 0.1, options.client_timeouts_scaled = true; }},
      {"patience: missed by less than our timers were late", patient, to_data + Script{"wait 119s", "close"}, info,
       "patience", Word::temporary, true,
       [](JudgeOptions& options) { options.latest_timer = std::chrono::seconds(2); }},

      // Assertions of the server's own.
      {"A1: one copy", "", message(), pass, ""},
      {"A1: doubled after a fault", healthy + "on.quit:first(1):close()\n",
       hello() + envelope() + text() + Script{"QUIT", "wait 2s"} + message(), fail, "A1"},
      {"A1: a fixture sent again is none", "", message() + Script{"wait 2s"} + message(), info, "A1"},
      {"A2: a login inside TLS", "tls {}", inside + login + Script{"QUIT"}, pass, ""},
      {"A2: a login in clear, though TLS is offered", "tls {}", hello() + login + Script{"QUIT"}, fail, "A2"},
      {"A2: line by line", "tls {}", hello() + Script{"AUTH LOGIN", "dXNlckBleGFtcGxlLmNvbQ==", "*", "QUIT"}, fail,
       "A2"},
      {"A2: when STARTTLS was refused", "on.starttls:reply(454)",
       hello() + Script{"STARTTLS"} + login + Script{"QUIT"}, fail, "A2"},
      {"A2: when STARTTLS was hidden", "tls {}\non.helo:use{ capabilities = { \"-STARTTLS\" } }",
       hello() + login + Script{"QUIT"}, fail, "A2"},
      {"A2: by the door that has no TLS", two_doors, Script{"connect smtp", "EHLO c"} + login + Script{"QUIT"}, pass,
       "A2"},
      {"A2: where there is no TLS", "", hello() + login + Script{"QUIT"}, pass, "A2"},
      {"A2: a login that was begun only", "tls {}", hello() + Script{"AUTH LOGIN", "*", "QUIT"}, lax, "A2"},
      {"A3: AUTH that was not offered", "capabilities { \"-AUTH\" }\n", hello() + bad_login + Script{"QUIT"}, fail,
       "A3"},
      {"A3: another mechanism", "", hello() + Script{"AUTH CRAM-MD5", "QUIT"}, fail, "A3"},
      {"A3: AUTH that was offered", "tls {}", inside + login + Script{"QUIT"}, pass, ""},
      {"A4: EHLO anew", "tls {}", message_inside, pass, ""},
      {"A4: leaves at once", "tls {}", secured() + Script{"QUIT"}, pass, ""},
      {"A4: MAIL at once", "tls {}", secured() + envelope() + Script{"QUIT"}, fail, "A4"},
      {"A4: a login at once", "tls {}", secured() + login + Script{"QUIT"}, fail, "A4"},
      {"A4: NOOP, then EHLO", "tls {}", secured() + Script{"NOOP", "EHLO client.example", "QUIT"}, lax, "A4"},
      {"A4: a mechanism from before TLS",
       "capabilities { before_tls = { \"STARTTLS\", \"AUTH PLAIN\" }, after_tls = { \"AUTH LOGIN\" } }",
       inside + login + Script{"QUIT"}, fail, "A4"},
      {"A4: a mechanism that came with TLS",
       "capabilities { before_tls = { \"STARTTLS\", \"AUTH LOGIN\" }, after_tls = { \"AUTH PLAIN\" } }",
       inside + login + Script{"QUIT"}, pass, ""},
      {"A4: an extension from before TLS", "capabilities { after_tls = { \"-SIZE\" } }",
       inside + Script{"MAIL FROM:<a@example.com> SIZE=10", "QUIT"}, fail, "A4"},
      {"A4: pipelining from before TLS", "capabilities { after_tls = { \"-PIPELINING\" } }",
       inside + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>", "QUIT"}, fail, "A4"},
      {"A4: implicit TLS has nothing before it", "doors { smtps = { port = 465, tls = \"implicit\" } }",
       Script{"connect", "tls", "EHLO client.example"} + envelope() + text() + Script{"QUIT"}, pass, ""},
      {"A5: pipelining that was not offered", "capabilities { \"SIZE 1000\" }\n",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>", "QUIT"}, fail, "A5"},
      {"A5: pipelined behind a MAIL that a rule refused as a command",
       "on.command:verb(\"MAIL\"):reply(550)\nexpect.outcome \"permanent\"\n", hello() + pipelined, pass, "",
       Word::permanent, true},
      {"A5: pipelining that was offered", "",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>"} + text() + Script{"QUIT"}, pass, ""},
      {"A5: talks before the greeting",
       "on.greeting:delay(\"2s\")\n",
       {"connect", "EHLO x", "wait 3s", "QUIT"},
       fail,
       "A5"},
      {"A6: DATA although all were refused", "capabilities { \"-PIPELINING\" }\non.rcpt:reply(550)\n",
       hello() + envelope() + Script{"DATA", "QUIT"}, fail, "A6"},
      {"A6: a body for nobody", "on.rcpt:reply(550)\non.data:reply(354)\n",
       hello() + Script{"MAIL FROM:<a@x.example>|RCPT TO:<b@x.example>|DATA", "text|.", "QUIT"}, fail, "A6"},
      {"A6: the lone dot", "on.rcpt:reply(550)\non.data:reply(354)\n",
       hello() + Script{"MAIL FROM:<a@x.example>|RCPT TO:<b@x.example>|DATA", ".", "QUIT"}, pass, ""},
      {"A7: lines of 998 bytes and dots", "",
       hello() + envelope() + Script{"DATA", std::string(998, 'x') + "|..|.", "QUIT"}, pass, ""},
      {"A7: a bare LF in the body", "", hello() + envelope() + Script{"DATA", "one\ntwo|.", "QUIT"}, fail, "A7"},
      {"A7: a line that is too long", "",
       hello() + envelope() + Script{"DATA", std::string(1200, 'x') + "|.", "QUIT"}, fail, "A7"},
      {"A8: each its own", "", hello() + envelope() + text() + envelope("c@example.net") + text("2@example.com"),
       pass, ""},
      {"A8: an earlier one is forwarded", "",
       hello() + envelope() + text() + envelope("c@example.net") +
           Script{"DATA", "Message-ID: <2@example.com>|Subject: see below||Message-ID: <1@example.com>||Text.", "."},
       pass, ""},
      {"A8: the header of the one before", "",
       hello() + envelope() + text() + envelope("c@example.net") +
           Script{"DATA", "Message-ID: <1@example.com>|Subject: hello|message-id: <2@example.com>||More.", "."},
       fail, "A8"},
      {"A9: STARTTLS that was not offered", "capabilities { \"PIPELINING\" }\n", hello() + Script{"STARTTLS", "QUIT"},
       lax, "A9"},
      {"A5: a command at once behind DATA", "", hello() + envelope() + Script{"DATA|Subject: x||Text.", ".", "QUIT"},
       fail, "A5"},
      {"A9: BDAT that was not offered", "", hello() + envelope() + Script{"BDAT 3 LAST|x", "QUIT"}, fail, "A9"},
      {"A9: BDAT that was offered", chunks,
       hello() + envelope() + Script{"BDAT 31|Message-ID: <1@example.com>|", "BDAT 6 LAST|Text", "QUIT"}, pass, ""},
      {"A9: a value that its extension doesn't allow", "",
       hello() + Script{"MAIL FROM:<a@example.com> RET=NONE", "QUIT"}, fail, "A9"},
      {"A9: a parameter that was not offered", "capabilities { \"-SIZE\" }\n",
       hello() + Script{"MAIL FROM:<a@example.com> SIZE=10", "QUIT"}, fail, "A9"},
      {"A9: a parameter that was offered", "",
       hello() + Script{"MAIL FROM:<a@example.com> SIZE=10", "RCPT TO:<b@example.net>"} + text() + Script{"QUIT"},
       pass, ""},
      {"A10: ends", healthy, message(), pass, "", Word::sent, true},
      {"A10: hangs though the server has closed",
       busy,
       {"connect"},
       fail,
       "A10",
       Word::none,
       true,
       time_up_at(std::chrono::minutes(1))},
      {"A10: waits as long as it may", stalls, to_data, info, "A10", Word::none, true,
       time_up_at(std::chrono::minutes(1))},
      {"A10: waits for ever", stalls, to_data, fail, "A10", Word::none, true, time_up_at(std::chrono::minutes(3))},
      {"A10: a body that nobody reads", "on.content:at(1):stop_reading()\nexpect.outcome \"temporary\"\n",
       to_data + Script{"Some text."}, fail, "A10", Word::none, true, time_up_at(std::chrono::minutes(4))},
      {"A10: a reply to the message that doesn't come", "on.message:stall()\nexpect.outcome \"ambiguous\"\n",
       hello() + envelope() + text(), info, "A10", Word::none, true, time_up_at(std::chrono::minutes(4))},
      {"A10: never connects", healthy, {}, fail, "A10", Word::none, true, time_up_at(std::chrono::minutes(1))},
      {"A11: growing gaps", busy, once_busy({"2s"}) + Script{"wait 5s"} + message(), pass, "", Word::sent, true},
      {"A11: at once", full, hello() + envelope() + Script{"RSET"} + envelope() + Script{"QUIT"}, fail, "A11",
       Word::temporary, true},
      {"A11: a fixed beat", "on.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n",
       once_busy({"5s", "5s", "5s"}), lax, "A11", Word::temporary, true},
      {"A11: at once, but our timers were late", full,
       hello() + envelope() + Script{"wait 90ms", "RSET"} + envelope(), info, "A11", Word::temporary, true,
       [](JudgeOptions& options) { options.latest_timer = std::chrono::milliseconds(50); }},
      {"A11: another way after a refusal is no retry",
       "on.mail:where(\"param.SIZE\"):reply(555)\nexpect.outcome \"delivered\"\n",
       hello() + Script{"MAIL FROM:<a@example.com> SIZE=10"} + envelope() + text() + Script{"QUIT"}, pass, ""},
      {"A11: HELO behind an EHLO that failed",
       "on.helo:verb(\"EHLO\"):reply(550):close()\nexpect.outcome \"delivered\"\n",
       Script{"connect", "EHLO client.example", "connect", "HELO client.example"} + envelope() + text() +
           Script{"QUIT"},
       pass, ""},
      {"A11: once more behind a 5yz",
       "on.greeting:first(1):reply(554):close()\nexpect.outcome { \"permanent\", \"delivered\" }\n",
       Script{"connect", "wait 5s"} + message(), lax, "A11", Word::sent, true},
      {"A11: a 4yz, and 503 to what was pipelined behind it", "on.mail:reply(451)\nexpect.outcome \"temporary\"\n",
       repeated(2, hello() + pipelined + Script{"wait 5s"}), pass, "", Word::temporary, true},
      {"A11: 4yz to all recipients, and 503 to the DATA behind them", full,
       repeated(2, hello() + pipelined + Script{"wait 5s"}), pass, "", Word::temporary, true},
      {"A11: a 5yz, and 503 to what was pipelined behind it", "on.mail:reply(550)\nexpect.outcome \"permanent\"\n",
       repeated(3, hello() + pipelined + Script{"wait 5s"}), fail, "A11", Word::permanent, true},
      {"A11: hammers behind a 5yz", "on.greeting:reply(554):close()\nexpect.outcome \"permanent\"\n",
       once_busy({"5s", "10s", "20s"}), fail, "A11", Word::permanent, true},
      {"A11: a herd", busy + "on.greeting:reply(421):close()\n",
       Script{"connect", "wait 2s"} + repeated(12, {"connect"}), fail, "A11", Word::temporary, true},
      {"A11: many that came before the first was turned away",
       "on.connect:delay(\"2s\")\non.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n",
       repeated(12, {"connect"}) + Script{"wait 3s"}, pass, "", Word::temporary, true},
      {"A11: a suite that is turned away", "on.greeting:reply(421):close()\nexpect.outcome \"temporary\"\n",
       Script{"connect", "wait 2s"} + repeated(12, {"connect"}), info, "A11", Word::temporary},
      {"A11: many messages in the same moment", "on.message:first(10):reply(451)\nexpect.outcome \"temporary\"\n",
       many(0, 10) + Script{"wait 60s"} + many(0, 10), lax, "A11", Word::temporary, true},
      {"A13: a password in the output", healthy, message(), fail, "A13", Word::none, false,
       ended(0, {}, "debug: login with open-sesame")},
      {"A13: stars in the output", healthy, message(), pass, "", Word::none, false,
       ended(0, {}, "debug: login with ***")},
      {"A14: goes on after 421", "on.mail:first(1):reply(421)\n",
       hello() + Script{"MAIL FROM:<a@example.com>", "MAIL FROM:<a@example.com>"}, fail, "A14"},
      {"A14: QUIT after 421", "on.mail:first(1):reply(421)\n", hello() + Script{"MAIL FROM:<a@example.com>", "QUIT"},
       pass, ""},
      {"A14: a group that was on its way when MAIL got 421", "on.mail:first(1):reply(421)",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>|DATA", "QUIT"}, pass, ""},
      {"A14: a group that was on its way when the first RCPT got 421", "on.rcpt:first(1):reply(421)",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>|RCPT TO:<c@example.net>|DATA", "Text.|.",
                        "QUIT"},
       pass, ""},
      {"A14: goes on behind such a group", "on.mail:first(1):reply(421)",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>|DATA"} + envelope(), fail, "A14"},
      {"A14: DATA when the group's replies had come", "on.mail:first(1):reply(421)",
       hello() + Script{"MAIL FROM:<a@example.com>|RCPT TO:<b@example.net>", "DATA"}, fail, "A14"},
      {"A14: the next message after a 421 to the dot", "on.message:first(1):reply(421)",
       hello() + envelope() + text() + envelope(), fail, "A14"},
      {"A14: a 421 that nobody was waiting for", "on.idle:at(\"5s\"):reply(421)",
       hello() + Script{"wait 6s"} + envelope() + text() + Script{"QUIT"}, pass, ""},
      {"A11: another message to the same recipient, at once",
       "on.mail:first(1):reply(450)\nexpect.outcome \"temporary\"\n",
       hello() + Script{"MAIL FROM:<a@example.com>"} + envelope() + text() + Script{"QUIT"}, info, "A11", Word::sent,
       true, [](JudgeOptions& options) { options.messages = 2; }},
      {"A11: after 554 to the dot only the recipient that had got 450", one_busy,
       hello() + three_to + text() + Script{"QUIT", "wait 5m"} + hello() + envelope("bad@example.net") +
           Script{"QUIT"},
       pass, "outcome partial", Word::none, true,
       [](JudgeOptions& options) {
         options.words = {{Word::permanent, "", "1@example.net", ""},
                          {Word::temporary, "", "bad@example.net", ""},
                          {Word::permanent, "", "3@example.net", ""}};
       }},
      {"A11: 530 to MAIL, and again after a login",
       "on.mail:where(\"connection\", 1):reply(530)\nexpect.outcome \"reconnects\"\n",
       hello() + envelope() + Script{"QUIT"} + hello() + login + envelope() + text() + Script{"QUIT"}, pass,
       "outcome reconnects", Word::sent, true},
      {"A11: 503 to MAIL, and again on a new connection",
       "on.mail:where(\"connection\", 1):reply(503)\nexpect.outcome \"reconnects\"\n",
       hello() + envelope() + Script{"QUIT"} + hello() + envelope() + text() + Script{"QUIT"}, pass,
       "outcome reconnects", Word::sent, true},
      {"refuses: a message that came before the trap was sent", trap_later,
       inside + envelope() + text() + Script{"QUIT", "wait 1s"} + secured() + Script{"close"}, pass,
       "outcome refuses", Word::none, true,
       [](JudgeOptions& options) {
         options.messages = 2;
         options.words = {{Word::sent, "1@example.com", "", ""}, {Word::refused, "2@example.com", "", ""}};
       }},
      {"permanent: the word names a message that came to nothing before its header", second_unknown,
       hello() + envelope() + text() + envelope("bad@example.net") + Script{"QUIT"}, fail, "outcome permanent",
       Word::none, true,
       [](JudgeOptions& options) {
         options.messages = 2;
         options.words = {{Word::sent, "1@example.com", "", ""}, {Word::sent, "2@example.com", "", ""}};
       }},
      {"delivered: the word calls sent what never came", healthy, message(), fail, "outcome delivered", Word::none,
       true,
       [](JudgeOptions& options) {
         options.messages = 2;
         options.words = {{Word::sent, "1@example.com", "", ""}, {Word::sent, "2@example.com", "", ""}};
       }},
      {"partial: called permanent, though the retry has got through, too", one_busy_once,
       hello() + three_to + text() + Script{"QUIT", "wait 5m"} + hello() + envelope("bad@example.net") + text() +
           Script{"QUIT"},
       fail, "outcome partial", Word::permanent, true},
      {"A7: a line with a dot alone in the body", "",
       hello() + envelope() + Script{"DATA", "Message-ID: <1@example.com>||Text.", ".|.More text.|Still more.|."},
       fail, "A7"},
      {"A7: commands behind the final dot at once", "",
       hello() + envelope() + Script{"DATA", "Message-ID: <1@example.com>||Text.", ".|QUIT"}, pass, ""},
      {"reconnects: gives up where the connection went stale, as only its word tells", idle_later,
       hello() + envelope() + text() + Script{"wait 6s"}, fail, "outcome reconnects", Word::none, true,
       [](JudgeOptions& options) {
         options.messages = 2;
         options.words = {{Word::sent, "1@example.com", "", ""}, {Word::permanent, "2@example.com", "", ""}};
       }},
      {"permanent: of two recipients, the one that was refused first is called sent", unknown_user,
       hello() + envelope() + Script{"RCPT TO:<c@example.net>", "QUIT"}, fail, "outcome permanent", Word::none, true,
       [](JudgeOptions& options) {
         options.words = {{Word::permanent, "", "b@example.net", ""}, {Word::sent, "", "c@example.net", ""}};
       }},
      {"temporary: sent, and a recipient was refused that no line names", full_or_refused,
       hello() + three_to + text() + Script{"QUIT"}, fail, "outcome temporary or partial", Word::sent, true},
      {"A15: a second login", "", hello() + bad_login + bad_login + Script{"QUIT"}, fail, "A15"},
      {"A15: a second login by another mechanism after 454", busy_login,
       inside + bad_login + bad_login + Script{"QUIT"}, fail, "A15"},
      {"A15: the same login on a later connection after 454", busy_login,
       inside + bad_login + Script{"QUIT", "wait 5m"} + inside + bad_login + Script{"QUIT"}, pass,
       "outcome temporary", Word::temporary, true},
      {"A15: one login", "tls {}", inside + bad_login + Script{"QUIT"}, pass, ""},
      {"A5, A7, A16: TLS begins where the server goes on in clear", plain_after_220, secured() + Script{"close"},
       pass, "outcome refuses"},
      {"A16: a clean envelope", "", message(), pass, ""},
      {"A16: a NUL in a command", "", hello() + Script{std::string("MAIL FROM:<a\0b@example.com>", 27), "QUIT"}, fail,
       "A16"},
      {"A17: an expired certificate stops it", expired, secured() + Script{"QUIT"}, pass, ""},
      {"A17: an expired certificate is taken", expired, message_inside, fail, "A17"},
      {"A17: a login in spite of a wrong name",
       "doors { smtps = { port = 465, tls = \"implicit\", certificate = \"wrong_host\" } }",
       Script{"connect", "tls", "EHLO client.example"} + login + Script{"QUIT"}, fail, "A17"},
      {"A17: a certificate that many take", "tls { certificate = \"cn_only\" }", message_inside, lax, "A17"},
      {"A17: one for the address, asked by a name", "tls { certificate = \"ip_only\" }", message_inside, fail, "A17"},
      {"A17: one for the address, asked by the address", "tls { certificate = \"ip_only\" }",
       hello() + Script{"STARTTLS", "tls -", "EHLO client.example"} + envelope() + text() + Script{"QUIT"}, pass, ""},
      {"A17: the scenario takes a delivery", expired + "expect.outcome { \"refuses\", \"delivered\" }\n",
       message_inside, pass, "outcome refuses or delivered"},
      {"A17: a good certificate", "tls {}", message_inside, pass, ""},
      {"A17: an address for a name", "tls {}",
       hello() + Script{"STARTTLS", "tls 127.0.0.1", "EHLO client.example"} + envelope() + text() + Script{"QUIT"},
       lax, "A17"},
      {"A18: reported as sent though it broke off", "on.content:at(5):close()\nexpect.outcome \"temporary\"\n",
       hello() + envelope() + Script{"DATA", "Some text."}, fail, "A18", Word::sent, true},
      {"A18: reported as temporary", "on.content:at(5):close()\nexpect.outcome \"temporary\"\n",
       hello() + envelope() + Script{"DATA", "Some text."}, pass, "", Word::temporary, true},
  };
}

JudgeOptions options_of(const Row& row) {
  JudgeOptions options;
  if (row.word != Word::none) options.words.push_back({row.word, "", "", "the test"});
  if (row.is_client) options.command = CommandEnd{true, true, row.word == Word::sent ? 0 : 1, false, {}, {}, "", {}};
  row.with(options);
  return options;
}

class Judging : public testing::TestWithParam<Row> {};

TEST_P(Judging, Holds) {
  const auto& row = GetParam();
  Played played(row.scenario, row.client);
  auto judgement = played.judge(options_of(row));
  std::string told;
  bool named = row.finding.empty();
  for (const auto& finding : judgement.findings) {
    told += "  " + std::string(name_of(finding.verdict)) + " " + finding.name + ": expected " + finding.expected +
            "; seen " + finding.seen + (finding.nearest.empty() ? "" : "; nearest: " + finding.nearest) + "\n";
    named = named || (finding.name == row.finding && (finding.verdict == row.verdict || !finding.weighs));
  }
  EXPECT_EQ(judgement.verdict, row.verdict) << told << played.log();
  EXPECT_TRUE(named) << "no finding '" << row.finding << "' with this verdict\n" << told << played.log();
}

INSTANTIATE_TEST_SUITE_P(Clients, Judging, testing::ValuesIn(rows()), [](const auto& row) {
  std::string name;
  for (char c : row.param.name) name += isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

TEST(Judge, WaivesByName) {
  std::set<std::string> waived;
  for (const auto& row : rows()) {
    if (!row.finding.starts_with("A")) continue;
    Played played(row.scenario, row.client);
    JudgeOptions options = options_of(row);
    auto has = [&](const Scenario& scenario) {
      std::vector<Finding> findings;
      judge_assertions(scenario, played.talk(), played.ledger(), options, findings);
      return std::any_of(findings.begin(), findings.end(),
                         [&](const Finding& finding) { return finding.name == row.finding; });
    };
    auto scenario = played.instance().scenario();
    EXPECT_TRUE(has(scenario)) << row.name;
    scenario.waived = {row.finding};
    EXPECT_FALSE(has(scenario)) << row.name;
    waived.insert(row.finding);
  }
  for (const auto& row : assertion_table())
    EXPECT_EQ(waived.contains(std::string(row.name)), row.by_server) << row.name;
}

TEST(Judge, ACommandThatCantBeStartedIsAllThatIsTold) {
  Played played(unknown_user + "expect.copies { at_least = 1 }\n", {});
  JudgeOptions options;
  options.command = CommandEnd{true, false, 0, false, {}, {}, "", {}};
  auto judgement = played.judge(options);
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  ASSERT_EQ(judgement.findings.size(), 1u);
  EXPECT_EQ(judgement.findings[0].seen, "the command could not be run");
}

// What is wanted of a message says how the fault stood to it.
TEST(Judge, AFaultThatCameTooLateIsNoneThatNeverCame) {
  const std::pair<Script, std::string> cases[] = {
      {message(), "delivered: the fault came when its outcome was known"},
      {hello() + envelope() + text() + Script{"close"}, "delivered: it met no fault"},
      {hello() + Script{"QUIT"} + message(), "delivered"}};
  for (const auto& [client, expected] : cases) {
    Played played(healthy + "on.quit:first(1):close()\n", client);
    auto findings = played.judge().findings;
    ASSERT_FALSE(findings.empty()) << played.log();
    EXPECT_EQ(findings[0].expected, expected) << played.log();
  }
}

TEST(Judge, ATestThatFailsFailsTheRun) {
  Played played("on.rcpt:reply(550)\nexpect.outcome \"permanent\"\n", hello() + envelope() + Script{"QUIT"});
  JudgeOptions options;
  options.command = CommandEnd{false, true, 1, false, {}, {}, "", {}};
  EXPECT_EQ(played.judge(options).verdict, Verdict::fail);
  options.command->exit_status = 0;
  EXPECT_EQ(played.judge(options).verdict, Verdict::pass);
}

TEST(Judge, AClientThatStillWaitsIsJudgedByItsStage) {
  Played played("on.data:stall()\nexpect.outcome \"temporary\"\n", hello() + envelope() + Script{"DATA"});
  JudgeOptions options;
  options.command = CommandEnd{true, true, 137, true, {}, std::chrono::seconds(10), "", {}};
  auto soon = played.judge(options);
  EXPECT_NE(soon.verdict, Verdict::fail) << played.log();
  options.command->ended = std::chrono::minutes(3);
  auto late = played.judge(options);
  EXPECT_EQ(late.verdict, Verdict::fail) << "DATA's least patience is two minutes\n" << played.log();
}

TEST(Judge, AScriptErrorCanNeverPass) {
  Played played("on.quit(function() error('oops') end)\nexpect.outcome \"delivered\"\n", message());
  auto judgement = played.judge();
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_TRUE(judgement.script_failed);
}

TEST(Judge, APasswordInTheOutputIsALeak) {
  Played played("", message());
  JudgeOptions options;
  options.command = CommandEnd{true, true, 0, false, {}, {}, "debug: login with open-sesame", {}};
  auto judgement = played.judge(options);
  EXPECT_EQ(judgement.verdict, Verdict::fail);
}

// Whatever can be expected, and whatever the server asserts by itself, has a client here that passes and one that
// fails.
TEST(Judge, EachJudgementHasAGoodAndABadClient) {
  auto all = rows();
  auto has = [&](const std::string& subject, Verdict verdict, const std::string& field = {}) {
    return std::any_of(all.begin(), all.end(), [&](const Row& row) {
      return row.subject() == subject && row.verdict == verdict &&
             (field.empty() || row.scenario.find(field + " =") != std::string::npos);
    });
  };
  auto check = [&](const std::string& subject, const std::string& field = {}) {
    EXPECT_TRUE(has(subject, Verdict::pass, field)) << "no good client for " << subject << " " << field;
    EXPECT_TRUE(has(subject, Verdict::fail, field)) << "no bad client for " << subject << " " << field;
  };
  for (auto outcome : outcome_names()) check(std::string(outcome));
  check("patience");
  for (const auto& row : assertion_table())
    if (row.by_server) check(std::string(row.name));
  for (const auto& row : expectation_table()) {
    if (row.name == "outcome") continue;
    check("expect." + std::string(row.name));
    auto open = row.usage.find('{');
    if (open == std::string_view::npos) continue;
    for (auto field : split(row.usage.substr(open + 1, row.usage.find('}') - open - 1), ','))
      check("expect." + std::string(row.name), std::string(trim(field)));
  }
}

struct Miss {
  std::string scenario;
  Script client;
  std::string nearest;
};

// The names stand in the engine's sources: a new one must get its assertion.
TEST(Judge, WhateverASessionRecordsIsJudged) {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(MAILFAULT_SOURCE "/server/engine")) {
    std::ifstream in(file.path());
    std::string source{std::istreambuf_iterator<char>(in), {}};
    for (std::string_view call : {"violation(\"", "found(facts."})
      for (auto at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
        auto begin = source.find('"', at) + 1;
        names.insert(source.substr(begin, source.find_first_of("\":", begin) - begin));
      }
  }
  EXPECT_GT(names.size(), 15u);
  for (const auto& name : names) {
    Conversation talk;
    talk.connections.emplace_back().violations = {{Micros{}, name + ": details"}};
    std::vector<Finding> findings;
    judge_assertions(Scenario{}, talk, Ledger(), {}, findings);
    EXPECT_EQ(findings.size(), 1u) << name;
  }
}

TEST(Judge, TheNearestMissIsTold) {
  const Miss misses[] = {
      {"expect.delivered { to = \"alice@*\" }", message(),
       "one message arrived; its recipient was b@example.net, not alice@*"},
      {"expect.delivered { to = \"alice@*\" }",
       hello() + Script{"MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "RCPT TO:<c@example.net>"} + text(),
       "one message arrived; its recipients were b@example.net, c@example.net, not alice@*"},
      {"expect.delivered { to = \"b@*\", subject = \"bye\" }",
       hello() + envelope("c@example.net") + text() + envelope() + text("2@example.com") + Script{"QUIT"},
       "2 messages arrived; of the nearest its subject was \"hello\", not \"bye\""},
      {"expect.delivered { to = \"alice@*\", contains = \"invoice\" }", message(),
       "one message arrived; its recipient was b@example.net, not alice@*, and its text doesn't have \"invoice\""},
      {"expect.delivered { count = 2 }", message(), ""},
      {"expect.delivered {}", {}, "nobody connected"},
      {"expect.delivered {}", hello(), "no client came as far as MAIL"},
      {"expect.delivered {}\non.rcpt:reply(550)", hello() + envelope(),
       "a message was begun; RCPT of b@example.net was answered with 550"},
      {"expect.delivered {}\non.data:stall()", to_data,
       "a message was begun; RCPT of b@example.net was answered with 250"},
      {"expect.delivered {}\non.message:reply(451)", message(), "a message was sent whole; it was answered with 451"},
      {"expect.copies { at_least = 1, to = \"alice@*\" }", message(),
       "one message arrived; its recipient was b@example.net, not alice@*"},
      {"expect.copies { at_most = 1 }", message() + Script{"wait 2s"} + message(),
       "they came on connection #1 at 0s, #2 at 2s"},
      {"expect.commands \"EHLO, RSET, QUIT\"", message(),
       "connection 1 sent EHLO, MAIL, RCPT, DATA, QUIT; RSET is missing after EHLO was answered with 250"},
      {"expect.commands \"AUTH\"", {"connect"}, "connection 1 sent no command; AUTH is missing"},
      {"expect.commands \"EHLO, AUTH, MAIL\"", hello() + bad_login + hello(),
       "connection 1 sent EHLO, AUTH; MAIL is missing after AUTH was answered with 535"},
      {"expect.attempts { at_most = 1 }\n" + busy, once_busy({"2s", "4s"}), "the gaps between its tries: 2s, 4s"},
  };
  for (const auto& miss : misses) {
    Played played(miss.scenario, miss.client);
    auto findings = played.judge().findings;
    auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& each) {
      return each.name.starts_with("expect.") && each.verdict == Verdict::fail;
    });
    ASSERT_NE(found, findings.end()) << miss.scenario << "\n" << played.log();
    EXPECT_EQ(found->nearest, miss.nearest) << miss.scenario << "\n" << played.log();
  }
}

const std::string bouncing =
    "scenario { title = \"t\", needs = { bounces = true } }\n"
    "on.rcpt:to(\"gone@*\"):dsn{ status = \"5.1.1\", after = \"1s\" }\n"
    "expect.outcome \"delivered\"\nexpect.never { stage = \"rcpt\", to = \"gone@*\", after = \"dsn\" }\n";
const Script gone = hello() + envelope("gone@example.net") + text();

TEST(Judge, ABounceThatReachesNobodyIsUnmet) {
  auto found = [](const Judgement& judgement) {
    auto each = std::find_if(judgement.findings.begin(), judgement.findings.end(),
                             [](const Finding& finding) { return finding.name == "bounces"; });
    return each == judgement.findings.end() ? std::string() : each->seen;
  };
  Played delivered(bouncing, gone + Script{"QUIT", "wait 2s"}, true);
  EXPECT_EQ(delivered.judge().verdict, Verdict::pass) << delivered.log();
  Played kept(bouncing, gone + Script{"QUIT", "wait 2s"});
  EXPECT_EQ(kept.judge().verdict, Verdict::unmet) << kept.log();
  EXPECT_EQ(found(kept.judge()), "1 bounce was made and went nowhere");
  Played early(bouncing, gone + Script{"QUIT"}, true);
  EXPECT_EQ(early.judge().verdict, Verdict::unmet) << early.log();
  EXPECT_EQ(found(early.judge()), "no bounce was due by the end of the run");
}

TEST(Judge, AnAddressIsSuppressedAfterItsBounce) {
  auto again = [](const std::string& to) { return hello() + envelope(to) + text("2@example.com") + Script{"QUIT"}; };
  Played obeys(bouncing, gone + Script{"QUIT", "wait 2s"} + again("here@example.net"), true);
  EXPECT_EQ(obeys.judge().verdict, Verdict::pass) << obeys.log();
  Played sends(bouncing, gone + Script{"QUIT", "wait 2s"} + again("gone@example.net"), true);
  EXPECT_EQ(sends.judge().verdict, Verdict::fail) << sends.log();
  // Another address that matches has its own bounce to come.
  Played other(bouncing, gone + Script{"QUIT", "wait 2s"} + again("gone@example.org") + Script{"wait 2s"}, true);
  EXPECT_EQ(other.judge().verdict, Verdict::pass) << other.log();
  // On the connection that was open already, too.
  Played kept_open(bouncing, gone + Script{"wait 2s"} + envelope("gone@example.net") + text("2@example.com"), true);
  EXPECT_EQ(kept_open.judge().verdict, Verdict::fail) << kept_open.log();
}

TEST(Judge, HowLateItsTimersWereIsKnown) {
  Played on_time("on.greeting:delay(\"1s\")\n", {"connect", "wait 2s"});
  EXPECT_EQ(on_time.judge().latest_timer, Micros{});
  Played late("on.greeting:delay(\"1s\")\n", {"connect", "busy 1300ms"});
  EXPECT_EQ(late.judge().latest_timer, std::chrono::milliseconds(300));
}

TEST(Judge, ABoundMissedByLessThanThatIsNoFail) {
  Played played(busy + "expect.attempts { gap = \"1s\" }\n", Script{"connect", "wait 900ms", "connect"});
  auto verdict = [&](int late) {
    JudgeOptions options;
    options.words.push_back({Word::temporary, "", "", "the test"});
    options.latest_timer = std::chrono::milliseconds(late);
    return played.judge(options).verdict;
  };
  EXPECT_EQ(verdict(0), Verdict::fail);
  EXPECT_EQ(verdict(99), Verdict::fail);
  EXPECT_EQ(verdict(101), Verdict::info);
}

TEST(Judge, WhatCameOfTheSameEnvelopeMayBeAnotherMessage) {
  Played played("on.mail:first(1):reply(550)\nexpect.outcome \"permanent\"\n",
                hello() + Script{"MAIL FROM:<a@example.com>", "QUIT", "wait 5s"} + message());
  EXPECT_EQ(played.judge().verdict, Verdict::fail);
  JudgeOptions two;
  two.messages = 2;
  EXPECT_EQ(played.judge(two).verdict, Verdict::info);
  two.messages = 1;
  EXPECT_EQ(played.judge(two).verdict, Verdict::fail);
}

TEST(AssertionTable, NamesEachOnce) {
  auto table = assertion_table();
  ASSERT_EQ(table.size(), 18u);
  for (std::size_t i = 0; i < table.size(); ++i) EXPECT_EQ(table[i].name, "A" + std::to_string(i + 1));
}

}  // namespace
}  // namespace mailfault
