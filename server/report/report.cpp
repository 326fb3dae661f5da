#include "report/report.hpp"

#include <algorithm>

#include "report/words.hpp"

namespace mailfault {

int exit_status(const RunReport& report) {
  auto any = [&](auto&& holds) { return std::any_of(report.runs.begin(), report.runs.end(), holds); };
  if (any(scenario_failed)) return 2;
  if (any([](const ScenarioRun& run) { return !run.command.started; })) return 3;
  return any([&](const ScenarioRun& run) { return fails(run, report.strict); }) ? 1 : 0;
}

std::string_view headline(const ScenarioRun& run) {
  if (scenario_failed(run) || !run.command.started) return "error";
  if (test_failed(run)) return name_of(Verdict::fail);
  if (!run.not_applicable.empty()) return name_of(Verdict::not_applicable);
  return name_of(run.judgement.verdict);
}

}  // namespace mailfault
