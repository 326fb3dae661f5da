// One connection: the SMTP dialogue, the rules that break it, the ops that they were lowered to.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/instance.hpp"
#include "engine/play.hpp"
#include "sasl/mechanism.hpp"
#include "smtp/body.hpp"
#include "smtp/command.hpp"
#include "smtp/input.hpp"
#include "tls/engine.hpp"
#include "wire/wire.hpp"

namespace mailfault {

/// Takes bytes in any split, decides what is sent and when. Knows the wire and the clock only as interfaces, so the
/// replay plays it on a virtual clock.
class Session final : public wire::WireListener, public script::Host {
 public:
  Session(Instance& instance, std::uint32_t number, const DoorSpec& door, std::shared_ptr<wire::Wire> wire);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Plays `connect`, and the greeting if nothing is in the way; a `silent` door says nothing, ever. May end (and
  /// destroy) the session.
  void begin(bool silent);
  /// The run is over. Destroys the session.
  void end_by_run();
  bool silent_too_long() const;
  /// 421, FIN. Destroys the session.
  void time_out();
  void heal() { wire_->heal(); }

  std::uint32_t number() const { return number_; }
  /// Neither side has ended it.
  bool open() const { return !ended_ && !peer_gone_; }
  FieldValue field(const FieldRef& ref) override;
  std::string key_of(const std::vector<FieldRef>& fields);

  void on_bytes(std::string_view bytes) override;
  void on_peer_end(wire::PeerEnd how) override;
  void on_wake() override;
  void on_closed() override;

 private:
  enum class Phase : std::uint8_t {
    proxy,
    opening,
    handshake,
    commands,
    sasl,
    body,
    skipping,
    delivering,
    quiet,
    over
  };
  enum class Step : std::uint8_t { done, again, waiting, rule_over };
  enum class EndedBy : std::uint8_t { client, server, run };

  /// A report that a rule wants once the message is stored.
  struct Wish {
    std::shared_ptr<const op::Bounce> bounce;
    std::string recipient;
  };
  struct Transaction {
    std::vector<std::string> recipients;
    std::vector<std::vector<smtp::Parameter>> parameters;  // of each recipient's RCPT
    std::vector<Wish> wishes;
    bool chunked = false;       // its body comes by BDAT
    bool failed = false;        // a chunk of it was refused, so no further one is taken
    std::size_t delivered = 0;  // LMTP: recipients whose reply was given
  };
  /// Of BDAT, while it is read.
  struct Chunk {
    std::uint64_t size = 0, left = 0;
    bool last = false;
    std::optional<ReplyName> refusal;  // what follows when it was thrown away; none: it was answered before
  };
  struct Body {
    explicit Body(smtp::BodyReader with) : reader(std::move(with)) {}
    smtp::BodyReader reader;
    std::vector<const Rule*> armed;  // rules of `content` whose triggers hold, by their point
    std::size_t next_armed = 0;
    bool answered = false;  // the rest is thrown away
    Micros first{};
  };
  /// From the moment a ClientHello is awaited.
  struct Tls {
    tls::Engine engine;
    std::vector<const Rule*> armed;  // rules of `handshake` that wait for a message
    std::string certificate;         // the recipe's name
    std::string sent;                // names of the messages in out_
    std::string kept;                // came in clear, to be executed inside
    std::size_t alerts_told = 0;
    bool answered = false;  // the healthy answer to the ClientHello was given
    bool up = false;
    bool notified = false;  // our close_notify has left
  };

  // The flow (session.cpp).
  void turn();
  void advance();
  bool take_command();
  void dispatch(std::string_view line);
  void take_sasl_line(std::string_view line, bool too_long);
  void begin_body();
  bool take_body();
  void finish_body();
  bool idle_due();
  bool clients_turn() const;
  void begin_stage(Stage stage, std::string argument = {});
  void begin_single(Stage stage, const std::vector<Rule>& rules, const Rule& rule);
  bool go_on_with_stage();
  void end_stage();
  void after_stage(Stage stage);
  void conclude();
  void end(EndedBy by, std::string how);
  void run_close_rules();
  void fail_script(const std::string& what);
  void set_alarm();

  // TLS (secure.cpp).
  tls::Settings tls_settings() const;
  bool offers_starttls() const;
  void begin_tls();
  void begin_handshake();
  void answer_tls();
  void gather_tls(std::size_t most = std::string::npos);
  const Rule* armed_rule() const;
  bool take_handshake();
  void tls_is_up();
  void tls_is_over();
  void tell_tls();
  std::string decrypt(std::string_view bytes);
  void transmit(std::string_view bytes);
  void send_records();
  void send_close_notify();
  void close_connection(Micros linger, bool with_close_notify = true);
  void send_alert(std::uint8_t code);
  void send_record(std::uint8_t type, const std::string& content);
  void update_keys();
  void renegotiate();
  bool pipelining_offered() const { return offered_ && offered_->pipelining; }
  /// RCPT and DATA that a client sends together with a MAIL are none of its faults when that is refused (RFC 2920).
  bool in_refused_group() const { return mail_refused_ && pipelining_offered(); }
  bool tls_up() const { return tls_ && tls_->up; }

  // The commands (commands.cpp).
  void helo(const smtp::Command& command);
  void auth(std::string_view argument);
  void sasl_step(const sasl::Step& step);
  sasl::Context sasl_context() const;
  void begin_challenge();
  void after_challenge();
  void mail(std::string_view argument);
  void rcpt(std::string_view argument);
  void data(std::string_view argument);
  void starttls(std::string_view argument);
  void simple_reply(ReplyName name, std::string detail = {});
  /// What extensions say, which no provider has words of its own for.
  void simple_reply(int code, std::string_view enhanced, std::string_view text);
  void syntax_reply(const smtp::SyntaxError& error, ReplyName form, ReplyName path, std::string_view argument);
  void throw_out(ReplyName name, std::string how);
  bool asks_for_more();
  void etrn(std::string_view argument);
  void expn(std::string_view argument);
  void help();
  void burl();
  bool command_offered(std::string_view keyword);
  bool message_is_within_limits();
  std::string recipient_beyond_limits() const;
  void violation(std::string_view name, std::string_view details = {});
  bool parameters_hold(const smtp::Envelope& envelope, bool of_mail);
  void judge_line(const smtp::Line& line);
  void judge_body();

  // Bodies in chunks (bdat.cpp).
  void bdat(std::string_view argument);
  void skip_answered_chunk();
  bool take_skipped();
  void chunk_is_over();
  std::size_t feed_body(std::uint64_t stop_at);

  // Who the client says that it is (claims.cpp).
  bool take_proxy_header();
  void xclient(std::string_view argument);
  std::string peer_address() const { return claimed_peer_.empty() ? wire_->peer_address() : claimed_peer_; }

  // LMTP (lmtp.cpp).
  bool says_hello_with_extensions() const { return verb_ == "EHLO" || verb_ == "LHLO"; }
  bool hello_fits_door(smtp::Verb verb);
  bool deliver_to_next();

  // The healthy server (healthy.cpp).
  void healthy();
  void healthy_reply(ReplyName name, std::string detail = {});
  void healthy_reply(int code, std::string_view enhanced, std::string_view text);
  void own_reply(ReplyName name);
  void greet();
  void answer_helo();
  void send_challenge();
  void decide(int code);
  void effect_now_or_late();
  void apply_effect();
  std::uint64_t size_limit() const;
  void store();

  // What a client may do (limits.cpp).
  bool within_limits();
  bool exceeded(const Limit& limit);
  void count(const Limit& limit);
  void refuse(const Limit& limit);
  void close_by_limit();
  Micros idle_limit_at() const;
  bool idle_limit_due();
  // Reports to the sender (report.cpp).
  void plan_bounce(const op::Bounce& bounce);
  std::string why_not_told(const op::Bounce& bounce) const;
  PlannedBounce planned(const Wish& wish, std::uint32_t message);
  void schedule_bounces(std::uint32_t message);

  // Rules and ops (perform.cpp).
  bool plays_here(const Rule& rule) const;
  void count_for(const std::vector<Rule>& rules, std::size_t from);
  bool holds(const Rule& rule);
  bool condition_holds(const Condition& condition);
  void announce(const Rule& rule);
  void push_ops(const Rule& rule);
  bool run_frames(std::size_t depth);
  bool take_response();
  Step perform(const Op& op);
  bool wait_is_over();
  Step wait_for(Play::Wait wait, Micros nominal);
  bool flush();
  bool send_pieces();
  std::size_t piece_end() const;
  bool client_left();
  bool undeliverable() const;
  void say_sent(std::string_view bytes, Micros first);
  std::string expand(const Template& text);
  void step_function(const script::Activation::Result& result);
  void abandon_play();
  script::Activation& activation();

  // script::Host
  std::optional<script::Answer> perform(Action action) override;
  std::optional<script::Answer> read_line(Micros nominal) override;
  std::optional<script::Answer> wait(Micros nominal, std::optional<std::string> glob) override;
  double draw() override;
  std::optional<script::Answer> perform_for_function(std::vector<Op> ops);

  const Scenario& scenario() const { return instance_.scenario(); }
  const Provider& provider() const { return provider_ ? *provider_ : instance_.provider(); }
  const std::string& host() const { return provider_ ? provider_->host : scenario().host; }
  const std::vector<std::string>& capability_lines();
  void journal(EventKind kind, std::string_view text, Event event = {});
  std::string redacted(std::string_view text) const;
  std::string shown_auth(const smtp::Command& command) const;
  std::string queue_id() const;
  std::string session_id() const;
  Draws draws_for(const Rule& rule, std::uint32_t salt = 0) const;
  void quiet();

  Instance& instance_;
  const DoorSpec& door_;
  std::shared_ptr<wire::Wire> wire_;
  smtp::Input input_;
  std::uint32_t number_;

  Phase phase_ = Phase::opening;
  Stage stage_ = Stage::connect;
  bool in_stage_ = false;
  bool answered_ = false;  // of the stage under way…
  bool effect_done_ = false;
  bool effect_late_ = false;  // it happens when the rule is over
  bool went_on_ = false;      // the default of connect and command was played
  bool body_follows_ = false;
  bool stored_ = false;
  bool limit_closes_ = false;  // once the stage is over
  std::int8_t forced_ = -1;    // accept: 1, discard: 0
  std::uint16_t code_ = 0;     // the last that was decided
  std::array<std::uint16_t, stage_count> occurrences_{};
  std::string argument_;   // the stage's
  std::string out_;        // what the stage sends
  std::string helo_text_;  // what `helo` has sent
  std::unique_ptr<Play> play_;
  std::unique_ptr<script::Activation> activation_;

  bool early_ = false;  // the command under way
  std::uint64_t early_upto_ = 0;
  bool peer_gone_ = false;  // FIN, or dead
  bool peer_dead_ = false;  // nothing that is sent arrives
  bool held_ = false;       // reading is stopped: too much is pending
  bool stopped_reading_ = false;
  Micros read_again_at_ = never;
  Micros alarm_ = never;
  Micros quiet_since_{};
  std::size_t next_idle_ = 0;
  bool new_turn_ = true;       // the client's turn begins with the next wait
  bool write_closed_ = false;  // half_close() was played
  std::optional<EndedBy> ended_;
  std::string ended_how_;
  bool concluded_ = false;

  bool esmtp_ = false, authenticated_ = false;
  std::shared_ptr<const smtp::Offered> offered_;
  std::string helo_, from_, rcpt_, line_, verb_;
  std::string detail_;  // what the reply is about
  std::uint32_t message_ = 0, messages_ = 0;
  std::uint32_t errors_ = 0, junk_ = 0;  // since the last message that was stored
  std::unique_ptr<Transaction> transaction_;
  std::vector<smtp::Parameter> mail_parameters_, rcpt_parameters_;
  bool mail_refused_ = false;  // no command but RCPT and DATA came since
  bool utf8_ = false;          // MAIL declared SMTPUTF8
  std::unique_ptr<Body> body_;
  std::unique_ptr<Chunk> chunk_;
  std::string claimed_peer_;  // by PROXY or XCLIENT; empty: none
  bool group_ended_ = false;  // the last command must be the last of its group (RFC 2920)
  std::unique_ptr<Tls> tls_;
  tls::Settings tls_use_;  // of use{}
  Stage stage_before_tls_ = Stage::connect;
  bool keep_pending_ = false;
  std::unique_ptr<sasl::Mechanism> mechanism_;
  struct Login {
    std::string mechanism, user, password;
    std::string response;   // the last one, as it came
    std::string challenge;  // the last one that was due, not in base64
    std::uint64_t challenges = 0;
    bool in_exchange = false;                   // a challenge is being played, not the verdict
    std::optional<std::string> early_response;  // that a rule's challenge was answered with
    bool accepted = false;
    std::string error;  // of a token that isn't accepted
    bool error_told = false;
  };
  std::unique_ptr<Login> login_;
  std::unique_ptr<std::vector<std::string>> violations_;                     // their names, each once
  std::unique_ptr<std::vector<std::string>> capabilities_;                   // of use{}
  std::shared_ptr<const Provider> provider_;                                 // of use{}
  std::unique_ptr<std::unordered_map<std::string, EventCount>> own_counts_;  // per connection and message
};

}  // namespace mailfault
