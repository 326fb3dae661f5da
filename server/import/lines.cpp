#include "import/lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "smtp/command.hpp"

namespace mailfault::recorded {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool hex_digit(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
int hex_value(char c) { return digit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

/// Reads along a line; a failed step leaves `good` false.
struct Scanner {
  std::string_view rest;
  bool good = true;

  bool has(char c) const { return !rest.empty() && rest.front() == c; }
  bool skip(char c) {
    bool there = has(c);
    if (there) rest.remove_prefix(1);
    return there;
  }
  void want(std::string_view any) {
    good = good && !rest.empty() && any.find(rest.front()) != std::string_view::npos;
    if (good) rest.remove_prefix(1);
  }
  int number(std::size_t digits) {
    if (!good || rest.size() < digits ||
        !std::all_of(rest.begin(), rest.begin() + static_cast<long>(digits), digit)) {
      good = false;
      return 0;
    }
    int value = 0;
    for (char c : rest.substr(0, digits)) value = value * 10 + (c - '0');
    rest.remove_prefix(digits);
    return value;
  }
};

constexpr std::array months{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

std::optional<Micros> take_date(Scanner& scan) {
  using namespace std::chrono;
  auto days = [](int y, int m, int d) -> std::optional<Micros> {
    auto date = year(y) / month(static_cast<unsigned>(m)) / day(static_cast<unsigned>(d));
    if (!date.ok()) return std::nullopt;
    return duration_cast<Micros>(sys_days(date).time_since_epoch());
  };
  auto numeric = scan;
  int y = numeric.number(4);
  numeric.want("-/");
  int m = numeric.number(2);
  numeric.want("-/");
  int d = numeric.number(2);
  numeric.want(" T\t");
  if (numeric.good) {
    scan = numeric;
    return days(y, m, d);
  }
  auto named = scan;
  auto found = std::find(months.begin(), months.end(), lower(named.rest.substr(0, 3)));
  if (found == months.end()) return std::nullopt;
  named.rest.remove_prefix(3);
  named.want(" ");
  bool one_digit = named.skip(' ');
  d = named.number(one_digit || (named.rest.size() > 1 && named.rest[1] == ' ') ? 1 : 2);
  named.want(" ");
  if (!named.good) return std::nullopt;
  scan = named;
  return days(2000, static_cast<int>(found - months.begin()) + 1, d);
}

}  // namespace

std::string decoded(std::string bytes) {
  auto begins = [&](std::string_view mark) { return std::string_view(bytes).starts_with(mark); };
  if (begins("\xEF\xBB\xBF")) return bytes.substr(3);
  bool little = begins("\xFF\xFE");
  if (!little && !begins("\xFE\xFF")) return bytes;
  std::string out;
  out.reserve(bytes.size() / 2);
  auto unit = [&](std::size_t at) -> std::uint32_t {
    auto a = static_cast<unsigned char>(bytes[at]), b = static_cast<unsigned char>(bytes[at + 1]);
    return little ? a | b << 8U : b | static_cast<unsigned>(a) << 8U;
  };
  for (std::size_t at = 2; at + 1 < bytes.size(); at += 2) {
    std::uint32_t c = unit(at);
    if (c >= 0xD800 && c < 0xDC00 && at + 3 < bytes.size()) {
      auto low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
        at += 2;
      }
    }
    append_utf8(out, c);
  }
  return out;
}

std::string plain_line(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '\x1b' || at + 1 >= line.size() || line[at + 1] != '[') {
      out += line[at];
      continue;
    }
    at += 2;
    while (at < line.size() && (line[at] < '@' || line[at] > '~')) ++at;
  }
  while (out.ends_with('\r')) out.pop_back();
  return out;
}

std::optional<Stamp> take_stamp(std::string_view& line) {
  Scanner scan{line};
  bool bracket = scan.skip('[');
  Stamp stamp;
  if (auto date = take_date(scan)) {
    stamp.dated = true;
    stamp.at = *date;
  }
  int hours = scan.number(2);
  scan.want(":");
  int minutes = scan.number(2);
  scan.want(":");
  int seconds = scan.number(2);
  if (!scan.good || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  stamp.at += std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
  if ((scan.has('.') || scan.has(',')) && scan.rest.size() > 1 && digit(scan.rest[1])) {
    scan.rest.remove_prefix(1);
    stamp.exact = true;
    for (int unit = 100'000; !scan.rest.empty() && digit(scan.rest.front()); unit /= 10) {
      stamp.at += Micros((scan.rest.front() - '0') * unit);
      scan.rest.remove_prefix(1);
    }
  }
  if (!scan.skip('Z')) {
    auto zone = scan;
    zone.skip(' ');
    zone.want("+-");
    zone.number(2);
    zone.skip(':');
    zone.number(2);
    if (zone.good) scan = zone;
  }
  if (bracket && !scan.skip(']')) return std::nullopt;
  scan.skip(':');
  if (!scan.rest.empty() && scan.rest.front() != ' ' && scan.rest.front() != '\t') return std::nullopt;
  while (!scan.rest.empty() && (scan.rest.front() == ' ' || scan.rest.front() == '\t')) scan.rest.remove_prefix(1);
  line = scan.rest;
  return stamp;
}

bool take_log_word(std::string_view& line) {
  static constexpr std::array levels{"DEBUG", "INFO", "TRACE", "WARNING", "WARN", "ERROR", "FINE", "NOTICE"};
  auto cut = [&](std::size_t length) {
    line.remove_prefix(length);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    return true;
  };
  for (std::string_view level : levels) {
    if (!line.starts_with(level) || line.size() == level.size()) continue;
    char next = line[level.size()];
    if (next == ' ' || next == '\t') return cut(level.size());
    if (next == ':' && !line.starts_with("DEBUG: ")) return cut(level.size() + 1);
  }
  if (line.starts_with('[')) {
    auto end = line.find("] ");
    if (end != std::string_view::npos && end < 60) return cut(end + 1);
  }
  auto bar = line.substr(0, 60).find(" | ");
  if (bar != std::string_view::npos && line.substr(0, bar).find_first_of(":<>\"") == std::string_view::npos)
    return cut(bar + 3);
  return false;
}

std::optional<std::string> unquoted(std::string_view text, char quote, std::string_view& rest) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == quote) {
      rest = text.substr(at + 1);
      return out;
    }
    if (c != '\\' || at + 1 >= text.size()) {
      out += c;
      continue;
    }
    c = text[++at];
    static constexpr std::pair<char, char> letters[] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'},
                                                        {'0', '\0'}, {'a', '\a'}, {'b', '\b'},
                                                        {'f', '\f'}, {'v', '\v'}, {'e', '\x1b'}};
    const auto* found =
        std::find_if(std::begin(letters), std::end(letters), [&](const auto& each) { return each.first == c; });
    if ((c == 'x' || c == 'u') && at + 2 < text.size() && hex_digit(text[at + 1]) && hex_digit(text[at + 2])) {
      out += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
      at += 2;
    } else {
      out += found != std::end(letters) ? found->second : c;
    }
  }
  return std::nullopt;
}

