#include "report/score.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/text.hpp"
#include "journal/json_lines.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

constexpr std::size_t most_events_an_end = 200, most_text = 400, most_quoted = 600;

std::string stage_of(const Event& event) {
  using enum EventKind;
  bool has_one = event.kind == command || event.kind == reply || event.kind == undelivered || event.kind == content ||
                 event.kind == fault || event.kind == discarded || event.kind == stored;
  return has_one ? std::string(stages()[static_cast<std::size_t>(event.stage)].name) : "";
}

ScoreEvent told(Event event, Micros since) {
  event.at -= since;
  return {event.at,
          event.connection,
          std::string(name_of(event.kind)),
          stage_of(event),
          std::string(beginning(utf8(event.text()), most_text)),
          to_text(event, "", false)};
}

// A loop's clock began with the loop, and a scenario later: what is told is counted from its own first event.
void add_events(const Journal& journal, ScoreCase& to) {
  auto size = journal.size();
  auto begin = size > 0 ? journal[0].at : Micros{};
  for (auto& finding : to.findings) {
    finding.from -= std::min(finding.from, begin);
    finding.to -= std::min(finding.to, begin);
  }
  bool all = size <= 2 * most_events_an_end;
  for (std::size_t i = 0; i < size; ++i)
    if (all || i < most_events_an_end || i >= size - most_events_an_end) to.events.push_back(told(journal[i], begin));
  to.events_left_out = size - to.events.size();
}

/// The last lines of an output, cut at a line's begin where there is one.
std::string last_lines(std::string_view output) {
  auto text = utf8(output.substr(output.size() - std::min(output.size(), most_quoted)));
  while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' ')) text.pop_back();
  auto line = text.find('\n');
  if (output.size() > most_quoted && line != std::string::npos) text.erase(0, line + 1);
  return text;
}

/// The judgement that a case failed by, without numbers, addresses and what is quoted.
std::string sort_of(const ScoreCase& of) {
  const auto* worst = worst_finding(of);
  if (!worst) return "";
  std::string out = worst->name + ": ";
  char closing = 0;
  for (char c : worst->seen) {
    if (closing) {
      if (c == closing) closing = 0;
      continue;
    }
    if (c == '<') closing = '>';
    if (c == '"') closing = '"';
    if (!closing && !(c >= '0' && c <= '9')) out += c;
  }
  return out;
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 14695981039346656037u) {
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

struct Expected {
  std::string_view outcome, section, does;
};

/// Of an unknown outcome: nothing.
const Expected& expected_of(std::string_view outcome) {
  static constexpr std::array<Expected, 9> rows{{
      {"delivered", "RFC 5321 section 6.1", "reports success, and each accepted recipient has one copy"},
      {"temporary", "RFC 5321 section 4.2.1",
       "reports a temporary failure, or tries again later with growing gaps; it loses nothing"},
      {"permanent", "RFC 5321 section 4.2.1",
       "reports a permanent failure with the server's code and text, and doesn't send again"},
      {"misconfigured", "RFC 4954 section 6", "reports a credential or set-up error, after one attempt"},
      {"reconnects", "RFC 5321 section 3.8",
       "finds the connection stale, reconnects at once and sends once; its user sees nothing"},
      {"ambiguous", "RFC 1047", "doesn't know: at most a bounded, delayed retry with the same Message-ID"},
      {"refuses", "RFC 3207 section 6", "stops: no credential and no byte of a message after the trap"},
      {"partial", "RFC 5321 section 3.3",
       "reports each recipient apart: accepted ones once, 4yz tried again alone, 5yz named"},
      {"", "", ""},
  }};
  return *std::find_if(rows.begin(), rows.end() - 1, [&](const Expected& each) { return each.outcome == outcome; });
}

}  // namespace

ScoreCase score_case(const Scenario& scenario) {
  ScoreCase out;
  out.id = scenario.id;
  out.title = scenario.title;
  out.emulates = scenario.emulates;
  out.folder = group_of(scenario);
  out.path = scenario.path;
  out.sources = scenario.sources;
  out.outcomes = scenario.outcomes();
  out.needs = scenario.needs.words();
  for (const auto& stage : stages())
    for (const auto& rule : scenario.rules_at(stage.stage))
      out.faults.push_back({std::string(stage.name), rule.line, 0});
  return out;
}

