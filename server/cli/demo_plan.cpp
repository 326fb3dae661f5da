#include "cli/demo_plan.hpp"

#include <array>

namespace mailfault::cli {
namespace {

constexpr std::string_view healthy = "Nothing is wrong";
constexpr std::string_view no_line = "No internet connection, line lost mid-way";
constexpr std::string_view wrong_parameters = "Wrong SMTP parameters";
constexpr std::string_view down = "Server down";
constexpr std::string_view overloaded = "Server overloaded";
constexpr std::string_view malfunctions = "Server malfunctions";
constexpr std::string_view wrong_port = "Wrong port, port 25 blocked";
constexpr std::string_view firewall = "Firewall in the way";
constexpr std::string_view bad_tls = "Bad certificate, broken TLS";
constexpr std::string_view refused = "Message refused";

using Login = DemoRow::Login;

constexpr auto plan = std::to_array<DemoRow>({
    {.meets = healthy, .scenario = "healthy"},
    {.meets = healthy, .scenario = "healthy", .login = Login::right, .note = "A healthy server, with AUTH"},
    {.meets = healthy,
     .scenario = "cert-good",
     .login = Login::right,
     .tls = true,
     .note = "A healthy server, with STARTTLS and AUTH"},
    {.meets = healthy,
     .scenario = "cert-good",
     .tls = true,
     .scheme = "smtps",
     .door = "smtps",
     .note = "A healthy server, with TLS from the first byte"},

    {.meets = no_line, .scenario = "tcp-backlog-full"},
    {.meets = no_line, .scenario = "data-vanish-mid", .size = 262144},
    {.meets = no_line, .scenario = "reuse-half-open", .messages = 2},
    {.meets = no_line, .scenario = "tcp-half-close"},
    {.meets = no_line, .scenario = "ipv6-dead", .note = "IPv6 is dead, IPv4 works"},

    {.meets = wrong_parameters,
     .scenario = "auth-wrong-password-only",
     .login = Login::wrong,
     .note = "The wrong password gets 535"},
    {.meets = wrong_parameters,
     .scenario = "auth-wrong-password-only",
     .login = Login::right,
     .note = "The same server with the right password"},
    {.meets = wrong_parameters, .scenario = "ehlo-auth-missing", .login = Login::right},
    {.meets = wrong_parameters, .scenario = "tls-port-in-plain", .scheme = "smtps"},
    {.meets = wrong_parameters, .scenario = "banner-wrong-service", .note = "The port is that of a POP3 server"},
    {.meets = wrong_parameters,
     .scenario = "banner-wrong-service",
     .settings = "greeting=HTTP/1.1_400_Bad_Request",
     .note = "The port is that of a web server"},
    {.meets = wrong_parameters,
     .scenario = "banner-wrong-service",
     .settings = "greeting=SSH-2.0-OpenSSH_9.6",
     .note = "The port is that of an SSH server"},
    {.meets = wrong_parameters, .scenario = "mail-553-not-owned"},
    {.meets = wrong_parameters, .scenario = "ehlo-501-localhost"},
    {.meets = wrong_parameters, .scenario = "mail-530-auth"},

    {.meets = down, .scenario = "tcp-refused"},
    {.meets = down, .scenario = "tcp-accept-close"},
    {.meets = down, .scenario = "tcp-accept-rst"},
    {.meets = down, .scenario = "banner-554"},

    {.meets = overloaded, .scenario = "banner-421"},
    {.meets = overloaded, .scenario = "ehlo-421"},
    {.meets = overloaded, .scenario = "mail-421"},
    {.meets = overloaded, .scenario = "rcpt-421-mid", .recipients = 3},
    {.meets = overloaded, .scenario = "data-421"},
    {.meets = overloaded, .scenario = "dot-421"},
    {.meets = overloaded, .scenario = "banner-450"},
    {.meets = overloaded,
     .scenario = "mail-450-rate",
     .settings = "limit=0",
     .note = "450 to MAIL: too many messages in a short time"},
    {.meets = overloaded, .scenario = "mail-451-greylist"},
    {.meets = overloaded, .scenario = "mail-452-storage"},
    {.meets = overloaded, .scenario = "rcpt-450-rate"},
    {.meets = overloaded, .scenario = "rcpt-451-local"},
    {.meets = overloaded, .scenario = "data-451"},
    {.meets = overloaded, .scenario = "data-452"},
    {.meets = overloaded, .scenario = "dot-450"},
    {.meets = overloaded, .scenario = "dot-451"},
    {.meets = overloaded, .scenario = "dot-452"},
    {.meets = overloaded, .scenario = "banner-delay-20s", .time_scale = 0.05},
    {.meets = overloaded, .scenario = "reply-slow", .time_scale = 0.02},
    {.meets = overloaded, .scenario = "banner-421-then-healthy", .tries = 4},
    {.meets = overloaded, .scenario = "reuse-max-messages", .messages = 3},
    {.meets = overloaded, .scenario = "pool-conn-limit", .settings = "limit=1", .parallel = 3},

    {.meets = malfunctions, .scenario = "reply-garbage"},
    {.meets = malfunctions, .scenario = "reply-partial-close"},
    {.meets = malfunctions, .scenario = "reply-endless-multiline", .settings = "gap=0s"},
    {.meets = malfunctions, .scenario = "reply-split-bytes"},
    {.meets = malfunctions, .scenario = "reply-bare-lf"},
    {.meets = malfunctions, .scenario = "reply-code-4digit"},
    {.meets = malfunctions, .scenario = "reply-1yz-6yz"},
    {.meets = malfunctions, .scenario = "data-250-not-354"},
    {.meets = malfunctions, .scenario = "reply-blank-line"},
    {.meets = malfunctions, .scenario = "reply-unsolicited-250"},
    {.meets = malfunctions, .scenario = "quit-silent"},
    {.meets = malfunctions, .scenario = "dot-accepted-close"},
    {.meets = malfunctions, .scenario = "dot-discarded"},

    {.meets = wrong_port, .scenario = "port-25-blocked", .note = "Port 25 gets no answer"},
    {.meets = wrong_port, .scenario = "port-25-blocked", .door = "submission", .note = "The same host by port 587"},
    {.meets = wrong_port, .scenario = "port-25-refused"},
    {.meets = wrong_port, .scenario = "tls-port-in-plain", .note = "Port 465 spoken in plain, by both sides"},

    {.meets = firewall, .scenario = "tcp-blackhole"},
    {.meets = firewall, .scenario = "tcp-accept-silent"},
    {.meets = firewall, .scenario = "ehlo-silent"},
    {.meets = firewall, .scenario = "data-silent"},
    {.meets = firewall, .scenario = "dot-silent"},
    {.meets = firewall, .scenario = "data-stop-reading", .size = 8388608},
    {.meets = firewall, .scenario = "data-rst-mid", .size = 262144},
    {.meets = firewall, .scenario = "net-mtu-blackhole", .size = 262144},
    {.meets = firewall, .scenario = "net-pix-stars"},
    {.meets = firewall, .scenario = "net-pix-noop"},
    {.meets = firewall, .scenario = "net-pix-xxxa"},

    {.meets = bad_tls, .scenario = "cert-expired", .tls = true},
    {.meets = bad_tls, .scenario = "cert-wrong-host", .tls = true},
    {.meets = bad_tls, .scenario = "cert-self-signed", .tls = true},
    {.meets = bad_tls, .scenario = "cert-untrusted-root", .tls = true},
    {.meets = bad_tls, .scenario = "cert-missing-intermediate", .tls = true},
    {.meets = bad_tls, .scenario = "tls-1.0-only", .tls = true},
    {.meets = bad_tls, .scenario = "tls-alert", .tls = true},
    {.meets = bad_tls, .scenario = "tls-silent", .tls = true},
    {.meets = bad_tls, .scenario = "tls-reset-mid-handshake", .tls = true, .scheme = "smtps", .door = "smtps"},
    {.meets = bad_tls, .scenario = "tls-plaintext-reply", .tls = true},
    {.meets = bad_tls, .scenario = "tls-record-bad-mac", .tls = true},
    {.meets = bad_tls, .scenario = "starttls-stripped", .tls = true},
    {.meets = bad_tls, .scenario = "starttls-454", .tls = true},
    {.meets = bad_tls, .scenario = "starttls-220-plaintext", .tls = true},
    {.meets = bad_tls, .scenario = "starttls-response-injection", .tls = true},

    {.meets = refused, .scenario = "rcpt-550-unknown"},
    {.meets = refused, .scenario = "rcpt-partial-5xx", .recipients = 3},
    {.meets = refused, .scenario = "rcpt-452-full"},
    {.meets = refused, .scenario = "rcpt-552-full"},
    {.meets = refused, .scenario = "mail-552-size", .size = 65536},
    {.meets = refused, .scenario = "dot-552-size"},
    {.meets = refused, .scenario = "dot-554-spam"},
    {.meets = refused, .scenario = "rcpt-450-greylist", .settings = "wait=1s", .tries = 4},
});

}  // namespace

std::span<const DemoRow> demo_plan() { return plan; }

}  // namespace mailfault::cli
