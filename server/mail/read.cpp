// A report read back, as a program does that takes its bounces.
#include "base/text.hpp"
#include "mail/parts.hpp"
#include "mail/report.hpp"

namespace mailfault::mail {
namespace {

using mimetic::MimeEntity;

std::string type_of(const MimeEntity& entity) {
  const auto& content = entity.header().contentType();
  auto type = std::string(content.type().c_str()) + "/" + content.subtype().c_str();
  return type == "/" ? "text/plain" : lower(type);
}

Fields fields_of(const mimetic::Header& header) {
  Fields out;
  for (const auto& field : header) out.emplace_back(field.name().c_str(), one_line(field.value()));
  return out;
}

Fields header_of(const std::string& text) {
  MimeEntity entity;
  entity.load(text.begin(), text.end(), mimetic::imBody);
  return fields_of(entity.header());
}

/// Groups of fields with blank lines between (RFC 3464 section 2.1).
std::vector<Fields> blocks_of(const std::string& text) {
  std::vector<Fields> out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find("\r\n\r\n", at);
    auto block = text.substr(at, end == std::string::npos ? end : end + 2 - at);
    if (!trim(block).empty()) out.push_back(header_of(block + "\r\n"));
    if (end == std::string::npos) break;
    at = end + 4;
  }
  return out;
}

std::string decoded(const MimeEntity& part) {
  std::string out;
  const std::string& body = part.body();
  auto encoding = lower(part.header().contentTransferEncoding().str());
  if (encoding == "quoted-printable") {
    mimetic::QP::Decoder decoder;
    mimetic::decode(body.begin(), body.end(), decoder, std::back_inserter(out));
  } else if (encoding == "base64") {
    mimetic::Base64::Decoder decoder;
    mimetic::decode(body.begin(), body.end(), decoder, std::back_inserter(out));
  } else {
    out = body;
  }
  return out;
}

// Depth first; a message that a part holds is looked at, not entered.
void read_part(ReadReport& into, const MimeEntity& part) {
  auto type = type_of(part);
  if (type == "message/delivery-status" || type == "message/global-delivery-status" ||
      type == "message/feedback-report") {
    into.blocks = blocks_of(part.body());
  } else if (type == "message/rfc822" || type == "message/global") {
    const auto& inner = part.body().parts();
    into.returned = inner.empty() ? header_of(part.body()) : fields_of(inner.front()->header());
  } else if (type == "text/rfc822-headers" || type == "message/global-headers") {
    into.returned = header_of(std::string(part.body()) + "\r\n");
  } else if (type == "text/plain" && into.text.empty()) {
    into.text = decoded(part);
  } else {
    for (const auto* each : part.body().parts()) read_part(into, *each);
  }
}

}  // namespace

std::string ReadReport::value(const Fields& fields, std::string_view name) {
  for (const auto& [each, value] : fields)
    if (equals_ignoring_case(each, name)) return value;
  return "";
}

ReadReport read(std::string_view message) {
  MimeEntity top;
  top.load(message.begin(), message.end());
  ReadReport out;
  out.type = type_of(top);
  out.header = fields_of(top.header());
  if (top.header().contentType().isMultipart())
    out.report_type = lower(top.header().contentType().param("report-type"));
  read_part(out, top);
  return out;
}

}  // namespace mailfault::mail
