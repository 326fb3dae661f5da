#include "tests/verdict/mail_client.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/reply.hpp"
#include "smtp/sender.hpp"
#include "tests/sasl/client.hpp"

namespace mailfault {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Micros longest_run = minutes(200);
constexpr int most_turns = 20'000;
constexpr std::size_t longest_reply = 16 * 1024, most_tries = 5;
constexpr Micros moment = std::chrono::milliseconds(1);

/// The code that all lines of a reply have (RFC 5321 section 4.2); 0: it is none.
int code_of(std::string_view reply) {
  if (reply.find('\0') != std::string_view::npos) return 0;
  int code = 0;
  for (auto line : split(reply.substr(0, reply.size() - 1), '\n')) {
    auto digits = line.substr(0, 3);
    if (digits.size() < 3 || digits.find_first_not_of("0123456789") != std::string_view::npos) return 0;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-' && line[3] != '\r') return 0;
    int its = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    if (code != 0 && code != its) return 0;
    code = its;
  }
  return code;
}

/// Alerts of a server that asked for a certificate (RFC 8446 section 6.2): in TLS 1.3 they come after the handshake.
bool wants_another_certificate(std::uint8_t alert) {
  constexpr std::uint8_t bad_certificate = 42, unknown_ca = 48, certificate_required = 116;
  return alert == bad_certificate || alert == unknown_ca || alert == certificate_required;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out += c;
    else
      out += {'=', digits[byte / 16], digits[byte % 16]};
  }
  return out;
}

}  // namespace

bool MailClient::Sending::open() const {
  return std::find(fates.begin(), fates.end(), Fate::pending) != fates.end() ||
         std::find(fates.begin(), fates.end(), Fate::deferred) != fates.end();
}

bool MailClient::Sending::all(Fate fate) const {
  return std::all_of(fates.begin(), fates.end(), [&](Fate each) { return each == fate; });
}

MailClient::MailClient(Instance& instance, VirtualClock& clock, const Plan& plan, Misdeed flaw)
    : instance_(instance), clock_(clock), plan_(plan), flaw_(flaw) {
  for (const auto& letter : plan.letters)
    sendings_.push_back(
        {letter, std::to_string(++ids_) + "@client.example", std::vector<Fate>(letter.to.size(), Fate::pending)});
  instance_.bounces().deliver = [this](const Bounce& bounce) {
    instance_.mutable_ledger().set_delivery(bounce.id, Bounce::Delivery::delivered, "250 Ok");
  };
}

// Time and bytes.

Micros MailClient::next_event() const {
  auto next = instance_.bounces().next_due();
  for (const auto& line : lines_) next = std::min(next, line.wire->next_event());
  return next;
}

void MailClient::pump() {
  for (bool moved = true; moved;) {
    while (next_event() <= clock_.now()) {
      if (++turns_ > most_turns) throw TimeIsUp{};
      for (auto& line : lines_)
        if (line.wire->next_event() <= clock_.now()) line.wire->run_alarm();
      instance_.bounces().send_due();
    }
    moved = false;
    for (auto& line : lines_) {
      moved = moved || (line.tls && !line.wire->unread().empty());
      collect(line);
    }
  }
}

void MailClient::collect(Line& line) {
  std::string came(line.wire->unread());
  if (came.empty()) return;
  line.wire->take(came.size());
  if (!line.tls) {
    line.text += came;
    return;
  }
  line.tls->feed(came);
  line.text += line.tls->read();
  if (auto records = line.tls->take(); !records.empty()) line.wire->client_sends(records);
}

template <class Condition>
bool MailClient::until(Micros patience, Condition condition) {
  auto stop = std::min(clock_.now() + patience, longest_run);
  for (pump(); !condition(); pump()) {
    auto next = next_event();
    if (next > stop) {
      clock_.set(stop);
      if (stop == longest_run) throw TimeIsUp{};
      return false;
    }
    if (++turns_ > most_turns) throw TimeIsUp{};
    clock_.set(next);
  }
  return true;
}

void MailClient::sleep(Micros time) {
  until(time, [] { return false; });
}

bool MailClient::ended(const Line& line) const {
  return line.wire->fin() || line.wire->reset_seen() ||
         (line.tls && (line.tls->failed() || line.tls->close_notify_seen()));
}

void MailClient::send(Line& line, std::string_view bytes) {
  if (!line.tls) return line.wire->client_sends(bytes);
  line.tls->write(bytes);
  line.wire->client_sends(line.tls->take());
}

std::optional<MailClient::Reply> MailClient::answer(Line& line, Micros patience) {
  bool came = until(patience, [&] {
    while (line.text.starts_with("\r\n")) line.text.erase(0, 2);  // a blank line is no reply
    return smtp::end_of_reply(line.text) > 0 || line.text.size() > longest_reply || ended(line);
  });
  if (auto end = smtp::end_of_reply(line.text); end > 0) {
    Reply reply{0, line.text.substr(0, end)};
    reply.code = code_of(reply.text);
    line.text.erase(0, end);
    return reply;
  }
  if (!came && does(Misdeed::hangs)) sleep(longest_run);
  return std::nullopt;
}

