#include <algorithm>

#include "actions/later_mail.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::actions {
namespace {

// class.subject.detail (RFC 3463 section 2)
bool is_status(std::string_view text) {
  auto parts = mailfault::split(text, '.');
  return parts.size() == 3 && (parts[0] == "2" || parts[0] == "4" || parts[0] == "5") &&
         std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && part.size() <= 3 && part.find_first_not_of("0123456789") == std::string_view::npos;
         });
}

Action lower(const Arguments& given) {
  given.at_most(1);
  const auto& options =
      given.table(0, {"action", "status", "diagnostic", "remote_mta", "after", "form", "original", "date"});
  op::Bounce bounce;
  bounce.action = "failed";
  if (auto action = options.fields.find("action"); action != options.fields.end())
    bounce.action = word_of(action->second, "dsn.action", {"failed", "delayed", "delivered", "relayed", "expanded"});
  bounce.status = bounce.action == "failed" ? "5.0.0" : bounce.action == "delayed" ? "4.0.0" : "2.0.0";
  if (auto status = options.fields.find("status"); status != options.fields.end()) {
    bounce.status = text_of(status->second, "dsn.status");
    if (!is_status(bounce.status))
      throw Error("dsn.status: \"" + bounce.status + "\" is no enhanced code; write one such as \"5.1.1\"");
  }
  if (auto form = options.fields.find("form"); form != options.fields.end()) {
    auto name = word_of(form->second, "dsn.form", {"rfc3464", "qmail", "ndr"});
    if (name == "qmail") bounce.kind = op::Bounce::Kind::qmail;
    if (name == "ndr") bounce.kind = op::Bounce::Kind::ndr;
    if (name != "rfc3464" && bounce.action != "failed")
      throw Error("dsn: in the form of \"" + name + "\" only what failed is told; action is \"" + bounce.action +
                  "\"");
  }
  bounce.diagnostic = template_of(given, options, "diagnostic");
  bounce.remote_mta = template_of(given, options, "remote_mta");
  read_common(bounce, given, options);
  auto words = "a DSN (" + bounce.action + " " + bounce.status + ")" + when(bounce);
  return {&dsn, {std::move(bounce)}, words};
}

}  // namespace

const ActionSpec dsn{
    "dsn",
    ActionClass::report,
    "dsn{ action, status, diagnostic, after, form, … }",
    "once the message is stored, an RFC 3464 report goes to the sender; at `rcpt` of this recipient, at `message` of "
    "all; form: \"qmail\" or \"ndr\" as those write it; also remote_mta, original, date",
    "T0",
    "options?: Dsn",
    lower};

}  // namespace mailfault::actions
