#include "script/binding.hpp"

#include <algorithm>
#include <cmath>
#include <lua.hpp>
#include <new>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::script {
namespace {

constexpr const char* session_type = "mailfault.session";
constexpr const char* chain_type = "mailfault.chain";
constexpr const char* starter_type = "mailfault.starter";
constexpr const char* rule_type = "mailfault.rule";
constexpr int deepest_table = 8;
constexpr std::size_t most_keys = 100'000;

const char script_key = 0;      // its address: the Script in the registry
const char methods_key = 0;     // the session's methods
const char globals_key = 0;     // the environment, for "did you mean"
const char state_data_key = 0;  // what scenarios keep in `state`

using ChainBox = std::shared_ptr<Activation::Made>;

struct RuleBox {
  Stage stage;
  std::size_t index;
};

// Errors of ours become Lua's, with the place of the caller. Lua's own errors are no std::exception and pass.
template <int (*function)(lua_State*)>
int guarded(lua_State* state) {
  std::string what;
  try {
    return function(state);
  } catch (const std::exception& error) {
    what = error.what();
  }
  luaL_where(state, 1);
  lua_pushlstring(state, what.data(), what.size());
  lua_concat(state, 2);
  return lua_error(state);
}

int line_of_caller(lua_State* state) {
  lua_Debug where{};
  if (!lua_getstack(state, 1, &where)) return 0;
  lua_getinfo(state, "l", &where);
  return where.currentline;
}

std::string_view view_at(lua_State* state, int index) {
  std::size_t size = 0;
  const char* text = lua_tolstring(state, index, &size);
  return {text, size};
}

std::string_view key_at(lua_State* state, int index) {
  if (lua_type(state, index) != LUA_TSTRING) throw Error("a name is wanted here");
  return view_at(state, index);
}

Value to_value(lua_State* state, int index, int depth = 0) {
  index = lua_absindex(state, index);
  switch (lua_type(state, index)) {
    case LUA_TNIL:
      return {};
    case LUA_TBOOLEAN:
      return Value(lua_toboolean(state, index) != 0);
    case LUA_TNUMBER:
      return Value(static_cast<double>(lua_tonumber(state, index)));
    case LUA_TSTRING:
      return Value(std::string(view_at(state, index)));
    case LUA_TFUNCTION: {
      lua_Debug where{};
      lua_pushvalue(state, index);
      lua_getinfo(state, ">S", &where);
      lua_pushvalue(state, index);
      return Value(FunctionRef{luaL_ref(state, LUA_REGISTRYINDEX), where.linedefined});
    }
    case LUA_TTABLE: {
      if (depth == deepest_table) throw Error("tables are nested too deeply here");
      auto table = std::make_shared<Composite>();
      auto count = static_cast<lua_Integer>(lua_rawlen(state, index));
      for (lua_Integer i = 1; i <= count; ++i) {
        lua_rawgeti(state, index, i);
        table->items.push_back(to_value(state, -1, depth + 1));
        lua_pop(state, 1);
      }
      lua_pushnil(state);
      while (lua_next(state, index)) {
        if (lua_type(state, -2) == LUA_TSTRING) {
          table->fields[std::string(view_at(state, -2))] = to_value(state, -1, depth + 1);
        } else if (!lua_isinteger(state, -2) || lua_tointeger(state, -2) < 1 || lua_tointeger(state, -2) > count) {
          throw Error("a table here has a key that is neither a name nor a place in a list");
        }
        lua_pop(state, 1);
      }
      return Value(std::shared_ptr<const Composite>(std::move(table)));
    }
    default:
      throw Error(std::string("a ") + luaL_typename(state, index) + " can't stand here");
  }
}

void push_value(lua_State* state, const Value& value) {
  if (auto* boolean = value.boolean()) {
    lua_pushboolean(state, *boolean);
  } else if (auto* number = value.number()) {
    if (std::floor(*number) == *number && std::abs(*number) < 9e15)
      lua_pushinteger(state, static_cast<lua_Integer>(*number));
    else
      lua_pushnumber(state, *number);
  } else if (auto* text = value.text()) {
    lua_pushlstring(state, text->data(), text->size());
  } else {
    lua_pushnil(state);
  }
}

void push_field(lua_State* state, const FieldValue& value) {
  if (auto* list = std::get_if<std::vector<std::string>>(&value)) {
    lua_createtable(state, static_cast<int>(list->size()), 0);
    for (std::size_t i = 0; i < list->size(); ++i) {
      lua_pushlstring(state, (*list)[i].data(), (*list)[i].size());
      lua_rawseti(state, -2, static_cast<lua_Integer>(i + 1));
    }
  } else if (auto* boolean = std::get_if<bool>(&value)) {
    push_value(state, Value(*boolean));
  } else if (auto* number = std::get_if<double>(&value)) {
    push_value(state, Value(*number));
  } else if (auto* text = std::get_if<std::string>(&value)) {
    lua_pushlstring(state, text->data(), text->size());
  } else {
    lua_pushnil(state);
  }
}

std::vector<Value> values_from(lua_State* state, int first) {
  std::vector<Value> values;
  for (int i = first; i <= lua_gettop(state); ++i) values.push_back(to_value(state, i));
  return values;
}

const ActionSpec* action_named(ActionTable table, std::string_view name) {
  auto found = std::find_if(table.begin(), table.end(), [&](const ActionSpec* spec) { return spec->name == name; });
  return found == table.end() ? nullptr : *found;
}

const TriggerSpec* trigger_named(std::string_view name) {
  for (const auto& row : trigger_table())
    if (row.name == name) return &row;
  return nullptr;
}

std::string nearest_action(ActionTable table, std::string_view name, bool with_triggers) {
  std::vector<std::string_view> names;
  for (const auto* spec : table) names.push_back(spec->name);
  if (with_triggers)
    for (const auto& row : trigger_table()) names.push_back(row.name);
  return did_you_mean(name, names);
}

ChainBox* new_chain(lua_State* state) {
  auto* box = static_cast<ChainBox*>(lua_newuserdatauv(state, sizeof(ChainBox), 0));
  new (box) ChainBox();
  luaL_setmetatable(state, chain_type);
  return box;
}

int collect_chain(lua_State* state) {
  static_cast<ChainBox*>(lua_touserdata(state, 1))->~ChainBox();
  return 0;
}

int read_only(lua_State* state) { return luaL_error(state, "this can't be set"); }

void set_function(lua_State* state, const char* name, lua_CFunction function) {
  lua_pushcfunction(state, function);
  lua_setfield(state, -2, name);
}

// A metatable whose objects show nothing of themselves to a script.
void new_metatable(lua_State* state, const char* type, lua_CFunction index, lua_CFunction newindex) {
  luaL_newmetatable(state, type);
  set_function(state, "__index", index);
  set_function(state, "__newindex", newindex);
  lua_pushboolean(state, false);
  lua_setfield(state, -2, "__metatable");
}

// An empty table that answers by `index` and takes by `newindex`.
void push_facade(lua_State* state, lua_CFunction index, lua_CFunction newindex, lua_CFunction call = nullptr) {
  lua_newtable(state);
  lua_newtable(state);
  set_function(state, "__index", index);
  set_function(state, "__newindex", newindex);
  if (call) set_function(state, "__call", call);
  lua_pushboolean(state, false);
  lua_setfield(state, -2, "__metatable");
  lua_setmetatable(state, -2);
}

std::string state_key(lua_State* state, int first) {
  std::string key;
  for (int i = first; i <= lua_gettop(state); ++i) {
    if (lua_type(state, i) == LUA_TBOOLEAN)
      key += lua_toboolean(state, i) ? "true" : "false";
    else if (lua_isnoneornil(state, i))
      key += "nil";
    else if (lua_isstring(state, i)) {
      lua_pushvalue(state, i);
      key += view_at(state, -1);
      lua_pop(state, 1);
    } else
      throw Error(std::string("a key is text, a number or a boolean, not a ") + luaL_typename(state, i));
    key += '\0';
  }
  charge(state, key.size());
  return key;
}

template <class Map>
auto& entry(Map& map, std::string key) {
  if (map.size() >= most_keys && !map.contains(key))
    throw Error("more than " + std::to_string(most_keys) + " keys are counted in `state`");
  return map[std::move(key)];
}

}  // namespace