std::optional<MailClient::Reply> MailClient::say(Line& line, const std::string& command, Micros patience) {
  pump();
  if (!line.text.empty() || ended(line)) return std::nullopt;  // what nobody asked for: in step no more, or closed
  send(line, command + "\r\n");
  return answer(line, patience);
}

void MailClient::drop(Line& line) {
  if (line.usable || !ended(line)) line.wire->client_closes();
  line.usable = false;
}

void MailClient::leave(Line& line) {
  if (line.wire && !ended(line)) {
    send(line, "QUIT\r\n");
    answer(line, seconds(30));
  }
  drop(line);
}

// What a reply that isn't the wanted one means for the letter; the connection is left where it is no use any more.
MailClient::Fate MailClient::trouble(Line& line, const std::optional<Reply>& reply) {
  if (!reply) {
    bool wants_certificate = line.tls && line.tls->alert() && wants_another_certificate(*line.tls->alert());
    drop(line);
    return wants_certificate ? Fate::misconfigured : Fate::deferred;
  }
  output_ += reply->text;
  if (reply->code == 421) {
    if (!ended(line) && does(Misdeed::talks_after_421)) say(line, "NOOP");
    drop(line);
    return Fate::deferred;
  }
  if (reply->kind() == 4 || reply->kind() == 5) return reply->kind() == 4 ? Fate::deferred : Fate::refused;
  leave(line);
  return Fate::deferred;
}

// A connection.

std::optional<MailClient::Fate> MailClient::open(Line& line) {
  const auto& door = instance_.scenario().main_door();
  line.wire = std::make_shared<MemoryWire>(clock_);
  if (door.state != DoorState::open && door.state != DoorState::silent) return Fate::deferred;
  line.wire->connect(instance_.accept(door, line.wire, door.state == DoorState::silent));
  line.lmtp = door.lmtp;
  line.usable = true;
  if (!plan_.proxy.empty()) send(line, plan_.proxy + "\r\n");
  if ((instance_.tls_of(door) == DoorTls::implicit || plan_.implicit_tls) && !in_clear_)
    if (auto why = begin_tls(line)) return in_clear_instead(line, *why);
  return greeted(line);
}

std::optional<MailClient::Fate> MailClient::greeted(Line& line) {
  pump();
  if (line.text.empty() && !ended(line) && does(Misdeed::talks_before_greeting))
    send(line, "EHLO " + plan_.helo + "\r\n");
  auto greeting = answer(line, minutes(5));
  if (greeting && greeting->kind() == 2) return hello(line);
  // No SMTP at all is the wrong port; a page of HTTP may be a captive portal's, which goes away.
  auto came = greeting ? greeting->text : line.text;
  bool foreign = !came.empty() && (came[0] < '0' || came[0] > '9') && !came.starts_with("HTTP/");
  auto fate = trouble(line, greeting);
  if (foreign) return Fate::misconfigured;
  if (line.usable) leave(line);
  return fate;
}

std::optional<MailClient::Fate> MailClient::hello(Line& line) {
  std::optional<Reply> reply;
  if (!helo_only_) reply = say(line, (line.lmtp ? "LHLO " : "EHLO ") + plan_.helo);
  bool extended = reply && reply->code == 250;
  if (helo_only_ || (reply && reply->kind() == 5)) {
    bool again = !helo_only_;
    helo_only_ = true;
    reply = say(line, "HELO " + plan_.helo);
    if (!reply && again && !line.used) {  // it hung up at EHLO, which an old server may
      drop(line);
      line = Line{};
      return open(line);
    }
  }
  if (!reply || reply->code != 250) {
    auto fate = trouble(line, reply);
    if (line.usable) leave(line);
    return fate;
  }
  line.offer = extended ? smtp::parse_offer(reply->text) : smtp::Offered{};
  if (auto why = secure(line)) return why;
  return log_in(line);
}

std::optional<MailClient::Fate> MailClient::in_clear_instead(Line& line, Fate why) {
  if (!does(Misdeed::goes_on_in_clear)) return why;
  in_clear_ = true;
  drop(line);
  line = Line{};
  return open(line);
}

