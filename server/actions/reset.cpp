#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&reset, {op::Reset{}}, "the server resets (RST)"};
}

}  // namespace

const ActionSpec reset{
    "reset", ActionClass::end, "reset()", "all that was sent has been acknowledged (at most 1 s); RST", "T0", "",
    lower};

}  // namespace mailfault::actions
