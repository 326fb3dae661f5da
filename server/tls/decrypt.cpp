#include "tls/decrypt.hpp"

#include <openssl/ssl.h>

#include "base/text.hpp"
#include "tls/record.hpp"
#include "tls/seal.hpp"

namespace mailfault::tls {
namespace {

constexpr std::size_t longest_record = 16384 + 2048, longest_message = 1 << 18;
constexpr std::uint8_t client_hello = 1, server_hello = 2, finished = 20, key_update = 24;

std::optional<std::string> from_hex(std::string_view text) {
  auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
  };
  if (text.empty() || text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    auto high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

struct FreeSsl {
  void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
  void operator()(SSL* each) const { SSL_free(each); }
};

}  // namespace

void KeyLog::add(std::string_view text) {
  for (auto line : split(text, '\n')) {
    auto words = split(trim(line), ' ');
    if (words.size() != 3) continue;
    auto random = from_hex(words[1]), secret = from_hex(words[2]);
    if (random && random->size() == 32 && secret) secrets_[std::string(words[0]) + " " + *random] = *secret;
  }
}

std::string_view KeyLog::secret(std::string_view label, std::string_view random) const {
  auto found = secrets_.find(std::string(label).append(" ").append(random));
  return found == secrets_.end() ? std::string_view() : found->second;
}

struct Decryptor::Impl {
  struct Side {
    std::string waiting, message;
    std::optional<SealKey> key;
    std::string secret;  // of TLS 1.3: what the key is made of
    std::uint64_t number = 0;
  };

  explicit Impl(const KeyLog& its_keys) : keys(its_keys) {}

  const KeyLog& keys;
  Side client, server;
  std::string client_random, server_random, why;
  const SSL_CIPHER* suite = nullptr;
  bool tls13 = false;
  std::optional<Alert> alert;
  std::optional<bool> client_closes;
  std::unique_ptr<SSL_CTX, FreeSsl> context{SSL_CTX_new(TLS_method())};
  std::unique_ptr<SSL, FreeSsl> ssl{context ? SSL_new(context.get()) : nullptr};

  void use(bool of_client, std::string_view secret, const char* label) {
    Side& side = of_client ? client : server;
    if (!suite) return fail("no ServerHello was seen, so what follows can't be read: capture from the beginning");
    if (secret.empty())
      return fail(std::string("the key log has no ") + label +
                  " of this connection: let the program write it by SSLKEYLOGFILE while it is captured");
    side.secret = secret;
    side.number = 0;
    side.key = tls13 ? seal_key(suite, secret) : seal_key(suite, secret, client_random, server_random, of_client);
    if (!side.key) fail(std::string("the cipher suite ") + SSL_CIPHER_get_name(suite) + " can't be decrypted here");
  }
  void fail(std::string text) {
    if (why.empty()) why = std::move(text);
  }
  void use_traffic(bool of_client, const char* clients, const char* servers) {
    const char* label = of_client ? clients : servers;
    use(of_client, keys.secret(label, client_random), label);
  }

