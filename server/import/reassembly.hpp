// Packets in, connections out: TCP put together again, without files.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "import/pcap.hpp"

namespace mailfault::recorded {

/// A TCP segment as it was captured.
struct CapturedSegment {
  Micros at{};
  TcpEnd from, to;
  std::uint32_t sequence = 0;
  bool syn = false, ack = false, fin = false, rst = false;
  std::string_view bytes;   ///< what was captured of it
  std::size_t claimed = 0;  ///< how many there were; more than were captured if the capture cuts packets
  std::uint64_t packet = 0;
};

class Reassembly {
 public:
  static constexpr std::size_t most = std::size_t{512} << 20;      ///< bytes kept, each piece counted with its cost
  static constexpr std::size_t most_early = std::size_t{1} << 20;  ///< of one side, waiting for what is missing

  /// False: there is no more room.
  bool add(const CapturedSegment& segment);
  /// All connections; what waits for what never came follows a gap.
  std::vector<CapturedConnection> take();

 private:
  struct Early {
    Micros at;
    std::string bytes;
    std::uint64_t packet = 0;
  };
  struct Side {
    TcpEnd end;
    bool known = false;                    // `next` is
    std::uint64_t next = 0;                // of its stream, counted from its first byte
    std::uint32_t next_sequence = 0;       // the same as TCP counts
    std::map<std::uint64_t, Early> early;  // by place in the stream; the longest of each place
    std::size_t early_size = 0;
    std::optional<std::uint64_t> fin_place;
    Micros fin_at{}, last_at{};
    std::uint64_t fin_packet = 0;
    bool ended = false, spoke = false;  // anything but a RST
  };
  struct Flow {
    Side sides[2];
    int client = -1;  // by SYN
    std::uint32_t syn_sequence = 0;
    bool reset = false;
    CapturedConnection out;  // from_client means "of sides[0]" until it is taken
  };

  Flow& flow_of(const CapturedSegment& segment);
  void place(Flow& flow, int side, const CapturedSegment& segment);
  void drain(Flow& flow, int side);
  void skip(Flow& flow, int side);
  void append(Flow& flow, int side, std::uint64_t place, const Early& came);
  static void finish(Flow& flow);

  using Key =
      std::tuple<bool, std::array<std::uint8_t, 16>, std::uint16_t, std::array<std::uint8_t, 16>, std::uint16_t>;
  std::deque<Flow> flows_;
  std::map<Key, std::size_t> open_;
  std::size_t used_ = 0;
};

}  // namespace mailfault::recorded
