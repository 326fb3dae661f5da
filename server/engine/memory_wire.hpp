// A wire over memory on a virtual clock: what the replay of examples and the engine's tests play on.
#pragma once

#include <deque>
#include <string>

#include "wire/wire.hpp"

namespace mailfault {

class VirtualClock final : public Clock {
 public:
  Micros now() const override { return now_; }
  void set(Micros time) { now_ = time; }

 private:
  Micros now_{};
};

/// The client's end is a few plain members; the test drives it. Latency and bandwidth hold, loss and mtu don't.
class MemoryWire final : public wire::Wire {
 public:
  explicit MemoryWire(const VirtualClock& clock) : clock_(clock) {}

  // The client's side.
  void connect(wire::WireListener* listener) { listener_ = listener; }
  void client_sends(std::string_view bytes);
  void client_closes();
  /// What has arrived by now and was not taken.
  std::string_view unread();
  void take(std::size_t count) { read_ += count; }
  bool fin() const { return fin_ && clock_.now() >= last_arrival_; }
  bool reset_seen() const { return reset_; }
  /// The next moment at which something happens on this wire: its alarm, or bytes that arrive.
  Micros next_event() const;
  /// Calls on_wake() if it is time.
  void run_alarm();
  /// How many writes were made, pieces that were pushed apart counted each.
  std::size_t writes() const { return arrivals_made_; }

  void send(std::string_view bytes) override;
  void push() override { open_piece_ = false; }
  std::size_t unsent() const override { return 0; }
  void wake_at(Micros time) override { alarm_ = time; }
  const Clock& clock() const override { return clock_; }
  void hold_reading(bool hold) override;
  void close(Micros) override { end(fin_); }
  void reset() override { end(reset_); }
  void half_close() override { fin_ = true; }
  bool vanish() override { return vanished_ = true; }
  void heal() override { vanished_ = false; }
  void use(const WireSettings& settings, double time_scale, std::uint64_t) override {
    settings_ = settings;
    time_scale_ = time_scale;
  }
  void detach() override {
    listener_ = nullptr;
    alarm_ = never;
    held_bytes_.clear();
    if (!reset_ && !vanished_) fin_ = true;
  }
  std::string peer_address() const override { return "192.0.2.7"; }
  std::uint16_t peer_port() const override { return 40000; }

 private:
  struct Arrival {
    Micros at;
    std::size_t upto;  // of output_
  };
  void end(bool& how) {
    how = true;
    alarm_ = never;
  }

  const VirtualClock& clock_;
  wire::WireListener* listener_ = nullptr;
  std::string output_;
  std::size_t read_ = 0;
  std::deque<Arrival> arrivals_;
  std::size_t arrived_ = 0, arrivals_made_ = 0;
  Micros last_arrival_{};
  bool open_piece_ = false;
  Micros alarm_ = never;
  WireSettings settings_;
  double time_scale_ = 1;
  bool held_ = false, fin_ = false, reset_ = false, vanished_ = false;
  std::string held_bytes_;
};

}  // namespace mailfault
