// A score that is accepted: what is as bad as that is no news.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/score.hpp"

namespace mailfault {

/// A line of the file: what the scenario expected then, and what the client made of it.
struct BaselineLine {
  std::string outcomes;  ///< "temporary,reconnects"; "-": none
  Verdict verdict{};
  Severity severity{};  ///< of a fail
};

/// As text with a line for each scenario, sorted by its id, so that a diff shows what changed:
/// "dot-451  temporary  fail: wrong report".
struct Baseline {
  std::string catalogue;  ///< its version
  std::map<std::string, BaselineLine> lines;
};

/// Throws Error naming the file and the line that isn't one of a baseline.
Baseline read_baseline(const std::string& path);
/// `before`: lines of scenarios that this report hasn't are kept from it (a filter was given).
std::string write_baseline(const ScoreReport& report, const Baseline& before = {});

struct BaselineChange {
  std::string id, before, now;
};
struct BaselineComparison {
  std::vector<BaselineChange> worse, better, other;  ///< other: info and not applicable come and go
  std::vector<std::string> fresh;                    ///< the baseline hasn't them: told, not failed
};
/// Throws Error where the scenarios themselves changed since: one that both have expects something else now, or the
/// catalogue (`known_ids`) lacks one of the baseline's.
BaselineComparison compare(const Baseline& baseline, const std::string& path, const ScoreReport& report,
                           const std::vector<std::string>& known_ids);
std::string to_terminal(const BaselineComparison& changes, const ScoreStyle& style);

}  // namespace mailfault
