// show: what a scenario does, expects, and its parameters.
#include <algorithm>
#include <iostream>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "journal/json_lines.hpp"
#include "report/report.hpp"
#include "script/provider.hpp"

namespace mailfault::cli {
namespace {

// An id of the catalogue stays one, whatever lies in this folder.
bool is_journal(const std::string& name) {
  return name.ends_with(".jsonl") || (name.find_first_of("./") != std::string::npos && looks_like_json_lines(name));
}

// In a column of its own where there are several.
std::string run_name(const Recording& recording, std::size_t run) {
  if (recording.runs.size() == 1) return "";
  std::size_t width = 0;
  for (const auto& each : recording.runs) width = std::max(width, width_of(each.instance));
  return padded(recording.runs[run].instance, width);
}

class Show final : public Subcommand {
 public:
  std::string_view name() const override { return "show"; }
  std::string_view summary() const override {
    return "Say what a scenario does and what a correct client does then; or tell what a journal holds";
  }
  std::string_view examples() const override {
    return "  mailfault show dot-accepted-close\n"
           "  mailfault show banner-421 --source      its Lua file\n"
           "  mailfault show gmail                    a provider: its texts, and where they were read\n"
           "  mailfault show run.jsonl --by-connection  the conversations of a journal, one after another\n"
           "  mailfault show run.jsonl --html run.html  the same for a browser\n";
  }
  void declare(OptionTable& options) override {
    options.texts("SCENARIO", "", ValueKind::scenario, names_, "files or ids, providers, or journals (.jsonl)", true);
    options.flag("--source", source_, "print the file itself");
    options.flag("--by-connection", by_connection_, "of a journal: one connection after another");
    options.text("--html", "FILE", ValueKind::file, html_, "of one journal: write it as a page for a browser");
    options.text("--scenarios", "DIR", ValueKind::folder, folder_,
                 "a folder of scenarios that adds to the catalogue");
  }
  int run() override {
    if (!html_.empty()) return write_page();
    auto more = providers_in(folder_);
    for (const auto& each : names_) {
      if (is_journal(each)) {
        show_journal(read_json_lines(each));
        continue;
      }
      if (auto provider = script::provider_file(each, more.get())) {
        if (source_)
          std::cout << provider->source;
        else
          show_provider(*script::load_provider(*provider, more.get()));
        continue;
      }
      auto file = find_scenario(each, folder_);
      if (source_)
        std::cout << file.source;
      else
        show(file);
    }
    return 0;
  }

