// Values as a script would hand them over.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "scenario/value.hpp"

namespace mailfault::testing {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

inline Value text(std::string value) { return Value(std::move(value)); }
inline Value number(double value) { return Value(value); }
inline Value yes() { return Value(true); }
inline Value no() { return Value(false); }

inline Value list(std::vector<Value> items) {
  auto table = std::make_shared<Composite>();
  table->items = std::move(items);
  return Value(std::shared_ptr<const Composite>(std::move(table)));
}
inline Value table(std::map<std::string, Value> fields, std::vector<Value> items = {}) {
  auto made = std::make_shared<Composite>();
  made->items = std::move(items);
  made->fields = std::move(fields);
  return Value(std::shared_ptr<const Composite>(std::move(made)));
}

/// The error's text; "" if there was none.
inline std::string error_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace mailfault::testing
