// One connection's byte stream, and what drives it. Plain interfaces: the real ones lie over Asio (tcp_*.cpp), the
// virtual one of the replay over memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "scenario/wire_settings.hpp"

namespace mailfault::wire {

/// How the other side ended a connection, or why it can't be used any more.
enum class PeerEnd : std::uint8_t { fin, reset, timed_out, failed };

/// Whom a wire tells. Called on the instance's thread, never from inside a call to the wire. The listener may destroy
/// itself in any of these calls: the wire touches it no more once detach() was called.
class WireListener {
 public:
  virtual ~WireListener() = default;
  /// Bytes from the client; they die when the call returns.
  virtual void on_bytes(std::string_view bytes) = 0;
  /// The client's FIN (it may still read), or the connection is dead. At most once.
  virtual void on_peer_end(PeerEnd how) = 0;
  /// The time given to wake_at() has come.
  virtual void on_wake() = 0;
  /// After close(), reset(): the connection is gone and the wire will call no more.
  virtual void on_closed() = 0;
};

/// A connection. All calls from the instance's thread.
///
/// Order is kept: what was sent leaves before an ending does. Bytes of several send() calls gather into one write
/// until push(), wake_at() … or the end of the turn (the return from the listener's call), whichever comes first.
class Wire {
 public:
  virtual ~Wire() = default;

  virtual void send(std::string_view bytes) = 0;
  /// Ends a segment: what was gathered becomes one write, and is never joined with what comes later.
  virtual void push() = 0;
  /// Bytes given to send() that the socket has not yet taken (in pacing, or the client reads too slowly).
  virtual std::size_t unsent() const = 0;

  /// One alarm; a later call replaces it. `never` takes it back. Real time of clock().
  virtual void wake_at(Micros time) = 0;
  virtual const Clock& clock() const = 0;

  /// While held nothing is taken from the socket, so the client's window closes.
  virtual void hold_reading(bool hold) = 0;

  /// All that was sent leaves, then FIN. Reads and ignores for `linger`, then the descriptor is closed: with 0 at
  /// once, so that bytes of the client's meet a RST. Ends earlier when the client closes.
  virtual void close(Micros linger) = 0;
  /// All that was sent has been acknowledged (waits up to 1 s for it), then RST.
  virtual void reset() = 0;
  /// All that was sent leaves, then FIN; reading goes on.
  virtual void half_close() = 0;
  /// All that was sent has been acknowledged (≤ 1 s); then neither side hears the other, until heal() or the end of
  /// the run. False if this machine can't (tier T1 needs CAP_NET_ADMIN): then nothing was done.
  virtual bool vanish() = 0;
  /// Takes off the socket filters of vanish() and of the settings' mtu and loss.
  virtual void heal() = 0;

  /// From here on, for this connection. `time_scale` turns nominal times into real ones; `seed` draws jitter and
  /// loss.
  virtual void use(const WireSettings& settings, double time_scale, std::uint64_t seed) = 0;

  /// The listener is going away: no more calls to it. An open connection is closed at once.
  virtual void detach() = 0;

  virtual std::string peer_address() const = 0;  ///< without the port
  virtual std::uint16_t peer_port() const = 0;
};

}  // namespace mailfault::wire
