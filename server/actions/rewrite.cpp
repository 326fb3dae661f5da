#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  return {&rewrite, {op::Rewrite{given.function(0)}}, "rewritten by a function"};
}

}  // namespace

const ActionSpec rewrite{"rewrite",     ActionClass::shape,
                         "rewrite(fn)", "what the stage sends is what fn(session, text) returns; the effect stays",
                         "T0",          "fn: fun(session: Session, text: string): string",
                         lower};

}  // namespace mailfault::actions
