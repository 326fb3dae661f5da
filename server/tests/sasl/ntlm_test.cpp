#include "client.hpp"

namespace mailfault::sasl {
namespace {

using namespace std::string_literals;
using testing::StartsWith;

constexpr const char* outside = "malformed: a part of NTLM's message of type 3 lies outside of it, or is too long";

std::string answered(const std::string& type_3, bool unicode = true) {
  const auto mechanism = make_mechanism("NTLM", context());
  EXPECT_THAT(words(mechanism->begin(ntlm_type_1(unicode))), StartsWith("challenge NTLMSSP"));
  return words(mechanism->respond(type_3));
}

TEST(Ntlm, AnswersWithAMessageOfType2) {
  const auto mechanism = make_mechanism("NTLM", context());
  const Step step = mechanism->begin(ntlm_type_1());
  const std::string& text = std::get<Challenge>(step).text;
  const auto u16 = [](std::string_view name) { return utf16_of_ascii(name); };
  const std::string target = u16("MAIL");
  EXPECT_EQ(text.substr(0, 12), "NTLMSSP\0\2\0\0\0"s);
  EXPECT_EQ(text.substr(12, 8), "\10\0\10\0\x30\0\0\0"s);                             // the target: 8 bytes at 48
  EXPECT_EQ(text.substr(20, 4), "\x05\x82\x82\0"s);                                   // flags
  EXPECT_EQ(text.substr(24, 8), digest(Hash::sha256, context().nonce).substr(0, 8));  // the server's challenge
  EXPECT_EQ(text.substr(48, 8), target);
  EXPECT_EQ(text.substr(56), "\2\0\10\0"s + target + "\1\0\10\0"s + target + "\4\0\x20\0"s + u16("mail.example.com") +
                                 "\3\0\x20\0"s + u16("mail.example.com") + "\0\0\0\0"s);
  EXPECT_EQ(text.substr(40, 8), ntlm_number(text.size() - 56, 2) + ntlm_number(text.size() - 56, 2) + "\x38\0\0\0"s);
  EXPECT_EQ(mechanism->shown(), "NTLM type 1");
}

TEST(Ntlm, TakesTheUserFromType3) {
  EXPECT_EQ(answered(ntlm_type_3("", "me")), "accepted me");
  EXPECT_EQ(answered(ntlm_type_3("CORP", "me")), "accepted me");
  EXPECT_EQ(answered(ntlm_type_3("example.com", "user")), "accepted user@example.com");
  EXPECT_EQ(answered(ntlm_type_3("CORP", "me", false), false), "accepted me");
  EXPECT_EQ(answered(ntlm_type_3("CORP", "you")), "refused you: there is no such user");
  std::string umlaut = ntlm_type_3("", "j.rgen");
  umlaut.replace(umlaut.find(utf16_of_ascii("j.")) + 2, 2, "\xfc\0"s);
  EXPECT_EQ(answered(umlaut), "accepted jürgen");
  const Users domain{{"CORP\\me", "x"}};
  const auto mechanism = make_mechanism("NTLM", {.users = &domain, .host = "h"});
  mechanism->begin(ntlm_type_1());
  EXPECT_EQ(words(mechanism->respond(ntlm_type_3("CORP", "me"))), "accepted CORP\\me");
  EXPECT_EQ(mechanism->shown(), "NTLM type 3: user me, domain CORP, workstation DESK, <redacted>");
}

TEST(Ntlm, KnowsAMessageByItsForm) {
  for (const std::string& type_1 :
       {""s, "NTLMSSP"s, "NTLMSSP\0\1\0\0\0"s, ntlm_type_3("", "me"), "ntlmssp\0\1\0\0\0\0\0\0\0"s})
    EXPECT_EQ(words(make_mechanism("NTLM", context())->begin(type_1)), "malformed: NTLM takes a message of type 1");
  for (const std::string& type_3 : {""s, ntlm_type_1(), ntlm_type_3("", "me").substr(0, 51)})
    EXPECT_EQ(answered(type_3), "malformed: NTLM takes a message of type 3");
}

TEST(Ntlm, LooksNowhereOutsideOfAMessage) {
  const std::string good = ntlm_type_3("CORP", "me");
  for (const std::size_t descriptor : {12U, 20U, 28U, 36U, 44U})
    for (const std::string& offset :
         {"\xff\xff\xff\xff"s, "\xff\xff\xff\x7f"s, ntlm_number(good.size(), 4), ntlm_number(good.size() - 1, 4)}) {
      std::string bad = good;
      EXPECT_EQ(answered(bad.replace(descriptor + 4, 4, offset)), outside) << descriptor;
      bad = good;
      EXPECT_EQ(answered(bad.replace(descriptor, 2, "\xff\xff")), outside) << descriptor;
    }
  EXPECT_EQ(answered(ntlm_type_3("", std::string(513, 'u'))), outside);
  EXPECT_THAT(answered(ntlm_type_3("", std::string(512, 'u'))), StartsWith("refused uuu"));
  std::string odd = good;
  EXPECT_EQ(answered(odd.replace(36, 2, "\3\0"s)), outside);
}

// ---------------------------------------------------------------- character sets

TEST(Charset, IsConverted) {
  EXPECT_EQ(latin1_if_possible("aü\xc2\x80ÿ"), "a\xfc\x80\xff");
  for (const char* text : {"Ā", "aü€", "\xfc", "\xc3", "\xc3\xc3"}) EXPECT_EQ(latin1_if_possible(text), text);
  EXPECT_EQ(utf8_of_latin1("a\xfc\xff"), "aüÿ");
  EXPECT_EQ(utf8_of_utf16("a\0\xfc\0\xac\x20\x3d\xd8\xe7\xdc"s), "aü€📧");
  for (const std::string& bad : {"a"s, "\x3d\xd8"s, "\x3d\xd8"s + "a\0"s, "\xe7\xdc"s, "\x3d\xd8\x3d\xd8"s})
    EXPECT_EQ(utf8_of_utf16(bad), std::nullopt);
  EXPECT_EQ(utf16_of_ascii("a\xfc"), "a\0?\0"s);
}

}  // namespace
}  // namespace mailfault::sasl
