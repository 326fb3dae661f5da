#include "scenario/provider.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/arguments.hpp"

namespace mailfault {
namespace {

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_reply = 8192;

constexpr std::array<ReplySpec, reply_count> table{{
    {ReplyName::greeting, "greeting", "220 {host} ESMTP", true},
    {ReplyName::ehlo, "ehlo", "250 {host}"},
    {ReplyName::helo, "helo", "250 {host}", true},
    {ReplyName::starttls, "starttls", "220 2.0.0 Ready to start TLS", true},
    {ReplyName::auth_prompt_plain, "auth_prompt_plain", "334 ", true},  // the space stands even before nothing
    {ReplyName::auth_prompt_user, "auth_prompt_user", "334 VXNlcm5hbWU6", true},
    {ReplyName::auth_prompt_password, "auth_prompt_password", "334 UGFzc3dvcmQ6", true},
    {ReplyName::auth_ok, "auth_ok", "235 2.7.0 Authentication successful", true},
    {ReplyName::mail, "mail", "250 2.1.0 Ok", true},
    {ReplyName::rcpt, "rcpt", "250 2.1.5 Ok", true},
    {ReplyName::data, "data", "354 End data with <CR><LF>.<CR><LF>", true},
    {ReplyName::message, "message", "250 2.0.0 Ok: queued as {id}", true},
    {ReplyName::rset, "rset", "250 2.0.0 Ok", true},
    {ReplyName::noop, "noop", "250 2.0.0 Ok"},
    {ReplyName::vrfy, "vrfy", "252 2.0.0 {detail}"},
    {ReplyName::expn, "expn", "502 5.5.1 Error: command not implemented"},
    {ReplyName::help, "help", "214 2.0.0 {detail}"},
    {ReplyName::quit, "quit", "221 2.0.0 Bye", true},
    {ReplyName::unknown_command, "unknown_command", "500 5.5.2 Error: command not recognized"},
    {ReplyName::line_too_long, "line_too_long", "500 5.5.2 Error: line too long"},
    {ReplyName::out_of_sync, "out_of_sync", "554 5.5.0 Error: SMTP protocol synchronization"},
    {ReplyName::hello_first, "hello_first", "503 5.5.1 Error: send HELO/EHLO first"},
    {ReplyName::helo_syntax, "helo_syntax", "501 5.5.4 Syntax: {verb} hostname"},
    {ReplyName::tls_required, "tls_required", "530 5.7.0 Must issue a STARTTLS command first"},
    {ReplyName::command_off, "command_off", "502 5.5.1 Error: {detail} is not offered"},
    {ReplyName::wrong_hello, "wrong_hello", "500 5.5.1 Error: {detail}"},
    {ReplyName::requiretls_in_clear, "requiretls_in_clear",
     "530 5.7.10 Error: REQUIRETLS needs TLS, which has not begun"},
    {ReplyName::in_transaction, "in_transaction", "503 5.5.1 Error: {verb} is not permitted in a mail transaction"},
    {ReplyName::starttls_off, "starttls_off", "502 5.5.1 Error: STARTTLS is not offered"},
    {ReplyName::starttls_again, "starttls_again", "503 5.5.1 Error: TLS is already active"},
    {ReplyName::starttls_syntax, "starttls_syntax", "501 5.5.4 Syntax: STARTTLS"},
    {ReplyName::starttls_in_transaction, "starttls_in_transaction",
     "503 5.5.1 Error: STARTTLS is not permitted in a mail transaction"},
    {ReplyName::auth_required, "auth_required", "530 5.7.0 Authentication required"},
    {ReplyName::auth_off, "auth_off", "503 5.5.1 Error: authentication not enabled"},
    {ReplyName::auth_again, "auth_again", "503 5.5.1 Error: already authenticated"},
    {ReplyName::auth_in_transaction, "auth_in_transaction",
     "503 5.5.1 Error: AUTH is not permitted in a mail transaction"},
    {ReplyName::auth_syntax, "auth_syntax", "501 5.5.4 Syntax: AUTH mechanism"},
    {ReplyName::auth_unknown, "auth_unknown", "504 5.5.4 Unrecognized authentication type"},
    {ReplyName::auth_no_initial, "auth_no_initial",
     "501 5.7.0 No initial response: the server speaks first in {detail}"},
    {ReplyName::auth_not_base64, "auth_not_base64", "501 5.5.2 Cannot decode response"},
    {ReplyName::auth_malformed, "auth_malformed", "501 5.5.2 Cannot decode response: {detail}"},
    {ReplyName::auth_too_long, "auth_too_long", "500 5.5.6 Authentication exchange line is too long"},
    {ReplyName::auth_aborted, "auth_aborted", "501 5.7.0 Authentication aborted"},
    {ReplyName::auth_failed, "auth_failed", "535 5.7.8 Authentication credentials invalid"},
    {ReplyName::nested_mail, "nested_mail", "503 5.5.1 Error: nested MAIL command"},
    {ReplyName::mail_syntax, "mail_syntax", "501 5.5.4 Syntax: MAIL FROM:<address>"},
    {ReplyName::mail_address, "mail_address", "501 5.1.7 Bad sender address syntax"},
    {ReplyName::need_mail, "need_mail", "503 5.5.1 Error: need MAIL command"},
    {ReplyName::rcpt_syntax, "rcpt_syntax", "501 5.5.4 Syntax: RCPT TO:<address>"},
    {ReplyName::rcpt_address, "rcpt_address", "501 5.1.3 Bad recipient address syntax"},
    {ReplyName::bad_parameter, "bad_parameter", "501 5.5.4 {detail}"},
    {ReplyName::unknown_option, "unknown_option", "555 5.5.4 Unsupported option: {detail}"},
    {ReplyName::smtputf8_needed, "smtputf8_needed", "553 5.6.7 Must declare SMTPUTF8 to send unicode address"},
    {ReplyName::too_large, "too_large", "552 5.3.4 Message size exceeds fixed limit"},
    {ReplyName::too_many_recipients, "too_many_recipients", "452 4.5.3 Error: too many recipients"},
    {ReplyName::need_rcpt, "need_rcpt", "503 5.5.1 Error: need RCPT command"},
    {ReplyName::no_recipients, "no_recipients", "554 5.5.1 Error: no valid recipients"},
    {ReplyName::data_syntax, "data_syntax", "501 5.5.4 Syntax: DATA"},
    {ReplyName::chunk, "chunk", "250 2.0.0 {detail} received"},
    {ReplyName::chunk_discarded, "chunk_discarded", "503 5.5.1 Error: discarded after an earlier error"},
    {ReplyName::mixed_bodies, "mixed_bodies", "503 5.5.1 Error: {detail}"},
    {ReplyName::etrn, "etrn", "251 2.0.0 Ok, no messages waiting for node {detail}"},
    {ReplyName::etrn_syntax, "etrn_syntax", "501 5.5.4 Syntax: ETRN node"},
    {ReplyName::expn_syntax, "expn_syntax", "501 5.5.4 Syntax: EXPN list"},
    {ReplyName::burl, "burl", "554 5.7.14 URL resolution requires trust relationship"},
    {ReplyName::vrfy_syntax, "vrfy_syntax", "501 5.5.4 Syntax: VRFY address"},
    {ReplyName::too_many_connections, "too_many_connections",
     "421 4.7.0 {host} Error: too many connections from {peer}"},
    {ReplyName::too_many_logins, "too_many_logins", "450 4.7.1 Error: too many AUTH commands from {peer}"},
    {ReplyName::too_much_mail, "too_much_mail", "450 4.7.1 Error: too much mail from {peer}"},
    {ReplyName::too_many_messages, "too_many_messages", "421 too many messages in this connection"},
    {ReplyName::beyond_limits, "beyond_limits", "421 4.5.3 Error: no more than {detail} on a connection"},
    {ReplyName::recipients_too_fast, "recipients_too_fast", "450 4.7.1 Error: too many recipients from {peer}"},
    {ReplyName::too_many_errors, "too_many_errors", "421 4.7.0 {host} Error: too many errors"},
    {ReplyName::timeout, "timeout", "421 4.4.2 {host} Error: timeout exceeded"},
}};

bool is_code(std::string_view line) {
  auto digit = [&](std::size_t at, char least, char most) { return line[at] >= least && line[at] <= most; };
  return line.size() >= 3 && digit(0, '2', '5') && digit(1, '0', '9') && digit(2, '0', '9') &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

// Lines with LF between them, as they go over the wire: each with the code, "-" behind it but for the last.
ProviderReply parse_reply(const ReplySpec& spec, const std::string& text) {
  if (text.size() > longest_reply) throw Error("a reply has at most 8 KiB");
  ProviderReply reply;
  std::string lines;
  auto parts = split(text, '\n');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto line = parts[i];
    if (!is_code(line)) throw Error("\"" + printable(line) + "\": a line begins with its code, such as 250");
    if (line.substr(0, 3) != parts[0].substr(0, 3)) throw Error("the lines of a reply have one code");
    bool last = i + 1 == parts.size();
    if (last ? line.size() > 3 && line[3] == '-' : line.size() == 3 || line[3] == ' ')
      throw Error("\"" + printable(line) + "\": '-' stands behind the code of every line but the last");
    if (std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 127; }))
      throw Error("\"" + printable(line) + "\": a control character");
    lines.append(line).append("\r\n");
  }
  reply.code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  if (spec.decides && text[0] != spec.text[0])
    throw Error("its code decides what happens, so it begins with " + std::string(1, spec.text[0]) + ", as \"" +
                std::string(spec.text) + "\" does; a rule can answer anything");
  if (spec.reply == ReplyName::ehlo && parts.size() > 1)
    throw Error("it is the first line alone; capabilities are the others");
  reply.text = Template::parse(lines);
  return reply;
}

