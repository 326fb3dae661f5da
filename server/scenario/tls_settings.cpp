#include "scenario/tls_settings.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/arguments.hpp"

namespace mailfault {
namespace {

constexpr std::array<TlsFieldSpec, 9> table{{
    {"certificate", "string", "a recipe of `mailfault certs`; \"good\" by default"},
    {"tls_versions", "string|string[]", "\"1.0\" to \"1.3\"; 1.2 and 1.3 by default"},
    {"ciphers", "string|string[]", "OpenSSL's names, of TLS 1.2 and before or of 1.3"},
    {"groups", "string|string[]",
     "OpenSSL's names; one for which the client has sent no key leads to HelloRetryRequest"},
    {"alpn", "string|string[]", "protocols the server speaks, best first; none fits: no_application_protocol"},
    {"client_certificate", "string",
     "\"none\" (default), \"asked\", \"required\" (any one) or \"verified\" (one that the CA signed)"},
    {"tickets", "string",
     "\"good\" (default), \"none\", \"refused\" (a full handshake follows) or \"broken\" (an alert follows)"},
    {"ocsp", "string", "the stapled answer: \"none\" (default), \"good\", \"revoked\", \"expired\", \"malformed\""},
    {"record_size", "integer", "bytes in a record of application data at most, 1 to 16384"},
}};

std::string joined(const Value& value, const std::string& where) {
  std::string out;
  for (const auto& name : texts_of(value, where)) out += (out.empty() ? "" : ":") + name;
  if (out.empty()) throw Error(where + ": name at least one");
  return out;
}

std::string ciphers_of(const Value& value, const std::string& where) {
  auto list = joined(value, where);
  auto unknown = tls::unknown_cipher(list);
  if (!unknown) return list;
  auto names = tls::cipher_names();
  std::vector<std::string_view> known(names.begin(), names.end());
  throw Error(where + ": OpenSSL knows no cipher \"" + *unknown + "\"" + did_you_mean(*unknown, known) +
              "; `openssl ciphers -s -v ALL:COMPLEMENTOFALL` lists them");
}

std::string groups_of(const Value& value, const std::string& where) {
  auto list = joined(value, where);
  auto unknown = tls::unknown_group(list);
  if (!unknown) return list;
  auto known = tls::group_names();
  throw Error(where + ": OpenSSL knows no group \"" + *unknown + "\"" + did_you_mean(*unknown, known) +
              "; some are X25519, P-256, P-384, P-521, X448, ffdhe2048");
}

std::vector<std::string> protocols_of(const Value& value, const std::string& where) {
  auto names = texts_of(value, where);
  for (const auto& name : names)
    if (name.empty() || name.size() > tls::longest_alpn)
      throw Error(where + ": a protocol's name has 1 to 255 bytes (RFC 7301), and one here has " +
                  std::to_string(name.size()));
  return names;
}

std::vector<tls::Version> versions_of(const Value& value, const std::string& where) {
  std::vector<tls::Version> out;
  for (const auto& name : texts_of(value, where)) {
    auto version = tls::version_named(name);
    if (!version) throw Error(where + ": there is no TLS version \"" + name + "\"; they are \"1.0\" to \"1.3\"");
    out.push_back(*version);
  }
  if (out.empty()) throw Error(where + ": name at least one version");
  return out;
}

}  // namespace

std::span<const TlsFieldSpec> tls_fields() { return table; }

bool set_tls_field(tls::Settings& to, std::string_view name, const Value& value, const std::string& where) {
  auto one_of = [&](auto& setting, std::initializer_list<std::string_view> words) {
    auto word = word_of(value, where, words);
    using Enum = typename std::decay_t<decltype(setting)>::value_type;
    setting = static_cast<Enum>(std::find(words.begin(), words.end(), std::string_view(word)) - words.begin());
  };
  if (name == "certificate") {
    auto recipe = text_of(value, where);
    if (!tls::known_recipe(recipe)) {
      std::vector<std::string_view> names;
      for (const auto& row : tls::recipes()) names.push_back(row.name);
      throw Error(where + ": there is no certificate \"" + recipe + "\"" + did_you_mean(recipe, names) +
                  "; `mailfault certs` lists them");
    }
    to.certificate = recipe;
  } else if (name == "tls_versions") {
    to.versions = versions_of(value, where);
  } else if (name == "ciphers") {
    to.ciphers = ciphers_of(value, where);
  } else if (name == "groups") {
    to.groups = groups_of(value, where);
  } else if (name == "alpn") {
    to.alpn = protocols_of(value, where);
  } else if (name == "client_certificate") {
    one_of(to.client_certificate, {"none", "asked", "required", "verified"});
  } else if (name == "tickets") {
    one_of(to.tickets, {"good", "none", "refused", "broken"});
  } else if (name == "ocsp") {
    one_of(to.ocsp, {"none", "good", "revoked", "expired", "malformed"});
  } else if (name == "record_size") {
    to.record_size = whole_of(value, where, 1, 16384);
  } else {
    return false;
  }
  return true;
}

}  // namespace mailfault
