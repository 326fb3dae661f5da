#include <set>

#include "base/error.hpp"
#include "report/score_pages.hpp"
#include "sample.hpp"

namespace mailfault::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

ScoreCase played(const std::string& id, Verdict verdict, Severity severity = Severity::none) {
  ScoreCase out;
  out.id = id;
  out.title = "The title of " + id;
  out.folder = "message";
  out.outcomes = {"temporary"};
  out.ran = true;
  out.verdict = verdict;
  out.severity = severity;
  if (verdict == Verdict::pass) return out;
  Finding finding;
  finding.verdict = verdict;
  finding.severity = severity;
  finding.name = "outcome temporary";
  finding.seen = "it was sent again";
  out.findings = {finding};
  return out;
}

ScoreReport client(const std::string& name, const std::string& version, std::vector<ScoreCase> cases) {
  ScoreReport out;
  out.client = name;
  out.version = version;
  out.selected = cases.size();
  out.cases = std::move(cases);
  return out;
}

std::string index_of(const std::vector<ScoreReport>& reports) {
  return score_pages::index_page(score_pages::table_of(reports));
}

// Well formed, nothing in it but what is known, no code beside that of its own file.
constexpr auto checker = R"(
import sys
from html.parser import HTMLParser
class Reader(HTMLParser):
    open = []
    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name.startswith("on") or name == "style": print("attribute", name, self.getpos())
        if tag == "img" or tag == "script" and dict(attributes).get("src") != "index.js": print(tag, self.getpos())
        if tag not in ("meta", "link", "input"): self.open.append(tag)
    def handle_startendtag(self, tag, attributes): pass
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag: print("closes", tag, self.getpos())
    def handle_data(self, data):
        if self.open and self.open[-1] == "script": print("a script in the page", self.getpos())
reader = Reader()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
reader.close()
if reader.open: print("left open", reader.open)
)";

// The data are an assignment of JSON: the text of a member by its path is printed.
std::string of_data(const std::string& data, const std::string& path) {
  return python_says(
      "import json, sys\ntext = open(sys.argv[1], encoding='utf-8').read()\n"
      "it = json.loads(text[text.index(' = ') + 3:text.rindex(';')])\nsys.stdout.write(str(it" +
          path + "))\n",
      data);
}

TEST(ScoreHtml, IsWellFormedWhateverAClientSays) {
  auto bad = played("dot-421", Verdict::fail, Severity::mail_lost);
  bad.title = bad.emulates = bad.folder = bad.quote = std::string(hostile);
  bad.findings[0].seen = std::string(hostile) + "\n<script>alert(1)</script>";
  auto report = client("<img src=x onerror=alert(1)>", "\"'<b>", {bad, played("\"><script>", Verdict::lax)});
  report.notes = report.profile = report.began = report.program = std::string(hostile);
  report.command = {std::string(hostile)};
  report.cases[0].findings[0].once = true;
  auto page = index_of({report, report});
  EXPECT_EQ(python_says(checker, page), "");
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_EQ(python_says(checker, index_of({})), "");
  EXPECT_EQ(python_says(checker, index_of({report})), "");
}

TEST(ScoreHtml, ACellHasItsMarkItsWordItsReasonAndItsLink) {
  auto page = index_of({client("send", "1.2", {played("dot-421", Verdict::fail, Severity::mail_doubled)}),
                        client("Other Mailer", "", {played("dot-421", Verdict::pass)})});
  EXPECT_THAT(page, HasSubstr("<td class=\"fail mail-doubled\"><a href=\"cell.html#send-1.2/dot-421\" title=\"it was "
                              "sent again\">✖ doubled</a></td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"pass\"><a href=\"cell.html#other-mailer/dot-421\">✔ pass</a></td>"));
  EXPECT_THAT(page, HasSubstr("<em>doubles mail or leaks secrets</em>"));
  EXPECT_THAT(page, HasSubstr("#client=send-1.2&amp;severity=mail-doubled"));
}

TEST(ScoreHtml, EveryVerdictHasItsOwnLook) {
  std::set<std::string> words;
  std::vector<ScoreCase> all;
  for (auto severity : severities_by_weight) all.push_back(played("a", Verdict::fail, severity));
  for (auto verdict : {Verdict::unmet, Verdict::lax, Verdict::info, Verdict::not_applicable, Verdict::pass})
    all.push_back(played("a", verdict));
  all.push_back(played("a", Verdict::pass));
  all.back().error = "the scenario failed";
  for (const auto& each : all) {
    const auto& look = score_pages::look_of(&each);
    words.insert(std::string(look.mark) + " " + std::string(look.word));
  }
  EXPECT_EQ(words.size(), all.size());
  EXPECT_EQ(score_pages::look_of(nullptr).word, "not played");
}

TEST(ScoreHtml, WhatAClientWasNotPlayedUnderIsAnEmptyCell) {
  auto page = index_of({client("one", "", {played("dot-421", Verdict::pass), played("dot-451", Verdict::pass)}),
                        client("two", "", {played("dot-451", Verdict::pass)})});
  EXPECT_THAT(page, HasSubstr("<td class=\"none\">·</td></tr>"));
  EXPECT_THAT(page, Not(HasSubstr("cell.html#two/dot-421")));
}

