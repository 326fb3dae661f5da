#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&stall, {op::Stall{}}, "silence for good"};
}

}  // namespace

const ActionSpec stall{
    "stall",   ActionClass::end,
    "stall()", "reads on, never sends again, keeps the connection until the client or the run ends it",
    "T0",      "",
    lower};

}  // namespace mailfault::actions
