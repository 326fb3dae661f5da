#include "report/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "journal/json_lines.hpp"

namespace mailfault {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t length = 0;  // 0: no UTF-8
};

Character first_of(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t code = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return {};
    code = code << 6 | (byte & 0x3f);
  }
  bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {};
  return {code, length};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto length = first_of(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool allowed_in_xml(char32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n';  // a CR would be read back as a line feed
  return !(code >= 0x7f && code < 0xa0) && code != 0xfffe && code != 0xffff;
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool plain_for_a_shell(std::string_view word) {
  constexpr std::string_view plain = "%+,-./:=@_";
  return !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           plain.find(c) != std::string_view::npos;
  });
}

std::string formatted(const char* form, double number) {
  char text[64];
  std::snprintf(text, sizeof text, form, number);
  return text;
}

}  // namespace

RunCounts counts(const ScenarioRun& run) {
  RunCounts out;
  if (run.journal) {
    out.connections = run.journal->count(EventKind::connected);
    out.faults = run.journal->count(EventKind::fault);
  }
  if (run.ledger) {
    out.stored = run.ledger->size();
    out.copies = run.ledger->copies();
    const auto& bounces = run.ledger->bounces();
    out.bounces = bounces.size();
    out.bounces_delivered =
        static_cast<std::uint64_t>(std::count_if(bounces.begin(), bounces.end(), [](const Bounce& each) {
          return each.delivery == Bounce::Delivery::delivered;
        }));
  }
  return out;
}

std::map<int, std::uint64_t> played_lines(const ScenarioRun& run) {
  std::map<int, std::uint64_t> lines;
  if (run.journal)
    for (const auto& event : *run.journal)
      if (event.kind == EventKind::fault && event.number > 0) ++lines[static_cast<int>(event.number)];
  return lines;
}

bool scenario_failed(const ScenarioRun& run) {
  return run.judgement.script_failed || (run.journal && run.journal->full()) || (run.ledger && run.ledger->full());
}

bool test_failed(const ScenarioRun& run) {
  const auto& command = run.command;
  return !command.is_client && command.started && (command.exit_status != 0 || command.timed_out);
}

bool fails(const ScenarioRun& run, bool strict) {
  auto verdict = run.judgement.verdict;
  return scenario_failed(run) || !run.command.started || test_failed(run) || verdict == Verdict::fail ||
         verdict == Verdict::unmet || (strict && verdict == Verdict::lax);
}

std::vector<Trouble> troubles(const ScenarioRun& run) {
  std::vector<Trouble> out;
  auto add = [&](std::string_view verdict, std::string text) {
    if (std::none_of(out.begin(), out.end(), [&](const Trouble& each) { return each.text == text; }))
      out.push_back({verdict, std::move(text)});
  };
  // The judge may have told it as a finding.
  auto is_told = [&](std::string_view text) {
    const auto& all = run.judgement.findings;
    return std::any_of(all.begin(), all.end(), [&](const Finding& finding) { return finding.seen == text; });
  };
  bool said = false;
  if (run.judgement.script_failed && run.journal)
    for (const auto& event : *run.journal) {
      if (event.kind != EventKind::error) continue;
      said = true;
      if (!is_told(event.text())) add("error", "the scenario failed: " + utf8(event.text()));
    }
  if (run.journal && run.journal->full())
    add("error", "the journal was full: events are missing, so the run can't pass");
  if (run.ledger && run.ledger->full())
    add("error", "the ledger was full: messages are missing, so the run can't pass");
  if (run.judgement.script_failed && !said && out.empty()) add("error", "the scenario failed");
  const auto& command = run.command;
  if (!command.started)
    add("error", "the command could not be run: " + shell_line(run.command_line));
  else if (test_failed(run) && command.timed_out)
    add("fail", "the command was ended, since its time was up");
  else if (test_failed(run))
    add("fail", "the command ended with exit status " + std::to_string(command.exit_status) +
                    ": what it asserts doesn't hold");
  return out;
}

std::vector<Alike> told_findings(const ScenarioRun& run, bool with_once) {
  std::vector<Alike> out;
  for (const auto& finding : run.judgement.findings) {
    if (finding.verdict == Verdict::pass || (finding.once && !with_once)) continue;
    auto alike = std::find_if(out.begin(), out.end(), [&](const Alike& each) {
      const auto& first = *each.front();
      return first.verdict == finding.verdict && first.name == finding.name && first.rule == finding.rule &&
             first.expected == finding.expected;
    });
    if (alike == out.end()) alike = out.insert(out.end(), Alike());
    alike->push_back(&finding);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Alike& a, const Alike& b) { return a.front()->verdict > b.front()->verdict; });
  return out;
}

