// A run made by hand: a client that sends its message a second time, and that is hostile where it can be.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "report/report.hpp"

namespace mailfault::testing {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

inline constexpr std::string_view hostile = "</pre></script><script>alert('\"&')</script>";

class StoppedClock final : public Clock {
 public:
  Micros now() const override { return {}; }
};

class Sample {
 public:
  Sample() : journal(clock_) {
    scenario.id = "dot-accepted-close";
    scenario.path = "scenarios/message/dot-accepted-close.lua";
    scenario.title = "The message is stored, and the connection closes";
    scenario.emulates = "a restart after the final dot";
    scenario.sources = {"RFC 1047"};
    source = "scenario { title = \"…\" }\n\non.message:accept():close()\nexpect.copies { at_most = 1 }\n";
    add(1ms, 0, EventKind::door, "smtp 127.0.0.1 open", {}, 0, 40025);
    for (std::uint32_t connection : {1u, 2u}) {
      auto at = connection * 2s;
      add(at, connection, EventKind::connected, "smtp from 127.0.0.1 port 42910");
      add(at + 1ms, connection, EventKind::reply, "220 mx.example.com ESMTP", Stage::greeting, 220);
      add(at + 2ms, connection, EventKind::command, "EHLO " + std::string(hostile), Stage::command);
      add(at + 3ms, connection, EventKind::reply, "250-" + std::string(hostile) + "\r\n250 \x1b[31m\x01\xdc",
          Stage::helo, 250);
      add(at + 9ms, connection, EventKind::content, "1@example.com", Stage::content, 0, 64);
      if (connection == 1)
        add(at + 10ms, connection, EventKind::fault, "each message: is stored, the server closes (FIN)",
            Stage::message, 0, 3);
      add(at + 11ms, connection, EventKind::stored, "1 copy", Stage::message, 0, connection);
      std::string_view recipient = "b@example.net";
      ledger.store(connection, at + 11ms, "smtp", "a@example.com", {&recipient, 1},
                   "Message-ID: <1@example.com>\r\nSubject: " + std::string(hostile) + "\r\n\r\n" +
                       std::string(hostile) + "\r\n");
      add(at + 12ms, connection, EventKind::ended, connection == 1 ? "server: closed (FIN)" : "client: FIN");
    }
  }

  void add(Micros at, std::uint32_t connection, EventKind kind, std::string_view text, Stage stage = {},
           std::uint16_t code = 0, std::uint64_t number = 0) {
    Event event;
    event.at = at;
    event.connection = connection;
    event.kind = kind;
    event.stage = stage;
    event.code = code;
    event.number = number;
    journal.add(event, text);
  }

  /// The first message came back, and nobody took it.
  void bounce() {
    Bounce entry;
    entry.message = 1;
    entry.at = 4012ms;
    entry.kind = "dsn";
    entry.action = "failed";
    entry.status = "5.1.1";
    entry.to = "a@example.com";
    std::string_view recipient = "b@example.net";
    entry.recipients = {&recipient, 1};
    entry.subject = "Undelivered";
    entry.text = "Subject: Undelivered\r\n\r\nx\r\n";
    ledger.enter(entry);
    ledger.set_delivery(1, Bounce::Delivery::failed, "421 busy");
    add(4012ms, 0, EventKind::bounce, "dsn failed 5.1.1 of b@example.net to a@example.com, about message 1", {}, 0,
        1);
    add(4013ms, 0, EventKind::delivery, "failed at 127.0.0.1:2526: 421 busy", {}, 0, 1);
  }

  /// Passed, unless the test adds to it.
  ScenarioRun run() const {
    ScenarioRun out;
    out.scenario = &scenario;
    out.source = source;
    out.journal = &journal;
    out.ledger = &ledger;
    out.command_line = {"./send", "it's"};
    out.ports = {{"smtp", std::uint16_t{40025}}};
    out.seed = 18446744073709551615u;
    out.took = 4100ms;
    out.replay = "mailfault run dot-accepted-close --seed 7 -- ./send";
    return out;
  }

