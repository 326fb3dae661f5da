// Mail that goes to the sender of what was stored.
#include "engine/bounces.hpp"

#include "world.hpp"

namespace mailfault::testing {
namespace {

struct Sent {
  std::string kind, action, recipients;
  bool operator==(const Sent&) const = default;
};
void PrintTo(const Sent& sent, std::ostream* out) {
  *out << sent.kind << " " << sent.action << " " << sent.recipients;
}

std::vector<Sent> sent(World& world) {
  std::vector<Sent> out;
  for (const auto& bounce : world.instance().ledger().bounces()) {
    std::vector<std::string> recipients(bounce.recipients.begin(), bounce.recipients.end());
    out.push_back({std::string(bounce.kind), std::string(bounce.action), join(recipients, ",")});
  }
  return out;
}

const std::string lost =
    R"(on.rcpt:to("gone@*"):dsn{ status = "5.1.1", diagnostic = "550 5.1.1 no {rcpt}", after = "2s" })";

/// A message to these, each with its parameters: "gone@example.net NOTIFY=NEVER".
Client& mail(World& world, const std::vector<std::string>& recipients, const std::string& from = "<a@example.com>",
             const std::string& text = "Subject: hello\r\nMessage-ID: <1@example.com>\r\n\r\nText.\r\n") {
  auto& client = world.client(World::Upto::ehlo);
  client.say("MAIL FROM:" + from);
  for (const auto& each : recipients) {
    auto space = std::min(each.find(' '), each.size());
    client.say("RCPT TO:<" + each.substr(0, space) + ">" + each.substr(space));
  }
  client.say("DATA");
  client.send(text + ".\r\n");
  return client;
}

TEST(Bounces, AreDueAfterTheMessage) {
  World world(lost);
  mail(world, {"here@example.net", "gone@example.net"});
  EXPECT_EQ(world.instance().bounces().pending(), 1u);
  world.advance(1999ms);
  EXPECT_THAT(sent(world), IsEmpty());
  world.advance(1ms);
  EXPECT_THAT(sent(world), ElementsAre(Sent{"dsn", "failed", "gone@example.net"}));
  const auto& bounce = world.instance().ledger().bounces()[0];
  EXPECT_EQ(bounce.to, "a@example.com");
  EXPECT_EQ(bounce.message, 1u);
  EXPECT_EQ(bounce.delivery, Bounce::Delivery::kept);
  auto read = mail::read(bounce.text);
  EXPECT_EQ(mail::ReadReport::value(read.blocks.at(1), "Diagnostic-Code"), "smtp; 550 5.1.1 no gone@example.net");
  EXPECT_EQ(mail::ReadReport::value(read.returned, "Message-ID"), "<1@example.com>");
  EXPECT_THAT(world.texts(EventKind::bounce),
              ElementsAre("dsn failed 5.1.1 of gone@example.net to a@example.com, about message 1"));
}

TEST(Bounces, OutliveTheirConnection) {
  World world(lost);
  mail(world, {"gone@example.net"}).say("QUIT");
  world.advance(2s);
  EXPECT_EQ(sent(world).size(), 1u);
}

TEST(Bounces, TheTimeIsNominal) {
  World::Options options;
  options.instance.time_scale = 0.1;
  World world(lost, options);
  mail(world, {"gone@example.net"});
  world.advance(200ms);
  EXPECT_EQ(sent(world).size(), 1u);
}

TEST(Bounces, WhatIsNotStoredIsNotReported) {
  for (const char* rule :
       {"on.message:reply(451)", "on.message:discard()", "on.rcpt:reply(550)", "on.content:reply(552)"}) {
    World world(lost + "\n" + rule);
    mail(world, {"gone@example.net"});
    world.advance(5s);
    EXPECT_THAT(sent(world), IsEmpty()) << rule;
  }
  World world(lost);
  auto& client = world.client(World::Upto::ehlo);
  for (const char* line : {"MAIL FROM:<a@example.com>", "RCPT TO:<gone@example.net>", "RSET",
                           "MAIL FROM:<a@example.com>", "RCPT TO:<here@example.net>", "DATA", "."})
    client.say(line);
  world.advance(5s);
  EXPECT_THAT(sent(world), IsEmpty());
}

TEST(Bounces, AtMessageTheyAreAboutAll) {
  World world("on.message:dsn{ action = \"failed\", diagnostic = \"550 {rcpt}\" }");
  mail(world, {"b@example.net", "c@example.net"});
  EXPECT_THAT(sent(world), ElementsAre(Sent{"dsn", "failed", "b@example.net,c@example.net"}));
  EXPECT_THAT(std::string(world.instance().ledger().bounces()[0].text),
              AllOf(HasSubstr("smtp; 550 b@example.net"), HasSubstr("smtp; 550 c@example.net")));
}

TEST(Bounces, AreScheduledOnceTheMessageIsStored) {
  World world("on.message:accept():dsn{}:delay(\"1s\")");
  mail(world, {"b@example.net"});
  EXPECT_EQ(sent(world).size(), 1u);  // although the reply isn't there yet
}

TEST(Bounces, AFunctionPlaysThemToo) {
  World world("on.rcpt(function(session) session:dsn{ action = \"delayed\", status = \"4.4.1\" } end)");
  mail(world, {"b@example.net"});
  EXPECT_THAT(sent(world), ElementsAre(Sent{"dsn", "delayed", "b@example.net"}));
}

TEST(Bounces, NothingGoesToTheNullSender) {
  World world(lost + "\non.message:complaint{}:auto_reply{}");
  mail(world, {"gone@example.net"}, "<>");
  world.advance(5s);
  EXPECT_THAT(sent(world), IsEmpty());
  EXPECT_THAT(world.texts(EventKind::fact), Contains("the sender isn't told of gone@example.net: it came from <>"));
}

TEST(Bounces, NotifyIsHonoured) {
  struct Case {
    std::string action, notify;
    bool told;
  };
  for (const auto& each : {
           Case{"failed", "", true},
           {"failed", " NOTIFY=NEVER", false},
           {"failed", " NOTIFY=FAILURE", true},
           {"failed", " NOTIFY=success,delay", false},
           {"failed", " NOTIFY=DELAY,failure", true},
           {"delayed", "", true},
           {"delayed", " NOTIFY=DELAY", true},
           {"delayed", " NOTIFY=FAILURE", false},
           {"delivered", "", false},
           {"delivered", " NOTIFY=SUCCESS", true},
           {"delivered", " NOTIFY=FAILURE", false},
           {"relayed", "", false},
           {"relayed", " NOTIFY=FAILURE,SUCCESS", true},
           {"expanded", " NOTIFY=NEVER", false},
       }) {
    World world("on.rcpt:dsn{ action = \"" + each.action + "\" }");
    mail(world, {"b@example.net" + each.notify});
    EXPECT_EQ(sent(world).size(), each.told ? 1u : 0u) << each.action << each.notify;
  }
}

TEST(Bounces, EachRecipientsNotifyIsItsOwn) {
  World world("on.message:dsn{ action = \"delivered\" }");
  mail(world, {"b@example.net NOTIFY=SUCCESS", "c@example.net NOTIFY=NEVER", "d@example.net NOTIFY=SUCCESS"});
  EXPECT_THAT(sent(world), ElementsAre(Sent{"dsn", "delivered", "b@example.net,d@example.net"}));
}

TEST(Bounces, EnvidOrcptAndRetComeBack) {
  World world("on.rcpt:dsn{}");
  auto text = [&](const std::string& ret) {
    mail(world, {"b@example.net ORCPT=rfc822;B+2Bx@example.net"}, "<a@example.com> ENVID=QQ+2B1" + ret);
    return std::string(world.instance().ledger().bounces().back().text);
  };
  EXPECT_THAT(text(" RET=FULL"), AllOf(HasSubstr("Original-Envelope-Id: QQ+1\r\n"),
                                       HasSubstr("Original-Recipient: rfc822;B+x@example.net\r\n"),
                                       HasSubstr("Content-Type: message/rfc822\r\n"), HasSubstr("Text.")));
  EXPECT_THAT(text(" RET=HDRS"), AllOf(HasSubstr("text/rfc822-headers"), Not(HasSubstr("Text."))));
  EXPECT_THAT(text(""), HasSubstr("message/rfc822"));
}

TEST(Bounces, ALargeMessageComesBackAsItsHeader) {
  World world("on.rcpt:dsn{}");
  std::string body = "Subject: big\r\n\r\n";
  while (body.size() < 300 * 1024) body += std::string(70, 'x') + "\r\n";
  mail(world, {"b@example.net"}, "<a@example.com>", body);
  EXPECT_LT(world.instance().ledger().bounces().at(0).size, 4096u);
}

TEST(Bounces, ComplaintsAndRepliesAreOneEach) {
  World world("on.message:complaint{}:auto_reply{ subject = \"Re {header.subject}\" }");
  mail(world, {"b@example.net", "c@example.net"});
  EXPECT_THAT(sent(world),
              ElementsAre(Sent{"complaint", "", "b@example.net"}, Sent{"complaint", "", "c@example.net"},
                          Sent{"auto_reply", "", "b@example.net"}, Sent{"auto_reply", "", "c@example.net"}));
  EXPECT_EQ(world.instance().ledger().bounces()[2].subject, "Re hello");
}

TEST(Bounces, ProgramsGetNoAutoReply) {
  for (const char* header : {"Auto-Submitted: auto-generated", "Precedence: bulk", "List-Id: <l.example.com>"}) {
    World world("on.message:auto_reply{}");
    mail(world, {"b@example.net"}, "<a@example.com>", std::string(header) + "\r\n\r\nx\r\n");
    EXPECT_THAT(sent(world), IsEmpty()) << header;
  }
  World world("on.message:auto_reply{}");
  mail(world, {"b@example.net"}, "<a@example.com>", "Auto-Submitted: no\r\n\r\nx\r\n");
  EXPECT_EQ(sent(world).size(), 1u);
}

TEST(Bounces, AnotherMessageCanComeBack) {
  World world(R"(on.message:dsn{ original = "Message-ID: <forged@example.org>\r\nSubject: won\r\n\r\nx\r\n" })");
  mail(world, {"b@example.net"});
  auto read = mail::read(world.instance().ledger().bounces().at(0).text);
  EXPECT_EQ(mail::ReadReport::value(read.returned, "Message-ID"), "<forged@example.org>");
}

TEST(Bounces, AreHandedOn) {
  World world(lost);
  std::vector<std::uint32_t> handed;
  world.instance().bounces().deliver = [&](const Bounce& bounce) { handed.push_back(bounce.id); };
  mail(world, {"gone@example.net"});
  world.advance(2s);
  EXPECT_THAT(handed, ElementsAre(1u));
  EXPECT_EQ(world.instance().ledger().bounces()[0].delivery, Bounce::Delivery::under_way);
}

TEST(Bounces, WhatIsStillDueAtTheEndIsSaid) {
  World world(lost);
  mail(world, {"gone@example.net"});
  world.instance().stop();
  EXPECT_EQ(world.instance().bounces().pending(), 0u);
  EXPECT_THAT(world.texts(EventKind::fact), Contains("1 bounce was still due when the run ended"));
}

TEST(Bounces, AFullLedgerSaysSo) {
  World::Options options;
  options.instance.ledger_limit = 1000;
  World world("on.message:dsn{}", options);
  mail(world, {"b@example.net"});
  EXPECT_TRUE(world.instance().failed());
  EXPECT_FALSE(world.instance().ledger().bounces().at(0).text_kept);
}

}  // namespace
}  // namespace mailfault::testing
