// The page with all verdicts: whole without a script, which only filters it.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "base/text.hpp"
#include "report/html_parts.hpp"
#include "report/score_pages.hpp"
#include "report/words.hpp"
#include "scenario/failure_kind.hpp"

namespace mailfault::score_pages {
namespace {

using html::class_of;
using html::element;
using html::mark_of;

constexpr std::size_t most_why = 140, few_clients = 8, few_notes = 2;
constexpr Verdict verdicts[] = {Verdict::fail, Verdict::unmet,          Verdict::lax,
                                Verdict::info, Verdict::not_applicable, Verdict::pass};

/// On one line, its end left out where it is long.
std::string in_brief(std::string_view text) {
  auto out = printable(utf8(text));
  auto kept = beginning(out, most_why);
  return kept.size() < out.size() ? markup(kept) + "…" : markup(out);
}

std::string marked(std::string_view mark, std::string_view word) {
  return "<i aria-hidden=\"true\">" + std::string(mark) + "</i> " + std::string(word);
}

std::string formatted(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

// ---- the head

std::string distinct(const Table& table, std::string ScoreReport::*member) {
  std::set<std::string> all;
  for (const auto& column : table.columns) all.insert(column.report->*member);
  all.erase("");
  std::vector<std::string> parts(all.begin(), all.end());
  return join(parts, ", ");
}

std::string days(const Table& table) {
  std::set<std::string> all;
  for (const auto& column : table.columns)
    if (!column.report->began.empty()) all.insert(column.report->began.substr(0, 10));
  if (all.empty()) return "";
  return *all.begin() + (all.size() > 1 ? " to " + *all.rbegin() : "");
}

std::string title(const Table& table) {
  auto who = table.columns.size() == 1 ? table.columns[0].name
                                       : "How " + std::to_string(table.columns.size()) + " mail clients";
  auto failures = counted(table.rows.size(), "mail server failure", "mail server failures");
  return table.columns.size() == 1 ? "How " + who + " takes " + failures : who + " take " + failures;
}

std::string head(const Table& table) {
  auto fact = [](std::string_view name, const std::string& text) {
    return text.empty() ? "" : std::string(name) + " " + markup(text);
  };
  std::vector<std::string> facts;
  for (auto& each : {fact("catalogue", distinct(table, &ScoreReport::catalogue)),
                     fact("mailfault", distinct(table, &ScoreReport::program)), fact("played", days(table))})
    if (!each.empty()) facts.push_back(each);
  return "<header><h1>" + markup(title(table)) +
         "</h1><p class=\"lead\">mailfault plays each failure of a mail server on real sockets and judges the client "
         "by "
         "what the server saw and stored. A cell is a client under a failure: open it for what it did, what a "
         "correct "
         "client does, and the conversation.</p><p class=\"soft\">" +
         join(facts, " · ") + "</p><p class=\"soft\"><a href=\"#table\">To the table</a></p></header>";
}

// ---- a card a client

std::string bar(const ScoreReport& report) {
  std::string out;
  double x = 0, whole = std::max<double>(1, static_cast<double>(report.cases.size()));
  char text[120];
  for (const auto& look : looks()) {
    auto number = std::count_if(report.cases.begin(), report.cases.end(),
                                [&](const ScoreCase& each) { return look_of(&each).letter == look.letter; });
    if (number == 0) continue;
    auto width = 1000 * static_cast<double>(number) / whole;
    std::snprintf(text, sizeof text, "\" x=\"%.1f\" width=\"%.1f\" height=\"8\"/>", x, width);
    out += "<rect class=\"" + std::string(look.name) + text;
    x += width;
  }
  return "<svg class=\"bar\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">" + out +
         "</svg>";
}

std::string filter_link(const Column& column, std::string_view key, std::string_view value, std::string_view name,
                        const std::string& inside) {
  return "<a class=\"" + std::string(name) + "\" href=\"#client=" + column.key + "&amp;" + std::string(key) + "=" +
         class_of(value) + "\">" + inside + "</a>";
}

/// What holds for several scenarios alike.
std::string once(const ScoreReport& report) {
  std::string first, rest;
  std::size_t number = 0;
  for (const auto& said : said_once(report)) {
    auto line =
        "<li><b>" + counted(said.ids.size(), "scenario", "scenarios") + "</b>: " + markup(utf8(said.text)) + "</li>";
    (++number <= few_notes ? first : rest) += line;
  }
  if (first.empty()) return "";
  auto out = "<ul class=\"once\">" + first + "</ul>";
  if (rest.empty()) return out;
  return out + html::fold("fold", std::to_string(number - few_notes) + " more",
                          "<ul class=\"once\">" + rest + "</ul>", false);
}

std::string details_of(const ScoreReport& report) {
  std::string inside;
  auto notes = markup(utf8(report.notes));
  if (!notes.empty()) inside += element("p", "", notes);
  if (!report.command.empty()) inside += element("pre", "", markup(shell_line(report.command)));
  std::string facts = report.profile.empty() ? "" : "profile " + markup(utf8(report.profile)) + ", ";
  facts += "seed " + std::to_string(report.seed);
  if (report.time_scale != 1) facts += ", the server’s waits scaled by " + formatted(report.time_scale);
  return html::fold("fold", "how it was scored", inside + element("p", "soft", facts), false);
}

std::string card(const Column& column) {
  const auto& report = *column.report;
  auto mark = grade(report);
  auto letter = mark == '-' ? std::string("–") : std::string(1, mark);
  auto out = "<article class=\"scored\"><h2><span class=\"grade g" + (mark == '-' ? "none" : letter) + "\">" +
             letter + "</span><span>" + markup(report.client) + " <small>" + markup(report.version) + "</small><em>" +
             std::string(meaning_of(mark)) + "</em></span></h2>" + bar(report);
  std::string costs, counts;
  for (auto severity : severities_by_weight)
    if (auto number = failures(report, severity).size(); number > 0)
      costs += "<li>" +
               filter_link(column, "severity", name_of(severity), class_of(name_of(severity)) + " fail",
                           "<b>" + std::to_string(number) + "</b> " + std::string(name_of(severity))) +
               "</li>";
  for (auto verdict : verdicts)
    if (auto number = count(report, verdict); number > 0) {
      auto name = name_of(verdict);
      counts +=
          "<li>" +
          filter_link(column, "verdict", name, class_of(name),
                      "<span>" + marked(mark_of(name), name) + "</span> <b>" + std::to_string(number) + "</b>") +
          "</li>";
    }
  if (!costs.empty()) out += "<ul class=\"costs\">" + costs + "</ul>";
  out += "<ul class=\"counts\">" + counts + "</ul>";
  if (!report.complete())
    out += "<p class=\"soft\">It was stopped: " + std::to_string(report.selected - report.cases.size()) +
           " scenarios weren’t played.</p>";
  return out + once(report) + details_of(report) + "</article>";
}

std::string legend() {
  struct Line {
    std::string_view name, mark, word, says;
  };
  static constexpr Line lines[] = {
      {"fail mail-lost", "✖", "lost", "a recipient doesn’t get the mail, or not whole, and nobody is told: grade F"},
      {"fail mail-doubled", "✖", "doubled", "a recipient gets it twice: grade E"},
      {"fail secret-leaked", "✖", "leaked", "credentials or mail where others can read them: grade E"},
      {"fail hang", "✖", "hang", "the client waits without end: grade D"},
      {"fail wrong-report", "✖", "misreport", "its sender is told what isn’t so: grade C"},
      {"fail blemish", "✖", "blemish", "bad manners on the wire, no mail suffers: grade B"},
      {"unmet", "∅", "unmet", "the client never reached the failure, so nothing is judged"},
      {"lax", "◐", "lax", "tolerable, and not what a correct client does"},
      {"info", "i", "info", "worth knowing, and held against nobody"},
      {"not-applicable", "–", "n/a", "the client lacks what this failure is about"},
      {"pass", "✔", "pass", "what a correct client does"},
  };
  std::string out;
  for (const auto& line : lines)
    out += "<div><dt class=\"cell " + std::string(line.name) + "\">" + marked(line.mark, line.word) + "</dt><dd>" +
           std::string(line.says) + "</dd></div>";
  return html::fold("fold legend", "What the marks and grades mean",
                    "<dl>" + out + "</dl><p>The worst failure alone makes the grade: A is a client without any.</p>",
                    false);
}

// ---- the filter, of use with a script only

std::string choice(std::string_view key, std::string_view value, const std::string& name, const std::string& inside,
                   bool checked = false) {
  return "<label class=\"" + name + "\"><input type=\"checkbox\" name=\"" + std::string(key) + "\" value=\"" +
         std::string(value) + "\"" + (checked ? " checked" : "") + "><span>" + inside + "</span> <b></b></label>";
}

std::string option(const std::string& value, const std::string& text) {
  return "<option value=\"" + markup(value) + "\">" + markup(text) + "</option>";
}

std::string group(std::string_view legend, const std::string& inside) {
  return "<fieldset><legend>" + std::string(legend) + "</legend>" + inside + "</fieldset>";
}

std::string filter(const Table& table) {
  std::string kinds, folders, chips, costs, clients;
  std::set<std::string_view> has_kinds, has_verdicts, has_severities;
  std::map<std::string_view, int> has_folders;
  for (const auto& row : table.rows) {
    has_kinds.insert(row.kind);
    ++has_folders[row.facts->folder];
    for (const auto* cell : row.cells) {
      if (!cell) continue;
      has_verdicts.insert(cell->counts() ? name_of(cell->verdict) : "error");
      if (cell->counts()) has_severities.insert(name_of(cell->severity));
    }
  }
  for (auto kind : failure_kinds())
    if (has_kinds.contains(kind)) kinds += option("kind:" + std::string(kind), std::string(kind));
  for (const auto& [folder, number] : has_folders)
    if (!folder.empty()) folders += option("in:" + std::string(folder), std::string(folder));
  for (std::string_view verdict : {"error", "fail", "unmet", "lax", "info", "not applicable", "pass"})
    if (has_verdicts.contains(verdict))
      chips += choice("verdict", class_of(verdict), class_of(verdict), marked(mark_of(verdict), verdict));
  for (auto severity : severities_by_weight)
    if (auto name = name_of(severity); has_severities.contains(name))
      costs += choice("severity", class_of(name), "fail", std::string(name));
  for (const auto& column : table.columns) clients += choice("client", column.key, "plain", markup(column.name));

  auto out =
      "<div class=\"row\"><input type=\"search\" name=\"q\" placeholder=\"Search: id, title, reason ( / )\" "
      "aria-label=\"search in scenarios and reasons\" autocomplete=\"off\" spellcheck=\"false\">"
      "<select name=\"group\" aria-label=\"which failures\"><option value=\"\">every failure</option><optgroup "
      "label=\"What it is called\">" +
      kinds + "</optgroup><optgroup label=\"Where it plays\">" + folders + "</optgroup></select>";
  if (table.columns.size() > 1) out += choice("differ", "1", "plain", "only where clients differ");
  out += "<p class=\"shown\" role=\"status\"></p><button type=\"button\" hidden>show all</button></div>";
  auto chosen = group("verdict", chips) + (costs.empty() ? "" : group("cost", costs));
  if (table.columns.size() > 1) chosen += group("client", clients);
  return std::string("<form class=\"filters") + (table.columns.size() > few_clients ? " many" : "") + "\" hidden>" +
         out + html::fold("more", "filter", chosen, true) + "</form>";
}

// ---- the table

std::string cell_of(const Column& column, const ScoreCase* cell, bool alone) {
  const auto& look = look_of(cell);
  auto out = "<td class=\"" + std::string(look.name) + "\">";
  if (!cell) return out + "·</td>" + (alone ? "<td></td>" : "");
  auto reason = in_brief(why(*cell));
  if (cell->verdict == Verdict::lax && cell->severity != Severity::none)
    out = "<td class=\"" + std::string(look.name) + " " + class_of(name_of(cell->severity)) + "\">";
  out += "<a href=\"" + link_to(column, *cell) + "\"" + (reason.empty() ? "" : " title=\"" + reason + "\"") + ">" +
         std::string(look.mark) + " " + std::string(look.word) + "</a></td>";
  return alone ? out + "<td class=\"why\">" + reason + "</td>" : out;
}

std::string body(const Table& table) {
  bool alone = table.columns.size() == 1;
  auto width = std::to_string(table.columns.size() + (alone ? 2 : 1));
  std::string out;
  std::string_view kind;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (i == 0 || row.kind != kind) {
      kind = row.kind;
      auto number =
          std::count_if(table.rows.begin(), table.rows.end(), [&](const Row& each) { return each.kind == kind; });
      out += std::string(i == 0 ? "" : "</tbody>\n") + "<tbody data-kind=\"" + markup(kind) +
             "\"><tr class=\"kind\"><th colspan=\"" + width + "\" scope=\"rowgroup\"><span>" + markup(kind) +
             " <small>" + std::to_string(number) + "</small></span></th></tr>\n";
    }
    const auto& facts = *row.facts;
    auto emulates = facts.emulates.empty() ? std::string() : " title=\"" + markup(utf8(facts.emulates)) + "\"";
    out += "<tr data-in=\"" + markup(facts.folder) + "\"><th scope=\"row\"" + emulates + "><b>" + markup(facts.id) +
           "</b> <span>" + markup(utf8(facts.title)) + "</span></th>";
    for (std::size_t at = 0; at < row.cells.size(); ++at) out += cell_of(table.columns[at], row.cells[at], alone);
    out += "</tr>\n";
  }
  return out + (table.rows.empty() ? "" : "</tbody>");
}

std::string board(const Table& table) {
  std::string heads;
  for (const auto& column : table.columns) {
    auto mark = grade(*column.report);
    heads += "<th scope=\"col\" data-client=\"" + column.key + "\"><b>" + markup(column.report->client) +
             "</b><small>" + markup(column.report->version) + "</small><span class=\"grade g" +
             (mark == '-' ? "none" : std::string(1, mark)) + "\">" + (mark == '-' ? "–" : std::string(1, mark)) +
             "</span></th>";
  }
  if (table.columns.size() == 1) heads += "<th scope=\"col\" class=\"why\"><b>why</b></th>";
  return "<section class=\"board\" id=\"table\">" + filter(table) +
         "<div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"verdicts by scenario and "
         "client\"><table><thead><tr><th scope=\"col\"><b>scenario</b></th>" +
         heads + "</tr></thead>\n" + body(table) +
         "</table><p class=\"nothing\" hidden>Nothing matches.</p></div></section>";
}

}  // namespace

std::string index_page(const Table& table) {
  std::string cards;
  for (const auto& column : table.columns) cards += card(column) + "\n";
  return page_head("mailfault: " + title(table), "index.js") + head(table) + "<section class=\"cards\">" + cards +
         "</section>" + legend() + board(table) +
         "<footer>These pages load nothing from elsewhere: the folder can be kept and sent as it "
         "is.</footer></body></html>\n";
}

std::string cell_page() {
  return page_head("mailfault", "cell.js") +
         "<main id=\"cell\"><noscript><p>This page is drawn by a script. All verdicts are in <a "
         "href=\"index.html\">the "
         "table</a>, which needs none.</p></noscript></main></body></html>\n";
}

std::string page_head(std::string_view title, std::string_view script) {
  // 'self' alone isn't what a browser takes a file for.
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' file:; "
         "style-src "
         "'self' file:; base-uri 'none'; form-action 'none'\"><title>" +
         markup(title) + "</title><link rel=\"stylesheet\" href=\"score.css\"><script src=\"" + std::string(script) +
         "\" defer></script></head><body>";
}

}  // namespace mailfault::score_pages
