// What a run is told as: for a terminal, for CI's viewers, for programs, for a person with a browser, for a bug.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "journal/journal.hpp"
#include "journal/ledger.hpp"
#include "scenario/scenario.hpp"
#include "verdict/verdict.hpp"

namespace mailfault {

/// All that can be told of one scenario's run. The pointers outlive the report.
struct ScenarioRun {
  const Scenario* scenario = nullptr;
  std::string source;  ///< the scenario's file
  const Journal* journal = nullptr;
  const Ledger* ledger = nullptr;
  Judgement judgement;
  CommandEnd command;
  std::vector<ClientWord> words;
  std::vector<std::string> command_line;                     ///< of the command under test, placeholders filled in
  std::vector<std::pair<std::string, std::uint16_t>> ports;  ///< by the door's name
  std::map<std::string, std::string> parameters;             ///< as they were for this run
  std::uint64_t seed = 0;
  double time_scale = 1;
  Micros took{};               ///< from the doors' opening to the judgement
  std::string replay;          ///< a command line that plays this scenario in the same way again
  std::string not_applicable;  ///< why it couldn't be played here; empty: it was
};

struct RunReport {
  std::vector<ScenarioRun> runs;
  std::string version;  ///< of mailfault
  std::string began;    ///< RFC 3339, UTC
  bool strict = false;  ///< lax fails, too
};

/// The program's exit status: 2 a scenario error, else 3 the command could not be run, else 1 a fail, an unmet (or,
/// if strict, a lax) or a failed test command, else 0.
int exit_status(const RunReport& report);
/// The verdict of one run as its name stands in reports, its own failure of the command included.
std::string_view headline(const ScenarioRun& run);

struct TerminalStyle {
  bool color = false;
  bool verbose = false;  ///< the wire log of every scenario, not only around what failed
  std::size_t width = 100;
};
std::string to_terminal(const ScenarioRun& run, const TerminalStyle& style);
/// The last lines: counts by verdict, what is said once for all, how to see more.
std::string summary(const RunReport& report, const TerminalStyle& style);

/// JUnit XML as CI viewers read it: a suite a report, a case a scenario, the wire log as its system-out.
std::string to_junit(const RunReport& report);
/// By the JSON Schema in server/report/run.schema.json.
std::string to_json(const RunReport& report);
/// One file, no network, readable on a phone.
std::string to_html(const RunReport& report);
/// The conversations of a journal that was read back, in a page of the same kind. No verdict is in it.
struct NamedJournal {
  std::string name;
  const Journal* journal = nullptr;
};
std::string to_html(std::string_view title, const std::vector<NamedJournal>& journals);
/// Into `folder`, made if it isn't there: journal.jsonl, the stored messages, the scenario, the command lines and the
/// seed. Throws Error if it can't be written.
void write_evidence(const ScenarioRun& run, const std::string& folder);

}  // namespace mailfault
