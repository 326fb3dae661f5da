// serve: scenarios on real ports until stopped.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/settings.hpp"
#include "cli/terminal.hpp"
#include "control/api.hpp"
#include "engine/live.hpp"
#include "journal/json_lines.hpp"
#include "tls/names.hpp"

namespace mailfault::cli {
namespace {

// What a file looks like from outside.
struct FileState {
  std::filesystem::file_time_type time;
  std::uintmax_t size = 0;
  bool operator==(const FileState&) const = default;
};

struct Served {
  wire::Reactor* reactor;
  std::unique_ptr<LiveInstance> live;
  LoadedScenario loaded;  // without its script, which the instance has
  LiveOptions options;
  std::optional<FileState> played = {}, seen = {};  // of the file, where it is watched
  int times = 1;                                    // it was loaded
};

std::optional<FileState> state_of(const std::string& path) {
  std::error_code error;
  FileState state{std::filesystem::last_write_time(path, error), 0};
  if (!error) state.size = std::filesystem::file_size(path, error);
  if (error) return std::nullopt;
  return state;
}

void write_out(std::string_view text) {
  while (!text.empty()) {
    auto count = write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Each stored message as a file of its own, whole as it was received; and each bounce.
class MessageSaver final : public JournalListener {
 public:
  MessageSaver(const Ledger& ledger, std::string prefix) : ledger_(ledger), prefix_(std::move(prefix)) {}
  void on_event(const Event& event) override {
    if (failed_) return;
    if (event.kind == EventKind::stored) write("-", event.number, ledger_[event.number - 1].text);
    if (event.kind == EventKind::bounce) write("-bounce-", event.number, ledger_.bounces()[event.number - 1].text);
  }
  bool failed() const { return failed_; }

 private:
  void write(const char* between, std::uint64_t number, std::string_view text) {
    auto path = prefix_ + between + std::to_string(number) + ".eml";
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "we"), std::fclose);
    failed_ =
        !file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0;
    if (failed_)
      std::cerr << "mailfault: --messages: " << path << " can't be written: " << std::strerror(errno) << "\n";
  }

  const Ledger& ledger_;
  std::string prefix_;
  bool failed_ = false;
};

// People look there; with several scenarios, or when asked, ports are free ones.
std::uint16_t usual_port(const DoorSpec& door) {
  switch (door.port) {
    case 0:
    case 25:
      return 1025;
    case 587:
      return 1587;
    case 465:
      return 1465;
    default:
      return 0;
  }
}

class Serve final : public Subcommand {
 public:
  std::string_view name() const override { return "serve"; }
  std::string_view summary() const override { return "Play scenarios on real ports until stopped"; }
  std::string_view examples() const override {
    return "  mailfault serve healthy                          a server that does all right, on port 1025\n"
           "  mailfault serve rcpt-452-too-many --set limit=5  with a parameter\n"
           "  mailfault serve dot-silent rcpt-450-greylist --port-file ports.json\n"
           "  mailfault serve ./my-fault.lua --journal run.jsonl --seed 7\n"
           "  mailfault serve healthy --tls --cert mx.pem --key mx.key\n"
           "  mailfault serve ./my-fault.lua --watch           edit it while it is played\n"
           "  echo 'door smtp refused' | mailfault serve healthy --commands\n"
           "  mailfault serve --api --port-file api.json       a test suite asks for each fault over HTTP\n";
  }
  void declare(OptionTable& options) override {
    options.texts("SCENARIO", "", ValueKind::scenario, names_, "files or ids; with --api none is needed");
    settings_.declare(options);
    options.custom(
        "--port", "N", false,
        [this](const std::string& text) {
          port_given_ = true;
          auto size = parse_size(text);
          if (!size || *size > 65535 || text.find_first_not_of("0123456789") != std::string::npos)
            throw Error("--port " + text + ": a port is a number from 0 to 65535 (0: a free one)");
          port_ = static_cast<std::uint16_t>(*size);
        },
        "of the main door; 0: free ones for all");
    options.texts("--host", "ADDRESS", ValueKind::text, addresses_,
                  "listen here instead of at 127.0.0.1 and ::1; the API at the first");
    options.text("--port-file", "FILE", ValueKind::file, port_file_,
                 "write the ports here as JSON, once all doors are open");
    options.text("--journal", "FILE", ValueKind::file, journal_, "write everything that happens as JSON Lines");
    options.text("--messages", "DIR", ValueKind::folder, messages_,
                 "write each stored message into this folder, as SCENARIO-N.eml, and each bounce as "
                 "SCENARIO-bounce-N.eml");
    options.flag("--show-secrets", show_secrets_, "keep credentials in the journal and the log");
    options.flag("--commands", commands_, "take commands from standard input: door NAME STATE, heal, stop");
    options.flag("--api", api_wanted_, "make, watch and end instances over HTTP");
    options.whole("--api-port", "N", api_port_, 0, 65535, "of the API (8025); 0: a free one");
    options.text("--api-token", "TOKEN", ValueKind::text, api_token_, "that its clients show (a random one)");
    options.flag("--watch", watch_, "when a scenario's file changes, play it from its beginning at the same ports");
    options.flag("--quiet", quiet_, "no table of ports, no log of what happens, no summary");
  }
  int run() override;

