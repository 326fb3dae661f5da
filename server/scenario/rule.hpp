// A rule: at a stage, under triggers, some actions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/stage.hpp"
#include "scenario/action.hpp"
#include "scenario/trigger.hpp"

namespace mailfault {

struct Rule {
  Stage stage{};
  int line = 0;
  std::uint32_t number = 0;  ///< among all rules of the scenario, in the order of the file
  Triggers triggers;
  std::vector<Action> actions;  ///< in the order written
  std::vector<Op> ops;          ///< of all actions, those of shapes first

  /// Adds an action behind the others. Throws Error behind an ending, for an effect where the stage has none, and for
  /// what can't be sent at `close`.
  void add(Action action);
};

/// The same checks for a chain that a function builds; `stage` is that of the function, if known.
void append(std::vector<Action>& chain, Action action, std::optional<Stage> stage);
/// The ops of a chain, those of shapes first.
std::vector<Op> ops_of(const std::vector<Action>& chain);

/// "the 2nd recipient like *@full.example gets 452 "Mailbox full"".
std::string words(const Rule& rule);

}  // namespace mailfault
