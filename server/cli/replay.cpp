// replay: what a client said, said again to another server; and where that answers otherwise.
#include <iostream>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/dialogue.hpp"
#include "cli/find.hpp"
#include "cli/options.hpp"
#include "cli/recorded.hpp"
#include "cli/terminal.hpp"
#include "smtp/capabilities.hpp"
#include "tls/names.hpp"

namespace mailfault::cli {
namespace {

using Kind = RecordedStep::Kind;
using Answer = RecordedAnswer::Kind;

struct Settings {
  wire::MailHost against;
  Micros time = std::chrono::seconds(30);
  std::string user, password;
  bool texts = false;  ///< they are compared, too, and all is shown
  bool color = false;
};

struct Counts {
  std::uint64_t same = 0, differ = 0, skipped = 0;
};

std::string described(const RecordedAnswer& answer) {
  if (answer.kind == Answer::silence) return "no reply";
  return answer.kind == Answer::end ? "no reply: the server ends the connection" : answer.text;
}

// A reply on one line.
std::string on_one_line(std::string_view reply) {
  std::string out;
  for (auto line : split(reply, '\n')) out += (out.empty() ? "" : " / ") + std::string(trim(line));
  return printable(out);
}

// The journal cuts long texts; a transcript has `...` and placeholders.
bool same_text(const RecordedAnswer& then, const std::string& now) {
  constexpr std::size_t kept = 2048;
  auto text = on_one_line(then.text), seen = on_one_line(now);
  if (!then.pattern) return then.text.size() < kept ? text == seen : seen.starts_with(text);
  if (text.size() == 7 && text.ends_with(" ...")) return true;  // a whole reply of that code
  std::string glob;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    bool dots = text.compare(i, 3, "...") == 0;
    if (dots || end != std::string::npos)
      glob += '*';
    else
      glob += text[i];
    i = dots ? i + 2 : end != std::string::npos ? end : i;
  }
  return matches_glob(glob, seen);
}

/// One connection, played.
class Player {
 public:
  Player(const RecordedTalk& talk, const Settings& settings, Counts& counts)
      : talk_(talk),
        settings_(settings),
        counts_(counts),
        dialogue_(wire::dial("--against", settings.against, settings.time), settings.time) {}

  void play() {
    for (const auto& step : talk_.steps) {
      if (over_) {
        if (step.kind != Kind::tls) skip(step, "");
        continue;
      }
      take(step);
    }
    if (!over_ && !open_body_) dialogue_.send("QUIT\r\n");
  }

 private:
  void take(const RecordedStep& step);
  void login(bool wanted);
  void start_tls();
  std::optional<std::string> to_send(const RecordedStep& step);
  void compare(const RecordedStep& step, const std::string& what);
  void skip(const RecordedStep& step, const std::string& why);
  void tell(Tone tone, const std::string& what, const std::vector<std::pair<std::string, std::string>>& rows);
  std::string sni() const { return tls::is_address(settings_.against.host) ? "" : settings_.against.host; }

