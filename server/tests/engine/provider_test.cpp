// Sessions that speak as a provider does.
#include <set>

#include "world.hpp"

namespace mailfault::testing {
namespace {

using Upto = World::Upto;

World::Options with_provider(const std::string& fields, std::uint64_t seed = 0) {
  World::Options options;
  options.instance.seed = seed;
  options.providers = std::make_shared<ProviderFiles>(
      ProviderFiles{{"mine", "mine.lua", "return { title = 't', sources = { 's' }, " + fields + " }"}});
  return options;
}

TEST(Provider, GreetsAndOffersAsItDoes) {
  World world("provider 'exim'");
  auto& client = world.connect();
  EXPECT_THAT(client.read(), StartsWith("220 mail.example.com ESMTP Exim 4.98 "));
  EXPECT_EQ(client.say("EHLO c"),
            "250-mail.example.com Hello c [192.0.2.7]\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-PIPELINING\r\n"
            "250-PIPECONNECT\r\n250-CHUNKING\r\n250-STARTTLS\r\n250-PRDR\r\n250 HELP\r\n");
  EXPECT_EQ(client.say("HELO c"), "250 mail.example.com Hello c [192.0.2.7]\r\n");
  EXPECT_EQ(client.say("AUTH PLAIN"), "503 AUTH command used when not advertised\r\n");
  EXPECT_EQ(client.say("QUIT"), "221 mail.example.com closing connection\r\n");
  EXPECT_TRUE(client.wire->fin());
}

TEST(Provider, SpeaksOfTlsButADoorMayHaveNone) {
  World world("provider 'postfix' doors { smtp = { port = 25, tls = 'none' } }");
  EXPECT_THAT(world.client().say("EHLO c"), Not(HasSubstr("STARTTLS")));
  World other("provider 'postfix'");
  EXPECT_THAT(other.client().say("EHLO c"), HasSubstr("250-ETRN\r\n250-STARTTLS\r\n250-AUTH"));
}

TEST(Provider, TheScenariosEditsComeOnTop) {
  World world("provider 'postfix' capabilities { '+SIZE 5', '-ETRN' }");
  EXPECT_THAT(world.client().say("EHLO c"), AllOf(HasSubstr("250-SIZE 5\r\n"), Not(HasSubstr("ETRN"))));
}

TEST(Provider, ThrowsOutWhoTalksBeforeItsTurn) {
  World world("provider 'exim'");
  auto& early = world.client();
  EXPECT_EQ(early.send("EHLO c\r\nNOOP\r\n"), "554 SMTP synchronization error\r\n");
  EXPECT_TRUE(early.wire->fin());
  World delayed("provider 'exim' on.greeting:delay('1s')");
  auto& hasty = delayed.connect();
  EXPECT_EQ(hasty.say("EHLO c"), "");
  delayed.advance(1s);
  EXPECT_EQ(hasty.read(), "554 SMTP synchronization error\r\n");
  EXPECT_TRUE(hasty.wire->fin());
  World offered("provider 'exim'");
  EXPECT_THAT(offered.client(Upto::ehlo).send("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n"),
              StartsWith("250 OK\r\n250 Accepted\r\n354 "));
}

TEST(Provider, WantsTlsFirst) {
  World world("provider 'gmail'");
  auto& client = world.client(Upto::ehlo);
  EXPECT_THAT(client.say("MAIL FROM:<a@b>"), StartsWith("530 5.7.0 Must issue a STARTTLS command first. "));
  EXPECT_THAT(client.say("AUTH PLAIN"), StartsWith("530 5.7.0 Must issue a STARTTLS command first. "));
  EXPECT_THAT(world.texts(EventKind::violation), ElementsAre("unoffered_auth"));
}

TEST(Provider, WantsALogin) {
  World world("provider 'mailgun'");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("MAIL FROM:<a@b>"), "530 Authentication required\r\n");
  EXPECT_EQ(client.say("AUTH PLAIN"), "334 Go ahead\r\n");
  EXPECT_EQ(client.say(base64(std::string("\0user@example.com\0open-sesame", 29))),
            "235 Authentication succeeded\r\n");
  EXPECT_EQ(client.say("MAIL FROM:<a@b>"), "250 Sender address accepted\r\n");
}

TEST(Provider, APromptMayBeBare) {
  World world("provider 'yandex'");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("AUTH PLAIN"), "334\r\n");
  EXPECT_EQ(client.say("*"), "501 Cancelled\r\n");
}

TEST(Provider, TakesSoManyErrorsAndThenLeaves) {
  World world("provider 'mine'", with_provider("limits = { errors = 2 }"));
  auto& client = world.client();
  EXPECT_THAT(client.say("X"), StartsWith("500"));
  EXPECT_THAT(client.say("RCPT TO:<a@b>"), StartsWith("503"));
  EXPECT_EQ(client.say("NOOP"), "421 4.7.0 mx.example.com Error: too many errors\r\n");
  EXPECT_TRUE(client.wire->fin());
}