std::string error_text(lua_State* thread) {
  std::string text =
      lua_type(thread, -1) == LUA_TSTRING ? std::string(view_at(thread, -1)) : std::string("error without a message");
  lua_pop(thread, 1);
  return text;
}

Value Binding::value_at(lua_State* state, int index) { return to_value(state, index); }

Script& Binding::script_of(lua_State* state) {
  lua_rawgetp(state, LUA_REGISTRYINDEX, &script_key);
  auto* script = static_cast<Script*>(lua_touserdata(state, -1));
  lua_pop(state, 1);
  return *script;
}

// ---------------------------------------------------------------- actions and chains

Action Binding::action_from(lua_State* state, const ActionSpec& spec, int first, bool built_by_function) {
  if (built_by_function && spec.name == "run") throw Error("run: inside a function, call the other function itself");
  if (built_by_function && spec.name == "rewrite")
    throw Error("rewrite: it stands in a rule's chain: on.STAGE:rewrite(fn):run(function(session) … end)");
  auto action = spec.lower(Arguments(spec.name, spec.usage, values_from(state, first), built_by_function));
  for (auto& each : action.ops)
    if (auto* use = std::get_if<op::Use>(&each); use && use->provider_name)
      use->provider = script_of(state).provider(*use->provider_name);
  return action;
}

