#include "base/text.hpp"
#include "sasl/crypto.hpp"
#include "sasl/gs2.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

constexpr std::size_t most_fields = 16;

/// The fields key=value, each with a ^A behind it, and one more ^A; views into `text`. None for anything else.
std::optional<std::map<std::string_view, std::string_view>> parse_fields(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '\1');
  if (parts.size() < 3 || parts.size() > most_fields || !parts.back().empty() || !parts[parts.size() - 2].empty())
    return std::nullopt;
  std::map<std::string_view, std::string_view> fields;
  for (const std::string_view part : std::span(parts).first(parts.size() - 2)) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    if (!fields.try_emplace(part.substr(0, equals), part.substr(equals + 1)).second) return std::nullopt;
  }
  return fields;
}

/// What is behind "Bearer "; empty for another scheme. A view into `text`.
std::string_view bearer_token(std::string_view text) {
  constexpr std::string_view scheme = "Bearer ";
  return equals_ignoring_case(text.substr(0, scheme.size()), scheme) ? trim(text.substr(scheme.size()))
                                                                     : std::string_view();
}

Credentials judged_by_token(const Context& context, Credentials claim, std::string_view error) {
  claim = judged_by_password(context, std::move(claim));
  if (!claim.accepted) claim.error = error;
  return claim;
}

/// user=NAME ^A auth=Bearer TOKEN ^A ^A.
class Xoauth2 : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step take(std::string_view response) override {
    const auto fields = parse_fields(response);
    if (!fields || !fields->contains("user") || !fields->contains("auth"))
      return Malformed{"XOAUTH2 takes user=NAME ^A auth=Bearer TOKEN ^A ^A"};
    user_ = fields->at("user");
    shown_ = "user=" + user_ + "\1<redacted>";
    return judged_by_token(context_, {.user = user_, .password = std::string(bearer_token(fields->at("auth")))},
                           R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/"})");
  }
};

/// RFC 7628 section 3.1: gs2-header ^A [host= ^A] [port= ^A] auth=Bearer TOKEN ^A ^A.
class OauthBearer : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step take(std::string_view response) override {
    const auto header = parse_gs2(response);
    const std::string_view rest = response.substr(header ? header->size : 0);
    const auto fields = rest.starts_with('\1') ? parse_fields(rest.substr(1)) : std::nullopt;
    if (!header || header->flag == 'p' || !fields || !fields->contains("auth"))
      return Malformed{"OAUTHBEARER takes n,a=NAME, ^A auth=Bearer TOKEN ^A ^A"};
    const std::string_view token = bearer_token(fields->at("auth"));
    user_ = header->authzid.empty() ? owner(token) : header->authzid;
    shown_ = without(response, rest.substr(1));
    return judged_by_token(context_, {.user = user_, .password = std::string(token), .authzid = header->authzid},
                           R"({"status":"invalid_token","scope":"https://mail.google.com/"})");
  }

  // Without a name the token says whose it is.
  std::string owner(std::string_view token) const {
    if (context_.users)
      for (const auto& [user, password] : *context_.users)
        if (same(password, token)) return user;
    return "";
  }
};

}  // namespace

std::unique_ptr<Mechanism> make_xoauth2(Context context) { return std::make_unique<Xoauth2>(std::move(context)); }

std::unique_ptr<Mechanism> make_oauthbearer(Context context) {
  return std::make_unique<OauthBearer>(std::move(context));
}

}  // namespace mailfault::sasl
