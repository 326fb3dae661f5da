// How much a client may do before the server says no: limits { … }. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/stage.hpp"
#include "base/time.hpp"
#include "scenario/field.hpp"
#include "scenario/op.hpp"
#include "scenario/replies.hpp"
#include "scenario/value.hpp"

namespace mailfault {

enum class Limited : std::uint8_t {
  connections,
  new_connections,
  logins,
  messages,
  messages_per_connection,
  recipients,
  recipients_per_message,
  errors,
  junk,
  idle,
};

/// A row of the table of limits. It drives the reading, the engine, `list --reference` and the annotations.
struct LimitSpec {
  enum class Kind : std::uint8_t { at_a_time, rate, count, silence };
  Limited what;
  Kind kind;
  std::string_view name;
  Stage stage;      ///< where it is looked at, unless the limit says otherwise
  bool ends;        ///< the connection, whatever the code; else only a 421 does
  ReplyName reply;  ///< the usual one
  std::string_view usage;
  std::string_view does;  ///< for the reference
};
std::span<const LimitSpec> limit_table();

/// One limit of one scenario. Times are nominal.
struct Limit {
  const LimitSpec* spec = nullptr;
  std::uint64_t number = 0;  ///< so many are served; of `rate` also what a key's bucket holds
  Micros time{};             ///< of `rate`: in which an empty bucket is full again; of `silence`: how long
  std::vector<FieldRef> per;
  Stage stage{};
  std::optional<op::Reply> reply;  ///< none: the usual one, in the provider's words

  /// How long one event's place in the bucket stays taken.
  Micros interval() const { return time / static_cast<std::int64_t>(number); }
};

struct Limits {
  int line = 0;
  std::vector<Limit> all;  ///< in the order of the table, those of one name in the order written

  const Limit* idle() const;
  /// Those of a sort that isn't among these.
  void add_missing(const Limits& others);
};

/// Reads what stands in limits { … }; `where` names it in errors. Throws Error for an unknown name, and for a limit
/// that can't be: nothing would be served, no window, a field that isn't known yet where the limit is looked at, a
/// reply that refuses nothing.
Limits parse_limits(const Value& given, std::string_view where);

/// "more than 10 messages in 1m per user: gets 450 4.7.1 "…"".
std::string words(const Limit& limit);

}  // namespace mailfault
