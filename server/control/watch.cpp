#include "control/watch.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "control/body.hpp"
#include "journal/json_lines.hpp"

namespace mailfault::control {
namespace {

constexpr Micros longest_wait = std::chrono::minutes(10);
constexpr std::size_t told = 3;              // near misses of a sort, last events
constexpr std::size_t most_summaries = 100;  // in an answer
constexpr std::uint64_t many = 1'000'000'000;

std::optional<EventKind> event_kind_named(std::string_view name) {
  for (std::size_t i = 0; i < event_kind_count; ++i)
    if (name_of(static_cast<EventKind>(i)) == name) return static_cast<EventKind>(i);
  return std::nullopt;
}

EventKind parse_kind(const std::string& name) {
  if (auto kind = event_kind_named(name)) return *kind;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < event_kind_count; ++i) names.push_back(name_of(static_cast<EventKind>(i)));
  throw Refusal(422, "there is no event of the kind '" + printable(name) + "'" + did_you_mean(name, names),
                "known are " + join(std::vector<std::string>(names.begin(), names.end()), ", "));
}

std::string recipients_of(const StoredMessage& message) {
  std::vector<std::string> names;
  for (auto each : message.recipients.first(std::min(message.recipients.size(), told))) names.emplace_back(each);
  if (message.recipients.size() > told) names.push_back("…");
  return (names.size() == 1 ? "its recipient was " : "its recipients were ") + join(names, ", ");
}

}  // namespace

WaitFor parse_wait(const std::string& body) {
  Body given(body, {"messages", "connections", "stored_to", "subject", "event", "timeout"});
  WaitFor wanted;
  wanted.stored_to = given.text("stored_to");
  wanted.subject = given.text("subject");
  wanted.connections = given.whole("connections", 1, many).value_or(0);
  if (const auto* value = given.find("event")) {
    Body event(*value, "'event'", {"kind", "text", "count"});
    auto kind = event.text("kind");
    if (!kind) throw Refusal(422, "'event' has no 'kind'", "say {\"event\": {\"kind\": \"fault\"}}");
    wanted.event = parse_kind(*kind);
    wanted.event_text = event.text("text").value_or("*");
    wanted.event_count = event.whole("count", 1, many).value_or(1);
  }
  bool of_messages = wanted.stored_to || wanted.subject || (wanted.connections == 0 && !wanted.event);
  wanted.messages = given.whole("messages", 1, many).value_or(of_messages ? 1 : 0);
  wanted.timeout = given.time("timeout", longest_wait).value_or(wanted.timeout);
  return wanted;
}

Watch::Watch(WaitFor wanted, const Instance& instance) : wanted_(std::move(wanted)), instance_(instance) {
  for (const auto& message : instance.ledger())
    if (fits(message)) ++messages_;
  if (!wanted_.event) return;
  for (const auto& event : instance.journal())
    if (event.kind == *wanted_.event && matches_glob(wanted_.event_text, event.text())) ++events_;
}

void Watch::see(const Event& event) {
  if (event.kind == EventKind::stored && fits(instance_.ledger()[event.number - 1])) ++messages_;
  if (wanted_.event == event.kind && matches_glob(wanted_.event_text, event.text())) ++events_;
}

bool Watch::matched() const {
  return messages_ >= wanted_.messages && instance_.connections() >= wanted_.connections &&
         (!wanted_.event || events_ >= wanted_.event_count);
}

bool Watch::fits(const StoredMessage& message) const {
  if (wanted_.subject && !matches_glob(*wanted_.subject, message.subject)) return false;
  return !wanted_.stored_to || std::any_of(message.recipients.begin(), message.recipients.end(), [&](auto recipient) {
    return matches_glob(*wanted_.stored_to, recipient);
  });
}

boost::json::object Watch::found() const {
  boost::json::array messages;
  for (const auto& message : instance_.ledger())
    if (fits(message) && messages.size() < most_summaries) messages.push_back(summary_of(message));
  return {{"matched", true}, {"messages", std::move(messages)}, {"connections", instance_.connections()}};
}

std::string Watch::message_words() const {
  auto words = counted(wanted_.messages, "message", "messages");
  if (wanted_.stored_to) words += " stored to '" + *wanted_.stored_to + "'";
  if (wanted_.subject) words += " with the subject '" + *wanted_.subject + "'";
  return words;
}

void Watch::add_messages(boost::json::array& to) const {
  const auto& ledger = instance_.ledger();
  if (ledger.size() == 0) return to.push_back("no message was stored"), void();
  auto arrived =
      ledger.size() == 1 ? std::string("one message arrived") : std::to_string(ledger.size()) + " messages arrived";
  if (messages_ > 0) arrived += ", " + std::to_string(messages_) + " of them as wanted";
  std::size_t said = 0;
  for (auto i = ledger.size(); i > 0 && said < told; --i) {
    const auto& message = ledger[i - 1];
    if (fits(message)) continue;
    auto words = wanted_.stored_to ? recipients_of(message) : "";
    if (wanted_.subject)
      words += (words.empty() ? "" : ", ") + ("its subject '" + std::string(message.subject) + "'");
    to.push_back(boost::json::value(ledger.size() == 1 ? arrived + "; " + words
                                                       : "message " + std::to_string(message.id) + ": " + words));
    ++said;
  }
  if (said == 0 || ledger.size() > 1) to.insert(to.begin(), boost::json::value(arrived));
}

boost::json::object Watch::near_misses() const {
  std::vector<std::string> missing;
  boost::json::array near;
  const auto& journal = instance_.journal();
  if (messages_ < wanted_.messages) {
    missing.push_back(message_words());
    add_messages(near);
  }
  if (instance_.connections() < wanted_.connections) {
    missing.push_back(counted(wanted_.connections, "connection", "connections"));
    near.push_back(
        boost::json::value(instance_.connections() == 0
                               ? "nobody connected"
                               : counted(instance_.connections(), "connection was", "connections were") + " made"));
  }
  if (wanted_.event && events_ < wanted_.event_count) {
    auto kind = std::string(name_of(*wanted_.event));
    missing.push_back(counted(wanted_.event_count, "event", "events") + " of the kind '" + kind + "'" +
                      (wanted_.event_text == "*" ? "" : " like '" + wanted_.event_text + "'"));
    auto count = journal.count(*wanted_.event);
    auto words = count == 0 ? "there was no " + kind : counted(count, "was", "were") + " " + kind;
    near.push_back(boost::json::value(words + (events_ > 0 ? ", " + std::to_string(events_) + " as wanted" : "")));
    std::size_t said = 0;
    for (auto i = journal.size(); i > 0 && said < told; --i)
      if (const auto& event = journal[i - 1];
          event.kind == *wanted_.event && !matches_glob(wanted_.event_text, event.text())) {
        near.push_back(boost::json::value(trim(to_text(event, "", false))));
        ++said;
      }
  }
  boost::json::array last;
  for (auto i = journal.size() - std::min(journal.size(), told); i < journal.size(); ++i)
    last.push_back(boost::json::value(trim(to_text(journal[i], "", false))));
  return {{"error", join(missing, ", and ") + " did not come within " + format_duration(wanted_.timeout)},
          {"near", std::move(near)},
          {"last_events", std::move(last)},
          {"messages", instance_.ledger().size()},
          {"connections", instance_.connections()}};
}

boost::json::object summary_of(const StoredMessage& message) {
  auto without_text = message;
  without_text.text = {};
  auto out = boost::json::parse(to_json(without_text)).as_object();
  out.erase("text");
  return out;
}

}  // namespace mailfault::control
