#include "script/sandbox.hpp"

#include <algorithm>
#include <cstdlib>
#include <lua.hpp>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/time.hpp"

namespace mailfault::script {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int instructions_a_look = 1000;
constexpr std::uint64_t units_a_look = 100'000;
constexpr std::size_t allocated_a_look = std::size_t{256} << 10;
constexpr std::size_t large_block = std::size_t{64} << 10;

/// One instruction may go through all of a long string (compare, coerce, concatenate), so long ones make looks
/// frequent.
constexpr std::size_t bytes_a_look = std::size_t{64} << 20;
constexpr std::size_t fewest_instructions_a_look = 10;

/// An endless recursion would else end by the memory limit, which has no place in the file.
constexpr int deepest_call = 10'000;

constexpr std::string_view out_of_memory = "not enough memory";
constexpr std::string_view no_yield = "attempt to yield across a C-call boundary";

std::string time_limit_text(const SandboxLimits& limits) {
  return "the function ran longer than " + format_duration(limits.activation) +
         " without waiting (is there a loop that doesn't end?)";
}

/// "file.lua:12: ", or nothing: where a suspended thread called the function that it waits in.
std::string place(lua_State* thread) {
  lua_checkstack(thread, LUA_MINSTACK);
  luaL_where(thread, 1);
  std::string result = lua_tostring(thread, -1);
  lua_pop(thread, 1);
  return result;
}

int panic(lua_State* state) {
  const char* message = lua_tostring(state, -1);
  throw std::runtime_error(std::string("Lua outside of a protected call: ") + (message ? message : "no message"));
}

}  // namespace

/// A thread that runs now, and its limits.
struct Sandbox::Activation {
  Activation(Sandbox& sandbox, lua_State* activated, SteadyClock::duration limit)
      : owner(sandbox), thread(activated), outer(std::exchange(sandbox.running_, this)), began(SteadyClock::now()) {
    ends = began + limit;
    if (outer) ends = std::min(ends, outer->ends);
    slice_ends = began + sandbox.limits_.slice;
  }
  ~Activation() { owner.running_ = outer; }
  Activation(const Activation&) = delete;
  Activation& operator=(const Activation&) = delete;

  Sandbox& owner;
  lua_State* thread;
  Activation* outer;
  SteadyClock::time_point began, ends, slice_ends;
  bool preempted = false;
  bool timed_out = false;
  bool raising = false;  ///< the limit was raised as an error: each further instruction raises it again
  bool summoned = false;
  std::string place;  ///< where the time was over
  int failure = LUA_OK;
  std::uint64_t charged = 0;
  std::size_t allocated = 0;
};

struct SandboxAccess {
  static void* allocate(void* context, void* block, std::size_t old_size, std::size_t new_size) {
    auto& self = *static_cast<Sandbox*>(context);
    if (!block) old_size = 0;  // it tells the kind of object then
    Sandbox::Activation* running = self.running_;
    if (new_size > old_size && running) {
      if (self.used_ - old_size + new_size > self.limits_.memory) {
        running->charged = units_a_look;  // a full collection follows, which takes its time
        summon_hook(self);
        return nullptr;
      }
      running->allocated += new_size;
      if (new_size >= large_block || running->allocated >= allocated_a_look) summon_hook(self);
    }
    void* result = nullptr;
    if (new_size == 0)
      std::free(block);
    else if (result = std::realloc(block, new_size); !result)
      return nullptr;
    self.used_ += new_size - old_size;
    self.large_ += (new_size >= large_block ? new_size : 0) - (old_size >= large_block ? old_size : 0);
    return result;
  }

  static void set_hook(const Sandbox& self, lua_State* thread) {
    std::size_t count = instructions_a_look;
    if (self.large_ > 0) count = std::clamp(bytes_a_look / self.large_, fewest_instructions_a_look, count);
    lua_sethook(thread, hook, LUA_MASKCOUNT, static_cast<int>(count));
  }

  /// Makes the next instruction look at the clock.
  static void summon_hook(Sandbox& self) {
    self.running_->allocated = 0;
    if (std::exchange(self.running_->summoned, true) || self.running_->raising) return;
    lua_sethook(self.running_->thread, hook, LUA_MASKCOUNT, 1);
  }

  static void hook(lua_State* state, lua_Debug* at) {
    Sandbox& self = sandbox_of(state);
    Sandbox::Activation* running = self.running_;
    if (!running) return;
    if (std::exchange(running->summoned, false) && !running->raising) {
      set_hook(self, state);
      lua_Debug deep;
      if (lua_getstack(state, deepest_call, &deep))
        raise(state, 0, "the calls are nested too deep (an endless recursion?)");
    }
    const auto now = SteadyClock::now();
    if (now >= running->ends) {
      if (!lua_isyieldable(state)) raise_time_limit(state, 0);
      running->timed_out = true;
      lua_getinfo(state, "Sl", at);  // after the yield, Lua would tell the instruction before
      running->place = std::string(at->short_src) + ":" + std::to_string(at->currentline) + ": ";
      lua_yield(state, 0);  // no pcall of the script's catches this
    } else if (now >= running->slice_ends && lua_isyieldable(state)) {
      running->preempted = true;
      lua_yield(state, 0);
    }
  }

