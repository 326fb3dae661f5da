// TLS of a connection: the handshake as a stage, then records around everything (RFC 3207, RFC 8446).
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/session.hpp"

namespace mailfault {
namespace {

constexpr std::string_view client_hello_begins = "\x16\x03";
constexpr std::size_t shown_of_injection = 200;
using State = tls::Engine::State;

std::string in_words(const tls::Hello& hello) {
  std::string out = "hello";
  if (!hello.sni.empty()) out += " sni=" + printable(hello.sni);
  out += " versions=" + join(hello.versions, ",");
  if (!hello.alpn.empty()) out += " alpn=" + printable(join(hello.alpn, ","));
  if (hello.resumes) out += " resumes";
  if (hello.asks_ocsp) out += " asks_ocsp";
  return out;
}

std::string in_words(const tls::Facts& facts, const std::string& certificate) {
  std::string out = "up " + facts.version + " " + facts.cipher;
  if (!facts.group.empty()) out += " " + facts.group;
  out += " certificate=" + certificate;
  if (!facts.alpn.empty()) out += " alpn=" + printable(facts.alpn);
  if (facts.resumed) out += " resumed";
  if (!facts.client_certificate.empty())
    out +=
        " client_certificate=\"" + printable(facts.client_certificate) + "\" verify=\"" + facts.client_verify + "\"";
  return out;
}

// RFC 8446 section 5.1: type, version, length, then the fragment.
void damage(std::string& records, op::TlsDamage::Kind kind) {
  constexpr std::size_t head = 5;
  for (std::size_t at = 0; at + head <= records.size();) {
    auto byte = [&](std::size_t place) -> char& { return records[at + place]; };
    auto length = static_cast<std::size_t>(static_cast<unsigned char>(byte(3))) << 8 |
                  static_cast<std::size_t>(static_cast<unsigned char>(byte(4)));
    auto end = std::min(records.size(), at + head + length);
    if (kind == op::TlsDamage::Kind::version) byte(1) = byte(2) = 0x05;
    if (kind == op::TlsDamage::Kind::length) byte(3) = static_cast<char>(0x40);  // 16 KiB and more
    if (kind == op::TlsDamage::Kind::overflow) byte(3) = byte(4) = static_cast<char>(0xFF);
    if (kind == op::TlsDamage::Kind::mac && end > at + head)
      records[end - 1] = static_cast<char>(records[end - 1] ^ 1);
    at = end;
  }
}

}  // namespace

tls::Settings Session::tls_settings() const { return scenario().tls_settings_of(door_).with(tls_use_); }

bool Session::offers_starttls() const { return instance_.tls_of(door_) == DoorTls::starttls; }

// A ClientHello is awaited. What came in clear before it is no part of what follows (RFC 3207 section 6).
void Session::begin_tls() {
  tls_ = std::make_unique<Tls>();
  phase_ = Phase::handshake;
  quiet_since_ = instance_.now();
  if (instance_.options().on_tls_key) tls_->engine.on_key(instance_.options().on_tls_key);
  auto pending = std::string(input_.pending());
  input_.discard();
  if (pending.starts_with(client_hello_begins.substr(0, std::min(pending.size(), client_hello_begins.size())))) {
    tls_->engine.feed(pending);
    return;
  }
  violation("pipelined_after_starttls", "\"" + escaped(std::string_view(pending).substr(0, shown_of_injection)) +
                                            "\" in clear " +
                                            (keep_pending_ ? "is executed inside TLS" : "is thrown away"));
  if (keep_pending_) tls_->kept = std::move(pending);
}

// The rules that stand before a message wait for it; the others are the stage.
void Session::begin_handshake() {
  stage_ = Stage::handshake;
  answered_ = false;
  journal(EventKind::tls, in_words(tls_->engine.hello()));
  for (const auto& rule : scenario().rules_at(Stage::handshake)) {
    if (!rule.triggers.at) continue;
    try {
      if (holds(rule)) tls_->armed.push_back(&rule);
    } catch (const Error& error) {
      return fail_script(error.what());
    }
  }
  begin_stage(Stage::handshake);
}

void Session::answer_tls() {
  auto& tls = *tls_;
  went_on_ = true;
  if (tls.answered) {
    gather_tls(1);  // the message that the rule stands before: in the shape that it says
    answered_ = false;
    return;
  }
  answered_ = tls.answered = true;
  tls.certificate = tls_settings().certificate.value_or("good");
  tls::Names names{host(), tls.engine.hello().sni, instance_.options().hosts};
  bool of_files = !tls_settings().certificate && instance_.options().identity;
  try {
    tls.engine.answer(tls_settings(), names, of_files ? instance_.options().identity : nullptr);
  } catch (const Error& error) {
    return fail_script(scenario().path + ": TLS: " + error.what());
  }
  gather_tls();
}

// Adds the server's next TLS messages to what is sent, up to one that a rule waits for.
void Session::gather_tls(std::size_t most) {
  auto& tls = *tls_;
  for (; most > 0 && !tls.engine.next_name().empty() && !armed_rule(); --most) {
    auto message = *tls.engine.next();
    if (play_ && play_->damage) damage(message.bytes, *play_->damage);
    tls.sent += (tls.sent.empty() ? "" : " ") + std::string(message.name);
    out_ += message.bytes;
  }
}

const Rule* Session::armed_rule() const {
  for (const auto* rule : tls_->armed)
    if (std::get<std::string>(*rule->triggers.at) == tls_->engine.next_name()) return rule;
  return nullptr;
}

// False: the client's next bytes are awaited.
bool Session::take_handshake() {
  auto& tls = *tls_;
  stage_ = Stage::handshake;
  gather_tls();
  flush();
  tell_tls();
  if (const auto* rule = armed_rule()) {
    std::erase(tls.armed, rule);
    begin_single(Stage::handshake, scenario().rules_at(Stage::handshake), *rule);
    return true;
  }
  switch (tls.engine.state()) {
    case State::paused:
      if (tls.answered) break;
      begin_handshake();
      return true;
    case State::up:
      tls_is_up();
      return true;
    case State::ended:
      if (!tls.engine.facts().version.empty()) {  // its Finished and its close_notify came together
        peer_gone_ = true;
        ended_how_ = "close_notify";
        tls_is_up();
        return true;
      }
      [[fallthrough]];
    case State::failed:
      tls_is_over();
      return true;
    case State::hello:
    case State::handshake:
      break;
  }
  if (!peer_gone_) return false;
  end(EndedBy::client, ended_how_ + " in the TLS handshake");
  return true;
}

void Session::tls_is_up() {
  auto& tls = *tls_;
  const auto& facts = tls.engine.facts();
  journal(EventKind::tls, in_words(facts, tls.certificate));
  tls.up = true;
  new_turn_ = true;
  phase_ = Phase::commands;
  early_upto_ = 0;
  if (!tls.kept.empty()) {
    auto first = std::exchange(tls.kept, {}) + std::string(input_.pending());
    input_.discard();
    input_.feed(first);
    input_.keep();
  }
  if (stage_before_tls_ == Stage::connect) return begin_stage(Stage::greeting);
  // RFC 3207 section 4.2: what was learnt from the client in clear is forgotten.
  helo_.clear();
  esmtp_ = authenticated_ = false;
  offered_.reset();
  login_.reset();
  transaction_.reset();
  from_.clear();
  body_.reset();
}

// The client said close_notify, or TLS has failed: nothing is understood any more.
void Session::tls_is_over() {
  auto& tls = *tls_;
  for (auto rest = tls.engine.next(); rest; rest = tls.engine.next())
    if (!peer_dead_) wire_->send(rest->bytes);
  tell_tls();
  if (tls.engine.state() == State::ended) {
    peer_gone_ = true;
    end(EndedBy::client, "close_notify");
    return;
  }
  journal(EventKind::tls, "failed " + tls.engine.why());
  const auto& alerts = tls.engine.alerts();
  bool by_client = !alerts.empty() && alerts.back().from_client && alerts.back().fatal;
  wire_->close(std::chrono::seconds(2));
  if (by_client)
    end(EndedBy::client, "TLS alert " + tls::alert_name(alerts.back().code));
  else
    end(EndedBy::server, "TLS failed: " + tls.engine.why());
}

void Session::tell_tls() {
  auto& tls = *tls_;
  const auto& alerts = tls.engine.alerts();
  for (; tls.alerts_told < alerts.size(); ++tls.alerts_told) {
    const auto& alert = alerts[tls.alerts_told];
    journal(EventKind::tls, std::string(alert.from_client ? "alert_received " : "alert_sent ") +
                                tls::alert_name(alert.code) + (alert.fatal ? " fatal" : " warning"));
  }
}

// Bytes of the socket's: the plain text in them.
std::string Session::decrypt(std::string_view bytes) {
  auto& tls = *tls_;
  tls.engine.feed(bytes);
  auto plain = tls.engine.read();
  if (phase_ == Phase::handshake) return plain;
  send_records();
  auto state = tls.engine.state();
  if (tls.up && !peer_gone_ && (state == State::ended || state == State::failed)) {
    peer_gone_ = true;
    if (state == State::failed) journal(EventKind::tls, "failed " + tls.engine.why());
    const auto& alerts = tls.engine.alerts();
    ended_how_ = state == State::ended                          ? "close_notify"
                 : !alerts.empty() && alerts.back().from_client ? "TLS alert " + tls::alert_name(alerts.back().code)
                                                                : "TLS failed: " + tls.engine.why();
  }
  return plain;
}

// What the session sends, in the form that the connection has now.
void Session::transmit(std::string_view bytes) {
  if (!tls_ || !tls_->up || (play_ && play_->damage == op::TlsDamage::Kind::plaintext)) {
    wire_->send(bytes);
    return;
  }
  tls_->engine.write(bytes);
  send_records();
}

void Session::send_records() {
  for (auto message = tls_->engine.next(); message; message = tls_->engine.next()) {
    if (play_ && play_->damage) damage(message->bytes, *play_->damage);
    if (!peer_dead_ && !write_closed_) wire_->send(message->bytes);
  }
  tell_tls();
}

void Session::send_close_notify() {
  if (!tls_up() || tls_->notified || peer_dead_ || write_closed_) return;
  tls_->notified = true;
  tls_->engine.close_notify();
  send_records();
}

void Session::close_connection(Micros linger, bool with_close_notify) {
  if (with_close_notify) send_close_notify();
  wire_->close(linger);
}

void Session::send_alert(std::uint8_t code) {
  if (!tls_) {  // no handshake has begun: in clear (RFC 8446 section 6)
    wire_->send(std::string("\x15\x03\x01\x00\x02\x02", 6) + static_cast<char>(code));
    journal(EventKind::tls, "alert_sent " + tls::alert_name(code) + " fatal");
    return;
  }
  tls_->engine.drop();  // it comes in the place of what waits
  if (!tls_->engine.alert(code))
    journal(EventKind::fact, "the alert leaves in clear: there are keys, but none that can be sealed with");
  send_records();
}

void Session::send_record(std::uint8_t type, const std::string& content) {
  if (!tls_) throw Error("tls_record() needs TLS: it is for on.handshake, and for what follows once TLS is up");
  if (!tls_->up) tls_->engine.drop();  // it comes in the place of what waits
  if (!tls_->engine.seal(type, content))
    journal(EventKind::fact, "the record leaves in clear: there are no keys, or none that can be sealed with");
  send_records();
}

void Session::update_keys() {
  if (!tls_ || !tls_->up || !tls_->engine.key_update(true))
    throw Error(
        "key_update() needs TLS 1.3 that is up; write tls { tls_versions = \"1.3\" } and let the client begin it");
  send_records();
}

void Session::renegotiate() {
  if (!tls_ || !tls_->up || !tls_->engine.renegotiate())
    throw Error("renegotiate() needs TLS 1.2 or before that is up; write tls { tls_versions = \"1.2\" }");
  send_records();
}

}  // namespace mailfault
