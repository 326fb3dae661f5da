#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  op::Cut cut;
  cut.gap = given.duration(0);
  if (given.size() < 2) given.fail("name at least one cut: a byte, or the text to cut after");
  std::string words;
  for (std::size_t i = 1; i < given.size(); ++i) {
    if (auto* text = given[i].text(); text && !text->empty())
      cut.behind.emplace_back(*text);
    else
      cut.behind.emplace_back(static_cast<std::size_t>(given.whole(i, 1, 1'000'000'000)));
    words += (i > 1 ? ", " : "") + given[i].written();
  }
  auto gap = format_duration(cut.gap);
  return {&split, {std::move(cut)}, "cut after " + words + " with " + gap + " between"};
}

}  // namespace

const ActionSpec split{
    "split",
    ActionClass::shape,
    "split(gap, cut, …)",
    "cuts it after a byte offset or a text: split(\"300ms\", 10, \"250-START\"); a cut it doesn't contain isn't made",
    "T0",
    "gap: duration, ...: integer|string",
    lower};

}  // namespace mailfault::actions
