// A subcommand's options, as a table: it drives the parser, --help and the shell completion.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/value.hpp"

namespace mailfault::cli {

/// What an option's value is, for the completion.
enum class ValueKind : std::uint8_t { none, text, file, folder, scenario };

struct Option {
  std::string name;   ///< "--seed", "-j,--jobs", or "SCENARIO" for a positional one
  std::string value;  ///< "N" in the help; empty: a flag
  ValueKind kind = ValueKind::none;
  std::string help;
  bool many = false, required = false;
  std::function<void(const std::string&)> set;  ///< of a flag: with "true"
};

class OptionTable {
 public:
  void flag(std::string name, bool& to, std::string help);
  void text(std::string name, std::string value, ValueKind kind, std::string& to, std::string help);
  void texts(std::string name, std::string value, ValueKind kind, std::vector<std::string>& to, std::string help,
             bool required = false);
  /// Throws Error for what is no number or out of bounds.
  void whole(std::string name, std::string value, std::uint64_t& to, std::uint64_t least, std::uint64_t most,
             std::string help);
  void custom(std::string name, std::string value, bool many, std::function<void(const std::string&)> set,
              std::string help);
  const std::vector<Option>& all() const { return options_; }

 private:
  std::vector<Option> options_;
};

class Subcommand {
 public:
  virtual ~Subcommand() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view summary() const = 0;
  /// Command lines with a word on each, for --help.
  virtual std::string_view examples() const = 0;
  virtual void declare(OptionTable& options) = 0;
  /// What stands behind "--": the command under test. Throws Error unless the subcommand runs one.
  virtual void take_command(const std::vector<std::string>& words);
  /// Returns the exit status; throws Error for status 2.
  virtual int run() = 0;
};

std::unique_ptr<Subcommand> make_serve();
std::unique_ptr<Subcommand> make_run();
std::unique_ptr<Subcommand> make_score();
std::unique_ptr<Subcommand> make_list();
std::unique_ptr<Subcommand> make_show();
std::unique_ptr<Subcommand> make_check();
std::unique_ptr<Subcommand> make_new();
std::unique_ptr<Subcommand> make_import();
std::unique_ptr<Subcommand> make_replay();
std::unique_ptr<Subcommand> make_record();
std::unique_ptr<Subcommand> make_demo();
std::unique_ptr<Subcommand> make_certs();
std::unique_ptr<Subcommand> make_doctor();
std::unique_ptr<Subcommand> make_completion();
std::unique_ptr<Subcommand> make_wait_ready();

/// Every subcommand, in the order of --help.
std::vector<std::unique_ptr<Subcommand>> all_subcommands();
/// Parses and runs; the exit status of the program. Options also come from MAILFAULT_OPT_<NAME>.
int run_program(int count, char** words);

/// "name=value" of --set.
void add_setting(std::map<std::string, Value>& to, const std::string& text);

}  // namespace mailfault::cli
