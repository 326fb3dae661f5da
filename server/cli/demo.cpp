// demo: a real message by curl into a healthy server and then into each failure, and what became of it.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <iostream>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/demo_plan.hpp"
#include "cli/find.hpp"
#include "cli/loop.hpp"
#include "cli/options.hpp"
#include "cli/temporary_file.hpp"
#include "cli/terminal.hpp"
#include "engine/live.hpp"
#include "runner/command.hpp"
#include "tls/certificate.hpp"

namespace mailfault::cli {
namespace {

constexpr unsigned at_a_time = 12;                      // most rows only wait for a timeout
constexpr int patience = 2;                             // seconds that curl waits for what doesn't come
constexpr Micros hard_limit = std::chrono::seconds(5);  // curl waits longer for some replies; then it is ended

struct DemoResult {
  const DemoRow* row = nullptr;
  std::string title, server, client;
  std::vector<int> exits;
  bool hung = false;  ///< curl had to be ended
  Micros took{};
  std::size_t copies = 0;
  std::string not_applicable;  ///< why it can't be played here; empty: it was
};

std::string message_text(std::size_t size) {
  std::string text =
      "From: Ann <ann@example.com>\r\nTo: Bob <bob@example.net>\r\nSubject: A message from mailfault's demo\r\n"
      "Message-ID: <demo@mailfault.example>\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n\r\nThis is a real message.\r\n.A line that begins with a "
      "dot.\r\n";
  while (text.size() < size) text += std::string(70, 'x') + "\r\n";
  return text;
}

std::vector<std::string> curl_words(const DemoRow& row, std::uint16_t port, const std::string& file,
                                    const std::string& ca) {
  auto url = std::string(row.scheme) + "://127.0.0.1:" + std::to_string(port) + "/client.example";
  if (row.scenario == "ipv6-dead" || row.tls)  // a name is what SNI can say
    url = std::string(row.scheme) + "://localhost:" + std::to_string(port) + "/client.example";
  std::vector<std::string> words{"curl", "-q", "--noproxy", "*"};
  if (row.parallel > 1) words.insert(words.end(), {"--parallel", "--parallel-immediate"});
  for (unsigned i = 0; i < std::max(row.messages, row.parallel); ++i) {
    if (i > 0) words.emplace_back("--next");
    words.insert(words.end(), {"--silent", "--show-error", "--no-progress-meter", "--max-time",
                               std::to_string(patience), "--connect-timeout", std::to_string(patience), "--mail-from",
                               "ann@example.com", "--upload-file", file});
    for (unsigned k = 0; k < row.recipients; ++k)
      words.insert(words.end(),
                   {"--mail-rcpt", k == 0 ? "bob@example.net" : "bob" + std::to_string(k + 1) + "@example.net"});
    if (row.tls) words.insert(words.end(), {"--ssl-reqd", "--cacert", ca});
    if (row.login != DemoRow::Login::none)
      words.insert(words.end(), {"--user", row.login == DemoRow::Login::right ? "user@example.com:open-sesame"
                                                                              : "user@example.com:wrong"});
    words.push_back(url);
  }
  return words;
}

// The last thing that curl said, without its name.
std::string last_word_of(const std::string& output) {
  std::string last;
  for (auto line : split(output, '\n'))
    if (line.starts_with("curl: ")) last = trim(line.substr(6));
  if (last.starts_with('('))
    if (auto end = last.find(") "); end != std::string::npos) last.erase(0, end + 2);
  return printable(last);
}

std::string what_server_did(const LiveInstance& live, bool other_door) {
  const auto& scenario = live.instance().scenario();
  std::string faults;
  std::size_t others = 0;
  std::string_view last;
  for (const auto& event : live.instance().journal()) {
    if (event.kind == EventKind::swallowed && faults.empty())
      faults = "door " + std::string(event.text()) + " swallows SYNs";
    if (event.kind != EventKind::fault || event.text() == last) continue;
    last = event.text();
    if (faults.empty())
      faults = event.text();
    else
      ++others;
  }
  if (others > 0) faults += " (and " + counted(others, "more", "more") + ")";
  if (!faults.empty()) return faults;
  if (other_door) return "answers as it should there";
  for (const auto& door : scenario.doors)
    for (auto [family, state] : {std::pair("IPv4", door.ipv4), std::pair("IPv6", door.ipv6)})
      if (state) return "door " + door.name + " is " + std::string(name_of(*state)) + " by " + family;
  for (const auto& door : scenario.doors)
    if (door.state != DoorState::open) return "door " + door.name + " is " + std::string(name_of(door.state));
  for (const auto& event : live.instance().journal())
    if (event.kind == EventKind::reply && event.code >= 400)
      return "answers " + std::string(event.text().substr(0, event.text().find('\n')));
  if (!scenario.wire.plain()) return "wire: " + words(scenario.wire);
  if (scenario.capabilities) return "offers " + join(scenario.capabilities->always, ", ");
  return "answers as it should";
}

class Demo final : public Subcommand {
 public:
  std::string_view name() const override { return "demo"; }
  std::string_view summary() const override {
    return "Send real mail with curl into every kind of failure, and show what happened";
  }
  std::string_view examples() const override {
    return "  mailfault demo\n"
           "  mailfault demo greylist 421             only rows with one of these words\n"
           "  mailfault demo --json\n";
  }
  void declare(OptionTable& options) override {
    options.texts("WORD", "", ValueKind::text, words_, "only rows with one of these words in id, title or heading");
    options.flag("--json", json_, "the same as data");
  }
  int run() override;

