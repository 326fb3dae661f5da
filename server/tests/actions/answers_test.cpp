// reply, send, proceed, no_reply, challenge.
#include "base/text.hpp"
#include "lowering.hpp"

namespace mailfault::testing {
namespace {

struct Lowered {
  int code;
  std::string enhanced, text;
  bool operator==(const Lowered&) const = default;
};

Lowered reply(std::vector<Value> values) {
  auto action = lowered("reply", std::move(values));
  EXPECT_EQ(action.ops.size(), 2u);
  const auto& reply = op_at<op::Reply>(action, 1);
  EXPECT_EQ(op_at<op::Answer>(action, 0).code, reply.code);
  return {reply.code, reply.enhanced, reply.text.written()};
}

TEST(Reply, TakesACodeAnEnhancedCodeAndText) {
  EXPECT_EQ(reply({number(452), text("4.2.2"), text("Mailbox full")}), (Lowered{452, "4.2.2", "Mailbox full"}));
  EXPECT_EQ(reply({number(452), text("Mailbox full")}), (Lowered{452, "", "Mailbox full"}));
  EXPECT_EQ(reply({number(250), text("4.2.2"), text("5.5.5")}), (Lowered{250, "4.2.2", "5.5.5"}));
  EXPECT_EQ(reply({number(250), text("192.0.2.7")}), (Lowered{250, "", "192.0.2.7"}));
  EXPECT_EQ(reply({number(250), text("42")}), (Lowered{250, "", "42"}));
  EXPECT_EQ(reply({number(521), text("5.7.1"), text("")}), (Lowered{521, "5.7.1", ""}));
}

TEST(Reply, HasAUsualText) {
  EXPECT_EQ(reply({number(250)}).text, "Requested mail action okay, completed");
  EXPECT_EQ(reply({number(552), text("5.3.4")}),
            (Lowered{552, "5.3.4", "Requested mail action aborted: exceeded storage allocation"}));
  EXPECT_EQ(reply({number(299)}).text, "");
  EXPECT_EQ(reply({number(250), text("")}).text, "");
}

TEST(Reply, TakesLines) {
  EXPECT_EQ(reply({number(250), list({text("a"), text("b")})}).text, "a\nb");
  EXPECT_EQ(reply({number(250), text("2.0.0"), list({text("a"), text("{peer}")})}).text, "a\n{peer}");
}

TEST(Reply, ReplacesFieldsUnlessAFunctionBuiltIt) {
  auto from_file = lowered("reply", {number(250), text("{peer}")});
  EXPECT_EQ(op_at<op::Reply>(from_file, 1).text.constant(), nullptr);
  auto from_function = lowered("reply", {number(250), text("{peer}")}, true);
  EXPECT_EQ(*op_at<op::Reply>(from_function, 1).text.constant(), "{peer}");
}

TEST(Reply, InWords) {
  EXPECT_EQ(lowered("reply", {number(452), text("4.2.2"), text("Full\nline 2")}).words, "gets 452 4.2.2 \"Full\"");
  EXPECT_EQ(lowered("reply", {number(250), text("")}).words, "gets 250");
}

TEST(Reply, Mistakes) {
  constexpr auto usage = "it is written reply(code, [enhanced,] [text])";
  for (auto& values : std::vector<std::vector<Value>>{{},
                                                      {number(199)},
                                                      {number(600)},
                                                      {number(250.5)},
                                                      {text("250")},
                                                      {number(250), text("bad"), text("x")},
                                                      {number(250), text("1.2.3")},
                                                      {number(250), number(2), text("x")},
                                                      {number(250), text("2.0.0"), text("x"), text("y")}})
    EXPECT_THAT(error_of_lowering("reply", values), AllOf(StartsWith("reply: "), HasSubstr(usage)));
  EXPECT_THAT(error_of_lowering("reply", {number(250), yes()}), HasSubstr("text or a list of texts"));
  EXPECT_THAT(error_of_lowering("reply", {number(250), text("{peeer}")}), HasSubstr("did you mean 'peer'?"));
}

TEST(Send, IsRaw) {
  auto action = lowered("send", {text("250-a\r\n250 {host}")});
  ASSERT_EQ(action.ops.size(), 2u);
  EXPECT_EQ(op_at<op::Answer>(action, 0).code, std::nullopt);
  EXPECT_EQ(op_at<op::Write>(action, 1).bytes.written(), "250-a\r\n250 {host}");
  EXPECT_EQ(action.words, "gets the bytes \"250-a\\r\\n250 {host}\"");
  EXPECT_THAT(error_of_lowering("send", {}), HasSubstr("it is written send(bytes)"));
  EXPECT_THAT(error_of_lowering("send", {number(1)}), HasSubstr("argument 1 must be text, not a number"));
  EXPECT_THAT(error_of_lowering("send", {text("a"), text("b")}), HasSubstr("at most 1 argument"));
}

TEST(Proceed, IsTheHealthyAnswer) {
  auto action = lowered("proceed");
  ASSERT_EQ(action.ops.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<op::Healthy>(action.ops[0]));
}

TEST(NoReply, AnswersWithoutACode) {
  auto action = lowered("no_reply");
  ASSERT_EQ(action.ops.size(), 1u);
  EXPECT_EQ(op_at<op::Answer>(action, 0).code, std::nullopt);
}

TEST(Challenge, WritesBase64AndReadsTheResponse) {
  auto action = lowered("challenge", {text("User{peer}:")});
  ASSERT_EQ(action.ops.size(), 3u);
  EXPECT_EQ(op_at<op::Answer>(action, 0).code, 334);
  EXPECT_EQ(*op_at<op::Write>(action, 1).bytes.constant(), "334 " + base64("User{peer}:") + "\r\n");
  EXPECT_TRUE(std::holds_alternative<op::ReadResponse>(action.ops[2]));
  EXPECT_EQ(*op_at<op::Write>(lowered("challenge", {text("")}), 1).bytes.constant(), "334 \r\n");
  EXPECT_THAT(error_of_lowering("challenge", {}), HasSubstr("it is written challenge(text)"));
}

}  // namespace
}  // namespace mailfault::testing
