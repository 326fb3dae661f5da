// A client that sends anything, at any moment, into a server whose rules use most of the language.
// The same bytes with other splits mustn't crash, grow without bound or end in a script error.
#include <array>
#include <cstdlib>
#include <iostream>

#include "actions/actions.hpp"
#include "engine/instance.hpp"
#include "engine/memory_wire.hpp"
#include "engine/session.hpp"
#include "journal/json_lines.hpp"

namespace {

const std::string scenario = R"lua(
scenario { title = "fuzz" }
doors { smtp = { proxy = true, main = true }, lmtp = { protocol = "lmtp" }, plain = {} }
capabilities { "+AUTH PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 XOAUTH2 NTLM", "-DSN", "+CHUNKING", "+BINARYMIME",
  "+XCLIENT NAME ADDR HELO LOGIN", "+LIMITS RCPTMAX=4 RCPTDOMAINMAX=2", "+ETRN", "+EXPN", "+DELIVERBY 300" }
limits {
  connections = 3, new_connections = { 20, "1m" }, logins = { 3, "10s", per = "user" }, junk = 9, errors = 20,
  messages = { { 4, "10s" }, { 9, "1h", per = "from.domain", at = "message", reply = { 554, "{from}: enough" } } },
  messages_per_connection = 8, recipients = { 20, "1m", per = { "helo", "rcpt" } }, idle = "40s",
}
on.greeting:nth(3):reply(421):close()
on.command:where("early"):every(5):no_reply()
on.helo:chance(0.3):drip("line", "1s")
on.mail:from("slow*"):delay("3s")
on.rcpt:after(3):per("message"):reply(452, "4.5.3", "{rcpt}: too many of {from.domain}")
on.data:where("violations", "bare_lf"):reply(451)
on.content:at(100):delay("2s")
on.content:nth(2):per("connection"):at(500):reply(552)
on.message:matching(function(session) return session.size > 2000 end):accept():stall()
on.message:every(3):discard()
on.noop(function(session)
  local line = session:read_line("2s")
  if session:wait("1s", "QUIT*") then return reply(250, line or "none"):half_close() end
end)
on.vrfy:challenge("who"):reply(252, "{line}")
on.rset:split("1s", 3, "Ok")
on.idle:at("30s"):reply(421, "4.4.2"):close()
on.close(function(session, who) state:count(who) end)
)lua";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailfault;
  VirtualClock clock;
  Instance instance(script::Script::load(scenario, "fuzz.lua", {action_table(), {}, 1, {}}), clock, {});
  std::shared_ptr<MemoryWire> wire;
  auto connect = [&] {
    static constexpr std::array<const char*, 3> names{"plain", "lmtp", "smtp"};
    const auto* door = instance.scenario().door_named(names[instance.connections() % names.size()]);
    wire = std::make_shared<MemoryWire>(clock);
    wire->connect(instance.accept(*door, wire));
  };
  connect();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  // The first byte of each portion says how long it is and what happens after it.
  while (!input.empty()) {
    auto control = static_cast<unsigned char>(input[0]);
    input.remove_prefix(1);
    auto portion = input.substr(0, control & 0x3f);
    input.remove_prefix(portion.size());
    wire->client_sends(portion);
    if (control & 0x40) {
      clock.set(clock.now() + std::chrono::milliseconds(700));
      for (int turns = 0; turns < 1000 && wire->next_event() <= clock.now(); ++turns) wire->run_alarm();
    }
    if ((control & 0xc0) == 0xc0) {
      wire->client_closes();
      connect();
    }
  }
  instance.sweep();
  instance.stop();
  for (const auto& event : instance.journal()) {
    to_json(event, "fuzz");
    if (event.kind != EventKind::error) continue;
    std::cerr << "script error: " << event.text() << "\n";
    std::abort();
  }
  return 0;
}
