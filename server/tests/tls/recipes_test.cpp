#include "tls/recipes.hpp"

#include <gmock/gmock.h>

#include <set>

#include "base/error.hpp"
#include "tls/names.hpp"

namespace mailfault::tls {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

// ---- the book

std::string with_recipe(const std::string& recipe) {
  return R"({"leaf": {"key": "P-256", "extensions": {"keyUsage": "digitalSignature"}, "issuer": "intermediate"},
             "authority": {"issuer": "root"}, "authorities": {"root": {"issuer": "self"}, "intermediate": {}},
             "recipes": [)" +
         recipe + "]}";
}

TEST(ReadBook, TakesWhatIsUsualWhereARecipeSaysNothing) {
  auto read = read_book(with_recipe(R"({"name": "a", "what": "b", "check": "bad",
                                        "leaf": {"key": "RSA-512", "extensions": {"keyUsage": null, "x": "y"}}})"));
  ASSERT_EQ(read.recipes.size(), 1U);
  const auto& recipe = read.recipes[0];
  EXPECT_EQ(recipe.leaf.key, "RSA-512");
  EXPECT_EQ(recipe.leaf.issuer, "intermediate");
  EXPECT_THAT(recipe.leaf.extensions, ElementsAre(std::pair("x", "y")));
  EXPECT_TRUE(recipe.spec.bad);
  EXPECT_EQ(recipe.proof.openssl, "bad");
  EXPECT_EQ(recipe.proof.gnutls, "ok");
  EXPECT_EQ(recipe.proof.name, "localhost");
}

TEST(ReadBook, NamesTheRecipeAndWhatIsWrongWithIt) {
  struct Row {
    const char *recipe, *says;
  };
  for (const auto& row : {
           Row{R"({"name": "a", "what": "b", "leef": {}})",
               "recipe 1: there is no field 'leef' (did you mean 'leaf'?)"},
           Row{R"({"name": "a", "what": "b", "leaf": {"dijest": "md5"}})", "a: there is no field 'dijest'"},
           Row{R"({"name": "a"})", "it needs a name and a what"},
           Row{R"({"name": "a", "what": "b", "leaf": {"from": "x"}})", "from must be a whole number"},
           Row{R"({"name": "a", "what": "b", "leaf": {"primes": 9}})", "primes must be a whole number from 2 to 5"},
           Row{R"({"name": "a", "what": "b", "leaf": {"issuer": "me"}})", "issuer 'me' is none of"},
           Row{R"({"name": "a", "what": "b", "leaf": {"issuer": {"issuer": "me"}}})", "a, issuer: issuer 'me'"},
           Row{R"({"name": "a", "what": "b", "leaf": {"send": ["all"]}})", "send 'all' is none of"},
           Row{R"({"name": "a", "what": "b", "leaf": {"extensions": {"eku": null}}})",
               "no extension 'eku' to remove"},
           Row{R"({"name": "a", "what": "b", "leaf": {"revoked": true}})", "needs a serial number"},
           Row{R"({"name": "a", "what": "b", "leaf": {"revoked": true, "serial": "1", "issuer": "self"}})",
               "have a revocation list"},
           Row{R"({"name": "a", "what": "b", "leaf": 1})", "must be an object"},
           Row{R"(,)", "certs/recipes.json: "},
       })
    EXPECT_THAT([&] { read_book(with_recipe(row.recipe)); }, ThrowsMessage<Error>(HasSubstr(row.says)));
}

TEST(Recipes, AreKnownByNamesOfTheirOwn) {
  std::set<std::string> seen;
  for (const auto& each : recipes()) {
    EXPECT_TRUE(seen.insert(each.name).second) << each.name;
    EXPECT_EQ(each.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos) << each.name;
    EXPECT_TRUE(known_recipe(each.name));
  }
  EXPECT_GE(seen.size(), 40U);
  for (const auto* other : {"", "Good", "goo", "ca", "crl", "trust"}) EXPECT_FALSE(known_recipe(other)) << other;
}

TEST(Recipes, GiveWayOnlyToOnesThatAreThere) {
  for (const auto& each : book().recipes)
    EXPECT_TRUE(each.asked.empty() || known_recipe(each.asked)) << each.spec.name;
}

// ---- names

SubjectName dns(std::string name) { return {std::move(name), false}; }
SubjectName address(std::string name) { return {std::move(name), true}; }

TEST(SubjectNames, FillPlaceholdersIn) {
  Names names{"mx.example.com", "a.b.example.net", {"relay", "10.0.0.1"}};
  struct Row {
    std::string text;
    std::vector<SubjectName> names;
  };
  for (const auto& row : {
           Row{"{names}",
               {dns("localhost"), address("127.0.0.1"), address("::1"), dns("mx.example.com"), dns("a.b.example.net"),
                dns("relay"), address("10.0.0.1")}},
           Row{"*.{names}", {dns("*.localhost"), dns("*.mx.example.com"), dns("*.a.b.example.net"), dns("*.relay")}},
           Row{"*.{parents}", {dns("*.example.com"), dns("*.b.example.net")}},
           Row{"*.{grandparents}", {dns("*.example.net")}},
           Row{"{name}.evil", {dns("a.b.example.net.evil")}},
           Row{"n{9..11}.example", {dns("n9.example"), dns("n10.example"), dns("n11.example")}},
           Row{"::1", {address("::1")}},
           Row{"dns:::1", {dns("::1")}},
           Row{"dns:127.0.0.1", {dns("127.0.0.1")}},
           Row{std::string("a\0b", 3), {dns(std::string("a\0b", 3))}},
           Row{"{1..1000000}", {dns("{1..1000000}")}},
       })
    EXPECT_EQ(subject_names({row.text}, names), row.names) << row.text;
  EXPECT_EQ(subject_names({"{names}", "relay", "{names}"}, names).size(), 7U) << "none twice";
}

TEST(AskedName, IsTheNearestToWhatTheClientWants) {
  EXPECT_EQ(asked_name({"host", "sni", {"more"}}), "sni");
  EXPECT_EQ(asked_name({"host", "", {"more", "again"}}), "more");
  EXPECT_EQ(asked_name({"host", "", {}}), "host");
  EXPECT_EQ(fill_in("{name} {level} {name}", {"host", "", {}}, 7), "host 7 host");
}

}  // namespace
}  // namespace mailfault::tls
