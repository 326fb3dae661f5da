#include <filesystem>

#include "base/text.hpp"
#include "journal/json_lines.hpp"
#include "report/whole_files.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, std::string_view text) {
  WholeFile file(path);
  file.write(text);
  file.finish();
  file.take_place();
}

std::string row(std::string_view name, std::string_view value) {
  if (value.empty()) return "";
  auto out = std::string(name) + ":";
  out.append(out.size() < 15 ? 15 - out.size() : 1, ' ');
  return out + utf8(value) + "\n";
}

std::string read_me(const ScenarioRun& run) {
  const auto& scenario = *run.scenario;
  std::string parameters, ports;
  for (const auto& [name, value] : run.parameters)
    parameters += (parameters.empty() ? "" : ", ") + name + " = " + value;
  for (const auto& [door, port] : run.ports) ports += (ports.empty() ? "" : ", ") + door + " " + std::to_string(port);
  std::string out = "What a mail client did under the scenario " + scenario.id +
                    " of mailfault, a mock SMTP server that misbehaves on purpose.\n\n";
  out += row("scenario", scenario.id + ": " + scenario.title) + row("emulates", scenario.emulates);
  out += row("verdict", headline(run)) + row("not applicable", run.not_applicable);
  out += row("took", counts_in_words(run)) + row("seed", std::to_string(run.seed)) + row("parameters", parameters);
  out += row("ports", ports) + row("the command", shell_line(run.command_line)) + row("play it again", run.replay);
  TerminalStyle style;
  style.verbose = true;
  out += "\n" + to_terminal(run, style) + "\n";
  out += "journal.jsonl  every event in its order, one JSON object a line; times are microseconds\n";
  if (run.ledger && run.ledger->size() > 0) out += "messages/      what the server stored, by its number there\n";
  if (run.ledger && !run.ledger->bounces().empty()) out += "bounces/       what it sent back, by its number\n";
  if (!run.source.empty()) out += scenario.id + ".lua  the scenario as it was\n";
  return out + "report.json    the verdict and all of this for programs\n";
}

}  // namespace

void write_evidence(const ScenarioRun& run, const std::string& folder) {
  const fs::path root = folder;
  make_folder(root);
  if (run.journal) {
    // Piece by piece, since a journal may have 256 MiB; the one that was written while the run went on is never half
    // gone.
    WholeFile file(root / "journal.jsonl");
    for (const auto& event : *run.journal) file.write(to_json(event, run.scenario->id) + "\n");
    file.finish();
    file.take_place();
  }
  if (run.ledger && run.ledger->size() > 0) {
    make_folder(root / "messages");
    for (const auto& message : *run.ledger)
      if (message.text_kept) write_file(root / "messages" / (std::to_string(message.id) + ".eml"), message.text);
  }
  if (run.ledger && !run.ledger->bounces().empty()) {
    make_folder(root / "bounces");
    for (const auto& bounce : run.ledger->bounces())
      if (bounce.text_kept) write_file(root / "bounces" / (std::to_string(bounce.id) + ".eml"), bounce.text);
  }
  if (!run.source.empty()) write_file(root / (run.scenario->id + ".lua"), run.source);
  RunReport alone;
  alone.runs.push_back(run);
  write_file(root / "report.json", to_json(alone));
  write_file(root / "README.txt", read_me(run));
}

}  // namespace mailfault
