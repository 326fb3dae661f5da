// What has come from the client and was not yet taken: command lines in any split of the bytes (RFC 5321
// section 2.3.8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailfault::smtp {

/// One command line, without its line ending.
struct Line {
  std::string_view text;     ///< valid until the Input is fed, taken from or told to keep
  std::uint64_t offset = 0;  ///< of its first byte in all that the client sent
  std::size_t size = 0;      ///< with its line ending
  bool bare_lf = false;      ///< it ended in LF alone
  bool bare_cr = false;      ///< a CR stands inside it
  bool nul = false;          ///< a NUL stands inside it
  bool too_long = false;     ///< over Input::longest_line: text holds only its first bytes, the rest is gone
};

/// Lines end at LF; a CR before it is taken off. Any split of the same bytes gives the same lines.
/// Memory: a line over `longest_line` is thrown away as it comes (its beginning excepted).
class Input {
 public:
  static constexpr std::size_t longest_line = 12288 + 2;  ///< RFC 4954 section 4, for AUTH; RFC 5321 says 512
  static constexpr std::size_t kept_of_too_long = 512;

  Input() = default;
  Input(const Input&) = delete;  // pending_ may point into own_
  Input& operator=(const Input&) = delete;

  /// Adds bytes. They are borrowed until keep() is called or all is taken.
  void feed(std::string_view bytes);
  /// Copies what is left of borrowed bytes; call it before they die. Frees its memory when nothing is left.
  void keep();

  std::optional<Line> take_line();
  /// The first whole line without taking it; as take_line() gives it, but never one that is too long.
  std::optional<std::string_view> peek_line() const;

  /// All that is pending, as bytes.
  std::string_view pending() const { return pending_; }
  /// Takes the first `count` pending bytes away (the body's reader does so).
  void skip(std::size_t count);
  /// Throws away all that is pending (RFC 3207 section 4: when TLS begins).
  std::size_t discard();

  std::uint64_t received() const { return received_; }  ///< bytes fed so far
  std::uint64_t taken() const { return received_ - pending_.size(); }
  /// Bytes of a too long line that are gone already; the caller may end a client that never ends its line.
  std::uint64_t dropped_of_line() const { return dropped_; }

 private:
  void drop_line_so_far();

  std::string_view pending_;
  std::string own_;   // pending_ points into it unless it is borrowed
  std::string head_;  // the beginning of a line that is too long
  std::uint64_t received_ = 0;
  std::uint64_t dropped_ = 0;
  mutable std::size_t searched_ = 0;  // pending bytes known to hold no LF
  bool borrowed_ = false;
  bool dropped_cr_ = false;   // a CR was among the dropped
  bool dropped_nul_ = false;  // so was a NUL
};

}  // namespace mailfault::smtp
