#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&proceed, {op::Healthy{}}, "gets the healthy answer"};
}

}  // namespace

const ActionSpec proceed{"proceed",   ActionClass::answer,
                         "proceed()", "the healthy answer with its effect, now; in the body: read on",
                         "T0",        "",
                         lower};

}  // namespace mailfault::actions
