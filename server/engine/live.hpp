// An instance on real sockets: its doors on a reactor's thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/instance.hpp"
#include "wire/delivery.hpp"
#include "wire/reactor.hpp"
#include "wire/sockets.hpp"

namespace mailfault {

struct LiveOptions {
  InstanceOptions instance;
  std::vector<std::string> addresses;          ///< to listen at; empty: 127.0.0.1, and ::1 where there is IPv6
  std::map<std::string, std::uint16_t> ports;  ///< by the door's name; those not named get a free one
  std::optional<wire::MailHost> bounce_to;     ///< bounces are delivered there; none: they stay in the ledger
};

/// Made before the reactor runs, or on its thread; ended on its thread.
class LiveInstance {
 public:
  /// Opens the doors. Throws Error if one can't be opened, or if the scenario needs what this machine can't play.
  LiveInstance(wire::Reactor& reactor, std::unique_ptr<script::Script> script, const LiveOptions& options);
  ~LiveInstance();

  struct OpenDoor {
    const DoorSpec* spec;
    std::unique_ptr<wire::Door> door;
  };
  const std::vector<OpenDoor>& doors() const { return doors_; }
  const std::vector<std::string>& addresses() const { return addresses_; }
  /// The port that a client is given.
  std::uint16_t main_port() const;
  /// Throws Error for an unknown door or a state that can't be.
  void set_door(const std::string& name, DoorState state);
  /// Takes off all socket filters and opens doors that were dropped or refused by set_door().
  void heal();
  /// Closes the doors and ends every session. Bounces that aren't delivered by now never are.
  void stop();
  /// Sockets that hold the doors' ports while the instance is made anew: for a moment nobody else would.
  std::vector<wire::Fd> hold_ports() const;
  /// Bounces that are due some time, or on their way.
  std::size_t bounces_open() const;

  Instance& instance() { return instance_; }
  const Instance& instance() const { return instance_; }

 private:
  void announce(const OpenDoor& open);
  void sweep_later();
  void wake_for_bounces();
  void deliver_next();
  void delivered(std::uint32_t bounce, Bounce::Delivery how, const std::string& answer);

  wire::Reactor& reactor_;
  Instance instance_;
  std::vector<std::string> addresses_;
  std::vector<OpenDoor> doors_;
  std::shared_ptr<void> sweeper_, bounce_alarm_;
  std::optional<wire::MailHost> bounce_to_;
  std::deque<std::uint32_t> to_deliver_;
  std::map<std::uint32_t, std::shared_ptr<void>> deliveries_;
};

}  // namespace mailfault
