#include "scenario/field.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/value.hpp"

namespace mailfault {
namespace {

constexpr std::array<FieldSpec, 34> table{{
    {Field::connection, "connection", "integer", "its number, from 1"},
    {Field::door, "door", "string", "the door's name"},
    {Field::peer, "peer", "string", "the client's address; the claimed one where PROXY or XCLIENT is believed"},
    {Field::host, "host", "string", "the server's name"},
    {Field::helo, "helo", "string", "the name given to EHLO or HELO"},
    {Field::esmtp, "esmtp", "boolean", "the client said EHLO"},
    {Field::tls, "tls", "string", "TLS's version, such as TLSv1.3; not set: there is none"},
    {Field::sni, "sni", "string", "the name that the client asked for in TLS"},
    {Field::alpn, "alpn", "string", "the protocol chosen in TLS"},
    {Field::cipher, "cipher", "string", "of TLS"},
    {Field::client_certificate, "client_certificate", "string", "the subject of the client's certificate"},
    {Field::resumed, "resumed", "boolean", "TLS took up an earlier session"},
    {Field::authenticated, "authenticated", "boolean", "AUTH succeeded"},
    {Field::mechanism, "mechanism", "string", "of AUTH"},
    {Field::user, "user", "string", "given to AUTH"},
    {Field::password, "password", "string", "given to AUTH"},
    {Field::message, "message", "integer", "the message's number on the connection, counted at MAIL"},
    {Field::messages, "messages", "integer", "messages stored on the connection"},
    {Field::from, "from", "string", "the sender"},
    {Field::rcpt, "rcpt", "string", "the recipient"},
    {Field::rcpts, "rcpts", "string[]", "the accepted recipients"},
    {Field::verb, "verb", "string", "of the command, in upper case"},
    {Field::line, "line", "string", "the command line"},
    {Field::early, "early", "boolean",
     "the command came before the last reply left; at connect and greeting: any byte"},
    {Field::pending, "pending", "string", "what came and was not looked at"},
    {Field::size, "size", "integer", "of the body so far, in bytes"},
    {Field::text, "text", "string", "the message, unstuffed"},
    {Field::id, "id", "string", "a queue id"},
    {Field::date, "date", "string", "the time of day, as in a Date header"},
    {Field::epoch, "epoch", "integer", "seconds since 1970"},
    {Field::now, "now", "number", "seconds since the start, nominal"},
    {Field::violations, "violations", "string[]",
     "rules of the protocol that the client has broken on this connection, by name"},
    {Field::session_id, "session_id", "string", "an id of the connection, in the provider's manner"},
    {Field::detail, "detail", "string", "what the server's own reply is about: an option, an address, a reason"},
}};

bool is_address(Field field) {
  return field == Field::from || field == Field::rcpt || field == Field::user || field == Field::helo;
}

[[noreturn]] void unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& row : table) names.push_back(row.name);
  throw Error("no field '" + std::string(name) + "'" + did_you_mean(name, names) +
              "; the fields are in the table of fields in scenarios/README.md");
}

}  // namespace

std::span<const FieldSpec> fields() { return table; }

FieldRef parse_field(std::string_view name) {
  auto named = [](std::string_view word) {
    return std::find_if(table.begin(), table.end(), [&](const FieldSpec& row) { return row.name == word; });
  };
  FieldRef ref;
  if (auto whole = named(name); whole != table.end()) {
    ref.field = whole->field;
    return ref;
  }
  auto cut = name.find_first_of("./");
  if (cut == std::string_view::npos) unknown(name);
  auto base = name.substr(0, cut), rest = name.substr(cut + 1);
  if (name[cut] == '.' && (base == "header" || base == "param") && !rest.empty()) {
    ref.field = base == "header" ? Field::header : Field::parameter;
    ref.name = base == "header" ? std::string(rest) : upper(rest);
    return ref;
  }
  auto row = named(base);
  if (row == table.end()) unknown(name);
  ref.field = row->field;
  if (name[cut] == '/') {
    auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), ref.bits);
    bool fits = error == std::errc() && stop == rest.data() + rest.size() && ref.bits >= 0 && ref.bits <= 128;
    if (ref.field != Field::peer || !fits)
      throw Error("no field '" + std::string(name) + "': a network is written peer/24 (IPv6: up to peer/128)");
    ref.part = FieldRef::Part::network;
    return ref;
  }
  if (!is_address(ref.field) || (rest != "domain" && rest != "localpart"))
    throw Error("no field '" + std::string(name) + "': addresses have .domain and .localpart (from, rcpt, user)");
  ref.part = rest == "domain" ? FieldRef::Part::domain : FieldRef::Part::local_part;
  return ref;
}

std::string FieldRef::written() const {
  if (field == Field::header) return "header." + name;
  if (field == Field::parameter) return "param." + name;
  std::string out(table[static_cast<std::size_t>(field)].name);
  if (part == Part::domain) out += ".domain";
  if (part == Part::local_part) out += ".localpart";
  if (part == Part::network) out += "/" + std::to_string(bits);
  return out;
}

std::string as_text(const FieldValue& value) {
  if (auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  if (auto* n = std::get_if<double>(&value)) return written(*n);
  if (auto* t = std::get_if<std::string>(&value)) return *t;
  if (auto* l = std::get_if<std::vector<std::string>>(&value)) return join(*l, ", ");
  return "";
}

std::string network_of(std::string_view address, int bits) {
  std::string text(address);
  for (int family : {AF_INET, AF_INET6}) {
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(family, text.c_str(), bytes.data()) != 1) continue;
    int length = family == AF_INET ? 32 : 128;
    for (int bit = std::min(bits, length); bit < length; ++bit)
      bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<unsigned char>(~(0x80 >> bit % 8));
    char out[INET6_ADDRSTRLEN];
    return std::string(inet_ntop(family, bytes.data(), out, sizeof out)) + "/" +
           std::to_string(std::min(bits, length));
  }
  return text;
}

}  // namespace mailfault
