#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "report/html_parts.hpp"

namespace mailfault {
namespace html {
namespace {

constexpr std::size_t most_messages = 50, most_alike = 12, most_text = std::size_t{64} << 10;

std::string verdict_of(std::string_view verdict) {
  return "<span class=\"verdict " + class_of(verdict) + "\"><i aria-hidden=\"true\">" +
         std::string(mark_of(verdict)) + "</i> " + std::string(verdict) + "</span>";
}

std::string row(std::string_view name, const std::string& inside) {
  return inside.empty() ? "" : "<dt>" + std::string(name) + "</dt><dd>" + inside + "</dd>";
}

std::string code(std::string_view text) { return text.empty() ? "" : element("code", "", markup(text)); }

std::string place(const Card& card, int line) {
  if (line <= 0) return "";
  auto number = std::to_string(line);
  return "<a href=\"#" + card.id + "-l" + number + "\">" + markup(card.run.scenario->path) + ":" + number + "</a>";
}

std::string wire_of(const Card& card, const Finding& finding) {
  if (finding.connection == 0) return "";
  auto number = std::to_string(finding.connection);
  auto out = "<a href=\"#" + card.id + "-c" + number + "\">connection " + number + "</a>, " + moment(finding.from);
  return finding.to > finding.from ? out + " to " + moment(finding.to) : out;
}

std::string told(const Card& card, const Alike& alike) {
  const auto& finding = *alike.front();
  auto verdict = name_of(finding.verdict);
  auto out = "<section class=\"finding " + class_of(verdict) + "\"><h3>" + verdict_of(verdict) + markup(finding.name);
  if (!finding.rule.empty() && finding.rule != finding.name) out += " " + element("small", "", markup(finding.rule));
  out += "</h3><dl>" + row("expected", markup(finding.expected)) + row("seen", markup(finding.seen)) +
         row("nearest", markup(finding.nearest)) +
         row("do", finding.remedy.empty() ? "" : element("b", "", markup(finding.remedy))) +
         row("at", place(card, finding.line)) + row("wire", wire_of(card, finding));
  for (std::size_t i = 1; i < std::min(alike.size(), most_alike); ++i) {
    auto wire = wire_of(card, *alike[i]);
    out += row(i == 1 ? "also seen" : "",
               markup(alike[i]->seen) + (wire.empty() ? "" : " " + element("small", "", wire)));
  }
  if (alike.size() > most_alike) out += row("", std::to_string(alike.size() - most_alike) + " more of this sort");
  return out + "</dl></section>";
}

std::string note(std::string_view verdict, std::string_view text) {
  return "<section class=\"finding " + class_of(verdict) + "\"><h3>" + verdict_of(verdict) + "</h3><p>" +
         markup(text) + "</p></section>";
}

std::string findings(const Card& card) {
  std::string out;
  for (const auto& trouble : troubles(card.run)) out += note(trouble.verdict, trouble.text);
  if (!card.run.not_applicable.empty()) out += note("not applicable", card.run.not_applicable);
  for (const auto& alike : told_findings(card.run, true)) out += told(card, alike);
  std::string passed;
  std::uint64_t number = 0;
  for (const auto& finding : card.run.judgement.findings) {
    if (finding.verdict != Verdict::pass) continue;
    ++number;
    passed += "<li>" + markup(titled(finding)) + (finding.seen.empty() ? "" : ": " + markup(finding.seen)) + "</li>";
  }
  if (number > 0)
    out += fold("fold", counted(number, "finding passes", "findings pass"), "<ul>" + passed + "</ul>", false);
  return out;
}

std::string command(const ScenarioRun& run) {
  if (run.command_line.empty()) return "";
  const auto& ended = run.command;
  std::string end = !ended.started    ? "it could not be run"
                    : ended.timed_out ? "ended, since its time was up"
                                      : "exit status " + std::to_string(ended.exit_status);
  if (ended.ended > ended.began) end += " after " + in_words(ended.ended - ended.began);
  std::string words;
  for (const auto& word : run.words) {
    if (!words.empty()) words += "<br>";
    words += "<b>" + std::string(name_of(word.word)) + "</b>";
    if (!word.message_id.empty()) words += " of " + code(word.message_id);
    if (!word.recipient.empty()) words += " for " + code(word.recipient);
    if (!word.origin.empty()) words += " " + element("small", "", markup(word.origin));
  }
  auto out = "<h2>" + std::string(ended.is_client ? "The client" : "The command") + "</h2><dl>" +
             row("run as", code(shell_line(run.command_line))) + row("its end", end) + row("its word", words) +
             "</dl>";
  if (ended.output.empty()) return out;
  auto text = wire_text(beginning(ended.output, most_text));
  if (ended.output.size() > most_text) text += "\n…";
  return out + fold("fold", "what it printed", element("pre", "", text), false);
}

std::string source(const Card& card) {
  const auto& run = card.run;
  if (run.source.empty()) return "";
  auto played = played_lines(run);
  std::map<int, Verdict> judged;
  for (const auto& finding : run.judgement.findings)
    if (finding.line > 0) judged[finding.line] = std::max(judged[finding.line], finding.verdict);
  std::string out;
  auto text = utf8(run.source);
  auto lines = split(std::string_view(text).substr(0, text.find_last_not_of("\r\n") + 1), '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto number = static_cast<int>(i + 1);
    std::string name, sign, note;
    if (auto times = played.find(number); times != played.end()) {
      name = "played";
      sign = "◆";
      note = "played " + counted(times->second, "time", "times");
    } else if (auto verdict = judged.find(number); verdict != judged.end()) {
      name = "judged " + class_of(name_of(verdict->second));
      sign = mark_of(name_of(verdict->second));
      note = name_of(verdict->second);
    }
    out += "<li id=\"" + card.id + "-l" + std::to_string(number) + "\"" +
           (name.empty() ? "" : " class=\"" + name + "\"") + "><i>" + sign + "</i><b>" + std::to_string(number) +
           "</b><code>" + wire_text(lines[i]) + (note.empty() ? "" : element("small", "", note)) + "</code></li>";
  }
  return "<h2>The scenario <small>" + markup(run.scenario->path) + "</small></h2>" +
         fold("fold", counted(lines.size(), "line", "lines") + "; ◆ played", "<ol class=\"source\">" + out + "</ol>",
              lines.size() <= 80);
}

Micros real_second(const ScenarioRun& run) {
  return std::chrono::duration_cast<Micros>(std::chrono::duration<double>(run.time_scale));
}

std::string again(const ScenarioRun& run) {
  std::string parameters, ports;
  for (const auto& [name, value] : run.parameters)
    parameters += (parameters.empty() ? "" : "<br>") + code(name + " = " + value);
  for (const auto& [door, port] : run.ports)
    ports += (ports.empty() ? "" : ", ") + markup(door) + " " + std::to_string(port);
  char scale[32];
  std::snprintf(scale, sizeof scale, "%g", run.time_scale);
  auto late = run.judgement.latest_timer;
  return "<h2>To play it again</h2>" +
         (run.replay.empty() ? "" : "<pre class=\"replay\">" + markup(run.replay) + "</pre>") + "<dl>" +
         row("seed", std::to_string(run.seed)) + row("parameters", parameters) +
         row("time scale", run.time_scale == 1 ? ""
                                               : scale +
                                                     std::string("; times on this page are real, a second of "
                                                                 "the scenario's took ") +
                                                     in_words(real_second(run))) +
         row("ports", ports) +
         row("timers", late > Micros{} ? "the server's own were late by at most " + in_words(late) : "") + "</dl>";
}

std::string card_of(const Card& card, bool open) {
  const auto& run = card.run;
  const auto& scenario = *run.scenario;
  auto verdict = headline(run);
  auto about = run.not_applicable.empty() ? counts_in_words(run) : std::string("not played");
  auto out = "<details class=\"card " + class_of(verdict) + "\" id=\"" + card.id + "\"" + (open ? " open" : "") +
             "><summary>" + verdict_of(verdict) + "<span class=\"name\"><b>" + markup(scenario.id) + "</b>" +
             markup(scenario.title) + " <small>" + markup(about) + "</small></span></summary><div>";
  if (!scenario.emulates.empty() || !scenario.sources.empty()) {
    out += "<p class=\"soft\">" + (scenario.emulates.empty() ? "" : "emulates " + markup(scenario.emulates));
    if (!scenario.sources.empty())
      out += (scenario.emulates.empty() ? "after " : "; after ") + markup(join(scenario.sources, ", "));
    out += "</p>";
  }
  return out + findings(card) + command(run) + sessions(card) + messages(card) + bounces(card) + source(card) +
         again(run) + "</div></details>\n";
}

// The worst first, else in the order of the run.
std::vector<const ScenarioRun*> in_order(const RunReport& report) {
  auto weight = [](const ScenarioRun* run) {
    return headline(*run) == "error" ? 100 : headline(*run) == "fail" ? 99 : static_cast<int>(run->judgement.verdict);
  };
  std::vector<const ScenarioRun*> out;
  for (const auto& run : report.runs) out.push_back(&run);
  std::stable_sort(out.begin(), out.end(), [&](auto* a, auto* b) { return weight(a) > weight(b); });
  return out;
}

constexpr std::string_view verdicts[] = {"error", "fail", "unmet", "lax", "info", "not applicable", "pass"};

std::size_t number_of(const RunReport& report, std::string_view verdict) {
  return static_cast<std::size_t>(std::count_if(report.runs.begin(), report.runs.end(),
                                                [&](const ScenarioRun& run) { return headline(run) == verdict; }));
}

std::string in_a_sentence(const RunReport& report) {
  if (report.runs.size() == 1) return report.runs[0].scenario->id + ": " + std::string(headline(report.runs[0]));
  auto failed = static_cast<std::size_t>(std::count_if(report.runs.begin(), report.runs.end(),
                                                       [&](const auto& run) { return fails(run, report.strict); }));
  auto all = counted(report.runs.size(), "scenario", "scenarios");
  if (failed > 0) return std::to_string(failed) + " of " + all + (failed == 1 ? " fails" : " fail");
  return number_of(report, "pass") == report.runs.size() ? "All " + all + " pass" : "None of " + all + " fails";
}

// Without a script: where a browser doesn't know :has(), all cards stay.
std::string filter(const RunReport& report) {
  if (report.runs.size() < 2) return "";
  auto choice = [](std::string_view name, const std::string& inside, bool checked) {
    return "<label><input type=\"radio\" name=\"only\" id=\"only-" + class_of(name) + "\"" +
           (checked ? " checked" : "") + ">" + inside + "</label>";
  };
  auto out = choice("all", "all " + std::to_string(report.runs.size()), true);
  for (auto verdict : verdicts)
    if (auto number = number_of(report, verdict); number > 0)
      out += choice(verdict, verdict_of(verdict) + " " + std::to_string(number), false);
  return "<fieldset class=\"filter\" aria-label=\"which verdicts are shown\">" + out + "</fieldset>";
}

std::string head(const RunReport& report) {
  auto about = report.version.empty() ? std::string() : "mailfault " + report.version;
  if (!report.began.empty()) about += (about.empty() ? "" : ", ") + report.began;
  if (report.strict) about += (about.empty() ? "" : ", ") + std::string("strict: lax fails");
  auto out =
      "<header><h1>" + markup(in_a_sentence(report)) + "</h1>" + element("p", "soft", markup(about)) + filter(report);
  return out + "</header>";
}

}  // namespace

std::string class_of(std::string_view verdict) {
  std::string out(verdict);
  std::replace(out.begin(), out.end(), ' ', '-');
  return out;
}

std::string_view mark_of(std::string_view verdict) {
  if (verdict == "pass") return "✔";
  if (verdict == "lax") return "◐";
  if (verdict == "info") return "i";
  if (verdict == "unmet") return "∅";
  if (verdict == "fail") return "✖";
  if (verdict == "error") return "‼";
  return "–";
}

std::string wire_text(std::string_view given) {
  std::string out, text = utf8(given);
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    auto byte = static_cast<unsigned char>(c);
    if (c == '\r' && (i + 1 == text.size() || text[i + 1] == '\n')) continue;
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f)
      out += escaped(std::string_view(&c, 1));
    else
      out += c;
  }
  return markup(out);
}

