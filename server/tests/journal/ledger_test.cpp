#include "journal/ledger.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace mailfault {
namespace {

const StoredMessage& store(Ledger& ledger, std::string_view text,
                           std::vector<std::string_view> recipients = {"to@example.com"}) {
  return ledger.store(1, Micros(10), "smtp", "from@example.com", recipients, text);
}

TEST(Ledger, CopiesWhatItIsGiven) {
  Ledger ledger;
  {
    std::string door = "smtp", from = "a@example.com", one = "b@example.com", two = "c@example.com";
    std::string text = "Subject: hello\r\nMessage-ID: <1@example.com>\r\n\r\nbody\r\n";
    std::vector<std::string_view> recipients{one, two};
    ledger.store(3, Micros(42), door, from, recipients, text);
    for (auto* given : {&door, &from, &one, &two, &text}) given->assign(given->size(), '!');
  }
  const auto& message = ledger[0];
  EXPECT_EQ(message.id, 1u);
  EXPECT_EQ(message.connection, 3u);
  EXPECT_EQ(message.at, Micros(42));
  EXPECT_EQ(message.door, "smtp");
  EXPECT_EQ(message.from, "a@example.com");
  ASSERT_EQ(message.recipients.size(), 2u);
  EXPECT_EQ(message.recipients[0], "b@example.com");
  EXPECT_EQ(message.recipients[1], "c@example.com");
  EXPECT_EQ(message.message_id, "1@example.com");
  EXPECT_EQ(message.subject, "hello");
  EXPECT_EQ(message.text, "Subject: hello\r\nMessage-ID: <1@example.com>\r\n\r\nbody\r\n");
  EXPECT_EQ(message.size, message.text.size());
  EXPECT_TRUE(message.text_kept);
}

TEST(Ledger, CountsACopyForEachRecipient) {
  Ledger ledger;
  EXPECT_EQ(ledger.copies(), 0u);
  store(ledger, "x", {"a@b", "c@d", "e@f"});
  store(ledger, "x", {"a@b"});
  EXPECT_TRUE(store(ledger, "x", {}).recipients.empty());
  EXPECT_EQ(ledger.size(), 3u);
  EXPECT_EQ(ledger.copies(), 4u);
}

TEST(Ledger, NumbersMessagesFromOneAndKeepsReferences) {
  Ledger ledger;
  const auto& first = store(ledger, "first");
  for (int i = 0; i < 1000; ++i) store(ledger, "text " + std::to_string(i));
  EXPECT_EQ(&first, &ledger[0]);
  EXPECT_EQ(first.text, "first");
  std::uint32_t id = 0;
  for (const auto& message : ledger) EXPECT_EQ(message.id, ++id);
  EXPECT_EQ(id, 1001u);
  EXPECT_EQ(ledger[1000].text, "text 999");
}

TEST(Ledger, BeyondTheLimitKeepsAllButTheText) {
  std::string text = "Subject: one\r\nMessage-ID: <m@x>\r\n\r\n";
  text.resize(100, 'x');
  Ledger ledger(150);
  EXPECT_TRUE(store(ledger, text).text_kept);
  EXPECT_FALSE(ledger.full());
  const auto& second = store(ledger, std::string(text));
  EXPECT_TRUE(ledger.full());
  EXPECT_FALSE(second.text_kept);
  EXPECT_TRUE(second.text.empty());
  EXPECT_EQ(second.size, 100u);
  EXPECT_EQ(second.hash, ledger[0].hash);
  EXPECT_EQ(second.subject, "one");
  EXPECT_EQ(second.message_id, "m@x");
  EXPECT_EQ(ledger.copies(), 2u);
  EXPECT_TRUE(store(ledger, "fits").text_kept);
  EXPECT_TRUE(ledger.full());
}

TEST(Ledger, AnEmptyTextIsKept) {
  Ledger ledger(0);
  EXPECT_TRUE(store(ledger, "").text_kept);
  EXPECT_FALSE(ledger.full());
}

TEST(Ledger, EqualTextsHaveEqualHashesAndOthersDiffer) {
  Ledger ledger;
  std::set<std::uint64_t> hashes;
  std::string text;
  for (std::size_t size = 0; size < 70; ++size) {
    auto hash = store(ledger, text).hash;
    EXPECT_TRUE(hashes.insert(hash).second) << size;
    // At every alignment the same.
    for (std::size_t shift = 0; shift < 8; ++shift) {
      auto moved = std::string(shift, '#') + text;
      EXPECT_EQ(store(ledger, std::string_view(moved).substr(shift)).hash, hash);
    }
    for (std::size_t i = 0; i < size; ++i) {
      auto changed = text;
      changed[i] ^= 1;
      EXPECT_TRUE(hashes.insert(store(ledger, changed).hash).second) << size << " " << i;
    }
    EXPECT_TRUE(hashes.insert(store(ledger, text + '\0').hash).second) << size;
    text += static_cast<char>('a' + size % 26);
  }
}

TEST(Ledger, UnfoldsTheSubjectAndTheMessageId) {
  Ledger ledger;
  const auto& message = store(ledger,
                              "Received: from x\r\n\tby y\r\n"
                              "Message-ID:\r\n <long.one@example.com>\r\n"
                              "Subject: =?utf-8?q?a?=\r\n =?utf-8?q?b?=\r\n\t  c\r\n"
                              "\r\nbody\r\n");
  EXPECT_EQ(message.message_id, "long.one@example.com");
  EXPECT_EQ(message.subject, "=?utf-8?q?a?= =?utf-8?q?b?= c");
}

TEST(Ledger, AMessageIdWithoutBracketsIsTakenAsWritten) {
  Ledger ledger;
  EXPECT_EQ(store(ledger, "Message-ID: plain@x\r\n\r\n").message_id, "plain@x");
  EXPECT_EQ(store(ledger, "Message-ID: <open@x\r\n\r\n").message_id, "<open@x");
  EXPECT_EQ(store(ledger, "Message-ID: <a@x> (a comment)\r\n\r\n").message_id, "a@x");
  EXPECT_EQ(store(ledger, "Subject: none\r\n\r\n").message_id, "");
}

TEST(RawHeader, FindsTheFirstOfThatNameInAnyCase) {
  constexpr std::string_view message = "to: one\r\nTO: two\r\nX-To: three\r\n\r\nCc: body\r\n";
  EXPECT_EQ(raw_header(message, "To"), "one");
  EXPECT_EQ(raw_header(message, "x-tO"), "three");
  EXPECT_EQ(raw_header(message, "Cc"), "");
  EXPECT_EQ(raw_header(message, "T"), "");
  EXPECT_EQ(raw_header(message, "X"), "");
}

TEST(RawHeader, TakesBothKindsOfLineEnds) {
  EXPECT_EQ(raw_header("A: 1\nB: 2\n 3\n\nC: 4\n", "B"), "2 3");
  EXPECT_EQ(raw_header("A: 1\nB: 2\n\nC: 4\n", "C"), "");
  EXPECT_EQ(raw_header("A: 1\r\nB: 2\r\n\t3\r\n\r\n", "b"), "2 3");
}

TEST(RawHeader, TakesWhatIsOddOrCutOff) {
  EXPECT_EQ(raw_header("", "A"), "");
  EXPECT_EQ(raw_header("A", "A"), "");
  EXPECT_EQ(raw_header("A:", "A"), "");
  EXPECT_EQ(raw_header("A: x", "A"), "x");
  EXPECT_EQ(raw_header("A: x\r\n y", "A"), "x y");
  EXPECT_EQ(raw_header("A : obsolete\r\n", "A"), "obsolete");
  EXPECT_EQ(raw_header("no colon\r\nA: x\r\n", "A"), "x");
  EXPECT_EQ(raw_header(" A: folded into nothing\r\nA: x\r\n", "A"), "x");
  EXPECT_EQ(raw_header("\r\nA: x\r\n", "A"), "");
  EXPECT_EQ(raw_header("B: x\r\n A: y\r\n", "A"), "");
}

}  // namespace
}  // namespace mailfault
