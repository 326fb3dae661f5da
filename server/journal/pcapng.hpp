// What passed on a connection, as a capture in pcapng: the packets are made up, as a perfect network would have
// carried them. Bytes and times in, blocks of the file out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace mailfault {

/// One end of a TCP connection. Of IPv4 the first four bytes of the address count.
struct TcpEnd {
  bool v6 = false;
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;
  bool operator==(const TcpEnd&) const = default;
};

/// The Section Header and Interface Description Blocks that a file begins with: raw IP, times in microseconds.
std::string pcapng_head();
/// A Decryption Secrets Block with lines of the NSS key log. It stands before the packets that need it.
std::string pcapng_keys(std::string_view lines);
/// An Interface Statistics Block: how many packets are missing. `at`: since 1970.
std::string pcapng_drops(Micros at, std::uint64_t packets);

/// One connection as blocks (Enhanced Packet Blocks). Times are since 1970. Sequence numbers begin at 0 for who looks
/// at them relative to the first, as Wireshark does.
class PcapngConnection {
 public:
  /// `number` tells connections of the same ports apart: initial sequence numbers come of it.
  PcapngConnection(const TcpEnd& client, const TcpEnd& server, std::uint32_t number);

  /// SYN, SYN and ACK, ACK.
  std::string opened(Micros at);
  /// As many segments as are needed: one for up to 64,000 bytes.
  std::string passed(Micros at, bool from_client, std::string_view bytes);
  /// A FIN, or a RST. What comes from that side afterwards isn't written; after a RST nothing is.
  std::string ended(Micros at, bool by_client, bool reset);

 private:
  struct Side {
    TcpEnd end;
    std::uint32_t next = 0;  ///< sequence number
    bool shut = false;
  };
  void segment(std::string& out, Micros at, bool from_client, std::uint8_t flags, std::string_view bytes);
  Side& side(bool client) { return client ? client_ : server_; }

  Side client_, server_;
  bool reset_ = false;
};

}  // namespace mailfault
