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

template <typename Enum, std::size_t size>
std::optional<Enum> named(const std::array<std::string_view, size>& names, std::string_view name) {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}
}  // namespace

std::string_view name_of(Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }
std::string_view name_of(Word word) { return words[static_cast<std::size_t>(word)]; }

std::string_view name_of(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }

std::optional<Verdict> verdict_named(std::string_view name) { return named<Verdict>(verdicts, name); }
std::optional<Word> word_named(std::string_view name) { return named<Word>(words, name); }
std::optional<Severity> severity_named(std::string_view name) { return named<Severity>(severities, name); }

}  // namespace mailfault