 private:
  InstanceOptions for_instance() const;
  bool is_own(const LoadedScenario& loaded) const;
  LiveOptions options_for(const Scenario& scenario, const InstanceOptions& instance) const;
  void open_all();
  std::unique_ptr<control::ApiServer> open_api(EventWriter* file, EventWriter* terminal);
  void listen_to(Served& served);
  void start_watching();
  void look_at_files();
  void reload(Served& served);
  void open_again(Served& served, std::unique_ptr<script::Script> script);
  void write_port_file() const;
  void say_where() const;
  void command(const std::string& line);
  void stop_all();
  void say_summary() const;

  std::vector<std::string> names_, addresses_;
  PlaySettings settings_;
  std::string port_file_, journal_, messages_;
  std::uint16_t port_ = 0;
  bool port_given_ = false, show_secrets_ = false, commands_ = false, quiet_ = false;
  bool api_wanted_ = false, watch_ = false;
  std::uint64_t api_port_ = 8025;
  std::string api_token_;

  std::vector<std::unique_ptr<wire::Reactor>> reactors_;
  std::vector<Served> served_;
  EventWriter* file_ = nullptr;  // of --journal and of the terminal, while it runs
  EventWriter* terminal_ = nullptr;
  std::shared_ptr<void> next_look_;
  std::mutex savers_mutex_;  // the API's instances come on threads of their own
  std::vector<std::unique_ptr<MessageSaver>> savers_;
  std::unique_ptr<control::ApiServer> api_;
};

// Where it listens, good certificates are good.
InstanceOptions Serve::for_instance() const {
  auto options = settings_.for_instance();
  options.show_secrets = show_secrets_;
  std::copy_if(addresses_.begin(), addresses_.end(), std::back_inserter(options.hosts),
               [](const std::string& each) { return tls::is_address(each) && each != "0.0.0.0" && each != "::"; });
  return options;
}

LiveOptions Serve::options_for(const Scenario& scenario, const InstanceOptions& instance) const {
  LiveOptions options;
  options.instance = instance;
  options.addresses = addresses_;
  options.bounce_to = settings_.bounce_to;
  bool alone = names_.size() == 1;
  if (alone && !port_given_)
    for (const auto& door : scenario.doors) {
      auto port = usual_port(door);
      bool taken = std::any_of(options.ports.begin(), options.ports.end(),
                               [&](const auto& each) { return each.second == port; });
      if (port != 0 && !taken) options.ports[door.name] = port;
    }
  if (port_given_ && port_ != 0) {
    if (!alone)
      throw Error("--port " + std::to_string(port_) + ": several scenarios can't share a port; say --port 0");
    options.ports[scenario.main_door().name] = port_;
  }
  return options;
}

// Not of the catalogue, which is in the program.
bool Serve::is_own(const LoadedScenario& loaded) const {
  return loaded.file.path == loaded.name ||
         (!settings_.folder.empty() && loaded.file.path.starts_with(settings_.folder));
}

void Serve::open_all() {
  if (names_.empty() && !api_wanted_) throw Error("serve: name a scenario, such as 'healthy', or say --api");
  if (names_.empty() && !settings_.set.empty())
    throw Error("--set: there is no scenario to set it for; the API's requests have 'params'");
  auto instance = for_instance();
  auto scenarios = settings_.load_all(names_);
  for (auto each = scenarios.begin(); each != scenarios.end(); ++each)
    if (std::any_of(scenarios.begin(), each, [&](const auto& other) { return other.file.id == each->file.id; }))
      throw Error("serve: scenario '" + each->file.id + "' is named twice; its ports couldn't be told apart");
  if (watch_ && std::none_of(scenarios.begin(), scenarios.end(), [this](const auto& each) { return is_own(each); }))
    throw Error("--watch: name a file of your own, such as ./my-fault.lua: the catalogue doesn't change");
  auto threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, std::max<std::size_t>(1, scenarios.size()));
  if (watch_) threads = 1;  // who looks at the files is on the thread of all
  for (std::size_t i = 0; i < threads; ++i) reactors_.push_back(std::make_unique<wire::Reactor>());
  std::size_t next = 0;
  for (auto& each : scenarios) {
    auto options = options_for(each.script->scenario(), instance);
    auto& reactor = *reactors_[next++ % threads];
    auto seen = watch_ && is_own(each) ? state_of(each.file.path) : std::nullopt;
    auto live = std::make_unique<LiveInstance>(reactor, std::move(each.script), options);
    for (const auto& open : live->doors()) options.ports[open.spec->name] = open.door->port();
    served_.push_back({&reactor, std::move(live), std::move(each), options, seen, seen});
  }
}

std::unique_ptr<control::ApiServer> Serve::open_api(EventWriter* file, EventWriter* terminal) {
  auto options = settings_.for_api();
  options.port = static_cast<std::uint16_t>(api_port_);
  options.token = api_token_;
  options.instance.show_secrets = show_secrets_;
  options.addresses = addresses_;
  if (!addresses_.empty()) options.address = addresses_.front();
  options.made = [this, file, terminal](const std::string& id, Instance& instance) {
    auto name = instance.scenario().id + "-" + id;
    for (auto* writer : {file, terminal}) {
      if (!writer) continue;
      auto& source = writer->source(name);
      for (const auto& event : instance.journal()) source.on_event(event);
      instance.journal().listen(source);
    }
    if (messages_.empty()) return;
    std::lock_guard lock(savers_mutex_);
    savers_.push_back(std::make_unique<MessageSaver>(instance.ledger(), messages_ + "/" + name));
    instance.journal().listen(*savers_.back());
  };
  return std::make_unique<control::ApiServer>(options);
}

// Whole or not at all: a reader that sees the file sees all ports. What is no regular file is written, not replaced.
void Serve::write_port_file() const {
  boost::json::object all;
  for (const auto& each : served_) {
    boost::json::object ports;
    for (const auto& open : each.live->doors()) ports[open.spec->name] = open.door->port();
    all[each.live->instance().scenario().id] = std::move(ports);
  }
  if (api_) all["api"] = boost::json::object{{"url", api_->url()}, {"token", api_->token()}};
  auto text = boost::json::serialize(all) + "\n";
  struct stat known {};
  bool replace = lstat(port_file_.c_str(), &known) != 0 || S_ISREG(known.st_mode);
  auto path = replace ? port_file_ + ".new" : port_file_;
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "we"), std::fclose);
  if (file && api_ && replace) ::fchmod(::fileno(file.get()), 0600);  // it has the token
  bool written =
      file && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() && std::fflush(file.get()) == 0;
  if (!written || (replace && std::rename(path.c_str(), port_file_.c_str()) != 0))
    throw Error("--port-file " + port_file_ + ": can't be written: " + std::strerror(errno) +
                "; name a file in a folder where you may write");
}

