#include "control/api.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "control/body.hpp"
#include "control/hosted.hpp"
#include "control/http.hpp"
#include "wire/probe.hpp"
#include "wire/reactor.hpp"

namespace mailfault::control {
namespace {

constexpr std::uint64_t greatest_seed = 999'999'999'999'999'999;
constexpr unsigned most_workers = 8;
constexpr double longest_scale = 1000;

/// A thread on which instances live. `hosted` belongs to it, `count` to the API's.
struct Worker {
  wire::Reactor reactor;
  std::map<std::string, std::unique_ptr<Hosted>> hosted;
  std::size_t count = 0;
  std::thread thread;
};

using Answering = std::shared_ptr<Exchange>;

/// A request on its way: on the API's thread.
struct Call {
  HttpRequest request;
  Answering exchange;
  std::vector<std::string> parts;  ///< what the route's stars stand for
};

std::string random_token() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 32; ++i) token += "0123456789abcdef"[random() & 15];
  return token;
}

// Its time says nothing of where the first difference is.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

Refusal no_instance(const std::string& id) {
  return {404, "there is no instance '" + printable(id) + "'", "GET /v1/instances lists them; a deleted one is gone"};
}

const std::vector<std::string_view> recipe_fields{"scenario",   "source", "params", "seed",
                                                  "time_scale", "port",   "ports",  "bounce_to"};

/// What a body changes in a recipe. Another scenario begins with no parameters.
void change(Recipe& recipe, const std::string& text) {
  Body body(text, recipe_fields);
  auto scenario = body.text("scenario"), source = body.text("source");
  if (scenario && source) throw Refusal(422, "both 'scenario' and 'source' are given", "give one of them");
  if (scenario && scenario->empty()) throw Refusal(422, "'scenario' is empty", "GET /v1/scenarios lists them");
  if (scenario || source) {
    recipe.wanted.scenario = scenario.value_or("");
    recipe.wanted.source = source.value_or("");
    recipe.wanted.params.clear();
  }
  if (const auto* params = body.object("params"))
    for (const auto& field : *params) recipe.wanted.params[std::string(field.key())] = to_value(field.value());
  auto& instance = recipe.live.instance;
  instance.seed = recipe.wanted.seed = body.whole("seed", 0, greatest_seed).value_or(instance.seed);
  instance.time_scale = body.factor("time_scale", longest_scale).value_or(instance.time_scale);
  if (auto to = body.text("bounce_to")) {
    try {
      recipe.live.bounce_to = wire::parse_mail_host("'bounce_to'", *to);
    } catch (const Error& error) {
      throw Refusal(422, printable(error.what()));
    }
  }
  if (const auto* ports = body.object("ports")) {
    std::vector<std::string_view> names;
    for (const auto& field : *ports) names.push_back(field.key());
    Body given(*ports, "'ports'", names);
    for (auto name : names)
      recipe.live.ports[std::string(name)] = static_cast<std::uint16_t>(given.whole(name, 1, 65535).value_or(0));
  }
  if (auto port = body.whole("port", 1, 65535)) recipe.main_port = static_cast<std::uint16_t>(*port);
}

JudgeOptions judge_options(const HttpRequest& request) {
  JudgeOptions options;
  for (const auto& [name, value] : request.query) {
    if (name == "messages") options.messages = whole_of(value, "'messages'");
    if (name != "word") continue;
    auto word = word_named(value);
    if (!word) throw Refusal(422, "'word': there is no word '" + printable(value) + "'");
    options.words.push_back({*word, "", "", "the API's client"});
  }
  return options;
}

}  // namespace

/// Instances are reached by post() to their workers, and what they answer comes back by post() to `api`. `homes`, the
/// counts and everything else here belong to the API's thread.
struct ApiServer::Impl {
  using Route = void (Impl::*)(Call&);
  using Done = std::function<void(HttpAnswer)>;

  explicit Impl(ApiOptions its_options);
  ~Impl();

  void handle(HttpRequest request, Answering exchange);
  void dispatch(Call& call);
  bool allowed(const HttpRequest& request) const;

