// Our pattern matching against Lua's own, and what is ours alone.
#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "sandbox_test.hpp"

namespace mailfault::script {
namespace {

using testing::HasSubstr;

/// An error without its place and the name of the function.
std::string gist(std::string text) {
  if (text.starts_with("test.lua:")) text.erase(0, text.find(' ') + 1);
  if (const auto from = text.find(" to '"); from != std::string::npos)
    text.erase(from, text.find('\'', from + 5) + 1 - from);
  for (const std::string_view where : {" in pattern", " in replacement string"})
    if (text.starts_with("invalid capture index") && text.ends_with(where)) text.resize(text.size() - where.size());
  return text;
}

class Differential : public testing::Test {
 protected:
  void expect_same(const std::string& code) {
    const Outcome ours = script_.run(code);
    const Outcome theirs = stock_.run(code);
    EXPECT_EQ(ours.ran, theirs.ran) << code << "\nours: " << ours.text << "\ntheirs: " << theirs.text;
    EXPECT_EQ(gist(ours.text), gist(theirs.text)) << code;
  }

  Script script_;
  Stock stock_;
};

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += "\\" + std::to_string(1000 + static_cast<unsigned char>(c)).substr(1);
  return result + "'";
}

TEST_F(Differential, PatternsOverSubjects) {
  const std::vector<std::string_view> subjects = {"",
                                                  "a",
                                                  "aaa",
                                                  "abc",
                                                  "ab12cd",
                                                  "hello world",
                                                  "  trim me  ",
                                                  "key = value",
                                                  "THE (quick) fox",
                                                  "f(a(b)c)d) e",
                                                  "x^2 + y$2",
                                                  "a.b.c",
                                                  "50%",
                                                  "[x]",
                                                  "]-a",
                                                  "\"quoted 'text\"",
                                                  "2024-05-17",
                                                  "MAIL FROM:<user@example.com> SIZE=12",
                                                  std::string_view("nul\0in\0side", 10),
                                                  "\xff\x80\x7f",
                                                  "line\r\nline\r\n",
                                                  "aXbXc",
                                                  "abcabc",
                                                  "((()))",
                                                  "-",
                                                  "*",
                                                  "%",
                                                  "^a"};
  const std::vector<std::string_view> patterns = {
      // plain and classes
      "", "a", "b", "abc", ".", "..", "%a", "%a+", "%d+", "%s", "%s*", "%w+", "%p", "%c", "%l+", "%u+", "%x+", "%g+",
      "%A+", "%D", "%S+", "%W", "%P+", "%L", "%U", "%X", "%G", "%C+", "%%", "%.", "%(", "%-", "%[", "%]", "%^", "%$",
      "%z", "%y",
      // anchors, in their place and out of it
      "^", "$", "^$", "^a", "a$", "^abc$", "a^", "$a", "a$b", "^^a", "%^a", "x^2", "y$2", "^%s*(.-)%s*$",
      // repetitions
      "a*", "a+", "a-", "a?", "a*b", "a-b", "a?b", ".*", ".+", ".-", ".-c", ".*c", "a*a*a*", "(a*)(a*)", "(a-)(a*)",
      "a?a?a?aaa", "*", "*a", "+", "-", "?", "**", "a**", "a+-", "[ab]*c", "%s*=%s*", "x*", "b?$",
      // sets
      "[abc]", "[^abc]", "[a-c]+", "[^a-c]+", "[%a_][%w_]*", "[%d%-]+", "[]]", "[^]]", "[]-a]", "[a-]", "[-a]",
      "[%]]", "[^%s]+", "[a%-z]", "[%a-z]", "[a-%%]", "[.]", "[$^]", "[^^]", "[%%]", "[\x80-\xff]", "[(]", "[%W]+",
      "[^%W]+", "[a-a]", "[z-a]", "[a-cx-z]+", "[[]", "[\"']",
      // captures
      "(a)", "()", "()a()", "(a)(b)", "((a)b)", "((.)(.))", "(.-)%s", "(%w+) = (%w+)", "(%d+)-(%d+)-(%d+)",
      "^(.-):<(.-)>", "(a*)*", "(a)+", "(a)?", "()*", "(.)%1", "(.)(.)%2%1", "(%a+)%1", "([\"'])(.-)%1", "()%1",
      "(a)%1*", "(((((a)))))", "(.*)(.*)(.*)", "(a)|(b)", "(())",
      // %b and %f
      "%b()", "%b<>", "%b()*", "(%b())", "%bxx", "%b\"'", "%f[%a]%a+", "%f[%w]", "%f[%W]", "%f[%z]", "%f[^%w]",
      "THE (%f[%w]%a+)", "%f[%a]", "%f[%A]%A", "%f[a]+", "(%f[%d]%d+)",
      // zeros
      std::string_view("\0", 1), std::string_view("[\0]", 3), "%Z+", std::string_view("a\0b", 3)};
  for (const std::string_view pattern : patterns) {
    for (const std::string_view subject : subjects) {
      const std::string arguments = quoted(subject) + ", " + quoted(pattern);
      expect_same("return string.find(" + arguments + ")");
      expect_same("return string.match(" + arguments + ")");
      expect_same("return string.gsub(" + arguments + ", '<%0>')");
      expect_same("local t = {} for a, b in string.gmatch(" + arguments +
                  ") do t[#t + 1] = tostring(a) .. '/' .. tostring(b) end return table.concat(t, ',')");
    }
  }
}

TEST_F(Differential, Arguments) {
  for (const char* init : {"-100", "-3", "-1", "0", "1", "2", "3", "4", "5", "100", "math.maxinteger",
                           "math.mininteger", "nil", "2.0", "'2'"}) {
    for (const char* call :
         {"string.find('abc', 'b', %)", "string.find('abc', '^b', %)", "string.find('abc', '', %)",
          "string.find('', '', %)", "string.find('a.c', '.', %, true)", "string.find('abc', 'bc', %, true)",
          "string.find('abc', 'x', %, true)", "string.match('abc', '.-()', %)", "string.match('abc', '^().', %)",
          "string.gmatch('abc', '.', %)()", "string.gmatch('abc', '', %)()", "string.gsub('abc', '.', 'x', %)",
          "string.rep('ab', %2)"}) {
      std::string code = std::string("return ") + call;
      if (const auto at = code.find("%2"); at != std::string::npos) {
        if (std::string_view(init).starts_with("math.max") || std::string_view(init) == "nil") continue;
        code.replace(at, 2, init);
      } else {
        code.replace(code.find('%'), 1, init);
      }
      expect_same(code);
    }
  }
}

TEST_F(Differential, Replacements) {
  for (const char* code : {
           "return ('hello world'):gsub('o', '0')",
           "return ('hello world'):gsub('(o)', '<%1%1>')",
           "return ('hello world'):gsub('%w+', '%0 %0', 1)",
           "return ('hello world'):gsub('(%w+) (%w+)', '%2 %1')",
           "return ('abc'):gsub('', '-')",
           "return ('abc'):gsub('.', {a = 1, b = true})",
           "return ('abc'):gsub('.', {a = 'x', b = false, c = 2.5})",
           "return ('abc'):gsub('(.)()', {a = 'x'})",
           "return ('abc'):gsub('()', {[1] = 'x', [4] = 'y'})",
           "return ('abc'):gsub('.', function(c) if c == 'b' then return nil end return c:upper() end)",
           "return ('abc'):gsub('(.)()', function(c, at) return c .. at end)",
           "return ('abc'):gsub('.', function() return {} end)",
           "return ('abc'):gsub('.', function() return false end)",
           "return ('abc'):gsub('.', {a = {}})",
           "return ('abc'):gsub('b', 12)",
           "return ('abc'):gsub('b', '%%')",
           "return ('abc'):gsub('b', '%')",
           "return ('abc'):gsub('b', '%x')",
           "return ('abc'):gsub('(b)', '%2')",
           "return ('abc'):gsub('b', '%2')",
           "return ('abc'):gsub('b', '%1')",
           "return ('abc'):gsub('()b', '%1')",
           "return ('abc'):gsub('x', '%2')",
           "return ('abc'):gsub('b', true)",
           "return ('abc'):gsub('b')",
           "return ('abc'):gsub('b', nil)",
           "return ('abc'):gsub()",
           "return ('abc'):gsub('.', 'x', 0)",
           "return ('abc'):gsub('.', 'x', -1)",
           "return ('abc'):gsub('^a', 'x')",
           "return ('aaa'):gsub('^a', 'x')",
           "return ('aaa'):gsub('a*', 'x')",
           "return ('baab'):gsub('a*', 'x')",
           "return ('abc'):gsub('$', 'x')",
           "return ('abc'):gsub('.', setmetatable({}, {__index = function(_, k) return k .. k end}))",
           "return ('a b'):gsub('%s', '\\0')",
           "return ('x y'):gsub('(%w)%s(%w)', '%2%0%1')",
           "return ('abc def'):gsub('%f[%w]%w+', string.upper)",
           "return ('$name is $age'):gsub('%$(%w+)', {name = 'Lua', age = 31})",
           "return ('a,b,,c'):gsub(',', ';')",
           "return ('abc'):gsub('b', '%0%0%0')",
           "return (12345):gsub('3', 'x')",
           "return string.gsub(12345, 3, 'x')",
           "return ('abc'):find(nil)",
           "return ('abc'):find()",
           "return ('abc'):match({})",
           "return ('abc'):gmatch()",
           R"(local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end
              return table.concat(t, ' '))",
           "local t = {} for w in ('^a^a'):gmatch('^a') do t[#t + 1] = w end return #t",
           "local f = ('ab'):gmatch('.') return f(), f(), f(), f()",
       })
    expect_same(code);
}

