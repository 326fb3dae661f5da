// A command: started in a process group of its own, watched, ended.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace mailfault::runner {

struct CommandResult {
  int exit_status = 0;  ///< 128 + the signal's number if a signal ended it
  bool timed_out = false;
  std::string output;  ///< standard output and error: its first and last 512 KiB
  Micros took{};
};

/// Runs `words` to its end with nothing on standard input; `environment` adds to ours. After `limit` its whole
/// process group is ended. Blocks; may be called from several threads. Throws Error if it can't be started (exit
/// status 3 of the program): not found, not executable.
CommandResult run_captured(const std::vector<std::string>& words, Micros limit,
                           const std::map<std::string, std::string>& environment = {});

/// Where PATH has this program; empty if it hasn't.
std::string find_program(const std::string& name);

}  // namespace mailfault::runner
