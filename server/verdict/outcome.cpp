// What a scenario's outcome means, for each message that met the fault: the client's word where it gave one, else the
// wire and the ledger.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "verdict/judge.hpp"
#include "verdict/message.hpp"

namespace mailfault {
namespace {

struct Judged {
  Verdict verdict = Verdict::pass;
  std::string seen;
  std::string remedy;
  bool once = false;
  Severity severity = Severity::none;  // of a fail
};

struct Case {
  const TriedMessage& message;
  ClientWord word;
  const Scenario& scenario;
  const Conversation& talk;
  const JudgeOptions& options;
};

std::string stored_words(const TriedMessage& message) {
  if (message.doubled()) return message.name() + " is stored more than once for a recipient";
  if (message.all_stored()) return message.name() + " is stored once for each accepted recipient";
  if (message.any_stored()) return message.name() + " is stored for some of its accepted recipients only";
  return message.name() + " is not stored";
}

std::string said(const ClientWord& word) {
  return "the client said " + std::string(name_of(word.word)) + (word.origin.empty() ? "" : " (" + word.origin + ")");
}

Judged failed(Severity severity, std::string seen, std::string remedy = {}) {
  return {Verdict::fail, std::move(seen), std::move(remedy), false, severity};
}

// Of a message that isn't stored as it should be: doubled, or missing for a recipient.
Severity of_ledger(const Case& in) {
  if (in.message.doubled()) return Severity::mail_doubled;
  if (in.message.all_stored()) return Severity::wrong_report;
  return in.word.word == Word::none || in.word.word == Word::sent ? Severity::mail_lost : Severity::wrong_report;
}

// `surely`: the refused attempt was of this very message.
bool sent_again_after_refusal(const TriedMessage& message, bool surely) {
  auto refused = std::find_if(message.attempts.begin(), message.attempts.end(), [&](const Attempt* each) {
    return each->refused_for_good() && (!surely || !each->message_id.empty());
  });
  return refused != message.attempts.end() && refused + 1 != message.attempts.end();
}

std::size_t failed_logins(const Conversation& talk) {
  std::size_t count = 0;
  for (const auto& connection : talk.connections)
    for (const auto& exchange : connection.exchanges)
      count += (exchange.verb == "AUTH" || exchange.verb.empty()) && exchange.code >= 400;
  return count;
}

/// It was taken with a 250 that the client has read, and kept by nobody: what the scenario is about.
bool lost_by_the_server(const TriedMessage& message) {
  return std::any_of(message.attempts.begin(), message.attempts.end(), [](const Attempt* attempt) {
    return attempt->body_sent && attempt->final_read && attempt->final_code / 100 == 2 && attempt->stored == 0;
  });
}

Judged once_in_the_ledger(const Case& in) {
  if (!in.message.any_stored() && lost_by_the_server(in.message))
    return {Verdict::pass, in.message.name() + " was taken with a 250, and the server itself dropped it", "", false};
  bool good = in.message.all_stored() && !in.message.doubled_by_a_retry();
  if (good) return {Verdict::pass, stored_words(in.message), "", false};
  return failed(of_ledger(in), stored_words(in.message));
}

Judged temporary_by_the_wire(const Case& in) {
  if (in.message.all_stored())
    return {Verdict::pass, "it got through in the end: " + stored_words(in.message), "", false};
  auto tries = in.message.tries.size();
  return {Verdict::info,
          tries > 1 ? "it was tried " + std::to_string(tries) + " times and is not stored yet"
                    : "it was tried once, and the client gave no word: whether it reports a temporary or a permanent "
                      "failure can't be seen from here",
          "let the command write MAILFAULT_REPORT, or say --cmd client --profile NAME", true};
}

Judged permanent_by_the_wire(const Case& in) {
  bool several = several_messages(in.scenario, in.options);
  if (sent_again_after_refusal(in.message, several))
    return failed(in.message.doubled() ? Severity::mail_doubled : Severity::blemish,
                  "it was sent again after the server had refused it for good");
  if (several && sent_again_after_refusal(in.message, false))
    return {Verdict::info,
            "it, or another message of the same envelope, was refused for good before: without a body they can't be "
            "told apart",
            "give each message a recipient of its own", true};
  return {Verdict::pass, "it was not sent again", "", false};
}

Judged misconfigured_by_the_wire(const Case& in) {
  auto logins = failed_logins(in.talk);
  if (logins > 1) return failed(Severity::blemish, counted(logins, "failed login", "failed logins"));
  if (in.message.any_stored()) return failed(Severity::wrong_report, stored_words(in.message));
  if (in.message.tries.size() > 3)
    return failed(Severity::blemish, "it was tried " + std::to_string(in.message.tries.size()) + " times");
  return {Verdict::pass, counted(in.message.tries.size(), "try", "tries") + ", no hammering", "", false};
}

// Data sent, no final reply: at most a bounded, delayed retry with the same Message-ID.
Judged ambiguous_by_the_ledger(const Case& in) {
  constexpr std::size_t bounded = 4;
  constexpr Micros delayed = std::chrono::milliseconds(500);
  const auto& attempts = in.message.attempts;
  if (attempts.size() > bounded)
    return failed(in.message.doubled() ? Severity::mail_doubled : Severity::blemish,
                  "it was sent " + std::to_string(attempts.size()) + " times");
  for (std::size_t i = 1; i < attempts.size(); ++i)
    if (auto gap = attempts[i]->began - attempts[i - 1]->ended; attempts[i - 1]->body_sent && gap < delayed) {
      auto missed = missed_by(delayed - gap, in.options);
      return {missed.verdict, "it was sent again at once, without a final reply to the first try" + missed.why, "",
              false, in.message.doubled() ? Severity::mail_doubled : Severity::blemish};
    }
  if (in.message.any_stored() || attempts.size() > 1) return {Verdict::pass, stored_words(in.message), "", false};
  return {Verdict::info, "it is not stored, and was not tried again; whether its sender was told can't be seen", "",
          true};
}

const Exchange* login_or_message(const Connection& connection, std::size_t behind, bool in_clear_only) {
  for (const auto& exchange : connection.exchanges)
    if (exchange.place > behind && (exchange.verb == "AUTH" || exchange.verb == "MAIL") &&
        !(in_clear_only && connection.in_tls(exchange.place)))
      return &exchange;
  return nullptr;
}

/// Where a connection's trap snaps; none: it has none. A setting is one where no rule plays at all.
std::optional<std::size_t> trap_of(const Connection& connection, const Case& in, bool by_rules) {
  if (!connection.faults.empty()) return connection.faults.front().place;
  if (by_rules || !changed_by_setting(in.scenario, connection.door)) return std::nullopt;
  return connection.place;
}

// A trap holds for its own connection. Where the door has TLS, it also holds for what follows in clear: that is a
// silent fall to plaintext. A later connection over good TLS is a good retry.
Judged refuses_by_the_wire(const Case& in) {
  const auto& connections = in.talk.connections;
  bool by_rules =
      std::any_of(connections.begin(), connections.end(), [](const auto& each) { return !each.faults.empty(); });
  std::optional<std::size_t> first_of_tls;
  std::map<std::string, bool> doors;  // has it TLS?
  for (const auto& connection : connections) {
    auto trap = trap_of(connection, in, by_rules);
    if (!trap) continue;
    auto [known, fresh] = doors.try_emplace(connection.door, false);
    if (fresh) known->second = has_tls(in.scenario, in.talk, connection.door);
    bool tls = known->second;
    bool good_tls = tls && !by_rules && !changed_by_tls(in.scenario, connection.door);
    if (const auto* sent = login_or_message(connection, *trap, good_tls))
      return failed(Severity::secret_leaked, sent->verb + " was sent after the trap");
    if (tls) first_of_tls = std::min(*trap, first_of_tls.value_or(*trap));
  }
  for (const auto& connection : connections) {
    if (!first_of_tls || connection.place < *first_of_tls) continue;
    if (const auto* sent = login_or_message(connection, connection.place, true))
      return failed(Severity::secret_leaked,
                    sent->verb + " was sent in clear after the trap, on connection " +
                        std::to_string(connection.number) + ": a silent fall to plaintext",
                    "stop where TLS fails; never go on without it");
  }
  return {Verdict::pass, "no credential and no message byte after the trap", "", false};
}

// A 4yz is no refusal where a retry got through.
bool some_without_copy(const TriedMessage& message) {
  return std::any_of(message.copies.begin(), message.copies.end(),
                     [](const auto& each) { return each.second.empty(); });
}

Judged partial_by_the_ledger(const Case& in) {
  if (in.message.doubled()) return failed(Severity::mail_doubled, stored_words(in.message));
  for (const auto& recipient : in.message.recipients) {
    bool for_good = false;
    for (const auto* attempt : in.message.attempts)
      for (const auto& tried : attempt->recipients) {
        if (tried.address != recipient) continue;
        if (for_good) return failed(Severity::blemish, recipient + " was tried again after a 5yz");
        for_good = tried.code >= 500;
      }
  }
  if (!in.message.all_stored())
    return in.message.any_stored()
               ? failed(of_ledger(in), stored_words(in.message))
               : Judged{Verdict::info, "nothing was sent to the accepted recipients either", "", false};
  if (some_without_copy(in.message))
    return {Verdict::info,
            "the accepted recipients have their copy; whether the refused ones were reported can't be seen",
            "let the command write MAILFAULT_REPORT with a line for each recipient", true};
  return {Verdict::pass, stored_words(in.message), "", false};
}

Judged by_itself(std::string_view outcome, const Case& in) {
  if (outcome == "temporary") return temporary_by_the_wire(in);
  if (outcome == "permanent") return permanent_by_the_wire(in);
  if (outcome == "misconfigured") return misconfigured_by_the_wire(in);
  if (outcome == "ambiguous") return ambiguous_by_the_ledger(in);
  if (outcome == "refuses") return refuses_by_the_wire(in);
  if (outcome == "partial") return partial_by_the_ledger(in);
  return once_in_the_ledger(in);  // delivered, reconnects
}

Judged of_sent(std::string_view outcome, const Case& in) {
  auto told = said(in.word) + ", and ";
  if (outcome == "refuses") {
    auto wire = refuses_by_the_wire(in);
    return failed(wire.verdict == Verdict::fail ? wire.severity
                  : in.message.any_stored()     ? Severity::wrong_report
                                                : Severity::mail_lost,
                  told + wire.seen);
  }
  if (outcome == "permanent" || outcome == "misconfigured")
    return failed(of_ledger(in), told + stored_words(in.message));
  if (outcome == "partial") {
    if (some_without_copy(in.message) && in.word.recipient.empty())
      return failed(Severity::mail_lost, told + "a recipient was refused, which no line names");
    return once_in_the_ledger(in);
  }
  if (outcome == "temporary" || outcome == "ambiguous") {
    bool kept = in.message.any_stored() && !(some_without_copy(in.message) && in.word.recipient.empty());
    return {kept ? Verdict::pass : Verdict::fail, told + stored_words(in.message), "", false, Severity::mail_lost};
  }
  auto ledger = once_in_the_ledger(in);
  ledger.seen = told + ledger.seen;
  return ledger;
}

bool names_recipients(const Case& in) {
  return std::any_of(in.options.words.begin(), in.options.words.end(), [&](const ClientWord& word) {
    return !word.recipient.empty() && (word.message_id.empty() || word.message_id == in.message.id);
  });
}

/// The last code that a recipient got, be it that of the reply to the dot; 0: none.
int last_code(const TriedMessage& message, const std::string& recipient) {
  int code = 0;
  for (const auto* attempt : message.attempts)
    for (const auto& tried : attempt->recipients)
      if (tried.address == recipient)
        code = tried.code / 100 == 2 && attempt->final_code ? attempt->final_code : tried.code;
  return code;
}

Verdict of_recipient(Word word, bool stored, int code) {
  using enum Verdict;
  if (stored) return word == Word::none || word == Word::sent ? pass : fail;
  switch (word) {
    case Word::temporary:
      return code >= 500 ? lax : pass;
    case Word::permanent:
      return code >= 500 ? pass : fail;
    case Word::misconfigured:
    case Word::refused:
      return lax;
    case Word::failed:
      return info;
    default:
      return fail;  // it calls what is not stored sent, or doesn't name it
  }
}

// A line for each recipient: the worst of them.
Judged partial_by_words(const Case& in) {
  auto ledger = partial_by_the_ledger(in);
  if (ledger.verdict == Verdict::fail) return ledger;
  Judged worst{Verdict::pass, "each recipient was reported as it fared", "", false};
  for (const auto& [recipient, copies] : in.message.copies) {
    auto word = in.word.recipient.empty() ? in.word.word : Word::none;
    for (const auto& each : in.options.words)
      if (each.recipient == recipient && (each.message_id.empty() || each.message_id == in.message.id))
        word = each.word;
    auto code = last_code(in.message, recipient);
    auto verdict = of_recipient(word, !copies.empty(), code);
    if (verdict <= worst.verdict) continue;
    auto told =
        word == Word::none ? std::string("is named by no line") : "was reported as " + std::string(name_of(word));
    worst = {
        verdict,
        recipient + " " + told + (copies.empty() ? ", and is not stored" : ", and is stored") +
            (code >= 400 ? " (" + std::to_string(code) + ")" : std::string()),
        "", false,
        copies.empty() && (word == Word::none || word == Word::sent) ? Severity::mail_lost : Severity::wrong_report};
  }
  return worst;
}

// The table of outcomes and words (rows: outcomes). What needs more than the word is decided by the functions above.
Judged by_word(std::string_view outcome, const Case& in) {
  if (outcome == "partial" && names_recipients(in)) return partial_by_words(in);
  if (in.word.word == Word::none) return by_itself(outcome, in);
  if (in.word.word == Word::sent) return of_sent(outcome, in);
  if (outcome == "refuses") {
    auto wire = refuses_by_the_wire(in);
    return {wire.verdict, said(in.word) + ", and " + wire.seen, "", false, wire.severity};
  }
  using enum Verdict;
  struct Row {
    std::string_view outcome;
    Verdict temporary, permanent, misconfigured, refused, failed;
  };
  static constexpr std::array<Row, 7> table{{
      {"delivered", fail, fail, fail, fail, fail},
      {"temporary", pass, fail, lax, lax, info},
      {"permanent", fail, pass, lax, lax, info},
      {"misconfigured", lax, lax, pass, lax, info},
      {"reconnects", lax, fail, fail, fail, lax},
      {"ambiguous", pass, lax, lax, lax, pass},
      {"partial", pass, pass, pass, info, info},
  }};
  const auto& row =
      *std::find_if(table.begin(), table.end(), [&](const Row& each) { return each.outcome == outcome; });
  Judged out;
  switch (in.word.word) {
    case Word::temporary:
      out.verdict = row.temporary;
      break;
    case Word::permanent:
      out.verdict = row.permanent;
      break;
    case Word::misconfigured:
      out.verdict = row.misconfigured;
      break;
    case Word::refused:
      out.verdict = row.refused;
      break;
    default:
      out.verdict = row.failed;
      break;
  }
  out.seen = said(in.word);
  out.severity = in.message.doubled() ? Severity::mail_doubled : Severity::wrong_report;
  if (out.verdict == info) {
    out.seen += ", not why: a temporary failure can't be told from a permanent one";
    out.remedy = "let the command write MAILFAULT_REPORT";
    out.once = true;
  }
  if (outcome == "partial" && in.message.any_stored() && !some_without_copy(in.message))
    return {fail, said(in.word) + ", but " + stored_words(in.message), "", false};
  // What the wire shows weighs more than a good word: hammering, a message sent again after a refusal, a double.
  auto wire = by_itself(outcome, in);
  if (out.verdict < fail && wire.verdict == fail && outcome != "partial") {
    out = wire;
    out.seen = said(in.word) + ", but " + wire.seen;
  } else if (in.message.any_stored() && (outcome == "permanent" || outcome == "misconfigured")) {
    out = failed(of_ledger(in), said(in.word) + ", but " + stored_words(in.message));
  }
  return out;
}

// What the client reports before what its end says; a word for this very message before one for all; for the message
// as a whole before one for a recipient of it; and of those the one that isn't "sent".
ClientWord word_for(const TriedMessage* message, const std::vector<ClientWord>& words) {
  const ClientWord* best = nullptr;
  int best_rank = -1;
  for (const auto& word : words) {
    bool its_own = message && !word.message_id.empty() && word.message_id == message->id;
    if (!its_own && !word.message_id.empty()) continue;
    bool whole = word.recipient.empty();
    int of_line = 1 + (its_own ? 4 : 0) + (whole ? 2 : 0) + (!whole && word.word != Word::sent ? 1 : 0);
    int rank = word.by_exit ? 0 : of_line;
    if (rank < best_rank || (rank == best_rank && !whole)) continue;
    best = &word;
    best_rank = rank;
  }
  return best ? *best : ClientWord{};
}

bool has_id(const std::vector<TriedMessage>& messages, const std::string& id) {
  return std::any_of(messages.begin(), messages.end(), [&](const TriedMessage& each) { return each.id == id; });
}

/// The ids of words that no message had which came as far as its header.
std::set<std::string> unseen_ids(const std::vector<TriedMessage>& messages, const std::vector<ClientWord>& words) {
  std::set<std::string> out;
  for (const auto& word : words)
    if (!word.message_id.empty() && !has_id(messages, word.message_id)) out.insert(word.message_id);
  return out;
}

bool some_nameless(const std::vector<TriedMessage>& messages) { return messages.empty() || has_id(messages, ""); }

/// A message that came to nothing before its header has no id here, but in the client's report. Where there is one
/// such message and one such id, the word is its own; also where only its connection was seen, and that met the
/// fault.
std::vector<ClientWord> paired(const std::vector<TriedMessage>& messages, std::vector<ClientWord> words) {
  auto unseen = unseen_ids(messages, words);
  auto nameless = std::count_if(messages.begin(), messages.end(), [](const auto& each) { return each.id.empty(); });
  bool met_by_none = std::none_of(messages.begin(), messages.end(), [](const auto& each) { return each.met_fault; });
  if (unseen.size() != 1 || nameless > 1 || !(some_nameless(messages) || met_by_none)) return words;
  for (auto& word : words)
    if (unseen.contains(word.message_id) && (some_nameless(messages) || word.word != Word::sent))
      word.message_id.clear();
  return words;
}

// What is called sent has an id that would be in the ledger, as the ids of the client's other words are.
void judge_never_came(const std::vector<TriedMessage>& messages, const std::vector<ClientWord>& words,
                      std::vector<Finding>& to) {
  auto unseen = unseen_ids(messages, words);
  bool some_seen = std::any_of(words.begin(), words.end(), [&](const ClientWord& word) {
    return !word.message_id.empty() && has_id(messages, word.message_id);
  });
  if (!some_seen || some_nameless(messages)) return;
  for (const auto& word : words) {
    if (word.word != Word::sent || !unseen.contains(word.message_id)) continue;
    Finding finding;
    finding.verdict = Verdict::fail;
    finding.name = "outcome delivered";
    finding.expected = "delivered: the client said sent of <" + word.message_id + ">";
    finding.seen = "no message with this Message-ID ever came";
    to.push_back(std::move(finding));
    return;
  }
}

struct Expected {
  std::vector<std::string> outcomes;
  std::optional<std::string> lax;
  int line = 0;
  std::string words;
};

Expected expected_outcomes(const Scenario& scenario) {
  Expected expected;
  for (const auto& each : scenario.expectations) {
    if (each.name != "outcome") continue;
    expected.line = each.line;
    if (auto* text = each.given.text()) expected.outcomes.push_back(*text);
    if (auto* table = each.given.table()) {
      for (const auto& item : table->items) expected.outcomes.push_back(*item.text());
      if (auto lax = table->fields.find("lax"); lax != table->fields.end()) expected.lax = *lax->second.text();
    }
  }
  expected.words = join(expected.outcomes, " or ");
  if (expected.lax) expected.words += ", or with a mark " + *expected.lax;
  return expected;
}

// Whatever the outcome: a recipient that was tried, has no copy, and is called sent.
std::optional<Judged> called_sent(const Case& in) {
  for (const auto& word : in.options.words) {
    if (word.word != Word::sent || word.recipient.empty()) continue;
    if (!word.message_id.empty() && word.message_id != in.message.id) continue;
    auto copies = in.message.copies.find(word.recipient);
    if (copies == in.message.copies.end() || !copies->second.empty()) continue;
    return failed(Severity::mail_lost, said(word) + " of " + word.recipient + ", which has no copy");
  }
  return std::nullopt;
}

Judged best_of(const Expected& expected, const Case& in) {
  if (auto lie = called_sent(in)) return *lie;
  std::optional<Judged> best;
  auto take = [&](Judged judged) {
    if (!best || judged.verdict < best->verdict) best = std::move(judged);
  };
  for (const auto& outcome : expected.outcomes) take(by_word(outcome, in));
  if (expected.lax) {
    auto second = by_word(*expected.lax, in);
    if (second.verdict == Verdict::pass) second.verdict = Verdict::lax;
    take(second);
  }
  return *best;
}

std::string last_stage(const Conversation& talk) {
  if (talk.connections.empty()) return "";
  const auto& connection = talk.connections.back();
  if (connection.exchanges.empty()) return connection.greeting_code ? "greeting" : "connect";
  const auto& last = connection.exchanges.back();
  return last.verb.empty() ? "auth" : lower(last.verb);
}

void take(Finding& finding, Judged judged) {
  finding.verdict = judged.verdict;
  if (judged.verdict == Verdict::fail) finding.severity = judged.severity;
  if (judged.verdict == Verdict::lax) finding.severity = Severity::blemish;
  finding.seen = std::move(judged.seen);
  finding.remedy = std::move(judged.remedy);
  finding.once = judged.once;
}

Finding unmet(const Scenario& scenario, const Conversation& talk, const Expected& expected,
              const JudgeOptions& options) {
  Finding finding;
  finding.verdict = Verdict::unmet;
  finding.name = "outcome " + expected.words;
  finding.line = expected.line;
  finding.expected = "a client that meets the fault";
  bool blind = std::all_of(scenario.doors.begin(), scenario.doors.end(),
                           [](const DoorSpec& door) { return door.state == DoorState::refused; });
  if (blind) {
    // A refused door can't see its callers.
    auto word = word_for(nullptr, options.words);
    TriedMessage nothing;
    Case in{nothing, word, scenario, talk, options};
    nothing.tries.push_back({});
    auto judged = word.word == Word::none
                      ? Judged{Verdict::info, "a refused door can't see who calls, and the client gave no word",
                               "let the command write MAILFAULT_REPORT, or say --cmd client", true}
                      : best_of(expected, in);
    finding.expected = expected.words;
    take(finding, std::move(judged));
    return finding;
  }
  auto needs = scenario.needs.words();
  if (talk.connections.empty())
    finding.seen = options.command ? "the command never connected" : "nobody connected";
  else
    finding.seen = counted(talk.connections.size(), "connection", "connections") +
                   ", and no rule played; the last one came as far as " + last_stage(talk);
  finding.remedy = talk.connections.empty() ? "does the command take its server from SMTP_HOST and SMTP_PORT, or "
                                              "from {host} and {port} in its arguments?"
                   : needs.empty() ? "look at the wire log (-v): what would have to happen for a rule to play?"
                                   : "the client must be made to do: " + needs;
  return finding;
}

// Behind what is wanted of a message that the fault did nothing to.
std::string why_delivered(const TriedMessage& message, const Conversation& talk) {
  if (message.met_fault) return "";
  for (const auto& connection : talk.connections)
    for (const auto* attempt : message.attempts)
      if (attempt->connection == connection.number && !connection.faults.empty())
        return ": the fault came when its outcome was known";
  return ": it met no fault";
}

}  // namespace

void judge_outcome(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                   const JudgeOptions& given, std::vector<Finding>& to) {
  auto expected = expected_outcomes(scenario);
  auto messages = tried_messages(scenario, talk, ledger);
  auto options = given;
  options.words = paired(messages, given.words);
  judge_never_came(messages, options.words, to);
  bool only_delivered = expected.outcomes == std::vector<std::string>{"delivered"} || expected.outcomes.empty();
  Expected delivered;
  delivered.outcomes = {"delivered"};
  delivered.words = "delivered";
  bool met = fault_met(scenario, talk);
  if (!met && !only_delivered) {
    to.push_back(unmet(scenario, talk, expected, options));
    return;
  }
  auto judge_one = [&](const TriedMessage& message, const Expected& wanted) {
    Case in{message, word_for(&message, options.words), scenario, talk, options};
    auto judged = best_of(wanted, in);
    Finding finding;
    finding.name = "outcome " + wanted.words;
    finding.line = wanted.line;
    finding.expected = wanted.words + why_delivered(message, talk);
    take(finding, std::move(judged));
    if (!message.attempts.empty()) {
      finding.connection = message.last().connection;
      finding.from = message.attempts.front()->began;
      finding.to = message.last().ended;
    }
    to.push_back(std::move(finding));
  };
  // The fault came before MAIL: the connections are all that is known of the message.
  auto judge_unknown = [&] {
    auto unknown = before_mail(talk);
    unknown.met_fault = met;
    if (unknown.tries.empty()) unknown.tries.push_back({talk.swallowed.front().first, nullptr, nullptr});
    Case in{unknown, word_for(nullptr, options.words), scenario, talk, options};
    auto judged = best_of(expected, in);
    Finding finding;
    finding.name = "outcome " + expected.words;
    finding.line = expected.line;
    finding.expected = expected.words;
    take(finding, std::move(judged));
    if (!talk.connections.empty()) {
      finding.connection = talk.connections.back().number;
      finding.from = talk.connections.back().began;
      finding.to = talk.connections.back().ended == never ? finding.from : talk.connections.back().ended;
    }
    to.push_back(std::move(finding));
  };
  if (messages.empty()) {
    if (expected.outcomes.empty()) return;
    if (talk.connections.empty() && talk.swallowed.empty())
      to.push_back(unmet(scenario, talk, expected, options));
    else
      judge_unknown();
    return;
  }
  // None of several messages can be told to be the one that met the trap; the stop holds for all of them.
  bool nobodys = std::none_of(messages.begin(), messages.end(), [](const auto& each) { return each.met_fault; });
  // And a message that gave up before MAIL is known by the client's word alone.
  bool by_word_alone =
      !some_nameless(messages) &&
      std::any_of(options.words.begin(), options.words.end(),
                  [&](const ClientWord& word) { return word.message_id.empty() && word.word != Word::sent; }) &&
      std::any_of(given.words.begin(), given.words.end(), [&](const ClientWord& word) {
        return !word.message_id.empty() && !has_id(messages, word.message_id);
      });
  if (met && nobodys && (by_word_alone || expected.outcomes == std::vector<std::string>{"refuses"})) judge_unknown();
  for (const auto& message : messages) {
    if (message.met_fault && !expected.outcomes.empty())
      judge_one(message, expected);
    else if (!message.met_fault)
      judge_one(message, delivered);
  }
}

}  // namespace mailfault