TEST_F(Differential, Malformed) {
  for (const char* pattern :
       {"%",  "a%",  "[",   "[a", "[^", "[]", "[^]",  "[a-", "[%", "[%a",  "a[", ".[^a", "%b",    "%bx",   "a%b(",
        "%f", "%fa", "a%f", "(",  "a(", "(a", "((a)", ")",   "a)", "(a))", "%1", "%0",   "(a%1)", "(a)%2", "(.)%3"})
    for (const char* function : {"find", "match"})
      expect_same(std::string("return string.") + function + "('aa', '" + pattern + "')");
  expect_same("return ('a'):find(('()'):rep(33))");
  expect_same("return ('a'):find(('()'):rep(32))");
  expect_same("return ('a'):rep(40):find(('(a)'):rep(33))");
}

TEST_F(Differential, RandomPatterns) {
  // Ours reads all of a pattern before it matches, so it also finds what is malformed behind the point that Lua
  // reaches.
  std::mt19937 random(42);
  const std::string_view pieces[] = {"a",    "b",      "1",      " ",    ".",     "%a", "%d", "%s", "%w",
                                     "%A",   "[ab]",   "[^a]",   "[%d]", "[a-z]", "*",  "+",  "-",  "?",
                                     "(",    ")",      "()",     "(a)",  "^",     "$",  "%1", "%2", "%b()",
                                     "%bab", "%f[%w]", "%f[%W]", "%",    "[",     "]",  "%%", "%."};
  const std::string_view letters = "ab1 ().%";
  const auto pick = [&](std::size_t count) { return random() % count; };
  lua_State* theirs = stock_.state();
  int malformed = 0;
  int same = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string pattern;
    for (std::size_t i = pick(7); i-- > 0;) pattern += pieces[pick(std::size(pieces))];
    std::string subject;
    for (std::size_t i = pick(10); i-- > 0;) subject += letters[pick(letters.size())];
    const char* const function = round % 2 == 0 ? "return string.find(...)" : "return string.gsub(...)";
    const auto load = [&](lua_State* state) {
      lua_settop(state, 0);
      luaL_loadstring(state, function);
      lua_pushlstring(state, subject.data(), subject.size());
      lua_pushlstring(state, pattern.data(), pattern.size());
      if (round % 2 == 0) return 2;
      lua_pushliteral(state, "<%0>");
      return 3;
    };
    const int status = lua_pcall(theirs, load(theirs), LUA_MULTRET, 0);
    const std::string expected = shown(theirs, lua_gettop(theirs));
    lua_State* thread = lua_newthread(script_.state());
    int results = 0;
    const Ran ran = script_.sandbox().run(thread, load(thread), &results, "");
    const std::string actual = shown(thread, results);
    lua_settop(script_.state(), 0);
    if (ran == Ran::failed) {
      EXPECT_THAT(actual, testing::AnyOf(HasSubstr("malformed"), HasSubstr("capture"), HasSubstr("missing '['")))
          << pattern;
      ++malformed;
      continue;
    }
    ++same;
    ASSERT_EQ(status, LUA_OK) << pattern << " in " << subject << ": " << expected;
    ASSERT_EQ(actual, expected) << pattern << " in " << subject;
  }
  EXPECT_GT(same, malformed / 2);
}

