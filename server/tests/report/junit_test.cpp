#include "sample.hpp"

namespace mailfault::testing {
namespace {

TEST(Junit, ACaseAScenario) {
  Sample sample;
  auto report = report_of({sample.run()});
  EXPECT_THAT(to_junit(report), StartsWith(R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mailfault" tests="1" failures="0" errors="0" skipped="0" time="4.100">
  <testsuite name="mailfault" tests="1" failures="0" errors="0" skipped="0" time="4.100" timestamp="2026-01-02T03:04:05Z">
    <properties>
      <property name="mailfault.version" value="0.1.0"/>
    </properties>
    <testcase classname="mailfault.message" name="dot-accepted-close" file="scenarios/message/dot-accepted-close.lua" time="4.100">
      <system-out>PASS  dot-accepted-close: )"));
  EXPECT_THAT(to_junit(report), EndsWith("to play it again: mailfault run dot-accepted-close --seed 7 -- ./send\n"
                                         "</system-out>\n    </testcase>\n  </testsuite>\n</testsuites>\n"));
}

TEST(Junit, AFailureHasItsMessageAndItsText) {
  Sample sample;
  auto text = to_junit(report_of({sample.failed()}));
  EXPECT_THAT(text,
              AllOf(HasSubstr(R"(failures="1")"),
                    HasSubstr("<failure message=\"copies (expect.copies { at_most = 1 }): expected at most one copy; "
                              "seen 2 copies for b@example.net\" type=\"fail\">FAIL  "),
                    HasSubstr("C: EHLO &lt;/pre&gt;&lt;/script&gt;")));
}

TEST(Junit, TheScaleIsSaid) {
  Sample sample;
  auto run = sample.run();
  EXPECT_THAT(to_junit(report_of({run})), Not(HasSubstr("time_scale")));
  run.time_scale = 0.01;
  EXPECT_THAT(to_junit(report_of({run})),
              AllOf(HasSubstr("<property name=\"mailfault.time_scale\" value=\"0.01\"/>"),
                    HasSubstr("time=\"4.100\""), HasSubstr("(4.1 s, nominally 6 min 50 s, ")));
}

TEST(Junit, LaxIsAFailureIfStrict) {
  Sample sample;
  auto lax = Sample::copies();
  lax.verdict = Verdict::lax;
  auto report = report_of({sample.with(lax)});
  EXPECT_THAT(to_junit(report), AllOf(HasSubstr(R"(failures="0")"), Not(HasSubstr("<failure"))));
  report.strict = true;
  EXPECT_THAT(to_junit(report), AllOf(HasSubstr(R"(failures="1")"), HasSubstr("type=\"lax\"")));
}

TEST(Junit, ErrorsAndSkips) {
  Sample sample;
  auto text = to_junit(every_kind(sample));
  EXPECT_THAT(text, AllOf(HasSubstr(R"(tests="6" failures="2" errors="2" skipped="1" time="24.600")"),
                          HasSubstr("<error message=\"the scenario failed\" type=\"error\">"),
                          HasSubstr("<error message=\"the command could not be run: ./send &#39;it"),
                          HasSubstr("<skipped message=\"needs CAP_NET_ADMIN\"/>"), HasSubstr("<system-err>a")));
}

TEST(Junit, IsWellFormedWhateverTheClientSends) {
  Sample sample;
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  auto finding = Sample::copies();
  finding.seen = all + "\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80 ]]> " + std::string(hostile);
  finding.expected = "\xef\xbf\xbe\xef\xbf\xbf \xf0\x9f\x93\xa7 \xc2\x85";
  auto report = every_kind(sample);
  report.runs.push_back(sample.with(finding));
  report.runs.back().command.output = all;
  report.runs.back().not_applicable = all;
  report.version = all;
  EXPECT_EQ(python_says(R"(
import sys, xml.dom.minidom
document = xml.dom.minidom.parse(sys.argv[1])
assert len(document.getElementsByTagName("testcase")) == 7
for case in document.getElementsByTagName("testcase"):
    assert float(case.getAttribute("time")) > 0
)",
                        to_junit(report)),
            "");
}

}  // namespace
}  // namespace mailfault::testing
