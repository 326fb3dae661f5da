// Expectations given beside a scenario, as JSON.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace mailfault::runner {

/// An object with the names and fields that the scenario language has: {"outcome": ["reconnects", {"lax":
/// "temporary"}], "copies": {"at_most": 1}, "commands": "EHLO, MAIL", "delivered": [{"to": "a@*"}, {"to": "b@*"}]}. A
/// list makes several of one name; under "outcome" it names several outcomes. Durations are text ("1s"). Their line
/// is 0. At most 1 MiB. Throws Error naming the file, and the line where it is no JSON; what can't hold together
/// shows when they are added to a scenario (expect_also).
std::vector<Expectation> read_expectations(const std::string& path);

}  // namespace mailfault::runner
