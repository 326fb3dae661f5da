// What a hostile or broken scenario may try: each ends soon, and the sandbox still works.
#include <ostream>

#include "sandbox_test.hpp"

namespace mailfault::script {
namespace {

using std::chrono::milliseconds;

struct Attack {
  const char* name;
  const char* code;
};

std::ostream& operator<<(std::ostream& out, const Attack& attack) { return out << attack.name; }

class SandboxAttack : public testing::TestWithParam<Attack> {};

TEST_P(SandboxAttack, IsContained) {
  Script script({.activation = milliseconds(100), .slice = milliseconds(10)});
  script.sandbox().print = [](std::string_view) {};
  const Outcome outcome = script.run(GetParam().code);
  EXPECT_LT(outcome.took, milliseconds(1500)) << outcome.text;
  EXPECT_TRUE(outcome.ran == Ran::failed || outcome.ran == Ran::timed_out) << outcome.text;
  RecordProperty("ms", static_cast<int>(outcome.took.count()));
  RecordProperty("ended", outcome.text.substr(0, 150));
  const Outcome after = script.run("return 1 + 1");
  EXPECT_EQ(after.text, "2");
}

const Attack attacks[] = {
    // time, seen by the hook
    {"endless_loop", "while true do end"},
    {"goto_loop", "::again:: goto again"},
    {"nested_pcall_loops",
     "while true do pcall(function() while true do pcall(function() while true do end end) end end) end"},
    {"errors_in_a_loop", "for i = 1, 1e9 do pcall(error, 'x') end"},
    {"endless_recursion", "local function f() return 1 + f() end f()"},
    {"endless_tail_calls", "local function f() return f() end f()"},
    {"pcall_recursion", "local function f() pcall(f) pcall(f) end f()"},
    {"index_loop",
     "local t = setmetatable({}, {}) getmetatable(t).__index = function(s, k) return s[k .. 'x'] end return t.a"},
    {"index_chain",
     R"(local t = setmetatable({}, {}) getmetatable(t).__index = t
        while true do pcall(function() return t.a end) end)"},
    {"tostring_loop", "tostring(setmetatable({}, {__tostring = function() while true do end end}))"},
    {"format_tostring_loop",
     "string.format('%s', setmetatable({}, {__tostring = function() while true do end end}))"},
    {"print_tostring_loop", "print(setmetatable({}, {__tostring = function() while true do end end}))"},
    {"print_much", "local s = ('x'):rep(4e6) while true do print(s, s, s) end"},
    {"metamethod_loop", "local t = setmetatable({}, {__lt = function() while true do end end}) return t < t"},
    {"iterator_loop", "for _ in function() return 1 end do end"},
    {"close_loop", "local c <close> = setmetatable({}, {__close = function() while true do end end})"},
    {"close_loop_after_an_error",
     "local c <close> = setmetatable({}, {__close = function() while true do end end}) error('x')"},
    {"close_loop_after_the_limit",
     "local c <close> = setmetatable({}, {__close = function() while true do end end}) while true do end"},
    {"close_loop_with_pcall",
     R"(local function never() while true do pcall(function() while true do end end) end end
        local c <close> = setmetatable({}, {__close = never})
        while true do end)"},
    {"close_loop_inside_a_sort",
     R"(local function never()
          local c <close> = setmetatable({}, {__close = function() while true do end end})
          while true do end
        end
        table.sort({1, 2, 3}, never))"},
    {"close_loop_around_a_sort",
     R"(local c <close> = setmetatable({}, {__close = function() while true do end end})
              table.sort({1, 2, 3}, function() while true do end end))"},
    {"many_close_loops",
     R"(local m = {__close = function() while true do end end}
        local function f()
          local a <close> = setmetatable({}, m)
          local b <close> = setmetatable({}, m)
          return f() + 1
        end
        f())"},
    {"many_closes_of_one",
     R"(local v = setmetatable({}, {__close = function() while true do end end})
        local function f(n)
          local a <close> = v local b <close> = v local c <close> = v local d <close> = v
          if n > 0 then f(n - 1) end
          while true do end
        end
        f(9000))"},

    // time, hidden in a function of a library
    {"backtracking", "return string.find(('a'):rep(28), ('a?'):rep(28) .. ('a'):rep(28))"},
    {"backtracking_stars", "return string.match(('a'):rep(3000), ('a*'):rep(20) .. 'b')"},
    {"gsub_of_nothing", "return ('x'):rep(200000):gsub('.-b', '')"},
    {"gmatch_of_nothing", "for _ in ('x'):rep(200000):gmatch('.-b') do end"},
    {"balanced_everywhere", "return ('('):rep(1e6):find('%b()')"},
    {"same_capture_everywhere", "return ('a'):rep(1e6):find('(a*)%1b')"},
    {"frontier_everywhere", "while true do local _ = ('a'):rep(1e6):find('%f[b]') end"},
    {"backtracking_in_pcall", "while true do pcall(string.find, ('a'):rep(30), ('a?'):rep(30) .. ('a'):rep(30)) end"},
    {"long_pattern", "return ('a'):find(('a?'):rep(1e6))"},
    {"long_set", "return ('a'):find('[' .. ('a'):rep(1e6) .. ']')"},
    {"plain_find_quadratic", "local s = ('a'):rep(6e6) while true do s:find(('a'):rep(1e6) .. 'b', 1, true) end"},
    {"gsub_callback_loop", "return ('x'):gsub('x', function() while true do end end)"},
    {"gsub_callback_pcall_loop",
     "return ('x'):rep(1000):gsub('x', function() pcall(function() while true do end end) end)"},
    {"gsub_table_index_loop",
     "return ('x'):gsub('x', setmetatable({}, {__index = function() while true do end end}))"},
    {"gsub_nested", "local function f(s) return (s:gsub('x', f)) end while true do f('x') end"},
    {"table_move_far", "table.move({}, 1, 1e12, 2, {})"},
    {"table_move_often", "local t = {} while true do table.move(t, 1, 1e6, 2) end"},
    {"table_insert_length",
     "table.insert(setmetatable({}, {__len = function() return 1e12 end}), 1, 1) while true do end"},
    {"table_insert_front",
     "local t = {} for i = 1, 5e5 do t[i] = i end while true do table.insert(t, 1, 1) table.remove(t) end"},
    {"table_remove_length",
     "table.remove(setmetatable({}, {__len = function() return 1e12 end}), 1) while true do end"},
    {"table_concat_far", "table.concat(setmetatable({}, {__index = function() return '' end}), '', 1, 1e12)"},
    {"table_concat_bomb", "local t, s = {}, ('x'):rep(1e5) for i = 1, 1e5 do t[i] = s end return table.concat(t)"},
    {"table_concat_separator_bomb",
     "local t = {} for i = 1, 1e4 do t[i] = '' end return table.concat(t, ('x'):rep(1e5))"},
    {"table_unpack_far", "table.unpack({}, 1, 1e8)"},
    {"table_unpack_everything", "table.unpack({}, math.mininteger, math.maxinteger)"},
    {"table_unpack_often", "while true do pcall(select, '#', table.unpack({}, 1, 3e5)) end"},
    {"sort_evil_comparator",
     "local t = {} for i = 1, 1e5 do t[i] = i end while true do table.sort(t, function(a, b) return true end) end"},
    {"sort_endless_comparator", "table.sort({3, 2, 1}, function() while true do end end)"},
    {"sort_pcall_comparator",
     R"(local t = {} for i = 1, 1e5 do t[i] = i end
        table.sort(t, function(a, b) pcall(function() while true do end end) return a < b end))"},
    {"sort_pcall_around", "while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end"},
    {"sort_metamethod",
     "local m = {__lt = function() while true do end end} table.sort({setmetatable({}, m), setmetatable({}, m)})"},
    {"utf8_len_loop", "local s = ('x'):rep(6e6) while true do utf8.len(s) end"},
    {"utf8_codes_step",
     "local s = 'a' .. ('\\x80'):rep(8e6) local f = utf8.codes('a') while true do pcall(f, s, 1) end"},
    {"lower_loop", "local s = ('x'):rep(3e6) while true do local _ = #s:lower() end"},
    {"compare_loop",
     "local s = ('0'):rep(5e6) local t = ('0'):rep(4999999) .. '0' while true do local _ = s == t, s < t end"},
    {"coercion_loop", "local s = ('0'):rep(7e6) while true do local _ = s + 1 end"},
    {"coercion_of_many",
     R"(local s, t = ('0'):rep(7e6), {} for i = 1, 1e4 do t[i] = s end
        while true do pcall(math.max, table.unpack(t)) end)"},
    {"concatenation_loop", "local s = ('x'):rep(4e6) while true do local _ = s .. s end"},
    {"pairs_loop",
     "local t = {} for i = 1, 1e5 do t[i .. ''] = i end while true do for k in pairs(t) do break end end"},
    {"next_loop", "local t = {} for i = 1, 1e5 do t[i] = i end local k repeat k = next(t, k) until not k"},
    {"next_of_emptied",
     R"(local t = {} for i = 1, 2e5 do t['k' .. i] = i end
        for k in pairs(t) do t[k] = nil end
        while true do next(t) end)"},

    // memory
    {"rep_bomb", "return ('x'):rep(1e9)"},
    {"rep_bomb_twice", "return ('x'):rep(1e5):rep(1e5)"},
    {"rep_of_nothing", "return ('' ):rep(1e15), (''):rep(1e15, 'x')"},
    {"rep_overflow", "return ('xxxx'):rep(math.maxinteger, 'yyyy')"},
    {"string_bomb", "local s = 'x' while true do s = s .. s end"},
    {"gsub_bomb", "local s = ('x'):rep(1e4) return (s:gsub('x', s))"},
    {"format_width", "return string.format('%99999d', 1)"},
    {"format_bomb", "local s = ('x'):rep(4e6) return string.format('%s%s%s%s%s%s', s, s, s, s, s, s)"},
    {"pack_bomb", "return string.pack('c1000000000', 'x')"},
    {"table_bomb", "local t = {} for i = 1, 1e9 do t[i] = i end"},
    {"table_of_tables_bomb", "local t = {} while true do t = {t} end"},
    {"closure_bomb", "local t = {} while true do t[#t + 1] = function() return t end end"},
    {"nested_bomb_in_pcall", "while true do pcall(function() local t = {} for i = 1, 1e9 do t[i] = {} end end) end"},
    {"full_collections",
     R"(local t = {} pcall(function() while true do t[#t + 1] = {} end end)
        local s = ('x'):rep(1000)
        while true do pcall(function() local _ = s .. #t end) end)"},
    {"vararg_bomb", "local function f(...) return f(1, ...) end f()"},
    {"gc_metatable", "setmetatable({}, {__gc = function() while true do end end})"},
    {"out_of_memory_everywhere",
     R"(local t = {}
        while true do
          local ok = pcall(function() t[#t + 1] = ('x'):rep(100) .. #t end)
          if not ok then pcall(string.rep, 'x', 1e6) end
        end)"},
};

std::string name_of(const testing::TestParamInfo<Attack>& attack) { return attack.param.name; }

INSTANTIATE_TEST_SUITE_P(All, SandboxAttack, testing::ValuesIn(attacks), name_of);

}  // namespace
}  // namespace mailfault::script
