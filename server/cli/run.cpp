// run: a command under one scenario after another, and a verdict on each.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/play.hpp"
#include "cli/settings.hpp"
#include "cli/terminal.hpp"
#include "cli/whole_file.hpp"
#include "report/words.hpp"
#include "runner/expectations_file.hpp"

namespace mailfault::cli {
namespace {

std::atomic<int> stop_signal{0};
void on_stop(int signal) { stop_signal = signal; }

constexpr Micros usual_timeout = std::chrono::minutes(5), usual_settle = std::chrono::seconds(2);

void make_folder(std::string_view option, const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  auto why = error ? error.message() : access(path.c_str(), W_OK | X_OK) != 0 ? std::strerror(errno) : "";
  if (!why.empty())
    throw Error(std::string(option) + " " + path + ": nothing can be written there: " + why +
                "; name a folder where you may write");
}

std::string now_as_text() {
  char text[32];
  auto time = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

class Run final : public Subcommand {
 public:
  std::string_view name() const override { return "run"; }
  std::string_view summary() const override { return "Run a command under scenarios, and judge how it behaved"; }
  std::string_view examples() const override {
    return "  mailfault run banner-421 -- pytest tests/test_mail.py\n"
           "  mailfault run dot-accepted-close rcpt-550-unknown -j 2 --junit report.xml -- npm test\n"
           "  mailfault run --api -- pytest                   each test asks for its own fault over HTTP\n"
           "  mailfault run mail-452-storage --cmd client --profile curl -- \\\n"
           "    curl {url} --mail-from a@example.com --mail-rcpt b@example.net -T mail.eml\n";
  }
  void declare(OptionTable& options) override;
  void take_command(const std::vector<std::string>& words) override { words_ = words; }
  int run() override;

 private:
  void check_options() const;
  TrialOptions trial_options() const;
  void play_all(const std::vector<std::unique_ptr<Trial>>& trials, const std::vector<std::unique_ptr<Loop>>& loops,
                const std::vector<std::string>& folders, const TerminalStyle& style) const;
  int run_once();
  int run_and_watch();
  int run_with_api_alone();
  void play(Trial& trial, Loop& loop, const std::string& folder) const;
  std::unique_ptr<control::ApiServer> open_api(std::map<std::string, std::string>& environment) const;
  std::vector<std::string> evidence_folders(const std::vector<LoadedScenario>& scenarios) const;
  void write_reports(const RunReport& report) const;
  std::string replay_of(const Trial& trial) const;
  bool sources_changed() const;

  std::vector<std::string> names_, words_;
  PlaySettings settings_;
  std::string cmd_ = "test", profile_, json_, junit_, html_, evidence_, journal_path_, expect_;
  std::uint64_t jobs_ = 1, messages_ = 0;
  Micros timeout_ = usual_timeout, settle_ = usual_settle;
  bool no_trust_ = false, strict_ = false, verbose_ = false, quiet_ = false, watch_ = false, api_wanted_ = false;
  runner::Profile reading_;
  std::unique_ptr<EventWriter> journal_;
  std::vector<std::filesystem::file_time_type> seen_;
};

void Run::declare(OptionTable& options) {
  options.texts("SCENARIO", "", ValueKind::scenario, names_,
                "files or ids; the command runs once under each; with --api none is needed");
  settings_.declare(options);
  options.text("--cmd", "KIND", ValueKind::text, cmd_,
               "what the command is: a 'test', whose exit status says whether its own assertions hold, or a mail "
               "'client', whose exit status is its word on the mail");
  options.text("--profile", "NAME", ValueKind::text, profile_,
               "how a client's exit status is read: generic, curl, msmtp, swaks, smtplib, or a JSON file");
  options.whole("--messages", "N", messages_, 1, 1'000'000, "how many different messages the command sends");
  options.whole("-j,--jobs", "N", jobs_, 1, 256, "so many scenarios at a time");
  auto time = [](Micros& to, const std::string& option) {
    return [&to, option](const std::string& text) {
      auto parsed = parse_duration(text);
      if (!parsed) throw Error(option + " " + text + ": a duration is wanted, such as 30s");
      to = *parsed;
    };
  };
  options.custom("--timeout", "TIME", false, time(timeout_, "--timeout"),
                 "for the command; then its process group is ended (5m)");
  options.custom("--settle", "TIME", false, time(settle_, "--settle"),
                 "wait for late retries when the command has ended (2s)");
  options.text("--expect", "FILE", ValueKind::file, expect_,
               "expectations as JSON, beside the scenario's own; an outcome takes the place of its own");
  options.text("--junit", "FILE", ValueKind::file, junit_, "write a JUnit report");
  options.text("--json", "FILE", ValueKind::file, json_, "write everything as JSON");
  options.text("--html", "FILE", ValueKind::file, html_, "write a page for a browser");
  options.text("--evidence", "DIR", ValueKind::folder, evidence_,
               "write journal, messages and scenario of each run, for a bug");
  options.text("--journal", "FILE", ValueKind::file, journal_path_,
               "write everything that happens as JSON Lines, while it happens");
  options.flag("--api", api_wanted_,
               "let the command make instances of its own over HTTP: MAILFAULT_API and MAILFAULT_API_TOKEN");
  options.flag("--no-trust", no_trust_, "don't tell the command to trust the certificates' CA");
  options.flag("--strict", strict_, "lax fails, too");
  options.flag("-v,--verbose", verbose_, "the wire log of every scenario");
  options.flag("--quiet", quiet_, "print the summary only");
  options.flag("--watch", watch_, "run again whenever a scenario's file changes");
}

std::string Run::replay_of(const Trial& trial) const {
  std::vector<std::string> words{"mailfault", "run", trial.name(), "--seed", std::to_string(settings_.seed)};
  auto add = [&](const std::string& option, const std::string& value) {
    words.push_back(option);
    words.push_back(value);
  };
  for (const auto& [name, value] : settings_.set)
    if (trial.scenario().parameters.contains(name)) add("--set", name + "=" + *value.text());
  if (!settings_.folder.empty()) add("--scenarios", settings_.folder);
  if (settings_.time_scale != 1) add("--time-scale", written(settings_.time_scale));
  if (settings_.tls.offered()) words.emplace_back("--tls");
  for (const auto& [option, value] : settings_.tls.given()) add(option, value);
  if (settings_.bounce_to) add("--bounce-to", settings_.bounce_to->written());
  if (no_trust_) words.emplace_back("--no-trust");
  if (cmd_ != "test") add("--cmd", cmd_);
  if (!profile_.empty()) add("--profile", profile_);
  if (messages_ > 0) add("--messages", std::to_string(messages_));
  if (timeout_ != usual_timeout) add("--timeout", format_duration(timeout_));
  if (settle_ != usual_settle) add("--settle", format_duration(settle_));
  if (!expect_.empty()) add("--expect", expect_);
  if (api_wanted_) words.emplace_back("--api");
  words.emplace_back("--");
  words.insert(words.end(), words_.begin(), words_.end());
  return shell_line(words);
}

void Run::write_reports(const RunReport& report) const {
  auto write = [](const std::string& path, const std::string& text) {
    if (!path.empty()) write_whole(path, text);
  };
  write(junit_, junit_.empty() ? "" : to_junit(report));
  write(json_, json_.empty() ? "" : to_json(report));
  write(html_, html_.empty() ? "" : to_html(report));
}

// A folder for each scenario; one that is named again gets a number.
std::vector<std::string> Run::evidence_folders(const std::vector<LoadedScenario>& scenarios) const {
  std::vector<std::string> folders;
  std::map<std::string, int> times;
  for (const auto& each : scenarios) {
    auto time = ++times[each.file.id];
    folders.push_back(evidence_ + "/" + each.file.id + (time > 1 ? "-" + std::to_string(time) : ""));
  }
  return folders;
}

void Run::play(Trial& trial, Loop& loop, const std::string& folder) const {
  std::string live_journal;
  if (!evidence_.empty()) {
    make_folder("--evidence", folder);
    live_journal = folder + "/journal.jsonl";
    std::filesystem::remove(live_journal);  // of an earlier run
  }
  trial.play(loop, live_journal);
  auto& run = trial.result();
  run.replay = replay_of(trial);
  if (!evidence_.empty() && run.journal) write_evidence(run, folder);
}

std::unique_ptr<control::ApiServer> Run::open_api(std::map<std::string, std::string>& environment) const {
  auto options = settings_.for_api();
  options.port = 0;
  if (journal_)
    options.made = [this](const std::string& id, Instance& instance) {
      auto& source = journal_->source(instance.scenario().id + "-" + id);
      for (const auto& event : instance.journal()) source.on_event(event);
      instance.journal().listen(source);
    };
  auto api = std::make_unique<control::ApiServer>(options);
  environment["MAILFAULT_API"] = api->url();
  environment["MAILFAULT_API_TOKEN"] = api->token();
  return api;
}

// With no scenario of ours the command's own assertions are the verdict: it asks the API for each scenario.
int Run::run_with_api_alone() {
  runner::SuperviseOptions options;
  auto api = open_api(options.environment);
  options.limit = timeout_;
  options.stop_signal = [] { return stop_signal.load(); };
  runner::Supervised ended;
  try {
    ended = runner::supervise(words_, options);
  } catch (const Error& error) {
    std::cerr << "mailfault: the command could not be run: " << error.what() << "\n";
    return 3;
  }
  if (stop_signal) return 128 + stop_signal;
  if (ended.timed_out) std::cerr << "mailfault: the command was ended, since its time was up\n";
  return ended.exit_status == 0 && !ended.timed_out ? 0 : 1;
}

TrialOptions Run::trial_options() const {
  TrialOptions options;
  options.words = words_;
  options.instance = settings_.for_instance();
  options.trust = !no_trust_;
  options.bounce_to = settings_.bounce_to;
  options.is_client = cmd_ == "client";
  options.reading = reading_;
  options.timeout = timeout_;
  options.settle = settle_;
  if (messages_ > 0) options.messages = messages_;
  if (!expect_.empty()) options.expectations = runner::read_expectations(expect_);
  // With several, Ctrl-C is ours: it ends the run, and not one command of many.
  options.input = names_.size() == 1;
  options.journal = journal_.get();
  options.stop_signal = [] { return stop_signal.load(); };
  return options;
}

// So many side by side, on at most as many event loops as there are cores. Told as they end.
void Run::play_all(const std::vector<std::unique_ptr<Trial>>& trials, const std::vector<std::unique_ptr<Loop>>& loops,
                   const std::vector<std::string>& folders, const TerminalStyle& style) const {
  std::mutex output;
  std::atomic<std::size_t> next{0};
  std::exception_ptr failed;
  auto work = [&](Loop& loop) {
    for (std::size_t mine; (mine = next++) < trials.size() && !stop_signal;) {
      try {
        play(*trials[mine], loop, folders[mine]);
        std::lock_guard lock(output);
        if (!quiet_) std::cout << to_terminal(trials[mine]->result(), style) << std::flush;
      } catch (...) {
        std::lock_guard lock(output);
        failed = std::current_exception();
        next = trials.size();
      }
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < std::min<std::size_t>(jobs_, trials.size()); ++i)
    workers.emplace_back([&, i] { work(*loops[i % loops.size()]); });
  work(*loops[0]);
  for (auto& worker : workers) worker.join();
  if (failed) std::rethrow_exception(failed);
}

int Run::run_once() {
  auto began = now_as_text();
  auto options = trial_options();
  auto scenarios = settings_.load_all(names_);
  auto folders = evidence_folders(scenarios);
  std::vector<std::unique_ptr<Loop>> loops;  // outlive what was played on them
  std::vector<std::unique_ptr<Trial>> trials;
  for (auto& each : scenarios) trials.push_back(std::make_unique<Trial>(std::move(each), options));
  std::unique_ptr<control::ApiServer> api;
  if (api_wanted_) api = open_api(options.environment);
  auto cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < std::min<std::size_t>({jobs_, trials.size(), cores}); ++i)
    loops.push_back(std::make_unique<Loop>());
  TerminalStyle style{has_color(), verbose_, std::clamp<std::size_t>(terminal_width(), 80, 140)};
  play_all(trials, loops, folders, style);

  RunReport report;
  report.version = MAILFAULT_VERSION;
  report.strict = strict_;
  report.began = began;
  for (const auto& trial : trials)
    if (trial->played()) report.runs.push_back(std::move(trial->result()));
  write_reports(report);
  std::cout << mailfault::summary(report, style) << std::flush;
  return stop_signal ? 128 + stop_signal : exit_status(report);
}

bool Run::sources_changed() const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    std::error_code error;
    auto time = std::filesystem::last_write_time(names_[i], error);
    if (!error && time != seen_[i]) return true;
  }
  return false;
}

int Run::run_and_watch() {
  for (;;) {
    seen_.clear();
    for (const auto& name : names_) {
      std::error_code error;
      seen_.push_back(std::filesystem::last_write_time(name, error));
    }
    try {
      run_once();
    } catch (const Error& error) {
      std::cerr << "mailfault: " << error.what() << "\n";
    }
    if (!stop_signal) std::cout << "waiting for a scenario's file to change; Ctrl-C ends it\n" << std::flush;
    while (!sources_changed() && !stop_signal) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (stop_signal) return 0;
  }
}

// What can be known before the command runs.
void Run::check_options() const {
  if (words_.empty())
    throw Error("run: the command is missing; write it behind '--': mailfault run SCENARIO -- CMD ARGS");
  if (names_.empty() && !api_wanted_)
    throw Error("run: name a scenario, such as 'healthy' ('mailfault list' shows all), or say --api");
  if (cmd_ != "test" && cmd_ != "client") throw Error("--cmd " + cmd_ + ": it is 'test' or 'client'");
  if (!profile_.empty() && cmd_ != "client")
    throw Error("--profile says how a client's exit status is read: say --cmd client, too");
  auto is_file = [](const std::string& name) {
    return name.find('/') != std::string::npos || name.ends_with(".lua");
  };
  if (watch_ && std::none_of(names_.begin(), names_.end(), is_file))
    throw Error("--watch: name a file of your own, such as ./my-fault.lua: the catalogue doesn't change");
  if (names_.empty())
    for (const auto& [option, value] : {std::pair("--junit", junit_),
                                        {"--json", json_},
                                        {"--html", html_},
                                        {"--evidence", evidence_},
                                        {"--expect", expect_}})
      if (!value.empty())
        throw Error(std::string(option) +
                    ": there is no scenario to tell of; what the command makes by the API is judged by GET "
                    "/v1/instances/ID/verdict");
  for (const auto& path : {junit_, json_, html_}) must_be_writable(path);
  if (!evidence_.empty()) make_folder("--evidence", evidence_);
}

int Run::run() {
  check_options();
  reading_ = runner::find_profile(profile_.empty() ? "generic" : profile_);
  if (!journal_path_.empty()) journal_ = open_json_lines(journal_path_);
  struct sigaction action {};
  action.sa_handler = on_stop;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  if (watch_) return run_and_watch();
  auto status = names_.empty() ? run_with_api_alone() : run_once();
  bool whole = settings_.finish_capture();
  if (journal_) {
    journal_->flush();
    whole = whole && !journal_->lost();
  }
  return whole ? status : 2;
}

}  // namespace

std::unique_ptr<Subcommand> make_run() { return std::make_unique<Run>(); }

}  // namespace mailfault::cli
