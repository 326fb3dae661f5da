#include "report/terminal_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/words.hpp"

namespace mailfault {

std::string painted(std::string_view paint, std::string_view text, bool color) {
  if (!color || paint.empty()) return std::string(text);
  return "\033[" + std::string(paint) + "m" + std::string(text) + "\033[0m";
}

std::string_view paint_of(std::string_view verdict) {
  if (verdict == "pass") return green;
  if (verdict == "fail" || verdict == "unmet" || verdict == "error") return red;
  return verdict == "lax" ? yellow : plain;
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string safe(std::string_view text) {
  auto out = printable(utf8(text));
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if (out[i] == '\xc2' && static_cast<unsigned char>(out[i + 1]) < 0xa0) out.replace(i, 2, "?");
  return out;
}

std::string shown(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return safe(line);
}

std::string fitted(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  std::string out;
  std::size_t taken = 0;
  for (char c : text) {
    bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && ++taken >= width) break;
    out += c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  auto clean = utf8(text);
  for (auto paragraph : split(clean, '\n')) {
    lines.emplace_back();
    for (auto each : split(paragraph, ' ')) {
      if (each.empty()) continue;
      auto word = safe(each);
      auto& line = lines.back();
      if (line.empty())
        line = word;
      else if (columns(line) + 1 + columns(word) <= width)
        line.append(" ").append(word);
      else
        lines.push_back(word);
    }
  }
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace mailfault
