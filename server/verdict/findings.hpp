// Where the assertions of the server's own put what they find.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.hpp"
#include "verdict/conversation.hpp"
#include "verdict/verdict.hpp"

namespace mailfault {

class Findings {
 public:
  Findings(const Scenario& scenario, std::vector<Finding>& to) : scenario_(scenario), to_(to) {}

  /// Adds one under the assertion's name, section and words; nothing where the scenario waives it.
  void add(std::string_view name, Verdict verdict, std::string seen, const Connection* connection = nullptr,
           Micros at = {}, std::string remedy = {});

 private:
  const Scenario& scenario_;
  std::vector<Finding>& to_;
};

/// A2, A4 and A17: what is said in clear, what is remembered from before TLS, whom the client trusts.
void judge_secrecy(const Scenario& scenario, const Conversation& talk, Findings& findings);

}  // namespace mailfault
