// Files of providers: what they may say, and what is said of their mistakes.
#include "script/provider.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "scenario/catalogue.hpp"

namespace mailfault::script {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ProviderFiles, OneMayBeLikeAnother) {
  const ProviderFiles files{
      {"base", "dir/base.lua",
       "return { title = 'Base', sources = { 's' }, host = 'base.example', requires = { tls = true, auth = true },\n"
       "limits = { errors = 3 }, replies = { mail = approximate('250 base'), rcpt = approximate('250 base') } }"},
      {"mine", "dir/mine.lua",
       "return { title = 'Mine', like = 'base', requires = { auth = false },\n"
       "replies = { mail = verified('250 mine', 'there') } }"},
      {"itself", "dir/itself.lua", "return { title = 'I', like = 'itself' }"},
      {"lost", "dir/lost.lua", "return {\n  title = 'I', like = 'bsae' }"}};
  auto mine = provider_named("mine", &files);
  EXPECT_EQ(mine->name, "mine");
  EXPECT_EQ(mine->title, "Mine");
  EXPECT_EQ(mine->host, "base.example");
  EXPECT_TRUE(mine->requires_tls);
  EXPECT_FALSE(mine->requires_auth);
  EXPECT_EQ(mine->limits.all.size(), 1u);
  EXPECT_EQ(mine->reply(ReplyName::mail).text.written(), "250 mine\r\n");
  EXPECT_EQ(mine->reply(ReplyName::rcpt).text.written(), "250 base\r\n");
  for (auto [name, says] : {std::pair{"itself", "dir/itself.lua: like: too many providers are like one another"},
                            {"lost", "dir/lost.lua: no provider 'bsae' (did you mean 'base'?)"}}) {
    try {
      provider_named(name, &files);
      ADD_FAILURE() << name << " was taken";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), StartsWith(says));
    }
  }
}

std::shared_ptr<const Provider> load(const std::string& source) {
  return load_provider({"mine", "dir/mine.lua", source});
}

TEST(ProviderFile, AllThatItCanSay) {
  auto provider = load(R"(
local seen = "a session"
return {
  title = "Mine", sources = { seen }, host = "mx.mine.example",
  id = "A[0-9]{3}", session_id = "s",
  capabilities = { before_tls = { "SIZE 10", "STARTTLS" }, after_tls = { "SIZE 20" }, after_auth = { "SIZE 30" } },
  requires = { tls = true, auth = true, turns = true },
  limits = { recipients_per_message = 2, messages_per_connection = 3, errors = 4, idle = "5s" },
  close_notify = false,
  replies = {
    greeting = verified("220 {host} hello", seen),
    mail = approximate("250-yes\n250 indeed"),
  },
})");
  EXPECT_EQ(provider->name, "mine");
  EXPECT_EQ(provider->title, "Mine");
  EXPECT_EQ(provider->host, "mx.mine.example");
  EXPECT_THAT(provider->capabilities(true, false, false), ElementsAre("SIZE 10", "STARTTLS"));
  EXPECT_THAT(provider->capabilities(false, false, false), ElementsAre("SIZE 10"));
  EXPECT_THAT(provider->capabilities(false, true, false), ElementsAre("SIZE 20"));
  EXPECT_THAT(provider->capabilities(false, true, true), ElementsAre("SIZE 30"));
  EXPECT_TRUE(provider->requires_tls && provider->requires_auth && provider->requires_turns);
  std::vector<std::string> limits;
  for (const auto& limit : provider->limits.all) limits.push_back(words(limit));
  EXPECT_THAT(limits, ElementsAre(StartsWith("more than 3 messages on a connection"),
                                  StartsWith("more than 2 recipients in a message"),
                                  StartsWith("more than 4 errors on a connection"), StartsWith("a silence of 5s")));
  EXPECT_FALSE(provider->close_notify);
  const auto& greeting = provider->reply(ReplyName::greeting);
  EXPECT_EQ(greeting.mark, ProviderReply::Mark::verified);
  EXPECT_EQ(greeting.source, "a session");
  EXPECT_EQ(greeting.text.written(), "220 {host} hello\r\n");
  const auto& mail = provider->reply(ReplyName::mail);
  EXPECT_EQ(mail.mark, ProviderReply::Mark::approximate);
  EXPECT_EQ(mail.code, 250);
  EXPECT_EQ(mail.text.written(), "250-yes\r\n250 indeed\r\n");
  EXPECT_EQ(provider->reply(ReplyName::rcpt).mark, ProviderReply::Mark::built_in);
}

TEST(ProviderFile, WhatItDoesNotSayIsTheBuiltInServers) {
  auto provider = load("return { title = 'x', sources = { 'y' } }");
  EXPECT_THAT(provider->capabilities(true, false, false), ::testing::Contains("STARTTLS"));
  EXPECT_EQ(provider->reply(ReplyName::quit).text.written(), "221 2.0.0 Bye\r\n");
  EXPECT_FALSE(provider->requires_auth || provider->requires_tls);
}

struct Mistake {
  std::string inside, gist;
  int line = 3;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.inside; }
};
class ProviderMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(ProviderMistakes, AreNamedWithFileAndLine) {
  std::string said;
  try {
    load("return { title = 't', sources = { 's' },\n\n" + GetParam().inside + "\n}");
  } catch (const Error& error) {
    said = error.what();
  }
  EXPECT_THAT(
      said, AllOf(StartsWith("dir/mine.lua:" + std::to_string(GetParam().line) + ": "), HasSubstr(GetParam().gist)));
}

