// The extensions of the protocol by their grammars: what a parameter's value may be, BDAT, XCLIENT, LIMITS.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "smtp/capabilities.hpp"
#include "smtp/command.hpp"

namespace mailfault::smtp {

/// `BDAT chunk-size [LAST]` (RFC 3030 section 2): so many bytes follow the command's line.
struct ChunkHead {
  std::uint64_t size = 0;
  bool last = false;
};
/// The argument of BDAT; 501 for a size that isn't a number below 2^64.
std::variant<ChunkHead, SyntaxError> parse_bdat(std::string_view argument);

/// Undoes xtext (RFC 3461 section 4: `+XX` in upper-case hexadecimal); none if it isn't xtext.
std::optional<std::string> from_xtext(std::string_view text);
/// Text in any bytes as xtext.
std::string to_xtext(std::string_view text);

/// Seconds since 1970 of RFC 3339's date-time, without fractions; none if it isn't one.
std::optional<std::int64_t> parse_date_time(std::string_view text);

/// Why the parameters' values aren't what their extensions' grammars say: 501 5.5.4, or 555 5.5.4 for one that
/// belongs to the other command. Parameters that no extension is known for pass.
std::optional<SyntaxError> check_parameters(const std::vector<Parameter>& parameters, bool of_mail);
/// Why values go beyond what the keyword's line in the EHLO reply allows: FUTURERELEASE (RFC 4865, 501), DELIVERBY
/// (RFC 2852, 555).
std::optional<SyntaxError> check_offered_bounds(const std::vector<Parameter>& parameters, const Offered& offered);
/// The keyword that must have been offered for a parameter with its value: as keyword_for(), and BINARYMIME for
/// BODY=BINARYMIME.
std::string_view keyword_for(const Parameter& parameter);

/// What LIMITS offers (RFC 9422); 0: no such limit, or one that isn't a number.
struct Limits {
  std::uint64_t messages = 0;           ///< MAILMAX, on a connection
  std::uint64_t recipients = 0;         ///< RCPTMAX, of a message
  std::uint64_t recipient_domains = 0;  ///< RCPTDOMAINMAX, of a message
};
Limits parse_limits(std::string_view arguments);

/// `NAME=value` of XCLIENT, xtext undone; no value: [UNAVAILABLE] or [TEMPUNAVAIL].
struct ClientAttribute {
  std::string name;  ///< in upper case
  std::optional<std::string> value;
};
/// The argument of XCLIENT. 501 for an attribute that isn't among the words of `offered`, or a value that its name
/// doesn't allow; an ADDR is left in the form of a peer's address (`IPV6:` gone).
std::variant<std::vector<ClientAttribute>, SyntaxError> parse_xclient(std::string_view argument,
                                                                      std::string_view offered);

}  // namespace mailfault::smtp
