// Options that several subcommands take in the same way.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/find.hpp"
#include "cli/options.hpp"
#include "control/api.hpp"

namespace mailfault::cli {

struct LoadedScenario {
  std::string name;  ///< as it was given
  ScenarioFile file;
  std::map<std::string, Value> set;  ///< what of --set it has taken
  std::unique_ptr<script::Script> script;
};

/// How scenarios are played: --set, --seed, --time-scale, --scenarios, --tls, --bounce-to, --ca-file.
struct PlaySettings {
  std::map<std::string, Value> set;
  std::uint64_t seed;
  double time_scale = 1;
  std::string folder;
  bool offer_tls = false;
  std::optional<wire::MailHost> bounce_to;  ///< where bounces are delivered

  PlaySettings();  ///< with a random seed
  void declare(OptionTable& options);

  /// A parameter may belong to one of several scenarios: each takes what it knows. Throws Error for an unknown
  /// scenario, what is wrong in one (file:line), and a parameter that none has.
  std::vector<LoadedScenario> load_all(const std::vector<std::string>& names) const;
  /// An API that knows the same scenarios and plays them in the same way. It refers to these settings.
  control::ApiOptions for_api() const;
};

}  // namespace mailfault::cli
