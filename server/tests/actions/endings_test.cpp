// close, reset, stall, vanish, tls_alert, half_close.
#include "lowering.hpp"

namespace mailfault::testing {
namespace {

using namespace std::chrono_literals;

TEST(Close, Lingers) {
  EXPECT_EQ(op_at<op::Close>(lowered("close"), 0).linger, 2s);
  EXPECT_EQ(op_at<op::Close>(lowered("close", {table({})}), 0).linger, 2s);
  EXPECT_EQ(op_at<op::Close>(lowered("close", {table({{"linger", number(0)}})}), 0).linger, 0s);
  EXPECT_THAT(error_of_lowering("close", {table({{"lingr", number(0)}})}), HasSubstr("did you mean 'linger'?"));
  EXPECT_THAT(error_of_lowering("close", {table({{"linger", text("x")}})}), HasSubstr("close.linger: \"x\" is no"));
  EXPECT_THAT(error_of_lowering("close", {number(1)}), HasSubstr("it is written close{ linger = time }"));
  EXPECT_THAT(error_of_lowering("close", {table({{"close_notify", no()}})}), HasSubstr("not built yet"));
}

template <class Op>
void expect_bare(std::string_view name) {
  auto action = lowered(name);
  ASSERT_EQ(action.ops.size(), 1u) << name;
  EXPECT_TRUE(std::holds_alternative<Op>(action.ops[0])) << name;
}

TEST(Endings, AreOneOp) {
  expect_bare<op::Reset>("reset");
  expect_bare<op::Stall>("stall");
  expect_bare<op::Vanish>("vanish");
  expect_bare<op::HalfClose>("half_close");
  EXPECT_EQ(spec_of("vanish").tier, "T1");
  EXPECT_EQ(spec_of("half_close").kind, ActionClass::aside);
}

TEST(TlsAlert, IsNotBuilt) {
  EXPECT_EQ(error_of_lowering("tls_alert", {text("internal_error")}), "tls_alert is not built yet in this version");
}

}  // namespace
}  // namespace mailfault::testing
