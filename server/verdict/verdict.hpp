// What a judgement is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace mailfault {

/// In the order of their weight: what is worst in a run is the run's.
enum class Verdict : std::uint8_t {
  pass,            ///< a correct client did this
  not_applicable,  ///< the machine or the profile lacks what the scenario needs
  info,            ///< it can't be judged from what was seen, and why
  lax,             ///< it broke a SHOULD, or took the second best way that the scenario names
  unmet,           ///< the client never reached the fault
  fail,            ///< it broke a MUST, or lost, doubled or leaked
};
std::string_view name_of(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view name);

/// What a lapse costs those who send the mail or get it, in the order of its weight. The grade of a client goes by
/// it.
enum class Severity : std::uint8_t {
  none,           ///< nothing: no lapse
  blemish,        ///< bad manners on the wire; no mail suffers
  wrong_report,   ///< its sender is told what isn't so
  hang,           ///< it waits without end
  secret_leaked,  ///< credentials or mail where they may be read
  mail_doubled,   ///< a recipient gets it twice
  mail_lost,      ///< a recipient doesn't get it, or not whole, and nobody is told
};
std::string_view name_of(Severity severity);
std::optional<Severity> severity_named(std::string_view name);

/// One thing that was judged.
struct Finding {
  Verdict verdict = Verdict::pass;
  Severity severity = Severity::none;  ///< of a fail and a lax; else none
  std::string name;                    ///< "outcome temporary", "copies", "A3"
  std::string rule;                    ///< the RFC section, or what the author wrote: "expect.copies { at_most = 1 }"
  int line = 0;                        ///< of the scenario's file; 0: none
  std::string expected;                ///< in words
  std::string seen;                    ///< in words
  std::string nearest;                 ///< the nearest miss; empty: none
  std::string remedy;                  ///< what to do; empty: nothing is known
  std::uint32_t connection = 0;        ///< the wire log to look at; 0: none in particular
  Micros from{}, to{};                 ///< and when
  /// Findings of the same sort are said once in a summary ("can't tell temporary from permanent").
  bool once = false;
  bool weighs = true;  ///< on the verdict of the run; else it is said beside it
};

/// What the client said of its mail.
enum class Word : std::uint8_t { none, sent, temporary, permanent, misconfigured, refused, failed };
std::string_view name_of(Word word);
std::optional<Word> word_named(std::string_view name);

/// A word, for one message or (no id) for all of them; for one recipient or (none) for all.
struct ClientWord {
  Word word = Word::none;
  std::string message_id;
  std::string recipient;
  std::string origin;    ///< "exit status 67", "line 3 of the report": for the finding's text
  bool by_exit = false;  ///< read from its end: a line of its report knows better
};

/// How the command ended, where there was one.
struct CommandEnd {
  bool is_client = false;  ///< its exit status is a word on the mail, read through a profile; else it is a test's
  bool started = true;
  int exit_status = 0;
  bool timed_out = false;   ///< it was ended when its time was up
  Micros began{}, ended{};  ///< on the instance's clock
  std::string output;       ///< its beginning and end, if it was captured
  Micros time_up{};         ///< when its time was up, if it timed out; 0: a grace before its end
};

/// All findings of one scenario's run.
struct Judgement {
  Verdict verdict = Verdict::pass;  ///< the worst of them, and of what the run itself forbids
  std::vector<Finding> findings;
  bool script_failed = false;          ///< exit status 2
  Severity severity = Severity::none;  ///< the worst of the findings that have its verdict
  std::string last_stage;              ///< of unmet: how far the client came
  Micros latest_timer{};               ///< how late the server's own timers fired at worst
};

}  // namespace mailfault
