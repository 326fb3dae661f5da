#include "runner/group.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "runner/command.hpp"

extern char** environ;

namespace mailfault::runner {
namespace {

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

/// The child has all signals blocked: none may stop or end it before it is what it is to be.
pid_t forked() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  auto pid = fork();
  int error = errno;
  if (pid != 0) pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) throw Error(std::string("no process can be started: ") + std::strerror(error));
  return pid;
}

// In the child, of a program with many threads: nothing but system calls.
[[noreturn]] void become(pid_t parent, const StartOptions& options, char* const* words, char* const* environment,
                         const Pipe& go, int failure) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // until the keeper is there
  close(go.in.get());
  char ready;
  if (getppid() != parent || read(go.out.get(), &ready, 1) != 1) _exit(127);
  if (options.foreground) tcsetpgrp(STDIN_FILENO, getpid());  // SIGTTOU is blocked, which would stop it here
  dup2(options.in, STDIN_FILENO);
  dup2(options.out, STDOUT_FILENO);
  dup2(options.err, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvpe(words[0], words, environment);
  int error = errno;
  [[maybe_unused]] auto written = write(failure, &error, sizeof error);
  _exit(127);
}

// A process in the command's group that waits for us to die and then ends the group. Signals don't reach it. It holds
// none of our descriptors: a connection that we close must be closed.
[[noreturn]] void keep(pid_t group, int lifeline, int go) {
  prctl(PR_SET_NAME, "mf-keeper");
  setpgid(0, group);
  dup2(lifeline, 0);
  dup2(go, 1);
  closefrom(2);
  if (write(1, "", 1) != 1) _exit(1);
  close(1);
  char nothing;
  while (read(0, &nothing, 1) < 0 && errno == EINTR) continue;
  kill(-group, SIGKILL);
  _exit(0);
}

std::string why_not_started(const std::string& word, int error) {
  auto name = "'" + word + "' ";
  bool is_path = word.find('/') != std::string::npos;
  auto path = is_path ? word : find_program(word);
  if (error == ENOENT && !is_path && path.empty())
    return name + "is not found in PATH: install it, or write its path, such as ./" + word;
  if (error == ENOENT && access(path.c_str(), F_OK) == 0)
    return name + "can't be run: the interpreter that its first line names doesn't exist";
  if (error == ENOENT || error == ENOTDIR)
    return name + "doesn't exist: look at its path, from the current folder on";
  if (error == EACCES && is_path && access((word + "/.").c_str(), F_OK) == 0)
    return name + "is a folder: write the program in it";
  if (error == EACCES) return name + "is not executable: chmod +x it, or write its interpreter before it";
  if (error == E2BIG) return name + "can't be run: its arguments and environment are too long";
  return name + "can't be run: " + std::strerror(error);
}

}  // namespace

Child::~Child() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

std::optional<int> Child::news() {
  int status = 0;
  if (pid_ <= 0 || waitpid(pid_, &status, WNOHANG | WUNTRACED) != pid_) return std::nullopt;
  if (!WIFSTOPPED(status)) pid_ = -1;
  return status;
}

Pipe::Pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("no pipe: ") + std::strerror(errno));
  out.reset(ends[0]);
  in.reset(ends[1]);
}

CommandGroup::CommandGroup(const std::vector<std::string>& words, const StartOptions& options)
    : command_(start(words, options)), group_(command_.pid()), keeper_(start_keeper()) {
  failure_.in.reset();
  go_.in.reset();
  int error = 0;
  ssize_t count;
  while ((count = read(failure_.out.get(), &error, sizeof error)) < 0 && errno == EINTR) continue;
  if (count == sizeof error) throw Error(why_not_started(words[0], error));
  end_.reset(static_cast<int>(syscall(SYS_pidfd_open, group_, 0)));
}

pid_t CommandGroup::start(const std::vector<std::string>& words, const StartOptions& options) const {
  if (words.empty() || words[0].empty()) throw Error("no command is given");
  struct sigaction now {};
  if (sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN)
    ::signal(SIGCHLD, SIG_DFL);  // inherited so from some parents; then no exit status would be kept for us
  auto variables = merged_environment(options.environment);
  auto environment = pointers(variables), arguments = pointers(words);
  auto parent = getpid();
  auto child = forked();
  if (child == 0) become(parent, options, arguments.data(), environment.data(), go_, failure_.in.get());
  setpgid(child, child);  // as the child does, whoever is first
  return child;
}

pid_t CommandGroup::start_keeper() const {
  auto child = forked();
  if (child == 0) keep(group_, lifeline_.out.get(), go_.in.get());
  setpgid(child, group_);
  return child;
}

}  // namespace mailfault::runner
