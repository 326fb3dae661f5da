#include <algorithm>

#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

/// RFC 4422 appendix A: the response is whom the client wants to act as, or nothing; who it is, its certificate says.
class External : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step take(std::string_view response) override {
    if (response.find('\0') != std::string_view::npos) return Malformed{"EXTERNAL takes a name without NUL"};
    const auto& names = context_.certified;
    user_ = shown_ = response;
    if (user_.empty() && !names.empty()) user_ = names.front();
    Credentials claim{.user = user_, .authzid = std::string(response)};
    if (names.empty()) return refused(std::move(claim), "the client gave no certificate that is trusted");
    if (std::find(names.begin(), names.end(), user_) == names.end())
      return refused(std::move(claim), "the client's certificate is of another name");
    claim.accepted = true;
    return claim;
  }
};

}  // namespace

std::unique_ptr<Mechanism> make_external(Context context) { return std::make_unique<External>(std::move(context)); }

}  // namespace mailfault::sasl
