// The arguments of an author's word, with errors that say what to write.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "scenario/template.hpp"
#include "scenario/value.hpp"

namespace mailfault {

/// What a word (an action, a trigger) was given. Positions count from 0. Every getter throws Error where the value is
/// missing or of another kind.
class Arguments {
 public:
  /// `built_by_function`: text is sent as it is, no {field} in it is replaced.
  Arguments(std::string_view word, std::string_view usage, std::vector<Value> values, bool built_by_function = false)
      : word_(word), usage_(usage), values_(std::move(values)), built_by_function_(built_by_function) {}

  std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t at) const;
  bool has(std::size_t at) const { return at < values_.size() && !values_[at].is_nothing(); }
  void at_most(std::size_t count) const;

  std::string text(std::size_t at) const;
  Template text_template(std::size_t at) const;
  Template as_template(std::string text) const;
  double number(std::size_t at) const;
  std::uint64_t whole(std::size_t at, std::uint64_t least, std::uint64_t most) const;
  /// Text ("200ms") or a number of seconds.
  Micros duration(std::size_t at) const;
  FunctionRef function(std::size_t at) const;
  /// A table whose named fields are all among `allowed`; nothing given is an empty one.
  const Composite& table(std::size_t at, const std::vector<std::string_view>& allowed) const;

  std::string_view word() const { return word_; }
  [[noreturn]] void fail(const std::string& why) const;

 private:
  std::string_view word_, usage_;
  std::vector<Value> values_;
  bool built_by_function_;
};

// The same for a field of a table; `where` names it in errors ("wire.latency").
Micros duration_of(const Value& value, std::string_view where);
std::uint64_t size_of(const Value& value, std::string_view where);
/// "32kB/s" or a number of bytes per second.
double rate_of(const Value& value, std::string_view where);
double number_of(const Value& value, std::string_view where);
std::uint64_t whole_of(const Value& value, std::string_view where, std::uint64_t least, std::uint64_t most);
std::string text_of(const Value& value, std::string_view where);
bool boolean_of(const Value& value, std::string_view where);
/// Text, or a list of texts.
std::vector<std::string> texts_of(const Value& value, std::string_view where);
const Composite& table_of(const Value& value, std::string_view where);
/// Throws Error for a field that isn't among `allowed`, naming the nearest.
void only_fields(const Composite& table, std::string_view where, const std::vector<std::string_view>& allowed);
/// A value that must be one of `allowed`.
std::string word_of(const Value& value, std::string_view where, std::initializer_list<std::string_view> allowed);
/// Throws Error where there are items without a name.
void no_items(const Composite& table, std::string_view where);

}  // namespace mailfault
