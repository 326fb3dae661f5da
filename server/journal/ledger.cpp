#include "journal/ledger.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "base/text.hpp"

namespace mailfault {
namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  auto product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// After wyhash: 16 bytes a multiplication. The last block is padded with zeros; the length tells them from real ones.
std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t first = 0xa0761d6478bd642f, second = 0xe7037ed1a0b428db;
  auto state = mix(text.size() ^ first, second);
  auto absorb = [&](const char* block) {
    std::uint64_t words[2];
    std::memcpy(words, block, sizeof words);
    state = mix(words[0] ^ first, words[1] ^ state);
  };
  std::size_t at = 0;
  for (; text.size() - at >= 16; at += 16) absorb(text.data() + at);
  char last[16] = {};
  if (at < text.size()) std::memcpy(last, text.data() + at, text.size() - at);
  absorb(last);
  return mix(state ^ second, first);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// What follows the name and the colon if the line is that header.
const char* value_in(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || !equals_ignoring_case(line.substr(0, name.size()), name)) return nullptr;
  line.remove_prefix(name.size());
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);  // RFC 5322 section 4.5: the obsolete form
  return line.starts_with(':') ? line.data() + 1 : nullptr;
}

// The header's value as written, its folds in it, without the white space around it.
std::string_view find_header(std::string_view message, std::string_view name) {
  const char* value = nullptr;
  while (!message.empty()) {
    auto line = message.substr(0, message.find('\n'));
    if (value != nullptr && (line.empty() || !is_blank(line.front())))
      return trim({value, static_cast<std::size_t>(line.data() - value)});
    if (line.empty() || line == "\r") return {};
    if (value == nullptr) value = value_in(line, name);
    message.remove_prefix(std::min(line.size() + 1, message.size()));
  }
  return value == nullptr ? std::string_view{} : trim({value, static_cast<std::size_t>(message.data() - value)});
}

// A line's end and the white space that begins the next line become one space.
std::string unfolded(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\n') {
      out += value[i];
      continue;
    }
    if (out.ends_with('\r')) out.pop_back();
    while (i + 1 < value.size() && is_blank(value[i + 1])) ++i;
    out += ' ';
  }
  return out;
}

bool is_folded(std::string_view value) { return value.find('\n') != std::string_view::npos; }

std::string_view without_brackets(std::string_view id) {
  auto open = id.find('<'), close = id.find('>', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return id;
  return id.substr(open + 1, close - open - 1);
}

std::span<const std::string_view> copied(std::span<const std::string_view> texts, Arena& memory) {
  using View = std::string_view;
  if (texts.empty()) return {};
  auto* copies = static_cast<View*>(memory.allocate(texts.size() * sizeof(View), alignof(View)));
  for (std::size_t i = 0; i < texts.size(); ++i) std::construct_at(copies + i, memory.copy(texts[i]));
  return {copies, texts.size()};
}

}  // namespace

std::string_view name_of(Bounce::Delivery delivery) {
  static constexpr std::array<std::string_view, 5> names{"kept", "under way", "delivered", "failed", "read"};
  return names[static_cast<std::size_t>(delivery)];
}

std::string_view raw_header(std::string_view message, std::string_view name) {
  thread_local std::string buffer;
  auto value = find_header(message, name);
  if (!is_folded(value)) return value;
  buffer = unfolded(value);
  return buffer;
}

std::string_view raw_message_id(std::string_view message) {
  return without_brackets(raw_header(message, "Message-ID"));
}

const StoredMessage& Ledger::store(std::uint32_t connection, Micros at, std::string_view door, std::string_view from,
                                   std::span<const std::string_view> recipients, std::string_view text) {
  StoredMessage message;
  message.id = static_cast<std::uint32_t>(messages_.size() + 1);
  message.connection = connection;
  message.at = at;
  message.door = memory_.copy(door);
  message.from = memory_.copy(from);
  message.size = text.size();
  message.hash = hash_of(text);

  message.recipients = copied(recipients, memory_);

  message.text_kept = text.size() <= limit_ - text_bytes_;
  if (message.text_kept) {
    text_bytes_ += text.size();
    text = message.text = memory_.copy(text);
  } else {
    full_ = true;
  }
  // Values that lie whole in a kept text need no second copy.
  auto keep = [&](std::string_view value) {
    if (is_folded(value)) return memory_.copy(unfolded(value));
    return message.text_kept ? value : memory_.copy(value);
  };
  message.message_id = keep(without_brackets(find_header(text, "Message-ID")));
  message.subject = keep(find_header(text, "Subject"));

  copies_ += recipients.size();
  return messages_.push_back(message, memory_);
}

const Bounce& Ledger::enter(Bounce bounce) {
  bounce.id = static_cast<std::uint32_t>(bounces_.size() + 1);
  bounce.size = bounce.text.size();
  bounce.text_kept = bounce.size <= limit_ - text_bytes_;
  if (bounce.text_kept)
    text_bytes_ += bounce.size;
  else
    full_ = true;
  bounce.text = bounce.text_kept ? memory_.copy(bounce.text) : std::string_view{};
  bounce.recipients = copied(bounce.recipients, memory_);
  for (auto* view : {&bounce.kind, &bounce.action, &bounce.status, &bounce.to, &bounce.subject, &bounce.answer})
    *view = memory_.copy(*view);
  return bounces_.emplace_back(bounce);
}

void Ledger::set_delivery(std::uint32_t bounce, Bounce::Delivery delivery, std::string_view answer) {
  auto& entry = bounces_[bounce - 1];
  if (entry.delivery == Bounce::Delivery::delivered) return;
  entry.delivery = delivery;
  entry.answer = memory_.copy(answer);
}

}  // namespace mailfault
