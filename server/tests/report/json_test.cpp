#include <boost/json.hpp>

#include "sample.hpp"

namespace mailfault::testing {
namespace {

namespace json = boost::json;

json::object parsed(const RunReport& report) { return json::parse(to_json(report)).as_object(); }
json::object first_run(const RunReport& report) { return parsed(report).at("runs").at(0).as_object(); }

TEST(Json, HoldsToItsSchema) {
  Sample sample;
  sample.add(6s, 0, EventKind::swallowed, "old", {}, 0, 3);
  sample.add(6s, 3, EventKind::undelivered, "no code", Stage::message);
  sample.add(6s, 3, EventKind::limit, "a limit", {}, 0, 7);
  sample.add(6s, 3, EventKind::error, "t.lua:9: x");
  auto report = every_kind(sample);
  sample.bounce();
  report.runs.push_back(sample.run());
  report.runs.back().command_line.clear();
  EXPECT_EQ(offences("run", to_json(report)), "");
  report.version = report.began = "";
  EXPECT_EQ(offences("run", to_json(report)), "");
}

TEST(Json, TellsRealAndNominalTime) {
  Sample sample;
  auto run = sample.run();
  EXPECT_EQ(first_run(report_of({run})).at("took_nominal").as_int64(), 4'100'000);
  run.time_scale = 0.01;
  auto told = first_run(report_of({run}));
  EXPECT_EQ(told.at("took").as_int64(), 4'100'000);
  EXPECT_EQ(told.at("took_nominal").as_int64(), 410'000'000);
}

TEST(Json, TellsTheRun) {
  Sample sample;
  sample.bounce();
  auto report = every_kind(sample);
  auto all = parsed(report);
  EXPECT_EQ(all.at("exit_status").as_int64(), 2);
  EXPECT_EQ(json::serialize(all.at("verdicts")),
            R"({"pass":1,"not applicable":1,"info":0,"lax":0,"unmet":0,"fail":2,"error":2})");
  auto run = all.at("runs").at(1).as_object();
  EXPECT_EQ(run.at("verdict").as_string(), "fail");
  EXPECT_TRUE(run.at("fails").as_bool());
  EXPECT_EQ(run.at("seed").to_number<std::uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(json::serialize(run.at("counts")), R"({"connections":2,"stored":2,"copies":2,"bounces":1,"faults":1})");
  EXPECT_EQ(run.at("findings").at(0).at("seen").as_string(), "2 copies for b@example.net");
  EXPECT_EQ(run.at("findings").at(0).at("from").as_int64(), 4'011'000);
  EXPECT_EQ(run.at("messages").as_array().size(), 2u);
  EXPECT_EQ(run.at("messages").at(0).at("message_id").as_string(), "1@example.com");
  EXPECT_EQ(
      json::serialize(run.at("bounces").at(0)),
      R"({"bounce":1,"at":4012000,"message":1,"kind":"dsn","action":"failed","status":"5.1.1","to":"a@example.com",)"
      R"("recipients":["b@example.net"],"subject":"Undelivered","size":27,"delivery":"failed","answer":"421 busy"})");
  EXPECT_EQ(run.at("events").as_array().size(), sample.journal.size());
  EXPECT_EQ(run.at("events").at(6).at("line").as_int64(), 3);
}

TEST(Json, TextThatIsNotUtf8IsGivenAsLatin1) {
  Sample sample;
  auto run = first_run(every_kind(sample));
  EXPECT_TRUE(run.at("events").at(4).at("latin1").as_bool());
  EXPECT_THAT(std::string(run.at("events").at(4).at("text").as_string()), EndsWith("\x01\xc3\x9c"));
  auto output = parsed(every_kind(sample)).at("runs").at(4).at("command").at("output").as_string();
  EXPECT_THAT(std::string(output), StartsWith("a\x01\x1b[2J\xc3\xbf<"));
}

TEST(Json, AnEventTakesALine) {
  Sample sample;
  EXPECT_THAT(to_json(report_of({sample.failed()})),
              AllOf(StartsWith("{\n  \"format\": 1,\n  \"version\": \"0.1.0\",\n"),
                    HasSubstr("\n        {\"at\":2000000,\"instance\":\"dot-accepted-close\",\"connection\":1,"
                              "\"kind\":\"connected\",\"text\":\"smtp from 127.0.0.1 port 42910\"},\n"),
                    EndsWith("\n      ]\n    }\n  ]\n}\n")));
}

TEST(Json, WithoutACommandItIsNull) {
  Sample sample;
  auto run = sample.run();
  run.command_line.clear();
  EXPECT_TRUE(first_run(report_of({run})).at("command").is_null());
}

}  // namespace
}  // namespace mailfault::testing
