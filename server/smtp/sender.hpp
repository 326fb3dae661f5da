// The client's side of a delivery: one message to one recipient (RFC 5321). Sans I/O.
#pragma once

#include <string>
#include <string_view>

namespace mailfault::smtp {

struct Letter {
  std::string helo;
  std::string from;  ///< empty: the null sender
  std::string to;
  std::string text;  ///< lines end with CRLF; dots aren't stuffed
};

/// Is given what the server sends, and says what is to be sent next. A reply has at most 64 KiB.
class Sender {
 public:
  explicit Sender(Letter letter) : letter_(std::move(letter)) {}

  std::string feed(std::string_view bytes);
  /// Nothing more is to be sent but what feed() has returned, and nothing to be read.
  bool over() const { return step_ == Step::over; }
  bool delivered() const { return delivered_; }
  /// Once over: the reply to the final dot, or which command was refused and how.
  const std::string& outcome() const { return outcome_; }
  /// "the greeting", "the reply to RCPT"…
  std::string_view awaited() const;

 private:
  enum class Step : unsigned char { greeting, ehlo, helo, mail, rcpt, data, dot, over };

  std::string answered(int code, const std::string& reply);
  std::string mail_command() const;
  std::string fail(const std::string& reply);
  bool offers(std::string_view keyword) const;

  Letter letter_;
  Step step_ = Step::greeting;
  std::string input_, offer_, outcome_;
  bool delivered_ = false;
};

/// The text with its dots stuffed, and the line that ends it (section 4.5.2).
std::string dot_stuffed(std::string_view text);

}  // namespace mailfault::smtp
