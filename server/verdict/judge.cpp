#include "verdict/judge.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "verdict/message.hpp"

namespace mailfault {

Judgement judge(const Scenario& scenario, const Journal& journal, const Ledger& ledger, const JudgeOptions& options) {
  Judgement judgement;
  auto talk = read_conversation(journal, ledger);
  bool started = !options.command || options.command->started;
  if (started) {
    judge_outcome(scenario, talk, ledger, options, judgement.findings);
    bool met = std::none_of(judgement.findings.begin(), judgement.findings.end(),
                            [](const Finding& each) { return each.verdict == Verdict::unmet; });
    if (met) judge_expectations(scenario, talk, ledger, options, judgement.findings);
    if (met) judge_patience(scenario, talk, options, judgement.findings);
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
  for (const auto& finding : judgement.findings) judgement.verdict = std::max(judgement.verdict, finding.verdict);
  return judgement;
}

}  // namespace mailfault
