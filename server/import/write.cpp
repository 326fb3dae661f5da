#include "import/write.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "import/lines.hpp"
#include "import/story.hpp"
#include "smtp/reply.hpp"

namespace mailfault::recorded {
namespace {

const std::string user = "user@example.com", password = "open-sesame";  // of the healthy server

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      static constexpr std::string_view digits = "0123456789abcdef";
      out += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string spoken(const Step& step) {
  switch (step.stage) {
    case Stage::greeting:
      return "instead of the greeting";
    case Stage::message:
      return "after the final dot";
    case Stage::content:
      return "in the midst of the message";
    case Stage::handshake:
      return "in the TLS handshake";
    case Stage::idle:
      return "unasked";
    default:
      return (step.reply.empty() ? "after " : "to ") + step.verb;
  }
}

bool never_came_about(Ending ending) { return ending == Ending::refused || ending == Ending::unanswered; }

std::string outcome_words(const Step& step) {
  std::string words = step.code > 0                       ? std::to_string(step.code)
                      : !step.reply.empty()               ? "A reply that is none"
                      : step.ending == Ending::closed     ? "The connection closes"
                      : step.ending == Ending::reset      ? "The connection is reset"
                      : step.ending == Ending::tls_failed ? "TLS fails"
                      : step.ending == Ending::refused    ? "The connection is refused"
                      : step.ending == Ending::unanswered ? "Nobody answers, not even with a refusal"
                                                          : "No answer";
  if (never_came_about(step.ending)) return words;
  words += " " + spoken(step);
  if (!step.reply.empty() && step.ending == Ending::closed) words += ", and the connection closes";
  if (!step.reply.empty() && step.ending == Ending::reset) words += ", and the connection is reset";
  return words;
}

std::string duration(Micros time) {
  using namespace std::chrono;
  if (time >= seconds(10))
    time = round<seconds>(time);
  else
    time = round<milliseconds>(time / 100) * 100;
  return format_duration(time);
}

std::vector<std::string> offered(const Step& step) {
  std::vector<std::string> lines;
  for (std::size_t at = 1; at < step.reply.size(); ++at)
    if (step.reply[at].size() > 4) lines.push_back(step.reply[at].substr(4));
  return lines;
}

class Writer {
 public:
  Writer(const Conversation& conversation, Redactor& redactor, const Writing& how)
      : conversation_(conversation), redactor_(redactor), how_(how), story_(tell(conversation, how.verbatim)) {
    if (how.provider && !how.verbatim) provider_ = provider_of(conversation);
    for (const auto& each : conversation.connections)
      if (certificate_.empty()) certificate_ = each.certificate;
    std::set<std::size_t> met;
    for (const auto& item : story_.items)
      if (met.insert(item.step).second) order_.push_back(item.step);
    for (std::size_t at = 0; at < story_.steps.size(); ++at)
      if (met.insert(at).second) order_.push_back(at);
  }

  std::string write() {
    auto rules = all_rules();
    auto capabilities = how_.capabilities && !how_.verbatim && provider_.empty() ? capability_text() : "";
    auto outcome = outcome_text();
    std::string out = head();
    if (!provider_.empty())
      out += "provider " + quoted(provider_) + "    -- by its words in the " + conversation_.source + "\n";
    out += doors() + capabilities;
    if (!out.ends_with("\n\n")) out += "\n";
    if (offers_nothing_) rules += "on.helo:reply(250, \"{host}\")    -- it offers nothing\n";
    out += rules;
    if (!rules.empty()) out += "\n";
    out += outcome;
    if (how_.example && !door_is_closed()) out += "\nexample [[\n" + example() + "]]\n";
    return out;
  }

 private:
  const Step* main_step() const {
    const Step* found = nullptr;
    for (auto at : order_) {
      const auto& step = story_.steps[at];
      if (differs(step) && (!found || (serious(step) && !serious(*found)))) found = &step;
    }
    return found;
  }
  static bool differs(const Step& step) {
    if (step.stage == Stage::auth) return step.code != 235;
    static constexpr std::pair<Stage, int> usual[] = {
        {Stage::greeting, 220}, {Stage::helo, 250}, {Stage::mail, 250}, {Stage::rcpt, 250}, {Stage::data, 354},
        {Stage::message, 250},  {Stage::quit, 221}, {Stage::rset, 250}, {Stage::noop, 250}, {Stage::starttls, 220}};
    if (step.ending != Ending::unknown || step.waited >= std::chrono::seconds(2)) return true;
    for (auto [stage, code] : usual)
      if (step.stage == stage && step.code == code) return false;
    return !step.healthy && !(step.code == 0 && step.reply.empty());
  }
  static bool serious(const Step& step) { return step.code >= 400 || step.ending != Ending::unknown; }

