// Collects what the readers of logs find, a connection each.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "import/lines.hpp"
#include "import/session.hpp"

namespace mailfault::recorded {

class Recorder {
 public:
  /// The line of the log from which the next calls come.
  void at(int line, const std::optional<Stamp>& stamp);
  /// A new connection begins. `id` tells those of one log apart.
  void connect(const std::string& id = {});
  void client(std::string_view text, const std::string& id = {});
  /// A 220 where none is due, and what comes behind the 221 to QUIT, begin a new connection.
  void server(std::string_view text, const std::string& id = {});
  /// It isn't in the log, but it must have been said.
  void assume_client(std::string_view text);
  void assume_server(std::string_view text);
  void tls(const std::string& id = {});
  /// The first word of it holds. Before any connection it is kept for the one that comes, if it is the only one:
  /// standard error is often written before standard output.
  void ended(Ending how, std::string_view words, const std::string& id = {});

  /// The server has let the client send a message, and its end hasn't come.
  bool in_message(const std::string& id = {}) const;
  /// The last line of the server's; empty: none is waiting to be continued.
  std::string_view open_reply(const std::string& id = {}) const;
  /// How many lines look like SMTP, to choose a reader by.
  std::size_t score() const { return score_; }
  int first_line_of(Turn::Who who) const;
  Conversation take();

 private:
  struct Open {
    std::size_t number = 0;
    bool greeted = false, starttls = false, data = false, message = false, quit = false, auth = false;
    std::string reply;  ///< its last line
  };
  bool is_over(const std::string& id) const;
  void begin_anew(const std::string& id);
  Connection& of(const std::string& id);
  void add(Connection& to, Turn::Who who, std::string_view text, int line);

  Conversation conversation_;
  std::map<std::string, Open> open_;
  int line_ = 0;
  std::optional<Micros> time_;
  Micros day_{};
  std::size_t score_ = 0;
  Ending early_ = Ending::unknown;
  int early_line_ = 0;
  std::string early_words_;
};

}  // namespace mailfault::recorded
