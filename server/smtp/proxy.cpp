#include "smtp/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace mailfault::smtp {
namespace {

constexpr std::string_view begins_v1 = "PROXY ";
constexpr std::string_view begins_v2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t longest_line = 107;
constexpr std::size_t head_v2 = 16;

using Result = std::variant<ProxyHeader, ProxyIncomplete, ProxyMalformed>;

bool could_begin(std::string_view bytes, std::string_view with) {
  return bytes.substr(0, with.size()) == with.substr(0, bytes.size());
}

std::optional<std::uint16_t> port(std::string_view text) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (error != std::errc() || end != text.data() + text.size() || padded) return std::nullopt;
  return value;
}

// As the kernel would write it; empty if it is none of that family.
std::string address(std::string_view text, int family) {
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos || inet_pton(family, terminated.c_str(), bytes.data()) != 1)
    return "";
  return inet_ntop(family, bytes.data(), shown.data(), shown.size());
}

Result parse_line(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, longest_line).find("\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() < longest_line) return ProxyIncomplete{};
    return ProxyMalformed{"no CRLF within 107 bytes"};
  }
  std::vector<std::string_view> words;
  for (std::string_view rest = bytes.substr(0, end);;) {
    const std::size_t space = rest.find(' ');
    words.push_back(rest.substr(0, space));
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space + 1);
  }
  ProxyHeader header;
  header.size = end + 2;
  if (words[1] == "UNKNOWN") return header;  // whatever stands behind it
  const int family = words[1] == "TCP4" ? AF_INET : AF_INET6;
  if (family == AF_INET6 && words[1] != "TCP6") return ProxyMalformed{"the protocol is none of TCP4, TCP6, UNKNOWN"};
  if (words.size() != 6) return ProxyMalformed{"not two addresses and two ports, with a space before each"};
  header.source = address(words[2], family);
  header.destination = address(words[3], family);
  if (header.source.empty() || header.destination.empty()) return ProxyMalformed{"an address that isn't one"};
  const auto from = port(words[4]), to = port(words[5]);
  if (!from || !to) return ProxyMalformed{"a port that isn't one"};
  header.source_port = *from;
  header.destination_port = *to;
  return header;
}

std::size_t number(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 1]));
}

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t sum = ~std::uint32_t{0};
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0x82f63b78U : 0);
  }
  return ~sum;
}

std::string packed(std::string_view bytes, int family) {
  std::array<char, INET6_ADDRSTRLEN> shown{};
  return inet_ntop(family, bytes.data(), shown.data(), shown.size());
}

// Type, length, value, from `at` to the end of the header; empty: they hold together.
std::string read_tlvs(std::string_view whole, std::size_t at, ProxyHeader& header) {
  constexpr unsigned char authority = 0x02, crc = 0x03;
  while (at < whole.size()) {
    if (whole.size() - at < 3 || whole.size() - at - 3 < number(whole, at + 1))
      return "a TLV is longer than the header";
    const auto type = static_cast<unsigned char>(whole[at]);
    const std::size_t length = number(whole, at + 1);
    const std::string_view value = whole.substr(at + 3, length);
    if (type == authority) header.authority = value;
    if (type == crc) {
      if (length != 4) return "a CRC32c of other than 4 bytes";
      std::string zeroed(whole);
      std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(at + 3), 4, '\0');
      if (crc32c(zeroed) != (static_cast<std::uint32_t>(number(value, 0)) << 16 | number(value, 2)))
        return "the CRC32c doesn't fit";
    }
    at += 3 + length;
  }
  return "";
}

Result parse_binary(std::string_view bytes) {
  if (bytes.size() < head_v2) return ProxyIncomplete{};
  const auto command = static_cast<unsigned char>(bytes[12]), family = static_cast<unsigned char>(bytes[13]);
  ProxyHeader header;
  header.version = 2;
  header.size = head_v2 + number(bytes, 14);
  if (command != 0x20 && command != 0x21) return ProxyMalformed{"neither LOCAL nor PROXY of version 2"};
  if (header.size > longest_proxy_header)
    return ProxyMalformed{"a header of " + std::to_string(header.size) + " bytes"};
  std::size_t addresses = 0;
  switch (family) {
    case 0x00:  // unspecified
      break;
    case 0x11:  // TCP over IPv4
      addresses = 12;
      break;
    case 0x21:  // TCP over IPv6
      addresses = 36;
      break;
    case 0x31:  // a stream of UNIX
      addresses = 216;
      break;
    default:
      if (command == 0x21) return ProxyMalformed{"a family and protocol that no SMTP comes by"};
  }
  if (header.size < head_v2 + addresses) return ProxyMalformed{"too short for its addresses"};
  if (bytes.size() < header.size) return ProxyIncomplete{};
  if (command == 0x20) return header;  // its own connection: what stands behind the head is to be ignored
  const std::string_view whole = bytes.substr(0, header.size);
  if (family == 0x11 || family == 0x21) {
    const std::size_t length = family == 0x11 ? 4 : 16;
    const int kind = family == 0x11 ? AF_INET : AF_INET6;
    header.source = packed(whole.substr(head_v2, length), kind);
    header.destination = packed(whole.substr(head_v2 + length, length), kind);
    header.source_port = static_cast<std::uint16_t>(number(whole, head_v2 + 2 * length));
    header.destination_port = static_cast<std::uint16_t>(number(whole, head_v2 + 2 * length + 2));
  }
  if (std::string why = family == 0 ? "" : read_tlvs(whole, head_v2 + addresses, header); !why.empty())
    return ProxyMalformed{std::move(why)};
  return header;
}

}  // namespace

Result parse_proxy(std::string_view bytes) {
  if (bytes.starts_with(begins_v2)) return parse_binary(bytes);
  if (bytes.starts_with(begins_v1)) return parse_line(bytes);
  if (could_begin(bytes, begins_v1) || could_begin(bytes, begins_v2)) return ProxyIncomplete{};
  return ProxyMalformed{"neither \"PROXY \" nor the signature of version 2"};
}

}  // namespace mailfault::smtp
