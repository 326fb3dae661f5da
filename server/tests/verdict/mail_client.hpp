// A whole mail client over memory, correct but for one misdeed that a test asks of it: what proves a scenario.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/instance.hpp"
#include "engine/memory_wire.hpp"
#include "smtp/capabilities.hpp"
#include "tests/verdict/misdeeds.hpp"
#include "tls/client.hpp"
#include "verdict/judge.hpp"

namespace mailfault {

struct Letter {
  std::string from = "a@example.com";
  std::vector<std::string> to;
  std::string text;  ///< its header but for the Message-ID, and its body; lines end with CRLF
};

/// What the client is set up to do: what the scenario needs, with the addresses and words of its first example.
struct Plan {
  std::map<std::string, Value> parameters;  ///< of the scenario; empty: its defaults
  std::vector<Letter> letters;
  std::string helo = "client.example";
  std::string mail_parameters, rcpt_parameters;  ///< wanted where they are offered
  std::size_t connections = 1;                   ///< at a time
  Micros idle{};                                 ///< between two letters
  bool tls = false, login = false, chunks = false, bounces = false;
  bool by_address = false;         ///< it knows the server by its address, not by a name
  bool implicit_tls = false;       ///< whatever the door does
  bool hello_after_login = false;  ///< EHLO once more
  bool resets = false;             ///< RSET behind each message
  /// Its user takes a 5yz for what it says of the client's own set-up; the codes can't tell.
  bool own_setup = false;
  bool keeps_password = false;  ///< its user allows no login in clear
  bool pipelines = false;
  std::string mechanism;  ///< to log in with, if it is offered
  std::string proxy;      ///< the line that a door with PROXY wants first
  std::shared_ptr<const tls::Identity> certificate;
  std::string user, password;
};
Plan plan_of(const Scenario& scenario);

/// Timeouts are RFC 5321's least (section 4.5.3.2). 4yz: tried again, by gaps that grow, four times. 5yz: reported. A
/// reply to the dot that is lost: tried again later, with the same Message-ID. Where security stops it, nothing more
/// is sent. A connection that went stale: opened anew, once. At most 200 virtual minutes.
class MailClient {
 public:
  MailClient(Instance& instance, VirtualClock& clock, const Plan& plan, Misdeed flaw);

  /// Sends all letters; the instance has stopped then.
  void run();
  /// Its words on its letters, and how it ended.
  JudgeOptions told();
  /// The misdeeds for which there was an occasion.
  const std::set<Misdeed>& occasions() const { return occasions_; }

 private:
  enum class Fate : std::uint8_t { pending, sent, deferred, refused, misconfigured, stopped };
  struct Reply {
    int code = 0;  ///< 0: it has none
    std::string text;
    int kind() const { return code / 100; }
  };
  struct Sending {
    Letter letter;
    std::string id;
    std::vector<Fate> fates;  ///< of each recipient
    bool reconnected = false, login_forgotten = false;
    bool open() const;
    bool all(Fate fate) const;
  };
  struct Line {
    std::shared_ptr<MemoryWire> wire;
    std::optional<tls::Client> tls;
    std::string text;  ///< what came and was not taken
    smtp::Offered offer;
    bool usable = false, used = false, lmtp = false, logged_in = false;
    bool refused = false;  ///< a transaction is open that came to nothing
    std::vector<Sending*> sent;
  };
  struct TimeIsUp {};

  bool does(Misdeed misdeed) {
    occasions_.insert(misdeed);
    return flaw_ == misdeed;
  }
  // Time and bytes.
  Micros next_event() const;
  void pump();
  template <class Condition>
  bool until(Micros patience, Condition condition);
  void sleep(Micros time);
  void collect(Line& line);
  bool ended(const Line& line) const;
  void send(Line& line, std::string_view bytes);
  std::optional<Reply> answer(Line& line, Micros patience);
  std::optional<Reply> say(Line& line, const std::string& command, Micros patience = std::chrono::minutes(5));
  void drop(Line& line);
  void leave(Line& line);
  Fate trouble(Line& line, const std::optional<Reply>& reply);
  // A connection: none, or why there is none.
  std::optional<Fate> open(Line& line);
  std::optional<Fate> greeted(Line& line);
  std::optional<Fate> hello(Line& line);
  std::optional<Fate> secure(Line& line);
  std::optional<Fate> begin_tls(Line& line);
  std::optional<Fate> in_clear_instead(Line& line, Fate stopped);
  std::optional<Fate> log_in(Line& line);
  std::optional<Fate> hello_again(Line& line);
  static std::string offered_of(const Line& line, const std::string& parameters);
  std::optional<Reply> exchange(Line& line, const std::string& mechanism, bool& malformed);
  // A letter.
  void round(bool first);
  void deliver(Line& line, Sending& sending);
  void transact(Line& line, Sending& sending);
  void transact_at_once(Line& line, Sending& sending, const std::string& mail);
  void data(Line& line, Sending& sending, const std::vector<std::size_t>& accepted);
  void content(Line& line, Sending& sending, const std::vector<std::size_t>& accepted, bool early);
  std::optional<Reply> chunks(Line& line, const std::string& text);
  std::string mail_command(const Line& line, const Sending& sending);
  std::string text_of(const Line& line, Sending& sending);
  std::string on_the_wire(const std::string& text);
  void settle(Sending& sending, std::size_t recipient, Fate fate);
  void settle_all(Sending& sending, Fate fate);
  void reset(Line& line);
  void quit(Line& line);
  void take_bounces();
  void wait_before_retry(std::size_t tries);
  std::vector<ClientWord> words();

  Instance& instance_;
  VirtualClock& clock_;
  const Plan& plan_;
  Misdeed flaw_;
  std::set<Misdeed> occasions_;
  std::list<Line> lines_;
  std::list<Sending> sendings_;
  std::set<std::string, std::less<>> suppressed_;  ///< recipients that bounced or complained
  std::string output_;
  Micros round_began_{};
  std::optional<Micros> time_up_;
  bool in_clear_ = false, helo_only_ = false, no_chunks_ = false, no_groups_ = false;
  int turns_ = 0, ids_ = 0;
};

}  // namespace mailfault
