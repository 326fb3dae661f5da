#include "actions/later_mail.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  const auto& options = given.table(0, {"subject", "text", "after", "date"});
  op::Bounce bounce;
  bounce.kind = op::Bounce::Kind::auto_reply;
  bounce.subject = template_of(given, options, "subject");
  bounce.text = template_of(given, options, "text");
  read_common(bounce, given, options);
  auto words = "an automatic reply" + when(bounce);
  return {&auto_reply, {std::move(bounce)}, words};
}

}  // namespace

const ActionSpec auto_reply{
    "auto_reply",
    ActionClass::report,
    "auto_reply{ subject, text, after, date }",
    "once the message is stored, an RFC 3834 reply of the recipient goes to the sender, as of one who is on holiday",
    "T0",
    "options?: AutoReply",
    lower};

}  // namespace mailfault::actions
