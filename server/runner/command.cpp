#include "runner/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"

extern char** environ;

namespace mailfault::runner {
namespace {

constexpr std::size_t kept_output = 1 << 20;

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** each = environ; *each; ++each) {
    std::string name(*each, std::strcspn(*each, "="));
    if (!added.contains(name)) all.emplace_back(*each);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

pid_t start(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
            int output) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  auto variables = merged_environment(environment);
  pid_t child = -1;
  int error =
      posix_spawnp(&child, words[0].c_str(), &files, &attributes, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw Error("'" + words[0] + "' can't be started: " + std::strerror(error));
  return child;
}

}  // namespace

CommandResult run_captured(const std::vector<std::string>& words, Micros limit,
                           const std::map<std::string, std::string>& environment) {
  using SteadyClock = std::chrono::steady_clock;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("no pipe: ") + std::strerror(errno));
  auto began = SteadyClock::now();
  pid_t child = -1;
  try {
    child = start(words, environment, ends[1]);
  } catch (const Error&) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
  close(ends[1]);
  CommandResult result;
  auto left = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(began + limit - SteadyClock::now()).count();
  };
  // The end of its output is the end of all that writes there; a grandchild may outlive the command, so the command
  // itself is looked at, too.
  std::array<char, 16384> buffer;
  int status = 0;
  bool ended = false, open = true;
  while (!ended && !result.timed_out) {
    pollfd watch{ends[0], POLLIN, 0};
    int wait = static_cast<int>(std::clamp<long>(left(), 0, open ? 20 : 2));
    if (open && poll(&watch, 1, wait) > 0) {
      auto count = read(ends[0], buffer.data(), buffer.size());
      if (count <= 0) open = false;
      if (count > 0 && result.output.size() < kept_output)
        result.output.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (!open) {
      usleep(500);
    }
    ended = waitpid(child, &status, WNOHANG) == child;
    result.timed_out = !ended && left() <= 0;
  }
  if (!ended) {
    kill(-child, SIGKILL);
    waitpid(child, &status, 0);
  }
  result.took = std::chrono::duration_cast<Micros>(SteadyClock::now() - began);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  for (ssize_t count; (count = read(ends[0], buffer.data(), buffer.size())) > 0;)
    if (result.output.size() < kept_output) result.output.append(buffer.data(), static_cast<std::size_t>(count));
  close(ends[0]);
  kill(-child, SIGKILL);  // what it may have left behind
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
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
