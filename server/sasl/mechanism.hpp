// AUTH mechanisms, sans I/O (RFC 4954): challenges out, responses in, both already out of their base64.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/draw.hpp"

namespace mailfault::sasl {

/// Passwords by name, both in UTF-8. For XOAUTH2 and OAUTHBEARER the token is the password.
using Users = std::map<std::string, std::string>;

/// What the server knows when an exchange begins. Time and chance come from the caller, so that a run can be
/// repeated.
struct Context {
  const Users* users = nullptr;     ///< outlives the mechanism; null: there are none
  std::string host{};               ///< the server's name, in challenges
  std::string service = "smtp";     ///< the first part of DIGEST-MD5's digest-uri
  std::string nonce{};              ///< printable ASCII without commas, quotes and spaces; as of draw_nonce()
  std::int64_t unix_time = 0;       ///< seconds; in CRAM-MD5's challenge
  std::string salt{};               ///< SCRAM's, any bytes; empty: made of the host's and the user's name
  std::uint32_t iterations = 4096;  ///< SCRAM's, at least 1, at most longest_iterations
  bool plus_offered = false;        ///< a -PLUS mechanism was offered: then SCRAM refuses the flag `y` (RFC 5802, 6)
  /// The channel's bindings by their names in lower case (tls-unique, tls-server-end-point, tls-exporter).
  std::map<std::string, std::string> bindings{};
  /// EXTERNAL: the names that the client's certificate vouches for; the first is taken if the client gives none.
  std::vector<std::string> certified{};
};

/// SCRAM's server computes no more iterations than this (some 100 ms), whatever a replaced challenge asks of the
/// client.
constexpr std::uint32_t longest_iterations = 100'000;

/// The exchange is complete: what the client claims to be, and whether that is true (235, or 535 5.7.8).
struct Credentials {
  std::string user{};      ///< ANONYMOUS: the trace that the client left
  std::string password{};  ///< as sent by PLAIN, LOGIN, XOAUTH2, OAUTHBEARER; else empty: it never crosses the wire
  std::string authzid{};   ///< whom the client wants to act as; empty: itself
  bool accepted = false;
  std::string reason{};  ///< why it isn't accepted; has nothing of what the client sent
  /// Of a token that isn't accepted: told in one more challenge, whose response is empty or ^A (RFC 7628 section
  /// 3.2.3); only then comes the refusal.
  std::string error{};
};

struct Challenge {
  std::string text;  ///< not yet in base64; empty: the bare "334 "
};
/// The response can't be read as the mechanism's (501 5.5.2).
struct Malformed {
  std::string reason;  ///< has nothing of what the client sent
};
using Step = std::variant<Challenge, Credentials, Malformed>;

/// One exchange, from AUTH to Credentials or Malformed; it isn't asked again after these. Cancelling (`*`) is the
/// caller's, and so is the bound on a line (RFC 4954 section 4: 12,288 bytes); here what is read is linear in it.
class Mechanism {
 public:
  explicit Mechanism(Context context) : context_(std::move(context)) {}
  virtual ~Mechanism() = default;
  Mechanism(const Mechanism&) = delete;
  Mechanism& operator=(const Mechanism&) = delete;

  /// Begins with the initial response, if the client sent one ("=" has become the empty one). It is Malformed where
  /// the server speaks first (RFC 4954 section 4).
  Step begin(std::optional<std::string_view> initial) { return initial ? respond(*initial) : ask(); }
  /// The response to the last challenge.
  Step respond(std::string_view response);
  /// A fault: the caller has sent `text` instead of the last challenge. What follows is verified against what was
  /// sent: a client that takes a foreign nonce, or one iteration, is accepted if it answers rightly.
  virtual void replace_challenge(std::string_view /*text*/) {}

  /// The user's name as soon as the client gave it; until then empty.
  const std::string& user() const { return user_; }
  /// The last response as a reader may see it: what could be used or guessed at is `<redacted>`, and so is all of a
  /// response that is Malformed. NTLM's is in words. The rest is the client's bytes, controls included.
  const std::string& shown() const { return shown_; }

 protected:
  /// The first challenge when there is no initial response.
  virtual Step ask() { return Challenge{}; }
  virtual Step take(std::string_view response) = 0;

  Context context_;
  std::string user_;
  std::string shown_;
};

/// A row of the table of mechanisms.
struct MechanismSpec {
  std::string_view name;       ///< in upper case
  std::string_view reference;  ///< "RFC 4616"
  bool server_first = false;   ///< the first challenge carries data; no initial response
  bool in_clear = false;       ///< the password or token crosses the wire: for TLS only
  bool needs_tls = false;      ///< can't succeed without: Context::bindings or Context::certified come of it
  bool needs_binding = false;  ///< -PLUS
  std::unique_ptr<Mechanism> (*make)(Context) = nullptr;
};

/// All that are built.
std::span<const MechanismSpec> mechanisms();
/// What a name that nobody has heard of was meant to be: " (did you mean 'PLAIN'?)"; empty for names that are built
/// or known of other servers, and for those that are like none.
std::string meant_mechanism(std::string_view name);
/// By its name in any case; null: it isn't built.
const MechanismSpec* find_mechanism(std::string_view name);
/// Begins nothing yet; null for a name that isn't in the table.
std::unique_ptr<Mechanism> make_mechanism(std::string_view name, Context context);

/// 32 hexadecimal digits.
std::string draw_nonce(Draws& draws);

}  // namespace mailfault::sasl
