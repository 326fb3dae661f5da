#include "cli/find.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "actions/actions.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/catalogue.hpp"

namespace mailfault::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t largest_file = 4 << 20;

ScenarioFile of_entry(const CatalogueEntry& entry) {
  auto folder = std::string(entry.folder);
  return {std::string(entry.id), "scenarios/" + folder + (folder.empty() ? "" : "/") + std::string(entry.id) + ".lua",
          folder, std::string(entry.source)};
}

std::vector<ScenarioFile> in_folder(const std::string& folder) {
  std::vector<ScenarioFile> files;
  if (folder.empty()) return files;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  if (error) throw Error("--scenarios " + folder + ": " + error.message());
  for (const auto& entry : walk) {
    if (!entry.is_regular_file() || entry.path().extension() != ".lua" || entry.path().filename() == "mailfault.lua")
      continue;
    auto inside = entry.path().parent_path().lexically_relative(folder).string();
    if (inside == "providers") continue;  // its folders have scenarios
    files.push_back({entry.path().stem().string(), entry.path().string(), inside == "." ? "" : inside, ""});
  }
  return files;
}

}  // namespace

std::string read_file(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw Error(path + ": this is a folder; name a file in it");
  auto size = fs::file_size(path, error);
  if (!error && size > largest_file) throw Error(path + ": over 4 MiB, so this is no scenario");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path + ": can't be read: " + std::strerror(errno));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_whole_file(const std::string& path, std::string_view text) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "we"), std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0)
    throw Error(path + ": can't be written whole: " + std::strerror(errno) + "; name a file where you may write");
}

std::shared_ptr<const ProviderFiles> providers_in(const std::string& folder) {
  std::error_code error;
  if (folder.empty() || !fs::is_directory(fs::path(folder) / "providers", error)) return nullptr;
  auto files = std::make_shared<ProviderFiles>();
  for (const auto& entry : fs::directory_iterator(fs::path(folder) / "providers"))
    if (entry.is_regular_file() && entry.path().extension() == ".lua")
      files->push_back({entry.path().stem().string(), entry.path().string(), read_file(entry.path().string())});
  return files;
}

ScenarioFile find_scenario(const std::string& name, const std::string& folder) {
  auto providers = providers_in(folder);
  if (name.find('/') != std::string::npos || name.ends_with(".lua")) {
    auto stem = fs::path(name).stem().string();
    return {stem, name, "", read_file(name), providers};
  }
  for (auto& file : in_folder(folder))
    if (file.id == name) {
      file.source = read_file(file.path);
      file.providers = providers;
      return file;
    }
  for (const auto& entry : catalogue())
    if (entry.id == name) {
      auto file = of_entry(entry);
      file.providers = providers;
      return file;
    }
  std::vector<std::string_view> names;
  for (const auto& entry : catalogue()) names.push_back(entry.id);
  throw Error("there is no scenario '" + name + "'" + did_you_mean(name, names) +
              "; 'mailfault list' shows all, and a file of your own is named with its path (./" + name + ".lua)");
}

std::vector<ScenarioFile> all_scenarios(const std::string& folder) {
  auto files = in_folder(folder);
  for (auto& file : files) file.source = read_file(file.path);
  for (const auto& entry : catalogue())
    if (std::none_of(files.begin(), files.end(), [&](const ScenarioFile& file) { return file.id == entry.id; }))
      files.push_back(of_entry(entry));
  auto providers = providers_in(folder);
  for (auto& file : files) file.providers = providers;
  std::sort(files.begin(), files.end(), [](const ScenarioFile& a, const ScenarioFile& b) {
    return std::tie(a.folder, a.id) < std::tie(b.folder, b.id);
  });
  return files;
}

std::unique_ptr<script::Script> load(const ScenarioFile& file, const std::map<std::string, Value>& set,
                                     std::uint64_t seed) {
  return script::Script::load(file.source, file.path, {action_table(), set, seed, {}, file.providers});
}

}  // namespace mailfault::cli