  // Routes.
  void ready(Call& call) { call.exchange->answer({200, "ready\n", "text/plain", {}}); }
  void live(Call& call) { call.exchange->answer({200, "live\n", "text/plain", {}}); }
  void scenarios(Call& call);
  void list(Call& call);
  void create(Call& call);
  void remove_all(Call& call);
  void describe(Call& call);
  void remove(Call& call);
  void messages(Call& call);
  void message(Call& call);
  void bounces(Call& call);
  void bounce(Call& call);
  void journal(Call& call);
  void verdict(Call& call);
  void wait(Call& call);
  void reset(Call& call);
  void reset_all(Call& call);
  void door(Call& call);
  void heal(Call& call);

  /// From any thread: the answer, on the API's.
  Done back(Answering exchange);
  void on_loader(Done done, std::function<HttpAnswer()> task);
  /// Calls `task` with the instance on its thread.
  void with(const std::string& id, Done done, std::function<HttpAnswer(Hosted&)> task);
  void make(Worker& worker, const std::string& id, Recipe recipe, std::unique_ptr<script::Script> script, Done done);
  void reset_one(const std::string& id, const std::string& body, const Done& done);
  void forget(const std::string& id);

  struct Entry {
    std::string_view method, path;  ///< a star is any one segment
    Route route;
    bool open = false;  ///< without the token
  };
  static const std::vector<Entry>& routes();

  ApiOptions options;
  wire::Reactor api, loader;
  std::vector<std::unique_ptr<Worker>> workers;
  std::map<std::string, Worker*> homes;  ///< by the instance's id
  std::size_t in_making = 0;
  std::uint64_t last_id = 0, last_wait = 0;
  std::unique_ptr<HttpServer> http;
  std::thread api_thread, loader_thread;
};

const std::vector<ApiServer::Impl::Entry>& ApiServer::Impl::routes() {
  static const std::vector<Entry> table{
      {"GET", "readyz", &Impl::ready, true},
      {"GET", "livez", &Impl::live, true},
      {"GET", "v1/scenarios", &Impl::scenarios},
      {"GET", "v1/instances", &Impl::list},
      {"POST", "v1/instances", &Impl::create},
      {"DELETE", "v1/instances", &Impl::remove_all},
      {"GET", "v1/instances/*", &Impl::describe},
      {"DELETE", "v1/instances/*", &Impl::remove},
      {"GET", "v1/instances/*/messages", &Impl::messages},
      {"GET", "v1/instances/*/messages/*", &Impl::message},
      {"GET", "v1/instances/*/bounces", &Impl::bounces},
      {"GET", "v1/instances/*/bounces/*", &Impl::bounce},
      {"GET", "v1/instances/*/journal", &Impl::journal},
      {"GET", "v1/instances/*/verdict", &Impl::verdict},
      {"POST", "v1/instances/*/wait", &Impl::wait},
      {"POST", "v1/instances/*/reset", &Impl::reset},
      {"POST", "v1/instances/*/doors/*", &Impl::door},
      {"POST", "v1/instances/*/heal", &Impl::heal},
      {"POST", "v1/reset", &Impl::reset_all},
  };
  return table;
}

ApiServer::Impl::Impl(ApiOptions its_options) : options(std::move(its_options)) {
  if (options.token.empty()) options.token = random_token();
  http = std::make_unique<HttpServer>(
      api, HttpOptions{options.address, options.port, options.most_connections, options.request_time},
      [this](HttpRequest request, Answering exchange) { handle(std::move(request), std::move(exchange)); });
  auto count =
      options.workers > 0 ? options.workers : std::clamp(std::thread::hardware_concurrency(), 1u, most_workers);
  for (unsigned i = 0; i < count; ++i) {
    auto& worker = *workers.emplace_back(std::make_unique<Worker>());
    worker.thread = std::thread([&worker] { worker.reactor.run(); });
  }
  loader_thread = std::thread([this] { loader.run(); });
  api_thread = std::thread([this] { api.run(); });
}

