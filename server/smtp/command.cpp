#include "smtp/command.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace mailfault::smtp {
namespace {

constexpr std::size_t longest_local_part = 64;
constexpr std::size_t longest_domain = 255;

bool is_letter(unsigned char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
bool is_non_ascii(unsigned char c) { return c > 127; }
bool is_printable(unsigned char c) { return c >= ' ' && c != 127; }  // UTF-8 passes as bytes

// RFC 5322's atext, and RFC 6531's UTF8-non-ascii.
bool is_atext(unsigned char c) {
  return is_letter(c) || is_digit(c) || is_non_ascii(c) ||
         (c != 0 && std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) != std::string_view::npos);
}

// The underscore isn't in RFC 5321's grammar, but in many a name of a test network.
bool is_domain_character(unsigned char c) { return is_letter(c) || is_digit(c) || is_non_ascii(c) || c == '_'; }

constexpr std::uint32_t four(const char (&name)[5]) {
  std::uint32_t all = 0;
  for (int i = 0; i < 4; ++i) all = all << 8 | static_cast<unsigned char>(name[i]);
  return all;
}

Verb verb_of(std::string_view name) {
  if (name.size() == 8) return equals_ignoring_case(name, "starttls") ? Verb::starttls : Verb::unknown;
  if (name.size() == 7) return equals_ignoring_case(name, "xclient") ? Verb::xclient : Verb::unknown;
  if (name.size() != 4) return Verb::unknown;
  std::uint32_t word = 0;
  for (char c : name) word = word << 8 | (static_cast<unsigned char>(c) | 0x20);
  switch (word) {
    case four("helo"):
      return Verb::helo;
    case four("ehlo"):
      return Verb::ehlo;
    case four("mail"):
      return Verb::mail;
    case four("rcpt"):
      return Verb::rcpt;
    case four("data"):
      return Verb::data;
    case four("rset"):
      return Verb::rset;
    case four("noop"):
      return Verb::noop;
    case four("vrfy"):
      return Verb::vrfy;
    case four("expn"):
      return Verb::expn;
    case four("help"):
      return Verb::help;
    case four("quit"):
      return Verb::quit;
    case four("auth"):
      return Verb::auth;
    case four("bdat"):
      return Verb::bdat;
    case four("burl"):
      return Verb::burl;
    case four("etrn"):
      return Verb::etrn;
    case four("lhlo"):
      return Verb::lhlo;
    default:
      return Verb::unknown;
  }
}

// A reader over the rest of a text: each take_… takes what it names off the front, or returns false.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  bool at(char c) const { return rest_.starts_with(c); }
  bool take(char c) {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// What was taken since `before` was the rest.
  std::string_view since(std::string_view before) const { return before.substr(0, before.size() - rest_.size()); }

  bool take_domain() {
    const std::string_view before = rest_;
    do {
      if (rest_.empty() || !is_domain_character(byte())) return false;
      std::size_t length = 1;
      while (length < rest_.size() && (is_domain_character(byte(length)) || rest_[length] == '-')) ++length;
      if (rest_[length - 1] == '-') return false;
      rest_.remove_prefix(length);
    } while (take('.'));
    return since(before).size() <= longest_domain;
  }

  bool take_literal() {
    const std::size_t end = rest_.find(']');
    if (!at('[') || end == std::string_view::npos) return false;
    std::string_view inside = rest_.substr(1, end - 1);
    constexpr std::string_view tag = "IPv6:";
    const bool v6 = equals_ignoring_case(inside.substr(0, tag.size()), tag);
    if (v6) inside.remove_prefix(tag.size());
    char text[64];
    if (inside.size() >= sizeof text || inside.find('\0') != std::string_view::npos) return false;
    text[inside.copy(text, inside.size())] = '\0';
    unsigned char address[16];
    if (inet_pton(v6 ? AF_INET6 : AF_INET, text, address) != 1) return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool take_atoms() {
    do {
      std::size_t length = 0;
      while (length < rest_.size() && is_atext(byte(length))) ++length;
      if (length == 0) return false;
      rest_.remove_prefix(length);
    } while (take('.'));
    return true;
  }

  bool take_quoted(std::string& inside) {
    if (!take('"')) return false;
    while (!take('"')) {
      const bool escaped = take('\\');
      if (rest_.empty() || !is_printable(byte()) || (escaped && is_non_ascii(byte()))) return false;
      inside += rest_.front();
      rest_.remove_prefix(1);
    }
    return true;
  }

  bool take_route() {
    do {
      if (!take('@') || !take_domain()) return false;
    } while (take(','));
    return take(':');
  }

  bool take_mailbox(Path& path) {
    const std::string_view before = rest_;
    if (at('"')) {
      if (!take_quoted(path.local_part)) return false;
    } else {
      if (!take_atoms()) return false;
      path.local_part = since(before);
    }
    if (since(before).size() > longest_local_part) return false;
    if (take('@')) {
      const std::string_view domain = rest_;
      if (!(at('[') ? take_literal() : take_domain())) return false;
      path.domain = since(domain);
    }
    path.address = since(before);
    path.non_ascii = std::any_of(path.address.begin(), path.address.end(), is_non_ascii);
    return true;
  }

 private:
  unsigned char byte(std::size_t place = 0) const { return static_cast<unsigned char>(rest_[place]); }

  std::string_view rest_;
};

bool is_keyword(std::string_view text) {
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return is_letter(c) || is_digit(c) || c == '-';
  });
}

