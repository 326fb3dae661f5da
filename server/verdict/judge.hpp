// Judges a run: expectations over journal and ledger, the client's word, and what no client may do in any scenario.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "scenario/scenario.hpp"
#include "verdict/conversation.hpp"
#include "verdict/verdict.hpp"

namespace mailfault {

/// A message that the command was given: what must arrive, and for whom.
struct SourceMessage {
  std::string id;    ///< its Message-ID
  std::string body;  ///< with CRLF
  std::vector<std::string> recipients;
};

struct JudgeOptions {
  double time_scale = 1;
  bool client_timeouts_scaled =
      false;  ///< the profile says so: then time bounds hold although the server's are scaled
  std::optional<std::uint64_t> messages;  ///< --messages: how many different ones the command sends
  std::vector<SourceMessage> sources;     ///< those that the command was given to send; empty: they aren't known
  std::optional<Micros> told_timeout;     ///< what the client was told to bear with a step, in real time
  std::vector<ClientWord> words;
  std::optional<CommandEnd> command;  ///< none: nothing was run (serve)
  Micros latest_timer{};              ///< how late the server's own timers fired at worst (Instance::latest_timer)
  /// An author's expect(function): its answer and its reason. Throws Error for a script error.
  std::function<std::pair<bool, std::string>(const FunctionRef&)> call;
};

/// `journal` and `ledger` are those of one instance whose run is over.
Judgement judge(const Scenario& scenario, const Journal& journal, const Ledger& ledger, const JudgeOptions& options);

/// The assertions that a server makes by itself: A1 to A18, each with its RFC section.
struct Assertion {
  std::string_view name, section, what;
  bool by_server;     ///< false: only a report of the client's can tell, so it is never judged here
  Severity severity;  ///< of a client that breaks it
};
std::span<const Assertion> assertion_table();

/// How long a client must wait at a stage (RFC 5321 section 4.5.3.2), in nominal time.
Micros least_patience(std::string_view stage);
/// A bound of the client's: shorter where its clock is scaled, as the server's is.
Micros real_time(Micros nominal, const JudgeOptions& options);
/// What it means that a bound of time is missed by so much. A fail, but info where the server's own timers were as
/// late, so the bound may have held.
struct Missed {
  Verdict verdict = Verdict::fail;
  std::string why;  ///< of info, to be put behind what was seen: "; that is less than …"
};
Missed missed_by(Micros by, const JudgeOptions& options);

// The parts, each over its own concern.
void judge_patience(const Scenario& scenario, const Conversation& talk, const JudgeOptions& options,
                    std::vector<Finding>& to);
/// When the command's time was up, its client was ended by us, whatever it looks like on the wire; none: it ended by
/// itself.
std::optional<Micros> time_was_up(const JudgeOptions& options);
void judge_assertions(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                      const JudgeOptions& options, std::vector<Finding>& to);
void judge_outcome(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                   const JudgeOptions& options, std::vector<Finding>& to);
void judge_expectations(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                        const JudgeOptions& options, std::vector<Finding>& to);
/// Where the messages' source is known: each arrives whole, and none of its recipients is dropped in silence.
void judge_sources(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                   const JudgeOptions& options, std::vector<Finding>& to);
/// What a message that isn't stored costs: it is lost, unless the client said that it wasn't sent.
Severity of_missing_mail(const JudgeOptions& options);

}  // namespace mailfault
