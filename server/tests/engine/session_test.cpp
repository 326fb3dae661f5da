// One connection's dialogue, as a client sees it and as the journal has it.
#include <functional>
#include <random>

#include "world.hpp"

namespace mailfault::testing {
namespace {

using Upto = World::Upto;

std::string repeated(std::size_t count, std::string_view what) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += what;
  return out;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::string auth_plain(std::string_view user, std::string_view password) {
  return base64(std::string(1, '\0') + std::string(user) + std::string(1, '\0') + std::string(password));
}

// ---------------------------------------------------------------- splits

/// What a client says; it waits for all answers before the next step.
struct Dialogue {
  std::string name, body;
  std::vector<std::string> steps;
  friend void PrintTo(const Dialogue& dialogue, std::ostream* out) { *out << dialogue.name; }
};

using Cut = std::function<std::size_t()>;

struct Heard {
  std::vector<std::string> events;
  std::string replies;
};

Heard heard(const Dialogue& dialogue, const Cut& next_size) {
  World world(dialogue.body);
  auto& client = world.connect();
  Heard out;
  for (std::string_view step : dialogue.steps) {
    while (!step.empty()) {
      auto size = std::min(step.size(), next_size());
      out.replies += client.send(step.substr(0, size));
      step.remove_prefix(size);
    }
    out.replies += client.read();
  }
  world.advance(1min);
  out.replies += client.read();
  client.leave();
  out.events = world.events();
  return out;
}

class Splits : public ::testing::TestWithParam<Dialogue> {};

TEST_P(Splits, GiveTheSameJournalAndReplies) {
  auto whole = heard(GetParam(), [] { return std::string::npos; });
  ASSERT_GT(whole.events.size(), 3u);
  std::size_t length = 0;
  for (const auto& step : GetParam().steps) length += step.size();
  auto check = [&](const std::string& how, const Cut& cut) {
    auto other = heard(GetParam(), cut);
    EXPECT_EQ(other.events, whole.events) << how;
    EXPECT_EQ(other.replies, whole.replies) << how;
  };
  bool huge = length > 100'000;
  for (std::size_t size : huge ? std::vector<std::size_t>{1000, 4099} : std::vector<std::size_t>{1, 2, 3, 64})
    check("in pieces of " + std::to_string(size), [size] { return size; });
  for (std::uint32_t seed = 1; seed <= (huge ? 2 : 10); ++seed) {
    std::mt19937 random(seed);
    std::size_t most = huge ? 9000 : seed % 2 ? 7 : 60;
    check("at random, seed " + std::to_string(seed), [&] { return 1 + random() % most; });
  }
}

const std::string envelope = "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n";

const std::vector<Dialogue> dialogues{
    {"lock_step",
     "",
     {"EHLO c\r\n", "MAIL FROM:<a@example.com> SIZE=10 BODY=8BITMIME\r\n", "RCPT TO:<b@example.net>\r\n", "DATA\r\n",
      "Subject: x\r\n\r\n..stuffed\r\n.. \r\ncaf\xc3\xa9\r\n.\r\n", "RSET\r\n", "NOOP\r\n", "VRFY x\r\n",
      "EXPN x\r\n", "HELP\r\n", "STARTTLS\r\n", "FOO\r\n", "QUIT\r\n"}},
    {"pipelined", "", {"EHLO c\r\n", envelope, "x\r\n.\r\n" + envelope, "\r\n.\r\nQUIT\r\n"}},
    {"bdat",
     "capabilities { '+CHUNKING' }\non.content:at(12):send('250 so far\\r\\n'):proceed()",
     {"EHLO c\r\n",
      "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nBDAT 10\r\n.\r\nQUIT\r\n\rBDAT 4 LAST\r\n\n.\r\n"
      "BDAT 5 LAST\r\nRSET\nBDAT x\r\nRSET\r\nQUIT\r\n"}},
    {"lmtp",
     "doors { lmtp = { protocol = 'lmtp' } }\non.message:nth(2):reply(452)",
     {"LHLO c\r\n", "MAIL FROM:<>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nRCPT TO:<d@x>\r\nDATA\r\n",
      "hi\r\n.\r\nRSET\r\n"}},
    {"proxy",
     "doors { smtp = { proxy = true } }",
     {"PROXY TCP4 203.0.113.9 192.0.2.1 40000 25\r\n", "EHLO c\r\n", "QUIT\r\n"}},
    {"auth_plain_initial",
     "",
     {"EHLO c\r\n", "AUTH PLAIN " + auth_plain("user@example.com", "open-sesame") + "\r\n"}},
    {"auth_plain", "", {"EHLO c\r\n", "AUTH PLAIN\r\n", auth_plain("user@example.com", "wrong") + "\r\n"}},
    {"auth_login",
     "",
     {"EHLO c\r\n", "auth login\r\n", base64("user@example.com") + "\r\n", base64("open-sesame") + "\r\n"}},
    {"auth_login_initial",
     "",
     {"EHLO c\r\n", "AUTH LOGIN " + base64("user@example.com") + "\r\n", base64("open-sesame") + "\r\n",
      "AUTH LOGIN\r\n"}},
    {"auth_faults",
     "",
     {"AUTH PLAIN\r\n", "EHLO c\r\n", "AUTH\r\n", "AUTH CRAM-MD5\r\n", "AUTH PLAIN %%%\r\n", "AUTH LOGIN\r\n",
      "*\r\n", "AUTH LOGIN\r\n", "?\r\n", "AUTH PLAIN =\r\n"}},
    {"binary",
     "",
     {"EHLO c\r\n",
      [] {
        std::string all;
        for (int i = 0; i < 256; ++i) all += static_cast<char>(255 - i);
        return all + "\r\n" + all + all + "\n\r\n\r\r\n";
      }()}},
    {"bare_line_feeds", "", {"EHLO c\n", "NOOP\n", "NO\rOP\r\n", std::string("NOOP \0 x\r\n", 10)}},
    {"smuggling", "", {"EHLO c\r\n", envelope, "a\n.\nb\r.\rc\r\n.\n\n.\r\nMAIL FROM:<e@x>\r\n.\r\n"}},
    {"too_long_line", "", {std::string(20'000, 'x') + "\r\n", "NOOP\r\n"}},
    {"endless_line", "", {std::string(1'100'000, 'x')}},
    {"too_big_body",
     "capabilities { \"PIPELINING\", \"SIZE 1000\" }",
     {"EHLO c\r\n", envelope, repeated(30, std::string(76, 'y') + "\r\n") + ".\r\n"}},
    {"long_body_lines", "", {"EHLO c\r\n", envelope, std::string(1200, 'z') + "\r\n.\r\nQUIT\r\n"}},
    {"content_rules",
     "on.content:at(10):delay('1s') on.content:at(20):send('250 early\\r\\n'):proceed() on.content:at(30):reply(552)",
     {"EHLO c\r\n", envelope, std::string(100, 'x') + "\r\n.\r\n", "NOOP\r\n"}},
    {"functions",
     R"lua(on.command:verb("XASK"):run(function(session)
       session:send("300 more\r\n")
       local line = session:read_line("5s")
       if session:wait("5s", "GO *") then return reply(250, "went " .. line) end
     end))lua",
     {"XASK\r\n", "one\r\n", "GO now\r\n", "QUIT\r\n"}},
    {"talks_early", "on.greeting:delay('1s')", {"EHLO c\r\n"}},
    {"tls_on_a_plain_door", "", {std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10)}},
};
INSTANTIATE_TEST_SUITE_P(Session, Splits, ::testing::ValuesIn(dialogues),
                         [](const auto& row) { return row.param.name; });

// ---------------------------------------------------------------- a healthy server

TEST(Session, PlaysAWholeDialogue) {
  World world("");
  auto& client = world.connect();
  EXPECT_EQ(client.read(), "220 mx.example.com ESMTP\r\n");
  EXPECT_EQ(client.say("EHLO c"),
            "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n"
            "250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN LOGIN\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@example.com>"), "250 2.1.0 Ok\r\n");
  EXPECT_EQ(client.say("RCPT TO:<b@example.net>"), "250 2.1.5 Ok\r\n");
  EXPECT_EQ(client.say("RCPT TO:<c@example.net>"), "250 2.1.5 Ok\r\n");
  EXPECT_EQ(client.say("DATA"), "354 End data with <CR><LF>.<CR><LF>\r\n");
  EXPECT_EQ(client.send("Subject: x\r\n\r\n..\r\n.\r\n"), "250 2.0.0 Ok: queued as MF00001001\r\n");
  EXPECT_EQ(client.say("QUIT"), "221 2.0.0 Bye\r\n");
  EXPECT_TRUE(client.wire->fin());
  const auto& ledger = world.instance().ledger();
  ASSERT_EQ(ledger.size(), 1u);
  EXPECT_EQ(ledger.copies(), 2u);
  EXPECT_EQ(ledger[0].text, "Subject: x\r\n\r\n.\r\n");
  EXPECT_EQ(ledger[0].from, "a@example.com");
  EXPECT_THAT(world.texts(EventKind::violation), IsEmpty());
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("server: closed after QUIT"));
  EXPECT_FALSE(world.instance().failed());
  EXPECT_EQ(world.instance().open_sessions(), 0u);
}