int Binding::build_chain(lua_State* state) {
  auto& script = script_of(state);
  const auto& spec = *static_cast<const ActionSpec*>(lua_touserdata(state, lua_upvalueindex(1)));
  auto made = std::make_shared<Activation::Made>();
  auto* running = script.current_;
  append(made->actions, action_from(state, spec, 1, running != nullptr),
         running ? std::optional(running->stage_) : std::nullopt);
  if (running) running->made_.push_back(made);
  *new_chain(state) = std::move(made);
  return 1;
}

int Binding::chain_index(lua_State* state) {
  auto& script = script_of(state);
  auto name = key_at(state, 2);
  const auto* spec = action_named(script.actions_, name);
  if (!spec) throw Error("no action '" + std::string(name) + "'" + nearest_action(script.actions_, name, false));
  lua_pushlightuserdata(state, const_cast<ActionSpec*>(spec));
  lua_pushcclosure(state, guarded<chain_append>, 1);
  return 1;
}

int Binding::chain_append(lua_State* state) {
  const auto& spec = *static_cast<const ActionSpec*>(lua_touserdata(state, lua_upvalueindex(1)));
  auto* box = static_cast<ChainBox*>(luaL_testudata(state, 1, chain_type));
  if (!box) throw Error("write :" + std::string(spec.name) + "(…), with a colon");
  auto* running = script_of(state).current_;
  append((*box)->actions, action_from(state, spec, 2, running != nullptr),
         running ? std::optional(running->stage_) : std::nullopt);
  lua_settop(state, 1);
  return 1;
}

std::optional<std::vector<Action>> Binding::returned_chain(lua_State* thread, int results, Activation& activation) {
  std::optional<std::vector<Action>> chain;
  auto stage = "on." + std::string(name_of(activation.stage_));
  if (results > 1)
    throw Error(stage + ": the function returned " + std::to_string(results) + " values; return one chain");
  if (results == 1 && !lua_isnil(thread, -1)) {
    auto* box = static_cast<ChainBox*>(luaL_testudata(thread, -1, chain_type));
    if (!box)
      throw Error(stage + ": the function returned a " + luaL_typename(thread, -1) +
                  "; return an action, or nothing");
    (*box)->returned = true;
    chain = (*box)->actions;
  }
  for (const auto& made : activation.made_) {
    if (made->returned) continue;
    std::string name(made->actions.front().spec->name);
    throw Error(stage + ": " + name + "() was built but not played: write 'return " + name +
                "(…)' or 'session:" + name + "(…)'");
  }
  return chain;
}

// ---------------------------------------------------------------- the session

int Binding::make_session(lua_State* state, Activation& activation) {
  auto* box = static_cast<Activation**>(lua_newuserdatauv(state, sizeof(void*), 0));
  *box = &activation;
  luaL_setmetatable(state, session_type);
  return luaL_ref(state, LUA_REGISTRYINDEX);
}

void Binding::forget_session(lua_State* state, int reference) {
  lua_rawgeti(state, LUA_REGISTRYINDEX, reference);
  *static_cast<Activation**>(lua_touserdata(state, -1)) = nullptr;
  lua_pop(state, 1);
}

Activation& Binding::session_at(lua_State* state, int index) {
  auto* box = static_cast<Activation**>(luaL_testudata(state, index, session_type));
  if (!box) throw Error("write session:name(…), with a colon");
  if (!*box) throw Error("this session's connection is over; a session outlives no connection");
  return **box;
}

