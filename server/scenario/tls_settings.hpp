// TLS as an author writes it: tls { … }, a door's fields, use { … }. The settings themselves are tls/settings.hpp's.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenario/value.hpp"
#include "tls/settings.hpp"

namespace mailfault {

/// A row of the table of TLS settings, for the reference and the annotations.
struct TlsFieldSpec {
  std::string_view name, type, what;
};
std::span<const TlsFieldSpec> tls_fields();

/// Sets one field: true if `name` is a TLS setting. Throws Error for a value that it can't have, naming what is near.
bool set_tls_field(tls::Settings& to, std::string_view name, const Value& value, const std::string& where);

}  // namespace mailfault
