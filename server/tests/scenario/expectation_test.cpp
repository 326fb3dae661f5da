// Expectations that can't hold together are errors at load.
#include "scenario/expectation.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace mailfault {
namespace {

using ::testing::HasSubstr;

Value text(std::string value) { return Value(std::move(value)); }
Value table(std::map<std::string, Value> fields, std::vector<Value> items = {}) {
  return Value(std::make_shared<const Composite>(Composite{std::move(items), std::move(fields)}));
}
Value one(std::string name, Value value) { return table({{std::move(name), std::move(value)}}); }

using Given = std::vector<std::pair<std::string, Value>>;

std::string error_of(const Given& all) {
  Scenario scenario;
  scenario.path = "t.lua";
  scenario.title = "t";
  try {
    int line = 0;
    for (const auto& [name, value] : all) declare_expectation(scenario, name, value, ++line);
    finish(scenario, {});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct Row {
  std::string name;
  Given impossible, possible;  ///< the nearest that can hold
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Contradictions : public testing::TestWithParam<Row> {};

TEST_P(Contradictions, AreErrorsAndTheirNeighboursAreNot) {
  const auto& row = GetParam();
  EXPECT_THAT(error_of(row.impossible), HasSubstr("no client can fulfil it"));
  EXPECT_EQ(error_of(row.possible), "");
}

std::vector<Row> rows() {
  Value nothing = one("at_most", Value(0.0)), once = one("at_least", Value(1.0));
  return {
      {"delivered and no copy",
       {{"outcome", text("delivered")}, {"copies", nothing}},
       {{"outcome", text("temporary")}, {"copies", nothing}}},
      {"in any order",
       {{"copies", nothing}, {"outcome", text("reconnects")}},
       {{"copies", nothing}, {"outcome", table({}, {text("delivered"), text("permanent")})}}},
      {"the second best counts",
       {{"copies", nothing}, {"outcome", table({{"lax", text("reconnects")}}, {text("delivered")})}},
       {{"copies", nothing}, {"outcome", table({{"lax", text("temporary")}}, {text("delivered")})}}},
      {"no copy for one recipient",
       {{"delivered", table({})}, {"copies", nothing}},
       {{"delivered", table({})}, {"copies", table({{"at_most", Value(0.0)}, {"to", text("bad@*")}})}}},
      {"a message and none",
       {{"delivered", one("count", Value(2.0))}, {"delivered", one("count", Value(0.0))}},
       {{"delivered", one("count", Value(0.0))}, {"copies", nothing}}},
      {"two counts of the same",
       {{"delivered", table({{"count", Value(2.0)}, {"to", text("a@*")}})},
        {"delivered", table({{"count", Value(1.0)}, {"to", text("a@*")}})}},
       {{"delivered", table({{"count", Value(2.0)}, {"to", text("a@*")}})},
        {"delivered", table({{"count", Value(1.0)}, {"to", text("b@*")}})}}},
      {"a command that never comes",
       {{"commands", text("EHLO, mail")}, {"never", one("stage", text("mail"))}},
       {{"commands", text("EHLO, MAIL")}, {"never", table({{"stage", text("mail")}, {"after", text("fault")}})}}},
      {"EHLO is of helo",
       {{"never", one("stage", text("helo"))}, {"commands", text("EHLO")}},
       {{"never", one("stage", text("auth"))}, {"commands", text("EHLO")}}},
      {"delivered without a body",
       {{"outcome", text("delivered")}, {"never", one("stage", text("data"))}},
       {{"outcome", text("delivered")}, {"never", one("stage", text("auth"))}}},
      {"tries without a connection",
       {{"attempts", once}, {"connections", nothing}},
       {{"attempts", one("at_least", Value(3.0))}, {"connections", one("at_most", Value(1.0))}}},
      {"commands without a connection",
       {{"commands", text("EHLO")}, {"connections", one("at_once", Value(0.0))}},
       {{"commands", text("EHLO")}, {"connections", one("at_once", Value(1.0))}}},
      {"more and fewer tries",
       {{"attempts", one("at_least", Value(3.0))}, {"attempts", one("at_most", Value(2.0))}},
       {{"attempts", one("at_least", Value(2.0))}, {"attempts", one("at_most", Value(2.0))}}},
      {"more and fewer copies of the same",
       {{"copies", one("at_least", Value(2.0))}, {"copies", one("at_most", Value(1.0))}},
       {{"copies", table({{"at_least", Value(2.0)}, {"to", text("a@*")}})},
        {"copies", table({{"at_most", Value(1.0)}, {"to", text("b@*")}})}}},
      {"gaps that don't fit",
       {{"attempts", table({{"at_least", Value(4.0)}, {"gap", text("1s")}, {"within", text("2s")}})}},
       {{"attempts", table({{"at_least", Value(3.0)}, {"gap", text("1s")}, {"within", text("2s")}})}}},
      {"a gap above the cap",
       {{"attempts", table({{"gap", text("2s")}, {"cap", text("1s")}})}},
       {{"attempts", table({{"gap", text("1s")}, {"cap", text("1s")}})}}},
      {"two exit statuses",
       {{"client", one("exit", Value(0.0))}, {"client", one("exit", Value(1.0))}},
       {{"client", one("exit", Value(1.0))}, {"client", one("within", text("1s"))}}},
  };
}

INSTANTIATE_TEST_SUITE_P(Pairs, Contradictions, testing::ValuesIn(rows()), [](const auto& row) {
  std::string name;
  for (char c : row.param.name) name += isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

TEST(Contradictions, NameBothAndTheLines) {
  EXPECT_EQ(error_of({{"outcome", text("delivered")}, {"copies", one("at_most", Value(0.0))}}),
            "t.lua:2: expect.copies { at_most = 0 } of line 2 contradicts expect.outcome \"delivered\" of line 1: no "
            "client can fulfil it; take one of its parts back");
}

TEST(ExpectationFields, MistakesAreNamed) {
  EXPECT_THAT(error_of({{"delivered", one("to", Value(1.0))}}), HasSubstr("expect.delivered.to: text is wanted"));
  EXPECT_THAT(error_of({{"delivered", one("count", text("two"))}}), HasSubstr("a number is wanted"));
  EXPECT_THAT(error_of({{"client", one("exit", Value(256.0))}}), HasSubstr("expect.client.exit: 256 is out"));
  EXPECT_THAT(error_of({{"attempts", one("jitter", Value(1.0))}}), HasSubstr("expect.attempts.jitter"));
  EXPECT_THAT(error_of({{"never", one("stage", text("idle"))}}), HasSubstr("not the client's doing"));
  EXPECT_THAT(error_of({{"commands", text("EHLO,, MAIL")}}), HasSubstr("name commands with commas between"));
  EXPECT_EQ(error_of({{"copies", one("door", text("smpt"))}}),
            "t.lua:1: expect.copies: there is no door 'smpt' (did you mean 'smtp'?); its doors: smtp");
  EXPECT_EQ(error_of({{"copies", one("door", text("sm*"))}}), "");
}

TEST(Patience, IsKeptAndChecked) {
  Scenario scenario;
  declare_scenario(scenario,
                   table({{"title", text("t")}, {"patience", table({{"still", text("5m")}, {"gone", text("10m")}})}}),
                   {});
  EXPECT_EQ(scenario.patience.still, std::chrono::minutes(5));
  EXPECT_EQ(scenario.patience.gone, std::chrono::minutes(10));
  EXPECT_EQ(scenario.patience.written(), "patience = { still = \"5m\", gone = \"10m\" }");
  Scenario other;
  try {
    declare_scenario(
        other, table({{"title", text("t")}, {"patience", table({{"still", text("10m")}, {"gone", text("5m")}})}}),
        {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("still comes before gone"));
  }
}

TEST(ExpectAlso, AnOutcomeReplacesTheOthersAreAdded) {
  Scenario scenario;
  scenario.path = "t.lua";
  scenario.title = "t";
  declare_expectation(scenario, "outcome", text("delivered"), 1);
  declare_expectation(scenario, "copies", one("at_most", Value(1.0)), 2);
  finish(scenario, {});
  expect_also(scenario, {make_expectation("outcome", text("temporary"), 0),
                         make_expectation("copies", one("at_most", Value(0.0)), 0)});
  EXPECT_THAT(scenario.outcomes(), testing::ElementsAre("temporary"));
  EXPECT_EQ(scenario.expectations.size(), 3u);
  try {
    expect_also(scenario, {make_expectation("outcome", text("delivered"), 0)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("expect.outcome \"delivered\" contradicts expect.copies { at_most = 0 }"));
  }
}

}  // namespace
}  // namespace mailfault
