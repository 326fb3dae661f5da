// How a wire carries bytes: latency, pace, loss. Part of a scenario's settings.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace mailfault {

/// Rates in bytes per second, 0: unlimited. Times are nominal.
struct WireSettings {
  Micros latency{};           ///< added to everything that the server sends
  Micros jitter{};            ///< up to so much more, drawn for each piece; the order stays
  double bandwidth = 0;       ///< of what the server sends
  double read_bandwidth = 0;  ///< of what the server takes from the socket
  std::uint32_t mtu = 0;      ///< segments from the client whose text is larger vanish (tier T1); 0: none do
  double loss = 0;            ///< share of the client's segments that vanish (tier T1)

  bool plain() const { return *this == WireSettings{}; }
  bool needs_filter() const { return mtu != 0 || loss != 0; }
  bool operator==(const WireSettings&) const = default;
};

/// "latency 2s, 1000 bytes/s, loses 5 % of the client's segments".
std::string words(const WireSettings& settings);

enum class DoorState : std::uint8_t { open, refused, dropped, unreachable, silent };

}  // namespace mailfault
