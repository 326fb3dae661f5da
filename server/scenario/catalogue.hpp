// The scenarios that travel inside the binary. The table behind this is made at build time by cmake/catalogue.cmake.
#pragma once

#include <span>
#include <string_view>

namespace mailfault {

struct CatalogueEntry {
  std::string_view id;      ///< the file's name without ".lua"
  std::string_view folder;  ///< its folder below scenarios/, as "greeting"; empty: none
  std::string_view source;  ///< the file's text, unchanged
};

/// Every scenario of scenarios/, sorted by id.
std::span<const CatalogueEntry> catalogue();
/// Every provider of scenarios/providers/, sorted by name.
std::span<const CatalogueEntry> provider_catalogue();

}  // namespace mailfault
