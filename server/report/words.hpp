// What the forms of a report share: counts, times and reasons in words, and text made safe for each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace mailfault {

struct RunCounts {
  std::uint64_t connections = 0, stored = 0, copies = 0, faults = 0;
  std::uint64_t bounces = 0, bounces_delivered = 0;
};
RunCounts counts(const ScenarioRun& run);
/// How often each line of the scenario played.
std::map<int, std::uint64_t> played_lines(const ScenarioRun& run);

/// The scenario went wrong by itself, or a bound of the server's was reached: nothing it found counts.
bool scenario_failed(const ScenarioRun& run);
/// A test whose own assertions don't hold, or that didn't end.
bool test_failed(const ScenarioRun& run);
bool fails(const ScenarioRun& run, bool strict);
/// What isn't a finding: the errors of the scenario, the end of the command.
struct Trouble {
  std::string_view verdict;  ///< "error", "fail"
  std::string text;          ///< a sentence
};
std::vector<Trouble> troubles(const ScenarioRun& run);
/// Findings that differ only in what was seen and when; never empty.
using Alike = std::vector<const Finding*>;
/// Those that say something about this run: worst first, without passes and, unless asked for, without what is said
/// once for all.
std::vector<Alike> told_findings(const ScenarioRun& run, bool with_once = false);
/// "A3 (RFC 5321 section 4.1.4)".
std::string titled(const Finding& finding);
/// The folder of the catalogue, else the stage of the first rule.
std::string group_of(const Scenario& scenario);

/// "40 ms", "0.8 s", "12 s", "4 min 50 s".
std::string in_words(Micros time);
/// A real time in the scenario's own.
Micros nominal(const ScenarioRun& run, Micros real);
/// "0.8 s", and nominally how long where the server's time was scaled.
std::string took_in_words(const ScenarioRun& run);
/// "0.8 s, 2 connections, 1 message stored".
std::string counts_in_words(const ScenarioRun& run);
/// A command line that a shell reads back as these words.
std::string shell_line(const std::vector<std::string>& words);

/// The events of a connection (0: all) in that time, as text; at most `most` lines, the middle left out.
std::vector<std::string> wire_log(const ScenarioRun& run, std::uint32_t connection, Micros from, Micros to,
                                  std::size_t most, bool color);
std::vector<std::string> wire_log(const ScenarioRun& run, bool color);

/// The text if it is UTF-8, else each byte as the code point of its number (Latin-1).
std::string utf8(std::string_view text);
/// At most that many bytes of its beginning, cut between characters.
std::string_view beginning(std::string_view text, std::size_t most);
/// For the text and the quoted attributes of XML and HTML. Characters that XML 1.0 forbids become U+FFFD.
std::string markup(std::string_view text);
/// ` name="value"` of XML, and of JUnit a time: "0.040".
std::string attribute(std::string_view name, std::string_view value);
std::string seconds_of(Micros time);
/// Columns on a terminal, every character one.
std::size_t columns(std::string_view text);

}  // namespace mailfault