  void hello_of_server(std::string_view message) {
    // RFC 8446 section 4.1.3: version, random, session id, suite, compression, extensions.
    constexpr std::string_view retry = "\xCF\x21\xAD\x74\xE5\x9A\x61\x11";  // begins a HelloRetryRequest's random
    if (message.size() < 39) return fail("the ServerHello is broken");
    if (message.substr(6).starts_with(retry)) return;
    server_random = message.substr(6, 32);
    auto at = 39 + number_at(message, 38, 1);
    if (message.size() < at + 3) return fail("the ServerHello is broken");
    auto name = message.substr(at, 2);
    suite = ssl ? SSL_CIPHER_find(ssl.get(), reinterpret_cast<const unsigned char*>(name.data())) : nullptr;
    if (!suite) return fail("the server chose a cipher suite that isn't known here");
    for (at += 5; at + 4 <= message.size(); at += 4 + number_at(message, at + 2, 2))
      tls13 = tls13 || (number_at(message, at, 2) == 43 && message.substr(at + 4).starts_with("\x03\x04"));
    if (!tls13) return;
    for (bool of_client : {true, false})
      use_traffic(of_client, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET");
  }

  void message(bool from_client, std::string_view bytes) {
    auto type = static_cast<std::uint8_t>(bytes[0]);
    Side& side = from_client ? client : server;
    if (type == client_hello && from_client && !side.key && bytes.size() >= 38) client_random = bytes.substr(6, 32);
    if (type == server_hello && !from_client && !side.key) hello_of_server(bytes);
    if (!tls13 || !side.key) return;
    if (type == finished) use_traffic(from_client, "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0");
    if (type == key_update) use(from_client, next_secret(suite, side.secret), "secret");
  }

  void handshake(bool from_client, std::string_view bytes) {
    Side& side = from_client ? client : server;
    side.message += bytes;
    while (why.empty() && side.message.size() >= 4) {
      auto size = 4 + number_at(side.message, 1, 3);
      if (size > longest_message) return fail("a handshake message is longer than any should be");
      if (side.message.size() < size) return;
      auto whole = side.message.substr(0, size);
      side.message.erase(0, size);
      message(from_client, whole);
    }
  }

  // RFC 8446 section 6: level, description.
  void alerted(bool from_client, std::string_view content) {
    if (content.size() != 2) return;
    if (content[1] == 0 && !client_closes) client_closes = from_client;
    if (content[1] == 0 || alert) return;
    alert = Alert{from_client, content[0] == 2, static_cast<std::uint8_t>(content[1])};
  }

  void record(bool from_client, std::string_view bytes, std::string& out) {
    Side& side = from_client ? client : server;
    auto type = static_cast<std::uint8_t>(bytes[0]);
    if (type == type_change_cipher_spec) {
      if (tls13 || side.key || !suite) return;
      return use(from_client, keys.secret("CLIENT_RANDOM", client_random), "CLIENT_RANDOM");
    }
    if (!side.key || (tls13 && type != type_application_data)) {
      if (type == type_handshake) handshake(from_client, bytes.substr(record_header_size));
      if (type == type_alert) alerted(from_client, bytes.substr(record_header_size));
      if (type == type_application_data) fail("a record came before the keys: capture from the beginning");
      return;
    }
    auto opened = open_record(*side.key, side.number++, bytes);
    if (!opened)
      return fail("a record doesn't fit the keys: bytes are missing from the capture, or the log is of another one");
    if (opened->type == type_handshake && tls13) handshake(from_client, opened->content);
    if (opened->type == type_alert) alerted(from_client, opened->content);
    if (opened->type == type_application_data) out += opened->content;
  }

  std::string feed(bool from_client, std::string_view bytes) {
    std::string out;
    if (!why.empty()) return out;
    auto& waiting = (from_client ? client : server).waiting;
    waiting += bytes;
    std::size_t at = 0;
    while (why.empty() && waiting.size() - at >= record_header_size) {
      auto size = number_at(waiting, at + 3, 2);
      if (waiting[at + 1] != 3 || size > longest_record) {
        fail("what passes is no TLS record: bytes are missing from the capture, or TLS was given up");
        break;
      }
      if (waiting.size() - at < record_header_size + size) break;
      record(from_client, std::string_view(waiting).substr(at, record_header_size + size), out);
      at += record_header_size + size;
    }
    waiting.erase(0, at);
    if (!why.empty()) waiting.clear();
    return out;
  }
};

Decryptor::Decryptor(const KeyLog& keys) : impl_(std::make_unique<Impl>(keys)) {}
Decryptor::~Decryptor() = default;
std::string Decryptor::feed(bool from_client, std::string_view bytes) { return impl_->feed(from_client, bytes); }
const std::optional<Alert>& Decryptor::alert() const { return impl_->alert; }
std::optional<bool> Decryptor::client_closes() const { return impl_->client_closes; }
const std::string& Decryptor::why() const { return impl_->why; }

}  // namespace mailfault::tls
