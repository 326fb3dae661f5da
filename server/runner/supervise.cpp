#include "runner/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>

#include "runner/group.hpp"

namespace mailfault::runner {
namespace {

using SteadyClock = std::chrono::steady_clock;

Micros since(SteadyClock::time_point then) { return std::chrono::duration_cast<Micros>(SteadyClock::now() - then); }

constexpr std::size_t kept_of_each_end = 512 * 1024;

/// What a command printed: its beginning and its end.
class Kept {
 public:
  void add(std::string_view text) {
    auto room = std::min(kept_of_each_end - first_.size(), text.size());
    first_ += text.substr(0, room);
    last_ += text.substr(room);
    if (last_.size() >= 2 * kept_of_each_end) shorten();
  }
  std::string take() {
    shorten();
    if (left_out_ > 0) first_ += "\n[" + std::to_string(left_out_) + " bytes are left out here]\n";
    return std::move(first_) + last_;
  }

 private:
  void shorten() {
    auto surplus = last_.size() - std::min(last_.size(), kept_of_each_end);
    last_.erase(0, surplus);
    left_out_ += surplus;
  }
  std::string first_, last_;
  std::size_t left_out_ = 0;
};

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    auto count = write(to, text.data(), text.size());
    if (count < 0 && errno != EINTR) return;  // who read it is gone
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// What the command prints comes by a pipe; it is kept and may be passed on.
class Stream {
 public:
  explicit Stream(int pass_to) : pass_to_(pass_to) { fcntl(pipe_.out.get(), F_SETFL, O_NONBLOCK); }
  int ours() const { return pipe_.out.get(); }
  int theirs() const { return pipe_.in.get(); }
  void close_theirs() { pipe_.in.reset(); }

  /// False if there is nothing to read now.
  bool pump(Kept& to) {
    if (!pipe_.out) return false;
    std::array<char, 65536> buffer;
    auto count = read(ours(), buffer.data(), buffer.size());
    if (count == 0) pipe_.out.reset();
    if (count <= 0) return false;
    std::string_view text(buffer.data(), static_cast<std::size_t>(count));
    to.add(text);
    if (pass_to_ >= 0) write_all(pass_to_, text);
    return true;
  }

 private:
  Pipe pipe_;
  int pass_to_;
};

/// The terminal on our standard input. Its keys and its input go to one process group: while a command runs, to that
/// command's, as with a shell; and then back to ours. It is not for us to give away when we run in the background,
/// nor while another command has it.
class Terminal {
 public:
  explicit Terminal(bool wanted)
      : is_ours_(wanted && tcgetpgrp(STDIN_FILENO) == getpgrp() && !given_.exchange(true)) {}
  ~Terminal() {
    take_back();
    if (is_ours_) given_ = false;
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool is_ours() const { return is_ours_; }
  void take_back() const {
    if (!is_ours_) return;
    sigset_t stop, before;  // we are in the background now, and would be stopped for it
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    tcsetpgrp(STDIN_FILENO, getpgrp());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

 private:
  static inline std::atomic<bool> given_ = false;
  bool is_ours_;
};

/// Ends a group step by step: by the signal that it is given, then SIGTERM, then SIGKILL.
class Ending {
 public:
  Ending(const CommandGroup& group, Micros grace) : group_(group), grace_(grace) {}
  bool began() const { return last_ != 0; }
  void begin(int signal) { send(signal); }
  void go_on() {
    if (began() && since(at_) >= grace_) send(last_ == SIGTERM || last_ == SIGKILL ? SIGKILL : SIGTERM);
  }

 private:
  void send(int signal) {
    last_ = signal;
    at_ = SteadyClock::now();
    group_.signal(signal);
    group_.signal(SIGCONT);  // who is stopped can't end
  }

  const CommandGroup& group_;
  Micros grace_;
  int last_ = 0;
  SteadyClock::time_point at_;
};

}  // namespace

Supervised supervise(const std::vector<std::string>& words, const SuperviseOptions& options) {
  Terminal terminal(options.input);
  wire::Fd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  StartOptions start;
  start.environment = options.environment;
  start.foreground = terminal.is_ours();
  if (!options.input || (isatty(STDIN_FILENO) && !terminal.is_ours())) start.in = nothing.get();
  std::vector<Stream> streams;
  if (options.capture) {
    streams.emplace_back(options.quiet ? -1 : STDOUT_FILENO);
    if (!options.quiet) streams.emplace_back(STDERR_FILENO);
    start.out = streams.front().theirs();
    start.err = streams.back().theirs();
  }

  auto began = SteadyClock::now();
  CommandGroup group(words, start);
  for (auto& stream : streams) stream.close_theirs();
  Supervised result;
  Kept kept;
  Ending ending(group, options.grace);
  int status = 0;
  for (;;) {
    std::array<pollfd, 3> watched;
    watched.fill({-1, POLLIN, 0});
    watched[0].fd = group.end_descriptor();
    for (std::size_t i = 0; i < streams.size(); ++i) watched[i + 1].fd = streams[i].ours();
    poll(watched.data(), watched.size(), 5);
    for (auto& stream : streams) stream.pump(kept);
    if (auto news = group.command().news()) {
      status = *news;
      if (!WIFSTOPPED(status)) break;
      // Ctrl-Z would hold up the command but not the server's clocks, nor the shell's wait for us.
      if (terminal.is_ours() && WSTOPSIG(status) == SIGTSTP) group.signal(SIGCONT);
    }
    if (!ending.began()) {
      result.timed_out = since(began) >= options.limit;
      int stop_signal = result.timed_out ? 0 : options.stop_signal();
      result.stopped = stop_signal != 0;
      if (result.timed_out || result.stopped) ending.begin(result.stopped ? stop_signal : SIGTERM);
    }
    ending.go_on();
  }
  result.took = since(began);
  group.signal(SIGKILL);  // what it left behind
  // Who left the group may write on and on: as much as a pipe can hold is taken, and nobody waited for.
  for (auto& stream : streams)
    for (int i = 0; i < 16 && stream.pump(kept); ++i) continue;
  result.output = kept.take();
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  terminal.take_back();
  if (terminal.is_ours() && result.exit_status == 128 + SIGINT) {
    result.stopped = true;
    raise(SIGINT);  // Ctrl-C was meant for us as well
  }
  return result;
}

}  // namespace mailfault::runner
