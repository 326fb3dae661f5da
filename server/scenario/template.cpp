#include "scenario/template.hpp"

#include <algorithm>
#include <cctype>

namespace mailfault {
namespace {

// {from}, {rcpt.domain}, {peer/24}, {header.Message-ID}: what braces hold in JSON or Lua text has another form.
bool has_form_of_field(std::string_view name) {
  if (name.empty() || (!std::isalpha(static_cast<unsigned char>(name[0])) && name[0] != '_')) return false;
  bool behind_dot = false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    behind_dot = behind_dot || c == '.';
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '/' ||
           (behind_dot && c == '-');
  });
}

}  // namespace

Template Template::parse(std::string_view text) {
  Template out;
  std::string literal_text;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (end != std::string_view::npos && has_form_of_field(text.substr(at + 1, end - at - 1))) {
      out.parts_.push_back({std::move(literal_text), parse_field(text.substr(at + 1, end - at - 1))});
      literal_text.clear();
      at = end + 1;
    } else {
      literal_text += text[at++];
    }
  }
  if (!literal_text.empty() || out.parts_.empty()) out.parts_.push_back({std::move(literal_text), std::nullopt});
  return out;
}

Template Template::literal(std::string text) {
  Template out;
  out.parts_.push_back({std::move(text), std::nullopt});
  return out;
}

std::string Template::written() const {
  std::string out;
  for (const auto& part : parts_) {
    out += part.text;
    if (part.field) out += "{" + part.field->written() + "}";
  }
  return out;
}

}  // namespace mailfault