  std::string head() {
    const auto* main = main_step();
    std::string title = main ? outcome_words(*main) : "A conversation in which all went well";
    if (main && !serious(*main) && main->code > 0 && main->waited >= std::chrono::seconds(2))
      title = (main->stage == Stage::greeting ? "The greeting" : "The reply " + spoken(*main)) + " comes after " +
              duration(main->waited);
    std::string out = "scenario {\n  title    = " + quoted(title) + ",\n  emulates = " +
                      quoted("the server of a customer's " + conversation_.source +
                             (conversation_.source == "log" ? ": " + conversation_.title : "")) +
                      ",\n";
    std::vector<std::string> needs;
    bool auth = false;
    std::size_t messages = 0, rcpts = 0;
    std::map<std::size_t, std::size_t> on_connection, in_message;
    for (const auto& step : story_.steps) {
      auth = auth || step.stage == Stage::auth;
      if (step.stage == Stage::mail) messages = std::max(messages, ++on_connection[step.connection]);
      if (step.stage == Stage::rcpt) rcpts = std::max(rcpts, ++in_message[step.transaction]);
    }
    if (messages > 1) needs.push_back("messages = " + std::to_string(messages));
    if (rcpts > 1) needs.push_back("rcpts = " + std::to_string(rcpts));
    if (auth) needs.emplace_back("auth = true");
    if (speaks_of_tls()) needs.emplace_back("tls = true");
    if (!needs.empty()) out += "  needs    = { " + join(needs, ", ") + " },\n";
    return out + "}\n\n";
  }

  bool door_is_closed() const {
    return std::all_of(conversation_.connections.begin(), conversation_.connections.end(),
                       [](const Connection& each) { return never_came_about(each.ending); });
  }

  std::string doors() {
    std::string out;
    auto first = conversation_.connections[0].ending;
    if (door_is_closed())
      out += evidence(1, conversation_.connections[0].ending_line, conversation_.connections[0].ending_words) +
             "doors { smtp = { port = 25, state = " + quoted(first == Ending::refused ? "refused" : "dropped") +
             ", main = true } }\n";
    else if (never_came_about(first))
      out += "-- The first connection " + std::string(first == Ending::refused ? "was refused" : "wasn't answered") +
             ", a later one was served: a door can't open later, so this has no part of it.\n";
    if (conversation_.connections[0].tls_first)
      out += "doors { smtps = { port = 465, tls = \"implicit\" } }    -- TLS came before the greeting\n";
    for (const auto& connection : conversation_.connections)
      if (!connection.certificate.empty()) {
        out += (out.empty() ? "" : "\n") +
               evidence(static_cast<std::size_t>(&connection - conversation_.connections.data()) + 1,
                        connection.ending_line, connection.ending_words) +
               "tls { certificate = " + quoted(certificate_) + " }\n";
        break;
      }
    return out;
  }

  bool speaks_of_tls() const {
    return std::any_of(story_.steps.begin(), story_.steps.end(), [](const Step& step) {
      return step.tls || step.stage == Stage::handshake || step.stage == Stage::starttls;
    });
  }

