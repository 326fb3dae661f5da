// What the server does where no rule says otherwise: a healthy, friendly one.
#include <algorithm>

#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/reply.hpp"

namespace mailfault {
namespace {
constexpr std::uint64_t own_size_limit = 64 << 20;  // where no SIZE was offered, or one without a number
constexpr std::size_t most_recipients = 1000;       // RFC 5321 section 4.5.3.1.8 says 100 at least
}  // namespace

std::uint64_t Session::size_limit() const {
  return offered_ && offered_->size && offered_->size_limit > 0
             ? std::min(offered_->size_limit, std::uint64_t{1} << 30)
             : own_size_limit;
}

// The provider's words, with what they are about.
void Session::own_reply(ReplyName name) {
  const auto& reply = provider().reply(name);
  if (auto* constant = reply.text.constant())
    out_ += *constant;
  else
    out_ += expand(reply.text);
}

void Session::healthy_reply(ReplyName name, std::string detail) {
  answered_ = true;
  detail_ = std::move(detail);
  decide(provider().reply(name).code);
  own_reply(name);
}

void Session::healthy_reply(int code, std::string_view enhanced, std::string_view text) {
  answered_ = true;
  decide(code);
  smtp::append_reply(out_, code, enhanced, text);
}

const std::vector<std::string>& Session::capability_lines() {
  return instance_.capability_lines(provider(), !tls_up() && offers_starttls(), tls_up(), authenticated_);
}

void Session::greet() {
  if (!input_.pending().empty()) {
    violation("talks_before_greeting");
    if (provider().requires_turns) {
      answered_ = true;
      return throw_out(ReplyName::out_of_sync, "the client talked before the greeting");
    }
  }
  if (door_.lmtp) return healthy_reply(220, "", host() + " LMTP");
  healthy_reply(ReplyName::greeting);
}

void Session::answer_helo() {
  if (!says_hello_with_extensions()) return healthy_reply(ReplyName::helo);
  const auto& reply = provider().reply(ReplyName::ehlo);
  if (reply.code / 100 != 2) return healthy_reply(ReplyName::ehlo);
  answered_ = true;
  decide(reply.code);
  auto text = expand(reply.text);
  text.resize(text.size() - 2);  // CRLF
  text.erase(0, 4);
  for (const auto& line : capabilities_ ? *capabilities_ : capability_lines()) text.append("\n").append(line);
  smtp::append_reply(out_, reply.code, "", text);
}

// The prompts that providers word in their own way; others are a mechanism's data.
void Session::send_challenge() {
  answered_ = true;
  decide(334);
  const auto& text = login_->challenge;
  if (login_->mechanism == "PLAIN" && text.empty()) return own_reply(ReplyName::auth_prompt_plain);
  if (login_->mechanism == "LOGIN" && text == "Username:") return own_reply(ReplyName::auth_prompt_user);
  if (login_->mechanism == "LOGIN" && text == "Password:") return own_reply(ReplyName::auth_prompt_password);
  out_ += "334 " + base64(text) + "\r\n";  // the space stands even before nothing (RFC 4954 section 4)
}

void Session::healthy() {
  if (stage_ == Stage::auth && login_->in_exchange) return send_challenge();
  if (!within_limits()) return;
  switch (stage_) {
    case Stage::connect:
    case Stage::command:
      answered_ = went_on_ = true;
      return;
    case Stage::greeting:
      return greet();
    case Stage::helo:
      return answer_helo();
    case Stage::auth:
      if (login_->accepted) return healthy_reply(ReplyName::auth_ok);
      if (login_->error.empty()) return healthy_reply(ReplyName::auth_failed);
      login_->error_told = true;
      login_->challenge = login_->error;
      return send_challenge();
    case Stage::mail:
      for (const auto& parameter : mail_parameters_)
        if (auto declared =
                parameter.keyword == "SIZE" && parameter.value ? parse_size(*parameter.value) : std::nullopt;
            declared && *declared > size_limit())
          return healthy_reply(ReplyName::too_large);
      healthy_reply(ReplyName::mail);
      return;
    case Stage::rcpt:
      if (transaction_->recipients.size() >= most_recipients)
        healthy_reply(ReplyName::too_many_recipients);
      else if (auto why = recipient_beyond_limits(); !why.empty())
        healthy_reply(452, "4.5.3", why);
      else
        healthy_reply(ReplyName::rcpt);
      return;
    case Stage::data:
      if (transaction_->recipients.empty() && door_.lmtp)  // RFC 2033 section 4.2
        healthy_reply(503, "5.5.1", "Error: no valid recipients");
      else if (transaction_->recipients.empty())
        healthy_reply(ReplyName::no_recipients);
      else
        healthy_reply(ReplyName::data);
      return;
    case Stage::content:
      answered_ = false;
      return;  // proceed() in the body: read on
    case Stage::message:
      if (transaction_->recipients.empty())
        healthy_reply(ReplyName::no_recipients);
      else if (body_->reader.over_limit())
        healthy_reply(ReplyName::too_large);
      else
        healthy_reply(ReplyName::message);
      return;
    case Stage::rset:
      return healthy_reply(ReplyName::rset);
    case Stage::noop:
      return healthy_reply(ReplyName::noop);
    case Stage::vrfy:
      return healthy_reply(ReplyName::vrfy, argument_);
    case Stage::quit:
      return healthy_reply(ReplyName::quit);
    case Stage::handshake:
      return answer_tls();
    case Stage::starttls:
      return healthy_reply(ReplyName::starttls);
    case Stage::idle:
    case Stage::close:
      return;
  }
}

// The reply's code decides the effect, unless accept() or discard() has.
void Session::decide(int code) {
  code_ = static_cast<std::uint16_t>(code);
  if (effect_done_ || facts(stage_).effect.empty()) return;
  bool happens = stage_ == Stage::data ? code == 354 : code >= 200 && code < 300;
  if (forced_ >= 0) happens = forced_ == 1;
  if (happens) effect_now_or_late();
}

void Session::effect_now_or_late() {
  if (effect_done_) return;
  if (stage_ == Stage::quit || stage_ == Stage::starttls) {
    effect_late_ = true;
    return;
  }
  effect_done_ = true;
  apply_effect();
}

void Session::apply_effect() {
  switch (stage_) {
    case Stage::helo:
      helo_ = argument_;
      esmtp_ = says_hello_with_extensions();
      transaction_.reset();
      body_.reset();
      return;
    case Stage::auth:
      authenticated_ = true;
      return;
    case Stage::mail:
      transaction_ = std::make_unique<Transaction>();
      mail_refused_ = false;
      return;
    case Stage::rcpt:
      transaction_->recipients.push_back(rcpt_);
      transaction_->parameters.push_back(rcpt_parameters_);
      return;
    case Stage::data:
      body_follows_ = true;
      return;
    case Stage::message:
      store();
      return;
    case Stage::rset:
      transaction_.reset();
      from_.clear();
      body_.reset();
      return;
    case Stage::quit:
      close_connection(std::chrono::seconds(2), provider().close_notify);
      end(EndedBy::server, "closed after QUIT");
      return;
    case Stage::starttls:
      stage_before_tls_ = Stage::starttls;
      if (!tls_up()) begin_tls();
      return;
    default:
      return;
  }
}

void Session::store() {
  const auto& recipients = transaction_->recipients;
  if (recipients.empty()) return;
  std::vector<std::string_view> views(recipients.begin(), recipients.end());
  if (door_.lmtp) views = {rcpt_};
  const auto& entry =
      instance_.mutable_ledger().store(number_, instance_.now(), door_.name, from_, views, body_->reader.text());
  ++messages_;
  errors_ = junk_ = 0;
  stored_ = true;
  journal(EventKind::stored, counted(views.size(), "copy", "copies"), {.number = entry.id});
  if (!entry.text_kept && instance_.ledger().full())
    journal(EventKind::limit, "the ledger is full: this message's text is not kept");
  if (!transaction_->wishes.empty()) schedule_bounces(entry.id);
}

}  // namespace mailfault
