// Scenarios by name or path.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "script/script.hpp"

namespace mailfault::cli {

struct ScenarioFile {
  std::string id;
  std::string path;    ///< as errors name it
  std::string folder;  ///< of the catalogue: "greeting"
  std::string source;
  std::shared_ptr<const ProviderFiles> providers = nullptr;  ///< of the folder that --scenarios names
};

/// A path (with a slash, or ending in .lua), else an id: first in `folder` (of --scenarios; empty: none), then in the
/// catalogue. Throws Error for a file that can't be read and for an unknown id, with what is near.
ScenarioFile find_scenario(const std::string& name, const std::string& folder);
/// All of the catalogue with those of `folder` added or in their place, sorted by folder and id.
std::vector<ScenarioFile> all_scenarios(const std::string& folder);
/// Throws Error with file:line.
std::unique_ptr<script::Script> load(const ScenarioFile& file, const std::map<std::string, Value>& set = {},
                                     std::uint64_t seed = 0);

/// The files of DIR/providers; null: there are none.
std::shared_ptr<const ProviderFiles> providers_in(const std::string& folder);

std::string read_file(const std::string& path);
/// Throws Error if it can't be written whole.
void write_whole_file(const std::string& path, std::string_view text);

}  // namespace mailfault::cli
