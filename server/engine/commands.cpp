// Commands: their form and their turn (RFC 5321 section 4.1). What holds goes on to its stage.
#include <algorithm>
#include <ctime>

#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/reply.hpp"

namespace mailfault {

using smtp::Verb;

void Session::simple_reply(int code, std::string_view enhanced, std::string_view text) {
  code_ = static_cast<std::uint16_t>(code);
  smtp::append_reply(out_, code, enhanced, text);
  flush();
}

void Session::judge_line(const smtp::Line& line) {
  if (line.bare_lf) violation("bare_lf", "a command line ended in LF alone");
  if (line.bare_cr) violation("bare_cr", "a CR stands inside a command line");
  if (line.nul) violation("nul", "a NUL stands inside a command line");
  if (line.size > 512 && phase_ != Phase::sasl && !line.text.starts_with("AUTH"))
    violation("line_over_512", std::to_string(line.size) + " bytes");
  if (early_ && !pipelining_offered() && phase_ != Phase::sasl)
    violation("early", "sent before the last reply, and PIPELINING was not offered");
}

void Session::judge_body() {
  const auto& facts = body_->reader.facts();
  auto found = [&](std::uint32_t count, std::string_view name) {
    if (count > 0) violation(name, counted(count, "time", "times"));
  };
  found(facts.bare_lf, "body_bare_lf");
  found(facts.bare_cr, "body_bare_cr");
  found(facts.nul, "body_nul");
  found(facts.lines_over_998, "body_line_over_998");
  if (facts.eight_bit) {
    bool declared = false;
    for (const auto& parameter : mail_parameters_)
      declared = declared || (parameter.keyword == "BODY" && parameter.value && *parameter.value != "7BIT") ||
                 parameter.keyword == "SMTPUTF8";
    if (!declared) violation("body_eight_bit", "8-bit text without BODY=8BITMIME");
  }
}

void Session::dispatch(std::string_view line) {
  auto command = smtp::parse_command(line);
  if (command.verb != Verb::rcpt && command.verb != Verb::data) mail_refused_ = command.verb == Verb::mail;
  switch (command.verb) {
    case Verb::helo:
    case Verb::ehlo:
      return helo(command);
    case Verb::auth:
      return auth(command.argument);
    case Verb::mail:
      return mail(command.argument);
    case Verb::rcpt:
      return rcpt(command.argument);
    case Verb::data:
      return data(command.argument);
    case Verb::rset:
      return begin_stage(Stage::rset);
    case Verb::noop:
      return begin_stage(Stage::noop);
    case Verb::quit:
      return begin_stage(Stage::quit);
    case Verb::vrfy:
      if (command.argument.empty()) return simple_reply(501, "5.5.4", "Syntax: VRFY address");
      return begin_stage(Stage::vrfy, std::string(command.argument));
    case Verb::expn:
      return simple_reply(502, "5.5.1", "Error: command not implemented");
    case Verb::help:
      return simple_reply(214, "2.0.0", "HELO EHLO MAIL RCPT DATA RSET NOOP VRFY AUTH HELP QUIT");
    case Verb::starttls:
      return starttls(command.argument);
    case Verb::unknown:
      return simple_reply(500, "5.5.2", "Error: command not recognized");
  }
}

void Session::helo(const smtp::Command& command) {
  if (!smtp::is_helo_name(command.argument)) return simple_reply(501, "5.5.4", "Syntax: " + verb_ + " hostname");
  helo_text_.clear();
  begin_stage(Stage::helo, std::string(command.argument));
}

void Session::auth(std::string_view argument) {
  auto space = argument.find(' ');
  auto mechanism = argument.substr(0, space);
  if (!offered_ || !offered_->auth) {
    violation("unoffered_auth");
    return simple_reply(503, "5.5.1", "Error: authentication not enabled");
  }
  if (authenticated_) return simple_reply(503, "5.5.1", "Error: already authenticated");
  if (transaction_) return simple_reply(503, "5.5.1", "Error: AUTH is not permitted in a mail transaction");
  if (mechanism.empty()) return simple_reply(501, "5.5.4", "Syntax: AUTH mechanism");
  if (!offered_->has_mechanism(mechanism)) {
    violation("unoffered_mechanism", printable(mechanism));
    return simple_reply(504, "5.5.4", "Unrecognized authentication type");
  }
  mechanism_ = sasl::make_mechanism(mechanism, sasl_context());
  if (!mechanism_) {
    journal(EventKind::fact, "AUTH " + printable(mechanism) + " is offered, but this version can't play it");
    return simple_reply(504, "5.5.4", "Unrecognized authentication type");
  }
  login_ = std::make_unique<Login>();
  login_->mechanism = upper(mechanism);
  std::optional<std::string> initial;
  if (space != std::string_view::npos) {
    auto encoded = trim(argument.substr(space));
    if (sasl::find_mechanism(mechanism)->server_first) {
      mechanism_.reset();
      return simple_reply(501, "5.7.0", "No initial response: the server speaks first in " + login_->mechanism);
    }
    if (encoded != "=") login_->response = encoded;
    initial = encoded == "=" ? std::optional<std::string>("") : from_base64(encoded);
    if (!initial) {
      mechanism_.reset();
      return simple_reply(501, "5.5.2", "Cannot decode response");
    }
  }
  sasl_step(mechanism_->begin(initial ? std::optional<std::string_view>(*initial) : std::nullopt));
}

sasl::Context Session::sasl_context() const {
  Draws draws(DrawPoint{instance_.options().seed, number_, Stage::auth,
                        occurrences_[static_cast<std::size_t>(Stage::command)], 0});
  sasl::Context context{.users = &scenario().users, .host = scenario().host, .nonce = sasl::draw_nonce(draws)};
  context.unix_time = std::time(nullptr);
  const auto& offered = offered_->mechanisms;
  context.plus_offered = std::any_of(offered.begin(), offered.end(), [](const auto& each) {
    const auto* spec = sasl::find_mechanism(each);
    return spec && spec->needs_binding;
  });
  if (!tls_up()) return context;
  for (const char* type : {"tls-unique", "tls-server-end-point", "tls-exporter"})
    if (auto binding = tls_->engine.channel_binding(type); !binding.empty()) context.bindings[type] = binding;
  context.certified = tls_->engine.facts().client_names;
  return context;
}

// A challenge is a point inside of the stage: rules with at(n) play there.
void Session::sasl_step(const sasl::Step& step) {
  phase_ = Phase::commands;
  login_->user = mechanism_->user();
  if (const auto& shown = mechanism_->shown(); !shown.empty() && !sasl::find_mechanism(login_->mechanism)->in_clear)
    journal(EventKind::fact, login_->mechanism + ": " + printable(shown));
  if (auto* challenge = std::get_if<sasl::Challenge>(&step)) {
    login_->challenge = challenge->text;
    ++login_->challenges;
    begin_challenge();
  } else if (auto* malformed = std::get_if<sasl::Malformed>(&step)) {
    mechanism_.reset();
    simple_reply(501, "5.5.2", "Cannot decode response: " + malformed->reason);
  } else {
    const auto& credentials = std::get<sasl::Credentials>(step);
    mechanism_.reset();
    login_->user = credentials.user;
    login_->password = credentials.password;
    login_->accepted = credentials.accepted;
    journal(EventKind::fact,
            login_->mechanism + ": " + (credentials.accepted ? "right" : "refused, " + credentials.reason));
    begin_stage(Stage::auth, credentials.user);
  }
}

void Session::begin_challenge() {
  login_->in_exchange = true;
  const auto& rules = scenario().rules_at(Stage::auth);
  if (std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return plays_here(rule); }))
    return begin_stage(Stage::auth, login_->user);
  stage_ = Stage::auth;
  healthy();
  flush();
  after_challenge();
}

