#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace mailfault {
namespace {

using ::testing::ElementsAre;

TEST(Text, CaseOfAsciiOnly) {
  EXPECT_TRUE(equals_ignoring_case("EhLo", "eHlO"));
  EXPECT_FALSE(equals_ignoring_case("ehlo", "ehlo "));
  EXPECT_FALSE(equals_ignoring_case("\xc3\x84", "\xc3\xa4"));
  EXPECT_EQ(lower("AZaz[@`{"), "azaz[@`{");
  EXPECT_EQ(upper("AZaz[@`{"), "AZAZ[@`{");
  EXPECT_TRUE(contains_ignoring_case("an INVOICE", "invoice"));
  EXPECT_TRUE(contains_ignoring_case("x", ""));
  EXPECT_FALSE(contains_ignoring_case("", "x"));
}

TEST(Text, TrimSplitJoin) {
  EXPECT_EQ(trim(" \t\r\nx y\n"), "x y");
  EXPECT_EQ(trim("  "), "");
  EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  std::vector<std::string> parts{"a", "", "b"};
  EXPECT_EQ(join(parts, ", "), "a, , b");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Globs, Match) {
  for (auto [glob, text] : std::initializer_list<std::pair<const char*, const char*>>{{"", ""},
                                                                                      {"*", ""},
                                                                                      {"*", "anything"},
                                                                                      {"a*", "ABC"},
                                                                                      {"*c", "abc"},
                                                                                      {"a*c", "ac"},
                                                                                      {"a*c", "abcbc"},
                                                                                      {"?", "x"},
                                                                                      {"a?c", "abc"},
                                                                                      {"*@*.example", "a@b.example"},
                                                                                      {"**", "x"},
                                                                                      {"*a*b*", "xaxb"},
                                                                                      {"a.c", "a.c"},
                                                                                      {"*.txt", "a.b.txt"},
                                                                                      {"*?", "x"},
                                                                                      {"[a]", "[a]"},
                                                                                      {"a\\*", "a\\bc"},
                                                                                      {"*ab*ab", "abcabab"}})
    EXPECT_TRUE(matches_glob(glob, text)) << glob << " " << text;
  for (auto [glob, text] : std::initializer_list<std::pair<const char*, const char*>>{{"", "x"},
                                                                                      {"?", ""},
                                                                                      {"?", "xy"},
                                                                                      {"a*", "ba"},
                                                                                      {"*c", "cb"},
                                                                                      {"a.c", "abc"},
                                                                                      {"a*b*c", "acb"},
                                                                                      {"*?", ""},
                                                                                      {"[ab]", "a"}})
    EXPECT_FALSE(matches_glob(glob, text)) << glob << " " << text;
}

/// By the definition.
bool matches_slowly(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob[0] == '*')
    return matches_slowly(glob.substr(1), text) || (!text.empty() && matches_slowly(glob, text.substr(1)));
  return !text.empty() && (glob[0] == '?' || glob[0] == text[0]) && matches_slowly(glob.substr(1), text.substr(1));
}

TEST(Globs, AgreeWithTheirDefinition) {
  std::mt19937 random(1);
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string glob, text;
    for (auto n = random() % 7; n > 0; --n) glob += "ab*?"[random() % 4];
    for (auto n = random() % 9; n > 0; --n) text += "ab"[random() % 2];
    ASSERT_EQ(matches_glob(glob, text), matches_slowly(glob, text)) << glob << " " << text;
    matched += matches_glob(glob, text);
  }
  EXPECT_GT(matched, 1000);
}

TEST(Globs, ManyStarsTakeNoLongTime) {
  std::string glob, text(20'000, 'a');
  for (int i = 0; i < 50; ++i) glob += "*a";
  glob += "*b";
  auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(matches_glob(glob, text));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
}

TEST(Nearest, FindsWhatWasMeant) {
  std::vector<std::string_view> known{"reply", "reset", "close", "delay", "at"};
  EXPECT_EQ(nearest("repyl", known), "reply");
  EXPECT_EQ(nearest("clsoe", known), "close");
  EXPECT_EQ(nearest("delya", known), "delay");
  EXPECT_EQ(nearest("elephant", known), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
  EXPECT_EQ(did_you_mean("resett", known), " (did you mean 'reset'?)");
  EXPECT_EQ(did_you_mean("elephant", known), "");
}

TEST(Base64, OfTheRfc) {
  for (auto [plain, encoded] : std::initializer_list<std::pair<const char*, const char*>>{{"", ""},
                                                                                          {"f", "Zg=="},
                                                                                          {"fo", "Zm8="},
                                                                                          {"foo", "Zm9v"},
                                                                                          {"foob", "Zm9vYg=="},
                                                                                          {"fooba", "Zm9vYmE="},
                                                                                          {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
}

TEST(Base64, OfAnyBytes) {
  std::mt19937 random(1);
  for (std::size_t length = 0; length < 200; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(random());
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
  }
}

TEST(Base64, OtherTextIsNone) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zm8", "Zg===", "=Zg=", "Z===", "====", "Zm=v", "Zg==Zg==", "Zm9v\n",
                           "Zm9-", "Zm 9", "Zh==", "Zm9="})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

TEST(Text, PrintableShowsNoControls) {
  EXPECT_EQ(printable(std::string_view("a\r\n\t\0\x1b\x7f\xc3\xa9", 9)), "a??????\xc3\xa9");
}

TEST(Text, NumbersInWords) {
  EXPECT_EQ(ordinal(1), "1st");
  EXPECT_EQ(ordinal(2), "2nd");
  EXPECT_EQ(ordinal(3), "3rd");
  EXPECT_EQ(ordinal(4), "4th");
  EXPECT_EQ(ordinal(10), "10th");
  for (unsigned teen : {11u, 12u, 13u, 111u, 112u, 113u}) EXPECT_EQ(ordinal(teen), std::to_string(teen) + "th");
  EXPECT_EQ(ordinal(21), "21st");
  EXPECT_EQ(ordinal(102), "102nd");
  EXPECT_EQ(counted(1, "copy", "copies"), "1 copy");
  EXPECT_EQ(counted(0, "copy", "copies"), "0 copies");
  EXPECT_EQ(counted(2, "copy", "copies"), "2 copies");
}

}  // namespace
}  // namespace mailfault
