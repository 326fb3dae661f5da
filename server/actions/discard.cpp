#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&discard, {op::Effect{false}}, "the effect doesn't happen"};
}

}  // namespace

const ActionSpec discard{
    "discard", ActionClass::effect, "discard()", "the effect doesn't happen, whatever is replied", "T0", "", lower};

}  // namespace mailfault::actions
