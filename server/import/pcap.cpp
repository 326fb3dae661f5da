#include "import/pcap.hpp"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "import/reassembly.hpp"

// libpcap's list of what it could capture from names D-Bus, which would need a library of its own. Files need none.
extern "C" {
int dbus_findalldevs(void* devices, char* error);
pcap_t* dbus_create(const char* device, char* error, int* is_ours);
int dbus_findalldevs(void*, char*) { return 0; }
pcap_t* dbus_create(const char*, char*, int* is_ours) {
  *is_ours = 0;
  return nullptr;
}
}

namespace mailfault::recorded {
namespace {

std::uint16_t two(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}
std::uint32_t four(std::string_view bytes, std::size_t at) {
  return std::uint32_t{two(bytes, at)} << 16 | two(bytes, at + 2);
}

/// Where IP begins; npos: it isn't IP.
std::size_t ip_at(int link, std::string_view packet) {
  constexpr auto none = std::string_view::npos;
  auto is_ip = [](std::uint16_t type) { return type == 0x0800 || type == 0x86dd; };
  switch (link) {
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
      return 0;
    case DLT_NULL:
    case DLT_LOOP:
      return 4;
    case DLT_LINUX_SLL:
      return packet.size() >= 16 && is_ip(two(packet, 14)) ? 16 : none;
    case DLT_LINUX_SLL2:
      return packet.size() >= 20 && is_ip(two(packet, 0)) ? 20 : none;
    default: {  // Ethernet
      std::size_t at = 12;
      while (packet.size() >= at + 6 && (two(packet, at) == 0x8100 || two(packet, at) == 0x88a8)) at += 4;
      return packet.size() >= at + 2 && is_ip(two(packet, at)) ? at + 2 : none;
    }
  }
}

bool is_read(int link) {
  switch (link) {
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
    case DLT_NULL:
    case DLT_LOOP:
    case DLT_LINUX_SLL:
    case DLT_LINUX_SLL2:
    case DLT_EN10MB:
      return true;
    default:
      return false;
  }
}

TcpEnd end_at(std::string_view packet, std::size_t at, bool v6) {
  TcpEnd end;
  end.v6 = v6;
  std::memcpy(end.address.data(), packet.data() + at, v6 ? 16 : 4);
  return end;
}

enum class Kind : std::uint8_t { segment, fragment, other };

Kind tcp_of(std::string_view ip, std::size_t payload, std::string_view tcp, CapturedSegment& out) {
  if (tcp.size() < 20) return Kind::other;
  auto header = static_cast<std::size_t>(static_cast<unsigned char>(tcp[12]) >> 4) * 4;
  if (header < 20 || header > payload) return Kind::other;
  bool v6 = static_cast<unsigned char>(ip[0]) >> 4 == 6;
  out.from = end_at(ip, v6 ? 8 : 12, v6);
  out.to = end_at(ip, v6 ? 24 : 16, v6);
  out.from.port = two(tcp, 0);
  out.to.port = two(tcp, 2);
  out.sequence = four(tcp, 4);
  auto flags = static_cast<unsigned char>(tcp[13]);
  out.fin = (flags & 1) != 0;
  out.syn = (flags & 2) != 0;
  out.rst = (flags & 4) != 0;
  out.ack = (flags & 16) != 0;
  out.claimed = out.rst ? 0 : payload - header;  // a RST's text is a reason, not of the stream
  out.bytes = tcp.substr(std::min(header, tcp.size())).substr(0, out.claimed);
  return Kind::segment;
}

Kind ipv4(std::string_view ip, CapturedSegment& out) {
  if (ip.size() < 20) return Kind::other;
  auto header = static_cast<std::size_t>(ip[0] & 15) * 4;
  std::size_t total = two(ip, 2);
  if (total == 0) total = ip.size();  // cut into packets by the card
  if (ip[9] != 6 || header < 20 || header > ip.size() || total < header) return Kind::other;
  if ((two(ip, 6) & 0x3fff) != 0) return Kind::fragment;
  return tcp_of(ip, total - header, ip.substr(0, total).substr(header), out);
}

Kind ipv6(std::string_view ip, CapturedSegment& out) {
  if (ip.size() < 40) return Kind::other;
  std::size_t total = two(ip, 4) == 0 ? ip.size() : 40 + std::size_t{two(ip, 4)}, at = 40;
  auto next = static_cast<unsigned char>(ip[6]);
  while (next == 0 || next == 43 || next == 60) {  // hop by hop, routing, destination
    if (ip.size() < at + 8) return Kind::other;
    next = static_cast<unsigned char>(ip[at]);
    at += (static_cast<std::size_t>(static_cast<unsigned char>(ip[at + 1])) + 1) * 8;
  }
  if (next == 44) return Kind::fragment;
  if (next != 6 || at > ip.size() || at > total) return Kind::other;
  return tcp_of(ip, total - at, ip.substr(0, total).substr(at), out);
}

Kind segment_of(int link, std::string_view packet, CapturedSegment& out) {
  auto at = ip_at(link, packet);
  if (at >= packet.size()) return Kind::other;
  auto ip = packet.substr(at);
  switch (static_cast<unsigned char>(ip[0]) >> 4) {
    case 4:
      return ipv4(ip, out);
    case 6:
      return ipv6(ip, out);
    default:
      return Kind::other;
  }
}

Micros time_of(const timeval& time) {
  constexpr std::int64_t latest = std::int64_t{1} << 40;  // of seconds: a broken file's are without bound
  return std::chrono::seconds(std::clamp<std::int64_t>(time.tv_sec, 0, latest)) +
         Micros(std::clamp<std::int64_t>(time.tv_usec, 0, 999'999));
}

using File = std::unique_ptr<FILE, int (*)(FILE*)>;

// libpcap passes over Decryption Secrets Blocks: they are looked for here, and the file is at its beginning again.
void take_keys(FILE* file, tls::KeyLog& keys) {
  constexpr std::uint32_t secrets_block = 10, tls_key_log = 0x544c534b, mark = 0x1a2b3c4d, swapped = 0x4d3c2b1a;
  constexpr std::uint32_t most = 64 << 20;
  std::array<std::uint32_t, 4> head{};
  auto begins = [&] { return std::fread(head.data(), sizeof head, 1, file) == 1; };
  bool other_order = false;
  auto number = [&](std::size_t at) { return other_order ? __builtin_bswap32(head[at]) : head[at]; };
  while (begins()) {
    if (head[0] == 0x0a0d0d0a) other_order = head[2] == swapped;
    if (head[0] == 0x0a0d0d0a && head[2] != mark && head[2] != swapped) break;
    auto size = number(1);
    if (size < 12 || size % 4 != 0) break;
    bool secrets = number(0) == secrets_block && number(2) == tls_key_log && number(3) <= size - std::min(size, 20U);
    std::string text(secrets && number(3) < most ? number(3) : 0, '\0');
    if (std::fread(text.data(), 1, text.size(), file) != text.size()) break;
    keys.add(text);
    auto rest = static_cast<long>(size) - static_cast<long>(sizeof head + text.size());
    if (std::fseek(file, rest, SEEK_CUR) != 0) break;
  }
  std::rewind(file);
}

Capture read(File file, const std::string& name) {
  char error[PCAP_ERRBUF_SIZE] = "";
  auto refuse = [&](const std::string& why) {
    throw Error(name + ": this is no capture that can be read: " + why +
                "; pcap and pcapng are, as tcpdump -w and "
                "Wireshark write them");
  };
  Capture out;
  take_keys(file.get(), out.keys);
  std::unique_ptr<pcap_t, void (*)(pcap_t*)> capture(pcap_fopen_offline(file.get(), error), pcap_close);
  if (!capture) refuse(error);
  static_cast<void>(file.release());  // libpcap's now
  auto link = pcap_datalink(capture.get());
  if (!is_read(link)) {
    const char* link_name = pcap_datalink_val_to_name(link);
    refuse("its link type is " + std::string(link_name ? link_name : std::to_string(link)) +
           ", but Ethernet, loopback, raw IP and Linux cooked ones are known");
  }

  Reassembly connections;
  std::uint64_t packets = 0, fragments = 0;
  for (;;) {
    pcap_pkthdr* header = nullptr;
    const unsigned char* data = nullptr;
    auto got = pcap_next_ex(capture.get(), &header, &data);
    if (got == PCAP_ERROR_BREAK) break;
    if (got != 1) {
      out.notes.push_back(name + ": it can be read up to packet " + std::to_string(packets) +
                          " only: " + pcap_geterr(capture.get()));
      break;
    }
    CapturedSegment segment;
    segment.packet = ++packets;
    auto kind = segment_of(link, {reinterpret_cast<const char*>(data), header->caplen}, segment);
    if (kind == Kind::fragment) ++fragments;
    if (kind != Kind::segment) continue;
    segment.at = time_of(header->ts);
    if (connections.add(segment)) continue;
    out.notes.push_back(name + ": it holds more than " + format_size(Reassembly::most) + "; packet " +
                        std::to_string(packets) + " and what follows was not read: filter it by port first");
    break;
  }
  if (fragments > 0)
    out.notes.push_back(name + ": " + counted(fragments, "IP fragment was", "IP fragments were") + " left out");
  out.connections = connections.take();
  return out;
}

// What the records of one side say without keys.
struct Records {
  bool handshake = false, application_data = false;
  bool sealed_alert = false;  ///< of TLS 1.3: no other record under it is so short (RFC 8446 section 5.2)
  std::optional<std::uint8_t> alert;

  void look(std::string_view bytes) {
    constexpr std::size_t header_size = 5;
    while (!bytes.empty()) {
      if (left_ > 0) {
        auto count = std::min(left_, bytes.size());
        bytes.remove_prefix(count);
        left_ -= count;
        continue;
      }
      head_ += bytes.front();
      bytes.remove_prefix(1);
      if (head_.size() < header_size) continue;
      std::size_t size = two(head_, 3), seen = std::min<std::size_t>(size, 2);
      if (head_.size() < header_size + seen) continue;
      begun(size);
      left_ = size - seen;
      head_.clear();
    }
  }

 private:
  void begun(std::size_t size) {
    constexpr std::size_t alert_size = 2, alert_of_tls13 = alert_size + 1 + 16;  // its type, its tag
    auto type = head_[0];
    handshake = handshake || type == 22;
    if (type == 21 && size == alert_size && head_.back() != 0 && !alert) alert = head_.back();
    if (type == 23 && !application_data) sealed_alert = size == alert_of_tls13;
    application_data = application_data || type == 23;
  }
  std::string head_;  ///< of the record, and two bytes of what is in it
  std::size_t left_ = 0;
};

}  // namespace

bool is_capture(std::string_view beginning) {
  constexpr std::array<std::string_view, 5> marks{"\x0a\x0d\x0d\x0a", "\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1",
                                                  "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1"};
  return std::ranges::any_of(marks, [&](auto mark) { return beginning.starts_with(mark); });
}

CapturedTls decrypt(CapturedConnection& connection, const tls::KeyLog& keys) {
  CapturedTls out;
  if (!connection.tls_from) return out;
  tls::Decryptor decryptor(keys);
  Records client, server;
  auto sealed = connection.pieces.begin() + static_cast<std::ptrdiff_t>(*connection.tls_from);
  for (auto piece = sealed; piece != connection.pieces.end(); ++piece) {
    (piece->from_client ? client : server).look(piece->bytes);
    if (!piece->from_client) out.heard_at = piece->at;
    piece->bytes = decryptor.feed(piece->from_client, piece->bytes);
  }
  connection.pieces.erase(
      std::remove_if(sealed, connection.pieces.end(), [](const auto& piece) { return piece.bytes.empty(); }),
      connection.pieces.end());
  out.answered = server.handshake;
  out.up = client.application_data && !client.sealed_alert;
  out.alert = decryptor.alert();
  if (!out.alert && client.alert) out.alert = tls::Alert{true, true, *client.alert};
  if (!out.alert && server.alert) out.alert = tls::Alert{false, true, *server.alert};
  if (!out.alert && client.sealed_alert) out.alert = tls::Alert{true, true, 0};
  out.client_closes = decryptor.client_closes();
  out.unread = decryptor.why();
  return out;
}

Capture read_capture(const std::string& path) {
  File file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (!file) throw Error(path + ": the capture can't be read: " + std::strerror(errno));
  return read(std::move(file), path);
}

Capture read_capture_bytes(std::string_view bytes, const std::string& name) {
  std::string copy(bytes);
  File file(copy.empty() ? std::fopen("/dev/null", "rbe") : fmemopen(copy.data(), copy.size(), "rb"), std::fclose);
  if (!file) throw Error(name + ": the capture can't be read: " + std::strerror(errno));
  return read(std::move(file), name);
}

}  // namespace mailfault::recorded