  // As EHLO was answered: in clear, inside TLS, after a login.
  std::string capability_text() {
    static const std::vector<std::string> usual{"PIPELINING", "SIZE 10485760",       "8BITMIME",        "SMTPUTF8",
                                                "DSN",        "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"};
    std::map<std::string, std::vector<std::string>> when;
    bool tls = false;
    for (const auto& step : story_.steps) {
      if (step.stage != Stage::helo || step.code != 250 || step.assumed || step.verb == "HELO") continue;
      auto name = step.authenticated ? "after_auth" : step.tls ? "after_tls" : "before_tls";
      tls = tls || step.tls;
      auto& lines = when[name];
      lines.clear();
      for (const auto& line : offered(step)) lines.push_back(redactor_.clean(line));
    }
    if (when.empty()) return {};
    auto list = [](const std::vector<std::string>& lines) {
      std::string out, line = "  ";
      for (const auto& each : lines) {
        auto word = (out.empty() && line == "  " ? "" : ", ") + quoted(each);
        if (line.size() + word.size() > 108) {
          out += line + ",\n";
          line = "  ";
          word = quoted(each);
        }
        line += word;
      }
      out += line;
      return trim(out).empty() ? std::string() : out.substr(2);
    };
    if (when.size() == 1 && when.begin()->second.empty()) {
      offers_nothing_ = true;
      return {};
    }
    if (when.size() == 1 && when.begin()->first == "before_tls") {
      // STARTTLS is offered of itself where the scenario speaks of TLS.
      auto plain = when.begin()->second;
      if (speaks_of_tls()) std::erase(plain, "STARTTLS");
      if (plain == usual) return {};
      return "capabilities { " + list(when.begin()->second) + " }\n\n";
    }
    if (when.size() == 1 && !tls) return {};
    std::string out = "capabilities {\n";
    for (const auto& name : {"before_tls", "after_tls", "after_auth"})
      if (auto found = when.find(name); found != when.end())
        out += "  " + std::string(name) + " = { " + list(found->second) + " },\n";
    return out + "}\n\n";
  }

  // The hyphen behind the code isn't of the word behind it.
  std::string reply_line(const std::string& line, bool as_template) {
    auto code = is_reply_line(line) && line.size() > 4 ? line.substr(0, 4) : std::string();
    auto rest = line.substr(code.size());
    return code + (as_template ? redactor_.clean_template(rest) : redactor_.clean(rest));
  }

  // Where it stands: of several logs, in which.
  std::string at_line(std::size_t connection, int line) const {
    auto log = conversation_.connections[connection - 1].log;
    return "-- " + conversation_.source +
           (conversation_.connections.back().log > 0 ? " " + std::to_string(log + 1) : std::string()) + " " +
           conversation_.unit + " " + std::to_string(line) + ": ";
  }

  std::string evidence(std::size_t connection, int line, const std::string& words) {
    return at_line(connection, line) + shortened(redactor_.clean(printable(words)), 100) + "\n";
  }

  // As it came, for nothing less is true of it.
  std::string sent(const std::vector<std::string>& lines) {
    std::string raw;
    for (const auto& line : lines) raw += reply_line(line, true) + "\r\n";
    auto text = quoted(raw);
    for (auto [from, to] : {std::pair{"\\x0d", "\\r"}, {"\\x0a", "\\n"}})
      for (auto at = text.find(from); at != std::string::npos; at = text.find(from)) text.replace(at, 4, to);
    return ":send(" + text + ")";
  }

  std::string reply_text(const Step& step) {
    bool mixed = std::any_of(step.reply.begin(), step.reply.end(),
                             [&](const std::string& line) { return !line.starts_with(std::to_string(step.code)); });
    if (step.code == 0 || mixed) return sent(step.reply);
    std::vector<std::string> lines;
    std::string enhanced;
    for (const auto& line : step.reply) {
      auto text = line.size() > 4 ? line.substr(4) : std::string();
      auto word = text.substr(0, text.find(' '));
      bool has = smtp::is_enhanced_code(word) && text.size() > word.size() + 1 && text[word.size() + 1] != ' ';
      if (lines.empty() && has) enhanced = word;
      if (!has || word != enhanced) enhanced.clear();
      lines.push_back(text);
    }
    std::string out = ":reply(" + std::to_string(step.code);
    if (!enhanced.empty()) out += ", " + quoted(enhanced);
    std::vector<std::string> shown;
    for (const auto& line : lines)
      shown.push_back(quoted(redactor_.clean_template(enhanced.empty() ? line : line.substr(enhanced.size() + 1))));
    out += ", " + (shown.size() == 1 ? shown[0] : "{ " + join(shown, ",\n         ") + " }");
    return out + ")";
  }

