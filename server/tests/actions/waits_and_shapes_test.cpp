// delay, stop_reading, drip, split, use.
#include "lowering.hpp"

namespace mailfault::testing {
namespace {

using namespace std::chrono_literals;

TEST(Delay, Waits) {
  EXPECT_EQ(op_at<op::Pause>(lowered("delay", {text("3s")}), 0).time, 3s);
  EXPECT_EQ(op_at<op::Pause>(lowered("delay", {number(0)}), 0).time, 0s);
  EXPECT_EQ(lowered("delay", {number(0.25)}).words, "waits 250ms");
  EXPECT_THAT(error_of_lowering("delay", {}), HasSubstr("it is written delay(time)"));
  EXPECT_THAT(error_of_lowering("delay", {text("soon")}), HasSubstr("\"soon\" is no duration"));
  EXPECT_THAT(error_of_lowering("delay", {number(-1)}), HasSubstr("no duration"));
  EXPECT_THAT(error_of_lowering("delay", {text("1s"), text("2s")}), HasSubstr("at most 1 argument"));
}

TEST(StopReading, ForGoodOrForATime) {
  EXPECT_EQ(op_at<op::StopReading>(lowered("stop_reading"), 0).time, std::nullopt);
  EXPECT_EQ(op_at<op::StopReading>(lowered("stop_reading", {text("5s")}), 0).time, 5s);
  EXPECT_EQ(lowered("stop_reading", {text("5s")}).words, "the server stops reading for 5s");
  EXPECT_THAT(error_of_lowering("stop_reading", {yes()}), HasSubstr("no duration"));
}

TEST(Drip, InBytesOrLines) {
  auto bytes = lowered("drip", {number(10), text("100ms")});
  EXPECT_EQ(op_at<op::Pace>(bytes, 0).bytes, 10u);
  EXPECT_EQ(op_at<op::Pace>(bytes, 0).every, 100ms);
  EXPECT_EQ(bytes.words, "in pieces of 10 bytes every 100ms");
  auto lines = lowered("drip", {text("line"), number(1)});
  EXPECT_EQ(op_at<op::Pace>(lines, 0).bytes, 0u);
  EXPECT_EQ(lines.words, "in lines every 1s");
  EXPECT_THAT(error_of_lowering("drip", {text("lines"), number(1)}), HasSubstr("a number of bytes, or \"line\""));
  EXPECT_THAT(error_of_lowering("drip", {number(0), number(1)}), HasSubstr("out of bounds"));
  EXPECT_THAT(error_of_lowering("drip", {number(1)}), HasSubstr("a duration is missing"));
  EXPECT_THAT(error_of_lowering("drip", {}), HasSubstr("it is written drip(n, every) or drip(\"line\", every)"));
}

TEST(Rewrite, ByAFunction) {
  auto action = lowered("rewrite", {Value(FunctionRef{7, 3})});
  EXPECT_EQ(op_at<op::Rewrite>(action, 0).function.id, 7);
  EXPECT_EQ(action.words, "rewritten by a function");
  EXPECT_THAT(error_of_lowering("rewrite", {text("x")}), HasSubstr("it is written rewrite(fn)"));
}

TEST(Split, BehindBytesAndTexts) {
  auto action = lowered("split", {text("300ms"), number(10), text("250-START")});
  const auto& cut = op_at<op::Cut>(action, 0);
  EXPECT_EQ(cut.gap, 300ms);
  ASSERT_EQ(cut.behind.size(), 2u);
  EXPECT_EQ(std::get<std::size_t>(cut.behind[0]), 10u);
  EXPECT_EQ(std::get<std::string>(cut.behind[1]), "250-START");
  EXPECT_EQ(action.words, "cut after 10, \"250-START\" with 300ms between");
  EXPECT_THAT(error_of_lowering("split", {text("300ms")}), HasSubstr("name at least one cut"));
  EXPECT_THAT(error_of_lowering("split", {}), HasSubstr("it is written split(gap, cut, …)"));
  EXPECT_THAT(error_of_lowering("split", {number(1), number(0)}), HasSubstr("out of bounds"));
  EXPECT_THAT(error_of_lowering("split", {number(1), text("")}), HasSubstr("argument 2 must be a number"));
}

TEST(Use, CapabilitiesAndWire) {
  auto action =
      lowered("use", {table({{"capabilities", list({text("-AUTH")})}, {"wire", table({{"latency", text("2s")}})}})});
  ASSERT_EQ(action.ops.size(), 1u);
  const auto& use = op_at<op::Use>(action, 0);
  EXPECT_THAT(*use.capabilities, ElementsAre("-AUTH"));
  EXPECT_EQ(use.wire->latency, 2s);
  EXPECT_FALSE(op_at<op::Use>(lowered("use", {table({{"wire", table({})}})}), 0).capabilities);
  EXPECT_THAT(error_of_lowering("use", {}), HasSubstr("name a setting"));
  EXPECT_THAT(error_of_lowering("use", {table({{"wires", table({})}})}), HasSubstr("did you mean 'wire'?"));
  EXPECT_EQ(op_at<op::Use>(lowered("use", {table({{"provider", text("gmail")}})}), 0).provider_name, "gmail");
  EXPECT_THAT(error_of_lowering("use", {table({{"tls_versions", text("x")}})}), HasSubstr("no TLS version \"x\""));
  EXPECT_EQ(*op_at<op::Use>(lowered("use", {table({{"certificate", text("expired")}})}), 0).tls.certificate,
            "expired");
}

}  // namespace
}  // namespace mailfault::testing