ApiServer::Impl::~Impl() {
  api.stop();
  api_thread.join();
  http.reset();
  loader.stop();
  loader_thread.join();
  for (auto& worker : workers)
    worker->reactor.post([&worker = *worker] {
      worker.hosted.clear();
      worker.reactor.stop();
    });
  for (auto& worker : workers) worker->thread.join();
}

bool ApiServer::Impl::allowed(const HttpRequest& request) const {
  constexpr std::string_view scheme = "Bearer ";
  std::string_view given = request.authorization;
  if (given.size() > scheme.size() && equals_ignoring_case(given.substr(0, scheme.size()), scheme))
    return same_secret(trim(given.substr(scheme.size())), options.token);
  auto token = request.query.find("token");
  return token != request.query.end() && same_secret(token->second, options.token);
}

void ApiServer::Impl::handle(HttpRequest request, Answering exchange) {
  Call call{std::move(request), std::move(exchange), {}};
  bool routed = false;
  auto refused = guarded([&] {
    dispatch(call);
    routed = true;
    return HttpAnswer{};
  });
  if (routed) return;
  if (refused.status == 401) refused.headers.emplace_back("WWW-Authenticate", "Bearer");
  call.exchange->answer(std::move(refused));
}

void ApiServer::Impl::dispatch(Call& call) {
  const auto& path = call.request.path;
  std::vector<std::string> methods;
  for (const auto& entry : routes()) {
    auto pattern = split(entry.path, '/');
    std::vector<std::string> parts;
    bool fits = pattern.size() == path.size();
    for (std::size_t i = 0; fits && i < path.size(); ++i) {
      if (pattern[i] == "*")
        parts.push_back(path[i]);
      else
        fits = pattern[i] == path[i];
    }
    if (!fits) continue;
    if (!entry.open && !allowed(call.request))
      throw Refusal(
          401, "the token is missing or wrong",
          "send 'Authorization: Bearer TOKEN' with the token that the server printed at its start and wrote "
          "into its port file");
    methods.emplace_back(entry.method);
    if (entry.method != call.request.method) continue;
    call.parts = std::move(parts);
    return (this->*entry.route)(call);
  }
  if (methods.empty()) {
    auto answer =
        error_answer(404, "there is no such path", "what there is lies under /v1/instances and /v1/scenarios");
    return call.exchange->answer(std::move(answer));
  }
  auto allow = join(methods, ", ");
  auto answer = error_answer(405, printable(call.request.method) + " can't be done here", "this path takes " + allow);
  answer.headers.emplace_back("Allow", allow);
  call.exchange->answer(std::move(answer));
}

ApiServer::Impl::Done ApiServer::Impl::back(Answering exchange) {
  return [this, exchange = std::move(exchange)](HttpAnswer answer) {
    api.post([exchange, answer = std::move(answer)]() mutable { exchange->answer(std::move(answer)); });
  };
}

void ApiServer::Impl::on_loader(Done done, std::function<HttpAnswer()> task) {
  loader.post([done = std::move(done), task = std::move(task)] { done(guarded(task)); });
}

void ApiServer::Impl::with(const std::string& id, Done done, std::function<HttpAnswer(Hosted&)> task) {
  auto home = homes.find(id);
  if (home == homes.end()) throw no_instance(id);
  home->second->reactor.post([worker = home->second, id, done = std::move(done), task = std::move(task)] {
    done(guarded([&] {
      auto found = worker->hosted.find(id);
      if (found == worker->hosted.end()) throw no_instance(id);
      return task(*found->second);
    }));
  });
}

void ApiServer::Impl::scenarios(Call& call) {
  on_loader(back(call.exchange), [this] {
    boost::json::array list;
    for (auto& each : options.scenarios())
      list.push_back(
          boost::json::object{{"id", each.id},
                              {"title", each.title},
                              {"outcomes", boost::json::array(each.outcomes.begin(), each.outcomes.end())}});
    return json_answer(boost::json::object{{"scenarios", std::move(list)}});
  });
}

