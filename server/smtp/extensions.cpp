#include "smtp/extensions.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace mailfault::smtp {
namespace {

constexpr std::size_t longest_envid = 100;       // RFC 3461 section 4.4
constexpr std::size_t longest_orcpt = 500;       // RFC 3461 section 4.2
constexpr std::size_t most_delivery_digits = 9;  // RFC 2852 section 4, RFC 4865 section 5

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper_hex(char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }
unsigned hex_value(char c) { return static_cast<unsigned>(is_digit(c) ? c - '0' : c - 'A' + 10); }

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !all_digits(text)) return std::nullopt;
  return value;
}

// Cuts the text in front of the first `c` off, or all of it.
std::string_view take_until(std::string_view& text, char c) {
  const std::size_t end = text.find(c);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty())
    if (const std::string_view word = take_until(text, ' '); !word.empty()) words.push_back(word);
  return words;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view one) { return equals_ignoring_case(one, word); });
}

// ---------------------------------------------------------------- values, by their parameter

using Holds = bool (*)(std::string_view value);

bool is_size(std::string_view value) { return value.size() <= 20 && all_digits(value); }  // RFC 1870 section 4
bool is_body(std::string_view value) { return is_one_of(value, {"7BIT", "8BITMIME", "BINARYMIME"}); }
bool is_return(std::string_view value) { return is_one_of(value, {"FULL", "HDRS"}); }
bool is_envelope_id(std::string_view value) { return value.size() <= longest_envid && from_xtext(value); }

// NEVER, or a list of the others, each once.
bool is_notify(std::string_view value) {
  if (is_one_of(value, {"NEVER"})) return true;
  if (value.ends_with(',')) return false;
  std::vector<std::string> seen;
  while (!value.empty()) {
    std::string word = upper(take_until(value, ','));
    if (!is_one_of(word, {"SUCCESS", "FAILURE", "DELAY"})) return false;
    if (std::find(seen.begin(), seen.end(), word) != seen.end()) return false;
    seen.push_back(std::move(word));
  }
  return !seen.empty();
}

// RFC 6533 section 3: of the type utf-8, characters stand for themselves or as \x{HEX}.
bool is_utf8_address(std::string_view text) {
  while (!text.empty()) {
    if (text.starts_with('\\')) {
      const std::size_t end = text.find('}');
      const std::string_view hex = text.substr(0, end);
      if (end == std::string_view::npos || !hex.starts_with("\\x{") || hex.size() < 5 || hex.size() > 9) return false;
      if (!std::all_of(hex.begin() + 3, hex.end(), is_upper_hex)) return false;
      text.remove_prefix(end + 1);
      continue;
    }
    const auto c = static_cast<unsigned char>(text.front());
    if (c <= ' ' || c == 127 || c == '+' || c == '=') return false;
    text.remove_prefix(1);
  }
  return true;
}

bool is_original_recipient(std::string_view value) {
  if (value.size() > longest_orcpt || value.find(';') == std::string_view::npos) return false;
  const std::string_view type = take_until(value, ';');
  const auto of_type = [](char c) { return is_digit(c) || c == '-' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); };
  if (type.empty() || value.empty() || !std::all_of(type.begin(), type.end(), of_type)) return false;
  return equals_ignoring_case(type, "utf-8") ? is_utf8_address(value) : from_xtext(value).has_value();
}

// RFC 4954 section 5: a mailbox or <>, as xtext.
bool is_submitter(std::string_view value) {
  const auto address = from_xtext(value);
  if (!address) return false;
  if (*address == "<>") return true;
  std::string_view rest;
  const auto path = parse_path("<" + *address + ">", rest);
  return path && !path->address.empty() && rest.empty();
}

// [+-]1*9DIGIT ";" R or N [T]; a time that is over can't be asked for with R (RFC 2852 section 4).
bool is_deliver_by(std::string_view value) {
  if (value.find(';') == std::string_view::npos) return false;
  std::string_view time = take_until(value, ';');
  const bool negative = time.starts_with('-');
  if (negative || time.starts_with('+')) time.remove_prefix(1);
  if (time.size() > most_delivery_digits || !all_digits(time)) return false;
  const bool over = negative || time.find_first_not_of('0') == std::string_view::npos;
  if (is_one_of(value, {"N", "NT"})) return true;
  return is_one_of(value, {"R", "RT"}) && !over;
}

bool is_priority(std::string_view value) {  // RFC 6710 section 4: -9 to 9
  if (value.starts_with('-') || value.starts_with('+')) value.remove_prefix(1);
  return value.size() == 1 && is_digit(value.front());
}

bool is_hold_for(std::string_view value) {
  return value.size() <= most_delivery_digits && all_digits(value) && value.find_first_not_of('0') != value.npos;
}
bool is_hold_until(std::string_view value) { return parse_date_time(value).has_value(); }
bool is_valid_since(std::string_view value) {  // RFC 7293 section 3.2
  const std::string_view time = take_until(value, ';');
  return parse_date_time(time) && (value.empty() || is_one_of(value, {"C", "R"}));
}

