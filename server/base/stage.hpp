// The stages of a session: the points where a server acts. Everything that lists stages reads this table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mailfault {

enum class Stage : std::uint8_t {
  connect,
  handshake,
  greeting,
  command,
  helo,
  starttls,
  auth,
  mail,
  rcpt,
  data,
  content,
  message,
  rset,
  noop,
  vrfy,
  quit,
  idle,
  close,
};
inline constexpr std::size_t stage_count = 18;

/// What the language's reference says of a stage.
struct StageFacts {
  Stage stage;
  std::string_view name;
  std::string_view comes_when;
  std::string_view argument;  ///< what a function gets as its second argument; empty: nothing
  std::string_view healthy;   ///< the answer when no rule answers
  std::string_view effect;    ///< empty: the stage has none, so accept() and discard() don't fit
  bool has_inside = false;    ///< it takes time, so at(…) may point into it
  bool may_send = true;       ///< actions that send fit here
};

std::span<const StageFacts> stages();
const StageFacts& facts(Stage stage);
inline std::string_view name_of(Stage stage) { return facts(stage).name; }
std::optional<Stage> stage_named(std::string_view name);

}  // namespace mailfault
