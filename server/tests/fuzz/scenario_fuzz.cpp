// Any text as a scenario: it loads or says why not, in bounded time and memory; its examples replay or say why not.
#include <string>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "engine/replay.hpp"
#include "scenario/scenario.hpp"
#include "script/script.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailfault;
  std::string source(reinterpret_cast<const char*>(data), size);
  script::Options options{action_table(), {}, 1, {}};
  options.limits.activation = std::chrono::milliseconds(200);
  try {
    auto script = script::Script::load(source, "fuzz.lua", options);
    const auto& scenario = script->scenario();
    for (const auto& stage : scenario.rules)
      for (const auto& rule : stage) words(rule);
    if (!scenario.examples.empty()) replay(source, "fuzz.lua", scenario.examples.front());
  } catch (const Error&) {
  }
  return 0;
}