void Binding::push_tree(lua_State* to, const Value& value) {
  auto* table = value.table();
  if (!table) return push_value(to, value);
  luaL_checkstack(to, 4, nullptr);
  lua_createtable(to, static_cast<int>(table->items.size()), static_cast<int>(table->fields.size()));
  lua_Integer place = 0;
  for (const auto& item : table->items) {
    push_tree(to, item);
    lua_rawseti(to, -2, ++place);
  }
  for (const auto& [name, field] : table->fields) {
    push_tree(to, field);
    lua_setfield(to, -2, name.c_str());
  }
}

int Binding::push_line(lua_State* to, const LineRead& read) {
  if (read.line) {
    lua_pushlstring(to, read.line->data(), read.line->size());
    return 1;
  }
  lua_pushnil(to);
  lua_pushlstring(to, read.why.data(), read.why.size());
  return 2;
}

int Binding::session_index(lua_State* state) {
  auto& activation = session_at(state, 1);
  lua_rawgetp(state, LUA_REGISTRYINDEX, &methods_key);
  lua_pushvalue(state, 2);
  if (lua_rawget(state, -2) != LUA_TNIL) return 1;
  auto name = key_at(state, 2);
  FieldRef ref;
  try {
    ref = parse_field(name);
  } catch (const Error&) {
    std::vector<std::string_view> names{"read_line", "wait"};
    for (const auto* spec : activation.script_.actions_) names.push_back(spec->name);
    for (const auto& row : fields()) names.push_back(row.name);
    throw Error("session has no field and no method '" + std::string(name) + "'" + did_you_mean(name, names));
  }
  push_field(state, activation.host_.field(ref));
  return 1;
}

int Binding::session_newindex(lua_State* state) {
  throw Error("session." + std::string(key_at(state, 2)) +
              " can't be set; keep it in state, keyed by session.connection");
}

namespace {

// The answer of a call that needn't wait, or a yield.
int answer_or_yield(lua_State* state, const std::optional<Answer>& answer) {
  if (!answer) return lua_yield(state, 0);
  if (auto* happened = std::get_if<bool>(&*answer)) {
    lua_pushboolean(state, *happened);
    return 1;
  }
  if (auto* read = std::get_if<LineRead>(&*answer)) return Binding::push_line(state, *read);
  return 0;
}

void must_play(bool may_play, bool running, lua_State* state) {
  if (!may_play) throw Error("a function of matching or rewrite may only look: it can't play actions or wait");
  if (!running) throw Error("this session isn't the one whose function runs; only its own may play");
  if (!lua_isyieldable(state))
    throw Error("actions can't be played from inside table.sort or string.gsub; do it after");
}

}  // namespace

int Binding::session_action(lua_State* state) {
  const auto& spec = *static_cast<const ActionSpec*>(lua_touserdata(state, lua_upvalueindex(1)));
  auto& activation = session_at(state, 1);
  must_play(activation.may_play_, activation.script_.current_ == &activation, state);
  auto action = action_from(state, spec, 2, true);
  std::vector<Action> alone;
  append(alone, action, activation.stage_);
  return answer_or_yield(state, activation.host_.perform(std::move(action)));
}

int Binding::session_read_line(lua_State* state) {
  auto& activation = session_at(state, 1);
  must_play(activation.may_play_, activation.script_.current_ == &activation, state);
  if (lua_isnoneornil(state, 2))
    throw Error("read_line: how long to wait for the line is missing: read_line(\"30s\")");
  return answer_or_yield(state, activation.host_.read_line(duration_of(to_value(state, 2), "read_line")));
}

int Binding::session_wait(lua_State* state) {
  auto& activation = session_at(state, 1);
  must_play(activation.may_play_, activation.script_.current_ == &activation, state);
  if (lua_isnoneornil(state, 2)) throw Error("wait: how long is missing: wait(\"7s\", \"QUIT\")");
  auto time = duration_of(to_value(state, 2), "wait");
  std::optional<std::string> glob;
  if (!lua_isnoneornil(state, 3)) glob = text_of(to_value(state, 3), "wait");
  return answer_or_yield(state, activation.host_.wait(time, std::move(glob)));
}

// ---------------------------------------------------------------- rules

Rule& Binding::new_rule(Script& script, Stage stage, int line) {
  if (!script.loading_) throw Error("rules are made while the file loads, not in a function");
  auto& rules = script.scenario_.rules[static_cast<std::size_t>(stage)];
  Rule rule;
  rule.stage = stage;
  rule.line = line;
  rule.number = script.scenario_.rule_count++;
  rules.push_back(std::move(rule));
  return rules.back();
}