// It goes on until a reply ends it.
void Session::after_challenge() {
  login_->in_exchange = false;
  if (code_ != 0 && code_ != 334) {
    mechanism_.reset();
  } else if (login_->early_response) {
    auto response = *std::exchange(login_->early_response, std::nullopt);
    take_sasl_line(response, false);
  } else {
    phase_ = Phase::sasl;
  }
}

void Session::take_sasl_line(std::string_view line, bool too_long) {
  stage_ = Stage::auth;
  phase_ = Phase::commands;
  auto over = [&](int code, std::string_view enhanced, std::string_view text) {
    mechanism_.reset();
    simple_reply(code, enhanced, text);
  };
  if (too_long) return over(500, "5.5.6", "Authentication exchange line is too long");
  if (line == "*") return over(501, "5.7.0", "Authentication aborted");
  login_->response = line;
  auto response = from_base64(line);
  if (!response) return over(501, "5.5.2", "Cannot decode response");
  sasl_step(mechanism_->respond(*response));
}

// Only what the last EHLO offered holds.
bool Session::parameters_hold(const smtp::Envelope& envelope, bool of_mail) {
  bool utf8 = false;
  for (const auto& parameter : envelope.parameters) {
    auto keyword = smtp::keyword_for(parameter.keyword);
    if (keyword.empty() || !offered_ || !offered_->has(keyword)) {
      violation("unoffered_parameter", printable(parameter.keyword));
      simple_reply(555, "5.5.4", "Unsupported option: " + printable(parameter.keyword));
      return false;
    }
    utf8 = utf8 || parameter.keyword == "SMTPUTF8";
  }
  if (of_mail) utf8_ = utf8;
  if (!envelope.path.non_ascii || utf8_) return true;
  violation("undeclared_utf8", "an address outside ASCII without SMTPUTF8");
  simple_reply(553, "5.6.7", "Must declare SMTPUTF8 to send unicode address");
  return false;
}

