// What a scenario's author expects beside the outcome: expect.copies, delivered, attempts, connections, commands,
// never, client, and a function.
#include <algorithm>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "verdict/judge.hpp"
#include "verdict/message.hpp"

namespace mailfault {
namespace {

struct Given {
  const Expectation& expectation;
  const Composite* table;

  const Value* field(std::string_view name) const {
    if (!table) return nullptr;
    auto found = table->fields.find(std::string(name));
    return found == table->fields.end() ? nullptr : &found->second;
  }
  std::optional<double> number(std::string_view name) const {
    auto* value = field(name);
    return value && value->number() ? std::optional(*value->number()) : std::nullopt;
  }
  std::string text(std::string_view name) const {
    auto* value = field(name);
    return value && value->text() ? *value->text() : std::string();
  }
  std::optional<Micros> time(std::string_view name) const {
    auto* value = field(name);
    return value ? std::optional(duration_of(*value, name)) : std::nullopt;
  }
};

class Judge {
 public:
  Judge(const Scenario& scenario, const Conversation& talk, const Ledger& ledger, const JudgeOptions& options,
        std::vector<Finding>& to)
      : scenario_(scenario), talk_(talk), ledger_(ledger), options_(options), to_(to) {}

  void judge(const Expectation& expectation) {
    Given given{expectation, expectation.given.table()};
    current_ = &expectation;
    severity_ = Severity::blemish;
    if (expectation.name == "copies") copies(given);
    if (expectation.name == "delivered") delivered(given);
    if (expectation.name == "attempts") attempts(given);
    if (expectation.name == "connections") connections(given);
    if (expectation.name == "commands") commands();
    if (expectation.name == "never") never_happens(given);
    if (expectation.name == "client") client(given);
    if (expectation.name == "function") function();
  }

 private:
  /// `of`: the connection to look at, where it isn't the last.
  void add(Verdict verdict, std::string expected, std::string seen, std::string nearest = {}, std::string remedy = {},
           const Connection* of = nullptr) {
    Finding finding;
    finding.verdict = verdict;
    if (verdict == Verdict::fail) finding.severity = severity_;
    if (verdict == Verdict::lax) finding.severity = Severity::blemish;
    finding.name = current_->name == "function" ? "expect(function)" : "expect." + current_->name;
    finding.rule = finding.name + (current_->name == "function" ? "" : " " + current_->given.written());
    finding.line = current_->line;
    finding.expected = std::move(expected);
    finding.seen = std::move(seen);
    finding.nearest = std::move(nearest);
    finding.remedy = std::move(remedy);
    if (!of && !talk_.connections.empty()) of = &talk_.connections.back();
    if (verdict != Verdict::pass && of) {
      finding.connection = of->number;
      finding.from = of->began;
      finding.to = of->ended == never ? of->began : of->ended;
    }
    to_.push_back(std::move(finding));
  }
  const Connection* connection(std::uint32_t number) const {
    for (const auto& each : talk_.connections)
      if (each.number == number) return &each;
    return nullptr;
  }

  // at_least and at_most of a count. True: it holds.
  bool bounds(const Given& given, double count) const {
    return count >= given.number("at_least").value_or(0) && count <= given.number("at_most").value_or(1e18);
  }
  static std::string bound_words(const Given& given) {
    auto least = given.number("at_least"), most = given.number("at_most");
    if (least && most) return *least == *most ? written(*least) : written(*least) + " to " + written(*most);
    return least ? "at least " + written(*least) : most ? "at most " + written(*most) : "any number";
  }

