// The command line as a whole. The only file that pays for CLI11.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"

namespace mailfault::cli {
namespace {

constexpr int usage_error = 2;

std::string environment_name(std::string name) {
  name = upper(name.substr(name.find("--") + 2));
  for (auto& c : name)
    if (c == '-') c = '_';
  return "MAILFAULT_OPT_" + name;
}

void add(CLI::App& app, const Option& option) {
  CLI::Option* made = nullptr;
  bool positional = !option.name.starts_with("-");
  if (option.value.empty() && !positional) {
    made = app.add_flag_callback(
        option.name, [&option] { option.set("true"); }, option.help);
    auto from_environment = std::getenv(environment_name(option.name).c_str());
    if (from_environment) option.set(from_environment);
    return;
  }
  auto set = [&option](const std::vector<std::string>& values) {
    for (const auto& value : values) option.set(value);
    return true;
  };
  made = app.add_option_function<std::vector<std::string>>(option.name, set, option.help);
  made->type_name(positional ? "" : option.value)->type_size(1);
  made->expected(option.required ? 1 : 0, option.many ? 1 << 20 : 1);
  if (option.required) made->required();
  if (!positional) {
    made->expected(1)->allow_extra_args(false)->envname(environment_name(option.name));
    made->multi_option_policy(option.many ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
  }
}

}  // namespace

namespace {

// An option's value and no more: how often it may come is in its text.
class Formatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    auto name = make_option_name(option, true) + (option->get_expected_max() > 1 ? "…" : "");
    return option->get_required() ? name : "[" + name + "]";
  }
};

}  // namespace

int run_program(int count, char** words) {
  CLI::App app{
      "mailfault: an SMTP server that misbehaves on purpose, by scenarios, and keeps the truth of what it stored"};
  app.name("mailfault");
  app.set_version_flag("--version", std::string("mailfault ") + MAILFAULT_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<Formatter>());
  app.get_formatter()->column_width(34);
  app.footer(
      "\nStart with 'mailfault demo'. Each command has --help with examples.\n"
      "Exit status: 0 fine, 1 a verdict or an example failed, 2 a usage or scenario error, 3 a command could not be "
      "run.");
  auto commands = all_subcommands();
  std::vector<OptionTable> tables(commands.size());
  Subcommand* chosen = nullptr;
  try {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      auto* command = commands[i].get();
      auto* sub = app.add_subcommand(std::string(command->name()), std::string(command->summary()));
      sub->footer("\nExamples:\n" + std::string(command->examples()));
      command->declare(tables[i]);
      for (const auto& option : tables[i].all()) add(*sub, option);
      sub->final_callback([&chosen, command] { chosen = command; });
    }
    // What stands behind "--" is another program's: CLI11 mustn't look at it.
    auto* end = std::find(words, words + count, std::string_view("--"));
    app.parse(static_cast<int>(end - words), words);
    if (end != words + count) chosen->take_command({end + 1, words + count});
    return chosen->run();
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::vector<std::string_view> names;
    for (const auto& command : commands) names.push_back(command->name());
    bool unknown_command = count > 1 && words[1][0] != '-' &&
                           std::find(names.begin(), names.end(), std::string_view(words[1])) == names.end();
    if (unknown_command)
      std::cerr << "mailfault: there is no command '" << words[1] << "'" << did_you_mean(words[1], names) << "\n";
    else
      std::cerr << "mailfault: " << error.what() << "\n";
    std::cerr << "Run 'mailfault" << (unknown_command || count < 2 ? "" : std::string(" ") + words[1])
              << " --help' for what can be given.\n";
    return usage_error;
  } catch (const Error& error) {
    std::cerr << "mailfault: " << error.what() << "\n";
    return usage_error;
  }
}

}  // namespace mailfault::cli
