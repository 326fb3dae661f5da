// An instance that the API has made, on its worker's thread.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "control/api.hpp"
#include "control/http.hpp"
#include "control/watch.hpp"
#include "engine/live.hpp"
#include "verdict/judge.hpp"

namespace mailfault::control {

/// What an instance was made of, so that it can be made again.
struct Recipe {
  Wanted wanted;
  LiveOptions live;
  std::uint16_t main_port = 0;  ///< of the door that a client is given; 0: a free one
};

/// All calls on the worker's thread.
class Hosted final : JournalListener {
 public:
  /// Throws NotApplicable, and Refusal (409) for a port that can't be had.
  Hosted(wire::Reactor& reactor, std::string id, const ApiOptions& options, Recipe recipe,
         std::unique_ptr<script::Script> script);
  ~Hosted() override;

  const std::string& id() const { return id_; }
  const Recipe& recipe() const { return recipe_; }
  LiveInstance& live() { return *live_; }
  Instance& instance() { return live_->instance(); }

  boost::json::object described() const;
  /// Begins anew at the same ports, without the old sessions, journal and ledger. Once it has thrown, it is of no
  /// use any more.
  void reset(Recipe recipe, std::unique_ptr<script::Script> script);

  /// `done` is called once: when it matches, when its time is up, when the instance ends or is reset.
  void wait(std::uint64_t number, WaitFor wanted, std::function<void(HttpAnswer)> done);
  void forget_wait(std::uint64_t number) { waits_.erase(number); }

 private:
  struct Waiting {
    Watch watch;
    std::function<void(HttpAnswer)> done;
    std::shared_ptr<void> alarm;
  };

  void on_event(const Event& event) override;
  void open(std::unique_ptr<script::Script> script);
  void end_waits(const std::string& why);

  wire::Reactor& reactor_;
  const std::string id_;
  const ApiOptions& options_;
  Recipe recipe_;
  std::map<std::uint64_t, Waiting> waits_;
  std::unique_ptr<LiveInstance> live_;
};

/// Gives doors their ports: those that the recipe names, else those of `before`, with `main_before` for the main one.
/// Throws Refusal for a door that the scenario doesn't have.
void settle_ports(Recipe& recipe, const Scenario& scenario, const std::map<std::string, std::uint16_t>& before = {},
                  std::uint16_t main_before = 0);

HttpAnswer messages_of(const Instance& instance, const HttpRequest& request);
HttpAnswer message_of(const Instance& instance, std::uint64_t id);
/// Who reads a bounce's text here has got it: the journal and the verdict know.
HttpAnswer bounces_of(Instance& instance, const HttpRequest& request);
HttpAnswer bounce_of(Instance& instance, std::uint64_t id);
HttpAnswer journal_of(const Instance& instance, const HttpRequest& request);
/// Judges what was seen so far.
boost::json::object verdict_of(Instance& instance, JudgeOptions options);

}  // namespace mailfault::control
