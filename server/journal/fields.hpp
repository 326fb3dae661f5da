// What JSON Lines have of each kind of event: for those that write and read them.
#pragma once

#include <string_view>

#include "journal/journal.hpp"

namespace mailfault {

bool has_stage(EventKind kind);
/// What the number means; empty if it has no meaning of its own, so it is left out when it is 0.
std::string_view number_name(EventKind kind);

}  // namespace mailfault
