#include "journal/pcapng.hpp"

#include <algorithm>

namespace mailfault {
namespace {

constexpr std::size_t longest_segment = 64'000;
constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;
constexpr std::uint32_t magic = 0x1a2b3c4d, raw_ip = 101, tls_key_log = 0x544c534b;

// Blocks are in little endian, packets in big endian.
template <typename Number>
void little(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) out += static_cast<char>(number >> 8 * i & 255);
}
template <typename Number>
void big(std::string& out, Number number) {
  for (std::size_t i = sizeof number; i-- > 0;) out += static_cast<char>(number >> 8 * i & 255);
}

std::string option(std::uint16_t code, std::string_view value) {
  std::string out;
  little(out, code);
  little(out, static_cast<std::uint16_t>(value.size()));
  out.append(value).resize((out.size() + 3) / 4 * 4);
  return out;
}
const std::string no_more_options(4, '\0');

void block(std::string& out, std::uint32_t type, std::string_view head, std::string_view body = {},
           std::string_view options = {}) {
  auto padded = (body.size() + 3) / 4 * 4;
  auto size = static_cast<std::uint32_t>(12 + head.size() + padded + options.size());
  little(out, type);
  little(out, size);
  out.append(head).append(body).append(padded - body.size(), '\0').append(options);
  little(out, size);
}

std::string interface_and_time(Micros at) {
  std::string out;
  auto time = static_cast<std::uint64_t>(at.count());
  little(out, std::uint32_t{0});
  little(out, static_cast<std::uint32_t>(time >> 32));
  little(out, static_cast<std::uint32_t>(time));
  return out;
}

// RFC 1071.
std::uint32_t sum(std::string_view bytes) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto byte = std::uint32_t{static_cast<std::uint8_t>(bytes[i])};
    total += i % 2 == 0 ? byte << 8 : byte;
  }
  return total;  // of at most 65,535 bytes: no overflow
}
std::uint16_t checksum(std::uint32_t total) {
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}
void put(std::string& bytes, std::size_t at, std::uint16_t number) {
  bytes[at] = static_cast<char>(number >> 8);
  bytes[at + 1] = static_cast<char>(number & 255);
}

std::string_view address(const TcpEnd& end) {
  return {reinterpret_cast<const char*>(end.address.data()), end.v6 ? std::size_t{16} : std::size_t{4}};
}

std::string ip_header(const TcpEnd& from, const TcpEnd& to, std::size_t payload) {
  std::string out;
  if (from.v6) {
    big(out, std::uint32_t{0x60000000});
    big(out, static_cast<std::uint16_t>(payload));
    big(out, std::uint16_t{0x0640});  // TCP, 64 hops
    return out.append(address(from)).append(address(to));
  }
  big(out, std::uint16_t{0x4500});
  big(out, static_cast<std::uint16_t>(payload + 20));
  big(out, std::uint32_t{0x00004000});  // don't fragment
  big(out, std::uint32_t{0x40060000});
  out.append(address(from)).append(address(to));
  put(out, 10, checksum(sum(out)));
  return out;
}

}  // namespace

std::string pcapng_head() {
  std::string out, head;
  little(head, magic);
  little(head, std::uint32_t{1});   // version 1.0
  little(head, ~std::uint64_t{0});  // the section's length isn't known
  block(out, 0x0a0d0d0a, head, {}, option(4, "mailfault") + no_more_options);
  head.clear();
  little(head, raw_ip);
  little(head, std::uint32_t{0});  // no limit to a packet's length
  block(out, 1, head, {}, option(2, "mailfault") + option(9, "\x06") + no_more_options);
  return out;
}

std::string pcapng_keys(std::string_view lines) {
  std::string out, head;
  little(head, tls_key_log);
  little(head, static_cast<std::uint32_t>(lines.size()));
  block(out, 0xa, head, lines);
  return out;
}

std::string pcapng_drops(Micros at, std::uint64_t packets) {
  std::string out, count;
  little(count, packets);
  block(out, 5, interface_and_time(at), {}, option(5, count) + no_more_options);
  return out;
}

PcapngConnection::PcapngConnection(const TcpEnd& client, const TcpEnd& server, std::uint32_t number)
    : client_{client, number << 20}, server_{server, (number << 20) + (1U << 31)} {}

void PcapngConnection::segment(std::string& out, Micros at, bool from_client, std::uint8_t flags,
                               std::string_view bytes) {
  Side& from = side(from_client);
  const Side& to = side(!from_client);
  std::string tcp;
  big(tcp, from.end.port);
  big(tcp, to.end.port);
  big(tcp, from.next);
  big(tcp, (flags & ack) != 0 ? to.next : 0);
  std::string options;
  if ((flags & syn) != 0) {
    // Segments of any size, and a window of 1 GiB, so that nobody takes the missing acknowledgements for a full one.
    big(options, std::uint32_t{0x02040000 + longest_segment});
    big(options, std::uint32_t{0x0103030e});
  }
  tcp += static_cast<char>((20 + options.size()) / 4 << 4);
  tcp += static_cast<char>(flags);
  big(tcp, std::uint16_t{0xffff});
  big(tcp, std::uint32_t{0});
  tcp.append(options).append(bytes);
  auto pseudo = sum(address(from.end)) + sum(address(to.end)) + 6 + static_cast<std::uint32_t>(tcp.size());
  put(tcp, 16, checksum(pseudo + sum(tcp)));
  from.next += static_cast<std::uint32_t>(bytes.size()) + ((flags & (syn | fin)) != 0 ? 1 : 0);

  auto head = interface_and_time(at);
  auto packet = ip_header(from.end, to.end, tcp.size()) + tcp;
  little(head, static_cast<std::uint32_t>(packet.size()));
  little(head, static_cast<std::uint32_t>(packet.size()));
  block(out, 6, head, packet);
}

std::string PcapngConnection::opened(Micros at) {
  std::string out;
  segment(out, at, true, syn, {});
  segment(out, at, false, syn | ack, {});
  segment(out, at, true, ack, {});
  return out;
}

std::string PcapngConnection::passed(Micros at, bool from_client, std::string_view bytes) {
  std::string out;
  if (reset_ || side(from_client).shut) return out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), longest_segment)))
    segment(out, at, from_client, psh | ack, bytes.substr(0, longest_segment));
  return out;
}

std::string PcapngConnection::ended(Micros at, bool by_client, bool reset) {
  std::string out;
  if (reset_ || (!reset && side(by_client).shut)) return out;
  segment(out, at, by_client, reset ? rst | ack : fin | ack, {});
  if (!reset && side(!by_client).shut) segment(out, at, !by_client, ack, {});
  side(by_client).shut = true;
  reset_ = reset;
  return out;
}

}  // namespace mailfault
