#include "sasl/mechanism.hpp"

#include "base/text.hpp"

namespace mailfault::sasl {
namespace {

/// RFC 4616: [authzid] NUL authcid NUL passwd.
class Plain : public Mechanism {
 public:
  Step begin(std::optional<std::string_view> initial) override { return initial ? respond(*initial) : Challenge{}; }

  Step respond(std::string_view response) override {
    const std::vector<std::string_view> parts = split(response, '\0');
    if (parts.size() != 3) return Malformed{"PLAIN takes authzid NUL authcid NUL password"};
    return Credentials{std::string(parts[1]), std::string(parts[2])};
  }
};

/// draft-murchison-sasl-login: no RFC, but what half of the clients speak.
class Login : public Mechanism {
 public:
  Step begin(std::optional<std::string_view> initial) override {
    if (initial) return respond(*initial);
    return Challenge{"Username:"};
  }

  Step respond(std::string_view response) override {
    if (user_) return Credentials{*user_, std::string(response)};
    user_.emplace(response);
    return Challenge{"Password:"};
  }

 private:
  std::optional<std::string> user_;
};

}  // namespace

std::unique_ptr<Mechanism> make_mechanism(std::string_view name) {
  if (equals_ignoring_case(name, "PLAIN")) return std::make_unique<Plain>();
  if (equals_ignoring_case(name, "LOGIN")) return std::make_unique<Login>();
  return nullptr;
}

}  // namespace mailfault::sasl
