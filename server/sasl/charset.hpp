// Character sets that mechanisms older than UTF-8 speak.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailfault::sasl {

/// UTF-8 as ISO 8859-1 where all of it can be written so; else, and where it isn't UTF-8, as it was (RFC 2831,
/// 2.1.2.1).
std::string latin1_if_possible(std::string_view utf8);
/// Every byte is a character.
std::string utf8_of_latin1(std::string_view latin1);
/// None for an odd size or a lone surrogate.
std::optional<std::string> utf8_of_utf16(std::string_view little_endian);
/// Little endian; what isn't ASCII becomes `?`.
std::string utf16_of_ascii(std::string_view text);

}  // namespace mailfault::sasl
