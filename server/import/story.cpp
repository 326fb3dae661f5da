#include "import/story.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/text.hpp"
#include "import/lines.hpp"
#include "smtp/command.hpp"

namespace mailfault::recorded {
namespace {

constexpr auto slow = std::chrono::milliseconds(1900);  // sooner is the network's, or the log's resolution

Stage stage_of(std::string_view line) {
  switch (smtp::parse_command(line).verb) {
    case smtp::Verb::helo:
    case smtp::Verb::ehlo:
    case smtp::Verb::lhlo:
      return Stage::helo;
    case smtp::Verb::mail:
      return Stage::mail;
    case smtp::Verb::rcpt:
      return Stage::rcpt;
    case smtp::Verb::data:
      return Stage::data;
    case smtp::Verb::rset:
      return Stage::rset;
    case smtp::Verb::noop:
      return Stage::noop;
    case smtp::Verb::vrfy:
      return Stage::vrfy;
    case smtp::Verb::quit:
      return Stage::quit;
    case smtp::Verb::auth:
      return Stage::auth;
    case smtp::Verb::starttls:
      return Stage::starttls;
    default:
      return Stage::command;
  }
}

// One connection's turns become steps.
class Teller {
 public:
  Teller(Story& story, const Connection& connection, std::size_t number)
      : story_(story), connection_(connection), number_(number), last_(connection.connected_at) {}

  void tell() {
    tls_ = connection_.tls_first;
    for (const auto& turn : connection_.turns) {
      if (turn.at) story_.any_times = true;
      if (turn.who == Turn::Who::client) client(turn);
      if (turn.who == Turn::Who::server) server(turn);
      if (turn.who == Turn::Who::tls) begin_tls(turn.line);
      tls_last_ = turn.who == Turn::Who::tls;
    }
    flush();
    ending_ = connection_.ending;
    // What was sent before the last reply, in a group, its sender may have given up, unless it went on waiting.
    bool waited = connection_.ended_at && last_ && *connection_.ended_at - *last_ >= slow;
    bool awaited = !pending_.empty() &&
                   (waited || (story_.steps[pending_.front()].stage != Stage::quit && asked_line_ > reply_line_));
    if (ending_ == Ending::unknown && awaited && last_code_ != 421) ending_ = Ending::silence;
    if (ending_ == Ending::unknown && message_) ending_ = Ending::closed;
    if (ending_ != Ending::unknown) end();
  }

 private:
  Step& add(Stage stage) {
    auto& step = story_.steps.emplace_back();
    step.stage = stage;
    step.connection = number_;
    step.tls = tls_;
    step.authenticated = authenticated_;
    step.transaction = story_.transactions;
    return step;
  }
  std::size_t last_step() const { return story_.steps.size() - 1; }
  void item(Item::Is is, std::size_t step, int line, std::size_t index = 0) {
    story_.items.push_back({.is = is, .step = step, .line = line, .index = index});
  }

  void begin_tls(int line) {
    if (tls_ && !connection_.tls_first) return;
    if (!tls_) item(Item::Is::tls, story_.steps.empty() ? 0 : last_step(), line);
    tls_ = true;
    tls_due_ = false;
  }

