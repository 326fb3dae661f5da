// Logs: whatever is in them, each reader ends with a conversation or an Error, and the writer makes text of it that
// doesn't have the log's credentials.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "import/parse.hpp"
#include "import/write.hpp"

using namespace mailfault;
using namespace mailfault::recorded;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  auto choice = bytes[0] % (kinds().size() + 1);
  auto as = choice < kinds().size() ? kinds()[choice].name : std::string_view();
  try {
    auto read = parse_log(std::string(bytes + 1, bytes + size), "fuzz.log", as);
    Redactor redactor(read, {});
    for (bool verbatim : {false, true}) {
      auto text = write_scenario(read, redactor, {.verbatim = verbatim});
      if (text.find("hunter2secret") == std::string::npos) continue;
      bool in_login = false;
      for (const auto& each : read.connections)
        for (const auto& turn : each.turns) in_login = in_login || turn.text == "AUTH PLAIN hunter2secret";
      if (!in_login) continue;
      std::fprintf(stderr, "broken: the credentials are in the scenario\n");
      std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
