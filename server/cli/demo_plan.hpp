// What `demo` shows: failures by what the user of mail software meets, and how curl is sent into each.
#pragma once

#include <span>
#include <string_view>

namespace mailfault::cli {

struct DemoRow {
  enum class Login : unsigned char { none, right, wrong };

  std::string_view meets;          ///< the heading it stands under
  std::string_view scenario;       ///< its id
  std::string_view settings = {};  ///< "name=value name=value"
  double time_scale = 1;           ///< so that long waits fit into a demonstration
  unsigned tries = 1;              ///< the command is repeated until it succeeds
  unsigned messages = 1;           ///< on one connection
  unsigned parallel = 1;           ///< connections at a time
  unsigned recipients = 1;
  unsigned size = 0;  ///< the message is padded to so many bytes
  Login login = Login::none;
  bool tls = false;  ///< curl trusts our CA, and sends nothing in clear
  std::string_view scheme = "smtp";
  std::string_view door = {};  ///< another than the main one
  std::string_view note = {};  ///< in place of the scenario's title
};

std::span<const DemoRow> demo_plan();

}  // namespace mailfault::cli
