#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "report/html_parts.hpp"

namespace mailfault::html {
namespace {

// What a page can bear: the whole is in the journal.
constexpr std::size_t most_sessions = 24, most_lines = 400, most_marks = 120, few_sessions = 3, long_text = 300;
constexpr Micros worth_a_word = std::chrono::milliseconds(500);

using Events = std::vector<const Event*>;

Micros end_of(const Event& event) { return event.at + Micros(event.span_us); }

std::string line_link(const Card& card, std::uint64_t line) {
  if (line == 0) return "";
  auto number = std::to_string(line);
  if (card.run.source.empty()) return " line " + number;
  return " <a href=\"#" + card.id + "-l" + number + "\">line " + number + "</a>";
}

// ---------------------------------------------------------------- the conversation

// Into what the ledger's part of the page shows.
std::string ledger_link(const Card& card, char kind, std::uint64_t id, const std::string& words) {
  if (!card.run.ledger) return words;
  return "<a href=\"#" + card.id + "-" + kind + std::to_string(id) + "\">" + words + "</a>";
}

struct Row {
  std::string_view name, mark;
  std::string inside;  // HTML
};

std::string soft(std::string_view inside) { return element("small", "soft", inside); }

// A line of kilobytes is folded.
std::string folded(std::string_view text) {
  auto whole = wire_text(text);
  if (text.size() <= 2 * long_text) return whole;
  return wire_text(beginning(text, long_text)) +
         fold("fold", "… all " + counted(text.size(), "byte", "bytes"), whole, false);
}

Row row_of(const Card& card, const Event& event) {
  auto text = folded(event.text());
  switch (event.kind) {
    case EventKind::command:
      return {"client", "C", text};
    case EventKind::content:
      return {"client", "C",
              soft("the message, " + counted(event.number, "byte", "bytes")) + (text.empty() ? "" : " " + text)};
    case EventKind::reply:
      return {"server", "S", text};
    case EventKind::undelivered:
      return {"server", "S", text + " " + soft("the client had left")};
    case EventKind::fault:
      return {"fault", "◆", text + line_link(card, event.number)};
    case EventKind::violation:
      return {"violation", "▲", text};
    case EventKind::stored:
      return {"aside", "▣",
              "stored as " + ledger_link(card, 'm', event.number, "message " + std::to_string(event.number)) + ": " +
                  text};
    case EventKind::discarded:
      return {"aside", "▢", "discarded " + counted(event.number, "byte", "bytes") + ": " + text};
    case EventKind::error:
      return {"bad", "✖", text + line_link(card, event.number)};
    case EventKind::limit:
      return {"bad", "✖", "limit: " + text};
    case EventKind::connected:
      return {"aside", "○", "connected: " + text};
    case EventKind::ended:
      return {"aside", "✕", "ended by the " + text};
    case EventKind::swallowed:
      return {"fault", "◆", counted(event.number, "SYN", "SYNs") + " swallowed: " + text};
    case EventKind::door:
      return {"aside", "·", "door " + text + ", port " + std::to_string(event.number)};
    case EventKind::fact:
      return {"aside", "·", text};
    case EventKind::tls:
      return {"aside", "⚿", "TLS " + text};
    case EventKind::bounce:
    case EventKind::delivery:
      return {"aside", "↩",
              ledger_link(card, 'b', event.number, "bounce " + std::to_string(event.number)) + ": " + text};
  }
  return {};
}

std::string line_of(std::string_view name, std::string_view time, std::string_view mark, const std::string& inside) {
  return "<li class=\"" + std::string(name) + "\"><time>" + std::string(time) + "</time><b>" + std::string(mark) +
         "</b><span>" + inside + "</span></li>";
}

std::string gap(const std::string& words) { return "<li class=\"gap\">" + words + "</li>"; }

// Findings stand behind the event at which they were made.
class Conversation {
 public:
  Conversation(const Card& card, const Events& events, const Alike& judged)
      : card_(card), events_(events), judged_(judged) {
    std::stable_sort(judged_.begin(), judged_.end(), [](auto* a, auto* b) { return when(*a) < when(*b); });
  }

