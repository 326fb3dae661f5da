// The libraries that a script gets: Lua's own where a call's time is bounded by its arguments' size, else ours.
#pragma once

#include <cstdint>
#include <initializer_list>

struct lua_State;

namespace mailfault::script {

/// Raises if a result of so many bytes is above the memory limit.
void check_size(lua_State* state, std::uint64_t bytes);
/// Charges the size of all arguments, and refuses more of them than one call can handle in time.
void charge_arguments(lua_State* state);
/// Copies functions of a stock library (its table is on top) into the table below it. Each charges its arguments.
void add_stock(lua_State* state, std::initializer_list<const char*> names);

// Each pushes its library.
void push_math(lua_State* state);
void push_string(lua_State* state);  ///< and makes it what `("x"):method()` looks in
void push_table(lua_State* state);
void push_utf8(lua_State* state);

}  // namespace mailfault::script