  void copies(const Given& given) {
    auto to = given.text("to"), door = given.text("door");
    // For each message and recipient: its copies.
    std::map<std::string, std::vector<const StoredMessage*>> all;
    for (const auto& message : ledger_) {
      if (!door.empty() && !matches_glob(door, message.door)) continue;
      for (auto recipient : message.recipients) {
        if (!to.empty() && !matches_glob(to, recipient)) continue;
        auto id =
            message.message_id.empty() ? "a message without an id" : "<" + std::string(message.message_id) + ">";
        all[id + " for " + std::string(recipient) +
            (message.message_id.empty() ? '\0' + std::to_string(message.hash) : std::string())]
            .push_back(&message);
      }
    }
    auto wanted = bound_words(given) + (given.number("at_most") == 1 ? " copy" : " copies") + " of each message";
    if (all.empty()) {
      bool holds = bounds(given, 0);
      severity_ = of_missing_mail(options_);
      // A client that said so has left it to its user to send again, which the scenario's author may not have thought
      // of; who expects copies by an option means them.
      bool told = severity_ == Severity::wrong_report && current_->line > 0;
      return add(holds  ? Verdict::pass
                 : told ? Verdict::lax
                        : Verdict::fail,
                 wanted,
                 "nothing is stored" + (to.empty() ? std::string() : " for " + to) +
                     (door.empty() ? std::string() : " by door " + door),
                 holds ? "" : nearest_message(given));
    }
    for (const auto& [what, stored] : all) {
      if (bounds(given, static_cast<double>(stored.size()))) continue;
      bool too_few = static_cast<double>(stored.size()) < given.number("at_least").value_or(0);
      severity_ = too_few ? of_missing_mail(options_) : Severity::mail_doubled;
      std::string came;
      for (const auto* each : stored)
        came += (came.empty() ? "" : ", ") + std::string("#") + std::to_string(each->connection) + " at " +
                format_duration(each->at);
      return add(Verdict::fail, wanted,
                 counted(stored.size(), "copy", "copies") + " of " + what.substr(0, what.find('\0')),
                 "they came on connection " + came, "", connection(stored.back()->connection));
    }
    add(Verdict::pass, wanted, "so it is");
  }

  /// What keeps a stored message from being the wanted one, each in words.
  static std::vector<std::string> misses(const Given& given, const StoredMessage& message) {
    auto to = given.text("to"), door = given.text("door"), subject = given.text("subject"),
         contains = given.text("contains");
    std::vector<std::string> out;
    const auto& recipients = message.recipients;
    if (!to.empty() && std::none_of(recipients.begin(), recipients.end(),
                                    [&](std::string_view each) { return matches_glob(to, each); }))
      out.push_back((recipients.size() == 1 ? "its recipient was " : "its recipients were ") +
                    join(std::vector<std::string>(recipients.begin(), recipients.end()), ", ") + ", not " + to);
    if (!door.empty() && !matches_glob(door, message.door))
      out.push_back("it came by door " + std::string(message.door) + ", not " + door);
    if (!subject.empty() && !matches_glob(subject, message.subject))
      out.push_back("its subject was \"" + std::string(message.subject) + "\", not \"" + subject + "\"");
    if (!contains.empty() && message.text.find(contains) == std::string_view::npos)
      out.push_back("its text doesn't have \"" + contains + "\"");
    return out;
  }

  /// Of the messages that aren't the wanted one, the one that lacks least.
  std::string nearest_message(const Given& given) const {
    std::vector<std::string> least;
    for (const auto& message : ledger_)
      if (auto lacks = misses(given, message); !lacks.empty() && (least.empty() || lacks.size() < least.size()))
        least = std::move(lacks);
    if (ledger_.size() == 0) return nearest_attempt();
    if (least.empty()) return "";
    auto what = join(least, ", and ");
    return ledger_.size() == 1 ? "one message arrived; " + what
                               : std::to_string(ledger_.size()) + " messages arrived; of the nearest " + what;
  }

  /// Nothing is stored: how far a client came.
  std::string nearest_attempt() const {
    if (talk_.connections.empty()) return "nobody connected";
    const Attempt* furthest = nullptr;
    auto steps = [](const Attempt& each) {
      return each.final_code ? 4 : each.body_sent ? 3 : each.data_code ? 2 : each.recipients.empty() ? 0 : 1;
    };
    for (const auto& each : talk_.connections)
      for (const auto& attempt : each.attempts)
        if (!furthest || steps(attempt) > steps(*furthest)) furthest = &attempt;
    if (!furthest) return "no client came as far as MAIL";
    auto answered = [](const std::string& what, int code) {
      return what + (code ? " was answered with " + std::to_string(code) : " got no answer");
    };
    if (furthest->body_sent) return "a message was sent whole; " + answered("it", furthest->final_code);
    if (furthest->data_code) return answered("a message was begun; DATA", furthest->data_code);
    if (furthest->recipients.empty()) return answered("a message was begun; MAIL", furthest->mail_code);
    const auto& last = furthest->recipients.back();
    return answered("a message was begun; RCPT of " + last.address, last.code);
  }