void Binding::apply(Script& script, Rule& rule, std::string_view name, lua_State* state, int first) {
  if (const auto* trigger = trigger_named(name)) {
    trigger->add(rule.triggers, rule.stage, Arguments(trigger->name, trigger->usage, values_from(state, first)));
    return;
  }
  const auto* spec = action_named(script.actions_, name);
  rule.add(action_from(state, *spec, first, false));
}

namespace {

void check_rule_word(ActionTable actions, std::string_view name) {
  if (!trigger_named(name) && !action_named(actions, name))
    throw Error("no trigger or action '" + std::string(name) + "'" + nearest_action(actions, name, true));
}

void push_rule(lua_State* state, const Rule& rule, std::size_t index) {
  *static_cast<RuleBox*>(lua_newuserdatauv(state, sizeof(RuleBox), 0)) = {rule.stage, index};
  luaL_setmetatable(state, rule_type);
}

}  // namespace

int Binding::on_index(lua_State* state) {
  auto name = key_at(state, 2);
  auto stage = stage_named(name);
  if (!stage) {
    std::vector<std::string_view> names;
    for (const auto& row : stages()) names.push_back(row.name);
    throw Error("no stage '" + std::string(name) + "'" + did_you_mean(name, names));
  }
  *static_cast<Stage*>(lua_newuserdatauv(state, sizeof(Stage), 0)) = *stage;
  luaL_setmetatable(state, starter_type);
  return 1;
}

int Binding::starter_index(lua_State* state) {
  check_rule_word(script_of(state).actions_, key_at(state, 2));
  auto stage = *static_cast<Stage*>(luaL_checkudata(state, 1, starter_type));
  lua_pushinteger(state, static_cast<int>(stage));
  lua_pushvalue(state, 2);
  lua_pushcclosure(state, guarded<starter_method>, 2);
  return 1;
}

int Binding::starter_method(lua_State* state) {
  auto stage = static_cast<Stage>(lua_tointeger(state, lua_upvalueindex(1)));
  auto name = view_at(state, lua_upvalueindex(2));
  auto* self = static_cast<Stage*>(luaL_testudata(state, 1, starter_type));
  if (!self || *self != stage)
    throw Error("write on." + std::string(name_of(stage)) + ":" + std::string(name) + "(…), with a colon");
  auto& script = script_of(state);
  auto& rule = new_rule(script, stage, line_of_caller(state));
  apply(script, rule, name, state, 2);
  push_rule(state, rule, script.scenario_.rules_at(stage).size() - 1);
  return 1;
}

int Binding::starter_call(lua_State* state) {
  auto stage = *static_cast<Stage*>(luaL_checkudata(state, 1, starter_type));
  auto& script = script_of(state);
  auto& rule = new_rule(script, stage, line_of_caller(state));
  apply(script, rule, "run", state, 2);
  push_rule(state, rule, script.scenario_.rules_at(stage).size() - 1);
  return 1;
}

int Binding::rule_index(lua_State* state) {
  check_rule_word(script_of(state).actions_, key_at(state, 2));
  lua_pushvalue(state, 2);
  lua_pushcclosure(state, guarded<rule_method>, 1);
  return 1;
}

int Binding::rule_method(lua_State* state) {
  auto name = view_at(state, lua_upvalueindex(1));
  auto* box = static_cast<RuleBox*>(luaL_testudata(state, 1, rule_type));
  if (!box) throw Error("write :" + std::string(name) + "(…), with a colon");
  auto& script = script_of(state);
  if (!script.loading_) throw Error("rules are made while the file loads, not in a function");
  apply(script, script.scenario_.rules[static_cast<std::size_t>(box->stage)][box->index], name, state, 2);
  lua_settop(state, 1);
  return 1;
}

// ---------------------------------------------------------------- declarations and expectations

