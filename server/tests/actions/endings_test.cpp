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
  EXPECT_THAT(error_of_lowering("close", {number(1)}),
              HasSubstr("it is written close{ linger = time, close_notify = true }"));
  EXPECT_TRUE(op_at<op::Close>(lowered("close"), 0).close_notify);
  EXPECT_FALSE(op_at<op::Close>(lowered("close", {table({{"close_notify", no()}})}), 0).close_notify);
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

TEST(TlsAlert, IsNamedOrNumbered) {
  EXPECT_EQ(op_at<op::TlsAlert>(lowered("tls_alert", {text("internal_error")}), 1).code, 80);
  EXPECT_EQ(op_at<op::TlsAlert>(lowered("tls_alert", {number(200)}), 1).code, 200);
  EXPECT_THAT(error_of_lowering("tls_alert", {text("internal_eror")}), HasSubstr("is no alert of RFC 8446"));
  EXPECT_THAT(error_of_lowering("tls_alert", {number(256)}), HasSubstr("out of bounds"));
}

TEST(TlsRecord, HasATypeAndBytes) {
  auto record = op_at<op::TlsRecord>(lowered("tls_record", {text("alert"), text("xy")}), 1);
  EXPECT_EQ(record.type, 21);
  EXPECT_EQ(*record.bytes.constant(), "xy");
  EXPECT_EQ(op_at<op::TlsRecord>(lowered("tls_record", {number(99)}), 1).type, 99);
  EXPECT_THAT(error_of_lowering("tls_record", {text("alrt")}), HasSubstr("did you mean 'alert'?"));
}

TEST(TlsDamage, IsAShape) {
  EXPECT_EQ(op_at<op::TlsDamage>(lowered("tls_damage", {text("mac")}), 0).kind, op::TlsDamage::Kind::mac);
  EXPECT_EQ(spec_of("tls_damage").kind, ActionClass::shape);
  EXPECT_THAT(error_of_lowering("tls_damage", {text("mack")}), HasSubstr("did you mean 'mac'?"));
}

TEST(TlsAsides, StandByThemselves) {
  expect_bare<op::CloseNotify>("close_notify");
  expect_bare<op::KeyUpdate>("key_update");
  expect_bare<op::Renegotiate>("renegotiate");
}

}  // namespace
}  // namespace mailfault::testing
