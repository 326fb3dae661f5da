// The HTTP API: a test suite whose application starts once gets another fault for each of its tests.
//
//   POST   /v1/instances                 {"scenario": "banner-421" | "source": "<lua>", "params": {…}, "seed": 7,
//                                         "time_scale": 0.1, "port": 2525 | "ports": {"smtp": 2525},
//                                         "bounce_to": "127.0.0.1:2526"}  -> 201
//   GET    /v1/instances                 all of them
//   DELETE /v1/instances                 ends all of them
//   GET    /v1/instances/ID              what POST answered, with counts and the doors' states
//   DELETE /v1/instances/ID
//   GET    /v1/instances/ID/messages     ?text=1 with their texts, ?after=N those behind message N
//   GET    /v1/instances/ID/messages/N   message/rfc822
//   GET    /v1/instances/ID/bounces      ?text=1, ?after=N; what was sent back, and the fields that are in it
//   GET    /v1/instances/ID/bounces/N    message/rfc822
//   GET    /v1/instances/ID/journal      ?after=INDEX, ?format=lines
//   GET    /v1/instances/ID/verdict      ?word=temporary, ?messages=1
//   POST   /v1/instances/ID/wait         {"messages": 1, "connections": 1, "stored_to": "GLOB", "subject": "GLOB",
//                                         "event": {"kind": "fault", "text": "GLOB", "count": 1}, "timeout": "2s"}
//                                         -> 200, or 408 with what came near
//   POST   /v1/instances/ID/reset        from the beginning, at the same ports; with a scenario or a source: another
//   POST   /v1/instances/ID/doors/NAME   {"state": "refused"}
//   POST   /v1/instances/ID/heal
//   POST   /v1/reset                     all of them
//   GET    /v1/scenarios                 the catalogue
//   GET    /readyz, /livez               without the token
//
// The token comes as `Authorization: Bearer TOKEN` or as ?token=TOKEN. Errors are {"error": "…", "remedy": "…"}.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/instance.hpp"
#include "script/script.hpp"
#include "wire/delivery.hpp"

namespace mailfault::control {

/// What a request wants to be played.
struct Wanted {
  std::string scenario;  ///< an id or a path; empty: `source` it is
  std::string source;    ///< a scenario's text
  std::map<std::string, Value> params;
  std::uint64_t seed = 0;
};

struct ScenarioInfo {
  std::string id, title;
  std::vector<std::string> outcomes;
};

struct ApiOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8025;  ///< 0: a free one
  std::string token;          ///< empty: 128 random bits

  /// Throws Error with file:line. `load` and `scenarios` are called on a thread of their own, one at a time, so that
  /// a file that runs long holds up no instance.
  std::function<std::unique_ptr<script::Script>(const Wanted&)> load;
  std::function<std::vector<ScenarioInfo>()> scenarios;
  /// Called on the instance's thread when one is made or made anew: to listen to its journal. May be empty.
  std::function<void(const std::string& id, Instance&)> made;

  InstanceOptions instance;                 ///< what a request doesn't say
  std::optional<wire::MailHost> bounce_to;  ///< likewise
  std::vector<std::string> addresses;       ///< of the instances; empty: 127.0.0.1, and ::1 where there is IPv6
  unsigned workers = 0;                     ///< threads that instances live on; 0: one a core, at most 8
  std::size_t most_instances = 1000;        ///< at a time
  std::size_t most_connections = 1000;      ///< of the API's clients; more wait
  Micros request_time = std::chrono::seconds(10);
};

/// Serves from the end of its construction to its destruction, on threads of its own; then every instance ends.
class ApiServer {
 public:
  /// Throws Error if the port can't be had.
  explicit ApiServer(ApiOptions options);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  std::uint16_t port() const;
  std::string url() const;  ///< "http://127.0.0.1:8025/v1"
  const std::string& token() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailfault::control
