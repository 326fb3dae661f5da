#include "sasl/charset.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace mailfault::sasl {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

}  // namespace

std::string latin1_if_possible(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const std::uint32_t byte = byte_at(utf8, i);
    if (byte < 0x80) {
      out += utf8[i];
      continue;
    }
    // U+0080 to U+00FF are c2 80 to c3 bf.
    const bool fits = (byte == 0xc2 || byte == 0xc3) && i + 1 < utf8.size() && (byte_at(utf8, i + 1) & 0xc0) == 0x80;
    if (!fits) return std::string(utf8);
    out += static_cast<char>((byte & 3) << 6 | (byte_at(utf8, ++i) & 0x3f));
  }
  return out;
}

std::string utf8_of_latin1(std::string_view latin1) {
  std::string out;
  for (std::size_t i = 0; i < latin1.size(); ++i) append_utf8(out, byte_at(latin1, i));
  return out;
}

std::optional<std::string> utf8_of_utf16(std::string_view little_endian) {
  if (little_endian.size() % 2 != 0) return std::nullopt;
  const auto unit_at = [&](std::size_t at) {
    return byte_at(little_endian, at) | byte_at(little_endian, at + 1) << 8;
  };
  std::string out;
  for (std::size_t i = 0; i < little_endian.size(); i += 2) {
    std::uint32_t character = unit_at(i);
    if (character >= 0xd800 && character < 0xe000) {
      const bool high = character < 0xdc00 && i + 2 < little_endian.size();
      const std::uint32_t low = high ? unit_at(i + 2) : 0;
      if (low < 0xdc00 || low >= 0xe000) return std::nullopt;
      character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
      i += 2;
    }
    append_utf8(out, character);
  }
  return out;
}

std::string utf16_of_ascii(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += static_cast<unsigned char>(c) < 0x80 ? c : '?';
    out += '\0';
  }
  return out;
}

}  // namespace mailfault::sasl
