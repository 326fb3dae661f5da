// A conversation as commands and their answers, and which of them a healthy server wouldn't have given.
#pragma once

#include <string>
#include <vector>

#include "base/stage.hpp"
#include "import/session.hpp"

namespace mailfault::recorded {

/// A command, or a point where the server speaks by itself, and what came of it.
struct Step {
  Stage stage = Stage::greeting;
  std::size_t connection = 1;
  std::string verb;                ///< in upper case; empty: none
  std::string command;             ///< the client's line; empty: none, or the end of a message
  int command_line = 0;            ///< of the log; 0: not in it
  std::optional<Micros> asked_at;  ///< when the client had said all that it could, so far
  std::vector<std::string> reply;  ///< its lines, as they came
  int reply_line = 0;
  int code = 0;                      ///< 0: no reply, or one that has no code
  Micros waited{};                   ///< before the reply or the ending
  std::vector<std::string> unasked;  ///< lines that came at once behind the reply, for which nothing had asked
  Ending ending = Ending::unknown;   ///< behind the reply, or in its place
  int ending_line = 0;
  std::string ending_words;
  bool assumed = false;      ///< the log doesn't have it
  bool turned_away = false;  ///< the greeting was a refusal, and it goes on so
  bool healthy = false;      ///< nothing here that a healthy server wouldn't do
  bool tls = false;          ///< the command came inside TLS
  bool authenticated = false;
  // auth
  std::string mechanism;
  bool initial = false;  ///< a response came with the command
  std::vector<std::string> challenges;
  int responses = 0;
  // message, content
  std::size_t bytes = 0;  ///< of the body, as far as it is in the log
  std::vector<std::string> body;
  bool stores = false;  ///< so many copies: recipients
  std::size_t recipients = 0;
  std::size_t transaction = 0;  ///< the number of the MAIL before it, in the run
};

/// What is seen from outside, in the log's order.
struct Item {
  enum class Is : std::uint8_t { client, body, server, tls, ending };
  Is is = Is::client;
  std::size_t step = 0;
  int line = 0;
  std::size_t index = 0;  ///< of the challenge, or of the response; of the reply: the number of challenges
};

struct Story {
  std::vector<Step> steps;
  std::vector<Item> items;
  std::size_t transactions = 0;
  bool any_times = false;
};

/// `verbatim`: no step counts as healthy that had a reply.
Story tell(const Conversation& conversation, bool verbatim = false);
/// The rest of the mechanism's exchange wasn't asked for any more.
bool breaks_off(const Step& auth);

}  // namespace mailfault::recorded