std::optional<MailClient::Fate> MailClient::secure(Line& line) {
  if (line.tls || !plan_.tls || in_clear_) return std::nullopt;
  if (plan_.login && does(Misdeed::logs_in_in_clear)) {
    in_clear_ = true;
    return std::nullopt;
  }
  auto reply = line.offer.starttls ? say(line, "STARTTLS") : Reply{502, ""};
  if (!reply || reply->code != 220) {
    if (does(Misdeed::goes_on_in_clear)) {
      in_clear_ = true;
      if (line.usable && !ended(line)) return std::nullopt;
      return in_clear_instead(line, Fate::stopped);
    }
    auto fate = trouble(line, reply);
    if (line.usable) leave(line);
    return fate == Fate::refused ? Fate::stopped : fate;
  }
  pump();
  if (!line.text.empty() && !does(Misdeed::believes_injected_reply)) {
    drop(line);
    return Fate::stopped;  // somebody put words behind the 220
  }
  auto left = std::exchange(line.text, {});
  if (auto why = begin_tls(line)) return in_clear_instead(line, *why);
  if (does(Misdeed::skips_second_ehlo)) return std::nullopt;
  line.text = left + line.text;
  if (left.empty()) {
    reply = say(line, "EHLO " + plan_.helo);
  } else {
    send(line, "EHLO " + plan_.helo + "\r\n");
    reply = answer(line, minutes(5));
  }
  if (reply && reply->code == 250) {
    line.offer = smtp::parse_offer(reply->text);
    return std::nullopt;
  }
  auto fate = trouble(line, reply);
  if (line.usable) leave(line);
  return fate;
}

std::optional<MailClient::Fate> MailClient::begin_tls(Line& line) {
  const auto& host = instance_.scenario().host;
  tls::ClientSettings settings{.sni = plan_.by_address ? "" : host, .certificate = plan_.certificate};
  settings.trusts_our_ca = true;
  if (flaw_ != Misdeed::believes_any_certificate) settings.verify_for = plan_.by_address ? "127.0.0.1" : host;
  line.tls.emplace(settings);
  line.wire->client_sends(line.tls->take());
  until(minutes(5), [&] { return line.tls->up() || ended(line); });
  if (line.tls->up()) return std::nullopt;
  constexpr std::uint8_t internal_error = 80;
  bool distrusts = line.tls->distrusts(), by_itself = line.tls->failed() && !line.tls->alert();
  bool refused = line.tls->alert().value_or(internal_error) != internal_error;
  if (distrusts) does(Misdeed::believes_any_certificate);
  if (!ended(line) && does(Misdeed::hangs)) sleep(longest_run);
  output_ += line.tls->why();
  line.wire->client_closes();
  line.usable = false;
  if (plan_.implicit_tls && by_itself && !distrusts) return Fate::misconfigured;  // that is no TLS
  return refused ? Fate::misconfigured : distrusts || by_itself ? Fate::stopped : Fate::deferred;
}

std::optional<MailClient::Fate> MailClient::log_in(Line& line) {
  if (!plan_.login) return std::nullopt;
  std::string mechanism;
  for (const auto* each : {plan_.mechanism.c_str(), "PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5"})
    if (mechanism.empty() && line.offer.has_mechanism(each)) mechanism = each;
  if (mechanism.empty() && flaw_ == Misdeed::skips_second_ehlo) return std::nullopt;
  if (in_clear_ && flaw_ == Misdeed::logs_in_in_clear) mechanism = "PLAIN";
  if (mechanism.empty()) {
    if (!does(Misdeed::logs_in_unoffered)) {
      leave(line);
      return Fate::misconfigured;
    }
    mechanism = "PLAIN";
  }
  bool tells_password = mechanism == "PLAIN" || mechanism == "LOGIN";
  if (plan_.keeps_password && tells_password && !line.tls && flaw_ != Misdeed::goes_on_in_clear &&
      !does(Misdeed::logs_in_in_clear)) {
    leave(line);
    return Fate::stopped;
  }
  bool malformed = false;
  auto reply = exchange(line, mechanism, malformed);
  if (reply && reply->code == 235 && !malformed) {
    line.logged_in = true;
    return plan_.hello_after_login ? hello_again(line) : std::nullopt;
  }
  if (reply && (reply->code == 535 || reply->code == 534) && does(Misdeed::logs_in_again))
    for (int i = 0; i < 3 && reply && reply->code != 235; ++i) reply = exchange(line, mechanism, malformed);
  if (reply && reply->code != 421 && line.usable) leave(line);
  if (malformed || !reply) {
    drop(line);
    return Fate::deferred;
  }
  if (reply->code == 421) return trouble(line, reply);
  return reply->kind() == 5 ? Fate::misconfigured : Fate::deferred;
}

std::optional<MailClient::Fate> MailClient::hello_again(Line& line) {
  auto reply = say(line, "EHLO " + plan_.helo);
  if (reply && reply->code == 250) {
    line.offer = smtp::parse_offer(reply->text);
    return std::nullopt;
  }
  auto fate = trouble(line, reply);
  if (line.usable) leave(line);
  return fate;
}

