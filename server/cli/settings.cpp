#include "cli/settings.hpp"

#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/error.hpp"

namespace mailfault::cli {
namespace {

std::uint64_t to_seed(const std::string& text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
    throw Error("--seed " + text + ": a whole number is wanted");
  return std::strtoull(text.c_str(), nullptr, 10);
}

double to_scale(const std::string& text) {
  char* end = nullptr;
  double scale = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(scale > 0 && scale <= 1000))
    throw Error("--time-scale " + text + ": a number above 0 is wanted, such as 0.1");
  return scale;
}

std::unique_ptr<script::Script> load_wanted(const control::Wanted& wanted, const std::string& folder) {
  if (wanted.scenario.empty())
    return load({"inline", "inline.lua", "", wanted.source, providers_in(folder)}, wanted.params, wanted.seed);
  std::error_code error;
  auto kind = std::filesystem::status(wanted.scenario, error).type();
  if (kind == std::filesystem::file_type::fifo || kind == std::filesystem::file_type::character)
    throw Error(wanted.scenario + ": this is no file: reading it might never end");
  return load(find_scenario(wanted.scenario, folder), wanted.params, wanted.seed);
}

std::vector<control::ScenarioInfo> known_scenarios(const std::string& folder) {
  std::vector<control::ScenarioInfo> all;
  for (const auto& file : all_scenarios(folder)) {
    try {
      auto script = load(file);
      all.push_back({file.id, script->scenario().title, script->scenario().outcomes()});
    } catch (const Error& error) {
      all.push_back({file.id, std::string("can't be loaded: ") + error.what(), {}});
    }
  }
  return all;
}

}  // namespace

PlaySettings::PlaySettings() : seed(std::random_device{}()) {}

void PlaySettings::declare(OptionTable& options) {
  options.custom(
      "--set", "NAME=VALUE", true, [this](const std::string& text) { add_setting(set, text); },
      "a parameter of the scenario (again for more)");
  options.custom(
      "--seed", "N", false, [this](const std::string& text) { seed = to_seed(text); },
      "of all draws; printed, so that a run can be had again");
  options.custom(
      "--time-scale", "X", false, [this](const std::string& text) { time_scale = to_scale(text); },
      "real time is nominal time times X: 0.1 makes a 10 s delay one of 1 s");
  options.text("--scenarios", "DIR", ValueKind::folder, folder, "a folder of scenarios that adds to the catalogue");
  options.custom(
      "--bounce-to", "HOST:PORT", false,
      [this](const std::string& text) { bounce_to = wire::parse_mail_host("--bounce-to", text); },
      "deliver the bounces of scenarios to this mail server; else they are kept for reading only");
  options.text("--pcap", "FILE", ValueKind::file, pcap,
               "write what passes as pcapng, with the secrets of TLS in it, for Wireshark; a file there is replaced");
  tls.declare(options);
}

std::vector<LoadedScenario> PlaySettings::load_all(const std::vector<std::string>& names) const {
  std::vector<LoadedScenario> all;
  auto unknown = set;
  for (const auto& name : names) {
    LoadedScenario loaded{name, find_scenario(name, folder), set, nullptr};
    if (names.size() > 1) {
      loaded.script = load(loaded.file, {}, seed);
      const auto& known = loaded.script->scenario().parameters;
      std::erase_if(loaded.set, [&](const auto& item) { return !known.contains(item.first); });
      for (const auto& item : loaded.set) unknown.erase(item.first);
    }
    if (!loaded.script || !loaded.set.empty()) loaded.script = load(loaded.file, loaded.set, seed);
    all.push_back(std::move(loaded));
  }
  if (names.size() > 1 && !unknown.empty())
    throw Error("--set: none of these scenarios has a parameter '" + unknown.begin()->first + "'");
  return all;
}

InstanceOptions PlaySettings::for_instance() const {
  InstanceOptions options;
  options.seed = seed;
  options.time_scale = time_scale;
  tls.apply(options);
  if (pcap.empty()) return options;
  if (!capture_) capture_ = open_capture(pcap);
  options.capture = capture_;
  options.on_tls_key = [log = options.on_tls_key, capture = capture_](const std::string& line) {
    capture->add_keys(line);
    if (log) log(line);
  };
  return options;
}

bool PlaySettings::finish_capture() const {
  if (!capture_) return true;
  capture_->flush();
  return !capture_->lost();
}

control::ApiOptions PlaySettings::for_api() const {
  control::ApiOptions options;
  options.load = [this](const control::Wanted& wanted) { return load_wanted(wanted, folder); };
  options.scenarios = [this] { return known_scenarios(folder); };
  options.instance = for_instance();
  options.bounce_to = bounce_to;
  return options;
}

}  // namespace mailfault::cli