 private:
  void play_all(std::vector<DemoResult>& results);
  static void play(DemoResult& result, Loop& loop, const std::string& ca_path);
  void progress(const DemoResult& result, std::size_t done, std::size_t all);
  void print(const std::vector<DemoResult>& results) const;
  void print_json(const std::vector<DemoResult>& results) const;

  std::vector<std::string> words_;
  bool json_ = false;
  std::mutex output_;
};

void Demo::play(DemoResult& result, Loop& loop, const std::string& ca_path) {
  const auto& row = *result.row;
  auto file = find_scenario(std::string(row.scenario), "");
  std::map<std::string, Value> set;
  for (auto setting : split(row.settings, ' ')) {
    if (setting.empty()) continue;
    std::string text(setting);
    std::replace(text.begin(), text.end(), '_', ' ');
    add_setting(set, text);
  }
  std::unique_ptr<LiveInstance> live;
  try {
    live = loop.call([&] {
      auto script = load(file, set);
      result.title = row.note.empty() ? script->scenario().title : std::string(row.note);
      LiveOptions options;
      options.instance.time_scale = row.time_scale;
      return std::make_unique<LiveInstance>(loop.reactor(), std::move(script), options);
    });
  } catch (const Error& error) {
    result.not_applicable = error.what();
    return;
  }
  auto port = live->main_port();
  for (const auto& open : live->doors())
    if (open.spec->name == row.door) port = open.door->port();
  TemporaryFile message("the message", message_text(row.size));
  auto words = curl_words(row, port, message.path(), ca_path);
  for (unsigned i = 0; i < row.tries; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(700));  // a client that retries waits
    auto ran = runner::run_captured(words, hard_limit);
    result.exits.push_back(ran.exit_status);
    result.hung = ran.timed_out;
    result.took += ran.took;
    result.client = last_word_of(ran.output);
    if (ran.exit_status == 0) break;
  }
  loop.call([&] {
    live->stop();
    result.server = what_server_did(*live, !row.door.empty());
    result.copies = live->instance().ledger().copies();
    live.reset();
  });
}

void Demo::progress(const DemoResult& result, std::size_t done, std::size_t all) {
  std::lock_guard lock(output_);
  if (isatty(STDERR_FILENO)) {
    auto text = "[" + std::to_string(done) + "/" + std::to_string(all) + "] " + std::string(result.row->scenario);
    std::cerr << "\r\033[K" << text << std::flush;
    if (done == all) std::cerr << "\r\033[K" << std::flush;
  } else if (done % 20 == 0 || done == all) {
    std::cerr << "demo: " << done << " of " << all << "\n";
  }
}

void Demo::play_all(std::vector<DemoResult>& results) {
  TemporaryFile ca("the CA", tls::ca_certificate());
  Loop loop;
  std::atomic<std::size_t> next{0}, done{0};
  std::vector<std::thread> workers;
  std::exception_ptr failed;
  for (unsigned i = 0; i < std::min<std::size_t>(at_a_time, results.size()); ++i)
    workers.emplace_back([&] {
      for (std::size_t mine; (mine = next++) < results.size();) {
        try {
          play(results[mine], loop, ca.path());
        } catch (...) {
          std::lock_guard lock(output_);
          failed = std::current_exception();
        }
        progress(results[mine], ++done, results.size());
      }
    });
  for (auto& worker : workers) worker.join();
  if (failed) std::rethrow_exception(failed);
}

std::string exits_of(const DemoResult& result) {
  std::string out;
  for (int exit : result.exits) out += (out.empty() ? "" : ", ") + std::to_string(exit);
  return out;
}

void Demo::print(const std::vector<DemoResult>& results) const {
  bool color = has_color();
  auto width = std::clamp<std::size_t>(terminal_width(), 100, 140);
  constexpr std::size_t facts_width = 36;
  auto title_width = width - facts_width - 4;
  std::string_view heading;
  std::size_t sent = 0, not_applicable = 0;
  for (const auto& result : results) {
    if (result.row->meets != heading) {
      heading = result.row->meets;
      std::cout << "\n" << toned(Tone::strong, heading, color) << "\n";
    }
    bool good = !result.exits.empty() && result.exits.back() == 0;
    sent += good;
    if (!result.not_applicable.empty()) {
      ++not_applicable;
      std::cout << "  " << toned(Tone::warning, "–", color) << " "
                << padded(std::string(result.row->scenario), title_width) << "not applicable here\n"
                << toned(Tone::dim, "    " + fitted(result.not_applicable, width - 4), color) << "\n";
      continue;
    }
    char took[24];
    std::snprintf(took, sizeof took, "%.2f s", in_seconds(result.took));
    auto stored =
        result.copies == 0 ? std::string("nothing stored") : counted(result.copies, "copy stored", "copies stored");
    // What curl says and what the ledger says should agree.
    std::string_view disagree = good && result.copies == 0 ? "  (lost!)"
                                : !good && result.copies > 0 && result.row->messages * result.row->parallel == 1
                                    ? "  (a retry doubles it)"
                                    : "";
    std::cout << "  " << (good ? toned(Tone::good, "✓", color) : toned(Tone::bad, "✗", color)) << " "
              << padded(fitted(result.title, title_width - 1), title_width) << padded(took, 8) << stored
              << toned(Tone::warning, disagree, color) << "\n";
    auto detail = [&](std::string_view who, const std::string& what) {
      if (!what.empty())
        std::cout << toned(Tone::dim, "      " + std::string(who) + fitted(what, width - 14), color) << "\n";
    };
    detail("server  ", result.server);
    auto says = !result.client.empty() ? result.client
                : result.hung          ? std::string("it still waited when it was ended")
                : good                 ? std::string("sent")
                                       : std::string("it says nothing");
    detail("curl    ", (result.hung ? std::string("no exit: ") : "exit " + exits_of(result) + ": ") + says);
  }
  std::cout << "\ncurl says that it sent in " << sent << " of "
            << counted(results.size() - not_applicable, "row", "rows")
            << ". What was stored is the server's own ledger: where the two differ, mail is lost or doubled.\n"
               "Next: 'mailfault show ID' for one failure (ids: 'mailfault list'), 'mailfault serve ID' for your own "
               "client.\n";
}

void Demo::print_json(const std::vector<DemoResult>& results) const {
  boost::json::array rows;
  for (const auto& result : results)
    rows.push_back(boost::json::object{{"meets", std::string(result.row->meets)},
                                       {"scenario", std::string(result.row->scenario)},
                                       {"title", result.title},
                                       {"server", result.server},
                                       {"curl_exit", boost::json::value_from(result.exits)},
                                       {"curl_says", result.client},
                                       {"curl_hung", result.hung},
                                       {"seconds", in_seconds(result.took)},
                                       {"copies_stored", result.copies},
                                       {"not_applicable", result.not_applicable}});
  std::cout << boost::json::serialize(rows) << "\n";
}

int Demo::run() {
  if (runner::find_program("curl").empty())
    throw Error("demo: curl is not installed; on Debian: apt-get install curl");
  std::vector<DemoResult> results;
  for (const auto& row : demo_plan()) {
    auto text = std::string(row.scenario) + " " + std::string(row.meets) + " " + std::string(row.note);
    bool wanted = words_.empty() || std::any_of(words_.begin(), words_.end(), [&](const std::string& word) {
                    return contains_ignoring_case(text, word);
                  });
    if (!wanted) continue;
    results.emplace_back();
    results.back().row = &row;
  }
  if (results.empty()) throw Error("demo: no row has the word '" + words_[0] + "'");
  auto began = std::chrono::steady_clock::now();
  play_all(results);
  if (json_) {
    print_json(results);
  } else {
    print(results);
    auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    std::cout << "All of it took " << format_duration(took) << ".\n";
  }
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_demo() { return std::make_unique<Demo>(); }

}  // namespace mailfault::cli
