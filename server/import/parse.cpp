#include "import/parse.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::recorded {
namespace {

constexpr std::size_t looked_at = 8 << 20;  // of a log, to know its kind
constexpr std::array<Kind, 13> table{{
    {"nodemailer", "nodemailer's debug log", read_nodemailer},
    {"phpmailer", "PHPMailer's SMTPDebug", read_phpmailer},
    {"python", "Python's set_debuglevel", read_python},
    {"ruby", "Ruby's debug_output", read_ruby},
    {"curl-trace", "curl's --trace", read_curl_trace},
    {"curl", "curl -v", read_curl},
    {"swaks", "swaks", read_swaks},
    {"msmtp", "msmtp --debug", read_msmtp},
    {"transcript", "a transcript with C: and S:", read_transcript},
    {"bare", "JavaMail's mail.debug, or a bare conversation", read_bare},
    {"postfix", "Postfix's log", read_postfix},
    {"exim", "Exim's log", read_exim},
    {"bounce", "a bounce", read_bounce},
}};

// What each of the kinds makes of the text, in one pass: of a long log most lines are nobody's.
std::vector<Recorder> read_with(std::span<const Kind> as, std::string_view text) {
  std::vector<Recorder> all(as.size());
  std::vector<std::unique_ptr<Reader>> readers;
  for (const auto& kind : as) readers.push_back(kind.reader());
  int number = 0;
  auto each = [&](std::string_view raw) {
    auto line = plain_line(raw);
    std::string_view bare = line;
    auto stamp = take_stamp(bare);
    std::optional<Ending> ending;
    ++number;
    for (std::size_t at = 0; at < as.size(); ++at) {
      all[at].at(number, stamp);
      if (readers[at]->read(line, bare, all[at])) continue;
      if (!ending) ending = ending_in(bare);
      all[at].ended(*ending, bare);
    }
  };
  while (!text.empty()) {
    auto end = text.find('\n');
    each(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  each({});  // what a reader still holds
  return all;
}

std::string known_kinds() {
  std::string all;
  for (const auto& kind : table) all += (all.empty() ? "" : ", ") + std::string(kind.name);
  return all;
}

}  // namespace

std::span<const Kind> kinds() { return table; }

Conversation parse_log(std::string bytes, const std::string& name, std::string_view as) {
  auto text = decoded(std::move(bytes));
  const Kind* kind = nullptr;
  if (!as.empty()) {
    auto found = std::find_if(table.begin(), table.end(), [&](const Kind& each) { return each.name == as; });
    if (found == table.end())
      throw Error("--as " + std::string(as) + ": no such kind of log; there are " + known_kinds());
    kind = &*found;
  }
  auto sample = std::string_view(text).substr(0, looked_at);
  for (int turn = 0; !kind && turn < 2; ++turn) {
    std::size_t best = 0;
    auto all = read_with(table, sample);
    for (std::size_t at = 0; at < table.size(); ++at) {
      if (all[at].score() > best) kind = &table[at];
      best = std::max(best, all[at].score());
    }
    if (sample.size() == text.size()) break;
    sample = text;
  }
  auto lines = counted(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) +
                           (text.empty() || text.ends_with('\n') ? 0 : 1),
                       "line", "lines");
  // A connection that was refused leaves no line of SMTP.
  if (!kind && contains_ignoring_case(text, "refused"))
    kind = &*std::find_if(table.begin(), table.end(), [](const Kind& each) { return each.name == "bare"; });
  if (!kind)
    throw Error(name + ": no SMTP is in it (" + lines +
                " read); give a log with what client and server said, or name its kind with --as: " + known_kinds());
  auto read = std::move(read_with({kind, 1}, text)[0]);
  int client = read.first_line_of(Turn::Who::client), server = read.first_line_of(Turn::Who::server);
  auto conversation = read.take();
  auto of_this_kind = " of " + std::string(kind->title);
  if (conversation.connections.empty())
    throw Error(name + ": no conversation" + of_this_kind + " is in it (" + lines + " read)");
  bool assumed = kind->name == "postfix" || kind->name == "exim" || kind->name == "bounce";
  bool ends = std::any_of(conversation.connections.begin(), conversation.connections.end(),
                          [](const Connection& each) { return each.ending != Ending::unknown; });
  bool greets_only = server > 0 && std::all_of(conversation.connections.begin(), conversation.connections.end(),
                                               [](const Connection& each) {
                                                 return each.turns.empty() || each.turns.back().text[0] > '3';
                                               });
  if (client == 0 && !assumed && !ends && !greets_only)
    throw Error(name + ":" + std::to_string(server) + ": only the server's side" + of_this_kind +
                " is in it; what it answered can't be known: log what the client sends, too");
  if (server == 0 && !ends)
    throw Error(name + ":" + std::to_string(client) + ": only the client's side" + of_this_kind +
                " is in it; what the server said can't be known: log its replies, too");
  conversation.kind = kind->name;
  conversation.title = kind->title;
  return conversation;
}

}  // namespace mailfault::recorded
