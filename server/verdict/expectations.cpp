// What a scenario's author expects beside the outcome: expect.copies, delivered, attempts, connections, commands,
// never, client, and a function.
#include <algorithm>
#include <functional>

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
  void add(Verdict verdict, std::string expected, std::string seen, std::string nearest = {},
           std::string remedy = {}) {
    Finding finding;
    finding.verdict = verdict;
    finding.name = current_->name == "function" ? "expect(function)" : "expect." + current_->name;
    finding.rule = finding.name + (current_->name == "function" ? "" : " " + current_->given.written());
    finding.line = current_->line;
    finding.expected = std::move(expected);
    finding.seen = std::move(seen);
    finding.nearest = std::move(nearest);
    finding.remedy = std::move(remedy);
    if (verdict != Verdict::pass && !talk_.connections.empty()) {
      const auto& last = talk_.connections.back();
      finding.connection = last.number;
      finding.from = last.began;
      finding.to = last.ended == never ? last.began : last.ended;
    }
    to_.push_back(std::move(finding));
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
    std::map<std::string, std::size_t> counts;
    for (const auto& message : ledger_) {
      if (!door.empty() && !matches_glob(door, message.door)) continue;
      for (auto recipient : message.recipients) {
        if (!to.empty() && !matches_glob(to, recipient)) continue;
        auto id = message.message_id.empty() ? "#" + std::to_string(message.hash) : std::string(message.message_id);
        ++counts[id + " for " + std::string(recipient)];
      }
    }
    if (counts.empty()) {
      bool holds = bounds(given, 0);
      add(holds ? Verdict::pass : Verdict::fail, bound_words(given) + " copies of each message",
          "nothing is stored" + (to.empty() ? std::string() : " for " + to), nearest_recipient(to));
      return;
    }
    for (const auto& [what, count] : counts)
      if (!bounds(given, static_cast<double>(count))) {
        add(Verdict::fail, bound_words(given) + " copies of each message",
            counted(count, "copy", "copies") + " of " + what);
        return;
      }
    add(Verdict::pass, bound_words(given) + " copies of each message", "so it is");
  }

  std::string nearest_recipient(const std::string& glob) const {
    if (glob.empty() || ledger_.size() == 0) return "";
    const auto& last = ledger_[ledger_.size() - 1];
    return "one message arrived; its recipient was " +
           std::string(last.recipients.empty() ? "" : last.recipients[0]) + ", not " + glob;
  }

  void delivered(const Given& given) {
    auto to = given.text("to"), door = given.text("door"), subject = given.text("subject"),
         contains = given.text("contains");
    std::size_t count = 0;
    std::string nearest;
    for (const auto& message : ledger_) {
      std::string miss;
      bool recipient = to.empty() || std::any_of(message.recipients.begin(), message.recipients.end(),
                                                 [&](std::string_view each) { return matches_glob(to, each); });
      if (!recipient)
        miss = "its recipient was " + std::string(message.recipients.empty() ? "" : message.recipients[0]) +
               ", not " + to;
      if (!door.empty() && !matches_glob(door, message.door))
        miss = "it came by door " + std::string(message.door) + ", not " + door;
      if (!subject.empty() && !matches_glob(subject, message.subject))
        miss = "its subject was \"" + std::string(message.subject) + "\"";
      if (!contains.empty() && message.text.find(contains) == std::string_view::npos)
        miss = "its text doesn't have \"" + contains + "\"";
      if (miss.empty())
        ++count;
      else if (nearest.empty())
        nearest = "a message arrived; " + miss;
    }
    auto wanted = given.number("count");
    bool holds = wanted ? static_cast<double>(count) == *wanted : count > 0;
    add(holds ? Verdict::pass : Verdict::fail,
        wanted ? counted(static_cast<std::uint64_t>(*wanted), "such message", "such messages") : "such a message",
        counted(count, "is stored", "are stored"),
        holds             ? ""
        : nearest.empty() ? "no message arrived at all"
                          : nearest);
  }

  // Bounds of time hold for the client's real time; one missed by less than the server's own timers were late is
  // info.
  Verdict time_verdict(bool holds) const {
    if (holds) return Verdict::pass;
    return options_.time_scale < 1 && !options_.client_timeouts_scaled ? Verdict::info : Verdict::fail;
  }

  void attempts(const Given& given) {
    auto messages = tried_messages(scenario_, talk_, ledger_);
    std::vector<std::vector<Micros>> tries;
    for (const auto& message : messages) tries.push_back(message.tries);
    if (messages.empty() && !talk_.connections.empty()) {
      tries.emplace_back();
      for (const auto& connection : talk_.connections) tries.back().push_back(connection.began);
    }
    if (tries.empty()) return add(Verdict::info, "tries", "nothing was tried");
    auto gap = given.time("gap"), within = given.time("within");
    auto backoff = given.text("backoff");
    for (const auto& each : tries) {
      if (!bounds(given, static_cast<double>(each.size())))
        return add(Verdict::fail, bound_words(given) + " tries", counted(each.size(), "try", "tries"));
      for (std::size_t i = 1; i < each.size(); ++i) {
        auto between = each[i] - each[i - 1];
        if (gap && between < *gap)
          return add(Verdict::fail, "at least " + format_duration(*gap) + " between tries",
                     "try " + std::to_string(i + 1) + " came " + format_duration(between) + " after the one before");
        if (i > 1 && !backoff.empty()) {
          auto before = each[i - 1] - each[i - 2];
          auto least = backoff == "exponential" ? before * 3 / 2 : before;
          if (between < least)
            return add(Verdict::fail,
                       "gaps that grow" + std::string(backoff == "exponential" ? " by half or more" : ""),
                       format_duration(before) + ", then " + format_duration(between));
        }
      }
      if (within && each.back() - each.front() > *within)
        return add(time_verdict(false), "all tries within " + format_duration(*within),
                   "they took " + format_duration(each.back() - each.front()));
    }
    add(Verdict::pass, "tries as the scenario says", "so it is");
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
    std::string best;
    std::size_t best_count = 0;
    for (const auto& connection : talk_.connections) {
      std::size_t next = 0;
      std::string sent;
      for (const auto& exchange : connection.exchanges) {
        if (exchange.verb.empty()) continue;
        sent += (sent.empty() ? "" : ", ") + exchange.verb;
        if (next < wanted.size() && matches_glob(trim(wanted[next]), exchange.verb)) ++next;
      }
      if (next == wanted.size()) return add(Verdict::pass, *current_->given.text(), sent);
      if (next >= best_count) {
        best_count = next;
        best = sent;
      }
    }
    add(Verdict::fail, *current_->given.text(),
        talk_.connections.empty() ? "nobody connected" : "no connection has them in this order",
        best.empty() ? "" : "the nearest sent " + best);
  }

  void never_happens(const Given& given) {
    auto stage = given.text("stage"), door = given.text("door"), to = given.text("to"), bytes = given.text("bytes"),
         after = given.text("after");
    for (const auto& connection : talk_.connections) {
      if (!door.empty() && !matches_glob(door, connection.door)) continue;
      bool begun = after.empty();
      for (const auto& exchange : connection.exchanges) {
        if (!after.empty() && !begun) {
          begun =
              (after == "fault" && !connection.faults.empty() && connection.faults.front().place < exchange.place) ||
              equals_ignoring_case(after, exchange.verb) || after == std::to_string(exchange.code);
          continue;
        }
        bool is_stage = stage.empty() || equals_ignoring_case(stage, exchange.verb) ||
                        (stage == "helo" && (exchange.verb == "EHLO" || exchange.verb == "HELO"));
        bool is_to = to.empty() || (exchange.verb == "RCPT" && matches_glob("*<" + to + ">*", exchange.line));
        bool has = bytes.empty() || exchange.line.find(bytes) != std::string::npos;
        if (is_stage && is_to && has && (!stage.empty() || !to.empty() || !bytes.empty()))
          return add(Verdict::fail, "this never happens", exchange.line);
      }
      if (stage.empty() && to.empty() && bytes.empty() && !door.empty())
        return add(Verdict::fail, "nobody comes by door " + door,
                   "connection " + std::to_string(connection.number) + " did");
    }
    add(Verdict::pass, "this never happens", "it didn't");
  }

  void client(const Given& given) {
    if (!options_.command) return add(Verdict::info, "of the command under test", "no command was run");
    const auto& command = *options_.command;
    if (auto exit = given.number("exit"); exit && command.exit_status != static_cast<int>(*exit))
      return add(Verdict::fail, "exit status " + written(*exit),
                 "exit status " + std::to_string(command.exit_status));
    if (auto within = given.time("within"); within && command.ended - command.began > *within)
      return add(time_verdict(false), "its end within " + format_duration(*within),
                 "it took " + format_duration(command.ended - command.began));
    if (auto text = given.text("output_contains"); !text.empty()) {
      if (command.output.empty())
        return add(Verdict::info, "its output has \"" + text + "\"", "its output was not captured", "",
                   "say --cmd client");
      if (command.output.find(text) == std::string::npos)
        return add(Verdict::fail, "its output has \"" + text + "\"", "it hasn't");
    }
    add(Verdict::pass, "the command behaves as the scenario says", "so it does");
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
};

}  // namespace

void judge_expectations(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                        const JudgeOptions& options, std::vector<Finding>& to) {
  Judge judge(scenario, talk, ledger, options, to);
  for (const auto& expectation : scenario.expectations)
    if (expectation.name != "outcome") judge.judge(expectation);
}

}  // namespace mailfault
