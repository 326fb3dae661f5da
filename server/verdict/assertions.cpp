// The assertions that a server makes by itself, in every scenario that doesn't waive them.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "smtp/command.hpp"
#include "verdict/findings.hpp"
#include "verdict/judge.hpp"
#include "verdict/message.hpp"

namespace mailfault {
namespace {

constexpr std::array<Assertion, 18> table{{
    {"A1", "RFC 5321 section 6.1", "no second copy of a message for a recipient", true, Severity::mail_doubled},
    {"A2", "RFC 4954 section 4, RFC 3207 section 4", "no credentials in clear where the door has TLS", true,
     Severity::secret_leaked},
    {"A3", "RFC 4954 section 4", "no AUTH, and no mechanism, that was not offered", true, Severity::blemish},
    {"A4", "RFC 3207 section 4.2", "a fresh EHLO after STARTTLS, and nothing remembered from before", true,
     Severity::blemish},
    {"A5", "RFC 5321 section 3.1, RFC 2920 section 3.1", "no command before its turn unless PIPELINING was offered",
     true, Severity::blemish},
    {"A6", "RFC 2920 section 3.1",
     "no DATA without an accepted recipient; in a pipelined group nothing but the lone dot", true, Severity::blemish},
    {"A7", "RFC 5321 section 2.3.8, 4.5.2, 4.5.3.1.6", "CRLF only, no NUL, dots stuffed, lines of at most 998 bytes",
     true, Severity::blemish},
    {"A8", "RFC 5321 section 4.1.1.5, RFC 5322 section 3.6", "nothing of one message in another", true,
     Severity::secret_leaked},
    {"A9", "RFC 5321 section 4.1.1.11", "extensions, and parameters of MAIL and RCPT, only as offered", true,
     Severity::blemish},
    {"A10", "RFC 5321 section 4.5.3.2", "the command ends in time, and leaves no connection behind", true,
     Severity::hang},
    {"A11", "RFC 5321 section 4.5.4.1", "retries are spaced, and the gaps grow", true, Severity::blemish},
    {"A12", "RFC 5321 section 4.2", "the client tells temporary from permanent failures", false,
     Severity::wrong_report},
    {"A13", "RFC 4954 section 9", "no password in the client's output", true, Severity::secret_leaked},
    {"A14", "RFC 5321 section 3.8", "no command but QUIT after 421, none after 221", true, Severity::blemish},
    {"A15", "RFC 4954 section 6", "no second try with credentials that were refused", true, Severity::blemish},
    {"A16", "RFC 5321 section 4.1.2", "no CR, LF or NUL in an envelope", true, Severity::blemish},
    {"A17", "RFC 7817 section 3, RFC 6066 section 3", "the certificate is verified; SNI is a name, no address", true,
     Severity::secret_leaked},
    {"A18", "RFC 5321 section 4.1.1.4", "a message that broke off is not reported as sent", true,
     Severity::mail_lost},
}};

const Assertion& assertion(std::string_view name) {
  return *std::find_if(table.begin(), table.end(), [&](const Assertion& each) { return each.name == name; });
}

// Where a client begins TLS with a server that reads commands, be it after a 220 to STARTTLS: what follows is no line
// of SMTP. The place behind which it came; none: never.
std::size_t client_hello_in_clear(const Connection& connection) {
  std::size_t before = 0;
  for (const auto& exchange : connection.exchanges) {
    if (exchange.line.starts_with("\x16\x03")) return before;
    before = exchange.place;
  }
  return std::numeric_limits<std::size_t>::max();
}

// What a session recorded against its client, and which assertion it breaks. A violation that a session newly records
// gets its row here.
void judge_violations(const Connection& connection, Findings& findings) {
  struct Row {
    std::string_view violation, assertion;
    Verdict verdict;
  };
  static constexpr std::array<Row, 23> rows{{
      {"unoffered_auth", "A3", Verdict::fail},
      {"unoffered_mechanism", "A3", Verdict::fail},
      {"talks_before_greeting", "A5", Verdict::fail},
      {"early", "A5", Verdict::fail},
      {"out_of_turn", "A5", Verdict::fail},
      {"pipelined_after_starttls", "A5", Verdict::fail},  // RFC 3207 section 4: STARTTLS ends its group
      {"not_last_of_group", "A5", Verdict::fail},
      {"data_without_recipient", "A6", Verdict::fail},
      {"body_bare_lf", "A7", Verdict::fail},
      {"body_bare_cr", "A7", Verdict::fail},
      {"body_nul", "A7", Verdict::fail},
      {"body_line_over_998", "A7", Verdict::fail},
      {"bare_lf", "A7", Verdict::fail},
      {"unoffered_parameter", "A9", Verdict::fail},
      {"unoffered_command", "A9", Verdict::fail},
      {"bad_parameter", "A9", Verdict::fail},
      {"bad_proxy_header", "A9", Verdict::fail},
      {"undeclared_utf8", "A9", Verdict::fail},
      {"body_eight_bit", "A9", Verdict::lax},
      {"line_over_512", "A7", Verdict::lax},
      {"unoffered_starttls", "A9", Verdict::lax},
      {"nul", "A16", Verdict::fail},
      {"bare_cr", "A16", Verdict::fail},
  }};
  auto hello = client_hello_in_clear(connection);
  for (const auto& violation : connection.violations) {
    auto name = std::string_view(violation.text).substr(0, violation.text.find(':'));
    for (const auto& row : rows)
      if (row.violation == name && violation.place <= hello)
        findings.add(row.assertion, row.verdict, violation.text, &connection, violation.at);
  }
}

// RCPT and DATA that were on their way when the server said 421 are none of the client's faults. Whether they were
// shows where the command before them was refused; behind one that was accepted, the client has the benefit.
void judge_after_421(const Connection& connection, Findings& findings) {
  if (connection.closing_code == 0) return;
  const Exchange* before = nullptr;  // of the same group
  for (const auto& exchange : connection.exchanges) {
    if (exchange.place < connection.closing_place || exchange.verb.empty()) continue;
    bool envelope = exchange.verb == "RCPT" || exchange.verb == "DATA";
    bool in_group = exchange.early || (before && envelope && before->code < 400);
    before = in_group ? &exchange : nullptr;
    bool allowed = connection.closing_code == 421 && (exchange.verb == "QUIT" || in_group);
    if (allowed) continue;
    findings.add("A14", Verdict::fail, exchange.verb + " after " + std::to_string(connection.closing_code),
                 &connection, exchange.at);
    return;
  }
}

// RFC 5321 section 4.5.2: a line of the body that begins with a dot gets another one; else it ends the body, and the
// rest comes as commands.
void judge_stuffing(const Connection& connection, Findings& findings) {
  for (const auto& attempt : connection.attempts) {
    if (!attempt.body_sent) continue;
    auto next = std::find_if(connection.exchanges.begin(), connection.exchanges.end(),
                             [&](const Exchange& each) { return each.place > attempt.body_place; });
    if (next == connection.exchanges.end() || next->line.empty() || next->verb.empty()) continue;
    if (smtp::parse_command(next->line).verb != smtp::Verb::unknown || (next->code != 500 && next->code != 502))
      continue;
    findings.add("A7", Verdict::fail, "what came behind the final dot is no command: " + printable(next->line),
                 &connection, next->at, "begin each line of the body that begins with a dot with one more");
  }
}

void judge_lone_dot(const Connection& connection, Findings& findings) {
  for (const auto& attempt : connection.attempts) {
    bool accepted = std::any_of(attempt.recipients.begin(), attempt.recipients.end(),
                                [](const RecipientTried& each) { return each.code / 100 == 2 || each.by_the_dot; });
    if (!accepted && !attempt.recipients.empty() && attempt.data_code == 354 && attempt.body_size > 0)
      findings.add(
          "A6", Verdict::fail,
          "a body of " + std::to_string(attempt.body_size) + " bytes was sent although no recipient was accepted",
          &connection, attempt.ended);
  }
}

void judge_logins(const Conversation& talk, Findings& findings) {
  std::size_t refused = 0;
  bool told = false;
  for (const auto& connection : talk.connections) {
    bool in_exchange = false;
    std::size_t for_now = 0;  // 454 is the server's own trouble: who comes again later may try the same
    for (const auto& exchange : connection.exchanges) {
      in_exchange = exchange.verb == "AUTH" || (exchange.verb.empty() && in_exchange);
      if (!in_exchange) continue;
      refused += exchange.code == 535 || exchange.code == 534;
      for_now += exchange.code == 454;
      if (refused + for_now < 2 || std::exchange(told, true)) continue;
      findings.add("A15", Verdict::fail, "a second login was tried after one that was refused", &connection,
                   exchange.at, "after 535 don't fall back to another mechanism with the same password");
    }
  }
}

// A second copy: a fail when a fault had played on the first one's session before the second arrived, or when it
// follows a 250 that the client could read; elsewhere a suite may just send one fixture ten times.
void judge_copies(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                  const JudgeOptions& options, Findings& findings) {
  auto outcomes = scenario.outcomes();
  bool ambiguous = std::find(outcomes.begin(), outcomes.end(), "ambiguous") != outcomes.end();
  std::map<std::uint32_t, const Connection*> connections;
  std::map<std::uint32_t, const Attempt*> attempts;
  for (const auto& connection : talk.connections) {
    connections[connection.number] = &connection;
    for (const auto& attempt : connection.attempts)
      for (auto entry : attempt.entries) attempts[entry] = &attempt;
  }
  std::map<std::string, const StoredMessage*> first, first_body;
  for (const auto& message : ledger) {
    for (auto recipient : message.recipients) {
      // The same text under another Message-ID, after a reply that was lost: a retry that no receiver can recognise.
      auto body = message.text.substr(std::min(message.text.size(), message.text.find("\r\n\r\n")));
      auto [twin, first_of_body] =
          first_body.try_emplace(std::string(body) + '\0' + std::string(recipient), &message);
      if (!first_of_body && !message.message_id.empty() && twin->second->message_id != message.message_id) {
        const auto* reply = attempts[twin->second->id];
        if (reply && reply->met_fault && !reply->final_read)
          findings.add("A1", Verdict::fail,
                       "the text of <" + std::string(twin->second->message_id) +
                           ">, whose reply was lost, was sent again as <" + std::string(message.message_id) + ">",
                       connections[message.connection], message.at, "keep the Message-ID for every try of a message");
      }
      auto id = message.message_id.empty() ? "#" + std::to_string(message.hash) : std::string(message.message_id);
      auto [known, fresh] = first.try_emplace(id + '\0' + std::string(recipient), &message);
      if (fresh) continue;
      const auto& earlier = *known->second;
      const auto* session = connections[earlier.connection];
      const auto* attempt = attempts[earlier.id];
      bool faulted = session && std::any_of(session->faults.begin(), session->faults.end(),
                                            [&](const auto& fault) { return fault.at <= message.at; });
      bool read_250 = attempt && attempt->final_read && attempt->final_code / 100 == 2;
      bool same_connection = earlier.connection == message.connection;
      bool ids = !message.message_id.empty();
      auto what = (ids ? "<" + id + ">" : "the same text") + " is stored a second time for " +
                  std::string(recipient) + ", " + format_duration(message.at - earlier.at) + " after the first" +
                  (read_250 ? ", which the client had been told of" : ", whose reply it never read");
      if ((faulted || options.messages) && ambiguous && ids &&
          !read_250) {  // its retry was right, and its receiver can tell
        findings.note("A1", what, connections[message.connection], message.at);
        continue;
      }
      auto verdict = faulted || (same_connection && read_250) || options.messages ? Verdict::fail : Verdict::info;
      if (same_connection && read_250 && !faulted && !options.messages && !ids) verdict = Verdict::info;
      findings.add("A1", verdict, what, connections[message.connection], message.at);
    }
  }
}

// The Message-IDs that stand in a message's header.
std::vector<std::string_view> ids_in_header(std::string_view text) {
  constexpr std::string_view field = "message-id:";
  std::vector<std::string_view> ids;
  for (auto line : split(text.substr(0, text.find("\r\n\r\n")), '\n')) {
    if (!equals_ignoring_case(line.substr(0, field.size()), field)) continue;
    auto open = line.find('<'), close = line.find('>');
    if (open < close && close != std::string_view::npos) ids.push_back(line.substr(open + 1, close - open - 1));
  }
  return ids;
}

// A buffer or a header object that wasn't cleared. Whole messages inside a body are forwarded on purpose.
void judge_leftovers(const Conversation& talk, const Ledger& ledger, Findings& findings) {
  std::set<std::string_view> earlier;
  for (const auto& message : ledger) {
    auto ids = ids_in_header(message.text);
    auto other = std::find_if(ids.begin(), ids.end(), [&](std::string_view id) { return earlier.contains(id); });
    bool has_own = std::any_of(ids.begin(), ids.end(), [&](std::string_view id) { return !earlier.contains(id); });
    if (other != ids.end() && has_own) {
      auto on = std::find_if(talk.connections.begin(), talk.connections.end(),
                             [&](const Connection& each) { return each.number == message.connection; });
      findings.add("A8", Verdict::fail,
                   "message " + std::to_string(message.id) + " has the Message-ID <" + printable(*other) +
                       "> of one before it beside its own",
                   on == talk.connections.end() ? nullptr : &*on, message.at,
                   "begin each message with an empty buffer, and its header with an empty list");
    }
    if (!message.message_id.empty()) earlier.insert(message.message_id);
  }
}

constexpr Micros no_gap = std::chrono::milliseconds(100);

// The first new connection at once is right where a stale one was found, and a try of another way is no repetition.
struct Retries {
  std::vector<Micros> gaps;
  std::optional<Micros> shortest;  // of the gaps before a repetition
  const Try* too_soon = nullptr;   // the try behind it
  std::size_t after_refusal = 0;   // repetitions of what was refused for good
  const Try* last_refused = nullptr;

