#include "base/text.hpp"
#include "sasl/charset.hpp"
#include "sasl/crypto.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t longest_name = 1024;  // bytes; Windows takes 256 characters of a user's name
constexpr std::string_view signature = "NTLMSSP\0"sv;

// MS-NLMP section 2.2.2.5.
constexpr std::uint32_t unicode = 0x1, oem = 0x2, request_target = 0x4, ntlm = 0x200, always_sign = 0x8000,
                        target_is_server = 0x20000, extended_security = 0x80000, target_info = 0x800000;

std::string number(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

// Little endian; the caller has looked at the size.
std::uint32_t number_at(std::string_view message, std::size_t at, std::size_t bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = bytes; i-- > 0;) out = out << 8 | static_cast<unsigned char>(message[at + i]);
  return out;
}

bool is_message(std::string_view text, std::uint32_t type, std::size_t least) {
  return text.size() >= least && text.starts_with(signature) && number_at(text, 8, 4) == type;
}

// What a buffer's descriptor (size, room, offset) points to; none: outside of the message.
std::optional<std::string_view> buffer_at(std::string_view message, std::size_t at) {
  const std::uint32_t size = number_at(message, at, 2), offset = number_at(message, at + 4, 4);
  if (size == 0) return std::string_view();
  if (offset > message.size() || size > message.size() - offset) return std::nullopt;
  return message.substr(offset, size);
}

std::string descriptor(std::size_t size, std::size_t offset) {
  return number(size, 2) + number(size, 2) + number(offset, 4);
}

/// MS-SMTPNTLM: Type 1 in, Type 2 out, Type 3 in (MS-NLMP section 2.2.1). The answer isn't verified: a user that
/// exists is accepted. Its name is looked up as USER, USER@DOMAIN and DOMAIN\USER.
class Ntlm : public Mechanism {
 public:
  using Mechanism::Mechanism;

 private:
  Step take(std::string_view response) override { return challenged_ ? authenticate(response) : negotiate(response); }

  Step negotiate(std::string_view message) {
    if (!is_message(message, 1, 16)) return Malformed{"NTLM takes a message of type 1"};
    challenged_ = true;
    shown_ = "NTLM type 1";
    const std::uint32_t wanted = number_at(message, 12, 4);
    unicode_ = (wanted & unicode) != 0;

    const std::string host = upper(context_.host.substr(0, std::min<std::size_t>(context_.host.find('.'), 15)));
    const std::string target = unicode_ ? utf16_of_ascii(host) : host;
    std::string info;
    const auto add = [&](std::uint64_t id, std::string_view name) {
      const std::string text = utf16_of_ascii(name.substr(0, 255));
      info += number(id, 2) + number(text.size(), 2) + text;
    };
    add(2, host);           // NetBIOS domain
    add(1, host);           // NetBIOS computer
    add(4, context_.host);  // DNS domain
    add(3, context_.host);  // DNS computer
    info += number(0, 4);

    constexpr std::size_t head = 48;
    const std::uint32_t flags = (unicode_ ? unicode : oem) | request_target | ntlm | always_sign | target_is_server |
                                target_info | (wanted & extended_security);
    return Challenge{std::string(signature) + number(2, 4) + descriptor(target.size(), head) + number(flags, 4) +
                     digest(Hash::sha256, context_.nonce).substr(0, 8) + number(0, 8) +
                     descriptor(info.size(), head + target.size()) + target + info};
  }

  Step authenticate(std::string_view message) {
    constexpr std::size_t head = 52;  // the oldest clients end here: no session key, no flags
    if (!is_message(message, 3, head)) return Malformed{"NTLM takes a message of type 3"};
    const auto text_at = [&](std::size_t at) {
      const auto bytes = number_at(message, at, 2) <= longest_name ? buffer_at(message, at) : std::nullopt;
      return bytes && unicode_ ? utf8_of_utf16(*bytes) : bytes ? std::optional(std::string(*bytes)) : std::nullopt;
    };
    const auto domain = text_at(28), user = text_at(36), workstation = text_at(44);
    if (!buffer_at(message, 12) || !buffer_at(message, 20) || !domain || !user || !workstation)
      return Malformed{"a part of NTLM's message of type 3 lies outside of it, or is too long"};
    user_ = *user;
    for (const std::string& name : {*user, *user + '@' + *domain, *domain + '\\' + *user})
      if (password_of(context_, name)) {
        user_ = name;
        break;
      }
    shown_ = "NTLM type 3: user " + *user + ", domain " + *domain + ", workstation " + *workstation + ", <redacted>";
    return judged({.user = user_}, password_of(context_, user_) != nullptr, true);
  }

  bool challenged_ = false;
  bool unicode_ = false;
};

}  // namespace

std::unique_ptr<Mechanism> make_ntlm(Context context) { return std::make_unique<Ntlm>(std::move(context)); }

}  // namespace mailfault::sasl
