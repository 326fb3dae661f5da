// A profile of one's own, as JSON.
#pragma once

#include "runner/profile.hpp"

namespace mailfault::runner {

/// An object with the fields of Profile; durations and sizes are text ("3s", "64MiB"). At most 1 MiB. Throws Error
/// naming the file, the field, and the line where it is no JSON.
Profile read_profile(const std::string& path);

}  // namespace mailfault::runner
