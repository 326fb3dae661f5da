#include "journal/json_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/text.hpp"
#include "journal/fields.hpp"

namespace mailfault {

bool has_stage(EventKind kind) {
  switch (kind) {
    case EventKind::command:
    case EventKind::reply:
    case EventKind::undelivered:
    case EventKind::content:
    case EventKind::stored:
    case EventKind::discarded:
    case EventKind::fault:
      return true;
    default:
      return false;
  }
}

std::string_view number_name(EventKind kind) {
  switch (kind) {
    case EventKind::door:
      return "port";
    case EventKind::content:
    case EventKind::discarded:
      return "bytes";
    case EventKind::stored:
      return "message";
    case EventKind::fault:
    case EventKind::error:
      return "line";
    case EventKind::swallowed:
      return "syns";
    case EventKind::bounce:
    case EventKind::delivery:
      return "bounce";
    default:
      return {};
  }
}

namespace {

/// The length of the UTF-8 sequence that the text begins with; 0 if it is none (overlong, a surrogate, cut off…).
std::size_t sequence_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    unsigned low = lead == 0xe0 ? 0xa0 : 0x80, high = lead == 0xed ? 0x9f : 0xbf;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    unsigned low = lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xf4 ? 0x8f : 0xbf;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Each byte as the code point of its number, so that the bytes can be had back.
std::string from_latin1(std::string_view bytes) {
  std::string out;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

/// One object of JSON, built in the order of the calls.
class JsonObject {
 public:
  explicit JsonObject(std::size_t expected_size) { out_.reserve(expected_size); }

  void number(std::string_view name, std::uint64_t value) {
    begin(name);
    char digits[20];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void flag(std::string_view name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
  }
  void text(std::string_view name, std::string_view value) {
    begin(name);
    quote(value);
  }
  void texts(std::string_view name, std::span<const std::string_view> values) {
    begin(name);
    out_ += '[';
    for (const auto& value : values) {
      if (&value != values.data()) out_ += ',';
      quote(value);
    }
    out_ += ']';
  }
  std::string end() && {
    if (latin1_) flag("latin1", true);
    out_ += '}';
    return std::move(out_);
  }

 private:
  void begin(std::string_view name) {
    out_ += out_.empty() ? "{\"" : ",\"";
    out_ += name;
    out_ += "\":";
  }
  void quote(std::string_view text) {
    if (is_utf8(text)) return quote_utf8(text);
    latin1_ = true;
    quote_utf8(from_latin1(text));
  }
  void quote_utf8(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out_ += '"';
    for (char c : text) {
      auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte != 0x7f) {
        if (c == '"' || c == '\\') out_ += '\\';
        out_ += c;
      } else if (c == '\r' || c == '\n' || c == '\t') {
        out_ += c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\t";
      } else {
        out_ += "\\u00";
        out_ += hex[byte >> 4];
        out_ += hex[byte & 15];
      }
    }
    out_ += '"';
  }

  std::string out_;
  bool latin1_ = false;
};

/// Safe for a terminal: control characters, also C1's in UTF-8, become `?`.
std::string shown(std::string_view text) {
  auto out = printable(is_utf8(text) ? std::string(text) : from_latin1(text));
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if (out[i] == '\xc2' && static_cast<unsigned char>(out[i + 1]) < 0xa0) out.replace(i, 2, "?");
  return out;
}

/// A reply's first line and how many follow.
std::string first_line(std::string_view text) {
  auto without_end = [](std::string_view line) {
    while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
    return line;
  };
  text = without_end(text);
  auto more = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  auto first = shown(without_end(text.substr(0, text.find('\n'))));
  return more == 0 ? first : first + " (+" + counted(more, "line", "lines") + ")";
}

std::string spaced(std::string_view text) { return text.empty() ? "" : " " + shown(text); }
std::string after_colon(std::string_view text) { return text.empty() ? "" : ": " + shown(text); }

std::string at_line(const Event& event) {
  return event.number == 0 ? "" : "  (line " + std::to_string(event.number) + ")";
}

/// The event in words, after the time, the connection and the stage.
std::string words(const Event& event) {
  auto text = event.text();
  switch (event.kind) {
    case EventKind::command:
      return "C:" + spaced(text);
    case EventKind::reply:
      return "S: " + first_line(text);
    case EventKind::undelivered:
      return "S: " + first_line(text) + "  (the client had left)";
    case EventKind::content:
      return "C: (" + counted(event.number, "byte", "bytes") + ")" + spaced(text);
    case EventKind::stored:
      return "stored as message " + std::to_string(event.number) + after_colon(text);
    case EventKind::discarded:
      return "discarded " + counted(event.number, "byte", "bytes") + after_colon(text);
    case EventKind::fault:
      return "!!" + spaced(text) + at_line(event);
    case EventKind::violation:
      return "??" + spaced(text);
    case EventKind::error:
      return "ERROR" + spaced(text) + at_line(event);
    case EventKind::door:
      return shown(text) + " (port " + std::to_string(event.number) + ")";
    case EventKind::swallowed:
      return counted(event.number, "SYN", "SYNs") + after_colon(text);
    case EventKind::bounce:
    case EventKind::delivery:
      return std::to_string(event.number) + after_colon(text);
    default:
      return shown(text);
  }
}

/// The stage, or else the kind where the words don't say it.
std::string_view heading(EventKind kind, Stage stage) {
  if (has_stage(kind)) return name_of(stage);
  return kind == EventKind::violation || kind == EventKind::error ? std::string_view{} : name_of(kind);
}

std::string_view color_of(EventKind kind) {
  switch (kind) {
    case EventKind::fault:
      return "\x1b[33m";
    case EventKind::violation:
    case EventKind::error:
      return "\x1b[31m";
    default:
      return {};
  }
}

void pad(std::string& out, std::size_t column) {
  if (out.size() < column) out.append(column - out.size(), ' ');
}

}  // namespace

std::string to_json(const Event& event, std::string_view instance) {
  JsonObject out(160 + event.size);
  auto at = static_cast<std::uint64_t>(event.at.count());
  out.number("at", at);
  if (event.span_us > 0) out.number("to", at + event.span_us);
  out.text("instance", instance);
  if (event.connection > 0) out.number("connection", event.connection);
  out.text("kind", name_of(event.kind));
  if (has_stage(event.kind)) out.text("stage", name_of(event.stage));
  if (event.code != 0) out.number("code", event.code);
  auto name = number_name(event.kind);
  if (!name.empty() || event.number != 0) out.number(name.empty() ? "number" : name, event.number);
  out.text("text", event.text());
  return std::move(out).end();
}

std::string to_text(const Event& event, std::string_view instance, bool color) {
  char time[32];
  std::snprintf(time, sizeof time, "%7.3fs", in_seconds(event.at));
  std::string out = color ? "\x1b[2m" + std::string(time) + "\x1b[0m" : time;
  out += "  ";
  if (!instance.empty()) out += shown(instance) + "  ";
  auto column = out.size();
  if (event.connection > 0) out += "#" + std::to_string(event.connection) + " ";
  pad(out, column + 4);
  column = out.size();
  out += heading(event.kind, event.stage);
  pad(out, column + 10);
  auto paint = color ? color_of(event.kind) : std::string_view{};
  out += paint;
  out += words(event);
  if (!paint.empty()) out += "\x1b[0m";
  return out;
}

std::string to_whole_text(const Event& event, std::string_view instance, bool color) {
  auto text = event.text();
  while (text.ends_with('\r') || text.ends_with('\n')) text.remove_suffix(1);
  if ((event.kind != EventKind::reply && event.kind != EventKind::undelivered) ||
      text.find('\n') == std::string_view::npos)
    return to_text(event, instance, color);
  auto lines = split(text, '\n');
  auto piece = event;
  auto set = [&](std::string_view line) {
    piece.data = line.data();
    piece.size = static_cast<std::uint32_t>(line.size());
  };
  set(lines[0]);
  auto out = to_text(piece, instance, color);
  set({});
  piece.kind = EventKind::reply;
  auto before = to_text(piece, instance, false).size();  // up to the text
  for (std::size_t i = 1; i < lines.size(); ++i) out += "\n" + std::string(before, ' ') + shown(trim(lines[i]));
  return out;
}

std::string to_json(const Bounce& bounce) {
  JsonObject out(400 + bounce.text.size());
  out.number("bounce", bounce.id);
  out.number("at", static_cast<std::uint64_t>(bounce.at.count()));
  out.number("message", bounce.message);
  out.text("kind", bounce.kind);
  out.text("action", bounce.action);
  out.text("status", bounce.status);
  out.text("to", bounce.to);
  out.texts("recipients", bounce.recipients);
  out.text("subject", bounce.subject);
  out.number("size", bounce.size);
  out.text("delivery", name_of(bounce.delivery));
  out.text("answer", bounce.answer);
  out.flag("text_kept", bounce.text_kept);
  return std::move(out).end();
}

std::string to_json(const StoredMessage& message) {
  char hash[17];  // in hexadecimal, since a JSON number holds 53 bits in many a reader
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(message.hash));

  JsonObject out(400 + message.text.size());
  out.number("message", message.id);
  out.number("at", static_cast<std::uint64_t>(message.at.count()));
  out.number("connection", message.connection);
  out.text("door", message.door);
  out.text("from", message.from);
  out.texts("recipients", message.recipients);
  out.text("message_id", message.message_id);
  out.text("subject", message.subject);
  out.number("size", message.size);
  out.text("hash", hash);
  out.flag("text_kept", message.text_kept);
  if (message.text_kept && is_utf8(message.text))
    out.text("text", message.text);
  else if (message.text_kept)
    out.text("base64", base64(message.text));
  return std::move(out).end();
}

}  // namespace mailfault
