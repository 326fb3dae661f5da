// AUTH mechanisms, sans I/O (RFC 4954): challenges out, responses in, both already out of their base64.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mailfault::sasl {

/// What the client claims to be. Whether it is true is not this room's business.
struct Credentials {
  std::string user;
  std::string password;
};

struct Challenge {
  std::string text;  ///< not yet in base64; empty: the bare "334 "
};
/// The response can't be read as the mechanism's (501 5.5.2).
struct Malformed {
  std::string reason;
};
using Step = std::variant<Challenge, Credentials, Malformed>;

class Mechanism {
 public:
  virtual ~Mechanism() = default;
  /// Begins with the initial response, if the client sent one ("=" has become the empty one).
  virtual Step begin(std::optional<std::string_view> initial) = 0;
  /// The response to the last challenge.
  virtual Step respond(std::string_view response) = 0;
};

/// By its name in any case; null for one that isn't built: PLAIN (RFC 4616) and LOGIN are.
std::unique_ptr<Mechanism> make_mechanism(std::string_view name);

}  // namespace mailfault::sasl
