#include "report/report.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace mailfault {
namespace {

using testing::HasSubstr;
using testing::Not;

class Report : public testing::Test {
 protected:
  Report() : journal_(clock_) {
    scenario_.id = "hostile";
    scenario_.path = "hostile.lua";
    scenario_.title = "A <title> & more";
    journal_.add({.connection = 1, .kind = EventKind::connected}, "smtp from 127.0.0.1 port 1");
    journal_.add({.connection = 1, .kind = EventKind::command, .stage = Stage::command},
                 "</pre><script>alert(1)</script>\x01");
    journal_.add({.connection = 1, .kind = EventKind::reply, .stage = Stage::command, .code = 500}, "500 ]]> no");
    journal_.add({.connection = 1, .kind = EventKind::ended}, "client: FIN");
    std::vector<std::string_view> to{"b@example.net"};
    ledger_.store(1, {}, "smtp", "a@example.com", to, "Subject: <b>bold</b>\r\n\r\n<script>alert(2)</script>\r\n");
  }

  RunReport report(Verdict verdict, bool strict = false) {
    ScenarioRun run;
    run.scenario = &scenario_;
    run.source = "scenario { title = \"<script>\" }\n";
    run.journal = &journal_;
    run.ledger = &ledger_;
    run.command_line = {"true"};
    run.replay = "mailfault run hostile --seed 1 -- true";
    run.judgement.verdict = verdict;
    Finding finding;
    finding.verdict = verdict;
    finding.name = "outcome delivered";
    finding.line = 3;
    finding.expected = "a & b";
    finding.seen = "<nothing>";
    finding.connection = 1;
    finding.to = std::chrono::seconds(5);  // whatever the clock says by then
    run.judgement.findings.push_back(finding);
    RunReport all;
    all.version = "0";
    all.began = "2026-11-24T12:00:00Z";
    all.strict = strict;
    all.runs.push_back(std::move(run));
    return all;
  }

  RealClock clock_;
  Scenario scenario_;
  Journal journal_;
  Ledger ledger_;
};

TEST_F(Report, ExitStatusIsTheWorst) {
  EXPECT_EQ(exit_status(report(Verdict::pass)), 0);
  EXPECT_EQ(exit_status(report(Verdict::info)), 0);
  EXPECT_EQ(exit_status(report(Verdict::not_applicable)), 0);
  EXPECT_EQ(exit_status(report(Verdict::lax)), 0);
  EXPECT_EQ(exit_status(report(Verdict::lax, true)), 1);
  EXPECT_EQ(exit_status(report(Verdict::unmet)), 1);
  EXPECT_EQ(exit_status(report(Verdict::fail)), 1);
  auto not_run = report(Verdict::fail);
  not_run.runs[0].command.started = false;
  EXPECT_EQ(exit_status(not_run), 3);
  auto broken = not_run;
  broken.runs[0].judgement.script_failed = true;
  EXPECT_EQ(exit_status(broken), 2);
}

TEST_F(Report, NothingOfTheClientsBecomesMarkup) {
  auto page = to_html(report(Verdict::fail));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(page, Not(HasSubstr("<b>bold")));
  for (std::string_view outside : {"src=\"http", "href=\"http", "url(http", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(std::string(outside))));
}

TEST_F(Report, JUnitIsEscaped) {
  auto xml = to_junit(report(Verdict::fail));
  EXPECT_THAT(xml, HasSubstr("<failure"));
  EXPECT_THAT(xml, Not(HasSubstr("<script>")));
  EXPECT_EQ(xml.find('\x01'), std::string::npos) << "XML 1.0 forbids it";
  EXPECT_THAT(to_junit(report(Verdict::pass)), Not(HasSubstr("<failure")));
  EXPECT_THAT(to_junit(report(Verdict::lax, true)), HasSubstr("<failure"));
}

TEST_F(Report, JsonHasItAll) {
  auto text = to_json(report(Verdict::unmet));
  auto run = boost::json::parse(text).as_object().at("runs").at(0).as_object();
  EXPECT_EQ(run.at("id").as_string(), "hostile");
  EXPECT_EQ(run.at("verdict").as_string(), "unmet");
  EXPECT_EQ(run.at("findings").as_array().size(), 1u);
  EXPECT_EQ(run.at("messages").as_array().size(), 1u);
  EXPECT_EQ(run.at("events").as_array().size(), journal_.size());
}

TEST_F(Report, TheTerminalSaysWhatAndWhere) {
  auto failed = report(Verdict::fail);
  auto text = to_terminal(failed.runs[0], {});
  for (std::string_view part : {"FAIL", "outcome delivered", "<nothing>", "hostile.lua:3", "500 ]]> no"})
    EXPECT_THAT(text, HasSubstr(std::string(part)));
  EXPECT_EQ(text.find('\x01'), std::string::npos);
  EXPECT_EQ(text.find('\033'), std::string::npos) << "no colour unless asked for";
  EXPECT_THAT(summary(failed, {}), HasSubstr("mailfault run hostile --seed 1 -- true"));
  auto passed = report(Verdict::pass);
  EXPECT_THAT(to_terminal(passed.runs[0], {}), Not(HasSubstr("outcome delivered")));
}

}  // namespace
}  // namespace mailfault
