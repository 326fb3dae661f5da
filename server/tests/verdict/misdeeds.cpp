#include "tests/verdict/misdeeds.hpp"

namespace mailfault {

using enum Misdeed;
constexpr auto fail = Verdict::fail, lax = Verdict::lax, info = Verdict::info, pass = Verdict::pass;

std::span<const MisdeedRow> misdeed_table() {
  static const std::vector<MisdeedRow> rows{
      {resends_refused, "sends again what got a 5yz", lax, {"temporary"}},
      {loses_deferred, "doesn't come again after a 4yz, and says sent", fail, {"ambiguous"}},
      {calls_deferral_permanent,
       "calls a 4yz permanent",
       fail,
       {"permanent", "refuses", "misconfigured"},
       {"ambiguous"}},
      {hammers, "comes again without a gap", fail, {"reconnects"}},
      {resends_lost_at_once, "sends again at once, with a new Message-ID, where the reply was lost", fail},
      {resends_after_quit, "sends again after a 250 where QUIT went wrong", fail},
      {sends_twice, "sends twice", fail},
      {goes_on_in_clear, "goes on in clear where TLS fails", fail},
      {believes_any_certificate, "believes any certificate", fail},
      {believes_injected_reply, "believes what stood behind the 220 to STARTTLS", fail},
      {logs_in_in_clear, "logs in in clear by a door that has TLS", lax},  // lax where no password followed
      {logs_in_unoffered, "logs in where it isn't offered", fail},
      {logs_in_again, "tries refused credentials again and again", fail},
      {skips_second_ehlo, "sends no EHLO after STARTTLS", fail},
      {talks_before_greeting, "talks before the greeting", fail},
      {talks_after_421, "goes on after 421", fail},
      {sends_body_early, "sends the body before 354", fail},
      {sends_data_to_nobody, "sends DATA without an accepted recipient", fail},
      {uses_unoffered_parameter, "uses a parameter that isn't offered", fail},
      {sends_bare_lf, "sends bare LF", fail},
      {stuffs_no_dots, "stuffs no dots", fail},
      {sends_8bit_unoffered, "sends 8-bit text without 8BITMIME", lax},
      {mixes_messages, "has one message's header in the next", fail},
      {says_sent, "says sent of what isn't", fail},
      {drops_refused_recipients, "says nothing of refused recipients", fail},
      {resends_to_accepted, "sends again to those who were accepted, too", fail},
      {reports_failure_of_sent, "reports a failure of what was sent", fail, {"permanent"}, {"ambiguous"}, true},
      {gives_up_stale_connection, "gives up where a connection went stale", fail, {"refuses"}},
      {keeps_transaction, "begins a message inside the one that was refused", fail},
      {hangs, "waits for ever", fail},
      {writes_to_bounced, "writes again to whom the mail bounced", fail},
  };
  return rows;
}

std::span<const Spared> spared_table() {
  static const std::vector<Spared> rows{
      // Many clients take such a certificate, so it is the second best way (A17).
      {believes_any_certificate, {"cert-cn-only", "cert-rsa-1024", "cert-sha1", "cert-wrong-key-usage"}, lax},
      // The client comes to good TLS all the same: what it believed doesn't show.
      {believes_injected_reply, {"starttls-220-two-replies", "starttls-injection-nocrlf"}, pass},
      // Two tries of one letter and one of each of two look alike before the header has come.
      {calls_deferral_permanent, {"pool-stuck"}, info},
      {loses_deferred, {"pool-stuck"}, info},
      // A recipient that was never named to the server can't be missed by it.
      {loses_deferred, {"ehlo-limits", "rcpt-550-close", "rcpt-all-5xx-close"}, pass},
      // The next try is another recipient's, or can't be told to be a letter's.
      {hammers,
       {"auth-421-conns", "limit-connections-ses", "pool-conn-limit", "rcpt-550-close", "rcpt-all-5xx-close"},
       pass},
      // The other end has vanished, so nothing of it is seen.
      {gives_up_stale_connection, {"reuse-half-open"}, pass},
      // The scenario takes it, where its user has allowed it.
      {goes_on_in_clear, {"exchange-500-unrecognized"}, pass},
      {goes_on_in_clear, {"tls-on-plain-port", "tls-port-in-plain"}, lax},
      // A rule answers before the server looks at what was offered.
      {logs_in_unoffered, {"auth-503-not-advertised", "auth-none-common"}, pass},
      {uses_unoffered_parameter,
       {"reply-1yz-6yz", "reply-code-4digit", "reply-code-text-glued", "reply-garbage", "reply-mixed-codes",
        "reply-multi-line-error", "reply-nul", "reply-unsolicited-250"},
       pass},
      // The first message was refused, so its id is none that the ledger knows.
      {mixes_messages, {"emailit-452-daily"}, info},
      // RFC 5321 section 4.5.3.1.10: 552 to one recipient too many is to be taken for 452.
      {resends_refused, {"exim-552-recipients", "rcpt-552-too-many"}, pass},
      // Either outcome is taken, and the message as a whole wasn't refused.
      {resends_refused, {"rcpt-501-syntax"}, pass},
      // The dot was never read, so to the server no reply was lost.
      {resends_lost_at_once, {"data-stop-reading", "data-vanish-mid"}, pass},
      // The body, or the connection, breaks off before this is looked at.
      {sends_bare_lf, {"data-close-mid", "data-reply-mid", "tls-alert-mid-data"}, pass},
      {skips_second_ehlo,
       {"tls-client-cert-required", "tls-client-cert-verified", "tls-close-after-handshake",
        "tls-reset-after-handshake"},
       pass},
      {sends_body_early, {"gmail-421-data", "m365-421-socket", "postfix-421-local"}, pass},
      {stuffs_no_dots, {"dot-250-421", "dot-250-close", "dot-421", "tls-close-no-notify"}, pass},
      // It answers no command of a group but the first.
      {stuffs_no_dots, {"ehlo-pipelining-lie"}, pass},
      // No greeting ever comes that it could be before.
      {talks_before_greeting, {"banner-never", "tcp-accept-silent", "tcp-backlog-full"}, pass},
      // A fresh token may be tried: they waive A15.
      {logs_in_again, {"auth-oauthbearer-expired", "auth-xoauth2-334-json"}, pass},
  };
  return rows;
}

}  // namespace mailfault
