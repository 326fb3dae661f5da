#include "cli/score_plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "runner/mail_task.hpp"

namespace mailfault::cli {
namespace {

bool is_glob(const std::string& word) { return word.find_first_of("*?") != std::string::npos; }

void must_fit(const std::vector<std::string>& filter, const std::vector<std::string>& ids) {
  for (const auto& word : filter) {
    auto fits = [&](const std::string& id) { return is_glob(word) ? matches_glob(word, id) : word == id; };
    if (std::any_of(ids.begin(), ids.end(), fits)) continue;
    if (is_glob(word)) throw Error("no scenario has a name like '" + word + "'; 'mailfault list' shows all");
    throw Error("there is no scenario '" + word + "'" +
                did_you_mean(word, std::vector<std::string_view>(ids.begin(), ids.end())) +
                "; 'mailfault list' shows all, and a filter is an id or a glob, such as 'rcpt-*'");
  }
}

PlannedCase planned(const ScenarioFile& file, const Scenario& scenario, const runner::Ability& can) {
  PlannedCase out;
  out.file = file;
  out.known = score_case(scenario);
  const auto& door = scenario.main_door();
  out.open = door.state == DoorState::open && !door.ipv4 && !door.ipv6;
  if (auto lack = runner::lack_of(scenario, can)) {
    out.lacking = true;
    out.known.verdict = lack->verdict;
    out.known.reason = lack->reason;
  }
  return out;
}

}  // namespace

ScorePlan plan_score(const std::vector<std::string>& filter, const std::string& stage, const PlaySettings& settings,
                     const runner::Ability& can) {
  if (!stage.empty() && !stage_named(stage)) {
    std::vector<std::string_view> names;
    for (const auto& row : stages()) names.push_back(row.name);
    throw Error("--stage " + stage + ": there is no such stage" + did_you_mean(stage, names));
  }
  ScorePlan plan;
  std::vector<std::pair<std::string, std::vector<std::string>>> expected;
  auto unknown = settings.set;
  for (const auto& file : all_scenarios(settings.folder)) {
    auto script = load(file);
    const auto& scenario = script->scenario();
    plan.ids.push_back(scenario.id);
    expected.emplace_back(scenario.id, scenario.outcomes());
    bool named = filter.empty() || std::any_of(filter.begin(), filter.end(), [&](const std::string& word) {
                   return is_glob(word) ? matches_glob(word, scenario.id) : word == scenario.id;
                 });
    if (!named || (!stage.empty() && scenario.rules_at(*stage_named(stage)).empty())) continue;
    auto& added = plan.cases.emplace_back(planned(file, scenario, can));
    for (const auto& [name, value] : settings.set)
      if (scenario.parameters.contains(name)) {
        added.set.emplace(name, value);
        unknown.erase(name);
      }
  }
  must_fit(filter, plan.ids);
  if (plan.cases.empty()) throw Error("--stage " + stage + ": none of these scenarios has a rule there");
  if (!unknown.empty())
    throw Error("--set: none of these scenarios has a parameter '" + unknown.begin()->first + "'");
  plan.catalogue = catalogue_version(std::move(expected));
  return plan;
}

}  // namespace mailfault::cli
