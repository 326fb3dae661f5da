#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

/// draft-murchison-sasl-login: no RFC, but what half of the clients speak.
class Login : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step ask() override { return Challenge{"Username:"}; }

  Step take(std::string_view response) override {
    if (has_user_) return judged_by_password(context_, {.user = user_, .password = std::string(response)});
    has_user_ = true;
    user_ = shown_ = response;
    return Challenge{"Password:"};
  }

  bool has_user_ = false;
};

}  // namespace

std::unique_ptr<Mechanism> make_login(Context context) { return std::make_unique<Login>(std::move(context)); }

}  // namespace mailfault::sasl
