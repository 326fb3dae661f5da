// Commands: their form and their turn (RFC 5321 section 4.1). What holds goes on to its stage.
#include <algorithm>
#include <ctime>

#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/extensions.hpp"
#include "smtp/reply.hpp"

namespace mailfault {

using smtp::Verb;

void Session::simple_reply(ReplyName name, std::string detail) {
  detail_ = std::move(detail);
  code_ = static_cast<std::uint16_t>(provider().reply(name).code);
  own_reply(name);
  flush();
}

void Session::simple_reply(int code, std::string_view enhanced, std::string_view text) {
  code_ = static_cast<std::uint16_t>(code);
  smtp::append_reply(out_, code, enhanced, text);
  flush();
}

// What stands between the brackets, or as much as there is of it.
void Session::syntax_reply(const smtp::SyntaxError& error, ReplyName form, ReplyName path,
                           std::string_view argument) {
  using In = smtp::SyntaxError::In;
  if (error.in == In::parameter) return simple_reply(ReplyName::bad_parameter, error.text);
  auto address = argument.substr(std::min(argument.size(), argument.find('<') + 1));
  simple_reply(error.in == In::form ? form : path, std::string(address.substr(0, address.find('>'))));
}

void Session::throw_out(ReplyName name, std::string how) {
  simple_reply(name);
  close_connection(std::chrono::seconds(2), provider().close_notify);
  end(EndedBy::server, std::move(how));
}

// What the provider wants to have seen before mail. True: it has said so.
bool Session::asks_for_more() {
  bool tls = provider().requires_tls && !tls_up(), login = provider().requires_auth && !authenticated_;
  if (tls || login) simple_reply(tls ? ReplyName::tls_required : ReplyName::auth_required);
  return tls || login;
}

void Session::judge_line(const smtp::Line& line) {
  if (line.bare_lf) violation("bare_lf", "a command line ended in LF alone");
  if (line.bare_cr) violation("bare_cr", "a CR stands inside a command line");
  if (line.nul) violation("nul", "a NUL stands inside a command line");
  if (line.size > 512 && phase_ != Phase::sasl && !line.text.starts_with("AUTH"))
    violation("line_over_512", std::to_string(line.size) + " bytes");
  if (!early_ || phase_ == Phase::sasl) return;
  if (!pipelining_offered())
    violation("early", "sent before the last reply, and PIPELINING was not offered");
  else if (code_ == 421 || code_ == 221 || (mail_refused_ && !transaction_))
    journal(EventKind::fact, "early: the client could not know yet of the refusal before it");
  else if (group_ended_)
    violation("not_last_of_group", "a command was sent at once behind " + printable(verb_));
}

void Session::judge_body() {
  const auto& facts = body_->reader.facts();
  for (const auto& parameter : mail_parameters_)
    if (smtp::keyword_for(parameter) == "BINARYMIME") return;  // RFC 3030 section 3: any bytes
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

// EHLO, DATA and others change what follows, so a client waits for their replies (RFC 2920 section 3.1, RFC 4954
// section 4).
static bool ends_group(Verb verb) {
  switch (verb) {
    case Verb::ehlo:
    case Verb::lhlo:
    case Verb::data:
    case Verb::vrfy:
    case Verb::expn:
    case Verb::noop:
    case Verb::quit:
    case Verb::auth:
    case Verb::xclient:
      return true;
    default:
      return false;
  }
}

void Session::dispatch(std::string_view line) {
  auto command = smtp::parse_command(line);
  group_ended_ = ends_group(command.verb);
  bool of_group = command.verb == Verb::rcpt || command.verb == Verb::data || command.verb == Verb::bdat;
  if (!of_group) mail_refused_ = command.verb == Verb::mail;
  if (provider().requires_turns && !pipelining_offered() && (early_ || !input_.pending().empty()))
    return throw_out(ReplyName::out_of_sync, "the client talked before its turn");
  switch (command.verb) {
    case Verb::helo:
    case Verb::ehlo:
    case Verb::lhlo:
      return helo(command);
    case Verb::auth:
      if (!provider().requires_tls || tls_up()) return auth(command.argument);
      if (!offered_ || !offered_->auth) violation("unoffered_auth");
      return simple_reply(ReplyName::tls_required);
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
      if (command.argument.empty()) return simple_reply(ReplyName::vrfy_syntax);
      return begin_stage(Stage::vrfy, std::string(command.argument));
    case Verb::expn:
      return expn(command.argument);
    case Verb::help:
      return help();
    case Verb::bdat:
      return bdat(command.argument);
    case Verb::burl:
      return burl();
    case Verb::etrn:
      return etrn(command.argument);
    case Verb::xclient:
      return xclient(command.argument);
    case Verb::starttls:
      return starttls(command.argument);
    case Verb::unknown:
      return simple_reply(ReplyName::unknown_command);
  }
}

void Session::helo(const smtp::Command& command) {
  if (!hello_fits_door(command.verb)) return;
  if (!smtp::is_helo_name(command.argument)) return simple_reply(ReplyName::helo_syntax);
  helo_text_.clear();
  begin_stage(Stage::helo, std::string(command.argument));
}

void Session::auth(std::string_view argument) {
  auto space = argument.find(' ');
  auto mechanism = argument.substr(0, space);
  if (!offered_ || !offered_->auth) {
    violation("unoffered_auth");
    return simple_reply(ReplyName::auth_off);
  }
  if (authenticated_) return simple_reply(ReplyName::auth_again);
  if (transaction_) return simple_reply(ReplyName::auth_in_transaction);
  if (mechanism.empty()) return simple_reply(ReplyName::auth_syntax);
  if (!offered_->has_mechanism(mechanism)) {
    violation("unoffered_mechanism", printable(mechanism));
    return simple_reply(ReplyName::auth_unknown);
  }
  mechanism_ = sasl::make_mechanism(mechanism, sasl_context());
  if (!mechanism_) {
    journal(EventKind::fact, "AUTH " + printable(mechanism) + " is offered, but this version can't play it");
    return simple_reply(ReplyName::auth_unknown);
  }
  login_ = std::make_unique<Login>();
  login_->mechanism = upper(mechanism);
  std::optional<std::string> initial;
  if (space != std::string_view::npos) {
    auto encoded = trim(argument.substr(space));
    if (sasl::find_mechanism(mechanism)->server_first) {
      mechanism_.reset();
      return simple_reply(ReplyName::auth_no_initial, login_->mechanism);
    }
    if (encoded != "=") login_->response = encoded;
    initial = encoded == "=" ? std::optional<std::string>("") : from_base64(encoded);
    if (!initial) {
      mechanism_.reset();
      return simple_reply(ReplyName::auth_not_base64);
    }
  }
  sasl_step(mechanism_->begin(initial ? std::optional<std::string_view>(*initial) : std::nullopt));
}

sasl::Context Session::sasl_context() const {
  Draws draws(DrawPoint{instance_.options().seed, number_, Stage::auth,
                        occurrences_[static_cast<std::size_t>(Stage::command)], 0});
  sasl::Context context{.users = &scenario().users, .host = host(), .nonce = sasl::draw_nonce(draws)};
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
    simple_reply(ReplyName::auth_malformed, malformed->reason);
  } else {
    const auto& credentials = std::get<sasl::Credentials>(step);
    mechanism_.reset();
    login_->user = credentials.user;
    login_->password = credentials.password;
    login_->accepted = credentials.accepted;
    login_->error = credentials.error;
    journal(EventKind::fact,
            login_->mechanism + ": " + (credentials.accepted ? "right" : "refused, " + credentials.reason));
    begin_stage(Stage::auth, credentials.user);
  }
}

void Session::begin_challenge() {
  login_->in_exchange = true;
  stage_ = Stage::auth;
  const auto& rules = scenario().rules_at(Stage::auth);
  if (std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return plays_here(rule); }))
    return begin_stage(Stage::auth, login_->user);
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
  auto over = [&](ReplyName name) {
    mechanism_.reset();
    simple_reply(name);
  };
  if (too_long) return over(ReplyName::auth_too_long);
  if (line == "*") return over(ReplyName::auth_aborted);
  if (!mechanism_) return simple_reply(ReplyName::auth_failed);  // the token's error is answered
  login_->response = line;
  auto response = from_base64(line);
  if (!response) return over(ReplyName::auth_not_base64);
  sasl_step(mechanism_->respond(*response));
}

