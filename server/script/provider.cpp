#include "script/provider.hpp"

#include <algorithm>
#include <lua.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/catalogue.hpp"
#include "script/binding.hpp"

namespace mailfault::script {
namespace {

ProviderFile of_entry(const CatalogueEntry& entry) {
  return {std::string(entry.id), "scenarios/providers/" + std::string(entry.id) + ".lua", std::string(entry.source)};
}

// A text with the line that it stands in, for errors, and where it was read.
int marked(lua_State* state, bool with_source) {
  luaL_checktype(state, 1, LUA_TSTRING);
  if (with_source) luaL_checktype(state, 2, LUA_TSTRING);
  lua_createtable(state, 0, 3);
  lua_pushvalue(state, 1);
  lua_setfield(state, -2, "text");
  if (with_source) {
    lua_pushvalue(state, 2);
    lua_setfield(state, -2, "source");
  }
  lua_Debug where{};
  lua_getstack(state, 1, &where);
  lua_getinfo(state, "l", &where);
  lua_pushinteger(state, where.currentline);
  lua_setfield(state, -2, "line");
  return 1;
}

int verified(lua_State* state) { return marked(state, true); }
int approximate(lua_State* state) { return marked(state, false); }

constexpr int deepest_likeness = 4;

ProviderFile file_of(std::string_view name, const ProviderFiles* more) {
  if (auto file = provider_file(name, more)) return *file;
  auto all = all_providers(more);
  std::vector<std::string_view> names;
  for (const auto& each : all) names.push_back(each.name);
  throw Error("no provider '" + std::string(name) + "'" + did_you_mean(name, names) +
              "; 'mailfault list --providers' has them all");
}

std::shared_ptr<const Provider> load(const ProviderFile& file, const ProviderFiles* more, int depth) {
  Sandbox sandbox;
  sandbox.draw = [] { return 0.0; };
  sandbox.print = [](std::string_view) {};
  auto* thread = lua_newthread(sandbox.state());
  luaL_ref(sandbox.state(), LUA_REGISTRYINDEX);
  auto fail = [&](const std::string& message) { throw Error(placed(file.path, message, 0)); };
  if (luaL_loadbufferx(thread, file.source.data(), file.source.size(), ("@" + file.path).c_str(), "t") != LUA_OK)
    fail(error_text(thread));
  lua_newtable(thread);
  add_globals(thread);
  lua_pushcfunction(thread, verified);
  lua_setfield(thread, -2, "verified");
  lua_pushcfunction(thread, approximate);
  lua_setfield(thread, -2, "approximate");
  lua_setupvalue(thread, -2, 1);
  int results = 0;
  if (sandbox.run(thread, 0, &results, "a provider's file can't wait") != Ran::finished) fail(error_text(thread));
  Value returned;
  ProviderFile like;
  try {
    if (results > 0) returned = Binding::value_at(thread, -results);
    if (auto name = provider_like(returned); !name.empty()) like = file_of(name, more);
    if (depth == 0) throw Error("like: too many providers are like one another; one of them must say all by itself");
  } catch (const Error& error) {
    fail(error.what());
  }
  auto base = like.name.empty() ? nullptr : load(like, more, depth - 1);
  return parse_provider(file, returned, base ? *base : built_in_provider());
}

}  // namespace

std::shared_ptr<const Provider> load_provider(const ProviderFile& file, const ProviderFiles* more) {
  return load(file, more, deepest_likeness);
}

std::optional<ProviderFile> provider_file(std::string_view name, const ProviderFiles* more) {
  if (more)
    for (const auto& file : *more)
      if (file.name == name) return file;
  for (const auto& entry : provider_catalogue())
    if (entry.id == name) return of_entry(entry);
  return std::nullopt;
}

ProviderFiles all_providers(const ProviderFiles* more) {
  auto files = more ? *more : ProviderFiles{};
  for (const auto& entry : provider_catalogue())
    if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.name == entry.id; }))
      files.push_back(of_entry(entry));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

std::shared_ptr<const Provider> provider_named(std::string_view name, const ProviderFiles* more) {
  return load_provider(file_of(name, more), more);
}

}  // namespace mailfault::script
