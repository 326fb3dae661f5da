#include "cli/progress.hpp"

#include <unistd.h>

#include <iostream>

#include "report/words.hpp"

namespace mailfault::cli {
namespace {
constexpr std::size_t bar_width = 30;
constexpr auto between_lines = std::chrono::seconds(10);
constexpr auto between_bars = std::chrono::milliseconds(100);
}  // namespace

Progress::Progress(std::size_t total, bool quiet) : total_(total), quiet_(quiet), bar_(isatty(STDERR_FILENO) == 1) {}

std::string Progress::time_left(std::size_t done) const {
  if (done == 0) return "";
  auto taken = std::chrono::duration_cast<Micros>(SteadyClock::now() - began_);
  auto left = taken / static_cast<std::int64_t>(done) * static_cast<std::int64_t>(total_ - done);
  return ", about " + in_words(std::max<Micros>(left, std::chrono::seconds(1))) + " left";
}

void Progress::show(std::size_t done, const std::string& found) {
  auto now = SteadyClock::now();
  bool last = done == total_;
  if (quiet_ || (!last && now - told_ < (bar_ ? SteadyClock::duration(between_bars) : between_lines))) return;
  told_ = now;
  auto state = std::to_string(done) + " of " + std::to_string(total_) + (found.empty() ? "" : ", " + found) +
               (last ? "" : time_left(done));
  if (!bar_) {
    std::cerr << state << "\n";
    return;
  }
  auto filled = total_ == 0 ? bar_width : bar_width * done / total_;
  std::cerr << "\r\033[K[" << std::string(filled, '#') << std::string(bar_width - filled, ' ') << "] " << state
            << std::flush;
  shown_ = true;
}

void Progress::clear() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
  shown_ = false;
}

}  // namespace mailfault::cli
