// Mistakes in a file, with the actions that there are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "script/script.hpp"

namespace mailfault {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Mistake {
  std::string body, gist;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.body; }
};
class LoadMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(LoadMistakes, AreNamedWithFileAndLine) {
  std::string said;
  try {
    script::Script::load("scenario { title = 't' }\n\n" + GetParam().body, "t.lua", {action_table(), {}, 0, {}});
  } catch (const Error& error) {
    said = error.what();
  }
  EXPECT_THAT(said, AllOf(StartsWith("t.lua:3: "), HasSubstr(GetParam().gist)));
}

INSTANTIATE_TEST_SUITE_P(
    Load, LoadMistakes,
    ::testing::ValuesIn(std::vector<Mistake>{
        {"on.rcpt:repyl(450)", "no trigger or action 'repyl' (did you mean 'reply'?)"},
        {"on.rcpt:reply('450')", "reply: argument 1 must be a number, not text; it is written reply(code, "},
        {"on.rcpt:reply(45)", "45 is out of bounds"},
        {"on.rcpt:reply(450, '4.2', 'x')", "\"4.2\" is no enhanced code"},
        {"on.rcpt:reply(450, 'for {peeer}')", "no field 'peeer' (did you mean 'peer'?)"},
        {"on.rcpt:send('{rcpt.domian}')", "addresses have .domain"},
        {"on.rcpt:delay('soon')", "\"soon\" is no duration; write \"200ms\""},
        {"on.rcpt:drip('lines', 1)", "a number of bytes, or \"line\""},
        {"on.rcpt:split('1s')", "name at least one cut"},
        {"on.rcpt:close{ lingr = 0 }", "close has no field 'lingr' (did you mean 'linger'?)"},
        {"on.rcpt:use{ capabilites = {} }", "did you mean 'capabilities'?"},
        {"on.rcpt:close():reply(421)", "close() ends the connection: reply() after it never plays"},
        {"on.rcpt:stall():close()", "stall() ends the connection"},
        {"on.noop:accept()", "on.noop has no effect to accept"},
        {"on.content:discard()", "on.content has no effect to discard"},
        {"on.close:delay(1)", "on.close: the connection is over"},
        {"on.handshake:tls_alert('internal_eror')", "is no alert of RFC 8446"},
        {"on.handshake:at('certifcate'):close()", "did you mean 'certificate'?"},
        {"on.handshake:tls_record('handshak')", "did you mean 'handshake'?"},
        {"on.rcpt:tls_damage('mack')", "did you mean 'mac'?"},
        {"tls { certifcate = 'expired' }", "did you mean 'certificate'?"},
        {"tls { certificate = 'expird' }", "there is no certificate \"expird\" (did you mean 'expired'?)"},
        {"tls { tls_versions = '1.4' }", "there is no TLS version \"1.4\""},
        {"tls { tickets = 'refusd' }", "did you mean 'refused'?"},
        {"tls { ciphers = { 'AES128-SHA', 'AES265-SHA' } }", "no cipher \"AES265-SHA\" (did you mean 'AES256-SHA'?)"},
        {"on.handshake:use{ groups = 'P-265' }",
         "use.groups: OpenSSL knows no group \"P-265\" (did you mean 'P-256'?)"},
        {"tls { alpn = { 'smtp', '' } }", "1 to 255 bytes"},
        {"tls { record_size = 0 }", "record_size"},
        {"provider 'gmial'", "no provider 'gmial' (did you mean 'gmail'?)"},
        {"on.rcpt:use{ provider = 'sess' }", "no provider 'sess' (did you mean 'ses'?)"},
        {"provider 'ses' provider 'ses'", "provider stands in the file twice"},
        {"on.mail:dsn{ action = 'failed' }", "on.mail: dsn() is about a recipient or a message"},
        {"on.rcpt:dsn{ action = 'lost' }", "it is one of"},
        {"on.close:complaint{}", "on.close: complaint() is about"},
        {"reply.x = 1", "index a function value"},
        {"reply(450):clos()", "no action 'clos' (did you mean 'close'?)"},
    }),
    [](const auto& row) { return "row_" + std::to_string(row.index); });

}  // namespace
}  // namespace mailfault
