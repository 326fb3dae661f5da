#include "base/time.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace mailfault {
namespace {

constexpr double longest = 1000.0 * 3600;

// The number that a text begins with; the unit is what follows.
std::optional<double> leading_number(std::string_view text, std::string_view& unit) {
  std::size_t end = 0;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) ++end;
  double number = 0;
  auto [stop, error] = std::from_chars(text.data(), text.data() + end, number, std::chars_format::fixed);
  if (end == 0 || error != std::errc() || stop != text.data() + end) return std::nullopt;
  unit = text.substr(end);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  return number;
}

std::string trimmed(double number, std::string_view unit) {
  char text[48];
  std::snprintf(text, sizeof text, "%.3f", number);
  std::string out = text;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out.append(unit);
}

}  // namespace

std::optional<Micros> duration_of_seconds(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > longest) return std::nullopt;
  return Micros(std::llround(seconds * 1e6));
}

std::optional<Micros> parse_duration(std::string_view text) {
  std::string_view unit;
  auto number = leading_number(text, unit);
  if (!number) return std::nullopt;
  double factor = unit == "us"   ? 1e-6
                  : unit == "ms" ? 1e-3
                  : unit == "s"  ? 1
                  : unit == "m"  ? 60
                  : unit == "h"  ? 3600
                                 : 0;
  if (factor == 0) return std::nullopt;
  return duration_of_seconds(*number * factor);
}

std::string format_duration(Micros time) {
  auto us = time.count();
  if (us < 0) return "-" + format_duration(-time);
  if (us == 0) return "0s";
  auto number = static_cast<double>(us);
  if (us < 1000) return trimmed(number, " µs");
  if (us < 1'000'000) return trimmed(number / 1e3, "ms");
  if (us % 3'600'000'000 == 0) return trimmed(number / 3.6e9, "h");
  if (us >= 120'000'000 && us % 60'000'000 == 0) return trimmed(number / 6e7, "m");
  if (us == 60'000'000) return "1m";
  return trimmed(number / 1e6, "s");
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::string_view unit;
  auto number = leading_number(text, unit);
  if (!number) return std::nullopt;
  double factor = unit.empty() || unit == "B" ? 1
                  : unit == "kB"              ? 1e3
                  : unit == "KiB"             ? 1024
                  : unit == "MB"              ? 1e6
                  : unit == "MiB"             ? 1048576
                  : unit == "GB"              ? 1e9
                  : unit == "GiB"             ? 1073741824
                                              : 0;
  if (factor == 0 || *number * factor > 1e15) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(*number * factor));
}

std::string format_size(std::uint64_t bytes) {
  if (bytes >= 1048576 && bytes % 1048576 == 0) return std::to_string(bytes / 1048576) + " MiB";
  if (bytes >= 1024 && bytes % 1024 == 0) return std::to_string(bytes / 1024) + " KiB";
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

}  // namespace mailfault
