// What a session knows: the fields of `where`, `per`, {templates} and `session.x`.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "base/text.hpp"
#include "engine/header_text.hpp"
#include "engine/session.hpp"
#include "mail/report.hpp"

namespace mailfault {
namespace {

FieldValue optional_text(const std::string& text) {
  if (text.empty()) return {};
  return text;
}

FieldValue part_of(const FieldRef& ref, FieldValue whole) {
  if (ref.part == FieldRef::Part::whole || std::holds_alternative<std::monostate>(whole)) return whole;
  auto text = as_text(whole);
  if (ref.part == FieldRef::Part::network) return network_of(text, ref.bits);
  auto at = text.rfind('@');
  if (at == std::string::npos) return ref.part == FieldRef::Part::domain ? std::string() : text;
  return ref.part == FieldRef::Part::domain ? text.substr(at + 1) : text.substr(0, at);
}

}  // namespace

std::string Session::queue_id() const {
  constexpr std::uint32_t of_ids = 1u << 30;  // apart from what rules draw
  if (const auto& shape = provider().id; !shape.empty())
    return shape.draw(
        Draws(DrawPoint{instance_.options().seed, number_, Stage::message, std::max(message_, 1u), of_ids}));
  char text[32];
  std::snprintf(text, sizeof text, "MF%05X%03X", number_, message_);
  return text;
}

std::string Session::session_id() const {
  constexpr std::uint32_t of_ids = 1u << 30;
  if (const auto& shape = provider().session_id; !shape.empty())
    return shape.draw(Draws(DrawPoint{instance_.options().seed, number_, Stage::connect, 0, of_ids}));
  char text[16];
  std::snprintf(text, sizeof text, "MF%05X", number_);
  return text;
}

FieldValue Session::field(const FieldRef& ref) {
  auto number = [](auto value) { return FieldValue(static_cast<double>(value)); };
  switch (ref.field) {
    case Field::connection:
      return number(number_);
    case Field::door:
      return door_.name;
    case Field::peer:
      return part_of(ref, peer_address());
    case Field::host:
      return host();
    case Field::helo:
      return part_of(ref, optional_text(stage_ == Stage::helo ? argument_ : helo_));
    case Field::esmtp:
      return stage_ == Stage::helo ? says_hello_with_extensions() : esmtp_;
    case Field::tls:
      return tls_up() ? FieldValue(tls_->engine.facts().version) : FieldValue();
    case Field::sni: {
      using State = tls::Engine::State;
      return tls_ && tls_->engine.state() != State::hello ? optional_text(tls_->engine.hello().sni) : FieldValue();
    }
    case Field::alpn:
      return tls_up() ? optional_text(tls_->engine.facts().alpn) : FieldValue();
    case Field::cipher:
      return tls_up() ? optional_text(tls_->engine.facts().cipher) : FieldValue();
    case Field::client_certificate:
      return tls_up() ? optional_text(tls_->engine.facts().client_certificate) : FieldValue();
    case Field::resumed:
      return tls_up() && tls_->engine.facts().resumed;
    case Field::authenticated:
      return authenticated_;
    case Field::mechanism:
      return login_ ? FieldValue(login_->mechanism) : FieldValue();
    case Field::user:
      return part_of(ref, login_ ? FieldValue(login_->user) : FieldValue());
    case Field::password:
      return login_ ? FieldValue(login_->password) : FieldValue();
    case Field::message:
      return number(message_);
    case Field::messages:
      return number(messages_);
    case Field::from: {
      bool known = transaction_ || stage_ == Stage::mail;
      return part_of(ref, known ? FieldValue(from_) : FieldValue());
    }
    case Field::rcpt:
      return part_of(ref, optional_text(rcpt_));
    case Field::rcpts:
      return transaction_ ? transaction_->recipients : std::vector<std::string>{};
    case Field::verb:
      return optional_text(verb_);
    case Field::line:
      return optional_text(line_);
    case Field::early:
      if (stage_ == Stage::connect || stage_ == Stage::greeting) return !input_.pending().empty();
      return early_;
    case Field::pending:
      return std::string(input_.pending());
    case Field::size:
      return body_ ? number(body_->reader.size()) : FieldValue();
    case Field::text:
      return body_ ? FieldValue(body_->reader.text()) : FieldValue();
    case Field::id:
      return queue_id();
    case Field::date:
      return mail::date_text(std::time(nullptr));
    case Field::epoch:
      return number(std::time(nullptr));
    case Field::now:
      return in_seconds(instance_.nominal_now());
    case Field::session_id:
      return session_id();
    case Field::detail:
      return optional_text(detail_);
    case Field::violations:
      return violations_ ? *violations_ : std::vector<std::string>{};
    case Field::header:
      return body_ ? header_text(body_->reader.text(), ref.name) : FieldValue();
    case Field::parameter:
      for (const auto* list : {&rcpt_parameters_, &mail_parameters_})
        for (const auto& parameter : *list)
          if (parameter.keyword == ref.name) return parameter.value ? FieldValue(*parameter.value) : FieldValue(true);
      return {};
  }
  return {};
}

}  // namespace mailfault
