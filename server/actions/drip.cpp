#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(2);
  op::Pace pace;
  bool lines = given[0].text() && *given[0].text() == "line";
  if (!lines) {
    if (!given[0].number()) given.fail("the first argument is a number of bytes, or \"line\"");
    pace.bytes = given.whole(0, 1, 1'000'000);
  }
  pace.every = given.duration(1);
  return {&drip,
          {pace},
          (lines ? std::string("in lines") : "in pieces of " + format_size(pace.bytes)) + " every " +
              format_duration(pace.every)};
}

}  // namespace

const ActionSpec drip{"drip",
                      ActionClass::shape,
                      "drip(n, every) or drip(\"line\", every)",
                      "cuts what the stage sends into pieces of n bytes, or lines",
                      "T0",
                      "pieces: integer|\"line\", every: duration",
                      lower};

}  // namespace mailfault::actions
