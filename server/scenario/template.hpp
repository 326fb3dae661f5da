// Text with {fields} in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/field.hpp"

namespace mailfault {

/// Read once, at load. `{name}` is a field where a name of a field's form stands in the braces; other braces are
/// text.
class Template {
 public:
  struct Part {
    std::string text;
    std::optional<FieldRef> field;  ///< follows the text
  };

  Template() = default;
  /// Throws Error for a name that is no field.
  static Template parse(std::string_view text);
  /// Text that a function built: nothing is replaced.
  static Template literal(std::string text);

  const std::vector<Part>& parts() const { return parts_; }
  /// Set if there is no field in it.
  const std::string* constant() const { return parts_.size() == 1 && !parts_[0].field ? &parts_[0].text : nullptr; }
  std::string written() const;

 private:
  std::vector<Part> parts_;
};

}  // namespace mailfault
