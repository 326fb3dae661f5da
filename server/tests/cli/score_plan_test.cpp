#include "cli/score_plan.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace mailfault::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> ids(const ScorePlan& plan) {
  std::vector<std::string> out;
  for (const auto& each : plan.cases) out.push_back(each.file.id);
  return out;
}

ScorePlan plan(const std::vector<std::string>& filter, const std::string& stage = "") {
  return plan_score(filter, stage, PlaySettings(), runner::Ability());
}

std::string error_of(const std::vector<std::string>& filter, const std::string& stage = "") {
  try {
    plan(filter, stage);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ScorePlan, TakesIdsAndGlobs) {
  EXPECT_THAT(ids(plan({"healthy", "cert-rsa-20??"})), ElementsAre("healthy", "cert-rsa-2048"));
  auto all = plan({});
  EXPECT_EQ(all.cases.size(), all.ids.size());
  EXPECT_GT(all.ids.size(), 300u);
  EXPECT_EQ(plan({"healthy"}).catalogue, all.catalogue);
}

TEST(ScorePlan, ByStage) {
  for (const auto& each : plan({"quit-*"}, "quit").cases)
    EXPECT_TRUE(std::any_of(each.known.faults.begin(), each.known.faults.end(), [](const ScoreFault& fault) {
      return fault.stage == "quit";
    })) << each.file.id;
}

TEST(ScorePlan, SaysWhatTheClientLacksAndWhichDoorsAreOpen) {
  auto of = [](const std::string& id) { return plan({id}).cases[0]; };
  EXPECT_TRUE(of("rcpt-slow-each").lacking);
  EXPECT_EQ(of("rcpt-slow-each").known.verdict, Verdict::unmet);
  EXPECT_FALSE(of("healthy").lacking);
  EXPECT_TRUE(of("healthy").open);
  EXPECT_FALSE(of("tcp-refused").open);
}

TEST(ScorePlan, WhatNothingFitsIsAnError) {
  EXPECT_THAT(error_of({"helthy"}), HasSubstr("there is no scenario 'helthy' (did you mean 'healthy'?)"));
  EXPECT_THAT(error_of({"zzz*"}), HasSubstr("no scenario has a name like 'zzz*'"));
  EXPECT_THAT(error_of({}, "greting"), HasSubstr("there is no such stage (did you mean 'greeting'?)"));
  EXPECT_THAT(error_of({"healthy"}, "quit"), HasSubstr("none of these scenarios has a rule there"));
  PlaySettings settings;
  settings.set.emplace("nonsense", Value(1.0));
  EXPECT_THROW(plan_score({"healthy"}, "", settings, {}), Error);
}

}  // namespace
}  // namespace mailfault::cli
