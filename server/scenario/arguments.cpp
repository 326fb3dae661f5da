#include "scenario/arguments.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault {
namespace {

const Value nothing;
const Composite empty_table;

[[noreturn]] void wrong_kind(std::string_view where, std::string_view wanted, const Value& got) {
  throw Error(std::string(where) + ": " + std::string(wanted) + " is wanted here, not " +
              (got.text() ? got.written() : std::string(got.kind())));
}

std::vector<std::string_view> views(std::initializer_list<std::string_view> words) { return {words}; }

}  // namespace

Micros duration_of(const Value& value, std::string_view where) {
  std::optional<Micros> time;
  if (auto* number = value.number()) time = duration_of_seconds(*number);
  if (auto* text = value.text()) time = parse_duration(*text);
  if (!time)
    throw Error(std::string(where) + ": " + value.written() +
                " is no duration; write \"200ms\", \"5s\", \"2m\" or a number of seconds");
  return *time;
}

std::uint64_t size_of(const Value& value, std::string_view where) {
  std::optional<std::uint64_t> size;
  if (auto* number = value.number(); number && *number >= 0 && *number < 1e15 && std::floor(*number) == *number)
    size = static_cast<std::uint64_t>(*number);
  if (auto* text = value.text()) size = parse_size(*text);
  if (!size)
    throw Error(std::string(where) + ": " + value.written() +
                " is no size; write 4096, \"64kB\" (1000) or \"64KiB\" (1024)");
  return *size;
}

double rate_of(const Value& value, std::string_view where) {
  if (auto* number = value.number(); number && *number > 0) return *number;
  if (auto* text = value.text(); text && text->ends_with("/s"))
    if (auto size = parse_size(std::string_view(*text).substr(0, text->size() - 2)); size && *size > 0)
      return static_cast<double>(*size);
  throw Error(std::string(where) + ": " + value.written() +
              " is no rate; write \"32kB/s\" or a number of bytes a second");
}

double number_of(const Value& value, std::string_view where) {
  if (auto* number = value.number()) return *number;
  wrong_kind(where, "a number", value);
}

std::uint64_t whole_of(const Value& value, std::string_view where, std::uint64_t least, std::uint64_t most) {
  auto number = number_of(value, where);
  if (std::floor(number) != number || number < static_cast<double>(least) || number > static_cast<double>(most))
    throw Error(std::string(where) + ": " + written(number) + " is out of bounds; a whole number from " +
                std::to_string(least) + " to " + std::to_string(most) + " is wanted");
  return static_cast<std::uint64_t>(number);
}

std::string text_of(const Value& value, std::string_view where) {
  if (auto* text = value.text()) return *text;
  wrong_kind(where, "text", value);
}

bool boolean_of(const Value& value, std::string_view where) {
  if (auto* boolean = value.boolean()) return *boolean;
  wrong_kind(where, "true or false", value);
}

std::vector<std::string> texts_of(const Value& value, std::string_view where) {
  if (auto* text = value.text()) return {*text};
  if (auto* table = value.table(); table && table->fields.empty()) {
    std::vector<std::string> out;
    for (const auto& item : table->items) out.push_back(text_of(item, where));
    return out;
  }
  wrong_kind(where, "text or a list of texts", value);
}

const Composite& table_of(const Value& value, std::string_view where) {
  if (auto* table = value.table()) return *table;
  wrong_kind(where, "a table { … }", value);
}

void only_fields(const Composite& table, std::string_view where, const std::vector<std::string_view>& allowed) {
  for (const auto& [name, value] : table.fields)
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      std::string all;
      for (auto word : allowed) all += (all.empty() ? "" : ", ") + std::string(word);
      throw Error(std::string(where) + " has no field '" + name + "'" + did_you_mean(name, allowed) +
                  "; its fields: " + all);
    }
}

void no_items(const Composite& table, std::string_view where) {
  if (!table.items.empty())
    throw Error(std::string(where) + ": every value needs a name here, as in { name = value }");
}

std::string word_of(const Value& value, std::string_view where, std::initializer_list<std::string_view> allowed) {
  auto word = text_of(value, where);
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  std::string all;
  for (auto each : allowed) all += (all.empty() ? "\"" : ", \"") + std::string(each) + "\"";
  throw Error(std::string(where) + ": there is no \"" + word + "\"" + did_you_mean(word, views(allowed)) +
              "; it is one of " + all);
}

const Value& Arguments::operator[](std::size_t at) const { return at < values_.size() ? values_[at] : nothing; }

void Arguments::fail(const std::string& why) const {
  throw Error(std::string(word_) + ": " + why + "; it is written " + std::string(usage_));
}

void Arguments::at_most(std::size_t count) const {
  if (values_.size() > count)
    fail(count == 0 ? "it takes no argument" : "it takes at most " + counted(count, "argument", "arguments"));
}

std::string Arguments::text(std::size_t at) const {
  if (auto* text = (*this)[at].text()) return *text;
  fail("argument " + std::to_string(at + 1) + " must be text, not " + std::string((*this)[at].kind()));
}

Template Arguments::text_template(std::size_t at) const { return as_template(text(at)); }

Template Arguments::as_template(std::string text) const {
  return built_by_function_ ? Template::literal(std::move(text)) : Template::parse(text);
}

double Arguments::number(std::size_t at) const {
  if (auto* number = (*this)[at].number()) return *number;
  fail("argument " + std::to_string(at + 1) + " must be a number, not " + std::string((*this)[at].kind()));
}

std::uint64_t Arguments::whole(std::size_t at, std::uint64_t least, std::uint64_t most) const {
  auto value = number(at);
  if (std::floor(value) != value || value < static_cast<double>(least) || value > static_cast<double>(most))
    fail(written(value) + " is out of bounds: a whole number from " + std::to_string(least) + " to " +
         std::to_string(most));
  return static_cast<std::uint64_t>(value);
}

Micros Arguments::duration(std::size_t at) const {
  if (!has(at)) fail("a duration is missing");
  return duration_of((*this)[at], word_);
}

FunctionRef Arguments::function(std::size_t at) const {
  if (auto* function = (*this)[at].function()) return *function;
  fail("argument " + std::to_string(at + 1) + " must be a function, not " + std::string((*this)[at].kind()));
}

const Composite& Arguments::table(std::size_t at, const std::vector<std::string_view>& allowed) const {
  if (!has(at)) return empty_table;
  auto* given = (*this)[at].table();
  if (!given) fail("argument " + std::to_string(at + 1) + " must be a table, not " + std::string((*this)[at].kind()));
  no_items(*given, word_);
  only_fields(*given, word_, allowed);
  return *given;
}

}  // namespace mailfault
