#include "cli/options.hpp"

#include <charconv>

#include "base/error.hpp"

namespace mailfault::cli {

void OptionTable::flag(std::string name, bool& to, std::string help) {
  options_.push_back({std::move(name), "", ValueKind::none, std::move(help), false, false,
                      [&to](const std::string& value) { to = value != "false" && value != "0"; }});
}

void OptionTable::text(std::string name, std::string value, ValueKind kind, std::string& to, std::string help) {
  options_.push_back({std::move(name), std::move(value), kind, std::move(help), false, false,
                      [&to](const std::string& given) { to = given; }});
}

void OptionTable::texts(std::string name, std::string value, ValueKind kind, std::vector<std::string>& to,
                        std::string help, bool required) {
  options_.push_back({std::move(name), std::move(value), kind, std::move(help), true, required,
                      [&to](const std::string& given) { to.push_back(given); }});
}

void OptionTable::whole(std::string name, std::string value, std::uint64_t& to, std::uint64_t least,
                        std::uint64_t most, std::string help) {
  auto set = [&to, name, least, most](const std::string& given) {
    std::uint64_t number = 0;
    auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || number < least || number > most)
      throw Error(name + " " + given + ": a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most) + " is wanted");
    to = number;
  };
  options_.push_back({std::move(name), std::move(value), ValueKind::text, std::move(help), false, false, set});
}

void OptionTable::custom(std::string name, std::string value, bool many, std::function<void(const std::string&)> set,
                         std::string help) {
  options_.push_back(
      {std::move(name), std::move(value), ValueKind::text, std::move(help), many, false, std::move(set)});
}

void Subcommand::take_command(const std::vector<std::string>&) {
  throw Error(std::string(name()) + " runs no command: nothing may stand behind '--'");
}

std::vector<std::unique_ptr<Subcommand>> all_subcommands() {
  std::vector<std::unique_ptr<Subcommand>> all;
  for (auto make : {make_demo, make_run, make_score, make_serve, make_list, make_show, make_check, make_record,
                    make_replay, make_import, make_new, make_certs, make_doctor, make_completion, make_wait_ready})
    all.push_back(make());
  return all;
}

void add_setting(std::map<std::string, Value>& to, const std::string& text) {
  auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) throw Error("--set " + text + ": write --set name=value");
  to[text.substr(0, equals)] = Value(text.substr(equals + 1));
}

}  // namespace mailfault::cli
