#include "smtp/body.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mailfault::smtp {
namespace {

constexpr std::uint64_t most_reserved = 1 << 20;  // a declared size is only a claim
constexpr std::uint64_t longest_text_line = 998;

const char* find(const char* begin, const char* end, char c) {
  return begin == end ? nullptr
                      : static_cast<const char*>(std::memchr(begin, c, static_cast<std::size_t>(end - begin)));
}

std::uint32_t count_of(const char* begin, const char* end, char c) {
  const char* first = find(begin, end, c);
  return first ? static_cast<std::uint32_t>(std::count(first, end, c)) : 0;
}

bool has_eight_bit(const char* bytes, std::size_t count) {
  std::uint64_t seen = 0;
  for (; count >= sizeof seen; bytes += sizeof seen, count -= sizeof seen) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    seen |= word;
  }
  for (; count > 0; ++bytes, --count) seen |= static_cast<unsigned char>(*bytes);
  return seen & 0x8080808080808080U;
}

}  // namespace

BodyReader::BodyReader(std::uint64_t limit, std::uint64_t reserve) : limit_(limit) {
  reserve = std::min({reserve, limit, most_reserved});
  if (reserve > 0) text_.reserve(static_cast<std::size_t>(reserve));
}

std::size_t BodyReader::feed(std::string_view bytes, std::uint64_t stop_at) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end && size_ < stop_at && state_ != State::complete) {
    switch (state_) {
      case State::line_start:
        if (*at == '.') {
          ++at;
          state_ = State::dot;
          break;
        }
        [[fallthrough]];
      case State::text:
      case State::cr: {
        const std::uint64_t count = std::min(static_cast<std::uint64_t>(end - at), stop_at - size_);
        at = take_text(at, at + count);
        break;
      }
      case State::dot:
        if (*at == '\r') {
          ++at;
          state_ = State::dot_cr;
        } else {
          ++size_;
          state_ = State::text;
        }
        break;
      case State::dot_cr:
        if (*at == '\n') {
          ++at;
          state_ = State::complete;
        } else {
          ++size_;
          state_ = State::stuffed_cr;
        }
        break;
      case State::stuffed_cr:
        count_text("\r", 1);
        state_ = State::cr;
        break;
      case State::complete:
        break;
    }
  }
  return static_cast<std::size_t>(at - bytes.data());
}

std::size_t BodyReader::feed_chunk(std::string_view bytes, std::uint64_t stop_at) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end && size_ < stop_at)
    at = take_text(at, at + std::min(static_cast<std::uint64_t>(end - at), stop_at - size_));
  return static_cast<std::size_t>(at - bytes.data());
}

void BodyReader::end() {
  if (state_ == State::cr) {
    ++facts_.bare_cr;
    grow_line(1);
  }
  state_ = State::complete;
}

// Takes bytes of which each is content: to `end`, or to the next line that begins with a dot.
const char* BodyReader::take_text(const char* begin, const char* end) {
  const char* at = begin;
  do {
    const char* lf = find(at, end, '\n');
    const bool after_cr = state_ == State::cr;
    if (after_cr && lf != at) {
      ++facts_.bare_cr;
      grow_line(1);
    }
    if (!lf) {
      const bool ends_in_cr = end[-1] == '\r';
      const char* known = end - (ends_in_cr ? 1 : 0);
      facts_.bare_cr += count_of(at, known, '\r');
      grow_line(static_cast<std::uint64_t>(known - at));
      state_ = ends_in_cr ? State::cr : State::text;
      at = end;
    } else if (lf == at ? after_cr : lf[-1] == '\r') {
      const char* known = lf == at ? at : lf - 1;
      facts_.bare_cr += count_of(at, known, '\r');
      grow_line(static_cast<std::uint64_t>(known - at));
      line_ = 0;
      state_ = State::line_start;
      at = lf + 1;
    } else {
      ++facts_.bare_lf;
      facts_.bare_cr += count_of(at, lf, '\r');
      grow_line(static_cast<std::uint64_t>(lf + 1 - at));
      state_ = State::text;
      at = lf + 1;
    }
  } while (at != end && !(state_ == State::line_start && *at == '.'));
  count_text(begin, static_cast<std::size_t>(at - begin));
  return at;
}

// Only CRLF ends a line, so a bare LF lengthens it.
void BodyReader::grow_line(std::uint64_t by) {
  if (line_ <= longest_text_line && line_ + by > longest_text_line) ++facts_.lines_over_998;
  line_ += by;
}

void BodyReader::count_text(const char* begin, std::size_t count) {
  facts_.nul += count_of(begin, begin + count, '\0');
  if (!facts_.eight_bit) facts_.eight_bit = has_eight_bit(begin, count);
  if (keeps_ && size_ < limit_) {
    text_.append(begin, static_cast<std::size_t>(std::min<std::uint64_t>(count, limit_ - size_)));
  }
  size_ += count;
}

bool BodyReader::complete() const { return state_ == State::complete; }
std::uint64_t BodyReader::size() const { return size_; }
bool BodyReader::over_limit() const { return size_ > limit_; }
const BodyFacts& BodyReader::facts() const { return facts_; }
const std::string& BodyReader::text() const { return text_; }
std::string BodyReader::release_text() { return std::exchange(text_, {}); }
void BodyReader::discard() { keeps_ = false; }

}  // namespace mailfault::smtp
