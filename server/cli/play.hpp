// One scenario with a command under it: played, settled, judged.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/loop.hpp"
#include "cli/settings.hpp"
#include "engine/live.hpp"
#include "journal/json_lines.hpp"
#include "report/report.hpp"
#include "runner/supervise.hpp"
#include "verdict/judge.hpp"

namespace mailfault::cli {

/// What is the same for every scenario that the command is run under.
struct TrialOptions {
  std::vector<std::string> words;  ///< the command, with placeholders
  InstanceOptions instance;
  std::optional<wire::MailHost> bounce_to;  ///< where the scenarios' bounces go
  bool trust = true;                        ///< the command is told to trust our CA beside the system's
  bool is_client = false;   ///< its exit status is its word on the mail, read through `reading`; else it is a test's
  runner::Profile reading;  ///< of a client
  bool gives_mail = false;  ///< the client is told what to send, as the scenario needs it (runner/mail_task.hpp)

  bool quiet = false;                     ///< what a client prints isn't passed on
  Micros timeout{};                       ///< for the command
  Micros settle{};                        ///< for late retries, once it has ended
  std::optional<std::uint64_t> messages;  ///< how many different ones it sends
  std::vector<Expectation> expectations;  ///< beside each scenario's own; an outcome takes the place of its own
  bool input = true;                      ///< our standard input, and the terminal's keys, are the command's
  std::map<std::string, std::string> environment;  ///< adds to that of the doors
  EventWriter* journal = nullptr;  ///< gets every event while the scenario is played; outlives the trials
  std::function<int()> stop_signal = [] { return 0; };  ///< of SuperviseOptions; settling ends by it, too
};

/// Holds what its ScenarioRun points into. Ends before the loop that it was played on.
class Trial {
 public:
  /// `options` outlive it. Throws Error for expectations that can't hold together with the scenario's own.
  Trial(LoadedScenario loaded, const TrialOptions& options);
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Once. Blocks until the command has ended, late retries are waited for and the judgement is made. A command that
  /// can't be started and a scenario that can't be played here are results; throws Error for what the run can't go on
  /// with: the report that the command wrote, ports.
  /// `live_journal`: a file of this trial's own that gets its events while it is played; empty: none.
  void play(Loop& loop, const std::string& live_journal = "");

  const std::string& name() const { return loaded_.name; }  ///< as it was given
  const Scenario& scenario() const;
  bool played() const { return run_.scenario != nullptr; }
  ScenarioRun& result() { return run_; }

 private:
  void open();
  JournalListener& listen(EventWriter& writer);
  bool speaks_of_tls() const;
  void mint_certificates();
  void run_command();
  void wait_for_bounces();
  void settle();
  bool is_quiet();
  void judge_it();

  LoadedScenario loaded_;
  const TrialOptions& options_;
  Loop* loop_ = nullptr;
  std::unique_ptr<EventWriter> own_journal_;  // outlives the instance, which feeds it
  std::unique_ptr<LiveInstance> live_;
  std::size_t events_looked_at_ = 0;  // by is_quiet
  bool mail_done_ = false;
  std::vector<SourceMessage> sources_;
  ScenarioRun run_;
};

}  // namespace mailfault::cli
