#include "engine/live.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "wire/probe.hpp"

namespace mailfault {
namespace {
constexpr Micros sweep_every = std::chrono::seconds(5);
}

LiveInstance::LiveInstance(wire::Reactor& reactor, std::unique_ptr<script::Script> script, const LiveOptions& options)
    : reactor_(reactor),
      instance_(std::move(script), reactor.clock(), options.instance),
      addresses_(options.addresses) {
  const auto& scenario = instance_.scenario();
  if (auto what = scenario.needs_filters(); !what.empty() && !wire::filters_work())
    throw NotApplicable(
        Place{scenario.path, 0},
        "not applicable on this machine: " + what +
            " needs socket filters (tier T1); run as root or with CAP_NET_ADMIN ('mailfault doctor' says more)");
  if (addresses_.empty()) {
    addresses_.emplace_back("127.0.0.1");
    if (wire::ipv6_works()) addresses_.emplace_back("::1");
  }
  for (const auto& spec : scenario.doors) {
    wire::DoorOptions door_options{spec.name, addresses_, 0, spec.state, spec.ipv4, spec.ipv6};
    if (auto port = options.ports.find(spec.name); port != options.ports.end()) door_options.port = port->second;
    bool has_ipv6 = std::any_of(addresses_.begin(), addresses_.end(),
                                [](const std::string& each) { return each.find(':') != std::string::npos; });
    if (spec.ipv6 && !has_ipv6)
      throw NotApplicable(Place{scenario.path, 0}, "not applicable on this machine: door '" + spec.name +
                                                       "' has an ipv6 state, and there is no IPv6 here");
    wire::Door::Events events;
    auto index = doors_.size();
    events.accepted = [this, &spec, index](std::shared_ptr<wire::Wire> accepted) {
      int family = accepted->peer_address().find(':') == std::string::npos ? 4 : 6;
      bool silent = doors_[index].door->state(family) == DoorState::silent;
      return instance_.accept(spec, std::move(accepted), silent);
    };
    events.swallowed = [this, &spec](std::uint64_t count) {
      instance_.journal().add({.kind = EventKind::swallowed, .number = count}, spec.name);
    };
    events.trouble = [this](const std::string& what) { instance_.journal().add({.kind = EventKind::limit}, what); };
    doors_.push_back({&spec, std::make_unique<wire::Door>(reactor, door_options, std::move(events))});
  }
  instance_.journal().add({.kind = EventKind::fact}, "scenario " + scenario.id + ", seed " +
                                                         std::to_string(options.instance.seed) + ", time scale " +
                                                         written(options.instance.time_scale));
  for (const auto& open : doors_) announce(open);
  sweep_later();
}

LiveInstance::~LiveInstance() { stop(); }

void LiveInstance::announce(const OpenDoor& open) {
  std::string text = open.spec->name;
  for (const auto& address : addresses_) {
    bool v6 = address.find(':') != std::string::npos;
    text += std::string(" ") + (v6 ? "[" + address + "]" : address) + " " +
            std::string(name_of(open.door->state(v6 ? 6 : 4)));
  }
  if (open.spec->port) text += " (nominally port " + std::to_string(open.spec->port) + ")";
  instance_.journal().add({.kind = EventKind::door, .number = open.door->port()}, text);
}

std::uint16_t LiveInstance::main_port() const {
  const auto& main = instance_.scenario().main_door();
  for (const auto& open : doors_)
    if (open.spec == &main) return open.door->port();
  return 0;
}

void LiveInstance::set_door(const std::string& name, DoorState state) {
  for (auto& open : doors_) {
    if (open.spec->name != name) continue;
    open.door->set_state(state);
    announce(open);
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& open : doors_) names.push_back(open.spec->name);
  throw Error("there is no door '" + name + "'" + did_you_mean(name, names));
}

void LiveInstance::heal() {
  instance_.heal();
  for (auto& open : doors_) {
    open.door->set_state(DoorState::open);
    announce(open);
  }
}

void LiveInstance::stop() {
  sweeper_.reset();
  for (auto& open : doors_) open.door->poll();
  doors_.clear();
  instance_.stop();
}

void LiveInstance::sweep_later() {
  sweeper_ = reactor_.after(sweep_every, [this] {
    instance_.sweep();
    sweep_later();
  });
}

}  // namespace mailfault