TEST(Provider, TakesSoManyMessagesAConnection) {
  World world("provider 'mine'", with_provider("limits = { messages_per_connection = 1 }"));
  auto& client = world.client(Upto::mail);
  EXPECT_THAT(client.say("RSET"), StartsWith("250"));
  EXPECT_EQ(client.say("MAIL FROM:<a@b>"), "421 too many messages in this connection\r\n");
  EXPECT_TRUE(client.wire->fin());
}

TEST(Provider, TakesSoManyRecipientsAMessage) {
  World world("provider 'mine'", with_provider("limits = { recipients_per_message = 1 }"));
  auto& client = world.client(Upto::rcpt);
  EXPECT_EQ(client.say("RCPT TO:<c@d>"), "452 4.5.3 Error: too many recipients\r\n");
}

TEST(Provider, WaitsSoLong) {
  for (auto upto : {Upto::greeting, Upto::ehlo, Upto::data}) {
    World world("provider 'mine'",
                with_provider("limits = { idle = '10s' }, replies = { timeout = approximate('451 late') }"));
    auto& client = world.client(upto);
    world.advance(9s);
    EXPECT_EQ(client.read(), "");
    world.advance(1s);
    EXPECT_EQ(client.read(), "451 late\r\n");
    EXPECT_TRUE(client.wire->fin());
    EXPECT_THAT(world.texts(EventKind::ended), ElementsAre(StartsWith("server: closed (FIN) by a limit")));
  }
}

TEST(Provider, ATimeScaleHoldsForItsPatience) {
  auto options = with_provider("limits = { idle = '10s' }");
  options.instance.time_scale = 0.1;
  World world("provider 'mine'", options);
  auto& client = world.client();
  world.advance(1s);
  EXPECT_THAT(client.read(), StartsWith("421"));
}

std::vector<std::string> ids(std::uint64_t seed) {
  World world("provider 'mine'",
              with_provider("id = '[a-z0-9]{12}', session_id = '[a-z0-9]{12}', replies = {"
                            " greeting = approximate('220 {session_id}'), mail = approximate('250 {id}') }",
                            seed));
  std::vector<std::string> seen;
  for (int i = 0; i < 2; ++i) {
    auto& client = world.connect();
    seen.push_back(client.read());
    client.say("EHLO c");
    seen.push_back(client.say("MAIL FROM:<a@b>"));
    client.say("RSET");
    seen.push_back(client.say("MAIL FROM:<a@b>"));
  }
  return seen;
}

TEST(Provider, IdsDifferAndComeAgainWithTheSeed) {
  auto first = ids(1);
  std::set<std::string> different(first.begin(), first.end());
  EXPECT_EQ(different.size(), first.size());
  EXPECT_EQ(ids(1), first);
  EXPECT_NE(ids(2), first);
}

TEST(Provider, ItsWordsFillInWhatTheReplyIsAbout) {
  World world("provider 'ses'");
  auto& client = world.client(Upto::ehlo);
  EXPECT_EQ(client.say("VRFY x"), "502 VRFY command not implemented\r\n");
  World gmail("provider 'gmail_mx'");
  auto& other = gmail.client(Upto::ehlo);
  EXPECT_THAT(other.say("MAIL FROM:<a@@b>"), HasSubstr("The sender address a@@b is not a valid RFC 5321 address"));
  EXPECT_THAT(other.say("MAIL FROM:<a@b> X=1"), StartsWith("555 5.5.2 Syntax error."));
}

TEST(Provider, UseTurnsAConnectionIntoAnother) {
  World world("provider 'exim'\non.greeting:use{ provider = 'postfix' }");
  EXPECT_EQ(world.connect().read(), "220 mail.example.com ESMTP Postfix\r\n");
  World function("on.helo(function(session) session:use{ provider = 'sendmail' } end)");
  EXPECT_THAT(function.client().say("EHLO c"),
              StartsWith("250-mail.example.com Hello c [192.0.2.7], pleased to meet you\r\n"));
}

TEST(Provider, MayRefuseEhlo) {
  World world("provider 'mine'", with_provider("replies = { ehlo = approximate('502 no') }"));
  auto& client = world.client();
  EXPECT_EQ(client.say("EHLO c"), "502 no\r\n");
  EXPECT_EQ(client.say("HELO c"), "250 mx.example.com\r\n");
  EXPECT_THAT(client.say("MAIL FROM:<a@b>"), StartsWith("250"));
}

TEST(Provider, ARuleStillAnswersInItsPlace) {
  World world("provider 'postfix'\non.rcpt:reply(550, '5.1.1', 'no'):close()");
  auto& client = world.client(Upto::mail);
  EXPECT_EQ(client.say("RCPT TO:<a@b>"), "550 5.1.1 no\r\n");
}

}  // namespace
}  // namespace mailfault::testing
