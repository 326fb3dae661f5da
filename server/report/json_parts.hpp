// Parts that the JSON of several reports has, and its layout.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "verdict/verdict.hpp"

namespace mailfault {

/// As UTF-8.
boost::json::string text(std::string_view given);
inline std::int64_t micros(Micros time) { return time.count(); }
template <typename Texts>
boost::json::array texts(const Texts& given) {
  boost::json::array out;
  for (const auto& each : given) out.emplace_back(text(each));
  return out;
}
boost::json::object to_json_value(const Finding& given);
boost::json::object to_json_value(const ClientWord& given);

/// Ends with a line feed. What holds no further structure takes one line, so a journal reads as JSON Lines and two
/// reports can be compared.
std::string laid_out(const boost::json::value& value);

}  // namespace mailfault
