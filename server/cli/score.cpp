// score: a mail client under the whole catalogue, and a grade.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/score_run.hpp"
#include "cli/terminal.hpp"
#include "cli/whole_file.hpp"
#include "report/baseline.hpp"
#include "report/whole_files.hpp"
#include "report/words.hpp"
#include "runner/command.hpp"

namespace mailfault::cli {
namespace {

std::atomic<int> stop_signal{0};
void on_stop(int signal) { stop_signal = signal; }

// RFC 5321 section 4.5.3.2.7 has a client bear five minutes with most steps; one that is told to bear less meets a
// server whose waits are shorter by as much, and a little more, so that the server's end comes first.
constexpr Micros patience_of_a_client = std::chrono::minutes(5);
constexpr double ahead = 0.9;

class Score final : public Subcommand {
 public:
  Score() { settings_.time_scale = 0; }  // none given
  std::string_view name() const override { return "score"; }
  std::string_view summary() const override { return "Run a mail client under the whole catalogue, and grade it"; }
  std::string_view examples() const override {
    return "  mailfault score --profile curl -j 8                     curl, as its profile calls it\n"
           "  mailfault score 'rcpt-*' --profile ./my.json -- ./send  some scenarios, a client of one's own\n"
           "  mailfault score --profile ./my.json --baseline mail.baseline --junit report.xml -- ./send\n"
           "  mailfault score --merge a.json b.json --markdown table.md --html table\n";
  }
  void declare(OptionTable& options) override;
  void take_command(const std::vector<std::string>& words) override { words_ = words; }
  int run() override;

 private:
  void check_options() const;
  int merge() const;
  int score();
  void take_profile();
  ScoreReport begin_report(const ScorePlan& plan) const;
  void go_on(ScoreReport& report);
  ScoreRunOptions run_options() const;
  std::string replay_of(const PlannedCase& planned) const;
  void write_reports(const ScoreReport& report) const;
  int finish(const ScoreReport& report, const ScorePlan& plan) const;
  ScoreStyle style() const { return {has_color(), verbose_, std::clamp<std::size_t>(terminal_width(), 80, 140)}; }

