#include "runner/supervise.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "runner/command.hpp"

namespace mailfault::runner {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

Words shell(const std::string& text) { return {"sh", "-c", text}; }

SuperviseOptions captured() {
  SuperviseOptions options;
  options.input = false;
  options.capture = options.quiet = true;
  options.limit = 10s;
  return options;
}

std::string error_of(const Words& words) {
  try {
    supervise(words, captured());
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// A pipe whose end is seen when all processes that were started with it have ended.
class Witness {
 public:
  Witness() {
    if (pipe(ends_) != 0) std::abort();
    fcntl(ends_[0], F_SETFD, FD_CLOEXEC);
  }
  ~Witness() {
    close(ends_[0]);
    let_go();
  }
  void let_go() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }
  /// What was written to it by then.
  std::string read_some(std::chrono::milliseconds time = 2s) {
    pollfd watch{ends_[0], POLLIN, 0};
    char buffer[256];
    if (poll(&watch, 1, static_cast<int>(time.count())) <= 0) return "nothing";
    auto count = read(ends_[0], buffer, sizeof buffer);
    return count > 0 ? std::string(buffer, static_cast<std::size_t>(count)) : "";
  }
  std::string writing() const { return ">&" + std::to_string(ends_[1]); }

 private:
  int ends_[2];
};

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/mailfault-test-XXXXXX";
    if (!mkdtemp(name)) std::abort();
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, const std::string& text, mode_t mode) const {
    auto path = path_ + "/" + name;
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Supervise, ExitStatusesAndSignals) {
  EXPECT_EQ(supervise({"true"}, captured()).exit_status, 0);
  EXPECT_EQ(supervise(shell("exit 67"), captured()).exit_status, 67);
  EXPECT_EQ(supervise(shell("kill -SEGV $$"), captured()).exit_status, 128 + SIGSEGV);
  EXPECT_EQ(supervise(shell("kill -KILL $$"), captured()).exit_status, 128 + SIGKILL);
  auto ended = supervise({"true"}, captured());
  EXPECT_FALSE(ended.timed_out || ended.stopped);
  EXPECT_GT(ended.took.count(), 0);
}

TEST(Supervise, WordsAreNotSplitNorExpanded) {
  EXPECT_EQ(supervise({"printf", "%s|", "a b", "", "$HOME", "*"}, captured()).output, "a b||$HOME|*|");
}

TEST(Supervise, CapturesBothInTheirOrder) {
  EXPECT_EQ(supervise(shell("echo out; echo err >&2; echo out"), captured()).output, "out\nerr\nout\n");
}

TEST(Supervise, NothingIsKeptUnlessAskedFor) {
  auto options = captured();
  options.capture = false;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  auto ended = supervise(shell("echo out; echo err >&2"), options);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "out\n");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "err\n");
  EXPECT_EQ(ended.output, "");
}

TEST(Supervise, KeptOutputPassesThrough) {
  auto options = captured();
  options.quiet = false;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  auto ended = supervise(shell("echo out; echo err >&2"), options);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "out\n");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "err\n");
  EXPECT_THAT(ended.output, ::testing::AnyOf("out\nerr\n", "err\nout\n"));
}

TEST(Supervise, KeepsTheBeginningAndTheEnd) {
  constexpr std::size_t half = 512 * 1024;
  auto ended = supervise(shell("printf first; head -c 3000000 /dev/zero | tr '\\0' a; printf last"), captured());
  EXPECT_TRUE(ended.output.starts_with("firsta"));
  EXPECT_TRUE(ended.output.ends_with("alast"));
  auto left_out = "\n[" + std::to_string(3000009 - 2 * half) + " bytes are left out here]\n";
  EXPECT_EQ(ended.output.find(left_out), half);
  EXPECT_EQ(ended.output.size(), 2 * half + left_out.size());
}

TEST(Supervise, KeepsAllOfAMebibyte) {
  auto ended = supervise(shell("head -c 1048576 /dev/zero | tr '\\0' a"), captured());
  EXPECT_EQ(ended.output, std::string(1 << 20, 'a'));
}

TEST(Supervise, TheEnvironmentAddsToOurs) {
  setenv("MAILFAULT_TEST_OURS", "ours", 1);
  setenv("MAILFAULT_TEST_BOTH", "ours", 1);
  auto options = captured();
  options.environment = {{"MAILFAULT_TEST_BOTH", "given"}, {"MAILFAULT_TEST_NEW", "a = b"}};
  auto ended = supervise(shell("env | grep ^MAILFAULT_TEST_ | sort"), options);
  EXPECT_EQ(ended.output, "MAILFAULT_TEST_BOTH=given\nMAILFAULT_TEST_NEW=a = b\nMAILFAULT_TEST_OURS=ours\n");
}

