#include "base/text.hpp"
#include "sasl/crypto.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

/// RFC 2195: the challenge is a message-id, the response `user SP hex(HMAC-MD5(password, challenge))`.
class CramMd5 : public Mechanism {
 public:
  using Mechanism::Mechanism;
  void replace_challenge(std::string_view text) override { challenge_ = text; }

 private:
  Step ask() override {
    asked_ = true;
    challenge_ = '<' + context_.nonce + '.' + std::to_string(context_.unix_time) + '@' + context_.host + '>';
    return Challenge{challenge_};
  }

  Step take(std::string_view response) override {
    if (!asked_) return Malformed{"CRAM-MD5 takes no initial response: the server speaks first"};
    const auto space = response.rfind(' ');  // a user's name may have some
    const std::string_view given = space == std::string_view::npos ? "" : response.substr(space + 1);
    if (given.size() != 32) return Malformed{"CRAM-MD5 takes user SPACE 32 hexadecimal digits"};
    user_ = response.substr(0, space);
    shown_ = without(response, given);
    const std::string* password = password_of(context_, user_);
    const std::string due = hex(hmac(Hash::md5, password ? *password : std::string(), challenge_));
    return judged({.user = user_}, password != nullptr, same(due, lower(given)));
  }

  bool asked_ = false;
  std::string challenge_;
};

}  // namespace

std::unique_ptr<Mechanism> make_cram_md5(Context context) { return std::make_unique<CramMd5>(std::move(context)); }

}  // namespace mailfault::sasl
