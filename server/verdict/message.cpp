#include "verdict/message.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "smtp/capabilities.hpp"

namespace mailfault {
namespace {

std::vector<std::string> addresses(const Attempt& attempt) {
  std::vector<std::string> out;
  for (const auto& each : attempt.recipients) out.push_back(each.address);
  return out;
}

bool same_envelope(const TriedMessage& message, const Attempt& attempt) {
  if (message.from != attempt.from) return false;
  // A retry may name fewer recipients, and an attempt that failed early has none yet.
  auto tried = addresses(attempt);
  return std::all_of(tried.begin(), tried.end(), [&](const std::string& each) {
    return message.recipients.empty() ||
           std::find(message.recipients.begin(), message.recipients.end(), each) != message.recipients.end();
  });
}

void add(TriedMessage& message, const Connection& connection, const Attempt& attempt, bool by_setting) {
  if (message.id.empty()) message.id = attempt.message_id;
  message.attempts.push_back(&attempt);
  message.tries.push_back({attempt.began, &connection, &attempt});
  message.met_fault = message.met_fault || attempt.met_fault || by_setting;
  for (auto& each : addresses(attempt)) {
    message.copies[each];
    if (std::find(message.recipients.begin(), message.recipients.end(), each) == message.recipients.end())
      message.recipients.push_back(each);
  }
}

// The command that the try ended at: refused, or not answered at all.
const Exchange* refused_at(const Try& given) {
  auto from = given.attempt ? given.attempt->place : 0;
  bool some_accepted =
      given.attempt && std::any_of(given.attempt->recipients.begin(), given.attempt->recipients.end(),
                                   [](const RecipientTried& each) { return each.code / 100 == 2; });
  for (const auto& exchange : given.connection->exchanges) {
    if (exchange.place < from) continue;
    if (exchange.place > from && given.attempt && exchange.verb == "MAIL") break;
    if (exchange.verb == "RCPT" && some_accepted) continue;
    if (exchange.verb != "QUIT" && (exchange.code >= 400 || exchange.code == 0)) return &exchange;
  }
  return nullptr;
}

bool is_ipv6(std::string_view peer) { return peer.find(':') != std::string_view::npos; }

/// When its client could know that it had come to nothing.
Micros known_at(const Try& given) {
  if (given.attempt) return given.attempt->ended;
  const auto& connection = *given.connection;
  return connection.greeting_code >= 400 ? connection.greeted_at : connection.ended;
}

}  // namespace

TriedMessage before_mail(const Conversation& talk) {
  TriedMessage message;
  for (const auto& connection : talk.connections) {
    message.tries.push_back({connection.began, &connection, nullptr});
    message.met_fault = message.met_fault || !connection.faults.empty();
  }
  return message;
}

bool Try::refused_for_good() const {
  if (attempt) return attempt->refused_for_good();
  if (connection->greeting_code >= 500) return true;
  const auto* refused = refused_at(*this);
  return refused && refused->code >= 500 && refused->verb != "AUTH" && !refused->verb.empty();
}

bool Try::repeats(const Try& before) const {
  if (before.connection->door != connection->door) return false;
  // The other address of a name is another way (RFC 5321 section 5.1).
  if (is_ipv6(before.connection->peer) != is_ipv6(connection->peer)) return false;
  bool knew = before.connection == connection || at >= known_at(before);  // else it is one of several at a time
  if (!knew) return false;
  const auto* refused = refused_at(before);
  if (!refused) return true;
  auto from = before.connection == connection && attempt ? attempt->place : 0;
  return std::any_of(connection->exchanges.begin(), connection->exchanges.end(), [&](const Exchange& exchange) {
    return exchange.place >= from && exchange.place != refused->place && exchange.line == refused->line;
  });
}

bool Try::brings_refused(const Try& before) const {
  if (!attempt || !before.attempt) return true;
  bool logged_in = std::any_of(connection->exchanges.begin(), connection->exchanges.end(),
                               [](const Exchange& each) { return each.code == 235; });
  if (before.attempt->mail_code == 530 && logged_in) return false;  // it does what the 530 asked for
  if (before.attempt->mail_code == 503 && before.connection != connection)
    return false;  // that was the session's state
  if (before.attempt->mail_code >= 500) return true;
  const auto& earlier = before.attempt->recipients;
  return attempt->recipients.empty() ||
         std::any_of(attempt->recipients.begin(), attempt->recipients.end(), [&](const RecipientTried& each) {
           return std::any_of(earlier.begin(), earlier.end(), [&](const RecipientTried& known) {
             return known.address == each.address && known.code / 100 != 4;
           });
         });
}

bool TriedMessage::any_stored() const {
  return std::any_of(copies.begin(), copies.end(), [](const auto& each) { return !each.second.empty(); });
}

bool TriedMessage::all_stored() const {
  return any_stored() && std::all_of(copies.begin(), copies.end(), [&](const auto& each) {
           if (!each.second.empty()) return true;
           return std::none_of(attempts.begin(), attempts.end(), [&](const Attempt* attempt) {
             return attempt->body_sent && std::any_of(attempt->recipients.begin(), attempt->recipients.end(),
                                                      [&](const RecipientTried& tried) {
                                                        return tried.address == each.first && tried.code / 100 == 2;
                                                      });
           });
         });
}

bool TriedMessage::doubled() const {
  return std::any_of(copies.begin(), copies.end(), [](const auto& each) { return each.second.size() > 1; });
}

bool TriedMessage::doubled_by_a_retry() const {
  return doubled() && (met_fault || std::any_of(copies.begin(), copies.end(), [](const auto& each) {
                         const auto& stored = each.second;
                         return stored.size() > 1 && stored[0]->connection == stored[1]->connection;
                       }));
}

std::string TriedMessage::name() const {
  if (!id.empty()) return "<" + id + ">";
  if (attempts.empty()) return "a message";
  return "the message from " + (from.empty() ? "<>" : from) +
         (recipients.empty() ? "" : " to " + join(recipients, ", "));
}

std::vector<TriedMessage> tried_messages(const Scenario& scenario, const Conversation& talk, const Ledger& ledger) {
  std::vector<TriedMessage> messages;
  std::vector<const Connection*> loose;
  for (const auto& connection : talk.connections) {
    if (connection.attempts.empty()) loose.push_back(&connection);
    for (const auto& attempt : connection.attempts) {
      auto known = std::find_if(messages.begin(), messages.end(), [&](const TriedMessage& message) {
        bool ids = !message.id.empty() && !attempt.message_id.empty();
        return ids ? message.id == attempt.message_id : same_envelope(message, attempt);
      });
      bool fresh = known == messages.end();
      auto& message = fresh ? messages.emplace_back() : *known;
      if (fresh) message.from = attempt.from;
      add(message, connection, attempt, changed_by_setting(scenario, attempt.door));
    }
  }
  std::set<std::uint32_t> placed;
  for (auto& message : messages) {
    for (const auto* attempt : message.attempts)
      for (auto entry : attempt->entries)
        if (entry > 0 && entry <= ledger.size() && placed.insert(entry).second)
          for (auto recipient : ledger[entry - 1].recipients)
            message.copies[std::string(recipient)].push_back(&ledger[entry - 1]);
  }
  auto known_as_sent = [](const TriedMessage& message, const Connection& connection) {
    return std::any_of(message.attempts.begin(), message.attempts.end(), [&](const Attempt* each) {
      return each->final_read && each->final_code / 100 == 2 && each->ended < connection.began;
    });
  };
  if (messages.size() == 1)
    for (const auto* connection : loose) {
      if (known_as_sent(messages[0], *connection)) continue;  // that was for the next one
      messages[0].tries.push_back({connection->began, connection, nullptr});
      messages[0].met_fault = messages[0].met_fault || !connection->faults.empty();
    }
  for (auto& message : messages)
    std::stable_sort(message.tries.begin(), message.tries.end(), [](const Try& a, const Try& b) {
      return std::pair(a.at, a.connection->number) < std::pair(b.at, b.connection->number);
    });
  return messages;
}

bool several_messages(const Scenario& scenario, const JudgeOptions& options) {
  if (options.messages) return *options.messages > 1;
  std::set<std::string_view> ids;
  for (const auto& word : options.words)
    if (!word.message_id.empty()) ids.insert(word.message_id);
  return ids.size() > 1 || scenario.needs.messages.value_or(1) > 1;
}

bool has_tls(const Scenario& scenario, const Conversation& talk, const std::string& door) {
  if (const auto* spec = scenario.door_named(door); spec && scenario.tls_of(*spec) != DoorTls::none) return true;
  return std::any_of(talk.connections.begin(), talk.connections.end(), [&](const Connection& connection) {
    return connection.door == door &&
           std::any_of(connection.exchanges.begin(), connection.exchanges.end(), [](const Exchange& exchange) {
             return exchange.verb == "EHLO" && smtp::parse_offer(exchange.reply).starttls;
           });
  });
}

bool changed_by_tls(const Scenario& scenario, const std::string& door) {
  if (scenario.tls && *scenario.tls != tls::Settings{}) return true;
  const auto* spec = scenario.door_named(door);
  return spec && spec->tls_settings != tls::Settings{};
}

bool changed_by_setting(const Scenario& scenario, const std::string& door) {
  if (scenario.capabilities || !scenario.wire.plain()) return true;
  if (changed_by_tls(scenario, door)) return true;
  const auto* spec = scenario.door_named(door);
  return spec && (spec->state != DoorState::open || spec->ipv4 || spec->ipv6 || (spec->wire && !spec->wire->plain()));
}

bool fault_met(const Scenario& scenario, const Conversation& talk) {
  if (!talk.swallowed.empty()) return true;
  return std::any_of(talk.connections.begin(), talk.connections.end(), [&](const Connection& connection) {
    return !connection.faults.empty() || changed_by_setting(scenario, connection.door);
  });
}

}  // namespace mailfault
