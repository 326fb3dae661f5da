#include "verdict/judge.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "verdict/message.hpp"

namespace mailfault {
namespace {

// A scenario that is about mail which comes back wasn't met by a client that could get none.
void judge_bounces(const Scenario& scenario, const Ledger& ledger, std::vector<Finding>& to) {
  if (!scenario.needs.bounces) return;
  const auto& all = ledger.bounces();
  auto reached = std::count_if(all.begin(), all.end(), [](const Bounce& each) {
    return each.delivery == Bounce::Delivery::delivered || each.delivery == Bounce::Delivery::read;
  });
  if (reached > 0) return;
  Finding finding;
  finding.verdict = Verdict::unmet;
  finding.name = "bounces";
  finding.expected = "mail that the server sends back reaches the application";
  if (all.empty()) {
    finding.seen = "no bounce was due by the end of the run";
    finding.remedy = "send to an address that the scenario bounces ('mailfault show' has an example), and wait";
  } else if (all.back().delivery == Bounce::Delivery::failed) {
    finding.seen = "none was delivered: " + std::string(all.back().answer);
    finding.remedy = "have the application take mail at the address of --bounce-to until the bounce has come";
  } else {
    finding.seen = counted(all.size(), "bounce was", "bounces were") + " made and went nowhere";
    finding.remedy = "say where the application takes its bounces: --bounce-to HOST:PORT";
  }
  to.push_back(std::move(finding));
}

/// Why a client gave up where it may have: it was told to, though nominally it is too soon to.
std::optional<std::string> left_as_told(const Conversation& talk, const JudgeOptions& options) {
  if (!options.told_timeout || options.time_scale == 1) return std::nullopt;
  for (const auto& connection : talk.connections)
    for (const auto& wait : connection.waits) {
      auto nominal = Micros(std::llround(static_cast<double>(wait.length().count()) / options.time_scale));
      auto least = least_patience(wait.stage);
      if (wait.length() * 5 >= *options.told_timeout * 4 && nominal < least)
        return "; the server was silent for " + format_duration(wait.length()) + " at " + std::string(wait.stage) +
               ", and the client was told to bear " + format_duration(*options.told_timeout) +
               " (nominally that was " + format_duration(nominal) + ", and " + format_duration(least) + " are due)";
    }
  return std::nullopt;
}

// The time that it was given is ours, so what follows from it isn't its doing.
void forgive_what_was_told(const Conversation& talk, const JudgeOptions& options, std::vector<Finding>& findings) {
  auto why = left_as_told(talk, options);
  if (!why) return;
  for (auto& finding : findings) {
    bool by_leaving = finding.verdict == Verdict::fail &&
                      (finding.severity == Severity::wrong_report || finding.severity == Severity::blemish);
    bool of_time =
        finding.name.starts_with("outcome") || finding.name.starts_with("expect.") || finding.name == "patience";
    if (!by_leaving || !of_time) continue;
    finding.verdict = Verdict::info;
    finding.severity = Severity::none;
    finding.seen += *why;
  }
}

}  // namespace

Judgement judge(const Scenario& scenario, const Journal& journal, const Ledger& ledger, const JudgeOptions& options) {
  Judgement judgement;
  auto talk = read_conversation(journal, ledger);
  bool started = !options.command || options.command->started;
  if (started) {
    judge_outcome(scenario, talk, ledger, options, judgement.findings);
    bool met = std::none_of(judgement.findings.begin(), judgement.findings.end(),
                            [](const Finding& each) { return each.verdict == Verdict::unmet; });
    if (met) judge_bounces(scenario, ledger, judgement.findings);
    if (met) judge_expectations(scenario, talk, ledger, options, judgement.findings);
    if (met) judge_patience(scenario, talk, options, judgement.findings);
    forgive_what_was_told(talk, options, judgement.findings);
    judge_sources(scenario, talk, ledger, options, judgement.findings);
    judge_assertions(scenario, talk, ledger, options, judgement.findings);
  }
  judgement.latest_timer = options.latest_timer;

  auto forbid = [&](std::string name, std::string seen, std::string remedy) {
    Finding finding;
    finding.verdict = Verdict::fail;
    finding.name = std::move(name);
    finding.expected = "a run that can be judged";
    finding.seen = std::move(seen);
    finding.remedy = std::move(remedy);
    judgement.findings.push_back(std::move(finding));
  };
  judgement.script_failed = talk.script_failed;
  if (talk.script_failed) {
    std::string what;
    for (const auto& event : journal)
      if (event.kind == EventKind::error && what.empty()) what = event.text();
    forbid("script error", what, "mend the scenario; 'mailfault check' replays its examples");
  }
  if (journal.full() || ledger.full())
    forbid("limit", "the journal or the ledger was full: not everything was seen", "send less in one run");
  if (!started) {
    forbid("command", "the command could not be run", "");
  } else if (options.command && !options.command->is_client && options.command->exit_status != 0 &&
             !options.command->timed_out) {
    Finding finding;
    finding.verdict = Verdict::fail;
    finding.name = "test command";
    finding.expected = "exit status 0: its own assertions hold";
    finding.seen = "exit status " + std::to_string(options.command->exit_status);
    finding.remedy = "its output says which assertion failed; if it is a client and no test, say --cmd client";
    judgement.findings.push_back(std::move(finding));
  }
  if (!talk.connections.empty() && !talk.connections.back().exchanges.empty())
    judgement.last_stage = talk.connections.back().exchanges.back().verb;
  for (const auto& finding : judgement.findings)
    if (finding.weighs) judgement.verdict = std::max(judgement.verdict, finding.verdict);
  for (const auto& finding : judgement.findings)
    if (finding.weighs && finding.verdict == judgement.verdict)
      judgement.severity = std::max(judgement.severity, finding.severity);
  return judgement;
}

}  // namespace mailfault
