// A score as JUnit XML: a suite the client, a case a scenario.
#include "report/score.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

std::string details(const ScoreCase& of) {
  std::string out = "seen: " + why(of) + "\na correct client " + correct_client(of) + "\n";
  if (const auto* worst = worst_finding(of)) {
    if (!worst->remedy.empty()) out += "do: " + worst->remedy + "\n";
    if (auto section = section_of(of); !section.empty()) out += "section: " + section + "\n";
    if (!of.emulates.empty()) out += "stands for: " + of.emulates + "\n";
    out += "again: " + of.replay + "\n";
    for (const auto& line : wire_log(of, *worst, 60)) out += line + "\n";
  }
  return out;
}

bool is_skipped(const ScoreCase& of) { return of.verdict == Verdict::unmet || of.verdict == Verdict::not_applicable; }

}  // namespace

std::string to_junit(const ScoreReport& report) {
  std::uint64_t failures = 0, errors = 0, skipped = 0;
  Micros time{};
  std::string cases;
  for (const auto& each : report.cases) {
    time += each.took;
    cases += "    <testcase" + attribute("classname", report.client + "." + each.folder) +
             attribute("name", each.id) + attribute("file", each.path) + attribute("time", seconds_of(each.took)) +
             ">\n";
    auto said = [&](std::string_view tag, std::string_view type) {
      cases += "      <" + std::string(tag) + attribute("message", why(each)) + attribute("type", type) + ">" +
               markup(details(each)) + "</" + std::string(tag) + ">\n";
    };
    if (!each.counts()) {
      ++errors;
      said("error", "error");
    } else if (each.fails()) {
      ++failures;
      said("failure", name_of(each.severity));
    } else if (is_skipped(each)) {
      ++skipped;
      cases +=
          "      <skipped" + attribute("message", std::string(name_of(each.verdict)) + ": " + why(each)) + "/>\n";
    }
    cases += "    </testcase>\n";
  }
  auto figures = attribute("tests", std::to_string(report.cases.size())) +
                 attribute("failures", std::to_string(failures)) + attribute("errors", std::to_string(errors)) +
                 attribute("skipped", std::to_string(skipped)) + attribute("time", seconds_of(time));
  auto name = attribute("name", report.client + (report.version.empty() ? "" : " " + report.version));
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailfault score\"" + figures +
         ">\n  <testsuite" + name + figures + attribute("timestamp", report.began) + ">\n    <properties>\n" +
         "      <property name=\"grade\"" + attribute("value", std::string(1, grade(report))) + "/>\n" +
         "      <property name=\"catalogue\"" + attribute("value", report.catalogue) + "/>\n    </properties>\n" +
         cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mailfault
