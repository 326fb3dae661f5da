// When bytes leave a slow wire, and when more are taken from it. No sockets: times in, times out.
#pragma once

#include <cstddef>

#include "base/draw.hpp"
#include "base/time.hpp"
#include "scenario/wire_settings.hpp"

namespace mailfault::wire {

class Pacing {
 public:
  /// `time_scale` turns nominal times into real ones: at 0.1 everything is ten times as fast.
  Pacing(const WireSettings& settings, double time_scale, std::uint64_t seed);

  const WireSettings& settings() const { return settings_; }

  /// Begins a piece: draws its jitter.
  void begin_piece();
  /// When the next `bytes` of the piece leave. Times never go back. With 0 bytes: when an ending leaves.
  Micros leaves(Micros now, std::size_t bytes);
  /// A piece leaves in slices of at most so many bytes: what the bandwidth carries in 50 ms.
  std::size_t slice() const { return slice_; }

  bool paces_reading() const { return settings_.read_bandwidth > 0; }
  std::size_t read_slice() const { return read_slice_; }
  /// When reading may go on.
  Micros reads_at() const { return reads_at_; }
  void took(Micros now, std::size_t bytes);

 private:
  Micros real(double nominal_seconds) const;

  WireSettings settings_;
  double scale_;
  Draws draws_;
  std::size_t slice_, read_slice_;
  Micros delay_{};      // latency and jitter of the piece
  Micros line_free_{};  // when the bandwidth has carried all that was sent
  Micros last_{};
  Micros reads_at_{};
};

}  // namespace mailfault::wire
