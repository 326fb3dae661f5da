// What a person sees.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailfault::cli {

/// Standard output is a terminal and NO_COLOR isn't set.
bool has_color();
bool is_terminal();
enum class Tone : unsigned char { plain, strong, dim, good, bad, warning };
std::string toned(Tone tone, std::string_view text, bool color);

/// Columns the text takes on a terminal (UTF-8; every character one column).
std::size_t width_of(std::string_view text);
std::string padded(std::string_view text, std::size_t width);
/// Cut to `width` columns with an ellipsis.
std::string fitted(std::string_view text, std::size_t width);
/// Lines of at most `width` columns, broken at spaces.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/// Of the terminal, else 100.
std::size_t terminal_width();

/// Rows under headings, columns as wide as needed.
std::string table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows,
                  bool color);

}  // namespace mailfault::cli
