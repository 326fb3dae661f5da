#include "engine/header_text.hpp"

#include <optional>

#include "base/text.hpp"
#include "journal/ledger.hpp"

namespace mailfault {
namespace {

std::optional<std::string> from_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      out += ' ';
    } else if (text[i] == '=') {
      constexpr std::string_view digits = "0123456789ABCDEF";
      if (i + 2 >= text.size()) return std::nullopt;
      auto pair = upper(text.substr(i + 1, 2));
      auto high = digits.find(pair[0]), low = digits.find(pair[1]);
      if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string utf8_of_latin1(std::string_view text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

// "=?charset?B?text?=" at the beginning of `text`, and how long it is.
std::optional<std::string> encoded_word(std::string_view text, std::size_t& length) {
  auto end = text.find("?=", 2);
  if (!text.starts_with("=?")) return std::nullopt;
  auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos) return std::nullopt;
  auto encoding_end = text.find('?', charset_end + 1);
  if (encoding_end == std::string_view::npos) return std::nullopt;
  end = text.find("?=", encoding_end + 1);
  if (end == std::string_view::npos) return std::nullopt;
  auto charset = lower(text.substr(2, charset_end - 2));
  auto encoding = lower(text.substr(charset_end + 1, encoding_end - charset_end - 1));
  auto body = text.substr(encoding_end + 1, end - encoding_end - 1);
  auto bytes = encoding == "b" ? from_base64(body) : encoding == "q" ? from_q(body) : std::nullopt;
  if (!bytes) return std::nullopt;
  length = end + 2;
  if (charset == "utf-8" || charset == "us-ascii") return bytes;
  if (charset == "iso-8859-1") return utf8_of_latin1(*bytes);
  return std::nullopt;
}

}  // namespace

FieldValue header_text(std::string_view message, std::string_view name) {
  constexpr std::size_t longest = 64 * 1024;  // a stranger wrote it, and a script may copy it
  std::string raw(raw_header(message, name).substr(0, longest));
  if (raw.empty()) return {};
  std::string out;
  bool behind_word = false;
  for (std::size_t at = 0; at < raw.size();) {
    std::size_t length = 0;
    if (auto word = encoded_word(std::string_view(raw).substr(at), length)) {
      // White space between two encoded words is no part of the text (RFC 2047 section 6.2).
      if (behind_word && trim(std::string_view(out).substr(out.find_last_not_of(" \t") + 1)).empty())
        out.erase(out.find_last_not_of(" \t") + 1);
      out += *word;
      at += length;
      behind_word = true;
    } else {
      if (raw[at] != ' ' && raw[at] != '\t') behind_word = false;
      out += raw[at++];
    }
  }
  return out;
}

}  // namespace mailfault
