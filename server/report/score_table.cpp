// Clients across, scenarios down.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "report/score_pages.hpp"
#include "report/words.hpp"
#include "scenario/failure_kind.hpp"

namespace mailfault::score_pages {
namespace {

constexpr auto all_looks = std::to_array<Look>({
    {'1', "fail mail-lost", "✖", "lost"},
    {'2', "fail mail-doubled", "✖", "doubled"},
    {'3', "fail secret-leaked", "✖", "leaked"},
    {'4', "fail hang", "✖", "hang"},
    {'5', "fail wrong-report", "✖", "misreport"},
    {'6', "fail blemish", "✖", "blemish"},
    {'f', "fail", "✖", "fail"},
    {'e', "error", "‼", "error"},
    {'u', "unmet", "∅", "unmet"},
    {'l', "lax", "◐", "lax"},
    {'i', "info", "i", "info"},
    {'a', "not-applicable", "–", "n/a"},
    {'p', "pass", "✔", "pass"},
    {'-', "none", "·", "not played"},
});

char letter_of(const ScoreCase* cell) {
  if (!cell) return '-';
  if (!cell->counts()) return 'e';
  switch (cell->verdict) {
    case Verdict::pass:
      return 'p';
    case Verdict::not_applicable:
      return 'a';
    case Verdict::info:
      return 'i';
    case Verdict::lax:
      return 'l';
    case Verdict::unmet:
      return 'u';
    case Verdict::fail:
      break;
  }
  const auto* at = std::find(severities_by_weight.begin(), severities_by_weight.end(), cell->severity);
  return at == severities_by_weight.end() ? 'f' : static_cast<char>('1' + (at - severities_by_weight.begin()));
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

std::string key_of(std::string_view name, std::set<std::string>& taken) {
  std::string plain;
  for (char c : lower(name))
    if (is_plain(c))
      plain += c;
    else if (!plain.empty() && !plain.ends_with('-'))
      plain += '-';
  while (plain.starts_with('.') || plain.starts_with('-')) plain.erase(0, 1);
  while (plain.ends_with('-')) plain.pop_back();
  if (plain.empty()) plain = "client";
  plain = plain.substr(0, 100);
  auto out = plain;
  for (int i = 2; !taken.insert(out).second; ++i) out = plain + "-" + std::to_string(i);
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (is_plain(c))
      out += c;
    else
      out.append("%") += {hex[byte >> 4], hex[byte & 15]};
  }
  return out;
}

}  // namespace

std::span<const Look> looks() { return all_looks; }

const Look& look_of(const ScoreCase* cell) {
  auto letter = letter_of(cell);
  return *std::find_if(all_looks.begin(), all_looks.end(), [&](const Look& each) { return each.letter == letter; });
}

std::string verdict_of(const ScoreCase& cell) {
  if (!cell.counts()) return "error";
  auto out = std::string(name_of(cell.verdict));
  return cell.severity == Severity::none ? out : out + ": " + std::string(name_of(cell.severity));
}

std::string_view meaning_of(char grade) {
  switch (grade) {
    case 'A':
      return "no failure";
    case 'B':
      return "blemishes, no mail suffers";
    case 'C':
      return "tells its sender what isn’t so";
    case 'D':
      return "hangs";
    case 'E':
      return "doubles mail or leaks secrets";
    case 'F':
      return "loses mail";
    default:
      return "nothing could be judged";
  }
}

std::string link_to(const Column& column, const ScoreCase& cell) {
  return "cell.html#" + column.key + "/" + percent_encoded(cell.id);
}

Table table_of(std::span<const ScoreReport> reports) {
  Table out;
  std::set<std::string> taken{"scenarios"};  // a file of that name is there
  for (const auto& report : reports) {
    auto name = report.client + (report.version.empty() ? "" : " " + report.version);
    out.columns.push_back({&report, key_of(name, taken), name});
  }
  std::map<std::string_view, Row> rows;
  for (std::size_t i = 0; i < reports.size(); ++i)
    for (const auto& each : reports[i].cases) {
      auto& row = rows[each.id];
      if (!row.facts) {
        row.facts = &each;
        row.kind = failure_kind(each.folder, each.id);
        row.cells.resize(reports.size());
      }
      row.cells[i] = &each;
    }
  for (auto kind : failure_kinds())
    for (auto& [id, row] : rows)
      if (row.kind == kind) out.rows.push_back(std::move(row));
  return out;
}

}  // namespace mailfault::score_pages
