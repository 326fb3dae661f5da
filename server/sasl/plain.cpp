#include "base/text.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

/// RFC 4616: [authzid] NUL authcid NUL passwd.
class Plain : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step take(std::string_view response) override {
    const std::vector<std::string_view> parts = split(response, '\0');
    if (parts.size() != 3) return Malformed{"PLAIN takes authzid NUL authcid NUL password"};
    user_ = parts[1];
    shown_ = without(response, parts[2]);
    return judged_by_password(context_,
                              {.user = user_, .password = std::string(parts[2]), .authzid = std::string(parts[0])});
  }
};

}  // namespace

std::unique_ptr<Mechanism> make_plain(Context context) { return std::make_unique<Plain>(std::move(context)); }

}  // namespace mailfault::sasl
