// Every scenario of the catalogue is proved: a correct client passes it, and clients with one misdeed each don't.
#include "scenario/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "actions/actions.hpp"
#include "base/text.hpp"
#include "journal/json_lines.hpp"
#include "tests/verdict/mail_client.hpp"

namespace mailfault {
namespace {

constexpr std::size_t shards =
    16;  // so that several cores share the work, and each has enough of it to mint a CA for

// Where a correct client doesn't pass: what is to come out, and why.
struct Other {
  std::string_view scenario;
  Verdict verdict;
};
constexpr std::array<Other, 6> not_passed{{
    // The fault waits for what a correct client doesn't do: a login in clear, QUIT in one group with the dot, ten
    // NOOPs.
    {"auth-530-tls", Verdict::unmet},
    {"auth-538", Verdict::unmet},
    {"dot-quit-pipelined-drop", Verdict::unmet},
    {"exim-554-nonmail", Verdict::unmet},
    // It looks at no revocation, as hardly any client does; the scenarios take that with a mark.
    {"cert-ocsp-revoked", Verdict::lax},
    {"cert-revoked", Verdict::lax},
}};

// They tell of texts and doors that are the client's own choice: their examples and client-tests/test_bodies.py prove
// them.
constexpr std::array<std::string_view, 6> of_their_own{"body-eol-split",     "body-extra-eol",
                                                       "body-no-final-eol",  "body-source-fails",
                                                       "reuse-tls-mismatch", "reuse-wrong-server"};

struct Run {
  Judgement judgement;
  std::set<Misdeed> occasions;
  std::vector<std::string> outcomes;
  bool nobody_gets_in = false;
  std::string told;  ///< the journal, the client's words, the findings
};

std::unique_ptr<script::Script> load(const CatalogueEntry& entry, const std::map<std::string, Value>& parameters) {
  return script::Script::load(std::string(entry.source), std::string(entry.id) + ".lua",
                              {action_table(), parameters, 1, {}});
}

std::string told_of(const Instance& instance, const JudgeOptions& options, const Judgement& judgement) {
  std::string out;
  for (const auto& event : instance.journal()) out += to_text(event, "", false) + "\n";
  for (const auto& word : options.words)
    out += "  word " + std::string(name_of(word.word)) + " <" + word.message_id + "> " + word.recipient + "\n";
  for (const auto& finding : judgement.findings)
    out += "  " + std::string(name_of(finding.verdict)) + " " + finding.name + ": expected " + finding.expected +
           "; seen " + finding.seen + "\n";
  return out;
}

Run play(const CatalogueEntry& entry, Misdeed flaw, bool with_log = false) {
  VirtualClock clock;
  auto script = load(entry, {});
  auto plan = plan_of(script->scenario());
  if (!plan.parameters.empty()) script = load(entry, plan.parameters);
  Instance instance(std::move(script), clock, {});
  MailClient client(instance, clock, plan, flaw);
  client.run();
  auto options = client.told();
  options.call = [&](const FunctionRef& function) {
    return instance.script().expects(
        function, as_value(read_conversation(instance.journal(), instance.ledger()), instance.ledger()));
  };
  const auto& scenario = instance.scenario();
  Run run{judge(scenario, instance.journal(), instance.ledger(), options), client.occasions(), scenario.outcomes(),
          std::none_of(scenario.doors.begin(), scenario.doors.end(),
                       [&](const DoorSpec& door) {
                         return door.name == scenario.main_door().name &&
                                (door.state == DoorState::open || door.state == DoorState::silent);
                       }),
          ""};
  if (with_log) run.told = told_of(instance, options, run.judgement);
  return run;
}

bool names_one_of(const std::vector<std::string_view>& these, const std::vector<std::string>& outcomes) {
  return std::any_of(these.begin(), these.end(), [&](std::string_view each) {
    return std::find(outcomes.begin(), outcomes.end(), each) != outcomes.end();
  });
}

/// The least verdict that this misdeed must get in this scenario.
Verdict wanted(const MisdeedRow& row, const CatalogueEntry& entry, const std::vector<std::string>& outcomes) {
  for (const auto& spared : spared_table())
    if (spared.misdeed == row.misdeed &&
        std::find(spared.scenarios.begin(), spared.scenarios.end(), entry.id) != spared.scenarios.end())
      return spared.verdict;
  if (outcomes.empty() && row.of_outcome) return Verdict::pass;
  if (names_one_of(row.allowed_by, outcomes)) return Verdict::pass;
  return names_one_of(row.lax_by, outcomes) ? Verdict::lax : row.verdict;
}

void prove(const CatalogueEntry& entry) {
  auto id = std::string(entry.id);
  if (std::find(of_their_own.begin(), of_their_own.end(), id) != of_their_own.end()) return;
  auto good = play(entry, Misdeed::none);
  const auto* other =
      std::find_if(not_passed.begin(), not_passed.end(), [&](const Other& each) { return each.scenario == id; });
  // Memory has no caller that can be seen at a door where nobody gets in; a refused one is judged by the word.
  auto verdict = other != not_passed.end() ? other->verdict : Verdict::pass;
  if (good.nobody_gets_in && good.judgement.verdict == Verdict::unmet) return;
  EXPECT_EQ(good.judgement.verdict, verdict) << id << ": a correct client\n" << play(entry, Misdeed::none, true).told;

  int proofs = 0;
  for (const auto& row : misdeed_table()) {
    if (!good.occasions.contains(row.misdeed)) continue;
    auto bad = play(entry, row.misdeed).judgement.verdict;
    proofs += bad >= Verdict::lax && bad != Verdict::unmet;
    if (bad == Verdict::unmet && verdict == Verdict::unmet) continue;
    bool shows = bad != Verdict::unmet && bad >= wanted(row, entry, good.outcomes);
    EXPECT_TRUE(shows) << id << ": a client that " << row.name << " gets " << name_of(bad) << "\n"
                       << play(entry, row.misdeed, true).told;
  }
  EXPECT_GT(proofs, 0) << id << ": nothing that a client does wrong fails it";
}

class Proof : public testing::TestWithParam<std::size_t> {};

TEST_P(Proof, OfScenarios) {
  auto all = catalogue();
  for (std::size_t i = GetParam(); i < all.size(); i += shards) prove(all[i]);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Proof, testing::Range(std::size_t{0}, shards));

// A misdeed that no scenario has an occasion for proves nothing.
TEST(Misdeeds, EachHasAnOccasion) {
  std::set<Misdeed> seen;
  for (const auto& entry : catalogue()) {
    if (seen.size() == misdeed_table().size()) break;
    if (entry.folder == "handshake") continue;  // keys take time; what they show, starttls/ shows, too
    seen.merge(play(entry, Misdeed::none).occasions);
  }
  for (const auto& row : misdeed_table()) EXPECT_TRUE(seen.contains(row.misdeed)) << row.name;
}

// A name that is misspelt spares nothing.
TEST(Misdeeds, EachStandsOnceAndItsExceptionsAreScenarios) {
  std::set<Misdeed> seen;
  for (const auto& row : misdeed_table()) EXPECT_TRUE(seen.insert(row.misdeed).second) << row.name;
  auto known = [](std::string_view id) {
    auto all = catalogue();
    return std::any_of(all.begin(), all.end(), [&](const CatalogueEntry& each) { return each.id == id; });
  };
  for (const auto& spared : spared_table())
    for (auto id : spared.scenarios) EXPECT_TRUE(known(id)) << id;
  for (const auto& each : not_passed) EXPECT_TRUE(known(each.scenario)) << each.scenario;
  for (auto id : of_their_own) EXPECT_TRUE(known(id)) << id;
}

}  // namespace
}  // namespace mailfault
