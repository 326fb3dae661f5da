#include "report/baseline.hpp"

#include "base/error.hpp"
#include "sample.hpp"

namespace mailfault::testing {
namespace {

using enum Verdict;

ScoreCase a_case(const std::string& id, Verdict verdict, Severity severity = Severity::none) {
  ScoreCase out;
  out.id = id;
  out.outcomes = {"temporary"};
  out.verdict = verdict;
  out.severity = severity;
  return out;
}

ScoreReport of(std::vector<ScoreCase> cases) {
  ScoreReport out;
  out.client = "send";
  out.catalogue = "9-abc";
  out.cases = std::move(cases);
  return out;
}

class Baselines : public ::testing::Test {
 protected:
  Baseline read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_baseline(path_);
  }
  std::string error_of(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  BaselineComparison changes(const ScoreReport& before, const ScoreReport& now) {
    std::vector<std::string> known;
    for (const auto& each : now.cases) known.push_back(each.id);
    return compare(read(write_baseline(before)), path_, now, known);
  }
  std::string path_ = (fresh_folder() / "mail.baseline").string();
};

TEST_F(Baselines, HaveALineForEachScenario) {
  auto text = write_baseline(of({a_case("b-long-name", fail, Severity::mail_lost), a_case("a", not_applicable)}));
  EXPECT_EQ(text,
            "# mailfault baseline 1 of send\n"
            "# catalogue 9-abc\n"
            "a            temporary  not applicable\n"
            "b-long-name  temporary  fail: mail lost\n");
  EXPECT_EQ(write_baseline(of({}), read(text)), text);
}

TEST_F(Baselines, WhatIsAsBadIsNoNews) {
  auto report = of({a_case("a", fail, Severity::hang), a_case("b", lax), a_case("c", unmet)});
  auto found = changes(report, report);
  EXPECT_TRUE(found.worse.empty() && found.better.empty() && found.other.empty() && found.fresh.empty());
}

TEST_F(Baselines, WorseAndBetterGoBySeverity) {
  struct Row {
    ScoreCase before, now;
    int worse, better, other;
  };
  for (const auto& [before, now, worse, better, other] : {
           Row{a_case("a", pass), a_case("a", lax, Severity::blemish), 1, 0, 0},
           Row{a_case("a", pass), a_case("a", unmet), 1, 0, 0},
           Row{a_case("a", unmet), a_case("a", fail, Severity::blemish), 1, 0, 0},
           Row{a_case("a", fail, Severity::blemish), a_case("a", fail, Severity::mail_lost), 1, 0, 0},
           Row{a_case("a", fail, Severity::mail_lost), a_case("a", fail, Severity::hang), 0, 1, 0},
           Row{a_case("a", fail, Severity::blemish), a_case("a", pass), 0, 1, 0},
           Row{a_case("a", pass), a_case("a", info), 0, 0, 1},
           Row{a_case("a", info), a_case("a", not_applicable), 0, 0, 1},
       }) {
    auto found = changes(of({before}), of({now}));
    EXPECT_EQ(found.worse.size(), worse) << name_of(before.verdict) << " to " << name_of(now.verdict);
    EXPECT_EQ(found.better.size(), better) << name_of(before.verdict) << " to " << name_of(now.verdict);
    EXPECT_EQ(found.other.size(), other) << name_of(before.verdict) << " to " << name_of(now.verdict);
  }
}

TEST_F(Baselines, NewScenariosAreTold) {
  auto found = changes(of({a_case("a", pass)}), of({a_case("a", pass), a_case("new", fail, Severity::mail_lost)}));
  EXPECT_TRUE(found.worse.empty());
  EXPECT_THAT(to_terminal(found, {}), HasSubstr("not in the baseline: 1 scenario (new); --update-baseline adds"));
}

TEST_F(Baselines, AnotherCatalogueIsAnErrorWhereItMatters) {
  auto before = of({a_case("a", pass), a_case("b", pass)});
  before.catalogue = "8-old";
  auto error = [&](const ScoreReport& now) {
    try {
      changes(before, now);
    } catch (const Error& what) {
      return std::string(what.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error(of({a_case("a", pass), a_case("b", pass), a_case("c", pass)})), "no error");
  EXPECT_THAT(error(of({a_case("a", pass)})),
              AllOf(HasSubstr("there is no scenario any more of the name b"), HasSubstr("8-old, and this is 9-abc"),
                    HasSubstr("--update-baseline")));
  auto changed = a_case("a", pass);
  changed.outcomes = {"permanent"};
  EXPECT_THAT(error(of({changed, a_case("b", pass)})), HasSubstr("other outcomes are expected now of a"));
}

TEST_F(Baselines, ForeignFilesAreErrors) {
  EXPECT_THAT(error_of("{}\n"), HasSubstr("mail.baseline:1: this is no baseline"));
  EXPECT_THAT(error_of(""), HasSubstr("the baseline is empty"));
  auto head = std::string("# mailfault baseline 1 of x\n# catalogue 1-a\n");
  EXPECT_THAT(error_of(head + "a temporary paß\n"), HasSubstr(":3: 'a temporary pa"));
  EXPECT_THAT(error_of(head + "a temporary fail: bad\n"), HasSubstr(":3: "));
  EXPECT_THAT(error_of(head + "a - pass\na - pass\n"), HasSubstr(":4: 'a' stands here twice"));
  EXPECT_THROW(read_baseline("/nowhere/x"), Error);
}

}  // namespace
}  // namespace mailfault::testing