 private:
  void show(const ScenarioFile& file) const;
  static void show_provider(const Provider& provider);
  void show_journal(const Recording& recording) const;
  int write_page() const;
  std::vector<std::string> names_;
  bool source_ = false, by_connection_ = false;
  std::string folder_, html_;
};

void Show::show_journal(const Recording& recording) const {
  bool color = has_color();
  auto print = [&](std::size_t run, const Event& event) {
    std::cout << to_whole_text(event, run_name(recording, run), color) << "\n";
  };
  if (!by_connection_) {
    for (const auto& step : recording.order) print(step.run, (*recording.runs[step.run].journal)[step.event]);
    return;
  }
  bool first = true;
  for (std::size_t run = 0; run < recording.runs.size(); ++run) {
    std::map<std::uint32_t, std::vector<const Event*>> all;
    for (const auto& event : *recording.runs[run].journal) all[event.connection].push_back(&event);
    for (const auto& [number, events] : all) {
      if (!std::exchange(first, false)) std::cout << "\n";
      for (const auto* event : events) print(run, *event);
    }
  }
}

int Show::write_page() const {
  if (names_.size() != 1 || !is_journal(names_[0])) throw Error("show --html: name one journal (.jsonl)");
  auto recording = read_json_lines(names_[0]);
  std::vector<NamedJournal> journals;
  for (const auto& run : recording.runs) journals.push_back({run.instance, run.journal.get()});
  write_whole_file(html_, to_html(names_[0], journals));
  return 0;
}

void Show::show(const ScenarioFile& file) const {
  auto script = load(file);
  const auto& scenario = script->scenario();
  bool color = has_color();
  auto heading = [&](std::string_view text) { std::cout << "\n" << toned(Tone::strong, text, color) << "\n"; };
  std::cout << toned(Tone::strong, scenario.id, color) << ": " << scenario.title << "\n";
  if (!scenario.emulates.empty()) std::cout << "  emulates " << scenario.emulates << "\n";
  if (!scenario.sources.empty()) std::cout << "  after    " << join(scenario.sources, ", ") << "\n";
  std::cout << "  file     " << file.path << "\n";
  heading("The server");
  bool any = false;
  if (scenario.provider) {
    any = true;
    std::cout << "  " << scenario.provider->title << " ('mailfault show " << scenario.provider->name << "')\n";
  }
  for (const auto& door : scenario.doors) {
    if (door.state == DoorState::open && !door.wire && scenario.doors.size() == 1 && !door.ipv4 && !door.ipv6)
      continue;
    any = true;
    std::cout << "  door " << door.name << (door.port ? ", port " + std::to_string(door.port) : "") << ": "
              << name_of(door.state);
    if (door.ipv4) std::cout << ", IPv4 " << name_of(*door.ipv4);
    if (door.ipv6) std::cout << ", IPv6 " << name_of(*door.ipv6);
    std::cout << (&door == &scenario.main_door() ? " (the one that a client is given)\n" : "\n");
  }
  if (scenario.capabilities)
    std::cout << "  offers " << join(scenario.capabilities->always, ", ") << "\n", any = true;
  const auto& wire = scenario.wire;
  if (!wire.plain()) {
    any = true;
    std::cout << "  wire: " << mailfault::words(wire) << "\n";
  }
  auto say = [&](int line, const std::string& words) {
    any = true;
    auto lines = wrapped(words, 92);
    std::cout << "  " << padded("line " + std::to_string(line), 9) << lines[0] << "\n";
    for (std::size_t i = 1; i < lines.size(); ++i) std::cout << "             " << lines[i] << "\n";
  };
  for (const auto& stage : scenario.rules)
    for (const auto& rule : stage) say(rule.line, words(rule));
  for (const auto& limit : scenario.limits.all) say(scenario.limits.line, "limit: " + words(limit));
  if (!any) std::cout << "  healthy\n";
  if (!scenario.parameters.empty()) {
    heading("Parameters (--set name=value)");
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, parameter] : scenario.parameters)
      rows.push_back({name, parameter.fallback.written(), parameter.what});
    std::cout << table({"name", "default", "what it is"}, rows, color);
  }
  heading("A correct client");
  if (scenario.expectations.empty()) std::cout << "  nothing is expected of it\n";
  for (const auto& each : scenario.expectations)
    std::cout << "  " << each.name << " " << each.given.written() << "\n";
  if (auto needs = scenario.needs.words(); !needs.empty()) std::cout << "  must be made to do: " << needs << "\n";
  if (auto filters = scenario.needs_filters(); !filters.empty())
    std::cout << "  only on a machine with tier T1: " << filters << "\n";
}

void Show::show_provider(const Provider& provider) {
  bool color = has_color();
  auto heading = [&](std::string_view text) { std::cout << "\n" << toned(Tone::strong, text, color) << "\n"; };
  std::cout << toned(Tone::strong, provider.name, color) << ": " << provider.title << "\n  after    "
            << join(provider.sources, ", ") << "\n  file     " << provider.path << "\n  host     " << provider.host
            << "\n";
  heading("What it offers and wants");
  auto lines = [](std::string_view when, const std::vector<std::string>& given) {
    if (!given.empty()) std::cout << "  " << padded(std::string(when), 12) << join(given, ", ") << "\n";
  };
  lines("before TLS", provider.before_tls);
  lines("inside TLS", provider.after_tls);
  lines("after AUTH", provider.after_auth);
  std::vector<std::string> wants;
  if (provider.requires_tls) wants.emplace_back("TLS before MAIL");
  if (provider.requires_auth) wants.emplace_back("AUTH before MAIL");
  if (provider.requires_turns) wants.emplace_back("that nobody talks before his turn");
  lines("wants", wants);
  for (const auto& limit : provider.limits.all) lines("limit", {words(limit)});
  if (!provider.close_notify) std::cout << "  ends TLS without close_notify\n";
  heading("Its texts");
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : reply_table()) {
    const auto& reply = provider.reply(row.reply);
    if (reply.mark == ProviderReply::Mark::built_in) continue;
    auto text = reply.text.written();
    bool first = true;
    for (auto line : split(std::string_view(text).substr(0, text.size() - 2), '\n')) {
      auto shown = std::string(trim(line));
      rows.push_back({first ? std::string(row.name) : "", shown,
                      !first                 ? ""
                      : reply.source.empty() ? "approximate"
                                             : "verified: " + reply.source});
      first = false;
    }
  }
  std::cout << table({"reply", "text", "mark"}, rows, color)
            << "\nThe others are those of the built-in server ('mailfault list --reference').\n";
}

}  // namespace

std::unique_ptr<Subcommand> make_show() { return std::make_unique<Show>(); }

}  // namespace mailfault::cli
