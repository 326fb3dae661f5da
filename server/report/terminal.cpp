#include <algorithm>
#include <cstdio>
#include <set>
#include <span>

#include "base/text.hpp"
#include "report/terminal_text.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

constexpr std::size_t indent = 8, label_width = 10, wire_lines = 25, most_others = 5;
constexpr Micros before_it = std::chrono::milliseconds(500);

// As the wire log has it.
std::string moment(Micros at) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3fs", in_seconds(at));
  return text;
}

class Page {
 public:
  Page(const ScenarioRun& run, const TerminalStyle& style) : run_(run), style_(style) {}

  std::string all() {
    head();
    for (const auto& [verdict, text] : troubles(run_))
      paragraph(2, painted(paint_of(verdict), verdict, style_.color), verdict.size(), text);
    for (const auto& alike : told_findings(run_)) tell(alike);
    if (style_.verbose) whole_wire();
    return std::move(out_);
  }

 private:
  void head();
  void tell(const Alike& alike);
  void labelled(std::string_view label, std::string_view text) {
    if (!text.empty()) paragraph(indent, painted(dim, label, style_.color), columns(label), text);
  }
  void paragraph(std::size_t from, const std::string& label, std::size_t label_columns, std::string_view text);
  void wire_around(const Finding& finding);
  void whole_wire();

  const ScenarioRun& run_;
  const TerminalStyle& style_;
  std::string out_;
  std::set<std::string> shown_;  // lines of the wire log
};

void Page::head() {
  auto verdict = headline(run_);
  auto tag = upper(verdict);
  auto behind = run_.not_applicable.empty() ? "  (" + counts_in_words(run_) + ")" : "";
  auto taken = std::max<std::size_t>(tag.size() + 1, 6) + columns(run_.scenario->id) + 2 + columns(behind);
  auto room = std::max<std::size_t>(style_.width > taken ? style_.width - taken : 0, 24);
  out_ += painted(paint_of(verdict), tag, style_.color) + spaces(tag.size() < 5 ? 6 - tag.size() : 1);
  out_ += painted(bold, run_.scenario->id, style_.color) + ": " + fitted(shown(run_.scenario->title), room);
  out_ += painted(dim, behind, style_.color) + "\n";
  if (!run_.not_applicable.empty()) paragraph(2, painted(dim, "why", style_.color), 3, run_.not_applicable);
}

void Page::paragraph(std::size_t from, const std::string& label, std::size_t label_columns, std::string_view text) {
  auto column = from + std::max(label_width, label_columns + 1);
  auto lines = wrapped(text, std::max<std::size_t>(style_.width > column ? style_.width - column : 0, 40));
  out_ += spaces(from) + label + spaces(column - from - label_columns) + lines[0] + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) out_ += spaces(column) + lines[i] + "\n";
}

// The first is told, and of the others what was seen.
void Page::tell(const Alike& alike) {
  const auto& finding = *alike.front();
  auto verdict = name_of(finding.verdict);
  paragraph(2, painted(paint_of(verdict), verdict, style_.color), verdict.size(), titled(finding));
  labelled("expected", finding.expected);
  labelled("seen", finding.seen);
  labelled("nearest", finding.nearest);
  labelled("do", finding.remedy);
  if (finding.line > 0) labelled("at", run_.scenario->path + ":" + std::to_string(finding.line));
  if (!style_.verbose) wire_around(finding);
  auto others = std::span(alike).subspan(1);
  for (const auto* other : others.first(std::min(others.size(), most_others))) {
    auto where =
        other->connection > 0 ? " (#" + std::to_string(other->connection) + ", " + moment(other->from) + ")" : "";
    labelled("also seen", other->seen + where);
  }
  if (others.size() > most_others)
    labelled("also seen", std::to_string(others.size() - most_others) + " more of this sort");
}