enum class Of : std::uint8_t { mail, rcpt };

struct Grammar {
  std::string_view keyword;
  Of of;
  Holds holds;  // null: it has no value
  std::string_view syntax;
};

constexpr std::array grammars{
    Grammar{"SIZE", Of::mail, is_size, "SIZE=number"},
    Grammar{"BODY", Of::mail, is_body, "BODY=7BIT, 8BITMIME or BINARYMIME"},
    Grammar{"SMTPUTF8", Of::mail, nullptr, "SMTPUTF8 has no value"},
    Grammar{"RET", Of::mail, is_return, "RET=FULL or HDRS"},
    Grammar{"ENVID", Of::mail, is_envelope_id, "ENVID=xtext, 100 bytes at most"},
    Grammar{"AUTH", Of::mail, is_submitter, "AUTH=mailbox as xtext, or <>"},
    Grammar{"BY", Of::mail, is_deliver_by, "BY=seconds;R or N"},
    Grammar{"REQUIRETLS", Of::mail, nullptr, "REQUIRETLS has no value"},
    Grammar{"MT-PRIORITY", Of::mail, is_priority, "MT-PRIORITY=-9 to 9"},
    Grammar{"HOLDFOR", Of::mail, is_hold_for, "HOLDFOR=seconds"},
    Grammar{"HOLDUNTIL", Of::mail, is_hold_until, "HOLDUNTIL=date-time of RFC 3339"},
    Grammar{"NOTIFY", Of::rcpt, is_notify, "NOTIFY=NEVER, or SUCCESS, FAILURE, DELAY"},
    Grammar{"ORCPT", Of::rcpt, is_original_recipient, "ORCPT=type;xtext, 500 bytes at most"},
    Grammar{"RRVS", Of::rcpt, is_valid_since, "RRVS=date-time of RFC 3339"},
};

const Parameter* find(const std::vector<Parameter>& parameters, std::string_view keyword) {
  for (const Parameter& each : parameters)
    if (each.keyword == keyword) return &each;
  return nullptr;
}

}  // namespace

std::variant<ChunkHead, SyntaxError> parse_bdat(std::string_view argument) {
  static const SyntaxError wrong{501, "5.5.4", "Syntax: BDAT size [LAST]"};
  const std::vector<std::string_view> words = words_of(argument);
  if (words.empty() || words.size() > 2) return wrong;
  const auto size = number<std::uint64_t>(words[0]);
  if (!size || (words.size() == 2 && !equals_ignoring_case(words[1], "LAST"))) return wrong;
  return ChunkHead{*size, words.size() == 2};
}

std::optional<std::string> from_xtext(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c < '!' || c > '~' || c == '=') return std::nullopt;
    if (c != '+') {
      out += c;
      continue;
    }
    if (text.size() - i < 3 || !is_upper_hex(text[i + 1]) || !is_upper_hex(text[i + 2])) return std::nullopt;
    out += static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

std::string to_xtext(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (c >= '!' && c <= '~' && c != '+' && c != '=') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '+';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::optional<std::int64_t> parse_date_time(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() <= form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? !is_digit(text[i]) : (text[i] & ~0x20) != (form[i] & ~0x20)) return std::nullopt;
  const auto part = [](std::string_view from, std::size_t at, std::size_t length) {
    return static_cast<std::int64_t>(*number<std::uint32_t>(from.substr(at, length)));
  };
  const std::int64_t year = part(text, 0, 4), month = part(text, 5, 2), day = part(text, 8, 2);
  const std::int64_t hour = part(text, 11, 2), minute = part(text, 14, 2), second = part(text, 17, 2);
  constexpr std::array days{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > days[static_cast<std::size_t>(month - 1)]) return std::nullopt;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (hour > 23 || minute > 59 || second > 60 || (month == 2 && day == 29 && !leap)) return std::nullopt;

  const std::string_view zone = text.substr(form.size());
  std::int64_t offset = 0;
  if (!equals_ignoring_case(zone, "Z")) {
    const bool is_offset = zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' &&
                           all_digits(zone.substr(1, 2)) && all_digits(zone.substr(4));
    if (!is_offset || part(zone, 1, 2) > 23 || part(zone, 4, 2) > 59) return std::nullopt;
    offset = (part(zone, 1, 2) * 60 + part(zone, 4, 2)) * (zone[0] == '-' ? -60 : 60);
  }
  // Days since 1970, in years that begin in March: then the day that some years have more is the last.
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t total = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
  return ((total * 24 + hour) * 60 + minute) * 60 + second - offset;
}

