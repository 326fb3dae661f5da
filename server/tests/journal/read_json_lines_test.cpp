#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "journal/json_lines.hpp"

namespace mailfault {
namespace {

class ReadJsonLines : public testing::Test {
 protected:
  ReadJsonLines() {
    char name[] = "/tmp/mailfault-test-XXXXXX";
    int file = mkstemp(name);
    EXPECT_GE(file, 0);
    close(file);
    path_ = name;
  }
  ~ReadJsonLines() override { std::remove(path_.c_str()); }

  Recording read(const std::string& text) const {
    std::ofstream(path_, std::ios::binary) << text;
    return read_json_lines(path_);
  }
  std::string refusal(const std::string& text) const {
    try {
      read(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  std::string path_;
};

Event with_text(Event event, std::string_view text) {
  event.data = text.data();
  event.size = static_cast<std::uint32_t>(text.size());
  return event;
}

TEST_F(ReadJsonLines, EveryKindComesBackAsItWas) {
  std::vector<Event> events;
  for (std::size_t kind = 0; kind < event_kind_count; ++kind)
    events.push_back(with_text({.at = Micros(1000 * static_cast<int>(kind)),
                                .span_us = static_cast<std::uint32_t>(kind * 7),
                                .connection = static_cast<std::uint32_t>(kind % 3),
                                .kind = static_cast<EventKind>(kind),
                                .stage = Stage::mail,
                                .code = static_cast<std::uint16_t>(kind == 3 ? 250 : 0),
                                .number = kind * 11},
                               kind % 2 == 0 ? "250-a\r\n\x01\"\\ Gr\xc3\xbc\xc3\x9f" : "Gr\xfc\xdf \xff\x80"));
  std::string text;
  for (const auto& event : events) text += to_json(event, "greylist") + "\n";
  auto recording = read(text);
  ASSERT_EQ(recording.runs.size(), 1u);
  EXPECT_EQ(recording.runs[0].instance, "greylist");
  const auto& journal = *recording.runs[0].journal;
  ASSERT_EQ(journal.size(), events.size());
  ASSERT_EQ(recording.order.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(recording.order[i].event, i);
    EXPECT_EQ(journal[i].text(), events[i].text());
    EXPECT_EQ(to_json(journal[i], "greylist"), to_json(events[i], "greylist"));
  }
}

TEST_F(ReadJsonLines, ServersSideBySideAndAgain) {
  auto recording =
      read(R"({"at":1,"instance":"a","kind":"fact","text":"scenario a, seed 1, time scale 1"})"
           "\r\n\n"
           R"({"at":1,"instance":"b","kind":"fact","text":"scenario b, seed 1, time scale 1"})"
           "\n"
           R"({"at":9,"instance":"a","connection":1,"kind":"command","stage":"command","text":"NOOP"})"
           "\n"
           R"({"at":2,"instance":"a","kind":"fact","text":"scenario a, seed 2, time scale 1"})"
           "\n"
           R"({"at":3,"instance":"a","kind":"a kind of later","more":[1,2]})"
           "\n"
           R"({"at":3,"instance":"a","connection":1,"kind":"command","stage":"command","text":"QUIT","new":null})");
  ASSERT_EQ(recording.runs.size(), 3u);
  EXPECT_EQ(recording.runs[0].journal->size(), 2u);
  EXPECT_EQ(recording.runs[1].instance, "b");
  ASSERT_EQ(recording.runs[2].journal->size(), 2u);
  EXPECT_EQ((*recording.runs[2].journal)[1].text(), "QUIT");
  EXPECT_EQ(recording.order.size(), 5u);
  EXPECT_EQ(recording.order[2].run, 0u);
}

TEST_F(ReadJsonLines, WhatIsWrongIsSaidWithItsLine) {
  constexpr std::string_view good = R"({"at":1,"instance":"a","kind":"fact","text":"x"})";
  struct {
    std::string_view line, says;
  } const bad[] = {
      {R"({"at":1,"instance":"a","kind":"fa)", "no JSON"},
      {R"([1])", "no JSON object"},
      {R"({"at":1,"instance":"a","text":"x"})", "'kind' is missing; it is a text"},
      {R"({"instance":"a","kind":"fact","text":"x"})", "'at' is missing; it is a whole number"},
      {R"({"at":-1,"instance":"a","kind":"fact","text":"x"})", "'at' isn't a whole number"},
      {R"({"at":1.5,"instance":"a","kind":"fact","text":"x"})", "'at' isn't a whole number"},
      {R"({"at":5,"to":4,"instance":"a","kind":"fact","text":"x"})", "'to' isn't a moment"},
      {R"({"at":5,"to":99999999999,"instance":"a","kind":"fact","text":"x"})", "'to' isn't a moment"},
      {R"({"at":5,"instance":7,"kind":"fact","text":"x"})", "'instance' isn't a text"},
      {R"({"at":5,"instance":"a","kind":"fact"})", "'text' is missing"},
      {R"({"at":5,"instance":"a","kind":"reply","text":"x"})", "'stage' is missing"},
      {R"({"at":5,"instance":"a","kind":"reply","stage":"rcptt","text":"x"})", "'stage' isn't a stage's name"},
      {R"({"at":5,"instance":"a","kind":"reply","stage":"rcpt","code":10000,"text":"x"})", "'code' isn't"},
      {R"({"at":5,"instance":"a","connection":4294967296,"kind":"fact","text":"x"})", "'connection' isn't"},
      {"{\"at\":5,\"instance\":\"a\",\"kind\":\"fact\",\"text\":\"\u20ac\",\"latin1\":true}", "in Latin-1"},
  };
  for (const auto& each : bad) {
    auto said = refusal(std::string(good) + "\n" + std::string(each.line) + "\n" + std::string(good) + "\n");
    EXPECT_THAT(said, testing::HasSubstr(path_ + ":2: ")) << each.line;
    EXPECT_THAT(said, testing::HasSubstr(each.says)) << each.line;
  }
  EXPECT_THAT(refusal("\n"), testing::HasSubstr("there is no event in it"));
  EXPECT_THROW(read_json_lines("/tmp"), Error);
  EXPECT_THROW(read_json_lines(path_ + ".none"), Error);
}

TEST_F(ReadJsonLines, KnownByItsEndingOrItsBeginning) {
  EXPECT_TRUE(looks_like_json_lines("any.jsonl"));
  EXPECT_FALSE(looks_like_json_lines("any.json"));
  read(R"({"at":1,"instance":"a","kind":"fact","text":"x"})");
  EXPECT_TRUE(looks_like_json_lines(path_));
  std::ofstream(path_) << "scenario { }";
  EXPECT_FALSE(looks_like_json_lines(path_));
}

TEST(WholeText, EachLineOfAReplyUnderTheOneBefore) {
  auto event = with_text({.at = Micros(1000), .connection = 1, .kind = EventKind::reply, .stage = Stage::helo},
                         "250-a\r\n250-b\x1b\r\n250 c\r\n");
  EXPECT_EQ(to_whole_text(event, "", false),
            "  0.001s  #1  helo      S: 250-a\n"
            "                           250-b?\n"
            "                           250 c");
  event.kind = EventKind::undelivered;
  EXPECT_THAT(to_whole_text(event, "x", false),
              testing::StartsWith("  0.001s  x  #1  helo      S: 250-a  (the client"));
  event = with_text({.at = Micros(1000), .kind = EventKind::command, .stage = Stage::command}, "a\nb");
  EXPECT_EQ(to_whole_text(event, "", false), to_text(event, "", false));
}

}  // namespace
}  // namespace mailfault
