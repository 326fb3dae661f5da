// A Lua state that a scenario can't misuse: an allow-list of functions, a memory limit, a time limit for each
// activation.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

struct lua_State;

namespace mailfault::script {

/// Why a resumed Lua thread came back.
enum class Ran : std::uint8_t {
  finished,   ///< its results are on its stack
  yielded,    ///< a function of the host's yielded (an op was asked for)
  preempted,  ///< its slice is over: resume it later, with no arguments
  failed,     ///< error; its message (a string) is on top of its stack
  timed_out,  ///< it ran longer than its limit and has been ended; a message is on top of its stack
};

struct SandboxLimits {
  std::size_t memory = std::size_t{16} << 20;
  std::chrono::milliseconds activation{1000};  ///< running time between two waits
  std::chrono::milliseconds slice{10};         ///< then it gives way to others
};

/// Owns a lua_State of the C++ build (errors unwind). No binding may `catch (...)`.
class Sandbox {
 public:
  explicit Sandbox(const SandboxLimits& limits = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  lua_State* state() const { return state_; }

  /// What `math.random` draws from ([0,1)), and where `print` goes. Set before a script runs.
  std::function<double()> draw;
  std::function<void(std::string_view)> print;

  /// Starts or goes on with a thread made by lua_newthread(state()), under the limits: memory is capped only while it
  /// runs. `arguments` are on its stack; for a start the function lies below them. `results`: how many values it
  /// yielded or returned. A new activation (the running time begins anew) unless it was preempted before.
  Ran resume(lua_State* thread, int arguments, int* results);
  /// Like resume() to the end, for what may not wait (a chunk at load, `matching`): a yield of the host's is an error
  /// with `no_wait` as its message, preemption goes on at once.
  Ran run(lua_State* thread, int arguments, int* results, const char* no_wait);
  /// Ends a suspended thread: its to-be-closed variables are closed (bounded), and it can be started again.
  void abandon(lua_State* thread);

  std::size_t memory_used() const { return used_; }
  const SandboxLimits& limits() const { return limits_; }

 private:
  friend struct SandboxAccess;
  struct Activation;

  Ran fail(lua_State* thread, int* results, const std::string& message);
  void end(lua_State* thread);

  lua_State* state_ = nullptr;
  SandboxLimits limits_;
  std::size_t used_ = 0;
  std::size_t large_ = 0;  ///< bytes of it in large blocks
  /// The limits hold while there is one.
  Activation* running_ = nullptr;
  /// The running time of preempted threads.
  std::unordered_map<lua_State*, std::chrono::steady_clock::duration> spent_;
};

/// The sandbox that a state or thread belongs to.
Sandbox& sandbox_of(lua_State* state);
/// Counts work that a library function does in C++ (bytes or steps); looks at the clock every 100,000 units and
/// raises the time-limit error when the activation is over.
void charge(lua_State* state, std::uint64_t units);

/// Puts the allowed globals into the table at the top of the stack: assert error ipairs next pairs (in sorted order)
/// pcall print rawequal rawget rawlen rawset select setmetatable (no __gc) getmetatable tonumber tostring type, and
/// math, string, table, utf8 in bounded builds.
void add_globals(lua_State* state);

}  // namespace mailfault::script
