// Captures of the network (pcap, pcapng): the TCP connections in them, put together again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "journal/pcapng.hpp"
#include "tls/decrypt.hpp"

namespace mailfault::recorded {

/// Bytes that one side sent, as they came: a segment's, without what was there before. Times are since 1970.
struct CapturedPiece {
  Micros at{};
  bool from_client = false;
  std::string bytes;
  std::uint64_t packet = 0;  ///< its number in the capture, from 1, as Wireshark counts
};

/// Bytes that one side sent and the capture hasn't: before the piece of that side that came at `at`, or, with none
/// behind it, before its FIN.
struct CaptureGap {
  Micros at{};
  bool from_client = false;
  std::uint64_t after = 0;  ///< so many bytes of that side's stream came before it, gaps counted
  std::uint64_t bytes = 0;
};

struct CapturedEnd {
  Micros at{};
  bool by_client = false;
  bool reset = false;  ///< a RST, else a FIN
  std::uint64_t packet = 0;
};

struct CapturedConnection {
  TcpEnd client, server;
  std::optional<Micros> opened_at;    ///< the SYN, if it is in the capture; else it began before
  bool accepted = false;              ///< the server sent something beside a RST
  std::vector<CapturedPiece> pieces;  ///< in order of time, and of each side's stream
  std::vector<CaptureGap> gaps;
  std::vector<CapturedEnd> ends;  ///< at most a FIN of each side and one RST, in order; none: it is open still
  /// The piece that a TLS ClientHello begins with: 0 of implicit TLS, later of STARTTLS; none: all is in clear.
  std::optional<std::size_t> tls_from;
};

struct Capture {
  std::vector<CapturedConnection> connections;  ///< in order of their first packet
  std::vector<std::string> notes;               ///< what of the file couldn't be read, and why; for people
  tls::KeyLog keys;                             ///< the secrets inside (pcapng's Decryption Secrets Blocks)
};

/// Bounds: 512 MiB kept, 1 MiB out of order for each side of a connection; what is over is told in a note, or as a
/// gap. Ethernet (VLANs), loopback, raw IP, Linux cooked; IPv4 and IPv6, fragments excepted. Who is the server: who
/// didn't send the SYN; else whose port is one of mail; else who says 220 first; else who has the lower port. Throws
/// Error naming the file: it can't be opened, or is no capture, or of a link type that isn't read. A file that was
/// cut keeps what was read, and a note says so.
Capture read_capture(const std::string& path);
/// The same from memory; `name` stands for the file in what is said.
Capture read_capture_bytes(std::string_view bytes, const std::string& name);

/// Whether a file that begins so is a capture.
bool is_capture(std::string_view beginning);

/// How TLS went on a connection. Without keys an alert under TLS 1.3 is known by its size, not by its code.
struct CapturedTls {
  bool answered = false;                   ///< by a ServerHello
  std::optional<Micros> heard_at = {};     ///< when the last bytes of the server's came
  bool up = false;                         ///< the client has finished its handshake
  std::optional<tls::Alert> alert;         ///< the first that ended it; code 0: it couldn't be read
  std::optional<bool> client_closes = {};  ///< who said close_notify first, where it could be read
  std::string unread;                      ///< why not all could be read; empty: it could
};
/// Puts what TLS carried in the place of its records; `tls_from` becomes the first piece that came under TLS, which
/// may be the end of them. What was read until something is wrong stays, the rest is left out. Nothing is done to a
/// connection without TLS.
CapturedTls decrypt(CapturedConnection& connection, const tls::KeyLog& keys);

}  // namespace mailfault::recorded
