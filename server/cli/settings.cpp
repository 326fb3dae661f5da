#include "cli/settings.hpp"

#include <cstdlib>
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
}

}  // namespace mailfault::cli
