#include "actions/actions.hpp"
#include "scenario/scenario.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  not_built("tls_alert");
}

}  // namespace

const ActionSpec tls_alert{
    "tls_alert", ActionClass::end, "tls_alert(name)", "that alert, then FIN (not built yet)", "T0", "name: string",
    lower};

}  // namespace mailfault::actions