std::optional<MailClient::Reply> MailClient::exchange(Line& line, const std::string& mechanism, bool& malformed) {
  constexpr int most_steps = 6;
  sasl::Client sasl(mechanism, {plan_.user, plan_.password, ""}, "");
  auto initial = mechanism == "LOGIN" ? std::nullopt : sasl.initial();
  auto reply = say(
      line, "AUTH " + mechanism + (!initial ? "" : " " + (initial->empty() ? std::string("=") : base64(*initial))));
  std::string signature;
  for (int step = 0; reply && reply->code == 334; ++step) {
    auto text = trim(std::string_view(reply->text).substr(std::min<std::size_t>(reply->text.size(), 4)));
    auto challenge = from_base64(text);
    bool login = mechanism == "LOGIN" && step < 2;  // its prompts mean nothing, whatever they say
    bool scram = mechanism.starts_with("SCRAM");
    bool foreign = scram && challenge && step == 0 && !challenge->starts_with("r=client");
    if (scram && challenge && step == 1) signature = *challenge;
    if (scram && step == 1 && signature != sasl.signature) foreign = true;
    bool no_id = mechanism == "CRAM-MD5" && challenge && !challenge->starts_with('<');  // RFC 2195 section 2
    if ((!challenge && !login) || foreign || no_id || step > most_steps) {
      malformed = true;
      return say(line, "*");
    }
    auto response = login ? (step == 0 ? plan_.user : plan_.password) : sasl.respond(*challenge);
    reply = say(line, base64(response));
  }
  return reply;
}

// Letters.

void MailClient::settle(Sending& sending, std::size_t recipient, Fate fate) {
  if (fate == Fate::refused && does(Misdeed::resends_refused)) fate = Fate::deferred;
  if (fate == Fate::deferred) {
    if (does(Misdeed::loses_deferred)) fate = Fate::sent;
    if (does(Misdeed::calls_deferral_permanent)) fate = Fate::refused;
  }
  sending.fates[recipient] = fate;
}

void MailClient::settle_all(Sending& sending, Fate fate) {
  for (std::size_t i = 0; i < sending.fates.size(); ++i)
    if (sending.fates[i] == Fate::pending || sending.fates[i] == Fate::deferred) settle(sending, i, fate);
}

std::string MailClient::text_of(const Line& line, Sending& sending) {
  auto text = sending.letter.text;
  if (!line.offer.eight_bit_mime && does(Misdeed::sends_8bit_unoffered))
    text +=
        "Gr\xc3\xbc\xc3\x9f"
        "e.\r\n";
  else if (!line.offer.eight_bit_mime && !is_ascii(text))
    text = "Content-Transfer-Encoding: quoted-printable\r\n" + quoted_printable(text);
  text = "Message-ID: <" + sending.id + ">\r\n" + text;
  if (&sending != &sendings_.front() && does(Misdeed::mixes_messages))
    text = "Message-ID: <" + sendings_.front().id + ">\r\n" + text;
  return text;
}

std::string MailClient::on_the_wire(const std::string& text) {
  if (does(Misdeed::stuffs_no_dots)) return text + ".\r\n";
  auto stuffed = smtp::dot_stuffed(text);
  if (!does(Misdeed::sends_bare_lf)) return stuffed;
  std::string bare;
  for (char c : stuffed.substr(0, stuffed.size() - 5))
    if (c != '\r') bare += c;
  return bare + "\r\n.\r\n";
}

std::string MailClient::offered_of(const Line& line, const std::string& parameters) {
  std::string out;
  for (auto word : split(parameters, ' ')) {
    auto keyword = smtp::keyword_for(word.substr(0, word.find('=')));
    if (keyword == "DSN" && line.offer.dsn) out += " " + std::string(word);
  }
  return out;
}

std::string MailClient::mail_command(const Line& line, const Sending& sending) {
  auto command = "MAIL FROM:<" + sending.letter.from + ">";
  if (!is_ascii(sending.letter.from + join(sending.letter.to, ""))) command += " SMTPUTF8";
  command += offered_of(line, plan_.mail_parameters);
  if (line.offer.size) command += " SIZE=" + std::to_string(sending.letter.text.size() + 64);
  if (!is_ascii(sending.letter.text) && line.offer.eight_bit_mime) command += " BODY=8BITMIME";
  if (!line.offer.has("MT-PRIORITY") && does(Misdeed::uses_unoffered_parameter)) command += " MT-PRIORITY=3";
  return command;
}

void MailClient::reset(Line& line) {
  if (!line.usable) return;
  auto reply = say(line, "RSET");
  if (!reply || reply->code != 250) {
    trouble(line, reply);
    if (line.usable) leave(line);
  }
}

