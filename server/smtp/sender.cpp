#include "smtp/sender.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "smtp/reply.hpp"

namespace mailfault::smtp {
namespace {

constexpr std::size_t longest_reply = 64 * 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int code_of(std::string_view reply) {
  auto line = reply.substr(reply.rfind('\n', reply.size() - 2) + 1);
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

std::string on_one_line(std::string_view reply) {
  std::string out;
  for (auto line : split(reply, '\n'))
    out += (out.empty() || trim(line).empty() ? "" : " / ") + std::string(trim(line));
  return printable(out.substr(0, 500));
}

}  // namespace

std::string dot_stuffed(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64);
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    if (text[at] == '.') out += '.';
    out += text.substr(at, end - at);
    at = end;
  }
  if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
  return out + ".\r\n";
}

std::string_view Sender::awaited() const {
  switch (step_) {
    case Step::greeting:
      return "the greeting";
    case Step::ehlo:
      return "the reply to EHLO";
    case Step::helo:
      return "the reply to HELO";
    case Step::mail:
      return "the reply to MAIL";
    case Step::rcpt:
      return "the reply to RCPT";
    case Step::data:
      return "the reply to DATA";
    case Step::dot:
      return "the reply to the message";
    case Step::over:
      break;
  }
  return "nothing";
}

std::string Sender::feed(std::string_view bytes) {
  std::string out;
  input_ += bytes;
  while (!over()) {
    auto end = end_of_reply(input_);
    if (end == 0) {
      if (input_.size() > longest_reply) return out + fail("more than 64 KiB");
      break;
    }
    auto reply = input_.substr(0, end);
    input_.erase(0, end);
    out += answered(code_of(reply), reply);
  }
  return out;
}

std::string Sender::answered(int code, const std::string& reply) {
  bool good = code >= 200 && code < 300;
  switch (step_) {
    case Step::greeting:
      if (!good) return fail(reply);
      step_ = Step::ehlo;
      return "EHLO " + letter_.helo + "\r\n";
    case Step::ehlo:
      if (code >= 500) {
        step_ = Step::helo;
        return "HELO " + letter_.helo + "\r\n";
      }
      [[fallthrough]];
    case Step::helo:
      if (!good) return fail(reply);
      if (step_ == Step::ehlo) offer_ = upper(reply);
      step_ = Step::mail;
      return mail_command();
    case Step::mail:
      if (!good) return fail(reply);
      step_ = Step::rcpt;
      return "RCPT TO:<" + letter_.to + ">\r\n";
    case Step::rcpt:
      if (!good) return fail(reply);
      step_ = Step::data;
      return "DATA\r\n";
    case Step::data:
      if (code != 354) return fail(reply);
      step_ = Step::dot;
      return dot_stuffed(letter_.text);
    case Step::dot:
      if (!good) return fail(reply);
      step_ = Step::over;
      delivered_ = true;
      outcome_ = on_one_line(reply);
      return "QUIT\r\n";
    case Step::over:
      break;
  }
  return "";
}

bool Sender::offers(std::string_view keyword) const {
  auto lines = split(offer_, '\n');
  return std::any_of(lines.begin(), lines.end(),
                     [&](std::string_view line) { return line.size() > 4 && trim(line.substr(4)) == keyword; });
}

std::string Sender::mail_command() const {
  auto out = "MAIL FROM:<" + letter_.from + ">";
  auto header = std::string_view(letter_.text).substr(0, letter_.text.find("\r\n\r\n"));
  if (!is_ascii(letter_.text) && offers("8BITMIME")) out += " BODY=8BITMIME";
  if ((!is_ascii(letter_.to) || !is_ascii(header)) && offers("SMTPUTF8")) out += " SMTPUTF8";
  return out + "\r\n";
}

std::string Sender::fail(const std::string& reply) {
  outcome_ = std::string(awaited()) + " was " + on_one_line(reply);
  bool refused = step_ != Step::greeting;
  step_ = Step::over;
  return refused ? "QUIT\r\n" : "";
}

}  // namespace mailfault::smtp
