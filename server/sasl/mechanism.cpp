#include "sasl/mechanism.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sasl/crypto.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

constexpr std::string_view redacted = "<redacted>";

constexpr std::array table{
    MechanismSpec{.name = "PLAIN", .reference = "RFC 4616", .in_clear = true, .make = make_plain},
    MechanismSpec{.name = "LOGIN", .reference = "draft-murchison-sasl-login", .in_clear = true, .make = make_login},
    MechanismSpec{.name = "CRAM-MD5", .reference = "RFC 2195", .server_first = true, .make = make_cram_md5},
    MechanismSpec{.name = "DIGEST-MD5", .reference = "RFC 2831", .server_first = true, .make = make_digest_md5},
    MechanismSpec{.name = "SCRAM-SHA-1", .reference = "RFC 5802", .make = make_scram_sha_1},
    MechanismSpec{.name = "SCRAM-SHA-1-PLUS",
                  .reference = "RFC 5802",
                  .needs_tls = true,
                  .needs_binding = true,
                  .make = make_scram_sha_1_plus},
    MechanismSpec{.name = "SCRAM-SHA-256", .reference = "RFC 7677", .make = make_scram_sha_256},
    MechanismSpec{.name = "SCRAM-SHA-256-PLUS",
                  .reference = "RFC 7677",
                  .needs_tls = true,
                  .needs_binding = true,
                  .make = make_scram_sha_256_plus},
    MechanismSpec{
        .name = "XOAUTH2", .reference = "Google's XOAUTH2 protocol", .in_clear = true, .make = make_xoauth2},
    MechanismSpec{.name = "OAUTHBEARER", .reference = "RFC 7628", .in_clear = true, .make = make_oauthbearer},
    MechanismSpec{.name = "NTLM", .reference = "MS-SMTPNTLM, MS-NLMP", .make = make_ntlm},
    MechanismSpec{.name = "EXTERNAL", .reference = "RFC 4422", .needs_tls = true, .make = make_external},
    MechanismSpec{.name = "ANONYMOUS", .reference = "RFC 4505", .make = make_anonymous},
};

}  // namespace

Step Mechanism::respond(std::string_view response) {
  shown_ = redacted;
  Step step = take(response);
  if (std::holds_alternative<Malformed>(step)) shown_ = redacted;
  return step;
}

std::span<const MechanismSpec> mechanisms() { return table; }

const MechanismSpec* find_mechanism(std::string_view name) {
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const MechanismSpec& spec) { return equals_ignoring_case(spec.name, name); });
  return found == table.end() ? nullptr : found;
}

std::string meant_mechanism(std::string_view name) {
  static constexpr std::array<std::string_view, 12> elsewhere{
      "GSSAPI",        "GSS-SPNEGO",         "GS2-KRB5", "GS2-KRB5-PLUS", "KERBEROS_V4", "OTP",
      "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS", "SECURID",  "SKEY",          "XOAUTH",      "PLAIN-CLIENTTOKEN"};
  if (find_mechanism(name)) return "";
  std::vector<std::string_view> known(elsewhere.begin(), elsewhere.end());
  for (const auto& spec : table) known.push_back(spec.name);
  const bool heard_of = std::any_of(known.begin(), known.end(),
                                    [&](std::string_view each) { return equals_ignoring_case(each, name); });
  return heard_of ? "" : did_you_mean(upper(name), known);
}

std::unique_ptr<Mechanism> make_mechanism(std::string_view name, Context context) {
  const MechanismSpec* spec = find_mechanism(name);
  return spec ? spec->make(std::move(context)) : nullptr;
}

std::string draw_nonce(Draws& draws) {
  std::string bytes;
  for (int draw = 0; draw < 2; ++draw)
    for (std::uint64_t number = draws.next(), i = 0; i < 8; ++i, number >>= 8)
      bytes += static_cast<char>(number & 0xff);
  return hex(bytes);
}

const std::string* password_of(const Context& context, const std::string& user) {
  if (!context.users) return nullptr;
  const auto found = context.users->find(user);
  return found == context.users->end() ? nullptr : &found->second;
}

Credentials judged(Credentials claim, bool known, bool proven) {
  if (!known) return refused(std::move(claim), "there is no such user");
  if (!proven) return refused(std::move(claim), "what the client sent doesn't fit the user's password");
  if (!claim.authzid.empty() && claim.authzid != claim.user)
    return refused(std::move(claim), "a user may not act as another");
  claim.accepted = true;
  return claim;
}

Credentials judged_by_password(const Context& context, Credentials claim) {
  const std::string* password = password_of(context, claim.user);
  const bool proven = password && same(*password, claim.password);
  return judged(std::move(claim), password != nullptr, proven);
}

Credentials refused(Credentials claim, std::string_view reason) {
  claim.accepted = false;
  claim.reason = reason;
  return claim;
}

std::string without(std::string_view text, std::string_view secret) {
  const auto begin = static_cast<std::size_t>(secret.data() - text.data());
  return std::string(text.substr(0, begin)).append(redacted).append(text.substr(begin + secret.size()));
}

}  // namespace mailfault::sasl
