// The extensions as a client meets them: BDAT, LMTP, PROXY, XCLIENT, LIMITS, and the parameters' codes.
#include "world.hpp"

namespace mailfault::testing {
namespace {

using Upto = World::Upto;

const std::string chunking = "capabilities { \"+CHUNKING\", \"+BINARYMIME\" }\n";

Client& with_rcpt(World& world) { return world.client(Upto::rcpt); }

std::size_t stored(World& world) { return world.instance().ledger().copies(); }

std::string stored_text(World& world) {
  std::string out;
  for (const auto& message : world.instance().ledger()) out += message.text;
  return out;
}

// ---------------------------------------------------------------- BDAT

TEST(Bdat, ChunksMakeOneMessage) {
  World world(chunking);
  auto& client = with_rcpt(world);
  EXPECT_EQ(client.send("BDAT 14\r\nSubject: one\r\n"), "250 2.0.0 14 octets received\r\n");
  EXPECT_EQ(client.send("BDAT 7\r\n\r\n.\r\n.."), "250 2.0.0 7 octets received\r\n");
  EXPECT_THAT(client.send("BDAT 3 LAST\r\nend"), StartsWith("250 2.0.0 Ok: queued"));
  EXPECT_EQ(stored_text(world), "Subject: one\r\n\r\n.\r\n..end");
  EXPECT_THAT(world.texts(EventKind::violation), IsEmpty());
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250"));
}

TEST(Bdat, AWholeGroupInEverySplit) {
  const std::string group =
      "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nBDAT 8\r\nBDAT 0\r\n"
      "BDAT 4 LAST\r\nQUITMAIL FROM:<c@example.com>\r\nRSET\r\n";
  std::string whole;
  for (std::size_t size : {group.size(), std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    World world(chunking);
    auto& client = world.client(Upto::ehlo);
    std::string heard;
    for (std::size_t at = 0; at < group.size(); at += size) heard += client.send(group.substr(at, size));
    EXPECT_EQ(stored_text(world), "BDAT 0\r\nQUIT") << "the chunk's bytes are no commands";
    if (whole.empty()) whole = heard;
    EXPECT_EQ(heard, whole) << size;
  }
  EXPECT_THAT(whole, HasSubstr("250 2.0.0 8 octets"));
}

TEST(Bdat, AZeroLengthLastEndsTheMessage) {
  World world(chunking);
  auto& client = with_rcpt(world);
  EXPECT_THAT(client.send("BDAT 3\r\nabcBDAT 0 LAST\r\n"), HasSubstr("queued"));
  EXPECT_EQ(stored_text(world), "abc");
  auto& empty = with_rcpt(world);
  EXPECT_THAT(empty.say("BDAT 0 LAST"), HasSubstr("queued"));
  EXPECT_EQ(stored(world), 2u);
}

TEST(Bdat, OutOfTurnIsRefusedAndItsBytesAreNoCommands) {
  World world(chunking);
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.send("BDAT 6 LAST\r\nQUIT\r\n"), "503 5.5.1 Error: need MAIL command\r\n");
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250"));
  EXPECT_EQ(client.send("BDAT 6 LAST\r\nQUIT\r\n"), "503 5.5.1 Error: need RCPT command\r\n");
  EXPECT_THAT(client.say("RCPT TO:<b@example.net>"), StartsWith("250"));
  EXPECT_THAT(client.send("BDAT 2\r\nhi"), StartsWith("250"));
  EXPECT_THAT(client.say("DATA"), StartsWith("503 5.5.1 Error: DATA after BDAT"));
  EXPECT_THAT(client.say("RCPT TO:<c@example.net>"), StartsWith("503"));
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("503"));
  EXPECT_THAT(client.say("NOOP"), StartsWith("250"));
  EXPECT_THAT(client.send("BDAT 0 LAST\r\n"), HasSubstr("queued"));
  EXPECT_EQ(stored_text(world), "hi");
  EXPECT_EQ(stored(world), 1u);
}

TEST(Bdat, RsetThrowsTheChunksAway) {
  World world(chunking);
  auto& client = with_rcpt(world);
  client.send("BDAT 3\r\nold");
  EXPECT_THAT(client.say("RSET"), StartsWith("250"));
  EXPECT_THAT(client.send("BDAT 1 LAST\r\nx"), StartsWith("503"));
  client.say("MAIL FROM:<a@example.com>");
  client.say("RCPT TO:<b@example.net>");
  client.send("BDAT 3 LAST\r\nnew");
  EXPECT_EQ(stored_text(world), "new");
}

TEST(Bdat, BadSizesAndNoChunking) {
  World world(chunking);
  auto& client = with_rcpt(world);
  for (const char* line : {"BDAT", "BDAT x", "BDAT -1", "BDAT 1 FIRST", "BDAT 99999999999999999999"})
    EXPECT_THAT(client.say(line), StartsWith("501 5.5.4")) << line;
  World without("");
  auto& other = with_rcpt(without);
  EXPECT_THAT(other.send("BDAT 6\r\nNOOP\r\n"), StartsWith("502 5.5.1 Error: CHUNKING is not offered\r\n250"));
  EXPECT_THAT(without.texts(EventKind::violation), Contains(HasSubstr("unoffered_command: BDAT")));
}

TEST(Bdat, ABinaryBodyIsForBdatAlone) {
  World world(chunking);
  auto& client = world.client(Upto::ehlo);
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com> BODY=BINARYMIME"), StartsWith("250"));
  client.say("RCPT TO:<b@example.net>");
  EXPECT_THAT(client.say("DATA"), StartsWith("503"));
  EXPECT_THAT(client.send(std::string("BDAT 4 LAST\r\n\n\0\r\xff", 17)), HasSubstr("queued"));
  EXPECT_THAT(world.texts(EventKind::violation), ElementsAre(HasSubstr("out_of_turn: DATA for BODY=BINARYMIME")));
  World without("capabilities { \"+CHUNKING\" }");
  EXPECT_THAT(without.client(Upto::ehlo).say("MAIL FROM:<a@example.com> BODY=BINARYMIME"), StartsWith("555"));
}

TEST(Bdat, TooLargeIsRefusedAtItsChunkAndTheRestIsThrownAway) {
  World world("capabilities { \"+CHUNKING\", \"+SIZE 10\" }");
  auto& client = with_rcpt(world);
  EXPECT_THAT(client.send("BDAT 11\r\n01234567890"), StartsWith("552 5.3.4"));
  EXPECT_THAT(client.send("BDAT 4\r\nRSET"), StartsWith("503 5.5.1 Error: discarded after an earlier error"));
  EXPECT_THAT(client.send("BDAT 4 LAST\r\nRSET"), StartsWith("503"));
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250")) << "the last chunk ended it";
  client.say("RCPT TO:<b@example.net>");
  EXPECT_THAT(client.send("BDAT 11 LAST\r\n01234567890"), StartsWith("552"));
  EXPECT_EQ(stored(world), 0u);
}

TEST(Bdat, AHugeChunkIsCutOff) {
  World world("capabilities { \"+CHUNKING\", \"+SIZE 10\" }");
  auto& client = with_rcpt(world);
  client.send("BDAT 18446744073709551615\r\n");
  std::string heard;
  for (int i = 0; i < 66 && heard.empty(); ++i) heard = client.send(std::string(1 << 20, 'x'));
  EXPECT_THAT(heard, StartsWith("552 5.3.4"));
  EXPECT_TRUE(client.wire->fin());
  EXPECT_THAT(world.texts(EventKind::limit), ElementsAre(HasSubstr("a body of more than")));
}

TEST(Bdat, AClientThatHangsUpInAChunk) {
  World world(chunking);
  auto& client = with_rcpt(world);
  client.send("BDAT 100\r\nhalf");
  client.leave();
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre(HasSubstr("client: FIN, after 4 bytes of a body")));
  auto& between = with_rcpt(world);
  between.send("BDAT 4\r\nhalf");
  between.leave();
  EXPECT_THAT(world.texts(EventKind::ended, 2), ElementsAre(HasSubstr("after 4 bytes of a body")));
  auto& refused = world.client(Upto::ehlo);
  refused.send("BDAT 100\r\nhalf");
  refused.leave();
  EXPECT_THAT(world.texts(EventKind::ended, 3), ElementsAre(HasSubstr("in a chunk")));
  EXPECT_EQ(stored(world), 0u);
}

