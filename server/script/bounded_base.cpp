#include <algorithm>
#include <cmath>
#include <functional>
#include <lua.hpp>
#include <new>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "script/bounded.hpp"
#include "script/sandbox.hpp"

namespace mailfault::script {

namespace {

constexpr std::uint64_t most_argument_bytes = std::uint64_t{64} << 20;

int call_charged(lua_State* state) {
  charge_arguments(state);
  return lua_tocfunction(state, lua_upvalueindex(1))(state);
}

// --- the order of keys ---

/// Where a key comes: numbers, strings, then the rest by type.
struct SortKey {
  static constexpr int integer_key = -3, float_key = -2, text_key = -1;  // else its type

  int rank = 0;
  int at = 0;  ///< in the list of keys
  union {
    lua_Integer integer = 0;  ///< a boolean too
    lua_Number number;
    const char* text;  ///< of a string, which its table keeps alive
    const void* identity;
  };
  std::size_t size = 0;

  SortKey(lua_State* state, int index, int place) : rank(lua_type(state, index)), at(place) {
    switch (rank) {
      case LUA_TNUMBER:
        rank = lua_isinteger(state, index) ? integer_key : float_key;
        if (rank == integer_key)
          integer = lua_tointeger(state, index);
        else
          number = lua_tonumber(state, index);
        break;
      case LUA_TSTRING:
        rank = text_key;
        text = lua_tolstring(state, index, &size);
        break;
      case LUA_TBOOLEAN:
        integer = lua_toboolean(state, index);
        break;
      default:
        identity = lua_topointer(state, index);
    }
  }
  lua_Number as_float() const { return rank == integer_key ? static_cast<lua_Number>(integer) : number; }
};

bool operator<(const SortKey& a, const SortKey& b) {
  if (a.rank <= SortKey::float_key && b.rank <= SortKey::float_key && a.rank != b.rank)
    // Equal only if the integer was rounded up to 2^63, which is a float as a key.
    return a.as_float() == b.as_float() ? a.rank < b.rank : a.as_float() < b.as_float();
  if (a.rank != b.rank) return a.rank < b.rank;
  switch (a.rank) {
    case SortKey::float_key:
      return a.number < b.number;
    case SortKey::text_key:
      return std::string_view(a.text, a.size) < std::string_view(b.text, b.size);
    case SortKey::integer_key:
    case LUA_TBOOLEAN:
      return a.integer < b.integer;
    default:
      return std::less<>()(a.identity, b.identity);
  }
}

/// next(table, key): stateless, so each step looks through the whole table; pairs is the quick way.
int next_sorted(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 2);
  const bool first = lua_isnil(state, 2);
  const SortKey after(state, 2, 0);
  bool found = false;
  SortKey best = after;
  lua_pushnil(state);
  lua_pushnil(state);  // 3: the best key, 4: its value
  std::uint64_t seen = 0;
  for (lua_pushnil(state); lua_next(state, 1); lua_pop(state, 1), ++seen) {
    const SortKey key(state, -2, 0);
    if ((!first && !(after < key)) || (found && !(key < best))) continue;
    found = true;
    best = key;
    lua_copy(state, -2, 3);
    lua_copy(state, -1, 4);
  }
  charge(state, seen);
  lua_settop(state, found ? 4 : 3);
  return found ? 2 : 1;
}

/// Upvalues: the sorted keys, how many are behind us.
int pairs_step(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  auto at = lua_tointeger(state, lua_upvalueindex(2));
  for (;;) {
    if (lua_rawgeti(state, lua_upvalueindex(1), ++at) == LUA_TNIL) return 1;
    lua_pushvalue(state, -1);
    if (lua_rawget(state, 1) != LUA_TNIL) break;
    lua_pop(state, 2);
    charge(state, 1);
  }
  lua_pushinteger(state, at);
  lua_replace(state, lua_upvalueindex(2));
  return 2;
}

int pairs_given(lua_State*, int, lua_KContext) { return 3; }

int pairs(lua_State* state) {
  luaL_checkany(state, 1);
  if (luaL_getmetafield(state, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(state, 1);
    lua_callk(state, 1, 3, 0, pairs_given);
    return 3;
  }
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);

  lua_createtable(state, static_cast<int>(std::min<lua_Unsigned>(lua_rawlen(state, 1), 1'000'000)),
                  0);  // 2: unsorted
  int count = 0;
  for (lua_pushnil(state); lua_next(state, 1);) {
    lua_pop(state, 1);
    lua_pushvalue(state, -1);
    lua_rawseti(state, 2, ++count);
  }
  charge(state, static_cast<std::uint64_t>(count));

  auto* keys = static_cast<SortKey*>(lua_newuserdatauv(state, sizeof(SortKey) * static_cast<std::size_t>(count), 0));
  for (int i = 0; i < count; ++i) {
    lua_rawgeti(state, 2, i + 1);
    new (&keys[i]) SortKey(state, -1, i + 1);
    lua_pop(state, 1);
  }
  if (!std::is_sorted(keys, keys + count)) {
    charge(state, static_cast<std::uint64_t>(count * std::log2(count)));
    std::sort(keys, keys + count);
    lua_createtable(state, count, 0);
    for (int i = 0; i < count; ++i) {
      lua_rawgeti(state, 2, keys[i].at);
      lua_rawseti(state, -2, i + 1);
    }
    lua_replace(state, 2);
  }
  lua_settop(state, 2);
  lua_pushinteger(state, 0);
  lua_pushcclosure(state, pairs_step, 2);
  lua_pushvalue(state, 1);
  lua_pushnil(state);
  return 3;
}

// --- the rest ---

int set_metatable(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  const int type = lua_type(state, 2);
  luaL_argexpected(state, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
  if (luaL_getmetafield(state, 1, "__metatable") != LUA_TNIL)
    return luaL_error(state, "cannot change a protected metatable");
  if (type == LUA_TTABLE) {
    lua_pushliteral(state, "__gc");  // a finalizer would run with the hook off
    if (lua_rawget(state, 2) != LUA_TNIL) return luaL_error(state, "a metatable can't have __gc here");
  }
  lua_settop(state, 2);
  lua_setmetatable(state, 1);
  return 1;
}

int print(lua_State* state) {
  const int count = lua_gettop(state);
  std::string line;
  for (int i = 1; i <= count; ++i) {
    std::size_t size = 0;
    const char* text = luaL_tolstring(state, i, &size);
    charge(state, size);
    check_size(state, line.size() + size);
    if (i > 1) line += '\t';
    line.append(text, size);
    lua_pop(state, 1);
  }
  if (const auto& to = sandbox_of(state).print) to(line);
  return 0;
}

double drawn(lua_State* state) {
  const auto& draw = sandbox_of(state).draw;
  return draw ? draw() : luaL_error(state, "there is nothing to draw from here");
}

lua_Unsigned drawn_bits(lua_State* state) {
  const auto high = static_cast<lua_Unsigned>(drawn(state) * 0x1p32);
  return high << 32 | static_cast<lua_Unsigned>(drawn(state) * 0x1p32);
}

int math_random(lua_State* state) {
  lua_Integer low = 1;
  lua_Integer high = 0;
  switch (lua_gettop(state)) {
    case 0:
      lua_pushnumber(state, drawn(state));
      return 1;
    case 1:
      high = luaL_checkinteger(state, 1);
      if (high == 0) {
        lua_pushinteger(state, static_cast<lua_Integer>(drawn_bits(state)));
        return 1;
      }
      break;
    case 2:
      low = luaL_checkinteger(state, 1);
      high = luaL_checkinteger(state, 2);
      break;
    default:
      return luaL_error(state, "wrong number of arguments");
  }
  luaL_argcheck(state, low <= high, lua_gettop(state), "interval is empty");
  const lua_Unsigned last = static_cast<lua_Unsigned>(high) - static_cast<lua_Unsigned>(low);
  lua_Unsigned offset = 0;
  if (last < lua_Unsigned{1} << 53)  // as many as a draw has
    offset = std::min(last, static_cast<lua_Unsigned>(drawn(state) * (static_cast<double>(last) + 1)));
  else if (offset = drawn_bits(state); last != ~lua_Unsigned{0})
    offset %= last + 1;
  lua_pushinteger(state, static_cast<lua_Integer>(static_cast<lua_Unsigned>(low) + offset));
  return 1;
}

int math_randomseed(lua_State* state) {
  return luaL_error(state, "math.randomseed isn't there: draws come from --seed, so that a run can be repeated");
}

int utf8_codes(lua_State* state) {
  charge_arguments(state);
  const int results = lua_tocfunction(state, lua_upvalueindex(1))(state);
  lua_pushvalue(state, -results);
  lua_pushcclosure(state, call_charged, 1);  // a step may pass over many bytes
  lua_replace(state, -results - 1);
  return results;
}

}  // namespace

void check_size(lua_State* state, std::uint64_t bytes) {
  const std::uint64_t limit = sandbox_of(state).limits().memory;
  if (bytes <= limit) return;
  luaL_error(state, "the result would be %I bytes, above the memory limit of %s",
             static_cast<LUAI_UACINT>(std::min<std::uint64_t>(bytes, LUA_MAXINTEGER)), format_size(limit).c_str());
}

void charge_arguments(lua_State* state) {
  const int count = lua_gettop(state);
  auto units = static_cast<std::uint64_t>(count);
  for (int i = 1; i <= count; ++i)
    if (lua_type(state, i) == LUA_TSTRING) units += lua_rawlen(state, i);
  if (units > most_argument_bytes)
    luaL_error(state, "the arguments have %I bytes, too many for one call", static_cast<LUAI_UACINT>(units));
  charge(state, units);
}

void add_stock(lua_State* state, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    lua_getfield(state, -1, name);
    lua_pushcclosure(state, call_charged, 1);
    lua_setfield(state, -3, name);
  }
}

