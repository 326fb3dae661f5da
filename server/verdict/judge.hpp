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

struct JudgeOptions {
  double time_scale = 1;
  bool client_timeouts_scaled =
      false;  ///< the profile says so: then time bounds hold although the server's are scaled
  std::optional<std::uint64_t> messages;  ///< --messages: how many different ones the command sends
  std::vector<ClientWord> words;
  std::optional<CommandEnd> command;  ///< none: nothing was run (serve)
  /// An author's expect(function): its answer and its reason. Throws Error for a script error.
  std::function<std::pair<bool, std::string>(const FunctionRef&)> call;
};

/// `journal` and `ledger` are those of one instance whose run is over.
Judgement judge(const Scenario& scenario, const Journal& journal, const Ledger& ledger, const JudgeOptions& options);

/// The assertions that a server makes by itself: A1 to A18, each with its RFC section.
struct Assertion {
  std::string_view name, section, what;
  bool by_server;  ///< false: only a report of the client's can tell, so it is never judged here
};
std::span<const Assertion> assertion_table();

// The parts, each over its own concern.
void judge_assertions(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                      const JudgeOptions& options, std::vector<Finding>& to);
void judge_outcome(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                   const JudgeOptions& options, std::vector<Finding>& to);
void judge_expectations(const Scenario& scenario, const Conversation& talk, const Ledger& ledger,
                        const JudgeOptions& options, std::vector<Finding>& to);

}  // namespace mailfault
