#include <algorithm>
#include <bitset>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <forward_list>
#include <lua.hpp>
#include <string_view>
#include <vector>

#include "script/bounded.hpp"
#include "script/sandbox.hpp"

namespace mailfault::script {

namespace {

constexpr std::size_t longest_pattern = std::size_t{64} << 10;
constexpr std::size_t most_captures = 32;
constexpr std::ptrdiff_t position_capture = -1;

using Set = std::bitset<256>;

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }

std::string_view checked_text(lua_State* state, int index) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(state, index, &size);
  return {text, size};
}

/// The class that `%letter` names, or nullptr: it stands for itself.
const Set* class_named(char letter) {
  static const auto* const classes = [] {
    struct {
      char letter;
      int (*holds)(int);
    } const all[] = {{'a', isalpha},
                     {'c', iscntrl},
                     {'d', isdigit},
                     {'g', isgraph},
                     {'l', islower},
                     {'p', ispunct},
                     {'s', isspace},
                     {'u', isupper},
                     {'w', isalnum},
                     {'x', isxdigit},
                     {'z', [](int c) { return c == 0 ? 1 : 0; }}};
    static Set sets[256];
    for (const auto& [name, holds] : all) {
      for (int c = 0; c < 256; ++c) sets[byte_of(name)][static_cast<std::size_t>(c)] = holds(c) != 0;
      sets[toupper(name)] = ~sets[byte_of(name)];
    }
    return sets;
  }();
  const Set& set = classes[byte_of(letter)];
  return set.any() ? &set : nullptr;
}

enum class Kind : std::uint8_t { literal, any, set, balanced, frontier, same_as, open, close, position, end };
enum class Repeat : std::uint8_t { once, optional, many, one_or_more, fewest };

struct Item {
  Kind kind;
  Repeat repeat = Repeat::once;
  unsigned char first = 0;  ///< a literal; what opens a balanced pair; the number of a capture
  unsigned char last = 0;   ///< what closes a balanced pair
  const Set* set = nullptr;

  bool is_single() const { return kind <= Kind::set; }
  bool accepts(char c) const {
    if (kind == Kind::literal) return byte_of(c) == first;
    return kind == Kind::any || (*set)[byte_of(c)];
  }
};

/// A pattern as a list of items. Captures never repeat, so each has its number, and each item is on the path of a
/// match at most once; only single characters with a repetition give a choice.
class Pattern {
 public:
  Pattern(lua_State* state, std::string_view text) : state_(state), at_(text.data()), end_(at_ + text.size()) {
    if (text.size() > longest_pattern) luaL_error(state, "pattern too long (above 64 KiB)");
    charge(state, text.size());
    items_.reserve(text.size());
    while (at_ != end_) items_.push_back(item());
    if (!open_.empty()) luaL_error(state, "unfinished capture");
  }
  const std::vector<Item>& items() const { return items_; }
  std::size_t captures() const { return captures_; }

 private:
  Item item() {
    const char c = *at_++;
    switch (c) {
      case '(':
        return opened();
      case ')':
        return closed();
      case '$':
        if (at_ == end_) return {Kind::end};
        break;
      case '%':
        if (at_ == end_) luaL_error(state_, "malformed pattern (ends with '%%')");
        if (*at_ == 'b') return balanced();
        if (*at_ == 'f') return frontier();
        if (isdigit(byte_of(*at_))) return same_as();
        break;
      default:
        break;
    }
    Item result = single(c);
    if (at_ == end_) return result;
    switch (*at_) {
      case '?':
        result.repeat = Repeat::optional;
        break;
      case '*':
        result.repeat = Repeat::many;
        break;
      case '+':
        result.repeat = Repeat::one_or_more;
        break;
      case '-':
        result.repeat = Repeat::fewest;
        break;
      default:
        return result;
    }
    ++at_;
    return result;
  }

  Item single(char c) {
    if (c == '.') return {Kind::any};
    if (c == '[') return {Kind::set, Repeat::once, 0, 0, set()};
    if (c == '%') {
      c = *at_++;
      if (const Set* named = class_named(c)) return {Kind::set, Repeat::once, 0, 0, named};
    }
    return {Kind::literal, Repeat::once, byte_of(c)};
  }