  static Finding copies() {
    Finding out;
    out.verdict = Verdict::fail;
    out.name = "copies";
    out.rule = "expect.copies { at_most = 1 }";
    out.line = 4;
    out.expected = "at most one copy";
    out.seen = "2 copies for b@example.net";
    out.nearest = "another Message-ID";
    out.remedy = "retry with the same Message-ID";
    out.connection = 2;
    out.from = out.to = 4011ms;
    return out;
  }
  ScenarioRun failed() const { return with(copies()); }
  ScenarioRun with(const Finding& finding) const {
    auto out = run();
    out.judgement.verdict = finding.verdict;
    out.judgement.findings = {finding};
    return out;
  }

  Scenario scenario;
  std::string source;
  Ledger ledger;

 private:
  StoppedClock clock_;

 public:
  Journal journal;
};

inline RunReport report_of(std::vector<ScenarioRun> runs) {
  RunReport out;
  out.runs = std::move(runs);
  out.version = "0.1.0";
  out.began = "2026-01-02T03:04:05Z";
  return out;
}

/// Runs of all kinds.
inline RunReport every_kind(const Sample& sample) {
  auto passed = sample.run(), error = sample.run(), absent = sample.run(), test = sample.run(), na = sample.run();
  error.judgement.script_failed = true;
  absent.command.started = false;
  test.command.exit_status = 3;
  test.command.output = "a\x01\x1b[2J\xff" + std::string(hostile);
  na.judgement.verdict = Verdict::not_applicable;
  na.not_applicable = "needs CAP_NET_ADMIN";
  passed.time_scale = 0.01;
  passed.words = {{Word::sent, "1@example.com", "", "exit status 0"}};
  passed.parameters = {{"times", "3"}};
  passed.command.is_client = true;
  return report_of({passed, sample.failed(), error, absent, test, na});
}

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::filesystem::path fresh_folder() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  auto path = std::filesystem::path(::testing::TempDir()) /
              ("mailfault_" + std::string(test->test_suite_name()) + "_" + test->name());
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

/// What a Python program says of a text (sys.argv[1] is its file); empty: all is well.
inline std::string python_says(const std::string& program, std::string_view text) {
  auto folder = fresh_folder();
  std::ofstream(folder / "text", std::ios::binary) << text;
  std::ofstream(folder / "check.py") << program;
  std::string out;
  // Debian's packages are seen by Debian's Python alone.
  auto python = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  auto line = std::string(python) + " " + (folder / "check.py").string() + " " + (folder / "text").string() + " 2>&1";
  auto* pipe = popen(line.c_str(), "r");
  if (!pipe) return "no python3";
  std::array<char, 4096> part;
  while (auto size = fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), size);
  int status = pclose(pipe);
  return status == 0 ? out : out + "exit status " + std::to_string(status);
}

/// How JSON offends against the schema NAME.schema.json, an offence a line.
inline std::string offences(const std::string& name, std::string_view text) {
  auto schema = std::string(MAILFAULT_SOURCE) + "/server/report/" + name + ".schema.json";
  auto program =
      "import json, sys\n"
      "try:\n"
      "    from jsonschema import Draft7Validator as Draft\n"
      "    import jsonschema\n"
      "    Draft = getattr(jsonschema, 'Draft202012Validator', Draft)\n"
      "except ImportError:\n"
      "    sys.exit('this test needs python3-jsonschema')\n"
      "schema = json.load(open('" +
      schema +
      "', encoding='utf-8'))\n"
      "Draft.check_schema(schema)\n"
      "for error in Draft(schema).iter_errors(json.load(open(sys.argv[1], encoding='utf-8'))):\n"
      "    print(list(error.absolute_path), error.message)\n";
  return python_says(program, text);
}

}  // namespace mailfault::testing