TEST(ScoreHtml, KeysOfClientsAreApartAndNamesOfFiles) {
  std::vector<ScoreReport> reports{client("a/b", "1", {}), client("A b", "1", {}), client("..", "", {}),
                                   client("é", "", {}), client("Scenarios", "", {})};
  std::vector<std::string> keys;
  for (const auto& column : score_pages::table_of(reports).columns) keys.push_back(column.key);
  EXPECT_THAT(keys, ElementsAre("a-b-1", "a-b-1-2", "client", "client-2", "scenarios-2"));
}

TEST(ScoreHtml, RowsStandByWhatAPersonWouldCallThem) {
  auto table_rows = [](const std::vector<ScoreReport>& reports) {
    std::vector<std::string> ids;
    for (const auto& row : score_pages::table_of(reports).rows) ids.push_back(row.facts->id);
    return ids;
  };
  EXPECT_THAT(
      table_rows({client("a", "", {played("rcpt-550-unknown", Verdict::pass), played("dot-421", Verdict::pass)}),
                  client("b", "", {played("banner-421", Verdict::pass)})}),
      ElementsAre("banner-421", "dot-421", "rcpt-550-unknown"));
}

TEST(ScoreHtml, TheDataHaveTextsAsTheyWere) {
  auto given = played("dot-421", Verdict::fail, Severity::hang);
  given.quote = std::string(hostile) + "</script>\u2028";
  given.events = {{5ms, 0, "door", "", "smtp", "  0.005s      door      smtp (port 25)"},
                  {6ms, 1, "content", "content", "x", "  0.006s  #1  content   C: (26 bytes) x"},
                  {7ms, 1, "stored", "message", "1 copy", "  0.007s  #1  message   stored as message 1: 1 copy"},
                  {8ms, 1, "fault", "message", "closes", "  0.008s  #1  message   !! closes  (line 3)"},
                  {9ms, 1, "reply", "message", "250-a\r\n250 b\r\n", "  0.009s  #1  message   S: 250-a (+1 line)"}};
  std::vector<ScoreReport> reports{client("send", "", {given})};
  auto table = score_pages::table_of(reports);
  auto data = score_pages::client_data(table.columns[0]);
  EXPECT_EQ(data.find("mailfault.clients[\"send\"] = "), 0u);
  auto event = [&](int number) {
    auto n = std::to_string(number);
    return of_data(data, "['texts'][it['cases']['dot-421']['events'][" + n + "][4]]");
  };
  EXPECT_EQ(event(0), "smtp (port 25)");
  EXPECT_EQ(event(1), "(26 bytes) x");
  EXPECT_EQ(event(2), "stored as message 1: 1 copy");
  EXPECT_EQ(event(3), "closes");
  EXPECT_EQ(event(4), "250-a\r\n250 b\r\n");
  EXPECT_EQ(of_data(data, "['cases']['dot-421']['quote']"), given.quote);
  EXPECT_EQ(of_data(data, "['cases']['dot-421']['verdict']"), "fail: hang");
  auto scenarios = score_pages::scenarios_data(table);
  EXPECT_EQ(of_data(scenarios, "['clients'][0]['cells']"), "4");
  EXPECT_EQ(of_data(scenarios, "['rows'][0]['title']"), "The title of dot-421");
}

TEST(ScoreHtml, IsAFolderThatCanBeWrittenAgain) {
  auto folder = fresh_folder() / "a" / "b";
  std::vector<ScoreReport> reports{client("send", "1", {played("dot-421", Verdict::pass)})};
  write_score_pages(reports, folder.string());
  write_score_pages(reports, folder.string());
  std::set<std::string> files;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    if (each.is_regular_file()) files.insert(fs::relative(each.path(), folder).string());
  EXPECT_THAT(files, ElementsAre("cell.html", "cell.js", "data/scenarios.js", "data/send-1.js", "index.html",
                                 "index.js", "score.css"));
  EXPECT_EQ(slurp(folder / "index.html"), index_of(reports));
}

TEST(ScoreHtml, WhatCannotBeWrittenIsSaidAndWhatWasThereStays) {
  auto folder = fresh_folder();
  std::vector<ScoreReport> reports{client("send", "1", {played("dot-421", Verdict::pass)})};
  write_score_pages(reports, folder.string());
  auto before = slurp(folder / "index.html");
  fs::create_directory(folder / "index.html.new");  // the last of the files can't be begun
  reports[0].cases.push_back(played("dot-451", Verdict::pass));
  try {
    write_score_pages(reports, folder.string());
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder / "index.html").string() + ": can't be written"));
  }
  EXPECT_EQ(slurp(folder / "index.html"), before);
  EXPECT_THAT(slurp(folder / "data" / "send-1.js"), Not(HasSubstr("dot-451")));

  std::ofstream(folder / "file") << "taken";
  EXPECT_THROW(write_score_pages(reports, (folder / "file").string()), Error);
}

}  // namespace
}  // namespace mailfault::testing