  /// The rest of `[set]`. Its end comes first: a range doesn't reach over it, and `]` begins a set as itself.
  const Set* set() {
    const bool complement = at_ != end_ && *at_ == '^';
    if (complement) ++at_;
    const char* close = at_;
    do {
      if (close == end_) luaL_error(state_, "malformed pattern (missing ']')");
      if (*close++ == '%' && close != end_) ++close;
    } while (close == end_ || *close != ']');

    Set& result = sets_.emplace_front();
    for (; at_ < close; ++at_) {
      if (*at_ == '%') {
        ++at_;
        if (const Set* named = class_named(*at_))
          result |= *named;
        else
          result.set(byte_of(*at_));
      } else if (close - at_ > 2 && at_[1] == '-') {
        for (std::size_t c = byte_of(*at_); c <= byte_of(at_[2]); ++c) result.set(c);
        at_ += 2;
      } else {
        result.set(byte_of(*at_));
      }
    }
    at_ = close + 1;
    if (complement) result.flip();
    return &result;
  }

  Item opened() {
    if (captures_ == most_captures) luaL_error(state_, "too many captures");
    const auto number = static_cast<unsigned char>(captures_++);
    if (at_ != end_ && *at_ == ')') {
      ++at_;
      return {Kind::position, Repeat::once, number};
    }
    open_.push_back(number);
    return {Kind::open, Repeat::once, number};
  }

  Item closed() {
    if (open_.empty()) luaL_error(state_, "invalid pattern capture");
    const unsigned char number = open_.back();
    open_.pop_back();
    return {Kind::close, Repeat::once, number};
  }

  Item balanced() {
    if (end_ - at_ < 3) luaL_error(state_, "malformed pattern (missing arguments to '%%b')");
    at_ += 3;
    return {Kind::balanced, Repeat::once, byte_of(at_[-2]), byte_of(at_[-1])};
  }

  Item frontier() {
    if (++at_ == end_ || *at_ != '[') luaL_error(state_, "missing '[' after '%%f' in pattern");
    ++at_;
    return {Kind::frontier, Repeat::once, 0, 0, set()};
  }

  Item same_as() {
    const int number = *at_++ - '1';
    bool closed = number >= 0 && static_cast<std::size_t>(number) < captures_;
    for (const unsigned char open : open_) closed = closed && open != number;
    if (!closed) luaL_error(state_, "invalid capture index %%%d in pattern", number + 1);
    return {Kind::same_as, Repeat::once, static_cast<unsigned char>(number)};
  }

  lua_State* state_;
  const char* at_;
  const char* end_;
  std::vector<Item> items_;
  std::forward_list<Set> sets_;
  std::vector<unsigned char> open_;  ///< the captures that aren't closed yet
  std::size_t captures_ = 0;
};

struct Found {
  const char* begin = nullptr;
  const char* end = nullptr;
  explicit operator bool() const { return begin != nullptr; }
  std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

/// Finds a pattern in a subject by backtracking without recursion; each step is charged.
class Matcher {
 public:
  Matcher(lua_State* state, std::string_view subject, std::string_view pattern)
      : state_(state), begin_(subject.data()), end_(begin_ + subject.size()), pattern_(state, pattern) {}

  /// The match that begins at `start`.
  Found match(const char* start) {
    const auto& items = pattern_.items();
    choices_.clear();
    const char* at = start;
    for (std::size_t next = 0; next < items.size();) {
      step();
      if (goes_on(next, at))
        ++next;
      else if (!retreats(next, at))
        return {};
    }
    return {start, at};
  }
  /// The first match from `start` on.
  Found search(const char* start) {
    for (;; ++start) {
      if (const Found found = match(start)) return found;
      if (start == end_) return {};
    }
  }

  std::size_t captures() const { return pattern_.captures(); }

  void push_capture(std::size_t number) {
    const Capture& capture = captures_[number];
    if (capture.size == position_capture)
      lua_pushinteger(state_, capture.begin - begin_ + 1);
    else
      lua_pushlstring(state_, capture.begin, static_cast<std::size_t>(capture.size));
  }
  int push_captures() {
    luaL_checkstack(state_, static_cast<int>(captures()), "too many captures");
    for (std::size_t i = 0; i < captures(); ++i) push_capture(i);
    return static_cast<int>(captures());
  }
  /// The captures, or the whole match if there are none.
  int push_captures_of(const Found& found) {
    if (captures() > 0) return push_captures();
    lua_pushlstring(state_, found.begin, found.text().size());
    return 1;
  }

