// An action: the author's word, and what it is lowered to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/stage.hpp"
#include "scenario/arguments.hpp"
#include "scenario/op.hpp"

namespace mailfault {

enum class ActionClass : std::uint8_t {
  answer,  ///< answers the stage
  end,     ///< ends the connection: nothing may follow in a chain
  wait,
  shape,   ///< holds for the rest of the stage wherever it stands in its chain
  effect,  ///< only at stages that have one
  aside,
  report,  ///< mail that goes to the sender later: only at `rcpt` and `message`
};

struct ActionSpec;

/// An action with its arguments.
struct Action {
  const ActionSpec* spec = nullptr;
  std::vector<Op> ops;
  std::string words;  ///< behind "the client": "gets 450", "waits 3 s"
};

/// One row of the vocabulary. It drives the Lua binding, `list --actions`, the annotations and the reference table.
struct ActionSpec {
  std::string_view name;
  ActionClass kind;
  std::string_view usage;       ///< "delay(time)"
  std::string_view does;        ///< one line for the reference
  std::string_view tier;        ///< "T0": any machine; "T1": CAP_NET_ADMIN
  std::string_view parameters;  ///< for the annotations: "time: duration, linger?: duration"
  Action (*lower)(const Arguments&);
};

using ActionTable = std::span<const ActionSpec* const>;

}  // namespace mailfault
