#include "sample.hpp"

namespace mailfault::testing {
namespace {

struct Row {
  std::string name;
  Verdict verdict = Verdict::pass;
  bool script_failed = false, started = true, is_client = false, timed_out = false;
  int exit_status = 0;
  int status, strict_status;
  std::string_view headline;
  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

class ExitStatus : public ::testing::TestWithParam<Row> {};

TEST_P(ExitStatus, FollowsTheTable) {
  const auto& row = GetParam();
  Sample sample;
  auto run = sample.run();
  run.judgement.verdict = row.verdict;
  run.judgement.script_failed = row.script_failed;
  run.command.started = row.started;
  run.command.is_client = row.is_client;
  run.command.timed_out = row.timed_out;
  run.command.exit_status = row.exit_status;
  EXPECT_EQ(headline(run), row.headline);
  auto report = report_of({sample.run(), run});
  EXPECT_EQ(exit_status(report), row.status);
  report.strict = true;
  EXPECT_EQ(exit_status(report), row.strict_status);
}

const std::vector<Row> rows{
    {.name = "pass", .status = 0, .strict_status = 0, .headline = "pass"},
    {.name = "not_applicable",
     .verdict = Verdict::not_applicable,
     .status = 0,
     .strict_status = 0,
     .headline = "not applicable"},
    {.name = "info", .verdict = Verdict::info, .status = 0, .strict_status = 0, .headline = "info"},
    {.name = "lax", .verdict = Verdict::lax, .status = 0, .strict_status = 1, .headline = "lax"},
    {.name = "unmet", .verdict = Verdict::unmet, .status = 1, .strict_status = 1, .headline = "unmet"},
    {.name = "fail", .verdict = Verdict::fail, .status = 1, .strict_status = 1, .headline = "fail"},
    {.name = "script_error", .script_failed = true, .status = 2, .strict_status = 2, .headline = "error"},
    {.name = "script_error_and_no_command",
     .script_failed = true,
     .started = false,
     .status = 2,
     .strict_status = 2,
     .headline = "error"},
    {.name = "no_command",
     .verdict = Verdict::unmet,
     .started = false,
     .status = 3,
     .strict_status = 3,
     .headline = "error"},
    {.name = "test_failed", .exit_status = 5, .status = 1, .strict_status = 1, .headline = "fail"},
    {.name = "test_timed_out", .timed_out = true, .status = 1, .strict_status = 1, .headline = "fail"},
    {.name = "client_said_no",
     .is_client = true,
     .exit_status = 75,
     .status = 0,
     .strict_status = 0,
     .headline = "pass"},
};
INSTANTIATE_TEST_SUITE_P(Runs, ExitStatus, ::testing::ValuesIn(rows), [](const auto& row) { return row.param.name; });

TEST(ExitStatusOf, AScenarioErrorOfOneRunOutranksTheOthers) {
  Sample sample;
  auto error = sample.run(), absent = sample.run();
  error.judgement.script_failed = true;
  absent.command.started = false;
  EXPECT_EQ(exit_status(report_of({sample.failed(), absent, error})), 2);
  EXPECT_EQ(exit_status(report_of({sample.failed(), absent})), 3);
  EXPECT_EQ(exit_status(report_of({})), 0);
}

TEST(ExitStatusOf, AFullJournalCannotPass) {
  Sample sample;
  StoppedClock clock;
  Journal full(clock, 1);
  for (int i = 0; i < 3; ++i) full.add({}, "x");
  ASSERT_TRUE(full.full());
  auto run = sample.run();
  run.journal = &full;
  EXPECT_EQ(headline(run), "error");
  EXPECT_EQ(exit_status(report_of({run})), 2);
}

}  // namespace
}  // namespace mailfault::testing
