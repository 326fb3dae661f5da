// What is known of a session: one namespace for `where`, `per`, {templates} and `session.x`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailfault {

enum class Field : std::uint8_t {
  connection,
  door,
  peer,
  host,
  helo,
  esmtp,
  tls,
  sni,
  alpn,
  cipher,
  client_certificate,
  resumed,
  authenticated,
  mechanism,
  user,
  password,
  message,
  messages,
  from,
  rcpt,
  rcpts,
  verb,
  line,
  early,
  pending,
  size,
  text,
  id,
  date,
  epoch,
  now,
  violations,
  session_id,
  detail,
  header,     ///< header.NAME
  parameter,  ///< param.NAME
};

struct FieldSpec {
  Field field;
  std::string_view name;
  std::string_view type;  ///< of Lua: "string", "integer", "number", "boolean", "string[]"
  std::string_view what;
};
std::span<const FieldSpec> fields();

/// A field, or a part of one: "from.domain", "rcpt.localpart", "peer/24", "header.Subject", "param.SIZE".
struct FieldRef {
  enum class Part : std::uint8_t { whole, domain, local_part, network };
  Field field{};
  Part part = Part::whole;
  int bits = 0;      ///< of the network
  std::string name;  ///< of the header or the parameter (in upper case)

  std::string written() const;
};

/// Throws Error naming what is near.
FieldRef parse_field(std::string_view name);

/// Not set, or what it is.
using FieldValue = std::variant<std::monostate, bool, double, std::string, std::vector<std::string>>;
/// As text: "" for what isn't set, "true", numbers, lists with ", " between.
std::string as_text(const FieldValue& value);

/// The network of an address: "192.0.2.0/24"; the address itself if it isn't one.
std::string network_of(std::string_view address, int bits);

}  // namespace mailfault
