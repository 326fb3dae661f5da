#include "control/body.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/words.hpp"

namespace mailfault::control {
namespace {

std::string kind_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "a boolean";
    case boost::json::kind::string:
      return "text";
    case boost::json::kind::array:
      return "an array";
    case boost::json::kind::object:
      return "an object";
    default:
      return "the number " + boost::json::serialize(value);
  }
}

[[noreturn]] void unfit(std::string_view name, std::string_view wanted, const boost::json::value& given) {
  throw Refusal(422, "'" + std::string(name) + "' is " + kind_of(given) + "; " + std::string(wanted) + " is wanted");
}

boost::json::value parsed(const std::string& text) {
  if (trim(text).empty()) return boost::json::object{};
  boost::json::error_code error;
  auto value = boost::json::parse(text, error);
  if (error) throw Refusal(400, "the body is no JSON: " + error.message());
  return value;
}

}  // namespace

Body::Body(const std::string& text, std::vector<std::string_view> known)
    : Body(parsed(text), "the body", std::move(known)) {}

Body::Body(const boost::json::value& value, std::string_view where, std::vector<std::string_view> known) {
  if (!value.is_object()) throw Refusal(422, std::string(where) + " is " + kind_of(value) + "; an object is wanted");
  object_ = value.get_object();
  for (const auto& field : object_) {
    std::string_view name = field.key();
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Refusal(
          422, std::string(where) + " has an unknown field '" + printable(name) + "'" + did_you_mean(name, known),
          known.empty() ? "it takes none"
                        : "known are " + join(std::vector<std::string>(known.begin(), known.end()), ", "));
  }
}

const boost::json::value* Body::find(std::string_view name) const {
  const auto* value = object_.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string> Body::text(std::string_view name) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_string()) unfit(name, "text", *value);
  return std::string(value->get_string());
}

std::optional<std::uint64_t> Body::whole(std::string_view name, std::uint64_t least, std::uint64_t most) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  boost::json::error_code error;
  auto number = value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  if (!value->is_number() || error || number < least || number > most)
    unfit(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most), *value);
  return number;
}

std::optional<double> Body::factor(std::string_view name, double most) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  auto number = value->is_number() ? value->to_number<double>() : 0;
  if (!(number > 0 && number <= most)) unfit(name, "a number above 0 and up to " + written(most), *value);
  return number;
}

std::optional<Micros> Body::time(std::string_view name, Micros most) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  std::optional<Micros> time;
  if (value->is_number()) time = duration_of_seconds(value->to_number<double>());
  if (value->is_string()) time = parse_duration(value->get_string());
  if (!time || *time > most)
    unfit(name, "a time such as \"2s\" or 0.5 (seconds), up to " + format_duration(most), *value);
  return time;
}

const boost::json::object* Body::object(std::string_view name) const {
  const auto* value = find(name);
  if (!value) return nullptr;
  if (!value->is_object()) unfit(name, "an object", *value);
  return &value->get_object();
}

Value to_value(const boost::json::value& given) {
  switch (given.kind()) {
    case boost::json::kind::null:
      return {};
    case boost::json::kind::bool_:
      return given.get_bool();
    case boost::json::kind::string:
      return std::string(given.get_string());
    case boost::json::kind::array: {
      auto made = std::make_shared<Composite>();
      for (const auto& item : given.get_array()) made->items.push_back(to_value(item));
      return std::shared_ptr<const Composite>(std::move(made));
    }
    case boost::json::kind::object: {
      auto made = std::make_shared<Composite>();
      for (const auto& field : given.get_object()) made->fields[std::string(field.key())] = to_value(field.value());
      return std::shared_ptr<const Composite>(std::move(made));
    }
    default:
      return given.to_number<double>();
  }
}

std::string written_json(const boost::json::value& value) { return utf8(boost::json::serialize(value)); }

HttpAnswer json_answer(const boost::json::value& value, int status) {
  return {status, written_json(value) + "\n", "application/json", {}};
}

HttpAnswer error_answer(int status, const std::string& what, const std::string& remedy) {
  boost::json::object out{{"error", what}};
  if (!remedy.empty()) out["remedy"] = remedy;
  return json_answer(out, status);
}

HttpAnswer guarded(const std::function<HttpAnswer()>& task, int status_of_error) {
  try {
    return task();
  } catch (const Refusal& refusal) {
    return error_answer(refusal.status(), refusal.what(), refusal.remedy());
  } catch (const NotApplicable& error) {
    return json_answer(boost::json::object{{"error", error.what()}, {"not_applicable", true}}, 422);
  } catch (const Error& error) {
    return error_answer(status_of_error, error.what());
  } catch (const std::exception& error) {
    return error_answer(500, std::string("the server failed: ") + error.what());
  }
}

std::uint64_t whole_of(const std::string& text, std::string_view what, int status) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    throw Refusal(status, std::string(what) + " '" + printable(text) + "' is no whole number");
  return number;
}

}  // namespace mailfault::control
