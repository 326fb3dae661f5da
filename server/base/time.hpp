// Times. A moment is counted from the start of its clock, so it is a duration too.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mailfault {

using Micros = std::chrono::microseconds;
inline constexpr Micros never = Micros::max();

/// "200ms", "5s", "1.5m", "2h" (also "us"); none if it isn't one. Up to 1,000 hours.
std::optional<Micros> parse_duration(std::string_view text);
/// A number of seconds; none if negative, not finite or above 1,000 hours.
std::optional<Micros> duration_of_seconds(double seconds);
/// The shortest of "250 µs", "200ms", "5s", "2m", "1h" that is exact to three digits.
std::string format_duration(Micros time);
inline double in_seconds(Micros time) { return std::chrono::duration<double>(time).count(); }

/// 4096, "64kB" (1000), "64KiB" (1024), "1MB", "1MiB", "3B"; none if it isn't one.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t bytes);

/// The time since a start. Real or, for the replay of examples, virtual.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Micros now() const = 0;
};

/// Monotonic time since this clock was made.
class RealClock final : public Clock {
 public:
  Micros now() const override {
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace mailfault
