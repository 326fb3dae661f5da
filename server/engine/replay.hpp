// Replays a scenario's example: the transcript's client against the real engine, over memory, on a virtual clock.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "scenario/provider.hpp"
#include "scenario/scenario.hpp"

namespace mailfault {

struct ReplayFailure {
  int line = 0;      ///< of the scenario's file, where the transcript went another way
  std::string what;  ///< what was wanted and what came
  std::string log;   ///< what happened until then, a line each
};

/// None: the example holds. `example` is one of `source`'s own. Takes microseconds to milliseconds, whatever it
/// waits. `providers`: known beside those of the binary.
std::optional<ReplayFailure> replay(const std::string& source, const std::string& path, const Example& example,
                                    std::shared_ptr<const ProviderFiles> providers = nullptr);

}  // namespace mailfault