  std::string told() {
    bool all = events_.size() <= most_lines;
    add(0, all ? events_.size() : most_lines * 3 / 4);
    if (!all) {
      out_ += gap(counted(events_.size() - most_lines, "event", "events") + " more, in the journal");
      add(events_.size() - most_lines / 4, events_.size());
    }
    return "<ol class=\"talk\">" + out_ + "</ol>";
  }

 private:
  static Micros when(const Finding& finding) { return std::max(finding.from, finding.to); }
  void add(std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i) {
      const auto& event = *events_[i];
      if (i > from && event.at - ended_ >= worth_a_word) out_ += gap(in_words(event.at - ended_));
      ended_ = std::max(ended_, end_of(event));
      auto row = row_of(card_, event);
      if (Micros(event.span_us) >= worth_a_word) row.inside += " " + soft("over " + in_words(Micros(event.span_us)));
      out_ += line_of(row.name, moment(event.at), row.mark, row.inside);
      bool last = i + 1 == events_.size();
      for (; next_ < judged_.size() && (last || when(*judged_[next_]) < events_[i + 1]->at); ++next_) {
        const auto& finding = *judged_[next_];
        auto verdict = name_of(finding.verdict);
        out_ += line_of("judged " + class_of(verdict), "", mark_of(verdict),
                        std::string(verdict) + " " + markup(finding.name) + ": " + markup(finding.seen));
      }
    }
  }

