#include "actions/actions.hpp"
#include "base/text.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  auto text = given.text(0);
  return {&challenge,
          {op::Answer{334}, op::Write{Template::literal("334 " + base64(text) + "\r\n")},
           op::ReadResponse{std::string(text)}},
          "gets the challenge \"" + printable(text) + "\" and must respond"};
}

}  // namespace

const ActionSpec challenge{
    "challenge",
    ActionClass::answer,
    "challenge(text)",
    "334 with the text in base64, then waits for the client's line; * gets 501 and ends the rule",
    "T0",
    "text: string",
    lower};

}  // namespace mailfault::actions
