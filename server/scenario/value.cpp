#include "scenario/value.hpp"

#include <cmath>
#include <cstdio>

namespace mailfault {

std::string_view Value::kind() const {
  switch (index()) {
    case 1:
      return "a boolean";
    case 2:
      return "a number";
    case 3:
      return "text";
    case 4:
      return "a function";
    case 5:
      return "a table";
    default:
      return "nothing";
  }
}

std::string written(double number) {
  char text[40];
  bool whole = std::floor(number) == number && std::abs(number) < 1e15;
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%g", number);
  return text;
}

std::string Value::written() const {
  if (auto* b = boolean()) return *b ? "true" : "false";
  if (auto* n = number()) return mailfault::written(*n);
  if (auto* t = text()) return "\"" + *t + "\"";
  if (function()) return "a function";
  if (auto* t = table()) {
    std::string out = "{";
    for (const auto& item : t->items) out += (out.size() > 1 ? ", " : " ") + item.written();
    for (const auto& [name, field] : t->fields) out += (out.size() > 1 ? ", " : " ") + name + " = " + field.written();
    return out + " }";
  }
  return "nothing";
}

}  // namespace mailfault