  // What the step does otherwise than a healthy server, as actions.
  std::string actions(const Step& step) {
    std::string out;
    bool late =
        step.waited >= std::chrono::milliseconds(1900) && !(step.reply.empty() && step.ending == Ending::silence);
    if (late && step.stage != Stage::idle) out += ":delay(" + quoted(duration(step.waited)) + ")";
    bool own_words = how_.verbatim || differs_in_code(step);
    if (!step.reply.empty() && own_words) {
      if (step.stage == Stage::auth && step.challenges.size() == 1 && !breaks_off(step) && step.code >= 400 &&
          (step.mechanism == "XOAUTH2" || step.mechanism == "OAUTHBEARER"))
        if (auto error = from_base64(step.challenges[0]); error && !error->empty())
          out += ":challenge(" + quoted(redactor_.clean(*error)) + ")";
      out += reply_text(step);
    } else if (!step.reply.empty() && (step.ending != Ending::unknown || !step.unasked.empty())) {
      out += ":proceed()";
    }
    if (!step.unasked.empty()) out += sent(step.unasked);
    if (step.ending == Ending::closed) out += ":close()";
    if (step.ending == Ending::reset) out += ":reset()";
    if (step.ending == Ending::silence) out += ":stall()";
    if (step.ending == Ending::tls_failed && certificate_.empty())
      out += ":tls_alert(" + quoted(alert_of(step)) + ")";
    if (step.ending == Ending::unknown && step.code == 421 && step.stage != Stage::quit) out += ":close()";
    return out;
  }

  bool alert_unknown(const Step& step) const { return conversation_.connections[step.connection - 1].alert.empty(); }
  // Whatever ended it, where that isn't known.
  std::string alert_of(const Step& step) const {
    const auto& alert = conversation_.connections[step.connection - 1].alert;
    return alert.empty() ? "handshake_failure" : alert;
  }

  static bool differs_in_code(const Step& step) {
    auto copy = step;
    copy.waited = Micros{};
    copy.ending = Ending::unknown;
    if (step.stage == Stage::auth) return true;
    return differs(copy);
  }

  std::string where(const Step& step) {
    if (step.stage == Stage::auth && breaks_off(step) && (step.code > 0 || !step.challenges.empty() || step.initial))
      return "on.auth:at(" + std::to_string(step.challenges.size() + 1) + ")";
    if (step.stage == Stage::content)
      return "on.content" + (step.bytes >= 256 ? ":at(" + std::to_string(step.bytes) + ")" : std::string());
    if (step.stage == Stage::idle)
      return "on.idle:at(" + quoted(duration(std::max(step.waited, Micros(1'000'000)))) + ")";
    if (step.turned_away) return "on.command:unless(\"verb\", \"QUIT\")";
    auto out = "on." + std::string(name_of(step.stage));
    if (step.stage == Stage::command) out += ":verb(" + quoted(redactor_.clean(step.verb)) + ")";
    return out;
  }

  struct Rule {
    std::string where, actions;
    std::vector<std::size_t> events;
    const Step* step = nullptr;
    std::string group;
  };

  std::string all_rules() {
    std::vector<Rule> rules;
    std::map<std::string, std::size_t> events;
    std::map<std::string, std::size_t> logins;  // what is offered to whom
    for (auto at : order_) {
      const auto& step = story_.steps[at];
      if (step.code == 0 && step.reply.empty() && step.ending == Ending::unknown) continue;
      auto group = where(step);
      auto number = ++events[group];
      if (step.healthy) continue;
      auto does = actions(step);
      if (does.empty()) continue;
      // A login of any sort is taken: whose it was isn't kept.
      if (step.stage == Stage::auth && step.code == 235 && !how_.verbatim)
        does = ":reply(235, \"2.7.0\", \"Accepted\")";
      auto same = std::find_if(rules.begin(), rules.end(),
                               [&](const Rule& each) { return each.where == group && each.actions == does; });
      if (same == rules.end()) same = rules.insert(rules.end(), {group, does, {}, &step, group});
      same->events.push_back(number);
    }
    std::string out;
    bool always_guessed = false;
    for (const auto& rule : rules) {
      auto total = events[rule.group];
      out += comment(*rule.step);
      always_guessed = always_guessed || (rule.events.size() == total && serious(*rule.step));
      bool within_message = rule.step->stage == Stage::rcpt && story_.transactions == 1;
      for (const auto& often : triggers(rule.events, total))
        out += rule.where + often + (within_message && !often.empty() ? ":per(\"message\")" : "") +
               wrapped(rule.actions, rule.where.size() + often.size()) + "\n";
    }
    if (always_guessed && !how_.verbatim)
      out += unknown("whether it happens each time, as here. A trigger such as :first(1) would make it pass.");
    return out;
  }

