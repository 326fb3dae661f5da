// Commands and limits of smaller extensions: ETRN, EXPN, BURL, HELP, LIMITS.
#include "smtp/extensions.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/session.hpp"

namespace mailfault {

// False: it was answered. Only what the last EHLO offered holds.
bool Session::command_offered(std::string_view keyword) {
  if (offered_ && offered_->has(keyword)) return true;
  violation("unoffered_command", printable(verb_));
  simple_reply(ReplyName::command_off, std::string(keyword));
  return false;
}

// RFC 1985: there is no queue, so nothing waits for any node.
void Session::etrn(std::string_view argument) {
  if (!command_offered("ETRN")) return;
  if (transaction_) return simple_reply(ReplyName::in_transaction);
  auto node = argument.substr(argument.starts_with('@') || argument.starts_with('#') ? 1 : 0);
  if (!smtp::is_helo_name(node)) return simple_reply(ReplyName::etrn_syntax);
  simple_reply(ReplyName::etrn, printable(node));
}

void Session::expn(std::string_view argument) {
  if (!offered_ || !offered_->has("EXPN")) return simple_reply(ReplyName::expn);
  if (argument.empty()) return simple_reply(ReplyName::expn_syntax);
  begin_stage(Stage::vrfy, std::string(argument));
}

void Session::help() {
  std::string words = door_.lmtp ? "LHLO" : "HELO EHLO";
  words += " MAIL RCPT DATA RSET NOOP VRFY AUTH HELP QUIT";
  for (auto [keyword, command] : {std::pair{"CHUNKING", "BDAT"},
                                  {"STARTTLS", "STARTTLS"},
                                  {"ETRN", "ETRN"},
                                  {"EXPN", "EXPN"},
                                  {"XCLIENT", "XCLIENT"}})
    if (offered_ && offered_->has(keyword)) words.append(" ").append(command);
  simple_reply(ReplyName::help, words);
}

// RFC 4468: no IMAP server trusts this one.
void Session::burl() {
  if (!command_offered("BURL")) return;
  simple_reply(ReplyName::burl);
}

// MAILMAX of LIMITS (RFC 9422). False: it was answered, and the connection ends.
bool Session::message_is_within_limits() {
  if (!offered_) return true;
  auto most = smtp::parse_limits(offered_->arguments_of("LIMITS")).messages;
  if (most == 0 || message_ < most) return true;
  journal(EventKind::fact, "MAILMAX=" + std::to_string(most) + " was offered, and this is one more");
  simple_reply(ReplyName::beyond_limits, counted(most, "message", "messages"));
  close_connection(std::chrono::seconds(2));
  end(EndedBy::server, "MAILMAX was reached");
  return false;
}

// RCPTMAX and RCPTDOMAINMAX: why this recipient is refused; empty: it isn't.
std::string Session::recipient_beyond_limits() const {
  if (!offered_ || !offered_->has("LIMITS")) return "";
  auto limits = smtp::parse_limits(offered_->arguments_of("LIMITS"));
  const auto& recipients = transaction_->recipients;
  if (limits.recipients > 0 && recipients.size() >= limits.recipients) return "Error: too many recipients";
  if (limits.recipient_domains == 0) return "";
  auto domain_of = [](std::string_view address) { return lower(address.substr(address.rfind('@') + 1)); };
  std::set<std::string> domains{domain_of(rcpt_)};
  for (const auto& each : recipients) domains.insert(domain_of(each));
  return domains.size() > limits.recipient_domains ? "Error: too many recipient domains" : "";
}

}  // namespace mailfault
