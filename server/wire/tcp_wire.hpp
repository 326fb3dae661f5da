// A connection over a socket: a pump of callbacks. One read always pending (unless held), one write in flight, one
// timer that is armed when a deadline comes nearer, and merely looks when it fires early.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "journal/capture_file.hpp"
#include "wire/asio.hpp"
#include "wire/pacing.hpp"
#include "wire/reactor_impl.hpp"
#include "wire/sockets.hpp"
#include "wire/wire.hpp"

namespace mailfault::wire {

class TcpWire final : public Wire, public std::enable_shared_from_this<TcpWire> {
 public:
  using Accepted = std::function<WireListener*(std::shared_ptr<Wire>)>;

  TcpWire(Reactor::Impl& reactor, Fd socket, const Address& peer, const std::shared_ptr<CaptureFile>& capture = {});
  /// Asks who listens, which is the connection's first turn, and begins to read.
  void start(const Accepted& accepted);

  void send(std::string_view bytes) override;
  void push() override { cut(true); }
  std::size_t unsent() const override;
  void wake_at(Micros time) override;
  const Clock& clock() const override { return reactor_.clock; }
  void hold_reading(bool hold) override;
  void close(Micros linger) override;
  void reset() override;
  void half_close() override;
  bool vanish() override;
  void heal() override;
  void use(const WireSettings& settings, double time_scale, std::uint64_t seed) override;
  void detach() override;
  std::string peer_address() const override { return peer_.host(); }
  std::uint16_t peer_port() const override { return peer_.port(); }

 private:
  struct Piece {
    Micros due;
    bool ends_segment;
    std::string bytes;
  };
  /// What the socket hasn't taken. Exists only while there is something.
  struct Outbox {
    std::deque<Piece> pieces;
    std::size_t written = 0;   ///< of the first piece
    std::deque<Piece> healed;  ///< sent after vanish(): leave with heal()
    std::string loose;         ///< sent outside of a turn
    std::size_t bytes = 0;     ///< in the pieces
    bool cut_posted = false;
  };
  enum class Ending : std::uint8_t { none, half_close, close, reset };
  enum class Vanish : std::uint8_t { no, waiting, done };

  template <typename Call>
  void turn(Call call);

  Outbox& outbox();
  void cut(bool ends_segment);
  void queue(std::string_view bytes, bool ends_segment);
  std::optional<std::size_t> write(std::string_view bytes, bool ends_segment);
  void drain();
  bool queued() const { return out_ && !out_->pieces.empty(); }
  Micros last_due() const;
  void output_failed(int error);
  void fail(PeerEnd how);

  void read();
  void got(error_code error, std::size_t size);
  void deliver(std::size_t size);
  void ended(PeerEnd how);
  void watch_hang_up();
  void fit_receive_buffer();

  void advance();
  void follow_ending(Micros now);
  void shut_down();
  void begin(Ending ending, Micros patience);
  bool closing() const { return ending_ == Ending::close || ending_ == Ending::reset; }
  void finish();
  void need(Micros time) { next_ = std::min(next_, time); }
  void arm();
  void on_timer();
  template <typename Task>
  void post(Task task);
  int fd() { return socket_.native_handle(); }

  Reactor::Impl& reactor_;
  WireListener* listener_ = nullptr;
  Descriptor socket_;
  std::unique_ptr<Timer> timer_;
  std::unique_ptr<Outbox> out_;
  std::unique_ptr<Pacing> pacing_;              ///< unless the settings are plain
  std::unique_ptr<ConnectionCapture> capture_;  ///< if it is wanted
  Micros armed_ = never;                        ///< when the timer fires
  Micros alarm_ = never;                        ///< the listener's
  Micros next_ = never;                         ///< when advance() has something to do
  Micros ending_from_{};                        ///< when pacing lets the ending leave
  Micros patience_ = never;                     ///< when an ending or a vanishing no longer waits for the client
  Micros linger_{};
  Address peer_;
  int usual_receive_buffer_ = 0;  ///< 0: it is in force
  std::uint16_t kept_ = 0;        ///< bytes that a pending read took during a hold
  Ending ending_ = Ending::none;
  Vanish vanish_ = Vanish::no;
  std::optional<PeerEnd> failure_;
  bool reading_ = false;
  bool watching_ = false;
  bool held_ = false;
  bool filtered_ = false;    ///< by the settings
  bool peer_ended_ = false;  ///< nothing more comes
  bool deaf_ = false;        ///< takes no more to send
  bool shut_ = false;        ///< FIN was sent
  bool lingering_ = false;
  bool await_write_ = false;
  bool gone_ = false;
  std::array<char, 256> buffer_;
};

}  // namespace mailfault::wire
