#include "engine/bounces.hpp"

#include "base/text.hpp"

namespace mailfault {
namespace {

constexpr std::size_t most_due = 100'000, most_due_bytes = std::size_t{64} << 20;
constexpr std::size_t most_named = 10;

std::size_t own_bytes(const PlannedBounce& bounce) {
  return bounce.report.text.size() + (bounce.original ? bounce.original->size() : 0);
}

std::string_view article(mail::Kind kind) {
  switch (kind) {
    case mail::Kind::dsn:
      return "dsn";
    case mail::Kind::qmail:
      return "dsn in qmail's form";
    case mail::Kind::ndr:
      return "dsn as an NDR";
    case mail::Kind::complaint:
      return "complaint";
    case mail::Kind::auto_reply:
      return "auto_reply";
  }
  return "";
}

std::string in_words(const mail::Report& report, std::uint32_t message) {
  std::vector<std::string> names;
  for (const auto& each : report.recipients)
    if (names.size() < most_named) names.push_back(each.address);
  if (auto more = report.recipients.size() - names.size(); more > 0) names.push_back(std::to_string(more) + " more");
  auto out = std::string(article(report.kind));
  if (report.kind == mail::Kind::complaint) out += " " + report.feedback_type;
  const auto& first = report.recipients.front();
  if (!first.action.empty()) out += " " + first.action + " " + first.status;
  return out + " of " + join(names, ", ") + " to " + report.to + ", about message " + std::to_string(message);
}

}  // namespace

void Bounces::plan(PlannedBounce bounce, Micros due) {
  if (due_.size() >= most_due || due_bytes_ + own_bytes(bounce) > most_due_bytes)
    return journal_.add({.kind = EventKind::limit}, "too many bounces are due: this one isn't sent");
  due_bytes_ += own_bytes(bounce);
  bool next = due < next_due();
  due_.emplace(due, std::move(bounce));
  if (next && on_planned) on_planned();
}

void Bounces::send_due() {
  while (next_due() <= clock_.now()) {
    auto first = due_.extract(due_.begin());
    due_bytes_ -= own_bytes(first.mapped());
    send(std::move(first.mapped()));
  }
}

void Bounces::drop() {
  if (!due_.empty())
    journal_.add({.kind = EventKind::fact},
                 counted(due_.size(), "bounce was", "bounces were") + " still due when the run ended");
  due_.clear();
  due_bytes_ = 0;
}

void Bounces::send(PlannedBounce bounce) {
  auto& report = bounce.report;
  const auto& about = ledger_[bounce.message - 1];
  if (bounce.original) {
    report.message = std::move(*bounce.original);
    report.message_id = raw_message_id(report.message);
    report.message_subject = raw_header(report.message, "Subject");
  } else {
    report.message = about.text;
    report.message_id = about.message_id;
    report.message_subject = about.subject;
  }
  report.now = std::time(nullptr);
  report.number = static_cast<std::uint32_t>(ledger_.bounces().size() + 1);
  auto text = mail::write(report);
  auto subject = mail::subject_of(report);

  Bounce entry;
  entry.message = bounce.message;
  entry.connection = bounce.connection;
  entry.at = clock_.now();
  entry.kind = mail::name_of(report.kind);
  entry.action = report.recipients.front().action;
  entry.status = report.recipients.front().status;
  entry.to = report.to;
  std::vector<std::string_view> recipients;
  for (const auto& each : report.recipients) recipients.push_back(each.address);
  entry.recipients = recipients;
  entry.subject = subject;
  entry.text = text;
  entry.delivery = deliver ? Bounce::Delivery::under_way : Bounce::Delivery::kept;
  const auto& entered = ledger_.enter(entry);
  journal_.add({.kind = EventKind::bounce, .number = entered.id}, in_words(report, bounce.message));
  if (!entered.text_kept)
    journal_.add({.kind = EventKind::limit}, "the ledger is full: this bounce's text is not kept");
  if (deliver && entered.text_kept) deliver(entered);
}

}  // namespace mailfault
