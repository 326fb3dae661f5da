// How long the client waited where the fault is the waiting, and whether a bound of time may be held against it.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "verdict/judge.hpp"

namespace mailfault {
namespace {

class Bounds {
 public:
  Bounds(const Scenario& scenario, const JudgeOptions& options, std::vector<Finding>& to)
      : scenario_(scenario), options_(options), up_(time_was_up(options)), to_(to) {}

  void judge(const Connection& connection) {
    for (auto wait : connection.waits) {
      cut_short(wait);
      length_ = wait.length();
      judge(connection, wait);
    }
  }

 private:
  // What the wire shows as the client's end was ours, if its time was up; and a client that the server can't hear was
  // gone when its command had ended.
  void cut_short(Wait& wait) {
    gone_by_ = false;
    if (up_ && wait.to >= *up_ && wait.end != WaitEnd::served)
      wait = {wait.from, *up_, WaitEnd::run, wait.stage, wait.reply_due};
    if (up_ || wait.end != WaitEnd::run || !options_.command || options_.command->ended == Micros{}) return;
    wait.to = std::clamp(options_.command->ended, wait.from, wait.to);
    gone_by_ = true;
  }

  void judge(const Connection& connection, const Wait& wait) {
    const auto& [still, gone] = scenario_.patience;
    auto least = still ? real(*still) : Micros{}, most = gone ? real(*gone) : never;
    bool left = wait.end == WaitEnd::closed_by_client || gone_by_;
    stays_ = length_ >= least;
    auto waited = "it waited " + in_both(length_) + " at " + std::string(wait.stage);
    if (still && left && wait.reply_due && length_ < least)
      miss(connection, wait, "a client that is still there after " + in_words(*still), waited + " and left",
           least - length_);
    else if (gone && !gone_by_ && length_ > most)
      miss(connection, wait, "a client that has given up after " + in_words(*gone), waited + still_there(wait),
           length_ - most);
    else if (wait.end == WaitEnd::run && !gone_by_ && (still || gone))
      add(connection, wait, Verdict::info, asked(), waited + " and was still there when its time was up",
          "give it more time (--timeout), or wait less (--time-scale)");
    else if (left && wait.reply_due)
      add(connection, wait, Verdict::pass, asked(), waited);
  }

  static std::string still_there(const Wait& wait) {
    return wait.end == WaitEnd::closed_by_client ? " before it left" : " and was there still";
  }
  std::string asked() const {
    std::string out;
    if (scenario_.patience.still) out = "still there after " + in_words(*scenario_.patience.still);
    if (scenario_.patience.gone)
      out += (out.empty() ? "gone after " : ", gone after ") + in_words(*scenario_.patience.gone);
    return "a client that is " + out;
  }

  // Bounds are nominal. They hold in real time unless both sides' clocks are scaled.
  Micros real(Micros nominal) const { return real_time(nominal, options_); }
  std::string in_both(Micros time) const {
    if (options_.time_scale == 1) return format_duration(time);
    auto nominal = Micros(std::llround(static_cast<double>(time.count()) / options_.time_scale));
    return format_duration(time) + " (nominally " + format_duration(nominal) + ")";
  }
  static std::string in_words(Micros nominal) { return format_duration(nominal); }

  void miss(const Connection& connection, const Wait& wait, std::string expected, const std::string& seen,
            Micros by) {
    auto missed = missed_by(by, options_);
    if (options_.time_scale != 1 && !options_.client_timeouts_scaled)
      missed = {Verdict::info, "; the server's time was scaled, and nothing says that the client's was"};
    add(connection, wait, missed.verdict, std::move(expected), seen + missed.why);
  }
  void add(const Connection& connection, const Wait& wait, Verdict verdict, std::string expected, std::string seen,
           std::string remedy = {}) {
    Finding finding;
    finding.verdict = verdict;
    if (verdict == Verdict::fail) finding.severity = stays_ ? Severity::hang : Severity::blemish;
    finding.name = "patience";
    finding.rule = scenario_.patience.written();
    finding.expected = std::move(expected);
    finding.seen = std::move(seen);
    finding.remedy = std::move(remedy);
    finding.connection = connection.number;
    finding.from = wait.from;
    finding.to = wait.to;
    to_.push_back(std::move(finding));
  }

  const Scenario& scenario_;
  const JudgeOptions& options_;
  std::optional<Micros> up_;
  std::vector<Finding>& to_;
  Micros length_{};
  bool stays_ = false;    // it was there as long as it must
  bool gone_by_ = false;  // its end is known only as an upper bound
};

}  // namespace

// RFC 5321 section 4.5.3.2 names the stages; where it doesn't, what it says of most of them.
Micros least_patience(std::string_view stage) {
  using std::chrono::minutes;
  if (stage == "message") return minutes(10);
  if (stage == "data") return minutes(2);
  if (stage == "content") return minutes(3);
  return minutes(5);
}

Micros real_time(Micros nominal, const JudgeOptions& options) {
  if (!options.client_timeouts_scaled || options.time_scale == 1) return nominal;
  return Micros(std::llround(static_cast<double>(nominal.count()) * options.time_scale));
}

std::optional<Micros> time_was_up(const JudgeOptions& options) {
  constexpr Micros grace = std::chrono::milliseconds(2500);  // from SIGTERM to its end
  if (!options.command || !options.command->timed_out) return std::nullopt;
  const auto& command = *options.command;
  if (command.time_up != Micros{}) return command.time_up;
  return std::max(command.began, command.ended - grace);
}

Missed missed_by(Micros by, const JudgeOptions& options) {
  if (by > options.latest_timer || options.latest_timer == Micros{}) return {};
  return {Verdict::info, "; it is missed by " + format_duration(by) + ", and the server's own timers were late by " +
                             format_duration(options.latest_timer)};
}

void judge_patience(const Scenario& scenario, const Conversation& talk, const JudgeOptions& options,
                    std::vector<Finding>& to) {
  if (!scenario.patience.declared()) return;
  Bounds bounds(scenario, options, to);
  for (const auto& connection : talk.connections) bounds.judge(connection);
}

}  // namespace mailfault
