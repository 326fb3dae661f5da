// A command in a process group of its own, and the keeper that ends the group if this program dies.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wire/sockets.hpp"

namespace mailfault::runner {

/// A child process; it is ended and reaped with this object.
class Child {
 public:
  explicit Child(pid_t pid = -1) : pid_(pid) {}
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  /// waitpid's status if it has ended (then it is reaped) or was stopped since the last call.
  std::optional<int> news();

 private:
  pid_t pid_;
};

/// Neither end is inherited by a command.
struct Pipe {
  Pipe();
  wire::Fd out, in;  ///< of the pipe: what comes out, what goes in
};

struct StartOptions {
  std::map<std::string, std::string> environment;  ///< adds to ours
  int in = 0, out = 1, err = 2;                    ///< what it gets as its standard descriptors
  bool foreground = false;  ///< its group becomes the foreground group of the terminal on our standard input
};

/// The thread that makes it must live as long as it does: PR_SET_PDEATHSIG looks at the thread, not at the program.
class CommandGroup {
 public:
  /// Throws Error if the command can't be started: what is wrong with its word, and the remedy.
  CommandGroup(const std::vector<std::string>& words, const StartOptions& options);
  ~CommandGroup() { signal(SIGKILL); }
  CommandGroup(const CommandGroup&) = delete;
  CommandGroup& operator=(const CommandGroup&) = delete;

  Child& command() { return command_; }
  /// Readable as soon as the command has ended; -1 where the kernel doesn't offer that.
  int end_descriptor() const { return end_.get(); }
  /// To all processes of the group. The keeper is one of them and is not reaped before, so that the group's number is
  /// nobody else's, even when the command has ended.
  void signal(int number) const { kill(-group_, number); }

 private:
  pid_t start(const std::vector<std::string>& words, const StartOptions& options) const;
  pid_t start_keeper() const;

  Pipe go_, failure_, lifeline_;  ///< the command starts when its keeper is there; says why it can't; ends with us
  Child command_;
  pid_t group_;
  Child keeper_;
  wire::Fd end_;
};

}  // namespace mailfault::runner
