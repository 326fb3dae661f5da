#include "verdict/verdict.hpp"

#include <algorithm>
#include <array>

namespace mailfault {
namespace {
constexpr std::array<std::string_view, 6> verdicts{"pass", "not applicable", "info", "lax", "unmet", "fail"};
constexpr std::array<std::string_view, 7> words{"none",          "sent",    "temporary", "permanent",
                                                "misconfigured", "refused", "failed"};
}  // namespace

std::string_view name_of(Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }
std::string_view name_of(Word word) { return words[static_cast<std::size_t>(word)]; }

std::optional<Word> word_named(std::string_view name) {
  auto found = std::find(words.begin(), words.end(), name);
  if (found == words.end()) return std::nullopt;
  return static_cast<Word>(found - words.begin());
}

}  // namespace mailfault
