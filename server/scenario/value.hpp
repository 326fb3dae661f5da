// A value as an author writes it, in Lua or as JSON, before it is given a meaning.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailfault {

/// A function of the scenario, known to its script by this number.
struct FunctionRef {
  int id = 0;
  int line = 0;
  bool operator==(const FunctionRef&) const = default;
};

struct Composite;

/// Nothing, a boolean, a number, text, a function, or a table (items and named fields).
struct Value
    : std::variant<std::monostate, bool, double, std::string, FunctionRef, std::shared_ptr<const Composite>> {
  using variant::variant;

  bool is_nothing() const { return index() == 0; }
  const bool* boolean() const { return std::get_if<bool>(this); }
  const double* number() const { return std::get_if<double>(this); }
  const std::string* text() const { return std::get_if<std::string>(this); }
  const FunctionRef* function() const { return std::get_if<FunctionRef>(this); }
  const Composite* table() const {
    auto held = std::get_if<std::shared_ptr<const Composite>>(this);
    return held ? held->get() : nullptr;
  }
  /// "a number", "text", "a table"… for errors.
  std::string_view kind() const;
  /// As the author would write it: 3, "64KiB", true, { "a", "b" }.
  std::string written() const;
};

struct Composite {
  std::vector<Value> items;
  std::map<std::string, Value> fields;
};

/// A number as people write it: 3, 0.25.
std::string written(double number);

}  // namespace mailfault
