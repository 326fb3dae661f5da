#include "runner/expectations_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/error.hpp"

namespace mailfault::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ExpectationsFile : public ::testing::Test {
 protected:
  ExpectationsFile() {
    char name[] = "/tmp/mailfault-expect-XXXXXX";
    auto file = mkstemp(name);
    if (file < 0) std::abort();
    close(file);
    path_ = name;
  }
  ~ExpectationsFile() override { unlink(path_.c_str()); }
  std::vector<Expectation> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_expectations(path_);
  }
  std::vector<std::string> written(const std::string& text) {
    std::vector<std::string> out;
    for (const auto& each : read(text)) out.push_back(each.name + " " + each.given.written());
    return out;
  }
  /// What is behind the file's name.
  std::string error_of(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      std::string what = error.what();
      EXPECT_THAT(what, StartsWith(path_ + ":"));
      return what.substr(std::min(what.size(), path_.size() + 1));
    }
    return "no error";
  }
  std::string path_;
};

TEST_F(ExpectationsFile, HoldsWhatTheLanguageHolds) {
  EXPECT_THAT(
      written(R"({"outcome": "temporary", "copies": {"at_most": 1}, "attempts": {"gap": "1s", "jitter": true},
                          "commands": "EHLO, MAIL", "never": {"stage": "auth"}, "client": {"exit": 75}})"),
      ElementsAre("outcome \"temporary\"", "copies { at_most = 1 }", "attempts { gap = \"1s\", jitter = true }",
                  "commands \"EHLO, MAIL\"", "never { stage = \"auth\" }", "client { exit = 75 }"));
  EXPECT_THAT(written(R"({"outcome": ["reconnects", {"lax": "temporary"}]})"),
              ElementsAre("outcome { \"reconnects\", lax = \"temporary\" }"));
  EXPECT_EQ(read(R"({"copies": {"at_most": 1}})")[0].line, 0);
}

TEST_F(ExpectationsFile, AListIsSeveral) {
  EXPECT_THAT(written(R"({"delivered": [{"to": "a@*"}, {"to": "b@*", "count": 2}], "commands": ["EHLO", "QUIT"]})"),
              ElementsAre("delivered { to = \"a@*\" }", "delivered { count = 2, to = \"b@*\" }", "commands \"EHLO\"",
                          "commands \"QUIT\""));
}

TEST_F(ExpectationsFile, MistakesAreNamedAsInAScenario) {
  EXPECT_THAT(error_of(R"({"outcom": "temporary"})"), HasSubstr("no expectation 'outcom' (did you mean 'outcome'?)"));
  EXPECT_THAT(error_of(R"({"outcome": "temporay"})"), HasSubstr("(did you mean 'temporary'?)"));
  EXPECT_THAT(error_of(R"({"outcome": []})"), HasSubstr("expect.outcome: name an outcome"));
  EXPECT_THAT(error_of(R"({"outcome": ["delivered", {"lxa": "temporary"}]})"), HasSubstr("did you mean 'lax'?"));
  EXPECT_THAT(error_of(R"({"copies": {"at_mots": 1}})"), HasSubstr("did you mean 'at_most'?"));
  EXPECT_THAT(error_of(R"({"copies": {"at_least": 2, "at_most": 1}})"),
              HasSubstr("expect.copies: at_least is above at_most, so nothing can fulfil it"));
  EXPECT_THAT(error_of(R"({"copies": {"at_most": null}})"), HasSubstr("a number is wanted"));
  EXPECT_THAT(error_of(R"({"copies": 1})"), HasSubstr("expect.copies: a table { … } is wanted here"));
  EXPECT_THAT(error_of(R"({"attempts": {"gap": "long"}})"), HasSubstr("no duration"));
  EXPECT_THAT(error_of(R"({"commands": ""})"), HasSubstr("name commands"));
  EXPECT_THAT(error_of(R"({"function": "x"})"), HasSubstr("can stand in a scenario only"));
  EXPECT_THAT(error_of(R"({"delivered": []})"), HasSubstr("the list is empty"));
}

TEST_F(ExpectationsFile, WhatIsNoObjectIsNamedWithItsLine) {
  EXPECT_THAT(error_of("{\n\"outcome\": \"temporary\",\n}"), StartsWith("3: the expectations aren't JSON: "));
  EXPECT_THAT(error_of("{\"outcome\": \"temporary\""), StartsWith("1: the expectations aren't JSON: "));
  EXPECT_THAT(error_of("{\"outcome\": \"temporary\"} x"), StartsWith("1: the expectations aren't JSON: "));
  EXPECT_THAT(error_of(""), StartsWith("1: the expectations aren't JSON: "));
  EXPECT_THAT(error_of("[]"), HasSubstr("an object with expectations is wanted"));
  EXPECT_THAT(error_of("{}"), HasSubstr("an object with expectations is wanted"));
  EXPECT_THAT(error_of("{\"copies\": {\"at_most\": 1},\n \"copies\": {\"at_least\": 1}}"),
              StartsWith("2: \"copies\" stands here twice; write a list"));
  EXPECT_THAT(error_of(R"({"commands": "a\"b, {", "never": {"to": "x", "to": "y"}})"),
              HasSubstr("\"to\" stands here twice"));
  EXPECT_THAT(error_of(std::string(2 << 20, ' ')), HasSubstr("larger than 1 MiB"));
}

TEST_F(ExpectationsFile, AFileThatCantBeReadIsNamed) {
  try {
    read_expectations("/nowhere/expect.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), StartsWith("/nowhere/expect.json: the expectations can't be read: No such file"));
  }
  EXPECT_THROW(read_expectations("/tmp"), Error);
}

}  // namespace
}  // namespace mailfault::runner
