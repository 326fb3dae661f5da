#include "journal/json_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace mailfault {
namespace {

Event with_text(Event event, std::string_view text) {
  event.data = text.data();
  event.size = static_cast<std::uint32_t>(text.size());
  return event;
}

struct Golden {
  Event event;
  std::string_view text;
  std::string_view json;  // the examples of the schema in server/README.md
  std::string_view line;
};

constexpr std::string_view ehlo_reply = "250-mx.example.com\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n";

const std::vector<Golden> goldens{
    {{.at = Micros(312), .kind = EventKind::door, .number = 2525},
     "smtp is open",
     R"({"at":312,"instance":"greylist","kind":"door","port":2525,"text":"smtp is open"})",
     "  0.000s      door      smtp is open (port 2525)"},
    {{.at = Micros(20'417), .connection = 3, .kind = EventKind::connected},
     "smtp from 127.0.0.1:41022",
     R"({"at":20417,"instance":"greylist","connection":3,"kind":"connected","text":"smtp from 127.0.0.1:41022"})",
     "  0.020s  #3  connected smtp from 127.0.0.1:41022"},
    {{.at = Micros(1'204'018), .connection = 3, .kind = EventKind::command, .stage = Stage::mail},
     "MAIL FROM:<a@example.com>",
     R"({"at":1204018,"instance":"greylist","connection":3,"kind":"command","stage":"mail",)"
     R"("text":"MAIL FROM:<a@example.com>"})",
     "  1.204s  #3  mail      C: MAIL FROM:<a@example.com>"},
    {{.at = Micros(1'204'101),
      .span_us = 2'000'350,
      .connection = 3,
      .kind = EventKind::reply,
      .stage = Stage::helo,
      .code = 250},
     ehlo_reply,
     R"({"at":1204101,"to":3204451,"instance":"greylist","connection":3,"kind":"reply","stage":"helo","code":250,)"
     R"("text":"250-mx.example.com\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n"})",
     "  1.204s  #3  helo      S: 250-mx.example.com (+2 lines)"},
    {{.at = Micros(4'000'027), .connection = 3, .kind = EventKind::undelivered, .stage = Stage::message, .code = 250},
     "250 2.0.0 queued",
     R"({"at":4000027,"instance":"greylist","connection":3,"kind":"undelivered","stage":"message","code":250,)"
     R"("text":"250 2.0.0 queued"})",
     "  4.000s  #3  message   S: 250 2.0.0 queued  (the client had left)"},
    {{.at = Micros(1'310'000),
      .span_us = 412,
      .connection = 3,
      .kind = EventKind::content,
      .stage = Stage::content,
      .number = 1043},
     "",
     R"({"at":1310000,"to":1310412,"instance":"greylist","connection":3,"kind":"content","stage":"content",)"
     R"("bytes":1043,"text":""})",
     "  1.310s  #3  content   C: (1043 bytes)"},
    {{.at = Micros(1'310'430), .connection = 3, .kind = EventKind::stored, .stage = Stage::message, .number = 1},
     "2 copies",
     R"({"at":1310430,"instance":"greylist","connection":3,"kind":"stored","stage":"message","message":1,)"
     R"("text":"2 copies"})",
     "  1.310s  #3  message   stored as message 1: 2 copies"},
    {{.at = Micros(1'310'430), .connection = 3, .kind = EventKind::discarded, .stage = Stage::message, .number = 1},
     "",
     R"({"at":1310430,"instance":"greylist","connection":3,"kind":"discarded","stage":"message","bytes":1,)"
     R"("text":""})",
     "  1.310s  #3  message   discarded 1 byte"},
    {{.at = Micros(1'250'000), .connection = 3, .kind = EventKind::fault, .stage = Stage::rcpt, .number = 7},
     "reply 451 4.7.1",
     R"({"at":1250000,"instance":"greylist","connection":3,"kind":"fault","stage":"rcpt","line":7,)"
     R"("text":"reply 451 4.7.1"})",
     "  1.250s  #3  rcpt      !! reply 451 4.7.1  (line 7)"},
    {{.at = Micros(1'300'555), .connection = 3, .kind = EventKind::violation},
     "bare_lf in the body",
     R"({"at":1300555,"instance":"greylist","connection":3,"kind":"violation","text":"bare_lf in the body"})",
     "  1.301s  #3            ?? bare_lf in the body"},
    {{.at = Micros(30'100), .connection = 3, .kind = EventKind::fact},
     "TLSv1.3 TLS_AES_256_GCM_SHA384",
     R"({"at":30100,"instance":"greylist","connection":3,"kind":"fact","text":"TLSv1.3 TLS_AES_256_GCM_SHA384"})",
     "  0.030s  #3  fact      TLSv1.3 TLS_AES_256_GCM_SHA384"},
    {{.at = Micros(30'200), .connection = 3, .kind = EventKind::tls, .stage = Stage::handshake},
     "alert_received unknown_ca fatal",
     R"({"at":30200,"instance":"greylist","connection":3,"kind":"tls","text":"alert_received unknown_ca fatal"})",
     "  0.030s  #3  tls       alert_received unknown_ca fatal"},
    {{.at = Micros(1'400'000), .connection = 3, .kind = EventKind::ended},
     "client: closed after QUIT",
     R"({"at":1400000,"instance":"greylist","connection":3,"kind":"ended","text":"client: closed after QUIT"})",
     "  1.400s  #3  ended     client: closed after QUIT"},
    {{.at = Micros(5'000'000), .kind = EventKind::swallowed, .number = 4},
     "smtp",
     R"({"at":5000000,"instance":"greylist","kind":"swallowed","syns":4,"text":"smtp"})",
     "  5.000s      swallowed 4 SYNs: smtp"},
    {{.at = Micros(1'500'000), .connection = 3, .kind = EventKind::error, .number = 12},
     "greylist.lua:12: attempt to index a nil value",
     R"({"at":1500000,"instance":"greylist","connection":3,"kind":"error","line":12,)"
     R"("text":"greylist.lua:12: attempt to index a nil value"})",
     "  1.500s  #3            ERROR greylist.lua:12: attempt to index a nil value  (line 12)"},
    {{.at = Micros(3'600'000'000), .kind = EventKind::limit},
     "10000 connections at once",
     R"({"at":3600000000,"instance":"greylist","kind":"limit","text":"10000 connections at once"})",
     "3600.000s      limit     10000 connections at once"},
    {{.at = Micros(3'310'430), .kind = EventKind::bounce, .number = 2},
     "dsn failed 5.1.1 of gone@example.net to a@example.com, about message 1",
     R"({"at":3310430,"instance":"greylist","kind":"bounce","bounce":2,)"
     R"("text":"dsn failed 5.1.1 of gone@example.net to a@example.com, about message 1"})",
     "  3.310s      bounce    2: dsn failed 5.1.1 of gone@example.net to a@example.com, about message 1"},
    {{.at = Micros(3'320'000), .kind = EventKind::delivery, .number = 2},
     "delivered to 127.0.0.1:2526: 250 Ok",
     R"({"at":3320000,"instance":"greylist","kind":"delivery","bounce":2,)"
     R"("text":"delivered to 127.0.0.1:2526: 250 Ok"})",
     "  3.320s      delivery  2: delivered to 127.0.0.1:2526: 250 Ok"},
};

TEST(Json, GoldenLines) {
  for (const auto& golden : goldens)
    EXPECT_EQ(to_json(with_text(golden.event, golden.text), "greylist"), golden.json);
}

TEST(Json, GoldensHaveEveryKind) {
  ASSERT_EQ(goldens.size(), event_kind_count);
  for (std::size_t i = 0; i < goldens.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(goldens[i].event.kind), i);
}

TEST(Json, EveryGoldenLineIsAnObjectWithTheEventsText) {
  for (const auto& golden : goldens) {
    auto value = boost::json::parse(to_json(with_text(golden.event, golden.text), "greylist"));
    EXPECT_EQ(value.at("kind").as_string(), name_of(golden.event.kind));
    EXPECT_EQ(value.at("text").as_string(), golden.text);
    EXPECT_EQ(value.at("at").as_int64(), golden.event.at.count());
  }
}

TEST(Json, ANumberWithoutAMeaningOfItsOwnIsShownIfThereIsOne) {
  Event event{.at = Micros(1), .kind = EventKind::limit, .number = 9};
  EXPECT_EQ(to_json(event, ""), R"({"at":1,"instance":"","kind":"limit","number":9,"text":""})");
  event = {.at = Micros(1), .kind = EventKind::error};
  EXPECT_EQ(to_json(event, ""), R"({"at":1,"instance":"","kind":"error","line":0,"text":""})");
}

TEST(Json, ControlCharactersAreEscaped) {
  std::string text = "a\"b\\c\r\n\t";
  text += '\0';
  text += "\x01\x1f\x7f";
  auto line = to_json(with_text({.at = Micros(1), .kind = EventKind::fact}, text), "");
  EXPECT_EQ(line, R"({"at":1,"instance":"","kind":"fact","text":"a\"b\\c\r\n\t\u0000\u0001\u001f\u007f"})");
  EXPECT_EQ(boost::json::parse(line).at("text").as_string(), text);
}

TEST(Json, Utf8StaysAsItIs) {
  auto line = to_json(with_text({.at = Micros(1), .kind = EventKind::fact}, "Grüße, 世界 🙂"), "Ümlaut");
  EXPECT_EQ(line, R"({"at":1,"instance":"Ümlaut","kind":"fact","text":"Grüße, 世界 🙂"})");
}

TEST(Json, WhatIsNotUtf8IsGivenAsLatin1) {
  auto line = to_json(with_text({.at = Micros(1), .kind = EventKind::command, .stage = Stage::command},
                                "\xff\x80 Gr\xfc\xdf"
                                "e"),
                      "x");
  EXPECT_EQ(line,
            "{\"at\":1,\"instance\":\"x\",\"kind\":\"command\",\"stage\":\"command\","
            "\"text\":\"\u00ff\xc2\x80 Gr\u00fc\u00dfe\",\"latin1\":true}");
}

TEST(Json, EveryByteCanBeHadBackFromLatin1) {
  std::string bytes = "\xc3\xbc valid beside ";
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  auto value = boost::json::parse(to_json(with_text({.at = Micros(1), .kind = EventKind::command}, bytes), ""));
  ASSERT_TRUE(value.at("latin1").as_bool());
  std::string back;
  const auto& text = value.at("text").as_string();
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    back += byte < 0x80 ? text[i] : static_cast<char>((byte & 3) << 6 | (text[++i] & 0x3f));
  }
  EXPECT_EQ(back, bytes);
}

TEST(Json, BrokenUtf8OfEveryKindIsSeen) {
  for (std::string_view text :
       {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xe4\xb8", "\xf0\x9f\x99", "\xc3(", "\xfe"}) {
    auto line = to_json(with_text({.at = Micros(1), .kind = EventKind::fact}, text), "");
    EXPECT_THAT(line, testing::EndsWith(",\"latin1\":true}")) << line;
    EXPECT_NO_THROW(boost::json::parse(line)) << line;
  }
  for (std::string_view text : {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    auto line = to_json(with_text({.at = Micros(1), .kind = EventKind::fact}, text), "");
    EXPECT_EQ(boost::json::parse(line).at("text").as_string(), text);
    EXPECT_THAT(line, testing::Not(testing::HasSubstr("latin1")));
  }
}

TEST(Json, AMessageOfTheLedger) {
  Ledger ledger;
  std::vector<std::string_view> recipients{"b@example.com", "c@example.com"};
  const auto& message = ledger.store(3, Micros(1'310'430), "smtp", "a@example.com", recipients,
                                     "Message-ID: <1@example.com>\r\nSubject: hello\r\n\r\nhi\r\n");
  EXPECT_EQ(
      to_json(message),
      R"({"message":1,"at":1310430,"connection":3,"door":"smtp","from":"a@example.com",)"
      R"("recipients":["b@example.com","c@example.com"],"message_id":"1@example.com","subject":"hello","size":51,)"
      R"("hash":"f483b7bd42dda484","text_kept":true,)"
      R"("text":"Message-ID: <1@example.com>\r\nSubject: hello\r\n\r\nhi\r\n"})");
  EXPECT_NO_THROW(boost::json::parse(to_json(message)));
}

TEST(Json, AMessageThatIsNotUtf8IsInBase64) {
  Ledger ledger;
  std::string_view text =
      "Subject: Gr\xfc\xdf"
      "e\r\n\r\n";
  auto value = boost::json::parse(to_json(ledger.store(1, {}, "smtp", "", {}, text)));
  EXPECT_EQ(value.at("base64").as_string(), base64(text));
  EXPECT_EQ(value.at("subject").as_string(), "Grüße");
  EXPECT_TRUE(value.at("latin1").as_bool());
  EXPECT_EQ(value.at("recipients").as_array().size(), 0u);
  EXPECT_FALSE(value.as_object().contains("text"));
}

TEST(Json, AMessageWhoseTextWasNotKept) {
  Ledger ledger(3);
  auto value = boost::json::parse(to_json(ledger.store(1, {}, "smtp", "", {}, "Subject: x\r\n\r\n")));
  EXPECT_FALSE(value.at("text_kept").as_bool());
  EXPECT_FALSE(value.as_object().contains("text"));
  EXPECT_FALSE(value.as_object().contains("base64"));
  EXPECT_EQ(value.at("size").as_int64(), 14);
}

TEST(Text, GoldenLines) {
  for (const auto& golden : goldens) EXPECT_EQ(to_text(with_text(golden.event, golden.text), "", false), golden.line);
}

TEST(Text, NamesTheInstanceIfItHasAName) {
  auto event = with_text({.at = Micros(1'204'000), .connection = 12, .kind = EventKind::ended}, "client: reset");
  EXPECT_EQ(to_text(event, "greylist", false), "  1.204s  greylist  #12 ended     client: reset");
  event.connection = 12345;
  EXPECT_EQ(to_text(event, "", false), "  1.204s  #12345 ended     client: reset");
}

TEST(Text, ColorsAreSparse) {
  auto event = with_text({.at = Micros(1000), .kind = EventKind::fault, .stage = Stage::rcpt, .number = 7}, "close");
  EXPECT_EQ(to_text(event, "", true), "\x1b[2m  0.001s\x1b[0m      rcpt      \x1b[33m!! close  (line 7)\x1b[0m");
  event.kind = EventKind::error;
  EXPECT_EQ(to_text(event, "", true), "\x1b[2m  0.001s\x1b[0m                \x1b[31mERROR close  (line 7)\x1b[0m");
  event.kind = EventKind::violation;
  EXPECT_EQ(to_text(event, "", true), "\x1b[2m  0.001s\x1b[0m                \x1b[31m?? close\x1b[0m");
  event.kind = EventKind::reply;
  EXPECT_EQ(to_text(event, "", true), "\x1b[2m  0.001s\x1b[0m      rcpt      S: close");
}

TEST(Text, ControlCharactersBecomeQuestionMarks) {
  auto command = [](std::string_view text) {
    return to_text(with_text({.at = Micros(1), .kind = EventKind::command, .stage = Stage::noop}, text), "", false);
  };
  EXPECT_EQ(command("a\x1b[31m\r\nb\x7f\t"), "  0.000s      noop      C: a?[31m??b??");
  EXPECT_EQ(command("\xc2\x9b\x33\x31m \xc2\xa0"), "  0.000s      noop      C: ?31m \u00a0");
  EXPECT_EQ(command("Gr\xfc\x9b"), "  0.000s      noop      C: Gr\u00fc?");
  EXPECT_EQ(command(""), "  0.000s      noop      C:");
}

TEST(Text, ALongReplyShowsItsFirstLine) {
  auto reply = [](std::string_view text) {
    return to_text(with_text({.at = Micros(1), .kind = EventKind::reply, .stage = Stage::helo}, text), "", false);
  };
  EXPECT_THAT(reply("250 ok\r\n"), testing::EndsWith("S: 250 ok"));
  EXPECT_THAT(reply("250-a\r\n250 b\r\n"), testing::EndsWith("S: 250-a (+1 line)"));
  EXPECT_THAT(reply("250-a\n250-b\n250 c"), testing::EndsWith("S: 250-a (+2 lines)"));
  EXPECT_THAT(reply("\r\n"), testing::EndsWith("S: "));
}

}  // namespace
}  // namespace mailfault
