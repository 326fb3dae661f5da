#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  return {&run, {op::Call{given.function(0)}}, "a function decides"};
}

}  // namespace

const ActionSpec run{"run",     ActionClass::aside,
                     "run(fn)", "a function's turn; on.mail(fn) is on.mail:run(fn)",
                     "T0",      "fn: fun(session: Session, argument?: string): Chain?",
                     lower};

}  // namespace mailfault::actions