  static std::string wrapped(const std::string& actions, std::size_t before) {
    return before + actions.size() > 116 ? "\n  " + actions : actions;
  }

  static std::vector<std::string> triggers(const std::vector<std::size_t>& events, std::size_t total) {
    auto count = events.size();
    if (count == total) return {""};
    bool in_a_row = events.back() - events.front() + 1 == count;
    if (in_a_row && events.front() == 1) return {":first(" + std::to_string(count) + ")"};
    if (in_a_row && events.back() == total && count > 1)
      return {":after(" + std::to_string(events.front() - 1) + ")"};
    std::vector<std::string> all;
    for (auto event : events) all.push_back(":nth(" + std::to_string(event) + ")");
    return all;
  }

  std::string unknown(const std::string& what) const {
    return "-- Not known from this " + conversation_.source + ": " + what + "\n";
  }

  std::string comment(const Step& step) {
    if (how_.verbatim) return {};
    std::string out;
    if (step.stage == Stage::auth && step.code == 235)
      return "-- The login of the " + conversation_.source +
             " was right. Its credentials aren't here, so any are taken.\n";
    if (step.reply_line > 0 && !step.reply.empty())
      out += at_line(step.connection, step.reply_line) +
             "S: " + shortened(reply_line(printable(step.reply[0]), false), 100) + "\n";
    if (step.ending != Ending::unknown && step.ending_line > 0)
      out += evidence(step.connection, step.ending_line, step.ending_words);
    if (step.code == 421 && step.ending == Ending::unknown && step.stage != Stage::quit)
      out += unknown("that the connection closes; a 421 says so (RFC 5321 section 3.8).");
    if (step.ending == Ending::silence && step.ending_line == 0)
      out += unknown("how it ended; it stops where the reply is awaited.");
    if (step.ending == Ending::closed && step.ending_line == 0)
      out += unknown("how it ended; it stops in the midst of the message.");
    if (step.stage == Stage::message && step.reply.empty())
      out += unknown("whether the message was stored. With :accept() before it, it is.");
    if (step.stage == Stage::content && step.bytes < 256) out += unknown("how much of the message had been sent.");
    if (step.ending == Ending::tls_failed && certificate_.empty() && alert_unknown(step))
      out += unknown("why TLS failed.");
    if (step.assumed && conversation_.kind == "bounce")
      out += unknown("all that was said before; at which command it came is by its words.");
    return out;
  }

  std::string outcome_text() {
    std::string outcome = "delivered",
                why = "nothing in the " + conversation_.source + " differs from a healthy server";
    std::size_t refused = 0, accepted = 0, stored = 0;
    const Step* last = nullptr;
    const Step* security = nullptr;
    for (auto at : order_) {
      const auto& step = story_.steps[at];
      if (step.stage == Stage::rcpt && step.code >= 400) ++refused;
      if (step.stage == Stage::rcpt && step.code / 100 == 2) ++accepted;
      stored += step.stores;
      if (step.stage == Stage::handshake || (step.stage == Stage::starttls && (step.code >= 400 || step.code == 0)))
        security = &step;
      if (differs(step) && serious(step) && !(step.stage == Stage::quit) &&
          !(step.stage == Stage::rcpt && stored > 0) && step.stage != Stage::command &&
          (!last || step.stage != Stage::data || last->stage != Stage::rcpt))
        last = &step;
    }
    // HELO after an EHLO that wasn't understood is the way it should go.
    bool went_on = last && last->stage == Stage::helo && stored > 0;
    if (security) {
      outcome = "refuses";
      why = "TLS was wanted and didn't come up";
    } else if (last && !went_on) {
      auto code = last->code;
      if (last->stage == Stage::rcpt && accepted > 0) {
        outcome = "partial";
        why = "some recipients were refused, others not";
      } else if (code == 0 && last->stage == Stage::message) {
        outcome = "ambiguous";
        why = "the message was sent and its reply never came";
      } else if (code == 530 || code == 534 || code == 538 || (last->stage == Stage::auth && code >= 500)) {
        outcome = "misconfigured";
        why = "a " + std::to_string(code) + " is about the login";
      } else if (code >= 500) {
        outcome = "permanent";
        why = "a " + std::to_string(code) + " is for good";
      } else if (code >= 400) {
        outcome = "temporary";
        why = "a " + std::to_string(code) + " asks to try again";
      } else if (stored > 0) {
        why = "the message was accepted";
      } else {
        outcome = "temporary";
        why = "the server was lost before the message was sent";
      }
      if (code >= 400 && accepted > 0 && refused > 0 && outcome == "delivered") outcome = "partial";
    } else if (refused > 0 && accepted > 0) {
      outcome = "partial";
      why = "some recipients were refused, others not";
    } else if (main_step()) {
      why = "slow, but all was accepted";
    }
    if (went_on) why = "the message was accepted";
    return "expect.outcome " + quoted(outcome) + "    -- proposed: " + why + "\n";
  }

