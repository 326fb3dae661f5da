#include "smtp/body.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <memory>
#include <ostream>
#include <tuple>

#include "splits.hpp"

namespace mailfault::smtp {
namespace {

using namespace std::string_literals;

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

struct Seen {
  std::string text;
  std::uint64_t size;
  std::uint64_t taken;
  std::uint32_t bare_lf, bare_cr, nul, lines_over_998;
  bool eight_bit, complete, over_limit;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << '"' << shown(seen.text) << "\" (" << seen.text.size() << ") size " << seen.size << " taken "
             << seen.taken << " bare-lf " << seen.bare_lf << " bare-cr " << seen.bare_cr << " nul " << seen.nul
             << " long " << seen.lines_over_998 << (seen.eight_bit ? " 8bit" : "")
             << (seen.complete ? " complete" : "") << (seen.over_limit ? " over" : "");
}

Seen look(const BodyReader& body, std::uint64_t taken) {
  const BodyFacts& facts = body.facts();
  return {body.text(), body.size(),          taken,           facts.bare_lf,   facts.bare_cr,
          facts.nul,   facts.lines_over_998, facts.eight_bit, body.complete(), body.over_limit()};
}

// What was seen at each stop, and at the end. Stops are `step` apart.
std::vector<Seen> stops_of(const Chunks& chunks, std::uint64_t step, std::uint64_t limit = unlimited) {
  BodyReader body(limit);
  std::vector<Seen> stops;
  std::uint64_t stop_at = step;
  std::uint64_t taken = 0;
  for (const std::string& chunk : chunks) {
    const std::vector<char> exact(chunk.begin(), chunk.end());  // so that a sanitizer sees a read behind it
    std::string_view rest(exact.data(), exact.size());
    while (!rest.empty() && !body.complete()) {
      const std::size_t count = body.feed(rest, stop_at);
      taken += count;
      rest.remove_prefix(count);
      if (body.size() >= stop_at) {
        EXPECT_EQ(body.size(), stop_at);
        stops.push_back(look(body, taken));
        stop_at += step;
      } else if (!rest.empty()) {
        EXPECT_TRUE(body.complete());
      }
    }
  }
  stops.push_back(look(body, taken));
  return stops;
}

Seen end_of(std::string_view bytes, std::uint64_t limit = unlimited) {
  return stops_of({std::string(bytes)}, BodyReader::no_stop, limit).back();
}

// The same by another road: a byte at a time over bytes that are all there.
Seen expected_end_of(const std::string& bytes) {
  Seen seen{};
  std::size_t at = 0;
  bool line_start = true;
  while (at < bytes.size()) {
    if (line_start && bytes[at] == '.') {
      const std::string behind = bytes.substr(at + 1, 2);
      if (behind == "\r\n") {
        seen.taken = at + 3;
        seen.complete = true;
        break;
      }
      if (behind.empty() || behind == "\r") break;
      ++at;
      ++seen.size;
    }
    seen.text += bytes[at++];
    ++seen.size;
    line_start = seen.text.ends_with("\r\n");
  }
  if (!seen.complete) seen.taken = bytes.size();

  std::size_t line = 0;
  for (std::size_t i = 0; i < seen.text.size(); ++i) {
    const char c = seen.text[i];
    const bool last = i + 1 == seen.text.size();
    const bool crlf = c == '\r' && !last && seen.text[i + 1] == '\n';
    if (crlf) {
      line = 0;
      ++i;
      continue;
    }
    if (c == '\r' && last) break;
    if (c == '\r') ++seen.bare_cr;
    if (c == '\n') ++seen.bare_lf;
    if (c == '\0') ++seen.nul;
    if (static_cast<unsigned char>(c) > 127) seen.eight_bit = true;
    if (++line == 999) ++seen.lines_over_998;
  }
  return seen;
}

class BodySplits : public ::testing::TestWithParam<std::string> {};

TEST_P(BodySplits, AgreeWithTheSlowRoad) { EXPECT_EQ(end_of(GetParam()), expected_end_of(GetParam())); }

TEST_P(BodySplits, GiveTheSameTextSizeAndFacts) {
  const Seen whole = end_of(GetParam());
  for (const Chunks& chunks : splits_of(GetParam())) {
    ASSERT_EQ(stops_of(chunks, BodyReader::no_stop).back(), whole) << chunks.size() << " chunks";
  }
}

TEST_P(BodySplits, StopAtTheSamePlaces) {
  const std::string& bytes = GetParam();
  const std::uint64_t few = std::max<std::uint64_t>(1, bytes.size() / 40);
  for (std::uint64_t step : {few, few + 1, 2 * few + 1}) {
    const std::vector<Seen> whole = stops_of({bytes}, step);
    EXPECT_EQ(whole.back(), end_of(bytes)) << "stops of " << step;
    for (const Chunks& chunks : splits_of(bytes)) {
      ASSERT_EQ(stops_of(chunks, step), whole) << chunks.size() << " chunks, stops of " << step;
    }
  }
}

TEST_P(BodySplits, KeepTheSamePartOfWhatIsOverTheLimit) {
  const std::string& bytes = GetParam();
  const Seen all = end_of(bytes);
  for (std::uint64_t limit : {all.size, all.size / 2, std::uint64_t{1}, std::uint64_t{0}}) {
    const Seen whole = end_of(bytes, limit);
    EXPECT_EQ(whole.size, all.size);
    EXPECT_EQ(whole.over_limit, limit < all.size);
    EXPECT_TRUE(all.text.starts_with(whole.text));
    if (limit == all.size) {
      EXPECT_EQ(whole.text, all.text);
    }
    for (const Chunks& chunks : splits_of(bytes)) {
      ASSERT_EQ(stops_of(chunks, BodyReader::no_stop, limit).back(), whole)
          << chunks.size() << " chunks, limit " << limit;
    }
  }
}

std::string message(std::size_t lines) {
  return "Subject: a test\r\n\r\n" + repeated(lines, "The quick brown fox jumps over the lazy dog.\r\n") + ".\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Nasty, BodySplits,
    ::testing::Values(
        "", ".", ".\r", ".\r\n", "..\r\n", "...\r\n.\r\n", ".a\r\n.\r\nQUIT\r\n", ".\n", ".\nx\r\n.\r\n",
        ".\r.\r\n.\r\n", ".\rX\r\n.\r\n", ".\r\rX", ".\r\r\n.\r\n", "\n.\n", "a\n.\n\r\n.\r\n", "a\r\n.\nb\r\n.\r\n",
        "a\n.\r\nb\r\n.\r\nRSET\r\n", "a\r.\r\nb\r\n.\r\n", "a\r\r\n.\r\n", "\r\n.\r\n", "\r\n\r\n.\r\n",
        "\n\r\n.\r\n", "a\r\n.\r", "a\r\n.", "a\r", "a\r\n..\r\n..b\r\n...\r\n.\r\n..\r\n", "\0a\0\r\n.\0\r\n.\r\n"s,
        "caf\xc3\xa9\r\n.\xff\r\n.\r\n", "a\r\n.\r\nMAIL FROM:<>\r\n.\r\n", repeated(50, ".\r\r") + "\n.\r\n",
        repeated(40, ".\n") + "\r\n.\r\n", repeated(40, "..\r\n") + ".\r\n", repeated(40, "\r\n.\r"), message(3),
        message(200), std::string(998, 'x') + "\r\n.\r\n", std::string(999, 'x') + "\r\n.\r\n",
        "." + std::string(998, 'x') + "\r\n.\r\n", "." + std::string(999, 'x') + "\r\n.\r\n",
        std::string(997, 'x') + "\r" + "\r\n.\r\n", std::string(998, 'x') + "\r" + "\r\n.\r\n",
        std::string(998, 'x') + "\n\r\n.\r\n", std::string(998, 'x') + "\r", std::string(997, 'x') + "\n\r\n.\r\n",
        "a\r\n" + std::string(20000, 'x') + "\r\nb\r\n" + std::string(1500, 'y') + "\r\n.\r\n",
        std::string(5000, '\r') + "\n.\r\n", std::string(5000, '\n') + ".\r\n.\r\n\r\n.\r\n",
        std::string(5000, '.') + "\r\n.\r\n", std::string(5000, '\0') + "\r\n.\r\n", std::string(30000, 'e')));

TEST(Body, UnstuffsDotsAndEndsAtTheLoneOne) {
  BodyReader body(unlimited);
  EXPECT_EQ(body.feed("a\r\n..\r\n.b\r\n.\r\nQUIT\r\n"), 14u);
  EXPECT_TRUE(body.complete());
  EXPECT_EQ(body.text(), "a\r\n.\r\nb\r\n");
  EXPECT_EQ(body.size(), 11u);
  EXPECT_EQ(body.feed("QUIT\r\n"), 0u);
}

TEST(Body, CannotBeSmuggledOutOf) {
  for (const std::string end : {"\n.\n", "\n.\r\n", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\r.\r", "\r\n\0.\r\n"}) {
    BodyReader body(unlimited);
    const std::string bytes = "a" + end + "MAIL FROM:<>\r\n";
    EXPECT_EQ(body.feed(bytes), bytes.size());
    EXPECT_FALSE(body.complete()) << shown(end);
  }
}

TEST(Body, StopsBeforeADotThatMayEndIt) {
  BodyReader body(unlimited);
  EXPECT_EQ(body.feed("a\r\n."), 4u);
  EXPECT_EQ(body.size(), 3u);
  EXPECT_EQ(body.feed("b\r\n", 4), 0u);  // the dot is counted now, and that is the stop
  EXPECT_EQ(body.size(), 4u);
  EXPECT_EQ(body.feed("b\r\n", 4), 0u);
  EXPECT_EQ(body.feed("b\r\n"), 3u);
  EXPECT_EQ(body.text(), "a\r\nb\r\n");
  EXPECT_EQ(body.size(), 7u);
}

TEST(Body, StopsWhereItIsTold) {
  BodyReader body(unlimited);
  const std::string bytes = "abc\r\ndef\r\n.\r\n";
  EXPECT_EQ(body.feed(bytes, 0), 0u);
  EXPECT_EQ(body.feed(bytes, 4), 4u);
  EXPECT_EQ(body.text(), "abc\r");
  EXPECT_EQ(body.feed(std::string_view(bytes).substr(4), 10), 6u);
  EXPECT_FALSE(body.complete());
  EXPECT_EQ(body.feed(".\r\n", 11), 3u);
  EXPECT_TRUE(body.complete());
  EXPECT_EQ(body.size(), 10u);
}

TEST(Body, CountsWhatACorrectClientDoesNotSend) {
  const Seen seen = end_of("a\nb\rc\0d\xe9\r\n"s + std::string(999, 'x') + "\r\n.\r\n");
  EXPECT_EQ(seen.bare_lf, 1u);
  EXPECT_EQ(seen.bare_cr, 1u);
  EXPECT_EQ(seen.nul, 1u);
  EXPECT_EQ(seen.lines_over_998, 1u);
  EXPECT_TRUE(seen.eight_bit);
}

TEST(Body, SeesEightBitsAtEachPlace) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string bytes(40, 'x');
    bytes[at] = '\x80';
    EXPECT_TRUE(end_of(bytes).eight_bit) << at;
  }
  EXPECT_FALSE(end_of(std::string(40, '\x7f')).eight_bit);
}

TEST(Body, AnEndlessLineIsCountedOnce) {
  BodyReader body(1000);
  const std::string block(4096, 'x');
  for (int i = 0; i < 1000; ++i) body.feed(block);
  EXPECT_EQ(body.facts().lines_over_998, 1u);
  EXPECT_EQ(body.size(), 4096000u);
  EXPECT_TRUE(body.over_limit());
  EXPECT_EQ(body.text(), std::string(1000, 'x'));
}

TEST(Body, DiscardsTheRest) {
  BodyReader body(unlimited);
  body.feed("kept\r\n");
  body.discard();
  body.feed("gone\n\r\n.\r\n");
  EXPECT_EQ(body.text(), "kept\r\n");
  EXPECT_EQ(body.size(), 13u);
  EXPECT_EQ(body.facts().bare_lf, 1u);
  EXPECT_TRUE(body.complete());
}

TEST(Body, GivesItsTextAway) {
  BodyReader body(unlimited, 100);
  body.feed(std::string(90, 'x'));
  const char* place = body.text().data();
  const std::string text = body.release_text();
  EXPECT_EQ(text.data(), place);
  EXPECT_EQ(text.size(), 90u);
  EXPECT_EQ(body.text(), "");
}

TEST(Body, DoesNotBelieveADeclaredSize) {
  const BodyReader body(unlimited, unlimited);
  EXPECT_LE(body.text().capacity(), std::size_t{1} << 20);
  const BodyReader small(100, 5000);
  EXPECT_LE(small.text().capacity(), 100u);
}

}  // namespace
}  // namespace mailfault::smtp
