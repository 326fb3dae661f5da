// What a server offers in its reply to EHLO, and what of it holds (RFC 5321 section 4.1.1.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailfault::smtp {

/// What the last 250 to EHLO said, whoever wrote it. Keywords are read without regard to case; two AUTH lines add up,
/// and `AUTH=LOGIN` counts as `AUTH LOGIN`.
struct Offered {
  bool esmtp = false;  ///< it was EHLO, and a 250 came
  bool pipelining = false;
  bool eight_bit_mime = false;
  bool smtputf8 = false;
  bool dsn = false;
  bool enhanced_codes = false;
  bool starttls = false;
  bool size = false;
  std::uint64_t size_limit = 0;  ///< 0: no limit was named (RFC 1870 section 3), or one that isn't a number
  bool auth = false;
  std::vector<std::string> mechanisms;  ///< in upper case
  std::vector<std::string> keywords;    ///< all of them, in upper case
  std::vector<std::string> arguments;   ///< what stood behind each keyword where it came first

  /// What stands behind a keyword; empty where nothing does, and where it wasn't offered.
  std::string_view arguments_of(std::string_view keyword) const;
  bool has(std::string_view keyword) const;
  bool has_mechanism(std::string_view mechanism) const;
};

/// Reads the text of a reply to EHLO as it went over the wire. The first line names the host and is no keyword.
/// Lines that don't begin with 250 are passed over.
Offered parse_offer(std::string_view reply);

/// `lines` with `edits` done to it: "+LINE" replaces the line of that keyword or adds it at the end, "-KEYWORD" takes
/// it away. Where the first edit has neither sign, `edits` are the lines.
std::vector<std::string> edited(const std::vector<std::string>& lines, const std::vector<std::string>& edits);

/// The keyword that must have been offered for a parameter of MAIL or RCPT: "SIZE" for SIZE, "DSN" for NOTIFY…; ""
/// for a parameter that nothing known offers.
std::string_view keyword_for(std::string_view parameter);

}  // namespace mailfault::smtp