ScoreCase score_case(const ScenarioRun& run) {
  auto out = score_case(*run.scenario);
  const auto& judgement = run.judgement;
  out.verdict = run.not_applicable.empty() ? judgement.verdict : Verdict::not_applicable;
  out.severity = judgement.severity;
  out.reason = run.not_applicable;
  if (scenario_failed(run)) out.error = "the scenario failed, or a bound of the server's was reached";
  if (auto all = troubles(run); scenario_failed(run) && !all.empty()) out.error = all.front().text;
  out.last_stage = lower(judgement.last_stage);
  out.findings = judgement.findings;
  out.words = run.words;
  out.ran = run.not_applicable.empty();
  out.exit_status = run.command.exit_status;
  out.timed_out = run.command.timed_out;
  out.quote = last_lines(run.command.output);
  auto total = counts(run);
  out.connections = total.connections;
  out.stored = total.stored;
  out.copies = total.copies;
  out.took = run.took;
  out.replay = run.replay;
  auto lines = played_lines(run);
  for (auto& fault : out.faults)
    if (auto played = lines.find(fault.line); played != lines.end()) fault.played = played->second;
  if (run.journal) add_events(*run.journal, out);
  return out;
}

std::string catalogue_version(std::vector<std::pair<std::string, std::vector<std::string>>> ids_and_outcomes) {
  std::sort(ids_and_outcomes.begin(), ids_and_outcomes.end());
  auto hash = fnv1a("");
  for (const auto& [id, outcomes] : ids_and_outcomes) hash = fnv1a(id + ":" + join(outcomes, ",") + "\n", hash);
  char text[64];
  std::snprintf(text, sizeof text, "%zu-%012llx", ids_and_outcomes.size(),
                static_cast<unsigned long long>(hash >> 16));
  return text;
}

char grade(const ScoreReport& report) {
  auto worst = Severity::none;
  bool judged = false;
  for (const auto& each : report.cases) {
    if (each.fails()) worst = std::max(worst, each.severity);
    judged = judged || (each.counts() && each.verdict != Verdict::unmet && each.verdict != Verdict::not_applicable);
  }
  if (!judged) return '-';
  constexpr std::string_view grades = "ABCDEEF";
  return grades[static_cast<std::size_t>(worst)];
}

std::vector<const ScoreCase*> failures(const ScoreReport& report, Severity severity) {
  std::vector<const ScoreCase*> out;
  for (const auto& each : report.cases)
    if (each.fails() && each.severity == severity) out.push_back(&each);
  return out;
}

std::uint64_t count(const ScoreReport& report, Verdict verdict) {
  return static_cast<std::uint64_t>(
      std::count_if(report.cases.begin(), report.cases.end(),
                    [&](const ScoreCase& each) { return each.counts() && each.verdict == verdict; }));
}

std::string verdicts_in_words(const ScoreReport& report) {
  using enum Verdict;
  std::vector<std::string> parts;
  for (auto verdict : {pass, lax, info, fail, unmet, not_applicable})
    if (auto number = count(report, verdict))
      parts.push_back(std::to_string(number) + " " + std::string(name_of(verdict)));
  auto errors =
      std::count_if(report.cases.begin(), report.cases.end(), [](const auto& each) { return !each.counts(); });
  if (errors > 0) parts.push_back(std::to_string(errors) + " error");
  return parts.empty() ? "nothing was played" : join(parts, ", ");
}

std::string_view correct_client(std::string_view outcome) { return expected_of(outcome).does; }

std::string correct_client(const ScoreCase& of) {
  std::vector<std::string> parts;
  for (const auto& outcome : of.outcomes)
    if (auto does = correct_client(outcome); !does.empty()) parts.emplace_back(does);
  return join(parts, "; or ");
}

const Finding* worst_finding(const ScoreCase& of) {
  const Finding* worst = nullptr;
  for (const auto& finding : of.findings) {
    if (finding.verdict == Verdict::pass || !finding.weighs) continue;
    auto weight = [](const Finding& each) { return std::pair(each.verdict, each.severity); };
    if (!worst || weight(finding) > weight(*worst)) worst = &finding;
  }
  return worst;
}