  void delivered(const Given& given) {
    std::size_t count = 0;
    for (const auto& message : ledger_) count += misses(given, message).empty();
    auto wanted = given.number("count");
    bool holds = wanted ? static_cast<double>(count) == *wanted : count > 0;
    bool too_many = wanted && static_cast<double>(count) > *wanted;
    severity_ = too_many ? Severity::mail_doubled : of_missing_mail(options_);
    add(holds ? Verdict::pass : Verdict::fail,
        wanted ? counted(static_cast<std::uint64_t>(*wanted), "such message", "such messages") : "such a message",
        counted(count, "is stored", "are stored"), holds || too_many ? "" : nearest_message(given));
  }

  // What the server waited was scaled, the client's clock wasn't: then too long is not the client's doing.
  Missed missed_time(Micros by) const {
    if (options_.time_scale != 1 && !options_.client_timeouts_scaled)
      return {Verdict::info, "; the server's time was scaled, and nothing says that the client's was"};
    return missed_by(by, options_);
  }

  std::vector<std::vector<Try>> all_tries() const {
    std::vector<std::vector<Try>> out;
    for (const auto& message : tried_messages(scenario_, talk_, ledger_)) out.push_back(message.tries);
    if (out.empty() && !talk_.connections.empty()) out.push_back(before_mail(talk_).tries);
    return out;
  }

  static std::string shown_gaps(const std::vector<Try>& tries) {
    std::string out;
    for (std::size_t i = 1; i < tries.size(); ++i)
      out += (out.empty() ? "" : ", ") + format_duration(tries[i].at - tries[i - 1].at);
    return out.empty() ? "" : "the gaps between its tries: " + out;
  }

  void attempts(const Given& given) {
    auto all = all_tries();
    if (all.empty()) {
      bool holds = bounds(given, 0);
      return add(holds ? Verdict::info : Verdict::fail, bound_words(given) + " tries", "nothing was tried");
    }
    for (const auto& tries : all) {
      if (!bounds(given, static_cast<double>(tries.size())))
        return add(Verdict::fail, bound_words(given) + " tries", counted(tries.size(), "try", "tries"),
                   shown_gaps(tries), "", tries.back().connection);
      for (std::size_t i = 1; i < tries.size(); ++i)
        if (!gap_holds(given, tries, i)) return;
      if (auto within = given.time("within"), took = std::optional(tries.back().at - tries.front().at);
          within && *took > *within) {
        auto missed = missed_time(*took - *within);
        return add(missed.verdict, "all tries within " + format_duration(*within),
                   "they took " + format_duration(*took) + missed.why, shown_gaps(tries), "",
                   tries.back().connection);
      }
    }
    const auto* jitter = given.field("jitter");
    if (jitter && *jitter->boolean() && !jitters(all)) return;
    add(Verdict::pass, "tries as the scenario says", "so it is");
  }