void MailClient::transact(Line& line, Sending& sending) {
  bool utf8 = !is_ascii(sending.letter.from + join(sending.letter.to, ""));
  if (utf8 && !line.offer.smtputf8) return settle_all(sending, Fate::refused);
  auto stale = [&](const std::optional<Reply>& reply) {
    return line.used && (!reply || reply->code == 421 || reply->code == 221 || reply->code == 503);
  };
  std::optional<Reply> reply;
  auto again = [&] {
    if (sending.reconnected || does(Misdeed::gives_up_stale_connection)) {
      drop(line);
      return settle_all(sending, flaw_ == Misdeed::gives_up_stale_connection ? Fate::refused : Fate::deferred);
    }
    sending.reconnected = true;
    drop(line);
    auto& fresh = lines_.emplace_back();
    if (auto why = open(fresh)) return settle_all(sending, *why);
    transact(fresh, sending);
  };
  if (std::exchange(line.refused, false) && !does(Misdeed::keeps_transaction)) reset(line);
  auto command = mail_command(line, sending);
  if (plan_.pipelines && line.offer.pipelining && !no_groups_) return transact_at_once(line, sending, command);
  reply = say(line, command);
  if (reply && reply->code == 555 && !command.ends_with('>') && flaw_ != Misdeed::uses_unoffered_parameter)
    reply = say(line, "MAIL FROM:<" + sending.letter.from + ">");
  if (stale(reply)) return again();
  if (!reply || reply->kind() != 2) {
    auto fate = trouble(line, reply);
    bool login = reply && (reply->code == 530 || reply->code == 538);
    bool forgotten = login && line.logged_in && !std::exchange(sending.login_forgotten, true);
    return settle_all(sending, forgotten ? Fate::deferred : login ? Fate::misconfigured : fate);
  }
  std::vector<std::size_t> accepted;
  for (std::size_t i = 0; i < sending.fates.size() && line.usable; ++i) {
    if (sending.fates[i] != Fate::pending && sending.fates[i] != Fate::deferred) continue;
    reply = say(line, "RCPT TO:<" + sending.letter.to[i] + ">" + offered_of(line, plan_.rcpt_parameters));
    if (stale(reply)) return again();
    if (reply && reply->kind() == 2) {
      accepted.push_back(i);
      continue;
    }
    auto fate = trouble(line, reply);
    if (!line.usable) return settle_all(sending, fate);
    bool login = reply && (reply->code == 530 || reply->code == 538);
    settle(sending, i, login ? Fate::misconfigured : fate);
  }
  line.refused = accepted.empty();
  if (accepted.empty() && (line.offer.pipelining || !does(Misdeed::sends_data_to_nobody))) return;
  data(line, sending, accepted);
}

// RFC 2920: all commands up to DATA in one group. Where a reply is missing, the next try does without.
void MailClient::transact_at_once(Line& line, Sending& sending, const std::string& mail) {
  std::vector<std::size_t> tried, accepted;
  auto group = mail + "\r\n";
  for (std::size_t i = 0; i < sending.fates.size(); ++i)
    if (sending.fates[i] == Fate::pending || sending.fates[i] == Fate::deferred) {
      tried.push_back(i);
      group += "RCPT TO:<" + sending.letter.to[i] + ">" + offered_of(line, plan_.rcpt_parameters) + "\r\n";
    }
  send(line, group + "DATA\r\n");
  std::vector<Reply> replies;
  for (std::size_t i = 0; i < tried.size() + 2; ++i) {
    auto reply = answer(line, minutes(2));
    if (!reply) {
      no_groups_ = !ended(line);
      drop(line);
      for (std::size_t k = 1; k < replies.size() && k <= tried.size(); ++k)
        if (replies[k].kind() == 5) settle(sending, tried[k - 1], Fate::refused);
      return settle_all(sending, Fate::deferred);
    }
    replies.push_back(*reply);
  }
  if (replies[0].kind() != 2) return settle_all(sending, trouble(line, replies[0]));
  for (std::size_t i = 0; i < tried.size(); ++i)
    if (replies[i + 1].kind() == 2)
      accepted.push_back(tried[i]);
    else
      settle(sending, tried[i], trouble(line, replies[i + 1]));
  if (!line.usable) return settle_all(sending, Fate::deferred);
  if (replies.back().code == 354 && accepted.empty() && !does(Misdeed::sends_data_to_nobody)) {
    send(line, ".\r\n");
    answer(line, minutes(10));
  } else if (replies.back().code == 354) {
    content(line, sending, accepted, false);
  } else {
    auto fate = trouble(line, replies.back());
    for (auto each : accepted) settle(sending, each, fate);
    line.refused = true;
  }
}

void MailClient::data(Line& line, Sending& sending, const std::vector<std::size_t>& accepted) {
  auto settle_accepted = [&](Fate fate) {
    for (auto each : accepted) settle(sending, each, fate);
  };
  if (plan_.chunks && line.offer.has("CHUNKING") && !no_chunks_) return content(line, sending, accepted, false);
  if (does(Misdeed::sends_body_early)) {
    return content(line, sending, accepted, true);
  }
  auto reply = say(line, "DATA", minutes(2));
  if (reply && reply->code == 354) return content(line, sending, accepted, false);
  if (!reply && line.used && !sending.reconnected) {
    sending.reconnected = true;
    drop(line);
    auto& fresh = lines_.emplace_back();
    if (auto why = open(fresh)) return settle_all(sending, *why);
    return transact(fresh, sending);
  }
  settle_accepted(trouble(line, reply));
  line.refused = true;
}

