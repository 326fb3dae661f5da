#include <algorithm>

#include "base/text.hpp"
#include "sasl/charset.hpp"
#include "sasl/crypto.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

constexpr std::size_t longest_response = 4095;  // RFC 2831 section 2.1.2
constexpr std::size_t most_directives = 32;

struct Directive {
  std::string key;  // in lower case
  std::string value;
  std::string_view written;  // the value, with its quotes
};
using Directives = std::vector<Directive>;

// key=token, key="quoted with \\ escapes"; empty elements of the list are allowed (RFC 2831 section 7.1).
std::optional<Directives> parse_directives(std::string_view text) {
  Directives out;
  std::size_t at = 0;
  const auto skip = [&](std::string_view what) { at = std::min(text.find_first_not_of(what, at), text.size()); };
  for (;;) {
    skip(" \t\r\n,");
    if (at == text.size()) return out;
    if (out.size() == most_directives) return std::nullopt;
    const auto equals = text.find_first_of("=,", at);
    if (equals == std::string_view::npos || text[equals] == ',') return std::nullopt;
    Directive directive{lower(trim(text.substr(at, equals - at))), "", {}};
    at = equals + 1;
    skip(" \t\r\n");
    const std::size_t begin = at;
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && ++at == text.size()) return std::nullopt;
        directive.value += text[at];
      }
      if (at++ == text.size()) return std::nullopt;
      directive.written = text.substr(begin, at - begin);
    } else {
      at = std::min(text.find(',', at), text.size());
      directive.written = trim(text.substr(begin, at - begin));
      directive.value = directive.written;
    }
    skip(" \t\r\n");
    if (directive.key.empty() || (at < text.size() && text[at] != ',')) return std::nullopt;
    out.push_back(std::move(directive));
  }
}

const Directive* find(const Directives& directives, std::string_view key) {
  const auto found =
      std::find_if(directives.begin(), directives.end(), [&](const Directive& d) { return d.key == key; });
  return found == directives.end() ? nullptr : &*found;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string md5(std::string_view text) { return digest(Hash::md5, text); }

/// RFC 2831: qop "auth", algorithm md5-sess. Each exchange is an initial authentication (section 2.1).
class DigestMd5 : public Mechanism {
 public:
  using Mechanism::Mechanism;

  void replace_challenge(std::string_view text) override {
    const auto directives = verdict_ ? std::nullopt : parse_directives(text);
    if (!directives) return;
    realms_.clear();
    for (const Directive& directive : *directives) {
      if (directive.key == "realm") realms_.push_back(directive.value);
      if (directive.key == "nonce") context_.nonce = directive.value;
    }
  }

 private:
  Step ask() override {
    asked_ = true;
    realms_ = {context_.host};
    return Challenge{"realm=" + quoted(context_.host) + ",nonce=" + quoted(context_.nonce) +
                     R"(,qop="auth",algorithm=md5-sess,charset=utf-8)"};
  }

  Step take(std::string_view response) override {
    if (verdict_) {
      if (!response.empty()) return Malformed{"DIGEST-MD5 takes an empty response to rspauth"};
      shown_.clear();
      return *verdict_;
    }
    if (!asked_) return Malformed{"DIGEST-MD5 takes no initial response: the server speaks first"};
    if (response.size() > longest_response) return Malformed{"DIGEST-MD5 takes at most 4095 bytes"};
    const auto directives = parse_directives(response);
    if (!directives) return Malformed{"DIGEST-MD5 takes directives: key=value, key=\"value\""};
    for (const Directive& directive : *directives)
      if (find(*directives, directive.key) != &directive) return Malformed{"DIGEST-MD5 takes each directive once"};
    for (const char* key : {"username", "nonce", "cnonce", "nc", "digest-uri", "response"})
      if (!find(*directives, key)) return Malformed{std::string("DIGEST-MD5 needs the directive ") + key};
    return answer(response, *directives);
  }

  Step answer(std::string_view response, const Directives& directives) {
    const auto value = [&](std::string_view key) {
      const Directive* directive = find(directives, key);
      return directive ? directive->value : std::string();
    };
    const bool utf8 = equals_ignoring_case(value("charset"), "utf-8");
    const std::string username = value("username");
    const bool as_written = utf8 || password_of(context_, username);  // some send UTF-8 without saying so
    user_ = as_written ? username : utf8_of_latin1(username);
    shown_ = without(response, find(directives, "response")->written);
    Credentials claim{.user = user_, .authzid = value("authzid")};

    const std::string realm = value("realm");
    const std::string uri = value("digest-uri");
    if (!value("qop").empty() && value("qop") != "auth") return refused(claim, "the client's qop wasn't offered");
    if (value("nonce") != context_.nonce) return refused(claim, "the client's nonce isn't the challenge's");
    if (value("nc") != "00000001") return refused(claim, "the client's nonce count isn't 00000001");
    if (!realm.empty() && !realms_.empty() && std::find(realms_.begin(), realms_.end(), realm) == realms_.end())
      return refused(claim, "the client's realm wasn't offered");
    if (!equals_ignoring_case(uri.substr(0, uri.find('/')), context_.service))
      return refused(claim, "the client's digest-uri is of another service");

    const std::string* password = password_of(context_, user_);
    std::string a1;
    const auto proof = [&](const std::string& a2) {
      return hex(md5(hex(md5(a1)) + ':' + context_.nonce + ":00000001:" + value("cnonce") + ":auth:" + hex(md5(a2))));
    };
    // What can be written in ISO 8859-1 is hashed so (section 2.1.2.1); clients do it for both, for one, or not at
    // all.
    bool proven = false;
    for (int form = 0; form < 4 && !proven; ++form) {
      const auto hashed = [](const std::string& text, bool latin1) {
        return latin1 ? latin1_if_possible(text) : text;
      };
      const bool latin1_names = utf8 && form % 2 == 0;
      a1 = md5(hashed(username, latin1_names) + ':' + hashed(realm, latin1_names) + ':' +
               hashed(password ? *password : std::string(), form < 2)) +
           ':' + context_.nonce + ':' + value("cnonce");
      if (find(directives, "authzid")) a1 += ':' + value("authzid");
      proven = same(proof("AUTHENTICATE:" + uri), lower(value("response")));
    }
    claim = judged(std::move(claim), password != nullptr, proven);
    if (!claim.accepted) return claim;
    verdict_ = std::move(claim);
    return Challenge{"rspauth=" + proof(":" + uri)};
  }

  bool asked_ = false;
  std::vector<std::string> realms_;     // what the challenge offered; none: the client may take any
  std::optional<Credentials> verdict_;  // rspauth is sent
};

}  // namespace

std::unique_ptr<Mechanism> make_digest_md5(Context context) {
  return std::make_unique<DigestMd5>(std::move(context));
}

}  // namespace mailfault::sasl
