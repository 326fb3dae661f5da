// What the actions share that send mail later: dsn, complaint, auto_reply.
#pragma once

#include "actions/actions.hpp"

namespace mailfault::actions {

inline Template template_of(const Arguments& given, const Composite& options, std::string_view name) {
  auto found = options.fields.find(std::string(name));
  if (found == options.fields.end()) return {};
  return given.as_template(text_of(found->second, std::string(given.word()) + "." + std::string(name)));
}

/// `after`, `date` and `original`, as far as they are given.
inline void read_common(op::Bounce& to, const Arguments& given, const Composite& options) {
  if (auto after = options.fields.find("after"); after != options.fields.end())
    to.after = duration_of(after->second, std::string(given.word()) + ".after");
  to.date = template_of(given, options, "date");
  if (options.fields.contains("original")) to.original = template_of(given, options, "original");
}

/// " follows 2s after the message".
inline std::string when(const op::Bounce& bounce) {
  return bounce.after == Micros{} ? " follows the message" : " follows " + format_duration(bounce.after) + " later";
}

}  // namespace mailfault::actions
