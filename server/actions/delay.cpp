#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  auto time = given.duration(0);
  return {&delay, {op::Pause{time}}, "waits " + format_duration(time)};
}

}  // namespace

const ActionSpec delay{"delay", ActionClass::wait, "delay(time)", "waits; also ends a segment (delay(0))",
                       "T0",    "time: duration",  lower};

}  // namespace mailfault::actions
