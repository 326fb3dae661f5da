#include "smtp/input.hpp"

#include <algorithm>
#include <cstring>

namespace mailfault::smtp {
namespace {

bool holds(std::string_view text, char c) { return !text.empty() && std::memchr(text.data(), c, text.size()); }

// The place of the first LF at or behind `from`.
std::size_t find_lf(std::string_view text, std::size_t from) {
  if (from >= text.size()) return std::string_view::npos;
  const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : std::string_view::npos;
}

// Assigning an empty string would keep the memory.
void free_memory(std::string& text) { std::string().swap(text); }

}  // namespace

void Input::feed(std::string_view bytes) {
  received_ += bytes.size();
  if (bytes.empty()) return;
  if (pending_.empty()) {
    pending_ = bytes;
    borrowed_ = true;
    return;
  }
  if (borrowed_) {
    own_.reserve(pending_.size() + bytes.size());
    own_.assign(pending_);
    borrowed_ = false;
    own_.append(bytes);
    pending_ = own_;
    return;
  }
  auto taken_off = static_cast<std::size_t>(pending_.data() - own_.data());
  if (taken_off >= pending_.size()) {  // so a byte is moved as often as one is taken, at most
    own_.erase(0, taken_off);
    taken_off = 0;
  }
  own_.append(bytes);
  pending_ = std::string_view(own_).substr(taken_off);
}

void Input::keep() {
  if (pending_.empty()) {
    free_memory(own_);
    if (dropped_ == 0) free_memory(head_);
    pending_ = {};
    borrowed_ = false;
  } else if (borrowed_) {
    own_.assign(pending_);
    pending_ = own_;
    borrowed_ = false;
  }
}

std::optional<Line> Input::take_line() {
  const std::size_t lf = find_lf(pending_, searched_);
  if (lf == std::string_view::npos) {
    searched_ = pending_.size();
    if (dropped_ > 0 || pending_.size() >= longest_line) drop_line_so_far();
    return std::nullopt;
  }

  Line line;
  line.offset = taken() - dropped_;
  line.size = static_cast<std::size_t>(dropped_) + lf + 1;
  line.bare_lf = lf == 0 || pending_[lf - 1] != '\r';
  line.too_long = line.size > longest_line;
  line.text = pending_.substr(0, line.bare_lf ? lf : lf - 1);
  line.bare_cr = dropped_cr_ || holds(line.text, '\r');
  line.nul = dropped_nul_ || holds(line.text, '\0');
  if (dropped_ > 0) {
    line.text = head_;
  } else if (line.too_long) {
    line.text = line.text.substr(0, kept_of_too_long);
  }
  pending_.remove_prefix(lf + 1);
  searched_ = 0;
  dropped_ = 0;
  dropped_cr_ = dropped_nul_ = false;
  return line;
}

// A CR at the end stays: it may belong to the line's ending.
void Input::drop_line_so_far() {
  const std::string_view gone = pending_.substr(0, pending_.size() - (pending_.ends_with('\r') ? 1 : 0));
  if (dropped_ == 0) head_.assign(gone.substr(0, kept_of_too_long));
  dropped_cr_ = dropped_cr_ || holds(gone, '\r');
  dropped_nul_ = dropped_nul_ || holds(gone, '\0');
  dropped_ += gone.size();
  pending_.remove_prefix(gone.size());
  searched_ = pending_.size();
}

std::optional<std::string_view> Input::peek_line() const {
  if (dropped_ > 0) return std::nullopt;
  const std::string_view within = pending_.substr(0, longest_line);
  const std::size_t lf = find_lf(within, searched_);
  if (lf == std::string_view::npos) {
    searched_ = std::max(searched_, within.size());
    return std::nullopt;
  }
  return within.substr(0, lf > 0 && within[lf - 1] == '\r' ? lf - 1 : lf);
}

void Input::skip(std::size_t count) {
  count = std::min(count, pending_.size());
  pending_.remove_prefix(count);
  searched_ -= std::min(searched_, count);
}

std::size_t Input::discard() {
  const std::size_t count = pending_.size();
  pending_ = {};
  searched_ = 0;
  dropped_ = 0;
  dropped_cr_ = dropped_nul_ = false;
  return count;
}

}  // namespace mailfault::smtp
