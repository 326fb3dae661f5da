// Logs that show what went over the wire as a string of their language.
#include "base/text.hpp"
#include "import/parse.hpp"

namespace mailfault::recorded {
namespace {

// The lines of `bytes`, without their endings.
template <class Each>
void each_line(std::string_view bytes, Each each) {
  if (bytes.ends_with("\n")) bytes.remove_suffix(1);
  for (auto line : split(bytes, '\n')) each(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
}

// Behind `mark`, what stands in quotes; b'…' too.
std::optional<std::string> quoted_behind(std::string_view text, std::string_view mark) {
  auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  auto from = text.substr(at + mark.size());
  if (from.starts_with('b')) from.remove_prefix(1);
  if (!from.starts_with('\'') && !from.starts_with('"')) return std::nullopt;
  std::string_view rest;
  return unquoted(from.substr(1), from.front(), rest);
}

class Python final : public Reader {
 public:
  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    if (bare.starts_with("connect: to ") || bare.starts_with("connect: (")) to.connect();
    if (auto sent = quoted_behind(text, "send: ")) {
      each_line(*sent, [&](std::string_view line) { to.client(line); });
    } else if (auto came = quoted_behind(text, "reply: ")) {
      if (!came->empty()) each_line(*came, [&](std::string_view line) { to.server(line); });
    } else {
      return false;
    }
    return true;
  }
};

// Net::SMTP's debug_output: <- is what it wrote, -> what it read; of a message only the length.
class Ruby final : public Reader {
 public:
  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    if (bare.starts_with("Connection opened")) to.connect();
    if (bare.starts_with("TLS connection started")) to.tls();
    if (auto sent = quoted_behind(text, "<- ")) {
      each_line(*sent, [&](std::string_view line) { to.client(line); });
    } else if (auto came = quoted_behind(text, "-> ")) {
      each_line(*came, [&](std::string_view line) { to.server(line); });
    } else if (to.in_message() && bare.starts_with("wrote ")) {
      to.client(".");
    } else {
      return false;
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<Reader> read_python() { return std::make_unique<Python>(); }
std::unique_ptr<Reader> read_ruby() { return std::make_unique<Ruby>(); }

}  // namespace mailfault::recorded