std::optional<MailClient::Reply> MailClient::chunks(Line& line, const std::string& text) {
  auto half = text.size() / 2;
  std::optional<Reply> reply;
  for (auto [from, upto] : {std::pair{std::size_t{0}, half}, {half, text.size()}}) {
    send(line, "BDAT " + std::to_string(upto - from) + (upto == text.size() ? " LAST\r\n" : "\r\n") +
                   text.substr(from, upto - from));
    reply = answer(line, minutes(10));
    if (!reply || reply->kind() != 2) return reply;
  }
  return reply;
}

void MailClient::content(Line& line, Sending& sending, const std::vector<std::size_t>& accepted, bool early) {
  auto text = text_of(line, sending);
  std::optional<Reply> reply;
  if (plan_.chunks && line.offer.has("CHUNKING") && !no_chunks_) {
    reply = chunks(line, text);
    if (reply && (reply->code == 500 || reply->code == 502 || reply->code == 503)) {  // offered, and not known
      no_chunks_ = true;
      reset(line);
      if (line.usable) return transact(line, sending);
    }
  } else {
    auto bytes = on_the_wire(text);
    if (early) bytes = "DATA\r\n" + bytes;
    for (std::size_t at = 0; at < bytes.size() && !ended(line) && (early || line.text.empty()); at += 16384) {
      send(line, std::string_view(bytes).substr(at, 16384));
      pump();
    }
    if (early) answer(line, minutes(2));
    reply = answer(line, minutes(10));
  }
  if (line.lmtp) {
    for (std::size_t i = 0; i < accepted.size(); ++i, reply = i < accepted.size() ? answer(line, minutes(10)) : reply)
      settle(sending, accepted[i], reply && reply->kind() == 2 ? Fate::sent : trouble(line, reply));
    line.used = true;
    return;
  }
  if (!reply) {
    drop(line);
    if (does(Misdeed::resends_lost_at_once)) {
      sending.id = std::to_string(++ids_) + "@client.example";
      auto& fresh = lines_.emplace_back();
      if (!open(fresh)) {
        flaw_ = Misdeed::none;  // once is enough
        return transact(fresh, sending);
      }
    }
    for (auto each : accepted) settle(sending, each, Fate::deferred);
    return;
  }
  auto fate = reply->kind() == 2 ? Fate::sent : trouble(line, reply);
  for (auto each : accepted) settle(sending, each, fate);
  if (fate != Fate::sent) return;
  line.used = true;
  line.sent.push_back(&sending);
  if (plan_.resets) reset(line);
  if (!accepted.empty() && does(Misdeed::sends_twice)) {
    flaw_ = Misdeed::none;
    for (auto each : accepted) sending.fates[each] = Fate::pending;
    transact(line, sending);
  }
}

void MailClient::deliver(Line& line, Sending& sending) {
  for (std::size_t i = sending.fates.size(); i-- > 0;)
    if (sending.fates[i] == Fate::pending && suppressed_.contains(sending.letter.to[i]) &&
        !does(Misdeed::writes_to_bounced)) {
      sending.fates.erase(sending.fates.begin() + static_cast<std::ptrdiff_t>(i));
      sending.letter.to.erase(sending.letter.to.begin() + static_cast<std::ptrdiff_t>(i));
    }
  if (!sending.open()) return;
  bool one_each = upper(line.offer.arguments_of("LIMITS")).find("MAILMAX=1 ") != std::string::npos;
  if (!line.used || !one_each) return transact(line, sending);
  quit(line);  // RFC 9422 section 4.1
  auto& fresh = lines_.emplace_back();
  if (auto why = open(fresh)) return settle_all(sending, *why);
  transact(fresh, sending);
}

void MailClient::take_bounces() {
  if (!plan_.bounces) return;
  until(minutes(30), [&] { return instance_.bounces().pending() == 0; });
  for (const auto& bounce : instance_.ledger().bounces())
    if (bounce.action == "failed" || bounce.kind == "complaint")
      for (auto recipient : bounce.recipients) suppressed_.emplace(recipient);
}

void MailClient::quit(Line& line) {
  if (!line.usable) return;
  auto reply = say(line, "QUIT", seconds(30));
  drop(line);
  if (!(reply && reply->code == 221) && !line.sent.empty() && does(Misdeed::resends_after_quit)) {
    flaw_ = Misdeed::none;
    for (auto* sending : line.sent) std::fill(sending->fates.begin(), sending->fates.end(), Fate::pending);
  }
}

