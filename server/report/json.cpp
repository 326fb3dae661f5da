#include <boost/json.hpp>
#include <cstdio>

#include "journal/json_lines.hpp"
#include "report/json_parts.hpp"
#include "report/words.hpp"

namespace mailfault {
namespace {

namespace json = boost::json;

json::array trouble(const ScenarioRun& run) {
  json::array out;
  for (const auto& each : troubles(run))
    out.push_back(json::object{{"verdict", each.verdict}, {"text", text(each.text)}});
  return out;
}

json::value command(const ScenarioRun& run) {
  if (run.command_line.empty()) return nullptr;
  const auto& given = run.command;
  return json::object{{"line", texts(run.command_line)}, {"is_client", given.is_client},
                      {"started", given.started},        {"exit_status", given.exit_status},
                      {"timed_out", given.timed_out},    {"failed", !given.started || test_failed(run)},
                      {"began", micros(given.began)},    {"ended", micros(given.ended)},
                      {"output", text(given.output)}};
}

json::object message(const StoredMessage& given) {
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(given.hash));
  return {{"message", given.id},
          {"at", micros(given.at)},
          {"connection", given.connection},
          {"door", text(given.door)},
          {"from", text(given.from)},
          {"recipients", texts(given.recipients)},
          {"message_id", text(given.message_id)},
          {"subject", text(given.subject)},
          {"size", given.size},
          {"hash", hash}};
}

json::array messages(const ScenarioRun& run) {
  json::array out;
  if (run.ledger)
    for (const auto& each : *run.ledger) out.push_back(message(each));
  return out;
}

json::array bounces(const ScenarioRun& run) {
  json::array out;
  if (!run.ledger) return out;
  for (const auto& each : run.ledger->bounces())
    out.push_back(json::object{{"bounce", each.id},
                               {"at", micros(each.at)},
                               {"message", each.message},
                               {"kind", each.kind},
                               {"action", text(each.action)},
                               {"status", text(each.status)},
                               {"to", text(each.to)},
                               {"recipients", texts(each.recipients)},
                               {"subject", text(each.subject)},
                               {"size", each.size},
                               {"delivery", name_of(each.delivery)},
                               {"answer", text(each.answer)}});
  return out;
}

json::array events(const ScenarioRun& run) {
  json::array out;
  if (run.journal)
    for (const auto& event : *run.journal) out.push_back(json::parse(to_json(event, run.scenario->id)));
  return out;
}

json::object one(const ScenarioRun& run, bool strict) {
  const auto& scenario = *run.scenario;
  const auto& judgement = run.judgement;
  json::array findings, words;
  for (const auto& each : judgement.findings) findings.push_back(to_json_value(each));
  for (const auto& each : run.words) words.push_back(to_json_value(each));
  json::object ports, parameters;
  for (const auto& [door, port] : run.ports) ports[door] = port;
  for (const auto& [name, value] : run.parameters) parameters[utf8(name)] = text(value);
  auto total = counts(run);
  return {{"id", text(scenario.id)},
          {"title", text(scenario.title)},
          {"emulates", text(scenario.emulates)},
          {"sources", texts(scenario.sources)},
          {"path", text(scenario.path)},
          {"verdict", headline(run)},
          {"judged", name_of(judgement.verdict)},
          {"fails", fails(run, strict)},
          {"not_applicable", text(run.not_applicable)},
          {"troubles", trouble(run)},
          {"findings", std::move(findings)},
          {"last_stage", text(judgement.last_stage)},
          {"words", std::move(words)},
          {"command", command(run)},
          {"counts", json::object{{"connections", total.connections},
                                  {"stored", total.stored},
                                  {"copies", total.copies},
                                  {"bounces", total.bounces},
                                  {"faults", total.faults}}},
          {"took", micros(run.took)},
          {"took_nominal", micros(nominal(run, run.took))},
          {"latest_timer", micros(judgement.latest_timer)},
          {"time_scale", run.time_scale},
          {"seed", run.seed},
          {"parameters", std::move(parameters)},
          {"ports", std::move(ports)},
          {"replay", text(run.replay)},
          {"messages", messages(run)},
          {"bounces", bounces(run)},
          {"events", events(run)}};
}

}  // namespace

std::string to_json(const RunReport& report) {
  json::object tally;
  json::array runs;
  for (auto verdict : {"pass", "not applicable", "info", "lax", "unmet", "fail", "error"}) tally[verdict] = 0;
  for (const auto& run : report.runs) {
    auto& number = tally[headline(run)];
    number = number.as_int64() + 1;
    runs.push_back(one(run, report.strict));
  }
  json::object out{{"format", 1}};
  if (!report.version.empty()) out["version"] = text(report.version);
  if (!report.began.empty()) out["began"] = text(report.began);
  out["strict"] = report.strict;
  out["exit_status"] = exit_status(report);
  out["verdicts"] = std::move(tally);
  out["runs"] = std::move(runs);
  return laid_out(out);
}

}  // namespace mailfault