void Page::wire_around(const Finding& finding) {
  if (finding.connection == 0) return;
  auto to = std::max(finding.from, finding.to);
  auto lines = wire_log(run_, finding.connection, finding.from - before_it, to, wire_lines, style_.color);
  if (lines.empty()) return;
  bool new_ones = false;
  for (const auto& line : lines) new_ones = shown_.insert(line).second || new_ones;
  if (!new_ones) return labelled("wire", "as above");
  out_ += spaces(indent) + painted(dim, "wire", style_.color) + "\n";
  for (const auto& line : lines) out_ += spaces(indent) + line + "\n";
}

void Page::whole_wire() {
  for (const auto& line : wire_log(run_, style_.color)) out_ += "  " + line + "\n";
}

std::string listed(const std::vector<std::string>& ids) {
  if (ids.size() == 1) return ids[0];
  auto out = counted(ids.size(), "scenario", "scenarios") + " (" +
             join(std::span(ids).first(std::min<std::size_t>(ids.size(), 3)), ", ");
  return out + (ids.size() > 3 ? "…)" : ")");
}

void add_counts(std::string& out, const RunReport& report, bool color) {
  constexpr std::string_view order[] = {"pass", "lax", "info", "not applicable", "unmet", "fail", "error"};
  out += counted(report.runs.size(), "scenario", "scenarios") + ":";
  std::string_view between = " ";
  for (auto verdict : order) {
    auto number = std::count_if(report.runs.begin(), report.runs.end(),
                                [&](const ScenarioRun& run) { return headline(run) == verdict; });
    if (number == 0) continue;
    out += between;
    out += painted(paint_of(verdict), std::to_string(number) + " " + std::string(verdict), color);
    between = ", ";
  }
  out += "\n";
}

// What several scenarios found alike, in the order in which it first came.
void add_said_once(std::string& out, const RunReport& report, std::size_t width) {
  struct Said {
    std::string text;
    std::vector<std::string> in;
  };
  std::vector<Said> all;
  for (const auto& run : report.runs)
    for (const auto& finding : run.judgement.findings) {
      if (!finding.once || finding.verdict == Verdict::pass) continue;
      auto text = finding.seen.empty() ? titled(finding) : finding.seen;
      if (!finding.remedy.empty()) text += "; " + finding.remedy;
      auto said = std::find_if(all.begin(), all.end(), [&](const Said& each) { return each.text == text; });
      if (said == all.end()) said = all.insert(all.end(), {text, {}});
      if (said->in.empty() || said->in.back() != run.scenario->id) said->in.push_back(run.scenario->id);
    }
  for (const auto& [text, in] : all) {
    auto lines = wrapped("in " + listed(in) + ": " + text, std::max<std::size_t>(width, 42) - 2);
    for (const auto& line : lines) out += (&line == lines.data() ? "" : "  ") + line + "\n";
  }
}

}  // namespace

std::string to_terminal(const ScenarioRun& run, const TerminalStyle& style) { return Page(run, style).all(); }

std::string summary(const RunReport& report, const TerminalStyle& style) {
  std::string out;
  if (report.runs.size() != 1) add_counts(out, report, style.color);
  add_said_once(out, report, style.width);
  if (report.strict && std::any_of(report.runs.begin(), report.runs.end(),
                                   [](const ScenarioRun& run) { return headline(run) == "lax"; }))
    out += "lax fails here (--strict)\n";
  std::vector<std::string> replays;
  for (const auto& run : report.runs)
    if (fails(run, report.strict) && !run.replay.empty()) replays.push_back(run.replay);
  if (!replays.empty()) {
    out += replays.size() == 1 ? "to play it again:\n" : "to play one again:\n";
    for (const auto& replay : replays) out += "  " + shown(replay) + "\n";
  }
  bool all_pass = std::all_of(report.runs.begin(), report.runs.end(),
                              [](const ScenarioRun& run) { return headline(run) == "pass"; });
  if (!all_pass)
    out += painted(dim, style.verbose ? "to see more: --html FILE" : "to see more: -v, or --html FILE", style.color) +
           "\n";
  return out;
}

}  // namespace mailfault
