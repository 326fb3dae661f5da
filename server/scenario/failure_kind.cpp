#include "scenario/failure_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace mailfault {
namespace {

constexpr std::string_view healthy = "Nothing is wrong", no_line = "No connection, line lost mid-way",
                           parameters = "Wrong SMTP parameters", down = "Server down",
                           overloaded = "Server overloaded", malfunctions = "Server malfunctions",
                           unusual = "Unusual, but allowed", again = "Connections used again",
                           port = "Wrong port, blocked port", firewall = "Firewall in the way",
                           antivirus = "Antivirus in the way", certificate = "Certificates", tls = "TLS",
                           starttls = "STARTTLS", login = "Login", limits = "Limits and quotas",
                           refused = "Message refused", returned = "Mail that comes back",
                           chosen = "Faults that the client chooses";

constexpr std::array kinds{healthy,  no_line,     down,      overloaded, malfunctions, unusual, again,
                           port,     firewall,    antivirus, parameters, login,        limits,  refused,
                           starttls, certificate, tls,       returned,   chosen};

struct Row {
  std::string_view glob;  // of "folder/id"
  std::string_view kind;
};

// The first that matches.
constexpr auto rows = std::to_array<Row>({
    {"compat/*", chosen},
    {"bounce/*", returned},
    {"*-421-then-healthy", overloaded},
    {"/healthy", healthy},
    {"providers/*-healthy", healthy},

    {"*/cert-antivirus", antivirus},
    {"*/net-av-*", antivirus},
    {"*/tcp-blackhole", firewall},
    {"*/tcp-accept-silent", firewall},
    {"*/data-stop-reading", firewall},
    {"*/data-rst-mid", firewall},
    {"*/net-mtu-blackhole", firewall},
    {"*/net-pix-*", firewall},
    {"*/net-captive-http", firewall},
    {"*/proxy-block-list", firewall},
    {"*/tcp-backlog-full", no_line},
    {"*/ipv6-*", no_line},
    {"*/net-*", no_line},
    {"*/tcp-half-close", no_line},
    {"*/data-vanish-mid", no_line},
    {"*/reuse-half-open", no_line},
    {"*/port-25-*", port},
    {"doors/tls-*", port},
    {"*/postfix-221-http", port},
    {"*/tcp-*", down},
    {"*/banner-554*", down},
    {"*/banner-5xx-skip", down},
    {"*/banner-never", down},
    {"*/quit-after-554-banner", down},

    {"*/auth-wrong-password-only", parameters},
    {"*/ehlo-auth-missing", parameters},
    {"*/banner-wrong-service", parameters},
    {"*/ehlo-501-localhost", parameters},
    {"*/ehlo-550-policy", parameters},
    {"*-501-*", parameters},
    {"*-504-helo", parameters},
    {"*-bad-helo", parameters},
    {"*not-owned", parameters},
    {"*send-as*", parameters},
    {"*-5*-sender*", parameters},
    {"*/mail-550-unverified", parameters},
    {"*-55?-unverified", parameters},
    {"*-mail-from", parameters},
    {"*-mailfrom", parameters},
    {"*unregistered-domain", parameters},

    {"*starttls*", starttls},
    {"*-454-tls", starttls},
    {"*-no-tls", starttls},
    {"*-504-encryption", starttls},
    {"*/ehlo-changes-after-tls", starttls},
    {"*/outlook-451-certificate-host", starttls},
    {"*/outlook-451-tlsa-invalid", starttls},
    {"*/cert-*", certificate},
    {"*/reuse-server-cert-changed", certificate},
    {"*/tls-*", tls},
    {"*/banner-tls-alert", tls},

    {"*/pool-conn-limit", limits},
    {"auth/*", login},
    {"*/ehlo-auth-*", login},
    {"*/ehlo-after-auth-*", login},
    {"*/ehlo-x-exps", login},
    {"*/reuse-auth-lost", login},
    {"*-530-*", login},
    {"*-534-*", login},
    {"*-535-*", login},
    {"*-454-auth*", login},
    {"*-auth-rate", login},
    {"*-logins", login},
    {"*unauth*", login},

    {"reuse/*", again},
    {"*/pool-*", again},
    {"*/mailgun-rset-close", again},

    {"*/mail-550-gmail-quota", limits},
    {"*-55?-*quota*", refused},
    {"*-452-over-quota", refused},
    {"*-daily*", limits},
    {"*limit*", limits},
    {"*quota*", limits},
    {"*rate", limits},
    {"*-rate-*", limits},
    {"*throttle*", limits},
    {"*too-many*", limits},
    {"*too-quickly", limits},
    {"*max-messages", limits},
    {"*messages*", limits},
    {"*-connections", limits},
    {"*credits", limits},
    {"*threshold", limits},
    {"*-threads", limits},
    {"*-volume", limits},
    {"*-tss??", limits},
    {"*-policy-size", limits},
    {"*-552-recipients", limits},
    {"*-452-recipients", limits},
    {"*-idle", limits},

    {"*greylist*", refused},
    {"*/rcpt-45?-dns", refused},
    {"*-45?-*unverified", refused},
    {"*-45?-*dns", refused},
    {"*/rcpt-452-full", refused},
    {"*s3150", refused},
    {"*reputation", refused},
    {"*blacklisted*", refused},
    {"*spamhaus*", refused},
    {"*suppressed", refused},
    {"*partial-?xx", refused},
    {"*/rcpt-all-5xx-*", refused},
    {"*/lmtp-one-full", refused},

    {"*/banner-multiline", unusual},
    {"*/banner-no-*", unusual},
    {"*/banner-own-name", unusual},
    {"*/ehlo-lowercase", unusual},
    {"*/ehlo-minimal", unusual},
    {"*/ehlo-short", unusual},
    {"*/ehlo-no-*", unusual},
    {"*/ehlo-size-*", unusual},
    {"*/ehlo-limits", unusual},
    {"*/ehlo-502-helo-ok", unusual},
    {"*/reply-bare-code", unusual},
    {"*/reply-coalesced", unusual},
    {"*/reply-split-*", unusual},
    {"*/reply-utf8*", unusual},
    {"*/reply-long-line", unusual},
    {"*/reply-multi-line-error", unusual},
    {"*/reply-no-enhanced", unusual},
    {"*/reply-unknown-*", unusual},
    {"*/data-354-bare", unusual},
    {"*/data-354-multiline", unusual},
    {"*/data-354-two-spaces", unusual},
    {"*/mail-250-any-text", unusual},
    {"*/dot-250", unusual},
    {"*/dot-250-text-weird", unusual},
    {"*/rcpt-25?", unusual},
    {"*/quit-221", unusual},
    {"*/body-*", unusual},

    {"*-delay-*", overloaded},
    {"*-late*", overloaded},
    {"*slow*", overloaded},
    {"quit/*", malfunctions},
    {"*/reply-*", malfunctions},
    {"*/dot-5xx-then-200-retry", malfunctions},
    {"*-250-*", malfunctions},
    {"*-354-*", malfunctions},
    {"*-421*", overloaded},
    {"*-432-*", overloaded},
    {"*-45?*", overloaded},
    {"*/rcpt-422", overloaded},
    {"*-5??*", refused},
    {"rcpt/rcpt-5*", refused},
});

}  // namespace

std::span<const std::string_view> failure_kinds() { return kinds; }

std::string_view failure_kind(std::string_view folder, std::string_view id) {
  auto name = std::string(folder) + "/" + std::string(id);
  const auto* row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& each) { return matches_glob(each.glob, name); });
  return row == rows.end() ? malfunctions : row->kind;
}

}  // namespace mailfault
