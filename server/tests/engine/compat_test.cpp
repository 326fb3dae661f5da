// The scenarios whose faults a client chooses by an address, its name or a header: whatever stands there, it is never
// a script error.
#include "scenario/catalogue.hpp"
#include "world.hpp"

namespace mailfault {

void PrintTo(const CatalogueEntry& entry, std::ostream* out);

namespace testing {
namespace {

std::vector<CatalogueEntry> compat() {
  std::vector<CatalogueEntry> out;
  for (const auto& entry : catalogue())
    if (entry.id.starts_with("compat-")) out.push_back(entry);
  return out;
}

std::vector<std::string> hostile() {
  std::vector<std::string> words{
      "550",       "999",         "4",           "450-",        "450-9.9.9",  "450-4.2.1x",    "450_4.1234.1",
      "450-4.2",   "421",         "421-4.7.0",   "+",           "++",         "+450",          "x+450-5.1",
      "bounce+",   "bounce+550+", "bounce+5",    "bounce+5500", "bounce+421", "bounce+550+%",  "bounce+550+%zz",
      "tempfail-", "permfail+x",  "rcpt",        "rcpt55",      "rcpt550_",   "rcpt999",       "rcpt550_9.9.9",
      "mail452_",  "message554",  "data421",     "quit500",     "noop421",    "rset451_4.0.0", "helo500",
      "starttls1", "busy+atdata", "spam+atdata", "%s%d%n",      "[a-z]*%b()", "(((",           "%1",
      "{peer}",    "{nothing}",   "{",           "\xc3\xa9",    "\"q q\"",    "\"a@b\"",       "",
  };
  for (const char* text : {"9.9.9", "5.1.1", "5.1", "%00%01", "%0d%0a250+ok", "%C3%28", "%7Bpeer%7D", "%2525"})
    words.push_back("bounce+550+" + std::string(text));
  words.push_back("bounce+550+" + std::string(8000, 'a'));
  words.push_back("450-" + std::string(3000, '1') + ".1.1");
  words.emplace_back(9000, '+');
  return words;
}

class Compat : public ::testing::TestWithParam<CatalogueEntry> {};

TEST_P(Compat, HostileInputIsNoScriptError) {
  VirtualClock clock;
  Instance instance(script::Script::load(std::string(GetParam().source), std::string(GetParam().id) + ".lua",
                                         {action_table(), {}, 0, {}}),
                    clock, {});
  auto session = [&](const std::vector<std::string>& lines) {
    auto wire = std::make_shared<MemoryWire>(clock);
    wire->connect(instance.accept(instance.scenario().main_door(), wire));
    for (const auto& line : lines) {
      wire->client_sends(line + "\r\n");
      for (int turns = 0; turns < 100 && wire->next_event() != never; ++turns) {
        clock.set(std::max(clock.now(), wire->next_event()));
        wire->run_alarm();
      }
    }
    wire->client_closes();
  };
  for (const auto& word : hostile()) {
    session({"EHLO " + word + ".rcpt.client.example", "MAIL FROM:<a@x>", "RCPT TO:<b@y>"});
    session({"EHLO 450." + word + ".", "EHLO " + word + "." + word + ".c", "HELO " + word, "MAIL FROM:<>"});
    session({"EHLO c", "MAIL FROM:<" + word + "@example.com> SMTPUTF8", "RCPT TO:<" + word + "@example.net>",
             "RCPT TO:<b@example.net>", "DATA", ".", "MAIL FROM:<" + word + ">", "RCPT TO:<" + word + ">", "RSET",
             "NOOP", "QUIT"});
    for (const char* name : {"X-Mailfault", "X-Blackhole-Delay", "X-Blackhole-Mode"})
      for (const char* before : {"", "450 ", "450 4.2.1 ", "delay ", "message ", "10, "})
        session({"EHLO c", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA",
                 name + std::string(": ") + before + word, "", "."});
  }
  session({"EHLO c", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA",
           "X-Mailfault: 450 " + std::string(6 << 20, ' ') + "x", "", "."});
  for (const auto& event : instance.journal())
    if (event.kind == EventKind::error) ADD_FAILURE() << event.text();
  EXPECT_FALSE(instance.failed());
  EXPECT_GT(instance.journal().count(EventKind::reply), 1000u);
}

INSTANTIATE_TEST_SUITE_P(All, Compat, ::testing::ValuesIn(compat()), [](const auto& row) {
  std::string out(row.param.id);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return out;
});

}  // namespace
}  // namespace testing
}  // namespace mailfault