std::string moment(Micros at) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s", in_seconds(at));
  return text;
}

std::string element(std::string_view tag, std::string_view name, std::string_view inside) {
  std::string out = "<" + std::string(tag);
  if (!name.empty()) out += " class=\"" + std::string(name) + "\"";
  return out.append(">").append(inside).append("</").append(tag).append(">");
}

std::string fold(std::string_view name, std::string_view heading, std::string_view inside, bool open) {
  std::string out = "<details class=\"" + std::string(name) + "\"" + (open ? " open" : "") + "><summary>";
  return out.append(heading).append("</summary>").append(inside).append("</details>");
}

std::string messages(const Card& card) {
  if (!card.run.ledger || card.run.ledger->size() == 0) return "";
  std::string out = "<h2>What the server stored</h2>";
  std::size_t shown = 0;
  for (const auto& message : *card.run.ledger) {
    if (++shown > most_messages) break;
    auto number = std::to_string(message.id);
    std::string recipients;
    for (auto recipient : message.recipients) recipients += (recipients.empty() ? "" : "<br>") + code(recipient);
    auto subject = message.subject.empty() ? std::string("without a subject") : "“" + utf8(message.subject) + "”";
    auto inside = "<dl class=\"headers\">" +
                  row("from", message.from.empty() ? "the null sender" : code(message.from)) +
                  row(message.recipients.size() == 1 ? "recipient" : "recipients", recipients) +
                  row("message ID", code(message.message_id)) + row("subject", markup(message.subject)) +
                  row("size", counted(message.size, "byte", "bytes")) +
                  row("stored", moment(message.at) + ", on <a href=\"#" + card.id + "-c" +
                                    std::to_string(message.connection) + "\">connection " +
                                    std::to_string(message.connection) + "</a>, door " + markup(message.door)) +
                  "</dl>";
    auto text = wire_text(beginning(message.text, most_text));
    if (message.text.size() > most_text) text += "\n…";
    inside += message.text_kept ? element("pre", "", text)
                                : "<p class=\"soft\">the ledger was full: its text wasn't kept</p>";
    out +=
        "<div id=\"" + card.id + "-m" + number + "\">" +
        fold("fold",
             "message " + number + ", " + markup(subject) + ", " +
                 counted(message.recipients.size(), "copy", "copies") + ", " + counted(message.size, "byte", "bytes"),
             inside, false) +
        "</div>";
  }
  if (card.run.ledger->size() > most_messages)
    out +=
        "<p class=\"soft\">" + counted(card.run.ledger->size() - most_messages, "message", "messages") + " more</p>";
  return out;
}