TEST(Session, APipelinedGroupIsAnsweredInOneWrite) {
  World world("");
  auto& client = world.client(Upto::ehlo);
  auto before = client.wire->writes();
  EXPECT_THAT(client.send(envelope), EndsWith("354 End data with <CR><LF>.<CR><LF>\r\n"));
  EXPECT_EQ(client.wire->writes(), before + 1);
  EXPECT_EQ(count_of(client.send("x\r\n.\r\n" + envelope), "\r\n"), 4u);
  EXPECT_EQ(client.wire->writes(), before + 2);
}

TEST(Session, ADelayCutsAGroupsReplies) {
  World world("on.rcpt:delay('1s')");
  auto& client = world.client(Upto::ehlo);
  auto before = client.wire->writes();
  EXPECT_EQ(client.send(envelope), "250 2.1.0 Ok\r\n");
  world.advance(1s);
  EXPECT_EQ(client.read(), "250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n");
  EXPECT_EQ(client.wire->writes(), before + 2);
}

TEST(Session, CommandsOutOfTurnAreRefusedAndNoted) {
  World world("");
  auto& client = world.client();
  EXPECT_EQ(client.say("MAIL FROM:<a@x>"), "503 5.5.1 Error: send HELO/EHLO first\r\n");
  EXPECT_EQ(client.say("RCPT TO:<a@x>"), "503 5.5.1 Error: need MAIL command\r\n");
  EXPECT_EQ(client.say("DATA"), "503 5.5.1 Error: need RCPT command\r\n");
  EXPECT_EQ(client.say("HELO"), "501 5.5.4 Syntax: HELO hostname\r\n");
  EXPECT_EQ(client.say("HELO c"), "250 mx.example.com\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x>"), "250 2.1.0 Ok\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x>"), "503 5.5.1 Error: nested MAIL command\r\n");
  EXPECT_EQ(client.say("DATA x"), "501 5.5.4 Syntax: DATA\r\n");
  EXPECT_EQ(client.say("DATA"), "554 5.5.1 Error: no valid recipients\r\n");
  EXPECT_EQ(client.say("VRFY"), "501 5.5.4 Syntax: VRFY address\r\n");
  EXPECT_THAT(
      world.texts(EventKind::violation),
      ElementsAre("out_of_turn: MAIL before EHLO", "out_of_turn: RCPT without MAIL", "out_of_turn: DATA without MAIL",
                  "out_of_turn: MAIL in a transaction", "data_without_recipient"));
}

