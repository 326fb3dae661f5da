#include "smtp/reply.hpp"

#include <gmock/gmock.h>

namespace mailfault::smtp {
namespace {

std::string reply(int code, std::string_view enhanced, std::string_view text) {
  std::string out;
  append_reply(out, code, enhanced, text);
  return out;
}

TEST(Reply, OneLine) {
  EXPECT_EQ(reply(250, "", "OK"), "250 OK\r\n");
  EXPECT_EQ(reply(250, "2.1.0", "OK"), "250 2.1.0 OK\r\n");
}

TEST(Reply, SeveralLines) {
  EXPECT_EQ(reply(250, "", "host\nSIZE\nDSN"), "250-host\r\n250-SIZE\r\n250 DSN\r\n");
  EXPECT_EQ(reply(550, "5.7.1", "no\nreally"), "550-5.7.1 no\r\n550 5.7.1 really\r\n");
}

TEST(Reply, Empty) {
  EXPECT_EQ(reply(250, "", ""), "250\r\n");
  EXPECT_EQ(reply(250, "2.0.0", ""), "250 2.0.0\r\n");
  EXPECT_EQ(reply(250, "", "a\n"), "250-a\r\n250\r\n");
  EXPECT_EQ(reply(250, "", "\na"), "250-\r\n250 a\r\n");
}

TEST(Reply, AppendsAndTakesAnyCode) {
  std::string out = "220 x\r\n";
  append_reply(out, 999, "", "y");
  append_reply(out, 1234, "", "z");
  EXPECT_EQ(out, "220 x\r\n999 y\r\n1234 z\r\n");
}

TEST(Reply, UsualTexts) {
  EXPECT_EQ(usual_text(354), "Start mail input; end with <CRLF>.<CRLF>");
  EXPECT_EQ(usual_text(421), "Service not available, closing transmission channel");
  EXPECT_EQ(usual_text(299), "");
}

TEST(Reply, EnhancedCodes) {
  for (const char* good : {"2.1.5", "4.0.0", "5.999.999", "5.7.26"}) EXPECT_TRUE(is_enhanced_code(good)) << good;
  for (const char* bad : {"", "2", "2.", "2.1", "2.1.", "2..1", "3.1.1", "2.1.1.1", "2.1000.1", "2.1.1000", "2.1.5 ",
                          "2.a.1", "22.1.1", "2,1.5"}) {
    EXPECT_FALSE(is_enhanced_code(bad)) << bad;
  }
}

}  // namespace
}  // namespace mailfault::smtp
