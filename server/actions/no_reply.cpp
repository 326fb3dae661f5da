#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&no_reply, {op::Answer{}}, "gets no reply"};
}

}  // namespace

const ActionSpec no_reply{
    "no_reply", ActionClass::answer, "no_reply()", "this command gets no answer; the next ones do", "T0", "", lower};

}  // namespace mailfault::actions
