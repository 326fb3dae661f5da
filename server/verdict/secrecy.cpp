// What TLS is for: no credentials in clear, nothing remembered from before it, no trust in a bad certificate.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "smtp/capabilities.hpp"
#include "tls/settings.hpp"
#include "verdict/findings.hpp"
#include "verdict/message.hpp"

namespace mailfault {
namespace {

// Those that send the password or the token itself.
bool sends_the_secret(std::string_view mechanism) {
  static constexpr std::array<std::string_view, 4> names{"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"};
  return std::any_of(names.begin(), names.end(), [&](auto name) { return equals_ignoring_case(name, mechanism); });
}

struct Login {
  const Exchange* begun = nullptr;  // the first AUTH in clear
  const Exchange* told = nullptr;   // the first line in clear that had a secret
  std::string mechanism;            // of the latter, else of the former
};

Login login_in_clear(const Connection& connection) {
  Login login;
  std::string mechanism;
  for (const auto& exchange : connection.exchanges) {
    if (connection.in_tls(exchange.place)) break;
    bool response = exchange.verb.empty() && !mechanism.empty() && exchange.line != "*";
    if (exchange.verb == "AUTH") {
      auto words = split(exchange.line, ' ');
      mechanism = words.size() > 1 ? std::string(words[1]) : "";
      response = words.size() > 2;
      if (!login.begun) login.begun = &exchange, login.mechanism = mechanism;
    } else if (!exchange.verb.empty()) {
      mechanism.clear();
    }
    if (!response || !sends_the_secret(mechanism)) continue;
    login.told = &exchange;
    login.mechanism = mechanism;
    break;
  }
  return login;
}

// Each door is told of once: a suite logs in a hundred times.
void judge_logins_in_clear(const Scenario& scenario, const Conversation& talk, Findings& findings) {
  std::set<std::pair<std::string, bool>> told;
  for (const auto& connection : talk.connections) {
    auto login = login_in_clear(connection);
    if (!login.begun || !told.emplace(connection.door, login.told != nullptr).second) continue;
    bool tls = has_tls(scenario, talk, connection.door);
    auto begun = "AUTH " + printable(login.mechanism) + " was sent in clear";
    if (login.told)
      findings.add("A2", tls ? Verdict::fail : Verdict::info,
                   begun + (tls ? ", credentials and all, by a door that has TLS"
                                : ", credentials and all; this door has no TLS, so there was no better way"),
                   &connection, login.told->at, tls ? "begin TLS first, and stop where that fails" : "");
    else if (tls)
      findings.add("A2", Verdict::lax, begun + " by a door that has TLS; no credentials followed", &connection,
                   login.begun->at, "begin TLS first");
  }
}

/// What a violation inside TLS is about, if that was offered in clear; empty: it wasn't.
std::string offered_in_clear(const smtp::Offered& offered, std::string_view violation) {
  auto colon = violation.find(": ");
  auto name = violation.substr(0, colon);
  auto details = colon == std::string_view::npos ? std::string_view() : violation.substr(colon + 2);
  if (name == "unoffered_auth" && offered.auth) return "AUTH";
  if (name == "unoffered_mechanism" && offered.has_mechanism(details)) return "AUTH " + std::string(details);
  if (name == "early" && offered.pipelining) return "PIPELINING";
  if (name != "unoffered_parameter") return "";
  auto keyword = smtp::keyword_for(details);
  return !keyword.empty() && offered.has(keyword) ? std::string(keyword) : "";
}

void judge_fresh_start(const Connection& connection, Findings& findings) {
  if (!connection.by_starttls) return;
  for (const auto& violation : connection.violations)
    if (violation.text.starts_with("pipelined_after_starttls")) return;  // what is inside TLS was said in clear
  const Exchange *first = nullptr, *hello = nullptr;
  for (const auto& exchange : connection.exchanges) {
    bool inside = connection.in_tls(exchange.place);
    if (inside && !first) first = &exchange;
    if (!inside && exchange.verb == "EHLO" && exchange.code == 250) hello = &exchange;
  }
  if (!first || first->verb == "QUIT") return;
  if (first->verb != "EHLO") {
    bool relies = first->verb == "MAIL" || first->verb == "AUTH" || first->verb == "RCPT" || first->verb == "DATA";
    findings.add("A4", relies ? Verdict::fail : Verdict::lax,
                 first->verb + " was the first command inside TLS" +
                     (relies ? ": what the server had said in clear was believed" : ""),
                 &connection, first->at, "send EHLO anew, and forget what it said before TLS");
    if (relies) return;
  }
  auto offered = hello ? smtp::parse_offer(hello->reply) : smtp::Offered{};
  for (const auto& violation : connection.violations) {
    if (!connection.in_tls(violation.place)) continue;
    if (auto what = offered_in_clear(offered, violation.text); !what.empty())
      findings.add("A4", Verdict::fail, what + " was offered in clear only, and used inside TLS", &connection,
                   violation.at, "go by the EHLO reply that came inside TLS");
  }
}

bool is_address(std::string_view name) {
  return name.find(':') != std::string_view::npos ||
         (!name.empty() && name.find_first_not_of("0123456789.") == std::string_view::npos);
}

// A recipe that isn't bad for everybody: for those only who asked for a name, or didn't, and those that many clients
// take, which is the second best way.
struct Exception {
  std::string_view recipe;
  std::optional<bool> bad_with_sni;
  bool often_taken = false;
};

std::optional<Verdict> of_trust(const std::string& certificate, bool sni) {
  static constexpr std::array<Exception, 8> exceptions{{
      {"ip_only", true},
      {"ip_as_dns_name", false},
      {"no_sni_default", false},
      {"cn_only", {}, true},
      {"revoked", {}, true},
      {"sha1", {}, true},
      {"rsa_1024", {}, true},
      {"wrong_key_usage", {}, true},
  }};
  auto recipes = tls::recipes();
  auto recipe =
      std::find_if(recipes.begin(), recipes.end(), [&](const auto& each) { return each.name == certificate; });
  if (recipe == recipes.end() || !recipe->bad) return std::nullopt;
  const auto* exception = std::find_if(exceptions.begin(), exceptions.end(),
                                       [&](const Exception& each) { return each.recipe == certificate; });
  if (exception == exceptions.end()) return Verdict::fail;
  if (exception->bad_with_sni && *exception->bad_with_sni != sni) return std::nullopt;
  return exception->often_taken ? Verdict::lax : Verdict::fail;
}

// A certificate's trust shows in what the client entrusts to its bearer. Where the scenario takes a delivery, that is
// its author's word on the certificate.
void judge_trust(const Scenario& scenario, const Connection& connection, Findings& findings) {
  if (is_address(connection.sni))
    findings.add("A17", Verdict::lax, "SNI was " + connection.sni + ": an address is no host name", &connection,
                 connection.began, "send SNI for names only");
  auto outcomes = scenario.outcomes();
  for (const auto& outcome : outcomes)
    if (outcome == "delivered" || outcome == "reconnects") return;
  auto verdict = of_trust(connection.certificate, !connection.sni.empty());
  if (!verdict) return;
  for (const auto& exchange : connection.exchanges) {
    if (!connection.in_tls(exchange.place) || (exchange.verb != "AUTH" && exchange.verb != "MAIL")) continue;
    findings.add("A17", *verdict,
                 exchange.verb + " was sent to a server whose certificate was '" + connection.certificate + "'",
                 &connection, exchange.at, "verify the certificate and its name, and stop where they don't hold");
    return;
  }
}

}  // namespace

void judge_secrecy(const Scenario& scenario, const Conversation& talk, Findings& findings) {
  judge_logins_in_clear(scenario, talk, findings);
  for (const auto& connection : talk.connections) {
    judge_fresh_start(connection, findings);
    judge_trust(scenario, connection, findings);
  }
}

}  // namespace mailfault
