#include "tls/engine.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "tls/client_hello.hpp"
#include "tls/context.hpp"
#include "tls/record.hpp"
#include "tls/seal.hpp"

namespace mailfault::tls {
namespace {

constexpr std::size_t most_sealed_content = 16384 + 2048;  // OpenSSL takes no longer record
constexpr std::size_t most_plain = 16384;
constexpr std::size_t most_alerts = 64;  // kept of those that a client may send without end
constexpr std::uint8_t internal_error = 80;

struct FreeOurs {
  void operator()(SSL* each) const { SSL_free(each); }
  void operator()(BIO_METHOD* each) const { BIO_meth_free(each); }
};

// What happens to the server's keys once a message is written.
enum class Turn : std::uint8_t { none, handshake, application, next };

// A message in `out`, from its first byte on.
struct Mark {
  std::string_view name;
  std::size_t bytes = 0;
  std::uint32_t sealed_records = 0;
  Turn turn = Turn::none;
};

// Under which keys, and as which number of theirs, the server's next record is written. Generation 0 is in clear. In
// TLS 1.3 the 1st is of the handshake, each later one of application data; before, each ChangeCipherSpec begins one.
struct Place {
  std::uint32_t generation = 0;
  std::uint64_t number = 0;

  void pass(const Mark& mark) {
    if (generation > 0) number += mark.sealed_records;
    if (mark.turn == Turn::none) return;
    number = 0;
    generation = mark.turn == Turn::handshake ? 1 : mark.turn == Turn::application ? 2 : generation + 1;
  }
};

std::string_view handshake_name(std::uint8_t type) {
  switch (type) {
    case 0:
      return "hello_request";
    case 2:
      return "server_hello";
    case 4:
      return "new_session_ticket";
    case 8:
      return "encrypted_extensions";
    case 11:
      return "certificate";
    case 12:
      return "server_key_exchange";
    case 13:
      return "certificate_request";
    case 14:
      return "server_hello_done";
    case 15:
      return "certificate_verify";
    case 20:
      return "finished";
    case 22:
      return "certificate_status";
    case 24:
      return "key_update";
    default:
      return "handshake";
  }
}

// RFC 8446 section 4.1.3: the random of a ServerHello that is a HelloRetryRequest.
bool is_retry(std::string_view message) {
  static constexpr std::array<unsigned char, 32> random{
      0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
      0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
  constexpr std::size_t at = 6;
  return message.size() >= at + random.size() && std::memcmp(message.data() + at, random.data(), random.size()) == 0;
}

std::string version_of(const SSL* ssl) {
  const int version = SSL_version(ssl);
  if (version < TLS1_VERSION || version > TLS1_3_VERSION) return SSL_get_version(ssl);
  return std::string(name_of(static_cast<Version>(version - TLS1_VERSION)));
}

std::string group_of(SSL* ssl) {
  const int nid = static_cast<int>(SSL_get_negotiated_group(ssl));
  if (nid <= 0) return "";
  const char* nist = EC_curve_nid2nist(nid);
  const char* name = nist ? nist : OBJ_nid2sn(nid);
  return name ? name : "";
}

std::string subject_of(X509* certificate) {
  constexpr std::size_t longest = 512;  // what a client puts into it is its own affair
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  if (!text || X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) return "?";
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return printable(std::string_view(data, std::min(longest, static_cast<std::size_t>(size))));
}

std::vector<std::string> names_of(X509* certificate) {
  constexpr std::size_t most_names = 100;
  std::vector<std::string> names;
  const auto add = [&](const ASN1_STRING* text) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, text);
    if (size > 0 && names.size() < most_names)
      names.emplace_back(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
    if (size >= 0) OPENSSL_free(utf8);
  };
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> alternatives(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (const int type : {GEN_EMAIL, GEN_DNS})
    for (int i = 0; alternatives && i < sk_GENERAL_NAME_num(alternatives.get()); ++i)
      if (const auto* name = sk_GENERAL_NAME_value(alternatives.get(), i); name->type == type) add(name->d.ia5);
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0) add(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  return names;
}

std::string from_hex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(value(hex[i]) << 4 | value(hex[i + 1]));
  }
  return bytes;
}

// A string that is used up from its front, and gives its memory back when it is empty.
class Queue {
 public:
  void add(std::string_view bytes) { bytes_.append(bytes); }
  std::string_view view() const { return std::string_view(bytes_).substr(at_); }
  bool empty() const { return at_ == bytes_.size(); }
  std::string take(std::size_t size) {
    if (at_ == 0 && size >= bytes_.size()) return std::exchange(bytes_, {});
    std::string taken = bytes_.substr(at_, size);
    skip(taken.size());
    return taken;
  }
  void skip(std::size_t size) {
    at_ += size;
    if (empty()) {
      clear();
    } else if (at_ > 65536 && at_ > bytes_.size() / 2) {
      bytes_.erase(0, std::exchange(at_, 0));
    }
  }
  void clear() {
    bytes_ = {};
    at_ = 0;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

struct Engine::Impl final : Listener {
  State state = State::hello;
  bool came_up = false;
  bool own = false;  // what the server writes is sealed by us: OpenSSL's count of it is no longer the client's
  bool said_goodbye = false;  // our close_notify has left
  HelloReader reader;
  Facts facts;
  std::vector<Alert> alerts;
  std::string why;
  std::function<void(const std::string&)> tell_key;
  std::shared_ptr<const Context> context;
  std::unique_ptr<SSL, FreeOurs> ssl;

  std::string_view arriving;  // what OpenSSL may read now
  std::string partial;        // a record of the client's that isn't whole
  std::string spoken;         // what came in place of a record
  Queue plain;                // decrypted
  Queue unsent;               // to be sealed once that is possible
  std::size_t record_size = most_plain;

  Queue out;
  std::vector<Mark> marks;  // of what is in `out`
  std::size_t marks_taken = 0;
  Mark open;    // records that OpenSSL has written of a message that it hasn't told yet
  Place taken;  // behind what next() gave
  Place end;    // behind all that is in `out`
  std::string handshake_secret, traffic_secret;  // TLS 1.3: the server's
  std::uint32_t traffic_generation = 2;          // whose the second one is
  std::optional<SealKey> sealing;                // made when it is first needed, and of this generation
  std::uint32_t sealing_generation = 0;
  std::string first_traffic_secret;  // as long as the two may be needed again after drop()

  bool tls13() const { return ssl && SSL_version(ssl.get()) == TLS1_3_VERSION; }

  // What comes from the client.

  void begin(std::string_view bytes) {
    const HelloReader::Result result = reader.feed(bytes);
    if (result == HelloReader::Result::whole) {
      state = State::paused;
    } else if (result == HelloReader::Result::alerted) {
      note_alert(reader.its_alert());
      const bool goodbye = reader.its_alert().code == 0;
      state = goodbye ? State::ended : State::failed;
      why = goodbye ? "" : "the client sent the alert " + alert_name(reader.its_alert().code);
    } else if (result == HelloReader::Result::refused) {
      why = reader.why();
      state = State::failed;
      put_alert(2, reader.alert());
    }
    if (state == State::failed || state == State::ended) reader.take_bytes();
  }

  // Gives OpenSSL whole records only: it would keep 16 KiB for a part of one.
  void take(std::string_view bytes) {
    std::string joined;
    if (!partial.empty()) {
      partial.append(bytes);
      joined = std::exchange(partial, {});
      bytes = joined;
    }
    std::size_t whole = 0;
    while (bytes.size() - whole >= record_header_size) {
      const std::string_view record = bytes.substr(whole);
      const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(record[i]); };
      const std::size_t length = static_cast<std::size_t>(at(3)) << 8 | at(4);
      const bool is_record = at(0) >= type_change_cipher_spec && at(0) <= 24 && at(1) == 3;
      if (!is_record) spoken = record.substr(0, 256);
      if (!is_record || length > most_sealed_content) {
        whole = bytes.size();  // OpenSSL says what is wrong with it
        break;
      }
      if (record.size() < record_header_size + length) break;
      whole += record_header_size + length;
    }
    arriving = bytes.substr(0, whole);
    if (whole > 0) go_on();
    arriving = {};
    if (state == State::failed || state == State::ended) return;
    if (whole == 0 && !joined.empty()) {
      partial = std::move(joined);
    } else {
      partial = bytes.substr(whole);
    }
  }

  void go_on() {
    ERR_clear_error();
    if (!came_up) {
      const int result = SSL_do_handshake(ssl.get());
      if (result != 1) return not_done(result);
      // After drop() or seal() the client may lack messages that OpenSSL thinks it has.
      if (own && end.generation < (tls13() ? 2U : 1U)) return;
      came_up = true;
      state = State::up;
      find_facts();
      push();
    }
    static thread_local std::array<char, most_plain> buffer;
    while (state == State::up) {
      std::size_t size = 0;
      const int result = SSL_read_ex(ssl.get(), buffer.data(), buffer.size(), &size);
      if (result != 1) {
        not_done(result);
        break;
      }
      plain.add({buffer.data(), size});
    }
    push();
  }

  // Why OpenSSL stopped: it wants more, or it is over.
  void not_done(int result) {
    switch (SSL_get_error(ssl.get(), result)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return;
      case SSL_ERROR_ZERO_RETURN:
        state = State::ended;
        return;
      default:
        break;
    }
    state = State::failed;
    const std::string reason = take_reason();
    const bool by_client = !alerts.empty() && alerts.back().from_client && alerts.back().fatal;
    if (by_client) {
      why = "the client sent the alert " + alert_name(alerts.back().code);
    } else if (!spoken.empty()) {
      why = what_was_spoken(spoken) + " (OpenSSL: " + reason + ")";
    } else {
      why = std::string(came_up ? "TLS" : "the handshake") + " failed: OpenSSL: " + reason;
      if (!facts.client_verify.empty() && facts.client_verify != "ok") {
        why += "; the client's certificate: " + facts.client_verify;
      }
      if (!alerts.empty() && !alerts.back().from_client) why += "; alert " + alert_name(alerts.back().code) + " sent";
    }
  }

  void find_facts() {
    facts.version = version_of(ssl.get());
    facts.cipher = SSL_get_cipher_name(ssl.get());
    facts.group = group_of(ssl.get());
    const unsigned char* alpn = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl.get(), &alpn, &size);
    facts.alpn.assign(reinterpret_cast<const char*>(alpn), size);
    facts.resumed = SSL_session_reused(ssl.get()) == 1;
    X509* certificate = facts.client_certificate.empty() ? SSL_get0_peer_certificate(ssl.get()) : nullptr;
    if (certificate) on_client_certificate(certificate, static_cast<int>(SSL_get_verify_result(ssl.get())));
  }

