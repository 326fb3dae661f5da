// The reply code that a client shows to its user.
#pragma once

#include <optional>
#include <string_view>

namespace mailfault::runner {

/// The last SMTP reply code 4yz or 5yz in what a client printed, told from the other numbers there: sizes, times,
/// ports, and what the client itself said to the server.
std::optional<int> last_failing_code(std::string_view output);

}  // namespace mailfault::runner
