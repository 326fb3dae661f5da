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

void Session::healthy_reply(int code, std::string_view enhanced, std::string_view text) {
  answered_ = true;
  decide(code);
  smtp::append_reply(out_, code, enhanced, text);
}

void Session::healthy() {
  switch (stage_) {
    case Stage::connect:
    case Stage::command:
      answered_ = went_on_ = true;
      return;
    case Stage::greeting:
      if (!input_.pending().empty()) violation("talks_before_greeting");
      healthy_reply(220, "", scenario().host + " ESMTP");
      return;
    case Stage::helo: {
      std::string text = scenario().host;
      if (verb_ == "EHLO") {
        const auto& lines =
            capabilities_ ? *capabilities_
                          : instance_.capability_lines(!tls_up() && offers_starttls(), tls_up(), authenticated_);
        for (const auto& line : lines) text.append("\n").append(line);
      }
      healthy_reply(250, "", text);
      return;
    }
    case Stage::auth: {
      if (login_->in_exchange) {
        answered_ = true;
        decide(334);
        out_ += "334 " + base64(login_->challenge) + "\r\n";  // the space stands even before nothing (RFC 4954, 4)
      } else if (login_->accepted)
        healthy_reply(235, "2.7.0", "Authentication successful");
      else
        healthy_reply(535, "5.7.8", "Authentication credentials invalid");
      return;
    }
    case Stage::mail:
      for (const auto& parameter : mail_parameters_)
        if (auto declared =
                parameter.keyword == "SIZE" && parameter.value ? parse_size(*parameter.value) : std::nullopt;
            declared && *declared > size_limit())
          return healthy_reply(552, "5.3.4", "Message size exceeds fixed limit");
      healthy_reply(250, "2.1.0", "Ok");
      return;
    case Stage::rcpt:
      if (transaction_->recipients.size() >= most_recipients)
        healthy_reply(452, "4.5.3", "Error: too many recipients");
      else
        healthy_reply(250, "2.1.5", "Ok");
      return;
    case Stage::data:
      if (transaction_->recipients.empty())
        healthy_reply(554, "5.5.1", "Error: no valid recipients");
      else
        healthy_reply(354, "", "End data with <CR><LF>.<CR><LF>");
      return;
    case Stage::content:
      answered_ = false;
      return;  // proceed() in the body: read on
    case Stage::message:
      if (transaction_->recipients.empty())
        healthy_reply(554, "5.5.1", "Error: no valid recipients");
      else if (body_->reader.over_limit())
        healthy_reply(552, "5.3.4", "Message size exceeds fixed limit");
      else
        healthy_reply(250, "2.0.0", "Ok: queued as " + queue_id());
      return;
    case Stage::rset:
    case Stage::noop:
      healthy_reply(250, "2.0.0", "Ok");
      return;
    case Stage::vrfy:
      healthy_reply(252, "2.0.0", printable(argument_));
      return;
    case Stage::quit:
      healthy_reply(221, "2.0.0", "Bye");
      return;
    case Stage::handshake:
      return answer_tls();
    case Stage::starttls:
      healthy_reply(220, "2.0.0", "Ready to start TLS");
      return;
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
      esmtp_ = verb_ == "EHLO";
      transaction_.reset();
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
      return;
    case Stage::quit:
      close_connection(std::chrono::seconds(2));
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
  const auto& entry =
      instance_.mutable_ledger().store(number_, instance_.now(), door_.name, from_, views, body_->reader.text());
  ++messages_;
  stored_ = true;
  journal(EventKind::stored, counted(recipients.size(), "copy", "copies"), {.number = entry.id});
  if (!entry.text_kept && instance_.ledger().full())
    journal(EventKind::limit, "the ledger is full: this message's text is not kept");
}

}  // namespace mailfault