  static void raise_time_limit(lua_State* state, int level) {
    Sandbox& self = sandbox_of(state);
    self.running_->timed_out = true;
    if (!std::exchange(self.running_->raising, true)) lua_sethook(state, hook, LUA_MASKCOUNT, 1);
    raise(state, level, time_limit_text(self.limits_));
  }

  static void raise(lua_State* state, int level, const std::string& message) {
    luaL_where(state, level);
    lua_pushlstring(state, message.data(), message.size());
    lua_concat(state, 2);
    lua_error(state);
  }

  static void charge(lua_State* state, std::uint64_t units) {
    Sandbox::Activation* running = sandbox_of(state).running_;
    if (!running) return;
    running->charged += units;
    if (running->charged < units_a_look && !running->raising) return;
    if (SteadyClock::now() >= running->ends) raise_time_limit(state, 1);
    running->charged = 0;
  }

  /// The bottom of each thread: an error is caught here, which closes the function's variables and, unlike an error
  /// that ends the thread, leaves the hook on while they close.
  static int start(lua_State* state) {
    return ended(state, lua_pcallk(state, lua_gettop(state) - 1, LUA_MULTRET, 0, 0, ended), 0);
  }
  static int ended(lua_State* state, int status, lua_KContext) {
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(state);
    sandbox_of(state).running_->failure = status;
    return 1;
  }
};

Sandbox::Sandbox(const SandboxLimits& limits) : limits_(limits) {
  state_ = lua_newstate(SandboxAccess::allocate, this);
  if (!state_) throw std::bad_alloc();
  *static_cast<Sandbox**>(lua_getextraspace(state_)) = this;
  lua_atpanic(state_, panic);
  SandboxAccess::set_hook(*this, state_);
  // Lua makes this string where a failure to allocate would be fatal; kept, it needs no allocation.
  lua_pushliteral(state_, "error in error handling");
  lua_setfield(state_, LUA_REGISTRYINDEX, "mailfault.kept");
}

Sandbox::~Sandbox() { lua_close(state_); }

Sandbox& sandbox_of(lua_State* state) { return **static_cast<Sandbox**>(lua_getextraspace(state)); }

void charge(lua_State* state, std::uint64_t units) { SandboxAccess::charge(state, units); }

Ran Sandbox::resume(lua_State* thread, int arguments, int* results) {
  const bool starts = lua_status(thread) == LUA_OK;
  SteadyClock::duration spent{};
  if (auto node = spent_.extract(thread); node && !starts) spent = node.mapped();
  if (starts) {
    lua_checkstack(thread, LUA_MINSTACK);
    lua_pushcfunction(thread, SandboxAccess::start);
    lua_insert(thread, -(++arguments + 1));
  }
  SandboxAccess::set_hook(*this, thread);

  int status = LUA_OK;
  bool timed_out = false;
  std::string message;
  {
    Activation activation(*this, thread, limits_.activation - spent);
    status = lua_resume(thread, activation.outer ? activation.outer->thread : nullptr, arguments, results);
    timed_out = activation.timed_out;
    if (status == LUA_YIELD && !timed_out) {
      if (!activation.preempted) return Ran::yielded;
      spent_.emplace(thread, spent + SteadyClock::now() - activation.began);
      return Ran::preempted;
    }
    if (status == LUA_OK) status = activation.failure;
    if (status == LUA_OK) return Ran::finished;
    message = std::move(activation.place);
  }

  std::size_t size = 0;
  if (status == LUA_YIELD)
    message += time_limit_text(limits_);
  else if (const char* text = lua_tolstring(thread, -1, &size))
    message.assign(text, size);
  else  // its __tostring could do anything
    message = std::string("error object of type ") + luaL_typename(thread, -1);

  if (timed_out) {
    if (const std::string limit = time_limit_text(limits_); !message.ends_with(limit)) message = limit;
  } else if (status == LUA_ERRMEM || message == out_of_memory) {
    message = "the scenario's memory limit of " + format_size(limits_.memory) + " is reached";
  } else if (message.ends_with(no_yield)) {
    message.resize(message.size() - no_yield.size());
    message += "what string.gsub, table.sort or another function of a library calls can't wait";
  }
  fail(thread, results, message);
  return timed_out ? Ran::timed_out : Ran::failed;
}

Ran Sandbox::run(lua_State* thread, int arguments, int* results, const char* no_wait) {
  Ran ran = resume(thread, arguments, results);
  while (ran == Ran::preempted) ran = resume(thread, 0, results);
  return ran == Ran::yielded ? fail(thread, results, place(thread) + no_wait) : ran;
}

void Sandbox::abandon(lua_State* thread) {
  spent_.erase(thread);
  if (lua_status(thread) != LUA_OK) end(thread);
}

Ran Sandbox::fail(lua_State* thread, int* results, const std::string& message) {
  if (lua_status(thread) != LUA_OK)
    end(thread);
  else
    lua_pop(thread, *results);
  lua_pushlstring(thread, message.data(), message.size());
  *results = 1;
  return Ran::failed;
}

/// Nothing can yield here, so the hook raises in each variable's __close once a tenth of an activation is over.
void Sandbox::end(lua_State* thread) {
  SandboxAccess::set_hook(*this, thread);
  Activation closing(*this, thread, limits_.activation / 10);
  lua_resetthread(thread);
  lua_settop(thread, 0);
}

}  // namespace mailfault::script
