#include "actions/later_mail.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  const auto& options = given.table(0, {"type", "after", "original", "date"});
  op::Bounce bounce;
  bounce.kind = op::Bounce::Kind::complaint;
  bounce.feedback_type = "abuse";
  if (auto type = options.fields.find("type"); type != options.fields.end())
    bounce.feedback_type = word_of(type->second, "complaint.type", {"abuse", "fraud", "virus", "other", "not-spam"});
  read_common(bounce, given, options);
  auto words = "a complaint (" + bounce.feedback_type + ")" + when(bounce);
  return {&complaint, {std::move(bounce)}, words};
}

}  // namespace

const ActionSpec complaint{"complaint",
                           ActionClass::report,
                           "complaint{ type, after, original, date }",
                           "once the message is stored, an RFC 5965 report goes to the sender: a recipient calls it "
                           "spam (type \"abuse\"), or "
                           "\"fraud\", \"virus\", \"other\", \"not-spam\"",
                           "T0",
                           "options?: Complaint",
                           lower};

}  // namespace mailfault::actions
