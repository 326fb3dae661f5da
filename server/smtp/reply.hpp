// Replies (RFC 5321 section 4.2, RFC 2034 for the enhanced codes).
#pragma once

#include <string>
#include <string_view>

namespace mailfault::smtp {

/// Appends a reply as it goes over the wire: `text` may hold several lines (LF between them), each gets the code and,
/// unless it is empty, the enhanced code. An empty single line without an enhanced code is the bare code ("250\r\n").
void append_reply(std::string& out, int code, std::string_view enhanced, std::string_view text);

/// The usual text of a code, as RFC 5321 section 4.2.2 words it; "" for one that has none.
std::string_view usual_text(int code);

/// "2.1.5" and the like: class 2, 4 or 5, then two numbers of one to three digits (RFC 3463 section 2).
bool is_enhanced_code(std::string_view text);

/// Where the reply at the beginning ends; 0: it isn't whole yet.
std::size_t end_of_reply(std::string_view text);

}  // namespace mailfault::smtp
