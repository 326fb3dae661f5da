// Our table library against Lua's own on plain tables, and where it differs: raw, and bounded.
#include <gmock/gmock.h>

#include "sandbox_test.hpp"

namespace mailfault::script {
namespace {

using testing::HasSubstr;

TEST(BoundedTable, DoesAsLuaDoesWithPlainTables) {
  Script script;
  Stock stock;
  const std::string prelude =
      "local function all(t) local s = '' for i = 0, 8 do s = s .. tostring(t[i]) .. ' ' end return s end ";
  for (const char* code : {
           "return table.concat({1, 'a', 2.5}, ', ')",
           "return table.concat({1, 2, 3}, '-', 2), table.concat({1, 2, 3}, '-', 2, 2)",
           "return table.concat({1, 2, 3}, '-', 3, 2)",
           "return table.concat({}), table.concat({}, 'x', 1, 0)",
           "return table.concat({1, {}, 3})",
           "return table.concat({1, 2}, '', 1, 3)",
           "return table.concat({[math.maxinteger] = 'x'}, '', math.maxinteger, math.maxinteger)",
           "return table.concat(1)",
           "return table.concat({}, {})",
           "local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) table.insert(t, 3, 'x') return all(t)",
           "local t = {} table.insert(t, 1, 'a') return all(t)",
           "local t = {1} table.insert(t, 3, 'x')",
           "local t = {1} table.insert(t, 0, 'x')",
           "table.insert({1})",
           "table.insert({1}, 1, 2, 3)",
           "table.insert(nil, 1)",
           "table.insert({}, 'x', 1)",
           "local t = {1, 2, 3} return table.remove(t), table.remove(t, 1), all(t)",
           "local t = {1, 2, 3} return table.remove(t, 4), table.remove(t, 3), all(t)",
           "local t = {[0] = 'z'} return table.remove(t, 0), table.remove(t), table.remove({}), all(t)",
           "return all(table.move({1, 2, 3}, 1, 3, 2))",
           "return all(table.move({1, 2, 3}, 2, 3, 1))",
           "return all(table.move({1, 2, 3}, 1, 3, 1, {}))",
           "return all(table.move({1, 2, 3}, 1, 0, 5))",
           "return all(table.move({1, 2, 3}, 1, 3, 5, {9}))",
           "return all(table.move({1, 2, 3}, 1, 2, math.maxinteger))",
           "return all(table.pack(1, nil, 3)), table.pack(1, nil, 3).n, table.pack().n",
           "return table.unpack({1, 2, 3}), table.unpack({1, 2, 3}, 2), table.unpack({1, 2, 3}, 2, 3)",
           "return table.unpack({1, 2}, 1, 4)",
           "return table.unpack({}, 1, 0), table.unpack({}, 3, 1)",
           "return table.unpack({}, math.maxinteger, math.maxinteger)",
           "local t = {3, 1, 2} table.sort(t) return all(t)",
           "local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return all(t)",
           "local t = {'b', 'a', 'C', ''} table.sort(t) return all(t)",
           "local t = {3, 'x'} table.sort(t)",
           "local t = {{}, {}} table.sort(t)",
           "table.sort({1, 2}, 'x')",
           "table.sort({2, 1}, function() error('in it', 0) end)",
           "local t = {} table.sort(t) table.sort({1}) return all(t)",
           R"(local t = {} for i = 1, 1000 do t[i] = (i * 7919) % 1009 end
              table.sort(t)
              for i = 2, 1000 do if t[i - 1] > t[i] then return 'no' end end
              return 'sorted', t[1], t[1000])",
           R"(local m = {__lt = function(a, b) return a.n < b.n end}
              local t = {} for i, n in ipairs{3, 1, 2} do t[i] = setmetatable({n = n}, m) end
              table.sort(t)
              return t[1].n, t[2].n, t[3].n)",
       }) {
    const Outcome ours = script.run(prelude + code);
    const Outcome theirs = stock.run(prelude + code);
    EXPECT_EQ(ours.ran, theirs.ran) << code << '\n' << ours.text;
    EXPECT_EQ(ours.text, theirs.text) << code;
  }
}

TEST(BoundedTable, RemoveNamesTheArgumentThatIsWrong) {  // Lua 5.4.4 names the table
  Script script;
  EXPECT_EQ(script.text("table.remove({1, 2}, 4)"),
            "test.lua:1: bad argument #2 to 'remove' (position out of bounds)");
  EXPECT_EQ(script.text("table.remove({1, 2}, 0)"),
            "test.lua:1: bad argument #2 to 'remove' (position out of bounds)");
}

TEST(BoundedTable, IsRaw) {
  Script script;
  EXPECT_EQ(script.text(R"(
      local t = setmetatable({1, 2}, {__len = function() return 1e12 end, __index = function() return 'x' end,
                                      __newindex = function() error('no') end})
      table.insert(t, 3)
      table.insert(t, 1, 0)
      table.sort(t, function(a, b) return a > b end)
      local first = table.remove(t, 1)
      table.move(t, 1, 3, 4)
      return first, table.concat(t, ' '), table.unpack(t))"),
            "3 '2 1 0 2 1 0' 2 1 0 2 1 0");
}

TEST(BoundedTable, RangesAreBounded) {
  Script script;
  for (const char* code : {"table.move({}, 1, 1e12, 2, {})", "table.unpack({}, 1, 1e8)",
                           "table.concat({}, '', 1, 1e9)", "table.unpack({}, math.mininteger, math.maxinteger)"})
    EXPECT_THAT(script.text(code), HasSubstr("more than 1000000 elements")) << code;
}

TEST(BoundedTable, AConcatenationAboveTheLimitIsRefusedAtOnce) {
  Script script;
  EXPECT_THAT(
      script.text("local t, s = {}, ('x'):rep(1e6) for i = 1, 30 do t[i] = s end return table.concat(t, ',')"),
      HasSubstr("the result would be 17000016 bytes, above the memory limit of 16 MiB"));
}

TEST(BoundedTable, ASortIsStable) {
  Script script;
  EXPECT_EQ(script.text(R"(
      local t = {} for i = 1, 500 do t[i] = {i % 5, i} end
      table.sort(t, function(a, b) return a[1] < b[1] end)
      for i = 2, 500 do
        local a, b = t[i - 1], t[i]
        if a[1] > b[1] or (a[1] == b[1] and a[2] > b[2]) then return i end
      end
      return 'stable')"),
            "'stable'");
}

TEST(BoundedTable, ASortSurvivesAComparatorThatContradictsItselfOrChangesTheTable) {
  Script script;
  EXPECT_EQ(
      script.text(
          "local t = {5, 3, 4, 1, 2} table.sort(t, function() return true end) table.sort(t) return table.concat(t)"),
      "'12345'");
  EXPECT_EQ(script.text(
                R"(
      local t = {5, 3, 4, 1, 2}
      table.sort(t, function(a, b) t[1] = nil t[9] = 9 return a < b end)
      return table.concat(t, '', 1, 5))"),
            "'12345'");
  EXPECT_EQ(
      script.text("local t = {3, 2, 1} return pcall(table.sort, t, function() error('x', 0) end), table.concat(t)"),
      "false '321'");
}

}  // namespace
}  // namespace mailfault::script
