// The pieces of mimetic that this room uses.
#pragma once

#include <mimetic/mimetic.h>

#include <string>

namespace mailfault::mail {

/// A part whose body leaves as it is: mimetic would write a message/rfc822 anew from its pieces.
class Verbatim final : public mimetic::MimeEntity {
 public:
  Verbatim(const std::string& type, std::string text);

 private:
  std::ostream& write(std::ostream& to, const char* end_of_line) const override;
  std::string text_;
};

/// Adds a field. Its value becomes one line without control characters.
void add(mimetic::MimeEntity& to, const std::string& name, const std::string& value);
/// "text/plain", and its parameters: {"charset", "utf-8"}, …
void set_type(mimetic::MimeEntity& of, const std::string& type,
              std::initializer_list<std::pair<std::string, std::string>> parameters = {});
std::string written(const mimetic::MimeEntity& entity);

/// One line without control characters.
std::string one_line(std::string_view text);

}  // namespace mailfault::mail
