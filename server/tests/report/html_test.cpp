#include "sample.hpp"

namespace mailfault::testing {
namespace {

/// The tags that begin like this.
std::vector<std::string> tags(std::string_view page, std::string_view beginning) {
  std::vector<std::string> out;
  for (auto at = page.find(beginning); at != std::string_view::npos; at = page.find(beginning, at + 1))
    out.emplace_back(page.substr(at, page.find('>', at) - at + 1));
  return out;
}

// Well formed as HTML: what opens closes in its order, ids are there once, and links find them.
constexpr auto checker = R"(
import sys
from html.parser import HTMLParser
VOID = {"meta", "br", "input"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "h1", "h2", "h3", "p", "a", "b", "i",
         "small", "code", "pre", "dl", "dt", "dd", "details", "summary", "section", "div", "span", "ol", "ul", "li", "time",
         "fieldset", "label", "input", "br", "svg", "line", "text", "circle", "rect"}
class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], [], []
    def handle_starttag(self, tag, attributes):
        if tag not in KNOWN and not (tag == "title" and "svg" in self.open): print("unknown", tag, self.getpos())
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcset", "action"): print("attribute", name, self.getpos())
            if name == "href": self.links.append(value)
            if name == "id": self.ids.append(value)
        if tag not in VOID: self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag: print("closes", tag, self.getpos())
reader = Reader()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
reader.close()
if reader.open: print("left open", reader.open)
if len(set(reader.ids)) != len(reader.ids): print("an id twice")
for link in reader.links:
    if not link.startswith("#"): print("leads outside", link)
    elif link[1:] not in reader.ids: print("leads nowhere", link)
)";

TEST(Html, IsWellFormedAndItsLinksLeadSomewhere) {
  Sample sample;
  EXPECT_EQ(python_says(checker, to_html(every_kind(sample))), "");
  EXPECT_EQ(python_says(checker, to_html(report_of({sample.failed()}))), "");
  EXPECT_EQ(python_says(checker, to_html(report_of({}))), "");
}

TEST(Html, TellsWhatWasSentBack) {
  Sample sample;
  sample.bounce();
  auto page = to_html(report_of({sample.run()}));
  EXPECT_EQ(python_says(checker, page), "");
  EXPECT_THAT(page, AllOf(HasSubstr("What the server sent back"), HasSubstr("bounce 1, dsn failed 5.1.1, failed"),
                          HasSubstr("failed: 421 busy"), HasSubstr("Subject: Undelivered\n\nx\n"),
                          HasSubstr("1 bounce (0 delivered)")));
}

TEST(Html, LoadsNothingAndRunsNothing) {
  Sample sample;
  auto page = to_html(every_kind(sample));
  for (auto word : {"http:", "https:", "<script", "<link", "<img", "url(", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(word)));
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'"));
  EXPECT_THAT(page, HasSubstr("name=\"viewport\""));
}

TEST(Html, HostileTextIsText) {
  Sample sample;
  auto text = std::string(hostile);
  sample.scenario.title = sample.scenario.emulates = text;
  sample.scenario.sources = {text};
  sample.source += "-- " + text + "\n";
  sample.add(5s, 2, EventKind::fault, text, Stage::message, 0, 3);
  sample.add(5s, 2, EventKind::violation, text);
  sample.add(5s, 2, EventKind::error, text);
  sample.add(5s, 0, EventKind::fact, text);
  std::string_view recipient = hostile;
  sample.ledger.store(1, 1s, "smtp", hostile, {&recipient, 1}, "Message-ID: <" + text + ">\r\n\r\n" + text);
  auto finding = Sample::copies();
  for (auto* each :
       {&finding.name, &finding.rule, &finding.expected, &finding.seen, &finding.nearest, &finding.remedy})
    *each = text;
  auto run = sample.with(finding);
  run.command_line = {text};
  run.command.output = run.replay = text;
  run.words = {{Word::failed, text, text, text}};
  run.parameters = {{text, text}};
  auto absent = run;
  absent.not_applicable = text;
  absent.command.started = false;
  auto page = to_html(report_of({run, absent}));
  EXPECT_EQ(python_says(checker, page), "");
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("alert('")), Not(HasSubstr("\x1b")),
                          HasSubstr("&lt;/pre&gt;&lt;/script&gt;&lt;script&gt;alert(&#39;&quot;&amp;&#39;)")));
}

