#include <algorithm>
#include <cstdint>
#include <lua.hpp>
#include <numeric>
#include <utility>

#include "script/bounded.hpp"
#include "script/sandbox.hpp"

namespace mailfault::script {

namespace {

constexpr lua_Integer most_elements = 1'000'000;

/// How many elements the table at `index` has, whatever its metatable says.
lua_Integer checked_length(lua_State* state, int index) {
  luaL_checktype(state, index, LUA_TTABLE);
  return static_cast<lua_Integer>(lua_rawlen(state, index));
}

/// How many first..last are; raises if too many.
lua_Integer checked_range(lua_State* state, lua_Integer first, lua_Integer last) {
  if (first > last) return 0;
  const auto count = static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first);
  if (count >= static_cast<lua_Unsigned>(most_elements))
    luaL_error(state, "the range %I to %I has more than %I elements", static_cast<LUAI_UACINT>(first),
               static_cast<LUAI_UACINT>(last), static_cast<LUAI_UACINT>(most_elements));
  charge(state, count + 1);
  return static_cast<lua_Integer>(count) + 1;
}

int concat(lua_State* state) {
  const lua_Integer length = checked_length(state, 1);
  std::size_t between_size = 0;
  const char* between = luaL_optlstring(state, 2, "", &between_size);
  const lua_Integer first = luaL_optinteger(state, 3, 1);
  const lua_Integer last = luaL_optinteger(state, 4, length);
  const lua_Integer count = checked_range(state, first, last);

  std::uint64_t total = 0;
  for (lua_Integer i = 0; i < count; ++i) {
    const int type = lua_rawgeti(state, 1, first + i);
    if (type == LUA_TSTRING)
      total += lua_rawlen(state, -1);
    else if (type != LUA_TNUMBER)
      return luaL_error(state, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(state, -1),
                        static_cast<LUAI_UACINT>(first + i));
    lua_pop(state, 1);
    if (i > 0) total += between_size;
    check_size(state, total);
  }
  charge(state, total);

  luaL_Buffer result;
  luaL_buffinit(state, &result);
  for (lua_Integer i = 0; i < count; ++i) {
    if (i > 0) luaL_addlstring(&result, between, between_size);
    lua_rawgeti(state, 1, first + i);
    luaL_addvalue(&result);
  }
  luaL_pushresult(&result);
  return 1;
}

/// table[to] = table[from], for each of `count` from `first` on, by steps of `step`.
void shift(lua_State* state, lua_Integer first, lua_Integer count, lua_Integer step, lua_Integer distance) {
  charge(state, static_cast<std::uint64_t>(std::max<lua_Integer>(count, 0)));
  for (; count > 0; --count, first += step) {
    lua_rawgeti(state, 1, first);
    lua_rawseti(state, 1, first + distance);
  }
}

int insert(lua_State* state) {
  const lua_Integer length = checked_length(state, 1);
  lua_Integer position = length + 1;
  switch (lua_gettop(state)) {
    case 2:
      break;
    case 3:
      position = luaL_checkinteger(state, 2);
      luaL_argcheck(state, position >= 1 && position <= length + 1, 2, "position out of bounds");
      shift(state, length, length - position + 1, -1, 1);
      break;
    default:
      return luaL_error(state, "wrong number of arguments to 'insert'");
  }
  lua_rawseti(state, 1, position);
  return 0;
}

int remove(lua_State* state) {
  const lua_Integer length = checked_length(state, 1);
  const lua_Integer position = luaL_optinteger(state, 2, length);
  // As Lua has it: length + 1 is allowed, and so is any position that is the length itself (0 if empty).
  luaL_argcheck(state, position == length || (position >= 1 && position <= length + 1), 2, "position out of bounds");
  lua_rawgeti(state, 1, position);
  shift(state, position + 1, length - position, 1, -1);
  lua_pushnil(state);
  lua_rawseti(state, 1, std::max(position, length));
  return 1;
}

int move(lua_State* state) {
  const lua_Integer first = luaL_checkinteger(state, 2);
  const lua_Integer last = luaL_checkinteger(state, 3);
  const lua_Integer to = luaL_checkinteger(state, 4);
  const int target = lua_isnoneornil(state, 5) ? 1 : 5;
  luaL_checktype(state, 1, LUA_TTABLE);
  luaL_checktype(state, target, LUA_TTABLE);
  const lua_Integer count = checked_range(state, first, last);
  luaL_argcheck(state, count == 0 || to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
  const bool forwards = to > last || to <= first || !lua_rawequal(state, 1, target);
  for (lua_Integer done = 0; done < count; ++done) {
    const lua_Integer i = forwards ? done : count - 1 - done;
    lua_rawgeti(state, 1, first + i);
    lua_rawseti(state, target, to + i);
  }
  lua_pushvalue(state, target);
  return 1;
}

int pack(lua_State* state) {
  const int count = lua_gettop(state);
  charge(state, static_cast<std::uint64_t>(count));
  lua_createtable(state, count, 1);
  lua_insert(state, 1);
  for (int i = count; i >= 1; --i) lua_rawseti(state, 1, i);
  lua_pushinteger(state, count);
  lua_setfield(state, 1, "n");
  return 1;
}

int unpack(lua_State* state) {
  const lua_Integer first = luaL_optinteger(state, 2, 1);
  const lua_Integer last = lua_isnoneornil(state, 3) ? checked_length(state, 1) : luaL_checkinteger(state, 3);
  luaL_checktype(state, 1, LUA_TTABLE);
  const auto count = static_cast<int>(checked_range(state, first, last));
  if (!lua_checkstack(state, count)) return luaL_error(state, "too many results to unpack");
  for (int i = 0; i < count; ++i) lua_rawgeti(state, 1, first + i);
  return count;
}

/// Whether element `a` of the table at 3 goes before element `b`.
bool goes_before(lua_State* state, int a, int b) {
  charge(state, 1);
  const bool by_function = !lua_isnil(state, 2);
  if (by_function) lua_pushvalue(state, 2);
  lua_rawgeti(state, 3, a);
  lua_rawgeti(state, 3, b);
  bool before = false;
  if (by_function) {
    lua_call(state, 2, 1);
    before = lua_toboolean(state, -1) != 0;
  } else {
    before = lua_compare(state, -2, -1, LUA_OPLT) != 0;
  }
  lua_settop(state, 4);
  return before;
}

/// A merge sort over a copy: stable, with the same comparisons in each run (Lua's own draws its pivots from the
/// clock), and not to be confused by a comparison that contradicts itself or changes the table.
int sort(lua_State* state) {
  const lua_Integer length = checked_length(state, 1);
  if (!lua_isnoneornil(state, 2)) luaL_checktype(state, 2, LUA_TFUNCTION);
  lua_settop(state, 2);
  const auto count = static_cast<int>(checked_range(state, 1, length));
  lua_createtable(state, count, 0);
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(state, 1, i);
    lua_rawseti(state, 3, i);
  }
  auto* order = static_cast<int*>(lua_newuserdatauv(state, sizeof(int) * 2 * static_cast<std::size_t>(count), 0));
  int* merged = order + count;
  std::iota(order, merged, 1);

  for (int width = 1; width < count; width *= 2) {
    for (int low = 0; low < count; low += 2 * width) {
      const int middle = std::min(low + width, count);
      const int high = std::min(low + 2 * width, count);
      int left = low;
      int right = middle;
      for (int to = low; to < high; ++to) {
        const bool take_right = left == middle || (right < high && goes_before(state, order[right], order[left]));
        merged[to] = order[take_right ? right++ : left++];
      }
    }
    std::swap(order, merged);
  }
  for (int i = 0; i < count; ++i) {
    lua_rawgeti(state, 3, order[i]);
    lua_rawseti(state, 1, i + 1);
  }
  return 0;
}

}  // namespace

void push_table(lua_State* state) {
  const luaL_Reg ours[] = {{"concat", concat}, {"insert", insert}, {"move", move},     {"pack", pack},
                           {"remove", remove}, {"sort", sort},     {"unpack", unpack}, {nullptr, nullptr}};
  luaL_newlib(state, ours);
}

}  // namespace mailfault::script
