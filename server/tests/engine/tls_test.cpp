// TLS on a session: the handshake's stage, STARTTLS, records and their faults, by transcripts.
#include <gmock/gmock.h>

#include "engine/replay.hpp"

namespace mailfault {
namespace {

using ::testing::HasSubstr;

struct Play {
  std::string name, body, transcript;
  friend void PrintTo(const Play& row, std::ostream* out) { *out << row.body; }
};

std::string played(const Play& play) {
  Example example;
  example.transcript = play.transcript;
  auto failure = replay("scenario { title = \"t\" }\n" + play.body, "t.lua", example);
  return failure ? failure->what + "\n" + failure->log : "";
}

class Tls : public ::testing::TestWithParam<Play> {};
TEST_P(Tls, Replays) { EXPECT_EQ(played(GetParam()), ""); }

const std::string starttls = "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS\nS: 220 ...\n";
const std::string up = starttls + "C: <tls>\nC: EHLO c\nS: 250 ...\n";
const std::string mail =
    "C: MAIL FROM:<a@x.example>\nS: 250 ...\nC: RCPT TO:<b@y.example>\nS: 250 ...\nC: DATA\nS: 354 ...\n";
const std::string implicit = R"(doors { smtps = { port = 465, tls = "implicit" } }
)";

INSTANTIATE_TEST_SUITE_P(
    Handshake, Tls,
    ::testing::Values(
        Play{"starttls", "tls {}",
             up + mail + "C: x\nC: .\nS: 250 ...\nS: <stored 1>\nC: QUIT\nS: 221 ...\nS: <close>\n"},
        Play{"implicit", implicit, "C: <tls good>\nS: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS\nS: 503 ...\n"},
        Play{"forgets_what_was_said_in_clear", "tls {}",
             starttls + "C: <tls>\nC: MAIL FROM:<a@x.example>\nS: 503 ...\n"},
        Play{"offered_once", "tls {}",
             "S: 220 ...\nC: EHLO c\nS: 250-{host}\nS: 250-PIPELINING\nS: 250-SIZE 10485760\nS: 250-8BITMIME\nS: "
             "250-SMTPUTF8\nS: 250-DSN\nS: 250-ENHANCEDSTATUSCODES\nS: 250-STARTTLS\nS: 250 AUTH PLAIN LOGIN\n"},
        Play{"not_offered_unasked", "", "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS\nS: 502 ...\n"},
        Play{"certificate", "tls { certificate = \"expired\" }", starttls + "C: <tls expired>\n"},
        Play{"certificate_by_sni", "on.handshake:where('sni', 'mx.*'):use{ certificate = 'self_signed' }",
             starttls + "C: <tls self_signed>\n"},
        Play{"alert", "on.handshake:tls_alert('handshake_failure')",
             starttls + "C: <hello>\nS: <alert handshake_failure>\nS: <close>\n"},
        Play{"sealed_alert", "tls {} on.mail:tls_alert('internal_error')",
             up + "C: MAIL FROM:<a@x.example>\nS: <alert internal_error>\nS: <close>\n"},
        Play{"alert_before_a_message", "on.handshake:at('finished'):tls_alert('internal_error')",
             starttls + "C: <hello>\nS: <alert internal_error>\n"},
        Play{"version", "tls { tls_versions = '1.0' }", starttls + "C: <hello>\nS: <alert protocol_version>\n"},
        Play{"late", "on.handshake:delay('20s')", starttls + "C: <hello>\nS: <silence 19s>\nC: <close>\n"},
        Play{"reset_at_the_certificate", "on.handshake:at('certificate'):reset()",
             starttls + "C: <hello>\nS: <reset>\n"},
        Play{"stall_at_the_certificate", "on.handshake:at('certificate'):stall()",
             starttls + "C: <hello>\nS: <silence 5m>\n"},
        Play{"close_at_once", "on.handshake:close()", starttls + "C: <hello>\nS: <close>\n"},
        Play{"byte_by_byte", "on.handshake:drip(1, '1ms')", up},
        Play{"damage_at_a_message", "on.handshake:at('certificate'):tls_damage('mac')",
             starttls + "C: <tls>\nS: <close>\n"},
        Play{"damage_at_another_message", "on.handshake:at('new_session_ticket'):tls_damage('version')",
             starttls + "C: <tls>\nC: EHLO c\nS: <close>\n"},
        Play{"overflow_at_a_message", "on.handshake:at('finished'):tls_damage('overflow')",
             starttls + "C: <tls>\nS: <close>\n"},
        Play{"drip_at_a_message", "on.handshake:at('certificate'):drip(1, '1ms')", up},
        Play{"two_rules_at_a_message",
             "on.handshake:at('finished'):delay('1s') on.handshake:at('finished'):proceed()", up},
        Play{"without_sni", "on.handshake:unless('sni'):tls_alert('unrecognized_name')",
             starttls + "C: <tls no-sni>\nS: <alert unrecognized_name>\nS: <close>\n"},
        Play{"one_version", "tls { tls_versions = { '1.0', '1.1' } } on.mail:where('tls', 'TLSv1.1'):reply(451)",
             starttls + "C: <tls 1.1>\nC: EHLO c\nS: 250 ...\nC: MAIL FROM:<a@x.example>\nS: 451 ...\n"},
        Play{"a_client_certificate", "tls { client_certificate = 'verified' }",
             starttls + "C: <tls good client=no_eku>\nC: EHLO c\nS: 250 ...\n"},
        Play{"a_wrong_client_certificate", "tls { client_certificate = 'verified' }",
             starttls + "C: <tls client=untrusted_root>\nS: <alert unknown_ca>\nS: <close>\n"},
        Play{"hello_retry", "tls { tls_versions = '1.3', groups = 'P-521' }", up},
        Play{"tls_1_2", "tls { tls_versions = '1.2' } on.mail:where('tls', 'TLSv1.2'):reply(451)",
             up + "C: MAIL FROM:<a@x.example>\nS: 451 ...\n"}),
    [](const auto& row) { return row.param.name; });

std::string of_second(std::string text) {
  for (std::size_t at = 0; (at = text.find(": ", at)) != std::string::npos; at += 3)
    if (at > 0 && (at == 1 || text[at - 2] == '\n')) text.insert(at, "2");
  return text;
}

// The first client gets a ticket; the second one brings it.
Play resuming(const std::string& name, const std::string& tickets, const std::string& then) {
  return {name, "tls { " + tickets + " }", up + of_second(starttls + "C: <tls resume>\n" + then)};
}

INSTANTIATE_TEST_SUITE_P(
    Tickets, Tls,
    ::testing::Values(resuming("good", "", "S: <session resumed>\nC: EHLO c\nS: 250 ...\n"),
                      resuming("good_1_2", "tls_versions = '1.2'", "S: <session resumed>\nC: EHLO c\nS: 250 ...\n"),
                      resuming("refused", "tickets = 'refused'", "S: <session new>\nC: EHLO c\nS: 250 ...\n"),
                      resuming("refused_1_2", "tickets = 'refused', tls_versions = '1.2'", "S: <session new>\n"),
                      resuming("broken", "tickets = 'broken'", "S: <alert internal_error>\nS: <close>\n")),
    [](const auto& row) { return row.param.name; });

TEST(Tickets, NoneCantBeBroughtBack) {
  EXPECT_THAT(played(resuming("none", "tickets = 'none'", "")),
              HasSubstr("no other client has got a session ticket"));
}

INSTANTIATE_TEST_SUITE_P(
    Starttls, Tls,
    ::testing::Values(
        Play{"refused", "on.starttls:reply(454, '4.7.0', 'TLS not available')",
             "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS\nS: 454 ...\nC: NOOP\nS: 250 ...\n"},
        Play{"plaintext_follows", "on.starttls:discard():reply(220)", starttls + "C: NOOP\nS: 250 ...\n"},
        Play{"argument", "tls {}", "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS now\nS: 501 ...\n"},
        Play{"injection_is_thrown_away", "tls {}",
             "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS\nC: NOOP\nS: 220 ...\nC: <tls>\nS: <silence 5s>\n"},
        Play{"injection_is_executed", "on.starttls:use{ keep_pending = true }",
             "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: STARTTLS\nC: NOOP\nS: 220 ...\nC: <tls>\nS: 250 ...\n"},
        Play{"injection_is_seen", "tls {} on.mail:where('violations', 'pipelined_after_starttls'):reply(554)",
             "S: 220 ...\nC: EHLO c\nS: 250 ...\nC: NOOP\nS: 250 ...\n"},
        Play{"advertised_again", "capabilities { after_tls = { '+STARTTLS' } }",
             starttls +
                 "C: <tls>\nC: EHLO c\nS: 250-...\nS: 250-...\nS: 250-...\nS: 250-...\nS: 250-...\nS: 250-...\nS: "
                 "250-...\nS: 250-AUTH PLAIN LOGIN\nS: 250 STARTTLS\n"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Records, Tls,
    ::testing::Values(Play{"key_update", "tls {} on.mail:key_update()", up + mail + "C: x\nC: .\nS: 250 ...\n"},
                      Play{"one_byte_records", "tls { record_size = 1 }", up},
                      Play{"record_size_later", "tls {} on.mail:use{ record_size = 3 }", up + mail},
                      Play{"no_close_notify", "tls {} on.quit:proceed():close{ close_notify = false }",
                           up + "C: QUIT\nS: 221 ...\nS: <close no close_notify>\n"},
                      Play{"close_notify_and_then_data", "tls {} on.noop:close_notify():reply(250)",
                           up + "C: NOOP\nS: <silence 1s>\n"},
                      Play{"an_empty_record", "tls {} on.noop:tls_record('application_data'):proceed()",
                           up + "C: NOOP\nS: 250 ...\nC: NOOP\nS: 250 ...\n"},
                      Play{"a_wrong_inner_type", "tls {} on.noop:tls_record(99, 'x')",
                           up + "C: NOOP\nS: <silence 1s>\n"}),
    [](const auto& row) { return row.param.name; });

TEST(TlsErrors, NameWhatTheyNeed) {
  EXPECT_THAT(played({"", "on.noop:key_update()", "S: 220 ...\nC: NOOP\nS: 421 ...\n"}), HasSubstr("needs TLS 1.3"));
  EXPECT_THAT(played({"", "tls {} on.noop:renegotiate()", up + "C: NOOP\nS: 421 ...\n"}), HasSubstr("needs TLS"));
  EXPECT_THAT(played({"", "tls {}", starttls + "C: <tls 1.4>\n"}), HasSubstr("a version, no-sni, resume"));
}

}  // namespace
}  // namespace mailfault
