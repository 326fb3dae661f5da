#include "verdict/verdict.hpp"

#include <algorithm>
#include <array>

namespace mailfault {
namespace {
constexpr std::array<std::string_view, 6> verdicts{"pass", "not applicable", "info", "lax", "unmet", "fail"};
constexpr std::array<std::string_view, 7> severities{"none",          "blemish",      "wrong report", "hang",
                                                     "secret leaked", "mail doubled", "mail lost"};
constexpr std::array<std::string_view, 7> words{"none",          "sent",    "temporary", "permanent",
                                                "misconfigured", "refused", "failed"};
}  // namespace

std::string_view name_of(Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }
std::string_view name_of(Word word) { return words[static_cast<std::size_t>(word)]; }

std::string_view name_of(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }

std::optional<Verdict> verdict_named(std::string_view name) {
  auto found = std::find(verdicts.begin(), verdicts.end(), name);
  if (found == verdicts.end()) return std::nullopt;
  return static_cast<Verdict>(found - verdicts.begin());
}

std::optional<Word> word_named(std::string_view name) {
  auto found = std::find(words.begin(), words.end(), name);
  if (found == words.end()) return std::nullopt;
  return static_cast<Word>(found - words.begin());
}

std::optional<Severity> severity_named(std::string_view name) {
  auto found = std::find(severities.begin(), severities.end(), name);
  if (found == severities.end()) return std::nullopt;
  return static_cast<Severity>(found - severities.begin());
}

}  // namespace mailfault