// Only what the last EHLO offered holds.
bool Session::parameters_hold(const smtp::Envelope& envelope, bool of_mail) {
  bool utf8 = false;
  for (const auto& parameter : envelope.parameters) {
    auto keyword = smtp::keyword_for(parameter);
    if (keyword.empty() || !offered_ || !offered_->has(keyword)) {
      violation("unoffered_parameter", printable(parameter.keyword));
      simple_reply(ReplyName::unknown_option, parameter.keyword);
      return false;
    }
    utf8 = utf8 || parameter.keyword == "SMTPUTF8";
  }
  if (of_mail) utf8_ = utf8;
  auto wrong = smtp::check_parameters(envelope.parameters, of_mail);
  if (!wrong && offered_) wrong = smtp::check_offered_bounds(envelope.parameters, *offered_);
  if (wrong) {
    violation("bad_parameter", wrong->text);
    simple_reply(wrong->code, wrong->enhanced, wrong->text);
    return false;
  }
  bool of_tls = std::any_of(envelope.parameters.begin(), envelope.parameters.end(),
                            [](const smtp::Parameter& each) { return each.keyword == "REQUIRETLS"; });
  if (of_tls && !tls_up()) {  // RFC 8689 section 4.2.1: never to be promised in clear
    simple_reply(ReplyName::requiretls_in_clear);
    return false;
  }
  if (!envelope.path.non_ascii || utf8_) return true;
  violation("undeclared_utf8", "an address outside ASCII without SMTPUTF8");
  simple_reply(ReplyName::smtputf8_needed);
  return false;
}