  void client(const Turn& turn) {
    flush();
    if (tls_due_) begin_tls(turn.line);
    last_ = turn.at ? turn.at : last_;
    if (message_) {
      if (turn.text == ".") return end_message(turn.line);
      if (body_.size() < 10'000) body_.push_back(turn.text);
      bytes_ += turn.text.size() + 2;
      return;
    }
    if (challenged_ && !pending_.empty()) {
      auto& step = story_.steps[pending_.front()];
      item(Item::Is::client, pending_.front(), turn.line, static_cast<std::size_t>(++step.responses));
      asked_line_ = turn.line;
      step.asked_at = turn.at;
      challenged_ = false;
      return;
    }
    auto stage = stage_of(turn.text);
    if (stage == Stage::mail) ++story_.transactions;
    auto& step = add(stage);
    step.verb = verb_of(turn.text);
    step.command = turn.text;
    step.command_line = turn.line;
    step.assumed = turn.line == 0;
    if (stage == Stage::auth) {
      auto words = split(trim(turn.text), ' ');
      step.mechanism = words.size() > 1 ? upper(words[1]) : "";
      step.initial = words.size() > 2;
    }
    step.asked_at = turn.at;
    if (pending_.empty()) asked_line_ = turn.line;
    pending_.push_back(last_step());
    item(Item::Is::client, last_step(), turn.line);
  }

  void end_message(int line) {
    message_ = false;
    auto& step = add(Stage::message);
    step.command_line = line;
    step.body = std::move(body_);
    step.bytes = bytes_;
    step.recipients = recipients_;
    asked_line_ = line;
    pending_.push_back(last_step());
    item(Item::Is::body, last_step(), line);
  }

  void server(const Turn& turn) {
    if (!reply_.empty() && is_reply_line(turn.text) != is_reply_line(reply_.back())) flush();
    if (reply_.empty()) reply_line_ = turn.line;
    reply_at_ = turn.at;  // a reply that comes bit by bit is as late as its last line
    reply_.push_back(turn.text);
    if (!is_reply_line(turn.text) || turn.text.size() == 3 || turn.text[3] == ' ') flush();
  }

  // A reply is whole: whose is it?
  void flush() {
    if (reply_.empty()) return;
    bool coded = is_reply_line(reply_.back());
    int code = coded ? std::stoi(reply_.back().substr(0, 3)) : 0;
    if (!greeted_) {
      greeted_ = true;
      add(Stage::greeting);
      pending_.push_front(last_step());
    } else if (pending_.empty() && message_) {
      end_message(reply_line_);
    } else if (pending_.empty() && reply_at_ && last_ && *reply_at_ - *last_ < slow && replied_) {
      auto& unasked = story_.steps[*replied_].unasked;
      unasked.insert(unasked.end(), reply_.begin(), reply_.end());
      story_.steps[*replied_].healthy = false;
      reply_.clear();
      return;
    } else if (pending_.empty()) {
      add(Stage::idle);
      pending_.push_back(last_step());
    }
    auto at = pending_.front();
    auto& step = story_.steps[at];
    if (reply_at_ && last_ && *reply_at_ > *last_) step.waited = std::max(step.waited, *reply_at_ - *last_);
    if (reply_at_) last_ = reply_at_;
    if (step.stage == Stage::auth && code == 334) {
      step.challenges.push_back(reply_.back().size() > 4 ? reply_.back().substr(4) : "");
      item(Item::Is::server, at, reply_line_, step.challenges.size());
      challenged_ = true;
      reply_.clear();
      return;
    }
    step.reply = std::exchange(reply_, {});
    step.reply_line = reply_line_;
    step.code = last_code_ = code;
    step.assumed = step.assumed || reply_line_ == 0;
    pending_.pop_front();
    if (!pending_.empty()) asked_line_ = story_.steps[pending_.front()].command_line;
    replied_ = at;
    challenged_ = false;
    item(Item::Is::server, at, reply_line_, step.challenges.size());
    settle(step);
  }

  // What it brought about, and whether a healthy server would have said the same.
  void settle(Step& step) {
    bool positive = step.code >= 200 && step.code < 300;
    int wanted = 250;
    bool in_turn = true;
    switch (step.stage) {
      case Stage::greeting:
        wanted = 220;
        break;
      case Stage::helo:
        hello_ = hello_ || positive;
        break;
      case Stage::starttls:
        wanted = 220;
        tls_due_ = positive && !tls_;
        break;
      case Stage::auth:
        wanted = 0;  // whose password is right isn't known: a rule says it
        authenticated_ = authenticated_ || positive;
        break;
      case Stage::mail:
        in_turn = hello_;
        mail_ = positive;
        recipients_ = 0;
        break;
      case Stage::rcpt:
        in_turn = mail_;
        recipients_ += positive;
        break;
      case Stage::data:
        in_turn = mail_ && recipients_ > 0;
        wanted = 354;
        message_ = step.code == 354;
        bytes_ = 0;
        body_.clear();
        break;
      case Stage::message:
        step.stores = positive;
        in_turn = step.recipients > 0;
        break;
      case Stage::vrfy:
        wanted = 252;
        break;
      case Stage::quit:
        wanted = 221;
        break;
      case Stage::idle:
        wanted = 0;
        break;
      case Stage::command:
        in_turn = false;
        break;
      default:
        break;
    }
    step.healthy = (in_turn ? step.code == wanted : step.code >= 500 && step.code < 600) && step.waited < slow;
    if (step.stage == Stage::greeting) turned_away_ = step.code >= 500;
    step.turned_away = turned_away_ && step.code >= 500 && step.stage != Stage::greeting && step.stage != Stage::quit;
    if (step.turned_away) step.healthy = false;
  }

  void end() {
    // A reply after which the server hangs up: what the client still said doesn't matter.
    std::size_t last_replied = story_.steps.size();
    for (auto at = story_.steps.size(); at-- > 0 && story_.steps[at].connection == number_;)
      if (story_.steps[at].code > 0) {
        last_replied = at;
        break;
      }
    bool hung_up =
        last_replied < story_.steps.size() && story_.steps[last_replied].code == 421 && ending_ != Ending::silence;
    std::size_t at = 0;
    if (ending_ == Ending::tls_failed || (tls_last_ && pending_.empty())) {
      if (tls_last_ && !story_.items.empty() && story_.items.back().is == Item::Is::tls) story_.items.pop_back();
      add(Stage::handshake);
      at = last_step();
    } else if (hung_up) {
      at = last_replied;
    } else if (!greeted_) {
      add(Stage::greeting);
      at = last_step();
    } else if (!pending_.empty()) {
      at = pending_.front();
      const auto& asked = story_.steps[at].asked_at;
      if (connection_.ended_at && asked && *connection_.ended_at < *asked && replied_) at = *replied_;
    } else if (message_) {
      auto& step = add(Stage::content);
      step.bytes = bytes_;
      step.body = std::move(body_);
      at = last_step();
      item(Item::Is::body, at, connection_.ending_line);
    } else {
      if (last_replied == story_.steps.size() || ending_ == Ending::silence) return;
      at = last_replied;
      if (story_.steps[at].stage == Stage::quit) return;
    }
    auto& step = story_.steps[at];
    step.ending = ending_;
    step.ending_line = connection_.ending_line;
    step.ending_words = connection_.ending_words;
    if (step.code == 0 && connection_.ended_at && last_ && *connection_.ended_at > *last_)
      step.waited = *connection_.ended_at - *last_;
    step.healthy = false;
    item(Item::Is::ending, at, connection_.ending_line);
  }

  Story& story_;
  const Connection& connection_;
  std::size_t number_;
  std::deque<std::size_t> pending_;
  std::vector<std::string> reply_, body_;
  int reply_line_ = 0, asked_line_ = 0;
  std::optional<std::size_t> replied_;  ///< the step of the last reply
  std::optional<Micros> reply_at_, last_;
  std::size_t bytes_ = 0, recipients_ = 0;
  Ending ending_ = Ending::unknown;
  int last_code_ = 0;
  bool turned_away_ = false;
  bool greeted_ = false, hello_ = false, mail_ = false, message_ = false, challenged_ = false;
  bool tls_ = false, tls_due_ = false, tls_last_ = false, authenticated_ = false;
};

}  // namespace

bool breaks_off(const Step& auth) {
  int said = auth.responses + (auth.initial ? 1 : 0);
  return said < (auth.mechanism == "LOGIN" ? 2 : 1);
}

Story tell(const Conversation& conversation, bool verbatim) {
  Story story;
  std::size_t number = 0;
  for (const auto& connection : conversation.connections) Teller(story, connection, ++number).tell();
  if (verbatim)
    for (auto& step : story.steps)
      if (!step.assumed) step.healthy = false;
  // In the log's order, so that what is counted over the run comes as it came. What isn't in it keeps its place.
  std::vector<int> places;
  int place = 0;
  std::size_t connection = 0;
  for (auto& item : story.items) {
    if (story.steps[item.step].connection != connection) {
      connection = story.steps[item.step].connection;
      auto first = std::find_if(&item, story.items.data() + story.items.size(), [&](const Item& each) {
        return each.line > 0 && story.steps[each.step].connection == connection;
      });
      place = first == story.items.data() + story.items.size() ? place : first->line;
    }
    place = item.line > 0 ? std::max(place, item.line) : place;
    item.line = place;
  }
  auto key = [&](const Item& item) {
    return std::pair(conversation.connections[story.steps[item.step].connection - 1].log, item.line);
  };
  std::stable_sort(story.items.begin(), story.items.end(),
                   [&](const Item& a, const Item& b) { return key(a) < key(b); });
  return story;
}

}  // namespace mailfault::recorded
