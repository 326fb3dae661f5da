// What a person would call a failure: "Server overloaded", not "421 at the greeting".
#pragma once

#include <span>
#include <string_view>

namespace mailfault {

/// The kinds, in the order in which they are told.
std::span<const std::string_view> failure_kinds();
/// Of a scenario, by its folder in the catalogue (empty: none) and its id. Always one of failure_kinds().
std::string_view failure_kind(std::string_view folder, std::string_view id);

}  // namespace mailfault