std::optional<SyntaxError> check_parameters(const std::vector<Parameter>& parameters, bool of_mail) {
  for (const Parameter& parameter : parameters) {
    for (const Grammar& grammar : grammars) {
      if (grammar.keyword != parameter.keyword) continue;
      if ((grammar.of == Of::mail) != of_mail)
        return SyntaxError{555, "5.5.4", parameter.keyword + " is no parameter of " + (of_mail ? "MAIL" : "RCPT")};
      const bool holds = grammar.holds ? parameter.value && grammar.holds(*parameter.value) : !parameter.value;
      if (!holds) return SyntaxError{501, "5.5.4", "Syntax: " + std::string(grammar.syntax)};
    }
  }
  if (find(parameters, "HOLDFOR") && find(parameters, "HOLDUNTIL"))
    return SyntaxError{501, "5.5.4", "Either HOLDFOR or HOLDUNTIL"};
  return std::nullopt;
}

std::optional<SyntaxError> check_offered_bounds(const std::vector<Parameter>& parameters, const Offered& offered) {
  const std::vector<std::string_view> release = words_of(offered.arguments_of("FUTURERELEASE"));
  if (const Parameter* hold = find(parameters, "HOLDFOR"); hold && !release.empty()) {
    const auto most = number<std::uint64_t>(release[0]), asked = number<std::uint64_t>(*hold->value);
    if (most && asked && *asked > *most)
      return SyntaxError{501, "5.5.4", "HOLDFOR is above " + std::to_string(*most)};
  }
  if (const Parameter* hold = find(parameters, "HOLDUNTIL"); hold && release.size() > 1) {
    const auto latest = parse_date_time(release[1]), asked = parse_date_time(*hold->value);
    if (latest && asked && *asked > *latest)
      return SyntaxError{501, "5.5.4", "HOLDUNTIL is after " + std::string(release[1])};
  }
  const auto least = number<std::uint64_t>(offered.arguments_of("DELIVERBY"));
  if (const Parameter* by = find(parameters, "BY"); by && least) {
    std::string_view value = *by->value;
    std::string_view time = take_until(value, ';');
    if (time.starts_with('+')) time.remove_prefix(1);
    const auto asked = number<std::uint64_t>(time);
    if (asked && *asked < *least && is_one_of(value, {"R", "RT"}))
      return SyntaxError{555, "5.5.4", "BY is below " + std::to_string(*least)};
  }
  return std::nullopt;
}

std::string_view keyword_for(const Parameter& parameter) {
  const bool binary =
      parameter.keyword == "BODY" && parameter.value && equals_ignoring_case(*parameter.value, "BINARYMIME");
  return binary ? "BINARYMIME" : keyword_for(parameter.keyword);
}

Limits parse_limits(std::string_view arguments) {
  Limits limits;
  for (std::string_view word : words_of(arguments)) {
    const std::string name = upper(take_until(word, '='));
    const std::uint64_t value = number<std::uint64_t>(word).value_or(0);
    if (name == "MAILMAX") limits.messages = value;
    if (name == "RCPTMAX") limits.recipients = value;
    if (name == "RCPTDOMAINMAX") limits.recipient_domains = value;
  }
  return limits;
}

std::variant<std::vector<ClientAttribute>, SyntaxError> parse_xclient(std::string_view argument,
                                                                      std::string_view offered) {
  const auto wrong = [](std::string text) { return SyntaxError{501, "5.5.4", std::move(text)}; };
  const std::vector<std::string_view> names = words_of(offered);
  std::vector<ClientAttribute> attributes;
  for (std::string_view word : words_of(argument)) {
    if (word.find('=') == std::string_view::npos) return wrong("Syntax: XCLIENT attribute=value...");
    ClientAttribute attribute{upper(take_until(word, '=')), {}};
    const std::string shown = printable(attribute.name.substr(0, 20));
    const bool known = std::any_of(names.begin(), names.end(),
                                   [&](std::string_view name) { return equals_ignoring_case(name, attribute.name); });
    if (!known) return wrong("Bad XCLIENT attribute name: " + shown);
    if (is_one_of(word, {"[UNAVAILABLE]", "[TEMPUNAVAIL]"})) {
      attributes.push_back(std::move(attribute));
      continue;
    }
    attribute.value = from_xtext(word);
    bool holds = attribute.value && attribute.value->find('\0') == std::string::npos;
    if (holds && (attribute.name == "ADDR" || attribute.name == "DESTADDR")) {
      constexpr std::string_view tag = "IPV6:";
      const bool v6 = equals_ignoring_case(std::string_view(*attribute.value).substr(0, tag.size()), tag);
      if (v6) attribute.value->erase(0, tag.size());
      std::array<unsigned char, 16> address{};
      holds = inet_pton(v6 ? AF_INET6 : AF_INET, attribute.value->c_str(), address.data()) == 1;
    }
    if (holds && (attribute.name == "PORT" || attribute.name == "DESTPORT"))
      holds = number<std::uint16_t>(*attribute.value).has_value();
    if (holds && attribute.name == "PROTO") holds = is_one_of(*attribute.value, {"SMTP", "ESMTP"});
    if (!holds) return wrong("Bad XCLIENT " + shown + " syntax");
    attributes.push_back(std::move(attribute));
  }
  if (attributes.empty()) return wrong("Syntax: XCLIENT attribute=value...");
  return attributes;
}

}  // namespace mailfault::smtp
