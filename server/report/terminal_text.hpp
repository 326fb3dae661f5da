// What reports for a terminal share: colour, words made safe, lines of a width.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailfault {

inline constexpr std::string_view bold = "1", dim = "2", red = "31", green = "32", yellow = "33", plain = "";

std::string painted(std::string_view paint, std::string_view text, bool color);
std::string_view paint_of(std::string_view verdict);
std::string spaces(std::size_t count);
/// Words from outside move no cursor: control characters become `?`, also those of C1.
std::string safe(std::string_view text);
/// The same on one line.
std::string shown(std::string_view text);
/// Cut to `width` columns with an ellipsis.
std::string fitted(std::string_view text, std::size_t width);
/// Lines of at most `width` columns, broken at spaces, and where the author or the client broke it; made safe.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace mailfault
