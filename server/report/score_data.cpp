// What the cells' page is drawn from: scripts, since a page that is opened as a file may read nothing else.
#include <boost/json.hpp>
#include <unordered_map>

#include "base/text.hpp"
#include "report/json_parts.hpp"
#include "report/score_pages.hpp"
#include "report/words.hpp"

namespace mailfault::score_pages {
namespace {

namespace json = boost::json;

/// Texts that come again and again, by their number.
class Texts {
 public:
  std::size_t number(std::string_view given) {
    auto [at, is_new] = numbers_.try_emplace(utf8(given), all_.size());
    if (is_new) all_.emplace_back(json::string(at->first));
    return at->second;
  }
  json::array take() { return std::move(all_); }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
  json::array all_;
};

/// The event in words, without the time, the connection and the stage that stand before it.
std::string words_of(const ScoreEvent& event) {
  if (event.kind == "command" || event.kind == "reply" || event.kind == "undelivered" || event.kind == "fault" ||
      event.kind == "violation")
    return event.text;
  std::string_view line = event.line;
  auto skip = [&](std::string_view word) {
    line = trim(line);
    if (!word.empty() && line.starts_with(word)) line.remove_prefix(word.size());
    line = trim(line);
  };
  line.remove_prefix(std::min(line.size(), line.find("s  ") == line.npos ? 0 : line.find("s  ") + 1));
  if (event.connection > 0) skip("#" + std::to_string(event.connection));
  skip(event.stage.empty() ? std::string_view(event.kind) : std::string_view(event.stage));
  if (event.kind == "content") skip("C:");
  if (event.kind == "error") skip("ERROR");
  return std::string(line);
}

json::object case_of(const ScoreCase& given, Texts& all) {
  json::array findings, words, events;
  for (const auto& each : given.findings) findings.push_back(to_json_value(each));
  for (const auto& each : given.words)
    words.push_back(json::array{name_of(each.word), text(each.message_id), text(each.recipient), text(each.origin)});
  for (const auto& each : given.events)
    events.push_back(json::array{micros(each.at), each.connection, all.number(each.kind), all.number(each.stage),
                                 all.number(words_of(each))});
  std::uint64_t played = 0;
  for (const auto& each : given.faults) played += each.played;
  return {{"look", std::string(1, look_of(&given).letter)},
          {"verdict", verdict_of(given)},
          {"why", text(why(given))},
          {"section", text(section_of(given))},
          {"last_stage", text(given.last_stage)},
          {"findings", std::move(findings)},
          {"words", std::move(words)},
          {"ran", given.ran},
          {"exit", given.exit_status},
          {"timed_out", given.timed_out},
          {"quote", text(given.quote)},
          {"connections", given.connections},
          {"stored", given.stored},
          {"copies", given.copies},
          {"played", played},
          {"took", micros(given.took)},
          {"events", std::move(events)},
          {"left_out", given.events_left_out},
          {"replay", text(given.replay)}};
}

}  // namespace

std::string scenarios_data(const Table& table) {
  json::object marks;
  for (const auto& look : looks()) marks[std::string(1, look.letter)] = json::array{look.name, look.mark, look.word};
  json::array columns, rows;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::string letters;
    for (const auto& row : table.rows) letters += look_of(row.cells[i]).letter;
    columns.push_back(
        json::object{{"key", table.columns[i].key}, {"name", text(table.columns[i].name)}, {"cells", letters}});
  }
  for (const auto& row : table.rows) {
    const auto& facts = *row.facts;
    rows.push_back(json::object{{"id", text(facts.id)},
                                {"kind", row.kind},
                                {"title", text(facts.title)},
                                {"emulates", text(facts.emulates)},
                                {"path", text(facts.path)},
                                {"sources", texts(facts.sources)},
                                {"outcomes", texts(facts.outcomes)},
                                {"does", text(correct_client(facts))},
                                {"needs", text(facts.needs)}});
  }
  return "mailfault.scenarios = " +
         json::serialize(
             json::object{{"looks", std::move(marks)}, {"clients", std::move(columns)}, {"rows", std::move(rows)}}) +
         ";\n";
}

std::string client_data(const Column& column) {
  Texts all;
  json::object cases;
  for (const auto& each : column.report->cases) cases[text(each.id)] = case_of(each, all);
  return "mailfault.clients[" + json::serialize(json::value(column.key)) +
         "] = " + json::serialize(json::object{{"cases", std::move(cases)}, {"texts", all.take()}}) + ";\n";
}

}  // namespace mailfault::score_pages
