#include "scenario/arguments.hpp"

#include "values.hpp"

namespace mailfault::testing {
namespace {

using namespace std::chrono_literals;

Arguments given(std::vector<Value> values, bool built_by_function = false) {
  return Arguments("word", "word(thing)", std::move(values), built_by_function);
}

TEST(Arguments, GivesValuesOfTheirKind) {
  auto all = given({text("abc"), number(3), text("200ms"), Value(FunctionRef{4, 5}), table({{"a", number(1)}})});
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(all.text(0), "abc");
  EXPECT_EQ(all.number(1), 3);
  EXPECT_EQ(all.whole(1, 1, 3), 3u);
  EXPECT_EQ(all.duration(1), 3s);
  EXPECT_EQ(all.duration(2), 200ms);
  EXPECT_EQ(all.function(3), (FunctionRef{4, 5}));
  EXPECT_EQ(all.table(4, {"a"}).fields.size(), 1u);
  EXPECT_TRUE(all.has(4));
  EXPECT_FALSE(all.has(5));
  EXPECT_TRUE(all[9].is_nothing());
  EXPECT_TRUE(given({}).table(0, {"a"}).fields.empty());
}

TEST(Arguments, ErrorsSayHowItIsWritten) {
  auto all = given({Value(true), number(1.5), text("soon"), list({number(1)}), table({{"lingr", number(1)}})});
  EXPECT_EQ(error_of([&] { all.text(0); }),
            "word: argument 1 must be text, not a boolean; it is written word(thing)");
  EXPECT_EQ(error_of([&] { all.number(0); }),
            "word: argument 1 must be a number, not a boolean; it is written word(thing)");
  EXPECT_EQ(error_of([&] { all.whole(1, 1, 9); }),
            "word: 1.5 is out of bounds: a whole number from 1 to 9; it is written word(thing)");
  EXPECT_THAT(error_of([&] { given({number(10)}).whole(0, 1, 9); }), HasSubstr("10 is out of bounds"));
  EXPECT_THAT(error_of([&] { all.duration(2); }),
              AllOf(StartsWith("word: \"soon\" is no duration"), HasSubstr("5s")));
  EXPECT_EQ(error_of([&] { all.duration(7); }), "word: a duration is missing; it is written word(thing)");
  EXPECT_EQ(error_of([&] { all.function(0); }),
            "word: argument 1 must be a function, not a boolean; it is written word(thing)");
  EXPECT_EQ(error_of([&] { all.table(0, {}); }),
            "word: argument 1 must be a table, not a boolean; it is written word(thing)");
  EXPECT_THAT(error_of([&] { all.table(3, {"a"}); }), HasSubstr("every value needs a name"));
  EXPECT_EQ(error_of([&] {
              all.table(4, {"linger", "close_notify"});
            }),
            "word has no field 'lingr' (did you mean 'linger'?); its fields: linger, close_notify");
  EXPECT_EQ(error_of([&] { all.at_most(4); }), "word: it takes at most 4 arguments; it is written word(thing)");
  EXPECT_EQ(error_of([&] { all.at_most(0); }), "word: it takes no argument; it is written word(thing)");
  EXPECT_EQ(error_of([&] { all.at_most(5); }), "");
}

TEST(Arguments, FieldsAreReplacedOnlyInWhatAFileSays) {
  EXPECT_EQ(given({text("{peer}")}).text_template(0).constant(), nullptr);
  auto built = given({text("{peer} {nothing}")}, true).text_template(0);
  ASSERT_NE(built.constant(), nullptr);
  EXPECT_EQ(*built.constant(), "{peer} {nothing}");
}

TEST(Values, SizesRatesAndTimes) {
  EXPECT_EQ(size_of(number(4096), "x"), 4096u);
  EXPECT_EQ(size_of(text("64kB"), "x"), 64000u);
  EXPECT_EQ(size_of(text("64KiB"), "x"), 65536u);
  EXPECT_THAT(error_of([] { size_of(number(-1), "needs.size"); }), StartsWith("needs.size: -1 is no size"));
  EXPECT_THAT(error_of([] { size_of(number(1.5), "x"); }), HasSubstr("is no size"));
  EXPECT_THAT(error_of([] { size_of(text("4 potatoes"), "x"); }), HasSubstr("is no size"));
  EXPECT_EQ(rate_of(text("32kB/s"), "x"), 32000);
  EXPECT_EQ(rate_of(number(7), "x"), 7);
  EXPECT_THAT(error_of([] { rate_of(text("32kB"), "wire.bandwidth"); }),
              StartsWith("wire.bandwidth: \"32kB\" is no"));
  EXPECT_THAT(error_of([] { rate_of(number(0), "x"); }), HasSubstr("is no rate"));
  EXPECT_EQ(duration_of(number(0.5), "x"), 500ms);
  EXPECT_THAT(error_of([] { duration_of(number(-1), "x"); }), HasSubstr("-1 is no duration"));
  EXPECT_THAT(error_of([] { duration_of(Value(), "x"); }), HasSubstr("nothing is no duration"));
}

TEST(Values, WordsListsAndTables) {
  EXPECT_EQ(word_of(text("open"), "x", {"open", "refused"}), "open");
  EXPECT_EQ(error_of([] {
              word_of(text("opne"), "door.state", {"open", "refused"});
            }),
            "door.state: there is no \"opne\" (did you mean 'open'?); it is one of \"open\", \"refused\"");
  EXPECT_THAT(texts_of(text("a"), "x"), ElementsAre("a"));
  EXPECT_THAT(texts_of(list({text("a"), text("b")}), "x"), ElementsAre("a", "b"));
  EXPECT_EQ(error_of([] { texts_of(list({text("a"), number(1)}), "x"); }), "x: text is wanted here, not a number");
  EXPECT_EQ(error_of([] {
              texts_of(table({{"a", text("b")}}), "x");
            }),
            "x: text or a list of texts is wanted here, not a table");
  EXPECT_EQ(error_of([] { boolean_of(text("yes"), "door.main"); }),
            "door.main: true or false is wanted here, not \"yes\"");
  EXPECT_EQ(error_of([] { table_of(text("x"), "wire"); }), "wire: a table { … } is wanted here, not \"x\"");
  EXPECT_EQ(error_of([] { whole_of(number(0), "door.port", 1, 65535); }),
            "door.port: 0 is out of bounds; a whole number from 1 to 65535 is wanted");
}

TEST(Values, AreWrittenAsTheirAuthorWould) {
  EXPECT_EQ(number(3).written(), "3");
  EXPECT_EQ(number(0.25).written(), "0.25");
  EXPECT_EQ(number(-1e9).written(), "-1000000000");
  EXPECT_EQ(text("64KiB").written(), "\"64KiB\"");
  EXPECT_EQ(yes().written(), "true");
  EXPECT_EQ(Value().written(), "nothing");
  EXPECT_EQ(table({{"b", no()}}, {number(1), text("x")}).written(), "{ 1, \"x\", b = false }");
  EXPECT_EQ(list({}).written(), "{ }");
  EXPECT_EQ(Value(FunctionRef{}).written(), "a function");
  EXPECT_EQ(list({}).kind(), "a table");
}

}  // namespace
}  // namespace mailfault::testing
