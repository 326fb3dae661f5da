#include "tls/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace mailfault::tls {
namespace {

constexpr std::array<std::string_view, 4> version_names{"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

struct AlertName {
  std::uint8_t code;
  std::string_view name;
};

// RFC 8446 section 6 and, for the reserved ones, the RFCs before it.
constexpr std::array alert_names{
    AlertName{0, "close_notify"},
    AlertName{10, "unexpected_message"},
    AlertName{20, "bad_record_mac"},
    AlertName{21, "decryption_failed"},
    AlertName{22, "record_overflow"},
    AlertName{30, "decompression_failure"},
    AlertName{40, "handshake_failure"},
    AlertName{41, "no_certificate"},
    AlertName{42, "bad_certificate"},
    AlertName{43, "unsupported_certificate"},
    AlertName{44, "certificate_revoked"},
    AlertName{45, "certificate_expired"},
    AlertName{46, "certificate_unknown"},
    AlertName{47, "illegal_parameter"},
    AlertName{48, "unknown_ca"},
    AlertName{49, "access_denied"},
    AlertName{50, "decode_error"},
    AlertName{51, "decrypt_error"},
    AlertName{52, "too_many_cids_requested"},
    AlertName{60, "export_restriction"},
    AlertName{70, "protocol_version"},
    AlertName{71, "insufficient_security"},
    AlertName{80, "internal_error"},
    AlertName{86, "inappropriate_fallback"},
    AlertName{90, "user_canceled"},
    AlertName{100, "no_renegotiation"},
    AlertName{109, "missing_extension"},
    AlertName{110, "unsupported_extension"},
    AlertName{111, "certificate_unobtainable"},
    AlertName{112, "unrecognized_name"},
    AlertName{113, "bad_certificate_status_response"},
    AlertName{114, "bad_certificate_hash_value"},
    AlertName{115, "unknown_psk_identity"},
    AlertName{116, "certificate_required"},
    AlertName{120, "no_application_protocol"},
    AlertName{121, "ech_required"},
};

std::string words_of(const std::vector<Version>& versions) {
  std::vector<Version> sorted = versions;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  if (sorted.empty()) return "no TLS version";
  if (sorted.size() == 1) return std::string(name_of(sorted.front())) + " only";
  const bool in_a_row =
      static_cast<std::size_t>(sorted.back()) - static_cast<std::size_t>(sorted.front()) + 1 == sorted.size();
  if (in_a_row && sorted.size() > 2) {
    return std::string(name_of(sorted.front())) + " to " + std::string(name_of(sorted.back()));
  }
  std::vector<std::string> names;
  for (Version version : sorted) names.emplace_back(name_of(version));
  return join(names, " and ");
}

std::string_view words_of(ClientCertificate wanted) {
  switch (wanted) {
    case ClientCertificate::none:
      return "no client certificate asked for";
    case ClientCertificate::asked:
      return "a client certificate asked for";
    case ClientCertificate::required:
      return "a client certificate required";
    case ClientCertificate::verified:
      return "a client certificate of our CA required";
  }
  return "";
}

std::string_view words_of(Tickets tickets) {
  switch (tickets) {
    case Tickets::good:
      return "session tickets";
    case Tickets::none:
      return "no session tickets";
    case Tickets::refused:
      return "session tickets refused";
    case Tickets::broken:
      return "session tickets answered with an alert";
  }
  return "";
}

std::string_view words_of(Ocsp answer) {
  switch (answer) {
    case Ocsp::none:
      return "no OCSP response";
    case Ocsp::good:
      return "a good OCSP response";
    case Ocsp::revoked:
      return "an OCSP response that says revoked";
    case Ocsp::expired:
      return "an expired OCSP response";
    case Ocsp::malformed:
      return "a malformed OCSP response";
  }
  return "";
}

}  // namespace

std::string_view name_of(Version version) { return version_names.at(static_cast<std::size_t>(version)); }

std::optional<Version> version_named(std::string_view name) {
  if (name.size() > 4 && equals_ignoring_case(name.substr(0, 4), "TLSv")) name.remove_prefix(4);
  if (name == "1") name = "1.0";
  for (std::size_t i = 0; i < version_names.size(); ++i) {
    if (version_names[i].substr(4) == name) return static_cast<Version>(i);
  }
  return std::nullopt;
}

Settings Settings::with(const Settings& over) const {
  Settings both = *this;
  const auto set = [](auto& field, const auto& other) {
    if (other) field = other;
  };
  set(both.certificate, over.certificate);
  set(both.versions, over.versions);
  set(both.ciphers, over.ciphers);
  set(both.groups, over.groups);
  set(both.alpn, over.alpn);
  set(both.client_certificate, over.client_certificate);
  set(both.tickets, over.tickets);
  set(both.ocsp, over.ocsp);
  set(both.record_size, over.record_size);
  return both;
}

std::string words(const Settings& settings) {
  std::vector<std::string> parts;
  if (settings.certificate) parts.push_back("certificate " + *settings.certificate);
  if (settings.versions) parts.push_back(words_of(*settings.versions));
  if (settings.ciphers) parts.push_back("ciphers " + *settings.ciphers);
  if (settings.groups) parts.push_back("groups " + *settings.groups);
  if (settings.alpn) parts.push_back(settings.alpn->empty() ? "no ALPN" : "ALPN " + join(*settings.alpn, " "));
  if (settings.client_certificate) parts.emplace_back(words_of(*settings.client_certificate));
  if (settings.tickets) parts.emplace_back(words_of(*settings.tickets));
  if (settings.ocsp) parts.emplace_back(words_of(*settings.ocsp));
  if (settings.record_size) {
    parts.push_back("records of at most " + counted(*settings.record_size, "byte", "bytes"));
  }
  return parts.empty() ? "as usual" : join(parts, ", ");
}

std::optional<std::uint8_t> alert_named(std::string_view name) {
  std::string plain = lower(trim(name));
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  for (const AlertName& alert : alert_names) {
    if (alert.name == plain) return alert.code;
  }
  constexpr std::string_view numbered = "alert_";
  if (plain.rfind(numbered, 0) == 0) plain.erase(0, numbered.size());
  std::uint8_t code = 0;
  const char* end = plain.data() + plain.size();
  const auto [rest, error] = std::from_chars(plain.data(), end, code);
  return error == std::errc() && rest == end ? std::optional(code) : std::nullopt;
}

std::string alert_name(std::uint8_t code) {
  for (const AlertName& alert : alert_names) {
    if (alert.code == code) return std::string(alert.name);
  }
  return std::to_string(code);
}

}  // namespace mailfault::tls