TEST(Session, EhloClearsTheTransaction) {
  World world("");
  auto& client = world.client(Upto::rcpt);
  EXPECT_THAT(client.say("EHLO c"), StartsWith("250-"));
  EXPECT_EQ(client.say("RCPT TO:<a@x>"), "503 5.5.1 Error: need MAIL command\r\n");
}

TEST(Session, OnlyWhatWasOfferedHolds) {
  World world("capabilities { 'SIZE 1000' }");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("MAIL FROM:<a@x> BODY=8BITMIME"), "555 5.5.4 Unsupported option: BODY\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x> XFOO=1"), "555 5.5.4 Unsupported option: XFOO\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<\xc3\xa9@x>"), "553 5.6.7 Must declare SMTPUTF8 to send unicode address\r\n");
  EXPECT_EQ(client.say("AUTH PLAIN"), "503 5.5.1 Error: authentication not enabled\r\n");
  EXPECT_EQ(client.say("STARTTLS"), "502 5.5.1 Error: STARTTLS is not offered\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x> SIZE=1000"), "250 2.1.0 Ok\r\n");
  EXPECT_EQ(client.say("RCPT TO:<a@x> NOTIFY=NEVER"), "555 5.5.4 Unsupported option: NOTIFY\r\n");
  EXPECT_EQ(client.send("RSET\r\nNOOP\r\n"), "250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n");
  EXPECT_THAT(world.texts(EventKind::violation),
              ElementsAre("unoffered_parameter: BODY", "unoffered_parameter: XFOO",
                          "undeclared_utf8: an address outside ASCII without SMTPUTF8", "unoffered_auth",
                          "unoffered_starttls", "unoffered_parameter: NOTIFY",
                          "early: sent before the last reply, and PIPELINING was not offered"));
}

TEST(Session, StarttlsComesBehindEhlo) {
  World world("doors { submission = { port = 587, tls = 'starttls' } }");
  auto& client = world.client();
  EXPECT_EQ(client.say("STARTTLS"), "503 5.5.1 Error: send HELO/EHLO first\r\n");
  EXPECT_THAT(world.texts(EventKind::violation), ElementsAre("unoffered_starttls: before EHLO"));
  client.say("EHLO c");
  EXPECT_THAT(client.say("STARTTLS"), StartsWith("220 "));
}

TEST(Session, AHandWrittenEhloReplyIsWhatHolds) {
  World world(R"(on.helo:accept():send("250-mx\r\n250 SIZE 10\r\n"))");
  auto& client = world.client();
  EXPECT_EQ(client.say("EHLO c"), "250-mx\r\n250 SIZE 10\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x> SIZE=11"), "552 5.3.4 Message size exceeds fixed limit\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x> BODY=8BITMIME"), "555 5.5.4 Unsupported option: BODY\r\n");
}

TEST(Session, AMechanismThatIsOfferedButNotBuiltIsAFactAndNoViolation) {
  World world("capabilities { 'AUTH GSSAPI PLAIN' }");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("AUTH GSSAPI"), "504 5.5.4 Unrecognized authentication type\r\n");
  EXPECT_EQ(client.say("AUTH LOGIN"), "504 5.5.4 Unrecognized authentication type\r\n");
  EXPECT_THAT(world.texts(EventKind::fact), ElementsAre("AUTH GSSAPI is offered, but this version can't play it"));
  EXPECT_THAT(world.texts(EventKind::violation), ElementsAre("unoffered_mechanism: LOGIN"));
}

// ---------------------------------------------------------------- AUTH

TEST(Session, AuthPlain) {
  World world("");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("AUTH PLAIN " + auth_plain("user@example.com", "wrong")),
            "535 5.7.8 Authentication credentials invalid\r\n");
  EXPECT_EQ(client.say("AUTH PLAIN"), "334 \r\n");
  EXPECT_EQ(client.say(auth_plain("user@example.com", "open-sesame")), "235 2.7.0 Authentication successful\r\n");
  EXPECT_EQ(client.say("AUTH PLAIN"), "503 5.5.1 Error: already authenticated\r\n");
}

