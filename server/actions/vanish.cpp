#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&vanish, {op::Vanish{}}, "the server vanishes (no FIN, no RST)"};
}

}  // namespace

const ActionSpec vanish{
    "vanish",   ActionClass::end,
    "vanish()", "all that was sent has been acknowledged; then neither side hears the other: no FIN, no RST",
    "T1",       "",
    lower};

}  // namespace mailfault::actions