void Serve::say_where() const {
  bool color = has_color();
  auto api = api_ ? "api  " + api_->url() + "  token " + api_->token() + "\n" : "";
  if (served_.empty()) return write_out(api + "Ctrl-C stops it.\n\n");
  std::string out = "mailfault plays " + counted(served_.size(), "scenario", "scenarios") + " (seed " +
                    std::to_string(settings_.seed) + "); Ctrl-C stops it" +
                    (commands_ ? ", as does 'stop'; also: door NAME STATE, heal" : "") + ".\n\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& each : served_) {
    const auto& scenario = each.live->instance().scenario();
    for (const auto& open : each.live->doors()) {
      std::string states;
      for (const auto& address : each.live->addresses()) {
        bool v6 = address.find(':') != std::string::npos;
        states += (states.empty() ? "" : ", ") + (v6 ? "[" + address + "]" : address) + " " +
                  std::string(name_of(open.door->state(v6 ? 6 : 4)));
      }
      bool main = open.spec == &scenario.main_door() && each.live->doors().size() > 1;
      rows.push_back({scenario.id, open.spec->name + (main ? " (main)" : ""), std::to_string(open.door->port()),
                      states, open.spec->port ? "stands for port " + std::to_string(open.spec->port) : ""});
    }
  }
  out += table({"scenario", "door", "port", "listens at", ""}, rows, color);
  for (const auto& each : served_)
    out += "\n  " + each.live->instance().scenario().id + ": " + each.live->instance().scenario().title;
  write_out(out + (api.empty() ? "\n\n" : "\n\n" + api + "\n"));
}