bool is_reply_line(std::string_view text) {
  return text.size() >= 3 && text[0] >= '2' && text[0] <= '5' && digit(text[1]) && digit(text[2]) &&
         (text.size() == 3 || text[3] == ' ' || text[3] == '-');
}

std::string verb_of(std::string_view line) { return upper(smtp::parse_command(line).name); }

bool is_command_line(std::string_view text) { return smtp::parse_command(text).verb != smtp::Verb::unknown; }

Ending ending_in(std::string_view text) {
  static constexpr std::pair<std::string_view, Ending> words[] = {
      {"connection refused", Ending::refused},
      {"econnrefused", Ending::refused},
      {"connectionrefused", Ending::refused},
      {"actively refused it", Ending::refused},  // of Windows
      {"connection reset", Ending::reset},
      {"econnreset", Ending::reset},
      {"forcibly closed", Ending::reset},
      {"connectionreseterror", Ending::reset},
      {"timed out", Ending::silence},
      {"timeouterror", Ending::silence},
      {"etimedout", Ending::silence},
      {"greeting never received", Ending::silence},
      {"timeout was reached", Ending::silence},
      {"timeout (", Ending::silence},
      {"read timeout", Ending::silence},
      {"error: timeout", Ending::silence},
      {"sockettimeoutexception", Ending::silence},
      {"closed connection unexpectedly", Ending::closed},
      {"unexpectedly closed", Ending::closed},
      {"closed unexpectedly", Ending::closed},
      {"unexpectedly disconnected", Ending::closed},
      {"unexpected socket close", Ending::closed},
      {"closed the connection", Ending::closed},
      {"closed by the remote", Ending::closed},
      {"connection closed by", Ending::closed},
      {"remote side closed", Ending::closed},
      {"lost connection", Ending::closed},
      {"response reading failed", Ending::closed},
      {"sent an empty reply", Ending::closed},
      {"network read error", Ending::closed},
      {"end of file reached", Ending::closed},
      {"unexpected eof", Ending::closed},
      {"ssl_error_syscall", Ending::closed},
      {"disconnected before secure tls", Ending::closed},
      {"non-properly terminated", Ending::closed},
      {"broken pipe", Ending::closed},
      {"write epipe", Ending::closed},
      {"error in the pull function", Ending::reset},
      {"error:00000000:lib(0)", Ending::reset},
      {"[eof]", Ending::closed},
      {"eof caught", Ending::closed},
      {"eoferror", Ending::closed},
      {"econnection", Ending::closed},
      {"handshake fail", Ending::tls_failed},
      {"handshake_failure", Ending::tls_failed},
      {"tls startup failed", Ending::tls_failed},
      {"tls handshake failed", Ending::tls_failed},
      {"wrong version number", Ending::tls_failed},
      {"ssl connect error", Ending::tls_failed},
  };
  auto lowered = lower(text);
  if (!certificate_in(lowered).empty()) return Ending::tls_failed;
  for (const auto& [word, ending] : words)
    if (lowered.find(word) != std::string::npos) return ending;
  return Ending::unknown;
}

std::string certificate_in(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"certificate has expired", "expired"},
      {"cert_has_expired", "expired"},
      {"certificate expired", "expired"},
      {"not yet valid", "not_yet_valid"},
      {"self-signed certificate in certificate chain", "untrusted_root"},
      {"self signed certificate in certificate chain", "untrusted_root"},
      {"self-signed certificate", "self_signed"},
      {"self signed certificate", "self_signed"},
      {"depth_zero_self_signed", "self_signed"},
      {"unable to get local issuer", "untrusted_root"},
      {"unknown authority", "untrusted_root"},
      {"pkix path building failed", "untrusted_root"},
      {"uses expired certificate", "expired"},
      {"certificate issuer is unknown", "untrusted_root"},
      {"altname_invalid", "wrong_host"},
      {"certificate's altnames", "wrong_host"},
      {"does not match target host", "wrong_host"},
      {"does not match the expected", "wrong_host"},
      {"hostname mismatch", "wrong_host"},
      {"no alternative certificate subject name matches", "wrong_host"},
      {"certificate verify failed", "untrusted_root"},
  };
  auto lowered = lower(text);
  for (const auto& [word, recipe] : words)
    if (lowered.find(word) != std::string::npos) return std::string(recipe);
  return {};
}

}  // namespace mailfault::recorded
