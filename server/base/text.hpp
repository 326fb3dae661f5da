// Small things done to text.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailfault {

bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char at);
std::string join(std::span<const std::string> parts, std::string_view between);
bool contains_ignoring_case(std::string_view text, std::string_view part);
bool is_ascii(std::string_view text);
/// A code point as UTF-8 (RFC 3629), whatever it stands for.
void append_utf8(std::string& out, std::uint32_t character);

/// `*` is any text, `?` any one character; ASCII case is ignored. Linear in text times stars.
bool matches_glob(std::string_view glob, std::string_view text);

/// The nearest of `known` if it is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> known);
/// " (did you mean 'x'?)" or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

std::string base64(std::string_view bytes);
/// None unless it is canonical base64 with its padding (RFC 4648 section 4).
std::optional<std::string> from_base64(std::string_view text);

/// Control characters become `?`: what a value may put into a reply or a terminal.
std::string printable(std::string_view text);
/// As a programmer writes it: `\\r`, `\\n`, `\\x00` for what isn't printable ASCII.
std::string escaped(std::string_view text);
/// "1st", "2nd", "3rd", "4th", "11th"…
std::string ordinal(std::uint64_t number);
/// "1 copy", "2 copies": the noun's plural is given.
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

}  // namespace mailfault
