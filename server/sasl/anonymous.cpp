#include <algorithm>

#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

/// RFC 4505: the response is a trace of at most 255 characters, an address or any token; it may be empty.
class Anonymous : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step take(std::string_view response) override {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    if (std::any_of(response.begin(), response.end(), is_control) ||
        std::count_if(response.begin(), response.end(), begins_character) > 255 || response.size() > 4 * 255)
      return Malformed{"ANONYMOUS takes at most 255 characters, none of them a control"};
    user_ = shown_ = response;
    return Credentials{.user = user_, .accepted = true};
  }
};

}  // namespace

std::unique_ptr<Mechanism> make_anonymous(Context context) { return std::make_unique<Anonymous>(std::move(context)); }

}  // namespace mailfault::sasl
