// new: a commented skeleton for an author.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "base/error.hpp"
#include "cli/options.hpp"

namespace mailfault::cli {
namespace {

constexpr std::string_view skeleton = R"lua(-- NAME: one sentence on what happens. Try it:  mailfault check NAME.lua
scenario {
  title    = "The second recipient is refused",         -- plain words: what the server does
  emulates = "a mailbox that is gone",                   -- which server or situation does so
  sources  = { "RFC 5321 section 4.2" },                 -- where it was seen
  params   = { code = { 550, "the reply's code" } },     -- read params.code; --set code=450
  -- needs = { rcpts = 2 },                              -- what a client must do to meet the fault
}

-- on.STAGE, triggers (which, how often), actions (what the server does). What no rule answers is healthy.
on.rcpt:nth(2):per("message"):reply(params.code, "<{rcpt}>: no such user")

-- The same by a function, where rules aren't enough:
-- on.rcpt(function(session, rcpt)
--   if state:count(session.peer) > 3 then return reply(450, "4.7.1", "Too many"):close() end
-- end)

-- What a correct client makes of it: delivered, temporary, permanent, misconfigured, reconnects, ambiguous, refuses
-- or partial.
expect.outcome "partial"

-- A transcript that 'mailfault check' replays. `...` is any text; `S: 250 ...` a whole reply.
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<one@example.net>
S: 250 ...
C: RCPT TO:<two@example.net>
S: 550 <two@example.net>: no such user
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
)lua";

class New final : public Subcommand {
 public:
  std::string_view name() const override { return "new"; }
  std::string_view summary() const override { return "Write a commented skeleton of a scenario"; }
  std::string_view examples() const override { return "  mailfault new my-fault && mailfault check my-fault.lua\n"; }
  void declare(OptionTable& options) override {
    options.texts("NAME", "", ValueKind::text, names_, "the scenario's id: NAME.lua is written here", true);
  }
  int run() override;

 private:
  std::vector<std::string> names_;
};

int New::run() {
  if (names_.size() != 1) throw Error("new: one name is wanted");
  auto id = names_[0];
  if (id.ends_with(".lua")) id.resize(id.size() - 4);
  auto base = id.substr(id.rfind('/') + 1);
  if (base.empty() || !std::all_of(base.begin(), base.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
      }))
    throw Error("new: '" + base + "' is no id; write it with a-z, 0-9 and '-', such as dot-late-250");
  auto path = id + ".lua";
  std::string text(skeleton);
  for (std::size_t at = 0; (at = text.find("NAME", at)) != std::string::npos; at += base.size())
    text.replace(at, 4, base);
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0)
    throw Error(path + (errno == EEXIST ? ": there is such a file already; choose another name"
                                        : std::string(": can't be written: ") + std::strerror(errno)));
  auto written = write(file, text.data(), text.size());
  int failed = written == static_cast<ssize_t>(text.size()) ? close(file) : (close(file), -1);
  if (failed != 0) throw Error(path + ": could not be written whole");
  std::cout << path << " is written. Try:\n  mailfault check " << path << "\n  mailfault serve "
            << (path.find('/') == std::string::npos ? "./" : "") << path << "\n";
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_new() { return std::make_unique<New>(); }

}  // namespace mailfault::cli
