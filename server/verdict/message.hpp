// A message as its sender sees it: all the times it was tried, on whatever connection, and what of it was stored.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"
#include "verdict/conversation.hpp"
#include "verdict/judge.hpp"

namespace mailfault {

/// A try of a message: a transaction, or a connection that ended before MAIL.
struct Try {
  Micros at{};
  const Connection* connection = nullptr;
  const Attempt* attempt = nullptr;  ///< null: the connection ended before MAIL

  /// The server refused it for good (5yz), logins apart.
  bool refused_for_good() const;
  /// It came to where the one before was refused in the same words: on the same door, the same command line again.
  bool repeats(const Try& before) const;
  /// It has a recipient that the one before had and was refused for good, be it by the reply to the dot.
  bool brings_refused(const Try& before) const;
};

struct TriedMessage {
  std::string id;  ///< its Message-ID; empty: no body with one ever came
  std::string from;
  std::vector<std::string> recipients;
  std::vector<const Attempt*> attempts;  ///< in time
  std::vector<Try> tries;                ///< in time, connections that ended before MAIL included
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
/// message where there is only one, and it isn't known to be sent. None tried at all: an empty list.
std::vector<TriedMessage> tried_messages(const Scenario& scenario, const Conversation& talk, const Ledger& ledger);

/// The command sends more than one, by `--messages`, the scenario's needs or the client's words. Then an attempt
/// without a body may be of another message with the same envelope.
bool several_messages(const Scenario& scenario, const JudgeOptions& options);

/// Where no client came as far as MAIL: all connections as the tries of one message.
TriedMessage before_mail(const Conversation& talk);

/// A door that offers or demands TLS: by what the scenario says of it, or by an EHLO reply that a client got there.
bool has_tls(const Scenario& scenario, const Conversation& talk, const std::string& door);
/// A fault that isn't a rule's: the door's state, its wire, the scenario's capabilities or wire.
bool changed_by_setting(const Scenario& scenario, const std::string& door);
/// Of these, a setting of TLS's: the certificate, the versions…
bool changed_by_tls(const Scenario& scenario, const std::string& door);
/// Some client has met the fault, be it before it could say MAIL.
bool fault_met(const Scenario& scenario, const Conversation& talk);

}  // namespace mailfault
