#include "engine/instance.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "engine/session.hpp"

namespace mailfault {
namespace {
constexpr std::size_t most_keys = 100'000;
constexpr std::size_t most_offers = 64;
}  // namespace

Instance::Instance(std::unique_ptr<script::Script> script, const Clock& clock, const InstanceOptions& options)
    : script_(std::move(script)),
      clock_(clock),
      options_(options),
      journal_(clock, options.journal_limit),
      ledger_(options.ledger_limit),
      bounces_(clock, journal_, ledger_),
      counts_(script_->scenario().rule_count),
      buckets_(script_->scenario().limits.all.size()) {
  script_->nominal_now = [this] { return nominal_now(); };
  script_->print = [this](std::string_view text) {
    journal_.add({.kind = EventKind::fact}, "print: " + std::string(text));
  };
  words_.resize(scenario().rule_count);
  for (const auto& stage : scenario().rules)
    for (const auto& rule : stage) words_[rule.number] = words(rule);
  for (const auto& rule : scenario().rules_at(Stage::idle)) idle_rules_.push_back(&rule);
  std::stable_sort(idle_rules_.begin(), idle_rules_.end(), [](const Rule* a, const Rule* b) {
    return std::get<Micros>(*a->triggers.at) < std::get<Micros>(*b->triggers.at);
  });
}

Instance::~Instance() = default;

wire::WireListener* Instance::accept(const DoorSpec& door, std::shared_ptr<wire::Wire> wire, bool silent) {
  auto number = ++connections_;
  auto& session = sessions_[number] = std::make_unique<Session>(*this, number, door, std::move(wire));
  session->begin(silent);
  auto still = sessions_.find(number);
  return still == sessions_.end() ? nullptr : still->second.get();
}

Session* Instance::session(std::uint32_t number) {
  auto found = sessions_.find(number);
  return found == sessions_.end() ? nullptr : found->second.get();
}

void Instance::stop() {
  while (!sessions_.empty()) sessions_.begin()->second->end_by_run();
  bounces_.drop();
}

void Instance::sweep() {
  std::vector<Session*> silent;
  for (auto& [number, session] : sessions_)
    if (session->silent_too_long()) silent.push_back(session.get());
  for (auto* session : silent) session->time_out();
}

void Instance::heal() {
  for (auto& [number, session] : sessions_) session->heal();
}

Micros Instance::to_real(Micros nominal) const {
  if (options_.time_scale == 1) return nominal;
  return Micros(std::llround(static_cast<double>(nominal.count()) * options_.time_scale));
}

Micros Instance::to_nominal(Micros real) const {
  if (options_.time_scale == 1) return real;
  return Micros(std::llround(static_cast<double>(real.count()) / options_.time_scale));
}

void Instance::script_error(std::uint32_t connection, const std::string& what) {
  failed_ = true;
  std::uint64_t line = 0;
  if (auto path = scenario().path + ":"; what.starts_with(path))
    line = std::strtoull(what.c_str() + path.size(), nullptr, 10);
  journal_.add({.connection = connection, .kind = EventKind::error, .number = line}, what);
}

void Instance::retire(Session& session) { sessions_.erase(session.number()); }

EventCount& Instance::events_of(const Rule& rule, const std::string& key) {
  auto& counts = counts_[rule.number];
  if (counts.size() >= most_keys && !counts.contains(key))
    throw Error(Place{scenario().path, rule.line}, "this rule counts more than " + std::to_string(most_keys) +
                                                       " different keys; choose coarser fields in per()");
  return counts[key];
}

Buckets& Instance::buckets_of(const Limit& limit) {
  return buckets_[static_cast<std::size_t>(&limit - scenario().limits.all.data())];
}

void Instance::take(const Limit& limit, const std::string& key) {
  try {
    buckets_of(limit).take(limit, key, nominal_now(), most_keys);
  } catch (const Error& error) {
    throw Error(Place{scenario().path, scenario().limits.line}, error.what());
  }
}

std::size_t Instance::open_like(Session& session, const std::vector<FieldRef>& fields) const {
  auto key = session.key_of(fields);
  std::size_t count = 0;
  for (const auto& [number, other] : sessions_)
    if (other->open() && (fields.empty() || other->key_of(fields) == key)) ++count;
  return count;
}

std::shared_ptr<const smtp::Offered> Instance::offer_of(const std::string& reply) {
  if (auto known = offers_.find(reply); known != offers_.end()) return known->second;
  auto offer = std::make_shared<const smtp::Offered>(smtp::parse_offer(reply));
  if (offers_.size() < most_offers) offers_[reply] = offer;
  return offer;
}

const std::vector<std::string>& Instance::capability_lines(const Provider& provider, bool starttls, bool tls,
                                                           bool authenticated) {
  auto& lines = capabilities_[provider.name][(starttls ? 4 : 0) + (tls ? 2 : 0) + (authenticated ? 1 : 0)];
  if (!lines.empty()) return lines;
  lines = provider.capabilities(starttls, tls, authenticated);
  const auto& declared = scenario().capabilities;
  if (!declared) return lines;
  if (authenticated && !declared->after_auth.empty()) return lines = smtp::edited(lines, declared->after_auth);
  const auto& by_tls = tls ? declared->after_tls : declared->before_tls;
  if (!by_tls.empty()) return lines = smtp::edited(lines, by_tls);
  lines = smtp::edited(lines, declared->always);
  if (tls) lines = smtp::edited(lines, {"-STARTTLS"});
  return lines;
}

DoorTls Instance::tls_of(const DoorSpec& door) const {
  if (!door.tls && options_.offer_tls) return DoorTls::starttls;
  return scenario().tls_of(door);
}

std::string_view Instance::url_scheme() const {
  const auto& main = scenario().main_door();
  if (main.lmtp) return "lmtp";
  return tls_of(main) == DoorTls::implicit ? "smtps" : "smtp";
}

}  // namespace mailfault