TEST(Bdat, RulesAtContentSeeThePlaceInTheWholeBody) {
  World world(chunking + "on.content:at(6):where('verb', 'BDAT'):reply(452, '4.3.1', 'Full at {size}')");
  auto& client = with_rcpt(world);
  EXPECT_THAT(client.send("BDAT 4\r\nabcd"), StartsWith("250"));
  EXPECT_EQ(client.send("BDAT 4\r\nefgh"), "452 4.3.1 Full at 6\r\n");
  EXPECT_THAT(client.send("BDAT 4 LAST\r\nQUIT"), StartsWith("503"));
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250"));
  EXPECT_EQ(stored(world), 0u);
}

TEST(Bdat, AnAnswerInTheLastChunkIsTheMessages) {
  World world(chunking + "on.content:at(2):reply(552, '5.3.4')");
  auto& client = with_rcpt(world);
  EXPECT_THAT(client.send("BDAT 4 LAST\r\nQUIT"), StartsWith("552"));
  EXPECT_EQ(client.read(), "");
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250"));
}

TEST(Bdat, RulesAtMessagePlayAtTheLastChunk) {
  World world(chunking + "on.message:reply(451, '4.3.0')\non.data:reply(554)");
  auto& client = with_rcpt(world);
  EXPECT_THAT(client.send("BDAT 2\r\nhi"), StartsWith("250")) << "data comes with DATA alone";
  EXPECT_THAT(client.send("BDAT 0 LAST\r\n"), StartsWith("451"));
  EXPECT_EQ(stored(world), 0u);
}

