// list: the catalogue, and the vocabulary that scenarios are written in.
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "cli/reference.hpp"
#include "cli/terminal.hpp"
#include "script/provider.hpp"

namespace mailfault::cli {
namespace {

namespace json = boost::json;

json::object to_json(const ScenarioFile& file, const Scenario& scenario) {
  json::object out{{"id", scenario.id},
                   {"folder", file.folder},
                   {"title", scenario.title},
                   {"emulates", scenario.emulates},
                   {"sources", json::value_from(scenario.sources)},
                   {"outcomes", json::value_from(scenario.outcomes())},
                   {"needs", scenario.needs.words()}};
  json::object parameters;
  for (const auto& [name, parameter] : scenario.parameters)
    parameters[name] = json::object{
        {"default", parameter.fallback.text() ? *parameter.fallback.text() : parameter.fallback.written()},
        {"what", parameter.what}};
  out["parameters"] = std::move(parameters);
  json::array stages;
  for (const auto& row : mailfault::stages())
    if (!scenario.rules_at(row.stage).empty()) stages.emplace_back(row.name);
  out["stages"] = std::move(stages);
  return out;
}

class List final : public Subcommand {
 public:
  std::string_view name() const override { return "list"; }
  std::string_view summary() const override {
    return "Show the catalogue of scenarios, or the actions and other words";
  }
  std::string_view examples() const override {
    return "  mailfault list 421 greeting             scenarios with both words\n"
           "  mailfault list --stage rcpt             by the stage where the fault plays\n"
           "  mailfault list --outcome ambiguous      by what a correct client makes of it\n"
           "  mailfault list --providers              whose servers it can be\n"
           "  mailfault list --actions                what a server can be made to do\n";
  }
  void declare(OptionTable& options) override {
    options.texts("WORD", "", ValueKind::text, words_,
                  "words that the id, title, folder or what it emulates must have");
    options.text("--stage", "STAGE", ValueKind::text, stage_, "only those with a rule at this stage");
    options.text("--outcome", "NAME", ValueKind::text, outcome_, "only those with this outcome");
    options.flag("--providers", providers_, "the providers instead: what provider \"NAME\" and use{ provider } take");
    options.flag("--actions", actions_, "the table of actions instead");
    options.flag("--reference", reference_, "all tables of the language, as Markdown");
    options.flag("--annotations", annotations_, "the language's annotations for editors (LuaLS)");
    options.flag("--json", json_, "as JSON");
    options.text("--scenarios", "DIR", ValueKind::folder, folder_,
                 "a folder of scenarios that adds to the catalogue");
  }
  int run() override;

 private:
  bool wanted(const ScenarioFile& file, const Scenario& scenario) const;
  int list_actions() const;
  int list_providers() const;

  std::vector<std::string> words_;
  std::string stage_, outcome_, folder_;
  bool providers_ = false, actions_ = false, json_ = false, reference_ = false, annotations_ = false;
};

bool List::wanted(const ScenarioFile& file, const Scenario& scenario) const {
  auto text = scenario.id + " " + file.folder + " " + scenario.title + " " + scenario.emulates;
  for (const auto& word : words_)
    if (!contains_ignoring_case(text, word)) return false;
  if (!stage_.empty() && scenario.rules_at(*stage_named(stage_)).empty()) return false;
  auto outcomes = scenario.outcomes();
  return outcome_.empty() || std::find(outcomes.begin(), outcomes.end(), outcome_) != outcomes.end();
}

int List::list_actions() const {
  if (json_) {
    json::array rows;
    for (const auto* spec : action_table())
      rows.push_back(json::object{{"name", std::string(spec->name)},
                                  {"usage", std::string(spec->usage)},
                                  {"class", std::string(reference::name_of(spec->kind))},
                                  {"tier", std::string(spec->tier)},
                                  {"does", std::string(spec->does)}});
    std::cout << json::serialize(rows) << "\n";
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  auto width = std::max<std::size_t>(30, std::min<std::size_t>(terminal_width(), 140) - 52);
  for (const auto* spec : action_table()) {
    auto lines = wrapped(spec->does, width);
    for (std::size_t i = 0; i < lines.size(); ++i)
      rows.push_back({i ? "" : std::string(spec->usage), i ? "" : std::string(reference::name_of(spec->kind)),
                      i ? "" : std::string(spec->tier), lines[i]});
  }
  std::cout << table({"action", "kind", "tier", "does"}, rows, has_color());
  return 0;
}

int List::list_providers() const {
  json::array all;
  std::vector<std::vector<std::string>> rows;
  auto more = providers_in(folder_);
  for (const auto& file : script::all_providers(more.get())) {
    auto provider = script::load_provider(file, more.get());
    auto verified = reference::texts_of(*provider, ProviderReply::Mark::verified);
    auto approximate = reference::texts_of(*provider, ProviderReply::Mark::approximate);
    all.push_back(json::object{{"name", provider->name},
                               {"title", provider->title},
                               {"host", provider->host},
                               {"sources", json::value_from(provider->sources)},
                               {"verified", verified},
                               {"approximate", approximate}});
    rows.push_back({provider->name, provider->title, std::to_string(verified), std::to_string(approximate)});
  }
  if (json_)
    std::cout << json::serialize(all) << "\n";
  else
    std::cout << table({"provider", "whose server it is", "verified texts", "approximate"}, rows, has_color())
              << "\n'mailfault show PROVIDER' has the texts and their sources.\n";
  return 0;
}

int List::run() {
  if (reference_) {
    std::cout << reference::tables();
    return 0;
  }
  if (annotations_) {
    std::cout << reference::annotations();
    return 0;
  }
  if (actions_) return list_actions();
  if (providers_) return list_providers();
  if (!stage_.empty() && !stage_named(stage_)) {
    std::vector<std::string_view> names;
    for (const auto& row : stages()) names.push_back(row.name);
    throw Error("--stage " + stage_ + ": there is no such stage" + did_you_mean(stage_, names));
  }
  if (auto known = outcome_names();
      !outcome_.empty() && std::find(known.begin(), known.end(), outcome_) == known.end())
    throw Error("--outcome " + outcome_ + ": there is no such outcome" + did_you_mean(outcome_, known));
  json::array all;
  std::string folder = "\n";
  bool color = has_color();
  std::size_t shown = 0, widest = 24, outcome_width = 22;
  auto files = all_scenarios(folder_);
  for (const auto& file : files) widest = std::max(widest, file.id.size());
  auto width = std::max<std::size_t>(40, std::min<std::size_t>(terminal_width(), 160) - widest - outcome_width - 8);
  for (const auto& file : files) {
    auto script = load(file);
    const auto& scenario = script->scenario();
    if (!wanted(file, scenario)) continue;
    ++shown;
    if (json_) {
      all.push_back(to_json(file, scenario));
      continue;
    }
    if (file.folder != folder) {
      folder = file.folder;
      std::cout << (shown > 1 ? "\n" : "") << toned(Tone::strong, folder.empty() ? "no fault" : folder, color)
                << "\n";
    }
    std::cout << "  " << padded(scenario.id, widest) << "  "
              << toned(Tone::dim, padded(join(scenario.outcomes(), ", "), outcome_width), color) << "  "
              << fitted(scenario.title, width) << "\n";
  }
  if (json_)
    std::cout << json::serialize(all) << "\n";
  else
    std::cout << "\n" << counted(shown, "scenario", "scenarios") << ". 'mailfault show ID' tells what one does.\n";
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_list() { return std::make_unique<List>(); }

}  // namespace mailfault::cli
