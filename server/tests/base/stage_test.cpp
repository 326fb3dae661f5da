#include "base/stage.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace mailfault {
namespace {

TEST(Stage, NamesFindTheirStage) {
  EXPECT_EQ(stages().size(), stage_count);
  for (const auto& row : stages()) {
    EXPECT_EQ(stage_named(row.name), row.stage);
    EXPECT_EQ(name_of(row.stage), row.name);
    EXPECT_EQ(&facts(row.stage), &row);
    EXPECT_FALSE(row.comes_when.empty()) << row.name;
  }
  EXPECT_EQ(stage_named("greting"), std::nullopt);
  EXPECT_EQ(stage_named("MAIL"), std::nullopt);
}

TEST(Stage, EffectsArguments) {
  for (auto stage : {Stage::connect, Stage::greeting, Stage::command, Stage::content, Stage::noop, Stage::vrfy,
                     Stage::idle, Stage::close})
    EXPECT_EQ(facts(stage).effect, "") << name_of(stage);
  for (auto stage : {Stage::content, Stage::idle, Stage::handshake}) EXPECT_TRUE(facts(stage).has_inside);
  EXPECT_FALSE(facts(Stage::rcpt).has_inside);
  EXPECT_FALSE(facts(Stage::close).may_send);
  EXPECT_EQ(facts(Stage::mail).argument, "sender");
  EXPECT_EQ(facts(Stage::noop).argument, "");
}

TEST(Error, BeginsWithItsPlace) {
  EXPECT_STREQ(Error(Place{"a.lua", 3}, "no").what(), "a.lua:3: no");
  EXPECT_STREQ(Error(Place{"a.lua", 0}, "no").what(), "a.lua: no");
  EXPECT_STREQ(Error("no").what(), "no");
}

}  // namespace
}  // namespace mailfault
