// Lowers an action by its name, as the binding does.
#pragma once

#include <algorithm>

#include "../scenario/values.hpp"
#include "actions/actions.hpp"

namespace mailfault::testing {

inline const ActionSpec& spec_of(std::string_view name) {
  auto table = action_table();
  auto found = std::find_if(table.begin(), table.end(), [&](const ActionSpec* spec) { return spec->name == name; });
  if (found == table.end()) throw Error("no action '" + std::string(name) + "'");
  return **found;
}

inline Action lowered(std::string_view name, std::vector<Value> values = {}, bool built_by_function = false) {
  const auto& spec = spec_of(name);
  auto action = spec.lower(Arguments(spec.name, spec.usage, std::move(values), built_by_function));
  EXPECT_EQ(action.spec, &spec);
  EXPECT_FALSE(action.words.empty());
  return action;
}

inline std::string error_of_lowering(std::string_view name, std::vector<Value> values) {
  return error_of([&] { lowered(name, std::move(values)); });
}

/// The only op of that kind; it must be at that place.
template <class Op>
const Op& op_at(const Action& action, std::size_t at) {
  return std::get<Op>(action.ops.at(at));
}

}  // namespace mailfault::testing