  std::string client_line(const Step& step) {
    if (step.stage == Stage::helo && !redactor_.keeps_hosts()) return step.verb + " client.example";
    if (step.stage == Stage::starttls || step.stage == Stage::data || step.stage == Stage::quit) return step.verb;
    // What is no command may be a message's text, sent where no 354 had let it.
    if (step.stage == Stage::command && !is_command_line(step.command) && !step.verb.starts_with('X') &&
        !redactor_.keeps_text())
      return "REDACTED";
    return redactor_.clean(printable(step.command));
  }

  // With the healthy server's credentials. None: this mechanism's exchange can't be written down.
  static std::optional<std::string> auth_line(const Step& step, std::size_t response) {
    std::vector<std::string> said;
    if (step.mechanism == "PLAIN") said = {base64('\0' + user + '\0' + password)};
    if (step.mechanism == "LOGIN") said = {base64(user), base64(password)};
    if (step.mechanism == "XOAUTH2") said = {base64("user=" + user + "\1auth=Bearer " + password + "\1\1"), ""};
    if (said.empty()) return std::nullopt;
    auto command = "AUTH " + step.mechanism;
    if (response == 0) return step.initial ? command + " " + said[0] : command;
    auto at = response - (step.initial ? 0 : 1);
    return at < said.size() ? std::optional(said[at]) : std::nullopt;
  }

  std::string prefix(char side, std::size_t connection) const {
    return side + (connection == 1 ? "" : std::to_string(connection)) + ": ";
  }

  std::string example() {
    std::string out;
    std::set<std::size_t> over;
    std::map<std::size_t, bool> begun;
    std::size_t copies = 0;
    bool any_message = false;
    auto stop = [&](std::size_t connection) { over.insert(connection); };
    auto begin = [&](std::size_t connection) {
      if (begun[connection]) return;
      begun[connection] = true;
      if (conversation_.connections[connection - 1].tls_first) out += prefix('C', connection) + "<tls>\n";
    };
    for (const auto& item : story_.items) {
      const auto& step = story_.steps[item.step];
      auto number = step.connection;
      if (over.contains(number)) continue;
      begin(number);
      auto client = prefix('C', number), server = prefix('S', number);
      bool answered = !step.reply.empty() || step.ending != Ending::unknown;
      switch (item.is) {
        case Item::Is::client: {
          if (!answered) break;
          if (step.verb == "BDAT" || step.verb == "XCLIENT") {
            stop(number);
            break;
          }
          if (step.stage != Stage::auth) {
            out += client + client_line(step) + "\n";
            break;
          }
          auto line = auth_line(step, item.index);
          if (!line) {
            stop(number);
            break;
          }
          out += client + *line + "\n";
          break;
        }
        case Item::Is::body:
          if (step.stage == Stage::content) {
            auto size = std::max<std::size_t>(step.bytes, 300);
            out += client + "<body " + std::to_string(size) + ">\n";
            break;
          }
          if (redactor_.keeps_text())
            for (const auto& line : step.body) out += client + line + "\n";
          out += client + ".\n";
          any_message = true;
          break;
        case Item::Is::tls:
          out += client + "<tls>\n";
          break;
        case Item::Is::server: {
          bool challenge = step.stage == Stage::auth && item.index < step.challenges.size() + 1 && item.index > 0 &&
                           (step.reply.empty() || &item != last_of(item.step));
          if (challenge) {
            out += server + "334...\n";
            break;
          }
          bool late = step.waited >= std::chrono::milliseconds(1900) && !step.healthy;
          if (late) out += server + "<silence " + duration(step.waited * 9 / 10) + ">\n";
          if (!step.healthy && (how_.verbatim || differs_in_code(step)) &&
              !(step.stage == Stage::auth && step.code == 235))
            for (const auto& line : step.reply) out += server + reply_line(line, true) + "\n";
          else
            out += server + healthy_reply(step) + "\n";
          if (step.stores) copies += step.recipients;
          if (step.code == 421 && step.ending == Ending::unknown && step.stage != Stage::quit) {
            out += server + "<close>\n";
            stop(number);
          } else if (step.stage == Stage::quit && step.code == 221) {
            out += server + "<close>\n";
            stop(number);
          }
          break;
        }
        case Item::Is::ending: {
          if (step.stage == Stage::handshake && step.ending != Ending::tls_failed) out += client + "<hello>\n";
          if (step.ending == Ending::tls_failed) {
            out += client + "<tls" + (certificate_.empty() ? "" : " " + certificate_) + ">\n";
            if (certificate_.empty()) out += server + "<alert " + alert_of(step) + ">\n";
          } else if (step.ending == Ending::silence) {
            out += server + "<silence 1m>\n";
          } else if (!never_came_about(step.ending)) {
            out += server + (step.ending == Ending::reset ? "<reset>" : "<close>") + "\n";
          }
          stop(number);
          break;
        }
      }
    }
    if (any_message) out += "S: <stored " + std::to_string(copies) + ">\n";
    return out;
  }

