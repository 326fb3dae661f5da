// What a session owes to the sender of a message: planned by rules, scheduled once the message is stored.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/session.hpp"

namespace mailfault {
namespace {

constexpr std::size_t most_returned = 256 * 1024;  // a larger message comes back as its header only
constexpr std::size_t most_wishes = 10'000;        // of a message

std::string parameter(const std::vector<smtp::Parameter>& parameters, std::string_view keyword) {
  for (const auto& each : parameters)
    if (each.keyword == keyword) return each.value.value_or("");
  return "";
}

/// Why no report of that action is wanted by NOTIFY (RFC 3461 section 4.1); empty: it is.
std::string unwanted(const std::string& action, const std::string& notify) {
  auto asked = upper(notify);
  auto words = split(asked, ',');
  auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  if (action == "failed") return asked.empty() || has("FAILURE") ? "" : "NOTIFY=" + asked;
  if (action == "delayed") return asked.empty() || has("DELAY") ? "" : "NOTIFY=" + asked;
  if (has("SUCCESS")) return "";
  return asked.empty() ? "success is reported on NOTIFY=SUCCESS only" : "NOTIFY=" + asked;
}

/// Why nobody answers such a message by itself (RFC 3834 section 2); empty: one may.
std::string automatic(std::string_view message) {
  auto submitted = lower(raw_header(message, "Auto-Submitted"));
  if (!submitted.empty() && submitted != "no") return "it is Auto-Submitted itself";
  auto precedence = lower(raw_header(message, "Precedence"));
  if (precedence == "bulk" || precedence == "list" || precedence == "junk") return "Precedence: " + precedence;
  return raw_header(message, "List-Id").empty() ? "" : "it came by a list";
}

}  // namespace

void Session::plan_bounce(const op::Bounce& bounce) {
  if (!transaction_ || (stage_ != Stage::rcpt && stage_ != Stage::message))
    throw Error("on." + std::string(name_of(stage_)) +
                ": a report is about a recipient or a message: it stands at rcpt or at message");
  auto& wishes = transaction_->wishes;
  bool of_one = stage_ == Stage::rcpt;
  if (wishes.size() + (of_one ? 1 : transaction_->recipients.size()) > most_wishes)
    throw Error("more than " + std::to_string(most_wishes) + " reports on one message");
  auto shared = std::make_shared<const op::Bounce>(bounce);
  if (of_one) return wishes.push_back({shared, rcpt_});
  for (const auto& recipient : transaction_->recipients) wishes.push_back({shared, recipient});
  if (stored_) schedule_bounces(static_cast<std::uint32_t>(instance_.ledger().size()));
}

// Of the recipient whose RCPT and parameters are in force. Empty: the sender is told.
std::string Session::why_not_told(const op::Bounce& bounce) const {
  using Kind = op::Bounce::Kind;
  if (from_.empty()) return "it came from <>";
  if (bounce.kind == Kind::auto_reply) return automatic(body_->reader.text());
  return bounce.kind == Kind::complaint ? "" : unwanted(bounce.action, parameter(rcpt_parameters_, "NOTIFY"));
}

PlannedBounce Session::planned(const Wish& wish, std::uint32_t message) {
  using Kind = op::Bounce::Kind;
  const auto& bounce = *wish.bounce;
  PlannedBounce out;
  auto& report = out.report;
  report.kind = static_cast<mail::Kind>(bounce.kind);
  report.host = scenario().host;
  report.to = from_;
  report.recipients = {{wish.recipient, mail::from_xtext(parameter(rcpt_parameters_, "ORCPT")), bounce.action,
                        bounce.status, expand(bounce.diagnostic), expand(bounce.remote_mta)}};
  report.queue_id = queue_id();
  report.envelope_id = mail::from_xtext(parameter(mail_parameters_, "ENVID"));
  report.helo = helo_;
  report.peer = wire_->peer_address();
  report.feedback_type = bounce.feedback_type;
  report.subject = expand(bounce.subject);
  report.text = expand(bounce.text).substr(0, most_returned);
  report.date = expand(bounce.date);
  // RFC 3461 section 4.3: RET is about reports of failure; the others have the header.
  bool failure = bounce.action == "failed" || bounce.kind == Kind::complaint;
  report.whole =
      failure && upper(parameter(mail_parameters_, "RET")) != "HDRS" && body_->reader.text().size() <= most_returned;
  report.arrived = std::time(nullptr);
  if (bounce.original) out.original = expand(*bounce.original).substr(0, most_returned);
  out.connection = number_;
  out.message = message;
  return out;
}

// What is alike for several recipients becomes one report, as with real servers.
void Session::schedule_bounces(std::uint32_t message) {
  std::vector<std::pair<Micros, PlannedBounce>> all;
  auto last_rcpt = rcpt_;
  auto last_parameters = rcpt_parameters_;
  for (const auto& wish : std::exchange(transaction_->wishes, {})) {
    const auto& recipients = transaction_->recipients;
    auto found = std::find(recipients.rbegin(), recipients.rend(), wish.recipient);
    if (found == recipients.rend()) continue;  // it was refused
    rcpt_ = wish.recipient;                    // {rcpt} and {param.NAME} are whom the report is about
    rcpt_parameters_ = transaction_->parameters[static_cast<std::size_t>(recipients.rend() - found) - 1];
    if (auto why = why_not_told(*wish.bounce); !why.empty()) {
      journal(EventKind::fact, "the sender isn't told of " + wish.recipient + ": " + why);
      continue;
    }
    auto fresh = planned(wish, message);
    auto due = instance_.now() + instance_.to_real(wish.bounce->after);
    bool alone = fresh.report.kind == mail::Kind::complaint || fresh.report.kind == mail::Kind::auto_reply;
    if (alone) {
      instance_.bounces().plan(std::move(fresh), due);
      continue;
    }
    auto like = std::find_if(all.begin(), all.end(), [&](const auto& each) {
      const auto& [other_due, other] = each;
      return due == other_due && other.report.kind == fresh.report.kind &&
             other.report.recipients[0].action == fresh.report.recipients[0].action &&
             other.original == fresh.original && other.report.date == fresh.report.date;
    });
    if (like != all.end())
      like->second.report.recipients.push_back(fresh.report.recipients[0]);
    else
      all.emplace_back(due, std::move(fresh));
  }
  rcpt_ = std::move(last_rcpt);
  rcpt_parameters_ = std::move(last_parameters);
  for (auto& [due, bounce] : all) instance_.bounces().plan(std::move(bounce), due);
}

}  // namespace mailfault
