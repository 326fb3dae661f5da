// Runs pieces of Lua in a sandbox, and in a stock Lua to compare with.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <lua.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "script/sandbox.hpp"

namespace mailfault::script {

inline namespace pieces {  // there is another Script in this room

struct Outcome {
  Ran ran = Ran::finished;
  std::string text;                  ///< the results, or the message
  std::chrono::milliseconds took{};  ///< of the processor: a bound on it holds beside any neighbour
};

inline std::chrono::nanoseconds processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// "1 1.5 'text' true nil table", for the top values.
inline std::string shown(lua_State* state, int count) {
  std::string result;
  for (int i = -count; i < 0; ++i) {
    if (!result.empty()) result += ' ';
    switch (lua_type(state, i)) {
      case LUA_TSTRING: {
        std::size_t size = 0;
        const char* text = lua_tolstring(state, i, &size);
        result += "'" + std::string(text, size) + "'";
        break;
      }
      case LUA_TNUMBER:
        lua_pushvalue(state, i);
        result += lua_tostring(state, -1);
        lua_pop(state, 1);
        break;
      case LUA_TBOOLEAN:
        result += lua_toboolean(state, i) ? "true" : "false";
        break;
      default:
        result += luaL_typename(state, i);
    }
  }
  return result;
}

class Script {
 public:
  explicit Script(const SandboxLimits& limits = {}) : sandbox_(limits) {
    lua_State* state = sandbox_.state();
    lua_pushglobaltable(state);
    add_globals(state);
    lua_pop(state, 1);
  }
  Sandbox& sandbox() { return sandbox_; }
  lua_State* state() { return sandbox_.state(); }

  /// A thread (it stays on the state's stack) with the chunk at its bottom.
  lua_State* thread(std::string_view code) {
    lua_State* result = lua_newthread(state());
    if (luaL_loadbufferx(result, code.data(), code.size(), "=test.lua", "t") != LUA_OK)
      ADD_FAILURE() << lua_tostring(result, -1);
    return result;
  }

  Outcome run(std::string_view code) {
    const int top = lua_gettop(state());
    lua_State* chunk = thread(code);
    int results = 0;
    const auto began = processor_time();
    Outcome outcome;
    outcome.ran = sandbox_.run(chunk, 0, &results, "this can't wait");
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(processor_time() - began);
    outcome.text = outcome.ran == Ran::finished ? shown(chunk, results) : lua_tostring(chunk, -1);
    lua_settop(state(), top);
    return outcome;
  }
  std::string text(std::string_view code) { return run(code).text; }

 private:
  Sandbox sandbox_;
};

/// Lua as it comes.
class Stock {
 public:
  Stock() : state_(luaL_newstate(), lua_close) { luaL_openlibs(state_.get()); }
  Outcome run(std::string_view code) {
    lua_State* state = state_.get();
    lua_settop(state, 0);
    int status = luaL_loadbufferx(state, code.data(), code.size(), "=test.lua", "t");
    if (status == LUA_OK) status = lua_pcall(state, 0, LUA_MULTRET, 0);
    Outcome outcome;
    outcome.ran = status == LUA_OK ? Ran::finished : Ran::failed;
    outcome.text = status == LUA_OK ? shown(state, lua_gettop(state)) : lua_tostring(state, -1);
    return outcome;
  }
  lua_State* state() { return state_.get(); }

 private:
  std::unique_ptr<lua_State, void (*)(lua_State*)> state_;
};

}  // namespace pieces
}  // namespace mailfault::script
