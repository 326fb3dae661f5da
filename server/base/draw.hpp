// Seeded draws. A draw is a function of where it is made, so that one more command shifts no other draw.
#pragma once

#include <cstdint>

#include "base/stage.hpp"

namespace mailfault {

/// Where a draw is made; all of it goes into the draw.
struct DrawPoint {
  std::uint64_t seed = 0;
  std::uint32_t session = 0;
  Stage stage{};
  std::uint32_t occurrence = 0;  ///< how often that stage came in the session
  std::uint32_t rule = 0;
};

/// A stream of numbers that begins anew at each point (SplitMix64).
class Draws {
 public:
  Draws() = default;
  explicit Draws(const DrawPoint& at) {
    for (std::uint64_t part : {at.seed, std::uint64_t{at.session}, static_cast<std::uint64_t>(at.stage),
                               std::uint64_t{at.occurrence}, std::uint64_t{at.rule}})
      state_ = mix(state_ ^ (part + 0x9e3779b97f4a7c15));
  }
  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15); }
  /// In [0, 1).
  double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_ = 0;
};

}  // namespace mailfault