TEST(Bdat, AnAnswerAtCommandTakesTheChunkFromTheMessage) {
  World world(chunking + "on.command:verb('BDAT'):nth(2):reply(451, '4.3.0', 'No')");
  auto& client = with_rcpt(world);
  EXPECT_THAT(client.send("BDAT 4\r\nQUIT"), StartsWith("250"));
  EXPECT_EQ(client.send("BDAT 6\r\nQUIT\r\n"), "451 4.3.0 No\r\n");
  EXPECT_THAT(client.send("BDAT 4 LAST\r\nQUIT"), StartsWith("503"));
  EXPECT_EQ(stored(world), 0u);
}

TEST(Bdat, ARefusedGroupIsNoFaultOfTheClients) {
  World world(chunking + "on.mail:reply(550)");
  auto& client = world.client(Upto::ehlo);
  EXPECT_THAT(client.send("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nBDAT 2 LAST\r\nhi"),
              EndsWith("503 5.5.1 Error: need MAIL command\r\n503 5.5.1 Error: need MAIL command\r\n"));
  EXPECT_THAT(world.texts(EventKind::violation), IsEmpty());
}

// ---------------------------------------------------------------- LMTP

TEST(Lmtp, AReplyForEachRecipient) {
  World world(
      "doors { lmtp = { port = 24, protocol = 'lmtp' } }\n"
      "on.rcpt:to('no@*'):reply(550)\n"
      "on.message:to('full@*'):reply(452, '4.2.2', '{rcpt} is full')");
  auto& client = world.connect();
  EXPECT_EQ(client.read(), "220 mx.example.com LMTP\r\n");
  EXPECT_THAT(client.say("EHLO c"), StartsWith("500 5.5.1"));
  EXPECT_THAT(client.say("HELO c"), StartsWith("500 5.5.1"));
  EXPECT_THAT(client.say("LHLO c"), HasSubstr("250-PIPELINING"));
  client.say("MAIL FROM:<a@example.com>");
  for (const char* name : {"one", "full", "no", "two"}) client.say("RCPT TO:<" + std::string(name) + "@example.net>");
  client.say("DATA");
  const auto replies = client.send("Subject: x\r\n\r\n.\r\n");
  EXPECT_THAT(replies, ::testing::MatchesRegex("250 [^\r]+\r\n452 4.2.2 full@example.net is full\r\n250 [^\r]+\r\n"));
  EXPECT_EQ(stored(world), 2u);
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("250"));
  EXPECT_THAT(client.say("DATA"), StartsWith("503 5.5.1 Error: no valid recipients"));
}