TEST_F(Differential, OtherFunctions) {
  for (const char* code : {
           "return ('abc'):byte(1, -1), ('abc'):byte(), ('abc'):byte(10)",
           "return string.char(72, 105), string.char()",
           "return string.char(256)",
           "return ('abc'):len(), #'abc', ('aBc'):upper(), ('aBc'):lower(), ('abc'):reverse()",
           "return ('abc'):sub(2), ('abc'):sub(-2, -1), ('abc'):sub(0), ('abc'):sub(3, 2)",
           R"(return string.format('%5d|%-5s|%05.1f|%x|%q', 42, 'ab', 3.14159, 255, 'q\n"'))",
           "return string.format('%s|%i|%c|%g|%a', nil, 7, 65, 0.1, 1.0)",
           "return string.format('%s %s', 1)",
           "return string.format('%y', 1)",
           "return string.format('%d', 1.5)",
           "return string.format('%s', setmetatable({}, {__tostring = function() return 'me' end}))",
           "return string.pack('>I2s1z', 258, 'ab', 'cd')",
           "return string.unpack('>I2', '\\1\\2')",
           "return string.packsize('i4i8')",
           "return ('ab'):rep(3), ('ab'):rep(3, ','), ('ab'):rep(0), ('ab'):rep(-1), ('ab'):rep(1, ',')",
           "return (''):rep(5), (''):rep(3, 'x')",
           "return ('a'):rep(1000, 'bc') == ('abc'):rep(999) .. 'a'",
           "return ('x'):rep()",
           "return string.len()",
           "return utf8.char(72, 228, 8364, 128512), utf8.charpattern",
           "return utf8.codepoint('h\xc3\xa4\xe2\x82\xac', 1, -1)",
           "return utf8.len('h\xc3\xa4\xe2\x82\xac'), utf8.len('\xff'), utf8.len('abc', 2)",
           "return utf8.offset('h\xc3\xa4x', 3)",
           "local s = '' for at, code in utf8.codes('h\xc3\xa4') do s = s .. at .. ':' .. code .. ' ' end return s",
           "for at, code in utf8.codes('a\xff') do end",
           "return utf8.codes()",
           "return tonumber('10'), tonumber('z', 36), tonumber('0x1p4'), tonumber('x')",
           "return tonumber('7', 8), tonumber('8', 8), tonumber(nil)",
           "return tonumber()",
           "return tostring(1), tostring(1.0), tostring(nil), tostring(true), tostring('x')",
           "return math.floor(-1.5), math.max(1, 3, 2), math.type(1), math.tointeger(3.0)",
           "return math.ult(1, -1), math.fmod(7, 3)",
           "return math.floor('x')",
           "return select('#', 1, 2, nil), select(2, 'a', 'b', 'c'), select(-1, 1, 2)",
           "return rawequal('a', 'a'), rawlen({1, 2}), rawget({5}, 1), type(nil)",
           "return pcall(error, 'x', 0)",
           "return assert(1, 2)",
           "return assert(false)",
           "return assert(nil, 'message')",
           "local t = {} for i, v in ipairs({1, 2, nil, 4}) do t[#t + 1] = i end return #t",
       })
    expect_same(code);
}