TEST(Session, AuthLogin) {
  World world("users { ['me'] = 'secret' }");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 " + base64("Username:") + "\r\n");
  EXPECT_EQ(client.say(base64("me")), "334 " + base64("Password:") + "\r\n");
  EXPECT_EQ(client.say("*"), "501 5.7.0 Authentication aborted\r\n");
  EXPECT_EQ(client.say("AUTH LOGIN"), "334 " + base64("Username:") + "\r\n");
  EXPECT_THAT(client.say("not base64!"), StartsWith("501 5.5.2 Cannot decode response"));
  EXPECT_EQ(client.say("AUTH LOGIN " + base64("me")), "334 " + base64("Password:") + "\r\n");
  EXPECT_THAT(client.say("\r\n"), StartsWith("535"));
  client.say("AUTH LOGIN " + base64("me"));
  EXPECT_EQ(client.say(base64("secret")), "235 2.7.0 Authentication successful\r\n");
}

TEST(Session, AuthInATransactionIsRefused) {
  World world("");
  auto& client = world.client(Upto::mail);
  EXPECT_EQ(client.say("AUTH PLAIN"), "503 5.5.1 Error: AUTH is not permitted in a mail transaction\r\n");
}

TEST(Session, CapabilitiesAfterAuth) {
  World world("capabilities { after_auth = { '-AUTH', '+SIZE 5' } }");
  auto& client = world.client(Upto::ehlo);
  client.say("AUTH PLAIN " + auth_plain("user@example.com", "open-sesame"));
  EXPECT_THAT(client.say("EHLO c"), AllOf(HasSubstr("SIZE 5\r\n"), Not(HasSubstr("AUTH"))));
}

constexpr std::string_view secret = "S3cret-of-mine";

/// Everything by which a password could come into the journal.
std::string journal_of_secrets(bool show_secrets) {
  World::Options options;
  options.instance.show_secrets = show_secrets;
  World world(R"(
on.auth:nth(1):reply(535, "5.7.8", "bad password {password} of {user} in {line}")
on.auth:nth(2):send("535 {password}{password}\r\n")
on.auth:nth(3):delay("1s"):reply(535, "late {password}")
on.command:where("line", "AUTH XTOKEN*"):challenge("token"):reply(535)
on.command:where("line", "AUTH XREAD*"):run(function(session)
  session:send("334 \r\n")
  session:read_line("1m")
  return reply(535)
end))",
              options);
  auto& client = world.client(Upto::ehlo);
  auto plain = auth_plain("me", secret);
  client.say("AUTH PLAIN " + plain);
  client.say("auth login " + base64("me"));
  client.say(base64(secret));
  client.say("AUTH PLAIN");
  client.say(plain);
  world.advance(1s);
  client.say("AUTH PLAIN");
  client.say(base64(secret));  // malformed
  client.say("AUTH PLAIN " + plain + "%");
  client.say("AUTH XTOKEN " + base64(secret));
  client.say(base64(secret));
  client.say("AUTH XREAD");
  client.say(base64(secret));
  client.say("AUTH CRAM-MD5 " + base64(secret));
  client.say("AUTH PLAIN " + plain + std::string(20'000, 'x'));
  EXPECT_EQ(world.instance().failed(), false);
  EXPECT_EQ(count_of(world.log(), "C: "), 15u);
  return ::testing::PrintToString(world.events());
}

TEST(Session, NoSecretIsInTheJournal) {
  auto journal = journal_of_secrets(false);
  EXPECT_THAT(journal, Not(HasSubstr(secret)));
  EXPECT_THAT(journal, Not(HasSubstr(base64(secret))));
  EXPECT_THAT(journal, Not(HasSubstr(auth_plain("me", secret))));
  EXPECT_THAT(journal, HasSubstr("<redacted>"));
}

TEST(Session, AScriptThatReadsAuthItselfLeaksNothing) {
  World world(R"(on.connect(function(session)
  session:send("220 mine\r\n")
  session:read_line("1m")
  return reply(235):close()
end))");
  auto& client = world.connect();
  EXPECT_THAT(client.say("AUTH PLAIN " + auth_plain("me", secret)), EndsWith("235\r\n"));
  EXPECT_THAT(world.texts(EventKind::command), ElementsAre("AUTH PLAIN <redacted>"));
}

TEST(Session, SecretsAreShownOnRequest) {
  auto journal = journal_of_secrets(true);
  EXPECT_THAT(journal, HasSubstr(secret));
  EXPECT_THAT(journal, HasSubstr(base64(secret)));
  EXPECT_THAT(journal, HasSubstr(auth_plain("me", secret)));
  EXPECT_THAT(journal, Not(HasSubstr("<redacted>")));
}

// ---------------------------------------------------------------- bounds

