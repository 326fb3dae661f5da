// A score for a person at a terminal: what fails, worst first, and a summary that is read in seconds.
#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "report/score.hpp"
#include "report/terminal_text.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

constexpr std::size_t indent = 6, label_width = 12, wire_lines = 14, most_ids = 6;

std::string ids_of(const std::vector<const ScoreCase*>& cases, std::size_t most) {
  std::vector<std::string> ids;
  for (const auto* each : cases) ids.push_back(each->id);
  auto out = join(std::span(ids).first(std::min(ids.size(), most)), ", ");
  return ids.size() > most ? out + ", and " + std::to_string(ids.size() - most) + " more" : out;
}

class Page {
 public:
  Page(const ScoreReport& report, const ScoreStyle& style) : report_(report), style_(style) {}

  std::string all() {
    for (const auto& sort : failure_sorts(report_)) tell(sort);
    head();
    severities();
    counts();
    if (style_.verbose) stages();
    footer();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_ += text + "\n"; }
  void paragraph(std::size_t from, std::string_view label, std::string_view text) {
    if (text.empty()) return;
    auto column = from + std::max(label_width, columns(label) + 1);
    auto lines = wrapped(text, std::max<std::size_t>(style_.width > column ? style_.width - column : 0, 40));
    line(spaces(from) + painted(dim, label, style_.color) + spaces(column - from - columns(label)) + lines[0]);
    for (std::size_t i = 1; i < lines.size(); ++i) line(spaces(column) + lines[i]);
  }

  void tell(const FailureSort& sort) {
    auto shown = style_.verbose ? sort.cases.size() : 1;
    for (std::size_t i = 0; i < shown; ++i) tell(*sort.cases[i]);
    if (shown < sort.cases.size())
      paragraph(indent, "also in", ids_of({sort.cases.begin() + 1, sort.cases.end()}, most_ids));
    line("");
  }

  void tell(const ScoreCase& of) {
    line(painted(red, upper(name_of(of.severity)), style_.color) + "  " + painted(bold, of.id, style_.color) + ": " +
         shown(of.title));
    const auto* worst = worst_finding(of);
    paragraph(indent, "seen", why(of));
    if (worst) paragraph(indent, "nearest", worst->nearest);
    bool said = worst && (worst->name.starts_with("outcome") || worst->name.starts_with("expect"));
    if (worst && !said) paragraph(indent, "expected", worst->expected);
    paragraph(indent, "correct", "a client that " + correct_client(of));
    if (worst) paragraph(indent, "do", worst->remedy);
    paragraph(indent, "section", section_of(of));
    paragraph(indent, "stands for",
              of.emulates + (of.sources.empty() ? "" : (of.emulates.empty() ? "" : "; ") + join(of.sources, ", ")));
    paragraph(indent, "it said", of.quote);
    paragraph(indent, "again", of.replay);
    if (!worst) return;
    auto lines = wire_log(of, *worst, style_.verbose ? 1000 : wire_lines);
    if (!lines.empty()) line(spaces(indent) + painted(dim, "wire", style_.color));
    for (const auto& each : lines) line(spaces(indent) + each);
  }

  void head() {
    auto named = report_.client + (report_.version.empty() ? "" : " " + report_.version);
    auto mark = grade(report_);
    line(painted(bold, shown(named), style_.color) + ": grade " +
         painted(mark == 'A'   ? green
                 : mark == '-' ? plain
                               : red,
                 std::string(1, mark), style_.color) +
         (mark == '-' ? ", since nothing could be judged" : ""));
  }

  void severities() {
    for (auto severity : severities_by_weight) {
      auto cases = failures(report_, severity);
      auto number = cases.empty() ? std::string("none") : std::to_string(cases.size());
      auto text = "  " + std::string(name_of(severity)) + spaces(15 - name_of(severity).size()) +
                  spaces(4 - std::min<std::size_t>(number.size(), 4)) + number;
      line(painted(cases.empty() ? dim : red, text, style_.color) + (cases.empty() ? "" : "  " + ids_of(cases, 3)));
    }
  }

  void counts() {
    Micros took{};
    for (const auto& each : report_.cases) took += each.took;
    line("  " + counted(report_.cases.size(), "scenario", "scenarios") + ": " + verdicts_in_words(report_));
    if (!report_.complete())
      line("  it was stopped: " + std::to_string(report_.selected - report_.cases.size()) + " of " +
           std::to_string(report_.selected) + " were not played; --resume goes on");
    for (const auto& each : report_.cases)
      if (!each.counts()) paragraph(2, "error", each.id + ": " + each.error);
    for (const auto& said : said_once(report_))
      paragraph(2, "info",
                "in " + counted(said.ids.size(), "scenario", "scenarios") + " (" +
                    join(std::span(said.ids).first(std::min<std::size_t>(said.ids.size(), 3)), ", ") +
                    (said.ids.size() > 3 ? "…" : "") + "): " + said.text);
    std::uint64_t rules = 0, played = 0;
    for (const auto& row : coverage(report_)) {
      rules += row.rules;
      played += row.played;
    }
    auto missed = never_reached(report_);
    paragraph(2, "coverage",
              std::to_string(played) + " of " + counted(rules, "rule", "rules") + " played" +
                  (missed.empty() ? "" : "; never reached: " + ids_of(missed, most_ids)));
  }

  void stages() {
    line("  " + painted(dim, "stage       rules  played  scenarios  reached", style_.color));
    for (const auto& row : coverage(report_)) {
      char text[120];
      std::snprintf(text, sizeof text, "  %-11s %5llu  %6llu  %9llu  %7llu", row.stage.c_str(),
                    static_cast<unsigned long long>(row.rules), static_cast<unsigned long long>(row.played),
                    static_cast<unsigned long long>(row.scenarios), static_cast<unsigned long long>(row.reached));
      line(text);
    }
  }

  void footer() {
    if (!style_.verbose && !failure_sorts(report_).empty())
      line(painted(dim, "to see every failure whole, and the table of stages: -v", style_.color));
  }

  const ScoreReport& report_;
  const ScoreStyle& style_;
  std::string out_;
};

}  // namespace

std::string to_terminal(const ScoreReport& report, const ScoreStyle& style) { return Page(report, style).all(); }

}  // namespace mailfault
