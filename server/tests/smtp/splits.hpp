// The ways in which the same bytes may arrive.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mailfault::smtp {

using Chunks = std::vector<std::string>;

inline Chunks in_chunks_of(std::string_view bytes, std::size_t size) {
  Chunks chunks;
  for (std::size_t at = 0; at < bytes.size(); at += size) chunks.emplace_back(bytes.substr(at, size));
  return chunks;
}

inline Chunks at_random(std::string_view bytes, std::uint32_t seed, std::size_t most) {
  std::mt19937 random(seed);
  Chunks chunks;
  while (!bytes.empty()) {
    chunks.emplace_back(bytes.substr(0, 1 + random() % most));
    bytes.remove_prefix(chunks.back().size());
  }
  return chunks;
}

/// Byte by byte, in small and large chunks, and in two at each place (at some places when there are many).
inline std::vector<Chunks> splits_of(std::string_view bytes) {
  std::vector<Chunks> splits{in_chunks_of(bytes, 1), in_chunks_of(bytes, 2), in_chunks_of(bytes, 3),
                             in_chunks_of(bytes, 1024)};
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    splits.push_back(at_random(bytes, seed, 7));
    splits.push_back(at_random(bytes, seed, 3000));
  }
  const std::size_t step = std::max<std::size_t>(1, bytes.size() / 64);
  for (std::size_t at = 1; at < bytes.size(); at += step) {
    splits.push_back({std::string(bytes.substr(0, at)), std::string(bytes.substr(at))});
  }
  return splits;
}

/// For a failure's message.
inline std::string shown(std::string_view bytes) {
  std::string out;
  for (char c : bytes.substr(0, 60)) {
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\0') {
      out += "\\0";
    } else {
      out += c;
    }
  }
  return bytes.size() > 60 ? out + "… (" + std::to_string(bytes.size()) + " bytes)" : out;
}

inline std::string repeated(std::size_t count, std::string_view what) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += what;
  return out;
}

}  // namespace mailfault::smtp
