// The cryptography that mechanisms need, by OpenSSL. All bytes are raw unless said otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailfault::sasl {

enum class Hash : std::uint8_t { md5, sha1, sha256 };

/// Throws Error where the machine's OpenSSL forbids the algorithm (MD5 under FIPS); so do hmac() and pbkdf2().
std::string digest(Hash hash, std::string_view text);
/// RFC 2104.
std::string hmac(Hash hash, std::string_view key, std::string_view text);
/// RFC 8018 section 5.2, one block of the hash: SCRAM's Hi().
std::string pbkdf2(Hash hash, std::string_view password, std::string_view salt, std::uint32_t iterations);
/// The time depends on the sizes only.
bool same(std::string_view a, std::string_view b);
/// Two lower-case digits a byte.
std::string hex(std::string_view bytes);

}  // namespace mailfault::sasl