void ApiServer::Impl::list(Call& call) {
  struct Gathered {
    std::map<std::string, boost::json::object> all;
    std::size_t missing;
  };
  auto gathered = std::make_shared<Gathered>(Gathered{{}, workers.size()});
  for (auto& worker : workers)
    worker->reactor.post([this, &worker = *worker, gathered, exchange = call.exchange] {
      auto mine = std::make_shared<std::vector<boost::json::object>>();
      for (auto& [id, hosted] : worker.hosted) mine->push_back(hosted->described());
      api.post([gathered, mine, exchange] {
        // "i10" comes behind "i9".
        for (auto& each : *mine) {
          auto id = std::string(each.at("id").as_string());
          gathered->all[std::string(20 - id.size(), ' ') + id] = std::move(each);
        }
        if (--gathered->missing > 0) return;
        boost::json::array all;
        for (auto& [id, each] : gathered->all) all.push_back(std::move(each));
        exchange->answer(json_answer(boost::json::object{{"instances", std::move(all)}}));
      });
    });
}

void ApiServer::Impl::create(Call& call) {
  Recipe recipe;
  recipe.live.instance = options.instance;
  recipe.live.addresses = options.addresses;
  recipe.live.bounce_to = options.bounce_to;
  change(recipe, call.request.body);
  if (recipe.wanted.scenario.empty() && recipe.wanted.source.empty())
    throw Refusal(422, "neither 'scenario' nor 'source' is given", R"(say {"scenario": "healthy"})");
  if (homes.size() + in_making >= options.most_instances)
    throw Refusal(429, "there are " + std::to_string(options.most_instances) + " instances already",
                  "DELETE those that are done with");
  auto& worker = **std::min_element(workers.begin(), workers.end(),
                                    [](const auto& a, const auto& b) { return a->count < b->count; });
  ++worker.count;
  ++in_making;
  auto id = "i" + std::to_string(++last_id);
  auto done = [this, &worker, id, exchange = call.exchange](HttpAnswer answer) {
    api.post([this, &worker, id, exchange, answer = std::move(answer)]() mutable {
      --in_making;
      if (answer.status == 201) {
        homes[id] = &worker;
        answer.headers.emplace_back("Location", "/v1/instances/" + id);
      } else {
        --worker.count;
      }
      exchange->answer(std::move(answer));
    });
  };
  loader.post([this, &worker, id, recipe = std::move(recipe), done]() mutable {
    std::unique_ptr<script::Script> script;
    auto refused = guarded([&] {
      auto loaded = options.load(recipe.wanted);
      settle_ports(recipe, loaded->scenario());
      script = std::move(loaded);
      return HttpAnswer{};
    });
    if (!script) return done(std::move(refused));
    make(worker, id, std::move(recipe), std::move(script), done);
  });
}

void ApiServer::Impl::make(Worker& worker, const std::string& id, Recipe recipe,
                           std::unique_ptr<script::Script> script, Done done) {
  auto held = std::make_shared<std::unique_ptr<script::Script>>(std::move(script));
  worker.reactor.post([this, &worker, id, recipe = std::move(recipe), held, done = std::move(done)]() mutable {
    done(guarded([&] {
      auto made = std::make_unique<Hosted>(worker.reactor, id, options, std::move(recipe), std::move(*held));
      auto answer = json_answer(made->described(), 201);
      worker.hosted[id] = std::move(made);
      return answer;
    }));
  });
}

void ApiServer::Impl::forget(const std::string& id) {
  auto home = homes.find(id);
  if (home == homes.end()) return;
  --home->second->count;
  homes.erase(home);
}

void ApiServer::Impl::remove_all(Call& call) {
  auto missing = std::make_shared<std::size_t>(workers.size());
  auto deleted = std::make_shared<std::size_t>(homes.size());
  std::map<Worker*, std::vector<std::string>> ids;
  for (auto& [id, worker] : homes) ids[worker].push_back(id);
  for (auto& worker : workers)
    worker->reactor.post(
        [this, &worker = *worker, mine = std::move(ids[worker.get()]), missing, deleted, exchange = call.exchange] {
          for (const auto& id : mine) worker.hosted.erase(id);
          api.post([missing, deleted, exchange] {
            if (--*missing == 0) exchange->answer(json_answer(boost::json::object{{"deleted", *deleted}}));
          });
        });
  for (auto& worker : workers) worker->count = 0;
  homes.clear();
}

