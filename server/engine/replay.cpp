#include "engine/replay.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/memory_wire.hpp"
#include "engine/session.hpp"
#include "journal/json_lines.hpp"
#include "smtp/capabilities.hpp"
#include "tls/client.hpp"

namespace mailfault {
namespace {

constexpr Micros longest_wait = std::chrono::hours(1);

struct Mismatch {
  std::string what;
};

[[noreturn]] void mismatch(const std::string& what) { throw Mismatch{what}; }

/// `...` in a pattern is any text.
bool like(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> parts;
  for (auto rest = pattern;;) {
    auto dots = rest.find("...");
    parts.push_back(rest.substr(0, dots));
    if (dots == std::string_view::npos) break;
    rest.remove_prefix(dots + 3);
  }
  if (parts.size() == 1) return pattern == text;
  if (!text.starts_with(parts.front())) return false;
  text.remove_prefix(parts.front().size());
  if (text.size() < parts.back().size() || !text.ends_with(parts.back())) return false;
  text.remove_suffix(parts.back().size());
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    auto found = text.find(parts[i]);
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + parts[i].size());
  }
  return true;
}

std::string quoted(std::string_view bytes) {
  std::string out = "\"";
  for (char c : bytes.substr(0, 200)) {
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return out + (bytes.size() > 200 ? "…\"" : "\"");
}

/// The transcript's clients.
class World {
 public:
  World(const std::string& source, const std::string& path, const Example& example,
        std::shared_ptr<const ProviderFiles> providers)
      : instance_(
            script::Script::load(source, path, {action_table(), example.parameters, 0, {}, std::move(providers)}),
            clock_, {}) {}

  void play(int number, char side, std::string_view rest);
  void finish() {
    send_queued();
    pump();
    check_script();
  }
  std::string log() const {
    std::string out;
    for (const auto& event : instance_.journal()) out += to_text(event, "", false) + "\n";
    return out;
  }

 private:
  struct Client {
    std::shared_ptr<MemoryWire> wire;
    std::uint32_t session = 0;
    std::string queued;
    std::optional<tls::Client> tls;
    std::string plain;  // what TLS brought and was not taken

    std::string_view unread() { return tls ? std::string_view(plain) : wire->unread(); }
    void take(std::size_t count) { tls ? void(plain.erase(0, count)) : wire->take(count); }
    void send(std::string_view bytes) {
      if (!tls) return wire->client_sends(bytes);
      tls->write(bytes);
      wire->client_sends(tls->take());
    }
  };

  Client& client(int number, std::string_view door = {});
  void send_queued();
  bool exchange_records();
  void begin_tls(Client& client, std::string_view words, bool wait);
  tls::ClientSettings settings_of(std::string_view words, std::string& certificate) const;
  void client_event(int number, std::string_view word, std::string_view argument);
  void server_event(Client& client, std::string_view word, std::string_view argument);
  void await_bounce(std::string_view word, std::string_view argument);
  void server_line(Client& client, std::string_view rest);
  std::string expand(const Client& client, std::string_view text);
  std::string_view take_line(Client& client);
  std::string take_reply(Client& client, std::string_view code);
  std::string say(Client& client, std::string_view line, std::string_view code);
  void ready(int number, bool logged_in);
  template <class Condition>
  bool until(Condition condition);
  void advance(Micros to);
  void pump();
  Micros next_event() const;
  void check_script();

  VirtualClock clock_;
  Instance instance_;
  std::map<int, Client> clients_;
  std::set<std::pair<std::uint32_t, std::string>> bounces_taken_;
  std::string line_;
};

Micros World::next_event() const {
  auto next = never;
  for (const auto& [number, client] : clients_) next = std::min(next, client.wire->next_event());
  return std::min(next, instance_.bounces().next_due());
}

// All that is due now. An alarm may set another one for now, so it goes on until none is left.
void World::pump() {
  int turns = 0;
  do {
    while (next_event() <= clock_.now()) {
      if (++turns > 100'000) mismatch("the server does something at this moment without end");
      for (auto& [number, client] : clients_)
        if (client.wire->next_event() <= clock_.now()) client.wire->run_alarm();
      instance_.bounces().send_due();
    }
  } while (exchange_records());
}

// What has arrived for the clients that speak TLS; true: something had.
bool World::exchange_records() {
  bool moved = false;
  for (auto& [number, client] : clients_) {
    if (!client.tls || client.wire->unread().empty()) continue;
    moved = true;
    client.tls->feed(client.wire->unread());
    client.wire->take(client.wire->unread().size());
    client.plain += client.tls->read();
    if (auto answer = client.tls->take(); !answer.empty()) client.wire->client_sends(answer);
  }
  return moved;
}

// How the client does it; `certificate` becomes that which the server is to show.
tls::ClientSettings World::settings_of(std::string_view words, std::string& certificate) const {
  constexpr std::string_view shows = "client=";
  tls::ClientSettings settings{.sni = instance_.scenario().host};
  for (auto word : split(words, ' ')) {
    if (word.empty()) continue;
    if (auto version = tls::version_named(word)) {
      settings.version = version;
    } else if (word == "no-sni") {
      settings.sni.clear();
    } else if (word == "resume") {
      for (const auto& [number, each] : clients_)
        if (each.tls && each.tls->resumable()) settings.resumes = &*each.tls;
      if (!settings.resumes) mismatch("no other client has got a session ticket that could be brought back");
    } else if (word.starts_with(shows)) {
      settings.certificate = tls::mint(word.substr(shows.size()), {});
    } else if (tls::known_recipe(word)) {
      certificate = word;
    } else {
      mismatch("<tls " + std::string(word) +
               ">: a certificate is wanted ('mailfault certs'), a version, no-sni, resume or client=CERTIFICATE");
    }
  }
  return settings;
}

void World::begin_tls(Client& client, std::string_view words, bool wait) {
  if (client.tls) mismatch("this client speaks TLS already");
  if (!client.wire->unread().empty())
    mismatch("TLS begins, but the server has sent in clear " + quoted(client.wire->unread()));
  std::string certificate;
  client.tls.emplace(settings_of(words, certificate));
  client.wire->client_sends(client.tls->take());
  pump();
  if (!wait) return;
  bool done = until(
      [&] { return client.tls->up() || client.tls->failed() || client.wire->fin() || client.wire->reset_seen(); });
  if (!done) mismatch("TLS doesn't come up: the server says no more; write <hello> where that is wanted");
  if (certificate.empty()) return;
  std::string shown = "none";
  for (const auto& event : instance_.journal()) {
    auto at = event.text().find(" certificate=");
    if (event.kind != EventKind::tls || event.connection != client.session || at == std::string_view::npos) continue;
    shown = event.text().substr(at + 13);
    shown.resize(std::min(shown.size(), shown.find(' ')));
  }
  if (shown != certificate) mismatch("the server showed the certificate '" + shown + "', not '" + certificate + "'");
}

void World::advance(Micros to) {
  pump();
  for (auto next = next_event(); next <= to; next = next_event()) {
    clock_.set(next);
    pump();
  }
  clock_.set(std::max(clock_.now(), to));
}

template <class Condition>
bool World::until(Condition condition) {
  auto stop = clock_.now() + longest_wait;
  pump();
  while (!condition()) {
    auto next = next_event();
    if (next == never || next > stop) return false;
    advance(next);
  }
  return true;
}

void World::check_script() {
  for (const auto& event : instance_.journal())
    if (event.kind == EventKind::error) mismatch("script error: " + std::string(event.text()));
}

World::Client& World::client(int number, std::string_view door) {
  auto found = clients_.find(number);
  if (found != clients_.end()) return found->second;
  const auto* spec = door.empty() ? &instance_.scenario().main_door() : instance_.scenario().door_named(door);
  if (!spec) mismatch("there is no door '" + std::string(door) + "'");
  if (spec->state != DoorState::open && spec->state != DoorState::silent)
    mismatch("door '" + spec->name + "' is " + std::string(name_of(spec->state)) + ": nobody gets in");
  auto& fresh = clients_[number];
  fresh.wire = std::make_shared<MemoryWire>(clock_);
  fresh.session = instance_.connections() + 1;
  fresh.wire->connect(instance_.accept(*spec, fresh.wire, spec->state == DoorState::silent));
  pump();
  return fresh;
}

void World::send_queued() {
  std::vector<int> numbers;
  for (auto& [number, each] : clients_)
    if (!each.queued.empty()) numbers.push_back(number);
  for (int number : numbers) {
    auto bytes = std::exchange(clients_[number].queued, {});
    clients_[number].send(bytes);
    pump();
  }
}

std::string World::expand(const Client& client, std::string_view text) {
  std::string out;
  auto parsed = Template::parse(text);
  auto* session = instance_.session(client.session);
  for (const auto& part : parsed.parts()) {
    out += part.text;
    if (!part.field) continue;
    if (session)
      out += printable(as_text(session->field(*part.field)));
    else if (part.field->field == Field::host)
      out += instance_.scenario().host;
    else if (part.field->field == Field::peer)
      out += client.wire->peer_address();
    else
      mismatch("{" + part.field->written() + "} isn't known any more: the connection is over; write ...");
  }
  return out;
}

std::string_view World::take_line(Client& client) {
  if (!until([&] { return client.unread().find("\r\n") != std::string_view::npos; })) return {};
  auto unread = client.unread();
  line_ = unread.substr(0, unread.find("\r\n"));
  client.take(line_.size() + 2);
  return line_;
}

// A whole reply as it came. Another code is a mismatch.
std::string World::take_reply(Client& client, std::string_view code) {
  std::string reply;
  std::string line;
  do {
    line = take_line(client);
    if (!line.starts_with(code)) mismatch("wanted a " + std::string(code) + " reply, got '" + line + "'");
    reply += line + "\r\n";
  } while (line.size() > 3 && line[3] == '-');
  return reply;
}

std::string World::say(Client& client, std::string_view line, std::string_view code) {
  client.send(std::string(line) + "\r\n");
  pump();
  return take_reply(client, code);
}

// As a good client comes to where it may send: EHLO, STARTTLS where it is offered, a login.
void World::ready(int number, bool logged_in) {
  bool fresh = !clients_.contains(number);
  auto& who = client(number);
  if (fresh) take_reply(who, "220");
  auto offer = smtp::parse_offer(say(who, "EHLO client.example", "250"));
  if (offer.starttls && !who.tls) {
    say(who, "STARTTLS", "220");
    begin_tls(who, "", true);
    offer = smtp::parse_offer(say(who, "EHLO client.example", "250"));
  }
  const auto& users = instance_.scenario().users;
  if (!logged_in || users.empty()) return;
  const auto& [user, password] = *users.begin();
  if (offer.has_mechanism("PLAIN")) {
    say(who, "AUTH PLAIN " + base64('\0' + user + '\0' + password), "235");
  } else if (offer.has_mechanism("LOGIN")) {
    say(who, "AUTH LOGIN", "334");
    say(who, base64(user), "334");
    say(who, base64(password), "235");
  }
}

void World::client_event(int number, std::string_view word, std::string_view argument) {
  if (word == "connect") {
    client(number, argument);
    return;
  }
  if (word == "ehlo" || word == "login") return ready(number, word == "login");
  auto& who = client(number);
  if (word == "tls" || word == "hello") return begin_tls(who, argument, word == "tls");
  if (word == "body") {
    auto size = parse_size(argument);
    if (!size || *size > (std::uint64_t{64} << 20)) mismatch("<body SIZE>: a size up to 64 MiB is wanted");
    std::string body;
    body.reserve(*size);
    while (body.size() < *size) {
      auto length = std::min<std::size_t>(76, *size - body.size());
      body += length > 2 ? std::string(length - 2, 'x') + "\r\n" : std::string("\r\n").substr(0, length);
    }
    for (std::size_t at = 0; at < body.size(); at += 16384) {
      who.send(std::string_view(body).substr(at, 16384));
      pump();
    }
  } else if (word == "close") {
    who.wire->client_closes();
    pump();
  } else {
    mismatch("there is no client's event <" + std::string(word) +
             ">: connect, ehlo, login, tls, hello, body, early, close are known");
  }
}

void World::server_event(Client& client, std::string_view word, std::string_view argument) {
  auto& wire = *client.wire;
  if (word == "silence") {
    auto time = parse_duration(argument);
    if (!time) mismatch("<silence TIME>: a duration is wanted, such as 2s");
    advance(clock_.now() + *time);
    if (!client.unread().empty()) mismatch("silence was wanted, but the server sent " + quoted(client.unread()));
  } else if (word == "close") {
    if (!argument.empty() && argument != "no close_notify")
      mismatch("<close " + std::string(argument) + ">: write <close> or <close no close_notify>");
    if (!until([&] { return wire.fin(); })) mismatch("a close was wanted; the server keeps the connection open");
    if (!client.unread().empty()) mismatch("a close was wanted, but before it came " + quoted(client.unread()));
    if (!argument.empty() && client.tls && client.tls->close_notify_seen()) mismatch("close_notify was sent");
    wire.client_closes();
    pump();
  } else if (word == "reset") {
    if (!until([&] { return wire.reset_seen(); })) mismatch("a reset was wanted; none came");
  } else if (word == "alert") {
    auto wanted = tls::alert_named(argument);
    if (!wanted) mismatch("<alert " + std::string(argument) + ">: there is no such alert");
    if (!client.tls) mismatch("<alert>: this client speaks no TLS");
    bool came = until([&] { return client.tls->alert() || wire.fin(); }) && client.tls->alert();
    if (!came) mismatch("the alert " + std::string(argument) + " was wanted; none came");
    if (*client.tls->alert() != *wanted) mismatch("the alert " + tls::alert_name(*client.tls->alert()) + " came");
  } else if (word == "session") {
    if (argument != "resumed" && argument != "new") mismatch("<session>: write <session resumed> or <session new>");
    if (!client.tls || !client.tls->up()) mismatch("<session>: TLS isn't up");
    if (client.tls->resumed() != (argument == "resumed"))
      mismatch(client.tls->resumed() ? "the session was resumed" : "the session is a new one");
  } else if (word == "stored") {
    auto copies = std::to_string(instance_.ledger().copies());
    if (copies != argument) mismatch("the ledger holds " + copies + ", not " + std::string(argument));
  } else if (word == "dsn" || word == "complaint" || word == "auto_reply") {
    await_bounce(word, argument);
  } else if (word == "bounces") {
    auto count = std::to_string(instance_.ledger().bounces().size());
    if (count != argument) mismatch("the ledger holds " + count + " bounces, not " + std::string(argument));
  } else {
    mismatch("there is no server's event <" + std::string(word) +
             ">: silence, close, reset, alert, session, stored, dsn, complaint, auto_reply, bounces are known");
  }
}

// `<dsn RCPT [ACTION]>`: each event takes one bounce of that recipient, in their order.
void World::await_bounce(std::string_view word, std::string_view argument) {
  auto space = argument.find(' ');
  auto rcpt = argument.substr(0, space);
  auto action = space == std::string_view::npos ? std::string_view() : argument.substr(space + 1);
  auto next = [&]() -> const Bounce* {
    for (const auto& bounce : instance_.ledger().bounces()) {
      bool dsn = bounce.kind != "complaint" && bounce.kind != "auto_reply";
      bool about = std::find(bounce.recipients.begin(), bounce.recipients.end(), rcpt) != bounce.recipients.end();
      bool taken = bounces_taken_.contains({bounce.id, std::string(rcpt)});
      if ((word == "dsn" ? dsn : bounce.kind == word) && about && !taken) return &bounce;
    }
    return nullptr;
  };
  auto what = std::string(word) + " of " + std::string(rcpt);
  if (!until([&] { return next() != nullptr; })) mismatch("a " + what + " was wanted; none comes");
  const auto& bounce = *next();
  if (!action.empty() && bounce.action != action)
    mismatch("a " + what + " says '" + std::string(bounce.action) + "', not '" + std::string(action) + "'");
  bounces_taken_.insert({bounce.id, std::string(rcpt)});
}

void World::server_line(Client& client, std::string_view rest) {
  auto& wire = *client.wire;
  if (rest.ends_with("<cut>")) {
    auto want = expand(client, rest.substr(0, rest.size() - 5));
    until([&] { return client.unread().size() >= want.size(); });
    if (!client.unread().starts_with(want)) mismatch("wanted " + quoted(want) + ", got " + quoted(client.unread()));
    client.take(want.size());
    return;
  }
  auto want = expand(client, rest);
  auto nothing = [&] {
    return "nothing" + (client.unread().empty() ? std::string() : " but " + quoted(client.unread())) +
           (wire.fin()          ? ", then a close"
            : wire.reset_seen() ? ", then a reset"
                                : "");
  };
  bool came = until([&] { return client.unread().find("\r\n") != std::string_view::npos; });
  if (!came) mismatch("wanted '" + want + "', got " + nothing());
  std::string line(take_line(client));
  bool whole_reply = want.size() == 7 && want.ends_with(" ...") && isdigit(static_cast<unsigned char>(want[0]));
  if (whole_reply) {
    auto code = want.substr(0, 3);
    while (line.starts_with(code + "-")) {
      if (!until([&] { return client.unread().find("\r\n") != std::string_view::npos; }))
        mismatch("wanted a whole " + code + " reply; it breaks off behind '" + line + "', " + nothing());
      line = take_line(client);
    }
    if (line.substr(0, 3) != code) mismatch("wanted a " + code + " reply, got '" + line + "'");
  } else if (!like(want, line)) {
    mismatch("wanted '" + want + "', got '" + line + "'");
  }
}

void World::play(int number, char side, std::string_view rest) {
  bool event = rest.size() > 2 && rest.front() == '<' && rest.back() == '>' && rest[1] >= 'a' && rest[1] <= 'z';
  auto inside = event ? rest.substr(1, rest.size() - 2) : std::string_view();
  auto space = inside.find(' ');
  auto word = inside.substr(0, space);
  auto argument = space == std::string_view::npos ? std::string_view() : inside.substr(space + 1);
  if (side == 'C' && event && word == "early") {
    client(number).queued += argument;
  } else if (side == 'C' && !event) {
    client(number).queued.append(rest).append("\r\n");
  } else {
    send_queued();
    if (side == 'C')
      client_event(number, word, argument);
    else if (event)
      server_event(client(number), word, argument);
    else
      server_line(client(number), rest);
  }
  check_script();
}

}  // namespace

std::optional<ReplayFailure> replay(const std::string& source, const std::string& path, const Example& example,
                                    std::shared_ptr<const ProviderFiles> providers) {
  World world(source, path, example, std::move(providers));
  int line = example.line;
  auto fail = [&](const std::string& what) { return ReplayFailure{line, what, world.log()}; };
  auto text = std::string_view(example.transcript);
  if (text.starts_with('\n')) text.remove_prefix(1);  // Lua drops the line feed right behind [[
  line = example.line + 1;
  try {
    for (auto raw : split(text, '\n')) {
      auto trimmed = raw;
      while (!trimmed.empty() && (trimmed.front() == ' ' || trimmed.front() == '\t')) trimmed.remove_prefix(1);
      if (trimmed.ends_with('\r')) trimmed.remove_suffix(1);
      if (!trimmed.empty()) {
        auto colon = trimmed.find(':');
        int number = 1;
        bool form = colon != std::string_view::npos && colon > 0 && (trimmed[0] == 'C' || trimmed[0] == 'S');
        if (form && colon > 1) {
          number = 0;
          for (char c : trimmed.substr(1, colon - 1)) {
            form = form && c >= '0' && c <= '9' && number < 100'000;
            if (form) number = number * 10 + (c - '0');
          }
        }
        if (!form) return fail("this line is neither C: nor S: '" + std::string(trimmed) + "'");
        auto rest = trimmed.substr(colon + 1);
        if (rest.starts_with(' ')) rest.remove_prefix(1);
        world.play(number, trimmed[0], rest);
      }
      ++line;
    }
    world.finish();
  } catch (const Mismatch& mismatch) {
    return fail(mismatch.what);
  } catch (const Error& error) {
    return fail(error.what());
  }
  return std::nullopt;
}

}  // namespace mailfault