TEST(Supervise, InputIsOursOrNothing) {
  Witness input;
  auto before = dup(STDIN_FILENO);
  Folder folder;
  auto file = open(folder.file("in", "a line\n", 0644).c_str(), O_RDONLY | O_CLOEXEC);
  dup2(file, STDIN_FILENO);
  auto options = captured();
  EXPECT_EQ(supervise({"cat"}, options).output, "");
  options.input = true;
  EXPECT_EQ(supervise({"cat"}, options).output, "a line\n");
  dup2(before, STDIN_FILENO);
  close(before);
  close(file);
}

TEST(Supervise, AGroupOfItsOwnWithoutOurDescriptors) {
  auto group =
      supervise(shell("read -r pid name state parent group rest < /proc/$$/stat; test $group = $$"), captured());
  EXPECT_EQ(group.exit_status, 0);
  auto keeper = supervise(shell("for each in /proc/[0-9]*/stat; do"
                                "  read -r pid name state parent group rest < $each || continue;"
                                "  test \"$name $group\" = \"(mf-keeper) $$\" && ls /proc/$pid/fd;"
                                "done 2>/dev/null"),
                          captured());
  EXPECT_EQ(keeper.output, "0\n");
}

TEST(Supervise, TimeIsUp) {
  auto options = captured();
  options.limit = 50ms;
  auto ended = supervise(shell("trap 'echo bye; exit 3' TERM; sleep 30 & wait"), options);
  EXPECT_TRUE(ended.timed_out);
  EXPECT_FALSE(ended.stopped);
  EXPECT_EQ(ended.exit_status, 3);
  EXPECT_EQ(ended.output, "bye\n");
  EXPECT_LT(ended.took, 1500ms);
}

TEST(Supervise, WhoIgnoresSigtermIsKilledAfterItsGrace) {
  auto options = captured();
  options.limit = 50ms;
  options.grace = 100ms;
  auto ended = supervise(shell("trap '' TERM; sleep 30"), options);
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.exit_status, 128 + SIGKILL);
  EXPECT_GE(ended.took, 150ms);
  EXPECT_LT(ended.took, 1500ms);
}

TEST(Supervise, WhoIsStoppedCanEndAsWell) {
  auto options = captured();
  options.limit = 50ms;
  auto ended = supervise(shell("kill -STOP $$; sleep 30"), options);
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.exit_status, 128 + SIGTERM);
}

TEST(Supervise, NoLimitIsTheLongestOne) {
  auto options = captured();
  options.limit = options.grace = never;
  EXPECT_FALSE(supervise(shell("sleep 0.05"), options).timed_out);
}

TEST(Supervise, StopsWhenTold) {
  auto options = captured();
  int asked = 0;
  options.stop_signal = [&] { return ++asked == 10 ? SIGTERM : 0; };
  auto ended = supervise({"sleep", "30"}, options);
  EXPECT_TRUE(ended.stopped);
  EXPECT_FALSE(ended.timed_out);
  EXPECT_EQ(ended.exit_status, 128 + SIGTERM);
  EXPECT_LT(ended.took, 1s);
  EXPECT_EQ(asked, 10);
}

/// Runs a shell's words and stops it by a signal as soon as it has set its traps.
Supervised stopped_by(int signal, const std::string& traps) {
  Folder folder;
  auto ready = folder.path() + "/ready";
  auto options = captured();
  options.grace = 50ms;
  options.stop_signal = [&] { return std::filesystem::exists(ready) ? signal : 0; };
  auto ended = supervise(shell(traps + "; : > " + ready + "; sleep 30 & wait; wait"), options);
  EXPECT_TRUE(ended.stopped);
  return ended;
}

TEST(Supervise, ASignalIsPassedOnAsItself) {
  const std::string says = "for each in INT TERM HUP; do trap \"echo $each; exit 5\" $each; done";
  for (auto [number, name] : {std::pair(SIGINT, "INT\n"), {SIGTERM, "TERM\n"}, {SIGHUP, "HUP\n"}}) {
    auto ended = stopped_by(number, says);
    EXPECT_EQ(ended.exit_status, 5);
    EXPECT_EQ(ended.output, name);
  }
}

