// How far long work has come: a bar on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <string>

namespace mailfault::cli {

/// On standard error, so that what is printed stays clean. Not for several threads at a time.
class Progress {
 public:
  Progress(std::size_t total, bool quiet);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// So many are done now; `found`: what to say beside it ("3 fail").
  void show(std::size_t done, const std::string& found);
  /// Takes the bar away, so that something can be printed.
  void clear();

 private:
  using SteadyClock = std::chrono::steady_clock;
  std::string time_left(std::size_t done) const;

  std::size_t total_;
  bool quiet_, bar_, shown_ = false;
  SteadyClock::time_point began_ = SteadyClock::now(), told_ = began_;
};

}  // namespace mailfault::cli