TEST(Lmtp, ByBdatToo) {
  World world("doors { lmtp = { protocol = 'lmtp' } }\ncapabilities { '+CHUNKING' }");
  auto& client = world.connect();
  client.send("LHLO c\r\nMAIL FROM:<>\r\n");
  for (int i = 0; i < 3; ++i) client.say("RCPT TO:<" + std::to_string(i) + "@example.net>");
  EXPECT_THAT(client.send("BDAT 2 LAST\r\nhi"), ::testing::MatchesRegex("(250 [^\r]+\r\n){3}"));
  EXPECT_EQ(stored(world), 3u);
}

TEST(Lmtp, EveryRecipientIsAnEventAndMayEndTheConnection) {
  World world("doors { lmtp = { protocol = 'lmtp' } }\non.message:nth(2):accept():close()");
  auto& client = world.connect();
  client.send("LHLO c\r\nMAIL FROM:<>\r\n");
  for (int i = 0; i < 3; ++i) client.say("RCPT TO:<" + std::to_string(i) + "@example.net>");
  client.say("DATA");
  EXPECT_THAT(client.send(".\r\n"), ::testing::MatchesRegex("250 [^\r]+\r\n"));
  EXPECT_TRUE(client.wire->fin());
  EXPECT_EQ(stored(world), 2u);
}

TEST(Lmtp, ManyRecipients) {
  World world("doors { lmtp = { protocol = 'lmtp' } }");
  auto& client = world.connect();
  client.send("LHLO c\r\nMAIL FROM:<>\r\n");
  for (int i = 0; i < 1000; ++i) client.say("RCPT TO:<" + std::to_string(i) + "@example.net>");
  client.say("DATA");
  const auto replies = client.send(".\r\n");
  EXPECT_EQ(std::count(replies.begin(), replies.end(), '\n'), 1000);
  EXPECT_EQ(stored(world), 1000u);
}

TEST(Lmtp, LhloIsNoWordOfSmtp) {
  World world("");
  EXPECT_THAT(world.client().say("LHLO c"), StartsWith("500 5.5.1"));
}

// ---------------------------------------------------------------- PROXY and XCLIENT

TEST(Proxy, TheClaimedAddressIsThePeer) {
  World world(
      "doors { smtp = { proxy = true } }\non.greeting:where('peer', '203.0.113.*'):reply(554, '5.7.1', '{peer}')");
  auto& client = world.connect();
  EXPECT_EQ(client.read(), "");
  EXPECT_EQ(client.send("PROXY TCP4 203.0.113.9 10."), "");
  EXPECT_EQ(client.send("0.0.1 40000 25\r\n"), "554 5.7.1 203.0.113.9\r\n");
  auto& other = world.connect();
  EXPECT_THAT(other.send("PROXY UNKNOWN\r\nEHLO c\r\n"), StartsWith("220"));
  EXPECT_THAT(world.texts(EventKind::fact, 1),
              ElementsAre("PROXY version 1 from 203.0.113.9 port 40000 to 10.0.0.1 port 25"));
  EXPECT_THAT(world.texts(EventKind::fact, 2), ElementsAre("PROXY version 1 names no client"));
}

