#include "report/baseline.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/terminal_text.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

constexpr std::string_view first_line = "# mailfault baseline 1", of_catalogue = "# catalogue ";

std::string outcomes_of(const ScoreCase& of) { return of.outcomes.empty() ? "-" : join(of.outcomes, ","); }

std::string in_words(Verdict verdict, Severity severity) {
  auto out = std::string(name_of(verdict));
  return verdict == Verdict::fail ? out + ": " + std::string(name_of(severity)) : out;
}

/// The more the worse.
int rank(Verdict verdict, Severity severity) {
  if (verdict == Verdict::fail) return 3 + static_cast<int>(severity);
  return verdict == Verdict::unmet ? 2 : verdict == Verdict::lax ? 1 : 0;
}

BaselineLine parse(std::string_view line, const Error& wrong) {
  std::istringstream in{std::string(line)};
  BaselineLine out;
  std::string id, rest;
  in >> id >> out.outcomes;
  std::getline(in, rest);
  auto text = trim(rest);
  auto colon = text.find(": ");
  auto verdict = verdict_named(text.substr(0, colon));
  auto severity =
      colon == std::string_view::npos ? std::optional(Severity::none) : severity_named(text.substr(colon + 2));
  if (!verdict || !severity) throw wrong;
  out.verdict = *verdict;
  out.severity = *severity;
  return out;
}

std::string some(const std::vector<std::string>& ids) {
  auto out = join(std::span(ids).first(std::min<std::size_t>(ids.size(), 3)), ", ");
  return ids.size() > 3 ? out + " and " + std::to_string(ids.size() - 3) + " more" : out;
}

}  // namespace

Baseline read_baseline(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw Error(path + ": the baseline can't be read: " + std::strerror(errno) + "; --update-baseline writes one");
  Baseline out;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (number == 1 && !line.starts_with(first_line))
      throw Error({path, 1}, "this is no baseline: it begins with '" + std::string(first_line) + "'");
    if (line.starts_with(of_catalogue)) out.catalogue = trim(std::string_view(line).substr(of_catalogue.size()));
    if (line.starts_with('#') || trim(line).empty()) continue;
    auto id = line.substr(0, line.find(' '));
    Error wrong({path, number},
                "'" + printable(line.substr(0, 80)) + "' is no line of a baseline: ID OUTCOMES VERDICT");
    if (!out.lines.emplace(id, parse(line, wrong)).second)
      throw Error({path, number}, "'" + printable(id) + "' stands here twice");
  }
  if (out.catalogue.empty()) throw Error(path + ": the baseline is empty; --update-baseline writes it anew");
  return out;
}

std::string write_baseline(const ScoreReport& report, const Baseline& before) {
  auto lines = before.lines;
  for (const auto& each : report.cases)
    if (each.counts()) lines[each.id] = {outcomes_of(each), each.verdict, each.severity};
  std::size_t id_width = 0, outcome_width = 0;
  for (const auto& [id, line] : lines) {
    id_width = std::max(id_width, id.size());
    outcome_width = std::max(outcome_width, line.outcomes.size());
  }
  std::string out = std::string(first_line) + " of " + printable(report.client) + "\n" + std::string(of_catalogue) +
                    report.catalogue + "\n";
  for (const auto& [id, line] : lines)
    out += id + std::string(id_width - id.size() + 2, ' ') + line.outcomes +
           std::string(outcome_width - line.outcomes.size() + 2, ' ') + in_words(line.verdict, line.severity) + "\n";
  return out;
}

BaselineComparison compare(const Baseline& baseline, const std::string& path, const ScoreReport& report,
                           const std::vector<std::string>& known_ids) {
  std::vector<std::string> changed, gone;
  for (const auto& each : report.cases) {
    auto line = baseline.lines.find(each.id);
    if (line != baseline.lines.end() && line->second.outcomes != outcomes_of(each)) changed.push_back(each.id);
  }
  for (const auto& [id, line] : baseline.lines)
    if (std::find(known_ids.begin(), known_ids.end(), id) == known_ids.end()) gone.push_back(id);
  auto remedy = "; the baseline is of catalogue " + baseline.catalogue + ", and this is " + report.catalogue +
                ": look at 'mailfault show', and write it anew with --update-baseline";
  if (!changed.empty()) throw Error(path + ": other outcomes are expected now of " + some(changed) + remedy);
  if (!gone.empty()) throw Error(path + ": there is no scenario any more of the name " + some(gone) + remedy);
  BaselineComparison out;
  for (const auto& each : report.cases) {
    auto found = baseline.lines.find(each.id);
    if (found == baseline.lines.end()) {
      out.fresh.push_back(each.id);
      continue;
    }
    const auto& line = found->second;
    if (!each.counts()) continue;
    auto before = rank(line.verdict, line.severity), now = rank(each.verdict, each.severity);
    BaselineChange change{each.id, in_words(line.verdict, line.severity), in_words(each.verdict, each.severity)};
    if (change.before == change.now) continue;
    (now > before ? out.worse : now < before ? out.better : out.other).push_back(std::move(change));
  }
  return out;
}

std::string to_terminal(const BaselineComparison& changes, const ScoreStyle& style) {
  std::string out;
  auto add = [&](std::string_view paint, std::string_view title, const std::vector<BaselineChange>& all) {
    for (const auto& each : all)
      out += painted(paint, title, style.color) + "  " + each.id + ": " + each.before + " before, now " + each.now +
             "\n";
  };
  add(red, "worse", changes.worse);
  add(green, "better", changes.better);
  add(plain, "changed", changes.other);
  if (!changes.fresh.empty())
    out += "not in the baseline: " + counted(changes.fresh.size(), "scenario", "scenarios") + " (" +
           some(changes.fresh) + "); --update-baseline adds what they give\n";
  if (changes.worse.empty()) out += "nothing is worse than the baseline\n";
  if (!changes.better.empty()) out += "--update-baseline keeps what is better\n";
  return out;
}

}  // namespace mailfault