  // What goes to the client.

  void put(std::string_view name, std::string_view bytes, bool sealed, Turn turn = Turn::none) {
    out.add(bytes);
    mark({name, bytes.size(), sealed ? 1U : 0U, turn});
  }
  void mark(const Mark& mark) {
    marks.push_back(mark);
    end.pass(mark);
  }

  void put_alert(std::uint8_t level, std::uint8_t code) {
    const std::array<char, 2> content{static_cast<char>(level), static_cast<char>(code)};
    put("alert", record(type_alert, clear_version(), {content.data(), content.size()}), false);
    note_alert({false, level == 2, code});
  }
  std::uint16_t clear_version() const {
    const int version = ssl ? SSL_version(ssl.get()) : TLS1_VERSION;
    return static_cast<std::uint16_t>(std::clamp(version, TLS1_VERSION, TLS1_2_VERSION));
  }
  void note_alert(Alert alert) {
    if (alerts.size() < most_alerts) alerts.push_back(alert);
  }

  void push() {
    while (came_up && state != State::failed && !unsent.empty()) {
      const std::string_view chunk = unsent.view().substr(0, record_size);
      if (own || said_goodbye) {
        if (!key()) return unsent.clear();  // in clear it would be no secret any more
        seal(type_application_data, chunk);
        unsent.skip(chunk.size());
        continue;
      }
      ERR_clear_error();
      std::size_t size = 0;
      const int result = SSL_write_ex(ssl.get(), chunk.data(), chunk.size(), &size);
      if (result != 1) return not_done(result);  // a renegotiation may be under way: later, then
      unsent.skip(size);
    }
  }

