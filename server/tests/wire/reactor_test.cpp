#include "wire/reactor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "wire/sockets.hpp"

namespace mailfault::wire {
namespace {

using namespace std::chrono_literals;

TEST(Reactor, RunsWhatIsPostedFromAnotherThread) {
  Reactor reactor;
  std::thread::id ran;
  std::thread other([&] {
    reactor.post([&] {
      ran = std::this_thread::get_id();
      reactor.stop();
    });
  });
  reactor.run();
  other.join();
  EXPECT_EQ(ran, std::this_thread::get_id());
}

TEST(Reactor, RunsAgainAfterStop) {
  Reactor reactor;
  int runs = 0;
  for (int i = 0; i < 2; ++i) {
    reactor.post([&] { ++runs, reactor.stop(); });
    reactor.run();
  }
  EXPECT_EQ(runs, 2);
}

TEST(Reactor, AfterCallsOnceAndADroppedHandleNever) {
  Reactor reactor;
  std::string order;
  auto start = reactor.clock().now();
  Micros late{};
  auto second = reactor.after(20ms, [&] { order += "second", late = reactor.clock().now() - start; });
  auto first = reactor.after(5ms, [&] { order += "first "; });
  auto dropped = reactor.after(1ms, [&] { order += "dropped "; });
  dropped.reset();
  auto end = reactor.after(30ms, [&] { reactor.stop(); });
  reactor.run();
  EXPECT_EQ(order, "first second");
  EXPECT_GE(late, 20ms);
}

TEST(Reactor, ATaskMayDropItsOwnHandle) {
  Reactor reactor;
  std::shared_ptr<void> handle;
  std::string text = "kept";
  handle = reactor.after(1ms, [&, copy = std::string(100, 'x')] {
    handle.reset();
    text = copy;
    reactor.stop();
  });
  reactor.run();
  EXPECT_EQ(text, std::string(100, 'x'));
}

TEST(Reactor, ToldOfEachStopSignal) {
  Reactor reactor;
  std::vector<int> signals;
  reactor.on_stop_signal([&](int signal) {
    signals.push_back(signal);
    if (signals.size() == 1)
      ::raise(SIGINT);
    else
      reactor.stop();
  });
  reactor.post([] { ::raise(SIGTERM); });
  reactor.run();
  EXPECT_EQ(signals, (std::vector{SIGTERM, SIGINT}));
}

/// Puts something else in place of standard input.
class Input : public ::testing::Test {
 protected:
  Input() : saved_(::dup(STDIN_FILENO)) {}
  ~Input() override { ::dup2(saved_.get(), STDIN_FILENO); }

  void read_from(int fd) {
    ::dup2(fd, STDIN_FILENO);
    Reactor reactor;
    reactor.on_input_line([&](std::optional<std::string> line) {
      lines.push_back(line.value_or("<end>"));
      if (!line) reactor.stop();
    });
    auto limit = reactor.after(2s, [&] {
      lines.push_back("<too late>");
      reactor.stop();
    });
    reactor.run();
  }
  std::vector<std::string> lines;

 private:
  Fd saved_;
};

TEST_F(Input, APipe) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Fd out(ends[0]), in(ends[1]);
  std::thread writer([&] {
    for (std::string_view part : {"one\ntw", "o\n\nthr", "ee"})
      EXPECT_GT(::write(in.get(), part.data(), part.size()), 0);
    in.reset();
  });
  read_from(out.get());
  writer.join();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "", "three", "<end>"}));
  EXPECT_EQ(::fcntl(out.get(), F_GETFL) & O_NONBLOCK, 0) << "others share this flag";
}

TEST_F(Input, DevNull) {
  Fd null(::open("/dev/null", O_RDONLY));
  read_from(null.get());
  EXPECT_EQ(lines, (std::vector<std::string>{"<end>"}));
}

TEST_F(Input, AFile) {
  char path[] = "/tmp/mailfault-input-XXXXXX";
  Fd file(::mkstemp(path));
  ::unlink(path);
  ASSERT_EQ(::write(file.get(), "a\nb\n", 4), 4);
  ::lseek(file.get(), 0, SEEK_SET);
  read_from(file.get());
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "b", "<end>"}));
}

TEST_F(Input, ATerminal) {
  Fd control(::posix_openpt(O_RDWR | O_NOCTTY));
  if (!control || ::grantpt(control.get()) != 0 || ::unlockpt(control.get()) != 0)
    GTEST_SKIP() << "no pseudo terminals here";
  Fd terminal(::open(::ptsname(control.get()), O_RDWR | O_NOCTTY));
  ASSERT_TRUE(terminal);
  ASSERT_EQ(::write(control.get(), "x\n\x04", 3), 3);
  read_from(terminal.get());
  EXPECT_EQ(lines, (std::vector<std::string>{"x", "<end>"}));
}

}  // namespace
}  // namespace mailfault::wire
