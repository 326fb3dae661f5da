// The texts of reports, byte for byte, and what a reader finds in them.
#include "mail/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace mailfault::mail {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr std::string_view message =
    "From: a@example.com\r\nSubject:   Hello\r\n   there\r\nMessage-ID: <1@example.com>\r\n\r\n.Body\r\n";

Report report(Kind kind) {
  Report out;
  out.kind = kind;
  out.host = "mx.example.com";
  out.to = "a@example.com";
  out.recipients = {
      {"gone@example.net", "rfc822;Gone@example.net", "failed", "5.1.1", "550 5.1.1 User unknown", "mx.example.net"}};
  out.queue_id = "MF00001001";
  out.envelope_id = "QQ314159";
  out.helo = "client.example";
  out.peer = "192.0.2.7";
  out.feedback_type = "abuse";
  out.message_subject = "Hello there";
  out.message_id = "1@example.com";
  out.message = message;
  out.whole = true;
  out.arrived = 1'790'000'000;
  out.now = 1'790'000'002;
  out.number = 1;
  return out;
}

TEST(Report, ADsnByteForByte) {
  EXPECT_EQ(write(report(Kind::dsn)),
            "Date: Mon, 21 Sep 2026 14:13:22 +0000\r\n"
            "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\r\n"
            "To: a@example.com\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\n"
            "Auto-Submitted: auto-replied\r\n"
            "Message-ID: <20260921141322.MF00001001.1@mx.example.com>\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=\"delivery-status\";\r\n"
            "\tboundary=\"MF00001001.1790000002/mx.example.com\"\r\n"
            "\r\n"
            "--MF00001001.1790000002/mx.example.com\r\n"
            "Content-Type: text/plain; charset=\"us-ascii\"\r\n"
            "\r\n"
            "This is the mail system at host mx.example.com.\r\n"
            "\r\n"
            "Your message could not be delivered to one or more recipients.\r\n"
            "It comes back below.\r\n"
            "\r\n"
            "<gone@example.net>: host mx.example.net said: 550 5.1.1 User unknown\r\n"
            "\r\n"
            "--MF00001001.1790000002/mx.example.com\r\n"
            "Content-Type: message/delivery-status\r\n"
            "\r\n"
            "Reporting-MTA: dns; mx.example.com\r\n"
            "Original-Envelope-Id: QQ314159\r\n"
            "Received-From-MTA: dns; client.example\r\n"
            "Arrival-Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"
            "\r\n"
            "Original-Recipient: rfc822;Gone@example.net\r\n"
            "Final-Recipient: rfc822; gone@example.net\r\n"
            "Action: failed\r\n"
            "Status: 5.1.1\r\n"
            "Remote-MTA: dns; mx.example.net\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
            "Last-Attempt-Date: Mon, 21 Sep 2026 14:13:22 +0000\r\n"
            "\r\n"
            "--MF00001001.1790000002/mx.example.com\r\n"
            "Content-Type: message/rfc822\r\n"
            "\r\n" +
                std::string(message) + "\r\n--MF00001001.1790000002/mx.example.com--\r\n");
}

TEST(Report, AQmailBounceByteForByte) {
  EXPECT_EQ(write(report(Kind::qmail)),
            "Date: Mon, 21 Sep 2026 14:13:22 +0000\r\n"
            "From: MAILER-DAEMON@mx.example.com\r\n"
            "To: a@example.com\r\n"
            "Subject: failure notice\r\n"
            "\r\n"
            "Hi. This is the qmail-send program at mx.example.com.\r\n"
            "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
            "This is a permanent error; I've given up. Sorry it didn't work out.\r\n"
            "\r\n"
            "<gone@example.net>:\r\n"
            "mx.example.net does not like recipient.\r\n"
            "Remote host said: 550 5.1.1 User unknown\r\n"
            "Giving up on mx.example.net.\r\n"
            "\r\n"
            "--- Below this line is a copy of the message.\r\n"
            "\r\n"
            "Return-Path: <a@example.com>\r\n" +
                std::string(message));
}

