#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/supervise.hpp"
#include "tests/runner/written_file.hpp"

namespace mailfault::runner {
namespace {

using ::testing::HasSubstr;

class ReportFile : public WrittenFile<read_report> {
 protected:
  ReportFile() : WrittenFile("") {}
};

TEST_F(ReportFile, ALineAMessage) {
  auto words = read(
      "# what our outbox says\n"
      "sent <a.1@client.example>\r\n"
      "\n"
      "  permanent\t<a.2@client.example>  b@example.net   # the only one\n"
      "temporary\n"
      "refused c@example.net\n"
      "misconfigured <a#3@client.example> <Postmaster>\n"
      "failed");
  ASSERT_EQ(words.size(), 6u);
  auto is = [&](std::size_t i, Word word, const std::string& id, const std::string& recipient, int line) {
    EXPECT_EQ(words[i].word, word);
    EXPECT_EQ(words[i].message_id, id);
    EXPECT_EQ(words[i].recipient, recipient);
    EXPECT_EQ(words[i].origin, "line " + std::to_string(line) + " of the report");
  };
  is(0, Word::sent, "a.1@client.example", "", 2);
  is(1, Word::permanent, "a.2@client.example", "b@example.net", 4);
  is(2, Word::temporary, "", "", 5);
  is(3, Word::refused, "", "c@example.net", 6);
  is(4, Word::misconfigured, "a#3@client.example", "Postmaster", 7);
  is(5, Word::failed, "", "", 8);
}

TEST_F(ReportFile, MaySayNothing) {
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("\n# nothing\n").empty());
  unlink(path_.c_str());
  EXPECT_TRUE(read_report(path_).empty());
}

TEST_F(ReportFile, Mistakes) {
  EXPECT_EQ(
      error_of("sent\ndelivered <a@b>\n"),
      ":2: 'delivered' is no word on a message; a line is WORD [<message-id>] [recipient], and WORD one of sent, "
      "temporary, permanent, misconfigured, refused, failed");
  EXPECT_THAT(error_of("temporry"), HasSubstr(":1: 'temporry' is no word on a message (did you mean 'temporary'?)"));
  EXPECT_THAT(error_of("none"), HasSubstr("'none' is no word"));
  EXPECT_THAT(error_of("sent <a@b"), HasSubstr(":1: the message-id lacks its '>'"));
  EXPECT_THAT(error_of("sent now"), HasSubstr("'now' is no recipient"));
  EXPECT_THAT(error_of("sent <a@b> c@d e@f"), HasSubstr("too much on the line"));
  EXPECT_THAT(error_of("\x1b[31msent"), HasSubstr("'?[31msent'"));
  EXPECT_LT(error_of(std::string(100000, 'x')).size(), 400u);
}

TEST_F(ReportFile, IsBounded) {
  EXPECT_EQ(read(std::string(4 << 20, '\n')).size(), 0u);
  EXPECT_EQ(error_of(std::string((4 << 20) + 1, '\n')),
            ": the report is larger than 4 MiB: write a line for each message");
}

TEST_F(ReportFile, MustBeAFileThatCanBeRead) {
  unlink(path_.c_str());
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_THROW(read_report(path_), Error);
  rmdir(path_.c_str());
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(read_report(path_).empty());
}

}  // namespace
}  // namespace mailfault::runner
