#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&accept, {op::Effect{true}}, "the effect happens"};
}

}  // namespace

const ActionSpec accept{
    "accept", ActionClass::effect, "accept()", "the effect happens now, whatever is replied", "T0", "", lower};

}  // namespace mailfault::actions