  // The server's key behind all that is in `out`; null: we can't seal with it, or nothing is keyed.
  const SealKey* key() {
    if (end.generation == 0 || (came_up && SSL_is_init_finished(ssl.get()) != 1)) return nullptr;
    if (sealing_generation != end.generation) {
      sealing = tls13() ? key_of_13() : SSL_version(ssl.get()) == TLS1_2_VERSION ? seal_key(ssl.get()) : std::nullopt;
      sealing_generation = end.generation;
    }
    return sealing ? &*sealing : nullptr;
  }

  std::optional<SealKey> key_of_13() {
    const SSL_CIPHER* suite = SSL_get_current_cipher(ssl.get());
    if (!suite) suite = SSL_get_pending_cipher(ssl.get());
    if (!suite) return std::nullopt;
    if (end.generation == 1) return seal_key(suite, handshake_secret);
    if (end.generation < traffic_generation) {
      traffic_secret = first_traffic_secret;
      traffic_generation = 2;
    }
    for (; traffic_generation < end.generation; ++traffic_generation) {
      traffic_secret = next_secret(suite, traffic_secret);
    }
    return seal_key(suite, traffic_secret);
  }

  // Queues a record of ours. False: it had to leave in clear.
  bool seal(std::uint8_t type, std::string_view content, Turn turn = Turn::none) {
    static constexpr std::array<std::string_view, 4> names{"change_cipher_spec", "alert", "handshake",
                                                           "application_data"};
    const std::size_t index = static_cast<std::size_t>(type) - type_change_cipher_spec;
    const std::string_view name = turn == Turn::next     ? "key_update"
                                  : index < names.size() ? names.at(index)
                                                         : "record";
    if (end.generation == 0) {
      put(name, record(type, clear_version(), content), false);
      return true;
    }
    const SealKey* with = key();
    if (with && content.size() + sealing_adds(*with) > 65535) {
      throw Error("a sealed TLS record can't hold " + std::to_string(content.size()) + " bytes: give " +
                  std::to_string(65535 - sealing_adds(*with)) + " at most");
    }
    own = true;
    const std::optional<std::string> sealed = with ? seal_record(*with, end.number, type, content) : std::nullopt;
    put(name, sealed ? *sealed : record(type, clear_version(), content), sealed.has_value(), turn);
    return sealed.has_value();
  }