void Serve::command(const std::string& line) {
  auto words = split(trim(line), ' ');
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  if (words.empty()) return;
  try {
    if (words[0] == "stop" && words.size() == 1) return stop_all();
    if (words[0] == "heal" && words.size() == 1) {
      for (auto& each : served_) each.reactor->post([&each] { each.live->heal(); });
      return;
    }
    if (words[0] != "door" || words.size() != 3)
      throw Error("commands are: door NAME open|refused|dropped|silent, heal, stop; not '" + line + "'");
    auto state = door_state_named(words[2]);
    if (!state) {
      constexpr std::array<std::string_view, 4> states{"open", "refused", "dropped", "silent"};
      throw Error("door: there is no state '" + std::string(words[2]) + "'" + did_you_mean(words[2], states) +
                  "; they are open, refused, dropped, silent");
    }
    std::string name(words[1]);
    // With several scenarios every door of that name; one at least must have it.
    bool known = std::any_of(served_.begin(), served_.end(), [&](const Served& each) {
      return each.live->instance().scenario().door_named(name) != nullptr;
    });
    if (!known) {
      std::vector<std::string_view> names;
      for (const auto& each : served_)
        for (const auto& door : each.live->instance().scenario().doors) names.push_back(door.name);
      throw Error("there is no door '" + name + "'" + did_you_mean(name, names));
    }
    for (auto& each : served_)
      each.reactor->post([&each, name, state] {
        auto* live = each.live.get();
        if (!live->instance().scenario().door_named(name)) return;
        try {
          live->set_door(name, *state);
        } catch (const Error& error) {
          std::cerr << "mailfault: " << error.what() << "\n";
        }
      });
  } catch (const Error& error) {
    std::cerr << "mailfault: " << error.what() << "\n";
  }
}

void Serve::stop_all() {
  for (auto& reactor : reactors_) {
    reactor->post([this, reactor = reactor.get()] {
      for (auto& each : served_)
        if (each.reactor == reactor) each.live->stop();
      reactor->stop();
    });
  }
}

void Serve::say_summary() const {
  if (served_.empty()) return;
  std::string out = "\n";
  for (const auto& each : served_) {
    const auto& instance = each.live->instance();
    const auto& journal = instance.journal();
    out += "  " + instance.scenario().id + ": " + counted(instance.connections(), "connection", "connections") +
           ", " + counted(instance.ledger().size(), "message", "messages") + " stored (" +
           counted(instance.ledger().copies(), "copy", "copies") + "), the fault played " +
           counted(journal.count(EventKind::fault), "time", "times");
    if (auto count = instance.ledger().bounces().size()) out += ", " + counted(count, "bounce", "bounces");
    if (auto count = journal.count(EventKind::violation))
      out += ", the client broke rules " + counted(count, "time", "times");
    if (auto count = journal.count(EventKind::error)) out += ", " + counted(count, "script error", "script errors");
    if (instance.journal().full() || instance.ledger().full()) out += ", a limit of memory was reached";
    out += "\n";
  }
  write_out(out);
}

void Serve::listen_to(Served& served) {
  auto& instance = served.live->instance();
  const auto& id = instance.scenario().id;
  if (file_) {
    auto& source = file_->source(id);
    for (const auto& event : instance.journal()) source.on_event(event);
    instance.journal().listen(source);
  }
  if (terminal_) instance.journal().listen(terminal_->source(served_.size() > 1 ? id : ""));
  if (messages_.empty()) return;
  // The messages of an earlier load stay: their numbers would come again.
  auto load = served.times > 1 ? "-load-" + std::to_string(served.times) : "";
  std::lock_guard lock(savers_mutex_);
  savers_.push_back(std::make_unique<MessageSaver>(instance.ledger(), messages_ + "/" + id + load));
  instance.journal().listen(*savers_.back());
}

void Serve::start_watching() {
  next_look_ = reactors_[0]->after(std::chrono::milliseconds(100), [this] {
    look_at_files();
    start_watching();
  });
}

