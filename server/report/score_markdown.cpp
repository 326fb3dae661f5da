// A score as Markdown: of one client for a pull request, of several as a table.
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "report/score.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

constexpr std::size_t most_sorts = 12, most_ids = 5;

/// For a cell of a table: on one line, and with no mark that Markdown or HTML reads.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : printable(utf8(text))) {
    if (c == '|' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']') out += '\\';
    if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

std::string named(const ScoreReport& report) {
  return cell(report.client + (report.version.empty() ? "" : " " + report.version));
}

std::string ids_of(const std::vector<const ScoreCase*>& cases) {
  std::string out;
  for (std::size_t i = 0; i < std::min(cases.size(), most_ids); ++i) out += (i ? ", `" : "`") + cases[i]->id + "`";
  return cases.size() > most_ids ? out + " and " + std::to_string(cases.size() - most_ids) + " more" : out;
}

std::string of_one(const ScoreReport& report) {
  std::string out = "### " + named(report) + ": grade " + std::string(1, grade(report)) + "\n\n";
  out += counted(report.cases.size(), "scenario", "scenarios") + ": " + verdicts_in_words(report) + ".\n\n";
  auto sorts = failure_sorts(report);
  if (sorts.empty()) return out + "Nothing fails.\n";
  out += "| severity | scenarios | seen | a correct client | section |\n|---|---|---|---|---|\n";
  for (const auto& sort : std::span(sorts).first(std::min(sorts.size(), most_sorts))) {
    const auto& first = *sort.cases.front();
    out += "| " + std::string(name_of(sort.severity)) + " | " + ids_of(sort.cases) + " | " + cell(why(first)) +
           " | " + cell(correct_client(first)) + " | " + cell(section_of(first)) + " |\n";
  }
  if (sorts.size() > most_sorts) out += "\nAnd " + std::to_string(sorts.size() - most_sorts) + " more sorts.\n";
  const auto& again = sorts.front().cases.front()->replay;
  if (!again.empty()) out += "\nThe first again:\n\n```sh\n" + printable(again) + "\n```\n";
  return out;
}

std::string of_case(const ScoreCase* of) {
  if (!of) return "";
  if (!of->counts()) return "error";
  if (of->verdict == Verdict::fail) return "**" + std::string(name_of(of->severity)) + "**";
  if (of->verdict == Verdict::not_applicable) return "n/a";
  return std::string(name_of(of->verdict));
}

std::string of_several(std::span<const ScoreReport> reports) {
  std::string out = "|  |", rule = "|---|";
  for (const auto& report : reports) {
    out += " " + named(report) + " |";
    rule += "---|";
  }
  out += "\n" + rule + "\n| **grade** |";
  for (const auto& report : reports) out += " **" + std::string(1, grade(report)) + "** |";
  out += "\n";
  for (auto severity : severities_by_weight) {
    out += "| " + std::string(name_of(severity)) + " |";
    for (const auto& report : reports) out += " " + std::to_string(failures(report, severity).size()) + " |";
    out += "\n";
  }
  for (auto verdict : {Verdict::pass, Verdict::lax, Verdict::info, Verdict::unmet, Verdict::not_applicable}) {
    out += "| " + std::string(name_of(verdict)) + " |";
    for (const auto& report : reports) out += " " + std::to_string(count(report, verdict)) + " |";
    out += "\n";
  }
  // Where any of them fails.
  std::map<std::pair<std::string, std::string>, std::vector<const ScoreCase*>> rows;
  for (std::size_t i = 0; i < reports.size(); ++i)
    for (const auto& each : reports[i].cases) {
      auto& row = rows[{each.folder, each.id}];
      row.resize(reports.size());
      row[i] = &each;
    }
  for (const auto& [name, row] : rows) {
    if (std::none_of(row.begin(), row.end(), [](const ScoreCase* each) { return each && each->fails(); })) continue;
    out += "| `" + name.second + "` |";
    for (const auto* each : row) out += " " + of_case(each) + " |";
    out += "\n";
  }
  return out;
}

}  // namespace

std::string to_markdown(std::span<const ScoreReport> reports) {
  return reports.size() == 1 ? of_one(reports.front()) : of_several(reports);
}

}  // namespace mailfault
