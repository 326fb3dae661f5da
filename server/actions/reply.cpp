#include "smtp/reply.hpp"

#include <algorithm>

#include "actions/actions.hpp"
#include "base/text.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(3);
  op::Reply reply_op;
  reply_op.code = static_cast<int>(given.whole(0, 200, 599));
  std::size_t text_at = 1;
  if (given.has(2) || (given.size() == 2 && given[1].text() && smtp::is_enhanced_code(*given[1].text()))) {
    reply_op.enhanced = given.text(1);
    if (!smtp::is_enhanced_code(reply_op.enhanced))
      given.fail("\"" + reply_op.enhanced + "\" is no enhanced code, such as \"4.2.2\"");
    text_at = 2;
  }
  // Three numbers alone were meant as an enhanced code; an address or a count is a text as any other.
  if (auto* alone = given.size() == 2 ? given[1].text() : nullptr;
      alone && text_at == 1 && std::count(alone->begin(), alone->end(), '.') == 2 &&
      alone->find_first_not_of("0123456789.") == std::string::npos)
    given.fail("\"" + *alone + "\" is neither a text nor an enhanced code, such as \"4.2.2\"");
  std::string text(smtp::usual_text(reply_op.code));
  if (given.has(text_at)) text = join(texts_of(given[text_at], "reply"), "\n");
  reply_op.text = given.as_template(text);
  std::string words = "gets " + std::to_string(reply_op.code);
  if (!reply_op.enhanced.empty()) words += " " + reply_op.enhanced;
  if (!text.empty()) words += " \"" + text.substr(0, text.find('\n')) + "\"";
  int code = reply_op.code;
  return {&reply, {op::Answer{code}, std::move(reply_op)}, std::move(words)};
}

}  // namespace

const ActionSpec reply{"reply",
                       ActionClass::answer,
                       "reply(code, [enhanced,] [text])",
                       "a reply in RFC 5321's form; several lines from a list or \\n, the enhanced code on each. "
                       "Without text the code's usual one; \"\" is the bare code",
                       "T0",
                       "code: integer, enhanced_or_text?: string|string[], text?: string|string[]",
                       lower};

}  // namespace mailfault::actions