// All letters that are still to be sent, once.
void MailClient::round(bool first) {
  round_began_ = clock_.now();
  std::vector<Line*> lines;
  std::vector<std::optional<Fate>> why;
  for (std::size_t i = 0; i < (first ? plan_.connections : 1); ++i) {
    lines.push_back(&lines_.emplace_back());
    why.push_back(open(*lines.back()));
  }
  std::size_t next = 0;
  bool waits = false;
  for (auto& sending : sendings_) {
    if (!sending.open()) continue;
    auto at = next++ % lines.size();
    if (why[at]) {
      settle_all(sending, *why[at]);
      continue;
    }
    if (waits && first && plan_.idle > Micros{}) sleep(plan_.idle);
    waits = true;
    if (!lines[at]->usable) {
      lines[at] = &lines_.emplace_back();
      if ((why[at] = open(*lines[at]))) {
        settle_all(sending, *why[at]);
        continue;
      }
    }
    deliver(*lines[at], sending);
    if (!lines_.back().usable || &lines_.back() == lines[at]) {
    } else {
      lines[at] = &lines_.back();
    }
    take_bounces();
  }
  for (auto& line : lines_)
    if (line.usable) quit(line);
}

void MailClient::wait_before_retry(std::size_t tries) {
  constexpr Micros at_once = std::chrono::milliseconds(100);  // who has waited for an answer needs no further gap
  bool seen = instance_.scenario().main_door().state == DoorState::open;
  if (seen && clock_.now() - round_began_ < at_once && does(Misdeed::hammers)) return;
  Micros gap = minutes(1);
  for (std::size_t i = 1; i < tries; ++i) gap *= 3;
  sleep(gap);
}

void MailClient::run() {
  try {
    for (std::size_t tries = 0; tries < most_tries; ++tries) {
      bool open = std::any_of(sendings_.begin(), sendings_.end(), [](const auto& each) { return each.open(); });
      if (!open) break;
      if (tries > 0) wait_before_retry(tries);
      for (auto& sending : sendings_) {
        sending.reconnected = false;
        bool some_sent = std::find(sending.fates.begin(), sending.fates.end(), Fate::sent) != sending.fates.end();
        if (sending.open() && some_sent && does(Misdeed::resends_to_accepted))
          std::fill(sending.fates.begin(), sending.fates.end(), Fate::pending);
      }
      round(tries == 0);
    }
    take_bounces();
    for (auto& line : lines_)
      if (line.usable) drop(line);
    sleep(moment);
  } catch (const TimeIsUp&) {
    time_up_ = clock_.now();
  }
  instance_.stop();
}

std::vector<ClientWord> MailClient::words() {
  auto word_of = [&](Fate fate) {
    switch (fate) {
      case Fate::sent:
        return Word::sent;
      case Fate::refused:
        return plan_.own_setup ? Word::misconfigured : Word::permanent;
      case Fate::misconfigured:
        return Word::misconfigured;
      case Fate::stopped:
        return Word::refused;
      default:
        return Word::temporary;
    }
  };
  std::vector<ClientWord> words;
  for (auto& sending : sendings_) {
    if (sending.fates.empty()) continue;
    auto id = sendings_.size() > 1 ? sending.id : std::string();
    bool all_sent = sending.all(Fate::sent), some_sent = false;
    for (auto fate : sending.fates) some_sent = some_sent || fate == Fate::sent;
    if ((!all_sent && does(Misdeed::says_sent)) ||
        (!all_sent && some_sent && does(Misdeed::drops_refused_recipients))) {
      words.push_back({Word::sent, id, "", "the client"});
      continue;
    }
    if (all_sent && does(Misdeed::reports_failure_of_sent)) {
      words.push_back({Word::permanent, id, "", "the client"});
      continue;
    }
    bool alike = sending.all(sending.fates.front());
    if (alike) words.push_back({word_of(sending.fates.front()), id, "", "the client"});
    for (std::size_t i = 0; i < sending.fates.size() && !alike; ++i)
      words.push_back({word_of(sending.fates[i]), id, sending.letter.to[i], "the client"});
  }
  return words;
}

JudgeOptions MailClient::told() {
  JudgeOptions options;
  options.messages = sendings_.size();
  options.command =
      CommandEnd{true, true, 0, time_up_.has_value(), {}, clock_.now(), output_, time_up_.value_or(Micros{})};
  if (!time_up_) options.words = words();
  return options;
}

// The plan.

