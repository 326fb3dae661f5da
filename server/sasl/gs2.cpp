#include "sasl/gs2.hpp"

#include <algorithm>

namespace mailfault::sasl {

std::optional<Gs2Header> parse_gs2(std::string_view message) {
  const auto first = message.find(',');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = message.find(',', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  Gs2Header header{.size = second + 1};

  const std::string_view flag = message.substr(0, first);
  if (flag.starts_with("p=")) {
    header.flag = 'p';
    header.binding = flag.substr(2);
    const bool named =
        !header.binding.empty() && std::all_of(header.binding.begin(), header.binding.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        });
    if (!named) return std::nullopt;
  } else if (flag == "n" || flag == "y") {
    header.flag = flag[0];
  } else {
    return std::nullopt;
  }

  const std::string_view authzid = message.substr(first + 1, second - first - 1);
  if (authzid.empty()) return header;
  const auto name = authzid.starts_with("a=") ? parse_saslname(authzid.substr(2)) : std::nullopt;
  if (!name) return std::nullopt;
  header.authzid = *name;
  return header;
}

std::optional<std::string> parse_saslname(std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      name += text[i];
      continue;
    }
    const std::string_view code = text.substr(i + 1, 2);
    if (code != "2C" && code != "3D") return std::nullopt;
    name += code == "2C" ? ',' : '=';
    i += 2;
  }
  return name;
}

}  // namespace mailfault::sasl