TEST(Proxy, AMalformedHeaderCloses) {
  World world("doors { smtp = { proxy = true } }");
  auto& client = world.connect();
  EXPECT_EQ(client.say("EHLO client.example"), "");
  EXPECT_TRUE(client.wire->fin());
  EXPECT_THAT(world.texts(EventKind::violation), ElementsAre(StartsWith("bad_proxy_header: neither")));
  EXPECT_THAT(world.texts(EventKind::ended), ElementsAre("server: no PROXY header"));
  auto& gone = world.connect();
  gone.send("PROXY TC");
  gone.leave();
  EXPECT_THAT(world.texts(EventKind::ended, 2), ElementsAre("client: FIN before a whole PROXY header"));
}

TEST(Xclient, BeginsTheSessionAgainAsThatClients) {
  World world(
      "capabilities { '+XCLIENT NAME ADDR HELO LOGIN' }\n"
      "on.greeting:where('peer', '203.0.113.*'):reply(220, 'hello {peer} {user}')");
  auto& client = world.client(Upto::ehlo);
  EXPECT_THAT(client.say("XCLIENT PORT=1"), StartsWith("501 5.5.4 Bad XCLIENT attribute name: PORT"));
  EXPECT_EQ(client.say("XCLIENT ADDR=203.0.113.9 LOGIN=ann+40example.com"),
            "220 hello 203.0.113.9 ann@example.com\r\n");
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("503")) << "EHLO is wanted again";
  EXPECT_THAT(client.say("EHLO c"), HasSubstr("XCLIENT"));
  EXPECT_THAT(client.say("AUTH PLAIN"), StartsWith("503 5.5.1 Error: already"));
  client.say("MAIL FROM:<a@example.com>");
  EXPECT_THAT(client.say("XCLIENT NAME=x"), StartsWith("503"));
  EXPECT_THAT(world.texts(EventKind::fact), Contains("XCLIENT: ADDR=203.0.113.9 LOGIN=ann@example.com"));
  World without("");
  EXPECT_THAT(without.client(Upto::ehlo).say("XCLIENT ADDR=1.2.3.4"), StartsWith("502"));
}

// ---------------------------------------------------------------- parameters, limits, other commands

TEST(Extensions, ParametersOnlyAsOfferedAndByTheirGrammar) {
  World world(
      "capabilities { '+DELIVERBY 300', '+FUTURERELEASE 100 2030-01-01T00:00:00Z', '+MT-PRIORITY', '+REQUIRETLS' }");
  auto& client = world.client(Upto::ehlo);
  for (auto [line, code] : {std::pair{"MAIL FROM:<a@b> RET=FULL ENVID=x+20y", "250"},
                            {"RSET", "250"},
                            {"MAIL FROM:<a@b> RET=NONE", "501 5.5.4"},
                            {"MAIL FROM:<a@b> BY=10;R", "555 5.5.4"},
                            {"MAIL FROM:<a@b> HOLDFOR=101", "501 5.5.4"},
                            {"MAIL FROM:<a@b> MT-PRIORITY=12", "501 5.5.4"},
                            {"MAIL FROM:<a@b> REQUIRETLS", "530 5.7.10"},
                            {"MAIL FROM:<a@b> SUBMITTER=x", "555 5.5.4"},
                            {"MAIL FROM:<a@b> NOTIFY=NEVER", "555 5.5.4"},
                            {"MAIL FROM:<a@b> BY=400;R HOLDFOR=100 MT-PRIORITY=3 AUTH=<>", "250"},
                            {"RCPT TO:<c@d> NOTIFY=SUCCESS,NEVER", "501 5.5.4"},
                            {"RCPT TO:<c@d> NOTIFY=SUCCESS ORCPT=rfc822;c+2Bx@d", "250"}})
    EXPECT_THAT(client.say(line), StartsWith(code)) << line;
  EXPECT_THAT(world.texts(EventKind::violation), Contains("bad_parameter: Syntax: RET=FULL or HDRS"));
}

