#include "runner/expectations_file.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::runner {
namespace {

namespace json = boost::json;

constexpr std::size_t largest = 1 << 20;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(largest + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof())
    throw Error(path + ": the expectations can't be read: " + std::strerror(errno) + "; name a JSON file");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > largest)
    throw Error(path + ": the expectations are larger than " + format_size(largest) + "; say less");
  return text;
}

Error no_json(const std::string& path, std::string_view text, std::size_t at, const std::string& why) {
  auto end = text.begin() + static_cast<std::ptrdiff_t>(at);
  return {{path, static_cast<int>(1 + std::count(text.begin(), end, '\n'))}, why};
}

// The parser keeps the last of two equal names; an expectation would be lost without a word. The text is valid JSON.
void check_names(const std::string& path, std::string_view text) {
  std::vector<std::set<std::string_view>> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' || text[i] == '[') open.emplace_back();
    if (text[i] == '}' || text[i] == ']') open.pop_back();
    if (text[i] != '"') continue;
    auto begin = i + 1;
    for (++i; text[i] != '"'; ++i)
      if (text[i] == '\\') ++i;
    auto next = text.find_first_not_of(" \t\r\n", i + 1);
    auto name = text.substr(begin, i - begin);
    if (next != std::string_view::npos && text[next] == ':' && !open.back().insert(name).second)
      throw no_json(path, text, begin,
                    "\"" + printable(name) + "\" stands here twice; write a list, " + "\"" + printable(name) +
                        "\": [{…}, {…}]");
  }
}

json::object parsed(const std::string& path, const std::string& text) {
  json::error_code error;
  json::parser parser;
  auto read = parser.write_some(text, error);
  if (!error && !trim(std::string_view(text).substr(read)).empty()) error = json::error::extra_data;
  if (error) throw no_json(path, text, read, "the expectations aren't JSON: " + error.message());
  check_names(path, text);
  auto value = parser.release();
  if (!value.is_object() || value.get_object().empty())
    throw Error(path + ": an object with expectations is wanted, such as {\"outcome\": \"temporary\"}");
  return value.get_object();
}

Value value_of(const json::value& given) {
  if (const auto* text = given.if_string()) return Value(std::string(*text));
  if (const auto* boolean = given.if_bool()) return Value(*boolean);
  if (given.is_number()) return Value(given.to_number<double>());
  if (given.is_null()) return Value();
  Composite table;
  if (const auto* items = given.if_array())
    for (const auto& each : *items) table.items.push_back(value_of(each));
  else
    for (const auto& each : given.get_object()) table.fields[std::string(each.key())] = value_of(each.value());
  return Value(std::make_shared<const Composite>(std::move(table)));
}

/// ["reconnects", {"lax": "temporary"}]: the objects' members are the fields of the list.
Value outcomes_of(const json::value& given) {
  auto value = value_of(given);
  const auto* list = value.table();
  if (!given.is_array()) return value;
  Composite table;
  for (const auto& item : list->items)
    if (const auto* fields = item.table())
      table.fields.insert(fields->fields.begin(), fields->fields.end());
    else
      table.items.push_back(item);
  return Value(std::make_shared<const Composite>(std::move(table)));
}

}  // namespace

std::vector<Expectation> read_expectations(const std::string& path) {
  std::vector<Expectation> out;
  for (const auto& item : parsed(path, text_of(path))) {
    std::string name(item.key());
    try {
      const auto* list = item.value().if_array();
      if (name == "function") throw Error("expect.function: a function can stand in a scenario only");
      if (name == "outcome")
        out.push_back(make_expectation(name, outcomes_of(item.value()), 0));
      else if (!list)
        out.push_back(make_expectation(name, value_of(item.value()), 0));
      else if (list->empty())
        throw Error("expect." + printable(name) + ": the list is empty, so nothing is expected");
      else
        for (const auto& each : *list) out.push_back(make_expectation(name, value_of(each), 0));
    } catch (const Error& error) {
      throw Error(path + ": " + error.what());
    }
  }
  return out;
}

}  // namespace mailfault::runner