// A file that is just being written is given time until the next look.
void Serve::look_at_files() {
  for (auto& each : served_) {
    if (!each.played) continue;
    auto now = state_of(each.loaded.file.path);
    bool settled = now && now == each.seen;
    if (now) each.seen = now;
    if (!settled || now == each.played) continue;
    each.played = now;
    reload(each);
  }
}

// What can't be played is said, and the old one goes on; from its beginning, if it was stopped to find that out.
void Serve::reload(Served& served) {
  auto refuse = [](const Error& error) {
    std::cerr << "mailfault: " << error.what() << "\nThe scenario as it was goes on.\n";
  };
  auto before = served.loaded.file;
  auto ports = served.options.ports;
  std::unique_ptr<script::Script> script;
  try {
    served.loaded.file = find_scenario(served.loaded.name, settings_.folder);
    script = load(served.loaded.file, served.loaded.set, settings_.seed);
  } catch (const Error& error) {
    served.loaded.file = before;
    return refuse(error);
  }
  auto held = served.live->hold_ports();
  ++served.times;
  try {
    open_again(served, std::move(script));
    if (!quiet_) write_out("reloaded " + served.loaded.file.path + "\n");
  } catch (const Error& error) {
    served.loaded.file = before;
    served.options.ports = ports;
    open_again(served, load(before, served.loaded.set, settings_.seed));
    return refuse(error);
  }
  if (served.options.ports == ports) return;
  if (!quiet_) say_where();
  try {
    if (!port_file_.empty()) write_port_file();
  } catch (const Error& error) {
    std::cerr << "mailfault: " << error.what() << "\n";
  }
}

// Each door keeps its port, and so does the one that a client is given.
void Serve::open_again(Served& served, std::unique_ptr<script::Script> script) {
  auto& ports = served.options.ports;
  if (served.live) {  // none, if another was tried in vain
    const auto& main = script->scenario().main_door().name;
    auto port = served.live->main_port();
    std::erase_if(ports, [&](const auto& each) { return each.second == port; });
    ports[main] = port;
    served.live->stop();
    served.live.reset();
  }
  served.live = std::make_unique<LiveInstance>(*served.reactor, std::move(script), served.options);
  ports.clear();
  for (const auto& open : served.live->doors()) ports[open.spec->name] = open.door->port();
  listen_to(served);
}

int Serve::run() {
  std::unique_ptr<EventWriter> file, terminal;
  if (!journal_.empty()) file = open_json_lines(journal_);
  if (!messages_.empty()) {
    std::error_code error;
    std::filesystem::create_directories(messages_, error);
    if (error) throw Error("--messages " + messages_ + ": can't be made: " + error.message());
  }
  open_all();
  int signals = 0;  // before anybody can learn of the ports and stop us by a signal
  reactors_[0]->on_stop_signal([&](int) {
    if (++signals > 1) std::_Exit(130);
    stop_all();
  });
  if (!quiet_) {
    bool color = has_color();
    terminal = std::make_unique<EventWriter>(
        [color](const Event& event, std::string_view instance) { return to_text(event, instance, color); },
        write_out);
  }
  file_ = file.get();
  terminal_ = terminal.get();
  for (auto& each : served_) listen_to(each);
  std::shared_ptr<void> api_ends(nullptr, [this](void*) { api_.reset(); });  // before the writers that it feeds
  if (api_wanted_) api_ = open_api(file.get(), terminal.get());
  if (!port_file_.empty()) write_port_file();
  if (!quiet_) say_where();

  if (watch_) reactors_[0]->post([this] { start_watching(); });
  if (commands_)
    reactors_[0]->on_input_line([this](std::optional<std::string> line) {
      if (line) command(*line);
    });
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < reactors_.size(); ++i) threads.emplace_back([this, i] { reactors_[i]->run(); });
  reactors_[0]->run();
  for (auto& thread : threads) thread.join();
  api_ends.reset();

  if (file) file->flush();
  if (terminal) terminal->flush();
  if (!quiet_) say_summary();
  bool unsaved = std::any_of(savers_.begin(), savers_.end(), [](const auto& each) { return each->failed(); });
  bool failed =
      unsaved || (file && file->lost()) ||
      std::any_of(served_.begin(), served_.end(), [](const Served& each) { return each.live->instance().failed(); });
  served_.clear();
  failed = !settings_.finish_capture() || failed;
  return failed ? 2 : 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_serve() { return std::make_unique<Serve>(); }

}  // namespace mailfault::cli
