// What was to be sent is known: whether it arrived whole, and for all of its recipients.
#include <algorithm>

#include "base/text.hpp"
#include "verdict/judge.hpp"
#include "verdict/message.hpp"

namespace mailfault {
namespace {

/// Its lines without the blanks at their ends, and without the empty ones at its end: what a mail library may change.
std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> lines;
  for (auto line : split(body, '\n')) {
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    lines.push_back(line);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

/// A library that writes the message anew may encode its text; then it can't be compared here.
bool is_encoded(std::string_view header) {
  return contains_ignoring_case(header, "quoted-printable") || contains_ignoring_case(header, ": base64") ||
         contains_ignoring_case(header, "multipart/");
}

/// What of the body isn't as it was given; empty: all is.
std::string damage(std::string_view wanted, std::string_view got) {
  auto source = lines_of(wanted), stored = lines_of(got);
  auto [differs, there] = std::mismatch(source.begin(), source.end(), stored.begin(), stored.end());
  if (differs == source.end() && there == stored.end()) return "";
  auto line = "line " + std::to_string(differs - source.begin() + 1) + " of its text ";
  if (there == stored.end()) return line + "and what follows is missing";
  if (differs == source.end()) return "something follows its text: \"" + printable(there->substr(0, 60)) + "\"";
  return line + "is \"" + printable(there->substr(0, 60)) + "\", not \"" + printable(differs->substr(0, 60)) + "\"";
}

Finding fails(std::string name, std::string rule, std::string expected, std::string seen, Severity severity) {
  Finding finding;
  finding.verdict = Verdict::fail;
  finding.severity = severity;
  finding.name = std::move(name);
  finding.rule = std::move(rule);
  finding.expected = std::move(expected);
  finding.seen = std::move(seen);
  return finding;
}

void judge_bodies(const std::vector<SourceMessage>& sources, const Ledger& ledger, std::vector<Finding>& to) {
  for (const auto& stored : ledger) {
    auto source = std::find_if(sources.begin(), sources.end(),
                               [&](const SourceMessage& each) { return each.id == stored.message_id; });
    auto gap = stored.text.find("\r\n\r\n");
    if (source == sources.end() || gap == std::string_view::npos || is_encoded(stored.text.substr(0, gap))) continue;
    auto what = damage(source->body, stored.text.substr(gap + 4));
    if (what.empty()) continue;
    auto finding = fails("body", "RFC 5321 section 4.5.2", "the message arrives as it was given",
                         "<" + source->id + "> is stored, and " + what, Severity::mail_lost);
    finding.connection = stored.connection;
    finding.from = finding.to = stored.at;
    finding.remedy = "send CRLF at each line's end, and double a dot that begins a line";
    to.push_back(std::move(finding));
    return;
  }
}

/// The client speaks of it by a word of its own.
bool is_named(const std::string& recipient, const SourceMessage& source, const JudgeOptions& options) {
  return std::any_of(options.words.begin(), options.words.end(), [&](const ClientWord& word) {
    return equals_ignoring_case(word.recipient, recipient) && word.word != Word::sent &&
           (word.message_id.empty() || word.message_id == source.id);
  });
}

// A message that is stored for others, and was called sent (or nothing was said of it).
void judge_recipients(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                      const JudgeOptions& options, std::vector<Finding>& to) {
  for (const auto& message : tried_messages(scenario, talk, ledger)) {
    auto source = std::find_if(options.sources.begin(), options.sources.end(),
                               [&](const SourceMessage& each) { return each.id == message.id; });
    if (source == options.sources.end() || !message.any_stored()) continue;
    bool said_no = std::any_of(options.words.begin(), options.words.end(), [&](const ClientWord& word) {
      return word.word != Word::sent && word.word != Word::none && word.recipient.empty() &&
             (word.message_id.empty() || word.message_id == source->id);
    });
    if (said_no) continue;
    std::vector<std::string> dropped;
    for (const auto& recipient : source->recipients) {
      bool tried = std::any_of(message.recipients.begin(), message.recipients.end(),
                               [&](const std::string& each) { return equals_ignoring_case(each, recipient); });
      if (!tried && !is_named(recipient, *source, options)) dropped.push_back(recipient);
    }
    if (dropped.empty()) continue;
    auto shown = join(std::span(dropped).first(std::min<std::size_t>(dropped.size(), 3)), ", ");
    auto finding = fails("recipients", "RFC 5321 section 3.3", "a RCPT for each recipient, or a word on it",
                         counted(dropped.size(), "recipient was", "recipients were") +
                             " never named to the server: " + shown + (dropped.size() > 3 ? "…" : ""),
                         Severity::mail_lost);
    finding.connection = message.last().connection;
    finding.from = message.last().began;
    finding.to = message.last().ended;
    finding.remedy = "send RCPT for each recipient, in further transactions where one has no room";
    to.push_back(std::move(finding));
  }
}

}  // namespace

Severity of_missing_mail(const JudgeOptions& options) {
  bool told = !options.words.empty() && std::all_of(options.words.begin(), options.words.end(), [](const auto& word) {
    return word.word != Word::sent && word.word != Word::none;
  });
  return told ? Severity::wrong_report : Severity::mail_lost;
}

void judge_sources(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                   const JudgeOptions& options, std::vector<Finding>& to) {
  if (options.sources.empty()) return;
  judge_bodies(options.sources, ledger, to);
  judge_recipients(scenario, talk, ledger, options, to);
}

}  // namespace mailfault