  // The gap before a try: not too short, not too long, and longer than the one before it. Says so if it isn't.
  bool gap_holds(const Given& given, const std::vector<Try>& tries, std::size_t at) {
    auto miss = [&](Micros by, std::string expected, const std::string& seen, std::string remedy) {
      auto missed = missed_by(by, options_);
      add(missed.verdict, std::move(expected), seen + missed.why, shown_gaps(tries), std::move(remedy),
          tries[at].connection);
      return false;
    };
    auto between = tries[at].at - tries[at - 1].at;
    auto came = "try " + std::to_string(at + 1) + " came " + format_duration(between) + " after the one before";
    auto cap = given.time("cap");
    if (auto gap = given.time("gap"); gap && between < *gap)
      return miss(*gap - between, "at least " + format_duration(*gap) + " between tries", came,
                  "wait longer before each try");
    if (cap && between > *cap)
      return miss(between - *cap, "at most " + format_duration(*cap) + " between tries", came,
                  "let the gaps grow up to a bound only");
    auto backoff = given.text("backoff");
    bool at_the_cap = cap && between * 10 >= *cap * 9;
    if (backoff.empty() || at < 2 || at_the_cap) return true;
    auto before = tries[at - 1].at - tries[at - 2].at;
    auto least = backoff == "exponential" ? before * 3 / 2 : before * 21 / 20;
    if (between >= least) return true;
    return miss(least - between, "gaps that grow" + std::string(backoff == "exponential" ? " by half or more" : ""),
                format_duration(before) + ", then " + format_duration(between), "wait longer each time");
  }

  // No two waits alike: the first gaps of several messages, or the gaps of one. Says so if they are, or can't be
  // told.
  bool jitters(const std::vector<std::vector<Try>>& all) {
    constexpr std::size_t enough = 3;
    std::vector<Micros> gaps;
    const std::vector<Try>* of = nullptr;
    for (const auto& tries : all)
      if (tries.size() > 1) {
        gaps.push_back(tries[1].at - tries[0].at);
        of = &tries;
      }
    if (gaps.size() < enough) {
      auto longest =
          std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
      gaps.clear();
      for (std::size_t i = 1; i < longest->size(); ++i) gaps.push_back((*longest)[i].at - (*longest)[i - 1].at);
      of = &*longest;
    }
    if (gaps.size() < enough) {
      add(Verdict::info, "waits with a random part",
          "there are too few tries to tell: " + std::to_string(enough) +
              " messages that are tried again, or as many gaps of one, are wanted");
      return false;
    }
    auto [least, most] = std::minmax_element(gaps.begin(), gaps.end());
    if (*most - *least > std::max<Micros>(*least / 50, std::chrono::milliseconds(20))) return true;
    add(Verdict::fail, "waits with a random part",
        std::to_string(gaps.size()) + " of them were alike: " + format_duration(*least) + " to " +
            format_duration(*most),
        "", "add a random part to each wait", of->back().connection);
    return false;
  }

  void connections(const Given& given) {
    auto count = talk_.connections.size();
    if (!bounds(given, static_cast<double>(count)))
      return add(Verdict::fail, bound_words(given) + " connections", counted(count, "connection", "connections"));
    if (auto most = given.number("at_once"); most && static_cast<double>(talk_.open_at_once) > *most)
      return add(Verdict::fail, "at most " + written(*most) + " connections at a time",
                 std::to_string(talk_.open_at_once) + " at a time");
    add(Verdict::pass, "connections as the scenario says", counted(count, "connection", "connections"));
  }

  // These commands in this order, others between, on some connection.
  void commands() {
    auto wanted = split(*current_->given.text(), ',');
    for (auto& word : wanted) word = trim(word);
    const Connection* best = nullptr;
    std::size_t best_count = 0;
    std::string best_sent, best_after;
    for (const auto& each : talk_.connections) {
      std::size_t next = 0;
      std::string sent, after;
      for (const auto& exchange : each.exchanges) {
        if (exchange.verb.empty()) continue;
        sent += (sent.empty() ? "" : ", ") + exchange.verb;
        if (next == wanted.size() || !matches_glob(wanted[next], exchange.verb)) continue;
        ++next;
        after = exchange.verb + (exchange.code ? " was answered with " + std::to_string(exchange.code) : "");
      }
      if (next == wanted.size()) return add(Verdict::pass, *current_->given.text(), sent);
      if (best && next < best_count) continue;
      best = &each;
      best_count = next;
      best_sent = sent;
      best_after = after;
    }
    if (!best) return add(Verdict::fail, *current_->given.text(), "nobody connected");
    auto nearest = "connection " + std::to_string(best->number) + " sent " +
                   (best_sent.empty() ? std::string("no command") : best_sent) + "; " +
                   std::string(wanted[best_count]) + " is missing" +
                   (best_count == 0                             ? std::string()
                    : best_after.find(' ') == std::string::npos ? " behind " + best_after
                                                                : " after " + best_after);
    add(Verdict::fail, *current_->given.text(), "no connection has them in this order", nearest, "", best);
  }