  std::vector<std::string> filter_, words_;
  PlaySettings settings_;
  std::string stage_, profile_ = "generic", client_, json_, junit_, markdown_, html_, baseline_;
  std::uint64_t jobs_ = 8;
  std::optional<Micros> timeout_, limit_;
  bool scale_given_ = false;
  bool resume_ = false, merge_ = false, update_ = false, strict_ = false, verbose_ = false, quiet_ = false;
  runner::Profile client_profile_;
};

void Score::declare(OptionTable& options) {
  options.texts("FILTER", "", ValueKind::scenario, filter_,
                "ids of scenarios, or globs of them; none: the whole catalogue. With --merge: files of scores");
  options.text("--stage", "STAGE", ValueKind::text, stage_, "only scenarios with a rule at this stage");
  options.text("--profile", "NAME", ValueKind::text, profile_,
               "how the client is called and read: generic, curl, msmtp, swaks, smtplib, or a JSON file");
  options.text("--name", "NAME", ValueKind::text, client_, "of the client, in reports");
  options.whole("-j,--jobs", "N", jobs_, 1, 256, "so many scenarios at a time (8)");
  auto time = [](std::optional<Micros>& to, const std::string& option) {
    return [&to, option](const std::string& text) {
      to = parse_duration(text);
      if (!to || *to <= Micros{}) throw Error(option + " " + text + ": a duration is wanted, such as 3s");
    };
  };
  options.custom("--timeout", "TIME", false, time(timeout_, "--timeout"),
                 "what the client is told to bear with a step (the profile's, else 3s)");
  options.custom("--limit", "TIME", false, time(limit_, "--limit"),
                 "for the command; then its process group is ended (the profile's, else 30s)");
  settings_.declare(options);
  options.text("--json", "FILE", ValueKind::file, json_, "write everything as JSON");
  options.flag("--resume", resume_, "go on from what the file of --json has, and play only what it lacks");
  options.text("--junit", "FILE", ValueKind::file, junit_, "write a JUnit report");
  options.text("--markdown", "FILE", ValueKind::file, markdown_, "write a summary for a pull request");
  options.text("--html", "DIR", ValueKind::folder, html_, "write a table for a browser, with a page for each cell");
  options.text("--baseline", "FILE", ValueKind::file, baseline_, "fail only on what is worse than in this file");
  options.flag("--update-baseline", update_, "write the file of --baseline anew, and fail on nothing");
  options.flag("--merge", merge_, "play nothing: put the scores of several clients (JSON) beside each other");
  options.flag("--strict", strict_, "lax fails, too");
  options.flag("-v,--verbose", verbose_, "every failure whole with its wire log, and the table of stages");
  options.flag("--quiet", quiet_, "no progress");
}

void Score::check_options() const {
  if (merge_) {
    if (filter_.empty()) throw Error("--merge: name the files that 'mailfault score --json' wrote");
    if (!words_.empty()) throw Error("--merge: nothing is played, so no command can stand behind '--'");
  }
  if (resume_ && json_.empty()) throw Error("--resume: say where the score is, and where it goes on: --json FILE");
  if (update_ && baseline_.empty()) throw Error("--update-baseline: say which file: --baseline FILE");
  for (const auto& path : {json_, junit_, markdown_, update_ ? baseline_ : ""}) must_be_writable(path);
  if (html_.empty()) return;
  make_folder(html_);
  WholeFile can_be_written(std::filesystem::path(html_) / "index.html");
}

int Score::merge() const {
  std::vector<ScoreReport> all;
  for (const auto& path : filter_)
    for (auto& each : read_scores(path)) all.push_back(std::move(each));
  for (const auto& each : all)
    if (each.catalogue != all.front().catalogue)
      std::cerr << "mailfault: " << each.client << " was scored by catalogue " << each.catalogue << ", and "
                << all.front().client << " by " << all.front().catalogue << ": score both again to compare them\n";
  if (!json_.empty()) write_whole(json_, to_json(all));
  if (!markdown_.empty()) write_whole(markdown_, to_markdown(all));
  if (!html_.empty()) write_score_pages(all, html_);
  if (json_.empty() && markdown_.empty() && html_.empty()) std::cout << to_markdown(all);
  return 0;
}

void Score::take_profile() {
  client_profile_ = runner::find_profile(profile_);
  auto& profile = client_profile_;
  if (timeout_) profile.timeout = *timeout_;
  if (limit_) profile.limit = *limit_;
  if (words_.empty()) words_ = profile.command;
  if (words_.empty())
    throw Error(
        "score: the command is missing; write it behind '--': mailfault score -- CMD {host} {port}, or into "
        "the profile (\"command\")");
  bool takes_recipients = std::find(words_.begin(), words_.end(), "{recipients}") != words_.end();
  if (takes_recipients) profile.can.recipients = std::max<std::uint64_t>(profile.can.recipients, 100);
  scale_given_ = settings_.time_scale > 0;
  if (!scale_given_) settings_.time_scale = ahead * in_seconds(profile.timeout) / in_seconds(patience_of_a_client);
  if (!client_.empty()) return;
  auto path = std::filesystem::path(profile.name);
  if (profile.name == profile_ && path.extension() == ".json")
    client_ = path.stem() == "profile" && path.has_parent_path() ? path.parent_path().filename() : path.stem();
  else
    client_ = profile.name == "generic" ? std::filesystem::path(words_[0]).filename().string() : profile.name;
}

std::string version_of(const std::vector<std::string>& command) {
  if (command.empty()) return "";
  return runner::version_in(runner::run_captured(command, std::chrono::seconds(30)).output);
}

ScoreReport Score::begin_report(const ScorePlan& plan) const {
  ScoreReport report;
  report.client = client_;
  try {
    report.version = version_of(client_profile_.version);
  } catch (const Error& error) {
    std::cerr << "mailfault: the client's version is unknown: " << error.what() << "\n";
  }
  report.notes = client_profile_.notes;
  report.program = MAILFAULT_VERSION;
  report.catalogue = plan.catalogue;
  auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  report.began = text;
  report.command = words_;
  report.profile = profile_;
  report.seed = settings_.seed;
  report.time_scale = settings_.time_scale;
  report.selected = plan.cases.size();
  return report;
}

// What is there is of the same client and the same catalogue, or it would be no whole.
void Score::go_on(ScoreReport& report) {
  if (!resume_ || !std::filesystem::exists(json_)) return;
  auto found = read_scores(json_);
  if (found.size() != 1) throw Error("--resume: " + json_ + " has the scores of several clients");
  auto& before = found[0];
  auto must_be = [&](const std::string& there, const std::string& now, const char* what) {
    if (there != now)
      throw Error("--resume: " + json_ + " is of another " + what + " (" + there + ", now " + now +
                  "); take it away to begin anew");
  };
  must_be(before.catalogue, report.catalogue, "catalogue");
  must_be(shell_line(before.command), shell_line(report.command), "command");
  must_be(before.profile, report.profile, "profile");
  must_be(before.version, report.version, "version of the client");
  settings_.seed = report.seed = before.seed;
  if (!scale_given_) settings_.time_scale = report.time_scale = before.time_scale;
  report.began = before.began;
  report.cases = std::move(before.cases);
  std::erase_if(report.cases, [](const ScoreCase& each) { return !each.counts(); });
}

std::string Score::replay_of(const PlannedCase& planned) const {
  std::vector<std::string> words{"mailfault", "score",  planned.file.id,
                                 "-v",        "--seed", std::to_string(settings_.seed)};
  auto add = [&](const std::string& option, const std::string& value) {
    words.push_back(option);
    words.push_back(value);
  };
  if (profile_ != "generic") add("--profile", profile_);
  for (const auto& [name, value] : planned.set) add("--set", name + "=" + *value.text());
  if (!settings_.folder.empty()) add("--scenarios", settings_.folder);
  if (scale_given_) add("--time-scale", written(settings_.time_scale));
  if (settings_.tls.offered()) words.emplace_back("--tls");
  for (const auto& [option, value] : settings_.tls.given()) add(option, value);
  if (settings_.bounce_to) add("--bounce-to", settings_.bounce_to->written());
  if (timeout_) add("--timeout", format_duration(*timeout_));
  if (limit_) add("--limit", format_duration(*limit_));
  if (words_ != client_profile_.command) {
    words.emplace_back("--");
    words.insert(words.end(), words_.begin(), words_.end());
  }
  return shell_line(words);
}

ScoreRunOptions Score::run_options() const {
  ScoreRunOptions options;
  options.jobs = jobs_;
  options.quiet = quiet_;
  options.replay = [this](const PlannedCase& planned) { return replay_of(planned); };
  auto& trial = options.trial;
  trial.words = words_;
  trial.instance = settings_.for_instance();
  trial.bounce_to = settings_.bounce_to;
  trial.is_client = true;
  trial.reading = client_profile_;
  trial.gives_mail = true;
  trial.quiet = true;
  trial.timeout = client_profile_.limit;
  // What a client that has ended sent is on its way yet; one that retries by itself gets time for it.
  trial.settle = client_profile_.retries ? std::chrono::seconds(2) : std::chrono::milliseconds(300);
  trial.input = false;
  trial.stop_signal = [] { return stop_signal.load(); };
  return options;
}

void Score::write_reports(const ScoreReport& report) const {
  std::span all(&report, 1);
  if (!json_.empty()) write_whole(json_, to_json(all));
  if (!junit_.empty()) write_whole(junit_, to_junit(report));
  if (!markdown_.empty()) write_whole(markdown_, to_markdown(all));
  if (!html_.empty()) write_score_pages(all, html_);
}

int Score::finish(const ScoreReport& report, const ScorePlan& plan) const {
  std::cout << to_terminal(report, style());
  bool bad = std::any_of(report.cases.begin(), report.cases.end(), [&](const ScoreCase& each) {
    return each.fails() || (strict_ && each.verdict == Verdict::lax);
  });
  bool error = std::any_of(report.cases.begin(), report.cases.end(), [](const auto& each) { return !each.counts(); });
  if (update_) {
    bool kept = std::filesystem::exists(baseline_) && report.selected < plan.ids.size();
    write_whole(baseline_, write_baseline(report, kept ? read_baseline(baseline_) : Baseline{}));
    std::cout << baseline_ << " is written\n";
    bad = false;
  } else if (!baseline_.empty()) {
    auto changes = compare(read_baseline(baseline_), baseline_, report, plan.ids);
    std::cout << to_terminal(changes, style());
    bad = !changes.worse.empty();
  }
  std::cout << std::flush;
  if (stop_signal) return 128 + stop_signal;
  return error ? 2 : bad ? 1 : 0;
}

int Score::score() {
  take_profile();
  auto plan = plan_score(filter_, stage_, settings_, client_profile_.can);
  if (!baseline_.empty() && !update_) read_baseline(baseline_);  // what is wrong with it is said before the work
  auto report = begin_report(plan);
  go_on(report);
  std::vector<const PlannedCase*> wanted;
  for (const auto& each : plan.cases) {
    bool there = std::any_of(report.cases.begin(), report.cases.end(),
                             [&](const ScoreCase& known) { return known.id == each.file.id; });
    if (!there) wanted.push_back(&each);
  }
  auto played = play_score(wanted, run_options());
  if (!played.cannot_run.empty()) {
    std::cerr << "mailfault: the command could not be run: " << played.cannot_run << "\n";
    return 3;
  }
  bool before =
      std::any_of(report.cases.begin(), report.cases.end(), [](const auto& each) { return each.connections > 0; });
  if (played.gave_up && !before)
    throw Error(
        "your command didn't connect to {host}:{port}; did you forget to pass them? They stand in its words as "
        "{host} and {port}, and in SMTP_HOST and SMTP_PORT" +
        (played.never_connected.empty() ? "" : ". It said: " + played.never_connected));
  for (auto& each : played.cases) report.cases.push_back(std::move(each));
  std::stable_sort(report.cases.begin(), report.cases.end(), [](const ScoreCase& a, const ScoreCase& b) {
    return std::tie(a.folder, a.id) < std::tie(b.folder, b.id);
  });
  report.selected = std::max<std::uint64_t>(report.selected, report.cases.size());
  write_reports(report);
  return finish(report, plan);
}

int Score::run() {
  check_options();
  if (merge_) return merge();
  struct sigaction action {};
  action.sa_handler = on_stop;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  return score();
}

}  // namespace

std::unique_ptr<Subcommand> make_score() { return std::make_unique<Score>(); }

}  // namespace mailfault::cli
