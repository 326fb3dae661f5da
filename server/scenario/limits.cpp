#include "scenario/limits.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/arguments.hpp"
#include "smtp/reply.hpp"

namespace mailfault {
namespace {

using Kind = LimitSpec::Kind;

constexpr std::array<LimitSpec, 10> table{{
    {Limited::connections, Kind::at_a_time, "connections", Stage::greeting, true, ReplyName::too_many_connections,
     "connections = { 5, per = \"peer\" }",
     "connections open at a time. Looked at where `per` is known: at `greeting`, `helo`, `auth` or `mail`"},
    {Limited::new_connections, Kind::rate, "new_connections", Stage::greeting, true, ReplyName::too_many_connections,
     "new_connections = { 30, \"1m\" }", "connections made"},
    {Limited::logins, Kind::rate, "logins", Stage::auth, false, ReplyName::too_many_logins,
     "logins = { 5, \"10m\", per = \"user\" }", "AUTH exchanges, right or wrong"},
    {Limited::messages, Kind::rate, "messages", Stage::mail, false, ReplyName::too_much_mail,
     "messages = { 10, \"1m\", per = \"user\", at = \"message\" }",
     "messages; looked at at `mail`, or at `data` or `message` if `at` says so"},
    {Limited::messages_per_connection, Kind::count, "messages_per_connection", Stage::mail, false,
     ReplyName::too_many_messages, "messages_per_connection = 100", "MAIL commands of a connection"},
    {Limited::recipients, Kind::rate, "recipients", Stage::rcpt, false, ReplyName::recipients_too_fast,
     "recipients = { 100, \"1h\", per = \"from\" }", "recipients"},
    {Limited::recipients_per_message, Kind::count, "recipients_per_message", Stage::rcpt, false,
     ReplyName::too_many_recipients, "recipients_per_message = 50", "recipients that a message has"},
    {Limited::errors, Kind::count, "errors", Stage::command, true, ReplyName::too_many_errors, "errors = 20",
     "replies of 400 and above on a connection since its last message that was stored"},
    {Limited::junk, Kind::count, "junk", Stage::command, true, ReplyName::too_many_errors, "junk = 100",
     "NOOP, RSET, VRFY, EXPN and HELP on a connection since its last message that was stored"},
    {Limited::idle, Kind::silence, "idle", Stage::idle, true, ReplyName::timeout, "idle = \"5m\"",
     "how long the client may be silent while it is its turn, in a body too"},
}};

constexpr std::uint64_t most = 1'000'000'000;

// Where the stages of a session stand in it, for what is known when.
int place_of(Stage stage) {
  constexpr std::array order{Stage::connect, Stage::handshake, Stage::greeting, Stage::helo,   Stage::auth,
                             Stage::mail,    Stage::rcpt,      Stage::data,     Stage::message};
  return static_cast<int>(std::find(order.begin(), order.end(), stage) - order.begin());
}

// The first stage at which a field says what it will say; none: it is nothing to count by.
std::optional<Stage> known_from(Field field) {
  switch (field) {
    case Field::connection:
    case Field::door:
    case Field::peer:
      return Stage::connect;
    case Field::tls:
    case Field::sni:
    case Field::client_certificate:
      return Stage::greeting;
    case Field::helo:
      return Stage::helo;
    case Field::user:
    case Field::mechanism:
    case Field::authenticated:
      return Stage::auth;
    case Field::from:
    case Field::message:
      return Stage::mail;
    case Field::rcpt:
      return Stage::rcpt;
    default:
      return std::nullopt;
  }
}

// { code, [enhanced,] text }
op::Reply reply_of(const Value& value, const std::string& where) {
  const auto& given = table_of(value, where);
  only_fields(given, where, {});
  if (given.items.empty() || given.items.size() > 3)
    throw Error(where + ": written { 421, \"4.7.0\", \"text\" }, the last two as you like");
  op::Reply reply;
  reply.code = static_cast<int>(whole_of(given.items[0], where, 200, 599));
  if (reply.code < 400)
    throw Error(where + ": " + std::to_string(reply.code) + " refuses nothing; a code from 400 to 599 is wanted");
  std::size_t text_at = 1;
  auto* second = given.items.size() > 1 ? given.items[1].text() : nullptr;
  if (second && (given.items.size() == 3 || smtp::is_enhanced_code(*second))) {
    if (!smtp::is_enhanced_code(*second))
      throw Error(where + ": \"" + *second + "\" is no enhanced code, such as \"4.7.0\"");
    reply.enhanced = *second;
    text_at = 2;
  }
  std::string text(smtp::usual_text(reply.code));
  if (given.items.size() > text_at) text = join(texts_of(given.items[text_at], where), "\n");
  reply.text = Template::parse(text);
  return reply;
}

// Where it is looked at: as `at` says, else where it usually is, or later if `per` is known later.
void place(Limit& limit, const Composite* given, const std::string& where) {
  limit.stage = limit.spec->stage;
  bool chosen = false;
  if (given)
    if (auto at = given->fields.find("at"); at != given->fields.end()) {
      limit.stage = *stage_named(word_of(at->second, where + ".at", {"mail", "data", "message"}));
      chosen = true;
    }
  for (const auto& ref : limit.per) {
    auto known = known_from(ref.field);
    if (!known)
      throw Error(where + ": nothing can be counted per \"" + ref.written() +
                  "\"; per is of \"peer\", \"peer/24\", \"user\", \"from\", \"from.domain\", \"rcpt\", \"helo\", "
                  "\"door\" and their like");
    if (place_of(*known) <= place_of(limit.stage)) continue;
    if (limit.spec->what == Limited::connections && !chosen && place_of(*known) <= place_of(Stage::mail))
      limit.stage = *known;
    else
      throw Error(where + ": \"" + ref.written() + "\" is known from " + std::string(name_of(*known)) +
                  " on, and this limit is looked at at " + std::string(name_of(limit.stage)));
  }
}

Limit limit_of(const LimitSpec& spec, const Value& value, const std::string& where) {
  Limit limit;
  limit.spec = &spec;
  auto* given = value.table();
  if (given) {
    if (given->items.empty())
      throw Error(where + ": how many or how long is missing; written " + std::string(spec.usage));
    std::vector<std::string_view> names{"reply"};
    if (spec.kind == Kind::at_a_time || spec.kind == Kind::rate) names.emplace_back("per");
    if (spec.what == Limited::messages) names.emplace_back("at");
    only_fields(*given, where, names);
  }
  const auto& first = given ? given->items[0] : value;
  if (spec.kind == Kind::silence) {
    limit.time = duration_of(first, where);
    if (limit.time <= Micros{}) throw Error(where + ": nobody can be silent for no time; write idle = \"5m\"");
  } else {
    limit.number = whole_of(first, where, 1, most);
  }
  std::size_t items = spec.kind == Kind::rate ? 2 : 1;
  if (spec.kind == Kind::rate) {
    if (!given || given->items.size() < 2) throw Error(where + ": in what time? written " + std::string(spec.usage));
    limit.time = duration_of(given->items[1], where);
    if (limit.interval() <= Micros{})
      throw Error(where + ": " + std::to_string(limit.number) + " in " + format_duration(limit.time) +
                  " is more than a client can send; raise the time or leave the limit out");
  }
  if (given && given->items.size() > items)
    throw Error(where + ": " +
                (spec.kind == Kind::at_a_time
                     ? "it counts those that are open at a time; for those made in a time there is new_connections"
                     : "too many values") +
                "; written " + std::string(spec.usage));
  if (spec.kind == Kind::at_a_time || spec.kind == Kind::rate) limit.per = {parse_field("peer")};
  if (given)
    for (const auto& [name, setting] : given->fields) {
      if (name == "reply") limit.reply = reply_of(setting, where + ".reply");
      if (name != "per") continue;
      limit.per.clear();
      for (const auto& field : texts_of(setting, where + ".per")) limit.per.push_back(parse_field(field));
    }
  place(limit, given, where);
  return limit;
}

std::string noun(const Limit& limit) {
  bool one = limit.number == 1;
  switch (limit.spec->what) {
    case Limited::connections:
      return one ? "connection open" : "connections open";
    case Limited::new_connections:
      return one ? "connection" : "connections";
    case Limited::logins:
      return "AUTH";
    case Limited::messages:
    case Limited::messages_per_connection:
      return one ? "message" : "messages";
    case Limited::recipients:
    case Limited::recipients_per_message:
      return one ? "recipient" : "recipients";
    case Limited::errors:
      return one ? "error" : "errors";
    case Limited::junk:
      return one ? "junk command" : "junk commands";
    case Limited::idle:
      break;
  }
  return "";
}

}  // namespace

std::span<const LimitSpec> limit_table() { return table; }

const Limit* Limits::idle() const {
  return !all.empty() && all.back().spec->what == Limited::idle ? &all.back() : nullptr;
}

Limits parse_limits(const Value& given, std::string_view where) {
  const auto& rows = table_of(given, where);
  no_items(rows, where);
  std::vector<std::string_view> names;
  for (const auto& spec : table) names.push_back(spec.name);
  only_fields(rows, where, names);
  Limits out;
  for (const auto& spec : table) {
    auto found = rows.fields.find(std::string(spec.name));
    if (found == rows.fields.end()) continue;
    auto at = std::string(where) + "." + std::string(spec.name);
    auto* several = spec.kind == Kind::rate || spec.kind == Kind::at_a_time ? found->second.table() : nullptr;
    if (!several || several->items.empty() || !several->items[0].table()) {
      out.all.push_back(limit_of(spec, found->second, at));
      continue;
    }
    only_fields(*several, at, {});
    for (const auto& each : several->items) out.all.push_back(limit_of(spec, each, at));
  }
  if (out.all.empty()) throw Error(std::string(where) + ": name a limit, such as " + std::string(table[3].usage));
  return out;
}

void Limits::add_missing(const Limits& others) {
  auto mine = all;
  auto named = [&](const LimitSpec* spec) {
    return std::any_of(mine.begin(), mine.end(), [&](const Limit& limit) { return limit.spec == spec; });
  };
  for (const auto& other : others.all)
    if (!named(other.spec)) all.push_back(other);
  std::stable_sort(all.begin(), all.end(), [](const Limit& a, const Limit& b) { return a.spec < b.spec; });
}

std::string words(const Limit& limit) {
  std::string out = limit.spec->kind == Kind::silence
                        ? "a silence of " + format_duration(limit.time)
                        : "more than " + std::to_string(limit.number) + " " + noun(limit);
  if (limit.spec->kind == Kind::rate) out += " in " + format_duration(limit.time);
  if (limit.spec->what == Limited::recipients_per_message) out += " in a message";
  if (limit.spec->kind == Kind::count && limit.spec->what != Limited::recipients_per_message)
    out += " on a connection";
  for (const auto& ref : limit.per) out += (&ref == limit.per.data() ? " per " : " and ") + ref.written();
  if (!limit.reply) return out + ": is refused" + (limit.spec->ends ? ", the server closes (FIN)" : "");
  out += ": gets " + std::to_string(limit.reply->code);
  if (!limit.reply->enhanced.empty()) out += " " + limit.reply->enhanced;
  auto text = limit.reply->text.written();
  if (!text.empty()) out += " \"" + text.substr(0, text.find('\n')) + "\"";
  return out + (limit.spec->ends || limit.reply->code == 421 ? ", the server closes (FIN)" : "");
}

}  // namespace mailfault
