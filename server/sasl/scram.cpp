#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "sasl/crypto.hpp"
#include "sasl/gs2.hpp"
#include "sasl/makers.hpp"

namespace mailfault::sasl {
namespace {

constexpr std::size_t most_attributes = 16;
constexpr std::size_t longest_nonce = 1024;

bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= longest_nonce &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != ','; });
}

// The value of attribute `name` if `attribute` is one.
std::optional<std::string_view> value(std::string_view attribute, char name) {
  const bool is = attribute.size() >= 2 && attribute[0] == name && attribute[1] == '=';
  return is ? std::optional(attribute.substr(2)) : std::nullopt;
}

// The second attribute of both of the client's messages; empty: it isn't there.
std::string_view nonce_of(const std::vector<std::string_view>& attributes) {
  return attributes.size() > 1 ? value(attributes[1], 'r').value_or("") : std::string_view();
}

/// RFC 5802, RFC 7677. Names and passwords are compared as they are: no SASLprep. An unknown user is answered like a
/// known one until the proof.
class Scram : public Mechanism {
 public:
  Scram(Context context, Hash hash, bool plus) : Mechanism(std::move(context)), hash_(hash), plus_(plus) {
    context_.iterations = std::clamp(context_.iterations, 1U, longest_iterations);
  }

  void replace_challenge(std::string_view text) override {
    if (server_first_.empty() || verdict_) return;
    server_first_ = text;
    for (const std::string_view attribute : split(text, ',')) {
      if (const auto nonce = value(attribute, 'r')) nonce_ = *nonce;
      if (const auto salt = value(attribute, 's'))
        if (const auto bytes = from_base64(*salt)) context_.salt = *bytes;
      if (const auto count = value(attribute, 'i'))
        std::from_chars(count->data(), count->data() + count->size(), context_.iterations);
    }
  }

 private:
  Step take(std::string_view response) override {
    if (verdict_) {
      if (!response.empty()) return Malformed{"SCRAM takes an empty response to the server's signature"};
      shown_.clear();
      return *verdict_;
    }
    return server_first_.empty() ? first(response) : final(response);
  }

  // gs2-header n=user,r=nonce[,extensions]
  Step first(std::string_view message) {
    const auto header = parse_gs2(message);
    if (!header) return Malformed{"SCRAM begins with a flag (n, y, p=binding), a comma, [a=authzid], a comma"};
    gs2_ = message.substr(0, header->size);
    bare_ = message.substr(header->size);
    const std::vector<std::string_view> attributes = split(bare_, ',');
    if (value(attributes[0], 'm')) return refused({}, "the client needs an extension that isn't known");
    const auto name = value(attributes[0], 'n');
    const std::string_view nonce = nonce_of(attributes);
    const auto user = parse_saslname(name.value_or(""));
    if (!user || !is_nonce(nonce) || attributes.size() > most_attributes)
      return Malformed{"SCRAM's first message is n=user,r=nonce"};
    user_ = *user;
    authzid_ = header->authzid;
    shown_ = message;
    if (const std::string_view reason = unbindable(*header); !reason.empty()) return refused(claim(), reason);

    nonce_ = std::string(nonce) + context_.nonce;
    if (context_.salt.empty()) context_.salt = digest(Hash::sha256, context_.host + '\0' + user_).substr(0, 16);
    server_first_ = "r=" + nonce_ + ",s=" + base64(context_.salt) + ",i=" + std::to_string(context_.iterations);
    return Challenge{server_first_};
  }

  // Why the client's flag doesn't fit the server; empty: it does. Finds the binding's data.
  std::string_view unbindable(const Gs2Header& header) {
    if (header.flag == 'y' && context_.plus_offered)
      return "the client says that the server can't bind to the channel, but that was offered";
    if ((header.flag == 'p') != plus_)
      return plus_ ? "a -PLUS mechanism without channel binding" : "channel binding without a -PLUS mechanism";
    if (!plus_) return "";
    const auto found = context_.bindings.find(std::string(header.binding));
    if (found == context_.bindings.end()) return "this channel has no binding of the type that the client wants";
    binding_ = found->second;
    return "";
  }

  // c=base64(gs2-header binding),r=nonce[,extensions],p=proof
  Step final(std::string_view message) {
    const std::vector<std::string_view> attributes = split(message, ',');
    const auto proof_text = value(attributes.back(), 'p');
    const auto channel_text = value(attributes[0], 'c');
    const std::string_view nonce = nonce_of(attributes);
    const auto channel = channel_text ? from_base64(*channel_text) : std::nullopt;
    const auto proof = proof_text ? from_base64(*proof_text) : std::nullopt;
    if (!channel || nonce.empty() || !proof || attributes.size() > most_attributes)
      return Malformed{"SCRAM's final message is c=channel,r=nonce,p=proof"};
    shown_ = without(message, *proof_text);

    if (!same(*channel, gs2_ + binding_)) return refused(claim(), "the channel binding doesn't match");
    if (nonce != nonce_) return refused(claim(), "the client's nonce isn't the challenge's");
    if (context_.iterations < 1 || context_.iterations > longest_iterations)
      return refused(claim(), "the challenge asked for more iterations than the server computes, or none");
    return verify(message.substr(0, message.size() - proof_text->size() - 3), *proof);
  }

  Step verify(std::string_view without_proof, const std::string& proof) {
    const std::string* password = password_of(context_, user_);
    const std::string salted =
        pbkdf2(hash_, password ? *password : std::string(), context_.salt, context_.iterations);
    const std::string message = bare_ + ',' + server_first_ + ',' + std::string(without_proof);
    const std::string stored_key = digest(hash_, hmac(hash_, salted, "Client Key"));
    std::string client_key = hmac(hash_, stored_key, message);
    const bool sized = proof.size() == client_key.size();
    for (std::size_t i = 0; sized && i < proof.size(); ++i)
      client_key[i] = static_cast<char>(client_key[i] ^ proof[i]);
    Credentials verdict = judged(claim(), password != nullptr, sized && same(digest(hash_, client_key), stored_key));
    if (!verdict.accepted) return verdict;
    verdict_ = std::move(verdict);
    return Challenge{"v=" + base64(hmac(hash_, hmac(hash_, salted, "Server Key"), message))};
  }

  Credentials claim() const { return {.user = user_, .authzid = authzid_}; }

  Hash hash_;
  bool plus_;
  std::string authzid_, gs2_, bare_, binding_, nonce_;
  std::string server_first_;            // as it was sent
  std::optional<Credentials> verdict_;  // the server's signature is sent
};

}  // namespace

std::unique_ptr<Mechanism> make_scram_sha_1(Context context) {
  return std::make_unique<Scram>(std::move(context), Hash::sha1, false);
}
std::unique_ptr<Mechanism> make_scram_sha_1_plus(Context context) {
  return std::make_unique<Scram>(std::move(context), Hash::sha1, true);
}
std::unique_ptr<Mechanism> make_scram_sha_256(Context context) {
  return std::make_unique<Scram>(std::move(context), Hash::sha256, false);
}
std::unique_ptr<Mechanism> make_scram_sha_256_plus(Context context) {
  return std::make_unique<Scram>(std::move(context), Hash::sha256, true);
}

}  // namespace mailfault::sasl
