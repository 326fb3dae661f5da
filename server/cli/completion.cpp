// completion: shell completion, made from the table of options.
#include <iostream>

#include "base/error.hpp"
#include "cli/options.hpp"
#include "scenario/catalogue.hpp"

namespace mailfault::cli {
namespace {

class Completion final : public Subcommand {
 public:
  std::string_view name() const override { return "completion"; }
  std::string_view summary() const override { return "Print the completion for bash or zsh"; }
  std::string_view examples() const override {
    return "  source <(mailfault completion bash)\n"
           "  mailfault completion zsh > \"${fpath[1]}/_mailfault\"\n";
  }
  void declare(OptionTable& options) override {
    options.texts("SHELL", "", ValueKind::text, shells_, "bash or zsh", true);
  }
  int run() override;

 private:
  static void bash();
  static void zsh();
  std::vector<std::string> shells_;
};

std::string scenario_ids() {
  std::string ids;
  for (const auto& entry : catalogue()) ids += (ids.empty() ? "" : " ") + std::string(entry.id);
  return ids;
}

// What each command takes, as lines of a case statement; `word` turns an option into the shell's form.
template <class Line>
std::string for_each_command(Line line) {
  std::string out;
  for (const auto& command : all_subcommands()) {
    OptionTable options;
    command->declare(options);
    out += line(*command, options);
  }
  return out;
}

void Completion::bash() {
  std::string commands;
  for (const auto& command : all_subcommands()) commands += " " + std::string(command->name());
  auto cases = for_each_command([](const Subcommand& command, const OptionTable& options) {
    std::string names = "--help", files;
    bool scenarios = false;
    for (const auto& option : options.all()) {
      if (option.name.starts_with("-")) names += " " + option.name.substr(option.name.find("--"));
      scenarios = scenarios || (!option.name.starts_with("-") && option.kind == ValueKind::scenario);
    }
    return "    " + std::string(command.name()) + ") words=\"" + names + (scenarios ? " $scenarios" : "") + "\" ;;\n";
  });
  std::cout << "_mailfault() {\n"
               "  local scenarios=\""
            << scenario_ids()
            << "\" words=\n"
               "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
               "  COMPREPLY=()\n"
               "  case $previous in\n"
               "    --journal|--port-file|--scenarios) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
               "    completion) COMPREPLY=($(compgen -W 'bash zsh' -- \"$current\")); return ;;\n"
               "  esac\n"
               "  case ${COMP_WORDS[1]} in\n"
            << cases << "    *) words=\"--help --version" << commands
            << "\" ;;\n"
               "  esac\n"
               "  (( COMP_CWORD == 1 )) && words=\"--help --version"
            << commands
            << "\"\n"
               "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\") $(compgen -f -X '!*.lua' -- \"$current\"))\n"
               "}\n"
               "complete -F _mailfault mailfault\n";
}

std::string zsh_quoted(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

void Completion::zsh() {
  std::string commands;
  for (const auto& command : all_subcommands())
    commands += "    '" + std::string(command->name()) + ":" + zsh_quoted(std::string(command->summary())) + "'\n";
  auto cases = for_each_command([](const Subcommand& command, const OptionTable& options) {
    std::string out = "    " + std::string(command.name()) + ") _arguments";
    for (const auto& option : options.all()) {
      std::string action = option.kind == ValueKind::scenario ? "_mailfault_scenarios"
                           : option.kind == ValueKind::file   ? "_files"
                           : option.kind == ValueKind::folder ? "_files -/"
                                                              : "";
      if (!option.name.starts_with("-"))
        out += " \\\n      '*:" + option.name + ":" + action + "'";
      else
        out += " \\\n      '" + std::string(option.many ? "*" : "") + option.name.substr(option.name.find("--")) +
               "[" + zsh_quoted(option.help) + "]" +
               (option.value.empty() ? "" : ":" + zsh_quoted(option.value) + ":" + action) + "'";
    }
    return out + " ;;\n";
  });
  std::cout << "#compdef mailfault\n"
               "_mailfault_scenarios() { compadd "
            << scenario_ids()
            << "; _files -g '*.lua' }\n"
               "_mailfault() {\n"
               "  local -a commands=(\n"
            << commands
            << "  )\n"
               "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
               "  local command=$words[2]\n"
               "  shift words; (( CURRENT-- ))\n"
               "  case $command in\n"
            << cases
            << "  esac\n"
               "}\n"
               "(( $+functions[compdef] )) && compdef _mailfault mailfault\n";
}

int Completion::run() {
  if (shells_.size() == 1 && shells_[0] == "bash") return bash(), 0;
  if (shells_.size() == 1 && shells_[0] == "zsh") return zsh(), 0;
  throw Error("completion: there is none for '" + shells_[0] + "'; say bash or zsh");
}

}  // namespace

std::unique_ptr<Subcommand> make_completion() { return std::make_unique<Completion>(); }

}  // namespace mailfault::cli
