// A header of a message as a person reads it.
#pragma once

#include <string>
#include <string_view>

#include "scenario/field.hpp"

namespace mailfault {

/// The first header of that name, unfolded, its encoded words decoded (RFC 2047; UTF-8, US-ASCII and ISO-8859-1,
/// other charsets stay as they are). Not set if there is none.
FieldValue header_text(std::string_view message, std::string_view name);

}  // namespace mailfault
