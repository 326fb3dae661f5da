// A client for every mechanism, and what tests say of steps.
#pragma once

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "sasl/charset.hpp"
#include "sasl/crypto.hpp"
#include "sasl/mechanism.hpp"

namespace mailfault::sasl {

inline void expect_challenge(const Step& step, std::string_view text) {
  ASSERT_TRUE(std::holds_alternative<Challenge>(step));
  EXPECT_EQ(std::get<Challenge>(step).text, text);
}

/// "accepted USER", "refused USER: REASON", "malformed: REASON", "challenge TEXT".
inline std::string words(const Step& step) {
  if (const auto* challenge = std::get_if<Challenge>(&step)) return "challenge " + challenge->text;
  if (const auto* malformed = std::get_if<Malformed>(&step)) return "malformed: " + malformed->reason;
  const auto& credentials = std::get<Credentials>(step);
  return credentials.accepted ? "accepted " + credentials.user
                              : "refused " + credentials.user + ": " + credentials.reason;
}

inline const Users& users() {
  static const Users all{
      {"me", "secret"}, {"user@example.com", "open-sesame"}, {"a,b=c", "pass"}, {"jürgen", "grün"}};
  return all;
}

inline Context context() {
  return {.users = &users(),
          .host = "mail.example.com",
          .nonce = "0123456789abcdef",
          .unix_time = 1'700'000'000,
          .iterations = 16,
          .bindings = {{"tls-exporter", std::string(32, '\x5a')}, {"tls-server-end-point", "digest"}},
          .certified = {"me", "user@example.com"}};
}

struct Account {
  std::string user = "me";
  std::string password = "secret";
  std::string authzid{};
};

// A buffer's descriptor of NTLM: size, room, offset.
inline std::string ntlm_number(std::size_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

/// The LM response, the NT response, the domain, the user, the workstation; flags behind them.
inline std::string ntlm_type_3(std::string_view domain, std::string_view user, bool unicode = true) {
  using namespace std::string_literals;
  const auto coded = [&](std::string_view text) { return unicode ? utf16_of_ascii(text) : std::string(text); };
  const std::string parts[] = {coded(domain), coded(user), coded("DESK"), std::string(24, 'L'), std::string(24, 'N')};
  std::string payload;
  std::string descriptors[5];
  for (int i = 0; i < 5; ++i) {
    descriptors[i] =
        ntlm_number(parts[i].size(), 2) + ntlm_number(parts[i].size(), 2) + ntlm_number(64 + payload.size(), 4);
    payload += parts[i];
  }
  return "NTLMSSP\0"s + ntlm_number(3, 4) + descriptors[3] + descriptors[4] + descriptors[0] + descriptors[1] +
         descriptors[2] + std::string(8, '\0') + ntlm_number(unicode ? 1 : 2, 4) + payload;
}

inline std::string ntlm_type_1(bool unicode = true) {
  using namespace std::string_literals;
  return "NTLMSSP\0"s + ntlm_number(1, 4) + ntlm_number(unicode ? 0x207 : 0x206, 4) + std::string(16, '\0');
}

/// Plays the client's side; what the server says is believed.
class Client {
 public:
  explicit Client(std::string_view mechanism, Account account = {}, std::string gs2_flag = "")
      : mechanism_(mechanism), account_(std::move(account)), flag_(std::move(gs2_flag)) {
    if (flag_.empty()) flag_ = mechanism_.ends_with("PLUS") ? "p=tls-exporter" : "n";
  }

  std::string binding = std::string(32, '\x5a');  ///< what SCRAM-*-PLUS binds to

  /// None where the server speaks first.
  std::optional<std::string> initial() {
    using namespace std::string_literals;
    const auto& [user, password, authzid] = account_;
    if (mechanism_ == "PLAIN") return authzid + '\0' + user + '\0' + password;
    if (mechanism_ == "LOGIN") return user;
    if (mechanism_ == "XOAUTH2") return "user=" + user + "\1auth=Bearer " + password + "\1\1";
    if (mechanism_ == "OAUTHBEARER")
      return "n,a=" + escaped_name(user) + ",\1host=mail.example.com\1port=587\1auth=Bearer " + password + "\1\1";
    if (mechanism_ == "NTLM") return ntlm_type_1();
    if (mechanism_ == "EXTERNAL") return authzid;
    if (mechanism_ == "ANONYMOUS") return user;
    if (!mechanism_.starts_with("SCRAM")) return std::nullopt;
    gs2_ = flag_ + ',' + (authzid.empty() ? "" : "a=" + escaped_name(authzid)) + ',';
    bare_ = "n=" + escaped_name(user) + ",r=client";
    return gs2_ + bare_;
  }

  /// To a challenge, the initial response's own included where it wasn't sent.
  std::string respond(const std::string& challenge) {
    if (mechanism_ == "LOGIN") return challenge == "Username:" ? account_.user : account_.password;
    if (challenge.empty()) return initial().value_or("");
    if (mechanism_ == "CRAM-MD5") return account_.user + ' ' + hex(hmac(Hash::md5, account_.password, challenge));
    if (mechanism_ == "DIGEST-MD5") return digest_md5(challenge);
    if (mechanism_ == "NTLM") return ntlm_type_3("", account_.user);
    return mechanism_.starts_with("SCRAM") ? scram(challenge) : "";
  }

  /// The whole exchange, up to Credentials or Malformed.
  Step play(Mechanism& server, bool with_initial = true) {
    Step step = server.begin(with_initial ? initial() : std::nullopt);
    for (int i = 0; i < 5 && std::holds_alternative<Challenge>(step); ++i)
      step = server.respond(respond(std::get<Challenge>(step).text));
    return step;
  }

  /// SCRAM: what the server has to answer to the last response.
  std::string signature;

 private:
  static std::string escaped_name(std::string_view name) {
    std::string out;
    for (const char c : name) out += c == ',' ? "=2C" : c == '=' ? "=3D" : std::string(1, c);
    return out;
  }

  static std::string between(std::string_view text, std::string_view before, std::string_view after) {
    const auto begin = text.find(before) + before.size();
    return std::string(text.substr(begin, text.find(after, begin) - begin));
  }

  std::string digest_md5(const std::string& challenge) const {
    if (challenge.starts_with("rspauth=")) return "";
    const auto& [user, password, authzid] = account_;
    const auto md5 = [](const std::string& text) { return digest(Hash::md5, text); };
    const std::string realm = between(challenge, "realm=\"", "\"");
    const std::string nonce = between(challenge, "nonce=\"", "\"");
    const std::string uri = "smtp/mail.example.com";
    const std::string a1 = md5(latin1_if_possible(user) + ':' + realm + ':' + latin1_if_possible(password)) + ':' +
                           nonce + ":cnonce" + (authzid.empty() ? "" : ':' + authzid);
    const std::string proof =
        hex(md5(hex(md5(a1)) + ':' + nonce + ":00000001:cnonce:auth:" + hex(md5("AUTHENTICATE:" + uri))));
    return "charset=utf-8,username=\"" + user + "\",realm=\"" + realm + "\",nonce=\"" + nonce +
           "\",nc=00000001,cnonce=\"cnonce\",digest-uri=\"" + uri + "\",qop=auth" +
           (authzid.empty() ? "" : ",authzid=\"" + authzid + '"') + ",response=" + proof;
  }

  std::string scram(const std::string& challenge) {
    if (challenge.starts_with("v=")) return "";
    const Hash hash = mechanism_.starts_with("SCRAM-SHA-256") ? Hash::sha256 : Hash::sha1;
    const std::string salt = from_base64(between(challenge, ",s=", ",")).value_or("");
    const auto iterations = static_cast<std::uint32_t>(std::stoul(between(challenge, ",i=", ",")));
    const std::string salted = pbkdf2(hash, account_.password, salt, std::max(iterations, 1U));
    const std::string bound = flag_.starts_with('p') ? binding : "";
    const std::string final = "c=" + base64(gs2_ + bound) + ",r=" + between(challenge, "r=", ",");
    const std::string message = bare_ + ',' + challenge + ',' + final;
    std::string proof = hmac(hash, salted, "Client Key");
    const std::string mask = hmac(hash, digest(hash, proof), message);
    for (std::size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ mask[i]);
    signature = "v=" + base64(hmac(hash, hmac(hash, salted, "Server Key"), message));
    return final + ",p=" + base64(proof);
  }

  std::string mechanism_;
  Account account_;
  std::string flag_, gs2_, bare_;
};

}  // namespace mailfault::sasl