void ApiServer::Impl::remove(Call& call) {
  const auto& id = call.parts[0];
  with(id, back(call.exchange), [id, worker = homes.contains(id) ? homes.at(id) : nullptr](Hosted&) {
    worker->hosted.erase(id);
    return HttpAnswer{204, "", "", {}};
  });
  forget(id);
}

void ApiServer::Impl::describe(Call& call) {
  with(call.parts[0], back(call.exchange), [](Hosted& hosted) { return json_answer(hosted.described()); });
}

void ApiServer::Impl::messages(Call& call) {
  with(call.parts[0], back(call.exchange),
       [request = call.request](Hosted& hosted) { return messages_of(hosted.instance(), request); });
}

void ApiServer::Impl::message(Call& call) {
  auto number = whole_of(call.parts[1], "message", 404);
  with(call.parts[0], back(call.exchange),
       [number](Hosted& hosted) { return message_of(hosted.instance(), number); });
}

void ApiServer::Impl::bounces(Call& call) {
  with(call.parts[0], back(call.exchange),
       [request = call.request](Hosted& hosted) { return bounces_of(hosted.instance(), request); });
}

void ApiServer::Impl::bounce(Call& call) {
  auto number = whole_of(call.parts[1], "bounce", 404);
  with(call.parts[0], back(call.exchange), [number](Hosted& hosted) { return bounce_of(hosted.instance(), number); });
}

void ApiServer::Impl::journal(Call& call) {
  with(call.parts[0], back(call.exchange),
       [request = call.request](Hosted& hosted) { return journal_of(hosted.instance(), request); });
}

void ApiServer::Impl::verdict(Call& call) {
  with(call.parts[0], back(call.exchange), [judging = judge_options(call.request)](Hosted& hosted) {
    return json_answer(verdict_of(hosted.instance(), judging));
  });
}

void ApiServer::Impl::wait(Call& call) {
  auto wanted = parse_wait(call.request.body);
  const auto& id = call.parts[0];
  auto home = homes.find(id);
  if (home == homes.end()) throw no_instance(id);
  auto number = ++last_wait;
  auto* worker = home->second;
  worker->reactor.post([worker, id, number, wanted = std::move(wanted), done = back(call.exchange)]() mutable {
    auto found = worker->hosted.find(id);
    if (found != worker->hosted.end()) return found->second->wait(number, std::move(wanted), std::move(done));
    done(guarded([&]() -> HttpAnswer { throw no_instance(id); }));
  });
  call.exchange->gone = [worker, id, number] {
    worker->reactor.post([worker, id, number] {
      if (auto found = worker->hosted.find(id); found != worker->hosted.end()) found->second->forget_wait(number);
    });
  };
}

// There and back again: the worker knows what the instance was made of, the loader makes the script anew from it.
void ApiServer::Impl::reset_one(const std::string& id, const std::string& body, const Done& done) {
  auto home = homes.find(id);
  if (home == homes.end()) throw no_instance(id);
  auto* worker = home->second;
  auto made_anew = [this, worker, id, done](const Recipe& recipe, std::unique_ptr<script::Script> script) {
    auto held = std::make_shared<std::unique_ptr<script::Script>>(std::move(script));
    worker->reactor.post([this, worker, id, done, recipe, held] {
      bool broken = false;
      auto answer = guarded([&] {
        auto found = worker->hosted.find(id);
        if (found == worker->hosted.end()) throw no_instance(id);
        broken = true;
        found->second->reset(recipe, std::move(*held));
        broken = false;
        return json_answer(found->second->described());
      });
      if (broken) {
        answer.headers.emplace_back("Mailfault-Ended", id);  // it couldn't be opened again, as when its port is taken
        worker->hosted.erase(id);
        api.post([this, id] { forget(id); });
      }
      done(std::move(answer));
    });
  };
  worker->reactor.post([this, worker, id, body, done, made_anew] {
    auto found = worker->hosted.find(id);
    if (found == worker->hosted.end()) return done(guarded([&]() -> HttpAnswer { throw no_instance(id); }));
    loader.post([this, body, done, made_anew, recipe = found->second->recipe()]() mutable {
      std::unique_ptr<script::Script> script;
      auto refused = guarded([&] {
        auto ports = std::exchange(recipe.live.ports, {});
        auto main_port = std::exchange(recipe.main_port, 0);
        change(recipe, body);
        auto loaded = options.load(recipe.wanted);
        if (auto what = loaded->scenario().needs_filters(); !what.empty() && !wire::filters_work())
          throw NotApplicable("not applicable on this machine: " + what + " needs socket filters (tier T1)");
        settle_ports(recipe, loaded->scenario(), ports, main_port);
        script = std::move(loaded);
        return HttpAnswer{};
      });
      if (!script) return done(std::move(refused));
      made_anew(recipe, std::move(script));
    });
  });
}

