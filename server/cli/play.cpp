#include "cli/play.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "cli/temporary_file.hpp"
#include "runner/mail_task.hpp"
#include "tls/certificate.hpp"

namespace mailfault::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Debian's bundle; empty where there is none.
std::string system_roots() {
  std::ifstream file("/etc/ssl/certs/ca-certificates.crt");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Nothing more can come of it: all that was tried is stored and known to be, or was refused for good.
bool is_done(const Connection& connection) {
  return !connection.attempts.empty() &&
         std::all_of(connection.attempts.begin(), connection.attempts.end(), [](const Attempt& attempt) {
           return (attempt.stored > 0 && attempt.final_read) || attempt.refused_for_good();
         });
}

}  // namespace

Trial::Trial(LoadedScenario loaded, const TrialOptions& options) : loaded_(std::move(loaded)), options_(options) {
  expect_also(loaded_.script->scenario(), options_.expectations);
}

Trial::~Trial() {
  if (live_) loop_->call([this] { live_.reset(); });
}

const Scenario& Trial::scenario() const { return live_ ? live_->instance().scenario() : loaded_.script->scenario(); }

void Trial::open() {
  LiveOptions options;
  options.instance = options_.instance;
  options.bounce_to = options_.bounce_to;
  loop_->call([&] {
    try {
      live_ = std::make_unique<LiveInstance>(loop_->reactor(), std::move(loaded_.script), options);
    } catch (const NotApplicable& reason) {
      run_.not_applicable = reason.what();
    }
  });
  if (live_) return;
  loaded_.script = load(loaded_.file, loaded_.set, options_.instance.seed);  // for the report
  expect_also(loaded_.script->scenario(), options_.expectations);
}

JournalListener& Trial::listen(EventWriter& writer) {
  auto& source = writer.source(scenario().id);
  loop_->call([&] {
    auto& journal = live_->instance().journal();
    for (const auto& event : journal) source.on_event(event);
    journal.listen(source);
  });
  return source;
}

// Else no CA is made.
bool Trial::speaks_of_tls() const {
  const auto& doors = scenario().doors;
  return std::any_of(doors.begin(), doors.end(),
                     [&](const DoorSpec& door) { return live_->instance().tls_of(door) != DoorTls::none; });
}

// A large RSA key takes seconds to make: not while a client with a timeout waits for it.
void Trial::mint_certificates() {
  auto mint = [&](const tls::Settings& settings) {
    if (settings.certificate) tls::mint(*settings.certificate, {scenario().host, options_.reading.host, {}});
  };
  if (scenario().tls) mint(*scenario().tls);
  for (const auto& door : scenario().doors) mint(door.tls_settings);
  for (const auto& rules : scenario().rules)
    for (const auto& rule : rules)
      for (const auto& op : rule.ops)
        if (const auto* use = std::get_if<op::Use>(&op)) mint(use->tls);
}

void Trial::run_command() {
  const auto& instance = live_->instance();
  runner::Placeholders places;
  places.scheme = instance.url_scheme();
  places.port = live_->main_port();
  for (const auto& [door, port] : run_.ports) places.door_ports[door] = port;
  std::string user, password;
  if (!scenario().users.empty()) std::tie(user, password) = *scenario().users.begin();
  TemporaryFile report_file("MAILFAULT_REPORT", "");
  std::optional<TemporaryFile> ca_file, bundle;
  if (options_.gives_mail) {
    mint_certificates();
    places.host = options_.reading.host;
    if (runner::tls_for(scenario()) == DoorTls::implicit) places.scheme = "smtps";
  }
  if (speaks_of_tls() || options_.gives_mail) {
    places.ca = ca_file.emplace("the CA", tls::ca_certificate()).path();
    if (options_.trust) bundle.emplace("the trusted CAs", system_roots() + tls::ca_certificate());
  }

  runner::SuperviseOptions options;
  options.environment = runner::environment_for(places, user, password, scenario().needs.as_setting(), scenario().id,
                                                report_file.path());
  std::optional<runner::MailFolder> mail;
  if (options_.gives_mail) {
    auto task = runner::task_for(scenario(), options_.reading, options_.instance.time_scale);
    tell(task, mail.emplace(task, scenario().id), options_.reading.words, places, options.environment);
    sources_ = mail->sources();
  }
  if (bundle) {
    for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
      options.environment[name] = bundle->path();
    options.environment["NODE_EXTRA_CA_CERTS"] = places.ca;
  }
  if (options_.bounce_to) options.environment["MAILFAULT_BOUNCE_TO"] = options_.bounce_to->written();
  options.environment.insert(options_.environment.begin(), options_.environment.end());
  options.limit = options_.timeout;
  options.capture = options_.is_client;
  options.quiet = options_.quiet;
  options.input = options_.input;
  options.stop_signal = options_.stop_signal;

  auto& command = run_.command;
  auto now = [&] { return loop_->call([&] { return instance.now(); }); };
  run_.command_line = runner::fill_in(options_.words, places);
  command.is_client = options_.is_client;
  command.began = now();
  runner::Supervised ended;
  try {
    ended = runner::supervise(run_.command_line, options);
  } catch (const Error& error) {
    command.started = false;
    command.output = error.what();
    return;
  }
  command.exit_status = ended.exit_status;
  command.timed_out = ended.timed_out;
  command.time_up = command.began + options_.timeout;
  command.output = ended.output;
  command.ended = now();
  run_.words = runner::read_report(report_file.path());
  if (command.is_client && !ended.timed_out) run_.words.push_back(runner::read_word(options_.reading, ended));
}

