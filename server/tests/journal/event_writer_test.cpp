#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "journal/json_lines.hpp"

namespace mailfault {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

std::string plain(const Event& event, std::string_view instance) {
  return std::string(instance) + " " + std::string(event.text());
}

/// What was written, to be read by another thread.
class Sink {
 public:
  EventWriter::Write write() {
    return [this](std::string_view bytes) {
      std::lock_guard lock(mutex_);
      text_ += bytes;
    };
  }
  std::string text() const {
    std::lock_guard lock(mutex_);
    return text_;
  }
  bool has(std::string_view part, std::chrono::milliseconds within) const {
    auto until = steady_clock::now() + within;
    while (text().find(part) == std::string::npos) {
      if (steady_clock::now() > until) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// A write that waits until it is let go on.
struct Gate {
  void pass() {
    std::unique_lock lock(mutex);
    reached = true;
    moved.notify_all();
    moved.wait(lock, [&] { return open; });
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex);
    moved.wait(lock, [&] { return reached; });
  }
  void let_go() {
    std::lock_guard lock(mutex);
    open = true;
    moved.notify_all();
  }
  std::mutex mutex;
  std::condition_variable moved;
  bool reached = false, open = false;
};

TEST(EventWriter, FlushReturnsWhenAllIsWritten) {
  Sink sink;
  EventWriter writer(plain, sink.write());
  RealClock clock;
  Journal journal(clock);
  journal.listen(writer.source("one"));
  writer.flush();
  journal.add({}, "a");
  journal.add({}, "b");
  writer.flush();
  EXPECT_EQ(sink.text(), "one a\none b\n");
  journal.add({}, "c");
  writer.flush();
  EXPECT_EQ(sink.text(), "one a\none b\none c\n");
}

TEST(EventWriter, TheDestructorWritesTheRest) {
  Sink sink;
  RealClock clock;
  Journal journal(clock);
  {
    EventWriter writer(plain, sink.write());
    auto& source = writer.source("one");
    journal.listen(source);
    journal.add({}, "last words");
    journal.unlisten(source);
  }
  EXPECT_EQ(sink.text(), "one last words\n");
}

TEST(EventWriter, KeepsTheOrderOfEachSource) {
  constexpr int events = 20'000;
  Sink sink;
  {
    EventWriter writer(plain, sink.write());
    auto feed = [&](JournalListener& source) {
      RealClock clock;
      Journal journal(clock);
      journal.listen(source);
      for (int i = 0; i < events; ++i) {
        journal.add({}, std::to_string(i));
        if (i % 5000 == 0) writer.flush();
      }
    };
    std::thread one(feed, std::ref(writer.source("one"))), two(feed, std::ref(writer.source("two")));
    one.join();
    two.join();
  }
  int next_one = 0, next_two = 0;
  std::istringstream lines(sink.text());
  for (std::string name, number; lines >> name >> number;)
    ASSERT_EQ(number, std::to_string(name == "one" ? next_one++ : next_two++));
  EXPECT_EQ(next_one, events);
  EXPECT_EQ(next_two, events);
}

TEST(EventWriter, AnEventIsWrittenSoonWithoutAFlush) {
  Sink sink;
  EventWriter writer(plain, sink.write());
  auto& source = writer.source("one");
  source.on_event({.kind = EventKind::fact});
  EXPECT_TRUE(sink.has("one", 5s));
}

TEST(EventWriter, EventsAreGatheredAndAnErrorIsWrittenAtOnce) {
  Sink sink;
  EventWriter writer(plain, sink.write());
  auto& source = writer.source("one");
  // The least time of several tries, since a busy machine only ever adds to it.
  auto least = [&](EventKind kind) {
    auto best = steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
      auto label = "<" + std::to_string(static_cast<int>(kind)) + "." + std::to_string(i) + ">";
      Event event{.kind = kind, .size = static_cast<std::uint32_t>(label.size()), .data = label.data()};
      auto start = steady_clock::now();
      source.on_event(event);
      EXPECT_TRUE(sink.has(label, 5s));
      best = std::min(best, steady_clock::now() - start);
    }
    return best;
  };
  EXPECT_GE(least(EventKind::fact), 45ms);
  EXPECT_LT(least(EventKind::error), 40ms);
}

TEST(EventWriter, WhatASlowOutputLeavesNoRoomForIsCountedAndDropped) {
  Sink sink;
  Gate gate;
  {
    auto write = sink.write();
    EventWriter writer(
        plain,
        [&](std::string_view bytes) {
          gate.pass();
          write(bytes);
        },
        1000);
    auto& source = writer.source("one");
    std::string text(300, 'x');
    Event event{.at = Micros(7), .size = 300, .data = text.data()};
    event.kind = EventKind::error;
    source.on_event(event);
    gate.wait_until_reached();
    for (int i = 0; i < 4; ++i) source.on_event(event);  // room for one more beside the one in writing
    gate.let_go();
    writer.flush();
    source.on_event(event);  // there is room again
  }
  auto line = "one " + std::string(300, 'x') + "\n";
  auto text = sink.text();
  auto kept = split(text, '\n');
  ASSERT_EQ(kept.size(), 5u);
  EXPECT_EQ(text.substr(0, line.size() * 3), line + line + line);
  EXPECT_EQ(kept[3], " 3 events were not written: the output was too slow");
}

TEST(EventWriter, AnEmptyRenderingWritesNoLine) {
  Sink sink;
  {
    EventWriter writer([](const Event& event, std::string_view) { return std::string(event.text()); }, sink.write());
    RealClock clock;
    Journal journal(clock);
    journal.listen(writer.source(""));
    journal.add({}, "a");
    journal.add({});
    journal.add({}, "b");
  }
  EXPECT_EQ(sink.text(), "a\nb\n");
}

class JsonFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "mailfault-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path directory;
};

TEST_F(JsonFile, IsAppendedTo) {
  auto path = directory / "journal.jsonl";
  for (int run = 1; run <= 2; ++run) {
    auto writer = open_json_lines(path);
    writer->source("s").on_event({.at = Micros(run), .kind = EventKind::fact});
  }
  EXPECT_EQ(read(path),
            "{\"at\":1,\"instance\":\"s\",\"kind\":\"fact\",\"text\":\"\"}\n"
            "{\"at\":2,\"instance\":\"s\",\"kind\":\"fact\",\"text\":\"\"}\n");
}

TEST_F(JsonFile, ThatCannotBeWrittenIsAnErrorWithThePathTheReasonAndTheRemedy) {
  auto message = [](const std::string& path) -> std::string {
    try {
      open_json_lines(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  auto missing = (directory / "no" / "journal.jsonl").string();
  EXPECT_EQ(message(missing), "can't write the journal to '" + missing +
                                  "': No such file or directory; make its directory first, or name another file");
  EXPECT_EQ(message(directory),
            "can't write the journal to '" + directory.string() + "': Is a directory; name a file in it");
}

TEST_F(JsonFile, AFullDiskEndsTheFileAndNotTheProgram) {
  testing::internal::CaptureStderr();
  {
    auto writer = open_json_lines("/dev/full");
    auto& source = writer->source("s");
    source.on_event({.at = Micros(1), .kind = EventKind::fact});
    writer->flush();
    source.on_event({.at = Micros(2), .kind = EventKind::fact});
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "mailfault: can't write the journal to '/dev/full' any more: No space left on device\n");
}

TEST_F(JsonFile, AKilledProcessHasWrittenAllButTheLastTenthOfASecond) {
  auto path = directory / "journal.jsonl";
  auto child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto writer = open_json_lines(path);
    auto& source = writer->source("s");
    RealClock clock;
    for (;;) {
      source.on_event({.at = clock.now(), .kind = EventKind::fact});
      std::this_thread::sleep_for(1ms);
    }
  }
  while (read(path).empty()) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(300ms);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  auto text = read(path);
  ASSERT_TRUE(text.ends_with("}\n"));
  auto last = text.rfind("{\"at\":");
  EXPECT_GT(std::stol(text.substr(last + 6)), 200'000);
}

}  // namespace
}  // namespace mailfault