  Retries(const TriedMessage& message, bool reconnects, bool several) {
    const auto& tries = message.tries;
    for (std::size_t i = 1; i < tries.size(); ++i) {
      gaps.push_back(tries[i].at - tries[i - 1].at);
      if (!tries[i].repeats(tries[i - 1])) continue;
      bool surely = !several || (tries[i - 1].attempt && !tries[i - 1].attempt->message_id.empty());
      if (surely && tries[i - 1].refused_for_good() && tries[i].brings_refused(tries[i - 1])) {
        ++after_refusal;
        last_refused = &tries[i];
      }
      if ((i > 1 || !reconnects) && (!shortest || gaps.back() < *shortest)) {
        shortest = gaps.back();
        too_soon = &tries[i];
      }
    }
  }
  bool at_once() const { return shortest && *shortest < no_gap; }
  bool dont_grow() const {
    bool grow = true;
    for (std::size_t i = 1; i < gaps.size(); ++i)
      grow = grow && gaps[i] * 10 >= gaps[i - 1] * 9 && gaps[i] > gaps[i - 1] - no_gap;
    bool flat = gaps.size() > 1 && gaps.back() * 10 < gaps.front() * 12;
    return gaps.size() > 1 && (!grow || flat);
  }
  std::string shown() const {
    std::string out;
    for (auto gap : gaps) out += (out.empty() ? "" : ", ") + format_duration(gap);
    return out;
  }
};

// Hammering, gaps that don't grow, and what was refused for good tried again.
void judge_retries(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                   const JudgeOptions& options, Findings& findings) {
  auto outcomes = scenario.outcomes();
  bool reconnects = std::find(outcomes.begin(), outcomes.end(), "reconnects") != outcomes.end();
  auto messages = tried_messages(scenario, talk, ledger);
  if (messages.empty()) messages.push_back(before_mail(talk));
  bool of_one = options.messages ? *options.messages == 1 : options.command && options.command->is_client;
  // Of several with the same envelope, a try without a Message-ID may be any one's.
  bool told_apart = !options.messages || messages.size() >= *options.messages;
  for (const auto& message : messages) {
    bool known = of_one || (told_apart && (!message.id.empty() || options.messages));
    auto weighed = [&](Verdict verdict) { return known ? verdict : Verdict::info; };
    if (message.tries.size() < 2 || !message.met_fault) continue;
    Retries retries(message, reconnects, several_messages(scenario, options));
    if (retries.after_refusal > 0)
      findings.add("A11", weighed(retries.after_refusal > 1 ? Verdict::fail : Verdict::lax),
                   message.name() + " was tried again " + counted(retries.after_refusal, "time", "times") +
                       " as it was after the server had refused it for good",
                   retries.last_refused->connection, retries.last_refused->at,
                   "give up at a 5yz, and tell the sender (RFC 5321 section 4.2.1)");
    if (retries.at_once()) {
      auto missed = missed_by(no_gap - *retries.shortest, options);
      findings.add("A11", weighed(missed.verdict),
                   message.name() + " was tried again at once (gaps: " + retries.shown() + ")" + missed.why,
                   retries.too_soon->connection, retries.too_soon->at, "wait between tries, and longer each time");
    } else if (retries.dont_grow()) {
      findings.add("A11", weighed(Verdict::lax), "the gaps between tries don't grow: " + retries.shown(),
                   message.tries.back().connection, message.tries.back().at);
    }
  }
}

/// The most of these moments that lie within so much of each other, and the last of them.
std::pair<std::size_t, Micros> densest(std::vector<Micros> moments, Micros within) {
  std::sort(moments.begin(), moments.end());
  std::pair<std::size_t, Micros> best{0, {}};
  for (std::size_t first = 0, i = 0; i < moments.size(); ++i) {
    while (moments[i] - moments[first] > within) ++first;
    if (i - first + 1 > best.first) best = {i - first + 1, moments[i]};
  }
  return best;
}

// A herd: many connections in a moment, after the first had been turned away, and turned away themselves. And many
// messages that are tried again in the same moment: no jitter.
void judge_herds(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                 const JudgeOptions& options, Findings& findings) {
  constexpr std::size_t herd = 10;
  auto turned_away = never;
  for (const auto& connection : talk.connections)
    if (connection.greeting_code >= 400) turned_away = std::min(turned_away, connection.greeted_at);
  std::vector<Micros> later;
  for (const auto& connection : talk.connections)
    if (connection.greeting_code >= 400 && connection.began > turned_away) later.push_back(connection.began);
  if (auto [count, at] = densest(std::move(later), std::chrono::seconds(1)); count >= herd) {
    // A test may well be many clients, one after the other.
    bool one_client = options.command && options.command->is_client;
    findings.add("A11", one_client || (options.messages && *options.messages < count) ? Verdict::fail : Verdict::info,
                 counted(count, "connection was", "connections were") +
                     " opened within a second and turned away, though the server had turned one away before",
                 &talk.connections.back(), at, "wait before the next connection, and open fewer at a time");
    return;
  }
  std::vector<Micros> again;
  auto messages = tried_messages(scenario, talk, ledger);
  for (const auto& message : messages)
    if (message.met_fault && message.tries.size() > 1 && message.tries[1].connection != message.tries[0].connection)
      again.push_back(message.tries[1].at);
  if (auto [count, at] = densest(std::move(again), no_gap); count >= herd)
    findings.add("A11", Verdict::lax, std::to_string(count) + " messages were tried again in the same moment",
                 &talk.connections.back(), at, "add a random part to each wait");
}

void judge_end(const Conversation& talk, const JudgeOptions& options, Findings& findings) {
  auto up = time_was_up(options);
  if (!up) return;
  const std::string still_ran = "the command still ran when its time was up";
  if (talk.connections.empty()) {
    findings.add("A10", talk.swallowed.empty() ? Verdict::fail : Verdict::info,
                 still_ran + ", and had no connection");
    return;
  }
  const Connection* open = nullptr;
  for (const auto& connection : talk.connections)
    if ((connection.ended >= *up || connection.ended_by == "run") && (!open || connection.due.from < open->due.from))
      open = &connection;
  if (!open) {
    const auto& last = talk.connections.back();
    auto stage = std::string(last.due.stage);
    bool closed = last.ended_by == "server";
    findings.add("A10", closed ? Verdict::fail : Verdict::info,
                 still_ran +
                     (closed ? ": it hung at " + stage + ", although the server had closed "
                             : ", and had closed its last connection ") +
                     format_duration(*up - last.ended) + " before",
                 &last, last.ended, "give it more time (--timeout), or a timeout of its own");
    return;
  }
  auto stage = std::string(open->due.stage);
  auto waited = *up - open->due.from;
  auto least = real_time(least_patience(stage), options);
  bool hung = waited >= least;
  findings.add("A10", hung ? Verdict::fail : Verdict::info,
               still_ran + ": it " + (hung ? "hung" : "waited") + " at " + stage + " for " + format_duration(waited) +
                   "; a client must bear " + format_duration(least) + " there",
               open, open->due.from, hung ? "give it more time (--timeout), or a timeout of its own" : "");
}

void judge_output(const Scenario& scenario, const JudgeOptions& options, Findings& findings) {
  if (!options.command) return;
  for (const auto& [user, password] : scenario.users)
    if (password.size() >= 6 && options.command->output.find(password) != std::string::npos)
      findings.add("A13", Verdict::fail, "the password of " + user + " stands in the command's output");
}

void judge_broken_off(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                      const JudgeOptions& options, Findings& findings) {
  for (const auto& message : tried_messages(scenario, talk, ledger)) {
    if (message.any_stored()) continue;
    bool broke_off = std::any_of(message.attempts.begin(), message.attempts.end(),
                                 [](const Attempt* each) { return each->data_code == 354 && !each->body_sent; });
    bool said_sent = std::any_of(options.words.begin(), options.words.end(), [&](const ClientWord& word) {
      return word.word == Word::sent && (word.message_id.empty() || word.message_id == message.id);
    });
    if (broke_off && said_sent)
      findings.add("A18", Verdict::fail,
                   message.name() + " broke off in its body, and the client reports it as sent");
  }
}

}  // namespace

void Findings::add(std::string_view name, Verdict verdict, std::string seen, const Connection* connection, Micros at,
                   std::string remedy) {
  const auto& waived = scenario_.waived;
  if (std::find(waived.begin(), waived.end(), name) != waived.end()) return;
  const auto& row = assertion(name);
  Finding finding;
  finding.verdict = verdict;
  if (verdict == Verdict::fail) finding.severity = row.severity;
  if (verdict == Verdict::lax) finding.severity = Severity::blemish;
  finding.name = name;
  finding.rule = row.section;
  finding.expected = row.what;
  finding.seen = std::move(seen);
  finding.remedy = std::move(remedy);
  if (connection) finding.connection = connection->number;
  finding.from = finding.to = at;
  to_.push_back(std::move(finding));
}

void Findings::note(std::string_view name, std::string seen, const Connection* connection, Micros at) {
  auto before = to_.size();
  add(name, Verdict::info, std::move(seen), connection, at);
  if (to_.size() > before) to_.back().weighs = false;
}

std::span<const Assertion> assertion_table() { return table; }

void judge_assertions(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                      const JudgeOptions& options, std::vector<Finding>& to) {
  Findings findings(scenario, to);
  for (const auto& connection : talk.connections) {
    judge_violations(connection, findings);
    judge_after_421(connection, findings);
    judge_lone_dot(connection, findings);
    judge_stuffing(connection, findings);
  }
  judge_secrecy(scenario, talk, findings);
  judge_leftovers(talk, ledger, findings);
  judge_logins(talk, findings);
  judge_copies(scenario, talk, ledger, options, findings);
  judge_retries(scenario, talk, ledger, options, findings);
  judge_herds(scenario, talk, ledger, options, findings);
  judge_end(talk, options, findings);
  judge_output(scenario, options, findings);
  judge_broken_off(scenario, talk, ledger, options, findings);
}

}  // namespace mailfault
