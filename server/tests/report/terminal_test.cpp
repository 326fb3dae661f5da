#include "sample.hpp"

namespace mailfault::testing {
namespace {

TEST(Terminal, APassIsOneLine) {
  EXPECT_EQ(to_terminal(Sample().run(), {}),
            "PASS  dot-accepted-close: The message is stored, and the…  (4.1 s, 2 connections, 2 messages stored)\n");
  TerminalStyle wide;
  wide.width = 200;
  EXPECT_THAT(to_terminal(Sample().run(), wide),
              HasSubstr(": The message is stored, and the connection closes  (4.1"));
}

TEST(Terminal, AFailureSaysAllThatIsKnownWithTheWireAroundIt) {
  Sample sample;
  EXPECT_EQ(to_terminal(sample.failed(), {}),
            R"(FAIL  dot-accepted-close: The message is stored, and the…  (4.1 s, 2 connections, 2 messages stored)
  fail      copies (expect.copies { at_most = 1 })
        expected  at most one copy
        seen      2 copies for b@example.net
        nearest   another Message-ID
        do        retry with the same Message-ID
        at        scenarios/message/dot-accepted-close.lua:4
        wire
          4.000s  #2  connected smtp from 127.0.0.1 port 42910
          4.001s  #2  greeting  S: 220 mx.example.com ESMTP
          4.002s  #2  command   C: EHLO </pre></script><script>alert('"&')</script>
          4.003s  #2  helo      S: 250-</pre></script><script>alert('"&')</script> (+1 line)
          4.009s  #2  content   C: (64 bytes) 1@example.com
          4.011s  #2  message   stored as message 2: 1 copy
)");
}

TEST(Terminal, VerboseHasTheWholeWireOnce) {
  Sample sample;
  TerminalStyle style;
  style.verbose = true;
  auto text = to_terminal(sample.failed(), style);
  EXPECT_THAT(text, AllOf(HasSubstr("\n    2.000s  #1  connected"), Not(HasSubstr("wire\n")),
                          HasSubstr("!! each message: is stored, the server closes (FIN)  (line 3)"),
                          EndsWith("    4.012s  #2  ended     client: FIN\n")));
}

TEST(Terminal, FindingsAlikeAreToldOnce) {
  Sample sample;
  auto run = sample.failed();
  for (int i = 0; i < 7; ++i) {
    run.judgement.findings.push_back(Sample::copies());
    run.judgement.findings.back().seen = "copy " + std::to_string(i);
  }
  auto text = to_terminal(run, {});
  EXPECT_THAT(text, AllOf(HasSubstr("also seen copy 0 (#2, 4.011s)\n"), HasSubstr("also seen copy 4"),
                          Not(HasSubstr("copy 5")), HasSubstr("also seen 2 more of this sort\n")));
  EXPECT_EQ(text.find("expected"), text.rfind("expected"));
}

TEST(Terminal, ALongWireKeepsItsBeginningAndItsEnd) {
  Sample sample;
  for (int i = 0; i < 100; ++i)
    sample.add(4020ms, 2, EventKind::command, "NOOP " + std::to_string(i), Stage::command);
  auto finding = Sample::copies();
  finding.to = 4020ms;
  auto text = to_terminal(sample.with(finding), {});
  EXPECT_THAT(text, AllOf(HasSubstr("4.000s  #2  connected"), HasSubstr("…  83 events more\n"),
                          HasSubstr("C: NOOP 99\n"), Not(HasSubstr("C: NOOP 50\n"))));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 7 + 1 + 25);
}

TEST(Terminal, WhatIsSaidOnceIsLeftToTheSummary) {
  Sample sample;
  auto once = Sample::copies();
  once.verdict = Verdict::info;
  once.once = true;
  once.seen = "can't tell temporary from permanent";
  once.remedy = "give a word";
  auto run = sample.with(once);
  EXPECT_EQ(to_terminal(run, {}),
            "INFO  dot-accepted-close: The message is stored, and the…  (4.1 s, 2 connections, 2 messages stored)\n");
  EXPECT_THAT(summary(report_of({run}), {}),
              StartsWith("in dot-accepted-close: can't tell temporary from permanent; give a word\n"));
  Sample other = Sample();
  other.scenario.id = "other";
  EXPECT_THAT(summary(report_of({run, other.with(once)}), {}),
              HasSubstr("in 2 scenarios (dot-accepted-close, other): can't tell"));
}

TEST(Terminal, TheScaleIsSaid) {
  Sample sample;
  auto run = sample.run();
  run.time_scale = 0.01;
  EXPECT_THAT(to_terminal(run, {}), HasSubstr("(4.1 s, nominally 6 min 50 s, "));
}

TEST(Terminal, ErrorsAndFailedCommandsAreTold) {
  Sample sample;
  auto run = sample.run();
  run.command.exit_status = 3;
  EXPECT_THAT(to_terminal(run, {}),
              AllOf(StartsWith("FAIL  "),
                    HasSubstr("  fail      the command ended with exit status 3: what it asserts doesn't hold\n")));
  run.command.started = false;
  EXPECT_THAT(to_terminal(run, {}), AllOf(StartsWith("ERROR "), HasSubstr("could not be run: ./send 'it'\\''s'\n")));
  sample.add(5s, 2, EventKind::error, "t.lua:9: no 'x' here");
  run.judgement.script_failed = true;
  EXPECT_THAT(to_terminal(run, {}), HasSubstr("  error     the scenario failed: t.lua:9: no 'x' here\n"));
  run = sample.run();
  run.judgement.verdict = Verdict::not_applicable;
  run.not_applicable = "needs CAP_NET_ADMIN";
  EXPECT_EQ(to_terminal(run, {}),
            "NOT APPLICABLE dot-accepted-close: The message is stored, and the connection closes\n"
            "  why       needs CAP_NET_ADMIN\n");
}

TEST(Terminal, NoControlCharacterGetsThrough) {
  Sample sample;
  auto finding = Sample::copies();
  finding.seen = "a\x1b[2J\r\x7f \xc2\x9b\x31m \x9b";
  auto run = sample.with(finding);
  run.replay = "x\x1b[31m";
  TerminalStyle verbose;
  verbose.verbose = true;
  for (auto text : {to_terminal(run, {}), to_terminal(run, verbose), summary(report_of({run}), {})}) {
    EXPECT_EQ(text.find_first_of("\x1b\r\x7f\x01"), std::string::npos);
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
  }
  TerminalStyle color;
  color.color = true;
  EXPECT_THAT(to_terminal(run, color), StartsWith("\x1b[31mFAIL\x1b[0m  \x1b[1mdot-accepted-close\x1b[0m: "));
}

TEST(Terminal, TheSummaryCountsAndSaysHowToGoOn) {
  Sample sample;
  auto lax = sample.run();
  lax.judgement.verdict = Verdict::lax;
  auto report = report_of({sample.run(), sample.run(), lax, sample.failed()});
  report.strict = true;
  EXPECT_EQ(summary(report, {}),
            "4 scenarios: 2 pass, 1 lax, 1 fail\n"
            "lax fails here (--strict)\n"
            "to play one again:\n"
            "  mailfault run dot-accepted-close --seed 7 -- ./send\n"
            "  mailfault run dot-accepted-close --seed 7 -- ./send\n"
            "to see more: -v, or --html FILE\n");
  EXPECT_EQ(summary(report_of({sample.run()}), {}), "");
  EXPECT_EQ(summary(report_of({sample.run(), sample.run()}), {}), "2 scenarios: 2 pass\n");
}

}  // namespace
}  // namespace mailfault::testing
