// show: what a scenario does, expects, and its parameters.
#include <iostream>

#include "base/text.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"

namespace mailfault::cli {
namespace {

class Show final : public Subcommand {
 public:
  std::string_view name() const override { return "show"; }
  std::string_view summary() const override { return "Say what a scenario does and what a correct client does then"; }
  std::string_view examples() const override {
    return "  mailfault show dot-accepted-close\n"
           "  mailfault show banner-421 --source      its Lua file\n";
  }
  void declare(OptionTable& options) override {
    options.texts("SCENARIO", "", ValueKind::scenario, names_, "files or ids", true);
    options.flag("--source", source_, "print the file itself");
    options.text("--scenarios", "DIR", ValueKind::folder, folder_,
                 "a folder of scenarios that adds to the catalogue");
  }
  int run() override {
    for (const auto& each : names_) {
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
  std::vector<std::string> names_;
  bool source_ = false;
  std::string folder_;
};

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

}  // namespace

std::unique_ptr<Subcommand> make_show() { return std::make_unique<Show>(); }

}  // namespace mailfault::cli
