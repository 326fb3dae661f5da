// Options that several subcommands take in the same way.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/find.hpp"
#include "cli/options.hpp"
#include "cli/tls_options.hpp"
#include "control/api.hpp"

namespace mailfault::cli {

struct LoadedScenario {
  std::string name;  ///< as it was given
  ScenarioFile file;
  std::map<std::string, Value> set;  ///< what of --set it has taken
  std::unique_ptr<script::Script> script;
};

/// How scenarios are played: --set, --seed, --time-scale, --scenarios, --bounce-to, --pcap, and the options of TLS.
struct PlaySettings {
  std::map<std::string, Value> set;
  std::uint64_t seed;
  double time_scale = 1;
  std::string folder;
  std::optional<wire::MailHost> bounce_to;  ///< where bounces are delivered
  std::string pcap;                         ///< the capture's file
  TlsOptions tls;

  PlaySettings();  ///< with a random seed
  void declare(OptionTable& options);

  /// A parameter may belong to one of several scenarios: each takes what it knows. Throws Error for an unknown
  /// scenario, what is wrong in one (file:line), and a parameter that none has.
  std::vector<LoadedScenario> load_all(const std::vector<std::string>& names) const;
  /// Writes the rest of the capture; false if not all of it could be written.
  bool finish_capture() const;
  /// For every instance. Throws Error for what --cert, --key, --keylog and --pcap name: call it before any port is
  /// opened.
  InstanceOptions for_instance() const;
  /// An API that knows the same scenarios and plays them in the same way. It refers to these settings.
  control::ApiOptions for_api() const;

 private:
  mutable std::shared_ptr<CaptureFile> capture_;  // opened when first asked for, one for all
};

}  // namespace mailfault::cli