  const RecordedTalk& talk_;
  const Settings& settings_;
  Counts& counts_;
  Dialogue dialogue_;
  bool over_ = false, named_ = false, greeted_ = false;
  bool open_body_ = false;  // a 354 came, and no message was sent since
  std::string mechanism_;   // of the AUTH under way
  int responses_ = 0;       // that it was given
};

void Player::tell(Tone tone, const std::string& what, const std::vector<std::pair<std::string, std::string>>& rows) {
  if (!std::exchange(named_, true)) std::cout << toned(Tone::strong, talk_.name, settings_.color) << "\n";
  std::cout << "  " << toned(tone, what, settings_.color) << "\n";
  for (const auto& [name, text] : rows) std::cout << "    " << padded(name, 6) << text << "\n";
}

void Player::skip(const RecordedStep& step, const std::string& why) {
  ++counts_.skipped;
  if (why.empty() && !settings_.texts) return;
  auto what = step.kind == Kind::body ? std::string("the message") : printable(step.line);
  tell(Tone::warning, (what.empty() ? "a reply" : what) + ": not played" + (why.empty() ? "" : ": " + why), {});
}

void Player::compare(const RecordedStep& step, const std::string& what) {
  const auto& then = step.answer;
  auto now = dialogue_.read();
  greeted_ = true;
  bool replied = now.lack.empty();
  over_ = now.ended || (!replied && then.kind == Answer::reply);  // nobody waits for more of a silent server
  open_body_ = replied && now.code == 354;
  bool same = then.kind == Answer::reply ? replied && now.code == then.code
              : replied                  ? false
                                         : now.ended == (then.kind == Answer::end);
  bool texts_differ = same && replied && settings_.texts && !same_text(then, now.text);
  auto seen = replied ? on_one_line(now.text) : now.lack;
  if (same && !texts_differ) {
    ++counts_.same;
    if (settings_.texts) tell(Tone::plain, what, {{"same", seen}});
    return;
  }
  ++counts_.differ;
  tell(Tone::bad, what, {{"then", on_one_line(described(then))}, {"now", seen}});
  // Who doesn't know BDAT takes what follows it for commands.
  if (!step.bytes.empty() && step.kind == Kind::say && now.code >= 500) over_ = true;
}

// The line as it is to be said: credentials aren't in a journal. None: it can't be.
std::optional<std::string> Player::to_send(const RecordedStep& step) {
  constexpr std::string_view hidden = "<redacted>";
  auto words = split(step.line, ' ');
  if (equals_ignoring_case(words[0], "AUTH")) {
    mechanism_ = words.size() > 1 ? upper(words[1]) : "";
    responses_ = 0;
  }
  if (!step.line.ends_with(hidden)) return step.line;
  if (settings_.user.empty() || (mechanism_ != "PLAIN" && mechanism_ != "LOGIN")) return std::nullopt;
  auto before = step.line.substr(0, step.line.size() - hidden.size());
  if (mechanism_ == "PLAIN") return before + base64('\0' + settings_.user + '\0' + settings_.password);
  return before + base64(responses_++ == 0 ? settings_.user : settings_.password);
}

void Player::start_tls() {
  if (dialogue_.in_tls()) return;
  auto why = dialogue_.start_tls(sni());
  if (why.empty()) {
    if (settings_.texts) tell(Tone::plain, "TLS", {{"same", "it is up"}});
    return;
  }
  ++counts_.differ;
  tell(Tone::bad, "TLS", {{"then", "it came up"}, {"now", why}});
  over_ = true;
}

// As a good client comes to where it may send. What a transcript calls <ehlo> and <login>.
void Player::login(bool wanted) {
  RecordedStep greeting{Kind::listen, "", "", {Answer::reply, 220, "220 ...", true}};
  if (!greeted_) compare(greeting, "the greeting");
  auto say = [&](const std::string& line) {
    dialogue_.send(line + "\r\n");
    auto reply = dialogue_.read();
    over_ = over_ || reply.ended;
    return reply;
  };
  if (over_) return;
  auto reply = say("EHLO client.example");
  auto offer = smtp::parse_offer(reply.text);
  if (!over_ && offer.starttls && !dialogue_.in_tls() && say("STARTTLS").code == 220) {
    start_tls();
    if (!over_) reply = say("EHLO client.example");
  }
  RecordedStep step{wanted ? Kind::login : Kind::ready, "", "", {Answer::reply, wanted ? 235 : 250, "", true}};
  if (wanted && !over_) {
    if (settings_.user.empty()) return skip({Kind::say, "AUTH", "", {}}, "give --user and --password");
    reply = say("AUTH PLAIN " + base64('\0' + settings_.user + '\0' + settings_.password));
  }
  if (reply.code == step.answer.code) return void(++counts_.same);
  ++counts_.differ;
  tell(Tone::bad, wanted ? "AUTH PLAIN" : "EHLO",
       {{"then", std::to_string(step.answer.code)},
        {"now", reply.lack.empty() ? on_one_line(reply.text) : reply.lack}});
}

void Player::take(const RecordedStep& step) {
  switch (step.kind) {
    case Kind::listen:
      return compare(step, greeted_ ? "a reply that was not asked for" : "the greeting");
    case Kind::tls:
      return start_tls();
    case Kind::ready:
    case Kind::login:
      return login(step.kind == Kind::login);
    case Kind::body:
      if (!open_body_) return skip(step, "the server doesn't want it");
      dialogue_.send(step.bytes);
      return compare(step, "the message");
    case Kind::say: {
      if (open_body_) {  // what would follow would be taken for a message
        skip(step, "the server waits for a message now, which wasn't sent then; the connection is closed");
        over_ = true;
        return;
      }
      auto line = to_send(step);
      if (!line) {
        skip(step, settings_.user.empty() ? "what it said isn't in the journal; give --user and --password"
                                          : "only PLAIN and LOGIN can be said anew");
        if (!step.line.starts_with("<")) return;
        dialogue_.send("*\r\n");  // RFC 4954: the exchange is given up
        over_ = dialogue_.read().ended;
        return;
      }
      dialogue_.send(*line + "\r\n" + step.bytes);
      return compare(step, printable(step.line));
    }
  }
}

class Replay final : public Subcommand {
 public:
  std::string_view name() const override { return "replay"; }
  std::string_view summary() const override {
    return "Say again to a server what a client said, and show where it answers otherwise";
  }
  std::string_view examples() const override {
    return "  mailfault replay run.jsonl --against mail.example.com:25\n"
           "  mailfault replay run.jsonl --against [::1]:1025 -v              compare the texts, too\n"
           "  mailfault replay ./customer.lua --against staging:587 --user u --password p\n"
           "Exit status 1: it answers otherwise. Mail that is accepted there is sent there.\n";
  }
  void declare(OptionTable& options) override {
    options.texts("JOURNAL", "", ValueKind::scenario, names_,
                  "journals (.jsonl), or scenarios, whose examples are played", true);
    options.custom(
        "--against", "HOST:PORT", false,
        [this](const std::string& text) { settings_.against = wire::parse_mail_host("--against", text); },
        "the server; its certificate isn't verified");
    options.custom(
        "--timeout", "TIME", false,
        [this](const std::string& text) {
          auto time = parse_duration(text);
          if (!time) throw Error("--timeout " + text + ": a duration is wanted, such as 30s");
          settings_.time = *time;
        },
        "for each reply (30s)");
    options.text("--user", "NAME", ValueKind::text, settings_.user,
                 "to log in with, where the journal has no credentials (PLAIN and LOGIN)");
    options.text("--password", "TEXT", ValueKind::text, settings_.password,
                 "likewise; nobody sees it in MAILFAULT_OPT_PASSWORD");
    options.text("--scenarios", "DIR", ValueKind::folder, folder_,
                 "a folder of scenarios that adds to the catalogue");
    options.flag("-v,--verbose", settings_.texts, "compare the replies' texts, too, and show all that is said");
  }
  int run() override;

