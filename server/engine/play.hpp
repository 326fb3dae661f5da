// A stage being played: which rule's turn it is, what its chain has come to, and what it waits for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/rule.hpp"
#include "script/script.hpp"

namespace mailfault {

/// Ops in the midst of being performed, or a function in the midst of running.
struct Frame {
  const std::vector<Op>* shared = nullptr;  ///< a rule's, or
  std::vector<Op> own;                      ///< of a chain that a function built
  std::size_t next = 0;
  bool function = false;

  const std::vector<Op>& ops() const { return shared ? *shared : own; }
};

/// Exists only while a stage that has rules is played.
struct Play {
  enum class Wait : std::uint8_t { nothing, pause, piece, response, line, byte, turn };

  const std::vector<Rule>* rules = nullptr;
  std::size_t next_rule = 0;
  bool only_one = false;  ///< content and idle: the rule at a point, not all of the stage

  std::vector<Frame> frames;
  std::optional<op::Pace> pace;
  std::optional<op::Cut> cut;
  std::optional<op::Rewrite> rewrite;
  std::optional<op::TlsDamage::Kind> damage;
  std::size_t piece_from = 0;     ///< in what the stage sends: where the next piece begins
  std::vector<std::size_t> cuts;  ///< where pieces end, for `cut`
  bool in_pieces = false;
  Micros first_piece_at{};

  Wait wait = Wait::nothing;
  Micros until{};  ///< real; `never`: as long as it takes
  std::optional<std::string> glob;
  script::Answer answer;  ///< for the function that waits
  Draws draws;
};

}  // namespace mailfault