TEST(Supervise, WhoIgnoresTheSignalGetsSigtermAndThenSigkill) {
  EXPECT_EQ(stopped_by(SIGINT, "trap '' INT").exit_status, 128 + SIGTERM);
  auto stubborn = stopped_by(SIGHUP, "trap '' HUP TERM");
  EXPECT_EQ(stubborn.exit_status, 128 + SIGKILL);
  EXPECT_GE(stubborn.took, 100ms);
}

TEST(Supervise, AThrowingStopEndsIt) {
  Witness witness;
  auto options = captured();
  options.stop_signal = []() -> int { throw Error("enough"); };
  EXPECT_THROW(supervise({"sleep", "30"}, options), Error);
  witness.let_go();
  EXPECT_EQ(witness.read_some(), "");
}

TEST(Supervise, WhatItLeavesBehindIsEnded) {
  Witness witness;
  auto ended = supervise(shell("sleep 30 & exit 4"), captured());
  EXPECT_EQ(ended.exit_status, 4);
  EXPECT_LT(ended.took, 1s);
  witness.let_go();
  EXPECT_EQ(witness.read_some(), "");
}

TEST(Supervise, WhoLeftTheGroupWithThePipesDoesNotHoldUsUp) {
  auto ended = supervise(shell("setsid sleep 1 & echo done"), captured());
  EXPECT_EQ(ended.output, "done\n");
  EXPECT_LT(ended.took, 900ms);
  auto flood = supervise(shell("setsid timeout 1 yes & sleep 0.05"), captured());
  EXPECT_LT(flood.took, 900ms);
}

TEST(Supervise, NotFound) {
  EXPECT_EQ(error_of({"mailfault-no-such"}),
            "'mailfault-no-such' is not found in PATH: install it, or write its path, such as ./mailfault-no-such");
  EXPECT_EQ(error_of({"./no/such"}), "'./no/such' doesn't exist: look at its path, from the current folder on");
  EXPECT_EQ(error_of({}), "no command is given");
  EXPECT_EQ(error_of({""}), "no command is given");
}

TEST(Supervise, NotExecutable) {
  Folder folder;
  auto text = folder.file("text", "echo hello\n", 0644);
  EXPECT_EQ(error_of({text}), "'" + text + "' is not executable: chmod +x it, or write its interpreter before it");
  EXPECT_EQ(error_of({folder.path()}), "'" + folder.path() + "' is a folder: write the program in it");
  auto script = folder.file("script", "#!/no/such/shell\n", 0755);
  EXPECT_EQ(error_of({script}),
            "'" + script + "' can't be run: the interpreter that its first line names doesn't exist");
  EXPECT_THAT(error_of({"true", std::string(1 << 20, 'a')}), HasSubstr("are too long"));
  auto plain = folder.file("plain", "echo hello\n", 0755);  // as a shell takes it
  EXPECT_EQ(supervise({plain}, captured()).output, "hello\n");
}

TEST(Supervise, FromManyThreads) {
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([i, &right] {
      for (int j = 0; j < 3; ++j) {
        auto ended = supervise(shell("echo " + std::to_string(i) + "; exit " + std::to_string(i)), captured());
        right += ended.exit_status == i && ended.output == std::to_string(i) + "\n";
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 24);
}

TEST(Supervise, AnIgnoredSigchldIsNoObstacle) {
  signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(supervise(shell("exit 5"), captured()).exit_status, 5);
  signal(SIGCHLD, SIG_DFL);
}

TEST(Supervise, OurSignalsAreNotBlockedInIt) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  auto options = captured();
  options.limit = 50ms;
  auto ended = supervise({"sleep", "30"}, options);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(ended.exit_status, 128 + SIGTERM);
}

// Another process supervises, as mailfault does, and is killed; all that it started must be gone, whatever group.
void dies_with_us(const std::string& text) {
  Witness witness;
  auto child = fork();
  if (child == 0) {
    supervise(shell(text + " & echo started " + witness.writing() + "; wait"), captured());
    _exit(0);
  }
  witness.let_go();
  EXPECT_EQ(witness.read_some(), "started\n");
  kill(child, SIGKILL);
  auto killed = Clock::now();
  EXPECT_EQ(witness.read_some(1s), "") << "it is still there";
  EXPECT_LT(Clock::now() - killed, 1s);
  waitpid(child, nullptr, 0);
}

TEST(Supervise, DiesWithUs) { dies_with_us("sleep 60"); }
TEST(Supervise, DiesWithUsThoughItIgnoresSignals) { dies_with_us("(trap '' TERM HUP INT; sleep 60)"); }
TEST(Supervise, DiesWithUsThoughItsParentIsGone) { dies_with_us("(sleep 60 &)"); }

// ---- on a terminal

/// A process that leads a session with a terminal of its own, and what its user types and sees.
class OnTerminal {
 public:
  explicit OnTerminal(const std::function<int()>& task) : master_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    grantpt(master_);
    unlockpt(master_);
    std::string name = ptsname(master_);
    child_ = fork();
    if (child_ != 0) return;
    setsid();
    int terminal = open(name.c_str(), O_RDWR);  // becomes the session's
    for (int fd : {0, 1, 2}) dup2(terminal, fd);
    signal(SIGINT, SIG_DFL);  // a background job of a shell without job control ignores it
    _exit(task());
  }
  ~OnTerminal() {
    kill(child_, SIGKILL);
    if (!reaped_) waitpid(child_, nullptr, 0);
    close(master_);
  }
  void type(const std::string& text) const {
    ASSERT_EQ(write(master_, text.data(), text.size()), ssize_t(text.size()));
  }
  bool shows(const std::string& text) {
    auto until = Clock::now() + 2s;
    while (seen_.find(text) == std::string::npos && Clock::now() < until) {
      pollfd watch{master_, POLLIN, 0};
      char buffer[1024];
      if (poll(&watch, 1, 50) <= 0) continue;
      auto count = read(master_, buffer, sizeof buffer);
      if (count <= 0) break;
      seen_.append(buffer, static_cast<std::size_t>(count));
    }
    return seen_.find(text) != std::string::npos;
  }
  const std::string& seen() const { return seen_; }
  int status() {
    int status = 0;
    waitpid(child_, &status, 0);
    reaped_ = true;
    return status;
  }

 private:
  int master_;
  pid_t child_ = -1;
  bool reaped_ = false;
  std::string seen_;
};

