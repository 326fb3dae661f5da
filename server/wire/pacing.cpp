#include "wire/pacing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mailfault::wire {
namespace {

constexpr double slice_seconds = 0.05;
constexpr double longest = 1e6;  // seconds

std::size_t carried_in_a_slice(double bandwidth, double scale) {
  if (bandwidth <= 0 || scale <= 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(std::clamp(bandwidth / scale * slice_seconds, 1.0, 1e9));
}

}  // namespace

Pacing::Pacing(const WireSettings& settings, double time_scale, std::uint64_t seed)
    : settings_(settings),
      scale_(std::max(time_scale, 0.0)),
      draws_(DrawPoint{.seed = seed}),
      slice_(carried_in_a_slice(settings.bandwidth, scale_)),
      read_slice_(carried_in_a_slice(settings.read_bandwidth, scale_)) {}

Micros Pacing::real(double nominal_seconds) const {
  return Micros(std::llround(std::min(nominal_seconds * scale_, longest) * 1e6));
}

void Pacing::begin_piece() {
  auto jitter = settings_.jitter.count() > 0 ? draws_.fraction() * in_seconds(settings_.jitter) : 0.0;
  delay_ = real(in_seconds(settings_.latency) + jitter);
}

Micros Pacing::leaves(Micros now, std::size_t bytes) {
  line_free_ = std::max(line_free_, now);
  if (settings_.bandwidth > 0) line_free_ += real(static_cast<double>(bytes) / settings_.bandwidth);
  last_ = std::max(last_, line_free_ + delay_);
  return last_;
}

void Pacing::took(Micros now, std::size_t bytes) {
  if (paces_reading())
    reads_at_ = std::max(reads_at_, now) + real(static_cast<double>(bytes) / settings_.read_bandwidth);
}

}  // namespace mailfault::wire