TEST(Session, ALineThatDoesntEndEndsTheSession) {
  World world("");
  auto& client = world.client();
  EXPECT_EQ(client.send(std::string(1 << 20, 'x')), "");
  EXPECT_EQ(client.send(std::string(1 << 16, 'x')), "500 5.5.2 Error: line too long\r\n");
  EXPECT_TRUE(client.wire->fin());
  EXPECT_THAT(world.texts(EventKind::limit), ElementsAre("a command line of more than 1 MiB"));
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("server: a line that doesn't end"));
}

TEST(Session, ATooLongLineIsRefusedAndTheNextOneHolds) {
  World world("");
  auto& client = world.client();
  EXPECT_EQ(client.say(std::string(13'000, 'x')), "500 5.5.2 Error: line too long\r\n");
  EXPECT_EQ(client.say("NOOP"), "250 2.0.0 Ok\r\n");
}

TEST(Session, ABodyThatDoesntEndEndsTheSession) {
  for (std::size_t piece : {std::size_t{1} << 20, std::size_t{3'000'017}}) {
    World world("capabilities { 'SIZE 1000' }");
    auto& client = world.client(Upto::data);
    std::string bytes(piece, 'x'), heard;
    std::size_t sent = 0;
    for (; heard.empty() && sent < 100'000'000; sent += piece) heard = client.send(bytes);
    EXPECT_EQ(heard, "552 5.3.4 Message size exceeds fixed limit\r\n");
    EXPECT_GT(sent, 64u << 20);
    EXPECT_TRUE(client.wire->fin());
    EXPECT_THAT(world.texts(EventKind::limit), ElementsAre("a body of more than 64 MiB"));
    EXPECT_THAT(world.texts(EventKind::ended),
                ElementsAre("server: a body that doesn't end, after 67108865 bytes of a body"));
  }
}

TEST(Session, SizeIsRefusedAsDeclaredAndAsCounted) {
  World world("capabilities { 'SIZE 1000' }");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("MAIL FROM:<a@x> SIZE=1001"), "552 5.3.4 Message size exceeds fixed limit\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@x> SIZE=1000"), "250 2.1.0 Ok\r\n");
  client.say("RCPT TO:<b@x>");
  client.say("DATA");
  EXPECT_EQ(client.send(std::string(999, 'x') + "\r\n.\r\n"), "552 5.3.4 Message size exceeds fixed limit\r\n");
  EXPECT_EQ(world.instance().ledger().size(), 0u);
  client.say("MAIL FROM:<a@x>");
  client.say("RCPT TO:<b@x>");
  client.say("DATA");
  EXPECT_THAT(client.send(std::string(998, 'x') + "\r\n.\r\n"), StartsWith("250 "));
  EXPECT_EQ(world.instance().ledger().size(), 1u);
}

TEST(Session, AThousandRecipientsAreEnough) {
  World world("");
  auto& client = world.client(Upto::mail);
  std::string group;
  for (int i = 0; i < 1000; ++i) group += "RCPT TO:<r" + std::to_string(i) + "@example.net>\r\n";
  EXPECT_EQ(count_of(client.send(group), "250 2.1.5 Ok\r\n"), 1000u);
  EXPECT_EQ(client.say("RCPT TO:<more@example.net>"), "452 4.5.3 Error: too many recipients\r\n");
  client.say("DATA");
  EXPECT_THAT(client.say("."), StartsWith("250 "));
  EXPECT_EQ(world.instance().ledger().copies(), 1000u);
}

TEST(Session, ReadingIsHeldWhileTooMuchIsPending) {
  World world("on.helo:delay('1m')");
  auto& client = world.client();
  client.say("EHLO c");
  std::string group = repeated(10'000, "NOOP xxxxxxxxx\r\n");
  for (std::size_t at = 0; at < group.size(); at += 4096) client.send(std::string_view(group).substr(at, 4096));
  FieldRef pending{Field::pending, {}, 0, {}};
  auto held = as_text(world.instance().session(1)->field(pending)).size();
  EXPECT_GT(held, 64u * 1024);
  EXPECT_LE(held, 64u * 1024 + 4096);
  world.advance(1min);
  EXPECT_EQ(count_of(client.read(), "250 2.0.0 Ok\r\n"), 10'000u);
  EXPECT_EQ(world.instance().open_sessions(), 1u);
}

TEST(Session, AFullLedgerOrJournalFailsTheRun) {
  World::Options options;
  options.instance.ledger_limit = 100;
  World world("", options);
  auto& client = world.client(Upto::data);
  EXPECT_THAT(client.send(std::string(200, 'x') + "\r\n.\r\n"), StartsWith("250 "));
  EXPECT_TRUE(world.instance().failed());
  EXPECT_THAT(world.texts(EventKind::limit), ElementsAre(HasSubstr("the ledger is full")));
  options = {};
  options.instance.journal_limit = 500;
  World small("", options);
  auto& other = small.client();
  for (int i = 0; i < 20; ++i) other.say("NOOP");
  EXPECT_TRUE(small.instance().failed());
}

// ---------------------------------------------------------------- violations

TEST(Session, NotesWhatACorrectClientDoesntDo) {
  World world("");
  auto& client = world.client();
  client.send("NOOP\n");
  client.say("NO\rOP");
  client.send(std::string("NOOP \0\r\n", 8));
  client.say("NOOP " + std::string(600, 'x'));
  client.say("EHLO c");
  client.send(envelope);
  client.send("a\nb\rc" + std::string(1, '\0') + "\xff\r\n" + std::string(1000, 'x') + "\r\n.\r\n");
  EXPECT_THAT(world.texts(EventKind::violation),
              ElementsAre(StartsWith("bare_lf"), StartsWith("bare_cr"), StartsWith("nul"),
                          StartsWith("line_over_512"), "body_bare_lf: 1 time", "body_bare_cr: 1 time",
                          "body_nul: 1 time", "body_line_over_998: 1 time", StartsWith("body_eight_bit")));
}

TEST(Session, AViolationStandsBeforeItsCommand) {
  World world("");
  world.client().send("NOOP\nRSET\r\n");
  std::vector<std::string> order;
  for (const auto& event : world.instance().journal())
    if (event.kind == EventKind::violation || event.kind == EventKind::command)
      order.emplace_back(event.text().substr(0, event.text().find(':')));
  EXPECT_THAT(order, ElementsAre("bare_lf", "NOOP", "early", "RSET"));
}

TEST(Session, NotesThatAClientTalksBeforeTheGreeting) {
  World world("on.greeting:delay('1s')");
  auto& client = world.connect();
  client.say("EHLO c");
  world.advance(1s);
  EXPECT_THAT(client.read(), StartsWith("220 mx.example.com ESMTP\r\n250-"));
  EXPECT_THAT(world.texts(EventKind::violation), Contains("talks_before_greeting"));
}

TEST(Session, APregreetTrap) {
  World world(R"(on.greeting:delay("6s") on.greeting:where("early"):reply(521, "5.7.1", "Protocol error"):close())");
  auto& early = world.connect();
  auto& patient = world.connect();
  world.advance(5s);
  early.say("EHLO c");
  world.advance(1s);
  EXPECT_EQ(early.read(), "521 5.7.1 Protocol error\r\n");
  EXPECT_TRUE(early.wire->fin());
  EXPECT_EQ(patient.read(), "220 mx.example.com ESMTP\r\n");
}

TEST(Session, EarlyIsTrueOfAllButTheFirstOfAGroup) {
  World world("on.command:where('early'):no_reply()");
  auto& client = world.client();
  EXPECT_EQ(client.send("NOOP\r\nNOOP\r\nNOOP\r\n"), "250 2.0.0 Ok\r\n");
  EXPECT_EQ(client.say("NOOP"), "250 2.0.0 Ok\r\n");
}

// ---------------------------------------------------------------- silence

TEST(Session, SilenceOfTenMinutesEndsIt) {
  World world("");
  auto& idle = world.client();
  auto& lively = world.client();
  auto& in_body = world.client(Upto::data);
  world.advance(9min);
  lively.say("NOOP");
  in_body.send("x");
  world.advance(1min);
  world.instance().sweep();
  EXPECT_EQ(idle.read(), "");
  world.advance(1s);
  world.instance().sweep();
  EXPECT_EQ(idle.read(), "421 4.4.2 mx.example.com Error: timeout exceeded\r\n");
  EXPECT_TRUE(idle.wire->fin());
  EXPECT_EQ(world.instance().open_sessions(), 2u);
  world.advance(9min);
  world.instance().sweep();
  EXPECT_THAT(lively.read(), StartsWith("421"));
  EXPECT_THAT(in_body.read(), StartsWith("421"));
  EXPECT_THAT(world.texts(EventKind::ended, idle.number),
              ElementsAre("server: the client was silent for 10 minutes"));
}

TEST(Session, TheServersOwnWaitsAreNoSilenceOfTheClient) {
  World world("on.data:delay('15m') on.noop:delay('20m') on.quit:stall()");
  auto& body = world.client(Upto::rcpt);
  auto& waiting = world.client();
  auto& stalled = world.client();
  body.say("DATA");
  waiting.say("NOOP");
  stalled.say("QUIT");
  world.advance(15min);
  EXPECT_THAT(body.read(), StartsWith("354"));
  world.instance().sweep();
  EXPECT_EQ(world.instance().open_sessions(), 3u);
  EXPECT_THAT(body.send("x\r\n.\r\n"), StartsWith("250"));
}

TEST(Session, IdleRulesPlayOnceEachSilence) {
  World world("on.idle:at('5s'):send('250 five\\r\\n') on.idle:at('8s'):send('250 eight\\r\\n')");
  auto& client = world.client();
  world.advance(4999ms);
  EXPECT_EQ(client.read(), "");
  world.advance(1ms);
  EXPECT_EQ(client.read(), "250 five\r\n");
  world.advance(3s);
  EXPECT_EQ(client.read(), "250 eight\r\n");
  world.advance(1min);
  EXPECT_EQ(client.read(), "");
  client.say("NOOP");
  world.advance(5s);
  EXPECT_EQ(client.read(), "250 five\r\n");
}

// ---------------------------------------------------------------- clients that leave

/// Leaves in the midst of a wait; the rest of the rule must not play.
struct Wait {
  std::string name, body;
  friend void PrintTo(const Wait& wait, std::ostream* out) { *out << wait.name; }
};
class Leaving : public ::testing::TestWithParam<Wait> {};

TEST_P(Leaving, EndsTheRule) {
  for (bool reset : {false, true}) {
    World world(GetParam().body + "\non.close(function(session, who) print('over: ' .. who) end)");
    auto& client = world.client(Upto::ehlo);
    client.wire->client_sends("NOOP\r\n");
    reset ? client.reset() : client.leave();
    EXPECT_EQ(world.instance().open_sessions(), 0u);
    world.advance(1h);
    EXPECT_EQ(client.read().find("250 never"), std::string::npos);
    EXPECT_THAT(world.texts(EventKind::reply), Not(Contains(HasSubstr("never"))));
    EXPECT_THAT(world.texts(EventKind::ended), ElementsAre(reset ? "client: RST" : "client: FIN"));
    EXPECT_THAT(world.texts(EventKind::fact), ElementsAre("print: over: client"));
    EXPECT_THAT(world.texts(EventKind::error), IsEmpty());
    EXPECT_FALSE(world.instance().failed());
  }
}

const std::vector<Wait> waits{
    {"delay", "on.noop:delay('5s'):reply(250, 'never')"},
    {"drip", "on.noop:drip(1, '1s'):reply(250, 'never')"},
    {"split", "on.noop:split('1s', 3):reply(250, 'never')"},
    {"challenge", "on.noop:challenge('x'):reply(250, 'never')"},
    {"stall", "on.noop:stall()"},
    {"stop_reading", "on.noop:stop_reading('5s'):delay('5s'):reply(250, 'never')"},
    {"function_delay", "on.noop(function(session) session:delay('5s') session:reply(250, 'never') end)"},
    {"function_challenge", "on.noop(function(session) session:challenge('x') session:reply(250, 'never') end)"},
    {"function_preempted", "on.noop(function(session) for i = 1, 1e8 do end session:reply(250, 'never') end)"},
    {"function_wait",
     "on.noop(function(session) if not session:wait('5s') then return end session:reply(250, 'never') end)"},
    {"function_reads_then_delays",
     "on.noop(function(session) session:read_line('5s') session:delay('1s') session:reply(250, 'never') end)"},
};
INSTANTIATE_TEST_SUITE_P(Session, Leaving, ::testing::ValuesIn(waits),
                         [](const auto& row) { return row.param.name; });

TEST(Session, AMessageRulePlaysOnWithoutItsClient) {
  for (bool reset : {false, true}) {
    World world("on.message:delay('5s'):reply(250, '2.0.0', 'late')");
    auto& client = world.client(Upto::data);
    client.send("x\r\n.\r\n");
    world.advance(1s);
    reset ? client.reset() : client.leave();
    EXPECT_EQ(world.instance().ledger().size(), 0u);
    EXPECT_EQ(world.instance().open_sessions(), 1u);
    world.advance(4s);
    EXPECT_EQ(world.instance().ledger().size(), 1u);
    EXPECT_THAT(world.texts(EventKind::undelivered), ElementsAre("250 2.0.0 late"));
    EXPECT_THAT(world.texts(EventKind::reply), Not(Contains(HasSubstr("late"))));
    EXPECT_EQ(world.instance().open_sessions(), 0u);
  }
}

TEST(Session, AClientThatLeavesInABody) {
  World world("");
  auto& client = world.client(Upto::data);
  client.send("half");
  client.leave();
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("client: FIN, after 4 bytes of a body"));
  EXPECT_EQ(world.instance().ledger().size(), 0u);
}

TEST(Session, WhatCameBeforeTheFinIsAnswered) {
  World world("");
  auto& client = world.client();
  client.send("NOOP\r\nQUI");
  client.leave();
  EXPECT_THAT(world.texts(EventKind::command), ElementsAre("NOOP"));
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("client: FIN"));
}

// ---------------------------------------------------------------- the run's end

TEST(Session, StopEndsEveryPhase) {
  World world(R"(
on.connect:nth(1):stall()
on.greeting:nth(1):delay("1h")
on.noop:drip(1, "1m")
on.rset:challenge("x")
on.vrfy(function(session) session:read_line("1h") end)
on.message:delay("1h")
on.quit(function() for i = 1, 1e9 do end end)
on.close(function(session, who) print(session.connection .. " " .. who) end))");
  world.connect();               // stalled
  world.connect();               // before the greeting
  world.client();                // commands
  world.client().say("NOOP");    // in pieces
  world.client().say("RSET");    // in a challenge
  world.client().say("VRFY x");  // in a function's wait
  world.client(Upto::data).send("x");
  world.client(Upto::data).send("x\r\n.\r\n");
  world.client(Upto::ehlo).say("AUTH LOGIN");
  world.client().wire->client_sends("QUIT\r\n");  // preempted
  EXPECT_EQ(world.instance().open_sessions(), 10u);
  world.instance().stop();
  EXPECT_EQ(world.instance().open_sessions(), 0u);
  auto ends = world.texts(EventKind::ended);
  EXPECT_EQ(ends.size(), 10u);
  EXPECT_THAT(ends, ::testing::Each(StartsWith("run: the run is over")));
  EXPECT_EQ(world.texts(EventKind::fact).size(), 10u);
  EXPECT_FALSE(world.instance().failed());
}

TEST(Session, ASilentDoorSaysNothing) {
  World world("doors { smtp = { port = 25, state = 'silent' } }");
  auto& client = world.connect();
  EXPECT_EQ(client.say("EHLO c"), "");
  world.advance(1h);
  world.instance().sweep();
  EXPECT_EQ(client.read(), "");
  EXPECT_EQ(world.instance().open_sessions(), 1u);
  EXPECT_THAT(world.texts(EventKind::fault), ElementsAre("door smtp is silent"));
}

// ---------------------------------------------------------------- time

TEST(Session, TheTimeScaleShortensTheServersWaits) {
  World::Options options;
  options.instance.time_scale = 0.1;
  World world("on.noop:delay('10s') on.idle:at('100s'):send('250 idle\\r\\n')", options);
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "");
  world.advance(999ms);
  EXPECT_EQ(client.read(), "");
  world.advance(1ms);
  EXPECT_EQ(client.read(), "250 2.0.0 Ok\r\n");
  world.advance(10s);
  EXPECT_EQ(client.read(), "250 idle\r\n");
}