Provider make_built_in() {
  Provider provider;
  provider.name = "built-in";
  provider.title = "a friendly server of no name";
  provider.after_tls = {"PIPELINING", "SIZE 10485760",       "8BITMIME",        "SMTPUTF8",
                        "DSN",        "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"};
  provider.before_tls = provider.after_tls;
  provider.before_tls.insert(std::prev(provider.before_tls.end()), "STARTTLS");
  for (const auto& row : table)
    provider.replies[static_cast<std::size_t>(row.reply)] = parse_reply(row, std::string(row.text));
  return provider;
}

bool is_starttls(const std::string& line) {
  return equals_ignoring_case(std::string_view(line).substr(0, line.find(' ')), "STARTTLS");
}

// The line of the file where a field is set; 0 if it can't be told.
int line_of(std::string_view source, std::string_view field) {
  auto in_word = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  for (auto at = source.find(field); at != std::string_view::npos; at = source.find(field, at + 1)) {
    if (at > 0 && in_word(source[at - 1])) continue;
    auto rest = source.substr(at + field.size());
    auto next = rest.find_first_not_of(" \t");
    if (next == std::string_view::npos || rest[next] != '=') continue;
    return 1 + static_cast<int>(std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }
  return 0;
}

std::vector<std::string> capability_lines(const Value& given, const std::string& where) {
  auto lines = texts_of(given, where);
  for (const auto& line : lines)
    if (line.empty() || line.find_first_of("\r\n") != std::string::npos)
      throw Error(where + ": \"" + printable(line) + "\" is no line of an EHLO reply");
  return lines;
}

void set_field(Provider& to, const std::string& name, const Value& value) {
  if (name == "title") to.title = text_of(value, name);
  if (name == "sources") to.sources = texts_of(value, name);
  if (name == "host") to.host = text_of(value, name);
  if (name == "id") to.id = IdShape::parse(text_of(value, name));
  if (name == "session_id") to.session_id = IdShape::parse(text_of(value, name));
  if (name == "close_notify") to.close_notify = boolean_of(value, name);
  if (name == "limits") to.limits = parse_limits(value, name);
  if (name == "requires") {
    const auto& demands = table_of(value, name);
    no_items(demands, name);
    only_fields(demands, name, {"tls", "auth", "turns"});
    for (const auto& [key, on] : demands.fields)
      (key == "tls"    ? to.requires_tls
       : key == "auth" ? to.requires_auth
                       : to.requires_turns) = boolean_of(on, "requires." + key);
  }
  if (name == "capabilities") {
    const auto& lists = table_of(value, name);
    no_items(lists, name);
    only_fields(lists, name, {"before_tls", "after_tls", "after_auth"});
    for (const auto& [key, lines] : lists.fields)
      (key == "before_tls"  ? to.before_tls
       : key == "after_tls" ? to.after_tls
                            : to.after_auth) = capability_lines(lines, "capabilities." + key);
  }
}

}  // namespace

