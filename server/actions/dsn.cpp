#include "actions/actions.hpp"
#include "scenario/scenario.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  not_built("dsn");
}

}  // namespace

const ActionSpec dsn{"dsn",
                     ActionClass::aside,
                     "dsn{ action, status, diagnostic, after }",
                     "once the message is stored, an RFC 3464 report goes to the sender (not built yet)",
                     "T0",
                     "options: table",
                     lower};

}  // namespace mailfault::actions