 private:
  std::vector<RecordedTalk> talks() const;

  std::vector<std::string> names_;
  std::string folder_;
  Settings settings_;
};

std::vector<RecordedTalk> Replay::talks() const {
  std::vector<RecordedTalk> out;
  for (const auto& name : names_) {
    bool path = name.find_first_of("./") != std::string::npos;
    auto more = path && looks_like_json_lines(name) ? talks_of(read_json_lines(name))
                                                    : talks_of(load(find_scenario(name, folder_))->scenario());
    if (more.empty()) throw Error(name + ": there is no connection in it that could be played");
    for (auto& talk : more) out.push_back(std::move(talk));
  }
  return out;
}

int Replay::run() {
  if (settings_.against.host.empty()) throw Error("replay: name the server with --against HOST:PORT");
  settings_.color = has_color();
  auto all = talks();
  Counts counts;
  for (const auto& talk : all) Player(talk, settings_, counts).play();
  std::cout << counted(all.size(), "connection", "connections") << ": "
            << counted(counts.same, "reply is", "replies are") << " as recorded, " << counts.differ
            << (counts.differ == 1 ? " differs" : " differ");
  if (counts.skipped > 0) std::cout << ", " << counted(counts.skipped, "step", "steps") << " not played";
  std::cout << "\n";
  return counts.differ > 0 ? 1 : 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_replay() { return std::make_unique<Replay>(); }

}  // namespace mailfault::cli
