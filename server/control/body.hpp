// What a request's body says, held against what it may say; and how an answer is put into words.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "control/http.hpp"
#include "scenario/value.hpp"

namespace mailfault::control {

/// A request that isn't done, and why.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, const std::string& what, std::string remedy = "")
      : std::runtime_error(what), status_(status), remedy_(std::move(remedy)) {}
  int status() const { return status_; }
  const std::string& remedy() const { return remedy_; }

 private:
  int status_;
  std::string remedy_;
};

/// An object of JSON with known fields. Throws Refusal: 400 for what is no JSON, 422 for fields that can't be.
class Body {
 public:
  /// An empty text is an empty object.
  Body(const std::string& text, std::vector<std::string_view> known);
  Body(const boost::json::value& value, std::string_view where, std::vector<std::string_view> known);

  const boost::json::value* find(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::uint64_t> whole(std::string_view name, std::uint64_t least, std::uint64_t most) const;
  /// Above 0.
  std::optional<double> factor(std::string_view name, double most) const;
  /// "2s", or a number of seconds.
  std::optional<Micros> time(std::string_view name, Micros most) const;
  const boost::json::object* object(std::string_view name) const;

 private:
  void check(std::string_view where, const std::vector<std::string_view>& known) const;
  boost::json::object object_;
};

Value to_value(const boost::json::value& given);

/// Boost.JSON writes what it is given, and what comes from clients and scripts needn't be UTF-8: then all of the text
/// is taken as Latin-1.
std::string written_json(const boost::json::value& value);
HttpAnswer json_answer(const boost::json::value& value, int status = 200);
HttpAnswer error_answer(int status, const std::string& what, const std::string& remedy = "");
/// Calls `task`; what it throws becomes its answer: an Error with the status that is given, NotApplicable with 422.
HttpAnswer guarded(const std::function<HttpAnswer()>& task, int status_of_error = 400);

/// A whole number of a query or a path; throws Refusal with that status.
std::uint64_t whole_of(const std::string& text, std::string_view what, int status = 422);

}  // namespace mailfault::control
