#include "engine/memory_wire.hpp"

#include <algorithm>
#include <utility>

namespace mailfault {

void MemoryWire::client_sends(std::string_view bytes) {
  if (vanished_ || !listener_) return;
  if (held_) {
    held_bytes_ += bytes;
    return;
  }
  listener_->on_bytes(bytes);
  open_piece_ = false;
}

void MemoryWire::client_closes() {
  if (!listener_ || vanished_) return;
  listener_->on_peer_end(wire::PeerEnd::fin);
}

std::string_view MemoryWire::unread() {
  while (!arrivals_.empty() && arrivals_.front().at <= clock_.now()) {
    arrived_ = arrivals_.front().upto;
    arrivals_.pop_front();
  }
  return std::string_view(output_).substr(read_, arrived_ - read_);
}

Micros MemoryWire::next_event() const {
  auto next = alarm_;
  if (!held_ && !held_bytes_.empty()) next = std::min(next, clock_.now());
  for (const auto& arrival : arrivals_)
    if (arrival.at > clock_.now()) next = std::min(next, arrival.at);
  if (fin_ && last_arrival_ > clock_.now()) next = std::min(next, last_arrival_);
  return next;
}

void MemoryWire::run_alarm() {
  if (!listener_) return;
  if (!held_ && !held_bytes_.empty()) {
    auto bytes = std::exchange(held_bytes_, {});
    listener_->on_bytes(bytes);
    open_piece_ = false;
  }
  if (!listener_ || alarm_ > clock_.now()) return;
  alarm_ = never;
  listener_->on_wake();
  open_piece_ = false;
}

void MemoryWire::send(std::string_view bytes) {
  if (fin_ || reset_ || vanished_ || bytes.empty()) return;
  output_ += bytes;
  auto at =
      std::max(last_arrival_, clock_.now() + std::chrono::duration_cast<Micros>(settings_.latency * time_scale_));
  if (settings_.bandwidth > 0)
    at += std::chrono::duration_cast<Micros>(
        std::chrono::duration<double>(static_cast<double>(bytes.size()) / settings_.bandwidth * time_scale_));
  last_arrival_ = at;
  if (open_piece_ && !arrivals_.empty() && arrivals_.back().at == at) {
    arrivals_.back().upto = output_.size();
    return;
  }
  open_piece_ = true;
  ++arrivals_made_;
  arrivals_.push_back({at, output_.size()});
}

void MemoryWire::hold_reading(bool hold) {
  held_ = hold;  // what came meanwhile is delivered by run_alarm(): never from inside a call of the listener's
}

}  // namespace mailfault
