#include "runner/command.hpp"

#include <unistd.h>

#include <cstdlib>

#include "base/text.hpp"
#include "runner/supervise.hpp"

namespace mailfault::runner {

CommandResult run_captured(const std::vector<std::string>& words, Micros limit,
                           const std::map<std::string, std::string>& environment) {
  SuperviseOptions options;
  options.environment = environment;
  options.limit = limit;
  options.grace = Micros(0);
  options.input = false;
  options.capture = options.quiet = true;
  auto ended = supervise(words, options);
  return {ended.exit_status, ended.timed_out, std::move(ended.output), ended.took};
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (auto folder : split(path ? path : "/usr/bin:/bin", ':')) {
    auto candidate = std::string(folder) + "/" + name;
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

}  // namespace mailfault::runner
