#include "import/reassembly.hpp"

#include <algorithm>
#include <array>

namespace mailfault::recorded {
namespace {

constexpr std::size_t piece_cost = 96, flow_cost = 1024;

bool is_mail_port(std::uint16_t port) {
  constexpr std::array<std::uint16_t, 8> ports{25, 587, 465, 2525, 24, 1025, 1587, 1465};
  return std::ranges::find(ports, port) != ports.end();
}

// RFC 8446 section 5.1: a handshake record whose first message is a ClientHello.
bool is_client_hello(std::string_view bytes) {
  return bytes.size() >= 6 && bytes[0] == 0x16 && bytes[1] == 3 && static_cast<unsigned char>(bytes[2]) <= 4 &&
         bytes[5] == 1;
}

}  // namespace

Reassembly::Flow& Reassembly::flow_of(const CapturedSegment& segment) {
  std::tuple low(segment.from.address, segment.from.port), high(segment.to.address, segment.to.port);
  if (high < low) std::swap(low, high);
  Key key = std::tuple_cat(std::tuple(segment.from.v6), low, high);
  auto [at, is_new] = open_.try_emplace(key, flows_.size());
  if (!is_new && segment.syn && !segment.ack) {
    // The ports are used again, unless it is the same SYN once more, or the other side's came first.
    const Flow& known = flows_[at->second];
    const Side& side = known.sides[known.sides[0].end == segment.from ? 0 : 1];
    is_new = side.known && (known.client < 0 || known.syn_sequence != segment.sequence);
    if (is_new) at->second = flows_.size();
  }
  if (is_new) {
    Flow& flow = flows_.emplace_back();
    flow.sides[0].end = segment.from;
    flow.sides[1].end = segment.to;
    used_ += flow_cost;
  }
  return flows_[at->second];
}

bool Reassembly::add(const CapturedSegment& segment) {
  if (used_ + flow_cost + segment.bytes.size() + piece_cost > most) return false;
  Flow& flow = flow_of(segment);
  if (flow.reset) return true;
  int index = flow.sides[0].end == segment.from ? 0 : 1;
  Side& side = flow.sides[index];
  if (segment.syn) {
    if (flow.client < 0) flow.client = segment.ack ? 1 - index : index;
    if (!segment.ack) {
      flow.syn_sequence = segment.sequence;
      if (!flow.out.opened_at) flow.out.opened_at = segment.at;
    }
    if (!side.known) side.next_sequence = segment.sequence + 1;
    side.known = true;
  }
  if (!side.known && (segment.claimed > 0 || segment.fin)) {
    side.next_sequence = segment.sequence;
    side.known = true;
  }
  side.spoke = side.spoke || !segment.rst;
  if (segment.claimed > 0 || segment.fin) place(flow, index, segment);
  if (segment.rst) {
    flow.reset = true;
    flow.out.ends.push_back({segment.at, index == 0, true, segment.packet});
  }
  return true;
}

void Reassembly::place(Flow& flow, int index, const CapturedSegment& segment) {
  Side& side = flow.sides[index];
  auto first = segment.sequence + (segment.syn ? 1 : 0);
  auto distance = static_cast<std::int32_t>(first - side.next_sequence);
  auto bytes = segment.bytes;
  auto size = static_cast<std::int64_t>(segment.claimed);
  if (distance + size < 0) return;  // sent again
  if (distance < 0) {               // a part of it is
    bytes.remove_prefix(std::min(static_cast<std::size_t>(-std::int64_t{distance}), bytes.size()));
    size += distance;
    distance = 0;
  }
  if (segment.fin && !side.fin_place) {
    side.fin_place = side.next + static_cast<std::uint64_t>(distance + size);
    side.fin_at = segment.at;
    side.fin_packet = segment.packet;
  }
  auto at = side.next + static_cast<std::uint64_t>(distance);
  if (distance == 0) {
    append(flow, index, at, {segment.at, std::string(bytes), segment.packet});
  } else if (!bytes.empty()) {
    auto [early, is_new] = side.early.try_emplace(at);
    if (is_new || early->second.bytes.size() < bytes.size()) {
      auto more = bytes.size() - early->second.bytes.size() + (is_new ? piece_cost : 0);
      side.early_size += more;
      used_ += more;
      early->second = {segment.at, std::string(bytes), segment.packet};
    }
    while (side.early_size > most_early) skip(flow, index);
  }
  drain(flow, index);
}

void Reassembly::append(Flow& flow, int index, std::uint64_t place, const Early& came) {
  Side& side = flow.sides[index];
  std::string_view bytes = came.bytes;
  if (place < side.next) bytes.remove_prefix(std::min<std::uint64_t>(side.next - place, bytes.size()));
  if (bytes.empty()) return;
  side.next += bytes.size();
  side.next_sequence += static_cast<std::uint32_t>(bytes.size());
  side.last_at = std::max(side.last_at, came.at);  // a file's times may go back, a stream doesn't
  used_ += bytes.size() + piece_cost;
  flow.out.pieces.push_back({side.last_at, index == 0, std::string(bytes), came.packet});
}

// What waited and now follows: it has come when the missing came.
void Reassembly::drain(Flow& flow, int index) {
  Side& side = flow.sides[index];
  while (!side.early.empty() && side.early.begin()->first <= side.next) {
    auto node = side.early.extract(side.early.begin());
    auto cost = node.mapped().bytes.size() + piece_cost;
    side.early_size -= cost;
    used_ -= cost;
    append(flow, index, node.key(), node.mapped());
  }
  if (side.fin_place && *side.fin_place <= side.next && !side.ended) {
    side.ended = true;
    flow.out.ends.push_back({std::max(side.last_at, side.fin_at), index == 0, false, side.fin_packet});
  }
}

// The missing won't come any more: what waits follows a gap.
void Reassembly::skip(Flow& flow, int index) {
  Side& side = flow.sides[index];
  auto to = side.early.empty() ? *side.fin_place : side.early.begin()->first;
  auto at = side.early.empty() ? side.fin_at : side.early.begin()->second.at;
  flow.out.gaps.push_back({std::max(side.last_at, at), index == 0, side.next, to - side.next});
  used_ += piece_cost;
  side.next_sequence += static_cast<std::uint32_t>(to - side.next);
  side.next = to;
  drain(flow, index);
}

void Reassembly::finish(Flow& flow) {
  auto& out = flow.out;
  int client = flow.client;
  if (client < 0 && is_mail_port(flow.sides[0].end.port) != is_mail_port(flow.sides[1].end.port))
    client = is_mail_port(flow.sides[0].end.port) ? 1 : 0;
  auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
  std::ranges::stable_sort(out.pieces, by_time);
  std::ranges::stable_sort(out.gaps, by_time);
  std::ranges::stable_sort(out.ends, by_time);
  for (const auto& piece : out.pieces) {
    if (client >= 0) break;
    if (piece.bytes.starts_with("220")) client = piece.from_client ? 1 : 0;
  }
  if (client < 0) client = flow.sides[0].end.port < flow.sides[1].end.port ? 1 : 0;
  out.client = flow.sides[client].end;
  out.server = flow.sides[1 - client].end;
  out.accepted = flow.sides[1 - client].spoke;
  if (client == 1) {
    for (auto& each : out.pieces) each.from_client = !each.from_client;
    for (auto& each : out.gaps) each.from_client = !each.from_client;
    for (auto& each : out.ends) each.by_client = !each.by_client;
  }
  for (std::size_t i = 0; i < out.pieces.size() && !out.tls_from; ++i) {
    if (!out.pieces[i].from_client || out.pieces[i].bytes[0] != 0x16) continue;
    auto start = out.pieces[i].bytes.substr(0, 6);
    for (auto j = i + 1; j < out.pieces.size() && start.size() < 6; ++j)
      if (out.pieces[j].from_client) start += out.pieces[j].bytes.substr(0, 6);
    if (is_client_hello(start)) out.tls_from = i;
  }
}

std::vector<CapturedConnection> Reassembly::take() {
  std::vector<CapturedConnection> out;
  for (auto& flow : flows_) {
    for (int index : {0, 1}) {
      Side& side = flow.sides[index];
      while (!side.early.empty() || (side.fin_place && !side.ended)) skip(flow, index);
    }
    finish(flow);
    out.push_back(std::move(flow.out));
  }
  flows_.clear();
  open_.clear();
  used_ = 0;
  return out;
}

}  // namespace mailfault::recorded
