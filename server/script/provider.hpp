// Files of providers: Lua that returns a table, run in a sandbox of its own.
#pragma once

#include "scenario/provider.hpp"

namespace mailfault::script {

/// Runs the file, in which only verified(text, source) and approximate(text) are known beside the sandbox's own.
/// Throws Error with file:line. `more`: where one that it is like is looked for, too; null: nowhere else.
std::shared_ptr<const Provider> load_provider(const ProviderFile& file, const ProviderFiles* more = nullptr);

/// The file of a provider: one of `more` (null: none), else one that travels inside the binary; null if there is
/// none.
std::optional<ProviderFile> provider_file(std::string_view name, const ProviderFiles* more);

/// All of them, those of `more` added or in their place, sorted by name.
ProviderFiles all_providers(const ProviderFiles* more);

/// Throws Error for an unknown name, with what is near.
std::shared_ptr<const Provider> provider_named(std::string_view name, const ProviderFiles* more);

}  // namespace mailfault::script
