#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"

namespace mailfault::cli {

bool is_terminal() { return isatty(STDOUT_FILENO) == 1; }

bool has_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal() && !(no_color && *no_color);
}

std::string toned(Tone tone, std::string_view text, bool color) {
  static constexpr std::array<std::string_view, 6> codes{"", "1", "2", "32", "31", "33"};
  auto code = codes[static_cast<std::size_t>(tone)];
  if (!color || code.empty()) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  auto has = width_of(text);
  return std::string(text) + std::string(has < width ? width - has : 0, ' ');
}

std::string fitted(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::string out;
  std::size_t columns = 0;
  for (char c : text) {
    bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && ++columns >= width) break;
    out += c;
  }
  return out + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (auto word : split(text, ' ')) {
    if (word.empty()) continue;
    auto& line = lines.back();
    if (line.empty())
      line = word;
    else if (width_of(line) + 1 + width_of(word) <= width)
      line.append(" ").append(word);
    else
      lines.emplace_back(word);
  }
  return lines;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 100;
}

std::string table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows,
                  bool color) {
  std::vector<std::size_t> widths;
  for (const auto& heading : headings) widths.push_back(width_of(heading));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i)
      out += "  " + (i + 1 < cells.size() ? padded(cells[i], widths[i]) : cells[i]);
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  };
  std::string out = toned(Tone::dim, line(headings), color) + "\n";
  for (const auto& row : rows) out += line(row) + "\n";
  return out;
}

}  // namespace mailfault::cli
