// Whatever a client answers to an AUTH mechanism: bounded, repeatable, no secret shown, nobody accepted who isn't
// known.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "sasl/mechanism.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace mailfault;
using namespace mailfault::sasl;

constexpr std::string_view password = "open-sesame";
const Users& users() {
  static const Users all{{"user@example.com", std::string(password)}, {"", "empty"}};
  return all;
}

// What the bytes say: the mechanism, whether it has an initial response, which challenge is replaced, the lines.
struct Play {
  const MechanismSpec* spec;
  bool initial, plus_offered;
  std::size_t replaced;  // 3: none
  std::vector<std::string_view> lines;
};

void look_at(const Play& play, const Mechanism& mechanism, const Step& step, std::string_view line) {
  require(mechanism.shown().size() <= 3 * line.size() + 64, "what is shown is bounded by what came");
  require(mechanism.user().size() <= 12'288 * 2, "a user's name is bounded by what came");
  if (const auto* challenge = std::get_if<Challenge>(&step)) {
    require(challenge->text.size() <= line.size() + 512, "a challenge is bounded by what came");
  } else if (const auto* malformed = std::get_if<Malformed>(&step)) {
    require(!malformed->reason.empty() && malformed->reason.size() < 120, "a reason fits into a reply");
    require(printable(malformed->reason) == malformed->reason, "a reason fits into a reply's line");
    require(mechanism.shown() == "<redacted>" || line.empty(), "nothing of a malformed response is shown");
  } else {
    const auto& credentials = std::get<Credentials>(step);
    require(credentials.accepted == credentials.reason.empty(), "a refusal has its reason");
    require(credentials.user == mechanism.user(), "a user's name doesn't change");
    if (!credentials.accepted || play.spec->name == "ANONYMOUS") return;
    require(users().contains(credentials.user) || credentials.user == "certified", "who is accepted is known");
    if (play.spec->in_clear && !credentials.user.empty())
      require(mechanism.shown().find(password) == std::string::npos, "a password isn't shown");
  }
}

std::string played(const Play& play) {
  Context context{.users = &users(),
                  .host = "mail.example.com",
                  .nonce = "0123456789abcdef",
                  .iterations = 1,
                  .plus_offered = play.plus_offered,
                  .bindings = {{"tls-unique", "abc"}, {"tls-exporter", ""}},
                  .certified = {"certified"}};
  const auto mechanism = play.spec->make(std::move(context));
  std::string record;
  Step step = Challenge{};
  for (std::size_t i = 0; i < play.lines.size() && std::holds_alternative<Challenge>(step); ++i) {
    const std::string line(play.lines[i]);
    if (i == 0) {
      step = mechanism->begin(play.initial ? std::optional<std::string_view>(line) : std::nullopt);
    } else if (i == play.replaced) {
      mechanism->replace_challenge(line.substr(0, line.find(",i=")));  // without the time that more iterations take
      continue;
    } else {
      step = mechanism->respond(line);
    }
    if (i > 0 || play.initial) look_at(play, *mechanism, step, line);
    record += std::to_string(step.index()) + mechanism->user() + '\n' + mechanism->shown() + '\n';
    if (const auto* challenge = std::get_if<Challenge>(&step)) record += challenge->text;
  }
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto table = mechanisms();
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, std::min<std::size_t>(size - 2, 4 * 12'288));
  const Play play{&table[data[0] % table.size()], (data[1] & 1) != 0, (data[1] & 2) != 0,
                  static_cast<std::size_t>(data[1] >> 2 & 3), split(bytes, '\n')};
  require(played(play) == played(play), "the same bytes, the same exchange");
  return 0;
}
