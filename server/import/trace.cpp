// curl --trace and --trace-ascii.
#include <utility>

#include "base/text.hpp"
#include "import/parse.hpp"

namespace mailfault::recorded {
namespace {

bool hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
int value(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// `<= Recv header, 26 bytes (0x1a)`, then lines of `0010: ` and either hex with text behind it, or text alone.
class Trace final : public Reader {
 public:
  bool read(std::string_view, std::string_view bare, Recorder& to) override {
    bool recv = bare.starts_with("<= Recv "), send = bare.starts_with("=> Send ");
    if (recv || send || bare.starts_with("== Info:")) {
      flush(to);
      who_ = bare.find("SSL data") != std::string_view::npos ? Who::other
             : recv                                          ? Who::server
             : send                                          ? Who::client
                                                             : Who::other;
      data_ = bare.starts_with("=> Send data");
      if (bare.find("Connected to") != std::string_view::npos) to.connect();
      if (bare.find("SSL connection using") != std::string_view::npos) to.tls();
      if (to.in_message() && bare.find("completely uploaded") != std::string_view::npos) to.client(".");
      return recv || send;
    }
    auto colon = bare.find(": ");
    if (colon == std::string_view::npos && bare.ends_with(':')) colon = bare.size() - 1;
    if (colon == std::string_view::npos || colon < 4 || colon > 8) return false;
    for (char c : bare.substr(0, colon))
      if (!hex(c)) return false;
    auto text = bare.substr(std::min(colon + 2, bare.size()));
    bool as_hex = text.size() > 48 && text[47] == ' ';
    for (std::size_t at = 0; as_hex && at < 48; at += 3)
      as_hex = (hex(text[at]) && hex(text[at + 1]) && text[at + 2] == ' ') || text.substr(at, 3) == "   ";
    if (!as_hex) {
      say(text, to);
      return true;
    }
    for (std::size_t at = 0; at < 48 && text[at] != ' '; at += 3)
      bytes_ += static_cast<char>(value(text[at]) * 16 + value(text[at + 1]));
    for (auto end = bytes_.find('\n'); end != std::string::npos; end = bytes_.find('\n')) {
      auto line = std::string_view(bytes_).substr(0, end);
      say(line.ends_with('\r') ? line.substr(0, end - 1) : line, to);
      bytes_.erase(0, end + 1);
    }
    return true;
  }

 private:
  enum class Who : std::uint8_t { other, client, server };
  void say(std::string_view line, Recorder& to) {
    if (who_ == Who::client && (!data_ || to.in_message())) to.client(line);
    if (who_ == Who::server) to.server(line);
  }
  void flush(Recorder& to) {
    if (!bytes_.empty()) say(std::exchange(bytes_, {}), to);
  }

  Who who_ = Who::other;
  bool data_ = false;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Reader> read_curl_trace() { return std::make_unique<Trace>(); }

}  // namespace mailfault::recorded
