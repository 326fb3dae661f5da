// accept, discard, dsn, run, and what holds for every action.
#include <set>

#include "lowering.hpp"

namespace mailfault::testing {
namespace {

TEST(Effects, HappenOrNot) {
  EXPECT_TRUE(op_at<op::Effect>(lowered("accept"), 0).happens);
  EXPECT_FALSE(op_at<op::Effect>(lowered("discard"), 0).happens);
}

TEST(Run, CallsAFunction) {
  auto action = lowered("run", {Value(FunctionRef{7, 12})});
  EXPECT_EQ(op_at<op::Call>(action, 0).function, (FunctionRef{7, 12}));
  EXPECT_EQ(action.words, "a function decides");
  EXPECT_THAT(error_of_lowering("run", {text("x")}), HasSubstr("it is written run(fn)"));
}

TEST(Reports, ADsnIsLowered) {
  auto action = lowered("dsn", {table({{"action", text("delayed")},
                                       {"status", text("4.4.1")},
                                       {"diagnostic", text("451 for {rcpt}")},
                                       {"after", text("2s")}})});
  const auto& bounce = op_at<op::Bounce>(action, 0);
  EXPECT_EQ(bounce.kind, op::Bounce::Kind::dsn);
  EXPECT_EQ(bounce.action, "delayed");
  EXPECT_EQ(bounce.status, "4.4.1");
  EXPECT_EQ(bounce.diagnostic.written(), "451 for {rcpt}");
  EXPECT_EQ(bounce.after, std::chrono::seconds(2));
  EXPECT_FALSE(bounce.original);
  EXPECT_EQ(action.words, "a DSN (delayed 4.4.1) follows 2s later");
}

TEST(Reports, ADsnHasDefaults) {
  auto action = lowered("dsn");
  const auto& bounce = op_at<op::Bounce>(action, 0);
  EXPECT_EQ(bounce.action + bounce.status, "failed5.0.0");
  EXPECT_EQ(action.words, "a DSN (failed 5.0.0) follows the message");
  auto relayed = lowered("dsn", {table({{"action", text("relayed")}})});
  EXPECT_EQ(op_at<op::Bounce>(relayed, 0).status, "2.0.0");
  auto qmail = lowered("dsn", {table({{"form", text("qmail")}})});
  EXPECT_EQ(op_at<op::Bounce>(qmail, 0).kind, op::Bounce::Kind::qmail);
}

TEST(Reports, ADsnsMistakesAreNamed) {
  EXPECT_THAT(error_of_lowering("dsn", {table({{"action", text("faild")}})}), HasSubstr("did you mean 'failed'?"));
  EXPECT_THAT(error_of_lowering("dsn", {table({{"staus", text("5.1.1")}})}), HasSubstr("did you mean 'status'?"));
  for (const char* wrong : {"5.1", "3.1.1", "5.1.x", "550", "5.1.1111", "5..1", ""})
    EXPECT_THAT(error_of_lowering("dsn", {table({{"status", text(wrong)}})}), HasSubstr("is no enhanced code"));
  EXPECT_THAT(error_of_lowering("dsn", {table({{"form", text("ndr")}, {"action", text("delayed")}})}),
              HasSubstr("only what failed is told"));
  EXPECT_THAT(error_of_lowering("dsn", {table({{"after", text("soon")}})}), HasSubstr("dsn.after"));
}

TEST(Reports, ComplaintsAndRepliesAreLowered) {
  auto complaint = lowered("complaint", {table({{"type", text("fraud")}, {"after", text("1h")}})});
  EXPECT_EQ(op_at<op::Bounce>(complaint, 0).feedback_type, "fraud");
  EXPECT_EQ(complaint.words, "a complaint (fraud) follows 1h later");
  EXPECT_THAT(error_of_lowering("complaint", {table({{"type", text("spam")}})}), HasSubstr("it is one of"));
  auto reply = lowered("auto_reply", {table({{"text", text("away")}})});
  EXPECT_EQ(op_at<op::Bounce>(reply, 0).text.written(), "away");
  EXPECT_EQ(reply.words, "an automatic reply follows the message");
}

TEST(ActionTable, NamesAreUniqueAndRowsComplete) {
  std::set<std::string_view> names;
  for (const auto* spec : action_table()) {
    EXPECT_TRUE(names.insert(spec->name).second) << spec->name;
    EXPECT_THAT(std::string(spec->usage), StartsWith(std::string(spec->name)));
    EXPECT_FALSE(spec->does.empty()) << spec->name;
    EXPECT_TRUE(spec->tier == "T0" || spec->tier == "T1") << spec->name;
  }
  EXPECT_EQ(names.size(), 28u);
}

TEST(ActionTable, ActionsWithoutArgumentsTakeNone) {
  for (const auto* spec : action_table()) {
    if (!spec->parameters.empty()) continue;
    EXPECT_EQ(error_of_lowering(spec->name, {number(1)}),
              std::string(spec->name) + ": it takes no argument; it is written " + std::string(spec->usage));
  }
}

TEST(ActionTable, ClassesAreThoseOfTheReference) {
  std::map<ActionClass, std::set<std::string_view>> by_kind;
  for (const auto* spec : action_table()) by_kind[spec->kind].insert(spec->name);
  EXPECT_THAT(by_kind[ActionClass::answer],
              ElementsAre("challenge", "no_reply", "proceed", "reply", "send", "tls_record"));
  EXPECT_THAT(by_kind[ActionClass::end], ElementsAre("close", "reset", "stall", "tls_alert", "vanish"));
  EXPECT_THAT(by_kind[ActionClass::shape], ElementsAre("drip", "rewrite", "split", "tls_damage", "use"));
  EXPECT_THAT(by_kind[ActionClass::effect], ElementsAre("accept", "discard"));
  EXPECT_THAT(by_kind[ActionClass::report], ElementsAre("auto_reply", "complaint", "dsn"));
}

}  // namespace
}  // namespace mailfault::testing