void Session::mail(std::string_view argument) {
  auto parsed = smtp::parse_mail(argument);
  if (auto* error = std::get_if<smtp::SyntaxError>(&parsed))
    return simple_reply(error->code, error->enhanced, error->text);
  auto& envelope = std::get<smtp::Envelope>(parsed);
  if (helo_.empty()) {
    violation("out_of_turn", "MAIL before EHLO");
    return simple_reply(503, "5.5.1", "Error: send HELO/EHLO first");
  }
  if (transaction_) {
    violation("out_of_turn", "MAIL in a transaction");
    return simple_reply(503, "5.5.1", "Error: nested MAIL command");
  }
  if (!parameters_hold(envelope, true)) return;
  mail_parameters_ = std::move(envelope.parameters);
  rcpt_parameters_.clear();
  ++message_;
  from_ = std::move(envelope.path.address);
  begin_stage(Stage::mail, from_);
}

void Session::rcpt(std::string_view argument) {
  auto parsed = smtp::parse_rcpt(argument);
  if (auto* error = std::get_if<smtp::SyntaxError>(&parsed))
    return simple_reply(error->code, error->enhanced, error->text);
  auto& envelope = std::get<smtp::Envelope>(parsed);
  if (!transaction_) {
    if (!in_refused_group()) violation("out_of_turn", "RCPT without MAIL");
    return simple_reply(503, "5.5.1", "Error: need MAIL command");
  }
  if (!parameters_hold(envelope, false)) return;
  rcpt_parameters_ = std::move(envelope.parameters);
  rcpt_ = std::move(envelope.path.address);
  begin_stage(Stage::rcpt, rcpt_);
}

void Session::starttls(std::string_view argument) {
  if (tls_up() && !(offered_ && offered_->starttls)) {
    violation("out_of_turn", "STARTTLS inside TLS");
    return simple_reply(503, "5.5.1", "Error: TLS is already active");
  }
  if (!offered_ || !offered_->starttls) {
    violation("unoffered_starttls");
    return simple_reply(502, "5.5.1", "Error: STARTTLS is not offered");
  }
  if (!argument.empty()) return simple_reply(501, "5.5.4", "Syntax: STARTTLS");
  if (transaction_) return simple_reply(503, "5.5.1", "Error: STARTTLS is not permitted in a mail transaction");
  begin_stage(Stage::starttls);
}

void Session::data(std::string_view argument) {
  if (!argument.empty()) return simple_reply(501, "5.5.4", "Syntax: DATA");
  if (!transaction_) {
    if (!in_refused_group()) violation("out_of_turn", "DATA without MAIL");
    return simple_reply(503, "5.5.1", "Error: need RCPT command");
  }
  if (transaction_->recipients.empty() && !pipelining_offered()) violation("data_without_recipient");
  begin_stage(Stage::data);
}

}  // namespace mailfault
