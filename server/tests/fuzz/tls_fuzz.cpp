// Whatever comes in place of a ClientHello or of records, the engine ends in a state that it can name, within bounds;
// and any split of the same bytes ends in the same one.
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/fuzz/require.hpp"
#include "tls/client_hello.hpp"
#include "tls/engine.hpp"
#include "tls/identity.hpp"
#include "tls/record.hpp"

namespace {

using namespace mailfault::tls;
using State = Engine::State;

std::shared_ptr<const Identity> identity() {
  static const std::shared_ptr<const Identity> made = mint("good", {});
  return made;
}

Settings settings_of(std::uint8_t choice) {
  Settings settings;
  if ((choice & 1) != 0) settings.versions = std::vector{Version::tls1_0, Version::tls1_1, Version::tls1_2};
  if ((choice & 2) != 0) settings.client_certificate = ClientCertificate::asked;
  if ((choice & 4) != 0) settings.groups = "P-521:P-256";
  if ((choice & 8) != 0) settings.alpn = {"smtp"};
  return settings;
}

// All that is waiting, by whole messages; the names and sizes must add up to whole records.
std::string drain(Engine& engine) {
  std::string bytes;
  while (!engine.next_name().empty()) {
    const std::string_view name = engine.next_name();
    const Outgoing message = *engine.next();
    require(message.name == name, "next_name() is next()'s");
    for (std::string_view each : records_in(message.bytes)) {
      const bool whole =
          each.size() >= record_header_size &&
          record_header_size + static_cast<std::uint8_t>(each[3]) * 256U + static_cast<std::uint8_t>(each[4]) ==
              each.size();
      require(whole, "a message is whole records");
    }
    bytes += message.bytes;
  }
  require(!engine.next(), "no name, no message");
  return bytes;
}

void look(const Engine& engine) {
  require((engine.state() == State::failed) == !engine.why().empty(), "why() is there when it failed, and only then");
  require(engine.alerts().size() <= 64, "alerts have a bound");
  require(engine.hello().alpn.size() <= 64 && engine.hello().versions.size() <= 64, "a hello has bounds");
}

// Bytes into a fresh engine, in chunks of this size.
std::string play_fresh(std::string_view bytes, std::size_t split, const Settings& settings) {
  Engine engine;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(split, bytes.size()))) {
    engine.feed(bytes.substr(0, split));
    if (engine.state() == State::paused) engine.answer(settings, {}, identity());
    look(engine);
  }
  engine.read();
  drain(engine);
  return std::to_string(static_cast<int>(engine.state())) + engine.why();
}

struct Free {
  void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
  void operator()(SSL* each) const { SSL_free(each); }
};

// A real client over memory.
struct RealClient {
  std::unique_ptr<SSL, Free> ssl;
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());

  RealClient() {
    static const std::unique_ptr<SSL_CTX, Free> ctx(SSL_CTX_new(TLS_client_method()));
    static const bool lowered = [] {
      SSL_CTX_set_security_level(ctx.get(), 0);
      return SSL_CTX_set_min_proto_version(ctx.get(), TLS1_VERSION) == 1;
    }();
    require(lowered, "the client takes old versions");
    ssl.reset(SSL_new(ctx.get()));
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(ssl.get(), in, out);
    SSL_set_connect_state(ssl.get());
  }
  std::string flight() {
    SSL_do_handshake(ssl.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string sent(data, static_cast<std::size_t>(size));
    (void)BIO_reset(out);
    return sent;
  }
  void take(std::string_view answer) { BIO_write(in, answer.data(), static_cast<int>(answer.size())); }
};

// A real client's handshake with some bytes changed, cut off or cut short. Of four bytes each: which flight, where in
// it (two), and what the byte there is changed by (0: the flight ends before it).
void play_changed(std::string_view changes, const Settings& settings) {
  constexpr std::size_t one = 4, flights = 4;
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(changes[i]); };
  RealClient client;
  Engine engine;
  for (std::size_t flight = 0; flight < flights; ++flight) {
    std::string sent = client.flight();
    for (std::size_t i = 0; i + one <= changes.size() && i < 64 * one; i += one) {
      if (at(i) % flights != flight || sent.empty()) continue;
      const std::size_t place = (at(i + 1) * 256U + at(i + 2)) % sent.size();
      if (at(i + 3) == 0) {
        sent.resize(place);
      } else {
        sent[place] = static_cast<char>(static_cast<std::uint8_t>(sent[place]) ^ at(i + 3));
      }
    }
    engine.feed(sent);
    if (engine.state() == State::paused) engine.answer(settings, {}, identity());
    look(engine);
    client.take(drain(engine));
  }
  engine.write("250 Ok\r\n");
  engine.read();
  drain(engine);
}

// An engine that is up, with what its client would send next: `choice` records of it are real, then comes `bytes`.
void play_up(std::string_view bytes, std::uint8_t choice, const Settings& settings) {
  RealClient real;
  Engine engine;
  for (int round = 0; round < 6 && engine.state() != State::up; ++round) {
    engine.feed(real.flight());
    if (engine.state() == State::paused) engine.answer(settings, {}, identity());
    real.take(drain(engine));
  }
  require(engine.state() == State::up, "a good client gets through");
  if ((choice & 16) != 0) engine.key_update(true);
  if ((choice & 32) != 0) engine.renegotiate();
  if ((choice & 64) != 0) engine.seal(choice, bytes.substr(0, 20000));
  if ((choice & 128) != 0) {
    // As plaintext of the real client, so that it comes through the record layer.
    SSL_write(real.ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
    char* data = nullptr;
    const long size = BIO_get_mem_data(real.out, &data);
    engine.feed({data, static_cast<std::size_t>(size)});
  } else {
    engine.feed(bytes);
  }
  look(engine);
  engine.write("250 Ok\r\n");
  engine.close_notify();
  engine.write("more");
  engine.alert(choice);
  engine.read();
  drain(engine);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint8_t choice = data[0];
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Settings settings = settings_of(choice);
  if ((choice & 0xF0) == 0xF0) {
    play_changed(bytes, settings);
    return 0;
  }
  if ((choice & 0xF0) != 0) {
    play_up(bytes, choice, settings);
    return 0;
  }
  // A hello of random content has little hope to be one: give its parser the bytes as they are too.
  std::string why;
  const std::string message = std::string("\x01\x00", 2) + static_cast<char>(bytes.size() >> 8 & 255) +
                              static_cast<char>(bytes.size() & 255) + bytes;
  parse_client_hello(message, why);
  if (bytes.size() < 16000) play_fresh(record(type_handshake, 0x0301, message), 1U << 20, settings);

  const std::string whole = play_fresh(bytes, 1U << 20, settings);
  require(play_fresh(bytes, 1, settings) == whole, "byte by byte is as whole");
  require(play_fresh(bytes, 7, settings) == whole, "small chunks are as whole");
  return 0;
}
