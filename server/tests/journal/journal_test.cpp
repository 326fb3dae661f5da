#include "journal/journal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace mailfault {
namespace {

struct FixedClock final : Clock {
  Micros now() const override { return time; }
  Micros time{1234};
};

struct Recorder final : JournalListener {
  void on_event(const Event& event) override {
    texts.emplace_back(event.text());
    last = event;
  }
  std::vector<std::string> texts;
  Event last;
};

TEST(Journal, KeepsEventsInOrderWithCopiedTexts) {
  FixedClock clock;
  Journal journal(clock);
  for (int i = 0; i < 1000; ++i) {
    auto text = std::string(static_cast<std::size_t>(i % 40), 'x') + std::to_string(i);
    journal.add({.connection = static_cast<std::uint32_t>(i), .kind = EventKind::command}, text);
  }
  ASSERT_EQ(journal.size(), 1000u);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(journal[i].connection, i);
    EXPECT_EQ(journal[i].text(), std::string(i % 40, 'x') + std::to_string(i));
  }
}

TEST(Journal, IsARandomAccessRange) {
  using Iterator = decltype(std::declval<const Journal&>().begin());
  static_assert(std::random_access_iterator<Iterator>);
  FixedClock clock;
  Journal journal(clock);
  EXPECT_EQ(journal.begin(), journal.end());
  for (std::uint32_t i = 0; i < 50; ++i) journal.add({.connection = i});
  std::uint32_t next = 0;
  for (const auto& event : journal) EXPECT_EQ(event.connection, next++);
  EXPECT_EQ(next, 50u);
  EXPECT_EQ(journal.end() - journal.begin(), 50);
  EXPECT_EQ(journal.begin()[33].connection, 33u);
  EXPECT_EQ((journal.end() - 1)->connection, 49u);
  auto found = std::lower_bound(journal.begin(), journal.end(), 20u,
                                [](const Event& event, std::uint32_t wanted) { return event.connection < wanted; });
  EXPECT_EQ(found - journal.begin(), 20);
}

TEST(Journal, ReferencesAndIteratorsStayValidAsItGrows) {
  FixedClock clock;
  Journal journal(clock);
  journal.add({.number = 7}, "first");
  const auto& first = journal[0];
  auto at = journal.begin();
  for (int i = 0; i < 10'000; ++i) journal.add({}, "more");
  EXPECT_EQ(&first, &journal[0]);
  EXPECT_EQ(first.text(), "first");
  EXPECT_EQ(at->number, 7u);
}

TEST(Journal, TimeIsNowUnlessSet) {
  FixedClock clock;
  Journal journal(clock);
  journal.add({});
  journal.add({.at = Micros(99), .span_us = 5});
  EXPECT_EQ(journal[0].at, Micros(1234));
  EXPECT_EQ(journal[1].at, Micros(99));
  EXPECT_EQ(journal[1].span_us, 5u);
}

TEST(Journal, CountsByKind) {
  FixedClock clock;
  Journal journal(clock);
  journal.add({.kind = EventKind::reply});
  journal.add({.kind = EventKind::limit});
  journal.add({.kind = EventKind::reply});
  EXPECT_EQ(journal.count(EventKind::reply), 2u);
  EXPECT_EQ(journal.count(EventKind::limit), 1u);
  EXPECT_EQ(journal.count(EventKind::door), 0u);
}

TEST(Journal, ListenersGetEventsUntilTakenOff) {
  FixedClock clock;
  Journal journal(clock);
  Recorder one, two;
  journal.listen(one);
  journal.add({}, "a");
  journal.listen(two);
  journal.add({.kind = EventKind::fact}, "b");
  journal.unlisten(one);
  journal.add({}, "c");
  EXPECT_EQ(one.texts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(two.texts, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(one.last.kind, EventKind::fact);
  EXPECT_EQ(one.last.at, Micros(1234));
}

TEST(Journal, KeepsNothingBeyondItsLimitButTellsListeners) {
  FixedClock clock;
  Journal journal(clock, 2 * (sizeof(Event) + 10));
  Recorder listener;
  journal.listen(listener);
  journal.add({}, "0123456789");
  journal.add({.kind = EventKind::fact}, "0123456789");
  EXPECT_FALSE(journal.full());
  journal.add({}, std::string(1000, 'x'));
  EXPECT_TRUE(journal.full());
  journal.add({.kind = EventKind::fact});
  EXPECT_EQ(journal.size(), 2u);
  EXPECT_EQ(journal.count(EventKind::fact), 1u);
  EXPECT_EQ(listener.texts, (std::vector<std::string>{"0123456789", "0123456789", std::string(1000, 'x'), ""}));
}

TEST(Journal, StaysFullThoughASmallerEventWouldFit) {
  FixedClock clock;
  Journal journal(clock, 200);
  journal.add({}, std::string(500, 'x'));
  journal.add({}, "small");
  EXPECT_TRUE(journal.full());
  EXPECT_EQ(journal.size(), 0u);
}

TEST(Journal, EveryKindHasItsName) {
  EXPECT_EQ(name_of(EventKind::door), "door");
  EXPECT_EQ(name_of(EventKind::undelivered), "undelivered");
  EXPECT_EQ(name_of(EventKind::fault), "fault");
  EXPECT_EQ(name_of(EventKind::swallowed), "swallowed");
  EXPECT_EQ(name_of(EventKind::error), "error");
  EXPECT_EQ(name_of(EventKind::limit), "limit");
}

}  // namespace
}  // namespace mailfault
