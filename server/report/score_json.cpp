// A score as JSON, and back.
#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/json_parts.hpp"
#include "report/score.hpp"

namespace mailfault {
namespace {

namespace json = boost::json;

constexpr std::size_t largest = std::size_t{1} << 30;

json::array faults_of(const ScoreCase& given) {
  json::array out;
  for (const auto& each : given.faults)
    out.push_back(json::object{{"stage", each.stage}, {"line", each.line}, {"played", each.played}});
  return out;
}

json::array events_of(const ScoreCase& given) {
  json::array out;
  for (const auto& each : given.events)
    out.push_back(json::object{{"at", micros(each.at)},
                               {"connection", each.connection},
                               {"kind", each.kind},
                               {"stage", each.stage},
                               {"text", text(each.text)},
                               {"line", text(each.line)}});
  return out;
}

json::object to_value(const ScoreCase& given) {
  json::array findings, words;
  for (const auto& each : given.findings) {
    auto finding = to_json_value(each);
    finding["weighs"] = each.weighs;
    findings.push_back(std::move(finding));
  }
  for (const auto& each : given.words) words.push_back(to_json_value(each));
  return {{"id", text(given.id)},
          {"title", text(given.title)},
          {"emulates", text(given.emulates)},
          {"folder", text(given.folder)},
          {"path", text(given.path)},
          {"sources", texts(given.sources)},
          {"outcomes", texts(given.outcomes)},
          {"needs", text(given.needs)},
          {"faults", faults_of(given)},
          {"verdict", name_of(given.verdict)},
          {"severity", name_of(given.severity)},
          {"reason", text(given.reason)},
          {"error", text(given.error)},
          {"last_stage", text(given.last_stage)},
          {"findings", std::move(findings)},
          {"words", std::move(words)},
          {"ran", given.ran},
          {"exit_status", given.exit_status},
          {"timed_out", given.timed_out},
          {"quote", text(given.quote)},
          {"connections", given.connections},
          {"stored", given.stored},
          {"copies", given.copies},
          {"took", micros(given.took)},
          {"events", events_of(given)},
          {"events_left_out", given.events_left_out},
          {"replay", text(given.replay)}};
}

json::object to_value(const ScoreReport& given) {
  json::object verdicts, severities;
  for (auto verdict :
       {Verdict::pass, Verdict::lax, Verdict::info, Verdict::fail, Verdict::unmet, Verdict::not_applicable})
    verdicts[name_of(verdict)] = count(given, verdict);
  for (auto severity : severities_by_weight) severities[name_of(severity)] = failures(given, severity).size();
  json::array stages, cases;
  for (const auto& each : coverage(given))
    stages.push_back(json::object{{"stage", each.stage},
                                  {"rules", each.rules},
                                  {"played", each.played},
                                  {"scenarios", each.scenarios},
                                  {"reached", each.reached}});
  for (const auto& each : given.cases) cases.push_back(to_value(each));
  return {{"client", text(given.client)},    {"version", text(given.version)},
          {"notes", text(given.notes)},      {"grade", std::string(1, grade(given))},
          {"verdicts", std::move(verdicts)}, {"failures", std::move(severities)},
          {"program", text(given.program)},  {"catalogue", text(given.catalogue)},
          {"began", text(given.began)},      {"command", texts(given.command)},
          {"profile", text(given.profile)},  {"seed", std::to_string(given.seed)},
          {"time_scale", given.time_scale},  {"selected", given.selected},
          {"coverage", std::move(stages)},   {"cases", std::move(cases)}};
}

// ---- reading

/// A member that must be there, and where it stands: "score.json: clients[0].cases[3].verdict".
class At {
 public:
  At(const json::value& value, std::string where) : value_(value), where_(std::move(where)) {}

  At operator[](std::string_view name) const {
    const auto* object = value_.if_object();
    const auto* found = object ? object->if_contains(name) : nullptr;
    if (!found) throw wrong("it has no member \"" + std::string(name) + "\"");
    return {*found, where_ + "." + std::string(name)};
  }
  template <typename Take>
  void each(Take take) const {
    const auto* array = value_.if_array();
    if (!array) throw wrong("a list is wanted");
    for (std::size_t i = 0; i < array->size(); ++i) take(At((*array)[i], where_ + "[" + std::to_string(i) + "]"));
  }
  std::string text() const {
    const auto* string = value_.if_string();
    if (!string) throw wrong("a text is wanted");
    return std::string(*string);
  }
  bool boolean() const {
    const auto* boolean = value_.if_bool();
    if (!boolean) throw wrong("true or false is wanted");
    return *boolean;
  }
  template <typename Number>
  Number number() const {
    json::error_code error;
    auto out = value_.to_number<Number>(error);
    if (error) throw wrong("a number is wanted");
    return out;
  }
  template <typename Lookup>
  auto named(Lookup lookup) const {
    auto found = lookup(text());
    if (!found) throw wrong("\"" + printable(text()) + "\" is unknown");
    return *found;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    each([&](const At& at) { out.push_back(at.text()); });
    return out;
  }
  Error wrong(const std::string& what) const {
    return Error(where_ + ": " + what + "; was it written by 'mailfault score --json'?");
  }