bool is_value(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return is_printable(c) && c != ' ' && c != '='; });
}

SyntaxError bad_parameter(std::string_view why, std::string_view word) {
  constexpr std::size_t shown = 80;  // a reply line has 512 bytes
  return {501, "5.5.4", std::string(why) + printable(word.substr(0, shown)), SyntaxError::In::parameter};
}

std::optional<SyntaxError> parse_parameters(std::string_view text, std::vector<Parameter>& parameters) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return std::nullopt;
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());

    const std::size_t equals = word.find('=');
    Parameter parameter;
    const std::string_view keyword = word.substr(0, equals);
    if (!is_keyword(keyword)) return bad_parameter("Bad parameter syntax: ", word);
    parameter.keyword = upper(keyword);
    if (equals != std::string_view::npos) {
      const std::string_view value = word.substr(equals + 1);
      if (!is_value(value)) return bad_parameter("Bad parameter syntax: ", word);
      parameter.value.emplace(value);
    }
    if (std::any_of(parameters.begin(), parameters.end(),
                    [&](const Parameter& other) { return other.keyword == parameter.keyword; })) {
      return bad_parameter("Duplicate parameter: ", parameter.keyword);
    }
    parameters.push_back(std::move(parameter));
  }
}

std::variant<Envelope, SyntaxError> parse_envelope(std::string_view argument, std::string_view introducer,
                                                   const SyntaxError& wrong_form, const SyntaxError& wrong_path,
                                                   bool null_allowed) {
  if (!equals_ignoring_case(argument.substr(0, introducer.size()), introducer)) return wrong_form;
  argument.remove_prefix(introducer.size());
  if (!argument.starts_with('<')) return wrong_form;
  std::string_view rest;
  std::optional<Path> path = parse_path(argument, rest);
  if (!path || (path->address.empty() && !null_allowed) || (!rest.empty() && rest.front() != ' ')) return wrong_path;
  Envelope envelope{std::move(*path), {}};
  if (auto error = parse_parameters(rest, envelope.parameters)) return *std::move(error);
  return envelope;
}

}  // namespace

Command parse_command(std::string_view line) {
  Command command;
  const std::size_t space = std::min(line.find(' '), line.size());
  command.name = line.substr(0, space);
  command.verb = verb_of(command.name);
  std::string_view argument = line.substr(std::min(space + 1, line.size()));
  while (argument.ends_with(' ') || argument.ends_with('\t')) argument.remove_suffix(1);
  command.argument = argument;
  return command;
}

std::variant<Envelope, SyntaxError> parse_mail(std::string_view argument) {
  static const SyntaxError wrong_form{501, "5.5.4", "Syntax: MAIL FROM:<address>", SyntaxError::In::form};
  static const SyntaxError wrong_path{501, "5.1.7", "Bad sender address syntax", SyntaxError::In::path};
  return parse_envelope(argument, "FROM:", wrong_form, wrong_path, true);
}

std::variant<Envelope, SyntaxError> parse_rcpt(std::string_view argument) {
  static const SyntaxError wrong_form{501, "5.5.4", "Syntax: RCPT TO:<address>", SyntaxError::In::form};
  static const SyntaxError wrong_path{501, "5.1.3", "Bad recipient address syntax", SyntaxError::In::path};
  return parse_envelope(argument, "TO:", wrong_form, wrong_path, false);
}

std::optional<Path> parse_path(std::string_view text, std::string_view& rest) {
  Cursor cursor(text);
  Path path;
  if (!cursor.take('<')) return std::nullopt;
  if (!cursor.at('>')) {
    if (cursor.at('@') && !cursor.take_route()) return std::nullopt;
    if (!cursor.take_mailbox(path)) return std::nullopt;
  }
  if (!cursor.take('>')) return std::nullopt;
  rest = cursor.rest();
  return path;
}

bool is_helo_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_domain &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return is_printable(c) && c != ' '; });
}

}  // namespace mailfault::smtp
