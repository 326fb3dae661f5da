// The checks of what a scenario's author expects.
#pragma once

#include "scenario/scenario.hpp"

namespace mailfault {

/// Expectations that can't hold together, whatever a client does, and doors that the scenario hasn't. Only what can
/// never hold: what a strange client could fulfil is let be. Throws Error with the place of the later one.
void check_expectations(const Scenario& scenario);

}  // namespace mailfault
