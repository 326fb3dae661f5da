// A provider's personality: what a server that people know says, offers, demands and limits. Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/draw.hpp"
#include "base/time.hpp"
#include "scenario/template.hpp"
#include "scenario/value.hpp"

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
  vrfy_syntax,
  too_many_messages,
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

struct ProviderReply {
  enum class Mark : std::uint8_t { built_in, verified, approximate };
  int code = 0;
  Template text;  ///< whole lines with their codes and CRLF
  Mark mark = Mark::built_in;
  std::string source;  ///< where it was read; empty for what is approximate
};

/// The shape of an id: characters that stand for themselves, and sets with a count: "[0-9A-F]{11}", "a-[a-z]{2}".
class IdShape {
 public:
  /// Throws Error for what isn't of this form, and for ids above 128 characters.
  static IdShape parse(std::string_view shape);
  bool empty() const { return parts_.empty(); }
  std::string draw(Draws draws) const;

 private:
  struct Part {
    std::string set;
    std::size_t count = 1;
  };
  std::vector<Part> parts_;
};

struct Provider {
  std::string name, path, title;
  std::vector<std::string> sources;
  std::string host = "mx.example.com";
  IdShape id, session_id;  ///< of a message, of a connection; empty: the built-in form
  std::vector<std::string> before_tls, after_tls, after_auth;  ///< lines behind the first of the EHLO reply
  bool requires_tls = false, requires_auth = false;            ///< before MAIL
  bool requires_turns = false;                                 ///< who talks before his turn is thrown out
  std::optional<std::uint64_t> recipients, messages, errors;   ///< a message's, a connection's, a connection's
  std::optional<Micros> idle;                                  ///< nominal
  bool close_notify = true;                                    ///< TLS ends in good order
  std::array<ProviderReply, reply_count> replies;

  const ProviderReply& reply(ReplyName reply_name) const { return replies[static_cast<std::size_t>(reply_name)]; }
  /// The lines that hold then; STARTTLS is among them only if it is to be offered.
  std::vector<std::string> capabilities(bool starttls, bool tls, bool authenticated) const;
  /// Its own lines name STARTTLS.
  bool offers_starttls() const;
};

/// A friendly server of no name. Where a provider says nothing of a reply, this one's holds.
const Provider& built_in_provider();

/// A file of a provider, as it was found.
struct ProviderFile {
  std::string name, path, source;
};
using ProviderFiles = std::vector<ProviderFile>;

/// What the file has returned becomes a provider. Throws Error with file:line for what is unknown or out of bounds.
std::shared_ptr<const Provider> parse_provider(const ProviderFile& file, const Value& returned);

}  // namespace mailfault
