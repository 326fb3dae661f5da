// run: a command under one scenario after another, and a verdict on each.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/find.hpp"
#include "cli/loop.hpp"
#include "cli/options.hpp"
#include "cli/settings.hpp"
#include "cli/terminal.hpp"
#include "engine/live.hpp"
#include "report/report.hpp"
#include "runner/supervise.hpp"
#include "verdict/judge.hpp"

namespace mailfault::cli {
namespace {

std::atomic<int> stop_signal{0};
void on_stop(int signal) { stop_signal = signal; }

/// A file for MAILFAULT_REPORT that is gone with its run.
class ReportFile {
 public:
  ReportFile() {
    char name[] = "/tmp/mailfault-report-XXXXXX";
    int file = mkostemp(name, O_CLOEXEC);
    if (file < 0) throw Error(std::string("no temporary file for MAILFAULT_REPORT: ") + std::strerror(errno));
    close(file);
    path_ = name;
  }
  ~ReportFile() { unlink(path_.c_str()); }
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string shell_word(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@,+%{}";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string out = "'";
  for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// One scenario's run while it is under way; keeps what the report refers to.
struct Played {
  Played() = default;
  Played(Played&&) = default;
  Played& operator=(Played&&) = default;
  ~Played() {
    if (live) loop->call([this] { live.reset(); });
  }

  std::string name;  ///< as it was given
  ScenarioFile file;
  Loop* loop = nullptr;  ///< on which the instance lives
  std::unique_ptr<LiveInstance> live;
  std::unique_ptr<script::Script> unplayed;  ///< where it is not applicable
  ScenarioRun run;
};

class Run final : public Subcommand {
 public:
  std::string_view name() const override { return "run"; }
  std::string_view summary() const override { return "Run a command under scenarios, and judge how it behaved"; }
  std::string_view examples() const override {
    return "  mailfault run banner-421 -- pytest tests/test_mail.py\n"
           "  mailfault run dot-accepted-close rcpt-550-unknown -j 2 --junit report.xml -- npm test\n"
           "  mailfault run mail-452-storage --cmd client --profile curl -- \\\n"
           "    curl {url} --mail-from a@example.com --mail-rcpt b@example.net -T mail.eml\n";
  }
  void declare(OptionTable& options) override;
  void take_command(const std::vector<std::string>& words) override { words_ = words; }
  int run() override;

 private:
  int run_once();
  void play(Played& played, Loop& loop);
  void open(Played& played, Loop& loop, const std::map<std::string, Value>& set);
  void settle(Played& played, Loop& loop) const;
  void write_reports(const RunReport& report) const;
  void must_be_writable(const std::string& path) const;
  std::string replay_of(const Played& played) const;
  bool sources_changed() const;

  std::vector<std::string> names_, words_;
  PlaySettings settings_;
  std::string cmd_ = "test", profile_, json_, junit_, html_, evidence_;
  std::uint64_t jobs_ = 1, messages_ = 0;
  Micros timeout_ = std::chrono::minutes(5), settle_ = std::chrono::seconds(2);
  bool strict_ = false, verbose_ = false, quiet_ = false, watch_ = false;
  runner::Profile reading_;
  std::vector<std::filesystem::file_time_type> seen_;
};

void Run::declare(OptionTable& options) {
  options.texts("SCENARIO", "", ValueKind::scenario, names_, "files or ids; the command runs once under each", true);
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
  options.text("--junit", "FILE", ValueKind::file, junit_, "write a JUnit report");
  options.text("--json", "FILE", ValueKind::file, json_, "write everything as JSON");
  options.text("--html", "FILE", ValueKind::file, html_, "write a page for a browser");
  options.text("--evidence", "DIR", ValueKind::folder, evidence_,
               "write journal, messages and scenario of each run, for a bug");
  options.flag("--strict", strict_, "lax fails, too");
  options.flag("-v,--verbose", verbose_, "the wire log of every scenario");
  options.flag("--quiet", quiet_, "print the summary only");
  options.flag("--watch", watch_, "run again whenever a scenario's file changes");
}

void Run::must_be_writable(const std::string& path) const {
  if (path.empty()) return;
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0)
    throw Error(path + ": the report can't be written: " + std::strerror(errno) +
                "; name a file where you may write");
  close(file);
}

std::string Run::replay_of(const Played& played) const {
  std::string out = "mailfault run " + shell_word(played.name);
  out += " --seed " + std::to_string(settings_.seed);
  for (const auto& [name, value] : settings_.set)
    if (played.run.parameters.contains(name)) out += " --set " + shell_word(name + "=" + *value.text());
  if (settings_.time_scale != 1) out += " --time-scale " + written(settings_.time_scale);
  if (cmd_ != "test") out += " --cmd " + cmd_;
  if (!profile_.empty()) out += " --profile " + shell_word(profile_);
  out += " --";
  for (const auto& word : words_) out += " " + shell_word(word);
  return out;
}

void Run::open(Played& played, Loop& loop, const std::map<std::string, Value>& set) {
  played.loop = &loop;
  loop.call([&] {
    LiveOptions options;
    options.instance.seed = settings_.seed;
    options.instance.time_scale = settings_.time_scale;
    try {
      played.live = std::make_unique<LiveInstance>(loop.reactor(), load(played.file, set, settings_.seed), options);
    } catch (const NotApplicable& reason) {
      played.unplayed = load(played.file, set, settings_.seed);
      played.run.not_applicable = reason.what();
    }
  });
}

// Late retries: none can come from a client that has ended, nor where all that was tried is stored or was refused for
// good; else as long as asked for.
void Run::settle(Played& played, Loop& loop) const {
  using SteadyClock = std::chrono::steady_clock;
  auto until = SteadyClock::now() + settle_;
  for (;;) {
    bool quiet = loop.call([&] {
      const auto& instance = played.live->instance();
      if (instance.open_sessions() > 0) return false;
      if (cmd_ == "client") return true;
      auto talk = read_conversation(instance.journal(), instance.ledger());
      return std::all_of(talk.connections.begin(), talk.connections.end(), [](const Connection& connection) {
        return !connection.attempts.empty() &&
               std::all_of(connection.attempts.begin(), connection.attempts.end(), [](const Attempt& attempt) {
                 return (attempt.stored > 0 && attempt.final_read) || attempt.refused_for_good();
               });
      });
    });
    if (quiet || SteadyClock::now() >= until || stop_signal) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void Run::play(Played& played, Loop& loop) {
  auto began = std::chrono::steady_clock::now();
  auto known = load(played.file, {}, settings_.seed);
  auto set = settings_.set;
  if (names_.size() > 1)
    std::erase_if(set, [&](const auto& item) { return !known->scenario().parameters.contains(item.first); });
  open(played, loop, set);
  auto& run = played.run;
  const auto& scenario = played.live ? played.live->instance().scenario() : played.unplayed->scenario();
  run.scenario = &scenario;
  run.source = played.file.source;
  run.seed = settings_.seed;
  run.time_scale = settings_.time_scale;
  for (const auto& [name, parameter] : scenario.parameters)
    run.parameters[name] = parameter.value.text() ? *parameter.value.text() : parameter.value.written();
  run.replay = replay_of(played);
  if (!played.live) {
    run.judgement.verdict = Verdict::not_applicable;
    return;
  }
  const auto& instance = played.live->instance();
  run.journal = &instance.journal();
  run.ledger = &instance.ledger();

  runner::Placeholders places;
  places.port = played.live->main_port();
  for (const auto& open : played.live->doors()) {
    places.door_ports[open.spec->name] = open.door->port();
    run.ports.emplace_back(open.spec->name, open.door->port());
  }
  ReportFile report_file;
  std::string user, password;
  if (!scenario.users.empty()) std::tie(user, password) = *scenario.users.begin();
  run.command_line = runner::fill_in(words_, places);
  runner::SuperviseOptions options;
  options.environment =
      runner::environment_for(places, user, password, scenario.needs.as_setting(), scenario.id, report_file.path());
  options.limit = timeout_;
  options.capture = cmd_ == "client";
  options.stop = [] { return stop_signal != 0; };
  auto now = [&] { return loop.call([&] { return instance.now(); }); };
  run.command.is_client = cmd_ == "client";
  run.command.began = now();
  try {
    auto ended = runner::supervise(run.command_line, options);
    run.command.exit_status = ended.exit_status;
    run.command.timed_out = ended.timed_out;
    run.command.output = ended.output;
    run.command.ended = now();
    run.words = runner::read_report(report_file.path());
    if (run.command.is_client && !ended.timed_out) run.words.push_back(runner::read_word(reading_, ended));
    settle(played, loop);
  } catch (const Error& error) {
    if (run.command.ended != Micros{}) throw;  // the report's, not the command's
    run.command.started = false;
    run.command.output = error.what();
  }
  loop.call([&] {
    played.live->stop();
    JudgeOptions judging;
    judging.time_scale = settings_.time_scale;
    judging.client_timeouts_scaled = reading_.timeouts_scaled;
    if (messages_ > 0) judging.messages = messages_;
    judging.words = run.words;
    judging.command = run.command;
    judging.call = [&](const FunctionRef& function) {
      auto talk = read_conversation(instance.journal(), instance.ledger());
      return played.live->instance().script().expects(function, as_value(talk, instance.ledger()));
    };
    run.judgement = judge(scenario, instance.journal(), instance.ledger(), judging);
  });
  run.took = std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - began);
}

void Run::write_reports(const RunReport& report) const {
  auto write = [](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "we"), std::fclose);
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0)
      throw Error(path + ": the report could not be written whole: " + std::strerror(errno));
  };
  write(junit_, junit_.empty() ? "" : to_junit(report));
  write(json_, json_.empty() ? "" : to_json(report));
  write(html_, html_.empty() ? "" : to_html(report));
  if (evidence_.empty()) return;
  for (const auto& run : report.runs)
    if (run.journal) write_evidence(run, evidence_ + "/" + run.scenario->id);
}

int Run::run_once() {
  std::vector<std::unique_ptr<Loop>> loops;  // outlive what was played on them
  std::vector<Played> all;
  auto unknown = settings_.set;
  for (const auto& name : names_) {
    Played played;
    played.name = name;
    played.file = find_scenario(name, settings_.folder);
    auto script = load(played.file, {}, settings_.seed);
    for (const auto& [known, parameter] : script->scenario().parameters) unknown.erase(known);
    load(played.file, names_.size() > 1 ? std::map<std::string, Value>{} : settings_.set,
         settings_.seed);  // before anything runs
    all.push_back(std::move(played));
  }
  if (names_.size() > 1 && !unknown.empty())
    throw Error("--set: none of these scenarios has a parameter '" + unknown.begin()->first + "'");
  auto jobs = std::min<std::size_t>(jobs_, all.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(jobs, std::max(1u, std::thread::hardware_concurrency())); ++i)
    loops.push_back(std::make_unique<Loop>());
  TerminalStyle style{has_color(), verbose_, std::clamp<std::size_t>(terminal_width(), 80, 140)};
  std::mutex output;
  std::atomic<std::size_t> next{0};
  std::exception_ptr failed;
  auto work = [&](Loop& loop) {
    for (std::size_t mine; (mine = next++) < all.size() && !stop_signal;) {
      try {
        play(all[mine], loop);
        std::lock_guard lock(output);
        if (!quiet_) std::cout << to_terminal(all[mine].run, style) << std::flush;
      } catch (...) {
        std::lock_guard lock(output);
        failed = std::current_exception();
        return;
      }
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < jobs; ++i) workers.emplace_back([&, i] { work(*loops[i % loops.size()]); });
  work(*loops[0]);
  for (auto& worker : workers) worker.join();
  if (failed) std::rethrow_exception(failed);

  RunReport report;
  report.version = MAILFAULT_VERSION;
  report.strict = strict_;
  char began[32];
  auto time = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::strftime(began, sizeof began, "%Y-%m-%dT%H:%M:%SZ", &parts);
  report.began = began;
  for (auto& played : all)
    if (played.run.scenario) report.runs.push_back(std::move(played.run));
  write_reports(report);
  std::cout << mailfault::summary(report, style) << std::flush;
  int status = stop_signal ? 128 + stop_signal : exit_status(report);
  return status;
}

bool Run::sources_changed() const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    std::error_code error;
    auto time = std::filesystem::last_write_time(names_[i], error);
    if (!error && time != seen_[i]) return true;
  }
  return false;
}

int Run::run() {
  if (words_.empty())
    throw Error("run: the command is missing; write it behind '--': mailfault run SCENARIO -- CMD ARGS");
  if (cmd_ != "test" && cmd_ != "client") throw Error("--cmd " + cmd_ + ": it is 'test' or 'client'");
  if (!profile_.empty() && cmd_ != "client")
    throw Error("--profile says how a client's exit status is read: say --cmd client, too");
  reading_ = runner::find_profile(profile_.empty() ? "generic" : profile_);
  for (const auto& path : {junit_, json_, html_}) must_be_writable(path);
  if (!evidence_.empty()) {
    std::error_code error;
    std::filesystem::create_directories(evidence_, error);
    if (error) throw Error("--evidence " + evidence_ + ": can't be made: " + error.message());
  }
  struct sigaction action {};
  action.sa_handler = on_stop;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  if (!watch_) return run_once();
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
    std::cout << "waiting for a scenario's file to change; Ctrl-C ends it\n" << std::flush;
    while (!sources_changed() && !stop_signal) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (stop_signal) return 0;
  }
}

}  // namespace

std::unique_ptr<Subcommand> make_run() { return std::make_unique<Run>(); }

}  // namespace mailfault::cli
