#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&close_notify, {op::CloseNotify{}}, "gets TLS's close_notify, and the connection stays"};
}

}  // namespace

const ActionSpec close_notify{"close_notify",
                              ActionClass::aside,
                              "close_notify()",
                              "TLS's close_notify leaves; the connection stays, more may be sent",
                              "T0",
                              "",
                              lower};

}  // namespace mailfault::actions
