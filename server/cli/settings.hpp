// Options that several subcommands take in the same way.
#pragma once

#include <map>
#include <string>

#include "cli/options.hpp"

namespace mailfault::cli {

/// How scenarios are played: --set, --seed, --time-scale, --scenarios.
struct PlaySettings {
  std::map<std::string, Value> set;
  std::uint64_t seed;
  double time_scale = 1;
  std::string folder;

  PlaySettings();  ///< with a random seed
  void declare(OptionTable& options);
};

}  // namespace mailfault::cli
