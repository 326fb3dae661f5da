// TLS records as bytes (RFC 8446 section 5.1): made, cut, and damaged on purpose.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailfault::tls {

/// Content types of records.
constexpr std::uint8_t type_change_cipher_spec = 20;
constexpr std::uint8_t type_alert = 21;
constexpr std::uint8_t type_handshake = 22;
constexpr std::uint8_t type_application_data = 23;

constexpr std::size_t record_header_size = 5;

/// The five bytes before a record's content; nothing has to be true. `version`: 0x0301 is TLS 1.0, 0x0303 is 1.2
/// and 1.3.
std::string record_header(std::uint8_t type, std::uint16_t version, std::uint16_t length);
/// A record in clear. Error for a content over 65,535 bytes.
std::string record(std::uint8_t type, std::uint16_t version, std::string_view content);

/// The records in order, each with its header, as views into `bytes`; what isn't a whole one comes last.
std::vector<std::string_view> records_in(std::string_view bytes);

// Damage. Bytes that are too short for it stay as they are.

/// Each record's header names this version.
std::string with_version(std::string_view bytes, std::uint16_t version);
/// The first record's header names this length.
std::string with_length(std::string_view bytes, std::uint16_t length);
/// The last bit is another: of a sealed record, a bit of its MAC or tag.
std::string with_bit_flipped(std::string_view bytes);
/// A message in clear in records of at most `size` bytes of content (0 counts as 1): what follows upon each other
/// under one content type is cut anew. Of sealed records nothing but rubbish comes of it.
std::string recut(std::string_view bytes, std::size_t size);

}  // namespace mailfault::tls
