#include "report/score.hpp"

#include <boost/json.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "sample.hpp"

namespace mailfault::testing {
namespace {

using ::testing::ElementsAre;

ScoreCase a_case(const std::string& id, Verdict verdict, Severity severity = Severity::none,
                 const std::string& seen = "it was sent again") {
  ScoreCase out;
  out.id = id;
  out.title = "The title of " + id;
  out.emulates = "a busy server";
  out.folder = "message";
  out.path = "scenarios/message/" + id + ".lua";
  out.sources = {"RFC 5321 section 4.2", "PHPMailer#1"};
  out.outcomes = {"temporary", "reconnects"};
  out.faults = {{"message", 3, 1}, {"quit", 5, 0}};
  out.verdict = verdict;
  out.severity = severity;
  out.ran = true;
  out.replay = "mailfault score " + id + " -- ./send";
  out.connections = 1;
  out.took = 20ms;
  if (verdict == Verdict::pass) return out;
  Finding finding;
  finding.verdict = verdict;
  finding.severity = severity;
  finding.name = "outcome temporary";
  finding.seen = seen;
  finding.connection = 1;
  out.findings.push_back(finding);
  return out;
}

ScoreReport of(std::vector<ScoreCase> cases) {
  ScoreReport out;
  out.client = "send";
  out.version = "1.2";
  out.program = "0.1.0";
  out.catalogue = "2-abc";
  out.began = "2026-01-02T03:04:05Z";
  out.command = {"./send", "{host}"};
  out.profile = "generic";
  out.seed = 18446744073709551615u;
  out.time_scale = 0.009;
  out.selected = cases.size();
  out.cases = std::move(cases);
  return out;
}

std::string one_json(const ScoreReport& report) { return to_json(std::span(&report, 1)); }

std::vector<ScoreReport> read_again(const std::string& text) {
  auto path = (fresh_folder() / "score.json").string();
  std::ofstream(path, std::ios::binary) << text;
  return read_scores(path);
}

std::string error_of(const std::string& text) {
  try {
    read_again(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Score, GradeIsTheWorstFailureWhateverTheNumber) {
  using enum Verdict;
  std::vector<ScoreCase> cases{a_case("a", pass)};
  EXPECT_EQ(grade(of(cases)), 'A');
  cases.push_back(a_case("lax", lax, Severity::blemish));
  EXPECT_EQ(grade(of(cases)), 'A');
  constexpr std::string_view grades = "BCDEEF";
  for (std::size_t i = 0; i < grades.size(); ++i) {
    cases.push_back(a_case("f" + std::to_string(i), fail, static_cast<Severity>(i + 1)));
    EXPECT_EQ(grade(of(cases)), grades[i]);
  }
  for (int i = 0; i < 9; ++i) cases.push_back(a_case("more", fail, Severity::blemish));
  EXPECT_EQ(grade(of(cases)), 'F');
}

TEST(Score, NothingJudgedIsNoGrade) {
  auto broken = a_case("x", Verdict::fail, Severity::mail_lost);
  broken.error = "the scenario failed";
  EXPECT_EQ(grade(of({a_case("a", Verdict::unmet), a_case("b", Verdict::not_applicable), broken})), '-');
  EXPECT_EQ(grade(of({})), '-');
}

TEST(Score, CaseHasAllOfARun) {
  Sample sample;
  auto run = sample.failed();
  run.judgement.severity = run.judgement.findings[0].severity = Severity::mail_doubled;
  run.command.is_client = true;
  run.command.output = "first line\n" + std::string(700, 'x') + "\nlast line\n";
  run.words = {{Word::sent, "", "", "exit status 0"}};
  auto told = score_case(run);
  EXPECT_EQ(told.id, "dot-accepted-close");
  EXPECT_EQ(name_of(told.severity), "mail doubled");
  EXPECT_EQ(told.quote, "last line");
  EXPECT_EQ(told.connections, 2u);
  EXPECT_EQ(told.copies, 2u);
  // Times begin with the scenario's own first event, 1 ms after its clock's.
  EXPECT_EQ(told.events.front().at, 0ms);
  EXPECT_EQ(told.events[1].at, 1999ms);
  EXPECT_EQ(told.findings[0].from, 4010ms);
  EXPECT_THAT(wire_log(told, told.findings[0], 100).front(), HasSubstr("#2  connected"));
  EXPECT_EQ(wire_log(told, told.findings[0], 4).size(), 4u);
}

TEST(Score, LongJournalsLoseTheirMiddle) {
  Sample sample;
  for (int i = 0; i < 1000; ++i) sample.add(5s, 1, EventKind::command, "NOOP", Stage::noop);
  auto told = score_case(sample.run());
  EXPECT_EQ(told.events.size(), 400u);
  EXPECT_EQ(told.events_left_out, sample.journal.size() - 400);
}

TEST(Score, CatalogueVersionIsOfIdsAndOutcomes) {
  auto version = catalogue_version({{"a", {"temporary"}}, {"b", {}}});
  EXPECT_EQ(version, catalogue_version({{"b", {}}, {"a", {"temporary"}}}));
  EXPECT_THAT(version, StartsWith("2-"));
  EXPECT_NE(version, catalogue_version({{"a", {"permanent"}}, {"b", {}}}));
  EXPECT_NE(version, catalogue_version({{"a", {"temporary"}}, {"c", {}}}));
}

TEST(Score, JsonHoldsToItsSchemaAndReadsBack) {
  Sample sample;
  auto from_run = score_case(sample.failed());
  auto report = of({a_case("a", Verdict::pass), from_run, a_case("b", Verdict::fail, Severity::hang)});
  report.selected = 5;
  auto text = one_json(report);
  EXPECT_EQ(offences("score", text), "");
  auto again = read_again(text);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(one_json(again[0]), text);
  EXPECT_EQ(again[0].seed, 18446744073709551615u);
  EXPECT_FALSE(again[0].complete());
  EXPECT_EQ(to_markdown(again), to_markdown(std::span(&report, 1)));
  std::vector<ScoreReport> two{report, again[0]};
  EXPECT_EQ(offences("score", to_json(two)), "");
}

TEST(Score, ForeignJsonIsAnErrorThatNamesThePlace) {
  EXPECT_THAT(error_of("{}"), HasSubstr("it has no member \"kind\"; was it written by 'mailfault score --json'?"));
  EXPECT_THAT(error_of("{\n\"a\""), HasSubstr(":2: the score isn't JSON, or not all of it"));
  EXPECT_THAT(error_of(R"({"kind": "mailfault score", "format": 2, "clients": []})"), HasSubstr("another format"));
  auto text = one_json(of({a_case("a", Verdict::pass)}));
  auto at = text.find("\"pass\"", text.find("\"cases\""));
  EXPECT_THAT(error_of(text.replace(at, 6, "\"past\"")),
              HasSubstr("score.json.clients[0].cases[0].verdict: \"past\" is unknown"));
  EXPECT_THROW(read_scores("/nowhere/score.json"), Error);
}

TEST(Score, TerminalSaysTheWorstFirstAndEachSortOnce) {
  using enum Verdict;
  auto report = of({a_case("wrong-1", fail, Severity::wrong_report, "reply code 451"),
                    a_case("wrong-2", fail, Severity::wrong_report, "reply code 550"),
                    a_case("lost", fail, Severity::mail_lost, "it is not stored"), a_case("good", pass)});
  auto text = to_terminal(report, {});
  EXPECT_LT(text.find("MAIL LOST  lost"), text.find("WRONG REPORT  wrong-1"));
  EXPECT_THAT(text, HasSubstr("also in     wrong-2"));
  EXPECT_THAT(text, Not(HasSubstr("WRONG REPORT  wrong-2")));
  EXPECT_THAT(text, HasSubstr("send 1.2: grade F"));
  EXPECT_THAT(text, HasSubstr("mail lost         1  lost"));
  EXPECT_THAT(text, HasSubstr("mail doubled   none"));
  EXPECT_THAT(text, HasSubstr("section     RFC 5321 section 4.2"));
  EXPECT_THAT(text, HasSubstr("again       mailfault score lost -- ./send"));
  EXPECT_THAT(text, HasSubstr("4 of 8 rules played"));
  EXPECT_THAT(to_terminal(report, {false, true, 100}), HasSubstr("WRONG REPORT  wrong-2"));
}

TEST(Score, WhatIsSaidOnceIsSaidOnce) {
  auto blind = [](const std::string& id, const std::string& by) {
    auto out = a_case(
        id, Verdict::info, {},
        "the client said failed (" + by + "), not why: a temporary failure can't be told from a permanent one");
    out.findings[0].once = true;
    return out;
  };
  auto report = of({blind("a", "exit status 1"), blind("b", "exit status 2")});
  ASSERT_EQ(said_once(report).size(), 1u);
  EXPECT_THAT(said_once(report)[0].ids, ElementsAre("a", "b"));
  EXPECT_THAT(to_terminal(report, {}), HasSubstr("in 2 scenarios (a, b): it says no, not why"));
}

TEST(Score, CoverageCountsRulesAndScenarios) {
  auto unmet = a_case("c", Verdict::unmet);
  for (auto& fault : unmet.faults) fault.played = 0;
  auto report = of({a_case("a", Verdict::pass), unmet});
  auto rows = coverage(report);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].stage, "message");
  EXPECT_THAT((std::vector{rows[0].rules, rows[0].played, rows[0].scenarios, rows[0].reached}),
              ElementsAre(2, 1, 2, 1));
  EXPECT_EQ(rows[1].played, 0u);
  ASSERT_EQ(never_reached(report).size(), 1u);
  EXPECT_EQ(never_reached(report)[0]->id, "c");
}

TEST(Score, InterruptedSaysSo) {
  auto report = of({a_case("a", Verdict::pass)});
  report.selected = 9;
  EXPECT_THAT(to_terminal(report, {}), HasSubstr("8 of 9 were not played; --resume goes on"));
}

TEST(Score, JunitIsReadByPython) {
  using enum Verdict;
  auto hostile_case = a_case("bad", fail, Severity::blemish, std::string(hostile) + "\x01");
  auto broken = a_case("broken", pass);
  broken.error = "line 9: x";
  auto lacking = a_case("unmet", Verdict::unmet);
  lacking.reason = "it needs 5 recipients";
  auto text = to_junit(of({a_case("good", pass), hostile_case, lacking, broken}));
  EXPECT_EQ(
      python_says("import sys, xml.etree.ElementTree as tree\n"
                  "suite = tree.parse(sys.argv[1]).getroot()[0]\n"
                  "print([suite.get(name) for name in ('tests', 'failures', 'errors', 'skipped')])\n"
                  "print([(case.get('name'), [part.tag for part in case]) for case in suite.iter('testcase')])\n",
                  text),
      "['4', '1', '1', '1']\n"
      "[('good', []), ('bad', ['failure']), ('unmet', ['skipped']), ('broken', ['error'])]\n");
}

TEST(Score, MarkdownOfOneIsShortAndOfSeveralATable) {
  using enum Verdict;
  std::vector<ScoreCase> many;
  for (int i = 0; i < 300; ++i)
    many.push_back(a_case("s" + std::to_string(i), fail, Severity::blemish, "code 45" + std::to_string(i)));
  auto one = of(many);
  auto text = to_markdown(std::span(&one, 1));
  EXPECT_LT(text.size(), 1500u);
  EXPECT_THAT(text, HasSubstr("### send 1.2: grade B"));
  EXPECT_THAT(text, HasSubstr("`s0`, `s1`, `s2`, `s3`, `s4` and 295 more"));
  auto other = of({a_case("s0", pass), a_case("s1", fail, Severity::mail_lost)});
  other.client = "other|`x`";
  std::vector<ScoreReport> two{one, other};
  auto table = to_markdown(two);
  EXPECT_THAT(table, HasSubstr("|  | send 1.2 | other\\|\\`x\\` 1.2 |"));
  EXPECT_THAT(table, HasSubstr("| **grade** | **B** | **F** |"));
  EXPECT_THAT(table, HasSubstr("| `s0` | **blemish** | pass |"));
  EXPECT_THAT(table, HasSubstr("| `s2` | **blemish** |  |"));
}

TEST(Score, EveryOutcomeSaysWhatACorrectClientDoes) {
  for (auto outcome : outcome_names()) {
    EXPECT_NE(correct_client(outcome), "") << outcome;
    ScoreCase of;
    of.outcomes = {std::string(outcome)};
    EXPECT_THAT(section_of(of), StartsWith("RFC")) << outcome;
  }
  EXPECT_EQ(correct_client("nonsense"), "");
}

}  // namespace
}  // namespace mailfault::testing
