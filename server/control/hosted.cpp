#include "control/hosted.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "control/body.hpp"
#include "journal/json_lines.hpp"
#include "mail/report.hpp"
#include "report/words.hpp"

namespace mailfault::control {
namespace {

// Of an answer: whoever wants more asks again with `after`.
constexpr std::size_t most_bytes = 8 << 20;
constexpr std::size_t most_texts = 32 << 20;

std::string as_url_host(const std::string& address) {
  if (address == "0.0.0.0") return "127.0.0.1";
  if (address == "::") return "[::1]";
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

std::uint64_t after_of(const HttpRequest& request) {
  auto after = request.query.find("after");
  return after == request.query.end() ? 0 : whole_of(after->second, "'after'");
}

}  // namespace

Hosted::Hosted(wire::Reactor& reactor, std::string id, const ApiOptions& options, Recipe recipe,
               std::unique_ptr<script::Script> script)
    : reactor_(reactor), id_(std::move(id)), options_(options), recipe_(std::move(recipe)) {
  open(std::move(script));
}

Hosted::~Hosted() {
  end_waits("the instance was deleted while this waited");
  if (live_) live_->instance().journal().unlisten(*this);
}

void Hosted::open(std::unique_ptr<script::Script> script) {
  try {
    live_ = std::make_unique<LiveInstance>(reactor_, std::move(script), recipe_.live);
  } catch (const NotApplicable&) {
    throw;
  } catch (const Error& error) {
    throw Refusal(409, error.what());
  }
  for (const auto& open : live_->doors()) recipe_.live.ports[open.spec->name] = open.door->port();
  recipe_.main_port = live_->main_port();
  instance().journal().listen(*this);
  if (options_.made) options_.made(id_, instance());
}

void Hosted::reset(Recipe recipe, std::unique_ptr<script::Script> script) {
  end_waits("the instance was reset while this waited");
  auto held = live_->hold_ports();
  live_->instance().journal().unlisten(*this);
  live_->stop();
  live_.reset();
  recipe_ = std::move(recipe);
  open(std::move(script));
}

boost::json::object Hosted::described() const {
  const auto& instance = live_->instance();
  const auto& scenario = instance.scenario();
  boost::json::object ports;
  boost::json::array doors;
  for (const auto& open : live_->doors()) {
    ports[open.spec->name] = open.door->port();
    boost::json::object door{{"name", open.spec->name}, {"port", open.door->port()}};
    for (const auto& address : live_->addresses()) {
      bool v6 = address.find(':') != std::string::npos;
      door[v6 ? "ipv6" : "ipv4"] = name_of(open.door->state(v6 ? 6 : 4));
    }
    doors.push_back(std::move(door));
  }
  auto host = as_url_host(live_->addresses().front());
  auto port = live_->main_port();
  boost::json::object out{{"id", id_},
                          {"scenario", scenario.id},
                          {"title", scenario.title},
                          {"seed", instance.options().seed},
                          {"time_scale", instance.options().time_scale},
                          {"host", host.front() == '[' ? host.substr(1, host.size() - 2) : host},
                          {"ports", std::move(ports)},
                          {"port", port},
                          {"url", std::string(instance.url_scheme()) + "://" + host + ":" + std::to_string(port)},
                          {"user", nullptr},
                          {"password", nullptr},
                          {"doors", std::move(doors)},
                          {"connections", instance.connections()},
                          {"open_connections", instance.open_sessions()},
                          {"messages", instance.ledger().size()},
                          {"copies", instance.ledger().copies()},
                          {"bounces", instance.ledger().bounces().size()},
                          {"bounces_open", live_->bounces_open()},
                          {"bounce_to", nullptr},
                          {"events", instance.journal().size()},
                          {"faults", instance.journal().count(EventKind::fault)},
                          {"violations", instance.journal().count(EventKind::violation)},
                          {"failed", instance.failed()}};
  if (recipe_.live.bounce_to) out["bounce_to"] = recipe_.live.bounce_to->written();
  if (!scenario.users.empty()) {
    out["user"] = scenario.users.begin()->first;
    out["password"] = scenario.users.begin()->second;
  }
  return out;
}

void Hosted::wait(std::uint64_t number, WaitFor wanted, std::function<void(HttpAnswer)> done) {
  Watch watch(std::move(wanted), instance());
  if (watch.matched()) return done(json_answer(watch.found()));
  auto timeout = watch.timeout();
  auto alarm = reactor_.after(timeout, [this, number] {
    auto mine = waits_.extract(number);
    mine.mapped().done(json_answer(mine.mapped().watch.near_misses(), 408));
  });
  waits_.emplace(number, Waiting{std::move(watch), std::move(done), std::move(alarm)});
}

void Hosted::on_event(const Event& event) {
  for (auto each = waits_.begin(); each != waits_.end();) {
    auto& [watch, done, alarm] = each->second;
    watch.see(event);
    if (watch.matched()) {
      done(json_answer(watch.found()));
      each = waits_.erase(each);
    } else {
      ++each;
    }
  }
}

void Hosted::end_waits(const std::string& why) {
  for (auto& [number, waiting] : std::exchange(waits_, {})) waiting.done(error_answer(409, why));
}

void settle_ports(Recipe& recipe, const Scenario& scenario, const std::map<std::string, std::uint16_t>& before,
                  std::uint16_t main_before) {
  auto& ports = recipe.live.ports;
  for (const auto& [name, port] : ports)
    if (!scenario.door_named(name)) {
      std::vector<std::string_view> names;
      for (const auto& door : scenario.doors) names.push_back(door.name);
      throw Refusal(422, "'ports': this scenario has no door '" + printable(name) + "'" + did_you_mean(name, names));
    }
  const auto& main = scenario.main_door().name;
  if (recipe.main_port != 0)
    ports[main] = recipe.main_port;
  else if (main_before != 0)
    ports.emplace(main, main_before);
  for (const auto& [name, port] : before)
    if (port != main_before && scenario.door_named(name)) ports.emplace(name, port);
}

HttpAnswer messages_of(const Instance& instance, const HttpRequest& request) {
  const auto& ledger = instance.ledger();
  auto text = request.query.find("text");
  bool with_text = text != request.query.end() && text->second != "0" && text->second != "false";
  std::string list;
  std::size_t next = std::min<std::size_t>(after_of(request), ledger.size());
  for (; next < ledger.size() && list.size() < (with_text ? most_texts : most_bytes); ++next) {
    if (!list.empty()) list += ",\n";
    list += with_text ? to_json(ledger[next]) : written_json(summary_of(ledger[next]));
  }
  return {200,
          "{\"messages\":[" + list + "],\"next\":" + std::to_string(next) +
              ",\"more\":" + (next < ledger.size() ? "true" : "false") + "}\n",
          "application/json",
          {}};
}

HttpAnswer message_of(const Instance& instance, std::uint64_t id) {
  const auto& ledger = instance.ledger();
  if (id == 0 || id > ledger.size())
    throw Refusal(404, "there is no message " + std::to_string(id) + "; " +
                           counted(ledger.size(), "message is", "messages are") + " stored");
  const auto& message = ledger[id - 1];
  if (!message.text_kept)
    throw Refusal(410, "the text of message " + std::to_string(id) + " was not kept: the ledger was full");
  return {200, std::string(message.text), "message/rfc822", {}};
}

namespace {

// Who reads it here has got it.
void note_read(Instance& instance, const Bounce& bounce) {
  using Delivery = Bounce::Delivery;
  if (bounce.delivery != Delivery::kept && bounce.delivery != Delivery::failed) return;
  instance.mutable_ledger().set_delivery(bounce.id, Delivery::read, "");
  instance.journal().add({.kind = EventKind::delivery, .number = bounce.id}, "read over HTTP");
}

boost::json::object as_object(const mail::Fields& fields) {
  boost::json::object out;
  for (const auto& [name, value] : fields) out.emplace(name, utf8(value));
  return out;
}

}  // namespace

HttpAnswer bounces_of(Instance& instance, const HttpRequest& request) {
  auto text = request.query.find("text");
  bool with_text = text != request.query.end() && text->second != "0" && text->second != "false";
  const auto& all = instance.ledger().bounces();
  boost::json::array list;
  std::size_t next = std::min<std::size_t>(after_of(request), all.size());
  for (std::size_t size = 0; next < all.size() && size < most_bytes; ++next) {
    auto bounce = boost::json::parse(to_json(all[next])).as_object();
    auto report = mail::read(all[next].text);
    boost::json::array blocks;
    for (const auto& block : report.blocks) blocks.push_back(as_object(block));
    bounce["type"] = report.report_type;
    bounce["header"] = as_object(report.header);
    bounce["blocks"] = std::move(blocks);
    bounce["returned"] = as_object(report.returned);
    if (with_text) {
      bounce["text"] = utf8(all[next].text);
      note_read(instance, all[next]);
    }
    size += 4 * all[next].size + 1000;
    list.push_back(std::move(bounce));
  }
  return json_answer(boost::json::object{{"bounces", std::move(list)}, {"next", next}, {"more", next < all.size()}});
}

HttpAnswer bounce_of(Instance& instance, std::uint64_t id) {
  const auto& all = instance.ledger().bounces();
  if (id == 0 || id > all.size())
    throw Refusal(404, "there is no bounce " + std::to_string(id) + "; " +
                           counted(all.size(), "bounce was", "bounces were") + " made");
  const auto& bounce = all[id - 1];
  if (!bounce.text_kept)
    throw Refusal(410, "the text of bounce " + std::to_string(id) + " was not kept: the ledger was full");
  note_read(instance, bounce);
  return {200, std::string(bounce.text), "message/rfc822", {}};
}

HttpAnswer journal_of(const Instance& instance, const HttpRequest& request) {
  const auto& journal = instance.journal();
  auto format = request.query.find("format");
  bool lines = format != request.query.end() && format->second == "lines";
  if (format != request.query.end() && !lines && format->second != "array")
    throw Refusal(422, "'format' is 'lines' or 'array'");
  std::string list;
  std::size_t next = std::min<std::size_t>(after_of(request), journal.size());
  for (; next < journal.size() && list.size() < most_bytes; ++next) {
    if (!lines && !list.empty()) list += ",\n";
    list += to_json(journal[next], instance.scenario().id);
    if (lines) list += "\n";
  }
  auto number = std::to_string(next);
  std::string more = next < journal.size() ? "true" : "false";
  if (lines)
    return {200, std::move(list), "application/x-ndjson", {{"Mailfault-Next", number}, {"Mailfault-More", more}}};
  return {200, "{\"events\":[" + list + "],\"next\":" + number + ",\"more\":" + more + "}\n", "application/json", {}};
}

boost::json::object verdict_of(Instance& instance, JudgeOptions options) {
  const auto& scenario = instance.scenario();
  options.time_scale = instance.options().time_scale;
  options.latest_timer = instance.latest_timer();
  options.call = [&](const FunctionRef& function) {
    auto talk = read_conversation(instance.journal(), instance.ledger());
    return instance.script().expects(function, as_value(talk, instance.ledger()));
  };
  auto judgement = judge(scenario, instance.journal(), instance.ledger(), options);
  boost::json::array findings;
  for (const auto& finding : judgement.findings) {
    boost::json::object out{{"verdict", name_of(finding.verdict)}, {"name", finding.name}};
    auto add = [&](std::string_view name, const std::string& text) {
      if (!text.empty()) out[name] = text;
    };
    add("rule", finding.rule);
    if (finding.line > 0) out["line"] = finding.line;
    add("expected", finding.expected);
    add("seen", finding.seen);
    add("nearest", finding.nearest);
    add("remedy", finding.remedy);
    if (finding.connection > 0) out["connection"] = finding.connection;
    if (finding.to > Micros{}) {
      out["from"] = finding.from.count();
      out["to"] = finding.to.count();
    }
    findings.push_back(std::move(out));
  }
  boost::json::object out{{"scenario", scenario.id},
                          {"verdict", name_of(judgement.verdict)},
                          {"findings", std::move(findings)},
                          {"script_failed", judgement.script_failed},
                          {"latest_timer", judgement.latest_timer.count()}};
  if (!judgement.last_stage.empty()) out["last_stage"] = judgement.last_stage;
  return out;
}

}  // namespace mailfault::control
