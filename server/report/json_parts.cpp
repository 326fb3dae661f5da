#include "report/json_parts.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "report/words.hpp"

namespace mailfault {
namespace {

namespace json = boost::json;

bool is_scalar(const json::value& value) { return !value.is_structured(); }
bool is_short(const json::value& value) {
  const auto* array = value.if_array();
  return is_scalar(value) || (array && std::all_of(array->begin(), array->end(), is_scalar));
}
bool fits_a_line(const json::value& value) {
  const auto* object = value.if_object();
  return is_short(value) || (object && std::all_of(object->begin(), object->end(),
                                                   [](const auto& each) { return is_short(each.value()); }));
}

void write(std::string& out, const json::value& value, std::size_t depth) {
  if (fits_a_line(value)) {
    out += json::serialize(value);
    return;
  }
  std::string_view between;
  auto begin_line = [&] {
    out.append(between).append("\n").append(2 * (depth + 1), ' ');
    between = ",";
  };
  const auto* array = value.if_array();
  out += array ? '[' : '{';
  if (array)
    for (const auto& each : *array) {
      begin_line();
      write(out, each, depth + 1);
    }
  else
    for (const auto& each : value.get_object()) {
      begin_line();
      out += json::serialize(each.key()) + ": ";
      write(out, each.value(), depth + 1);
    }
  out.append("\n").append(2 * depth, ' ').append(1, array ? ']' : '}');
}

}  // namespace

json::string text(std::string_view given) { return json::string(utf8(given)); }

json::object to_json_value(const Finding& given) {
  return {{"verdict", name_of(given.verdict)},
          {"severity", name_of(given.severity)},
          {"name", text(given.name)},
          {"rule", text(given.rule)},
          {"line", given.line},
          {"expected", text(given.expected)},
          {"seen", text(given.seen)},
          {"nearest", text(given.nearest)},
          {"remedy", text(given.remedy)},
          {"connection", given.connection},
          {"from", micros(given.from)},
          {"to", micros(given.to)},
          {"once", given.once}};
}

json::object to_json_value(const ClientWord& given) {
  return {{"word", name_of(given.word)},
          {"message_id", text(given.message_id)},
          {"recipient", text(given.recipient)},
          {"origin", text(given.origin)}};
}

std::string laid_out(const json::value& value) {
  std::string out;
  write(out, value, 0);
  return out + "\n";
}

}  // namespace mailfault