std::string bounces(const Card& card) {
  if (!card.run.ledger || card.run.ledger->bounces().empty()) return "";
  const auto& all = card.run.ledger->bounces();
  std::string out = "<h2>What the server sent back</h2>";
  for (std::size_t i = 0; i < std::min(all.size(), most_messages); ++i) {
    const auto& bounce = all[i];
    std::string recipients;
    for (auto recipient : bounce.recipients) recipients += (recipients.empty() ? "" : "<br>") + code(recipient);
    auto kind = std::string(bounce.kind) + (bounce.action.empty() ? "" : " " + std::string(bounce.action)) +
                (bounce.status.empty() ? "" : " " + std::string(bounce.status));
    auto about = std::to_string(bounce.message);
    auto inside = "<dl class=\"headers\">" + row("to", code(bounce.to)) + row("about", recipients) +
                  row("answers", "<a href=\"#" + card.id + "-m" + about + "\">message " + about + "</a>") +
                  row("subject", markup(bounce.subject)) + row("sent", moment(bounce.at)) +
                  row("delivery", markup(std::string(name_of(bounce.delivery)) +
                                         (bounce.answer.empty() ? "" : ": " + utf8(bounce.answer)))) +
                  "</dl>";
    auto text = wire_text(beginning(bounce.text, most_text));
    if (bounce.text.size() > most_text) text += "\n…";
    inside += bounce.text_kept ? element("pre", "", text)
                               : "<p class=\"soft\">the ledger was full: its text wasn't kept</p>";
    out += "<div id=\"" + card.id + "-b" + std::to_string(bounce.id) + "\">" +
           fold("fold",
                "bounce " + std::to_string(bounce.id) + ", " + markup(kind) + ", " +
                    std::string(name_of(bounce.delivery)),
                inside, false) +
           "</div>";
  }
  if (all.size() > most_messages)
    out += "<p class=\"soft\">" + counted(all.size() - most_messages, "bounce", "bounces") + " more</p>";
  return out;
}

}  // namespace html

