// A message as its sender sees it: all the times it was tried, on whatever connection, and what of it was stored.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"
#include "verdict/conversation.hpp"

namespace mailfault {

struct TriedMessage {
  std::string id;  ///< its Message-ID; empty: no body with one ever came
  std::string from;
  std::vector<std::string> recipients;
  std::vector<const Attempt*> attempts;  ///< in time
  std::vector<Micros> tries;             ///< when it was tried, connections that ended before MAIL included
  bool met_fault = false;
  std::map<std::string, std::vector<const StoredMessage*>> copies;  ///< by recipient; those without a copy too

  bool any_stored() const;
  /// Every recipient that was accepted along with the body has a copy.
  bool all_stored() const;
  bool doubled() const;
  /// Doubled where no suite does it on purpose: after a fault, or within one connection.
  bool doubled_by_a_retry() const;
  /// "<id@example>", or "a message from a@example.com to b@example.net".
  std::string name() const;
  const Attempt& last() const { return *attempts.back(); }
};

/// Groups the attempts by Message-ID, else by envelope. A connection that ended before MAIL counts as a try of the
/// message where there is only one. None tried at all: an empty list.
std::vector<TriedMessage> tried_messages(const Scenario& scenario, const Conversation& talk, const Ledger& ledger);

/// A fault that isn't a rule's: the door's state, its wire, the scenario's capabilities or wire.
bool changed_by_setting(const Scenario& scenario, const std::string& door);
/// Some client has met the fault, be it before it could say MAIL.
bool fault_met(const Scenario& scenario, const Conversation& talk);

}  // namespace mailfault
