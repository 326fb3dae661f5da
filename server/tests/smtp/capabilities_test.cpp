#include "smtp/capabilities.hpp"

#include <gmock/gmock.h>

namespace mailfault::smtp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Lines = std::vector<std::string>;

TEST(Offer, IsReadFromTheReply) {
  const Offered offered = parse_offer(
      "250-mx.example.org\r\n250-pipelining\r\n250-SIZE 1000\r\n250-8bitmime\r\n250-SMTPUTF8\r\n250-DSN\r\n"
      "250-EnhancedStatusCodes\r\n250-StartTLS\r\n250-AUTH plain LOGIN\r\n250 X-OWN a b\r\n");
  EXPECT_TRUE(offered.esmtp && offered.pipelining && offered.size && offered.eight_bit_mime && offered.smtputf8 &&
              offered.dsn && offered.enhanced_codes && offered.starttls && offered.auth);
  EXPECT_EQ(offered.size_limit, 1000u);
  EXPECT_THAT(offered.mechanisms, ElementsAre("PLAIN", "LOGIN"));
  EXPECT_THAT(offered.keywords, ElementsAre("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "DSN",
                                            "ENHANCEDSTATUSCODES", "STARTTLS", "AUTH", "X-OWN"));
  EXPECT_TRUE(offered.has("x-own"));
  EXPECT_FALSE(offered.has("CHUNKING"));
  EXPECT_TRUE(offered.has_mechanism("Plain"));
  EXPECT_FALSE(offered.has_mechanism("CRAM-MD5"));
}

TEST(Offer, TheFirstLineIsNoKeyword) {
  const Offered offered = parse_offer("250 PIPELINING\r\n");
  EXPECT_TRUE(offered.esmtp);
  EXPECT_FALSE(offered.pipelining);
  EXPECT_THAT(offered.keywords, IsEmpty());
}

TEST(Offer, PassesOverWhatIsNot250) {
  EXPECT_FALSE(parse_offer("").esmtp);
  EXPECT_FALSE(parse_offer("502 no\r\n").esmtp);
  const Offered offered =
      parse_offer("220 hello\r\n250-host\r\n251-DSN\r\n2500 DSN\r\n\r\n25\r\n250\r\n250 \r\n250 SIZE");
  EXPECT_THAT(offered.keywords, ElementsAre("SIZE"));
}

TEST(Offer, AuthLinesAddUp) {
  const Offered offered = parse_offer("250-h\r\n250-AUTH PLAIN\r\n250-AUTH=LOGIN PLAIN\r\n250 AUTH  XOAUTH2 \r\n");
  EXPECT_THAT(offered.mechanisms, ElementsAre("PLAIN", "LOGIN", "XOAUTH2"));
  EXPECT_THAT(offered.keywords, ElementsAre("AUTH"));
}

TEST(Offer, ASizeThatIsNoNumberIsNoLimit) {
  for (const char* line : {"SIZE", "SIZE 0", "SIZE much", "SIZE 10M", "SIZE -1", "SIZE 99999999999999999999999"}) {
    const Offered offered = parse_offer(std::string("250-h\r\n250 ") + line + "\r\n");
    EXPECT_TRUE(offered.size);
    EXPECT_EQ(offered.size_limit, 0u) << line;
  }
}

TEST(Offer, IsReadWithBareLf) { EXPECT_TRUE(parse_offer("250-h\n250-DSN\n250 SIZE 5\n").dsn); }

TEST(Edits, ReplaceAddAndTakeAway) {
  const Lines lines{"PIPELINING", "SIZE 1000", "AUTH PLAIN", "AUTH=PLAIN"};
  EXPECT_EQ(edited(lines, {}), lines);
  EXPECT_EQ(edited(lines, {"+size 5"}), (Lines{"PIPELINING", "size 5", "AUTH PLAIN", "AUTH=PLAIN"}));
  EXPECT_EQ(edited(lines, {"+DSN", "-pipelining"}), (Lines{"SIZE 1000", "AUTH PLAIN", "AUTH=PLAIN", "DSN"}));
  EXPECT_EQ(edited(lines, {"-AUTH"}), (Lines{"PIPELINING", "SIZE 1000"}));
  EXPECT_EQ(edited(lines, {"+AUTH LOGIN"}), (Lines{"PIPELINING", "SIZE 1000", "AUTH LOGIN"}));
  EXPECT_EQ(edited(lines, {"-NOTHING"}), lines);
  EXPECT_EQ(edited(lines, {"-SIZE", "SIZE 7"}), (Lines{"PIPELINING", "AUTH PLAIN", "AUTH=PLAIN", "SIZE 7"}));
}

TEST(Edits, WithoutASignAreTheLines) { EXPECT_EQ(edited({"SIZE"}, {"DSN", "+X"}), (Lines{"DSN", "+X"})); }

TEST(Parameters, KnowTheirKeyword) {
  EXPECT_EQ(keyword_for("SIZE"), "SIZE");
  EXPECT_EQ(keyword_for("body"), "8BITMIME");
  for (const char* dsn : {"RET", "ENVID", "NOTIFY", "ORCPT"}) EXPECT_EQ(keyword_for(dsn), "DSN");
  EXPECT_EQ(keyword_for("HOLDFOR"), "FUTURERELEASE");
  EXPECT_EQ(keyword_for("X-OWN"), "");
}

}  // namespace
}  // namespace mailfault::smtp