  void never_happens(const Given& given) {
    for (const auto& each : talk_.connections) {
      if (auto door = given.text("door"); !door.empty() && !matches_glob(door, each.door)) continue;
      auto offence = first_offence(given, each);
      // What goes in clear, or on after a stop that protects, can be read by whom it mustn't.
      auto outcomes = scenario_.outcomes();
      bool stops = std::find(outcomes.begin(), outcomes.end(), "refuses") != outcomes.end();
      const auto* tls = given.field("tls");
      if (stops || (tls && !*tls->boolean())) severity_ = Severity::secret_leaked;
      if (!offence.empty()) return add(Verdict::fail, "this never happens", offence, "", "", &each);
    }
    add(Verdict::pass, "this never happens", "it didn't");
  }

  /// What happened on a connection that never should; empty: nothing.
  std::string first_offence(const Given& given, const Connection& in) const {
    auto stage = given.text("stage"), to = given.text("to"), bytes = given.text("bytes"), after = given.text("after");
    auto from = begin_of(after, in);
    if (!from) return "";
    const auto* tls = given.field("tls");
    auto counts = [&](std::size_t place) { return place > *from && (!tls || *tls->boolean() == in.in_tls(place)); };
    bool anything = to.empty() && bytes.empty() && !tls;
    auto number = std::to_string(in.number);
    if (anything && after.empty() && (stage.empty() || stage == "connect")) return "connection " + number + " came";
    if (anything && after.empty() && stage == "greeting" && in.greeting_code)
      return "connection " + number + " was greeted with " + std::to_string(in.greeting_code);
    for (const auto& exchange : in.exchanges) {
      bool is_stage =
          stage.empty() || stage == "command" || equals_ignoring_case(stage, exchange.verb) ||
          (stage == "helo" && (exchange.verb == "EHLO" || exchange.verb == "HELO" || exchange.verb == "LHLO"));
      bool is_to = to.empty() || (exchange.verb == "RCPT" && matches_glob("*<" + to + ">*", exchange.line));
      bool has = bytes.empty() || exchange.line.find(bytes) != std::string::npos;
      // Of a recipient counts only what was sent back about it.
      bool later =
          exchange.verb == "RCPT" && is_bounce(after) ? told_before(after, exchange) : counts(exchange.place);
      if (later && is_stage && is_to && has) return exchange.line;
    }
    for (const auto& attempt : in.attempts)
      if (auto what = offence_of_body(given, attempt, counts); !what.empty()) return what;
    return "";
  }

  // `content` and `message`, and bytes that a stored message has.
  std::string offence_of_body(const Given& given, const Attempt& attempt,
                              const std::function<bool(std::size_t)>& counts) const {
    auto stage = given.text("stage"), to = given.text("to"), bytes = given.text("bytes");
    bool of_body = stage == "content" || stage == "message" || (stage.empty() && !bytes.empty());
    bool begun = stage == "content" && attempt.data_code == 354 && counts(attempt.place);
    bool came = (attempt.body_place > 0 && counts(attempt.body_place)) || begun;
    bool is_to = to.empty() || std::any_of(attempt.recipients.begin(), attempt.recipients.end(),
                                           [&](const auto& each) { return matches_glob(to, each.address); });
    if (!of_body || !came || !is_to) return "";
    if (bytes.empty()) return stage == "message" ? "a message was sent whole" : "the body of a message was begun";
    bool has = attempt.stored > 0 && attempt.stored <= ledger_.size() &&
               ledger_[attempt.stored - 1].text.find(bytes) != std::string_view::npos;
    return has ? "a message has these bytes" : "";
  }