Plan plan_of(const Scenario& scenario) {
  constexpr std::uint64_t many = 50;
  const auto& needs = scenario.needs;
  Plan plan;
  plan.tls = needs.tls || scenario.tls_of(scenario.main_door()) != DoorTls::none;
  plan.login = needs.auth;
  plan.bounces = needs.bounces;
  plan.idle = needs.idle.value_or(Micros{});
  plan.connections = needs.connections.value_or(1);
  auto outcomes = scenario.outcomes();
  auto accepts = [&](std::string_view outcome) {
    return std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end();
  };
  plan.own_setup = accepts("misconfigured") && !accepts("permanent");
  plan.keeps_password = accepts("refuses");
  plan.by_address = scenario.id == "cert-ip-as-dns-name";
  plan.implicit_tls = scenario.id == "tls-on-plain-port" || scenario.id == "tls-port-in-plain";
  if (!scenario.users.empty()) std::tie(plan.user, plan.password) = *scenario.users.begin();
  Letter letter;
  std::string body, from;
  bool in_body = false, first = true;
  std::size_t mails = 0;
  bool said_auth = false, helo = false;
  auto example = std::find_if(scenario.examples.begin(), scenario.examples.end(), [&](const Example& each) {
    auto has = [&](std::string_view word) { return each.transcript.find(word) != std::string::npos; };
    return !needs.bounces || has("<dsn ") || has("<complaint ") || has("<auto_reply ");
  });
  bool after_mail = false;
  auto inside = [](std::string_view line) {
    auto open = line.find('<'), close = line.rfind('>');
    return open < close && close != std::string_view::npos ? std::string(line.substr(open + 1, close - open - 1))
                                                           : "";
  };
  if (example != scenario.examples.end()) {
    for (auto raw : split(example->transcript, '\n')) {
      auto line = trim(raw);
      if (!line.starts_with('C')) {
        after_mail = false;
        continue;
      }
      line.remove_prefix(std::min(line.size(), line.find(':') + 1));
      if (line.starts_with(' ')) line.remove_prefix(1);
      if (in_body) {
        in_body = line != ".";
        first = first && in_body;
        if (in_body && !line.starts_with('<'))
          body.append(line.starts_with('.') ? line.substr(1) : line).append("\r\n");
        continue;
      }
      auto verb = upper(line.substr(0, line.find_first_of(" :")));
      if (verb == "RCPT" && after_mail) plan.pipelines = true;
      after_mail = verb == "MAIL";
      if (verb == "MAIL") {
        if (++mails == 1) {
          letter.from = inside(line);
          auto space = line.find("> ");
          if (space != std::string_view::npos) plan.mail_parameters = line.substr(space + 2);
        }
      } else if (verb == "RCPT" && mails <= 1) {
        auto to = inside(line);
        if (!to.empty() && std::find(letter.to.begin(), letter.to.end(), to) == letter.to.end())
          letter.to.push_back(to);
        auto space = line.find("> ");
        if (space != std::string_view::npos && plan.rcpt_parameters.empty())
          plan.rcpt_parameters = line.substr(space + 2);
      } else if (verb == "EHLO" || verb == "HELO") {
        if (!std::exchange(helo, true) && line.size() > 5) plan.helo = line.substr(5);
        plan.hello_after_login = plan.hello_after_login || said_auth;
      } else if (verb == "RSET") {
        plan.resets = plan.resets || !first;
      } else if (verb == "DATA") {
        in_body = first;
      } else if (verb == "BDAT") {
        plan.chunks = true;
      } else if (verb == "AUTH") {
        plan.login = said_auth = true;
        if (plan.mechanism.empty()) plan.mechanism = std::string(split(line, ' ').at(1));
      } else if (verb == "PROXY") {
        plan.proxy = line;
      } else if (line == "<login>") {
        plan.login = true;
      } else if (auto at = line.find("client="); line.starts_with("<tls") && at != std::string_view::npos) {
        plan.certificate = tls::mint(line.substr(at + 7, line.size() - at - 8), {});
      }
    }
  }
  if (letter.to.empty()) letter.to = {"b@example.net"};
  auto count = std::max<std::uint64_t>(needs.messages.value_or(1), plan.connections);
  auto recipients = needs.recipients.value_or(1);
  if (count > many || recipients > many) {
    plan.parameters = scenario.examples.front().parameters;
    count = std::min<std::uint64_t>(count, std::max<std::size_t>(mails, 1) + 1);
    recipients = std::min<std::uint64_t>(recipients, letter.to.size());
  }
  while (letter.to.size() < recipients) letter.to.push_back("r" + std::to_string(letter.to.size()) + "@example.net");
  if (body.find("\r\n\r\n") == std::string::npos) body += (body.empty() ? "Subject: hello\r\n\r\n" : "\r\n");
  body += "A line.\r\n.\r\n.The line before has a lone dot.\r\n";
  // Memory has no windows that a body could fill; what is beyond them shows nothing more.
  constexpr std::uint64_t largest = 256 * 1024;
  auto size = std::min(needs.size.value_or(0), largest);
  while (body.size() < size) body += std::string(74, 'x') + "\r\n";
  for (std::uint64_t i = 0; i < count; ++i) {
    plan.letters.push_back(letter);
    auto at = letter.from.find('@');
    if (i > 0 && at != std::string::npos) plan.letters.back().from.insert(at, "+" + std::to_string(i + 1));
    plan.letters.back().text = body + "Letter " + std::to_string(i + 1) + ".\r\n";
  }
  return plan;
}

}  // namespace mailfault
