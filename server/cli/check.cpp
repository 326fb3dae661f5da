// check: loads scenario files, looks for what an author forgets, and replays their examples.
#include <chrono>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "engine/replay.hpp"

namespace mailfault::cli {
namespace {

std::vector<std::string> advice(const Scenario& scenario) {
  std::vector<std::string> lines;
  if (scenario.examples.empty() && scenario.main_door().state == DoorState::open)
    lines.emplace_back("it has no example; a transcript that shows the fault is both its documentation and its test");
  if (scenario.expectations.empty())
    lines.emplace_back("it expects nothing; say what a correct client does with expect.outcome \"…\"");
  if (scenario.emulates.empty()) lines.emplace_back("scenario.emulates doesn't say what it stands for");
  return lines;
}

class Check final : public Subcommand {
 public:
  std::string_view name() const override { return "check"; }
  std::string_view summary() const override { return "Load scenarios, lint them and replay their examples"; }
  std::string_view examples() const override {
    return "  mailfault check my-fault.lua            a file of your own\n"
           "  mailfault check banner-421 --words      one of the catalogue, its rules in words\n"
           "  mailfault check --all                   the whole catalogue\n";
  }
  void declare(OptionTable& options) override {
    options.texts("SCENARIO", "", ValueKind::scenario, names_, "files or ids");
    options.flag("--all", all_, "the whole catalogue");
    options.flag("--words", words_, "also say each rule in words");
    options.flag("--quiet", quiet_, "print problems only");
    options.text("--scenarios", "DIR", ValueKind::folder, folder_,
                 "a folder of scenarios that adds to the catalogue");
  }
  int run() override;

 private:
  // 0: fine, 1: an example doesn't hold, 2: it doesn't load.
  int check(const ScenarioFile& file);

  std::vector<std::string> names_;
  bool all_ = false, words_ = false, quiet_ = false, color_ = false;
  std::string folder_;
};

int Check::check(const ScenarioFile& file) {
  try {
    auto script = load(file);
    const auto& scenario = script->scenario();
    int failed = 0;
    std::string problems;
    for (const auto& example : scenario.examples) {
      if (auto failure = replay(file.source, file.path, example, file.providers)) {
        ++failed;
        problems += "  " + file.path + ":" + std::to_string(failure->line) + ": " + failure->what + "\n";
        for (auto line : split(failure->log, '\n'))
          if (!line.empty()) problems += toned(Tone::dim, "    | " + std::string(line), color_) + "\n";
      }
    }
    auto count = counted(scenario.examples.size(), "example", "examples");
    if (failed > 0)
      std::cout << toned(Tone::bad, "FAIL", color_) << "  " << file.path << "  " << failed << " of " << count
                << " went another way\n"
                << problems;
    else if (!quiet_)
      std::cout << toned(Tone::good, "ok", color_) << "    " << padded(file.path, 44) << "  " << count << "\n";
    if (words_) {
      for (const auto& stage : scenario.rules)
        for (const auto& rule : stage)
          std::cout << "        line " << rule.line << ", on." << name_of(rule.stage) << ": " << words(rule) << "\n";
      for (const auto& limit : scenario.limits.all)
        std::cout << "        line " << scenario.limits.line << ", limit: " << words(limit) << "\n";
    }
    if (!quiet_)
      for (const auto& line : advice(scenario))
        std::cout << "      " << toned(Tone::warning, "note", color_) << "  " << line << "\n";
    return failed > 0 ? 1 : 0;
  } catch (const Error& error) {
    std::cout << toned(Tone::bad, "ERROR", color_) << " " << error.what() << "\n";
    return 2;
  }
}

int Check::run() {
  color_ = has_color();
  std::vector<ScenarioFile> files;
  if (all_) files = all_scenarios(folder_);
  for (const auto& each : names_) files.push_back(find_scenario(each, folder_));
  if (files.empty()) throw Error("check: name a scenario's file or id, or say --all");
  auto start = std::chrono::steady_clock::now();
  int worst = 0, good = 0;
  for (const auto& file : files) {
    int status = check(file);
    worst = std::max(worst, status);
    good += status == 0;
  }
  auto took = std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - start);
  if (files.size() > 1)
    std::cout << good << " of " << counted(files.size(), "scenario holds", "scenarios hold") << " ("
              << format_duration(took) << ")\n";
  return worst;
}

}  // namespace

std::unique_ptr<Subcommand> make_check() { return std::make_unique<Check>(); }

}  // namespace mailfault::cli
