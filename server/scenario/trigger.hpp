// Triggers: which events a rule is for, and how often.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/stage.hpp"
#include "scenario/arguments.hpp"
#include "scenario/field.hpp"

namespace mailfault {

/// A field is (or isn't) one of these values, or `matching` returns true.
struct Condition {
  FieldRef field;
  bool negated = false;
  std::vector<Value> wants;             ///< globs, numbers, booleans; empty: is set
  std::optional<FunctionRef> matching;  ///< then the rest is unused
};

struct Counting {
  enum class Kind : std::uint8_t { first, after, nth, every, first_time, after_time };
  Kind kind{};
  std::uint64_t number = 0;
  std::optional<Micros> window;  ///< of first and after: only events of the last so long
  Micros time{};                 ///< of first_time and after_time: since the first event
};

/// The point inside a stage that takes time: bytes of content, silence of idle, the server's next TLS message of
/// handshake.
using Inside = std::variant<std::uint64_t, Micros, std::string>;

struct Triggers {
  std::vector<Condition> conditions;
  std::vector<Counting> counts;
  std::vector<FieldRef> per;
  std::optional<std::uint64_t> open_above;
  std::optional<double> chance;
  std::optional<Inside> at;

  bool counting() const { return !counts.empty(); }
};

struct TriggerSpec {
  std::string_view name;
  std::string_view usage;
  std::string_view holds;       ///< for the reference
  std::string_view parameters;  ///< for the annotations
  void (*add)(Triggers&, Stage, const Arguments&);
};
std::span<const TriggerSpec> trigger_table();

}  // namespace mailfault
