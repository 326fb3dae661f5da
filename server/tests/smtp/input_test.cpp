#include "smtp/input.hpp"

#include <gmock/gmock.h>
#include <malloc.h>

#include <memory>
#include <ostream>

#include "splits.hpp"

namespace mailfault::smtp {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

struct Taken {
  std::string text;
  std::uint64_t offset;
  std::size_t size;
  bool bare_lf, bare_cr, nul, too_long;
  bool operator==(const Taken&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Taken& line) {
  return out << '"' << shown(line.text) << "\" at " << line.offset << " of " << line.size
             << (line.bare_lf ? " bare-lf" : "") << (line.bare_cr ? " bare-cr" : "") << (line.nul ? " nul" : "")
             << (line.too_long ? " too-long" : "");
}

struct Outcome {
  std::vector<Taken> lines;
  std::uint64_t taken_or_pending;  // of an unfinished line, all that came of it
  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  for (const Taken& line : outcome.lines) out << line << '\n';
  return out << "then " << outcome.taken_or_pending << " bytes";
}

void take_all(Input& input, std::vector<Taken>& lines) {
  while (true) {
    const std::optional<std::string_view> peeked = input.peek_line();
    const std::optional<std::string> expected = peeked ? std::optional<std::string>(*peeked) : std::nullopt;
    const std::optional<Line> line = input.take_line();
    if (line && !line->too_long) {
      EXPECT_EQ(expected, line->text);
    } else {
      EXPECT_EQ(expected, std::nullopt);
    }
    if (!line) return;
    lines.push_back(
        {std::string(line->text), line->offset, line->size, line->bare_lf, line->bare_cr, line->nul, line->too_long});
  }
}

// Feeds each chunk from memory that dies as soon as keep() was called: after every chunk, or after every second.
Outcome outcome_of(const Chunks& chunks, std::size_t keep_every) {
  Input input;
  Outcome outcome{};
  std::vector<std::unique_ptr<std::string>> alive;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    alive.push_back(std::make_unique<std::string>(chunks[i]));
    input.feed(*alive.back());
    take_all(input, outcome.lines);
    if ((i + 1) % keep_every == 0) {
      input.keep();
      alive.clear();
    }
  }
  outcome.taken_or_pending = input.dropped_of_line() + input.pending().size();
  EXPECT_EQ(input.taken() + input.pending().size(), input.received());
  return outcome;
}

std::vector<Taken> lines_of(std::string_view bytes) { return outcome_of({std::string(bytes)}, 1).lines; }

class InputSplits : public ::testing::TestWithParam<std::string> {};

TEST_P(InputSplits, GiveTheSameLines) {
  const Outcome whole = outcome_of({GetParam()}, 1);
  for (const Chunks& chunks : splits_of(GetParam())) {
    for (std::size_t keep_every : {1, 2, 5}) {
      ASSERT_EQ(outcome_of(chunks, keep_every), whole)
          << shown(GetParam()) << " in " << chunks.size() << " chunks, kept every " << keep_every;
    }
  }
}

constexpr std::size_t longest = Input::longest_line;

INSTANTIATE_TEST_SUITE_P(
    Nasty, InputSplits,
    ::testing::Values(
        "", "\n", "\r\n", "\r", "\r\r\n", "\n\r\n\r", "\r\n\n\r\n\n", "EHLO a\r\nMAIL FROM:<>\r\nQUIT\r\n",
        "EHLO a\nQUIT\nunfinished", "a\rb\r\nc\r\r\nd\r", "\0\r\n\0\0\nx\0\r\n"s, ".\r\n..\r\n\n.\n",
        repeated(300, "RCPT TO:<someone@example.org>\r\n") + "DATA", std::string(longest - 2, 'x') + "\r\nNOOP\r\n",
        std::string(longest - 1, 'x') + "\r\nNOOP\r\n", std::string(longest - 1, 'x') + "\nNOOP\r\n",
        std::string(longest, 'x') + "\nNOOP\r\n", std::string(longest - 1, 'x') + "\r\r\nNOOP\r\n",
        "NOOP\r\n" + std::string(20000, 'x') + "\r\nNOOP\r\n", std::string(20000, '\r') + "\nNOOP\r\n",
        std::string(15000, 'x') + "\0"s + std::string(5000, 'x') + "\n\n",
        std::string(15000, 'x') + "\r" + std::string(5000, 'x') + "\r\n" + std::string(14000, 'y') + "\nQUIT\r\n",
        repeated(3, std::string(13000, 'z') + "\r\n"), std::string(60000, 'e'), std::string(longest, 'x') + "\r",
        repeated(3000, "\r\n")));

TEST(Input, GivesLinesWithoutTheirEndings) {
  EXPECT_THAT(lines_of("EHLO a\r\nQUIT\n"), ElementsAre(Taken{"EHLO a", 0, 8, false, false, false, false},
                                                        Taken{"QUIT", 8, 5, true, false, false, false}));
}

TEST(Input, NotesWhatStandsInsideALine) {
  EXPECT_THAT(lines_of("a\rb\r\n\r\r\nx\0y\r\n"s), ElementsAre(Taken{"a\rb", 0, 5, false, true, false, false},
                                                               Taken{"\r", 5, 3, false, true, false, false},
                                                               Taken{"x\0y"s, 8, 5, false, false, true, false}));
}

TEST(Input, KeepsTheBeginningOfALineThatIsTooLong) {
  EXPECT_THAT(lines_of("MAIL" + std::string(20000, 'x') + "\r\nQUIT\r\n"),
              ElementsAre(Taken{"MAIL" + std::string(508, 'x'), 0, 20006, false, false, false, true},
                          Taken{"QUIT", 20006, 6, false, false, false, false}));
}

TEST(Input, TakesTheLongestLineWhole) {
  EXPECT_THAT(lines_of(std::string(longest - 2, 'x') + "\r\n"),
              ElementsAre(Taken{std::string(longest - 2, 'x'), 0, longest, false, false, false, false}));
}

TEST(Input, CountsWhatItDropsOfAnEndlessLine) {
  Input input;
  const std::string block(4096, 'x');
  for (int i = 0; i < 1000; ++i) {
    input.feed(block);
    EXPECT_FALSE(input.take_line());
    input.keep();
  }
  EXPECT_EQ(input.dropped_of_line(), 4096000u);
  EXPECT_EQ(input.taken(), 4096000u);
  EXPECT_THAT(input.pending(), IsEmpty());
  input.feed("\r\nQUIT\r\n");
  EXPECT_EQ(input.peek_line(), std::nullopt);
  EXPECT_TRUE(input.take_line()->too_long);
  EXPECT_EQ(input.dropped_of_line(), 0u);
  EXPECT_EQ(input.take_line()->offset, 4096002u);
}

TEST(Input, PeeksWithoutTaking) {
  Input input;
  input.feed("EHLO a\r\nQUIT\r\n");
  EXPECT_THAT(input.peek_line(), Optional(std::string_view("EHLO a")));
  EXPECT_EQ(input.taken(), 0u);
  EXPECT_EQ(input.take_line()->text, "EHLO a");
  EXPECT_THAT(input.peek_line(), Optional(std::string_view("QUIT")));
}

TEST(Input, PeeksAtNothingUnfinishedOrTooLong) {
  Input input;
  input.feed("EHLO");
  EXPECT_EQ(input.peek_line(), std::nullopt);
  input.feed(" a\r\n");
  EXPECT_THAT(input.peek_line(), Optional(std::string_view("EHLO a")));

  Input other;
  const std::string bytes = std::string(longest, 'x') + "\r\n";
  other.feed(bytes);
  EXPECT_EQ(other.peek_line(), std::nullopt);
  EXPECT_TRUE(other.take_line()->too_long);
}

TEST(Input, SkipsBytesForTheReaderOfTheBody) {
  Input input;
  input.feed("DATA\r\nbody\r\n.\r\nQUIT\r\n");
  input.take_line();
  EXPECT_EQ(input.pending(), "body\r\n.\r\nQUIT\r\n");
  input.skip(9);
  EXPECT_EQ(input.taken(), 15u);
  const std::optional<Line> line = input.take_line();
  EXPECT_EQ(line->text, "QUIT");
  EXPECT_EQ(line->offset, 15u);
}

TEST(Input, SkipsPartOfWhatItSearched) {
  Input input;
  input.feed("abc");
  EXPECT_FALSE(input.take_line());
  input.skip(2);
  input.feed("\r\nx\r\n");
  EXPECT_EQ(input.take_line()->text, "c");
  EXPECT_EQ(input.take_line()->text, "x");
}

TEST(Input, DiscardsAllThatIsPending) {
  Input input;
  input.feed("STARTTLS\r\nRSET\r\nNO");
  input.take_line();
  EXPECT_EQ(input.discard(), 8u);
  EXPECT_EQ(input.taken(), input.received());
  input.feed("OP\r\n");
  EXPECT_EQ(input.take_line()->text, "OP");
}

TEST(Input, DiscardsTheLineThatItWasDropping) {
  Input input;
  const std::string beginning(20000, 'x');
  input.feed(beginning);
  EXPECT_FALSE(input.take_line());
  input.discard();
  EXPECT_EQ(input.dropped_of_line(), 0u);
  input.feed("NOOP\r\n");
  const std::optional<Line> line = input.take_line();
  EXPECT_EQ(line->text, "NOOP");
  EXPECT_EQ(line->offset, 20000u);
}

TEST(Input, ALineLivesUntilTheInputIsUsedAgain) {
  Input input;
  input.feed("unfinished command lin");
  input.keep();
  input.feed("e\r\n");
  const std::optional<Line> line = input.take_line();
  EXPECT_EQ(line->text, "unfinished command line");
}

TEST(Input, HoldsNoMemoryWhenNothingIsPending) {
  Input input;
  const std::string half(8000, 'x');
  const std::string too_long(20000, 'x');
  const auto before = mallinfo2().uordblks;
  input.feed(half);
  input.keep();
  input.feed("\r\n");
  input.take_line();
  input.keep();
  input.feed(too_long);
  input.take_line();
  input.keep();
  input.feed("\r\n");
  input.take_line();
  input.keep();
  const auto after = mallinfo2().uordblks;
  EXPECT_LE(after, before + 1024);  // glibc's own caches count as in use
}

}  // namespace
}  // namespace mailfault::smtp
