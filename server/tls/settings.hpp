// What a server's side of TLS is told: plain data, without OpenSSL.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailfault::tls {

enum class Version : std::uint8_t { tls1_0, tls1_1, tls1_2, tls1_3 };
/// "TLSv1.3"; of "1.0" … "1.3" (also "TLSv1.3").
std::string_view name_of(Version version);
std::optional<Version> version_named(std::string_view name);

/// Whether the client is asked for a certificate.
enum class ClientCertificate : std::uint8_t {
  none,
  asked,     ///< any one or none will do
  required,  ///< any one: without it the handshake fails with certificate_required (1.2: handshake_failure)
  verified,  ///< one that our CA signed
};

/// What becomes of session tickets (1.2 and 1.3).
enum class Tickets : std::uint8_t {
  good,     ///< issued, and taken back
  none,     ///< not issued
  refused,  ///< issued, but never taken back: a full handshake follows
  broken,   ///< issued; one that comes back is answered with a fatal alert
};

/// The stapled OCSP response, where the client asks for one.
enum class Ocsp : std::uint8_t { none, good, revoked, expired, malformed };

/// Each unset one is the usual: TLS 1.2 and 1.3, OpenSSL's ciphers and groups, no ALPN, recipe "good".
struct Settings {
  std::optional<std::string> certificate;  ///< a recipe's name
  std::optional<std::vector<Version>> versions;
  std::optional<std::string> ciphers;  ///< OpenSSL's cipher string (to 1.2) or suites (1.3), colons between
  std::optional<std::string> groups;   ///< "P-521:X25519"; one the client offers no share for: HelloRetryRequest
  std::optional<std::vector<std::string>> alpn;  ///< what the server would speak, best first
  std::optional<ClientCertificate> client_certificate;
  std::optional<Tickets> tickets;
  std::optional<Ocsp> ocsp;
  std::optional<std::size_t> record_size;  ///< of application data at most, 1 to 16384

  /// What `over` sets, else what this one does.
  Settings with(const Settings& over) const;
  bool operator==(const Settings&) const = default;
};

/// "certificate expired, TLSv1.2 only"; "as usual" for none set.
std::string words(const Settings& settings);

/// A row of the table of certificates: certs/recipes.json.
struct RecipeSpec {
  std::string name;   ///< in snake_case
  std::string what;   ///< what is wrong with it, in words
  std::string check;  ///< what a verifier says: X509_V_ERR's short text of OpenSSL; "ok"
  bool bad = true;    ///< a correct client refuses it
};
std::span<const RecipeSpec> recipes();
bool known_recipe(std::string_view name);

/// The first name of a list with colons between that OpenSSL doesn't know; none: it knows them all. Of ciphers, what
/// Settings::ciphers may hold: "ECDHE+AESGCM", "!RSA" and "@SECLEVEL=0" too.
std::optional<std::string> unknown_cipher(std::string_view list);
std::optional<std::string> unknown_group(std::string_view list);
/// Those that may have been meant.
std::vector<std::string> cipher_names();
std::span<const std::string_view> group_names();
/// RFC 7301: 1 to 255 bytes.
constexpr std::size_t longest_alpn = 255;

/// An alert (RFC 8446 section 6) that passed.
struct Alert {
  bool from_client = false;
  bool fatal = false;
  std::uint8_t code = 0;
};

/// RFC 8446 section 6: "internal_error" → 80. Also in upper case, with blanks or hyphens; "200" and "alert 200" →
/// 200.
std::optional<std::uint8_t> alert_named(std::string_view name);
/// "internal_error"; "200" for what no RFC names.
std::string alert_name(std::uint8_t code);

}  // namespace mailfault::tls