namespace {

std::string page_begin(std::string_view title) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "base-uri 'none'; form-action 'none'\"><title>mailfault: " +
         markup(title) + "</title><style>" + std::string(html::style()) + "</style></head><body>";
}

constexpr std::string_view page_end =
    "</main><footer>This page loads nothing: it can be kept and sent as it is.</footer></body></html>\n";

}  // namespace

std::string to_html(const RunReport& report) {
  auto out = page_begin(html::in_a_sentence(report)) + html::head(report) + "<main>\n";
  std::size_t number = 0;
  for (const auto* run : html::in_order(report)) {
    bool open = report.runs.size() == 1 || fails(*run, report.strict);
    out += html::card_of({*run, "s" + std::to_string(++number)}, open);
  }
  return out.append(page_end);
}

std::string to_html(std::string_view title, const std::vector<NamedJournal>& journals) {
  auto out = page_begin(title) + "<header><h1>" + markup(utf8(title)) + "</h1></header><main>\n";
  std::size_t number = 0;
  for (const auto& each : journals) {
    ScenarioRun run;
    run.journal = each.journal;
    auto id = "s" + std::to_string(++number);
    auto connections = counted(each.journal->count(EventKind::connected), "connection", "connections");
    out += "<details class=\"card\" id=\"" + id + "\" open><summary><span class=\"name\"><b>" +
           markup(utf8(each.name)) + "</b><small>" + connections + "</small></span></summary><div>" +
           html::sessions({run, id}) + "</div></details>\n";
  }
  return out.append(page_end);
}

}  // namespace mailfault