TEST(Report, AnAutoReplyByteForByte) {
  EXPECT_EQ(write(report(Kind::auto_reply)),
            "Date: Mon, 21 Sep 2026 14:13:22 +0000\r\n"
            "From: gone@example.net\r\n"
            "To: a@example.com\r\n"
            "Subject: Auto: Hello there\r\n"
            "Message-ID: <20260921141322.MF00001001.1@mx.example.com>\r\n"
            "In-Reply-To: <1@example.com>\r\n"
            "References: <1@example.com>\r\n"
            "Auto-Submitted: auto-replied\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=\"us-ascii\"\r\n"
            "\r\n"
            "I am out of the office. I read your message when I am back.\r\n");
}

TEST(Report, AComplaintHasTheFieldsOfRfc5965) {
  auto read_back = read(write(report(Kind::complaint)));
  EXPECT_EQ(read_back.report_type, "feedback-report");
  ASSERT_EQ(read_back.blocks.size(), 1u);
  EXPECT_THAT(read_back.blocks[0],
              ElementsAre(Pair("Feedback-Type", "abuse"), Pair("User-Agent", "Mailfault/1"), Pair("Version", "1"),
                          Pair("Original-Envelope-Id", "QQ314159"), Pair("Original-Mail-From", "<a@example.com>"),
                          Pair("Arrival-Date", "Mon, 21 Sep 2026 14:13:20 +0000"),
                          Pair("Reporting-MTA", "dns; mx.example.com"), Pair("Source-IP", "192.0.2.7"),
                          Pair("Original-Rcpt-To", "<gone@example.net>"), Pair("Reported-Domain", "example.com")));
  EXPECT_EQ(ReadReport::value(read_back.header, "subject"), "FW: Hello there");
  EXPECT_EQ(ReadReport::value(read_back.returned, "message-id"), "<1@example.com>");
}

TEST(Report, AnNdrHasHtmlAndTheSameFields) {
  auto text = write(report(Kind::ndr));
  EXPECT_THAT(text, AllOf(HasSubstr("Remote Server returned '550 5.1.1 User unknown'"),
                          HasSubstr("Content-Type: text/html; charset=\"us-ascii\""),
                          HasSubstr("X-MS-Exchange-Message-Is-Ndr:"), HasSubstr("couldn't be delivered")));
  auto read_back = read(text);
  EXPECT_EQ(read_back.blocks, read(write(report(Kind::dsn))).blocks);
  EXPECT_THAT(read_back.text, StartsWith("Your message to gone@example.net couldn't be delivered."));
  EXPECT_EQ(ReadReport::value(read_back.header, "In-Reply-To"), "<1@example.com>");
}

TEST(Report, IsReadBack) {
  auto read_back = read(write(report(Kind::dsn)));
  EXPECT_EQ(read_back.type, "multipart/report");
  EXPECT_EQ(read_back.report_type, "delivery-status");
  ASSERT_EQ(read_back.blocks.size(), 2u);
  EXPECT_EQ(ReadReport::value(read_back.blocks[0], "original-envelope-id"), "QQ314159");
  EXPECT_EQ(ReadReport::value(read_back.blocks[1], "Final-Recipient"), "rfc822; gone@example.net");
  EXPECT_THAT(read_back.text, StartsWith("This is the mail system"));
  EXPECT_EQ(ReadReport::value(read_back.returned, "Message-ID"), "<1@example.com>");
  EXPECT_EQ(ReadReport::value(read_back.returned, "X-None"), "");
}

TEST(Report, ReadsWhatIsNone) {
  EXPECT_THAT(read("").blocks, IsEmpty());
  EXPECT_THAT(read("no header at all").blocks, IsEmpty());
  EXPECT_EQ(
      read("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\nnothing").report_type,
      "delivery-status");
  EXPECT_EQ(read("Subject: hi\r\n\r\nHello\r\n").text, "Hello\r\n");
}