  // What OpenSSL tells.

  void on_key_line(const char* line) override {
    const std::string_view text(line);
    const auto secret = [&](std::string_view label, std::string& into) {
      if (text.substr(0, label.size()) == label) into = from_hex(text.substr(text.rfind(' ') + 1));
    };
    secret("SERVER_HANDSHAKE_TRAFFIC_SECRET ", handshake_secret);
    secret("SERVER_TRAFFIC_SECRET_0 ", first_traffic_secret);
    if (traffic_secret.empty()) traffic_secret = first_traffic_secret;
    if (tell_key) tell_key(std::string(text));
  }

  void on_client_certificate(X509* certificate, int error) override {
    if (certificate) facts.client_certificate = subject_of(certificate);
    facts.client_verify = error == X509_V_OK ? "ok" : X509_verify_cert_error_string(error);
    if (certificate && error == X509_V_OK) facts.client_names = names_of(certificate);
  }

  // Record headers as they are written, then the message that they carry: so each record finds its name.
  void on_message(bool written, int type, std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    if (type == SSL3_RT_ALERT && bytes.size() >= 2 && !(written && own)) note_alert({!written, at(0) == 2, at(1)});
    if (!written || own || bytes.empty()) return;
    const auto close = [&](std::string_view name, Turn turn = Turn::none) {
      Mark whole = std::exchange(open, {});
      whole.name = name;
      whole.turn = turn;
      mark(whole);
    };
    switch (type) {
      case SSL3_RT_HEADER:
        if (bytes.size() < record_header_size) return;
        open.bytes += record_header_size + (static_cast<std::size_t>(at(3)) << 8 | at(4));
        if (!tls13() || at(0) == type_application_data) ++open.sealed_records;
        if (!tls13() && at(0) == type_application_data) close("application_data");
        return;
      case SSL3_RT_INNER_CONTENT_TYPE:
        if (at(0) == type_application_data) close("application_data");
        return;
      case SSL3_RT_CHANGE_CIPHER_SPEC:
        return close("change_cipher_spec", tls13() ? Turn::none : Turn::next);
      case SSL3_RT_ALERT:
        return close("alert");
      case SSL3_RT_HANDSHAKE: {
        const std::string_view name = handshake_name(at(0));
        if (name == "server_hello" && is_retry(bytes)) return close("hello_retry_request");
        if (!tls13()) return close(name);
        return close(name, name == "server_hello" ? Turn::handshake
                           : name == "finished"   ? Turn::application
                           : name == "key_update" ? Turn::next
                                                  : Turn::none);
      }
      default:
        return;
    }
  }
};

namespace {

// A BIO over the engine's own strings: OpenSSL's memory BIOs would keep a buffer of their own for each connection.
struct Wire {
  std::string_view* arriving;
  Queue* out;
  const bool* muted;
};

Wire& wire_of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int read_wire(BIO* bio, char* into, std::size_t size, std::size_t* done) {
  std::string_view& arriving = *wire_of(bio).arriving;
  BIO_clear_retry_flags(bio);
  if (arriving.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *done = std::min(size, arriving.size());
  std::memcpy(into, arriving.data(), *done);
  arriving.remove_prefix(*done);
  return 1;
}

int write_wire(BIO* bio, const char* from, std::size_t size, std::size_t* done) {
  const Wire& wire = wire_of(bio);
  BIO_clear_retry_flags(bio);
  if (!*wire.muted) wire.out->add({from, size});
  *done = size;
  return 1;
}

long control_wire(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0;
}

int free_wire(BIO* bio) {
  delete static_cast<Wire*>(BIO_get_data(bio));
  return 1;
}

BIO* new_wire(const Wire& wire) {
  static const std::unique_ptr<BIO_METHOD, FreeOurs> method = [] {
    std::unique_ptr<BIO_METHOD, FreeOurs> made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "mailfault"));
    BIO_meth_set_read_ex(made.get(), read_wire);
    BIO_meth_set_write_ex(made.get(), write_wire);
    BIO_meth_set_ctrl(made.get(), control_wire);
    BIO_meth_set_destroy(made.get(), free_wire);
    return made;
  }();
  BIO* bio = BIO_new(method.get());
  if (!bio) return nullptr;
  BIO_set_data(bio, new Wire(wire));
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace

Engine::Engine() : impl_(std::make_unique<Impl>()) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Engine::State Engine::state() const { return impl_->state; }
const Hello& Engine::hello() const { return impl_->reader.hello(); }
const Facts& Engine::facts() const { return impl_->facts; }
const std::vector<Alert>& Engine::alerts() const { return impl_->alerts; }
const std::string& Engine::why() const { return impl_->why; }
void Engine::on_key(std::function<void(const std::string&)> tell) { impl_->tell_key = std::move(tell); }
void Engine::set_record_size(std::size_t size) { impl_->record_size = std::clamp<std::size_t>(size, 1, most_plain); }

void Engine::feed(std::string_view bytes) {
  switch (impl_->state) {
    case State::hello:
    case State::paused:
      return impl_->begin(bytes);
    case State::handshake:
    case State::up:
      return impl_->take(bytes);
    case State::ended:
    case State::failed:
      return;
  }
}

void Engine::answer(const Settings& settings, const Names& names, std::shared_ptr<const Identity> identity) {
  Impl& impl = *impl_;
  if (impl.state != State::paused) return;
  if (settings.tickets == Tickets::broken && hello().resumes) {
    impl.reader.take_bytes();
    alert(internal_error);
    impl.why = "the client came back with a session ticket, which the settings answer with an alert";
    return;
  }
  if (!identity) identity = mint(settings.certificate.value_or("good"), names);
  impl.context = context_for(settings, std::move(identity));
  impl.ssl.reset(SSL_new(impl.context->ctx.get()));
  BIO* bio = impl.ssl ? new_wire({&impl.arriving, &impl.out, &impl.own}) : nullptr;
  if (!bio) throw Error("TLS: OpenSSL can't make a session: " + take_reason());
  SSL_set_bio(impl.ssl.get(), bio, bio);
  SSL_set_app_data(impl.ssl.get(), static_cast<Listener*>(&impl));
  SSL_set_msg_callback(
      impl.ssl.get(), [](int written, int, int type, const void* bytes, std::size_t size, SSL*, void* of) {
        static_cast<Impl*>(of)->on_message(written != 0, type, {static_cast<const char*>(bytes), size});
      });
  SSL_set_msg_callback_arg(impl.ssl.get(), &impl);
  SSL_set_accept_state(impl.ssl.get());
  if (settings.record_size) set_record_size(*settings.record_size);
  impl.state = State::handshake;
  impl.take(impl.reader.take_bytes());
}

std::optional<Outgoing> Engine::next() {
  Impl& impl = *impl_;
  if (impl.marks_taken == impl.marks.size()) return std::nullopt;
  const Mark mark = impl.marks[impl.marks_taken++];
  impl.taken.pass(mark);
  if (impl.marks_taken == impl.marks.size()) {
    std::vector<Mark>().swap(impl.marks);
    impl.marks_taken = 0;
  }
  return Outgoing{mark.name, impl.out.take(mark.bytes)};
}

std::string_view Engine::next_name() const {
  return impl_->marks_taken == impl_->marks.size() ? std::string_view() : impl_->marks[impl_->marks_taken].name;
}

void Engine::drop() {
  Impl& impl = *impl_;
  if (impl.marks_taken == impl.marks.size()) return;
  std::vector<Mark>().swap(impl.marks);
  impl.marks_taken = 0;
  impl.out.clear();
  impl.end = impl.taken;
  impl.own = impl.ssl != nullptr;
}

std::string Engine::read(std::size_t limit) { return impl_->plain.take(limit); }

void Engine::write(std::string_view plain) {
  if (impl_->state == State::failed) return;
  impl_->unsent.add(plain);
  impl_->push();
}

void Engine::close_notify() {
  Impl& impl = *impl_;
  if (impl.said_goodbye || impl.state == State::failed) return;
  impl.said_goodbye = true;
  if (impl.came_up && !impl.own && SSL_is_init_finished(impl.ssl.get())) {
    ERR_clear_error();
    SSL_shutdown(impl.ssl.get());
    return;
  }
  const std::array<char, 2> content{1, 0};
  impl.seal(type_alert, {content.data(), content.size()});
  impl.note_alert({false, false, 0});
}

bool Engine::alert(std::uint8_t code) {
  Impl& impl = *impl_;
  const std::array<char, 2> content{2, static_cast<char>(code)};
  const bool sealed = impl.seal(type_alert, {content.data(), content.size()});
  impl.note_alert({false, true, code});
  if (impl.state != State::failed) impl.why = "the server sent the alert " + alert_name(code) + ", as it was told";
  impl.state = State::failed;
  return sealed;
}

bool Engine::seal(std::uint8_t type, std::string_view content) { return impl_->seal(type, content); }

bool Engine::key_update(bool asks_client) {
  Impl& impl = *impl_;
  if (!impl.came_up || impl.state == State::failed || !impl.tls13()) return false;
  if (impl.own || impl.said_goodbye) {
    const std::array<char, 5> content{24, 0, 0, 1, static_cast<char>(asks_client ? 1 : 0)};
    return impl.seal(type_handshake, {content.data(), content.size()}, Turn::next);
  }
  ERR_clear_error();
  const int kind = asks_client ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED;
  return SSL_key_update(impl.ssl.get(), kind) == 1 && SSL_do_handshake(impl.ssl.get()) == 1;
}

bool Engine::renegotiate() {
  Impl& impl = *impl_;
  if (impl.state != State::up || impl.own || impl.said_goodbye || impl.tls13()) return false;
  ERR_clear_error();
  return SSL_renegotiate(impl.ssl.get()) == 1 && SSL_do_handshake(impl.ssl.get()) == 1;
}

std::string Engine::channel_binding(std::string_view type) const {
  const Impl& impl = *impl_;
  if (!impl.came_up) return "";
  SSL* ssl = impl.ssl.get();
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  std::size_t size = 0;
  if (type == "tls-unique" && !impl.tls13()) {
    // The first Finished of the handshake: the client's, but the server's if it resumed a session.
    size = SSL_session_reused(ssl) ? SSL_get_finished(ssl, bytes.data(), bytes.size())
                                   : SSL_get_peer_finished(ssl, bytes.data(), bytes.size());
  } else if (type == "tls-server-end-point") {
    int digest = NID_undef;
    X509* certificate = SSL_get_certificate(ssl);
    if (!certificate || !OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, nullptr)) return "";
    if (digest == NID_md5 || digest == NID_sha1) digest = NID_sha256;
    const EVP_MD* hash = digest == NID_undef ? nullptr : EVP_get_digestbynid(digest);
    unsigned count = 0;
    if (!hash || !X509_digest(certificate, hash, bytes.data(), &count)) return "";
    size = count;
  } else if (type == "tls-exporter" && (impl.tls13() || SSL_get_extms_support(ssl) == 1)) {
    static constexpr std::string_view label = "EXPORTER-Channel-Binding";
    size = 32;
    const unsigned char nothing = 0;
    if (SSL_export_keying_material(ssl, bytes.data(), size, label.data(), label.size(), &nothing, 0, 1) != 1)
      return "";
  }
  return {reinterpret_cast<const char*>(bytes.data()), std::min(size, bytes.size())};
}

}  // namespace mailfault::tls