std::span<const ReplySpec> reply_table() { return table; }

const Provider& built_in_provider() {
  static const Provider provider = make_built_in();
  return provider;
}

IdShape IdShape::parse(std::string_view shape) {
  IdShape out;
  std::size_t length = 0;
  auto fail = [&](const std::string& why) {
    throw Error("the shape \"" + printable(shape) + "\" of an id: " + why + "; write it as \"[0-9A-F]{11}\"");
  };
  while (!shape.empty()) {
    Part part;
    if (shape[0] != '[') {
      if (shape[0] <= ' ' ? shape[0] != ' ' : shape[0] == ']' || shape[0] == '{' || shape[0] == '}' || shape[0] > '~')
        fail("'" + std::string(printable(shape.substr(0, 1))) + "' can't stand here");
      part.set = shape[0];
      shape.remove_prefix(1);
    } else {
      auto end = shape.find(']');
      if (end == std::string_view::npos) fail("a set has no ']'");
      auto set = shape.substr(1, end - 1);
      shape.remove_prefix(end + 1);
      while (!set.empty()) {
        bool range = set.size() >= 3 && set[1] == '-';
        if (range && set[2] < set[0]) fail("'" + std::string(set.substr(0, 3)) + "' runs backwards");
        for (char c = set[0];; ++c) {
          part.set += c;
          if (!range || c == set[2]) break;
        }
        set.remove_prefix(range ? 3 : 1);
      }
      if (part.set.empty()) fail("a set is empty");
      if (shape.starts_with('{')) {
        auto close = shape.find('}');
        auto count = close == std::string_view::npos ? std::nullopt : parse_size(shape.substr(1, close - 1));
        if (!count || *count == 0 || *count > longest_id) fail("a count is a number from 1 to 128");
        part.count = *count;
        shape.remove_prefix(close + 1);
      }
    }
    length += part.count;
    out.parts_.push_back(std::move(part));
  }
  if (length == 0 || length > longest_id) fail("an id has 1 to 128 characters");
  return out;
}