  const Item* last_of(std::size_t step) const {
    const Item* last = nullptr;
    for (const auto& item : story_.items)
      if (item.step == step && item.is == Item::Is::server) last = &item;
    return last;
  }

  std::string healthy_reply(const Step& step) const {
    if (step.stage == Stage::data && step.code >= 500) return "554 ...";
    if (step.stage == Stage::command && step.code >= 500) return "500 ...";
    if (step.stage == Stage::rcpt && step.code >= 500) return "503 ...";
    return std::to_string(step.code) + " ...";
  }

  const Conversation& conversation_;
  Redactor& redactor_;
  Writing how_;
  Story story_;
  std::vector<std::size_t> order_;
  std::string provider_, certificate_;
  bool offers_nothing_ = false;
};

}  // namespace

std::string provider_of(const Conversation& conversation) {
  static constexpr struct {
    std::string_view greeting, also, provider;
  } known[] = {{"smtp-relay.gmail.com", "gsmtp", "gmail_relay"},
               {"mx.google.com", "gsmtp", "gmail_mx"},
               {"smtp.gmail.com", "gsmtp", "gmail"},
               {"protection.outlook.com", "Microsoft ESMTP MAIL Service", "outlook_mx"},
               {"prod.outlook.com", "Microsoft ESMTP MAIL Service", "m365"},
               {"Microsoft ESMTP MAIL Service", "", "exchange"},
               {"SimpleEmailService", "", "ses"},
               {"Mailgun Influx", "", "mailgun"},
               {"SG ESMTP service ready", "", "sendgrid"},
               {"smtp.mail.yahoo.com", "", "yahoo"},
               {"mail.me.com", "", "icloud"},
               {"zoho.", "SMTP Server ready", "zoho"},
               {"yandex.", "", "yandex"},
               {"ESMTP Postfix", "", "postfix"},
               {"ESMTP Exim", "", "exim"},
               {"ESMTP Sendmail", "", "sendmail"}};
  for (const auto& connection : conversation.connections)
    for (const auto& turn : connection.turns)
      if (turn.who == Turn::Who::server && turn.text.starts_with("220 ") && turn.line > 0)
        for (const auto& each : known)
          if (contains_ignoring_case(turn.text, each.greeting) && contains_ignoring_case(turn.text, each.also))
            return std::string(each.provider);
  return {};
}

std::string write_scenario(const Conversation& conversation, Redactor& redactor, const Writing& how) {
  return Writer(conversation, redactor, how).write();
}

}  // namespace mailfault::recorded
