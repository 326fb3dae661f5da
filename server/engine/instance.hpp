// One running scenario: its script, journal, ledger, counters and sessions, isolated from every other instance.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/bounces.hpp"
#include "engine/counters.hpp"
#include "journal/capture_file.hpp"
#include "journal/journal.hpp"
#include "journal/ledger.hpp"
#include "script/script.hpp"
#include "smtp/capabilities.hpp"
#include "tls/certificate.hpp"
#include "wire/wire.hpp"

namespace mailfault {

class Session;

struct InstanceOptions {
  std::uint64_t seed = 0;
  double time_scale = 1;                               ///< real time = nominal time × this
  bool offer_tls = false;                              ///< STARTTLS also where the scenario says nothing of TLS
  std::vector<std::string> hosts;                      ///< more names for good certificates
  std::shared_ptr<const tls::Identity> identity;       ///< of files, in place of the recipe "good"; null: none
  std::function<void(const std::string&)> on_tls_key;  ///< gets lines of the NSS key log
  std::shared_ptr<CaptureFile> capture;                ///< gets what passes on every connection
  bool show_secrets = false;                           ///< credentials go into the journal as they came
  std::size_t journal_limit = std::size_t{256} << 20;
  std::size_t ledger_limit = std::size_t{1} << 30;
};

/// Lives on one thread. Times of `clock` are real, of the scenario nominal.
class Instance {
 public:
  Instance(std::unique_ptr<script::Script> script, const Clock& clock, const InstanceOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const Scenario& scenario() const { return script_->scenario(); }
  const InstanceOptions& options() const { return options_; }
  Journal& journal() { return journal_; }
  const Journal& journal() const { return journal_; }
  const Ledger& ledger() const { return ledger_; }
  Bounces& bounces() { return bounces_; }
  const Bounces& bounces() const { return bounces_; }

  /// A client was accepted by a door. Null if the session is over already: then the wire ends by itself.
  wire::WireListener* accept(const DoorSpec& door, std::shared_ptr<wire::Wire> wire, bool silent = false);
  /// Ends every session; the journal says that the run did it.
  void stop();
  /// Ends sessions whose client has been silent for longer than a real server would bear (10 minutes, real time).
  void sweep();
  /// Takes the socket filters off every connection.
  void heal();

  /// The session of a connection's number; null once it is over.
  Session* session(std::uint32_t number);
  std::size_t open_sessions() const { return sessions_.size(); }
  std::uint32_t connections() const { return connections_; }
  /// How late the sessions' timers fired at worst: what no bound of time can be finer than.
  Micros latest_timer() const { return latest_timer_; }
  /// A script error, or a bound that was reached: the run can't pass.
  bool failed() const { return failed_ || journal_.full() || ledger_.full(); }

  // For sessions.
  Micros now() const { return clock_.now(); }
  Micros nominal_now() const { return to_nominal(clock_.now()); }
  Micros to_real(Micros nominal) const;
  Micros to_nominal(Micros real) const;
  void timer_fired(Micros asked_for) { latest_timer_ = std::max(latest_timer_, clock_.now() - asked_for); }
  script::Script& script() { return *script_; }
  Ledger& mutable_ledger() { return ledger_; }
  void script_error(std::uint32_t connection, const std::string& what);
  void retire(Session& session);
  /// The events of a rule for a key, where it counts beyond one connection. Throws Error above 100,000 keys.
  EventCount& events_of(const Rule& rule, const std::string& key);
  /// What is left of a rate limit of this scenario.
  Buckets& buckets_of(const Limit& limit);
  /// Takes one event's place. Throws Error above 100,000 keys.
  void take(const Limit& limit, const std::string& key);
  /// Sessions that are open and have the same value of these fields as this one.
  std::size_t open_like(Session& session, const std::vector<FieldRef>& fields) const;
  /// What an EHLO reply offers; equal texts share one.
  std::shared_ptr<const smtp::Offered> offer_of(const std::string& reply);
  /// The lines of that provider's EHLO reply, as the scenario has edited them. `starttls`: it is offered (TLS isn't
  /// up).
  const std::vector<std::string>& capability_lines(const Provider& provider, bool starttls, bool tls,
                                                   bool authenticated);
  /// The scenario's, or the built-in server.
  const Provider& provider() const { return scenario().provider ? *scenario().provider : built_in_provider(); }
  DoorTls tls_of(const DoorSpec& door) const;
  /// For a URL of the main door: "smtp", "smtps" (TLS from the first byte) or "lmtp".
  std::string_view url_scheme() const;
  /// A rule in words, as the journal and the terminal show it.
  const std::string& words_of(const Rule& rule) const { return words_[rule.number]; }
  /// The rules of `idle` by the silence that they wait for.
  const std::vector<const Rule*>& idle_rules() const { return idle_rules_; }

 private:
  std::unique_ptr<script::Script> script_;
  const Clock& clock_;
  InstanceOptions options_;
  Journal journal_;
  Ledger ledger_;
  Bounces bounces_;
  bool failed_ = false;
  Micros latest_timer_{};
  std::uint32_t connections_ = 0;
  // By what capability_lines() is asked for, and by the provider's name; made when asked.
  std::map<std::string, std::array<std::vector<std::string>, 8>> capabilities_;
  std::vector<const Rule*> idle_rules_;
  std::vector<std::string> words_;  // by the rule's number
  std::unordered_map<std::uint32_t, std::unique_ptr<Session>> sessions_;
  std::vector<std::unordered_map<std::string, EventCount>> counts_;  // by the rule's number
  std::vector<Buckets> buckets_;                                     // by the limit's place in the scenario
  std::unordered_map<std::string, std::shared_ptr<const smtp::Offered>> offers_;
};

}  // namespace mailfault