void ApiServer::Impl::reset(Call& call) {
  Recipe unused;
  change(unused, call.request.body);  // what can't be is refused before anything happens
  reset_one(call.parts[0], call.request.body, back(call.exchange));
}

void ApiServer::Impl::reset_all(Call& call) {
  Body none(call.request.body, {});
  struct Counted {
    std::size_t missing;
    std::size_t reset = 0;
    HttpAnswer failed;
  };
  if (homes.empty()) return call.exchange->answer(json_answer(boost::json::object{{"reset", 0}}));
  auto counted_all = std::make_shared<Counted>(Counted{homes.size(), 0, {}});
  for (auto& [id, worker] : homes)
    reset_one(id, "", [this, counted_all, exchange = call.exchange](HttpAnswer answer) {
      api.post([counted_all, exchange, answer = std::move(answer)]() mutable {
        if (answer.status == 200)
          ++counted_all->reset;
        else if (answer.status != 404)
          counted_all->failed = std::move(answer);
        if (--counted_all->missing > 0) return;
        if (!counted_all->failed.body.empty()) return exchange->answer(std::move(counted_all->failed));
        exchange->answer(json_answer(boost::json::object{{"reset", counted_all->reset}}));
      });
    });
}

void ApiServer::Impl::door(Call& call) {
  Body body(call.request.body, {"state"});
  auto given = body.text("state");
  auto state = given ? door_state_named(*given) : std::nullopt;
  if (!state) {
    constexpr std::array<std::string_view, 4> states{"open", "refused", "dropped", "silent"};
    throw Refusal(422,
                  given ? "there is no state '" + printable(*given) + "'" + did_you_mean(*given, states)
                        : std::string("'state' is missing"),
                  "states are open, refused, dropped, silent");
  }
  with(call.parts[0], back(call.exchange), [name = call.parts[1], state = *state](Hosted& hosted) {
    if (!hosted.instance().scenario().door_named(name)) {
      std::vector<std::string_view> names;
      for (const auto& open : hosted.live().doors()) names.push_back(open.spec->name);
      throw Refusal(404, "there is no door '" + printable(name) + "'" + did_you_mean(name, names));
    }
    try {
      hosted.live().set_door(name, state);
    } catch (const Error& error) {
      throw Refusal(409, error.what());
    }
    return json_answer(hosted.described());
  });
}

void ApiServer::Impl::heal(Call& call) {
  Body none(call.request.body, {});
  with(call.parts[0], back(call.exchange), [](Hosted& hosted) {
    hosted.live().heal();
    return json_answer(hosted.described());
  });
}

ApiServer::ApiServer(ApiOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
ApiServer::~ApiServer() = default;

std::uint16_t ApiServer::port() const { return impl_->http->port(); }
std::string ApiServer::url() const {
  const auto& address = impl_->options.address;
  auto host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return "http://" + host + ":" + std::to_string(port()) + "/v1";
}
const std::string& ApiServer::token() const { return impl_->options.token; }

}  // namespace mailfault::control