 private:
  struct Capture {
    const char* begin;
    std::ptrdiff_t size;
  };
  /// A repetition that could also end elsewhere: it may give back down to `least`; a fewest one may take more.
  struct Choice {
    std::size_t item;
    const char* least;
    const char* at;
  };

  void step(std::ptrdiff_t count = 1) {
    steps_ += count;
    if (steps_ < 1000) return;
    charge(state_, static_cast<std::uint64_t>(steps_));
    steps_ = 0;
  }

  /// Takes what the item wants from `at` on.
  bool goes_on(std::size_t number, const char*& at) {
    const Item& item = pattern_.items()[number];
    switch (item.kind) {
      case Kind::literal:
      case Kind::any:
      case Kind::set:
        return item.repeat == Repeat::once ? at != end_ && item.accepts(*at++) : repeats(number, at);
      case Kind::balanced:
        return balances(item, at);
      case Kind::frontier: {
        const char before = at == begin_ ? '\0' : at[-1];
        const char after = at == end_ ? '\0' : *at;
        return !(*item.set)[byte_of(before)] && (*item.set)[byte_of(after)];
      }
      case Kind::same_as: {
        const Capture& capture = captures_[item.first];
        if (capture.size == position_capture || end_ - at < capture.size) return false;
        step(capture.size);
        if (std::memcmp(capture.begin, at, static_cast<std::size_t>(capture.size)) != 0) return false;
        at += capture.size;
        return true;
      }
      case Kind::open:
        captures_[item.first].begin = at;
        return true;
      case Kind::close:
        captures_[item.first].size = at - captures_[item.first].begin;
        return true;
      case Kind::position:
        captures_[item.first] = {at, position_capture};
        return true;
      case Kind::end:
        return at == end_;
    }
    return false;
  }

  bool repeats(std::size_t number, const char*& at) {
    const Item& item = pattern_.items()[number];
    const char* least = at;
    if (item.repeat == Repeat::fewest) {
      choices_.push_back({number, least, at});
      return true;
    }
    const char* most = item.repeat == Repeat::optional && at != end_ ? at + 1 : end_;
    while (at != most && item.accepts(*at)) ++at;
    step(at - least);
    if (item.repeat == Repeat::one_or_more && least++ == at) return false;
    if (at != least) choices_.push_back({number, least, at});
    return true;
  }

  bool balances(const Item& item, const char*& at) {
    if (at == end_ || byte_of(*at) != item.first) return false;
    int depth = 1;
    for (const char* c = at + 1; c != end_; ++c) {
      if (byte_of(*c) == item.last) {
        if (--depth > 0) continue;
        step(c - at);
        at = c + 1;
        return true;
      }
      if (byte_of(*c) == item.first) ++depth;
    }
    step(end_ - at);
    return false;
  }

  /// Goes back to the latest choice, and on from there in another way.
  bool retreats(std::size_t& next, const char*& at) {
    for (; !choices_.empty(); choices_.pop_back()) {
      Choice& choice = choices_.back();
      const Item& item = pattern_.items()[choice.item];
      if (item.repeat == Repeat::fewest) {
        if (choice.at == end_ || !item.accepts(*choice.at)) continue;
        at = ++choice.at;
      } else {
        if (choice.at == choice.least) continue;
        at = --choice.at;
      }
      next = choice.item + 1;
      return true;
    }
    return false;
  }

