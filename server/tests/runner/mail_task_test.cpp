#include "runner/mail_task.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "actions/actions.hpp"
#include "script/script.hpp"

namespace mailfault::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class Loaded {
 public:
  explicit Loaded(const std::string& facts, const std::string& body = "", const std::string& example = "")
      : script_(script::Script::load("scenario { title = \"t\"" + (facts.empty() ? "" : ", " + facts) + " }\n" +
                                         body + (example.empty() ? "" : "\nexample [[\n" + example + "]]\n"),
                                     "t.lua", {action_table(), {}, 1, {}})) {}
  const Scenario& scenario() const { return script_->scenario(); }

 private:
  std::unique_ptr<script::Script> script_;
};

std::string lack(const Loaded& loaded, const Ability& can = {}) {
  auto found = lack_of(loaded.scenario(), can);
  return found ? std::string(name_of(found->verdict)) + ": " + found->reason : "";
}

TEST(MailTask, AFeatureThatLacksIsNotApplicableALoadIsUnmet) {
  Ability bare;
  bare.tls = bare.auth = bare.implicit_tls = false;
  EXPECT_EQ(lack(Loaded("")), "");
  EXPECT_EQ(lack(Loaded("needs = { tls = true, auth = true }")), "");
  EXPECT_EQ(lack(Loaded("needs = { tls = true }"), bare), "not applicable: the client has no STARTTLS (can.tls)");
  EXPECT_EQ(lack(Loaded("needs = { auth = true }"), bare), "not applicable: the client doesn't log in (can.auth)");
  EXPECT_EQ(lack(Loaded("", "doors { smtps = { port = 465, tls = \"implicit\" } }"), bare),
            "not applicable: the client has no implicit TLS (can.implicit_tls)");
  EXPECT_EQ(lack(Loaded("", "doors { lmtp = { port = 24, protocol = \"lmtp\" } }")),
            "not applicable: the client doesn't speak LMTP (can.lmtp)");
  EXPECT_EQ(lack(Loaded("needs = { bounces = true }")),
            "not applicable: the client takes no mail that comes back (can.bounces)");
  EXPECT_EQ(lack(Loaded("", "", "C: MAIL FROM:<a@b.example> SMTPUTF8\nC: RCPT TO:<c@d.example>\n")),
            "not applicable: the client has no SMTPUTF8 (can.smtputf8)");
  EXPECT_EQ(lack(Loaded("needs = { messages = 2 }")),
            "unmet: it needs 2 messages on a connection, and the profile says 1 (can.messages)");
  EXPECT_EQ(lack(Loaded("needs = { rcpts = 5 }")),
            "unmet: it needs 5 recipients, and the profile says 1 (can.recipients)");
  EXPECT_EQ(lack(Loaded("needs = { connections = 4 }")),
            "unmet: it needs 4 connections at a time, and the profile says 1 (can.connections)");
  EXPECT_THAT(lack(Loaded("needs = { size = \"50MB\" }")), HasSubstr("unmet: it needs a message of 50"));
  Ability two;
  two.messages = 2;
  EXPECT_EQ(lack(Loaded("needs = { messages = 2, idle = \"12s\" }"), two),
            "unmet: it needs a pause between messages, and the profile says none (can.idle)");
}

TEST(MailTask, TlsAndLoginAreAsTheScenarioHasThem) {
  auto mode = [](const Loaded& loaded) { return tls_for(loaded.scenario()); };
  EXPECT_EQ(mode(Loaded("")), DoorTls::none);
  EXPECT_EQ(mode(Loaded("needs = { tls = true }")), DoorTls::starttls);
  EXPECT_EQ(mode(Loaded("", "doors { smtps = { port = 465, tls = \"implicit\" } }")), DoorTls::implicit);
  const std::string door = "doors { smtp = { port = 587, tls = \"starttls\" } }";
  EXPECT_EQ(mode(Loaded("", door)), DoorTls::none);
  EXPECT_EQ(mode(Loaded("needs = { auth = true }", door)), DoorTls::starttls);
  EXPECT_EQ(mode(Loaded("", door, "C: EHLO x\nC: STARTTLS\n")), DoorTls::starttls);
  EXPECT_TRUE(needs_auth(Loaded("", "", "C: AUTH PLAIN AGEAYg==\n").scenario()));
  EXPECT_FALSE(needs_auth(Loaded("", "", "C: EHLO AUTH\n").scenario()));
}

