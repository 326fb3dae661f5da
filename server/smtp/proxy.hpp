// The PROXY protocol, versions 1 and 2 (haproxy's proxy-protocol.txt): who the client behind a proxy is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace mailfault::smtp {

/// A whole header at the beginning of a connection.
struct ProxyHeader {
  int version = 1;
  std::size_t size = 0;     ///< bytes that it took
  std::string source;       ///< the client's address; empty: the proxy's own connection, or a family without one
  std::string destination;  ///< the address that it called
  std::uint16_t source_port = 0, destination_port = 0;
  std::string authority;  ///< the name that the client asked for, in version 2's TLVs
};
struct ProxyIncomplete {};
struct ProxyMalformed {
  std::string why;
};

/// Version 2's header is refused above this; version 1's line has 107 bytes with its ending at most.
constexpr std::size_t longest_proxy_header = 4096;

/// Reads the header at the beginning of `bytes`. Any prefix of a header is incomplete; bytes that can't begin one are
/// malformed as soon as that shows. A CRC32c is verified where there is one.
std::variant<ProxyHeader, ProxyIncomplete, ProxyMalformed> parse_proxy(std::string_view bytes);

}  // namespace mailfault::smtp