TEST(Session, AWiresLatencyHoldsForAllThatIsSent) {
  World world("wire { latency = '2s' }");
  auto& client = world.connect();
  world.advance(1999ms);
  EXPECT_EQ(client.read(), "");
  world.advance(1ms);
  EXPECT_EQ(client.read(), "220 mx.example.com ESMTP\r\n");
}

TEST(Session, DripAndSplitCutWhatTheStageSends) {
  World world("on.noop:reply(250, 'abc'):drip(4, '1s') on.rset:split('1s', '250 ', 6):reply(250, 'abc')");
  auto& client = world.client();
  auto before = client.wire->writes();
  EXPECT_EQ(client.say("NOOP"), "250 ");
  world.advance(1s);
  EXPECT_EQ(client.read(), "abc\r");
  world.advance(1s);
  EXPECT_EQ(client.read(), "\n");
  EXPECT_EQ(client.say("RSET"), "250 ");
  world.advance(1s);
  EXPECT_EQ(client.read(), "ab");
  world.advance(1s);
  EXPECT_EQ(client.read(), "c\r\n");
  EXPECT_EQ(client.wire->writes(), before + 6);
}

TEST(Session, ADelayOfNothingEndsASegment) {
  World world("on.noop:send('250-a\\r\\n'):delay(0):reply(250, 'b') on.rset:send('250-a\\r\\n'):reply(250, 'b')");
  auto& client = world.client();
  auto before = client.wire->writes();
  EXPECT_EQ(client.say("RSET"), "250-a\r\n250 b\r\n");
  EXPECT_EQ(client.wire->writes(), before + 1);
  EXPECT_EQ(client.say("NOOP"), "250-a\r\n250 b\r\n");
  EXPECT_EQ(client.wire->writes(), before + 3);
}

