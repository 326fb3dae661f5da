#include "actions/actions.hpp"
#include "base/text.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  auto text = given.text(0);
  auto shown = escaped(std::string_view(text).substr(0, 40));
  return {&send,
          {op::Answer{}, op::Write{given.text_template(0)}},
          "gets the bytes \"" + shown + (text.size() > 40 ? "…\"" : "\"")};
}

}  // namespace

const ActionSpec send{
    "send",        ActionClass::answer,
    "send(bytes)", "these bytes, raw. No code, so no effect by itself: accept():send(\"250OK\\r\\n\")",
    "T0",          "bytes: string",
    lower};

}  // namespace mailfault::actions