// On the loop's thread, which has others to serve: the conversation is read only when there is more of it.
bool Trial::is_quiet() {
  const auto& instance = live_->instance();
  if (instance.open_sessions() > 0) return false;
  if (options_.is_client && !options_.reading.retries) return true;
  if (instance.journal().size() != events_looked_at_) {
    events_looked_at_ = instance.journal().size();
    auto talk = read_conversation(instance.journal(), instance.ledger());
    mail_done_ = !talk.connections.empty() && std::all_of(talk.connections.begin(), talk.connections.end(), is_done);
  }
  return mail_done_;
}

// As long as a bounce is due, and the command's time isn't up: what the client does on it comes later still.
void Trial::wait_for_bounces() {
  auto until = SteadyClock::now() + options_.timeout;
  while (loop_->call([this] { return live_->bounces_open() > 0; }) && SteadyClock::now() < until &&
         options_.stop_signal() == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

// Late retries, and first tries of an application that runs apart: none can come from a client that has ended, nor
// where all that was tried is stored or was refused for good; else as long as asked for.
void Trial::settle() {
  wait_for_bounces();
  auto until = SteadyClock::now() + options_.settle;
  while (!loop_->call([this] { return is_quiet(); }) && SteadyClock::now() < until && options_.stop_signal() == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void Trial::judge_it() {
  JudgeOptions judging;
  judging.time_scale = options_.instance.time_scale;
  judging.latest_timer = live_->instance().latest_timer();
  judging.client_timeouts_scaled = options_.reading.timeouts_scaled;
  judging.messages = options_.messages;
  judging.sources = sources_;
  if (options_.gives_mail) judging.told_timeout = options_.reading.timeout;
  if (!sources_.empty()) judging.messages = sources_.size();
  judging.words = run_.words;
  judging.command = run_.command;
  loop_->call([&] {
    auto& instance = live_->instance();
    live_->stop();
    judging.call = [&](const FunctionRef& function) {
      auto talk = read_conversation(instance.journal(), instance.ledger());
      return instance.script().expects(function, as_value(talk, instance.ledger()));
    };
    run_.judgement = judge(scenario(), instance.journal(), instance.ledger(), judging);
  });
  if (run_.command.started) return;
  for (auto& finding : run_.judgement.findings)
    if (finding.name == "command") finding.seen = run_.command.output;  // the reason and the remedy
}

void Trial::play(Loop& loop, const std::string& live_journal) {
  auto began = SteadyClock::now();
  loop_ = &loop;
  open();
  run_.scenario = &scenario();
  run_.source = loaded_.file.source;
  run_.seed = options_.instance.seed;
  run_.time_scale = options_.instance.time_scale;
  for (const auto& [name, parameter] : scenario().parameters)
    run_.parameters[name] = parameter.value.text() ? *parameter.value.text() : parameter.value.written();
  if (!live_) {
    run_.judgement.verdict = Verdict::not_applicable;
    return;
  }
  run_.journal = &live_->instance().journal();
  run_.ledger = &live_->instance().ledger();
  for (const auto& open : live_->doors()) run_.ports.emplace_back(open.spec->name, open.door->port());
  if (options_.journal) listen(*options_.journal);
  JournalListener* to_own = nullptr;
  if (!live_journal.empty()) {
    own_journal_ = open_json_lines(live_journal);
    to_own = &listen(*own_journal_);
  }
  run_command();
  if (run_.command.started) settle();
  judge_it();
  if (to_own) loop.call([&] { live_->instance().journal().unlisten(*to_own); });
  own_journal_.reset();  // all is written
  run_.took = std::chrono::duration_cast<Micros>(SteadyClock::now() - began);
}

}  // namespace mailfault::cli
