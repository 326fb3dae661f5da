// Errors that a person can act on: the thing, the place, the reason, the remedy.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace mailfault {

/// A place in a scenario's file; line 0: the file as a whole.
struct Place {
  std::string file;
  int line = 0;
};

/// A mistake in what was given (a scenario, an option, a file): exit status 2. The text says what is wrong and what
/// to write instead.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what) : std::runtime_error(what) {}
  Error(const Place& place, const std::string& what)
      : std::runtime_error(place.file + (place.line > 0 ? ":" + std::to_string(place.line) : "") + ": " + what) {}
};

/// What was asked for can't be had on this machine, though nothing is wrong with it.
class NotApplicable : public Error {
 public:
  using Error::Error;
};

}  // namespace mailfault
