// The head of SCRAM's and OAUTHBEARER's first message, and their names (RFC 5801 section 4, RFC 5802 section 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailfault::sasl {

struct Gs2Header {
  char flag = 'n';             ///< n: the client can't bind; y: it thinks that the server can't; p: it does
  std::string_view binding{};  ///< the channel binding's name, for p
  std::string authzid{};       ///< empty: none
  std::size_t size = 0;        ///< with the second comma
};

/// None where the message doesn't begin with such a head.
std::optional<Gs2Header> parse_gs2(std::string_view message);
/// `=2C` is a comma, `=3D` an equals sign. None for any other `=`, for NUL, and for the empty name.
std::optional<std::string> parse_saslname(std::string_view text);

}  // namespace mailfault::sasl