std::string section_of(const ScoreCase& of) {
  if (const auto* worst = worst_finding(of); worst && worst->rule.starts_with("RFC")) return worst->rule;
  std::vector<std::string> parts;
  for (const auto& source : of.sources)
    if (source.starts_with("RFC")) parts.push_back(source);
  if (parts.empty() && !of.outcomes.empty()) return std::string(expected_of(of.outcomes.front()).section);
  return join(parts, ", ");
}

std::string why(const ScoreCase& of) {
  if (!of.error.empty()) return of.error;
  if (!of.reason.empty()) return of.reason;
  const auto* worst = worst_finding(of);
  if (!worst) return "";
  if (worst->name.starts_with("outcome")) return worst->seen;
  auto wanted = worst->name.starts_with("expect") ? " (wanted: " + worst->expected + ")" : "";
  return worst->name + ": " + worst->seen + wanted;
}

std::vector<FailureSort> failure_sorts(const ScoreReport& report) {
  std::vector<FailureSort> out;
  for (auto severity : severities_by_weight) {
    std::map<std::string, FailureSort> sorts;
    for (const auto* each : failures(report, severity)) {
      auto& sort = sorts[sort_of(*each)];
      sort.severity = severity;
      sort.cases.push_back(each);
    }
    auto first = out.size();
    for (auto& [key, sort] : sorts) out.push_back(std::move(sort));
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                     [](const auto& a, const auto& b) { return a.cases.size() > b.cases.size(); });
  }
  return out;
}

std::vector<SaidOnce> said_once(const ScoreReport& report) {
  std::vector<SaidOnce> all;
  for (const auto& each : report.cases)
    for (const auto& finding : each.findings) {
      if (!finding.once || finding.verdict == Verdict::pass) continue;
      auto colon = finding.seen.find(", not why: ");
      auto text = colon == std::string::npos ? finding.seen : "it says no, " + finding.seen.substr(colon + 2);
      auto known = std::find_if(all.begin(), all.end(), [&](const SaidOnce& said) { return said.text == text; });
      if (known == all.end()) known = all.insert(all.end(), {text, {}});
      if (known->ids.empty() || known->ids.back() != each.id) known->ids.push_back(each.id);
    }
  return all;
}

std::vector<std::string> wire_log(const ScoreCase& of, const Finding& finding, std::size_t most) {
  std::vector<const ScoreEvent*> events;
  for (const auto& event : of.events)
    if (event.connection > 0 && (finding.connection == 0 || event.connection == finding.connection))
      events.push_back(&event);
  std::vector<std::string> out;
  auto kept = events.size() <= most ? events.size() : most - 1;
  auto first = events.size() <= most ? kept : kept / 3;
  for (std::size_t i = 0; i < first; ++i) out.push_back(events[i]->line);
  if (kept < events.size()) out.push_back("       …  " + counted(events.size() - kept, "event", "events") + " more");
  for (auto i = events.size() - (kept - first); i < events.size(); ++i) out.push_back(events[i]->line);
  return out;
}

std::vector<StageCoverage> coverage(const ScoreReport& report) {
  std::vector<StageCoverage> out;
  for (const auto& stage : stages()) {
    StageCoverage row;
    row.stage = stage.name;
    for (const auto& each : report.cases) {
      std::uint64_t rules = 0, played = 0;
      for (const auto& fault : each.faults) {
        if (fault.stage != stage.name) continue;
        ++rules;
        played += fault.played > 0;
      }
      row.rules += rules;
      row.played += played;
      row.scenarios += rules > 0;
      row.reached += played > 0;
    }
    if (row.rules > 0) out.push_back(row);
  }
  return out;
}

std::vector<const ScoreCase*> never_reached(const ScoreReport& report) {
  std::vector<const ScoreCase*> out;
  for (const auto& each : report.cases)
    if (each.counts() && each.ran && each.verdict == Verdict::unmet) out.push_back(&each);
  return out;
}

}  // namespace mailfault
