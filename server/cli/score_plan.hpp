// Which scenarios a client is scored under, and what it lacks for some.
#pragma once

#include <string>
#include <vector>

#include "cli/settings.hpp"
#include "report/score.hpp"
#include "runner/profile.hpp"

namespace mailfault::cli {

struct PlannedCase {
  ScenarioFile file;
  std::map<std::string, Value> set;  ///< what of --set it has
  ScoreCase known;                   ///< all but what the client does; its verdict, if it lacks something
  bool lacking = false;
  bool open = false;  ///< a client that calls the main door gets through
};

struct ScorePlan {
  std::vector<PlannedCase> cases;
  std::vector<std::string> ids;  ///< of the whole catalogue
  std::string catalogue;         ///< its version
};

/// `filter`: ids, and globs of them; empty: all. `stage`: only scenarios with a rule there; empty: any. Throws Error
/// for a filter that nothing fits, with what is near.
ScorePlan plan_score(const std::vector<std::string>& filter, const std::string& stage, const PlaySettings& settings,
                     const runner::Ability& can);

}  // namespace mailfault::cli
