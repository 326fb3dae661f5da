#include "runner/profile_file.hpp"

#include <filesystem>

#include "runner/supervise.hpp"
#include "tests/runner/written_file.hpp"

namespace mailfault::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class CommandOfAProfile : public WrittenFile<read_profile> {
 protected:
  CommandOfAProfile() : WrittenFile(".json") {}
};

TEST_F(CommandOfAProfile, SaysHowAClientIsCalled) {
  auto profile = read(R"({
    "name": "send", "command": ["./send", "{host}"], "version": ["./send", "-V"], "host": "localhost",
    "words": {"tls": {"starttls": ["-s"], "implicit": ["-i", "{ca}"]}, "auth": ["-u", "{user}"], "recipient": ["-r", "{recipient}"]},
    "can": {"messages": 3, "recipients": 50, "connections": 2, "size": "64MiB", "idle": true, "tls": false,
            "implicit_tls": false, "auth": false, "smtputf8": true, "dsn": true, "bounces": true, "lmtp": true, "proxy": true},
    "timeout": "5s", "limit": "1m", "retries": true, "timeouts_scaled": true, "notes": "as it comes"})");
  EXPECT_EQ(profile.name, "send");
  EXPECT_THAT(profile.command, ElementsAre("./send", "{host}"));
  EXPECT_THAT(profile.version, ElementsAre("./send", "-V"));
  EXPECT_EQ(profile.host, "localhost");
  EXPECT_THAT(profile.words.tls.at("implicit"), ElementsAre("-i", "{ca}"));
  EXPECT_THAT(profile.words.recipient, ElementsAre("-r", "{recipient}"));
  EXPECT_EQ(profile.can.messages, 3u);
  EXPECT_EQ(profile.can.recipients, 50u);
  EXPECT_EQ(profile.can.connections, 2u);
  EXPECT_EQ(profile.can.size, 64u << 20);
  EXPECT_TRUE(profile.can.idle && profile.can.smtputf8 && profile.can.dsn && profile.can.bounces);
  EXPECT_TRUE(profile.can.lmtp && profile.can.proxy && profile.retries && profile.timeouts_scaled);
  EXPECT_FALSE(profile.can.tls || profile.can.implicit_tls || profile.can.auth);
  EXPECT_EQ(profile.timeout, 5s);
  EXPECT_EQ(profile.limit, 1min);
  EXPECT_EQ(profile.notes, "as it comes");
}

TEST_F(CommandOfAProfile, HereIsTheFolderOfTheProfile) {
  auto profile = read(R"({"command": ["{here}/send", "{host}", "{here}:{here}"], "version": ["{here}/send", "-V"]})");
  auto here = std::filesystem::absolute(path_).parent_path().string();
  EXPECT_THAT(profile.command, ElementsAre(here + "/send", "{host}", here + ":" + here));
  EXPECT_THAT(profile.version, ElementsAre(here + "/send", "-V"));
}

TEST_F(CommandOfAProfile, WhatItDoesntSayIsUsual) {
  auto profile = read("{}");
  EXPECT_EQ(profile.name, path_);
  EXPECT_EQ(profile.host, "127.0.0.1");
  EXPECT_EQ(profile.can.messages, 1u);
  EXPECT_EQ(profile.can.recipients, 1u);
  EXPECT_EQ(profile.can.size, 10u << 20);
  EXPECT_TRUE(profile.can.tls && profile.can.implicit_tls && profile.can.auth);
  EXPECT_FALSE(profile.can.idle || profile.can.lmtp || profile.retries);
  EXPECT_EQ(profile.timeout, 3s);
  EXPECT_EQ(profile.limit, 30s);
}

TEST_F(CommandOfAProfile, ErrorsNameThePlaceAndWhatWasMeant) {
  for (const auto& [text, error] : std::initializer_list<std::pair<const char*, const char*>>{
           {R"({"comand": []})", ": \"comand\" is no field of a profile (did you mean 'command'?)"},
           {R"({"can": {"mesages": 1}})",
            ": can: \"mesages\" is no field of what a client can (did you mean 'messages'?)"},
           {R"({"words": {"tls": {"startls": []}}})",
            ": words.tls: \"startls\" is no field of tls (did you mean 'starttls'?)"},
           {R"({"words": {"auth": "-u"}})", ": words.auth: a list of words is wanted, [\"…\", \"…\"]"},
           {R"({"command": ["a", 1]})", ": command: a text is wanted, \"…\""},
           {R"({"can": {"messages": 0}})", ": can.messages: a whole number above 0 is wanted"},
           {R"({"can": {"messages": -1}})", ": can.messages: a whole number above 0 is wanted"},
           {R"({"can": {"size": "64 apples"}})", ": can.size: a size is wanted, such as \"64MiB\""},
           {R"({"can": {"idle": 1}})", ": can.idle: true or false is wanted"},
           {R"({"timeout": 3})", ": timeout: a duration is wanted, such as \"3s\""},
           {R"({"limit": "0s"})", ": limit: a duration is wanted, such as \"3s\""},
           {R"({"can": []})", ": can: an object is wanted, {…}"},
       })
    EXPECT_EQ(error_of(text), error) << text;
}

TEST(Profiles, CurlComesWithItsCommand) {
  auto curl = find_profile("curl");
  EXPECT_EQ(curl.command.front(), "curl");
  EXPECT_GT(curl.can.recipients, 500u);
  EXPECT_TRUE(find_profile("generic").command.empty());
}

}  // namespace
}  // namespace mailfault::runner
