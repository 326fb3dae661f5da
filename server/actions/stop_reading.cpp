#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  op::StopReading stop;
  if (given.has(0)) stop.time = given.duration(0);
  return {
      &stop_reading, {stop}, "the server stops reading" + (stop.time ? " for " + format_duration(*stop.time) : "")};
}

}  // namespace

const ActionSpec stop_reading{"stop_reading",
                              ActionClass::aside,
                              "stop_reading([time])",
                              "takes nothing from the socket for so long (for good); the window closes",
                              "T0",
                              "time?: duration",
                              lower};

}  // namespace mailfault::actions