void push_math(lua_State* state) {
  lua_createtable(state, 0, 32);
  luaopen_math(state);
  add_stock(state, {"abs", "acos", "asin", "atan", "ceil", "cos",  "deg", "exp",       "floor", "fmod", "log",
                    "max", "min",  "modf", "rad",  "sin",  "sqrt", "tan", "tointeger", "type",  "ult"});
  for (const char* constant : {"huge", "maxinteger", "mininteger", "pi"}) {
    lua_getfield(state, -1, constant);
    lua_setfield(state, -3, constant);
  }
  lua_pop(state, 1);
  const luaL_Reg ours[] = {{"random", math_random}, {"randomseed", math_randomseed}, {nullptr, nullptr}};
  luaL_setfuncs(state, ours, 0);
}

void push_utf8(lua_State* state) {
  lua_createtable(state, 0, 8);
  luaopen_utf8(state);
  add_stock(state, {"char", "codepoint", "len", "offset"});
  lua_getfield(state, -1, "charpattern");
  lua_setfield(state, -3, "charpattern");
  lua_getfield(state, -1, "codes");
  lua_pushcclosure(state, utf8_codes, 1);
  lua_setfield(state, -3, "codes");
  lua_pop(state, 1);
}

void add_globals(lua_State* state) {
  const int target = lua_absindex(state, -1);
  luaL_checkstack(state, LUA_MINSTACK, nullptr);

  // Lua's base library writes into the state's globals: a table that is thrown away.
  lua_rawgeti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_newtable(state);
  lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_pushvalue(state, target);
  luaopen_base(state);
  for (const char* name : {"assert", "error", "getmetatable", "ipairs", "pcall", "rawequal", "rawget", "rawlen",
                           "rawset", "select", "type"}) {
    lua_getfield(state, -1, name);
    lua_setfield(state, target, name);
  }
  add_stock(state, {"tonumber", "tostring"});
  lua_pop(state, 2);
  lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);

  const luaL_Reg ours[] = {
      {"next", next_sorted}, {"pairs", pairs}, {"print", print}, {"setmetatable", set_metatable}, {nullptr, nullptr}};
  luaL_setfuncs(state, ours, 0);
  push_math(state);
  lua_setfield(state, target, "math");
  push_string(state);
  lua_setfield(state, target, "string");
  push_table(state);
  lua_setfield(state, target, "table");
  push_utf8(state);
  lua_setfield(state, target, "utf8");
}

}  // namespace mailfault::script