TEST(BoundedString, ResultsAboveTheLimitAreRefusedAtOnce) {
  Script script;
  EXPECT_EQ(script.text("return ('ab'):rep(1e7)"),
            "test.lua:1: the result would be 20000000 bytes, above the memory limit of 16 MiB");
  EXPECT_THAT(script.text("return ('ab'):rep(math.maxinteger)"), HasSubstr("above the memory limit"));
  EXPECT_EQ(script.text("return #(''):rep(math.maxinteger)"), "0");
}

TEST(BoundedString, ALongPatternIsRefused) {
  Script script;
  EXPECT_THAT(script.text("return ('a'):find(('a?'):rep(40000))"), HasSubstr("pattern too long"));
  EXPECT_EQ(script.text("return ('a'):rep(70000):find(('a'):rep(70000))"), "1 70000");
  EXPECT_EQ(script.text("return ('a'):rep(300):find(('a?'):rep(300))"), "1 300");
}

TEST(BoundedString, AMatchMayBeLong) {
  Script script;
  EXPECT_EQ(
      script.text(
          "local s = ('a'):rep(1e6) .. 'b' return s:find('a*b'), s:find('a-b'), s:find('.*b'), #s:match('(.-)b')"),
      "1 1 1 1000000");
}

}  // namespace
}  // namespace mailfault::script
