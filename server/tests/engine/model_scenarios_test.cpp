// Every scenario of the catalogue loads, says its rules in words, and its examples hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <string>

#include "actions/actions.hpp"
#include "engine/replay.hpp"
#include "scenario/catalogue.hpp"
#include "script/script.hpp"

namespace mailfault {

void PrintTo(const CatalogueEntry& entry, std::ostream* out) { *out << entry.id; }

namespace {

class Catalogue : public ::testing::TestWithParam<CatalogueEntry> {};

TEST_P(Catalogue, ScenarioHolds) {
  std::string source(GetParam().source);
  auto path = std::string(GetParam().id) + ".lua";
  auto script = script::Script::load(source, path, {action_table(), {}, 0, {}});
  const auto& scenario = script->scenario();
  EXPECT_EQ(scenario.id, GetParam().id);
  EXPECT_FALSE(scenario.expectations.empty()) << "it expects nothing";
  bool anyone_gets_in = scenario.main_door().state == DoorState::open;
  EXPECT_TRUE(!scenario.examples.empty() || !anyone_gets_in) << "it has no example";
  for (const auto& stage : scenario.rules)
    for (const auto& rule : stage) EXPECT_FALSE(words(rule).empty());
  for (const auto& example : scenario.examples)
    if (auto failure = replay(source, path, example))
      ADD_FAILURE() << path << ":" << failure->line << ": " << failure->what << "\n" << failure->log;
}

INSTANTIATE_TEST_SUITE_P(All, Catalogue, ::testing::ValuesIn(catalogue()), [](const auto& row) {
  std::string out(row.param.id);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return out;
});

TEST(CatalogueTable, IsSortedAndNotEmpty) {
  auto all = catalogue();
  EXPECT_GT(all.size(), 100u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const CatalogueEntry& a, const CatalogueEntry& b) { return a.id < b.id; }));
}

// The check above can fail.
TEST(Replay, SaysWhereATranscriptWentAnotherWay) {
  std::string source = "scenario { title = \"t\" }\nexample [[\nS: 220 ...\nC: NOOP\nS: 451 ...\n]]\n";
  auto script = script::Script::load(source, "t.lua", {action_table(), {}, 0, {}});
  auto failure = replay(source, "t.lua", script->scenario().examples[0]);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->line, 5);
  EXPECT_EQ(failure->what, "wanted a 451 reply, got '250 2.0.0 Ok'");
  EXPECT_NE(failure->log.find("NOOP"), std::string::npos);
}

}  // namespace
}  // namespace mailfault
