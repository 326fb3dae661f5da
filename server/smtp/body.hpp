// The message after DATA: its end found and its dots unstuffed, the rest byte-exact (RFC 5321 section 4.5.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailfault::smtp {

/// What the body had that a correct client doesn't send.
struct BodyFacts {
  std::uint32_t bare_lf = 0;  ///< LF without CR
  std::uint32_t bare_cr = 0;  ///< CR without LF
  std::uint32_t nul = 0;
  std::uint32_t lines_over_998 = 0;  ///< RFC 5321 section 4.5.3.1.6: 998 and CRLF
  bool eight_bit = false;            ///< a byte above 127
};

/// Ends only at CRLF "." CRLF (or "." CRLF as the first line): a bare LF is text, so nothing can be smuggled
/// (CVE-2023-51764). Any split of the same bytes gives the same text, size and facts.
class BodyReader {
 public:
  static constexpr std::uint64_t no_stop = ~std::uint64_t{0};

  /// `limit`: content bytes above this are counted and not kept. `reserve`: what the client declared, as a hint.
  explicit BodyReader(std::uint64_t limit, std::uint64_t reserve = 0);

  /// Takes bytes until the end of the body or until size() reaches `stop_at`, and returns how many it took.
  /// The lone dot and its CRLF never count into size(), and a dot that may yet begin them is not counted before the
  /// byte after it is known.
  std::size_t feed(std::string_view bytes, std::uint64_t stop_at = no_stop);

  /// The same for bytes of a chunk (RFC 3030): a dot is text, and nothing ends the body but end(). Not for a body of
  /// which feed() has taken bytes.
  std::size_t feed_chunk(std::string_view bytes, std::uint64_t stop_at = no_stop);
  /// The last chunk is over.
  void end();

  bool complete() const;
  /// Content bytes so far as they came on the wire (stuffed dots counted, the terminating dot line not).
  std::uint64_t size() const;
  bool over_limit() const;
  const BodyFacts& facts() const;
  /// The text so far: unstuffed, else as it came; its last CRLF before the final dot is part of it.
  const std::string& text() const;
  std::string release_text();
  /// From here on nothing is kept (the rest is thrown away).
  void discard();

 private:
  enum class State : std::uint8_t {
    line_start,
    dot,         // a dot at the start of a line, held back
    dot_cr,      // and a CR behind it
    stuffed_cr,  // that dot was stuffed and is counted; its CR isn't yet
    text,
    cr,  // text, and the last byte is a CR
    complete,
  };

  const char* take_text(const char* begin, const char* end);
  void grow_line(std::uint64_t by);
  void count_text(const char* begin, std::size_t count);

  std::string text_;
  std::uint64_t limit_;
  std::uint64_t size_ = 0;
  std::uint64_t line_ = 0;  // bytes of the line so far, without stuffing and the CR that may end it
  BodyFacts facts_;
  State state_ = State::line_start;
  bool keeps_ = true;
};

}  // namespace mailfault::smtp