TEST(Html, TellsTheRun) {
  Sample sample;
  auto page = to_html(report_of({sample.failed()}));
  EXPECT_THAT(page, AllOf(HasSubstr("<h1>dot-accepted-close: fail</h1>"), HasSubstr("2 copies for b@example.net"),
                          HasSubstr("<a href=\"#s1-c2\">connection 2</a>, 4.011 s"),
                          HasSubstr("<a href=\"#s1-l4\">scenarios/message/dot-accepted-close.lua:4</a>"),
                          HasSubstr("<li id=\"s1-l3\" class=\"played\">"), HasSubstr("played 1 time"),
                          HasSubstr("<li id=\"s1-l4\" class=\"judged fail\">"), HasSubstr("18446744073709551615"),
                          HasSubstr("--seed 7 -- ./send")));
  EXPECT_THAT(page, AllOf(HasSubstr("\\x1b[31m\\x01\xc3\x9c"), HasSubstr("<svg"), HasSubstr("#2 2.0 s later")));
  EXPECT_EQ(tags(page, "<input").size(), 0u);
}

TEST(Html, RealAndNominalTimeAreSaid) {
  Sample sample;
  auto run = sample.run();
  EXPECT_THAT(to_html(report_of({run})), Not(HasSubstr("time scale")));
  run.time_scale = 0.01;
  EXPECT_THAT(to_html(report_of({run})),
              AllOf(HasSubstr("4.1 s, nominally 6 min 50 s"),
                    HasSubstr("times on this page are real, a second of the scenario's took 10 ms")));
}

TEST(Html, TheWorstComesFirstAndVerdictsCanBeChosen) {
  Sample sample;
  auto page = to_html(every_kind(sample));
  EXPECT_THAT(page, HasSubstr("<h1>4 of 6 scenarios fail</h1>"));
  auto cards = tags(page, "<details class=\"card ");
  ASSERT_EQ(cards.size(), 6u);
  EXPECT_THAT(cards.front(), HasSubstr("card error\" id=\"s1\" open"));
  EXPECT_THAT(cards.back(), HasSubstr("card pass\" id=\"s6\">"));
  EXPECT_EQ(tags(page, "<input type=\"radio\"").size(), 5u);
}

TEST(Html, StaysSmallWhateverHappened) {
  Sample sample;
  for (std::uint32_t connection = 3; connection < 300; ++connection)
    for (int i = 0; i < 5; ++i) sample.add(connection * 1s, connection, EventKind::command, "NOOP", Stage::command);
  for (int i = 0; i < 50'000; ++i) sample.add(300s, 300, EventKind::command, "NOOP", Stage::command);
  std::string_view recipient = "b@example.net";
  for (int i = 0; i < 200; ++i)
    sample.ledger.store(1, 1s, "smtp", "", {&recipient, 1}, std::string(200'000, 'x') + "\xc3\xbc");
  auto finding = Sample::copies();
  finding.connection = 300;
  finding.from = finding.to = 300s;
  auto page = to_html(report_of({sample.with(finding)}));
  EXPECT_LT(page.size(), 5'000'000u);
  EXPECT_THAT(page, AllOf(HasSubstr("276 connections more, in the journal"), HasSubstr("events more, in the journal"),
                          HasSubstr("152 messages more"), HasSubstr("id=\"s1-c300\"")));
}

}  // namespace
}  // namespace mailfault::testing