TEST(MailTask, AddressesAreTheExamples) {
  Loaded loaded("needs = { rcpts = 3 }", "",
                "C: MAIL FROM:<early@example.com>\nS: 450 ...\nC2: MAIL FROM:<me@example.com>\n"
                "C2: RCPT TO:<full@example.net>\nC2: RCPT TO:<full@example.net>\nC2: RCPT TO:<b@example.net>\n"
                "C2: MAIL FROM:<other@example.com>\nC2: RCPT TO:<later@example.net>\n");
  auto task = task_for(loaded.scenario(), {}, 1);
  EXPECT_EQ(task.sender, "me@example.com");
  EXPECT_THAT(task.recipients, ElementsAre("full@example.net", "b@example.net", "b3@example.net"));
  auto usual = task_for(Loaded("").scenario(), {}, 1);
  EXPECT_EQ(usual.sender, "a@example.com");
  EXPECT_THAT(usual.recipients, ElementsAre("b1@example.net"));
}

TEST(MailTask, PausesAreShorterWhereTheServersSilencesAre) {
  Loaded loaded("needs = { messages = 2, idle = \"5m\" }");
  EXPECT_EQ(task_for(loaded.scenario(), {}, 1).idle, 300u);
  EXPECT_EQ(task_for(loaded.scenario(), {}, 0.009).idle, 3u);
  EXPECT_EQ(task_for(loaded.scenario(), {}, 0.0001).idle, 1u);
}

MailTask a_task() {
  MailTask task;
  task.sender = "me@example.com";
  task.recipients = {"b@example.net", "c@example.net"};
  task.messages = 2;
  task.user = "u";
  task.password = "p{host}";
  return task;
}

TEST(MailFolder, HasWholeMessagesAndGoesAgain) {
  std::string path;
  {
    auto task = a_task();
    task.size = 70'000;
    MailFolder folder(task, "rcpt-x");
    path = folder.path();
    ASSERT_EQ(folder.sources().size(), 2u);
    EXPECT_NE(folder.sources()[0].id, folder.sources()[1].id);
    std::ifstream file(path + "/2.eml", std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(text, HasSubstr("To: b@example.net,\r\n c@example.net\r\n"));
    EXPECT_THAT(text, HasSubstr("Message-ID: <" + folder.sources()[1].id + ">\r\n"));
    EXPECT_THAT(text, EndsWith("\r\n\r\n" + folder.sources()[1].body));
    EXPECT_THAT(text, HasSubstr("\r\n.a line"));
    EXPECT_GE(text.size(), 70'000u);
    EXPECT_LT(text.size(), 72'000u);
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) EXPECT_EQ(text[at - 1], '\r');
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(MailTask, TellsTheCommand) {
  auto task = a_task();
  OptionWords words;
  words.tls["starttls"] = {"--tls", "{ca}"};
  words.auth = {"--user", "{user}:{password}"};
  words.recipient = {"--to", "<{recipient}>"};
  auto told = [&](const std::vector<std::string>& command, std::map<std::string, std::string>& environment) {
    MailFolder folder(task, "x");
    Placeholders places;
    places.ca = "/ca.pem";
    tell(task, folder, words, places, environment);
    return fill_in(command, places);
  };
  std::map<std::string, std::string> environment;
  const std::vector<std::string> command{
      "x", "{tls}", "{auth}", "{recipients}", "--mode={tls}", "{recipients},", "{sender}", "{messages}"};
  EXPECT_THAT(told(command, environment),
              ElementsAre("x", "--to", "<b@example.net>", "--to", "<c@example.net>", "--mode=none",
                          "b@example.net,c@example.net,", "me@example.com", "2"));
  EXPECT_EQ(environment["MAILFAULT_AUTH"], "");
  EXPECT_EQ(environment["MAILFAULT_TLS"], "none");
  EXPECT_EQ(environment["MAILFAULT_RECIPIENTS"], "b@example.net c@example.net");
  EXPECT_EQ(environment["MAILFAULT_MESSAGES"], "2");
  EXPECT_EQ(environment["MAILFAULT_MESSAGE"], environment["MAILFAULT_MAIL"] + "/1.eml");
  task.tls = DoorTls::starttls;
  task.auth = true;
  words.recipient.clear();
  EXPECT_THAT(told(command, environment),
              ElementsAre("x", "--tls", "/ca.pem", "--user", "u:p{host}", "b@example.net", "c@example.net",
                          "--mode=starttls", "b@example.net,c@example.net,", "me@example.com", "2"));
  EXPECT_EQ(environment["MAILFAULT_AUTH"], "1");
}

}  // namespace
}  // namespace mailfault::runner