std::string IdShape::draw(Draws draws) const {
  std::string out;
  for (const auto& part : parts_)
    for (std::size_t i = 0; i < part.count; ++i)
      out += part.set.size() == 1 ? part.set[0] : part.set[draws.next() % part.set.size()];
  return out;
}

std::vector<std::string> Provider::capabilities(bool starttls, bool tls, bool authenticated) const {
  auto lines = authenticated && !after_auth.empty() ? after_auth : tls && !after_tls.empty() ? after_tls : before_tls;
  // Who repeats STARTTLS inside TLS is known for it; else it goes with TLS.
  bool keeps = tls ? !after_tls.empty() : starttls;
  if (!keeps) std::erase_if(lines, is_starttls);
  return lines;
}

bool Provider::offers_starttls() const { return std::any_of(before_tls.begin(), before_tls.end(), is_starttls); }

std::string provider_like(const Value& returned) {
  const auto* given = returned.table();
  if (!given || !given->fields.contains("like")) return "";
  return text_of(given->fields.at("like"), "like");
}

std::shared_ptr<const Provider> parse_provider(const ProviderFile& file, const Value& returned,
                                               const Provider& like) {
  auto provider = std::make_shared<Provider>(like);
  provider->name = file.name;
  provider->path = file.path;
  auto fail = [&](int line, const std::string& what) { throw Error(Place{file.path, line}, what); };
  auto placed = [&](const std::string& field, auto&& act) {
    try {
      act();
    } catch (const Error& error) {
      fail(line_of(file.source, field), error.what());
    }
  };
  const auto* given = returned.table();
  if (!given || !given->items.empty()) fail(0, "a provider's file returns one table: return { title = \"…\", … }");
  static const std::vector<std::string_view> fields{"title",  "like",         "sources",      "host",
                                                    "id",     "session_id",   "capabilities", "requires",
                                                    "limits", "close_notify", "replies"};
  for (const auto& [name, value] : given->fields)
    placed(name, [&, &field = name] { only_fields({{}, {{field, {}}}}, "provider", fields); });
  if (given->fields.contains("capabilities")) provider->before_tls = provider->after_tls = {};
  for (const auto& [name, value] : given->fields)
    placed(name, [&, &field = name, &to = value] { set_field(*provider, field, to); });
  if (!given->fields.contains("title")) fail(0, "it has no title; write title = \"whose server it is\"");
  if (provider->sources.empty()) fail(0, "it has no sources; write sources = { \"where it was seen\" }");
  auto replies = given->fields.find("replies");
  if (replies == given->fields.end()) return provider;
  std::vector<std::string_view> names;
  for (const auto& row : table) names.push_back(row.name);
  const Composite* texts = nullptr;
  placed("replies", [&] { texts = &table_of(replies->second, "replies"); });
  for (const auto& [name, value] : texts->fields) {
    const auto* marked = value.table();
    bool complete = marked && marked->fields.contains("text") && marked->fields.contains("line");
    auto line = complete ? static_cast<int>(*marked->fields.at("line").number()) : line_of(file.source, name);
    auto row = std::find_if(table.begin(), table.end(),
                            [&, &wanted = name](const auto& each) { return each.name == wanted; });
    if (row == table.end())
      fail(line,
           "no reply '" + name + "'" + did_you_mean(name, names) + "; 'mailfault list --reference' has them all");
    if (!complete)
      fail(line, "replies." + name + ": say where it is from: verified(text, source), or approximate(text)");
    try {
      auto reply = parse_reply(*row, *marked->fields.at("text").text());
      auto source = marked->fields.find("source");
      reply.mark = source == marked->fields.end() ? ProviderReply::Mark::approximate : ProviderReply::Mark::verified;
      if (source != marked->fields.end()) reply.source = *source->second.text();
      provider->replies[static_cast<std::size_t>(row->reply)] = std::move(reply);
    } catch (const Error& error) {
      fail(line, "replies." + name + ": " + error.what());
    }
  }
  return provider;
}

}  // namespace mailfault