TEST(Report, EachRecipientHasItsBlock) {
  auto two = report(Kind::dsn);
  two.recipients.push_back({"full@example.net", "", "failed", "5.2.2", "x-local; quota", ""});
  auto blocks = read(write(two)).blocks;
  ASSERT_EQ(blocks.size(), 3u);
  EXPECT_EQ(ReadReport::value(blocks[2], "Diagnostic-Code"), "x-local; quota");
  EXPECT_EQ(ReadReport::value(blocks[2], "Original-Recipient"), "");
  EXPECT_EQ(ReadReport::value(blocks[2], "Remote-MTA"), "");
}

TEST(Report, ADelaySaysHowLongItIsTried) {
  auto delayed = report(Kind::dsn);
  delayed.recipients[0].action = "delayed";
  delayed.recipients[0].status = "4.4.1";
  delayed.whole = false;
  auto text = write(delayed);
  EXPECT_THAT(
      text, AllOf(HasSubstr("Will-Retry-Until: Sat, 26 Sep 2026 14:13:20 +0000"), HasSubstr("Subject: Delayed Mail"),
                  HasSubstr("Content-Type: text/rfc822-headers\r\n"), Not(HasSubstr(".Body"))));
  EXPECT_EQ(ReadReport::value(read(text).returned, "Message-ID"), "<1@example.com>");
}

TEST(Report, AddressesOutsideAsciiAreThoseOfRfc6533) {
  auto utf8 = report(Kind::dsn);
  utf8.recipients[0].address = "grüße@example.net";
  EXPECT_THAT(write(utf8), AllOf(HasSubstr("Content-Type: message/global-delivery-status"),
                                 HasSubstr("Final-Recipient: utf-8; grüße@example.net"),
                                 HasSubstr("Content-Type: message/global\r\n")));
  EXPECT_EQ(read(write(utf8)).blocks.size(), 2u);
}

TEST(Report, TextOutsideAsciiIsEncoded) {
  auto reply = report(Kind::auto_reply);
  reply.subject = "Grüße";
  reply.text =
      "Ich bin im Büro\nerst am Montag, und bis dahin lese ich leider keine Post, gar keine, und morgen auch nicht";
  auto text = write(reply);
  for (char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  for (auto line : split(text, '\n')) EXPECT_TRUE(line.empty() || line.ends_with('\r')) << line;
  EXPECT_THAT(read(text).text, StartsWith("Ich bin im Büro\r\nerst am Montag"));
  EXPECT_THAT(text, HasSubstr("Subject: =?utf-8?B?R3LDvMOfZQ==?="));
}

TEST(Report, ValuesCantAddFieldsOrParts) {
  auto bad = report(Kind::dsn);
  bad.recipients[0].diagnostic = "550 no\r\nAction: delivered\nX: y\x01";
  bad.to = "a@example.com\r\nBcc: all@example.org";
  auto boundary = std::string("MF00001001.1790000002/mx.example.com");
  bad.message = "Subject: x\r\n\r\n--" + boundary + "--\r\n--" + boundary + "_--\r\n";
  auto text = write(bad);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("\nBcc:")), Not(HasSubstr("\nAction: delivered")),
                          HasSubstr("boundary=\"" + boundary + "__\"")));
  EXPECT_EQ(read(text).blocks.size(), 2u);
}

TEST(Report, AnEightBitMessageComesBackAsItWas) {
  auto eight = report(Kind::dsn);
  eight.message = "Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9f\x65\r\n";
  EXPECT_THAT(write(eight),
              HasSubstr("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + eight.message));
}

TEST(Xtext, IsDecoded) {
  EXPECT_EQ(from_xtext("rfc822;a+2Bb@example.net"), "rfc822;a+b@example.net");
  EXPECT_EQ(from_xtext("a+2"), "a+2");
  EXPECT_EQ(from_xtext("a+zz+41"), "a+zzA");
  EXPECT_EQ(from_xtext(""), "");
}

}  // namespace
}  // namespace mailfault::mail
