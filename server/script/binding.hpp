// Between Lua and the scenario's model: the words that a file is written in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "script/script.hpp"

struct lua_State;

namespace mailfault::script {

/// The message on top of a thread's stack, popped.
std::string error_text(lua_State* thread);
/// An error's text with the file and a line in front, where it has none (`line`) or Lua has shortened the path.
std::string placed(const std::string& path, const std::string& text, int line);

struct Activation::Made {
  std::vector<Action> actions;
  bool returned = false;
};

struct Binding {
  /// The table of everything that a scenario's file can name.
  static void push_environment(lua_State* to, Script& script);
  /// A `session` object; returns its reference in the registry.
  static int make_session(lua_State* state, Activation& activation);
  /// From now on the object says that its connection is over.
  static void forget_session(lua_State* state, int reference);
  static void push_tree(lua_State* to, const Value& value);
  /// Throws Error for what no declaration can hold, such as a coroutine.
  static Value value_at(lua_State* state, int index);
  static int push_line(lua_State* to, const LineRead& read);
  /// The chain among what a function returned; throws Error for anything else, and for chains built in vain.
  static std::optional<std::vector<Action>> returned_chain(lua_State* thread, int results, Activation& activation);

  // The rest is called from Lua (binding.cpp).
  static Script& script_of(lua_State* state);
  static Activation& session_at(lua_State* state, int index);
  static Action action_from(lua_State* state, const ActionSpec& spec, int first, bool built_by_function);
  static int session_index(lua_State* state);
  static int session_newindex(lua_State* state);
  static int session_action(lua_State* state);
  static int session_read_line(lua_State* state);
  static int session_wait(lua_State* state);
  static int build_chain(lua_State* state);
  static int chain_index(lua_State* state);
  static int chain_append(lua_State* state);
  static int on_index(lua_State* state);
  static int starter_index(lua_State* state);
  static int starter_method(lua_State* state);
  static int starter_call(lua_State* state);
  static int rule_index(lua_State* state);
  static int rule_method(lua_State* state);
  static int declare(lua_State* state);
  static int expect_index(lua_State* state);
  static int expect_method(lua_State* state);
  static int expect_call(lua_State* state);
  static int state_index(lua_State* state);
  static int state_newindex(lua_State* state);
  static int state_count(lua_State* state);
  static int state_age(lua_State* state);
  static int state_rate(lua_State* state);
  static int parameter_index(lua_State* state);
  static int global_index(lua_State* state);
  static int global_newindex(lua_State* state);
  static void apply(Script& script, Rule& rule, std::string_view name, lua_State* state, int first);
  static Rule& new_rule(Script& script, Stage stage, int line);
};

}  // namespace mailfault::script
