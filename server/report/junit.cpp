#include "base/text.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

struct Totals {
  std::uint64_t failures = 0, errors = 0, skipped = 0;
  Micros time{};
};

bool is_error(const ScenarioRun& run) { return headline(run) == "error"; }
bool is_skipped(const ScenarioRun& run) { return headline(run) == name_of(Verdict::not_applicable); }

Totals totals(const RunReport& report) {
  Totals out;
  for (const auto& run : report.runs) {
    out.errors += is_error(run);
    out.failures += !is_error(run) && fails(run, report.strict);
    out.skipped += is_skipped(run);
    out.time += run.took;
  }
  return out;
}

std::string in_figures(const RunReport& report) {
  auto total = totals(report);
  return attribute("tests", std::to_string(report.runs.size())) +
         attribute("failures", std::to_string(total.failures)) + attribute("errors", std::to_string(total.errors)) +
         attribute("skipped", std::to_string(total.skipped)) + attribute("time", seconds_of(total.time));
}

/// One line, for a list of failures: the worst of what is told.
std::string message_of(const ScenarioRun& run) {
  if (auto all = troubles(run); !all.empty()) return all.front().text;
  auto findings = told_findings(run);
  if (findings.empty()) return std::string(headline(run));
  const auto& worst = *findings.front().front();
  return titled(worst) + (worst.expected.empty() ? "" : ": expected " + worst.expected) +
         (worst.seen.empty() ? "" : (worst.expected.empty() ? ": seen " : "; seen ") + worst.seen);
}

std::string told(const ScenarioRun& run, bool verbose) {
  TerminalStyle style;
  style.verbose = verbose;
  auto out = to_terminal(run, style);
  return run.replay.empty() ? out : out + "to play it again: " + run.replay + "\n";
}

std::string element(std::string_view name, const std::string& attributes, std::string_view text) {
  auto tag = std::string(name);
  return "      <" + tag + attributes + ">" + markup(text) + "</" + tag + ">\n";
}

std::string properties(const RunReport& report) {
  std::string out;
  auto add = [&](std::string_view name, std::string_view value) {
    out += "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  };
  if (!report.version.empty()) add("mailfault.version", report.version);
  // One a report: it is an option of the run's. Times of cases are real.
  if (!report.runs.empty() && report.runs[0].time_scale != 1)
    add("mailfault.time_scale", written(report.runs[0].time_scale));
  return out.empty() ? out : "    <properties>\n" + out + "    </properties>\n";
}

void add_case(std::string& out, const ScenarioRun& run, bool strict) {
  out += "    <testcase" + attribute("classname", "mailfault." + group_of(*run.scenario)) +
         attribute("name", run.scenario->id) + attribute("file", run.scenario->path) +
         attribute("time", seconds_of(run.took)) + ">\n";
  auto why = attribute("message", message_of(run)) + attribute("type", headline(run));
  if (is_error(run))
    out += element("error", why, told(run, false));
  else if (fails(run, strict))
    out += element("failure", why, told(run, false));
  else if (is_skipped(run))
    out += "      <skipped" +
           attribute("message", run.not_applicable.empty() ? message_of(run) : run.not_applicable) + "/>\n";
  out += element("system-out", "", told(run, true));
  if (!run.command.output.empty()) out += element("system-err", "", run.command.output);
  out += "    </testcase>\n";
}

}  // namespace

std::string to_junit(const RunReport& report) {
  auto figures = in_figures(report);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailfault\"" + figures + ">\n";
  out += "  <testsuite name=\"mailfault\"" + figures +
         (report.began.empty() ? "" : attribute("timestamp", report.began)) + ">\n";
  out += properties(report);
  for (const auto& run : report.runs) add_case(out, run, report.strict);
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mailfault
