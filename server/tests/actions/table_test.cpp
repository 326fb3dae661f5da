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

TEST(Dsn, IsNotBuilt) { EXPECT_EQ(error_of_lowering("dsn", {table({})}), "dsn is not built yet in this version"); }

TEST(ActionTable, NamesAreUniqueAndRowsComplete) {
  std::set<std::string_view> names;
  for (const auto* spec : action_table()) {
    EXPECT_TRUE(names.insert(spec->name).second) << spec->name;
    EXPECT_THAT(std::string(spec->usage), StartsWith(std::string(spec->name)));
    EXPECT_FALSE(spec->does.empty()) << spec->name;
    EXPECT_TRUE(spec->tier == "T0" || spec->tier == "T1") << spec->name;
  }
  EXPECT_EQ(names.size(), 25u);
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
  EXPECT_THAT(by_kind[ActionClass::shape], ElementsAre("drip", "split", "tls_damage", "use"));
  EXPECT_THAT(by_kind[ActionClass::effect], ElementsAre("accept", "discard"));
}

}  // namespace
}  // namespace mailfault::testing
