// A loaded scenario with its Lua state: what the file declared, and its functions.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/draw.hpp"
#include "scenario/provider.hpp"
#include "scenario/scenario.hpp"
#include "script/sandbox.hpp"

namespace mailfault::script {

/// What a function gets back from a wait: nothing, `wait`'s answer, or a line (or why there is none).
struct LineRead {
  std::optional<std::string> line;
  std::string why;  ///< "timeout" or "closed"
};
using Answer = std::variant<std::monostate, bool, LineRead>;

/// What a running function reaches: a session of the engine. Calls that return nothing have to wait: the function is
/// suspended, and Activation::resume() gives it the answer.
class Host {
 public:
  virtual ~Host() = default;
  virtual FieldValue field(const FieldRef& ref) = 0;
  /// Throws Error when the connection is over.
  virtual std::optional<Answer> perform(Action action) = 0;
  virtual std::optional<Answer> read_line(Micros nominal) = 0;
  virtual std::optional<Answer> wait(Micros nominal, std::optional<std::string> glob) = 0;
  virtual double draw() = 0;
};

struct Options {
  ActionTable actions;
  std::map<std::string, Value> set;  ///< of --set: text, or values of an example
  std::uint64_t seed = 0;
  SandboxLimits limits;
  std::shared_ptr<const ProviderFiles> providers = nullptr;  ///< beside those of the binary; null: none
};

class Activation;

/// One Lua state, one instance, one thread.
class Script {
 public:
  /// Compiles and runs the file's text. Throws Error with file:line.
  static std::unique_ptr<Script> load(const std::string& source, const std::string& path, const Options& options);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  Scenario& scenario() { return scenario_; }
  const Scenario& scenario() const { return scenario_; }
  /// An author's expect(function): called with a table made of `run`; its answer and its reason. Throws Error with
  /// file:line. Only while no session's function runs.
  std::pair<bool, std::string> expects(FunctionRef function, const Value& run);
  std::size_t memory_used() const { return sandbox_.memory_used(); }

  std::function<Micros()> nominal_now = [] { return Micros{}; };
  std::function<void(std::string_view)> print = [](std::string_view) {};

 private:
  friend class Activation;
  friend struct Binding;
  explicit Script(const Options& options);
  void run_file(const std::string& source);
  std::string placed(const std::string& text, int line) const;
  /// Throws Error for an unknown one.
  std::shared_ptr<const Provider> provider(const std::string& name);

  Sandbox sandbox_;
  ActionTable actions_;
  std::map<std::string, Value> set_;
  std::shared_ptr<const ProviderFiles> provider_files_;
  std::map<std::string, std::shared_ptr<const Provider>> providers_;  ///< that were named
  Scenario scenario_;
  bool loading_ = true;
  Draws load_draws_;
  Activation* current_ = nullptr;  ///< whose function runs now
  lua_State* matcher_ = nullptr;   ///< the thread of functions that only look: `matching`, `rewrite`
  // state:count, state:age and state:rate, by their keys
  std::unordered_map<std::string, std::uint64_t> counts_;
  std::unordered_map<std::string, Micros> ages_;
  std::unordered_map<std::string, std::deque<Micros>> rates_;
};

/// A session's side of the script: its `session` object and the thread that its functions run in.
class Activation {
 public:
  enum class State : std::uint8_t { finished, suspended, preempted, failed };
  struct Result {
    State state = State::finished;
    std::optional<std::vector<Action>> chain;  ///< what the function returned
    std::string error;                         ///< with file:line
  };

  struct Made;  ///< a chain under construction

  Activation(Script& script, Host& host);
  ~Activation();
  Activation(const Activation&) = delete;
  Activation& operator=(const Activation&) = delete;

  /// One function at a time.
  Result start(FunctionRef function, Stage stage, const std::optional<std::string>& argument);
  /// Goes on after a wait, or after preemption (then the answer is ignored).
  Result resume(const Answer& answer);
  bool running() const { return running_; }
  /// Ends a suspended function, as when the client has left.
  void abandon();
  /// A `matching` function's word. Throws Error with file:line.
  bool matches(FunctionRef function, const std::optional<std::string>& argument);
  /// What a `rewrite` function makes of the text. Throws Error with file:line.
  std::string rewritten(FunctionRef function, const std::string& text);

 private:
  friend struct Binding;
  friend class Script;
  Result settle(Ran ran, int results);
  int look(FunctionRef function, const std::optional<std::string>& argument, const char* no_wait);
  void make_thread();
  int push_argument(lua_State* to, const std::optional<std::string>& argument);

  Script& script_;
  Host& host_;
  lua_State* thread_ = nullptr;
  int thread_ref_ = 0, session_ref_ = 0;
  Stage stage_{};
  int line_ = 0;
  bool running_ = false, preempted_ = false, may_play_ = true;
  std::vector<std::shared_ptr<Made>> made_;  ///< chains that the running function has built
};

}  // namespace mailfault::script
