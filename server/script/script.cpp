#include "script/script.hpp"

#include <lua.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/binding.hpp"
#include "script/provider.hpp"

namespace mailfault::script {

Script::Script(const Options& options)
    : sandbox_(options.limits), actions_(options.actions), set_(options.set), provider_files_(options.providers) {
  load_draws_ = Draws(DrawPoint{options.seed, 0, Stage::connect, 0, 0});
  sandbox_.draw = [this] { return current_ ? current_->host_.draw() : load_draws_.fraction(); };
  sandbox_.print = [this](std::string_view text) { print(text); };
  matcher_ = lua_newthread(sandbox_.state());
  luaL_ref(sandbox_.state(), LUA_REGISTRYINDEX);  // kept as long as the state
}

Script::~Script() = default;

std::unique_ptr<Script> Script::load(const std::string& source, const std::string& path, const Options& options) {
  std::unique_ptr<Script> script(new Script(options));
  auto& scenario = script->scenario_;
  scenario.path = path;
  auto name = path.substr(path.rfind('/') + 1);
  scenario.id = name.ends_with(".lua") ? name.substr(0, name.size() - 4) : name;
  script->run_file(source);
  script->loading_ = false;
  finish(scenario, options.set);
  return script;
}

std::string Script::placed(const std::string& text, int line) const {
  return script::placed(scenario_.path, text, line);
}

std::shared_ptr<const Provider> Script::provider(const std::string& name) {
  auto& known = providers_[name];
  if (!known) known = provider_named(name, provider_files_.get());
  return known;
}

std::string placed(const std::string& path, const std::string& text, int line) {
  constexpr std::size_t kept = LUA_IDSIZE - 4;  // of a long path, behind "..."
  if (text.starts_with(path + ":")) return text;
  if (path.size() > kept && text.starts_with("..." + path.substr(path.size() - kept) + ":"))
    return path + text.substr(3 + kept);
  return Error(Place{path, line}, text).what();
}

void Script::run_file(const std::string& source) {
  auto* state = sandbox_.state();
  auto* thread = lua_newthread(state);
  int kept = luaL_ref(state, LUA_REGISTRYINDEX);
  auto fail = [&](const std::string& message) {
    luaL_unref(state, LUA_REGISTRYINDEX, kept);
    throw Error(placed(message, 0));
  };
  if (luaL_loadbufferx(thread, source.data(), source.size(), ("@" + scenario_.path).c_str(), "t") != LUA_OK)
    fail(error_text(thread));
  Binding::push_environment(thread, *this);
  lua_setupvalue(thread, -2, 1);
  int results = 0;
  auto ran = sandbox_.run(thread, 0, &results, "a scenario's file can't wait: only functions at a stage can");
  if (ran != Ran::finished) fail(error_text(thread));
  luaL_unref(state, LUA_REGISTRYINDEX, kept);
}

std::pair<bool, std::string> Script::expects(FunctionRef function, const Value& run) {
  lua_settop(matcher_, 0);
  lua_rawgeti(matcher_, LUA_REGISTRYINDEX, function.id);
  Binding::push_tree(matcher_, run);
  int results = 0;
  auto ran = sandbox_.run(matcher_, 1, &results, "a function of expect can't wait");
  if (ran != Ran::finished) {
    auto error = placed(error_text(matcher_), function.line);
    lua_settop(matcher_, 0);
    throw Error(error);
  }
  bool holds = results > 0 && lua_toboolean(matcher_, -results);
  std::string reason;
  if (results > 1 && lua_type(matcher_, -results + 1) == LUA_TSTRING) reason = lua_tostring(matcher_, -results + 1);
  lua_settop(matcher_, 0);
  return {holds, reason};
}

Activation::Activation(Script& script, Host& host) : script_(script), host_(host) {
  session_ref_ = Binding::make_session(script_.sandbox_.state(), *this);
}

Activation::~Activation() {
  auto* state = script_.sandbox_.state();
  if (running_) abandon();
  Binding::forget_session(state, session_ref_);
  luaL_unref(state, LUA_REGISTRYINDEX, session_ref_);
  if (thread_) luaL_unref(state, LUA_REGISTRYINDEX, thread_ref_);
}

void Activation::make_thread() {
  if (thread_) return;
  thread_ = lua_newthread(script_.sandbox_.state());
  thread_ref_ = luaL_ref(script_.sandbox_.state(), LUA_REGISTRYINDEX);
}

int Activation::push_argument(lua_State* to, const std::optional<std::string>& argument) {
  lua_rawgeti(to, LUA_REGISTRYINDEX, session_ref_);
  if (!argument) return 1;
  lua_pushlstring(to, argument->data(), argument->size());
  return 2;
}

Activation::Result Activation::start(FunctionRef function, Stage stage, const std::optional<std::string>& argument) {
  make_thread();
  stage_ = stage;
  line_ = function.line;
  running_ = true;
  made_.clear();
  lua_settop(thread_, 0);
  lua_rawgeti(thread_, LUA_REGISTRYINDEX, function.id);
  int arguments = push_argument(thread_, argument);
  auto* before = std::exchange(script_.current_, this);
  int results = 0;
  auto ran = script_.sandbox_.resume(thread_, arguments, &results);
  script_.current_ = before;
  return settle(ran, results);
}

Activation::Result Activation::resume(const Answer& answer) {
  int arguments = 0;
  if (!std::exchange(preempted_, false)) {
    if (auto* happened = std::get_if<bool>(&answer)) {
      lua_pushboolean(thread_, *happened);
      arguments = 1;
    } else if (auto* read = std::get_if<LineRead>(&answer)) {
      arguments = Binding::push_line(thread_, *read);
    }
  }
  auto* before = std::exchange(script_.current_, this);
  int results = 0;
  auto ran = script_.sandbox_.resume(thread_, arguments, &results);
  script_.current_ = before;
  return settle(ran, results);
}

Activation::Result Activation::settle(Ran ran, int results) {
  Result result;
  if (ran == Ran::yielded) {
    lua_pop(thread_, results);
    result.state = State::suspended;
    return result;
  }
  if (ran == Ran::preempted) {
    preempted_ = true;
    result.state = State::preempted;
    return result;
  }
  running_ = false;
  if (ran != Ran::finished) {
    result.state = State::failed;
    result.error = script_.placed(error_text(thread_), line_);
    made_.clear();
    return result;
  }
  try {
    result.chain = Binding::returned_chain(thread_, results, *this);
  } catch (const Error& error) {
    result.state = State::failed;
    result.error = script_.placed(error.what(), line_);
  }
  lua_settop(thread_, 0);
  made_.clear();
  return result;
}

void Activation::abandon() {
  if (!running_) return;
  script_.sandbox_.abandon(thread_);
  running_ = preempted_ = false;
  made_.clear();
}

// A function that may neither play nor wait, on the matcher's thread. How many results are on its stack.
int Activation::look(FunctionRef function, const std::optional<std::string>& argument, const char* no_wait) {
  auto* thread = script_.matcher_;
  lua_settop(thread, 0);
  lua_rawgeti(thread, LUA_REGISTRYINDEX, function.id);
  int arguments = push_argument(thread, argument);
  auto* before = std::exchange(script_.current_, this);
  bool could_play = std::exchange(may_play_, false);
  int results = 0;
  auto ran = script_.sandbox_.run(thread, arguments, &results, no_wait);
  script_.current_ = before;
  may_play_ = could_play;
  if (ran != Ran::finished) {
    std::string error = error_text(thread);
    lua_settop(thread, 0);
    throw Error(script_.placed(error, function.line));
  }
  return results;
}

bool Activation::matches(FunctionRef function, const std::optional<std::string>& argument) {
  int results = look(function, argument, "a matching function may not wait");
  bool holds = results > 0 && lua_toboolean(script_.matcher_, -results);
  lua_settop(script_.matcher_, 0);
  return holds;
}

std::string Activation::rewritten(FunctionRef function, const std::string& text) {
  int results = look(function, text, "a rewrite function may not wait");
  auto* thread = script_.matcher_;
  std::size_t size = 0;
  const char* bytes =
      results > 0 && lua_type(thread, -results) == LUA_TSTRING ? lua_tolstring(thread, -results, &size) : nullptr;
  std::string out = bytes ? std::string(bytes, size) : std::string();
  lua_settop(thread, 0);
  if (!bytes) throw Error(script_.placed("a rewrite function returns the text that is to be sent", function.line));
  return out;
}

}  // namespace mailfault::script