int Binding::declare(lua_State* state) {
  auto name = view_at(state, lua_upvalueindex(1));
  auto& script = script_of(state);
  auto& scenario = script.scenario_;
  if (!script.loading_) throw Error(std::string(name) + " stands in the file, not in a function");
  if (lua_gettop(state) != 1) throw Error(std::string(name) + " takes one value: " + std::string(name) + " { … }");
  auto given = to_value(state, 1);
  if (name == "scenario") {
    declare_scenario(scenario, given, script.set_);
    lua_rawgetp(state, LUA_REGISTRYINDEX, &globals_key);
    lua_getfield(state, -1, "params");
    luaL_getmetafield(state, -1, "values");
    for (const auto& [key, parameter] : scenario.parameters) {
      push_value(state, parameter.value);
      lua_setfield(state, -2, key.c_str());
    }
  } else if (name == "doors") {
    declare_doors(scenario, given);
  } else if (name == "capabilities") {
    declare_capabilities(scenario, given);
  } else if (name == "users") {
    declare_users(scenario, given);
  } else if (name == "wire") {
    declare_wire(scenario, given);
  } else if (name == "tls") {
    declare_tls(scenario, given);
  } else if (name == "limits") {
    declare_limits(scenario, given, line_of_caller(state));
  } else if (name == "example") {
    declare_example(scenario, given, line_of_caller(state));
  } else {
    if (scenario.provider) throw Error("provider stands in the file twice");
    scenario.provider = script.provider(text_of(given, name));
    scenario.host = scenario.provider->host;
  }
  return 0;
}

int Binding::expect_index(lua_State* state) {
  auto name = key_at(state, 2);
  std::vector<std::string_view> names;
  for (const auto& row : expectation_table())
    if (row.name != "function") names.push_back(row.name);
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw Error("no expectation '" + std::string(name) + "'" + did_you_mean(name, names));
  lua_pushvalue(state, 2);
  lua_pushcclosure(state, guarded<expect_method>, 1);
  return 1;
}

int Binding::expect_method(lua_State* state) {
  auto name = view_at(state, lua_upvalueindex(1));
  if (lua_gettop(state) != 1) throw Error("expect." + std::string(name) + " takes one value, and a dot, not a colon");
  declare_expectation(script_of(state).scenario_, name, to_value(state, 1), line_of_caller(state));
  return 0;
}

int Binding::expect_call(lua_State* state) {
  declare_expectation(script_of(state).scenario_, "function", to_value(state, 2), line_of_caller(state));
  return 0;
}

