#include "smtp/capabilities.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace mailfault::smtp {
namespace {

constexpr std::string_view blanks = " \t";

bool among(const std::vector<std::string>& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& one) { return equals_ignoring_case(one, word); });
}

void add(std::vector<std::string>& words, std::string_view word) {
  if (!among(words, word)) words.push_back(upper(word));
}

// Takes the first word off `text`; empty when there is none.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

// Takes the keyword off a line; what clients of Outlook 4's time want, `AUTH=LOGIN`, is AUTH and a mechanism.
std::string_view take_keyword(std::string_view& line) {
  constexpr std::string_view old_auth = "AUTH=";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  if (equals_ignoring_case(line.substr(0, old_auth.size()), old_auth)) {
    const std::string_view keyword = line.substr(0, old_auth.size() - 1);
    line.remove_prefix(old_auth.size());
    return keyword;
  }
  return take_word(line);
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

void read_line(Offered& offered, std::string_view line) {
  const std::string_view keyword = take_keyword(line);
  if (keyword.empty()) return;
  if (!among(offered.keywords, keyword)) {
    offered.keywords.push_back(upper(keyword));
    offered.arguments.emplace_back(trim(line));
  }
  const auto is = [&](std::string_view name) { return equals_ignoring_case(keyword, name); };
  if (is("PIPELINING")) {
    offered.pipelining = true;
  } else if (is("8BITMIME")) {
    offered.eight_bit_mime = true;
  } else if (is("SMTPUTF8")) {
    offered.smtputf8 = true;
  } else if (is("DSN")) {
    offered.dsn = true;
  } else if (is("ENHANCEDSTATUSCODES")) {
    offered.enhanced_codes = true;
  } else if (is("STARTTLS")) {
    offered.starttls = true;
  } else if (is("SIZE")) {
    offered.size = true;
    offered.size_limit = number(take_word(line));
  } else if (is("AUTH")) {
    offered.auth = true;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      add(offered.mechanisms, word);
    }
  }
}

void remove_keyword(std::vector<std::string>& lines, std::string_view keyword, std::size_t from) {
  const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(from);
  lines.erase(
      std::remove_if(begin, lines.end(),
                     [&](std::string_view line) { return equals_ignoring_case(take_keyword(line), keyword); }),
      lines.end());
}

void set_line(std::vector<std::string>& lines, std::string_view line) {
  std::string_view arguments = line;
  const std::string_view keyword = take_keyword(arguments);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view old = lines[i];
    if (!equals_ignoring_case(take_keyword(old), keyword)) continue;
    lines[i] = line;
    remove_keyword(lines, keyword, i + 1);
    return;
  }
  lines.emplace_back(line);
}

}  // namespace

bool Offered::has(std::string_view keyword) const { return among(keywords, keyword); }

std::string_view Offered::arguments_of(std::string_view keyword) const {
  for (std::size_t i = 0; i < keywords.size(); ++i)
    if (equals_ignoring_case(keywords[i], keyword)) return arguments[i];
  return {};
}

bool Offered::has_mechanism(std::string_view mechanism) const { return among(mechanisms, mechanism); }

Offered parse_offer(std::string_view reply) {
  Offered offered;
  while (!reply.empty()) {
    const std::size_t lf = std::min(reply.find('\n'), reply.size());
    std::string_view line = reply.substr(0, lf);
    reply.remove_prefix(std::min(lf + 1, reply.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with("250") || (line.size() > 3 && line[3] != '-' && line[3] != ' ')) continue;
    if (offered.esmtp) read_line(offered, line.substr(std::min<std::size_t>(4, line.size())));
    offered.esmtp = true;
  }
  return offered;
}

std::vector<std::string> edited(const std::vector<std::string>& lines, const std::vector<std::string>& edits) {
  const auto has_sign = [](const std::string& edit) { return edit.starts_with('+') || edit.starts_with('-'); };
  if (!edits.empty() && !has_sign(edits.front())) return edits;
  std::vector<std::string> result = lines;
  for (const std::string& edit : edits) {
    std::string_view line = edit;
    if (has_sign(edit)) line.remove_prefix(1);
    if (edit.starts_with('-')) {
      remove_keyword(result, take_keyword(line), 0);
    } else {
      set_line(result, line);
    }
  }
  return result;
}

std::string_view keyword_for(std::string_view parameter) {
  using Entry = std::pair<std::string_view, std::string_view>;
  static constexpr std::array table{
      Entry{"SIZE", "SIZE"},                // RFC 1870
      Entry{"BODY", "8BITMIME"},            // RFC 6152
      Entry{"SMTPUTF8", "SMTPUTF8"},        // RFC 6531
      Entry{"RET", "DSN"},                  // RFC 3461
      Entry{"ENVID", "DSN"},                //
      Entry{"NOTIFY", "DSN"},               //
      Entry{"ORCPT", "DSN"},                //
      Entry{"AUTH", "AUTH"},                // RFC 4954
      Entry{"BY", "DELIVERBY"},             // RFC 2852
      Entry{"REQUIRETLS", "REQUIRETLS"},    // RFC 8689
      Entry{"MT-PRIORITY", "MT-PRIORITY"},  // RFC 6710
      Entry{"HOLDFOR", "FUTURERELEASE"},    // RFC 4865
      Entry{"HOLDUNTIL", "FUTURERELEASE"},  //
      Entry{"RRVS", "RRVS"},                // RFC 7293
      Entry{"MTRK", "MTRK"},                // RFC 3885
      Entry{"TRANSID", "CHECKPOINT"},       // RFC 1845
      Entry{"SUBMITTER", "SUBMITTER"},      // RFC 4405
      Entry{"SOLICIT", "NO-SOLICITING"},    // RFC 3865
  };
  for (const auto& [name, keyword] : table) {
    if (equals_ignoring_case(name, parameter)) return keyword;
  }
  return "";
}

}  // namespace mailfault::smtp
