// Commands and their arguments: RFC 5321 sections 4.1.1 and 4.1.2, RFC 6531 for addresses in UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailfault::smtp {

enum class Verb : std::uint8_t {
  helo,
  ehlo,
  mail,
  rcpt,
  data,
  rset,
  noop,
  vrfy,
  expn,
  help,
  quit,
  auth,
  starttls,
  bdat,     // RFC 3030
  burl,     // RFC 4468
  etrn,     // RFC 1985
  lhlo,     // RFC 2033
  xclient,  // Postfix's XCLIENT_README
  unknown,
};

/// A command line cut at its first space; nothing is judged yet.
struct Command {
  Verb verb = Verb::unknown;
  std::string_view name;      ///< as the client wrote it
  std::string_view argument;  ///< behind the first space, trailing blanks gone
};
Command parse_command(std::string_view line);

/// `KEYWORD` or `KEYWORD=value` behind MAIL or RCPT (section 4.1.2).
struct Parameter {
  std::string keyword;  ///< in upper case
  std::optional<std::string> value;
};

/// A reverse or forward path. A source route is read and dropped (appendix C).
struct Path {
  std::string address;     ///< as written, without brackets and route; empty: the null path `<>`
  std::string local_part;  ///< quoting undone
  std::string domain;      ///< or the literal with its brackets; empty for `<postmaster>` and the null path
  bool non_ascii = false;  ///< needs SMTPUTF8 (RFC 6531)
};

struct Envelope {
  Path path;
  std::vector<Parameter> parameters;
};

/// Why a line isn't what its command needs, as a reply says it.
struct SyntaxError {
  enum class In : std::uint8_t { form, path, parameter };
  int code = 501;
  std::string_view enhanced;
  std::string text;
  In in = In::form;
};

/// The argument of MAIL: `FROM:<reverse-path> [parameters]`. A space after the colon is an error, as real servers
/// say.
std::variant<Envelope, SyntaxError> parse_mail(std::string_view argument);
/// The argument of RCPT: `TO:<forward-path> [parameters]`; the null path is an error, `<postmaster>` is not.
std::variant<Envelope, SyntaxError> parse_rcpt(std::string_view argument);
/// A path in its brackets at the beginning of `text`; what follows it is left in `rest`. None if it isn't one.
/// Local parts up to 64 bytes, domains up to 255, quoted strings, IPv4 and IPv6 literals (sections 4.1.3, 4.5.3.1).
std::optional<Path> parse_path(std::string_view text, std::string_view& rest);
/// A domain, an address literal, or what clients send in its place (`localhost`, `my_host`): anything printable
/// without blanks, up to 255 bytes (section 4.1.1.1; servers mustn't refuse for form alone).
bool is_helo_name(std::string_view text);

}  // namespace mailfault::smtp