INSTANTIATE_TEST_SUITE_P(
    Script, ProviderMistakes,
    ::testing::ValuesIn(std::vector<Mistake>{
        {"replies = { greting = verified('220 x', 's') }", "no reply 'greting' (did you mean 'greeting'?)"},
        {"replies = {\n\n mail = verified('550 x', 's') }", "its code decides what happens, so it begins with 2", 5},
        {"replies = { mail = '250 x' }", "say where it is from: verified(text, source), or approximate(text)"},
        {"replies = { mail = verified('250 x') }", "string expected"},
        {"replies = { mail = approximate('25 x') }", "a line begins with its code"},
        {"replies = { mail = approximate('250-x\\n251 y') }", "the lines of a reply have one code"},
        {"replies = { mail = approximate('250 x\\n250 y') }",
         "'-' stands behind the code of every line but the last"},
        {"replies = { mail = approximate('250-x') }", "'-' stands behind the code of every line but the last"},
        {"replies = { mail = approximate('250 {hots}') }", "no field 'hots' (did you mean 'host'?)"},
        {"replies = { mail = approximate('250 a\\rb') }", "a control character"},
        {"replies = { ehlo = approximate('250-a\\n250 b') }", "it is the first line alone"},
        {"replies = 5", "replies"},
        {"id = '[0-9]{3'", "a count is a number from 1 to 128"},
        {"id = '[0-9'", "a set has no ']'"},
        {"id = '[]'", "a set is empty"},
        {"id = '[9-0]'", "runs backwards"},
        {"id = '[a-z]{129}'", "a count is a number from 1 to 128"},
        {"id = '[a-z]{100}[a-z]{100}'", "an id has 1 to 128 characters"},
        {"id = 'a{2}'", "'{' can't stand here"},
        {"hots = 'x'", "provider has no field 'hots' (did you mean 'host'?)"},
        {"limits = { recipient = 5 }", "limits has no field 'recipient' (did you mean 'recipients'?)"},
        {"limits = { recipients_per_message = 0 }", "limits.recipients_per_message"},
        {"limits = { idle = 'long' }", "limits.idle: \"long\" is no duration"},
        {"requires = { tsl = true }", "did you mean 'tls'?"},
        {"requires = { tls = 'yes' }", "requires.tls"},
        {"capabilities = { 'SIZE' }", "capabilities"},
        {"capabilities = { befor_tls = {} }", "did you mean 'before_tls'?"},
        {"capabilities = { before_tls = { 'A\\nB' } }", "is no line of an EHLO reply"},
        {"close_notify = 1", "close_notify"},
        {"title = verifed('x')", "global 'verifed'"},
    }),
    [](const auto& row) { return "row_" + std::to_string(row.index); });

TEST(ProviderFile, MistakesOfTheWholeFile) {
  auto said = [](const std::string& source) {
    try {
      load(source);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(said(""), HasSubstr("dir/mine.lua: a provider's file returns one table"));
  EXPECT_THAT(said("return 5"), HasSubstr("returns one table"));
  EXPECT_THAT(said("return { 1 }"), HasSubstr("returns one table"));
  EXPECT_THAT(said("return { sources = { 's' } }"), HasSubstr("it has no title"));
  EXPECT_THAT(said("return { title = 't' }"), HasSubstr("it has no sources"));
  EXPECT_THAT(said("return {"), StartsWith("dir/mine.lua:1: "));
  EXPECT_THAT(said("while true do end"), HasSubstr("ran longer than 1s"));
  EXPECT_THAT(said("return os.exit()"), HasSubstr("global 'os'"));
}

TEST(ProviderFile, AnUnknownNameIsToldWhatIsNear) {
  try {
    provider_named("gmial", nullptr);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no provider 'gmial' (did you mean 'gmail'?)"));
  }
}

TEST(ProviderFile, OnesOwnComeFirst) {
  ProviderFiles more{{"gmail", "d/gmail.lua", "return { title = 'other', sources = { 's' } }"}};
  EXPECT_EQ(provider_named("gmail", &more)->title, "other");
  EXPECT_EQ(provider_named("gmail", nullptr)->host, "smtp.gmail.com");
  EXPECT_EQ(all_providers(&more).size(), all_providers(nullptr).size());
}

TEST(Providers, EachLoadsAndHasItsWords) {
  EXPECT_GE(provider_catalogue().size(), 19u);
  for (const auto& file : all_providers(nullptr)) {
    auto provider = load_provider(file);
    EXPECT_THAT(provider->sources, ::testing::Not(IsEmpty())) << file.name;
    for (auto name : {ReplyName::greeting, ReplyName::message})
      EXPECT_NE(provider->reply(name).mark, ProviderReply::Mark::built_in) << file.name;
    for (const auto& reply : provider->replies)
      EXPECT_EQ(reply.mark == ProviderReply::Mark::verified, !reply.source.empty()) << file.name;
  }
}

TEST(IdShape, DrawsWhatItSaysAndTheSameAgain) {
  auto shape = IdShape::parse("A-[0-9]{4}[xy]z");
  DrawPoint at{7, 1, Stage::message, 1, 0};
  auto id = shape.draw(Draws(at));
  EXPECT_THAT(id, ::testing::MatchesRegex("A-[0-9][0-9][0-9][0-9][xy]z"));
  EXPECT_EQ(shape.draw(Draws(at)), id);
  at.occurrence = 2;
  EXPECT_NE(shape.draw(Draws(at)), id);
  EXPECT_TRUE(IdShape().empty());
}

TEST(Replies, TheTableIsInTheOrderOfTheNames) {
  for (std::size_t i = 0; i < reply_table().size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(reply_table()[i].reply), i) << reply_table()[i].name;
}

}  // namespace
}  // namespace mailfault::script
