#include "tls/record.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace mailfault::tls {
namespace {

std::size_t content_length(std::string_view header) {
  return static_cast<std::size_t>(static_cast<std::uint8_t>(header[3])) << 8 | static_cast<std::uint8_t>(header[4]);
}

void put(std::string& bytes, std::size_t at, std::uint16_t number) {
  bytes[at] = static_cast<char>(number >> 8);
  bytes[at + 1] = static_cast<char>(number & 255);
}

}  // namespace

std::string record_header(std::uint8_t type, std::uint16_t version, std::uint16_t length) {
  std::string header(record_header_size, static_cast<char>(type));
  put(header, 1, version);
  put(header, 3, length);
  return header;
}

std::string record(std::uint8_t type, std::uint16_t version, std::string_view content) {
  if (content.size() > 65535) {
    throw Error("a TLS record can't hold " + std::to_string(content.size()) + " bytes: give 65,535 at most");
  }
  return record_header(type, version, static_cast<std::uint16_t>(content.size())).append(content);
}

std::vector<std::string_view> records_in(std::string_view bytes) {
  std::vector<std::string_view> records;
  while (!bytes.empty()) {
    const std::size_t size =
        bytes.size() < record_header_size ? bytes.size() : record_header_size + content_length(bytes);
    records.push_back(bytes.substr(0, size));
    bytes.remove_prefix(records.back().size());
  }
  return records;
}

std::string with_version(std::string_view bytes, std::uint16_t version) {
  std::string out(bytes);
  for (std::string_view each : records_in(bytes)) {
    if (each.size() >= record_header_size)
      put(out, static_cast<std::size_t>(each.data() - bytes.data()) + 1, version);
  }
  return out;
}

std::string with_length(std::string_view bytes, std::uint16_t length) {
  std::string out(bytes);
  if (out.size() >= record_header_size) put(out, 3, length);
  return out;
}

std::string with_bit_flipped(std::string_view bytes) {
  std::string out(bytes);
  if (!out.empty()) out.back() = static_cast<char>(out.back() ^ 1);
  return out;
}

std::string recut(std::string_view bytes, std::size_t size) {
  size = std::clamp<std::size_t>(size, 1, 65535);
  const std::vector<std::string_view> records = records_in(bytes);
  std::string out;
  for (std::size_t i = 0; i < records.size();) {
    const std::string_view first = records[i];
    if (first.size() < record_header_size) return out.append(first);
    const auto goes_on = [&](std::string_view each) {
      return each.size() >= record_header_size && each.substr(0, 3) == first.substr(0, 3);
    };
    std::string content;
    for (; i < records.size() && goes_on(records[i]); ++i) content.append(records[i].substr(record_header_size));
    for (std::size_t at = 0; at < content.size(); at += size) {
      const std::string part = content.substr(at, size);
      std::string header(first.substr(0, record_header_size));
      put(header, 3, static_cast<std::uint16_t>(part.size()));
      out += header + part;
    }
  }
  return out;
}

}  // namespace mailfault::tls