std::string titled(const Finding& finding) {
  auto out = utf8(finding.name);
  return finding.rule.empty() || finding.rule == finding.name ? out : out + " (" + utf8(finding.rule) + ")";
}

std::string group_of(const Scenario& scenario) {
  auto parts = split(scenario.path, '/');
  if (parts.size() >= 3 && parts[parts.size() - 3] == "scenarios") return std::string(parts[parts.size() - 2]);
  for (const auto& stage : stages())
    if (!scenario.rules_at(stage.stage).empty()) return std::string(stage.name);
  return "scenario";
}

std::string in_words(Micros time) {
  auto seconds = in_seconds(time);
  if (seconds < 0.0995) return formatted("%.0f ms", seconds * 1000);
  if (seconds < 9.95) return formatted("%.1f s", seconds);
  auto whole = std::llround(seconds);
  if (whole < 120) return std::to_string(whole) + " s";
  auto rest = whole % 60;
  return std::to_string(whole / 60) + " min" + (rest == 0 ? "" : " " + std::to_string(rest) + " s");
}

Micros nominal(const ScenarioRun& run, Micros real) {
  if (run.time_scale == 1 || run.time_scale <= 0) return real;
  return Micros(std::llround(static_cast<double>(real.count()) / run.time_scale));
}

std::string took_in_words(const ScenarioRun& run) {
  auto out = in_words(run.took);
  return run.time_scale == 1 ? out : out + ", nominally " + in_words(nominal(run, run.took));
}

std::string counts_in_words(const ScenarioRun& run) {
  auto total = counts(run);
  auto out = took_in_words(run) + ", " + counted(total.connections, "connection", "connections") + ", " +
             counted(total.stored, "message", "messages") + " stored";
  if (total.copies != total.stored) out += " as " + counted(total.copies, "copy", "copies");
  if (total.bounces == 0) return out;
  return out + ", " + counted(total.bounces, "bounce", "bounces") + " (" + std::to_string(total.bounces_delivered) +
         " delivered)";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ' ';
    if (plain_for_a_shell(word)) {
      out += word;
      continue;
    }
    out += '\'';
    for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out += '\'';
  }
  return out;
}

std::vector<std::string> wire_log(const ScenarioRun& run, std::uint32_t connection, Micros from, Micros to,
                                  std::size_t most, bool color) {
  std::vector<const Event*> events;
  if (run.journal)
    for (const auto& event : *run.journal)
      if ((connection == 0 || event.connection == connection) && event.at >= from && event.at <= to)
        events.push_back(&event);
  std::vector<std::string> out;
  auto kept = events.size() <= most ? events.size() : most - 1;
  auto first = events.size() <= most ? kept : kept / 4, last = kept - first;
  for (std::size_t i = 0; i < first; ++i) out.push_back(to_text(*events[i], "", color));
  if (kept < events.size()) out.push_back("       …  " + counted(events.size() - kept, "event", "events") + " more");
  for (auto i = events.size() - last; i < events.size(); ++i) out.push_back(to_text(*events[i], "", color));
  return out;
}

std::vector<std::string> wire_log(const ScenarioRun& run, bool color) {
  return wire_log(run, 0, Micros::min(), never, std::string::npos, color);
}

std::string utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out += c;
    else
      out.append(1, static_cast<char>(0xc0 | byte >> 6)).append(1, static_cast<char>(0x80 | (byte & 0x3f)));
  }
  return out;
}

std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  auto end = most;
  while (end > 0 && most - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

std::string markup(std::string_view given) {
  std::string out, text = utf8(given);
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size();) {
    auto [code, length] = first_of(std::string_view(text).substr(i));
    auto named = length == 1 ? entity(text[i]) : std::string_view{};
    if (!named.empty())
      out += named;
    else if (allowed_in_xml(code))
      out.append(text, i, length);
    else
      out += "\xef\xbf\xbd";
    i += length;
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + markup(value) + "\"";
}

std::string seconds_of(Micros time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", in_seconds(time));
  return text;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace mailfault