SuperviseOptions plain() {
  SuperviseOptions options;
  options.limit = 5s;
  return options;
}

TEST(SuperviseOnATerminal, TheCommandHasItWhileItRuns) {
  OnTerminal session([] {
    auto ended = supervise(shell("read x; echo got $x"), plain());
    char back[16];
    auto ours = tcgetpgrp(0) == getpgrp() && read(0, back, sizeof back) > 0;
    return ended.exit_status == 0 && ours ? 7 : 1;
  });
  session.type("hello\n");
  EXPECT_TRUE(session.shows("got hello")) << session.seen();
  session.type("back\n");
  auto status = session.status();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
}

TEST(SuperviseOnATerminal, CtrlCIsOursToo) {
  OnTerminal session([] {
    supervise({"cat"}, plain());
    return 0;
  });
  session.type("x\n");
  ASSERT_TRUE(session.shows("x\r\nx\r\n")) << session.seen();
  session.type("\x03");
  auto status = session.status();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
}

TEST(SuperviseOnATerminal, CtrlCThatTheCommandTakesIsItsOwn) {
  OnTerminal session([] {
    return supervise(shell("trap 'echo took it; exit 9' INT; echo ready; sleep 30 & wait"), plain()).exit_status;
  });
  ASSERT_TRUE(session.shows("ready"));
  session.type("\x03");
  EXPECT_TRUE(session.shows("took it"));
  auto status = session.status();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 9) << status;
}

TEST(SuperviseOnATerminal, CtrlZDoesNotHoldItUp) {
  OnTerminal session([] { return supervise(shell("echo ready; read x; exit 8"), plain()).exit_status; });
  ASSERT_TRUE(session.shows("ready"));
  session.type("\x1a");
  std::this_thread::sleep_for(50ms);
  session.type("go on\n");
  auto status = session.status();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 8) << status;
}

TEST(SuperviseOnATerminal, OnlyOneCommandHasIt) {
  OnTerminal session([] {
    std::atomic<int> got = 0;
    auto one = [&] { got += supervise(shell("read x && exit 10"), plain()).exit_status; };
    std::thread first(one), second(one);
    first.join();
    second.join();
    return got.load();
  });
  std::this_thread::sleep_for(100ms);
  session.type("x\n");
  auto status = session.status();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 11) << status;  // the other read the end of its input
}

TEST(RunCaptured, IsSupervisedQuietly) {
  auto ended = run_captured(shell("cat; echo $X; exit 6"), 5s, {{"X", "y"}});
  EXPECT_EQ(ended.output, "y\n");
  EXPECT_EQ(ended.exit_status, 6);
  auto late = run_captured(shell("trap '' TERM; sleep 30"), 50ms);
  EXPECT_TRUE(late.timed_out);
  EXPECT_EQ(late.exit_status, 128 + SIGKILL);
}

}  // namespace
}  // namespace mailfault::runner