int Binding::parameter_index(lua_State* state) {
  auto name = key_at(state, 2);
  lua_pushvalue(state, 2);
  if (lua_rawget(state, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  const auto& parameters = script_of(state).scenario_.parameters;
  std::vector<std::string_view> names;
  for (const auto& [known, parameter] : parameters) names.push_back(known);
  throw Error("no parameter '" + std::string(name) + "'" + did_you_mean(name, names) +
              "; declare it in scenario { params = { " + std::string(name) + " = { default, \"what it is\" } } }");
}

// ---------------------------------------------------------------- state and globals

int Binding::state_index(lua_State* state) {
  lua_rawgetp(state, LUA_REGISTRYINDEX, &state_data_key);
  lua_pushvalue(state, 2);
  lua_rawget(state, -2);
  return 1;
}

int Binding::state_newindex(lua_State* state) {
  if (lua_type(state, 2) == LUA_TSTRING) {
    auto name = view_at(state, 2);
    if (name == "count" || name == "age" || name == "rate")
      throw Error("state." + std::string(name) + " is a function of the language; choose another name");
  }
  if (lua_isnil(state, 2)) throw Error("state: the key is nil");
  lua_rawgetp(state, LUA_REGISTRYINDEX, &state_data_key);
  lua_pushvalue(state, 2);
  lua_pushvalue(state, 3);
  lua_rawset(state, -3);
  return 0;
}

int Binding::state_count(lua_State* state) {
  auto& count = entry(script_of(state).counts_, state_key(state, 2));
  lua_pushinteger(state, static_cast<lua_Integer>(++count));
  return 1;
}

int Binding::state_age(lua_State* state) {
  auto& script = script_of(state);
  auto key = state_key(state, 2);
  auto now = script.nominal_now();
  bool known = script.ages_.contains(key);
  auto& since = entry(script.ages_, std::move(key));
  if (!known) since = now;
  lua_pushnumber(state, in_seconds(now - since));
  return 1;
}

int Binding::state_rate(lua_State* state) {
  auto& script = script_of(state);
  if (lua_isnoneornil(state, 2)) throw Error("state:rate: the window is missing: state:rate(\"10s\", session.peer)");
  auto window = duration_of(to_value(state, 2), "state:rate");
  auto now = script.nominal_now();
  auto& times = entry(script.rates_, state_key(state, 3));
  times.push_back(now);
  while (times.front() <= now - window) times.pop_front();
  if (times.size() > most_keys)
    throw Error("state:rate: more than " + std::to_string(most_keys) + " events in the window");
  lua_pushinteger(state, static_cast<lua_Integer>(times.size()));
  return 1;
}

int Binding::global_index(lua_State* state) {
  auto name = key_at(state, 2);
  std::vector<std::string_view> names;
  lua_rawgetp(state, LUA_REGISTRYINDEX, &globals_key);
  lua_pushnil(state);
  while (lua_next(state, -2)) {
    names.push_back(view_at(state, -2));
    lua_pop(state, 1);
  }
  throw Error("no '" + std::string(name) + "' here" + did_you_mean(name, names));
}

int Binding::global_newindex(lua_State* state) {
  std::string name(key_at(state, 2));
  throw Error("'" + name + "' is not declared: write 'local " + name + " = …'");
}

void Binding::push_environment(lua_State* to, Script& script) {
  lua_pushlightuserdata(to, &script);
  lua_rawsetp(to, LUA_REGISTRYINDEX, &script_key);
  lua_newtable(to);
  lua_rawsetp(to, LUA_REGISTRYINDEX, &state_data_key);

  new_metatable(to, session_type, guarded<session_index>, guarded<session_newindex>);
  new_metatable(to, chain_type, guarded<chain_index>, read_only);
  set_function(to, "__gc", collect_chain);
  new_metatable(to, starter_type, guarded<starter_index>, read_only);
  set_function(to, "__call", guarded<starter_call>);
  new_metatable(to, rule_type, guarded<rule_index>, read_only);
  lua_pop(to, 4);

  lua_newtable(to);
  for (const auto* spec : script.actions_) {
    if (spec->name == "run") continue;
    lua_pushlightuserdata(to, const_cast<ActionSpec*>(spec));
    lua_pushcclosure(to, guarded<session_action>, 1);
    lua_setfield(to, -2, std::string(spec->name).c_str());
  }
  set_function(to, "read_line", guarded<session_read_line>);
  set_function(to, "wait", guarded<session_wait>);
  lua_rawsetp(to, LUA_REGISTRYINDEX, &methods_key);

  lua_newtable(to);
  lua_pushvalue(to, -1);
  lua_rawsetp(to, LUA_REGISTRYINDEX, &globals_key);
  add_globals(to);
  for (const auto* spec : script.actions_) {
    lua_pushlightuserdata(to, const_cast<ActionSpec*>(spec));
    lua_pushcclosure(to, guarded<build_chain>, 1);
    lua_setfield(to, -2, std::string(spec->name).c_str());
  }
  for (const char* name :
       {"scenario", "doors", "capabilities", "users", "wire", "tls", "limits", "example", "provider"}) {
    lua_pushstring(to, name);
    lua_pushcclosure(to, guarded<declare>, 1);
    lua_setfield(to, -2, name);
  }
  push_facade(to, guarded<on_index>, read_only);
  lua_setfield(to, -2, "on");
  push_facade(to, guarded<expect_index>, read_only, guarded<expect_call>);
  lua_setfield(to, -2, "expect");

  push_facade(to, guarded<state_index>, guarded<state_newindex>);
  lua_setfield(to, -2, "state");
  lua_rawgetp(to, LUA_REGISTRYINDEX, &state_data_key);
  set_function(to, "count", guarded<state_count>);
  set_function(to, "age", guarded<state_age>);
  set_function(to, "rate", guarded<state_rate>);
  lua_pop(to, 1);

  lua_newtable(to);
  lua_newtable(to);
  lua_newtable(to);  // the values of the parameters
  lua_pushvalue(to, -1);
  lua_setfield(to, -3, "values");
  lua_pushcclosure(to, guarded<parameter_index>, 1);
  lua_setfield(to, -2, "__index");
  set_function(to, "__newindex", read_only);
  lua_pushboolean(to, false);
  lua_setfield(to, -2, "__metatable");
  lua_setmetatable(to, -2);
  lua_setfield(to, -2, "params");

  lua_newtable(to);
  set_function(to, "__index", guarded<global_index>);
  set_function(to, "__newindex", guarded<global_newindex>);
  lua_pushboolean(to, false);
  lua_setfield(to, -2, "__metatable");
  lua_setmetatable(to, -2);
}

}  // namespace mailfault::script