  lua_State* state_;
  const char* begin_;
  const char* end_;
  Pattern pattern_;
  Capture captures_[most_captures];
  std::vector<Choice> choices_;
  std::ptrdiff_t steps_ = 0;
};

bool take_anchor(std::string_view& pattern) {
  const bool anchored = pattern.starts_with('^');
  if (anchored) pattern.remove_prefix(1);
  return anchored;
}

/// Where the position argument at `index` lies in a text of `size` bytes, counted from 0; may be past its end.
std::size_t start_argument(lua_State* state, int index, std::size_t size) {
  const lua_Integer position = luaL_optinteger(state, index, 1);
  if (position > 0) return static_cast<std::size_t>(position) - 1;
  const auto from_end = ~static_cast<lua_Unsigned>(position) + 1;
  return position == 0 || from_end > size ? 0 : size - from_end;
}

int find_or_match(lua_State* state, bool find) {
  charge_arguments(state);
  const std::string_view subject = checked_text(state, 1);
  std::string_view pattern = checked_text(state, 2);
  const std::size_t start = start_argument(state, 3, subject.size());
  if (start > subject.size()) {
    lua_pushnil(state);
    return 1;
  }
  Found found;
  if (find && (lua_toboolean(state, 4) || pattern.find_first_of("^$*+?.([%-") == std::string_view::npos)) {
    // glibc's memmem is linear, std::string_view::find isn't.
    const void* at = memmem(subject.data() + start, subject.size() - start, pattern.data(), pattern.size());
    if (at) found = {static_cast<const char*>(at), static_cast<const char*>(at) + pattern.size()};
    if (!found) {
      lua_pushnil(state);
      return 1;
    }
    lua_pushinteger(state, found.begin - subject.data() + 1);
    lua_pushinteger(state, found.end - subject.data());
    return 2;
  }
  const bool anchored = take_anchor(pattern);
  Matcher matcher(state, subject, pattern);
  found = anchored ? matcher.match(subject.data() + start) : matcher.search(subject.data() + start);
  if (!found) {
    lua_pushnil(state);
    return 1;
  }
  if (!find) return matcher.push_captures_of(found);
  lua_pushinteger(state, found.begin - subject.data() + 1);
  lua_pushinteger(state, found.end - subject.data());
  return matcher.push_captures() + 2;
}

int find(lua_State* state) { return find_or_match(state, true); }
int match(lua_State* state) { return find_or_match(state, false); }

/// Upvalues: the subject, the pattern, where to go on, where the last match ended (both counted from 0).
int gmatch_step(lua_State* state) {
  const std::string_view subject = checked_text(state, lua_upvalueindex(1));
  const std::string_view pattern = checked_text(state, lua_upvalueindex(2));
  const char* const begin = subject.data();
  auto start = static_cast<std::size_t>(lua_tointeger(state, lua_upvalueindex(3)));
  const lua_Integer last_end = lua_tointeger(state, lua_upvalueindex(4));
  Matcher matcher(state, subject, pattern);
  for (; start <= subject.size(); ++start) {
    const Found found = matcher.search(begin + start);
    if (!found) break;
    start = static_cast<std::size_t>(found.begin - begin);
    const lua_Integer end = found.end - begin;
    if (end == last_end) continue;  // an empty match right behind the last one
    lua_pushinteger(state, end);
    lua_copy(state, -1, lua_upvalueindex(3));
    lua_replace(state, lua_upvalueindex(4));
    return matcher.push_captures_of(found);
  }
  return 0;
}

int gmatch(lua_State* state) {
  charge_arguments(state);
  const std::size_t size = checked_text(state, 1).size();
  checked_text(state, 2);
  const std::size_t start = start_argument(state, 3, size);
  lua_settop(state, 2);
  lua_pushinteger(state, static_cast<lua_Integer>(std::min(start, size + 1)));
  lua_pushinteger(state, -1);
  lua_pushcclosure(state, gmatch_step, 4);
  return 1;
}

/// Adds what the replacement's text (argument 3) says for a match.
void add_expanded(lua_State* state, luaL_Buffer* result, Matcher& matcher, const Found& found) {
  std::string_view text = checked_text(state, 3);
  for (;;) {
    const std::size_t percent = text.find('%');
    luaL_addlstring(result, text.data(), std::min(percent, text.size()));
    if (percent == std::string_view::npos) return;
    text.remove_prefix(percent + 1);
    const char what = text.empty() ? '\0' : text.front();
    if (what == '%') {
      luaL_addchar(result, '%');
    } else if (what == '0' || (what == '1' && matcher.captures() == 0)) {
      luaL_addlstring(result, found.begin, found.text().size());
    } else if (isdigit(byte_of(what))) {
      const auto number = static_cast<std::size_t>(what - '1');
      if (number >= matcher.captures())
        luaL_error(state, "invalid capture index %%%d in replacement string", what - '0');
      matcher.push_capture(number);
      luaL_addvalue(result);
    } else {
      luaL_error(state, "invalid use of '%%' in replacement string");
    }
    text.remove_prefix(1);
  }
}

/// Adds what a match is replaced by; false if it stays.
bool add_replacement(lua_State* state, luaL_Buffer* result, Matcher& matcher, const Found& found) {
  switch (lua_type(state, 3)) {
    case LUA_TFUNCTION: {
      lua_pushvalue(state, 3);
      const int captures = matcher.push_captures_of(found);
      lua_call(state, captures, 1);
      break;
    }
    case LUA_TTABLE:
      if (matcher.captures() > 0)
        matcher.push_capture(0);
      else
        lua_pushlstring(state, found.begin, found.text().size());
      lua_gettable(state, 3);
      break;
    default:
      add_expanded(state, result, matcher, found);
      return true;
  }
  if (lua_toboolean(state, -1)) {
    if (!lua_isstring(state, -1)) luaL_error(state, "invalid replacement value (a %s)", luaL_typename(state, -1));
    luaL_addvalue(result);
    return true;
  }
  lua_pop(state, 1);
  luaL_addlstring(result, found.begin, found.text().size());
  return false;
}

int gsub(lua_State* state) {
  charge_arguments(state);
  const std::string_view subject = checked_text(state, 1);
  std::string_view pattern = checked_text(state, 2);
  const int type = lua_type(state, 3);
  luaL_argexpected(state, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE,
                   3, "string/function/table");
  if (type == LUA_TNUMBER) lua_tolstring(state, 3, nullptr);
  const lua_Integer most = luaL_optinteger(state, 4, static_cast<lua_Integer>(subject.size()) + 1);
  lua_settop(state, 3);
  const bool anchored = take_anchor(pattern);
  Matcher matcher(state, subject, pattern);

  const char* const end = subject.data() + subject.size();
  const char* at = subject.data();
  const char* last_end = nullptr;
  lua_Integer count = 0;
  bool changed = false;
  luaL_Buffer result;
  luaL_buffinit(state, &result);
  while (count < most) {
    if (const Found found = matcher.match(at); found && found.end != last_end) {
      ++count;
      charge(state, found.text().size() + 1);
      if (add_replacement(state, &result, matcher, found)) changed = true;
      at = last_end = found.end;
    } else if (at != end) {
      luaL_addchar(&result, *at++);
    } else {
      break;
    }
    if (anchored) break;
  }
  if (changed) {
    luaL_addlstring(&result, at, static_cast<std::size_t>(end - at));
    luaL_pushresult(&result);
  } else {
    lua_pushvalue(state, 1);
  }
  lua_pushinteger(state, count);
  return 2;
}

int rep(lua_State* state) {
  const std::string_view text = checked_text(state, 1);
  const lua_Integer times = luaL_checkinteger(state, 2);
  std::size_t between_size = 0;
  const char* between = luaL_optlstring(state, 3, "", &between_size);
  const auto count = times > 0 ? static_cast<std::uint64_t>(times) : 0;
  const std::uint64_t each = text.size() + between_size;
  std::uint64_t total = 0;
  if (each > 0 && count > 0) {
    if (__builtin_mul_overflow(each, count, &total)) total = LUA_MAXINTEGER;
    total -= between_size;
  }
  check_size(state, total);
  charge(state, total);

  luaL_Buffer result;
  char* const to = luaL_buffinitsize(state, &result, total);
  std::size_t done = 0;
  for (const std::string_view part : {text, std::string_view(between, between_size)}) {
    const std::size_t size = std::min<std::size_t>(part.size(), total - done);
    std::memcpy(to + done, part.data(), size);
    done += size;
  }
  while (done < total) {  // whole repetitions, twice as many each time
    const std::size_t size = std::min<std::size_t>(done, total - done);
    std::memcpy(to + done, to, size);
    done += size;
  }
  luaL_pushresultsize(&result, total);
  return 1;
}

}  // namespace

void push_string(lua_State* state) {
  lua_createtable(state, 0, 16);
  luaopen_string(state);  // makes the metatable of all strings too
  add_stock(state,
            {"byte", "char", "format", "len", "lower", "pack", "packsize", "reverse", "sub", "unpack", "upper"});
  lua_pop(state, 1);
  const luaL_Reg ours[] = {{"find", find},   {"gmatch", gmatch}, {"gsub", gsub},
                           {"match", match}, {"rep", rep},       {nullptr, nullptr}};
  luaL_setfuncs(state, ours, 0);

  lua_pushliteral(state, "");
  lua_getmetatable(state, -1);
  lua_pushvalue(state, -3);
  lua_setfield(state, -2, "__index");
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_pop(state, 2);
}

}  // namespace mailfault::script
