#include "mail/parts.hpp"

#include <sstream>

#include "base/text.hpp"

namespace mailfault::mail {

Verbatim::Verbatim(const std::string& type, std::string text) : text_(std::move(text)) {
  set_type(*this, type);
  if (!is_ascii(text_)) add(*this, "Content-Transfer-Encoding", "8bit");
}

std::ostream& Verbatim::write(std::ostream& to, const char*) const {
  for (const auto& field : m_header) field.write(to, 76) << "\r\n";
  return to << "\r\n" << text_;
}

void add(mimetic::MimeEntity& to, const std::string& name, const std::string& value) {
  to.header().push_back(mimetic::Field(name, one_line(value)));
}

void set_type(mimetic::MimeEntity& of, const std::string& type,
              std::initializer_list<std::pair<std::string, std::string>> parameters) {
  mimetic::ContentType content(type);
  for (const auto& [name, value] : parameters)
    content.paramList().push_back(mimetic::ContentType::Param(name, value));
  of.header().contentType(content);
}

std::string written(const mimetic::MimeEntity& entity) {
  std::ostringstream out;
  out << entity;
  return std::move(out).str();
}

std::string one_line(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i] == '\n' || text[i] == '\t' ? ' ' : text[i];
  }
  return printable(trim(out));
}

}  // namespace mailfault::mail
