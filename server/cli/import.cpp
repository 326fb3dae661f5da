// import: a log of a mail that failed becomes a scenario that makes it fail again.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "engine/replay.hpp"
#include "import/parse.hpp"
#include "import/story.hpp"
#include "import/write.hpp"

namespace mailfault::cli {
namespace {

constexpr std::uintmax_t largest_log = 1 << 30;
constexpr std::size_t most_connections = 100;  // a scenario is to be read by people

std::string read_log(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  auto size = std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
  if (!in || std::filesystem::is_directory(path, error)) throw Error(path + ": can't be read");
  if (size > largest_log) throw Error(path + ": over 1 GiB; cut out the time in which the mail failed");
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) throw Error(path + ": can't be read to its end");
  return text;
}

void refuse_too_many(const recorded::Conversation& all) {
  if (all.connections.size() <= most_connections) return;
  auto story = recorded::tell(all);
  std::string where;
  for (const auto& step : story.steps) {
    int line = step.reply_line > 0 ? step.reply_line : step.ending_line;
    if (step.healthy || step.code == 235 || line == 0) continue;
    where = " (the first that isn't a healthy server's is at line " + std::to_string(line) + ")";
    break;
  }
  throw Error("import: " + std::to_string(all.connections.size()) +
              " connections are in it, and a scenario tells of " + std::to_string(most_connections) +
              " at most; cut the log to those that failed" + where);
}

class Import final : public Subcommand {
 public:
  std::string_view name() const override { return "import"; }
  std::string_view summary() const override { return "Make a scenario of a client's or a server's log"; }
  std::string_view examples() const override {
    return "  mailfault import customer.log -o busy.lua    then: mailfault serve ./busy.lua\n"
           "  mailfault import swaks.txt --verbatim        every reply as it was\n"
           "  mailfault import mail.log --as postfix --keep addresses\n";
  }
  void declare(OptionTable& options) override {
    std::string all;
    for (const auto& kind : recorded::kinds()) all += (all.empty() ? "" : ", ") + std::string(kind.name);
    options.texts("FILE", "", ValueKind::file, files_, "logs, read one after the other as one", true);
    options.text("-o,--output", "NAME.lua", ValueKind::file, output_, "write it there, not to standard output");
    options.text("--as", "KIND", ValueKind::text, as_, "the log's kind, if it isn't recognized: " + all);
    options.flag("--verbatim", verbatim_, "give every reply as it was");
    options.text("--keep", "WHAT", ValueKind::text, keep_,
                 "don't replace these, a list of: addresses, hosts, ids, text");
  }
  int run() override;

 private:
  std::string problem(const std::string& source) const;
  void write(const std::string& text) const;

  std::vector<std::string> files_;
  std::string output_, as_, keep_;
  bool verbatim_ = false;
};

// Why it isn't a scenario that holds; empty: it is one.
std::string Import::problem(const std::string& source) const {
  auto path = output_.empty() ? std::string("import.lua") : output_;
  try {
    ScenarioFile file{.id = "import", .path = path, .folder = "", .source = source};
    auto script = load(file);
    for (const auto& example : script->scenario().examples)
      if (auto failure = replay(source, path, example))
        return path + ":" + std::to_string(failure->line) + ": " + failure->what;
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

void Import::write(const std::string& text) const {
  int file = open(output_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0)
    throw Error(output_ + (errno == EEXIST ? ": there is such a file already; choose another name"
                                           : std::string(": can't be written: ") + std::strerror(errno)));
  auto written = ::write(file, text.data(), text.size());
  int failed = written == static_cast<ssize_t>(text.size()) ? close(file) : (close(file), -1);
  if (failed == 0) return;
  unlink(output_.c_str());
  throw Error(output_ + ": could not be written whole");
}

int Import::run() {
  auto keep = recorded::parse_keep(keep_);
  recorded::Conversation all;
  for (const auto& path : files_) {
    auto read = recorded::parse_log(read_log(path), path, as_);
    if (all.connections.empty()) {
      all = std::move(read);
    } else {
      auto log = all.connections.back().log + 1;
      for (auto& each : read.connections) {
        each.log = log;
        all.connections.push_back(std::move(each));
      }
    }
  }
  refuse_too_many(all);
  recorded::Writing how{.verbatim = verbatim_};
  std::string text, why;
  std::vector<std::string> replaced;
  for (auto [provider, capabilities, example] :
       {std::tuple{true, true, true}, {false, true, true}, {false, false, true}, {false, false, false}}) {
    how.provider = provider;
    how.capabilities = capabilities;
    how.example = example;
    recorded::Redactor redactor(all, keep);
    text = recorded::write_scenario(all, redactor, how);
    replaced = redactor.replaced();
    auto problem_now = problem(text);
    if (problem_now.empty()) break;
    if (why.empty()) why = problem_now;
    if (!example) throw Error("import: what was read makes no scenario: " + problem_now);
  }
  if (!how.example)
    text +=
        "\n-- No example: the conversation of the log doesn't come about again in this way: " + printable(why) + "\n";
  if (output_.empty())
    std::cout << text;
  else
    write(text);
  std::cerr << counted(all.connections.size(), "connection", "connections") << ", read as " << all.title << "\n";
  for (const auto& line : replaced) std::cerr << "  replaced  " << line << "\n";
  if (!output_.empty())
    std::cerr << output_ << " is written" << (how.example ? " and its example holds" : "")
              << ". Try:\n  mailfault serve " << (output_.find('/') == std::string::npos ? "./" : "") << output_
              << "\n";
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_import() { return std::make_unique<Import>(); }

}  // namespace mailfault::cli
