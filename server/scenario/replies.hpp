// The replies that the server makes by itself, by their names.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mailfault {

/// The replies that the server makes by itself, in the order of reply_table().
enum class ReplyName : std::uint8_t {
  greeting,
  ehlo,
  helo,
  starttls,
  auth_prompt_plain,
  auth_prompt_user,
  auth_prompt_password,
  auth_ok,
  mail,
  rcpt,
  data,
  message,
  rset,
  noop,
  vrfy,
  expn,
  help,
  quit,
  unknown_command,
  line_too_long,
  out_of_sync,
  hello_first,
  helo_syntax,
  tls_required,
  command_off,
  wrong_hello,
  requiretls_in_clear,
  in_transaction,
  starttls_off,
  starttls_again,
  starttls_syntax,
  starttls_in_transaction,
  auth_required,
  auth_off,
  auth_again,
  auth_in_transaction,
  auth_syntax,
  auth_unknown,
  auth_no_initial,
  auth_not_base64,
  auth_malformed,
  auth_too_long,
  auth_aborted,
  auth_failed,
  nested_mail,
  mail_syntax,
  mail_address,
  need_mail,
  rcpt_syntax,
  rcpt_address,
  bad_parameter,
  unknown_option,
  smtputf8_needed,
  too_large,
  too_many_recipients,
  need_rcpt,
  no_recipients,
  data_syntax,
  chunk,
  chunk_discarded,
  mixed_bodies,
  etrn,
  etrn_syntax,
  expn_syntax,
  burl,
  vrfy_syntax,
  too_many_connections,
  too_many_logins,
  too_much_mail,
  too_many_messages,
  beyond_limits,
  recipients_too_fast,
  too_many_errors,
  timeout,
};
constexpr std::size_t reply_count = static_cast<std::size_t>(ReplyName::timeout) + 1;

struct ReplySpec {
  ReplyName reply;
  std::string_view name;
  std::string_view text;  ///< of the built-in server; {detail} is what the reply is about
  bool decides = false;   ///< its code decides an effect, so another text must keep the code's class
};
std::span<const ReplySpec> reply_table();

}  // namespace mailfault