TEST(Extensions, ParametersAreFields) {
  World world("on.rcpt:reply(250, '{param.notify} {param.orcpt} {param.ret} {param.envid} {param.body}')");
  auto& client = world.client(Upto::ehlo);
  client.say("MAIL FROM:<a@b> RET=HDRS ENVID=x BODY=8BITMIME");
  EXPECT_EQ(client.say("RCPT TO:<c@d> NOTIFY=NEVER ORCPT=rfc822;c@d"), "250 NEVER rfc822;c@d HDRS x 8BITMIME\r\n");
}

TEST(Limits, AreEnforcedAsOffered) {
  World world("capabilities { '+LIMITS MAILMAX=2 RCPTMAX=3 RCPTDOMAINMAX=2' }");
  auto& client = world.client(Upto::mail);
  EXPECT_THAT(client.say("RCPT TO:<1@one.example>"), StartsWith("250"));
  EXPECT_THAT(client.say("RCPT TO:<2@ONE.example>"), StartsWith("250"));
  EXPECT_THAT(client.say("RCPT TO:<3@two.example>"), StartsWith("250"));
  EXPECT_THAT(client.say("RCPT TO:<4@two.example>"), StartsWith("452 4.5.3 Error: too many recipients"));
  client.say("RSET");
  client.say("MAIL FROM:<a@example.com>");
  client.say("RCPT TO:<1@one.example>");
  client.say("RCPT TO:<2@two.example>");
  EXPECT_THAT(client.say("RCPT TO:<3@three.example>"), StartsWith("452 4.5.3 Error: too many recipient domains"));
  client.say("RSET");
  EXPECT_THAT(client.say("MAIL FROM:<a@example.com>"), StartsWith("421 4.5.3"));
  EXPECT_TRUE(client.wire->fin());
}

TEST(Commands, OfSmallerExtensions) {
  World world("capabilities { '+ETRN', '+EXPN', '+BURL imap', '+CHUNKING' }");
  auto& client = world.client(Upto::ehlo);
  for (auto [line, reply] :
       {std::pair{"ETRN example.com", "251 2.0.0 Ok, no messages waiting for node example.com"},
        {"ETRN @example.com", "251"},
        {"ETRN", "501"},
        {"EXPN list", "252 2.0.0 list"},
        {"EXPN", "501"},
        {"VRFY who", "252 2.0.0 who"},
        {"VRFY", "501"},
        {"BURL imap://x LAST", "554 5.7.14"},
        {"HELP", "214 2.0.0 HELO EHLO MAIL RCPT DATA RSET NOOP VRFY AUTH HELP QUIT BDAT ETRN EXPN"}})
    EXPECT_THAT(client.say(line), StartsWith(reply)) << line;
  World without("");
  auto& other = without.client(Upto::ehlo);
  for (const char* line : {"ETRN example.com", "EXPN list", "BURL imap://x"})
    EXPECT_THAT(other.say(line), StartsWith("502")) << line;
}

TEST(Pipelining, ACommandThatEndsItsGroupIsFollowedByNothing) {
  World world("");
  auto& good = world.client(Upto::ehlo);
  good.send("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n");
  good.send("x\r\n.\r\nMAIL FROM:<a@example.com>\r\nRSET\r\nQUIT\r\n");
  EXPECT_THAT(world.texts(EventKind::violation), IsEmpty());
  auto& noop = world.client(Upto::ehlo);
  noop.send("NOOP\r\nRSET\r\n");
  EXPECT_THAT(world.texts(EventKind::violation, 2), ElementsAre(HasSubstr("not_last_of_group")));
  auto& body = world.client(Upto::rcpt);
  body.send("DATA\r\nx\r\n.\r\n");
  EXPECT_THAT(world.texts(EventKind::violation, 3), ElementsAre(HasSubstr("the body was sent before")));
}

}  // namespace
}  // namespace mailfault::testing
