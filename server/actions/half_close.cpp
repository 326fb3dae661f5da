#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&half_close, {op::HalfClose{}}, "the server closes its sending side (FIN) and reads on"};
}

}  // namespace

const ActionSpec half_close{"half_close",   ActionClass::aside,
                            "half_close()", "all that was sent leaves; FIN; the server reads on and can send no more",
                            "T0",           "",
                            lower};

}  // namespace mailfault::actions
