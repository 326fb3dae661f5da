// What passes between a client and a server, understood well enough to be journaled: commands, replies, bodies.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "journal/journal.hpp"

namespace mailfault::cli {

/// Of one connection. Bytes come in any split; a line's or a reply's text is kept up to 2,048 bytes.
class Overheard {
 public:
  using Tell = std::function<void(Event event, std::string_view text)>;
  Overheard(Tell tell, bool show_secrets) : tell_(std::move(tell)), show_secrets_(show_secrets) {
    due_.push_back({Stage::greeting, Due::plain});
  }

  void client(std::string_view bytes);
  /// True: a 220 to STARTTLS ends in these bytes, so TLS begins. What is behind it isn't looked at.
  bool server(std::string_view bytes);

 private:
  struct Due {
    enum Kind : std::uint8_t { plain, data, auth, starttls };
    Stage stage;
    Kind kind;
  };
  enum class Mode : std::uint8_t { line, body, chunk, auth };

  void client_line(std::string_view line);
  void end_body();
  bool reply_line(std::string_view line);

  Tell tell_;
  bool show_secrets_;
  std::deque<Due> due_;  // at most 1,000: then commands go on, and their replies' stages are guessed
  Mode mode_ = Mode::line;
  std::string line_, reply_line_, reply_;
  std::uint64_t size_ = 0, left_ = 0;  // of the body; of the chunk
  int dot_ = 0;                        // how much of CRLF . CRLF has passed
};

}  // namespace mailfault::cli
