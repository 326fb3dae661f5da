#include "smtp/reply.hpp"

#include <charconv>

namespace mailfault::smtp {

void append_reply(std::string& out, int code, std::string_view enhanced, std::string_view text) {
  char digits[12];
  const std::string_view number(
      digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, code).ptr - digits));
  bool last = false;
  while (!last) {
    const std::size_t lf = text.find('\n');
    last = lf == std::string_view::npos;
    const std::string_view line = text.substr(0, lf);
    out += number;
    if (!last) {
      out += '-';
    } else if (!enhanced.empty() || !line.empty()) {
      out += ' ';
    }
    out += enhanced;
    if (!enhanced.empty() && !line.empty()) out += ' ';
    out += line;
    out += "\r\n";
    if (!last) text.remove_prefix(lf + 1);
  }
}

std::string_view usual_text(int code) {
  switch (code) {
    case 211:
      return "System status, or system help reply";
    case 214:
      return "Help message";
    case 220:
      return "Service ready";
    case 221:
      return "Service closing transmission channel";
    case 250:
      return "Requested mail action okay, completed";
    case 251:
      return "User not local; will forward";
    case 252:
      return "Cannot VRFY user, but will accept message and attempt delivery";
    case 354:
      return "Start mail input; end with <CRLF>.<CRLF>";
    case 421:
      return "Service not available, closing transmission channel";
    case 450:
      return "Requested mail action not taken: mailbox unavailable";
    case 451:
      return "Requested action aborted: error in processing";
    case 452:
      return "Requested action not taken: insufficient system storage";
    case 455:
      return "Server unable to accommodate parameters";
    case 500:
      return "Syntax error, command unrecognized";
    case 501:
      return "Syntax error in parameters or arguments";
    case 502:
      return "Command not implemented";
    case 503:
      return "Bad sequence of commands";
    case 504:
      return "Command parameter not implemented";
    case 550:
      return "Requested action not taken: mailbox unavailable";
    case 551:
      return "User not local";
    case 552:
      return "Requested mail action aborted: exceeded storage allocation";
    case 553:
      return "Requested action not taken: mailbox name not allowed";
    case 554:
      return "Transaction failed";
    case 555:
      return "MAIL FROM/RCPT TO parameters not recognized or not implemented";
    default:
      return "";
  }
}

std::size_t end_of_reply(std::string_view text) {
  for (std::size_t at = 0;;) {
    auto end = text.find('\n', at);
    if (end == std::string_view::npos) return 0;
    auto line = text.substr(at, end - at);
    at = end + 1;
    if (line.size() < 4 || line[3] != '-') return at;
  }
}

bool is_enhanced_code(std::string_view text) {
  if (text.size() < 2 || text[1] != '.' || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return false;
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 3 && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view numbers = text.substr(2);
  const std::size_t dot = numbers.find('.');
  return dot != std::string_view::npos && is_number(numbers.substr(0, dot)) && is_number(numbers.substr(dot + 1));
}

}  // namespace mailfault::smtp