TEST(Session, HalfCloseSendsNoMoreAndReadsOn) {
  World world("on.noop:reply(250, 'last'):half_close()");
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "250 last\r\n");
  EXPECT_TRUE(client.wire->fin());
  EXPECT_EQ(client.say("RSET"), "");
  EXPECT_THAT(world.texts(EventKind::undelivered), ElementsAre("250 2.0.0 Ok"));
  EXPECT_THAT(world.texts(EventKind::command), ElementsAre("NOOP", "RSET"));
}

TEST(Session, StopReadingHoldsWhatTheClientSends) {
  World world("on.noop:stop_reading('10s')");
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "250 2.0.0 Ok\r\n");
  EXPECT_EQ(client.say("RSET"), "");
  world.advance(10s);
  EXPECT_EQ(client.read(), "250 2.0.0 Ok\r\n");
}

TEST(Session, VanishIsHeardByNeitherSide) {
  World world("on.noop:reply(250, 'last'):vanish()");
  auto& client = world.client();
  EXPECT_EQ(client.say("NOOP"), "250 last\r\n");
  EXPECT_EQ(client.say("NOOP"), "");
  EXPECT_FALSE(client.wire->fin());
  EXPECT_THAT(world.texts(EventKind::command), ElementsAre("NOOP"));
}

// ---------------------------------------------------------------- fields

TEST(Session, FieldsInTemplates) {
  World world(R"(
on.noop:reply(250, "{connection} {door} {peer} {peer/24} {host} {helo} {esmtp} {tls} {verb} {line} {messages} {other{}}")
on.rcpt:reply(250, "{from} {from.domain} {rcpt.localpart} {param.NOTIFY} {rcpts} {message} {id}")
on.message:reply(250, "{size} {header.Subject} {header.Missing}|"))");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("NOOP a\x01"),
            "250 1 smtp 192.0.2.7 192.0.2.0/24 mx.example.com c true  NOOP NOOP a? 0 {other{}}\r\n");
  client.say("MAIL FROM:<a@example.com>");
  EXPECT_EQ(client.say("RCPT TO:<b@example.net> NOTIFY=NEVER"),
            "250 a@example.com example.com b NEVER b@example.net 1 MF00001001\r\n");
  client.say("DATA");
  EXPECT_EQ(client.send("Subject: =?utf-8?Q?caf=C3=A9?=\r\n {peer}\r\n\r\n.\r\n"), "250 43 caf\xc3\xa9 {peer} |\r\n");
}

}  // namespace
}  // namespace mailfault::testing