void Session::mail(std::string_view argument) {
  auto parsed = smtp::parse_mail(argument);
  if (auto* error = std::get_if<smtp::SyntaxError>(&parsed))
    return syntax_reply(*error, ReplyName::mail_syntax, ReplyName::mail_address, argument);
  auto& envelope = std::get<smtp::Envelope>(parsed);
  if (helo_.empty()) {
    violation("out_of_turn", "MAIL before EHLO");
    return simple_reply(ReplyName::hello_first);
  }
  if (asks_for_more()) return;
  if (transaction_) {
    violation("out_of_turn", "MAIL in a transaction");
    return simple_reply(ReplyName::nested_mail);
  }
  if (!parameters_hold(envelope, true) || !message_is_within_limits()) return;
  mail_parameters_ = std::move(envelope.parameters);
  rcpt_parameters_.clear();
  ++message_;
  from_ = std::move(envelope.path.address);
  begin_stage(Stage::mail, from_);
}

void Session::rcpt(std::string_view argument) {
  auto parsed = smtp::parse_rcpt(argument);
  if (auto* error = std::get_if<smtp::SyntaxError>(&parsed))
    return syntax_reply(*error, ReplyName::rcpt_syntax, ReplyName::rcpt_address, argument);
  auto& envelope = std::get<smtp::Envelope>(parsed);
  if (!transaction_) {
    if (!in_refused_group()) violation("out_of_turn", "RCPT without MAIL");
    return simple_reply(ReplyName::need_mail);
  }
  if (transaction_->chunked) {
    violation("out_of_turn", "RCPT after BDAT");
    return simple_reply(ReplyName::mixed_bodies, "RCPT after BDAT");
  }
  if (!parameters_hold(envelope, false)) return;
  rcpt_parameters_ = std::move(envelope.parameters);
  rcpt_ = std::move(envelope.path.address);
  begin_stage(Stage::rcpt, rcpt_);
}

void Session::starttls(std::string_view argument) {
  if (tls_up() && !(offered_ && offered_->starttls)) {
    violation("out_of_turn", "STARTTLS inside TLS");
    return simple_reply(ReplyName::starttls_again);
  }
  if (helo_.empty() && offers_starttls()) {  // RFC 5321 section 4.1.4: what it offers hasn't been asked for yet
    violation("unoffered_starttls", "before EHLO");
    return simple_reply(ReplyName::hello_first);
  }
  if (!offered_ || !offered_->starttls) {
    violation("unoffered_starttls");
    return simple_reply(ReplyName::starttls_off);
  }
  if (!argument.empty()) return simple_reply(ReplyName::starttls_syntax);
  if (transaction_) return simple_reply(ReplyName::starttls_in_transaction);
  begin_stage(Stage::starttls);
}

void Session::data(std::string_view argument) {
  if (!argument.empty()) return simple_reply(ReplyName::data_syntax);
  if (!transaction_) {
    if (!in_refused_group()) violation("out_of_turn", "DATA without MAIL");
    return simple_reply(ReplyName::need_rcpt);
  }
  if (transaction_->chunked) {
    violation("out_of_turn", "DATA after BDAT");
    return simple_reply(ReplyName::mixed_bodies, "DATA after BDAT");
  }
  for (const auto& parameter : mail_parameters_)
    if (smtp::keyword_for(parameter) == "BINARYMIME") {
      violation("out_of_turn", "DATA for BODY=BINARYMIME");
      return simple_reply(ReplyName::mixed_bodies, "BODY=BINARYMIME needs BDAT");
    }
  if (transaction_->recipients.empty() && !pipelining_offered()) violation("data_without_recipient");
  begin_stage(Stage::data);
}

}  // namespace mailfault