  /// The place in the journal behind which it counts; none: that never came.
  std::optional<std::size_t> begin_of(const std::string& after, const Connection& in) const {
    if (after.empty()) return 0;
    if (after == "fault") return in.faults.empty() ? std::nullopt : std::optional(in.faults.front().place);
    if (is_bounce(after)) {
      for (const auto& each : talk_.bounces)
        if (is_of(after, *each.bounce)) return each.place;
      return std::nullopt;
    }
    for (const auto& exchange : in.exchanges)
      if (equals_ignoring_case(after, exchange.verb) || after == std::to_string(exchange.code)) return exchange.place;
    return std::nullopt;
  }

  static bool is_bounce(const std::string& after) {
    return after == "dsn" || after == "complaint" || after == "auto_reply";
  }
  static bool is_of(const std::string& action, const Bounce& bounce) {
    return action == "dsn" ? bounce.kind != "complaint" && bounce.kind != "auto_reply" : bounce.kind == action;
  }
  /// The sender had been told of this recipient.
  bool told_before(const std::string& after, const Exchange& rcpt) const {
    return std::any_of(talk_.bounces.begin(), talk_.bounces.end(), [&](const SentBack& each) {
      const auto& about = each.bounce->recipients;
      return each.place < rcpt.place && is_of(after, *each.bounce) &&
             std::any_of(about.begin(), about.end(), [&](std::string_view address) {
               return contains_ignoring_case(rcpt.line, "<" + std::string(address) + ">");
             });
    });
  }

  void client(const Given& given) {
    if (!options_.command) return add(Verdict::info, "of the command under test", "no command was run");
    const auto& command = *options_.command;
    severity_ = Severity::wrong_report;
    if (auto exit = given.number("exit"); exit && command.exit_status != static_cast<int>(*exit))
      return add(Verdict::fail, "exit status " + written(*exit),
                 "exit status " + std::to_string(command.exit_status));
    auto took = command.ended - command.began;
    if (auto within = given.time("within"); within && took > *within) {
      auto missed = missed_time(took - *within);
      severity_ = Severity::hang;
      return add(missed.verdict, "its end within " + format_duration(*within),
                 "it took " + format_duration(took) + missed.why);
    }
    if (auto text = given.text("output_contains"); !text.empty()) {
      if (command.output.empty())
        return add(Verdict::info, "its output has \"" + text + "\"", "its output was not captured", "",
                   "say --cmd client");
      if (command.output.find(text) == std::string::npos)
        return add(Verdict::fail, "its output has \"" + text + "\"", "it hasn't", last_line(command.output));
    }
    add(Verdict::pass, "the command behaves as the scenario says", "so it does");
  }

  static std::string last_line(std::string_view output) {
    while (output.ends_with('\n') || output.ends_with('\r')) output.remove_suffix(1);
    auto line = output.substr(output.rfind('\n') + 1).substr(0, 200);
    return "its last line was \"" + std::string(line) + "\"";
  }

  void function() {
    if (!options_.call) return add(Verdict::info, "a function of the scenario's", "it can't be called here");
    try {
      auto [holds, reason] = options_.call(*current_->given.function());
      add(holds ? Verdict::pass : Verdict::fail,
          "the function of line " + std::to_string(current_->line) + " returns true",
          reason.empty() ? (holds ? "it does" : "it returned false, and no reason") : reason);
    } catch (const Error& error) {
      add(Verdict::fail, "a function without errors", error.what());
    }
  }

  const Scenario& scenario_;
  const Conversation& talk_;
  const Ledger& ledger_;
  const JudgeOptions& options_;
  std::vector<Finding>& to_;
  const Expectation* current_ = nullptr;
  Severity severity_ = Severity::blemish;  // of what doesn't hold
};

}  // namespace

void judge_expectations(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                        const JudgeOptions& options, std::vector<Finding>& to) {
  Judge judge(scenario, talk, ledger, options, to);
  for (const auto& expectation : scenario.expectations)
    if (expectation.name != "outcome") judge.judge(expectation);
}

}  // namespace mailfault
