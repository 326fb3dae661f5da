#include "scenario/rule.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault {
namespace {

// What an event of a stage is called: "the 2nd recipient".
std::string_view event_noun(Stage stage) {
  switch (stage) {
    case Stage::connect:
    case Stage::greeting:
    case Stage::close:
      return "connection";
    case Stage::handshake:
      return "handshake";
    case Stage::command:
      return "command";
    case Stage::helo:
      return "EHLO or HELO";
    case Stage::starttls:
      return "STARTTLS";
    case Stage::auth:
      return "AUTH";
    case Stage::mail:
      return "MAIL";
    case Stage::rcpt:
      return "recipient";
    case Stage::data:
      return "DATA";
    case Stage::content:
      return "body";
    case Stage::message:
      return "message";
    case Stage::rset:
      return "RSET";
    case Stage::noop:
      return "NOOP";
    case Stage::vrfy:
      return "VRFY";
    case Stage::quit:
      return "QUIT";
    case Stage::idle:
      return "silence";
  }
  return "event";
}

std::string plural(Stage stage) {
  std::string noun(event_noun(stage));
  if (noun == "body") return "bodies";
  if (facts(stage).name == lower(noun)) return noun == lower(noun) ? noun + "s" : noun + " commands";
  return noun.find(" or ") != std::string::npos ? noun + " commands" : noun + "s";
}

std::string condition_words(const Condition& condition) {
  if (condition.matching) return "where a function says so";
  std::string out = condition.negated ? "unless " : "where ";
  out += condition.field.written();
  if (condition.wants.empty()) return out + " is set";
  out += " is ";
  for (const auto& want : condition.wants) {
    if (&want != condition.wants.data()) out += " or ";
    out += want.text() ? *want.text() : want.written();
  }
  return out;
}

std::string scope_words(const Triggers& triggers) {
  if (triggers.per.empty()) return "of the run";
  std::string out = "of each ";
  for (const auto& field : triggers.per) {
    if (&field != triggers.per.data()) out += " and ";
    out += field.written();
  }
  return out;
}

}  // namespace

void append(std::vector<Action>& chain, Action action, std::optional<Stage> stage) {
  if (!chain.empty() && chain.back().spec->kind == ActionClass::end)
    throw Error(std::string(chain.back().spec->name) + "() ends the connection: " + std::string(action.spec->name) +
                "() after it never plays; put it before, or take it away");
  if (stage && action.spec->kind == ActionClass::effect && facts(*stage).effect.empty())
    throw Error("on." + std::string(name_of(*stage)) + " has no effect to " + std::string(action.spec->name) +
                "; the table of stages says which have one");
  if (stage && action.spec->kind == ActionClass::report && *stage != Stage::rcpt && *stage != Stage::message)
    throw Error("on." + std::string(name_of(*stage)) + ": " + std::string(action.spec->name) +
                "() is about a recipient or a message: it stands at rcpt or at message");
  bool late = action.spec->name == "discard" && std::any_of(chain.begin(), chain.end(), [](const Action& before) {
                return before.spec->kind == ActionClass::answer;
              });
  if (late)
    throw Error("discard() comes too late behind an answer, which has brought its effect about; write it before");
  if (stage && !facts(*stage).may_send && action.spec->name != "run")
    throw Error("on." + std::string(name_of(*stage)) + ": the connection is over, nothing can be sent or delayed; " +
                "only a function fits here");
  chain.push_back(std::move(action));
}

std::vector<Op> ops_of(const std::vector<Action>& chain) {
  std::vector<Op> ops;
  for (bool shapes : {true, false})
    for (const auto& action : chain)
      if ((action.spec->kind == ActionClass::shape) == shapes)
        ops.insert(ops.end(), action.ops.begin(), action.ops.end());
  return ops;
}

void Rule::add(Action action) {
  append(actions, std::move(action), stage);
  ops = ops_of(actions);
}

std::string words(const Rule& rule) {
  const auto& triggers = rule.triggers;
  std::string noun(event_noun(rule.stage)), which, until;
  for (const auto& count : triggers.counts) {
    std::string window = count.window ? " in the last " + format_duration(*count.window) : "";
    switch (count.kind) {
      case Counting::Kind::first:
        which = count.number == 1 ? "the first " + noun
                                  : "the first " + std::to_string(count.number) + " " + plural(rule.stage);
        break;
      case Counting::Kind::after:
        which = "each " + noun + " after the first " + std::to_string(count.number);
        break;
      case Counting::Kind::nth:
        which = "the " + ordinal(count.number) + " " + noun;
        break;
      case Counting::Kind::every:
        which = "every " + ordinal(count.number) + " " + noun;
        break;
      case Counting::Kind::first_time:
        until = " in the " + format_duration(count.time) + " since the first";
        break;
      case Counting::Kind::after_time:
        until = " once " + format_duration(count.time) + " have passed since the first";
        break;
    }
    which += window;
  }
  if (which.empty()) which = "each " + noun;
  if (triggers.counting()) which += until + " " + scope_words(triggers);
  if (triggers.at) {
    if (rule.stage == Stage::content)
      which += " at " + format_size(std::get<std::uint64_t>(*triggers.at));
    else if (rule.stage == Stage::auth)
      which += " at its " + ordinal(std::get<std::uint64_t>(*triggers.at)) + " challenge";
    else if (rule.stage == Stage::handshake)
      which += " before the server's " + std::get<std::string>(*triggers.at);
    else
      which += " of " + format_duration(std::get<Micros>(*triggers.at));
  }
  for (const auto& condition : triggers.conditions) which += " " + condition_words(condition);
  if (triggers.open_above)
    which += " while more than " + counted(*triggers.open_above, "connection is", "connections are") + " open" +
             (triggers.per.empty() ? "" : " (" + scope_words(triggers) + ")");
  if (triggers.chance) which += " with probability " + written(*triggers.chance);
  std::string does;
  for (const auto& action : rule.actions) does += (does.empty() ? "" : ", ") + action.words;
  return which + ": " + does;
}

}  // namespace mailfault