 private:
  const json::value& value_;
  std::string where_;
};

Micros time_of(const At& at) { return Micros(at.number<std::int64_t>()); }

Finding finding_of(const At& at) {
  Finding out;
  out.verdict = at["verdict"].named(verdict_named);
  out.severity = at["severity"].named(severity_named);
  out.name = at["name"].text();
  out.rule = at["rule"].text();
  out.line = at["line"].number<int>();
  out.expected = at["expected"].text();
  out.seen = at["seen"].text();
  out.nearest = at["nearest"].text();
  out.remedy = at["remedy"].text();
  out.connection = at["connection"].number<std::uint32_t>();
  out.from = time_of(at["from"]);
  out.to = time_of(at["to"]);
  out.once = at["once"].boolean();
  out.weighs = at["weighs"].boolean();
  return out;
}

ScoreCase case_of(const At& at) {
  ScoreCase out;
  out.id = at["id"].text();
  out.title = at["title"].text();
  out.emulates = at["emulates"].text();
  out.folder = at["folder"].text();
  out.path = at["path"].text();
  out.sources = at["sources"].texts();
  out.outcomes = at["outcomes"].texts();
  out.needs = at["needs"].text();
  at["faults"].each([&](const At& each) {
    out.faults.push_back({each["stage"].text(), each["line"].number<int>(), each["played"].number<std::uint64_t>()});
  });
  out.verdict = at["verdict"].named(verdict_named);
  out.severity = at["severity"].named(severity_named);
  out.reason = at["reason"].text();
  out.error = at["error"].text();
  out.last_stage = at["last_stage"].text();
  at["findings"].each([&](const At& each) { out.findings.push_back(finding_of(each)); });
  at["words"].each([&](const At& each) {
    out.words.push_back(
        {each["word"].named(word_named), each["message_id"].text(), each["recipient"].text(), each["origin"].text()});
  });
  out.ran = at["ran"].boolean();
  out.exit_status = at["exit_status"].number<int>();
  out.timed_out = at["timed_out"].boolean();
  out.quote = at["quote"].text();
  out.connections = at["connections"].number<std::uint64_t>();
  out.stored = at["stored"].number<std::uint64_t>();
  out.copies = at["copies"].number<std::uint64_t>();
  out.took = time_of(at["took"]);
  at["events"].each([&](const At& each) {
    out.events.push_back({time_of(each["at"]), each["connection"].number<std::uint32_t>(), each["kind"].text(),
                          each["stage"].text(), each["text"].text(), each["line"].text()});
  });
  out.events_left_out = at["events_left_out"].number<std::uint64_t>();
  out.replay = at["replay"].text();
  return out;
}

ScoreReport report_of(const At& at) {
  ScoreReport out;
  out.client = at["client"].text();
  out.version = at["version"].text();
  out.notes = at["notes"].text();
  out.program = at["program"].text();
  out.catalogue = at["catalogue"].text();
  out.began = at["began"].text();
  out.command = at["command"].texts();
  out.profile = at["profile"].text();
  auto seed = at["seed"].text();
  if (seed.empty() || seed.size() > 20 || seed.find_first_not_of("0123456789") != std::string::npos)
    throw at["seed"].wrong("a whole number is wanted, as a text");
  out.seed = std::strtoull(seed.c_str(), nullptr, 10);
  out.time_scale = at["time_scale"].number<double>();
  out.selected = at["selected"].number<std::uint64_t>();
  at["cases"].each([&](const At& each) { out.cases.push_back(case_of(each)); });
  return out;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path + ": the score can't be read: " + std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) throw Error(path + ": the score can't be read: " + std::strerror(errno));
  if (text.size() > largest) throw Error(path + ": this is larger than any score");
  return text;
}

}  // namespace

std::string to_json(std::span<const ScoreReport> reports) {
  json::array clients;
  for (const auto& each : reports) clients.push_back(to_value(each));
  return laid_out(json::object{{"format", 1}, {"kind", "mailfault score"}, {"clients", std::move(clients)}});
}

std::vector<ScoreReport> read_scores(const std::string& path) {
  auto text = read_whole(path);
  json::error_code error;
  json::parser parser;
  auto read = parser.write_some(text, error);
  if (!error && !trim(std::string_view(text).substr(read)).empty()) error = json::error::extra_data;
  if (error) {
    auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    throw Error({path, static_cast<int>(line)}, "the score isn't JSON, or not all of it: " + error.message());
  }
  auto value = parser.release();
  At top(value, path);
  if (top["kind"].text() != "mailfault score") throw top.wrong("this is no score");
  if (top["format"].number<int>() != 1)
    throw Error(path + ": it has another format than this version reads (1); score the client again");
  std::vector<ScoreReport> out;
  top["clients"].each([&](const At& each) { out.push_back(report_of(each)); });
  return out;
}

}  // namespace mailfault
