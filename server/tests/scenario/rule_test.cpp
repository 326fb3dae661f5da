// Rules: their triggers, their chains, and how they are said in words.
#include "scenario/rule.hpp"

#include <algorithm>

#include "values.hpp"

namespace mailfault::testing {
namespace {

using namespace std::chrono_literals;

Action lower_nothing(const Arguments&) { return {}; }
const ActionSpec answers{"reply", ActionClass::answer, "reply(code)", "", "T0", "", lower_nothing};
const ActionSpec ends{"close", ActionClass::end, "close()", "", "T0", "", lower_nothing};
const ActionSpec shapes{"drip", ActionClass::shape, "drip(n)", "", "T0", "", lower_nothing};
const ActionSpec decides{"accept", ActionClass::effect, "accept()", "", "T0", "", lower_nothing};
const ActionSpec runs{"run", ActionClass::aside, "run(fn)", "", "T0", "", lower_nothing};

Action reply() { return {&answers, {op::Answer{452}}, "gets 452 \"Mailbox full\""}; }
Action close() { return {&ends, {op::Close{}}, "the server closes (FIN)"}; }
Action drip() { return {&shapes, {op::Pace{1, 1s}}, "in pieces of 1 byte every 1s"}; }
Action accept() { return {&decides, {op::Effect{true}}, "the effect happens"}; }
Action run() { return {&runs, {op::Call{}}, "a function decides (line 3)"}; }

void add(Rule& rule, std::string_view name, std::vector<Value> values) {
  auto table = trigger_table();
  auto row = std::find_if(table.begin(), table.end(), [&](const TriggerSpec& spec) { return spec.name == name; });
  ASSERT_NE(row, table.end()) << name;
  row->add(rule.triggers, rule.stage, Arguments(row->name, row->usage, std::move(values)));
}

Rule rule_at(Stage stage, std::vector<std::pair<std::string, std::vector<Value>>> triggers = {}) {
  Rule rule;
  rule.stage = stage;
  for (auto& [name, values] : triggers) add(rule, name, std::move(values));
  rule.add(reply());
  return rule;
}

TEST(Rule, ShapesHoldWhereverTheyStand) {
  Rule rule;
  rule.stage = Stage::noop;
  rule.add(reply());
  rule.add(drip());
  rule.add(close());
  ASSERT_EQ(rule.ops.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<op::Pace>(rule.ops[0]));
  EXPECT_TRUE(std::holds_alternative<op::Answer>(rule.ops[1]));
  EXPECT_TRUE(std::holds_alternative<op::Close>(rule.ops[2]));
  EXPECT_EQ(rule.actions[1].spec, &shapes);
}

TEST(Rule, NothingFollowsAnEnding) {
  Rule rule;
  rule.stage = Stage::noop;
  rule.add(close());
  EXPECT_EQ(error_of([&] { rule.add(reply()); }),
            "close() ends the connection: reply() after it never plays; put it before, or take it away");
}

TEST(Rule, EffectsFitOnlyWhereThereIsOne) {
  for (const auto& row : stages()) {
    Rule rule;
    rule.stage = row.stage;
    auto error = error_of([&] { rule.add(accept()); });
    EXPECT_EQ(error.empty(), !row.effect.empty()) << row.name;
    EXPECT_THAT(error, ::testing::AnyOf("", StartsWith("on." + std::string(row.name))));
  }
}

TEST(Rule, OnlyFunctionsStandAtClose) {
  Rule rule;
  rule.stage = Stage::close;
  EXPECT_THAT(error_of([&] { rule.add(reply()); }), StartsWith("on.close: the connection is over"));
  EXPECT_EQ(error_of([&] { rule.add(run()); }), "");
}

TEST(Rule, AChainOfAnUnknownStageIsCheckedForItsOrder) {
  std::vector<Action> chain;
  append(chain, accept(), std::nullopt);
  append(chain, close(), std::nullopt);
  EXPECT_THAT(error_of([&] { append(chain, close(), std::nullopt); }), HasSubstr("never plays"));
  EXPECT_THAT(error_of([&] { append(chain, accept(), Stage::noop); }), HasSubstr("never plays"));
}

TEST(Trigger, ArgumentsAreChecked) {
  struct Row {
    Stage stage;
    std::string name;
    std::vector<Value> values;
    std::string gist;
  };
  for (const auto& row : std::vector<Row>{
           {Stage::rcpt, "first", {}, "argument 1 must be a number, not nothing"},
           {Stage::rcpt, "first", {number(-1)}, "out of bounds"},
           {Stage::rcpt, "first", {text("soon")}, "is no duration"},
           {Stage::rcpt, "first", {text("1s"), text("2s")}, "at most 1 argument"},
           {Stage::rcpt, "nth", {number(0)}, "out of bounds"},
           {Stage::rcpt, "nth", {number(1), text("2s")}, "at most 1 argument"},
           {Stage::rcpt, "every", {number(0)}, "out of bounds"},
           {Stage::rcpt, "per", {}, "name at least one field"},
           {Stage::rcpt, "per", {text("peeer")}, "did you mean 'peer'?"},
           {Stage::rcpt, "where", {text("peeer")}, "did you mean 'peer'?"},
           {Stage::rcpt, "where", {}, "argument 1 must be text"},
           {Stage::rcpt, "where", {text("peer"), list({})}, "a list of values is wanted"},
           {Stage::rcpt, "where", {text("peer"), table({{"a", number(1)}})}, "a list of values is wanted"},
           {Stage::rcpt, "unless", {text("peer"), Value(FunctionRef{})}, "a value is a glob"},
           {Stage::rcpt, "to", {}, "a glob is missing"},
           {Stage::rcpt, "chance", {number(1.5)}, "no probability"},
           {Stage::rcpt, "chance", {text("often")}, "must be a number"},
           {Stage::rcpt, "matching", {number(1)}, "must be a function"},
           {Stage::rcpt, "open_above", {number(0.5)}, "out of bounds"},
           {Stage::rcpt, "at", {number(3)}, "on.rcpt has no inside to point at"},
           {Stage::content, "at", {}, "the point is missing"},
           {Stage::content, "at", {text("3s")}, "no size"},
           {Stage::idle, "at", {text("3KiB")}, "no duration"},
       }) {
    Rule rule;
    rule.stage = row.stage;
    EXPECT_THAT(error_of([&] { add(rule, row.name, row.values); }), HasSubstr(row.gist)) << row.name;
  }
}

TEST(Trigger, TheTableHasUniqueNames) {
  std::vector<std::string_view> names;
  for (const auto& row : trigger_table()) names.push_back(row.name);
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());
}

TEST(Words, AreRead) {
  using S = Stage;
  EXPECT_EQ(words(rule_at(S::rcpt)), "each recipient: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::rcpt, {{"nth", {number(2)}}})),
            "the 2nd recipient of the run: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::greeting, {{"first", {number(1)}}})),
            "the first connection of the run: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::rcpt, {{"first", {number(3)}}})),
            "the first 3 recipients of the run: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::noop, {{"after", {number(5), text("10s")}}})),
            "each NOOP after the first 5 in the last 10s of the run: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::message, {{"every", {number(11)}}, {"per", {text("connection")}}})),
            "every 11th message of each connection: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::rcpt, {{"first", {text("3s")}}, {"per", {text("from.domain"), text("peer/24")}}})),
            "each recipient in the 3s since the first of each from.domain and peer/24: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::mail, {{"after", {text("1m")}}})),
            "each MAIL once 1m have passed since the first of the run: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::rcpt, {{"to", {list({text("*@a"), text("*@b")})}}, {"unless", {text("user")}}})),
            "each recipient where rcpt is *@a or *@b unless user is set: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::content, {{"at", {text("64KiB")}}})), "each body at 64 KiB: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::idle, {{"at", {text("10s")}}})), "each silence of 10s: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::greeting, {{"open_above", {number(20)}}, {"per", {text("peer")}}})),
            "each connection while more than 20 connections are open (of each peer): gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::noop, {{"chance", {number(0.5)}}, {"matching", {Value(FunctionRef{})}}})),
            "each NOOP where a function says so with probability 0.5: gets 452 \"Mailbox full\"");
  EXPECT_EQ(words(rule_at(S::helo, {{"where", {text("esmtp"), yes()}}, {"where", {text("message"), number(2)}}})),
            "each EHLO or HELO where esmtp is true where message is 2: gets 452 \"Mailbox full\"");
  auto chain = rule_at(S::quit);
  chain.add(drip());
  chain.add(close());
  EXPECT_EQ(words(chain),
            "each QUIT: gets 452 \"Mailbox full\", in pieces of 1 byte every 1s, the server closes (FIN)");
}

TEST(Words, EveryStageHasItsOwn) {
  for (const auto& row : stages()) {
    Rule rule;
    rule.stage = row.stage;
    add(rule, "first", {number(2)});
    rule.add(run());
    EXPECT_THAT(words(rule), AllOf(StartsWith("the first 2 "), ::testing::Not(HasSubstr("event")))) << row.name;
  }
}

}  // namespace
}  // namespace mailfault::testing
