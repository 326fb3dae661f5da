// Takes out of a conversation what nobody else may see, the same thing always replaced by the same.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "import/session.hpp"

namespace mailfault::recorded {

struct Keep {
  bool addresses = false, hosts = false, ids = false, text = false;
};
/// "addresses,hosts": throws Error for another word. Credentials are never kept.
Keep parse_keep(std::string_view list);

class Redactor {
 public:
  Redactor(const Conversation& conversation, Keep keep);

  /// `text` without addresses, IP addresses, host names, ids and the credentials of the conversation.
  std::string clean(std::string_view text);
  /// As clean(), for a reply's template: the server's name is {host}, and other braces name no field.
  std::string clean_template(std::string_view text);
  bool keeps_text() const { return keep_.text; }
  bool keeps_hosts() const { return keep_.hosts; }
  /// What was replaced so far, a line each: "alice@corp.example -> user1@example.com". Of credentials only how many.
  std::vector<std::string> replaced() const;

 private:
  std::string replace_word(std::string_view word);
  std::string clean_word(std::string_view word);
  std::string stable(std::map<std::string, std::string>& known, std::string_view word, const std::string& before,
                     const std::string& after);

  Keep keep_;
  std::string host_;  ///< of the server, as it calls itself
  std::set<std::string, std::greater<>> secrets_;
  std::size_t secrets_met_ = 0;
  std::map<std::string, std::string> addresses_, peers_, hosts_, ids_;
  bool in_template_ = false;
};

}  // namespace mailfault::recorded
