// Clients of a few lines against a real session over memory, to be judged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actions/actions.hpp"
#include "base/text.hpp"
#include "engine/instance.hpp"
#include "engine/memory_wire.hpp"
#include "engine/session.hpp"
#include "journal/json_lines.hpp"
#include "tls/client.hpp"
#include "verdict/judge.hpp"

namespace mailfault {

using Script = std::vector<std::string>;

inline Script operator+(Script a, const Script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// What a client does, a step a line: "connect [DOOR]", "tls [SNI]" (the host's name if none is given, "tls -": none
/// is sent), "close", "wait 2s", "busy 2s" (the server doesn't run so long), anything else is a command line. Lines
/// joined by "|" are sent in one segment.
class Played {
 public:
  Played(const std::string& body, const Script& client, bool takes_bounces = false)
      : instance_(script::Script::load((body.starts_with("scenario") ? "" : "scenario { title = \"t\" }\n") + body,
                                       "t.lua", {action_table(), {}, 1, {}}),
                  clock_, {}) {
    if (takes_bounces)
      instance_.bounces().deliver = [this](const Bounce& bounce) {
        instance_.mutable_ledger().set_delivery(bounce.id, Bounce::Delivery::delivered, "250 Ok");
      };
    for (const auto& step : client) play(step);
    instance_.stop();
  }

  Judgement judge(JudgeOptions options = {}) {
    options.latest_timer = std::max(options.latest_timer, instance_.latest_timer());
    options.call = [&](const FunctionRef& function) {
      return instance_.script().expects(
          function, as_value(read_conversation(instance_.journal(), instance_.ledger()), instance_.ledger()));
    };
    return mailfault::judge(instance_.scenario(), instance_.journal(), instance_.ledger(), options);
  }

  std::string log() const {
    std::string out;
    for (const auto& event : instance_.journal()) out += to_text(event, "", false) + "\n";
    return out;
  }
  Conversation talk() const { return read_conversation(instance_.journal(), instance_.ledger()); }
  const Ledger& ledger() const { return instance_.ledger(); }
  const Instance& instance() const { return instance_; }

 private:
  void play(const std::string& step) {
    auto& scenario = instance_.scenario();
    auto argument = step.substr(std::min(step.size(), step.find(' ') + 1));
    if (step == "connect" || step.starts_with("connect ")) {
      const auto& door = step == "connect" ? scenario.main_door() : *scenario.door_named(argument);
      clients_.push_back({std::make_shared<MemoryWire>(clock_), std::nullopt});
      wire().connect(instance_.accept(door, clients_.back().wire));
    } else if (step == "tls" || step.starts_with("tls ")) {
      wire().take(wire().unread().size());
      tls::ClientSettings settings;
      settings.sni = step == "tls" ? scenario.host : argument == "-" ? "" : argument;
      clients_.back().tls.emplace(settings);
      wire().client_sends(clients_.back().tls->take());
    } else if (step == "close") {
      wire().client_closes();
    } else if (step.starts_with("busy ")) {
      clock_.set(clock_.now() + *parse_duration(step.substr(5)));
    } else if (step.starts_with("wait ")) {
      auto until = clock_.now() + *parse_duration(step.substr(5));
      for (auto next = next_event(); next <= until; next = next_event()) {
        clock_.set(std::max(clock_.now(), next));
        run_alarms();
      }
      clock_.set(until);
    } else {
      std::string bytes;
      for (auto line : split(step, '|')) bytes.append(line).append("\r\n");
      if (auto& tls = clients_.back().tls) {
        tls->write(bytes);
        bytes = tls->take();
      }
      wire().client_sends(bytes);
    }
    run_alarms();
  }
  MemoryWire& wire() { return *clients_.back().wire; }
  Micros next_event() const {
    auto next = never;
    for (const auto& client : clients_) next = std::min(next, client.wire->next_event());
    return std::min(next, instance_.bounces().next_due());
  }
  void run_alarms() {
    int turns = 0;
    do {
      for (; turns < 1000 && next_event() <= clock_.now(); ++turns) {
        for (auto& client : clients_)
          if (client.wire->next_event() <= clock_.now()) client.wire->run_alarm();
        instance_.bounces().send_due();
      }
    } while (exchange_records());
  }
  /// What has arrived for the clients that speak TLS; true: something had.
  bool exchange_records() {
    bool moved = false;
    for (auto& client : clients_) {
      if (!client.tls || client.wire->unread().empty()) continue;
      moved = true;
      client.tls->feed(client.wire->unread());
      client.wire->take(client.wire->unread().size());
      client.tls->read();
      if (auto answer = client.tls->take(); !answer.empty()) client.wire->client_sends(answer);
    }
    return moved;
  }

  struct Client {
    std::shared_ptr<MemoryWire> wire;
    std::optional<tls::Client> tls;
  };

  VirtualClock clock_;
  Instance instance_;
  std::vector<Client> clients_;
};

inline Script hello() { return {"connect", "EHLO client.example"}; }
inline Script envelope(const std::string& to = "b@example.net") {
  return {"MAIL FROM:<a@example.com>", "RCPT TO:<" + to + ">"};
}
inline Script text(const std::string& id = "1@example.com") {
  return {"DATA", "Message-ID: <" + id + ">|Subject: hello||Text.", "."};
}
/// STARTTLS, and TLS is up.
inline Script secured() { return hello() + Script{"STARTTLS", "tls"}; }
inline Script message(const std::string& id = "1@example.com") {
  return hello() + envelope() + text(id) + Script{"QUIT"};
}

}  // namespace mailfault
