// A client under one scenario after another, several at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/play.hpp"
#include "cli/score_plan.hpp"

namespace mailfault::cli {

struct ScoreRunOptions {
  TrialOptions trial;
  std::uint64_t jobs = 1;
  bool quiet = false;  ///< no progress
  std::function<std::string(const PlannedCase&)> replay;
};

struct ScoreRunResult {
  std::vector<ScoreCase> cases;  ///< those that were played to their end, in the plan's order
  std::string cannot_run;        ///< why the command couldn't be started; empty: it could
  std::string never_connected;   ///< what its output ended with, if it called none of the doors that were open
  bool gave_up = false;          ///< by one of the two
};

/// `cases` outlive it. What goes wrong under one scenario is that case's error.
ScoreRunResult play_score(const std::vector<const PlannedCase*>& cases, const ScoreRunOptions& options);

}  // namespace mailfault::cli