  const Card& card_;
  const Events& events_;
  Alike judged_;
  std::string out_;
  std::size_t next_ = 0;  // of judged_
  Micros ended_{};        // the events so far
};

std::string conversation(const Card& card, const Events& events, const Alike& judged) {
  return Conversation(card, events, judged).told();
}

// ---------------------------------------------------------------- the timeline

constexpr int client_y = 24, axis_y = 50, server_y = 76, label_above = 12, label_below = 96;

// Marks keep a distance although they follow each other in microseconds, and a wait grows with its logarithm: so the
// order of a millisecond and a wait of minutes can be seen in one picture.
double width_of(Micros time) {
  return 1 + 1.5 * std::max(0.0, std::log10(static_cast<double>(std::max<std::int64_t>(time.count(), 1)) / 10'000));
}

std::string percent(double part) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f%%", part);
  return text;
}

class Timeline {
 public:
  explicit Timeline(const Events& events) : events_(events) {}

  std::string drawn() {
    place();
    out_ =
        "<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"24\" y2=\"24\"/>"
        "<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"76\" y2=\"76\"/>";
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (i > 0) wait(i);
      mark(*events_[i], starts_[i], ends_[i]);
    }
    return "<div class=\"lanes\" role=\"img\" aria-label=\"client and server in turn; the conversation below has all "
           "of "
           "it\"><div><span>client</span><span>server</span></div><svg>" +
           out_ + "</svg></div>";
  }

 private:
  void place();
  void wait(std::size_t i);
  void mark(const Event& event, double x, double end);
  void shape(std::string_view kind, std::string_view name, double x, int y, const std::string& rest,
             const std::string& title);
  void label(double x, int y, std::string_view name, std::string_view text, double& free_from);
  void glyph(double x, int y, std::string_view name, std::string_view sign, const std::string& title);

  const Events& events_;
  std::vector<double> starts_, ends_;
  std::string out_;
  double above_free_ = 0, below_free_ = 0;  // from where a label fits
};

void Timeline::place() {
  double x = 0;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (i > 0) x += width_of(std::max(Micros{}, events_[i]->at - end_of(*events_[i - 1])));
    starts_.push_back(x);
    if (events_[i]->span_us >= 50'000) x += width_of(Micros(events_[i]->span_us));
    ends_.push_back(x);
  }
  double scale = x > 0 ? 96 / x : 0;
  for (auto* all : {&starts_, &ends_})
    for (auto& each : *all) each = 2 + each * scale;
}

void Timeline::wait(std::size_t i) {
  auto time = events_[i]->at - end_of(*events_[i - 1]);
  auto words = in_words(time);
  if (time < std::chrono::milliseconds(100) || starts_[i] - ends_[i - 1] < 2.0 * static_cast<double>(words.size()))
    return;
  out_ += "<text class=\"wait\" x=\"" + percent((starts_[i] + ends_[i - 1]) / 2) + "\" y=\"54\">" + words + "</text>";
}

void Timeline::shape(std::string_view kind, std::string_view name, double x, int y, const std::string& rest,
                     const std::string& title) {
  bool round = kind == "circle";
  out_ += "<" + std::string(kind) + " class=\"" + std::string(name) + "\" " + (round ? "cx" : "x") + "=\"" +
          percent(x) + "\" " + (round ? "cy" : "y") + "=\"" + std::to_string(y) + "\" " + rest + "><title>" + title +
          "</title></" + std::string(kind) + ">";
}

void Timeline::label(double x, int y, std::string_view name, std::string_view text, double& free_from) {
  auto half = 1.2 * static_cast<double>(text.size());  // a character is at most 2.4 % of the lane on a telephone
  if (text.empty() || x - half < free_from) return;
  free_from = x + half + 1;
  out_ += "<text class=\"" + std::string(name) + "\" x=\"" + percent(x) + "\" y=\"" + std::to_string(y) + "\">" +
          wire_text(text) + "</text>";
}

void Timeline::glyph(double x, int y, std::string_view name, std::string_view sign, const std::string& title) {
  out_ += "<text class=\"mark " + std::string(name) + "\" x=\"" + percent(x) + "\" y=\"" + std::to_string(y + 5) +
          "\">" + std::string(sign) + "<title>" + title + "</title></text>";
}

void Timeline::mark(const Event& event, double x, double end) {
  auto text = event.text();
  auto title = moment(event.at) + "  " + wire_text(beginning(text, 200));
  switch (event.kind) {
    case EventKind::connected:
      return shape("circle", "o", x, client_y, "r=\"4\"", title);
    case EventKind::command: {
      auto verb = upper(text.substr(0, std::min<std::size_t>(text.find(' '), 8)));
      shape("circle", "c", x, client_y, "r=\"4\"", title);
      return label(x, label_above, "c", event.stage == Stage::auth ? "" : verb, above_free_);
    }
    case EventKind::content:
      shape("rect", "c", x, client_y - 4, "height=\"8\" rx=\"2\" width=\"" + percent(std::max(end - x, 1.2)) + "\"",
            title);
      return label((x + end) / 2, label_above, "c", "body", above_free_);
    case EventKind::reply:
    case EventKind::undelivered: {
      bool lost = event.kind == EventKind::undelivered, refuses = event.code >= 400;
      if (end > x)
        shape("rect", lost ? "lost" : "s", x, server_y - 2, "height=\"4\" width=\"" + percent(end - x) + "\"", title);
      shape("rect",
            lost      ? "lost sq"
            : refuses ? "no sq"
                      : "s sq",
            end, server_y - 4, "width=\"8\" height=\"8\"", title);
      return label(end, label_below, "s", event.code ? std::to_string(event.code) : "", below_free_);
    }
    case EventKind::fault:
      out_ += "<line class=\"fl\" x1=\"" + percent(x) + "\" x2=\"" + percent(x) + "\" y1=\"24\" y2=\"76\"/>";
      return shape("rect", "f", x, axis_y - 5, "width=\"10\" height=\"10\"", title);
    case EventKind::violation:
      return glyph(x, client_y + 12, "v", "▲", title);
    case EventKind::stored:
      return glyph(x, server_y - 14, "s", "▣", title);
    case EventKind::discarded:
      return glyph(x, server_y - 14, "s", "▢", title);
    case EventKind::ended:
      return glyph(x,
                   text.starts_with("client")   ? client_y
                   : text.starts_with("server") ? server_y
                                                : axis_y,
                   text.starts_with("client") ? "c" : "s", "✕", title);
    case EventKind::error:
    case EventKind::limit:
      return glyph(x, axis_y, "e", "✖", title);
    default:
      return glyph(x, axis_y, "wait", "·", title);
  }
}

// ---------------------------------------------------------------- all of them

// When the connections came, to scale: what retries and their gaps look like.
std::string overview(const Card& card, const std::map<std::uint32_t, Events>& all,
                     const std::set<std::uint32_t>& wanted) {
  constexpr int row_height = 18;
  auto began = never, ended = Micros{};
  for (auto number : wanted) {
    began = std::min(began, all.at(number).front()->at);
    ended = std::max(ended, end_of(*all.at(number).back()));
  }
  auto whole = in_seconds(std::max(ended - began, Micros(1)));
  auto part = [&](Micros time) { return 100 * in_seconds(time) / whole; };
  std::string out;
  Micros before = began;
  int y = 0;
  for (auto number : wanted) {
    const auto& events = all.at(number);
    auto at = events.front()->at;
    auto x = part(at - began), width = std::max(part(end_of(*events.back()) - at), 0.6);
    x = std::min(x, 100 - width);
    bool faulted =
        std::any_of(events.begin(), events.end(), [](auto* each) { return each->kind == EventKind::fault; });
    bool left = x + width > 60;
    auto words = "#" + std::to_string(number) + (faulted ? " ◆" : "") +
                 (at > before ? " " + in_words(at - before) + " later" : "");
    out += "<a href=\"#" + card.id + "-c" + std::to_string(number) + "\"><rect class=\"" + (faulted ? "fb" : "c") +
           "\" x=\"" + percent(x) + "\" y=\"" + std::to_string(y + 4) + "\" height=\"10\" rx=\"2\" width=\"" +
           percent(width) + "\"/><text class=\"" + (left ? "to" : "from") + "\" x=\"" +
           percent(left ? x : x + width) + "\" y=\"" + std::to_string(y + 13) + "\">" + words + "</text></a>";
    before = at;
    y += row_height;
  }
  return "<div class=\"lanes over\"><svg style=\"height:" + std::to_string(y) + "px\">" + out +
         "</svg><small>to scale: " + in_words(ended - began) +
         ", each from the start of the one before; ◆ met a fault</small></div>";
}

std::string session(const Card& card, std::uint32_t number, const Events& events, const Alike& judged, bool open) {
  auto name = card.id + "-c" + std::to_string(number);
  auto about = moment(events.front()->at) + " to " + moment(end_of(*events.back()));
  if (events.back()->kind == EventKind::ended) about += ", ended by the " + wire_text(events.back()->text());
  std::string out = "<section class=\"session\" id=\"" + name + "\"><h3>Connection " + std::to_string(number) +
                    " <small>" + about + "</small></h3>";
  Events marks(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(std::min(events.size(), most_marks)));
  if (marks.size() > 1) out += Timeline(marks).drawn();
  auto heading = "the conversation, " + counted(events.size(), "line", "lines");
  return out + fold("fold", heading, conversation(card, events, judged), open) + "</section>";
}

}  // namespace

