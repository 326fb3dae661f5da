#include "engine/live.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "wire/probe.hpp"

namespace mailfault {
namespace {
constexpr Micros sweep_every = std::chrono::seconds(5);
constexpr std::size_t most_deliveries = 10;  // at a time
}  // namespace

LiveInstance::LiveInstance(wire::Reactor& reactor, std::unique_ptr<script::Script> script, const LiveOptions& options)
    : reactor_(reactor),
      instance_(std::move(script), reactor.clock(), options.instance),
      addresses_(options.addresses),
      bounce_to_(options.bounce_to) {
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
    wire::DoorOptions door_options{
        spec.name, addresses_, 0, spec.state, spec.ipv4, spec.ipv6, options.instance.capture};
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
  instance_.bounces().on_planned = [this] { wake_for_bounces(); };
  if (!bounce_to_) return;
  instance_.bounces().deliver = [this](const Bounce& bounce) {
    to_deliver_.push_back(bounce.id);
    deliver_next();
  };
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
  bounce_alarm_.reset();
  for (auto& open : doors_) open.door->poll();
  doors_.clear();
  instance_.stop();
  for (const auto& [bounce, delivery] : std::exchange(deliveries_, {})) to_deliver_.push_back(bounce);
  for (auto bounce : std::exchange(to_deliver_, {}))
    delivered(bounce, Bounce::Delivery::failed, "the run ended before");
}

std::vector<wire::Fd> LiveInstance::hold_ports() const {
  std::vector<wire::Fd> held;
  for (const auto& open : doors_)
    for (const auto& host : addresses_) {
      auto at = wire::Address::parse(host, open.door->port());
      auto socket = wire::tcp_socket(at->domain());
      if (socket && wire::bind_beside_keeper(socket.get(), *at)) held.push_back(std::move(socket));
    }
  return held;
}

std::size_t LiveInstance::bounces_open() const {
  return instance_.bounces().pending() + to_deliver_.size() + deliveries_.size();
}

void LiveInstance::wake_for_bounces() {
  auto due = instance_.bounces().next_due();
  if (due == never) return bounce_alarm_.reset();
  bounce_alarm_ = reactor_.after(std::max(Micros{}, due - instance_.now()), [this] {
    instance_.bounces().send_due();
    wake_for_bounces();
  });
}

void LiveInstance::deliver_next() {
  while (deliveries_.size() < most_deliveries && !to_deliver_.empty()) {
    auto id = to_deliver_.front();
    to_deliver_.pop_front();
    const auto& bounce = instance_.ledger().bounces()[id - 1];
    smtp::Letter letter{instance_.scenario().host, "", std::string(bounce.to), std::string(bounce.text)};
    deliveries_[id] =
        wire::deliver(reactor_, *bounce_to_, std::move(letter), [this, id](bool taken, const std::string& answer) {
          auto delivery = std::exchange(deliveries_[id], nullptr);
          deliveries_.erase(id);
          delivered(id, taken ? Bounce::Delivery::delivered : Bounce::Delivery::failed, answer);
          deliver_next();
        });
  }
}

void LiveInstance::delivered(std::uint32_t bounce, Bounce::Delivery how, const std::string& answer) {
  instance_.mutable_ledger().set_delivery(bounce, how, answer);
  auto where = how == Bounce::Delivery::delivered ? "delivered to " : "failed at ";
  instance_.journal().add({.kind = EventKind::delivery, .number = bounce},
                          where + bounce_to_->written() + ": " + answer);
}

void LiveInstance::sweep_later() {
  sweeper_ = reactor_.after(sweep_every, [this] {
    instance_.sweep();
    sweep_later();
  });
}

}  // namespace mailfault
