// How a mail client took the catalogue: plain data, its grade, and what it is told as.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace mailfault {

/// A moment of a session, for its wire log and its timeline.
struct ScoreEvent {
  Micros at{};                   ///< since the scenario's start
  std::uint32_t connection = 0;  ///< 0: the server's own
  std::string kind;              ///< of the journal: "command", "reply", "fault", "stored"…
  std::string stage;             ///< of commands, replies, contents and faults; else empty
  std::string text;              ///< what was said; of a fault, its rule in words
  std::string line;              ///< the same as a line of the wire log
};

/// A rule of the scenario's.
struct ScoreFault {
  std::string stage;
  int line = 0;
  std::uint64_t played = 0;  ///< how often
};

/// A client under a scenario.
struct ScoreCase {
  // The scenario.
  std::string id, title, emulates, folder, path;
  std::vector<std::string> sources, outcomes;
  std::string needs;               ///< in words; empty: nothing special
  std::vector<ScoreFault> faults;  ///< a client that was not run played none

  // What the client did.
  Verdict verdict = Verdict::pass;
  Severity severity = Severity::none;  ///< of a fail and a lax
  std::string reason;                  ///< of not applicable and unmet, where it was not run
  std::string error;                   ///< the scenario failed by itself, so nothing counts; empty: it didn't
  std::string last_stage;
  std::vector<Finding> findings;
  std::vector<ClientWord> words;
  bool ran = false;
  int exit_status = 0;
  bool timed_out = false;
  std::string quote;  ///< the last lines of the client's output
  std::uint64_t connections = 0, stored = 0, copies = 0;
  Micros took{};
  std::vector<ScoreEvent> events;     ///< the first and the last, where there are very many
  std::uint64_t events_left_out = 0;  ///< between them
  std::string replay;                 ///< a command line that plays it again

  bool counts() const { return error.empty(); }
  bool fails() const { return counts() && verdict == Verdict::fail; }
};

struct ScoreReport {
  std::string client, version;  ///< of the client; version empty: it isn't known
  std::string notes;            ///< of its profile
  std::string program;          ///< mailfault's version
  std::string catalogue;        ///< the catalogue's version (catalogue_version)
  std::string began;            ///< RFC 3339, UTC
  std::vector<std::string> command;
  std::string profile;
  std::uint64_t seed = 0;
  double time_scale = 1;
  std::uint64_t selected = 0;  ///< scenarios that were to be played; more than cases: it was interrupted
  std::vector<ScoreCase> cases;

  bool complete() const { return cases.size() >= selected; }
};

/// All of a scenario that doesn't depend on the run; its verdict is to be filled in.
ScoreCase score_case(const Scenario& scenario);
/// What became of it. `run` may go afterwards.
ScoreCase score_case(const ScenarioRun& run);
/// Of a catalogue, whatever the order: its size, and a hash of the ids and what each expects: "705-3f9a…".
std::string catalogue_version(std::vector<std::pair<std::string, std::vector<std::string>>> ids_and_outcomes);

// ---- the grade

inline constexpr std::array<Severity, 6> severities_by_weight{Severity::mail_lost,     Severity::mail_doubled,
                                                              Severity::secret_leaked, Severity::hang,
                                                              Severity::wrong_report,  Severity::blemish};
/// 'A' no failure, 'B' blemishes, 'C' a wrong report, 'D' a hang, 'E' mail doubled or a secret leaked, 'F' mail lost:
/// by the worst failure alone; '-' where nothing was judged.
char grade(const ScoreReport& report);
/// The cases that fail with this severity.
std::vector<const ScoreCase*> failures(const ScoreReport& report, Severity severity);
std::uint64_t count(const ScoreReport& report, Verdict verdict);
/// "pass 400, lax 20, fail 3 …": those that are there, in the order of reports.
std::string verdicts_in_words(const ScoreReport& report);

/// What a correct client does where a scenario expects this outcome (a sentence); empty: no such outcome.
std::string_view correct_client(std::string_view outcome);
/// The same for all of a case's outcomes, joined by "or".
std::string correct_client(const ScoreCase& of);
/// The RFC sections that a case rests on: of its worst finding, else of its sources, else of its outcome.
std::string section_of(const ScoreCase& of);
/// The worst finding; null: none.
const Finding* worst_finding(const ScoreCase& of);
/// Why it has its verdict, in one line.
std::string why(const ScoreCase& of);
/// Failures that differ in numbers and addresses only: those of one severity, found by the same judgement.
struct FailureSort {
  Severity severity{};
  std::vector<const ScoreCase*> cases;
};
/// The worst first, in each severity the most frequent first.
std::vector<FailureSort> failure_sorts(const ScoreReport& report);
/// What holds for several cases alike ("can't tell temporary from permanent"), with their number.
struct SaidOnce {
  std::string text;
  std::vector<std::string> ids;
};
std::vector<SaidOnce> said_once(const ScoreReport& report);
/// The wire log around a finding: its connection's events until then, the middle left out; all where it names none.
std::vector<std::string> wire_log(const ScoreCase& of, const Finding& finding, std::size_t most);

// ---- coverage

struct StageCoverage {
  std::string stage;
  std::uint64_t rules = 0, played = 0;       ///< of the scenarios' rules
  std::uint64_t scenarios = 0, reached = 0;  ///< those with a rule there; those of which one played
};
/// A row a stage, in the order of a session, without those that no rule is at.
std::vector<StageCoverage> coverage(const ScoreReport& report);
/// The scenarios that the client was run under and never reached.
std::vector<const ScoreCase*> never_reached(const ScoreReport& report);

// ---- forms

struct ScoreStyle {
  bool color = false;
  bool verbose = false;  ///< every failure whole, with its wire log; else the first of each sort
  std::size_t width = 100;
};
std::string to_terminal(const ScoreReport& report, const ScoreStyle& style);
/// By the JSON Schema in server/report/score.schema.json: one client or several.
std::string to_json(std::span<const ScoreReport> reports);
/// Reads that again. Throws Error naming the file, and the line or the member that isn't as it should be.
std::vector<ScoreReport> read_scores(const std::string& path);
/// A suite a client, a case a scenario.
std::string to_junit(const ScoreReport& report);
/// For a pull request: the grade, what fails, and how to see it again. Several clients: a table.
std::string to_markdown(std::span<const ScoreReport> reports);
/// A folder of pages for a browser, without any network: index.html, clients across and scenarios down, and a page
/// for each cell. The folder is made if it isn't there; no file is replaced before all are whole. Throws Error if it
/// can't be written.
void write_score_pages(std::span<const ScoreReport> reports, const std::string& folder);

}  // namespace mailfault
