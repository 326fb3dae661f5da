#include "runner/reply_code.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"

namespace mailfault::runner {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(), [&](auto each) { return equals_ignoring_case(each, word); });
}

// How clients mark what they send: swaks, msmtp and curl -v, smtplib, PHPMailer and others.
bool is_clients_own(std::string_view line) {
  constexpr std::array<std::string_view, 8> marks{"->", "~>", "-->", ">>>", "> ", "send:", "C:", "CLIENT -> SERVER:"};
  return std::any_of(marks.begin(), marks.end(), [&](auto mark) { return line.starts_with(mark); });
}

bool is_code(std::string_view text) {
  return text.size() >= 3 && (text[0] == '4' || text[0] == '5') && text[1] >= '0' && text[1] <= '5' &&
         is_digit(text[2]);
}

std::string_view last_word(std::string_view text) {
  auto begin = text.size();
  while (begin > 0 && is_letter(text[begin - 1])) --begin;
  return text.substr(begin);
}

/// "5.7.1" of the same class.
bool is_enhanced_code(std::string_view text, char of_class) {
  return text.size() >= 5 && text[0] == of_class && text[1] == '.' && is_digit(text[2]);
}

bool ends_as_code(char of_class, std::string_view after) {
  if (after.empty()) return true;
  if (std::string_view(" \t-,:;)]}\"'.").find(after[0]) == std::string_view::npos) return false;
  if (after.size() > 1 && is_digit(after[1])) return is_enhanced_code(after.substr(1), of_class);
  constexpr std::array<std::string_view, 10> units{"ms",    "s",  "sec", "seconds", "milliseconds",
                                                   "bytes", "kB", "KiB", "MB",      "messages"};
  auto word = after.substr(1);
  return !is_one_of(units,
                    word.substr(0, word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")));
}

bool begins_as_code(std::string_view before, bool has_enhanced_code) {
  auto text = trim(before);
  if (text.empty()) return true;
  char last = text.back();
  bool adjacent = text.data() + text.size() == before.data() + before.size();
  if (is_letter(last)) {  // "got 550", "SMTP error 550", "message 550 5.1.1"
    constexpr std::array<std::string_view, 9> leads{"code", "error", "reply",    "response", "status",
                                                    "got",  "said",  "returned", "server"};
    return !adjacent && (has_enhanced_code || is_one_of(leads, last_word(text)));
  }
  if (last == ':') {  // "RCPT failed: 550", but not "size: 512"
    constexpr std::array<std::string_view, 11> others{"size", "length", "bytes", "port", "line", "time",
                                                      "took", "total",  "id",    "pid",  "errno"};
    text.remove_suffix(1);
    return !is_one_of(others, last_word(text.ends_with('"') ? text.substr(0, text.size() - 1) : text));
  }
  if (last == '-' || last == '<' || last == '*') return !adjacent || last != '-';
  return std::string_view("([{\"'|").find(last) != std::string_view::npos;
}

}  // namespace

std::optional<int> last_failing_code(std::string_view output) {
  while (!output.empty()) {
    auto begin = output.find_last_of("\r\n");
    auto line = trim(output.substr(begin == std::string_view::npos ? 0 : begin + 1));
    output = output.substr(0, begin == std::string_view::npos ? 0 : begin);
    if (is_clients_own(line)) continue;
    for (auto at = line.size(); at-- > 0;) {
      auto here = line.substr(at);
      if (!is_code(here)) continue;
      auto after = here.substr(3);
      bool enhanced =
          after.size() > 1 && (after[0] == ' ' || after[0] == '-') && is_enhanced_code(after.substr(1), here[0]);
      if (ends_as_code(here[0], after) && begins_as_code(line.substr(0, at), enhanced))
        return (here[0] - '0') * 100 + (here[1] - '0') * 10 + (here[2] - '0');
    }
  }
  return std::nullopt;
}

}  // namespace mailfault::runner
