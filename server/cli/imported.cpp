#include "cli/imported.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/find.hpp"
#include "engine/replay.hpp"
#include "import/story.hpp"
#include "import/write.hpp"

namespace mailfault::cli {
namespace {

constexpr std::size_t most_connections = 100;  // a scenario is to be read by people

void refuse_too_many(const recorded::Conversation& all) {
  if (all.connections.size() <= most_connections) return;
  auto story = recorded::tell(all);
  std::string where;
  for (const auto& step : story.steps) {
    int line = step.reply_line > 0 ? step.reply_line : step.ending_line;
    if (step.healthy || step.code == 235 || line == 0) continue;
    where = " (the first that isn't a healthy server's is at " + all.unit + " " + std::to_string(line) + ")";
    break;
  }
  throw Error("import: " + std::to_string(all.connections.size()) +
              " connections are in it, and a scenario tells of " + std::to_string(most_connections) +
              " at most; cut the " + all.source + " to those that failed" + where);
}

// Why it isn't a scenario that holds; empty: it is one.
std::string problem(const std::string& source, const std::string& path) {
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

}  // namespace

Imported imported(const recorded::Conversation& all, recorded::Keep keep, bool verbatim, const std::string& path) {
  refuse_too_many(all);
  Imported out;
  std::string why;
  for (auto [provider, capabilities, example] :
       {std::tuple{true, true, true}, {false, true, true}, {false, false, true}, {false, false, false}}) {
    recorded::Redactor redactor(all, keep);
    out.text = recorded::write_scenario(all, redactor, {verbatim, provider, capabilities, example});
    out.replaced = redactor.replaced();
    out.has_example = example;
    auto problem_now = problem(out.text, path);
    if (problem_now.empty()) break;
    if (why.empty()) why = problem_now;
    if (!example) throw Error("import: what was read makes no scenario: " + problem_now);
  }
  if (!out.has_example)
    out.text += "\n-- No example: the conversation of the " + all.source +
                " doesn't come about again in this way: " + printable(why) + "\n";
  return out;
}

void write_new(const std::string& path, const std::string& text) {
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0)
    throw Error(path + (errno == EEXIST ? ": there is such a file already; choose another name"
                                        : std::string(": can't be written: ") + std::strerror(errno)));
  auto written = ::write(file, text.data(), text.size());
  int failed = written == static_cast<ssize_t>(text.size()) ? close(file) : (close(file), -1);
  if (failed == 0) return;
  unlink(path.c_str());
  throw Error(path + ": could not be written whole");
}

std::string told(const recorded::Conversation& all, const Imported& made, const std::string& path) {
  auto out = counted(all.connections.size(), "connection", "connections") + ", read as " + all.title + "\n";
  for (const auto& line : made.replaced) out += "  replaced  " + line + "\n";
  if (path.empty()) return out;
  bool holds = made.has_example && made.text.find("\nexample [[") != std::string::npos;
  return out + path + " is written" + (holds ? " and its example holds" : "") + ". Try:\n  mailfault serve " +
         (path.find('/') == std::string::npos ? "./" : "") + path + "\n";
}

}  // namespace mailfault::cli
