#include "cli/settings.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace mailfault::cli {
namespace {

using ::testing::HasSubstr;

PlaySettings set_to(std::map<std::string, Value> set) {
  PlaySettings settings;
  settings.set = std::move(set);
  return settings;
}

std::string error_of(const PlaySettings& settings, const std::vector<std::string>& names) {
  try {
    settings.load_all(names);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(LoadAll, EachTakesTheParametersThatItHas) {
  auto all = set_to({{"limit", Value(std::string("7"))}}).load_all({"rcpt-452-too-many", "healthy"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "rcpt-452-too-many");
  EXPECT_EQ(*all[0].script->scenario().parameters.at("limit").value.number(), 7);
  EXPECT_EQ(all[1].script->scenario().id, "healthy");
  EXPECT_TRUE(all[1].set.empty());
}

TEST(LoadAll, OneMayBeNamedTwice) {
  auto all = PlaySettings().load_all({"healthy", "healthy"});
  EXPECT_NE(all[0].script, all[1].script);
}

TEST(LoadAll, AParameterThatNobodyHasIsAnError) {
  auto settings = set_to({{"limt", Value(std::string("7"))}});
  EXPECT_THAT(error_of(settings, {"rcpt-452-too-many"}), HasSubstr("did you mean 'limit'"));
  EXPECT_THAT(error_of(settings, {"rcpt-452-too-many", "healthy"}), HasSubstr("none of these scenarios"));
}

TEST(LoadAll, AnUnknownScenarioIsAnError) {
  EXPECT_THAT(error_of(PlaySettings(), {"healthy", "heathy"}), HasSubstr("did you mean 'healthy'"));
}

}  // namespace
}  // namespace mailfault::cli