std::string sessions(const Card& card) {
  if (!card.run.journal) return "";
  std::map<std::uint32_t, Events> by_connection;
  for (const auto& event : *card.run.journal) by_connection[event.connection].push_back(&event);
  auto outside = std::move(by_connection[0]);
  by_connection.erase(0);

  std::set<std::uint32_t> wanted;
  std::map<std::uint32_t, Alike> judged;
  for (const auto& finding : card.run.judgement.findings)
    if (finding.verdict != Verdict::pass && by_connection.contains(finding.connection)) {
      judged[finding.connection].push_back(&finding);
      if (wanted.size() < most_sessions) wanted.insert(finding.connection);
    }
  for (const auto& each : by_connection)
    if (wanted.size() < most_sessions) wanted.insert(each.first);

  std::string out;
  for (auto number : wanted) {
    bool open = by_connection.size() <= few_sessions || judged.contains(number);
    out += session(card, number, by_connection[number], judged[number], open);
  }
  if (wanted.size() < by_connection.size())
    out += "<p class=\"soft\">" + counted(by_connection.size() - wanted.size(), "connection", "connections") +
           " more, in the journal</p>";
  if (!out.empty())
    out = "<h2>Connections</h2>" + (wanted.size() > 1 ? overview(card, by_connection, wanted) : "") +
          "<p class=\"soft\">Below, marks keep a distance and waits are written: not to scale. ● command, ■ reply, □ "
          "4yz "
          "or 5yz, ◆ fault, ▣ stored, ▲ violation, ✕ end</p>" +
          out;
  bool bad = std::any_of(outside.begin(), outside.end(), [](const Event* event) {
    return event->kind == EventKind::error || event->kind == EventKind::limit;
  });
  if (!outside.empty())
    out += fold("fold", "outside of connections: " + counted(outside.size(), "event", "events"),
                conversation(card, outside, {}), bad);
  return out;
}

}  // namespace mailfault::html
