// record: a real server behind a relay that journals what passes, and makes a scenario of it.
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/imported.hpp"
#include "cli/options.hpp"
#include "cli/overheard.hpp"
#include "cli/terminal.hpp"
#include "import/capture.hpp"
#include "import/lines.hpp"
#include "journal/json_lines.hpp"
#include "tls/certificate.hpp"
#include "tls/client.hpp"
#include "tls/engine.hpp"
#include "tls/names.hpp"
#include "wire/dial.hpp"

namespace mailfault::cli {
namespace {

constexpr std::size_t most_connections = 100;             // at a time; more wait
constexpr std::size_t most_kept = std::size_t{64} << 20;  // of what passes, for the scenario
constexpr Micros look_again = std::chrono::milliseconds(100), give_up = std::chrono::seconds(60);

std::atomic<bool> stopping{false};
void on_stop(int) { stopping = true; }

struct RecordSettings {
  wire::MailHost upstream;
  std::string roots_file;
  bool insecure = false, show_secrets = false, implicit_tls = false;
};

/// What all connections write into.
class SharedJournal {
 public:
  SharedJournal() : journal_(clock_) {}
  void add(const Event& event, std::string_view text) {
    std::lock_guard lock(mutex_);
    journal_.add(event, text);
  }
  void listen(JournalListener& listener) { journal_.listen(listener); }

 private:
  RealClock clock_;
  std::mutex mutex_;
  Journal journal_;
};

/// What the scenario is made of, by all connections.
class Recording {
 public:
  /// The number of the next piece; 0: there is no more room.
  std::uint64_t keep(std::size_t bytes) { return (kept_ += bytes + 64) <= most_kept ? ++pieces_ : 0; }
  void add(std::uint32_t number, recorded::Connection connection) {
    std::lock_guard lock(mutex_);
    connections_.insert_or_assign(number, std::move(connection));
  }
  bool is_cut() const { return kept_ > most_kept; }
  recorded::Conversation take() {
    std::lock_guard lock(mutex_);
    recorded::Conversation out;
    out.kind = "recording";
    out.title = "a relay's recording";
    out.source = "recording";
    out.unit = "turn";
    out.resolution = std::chrono::milliseconds(1);
    for (auto& [number, connection] : connections_) out.connections.push_back(std::move(connection));
    return out;
  }

 private:
  std::atomic<std::size_t> kept_{0}, pieces_{0};
  std::mutex mutex_;
  std::map<std::uint32_t, recorded::Connection> connections_;
};

Micros now() { return std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch()); }

/// One client and its connection to the server, on a thread of their own.
class Relay {
 public:
  Relay(wire::Fd client, const std::string& peer, std::uint32_t number, const RecordSettings& settings,
        SharedJournal& journal, Recording& recording)
      : client_(std::move(client)),
        number_(number),
        settings_(settings),
        journal_(journal),
        recording_(recording),
        heard_([this](Event event, std::string_view text) { tell(event, text); }, settings.show_secrets) {
    tell({.kind = EventKind::connected}, (settings.implicit_tls ? "smtps from " : "smtp from ") + peer);
    heard_all_.opened_at = now();
    heard_all_.accepted = true;
  }

  void run() {
    try {
      server_ = wire::dial("--upstream", settings_.upstream, std::chrono::seconds(10));
      if (settings_.implicit_tls && start_server_tls()) {
        heard_all_.tls_from = 0;
        client_tls_.emplace();
      }
      while (end_.empty()) turn();
    } catch (const Error& error) {
      tell({.kind = EventKind::limit}, error.what());
      end_ = "run: it could not be relayed";
    }
    tell({.kind = EventKind::ended}, end_);
    if (client_tls_failed_) return;  // it's of the relay, not of the server
    auto connection = recorded::connection_of(heard_all_, {.answered = true, .up = true, .alert = {}, .unread = {}},
                                              "the recording");
    if (!tls_failure_.empty()) {
      connection.ending = recorded::Ending::tls_failed;
      connection.ending_words = tls_failure_;
      connection.certificate = recorded::certificate_in(tls_failure_);
    }
    recording_.add(number_, std::move(connection));
  }

 private:
  void tell(Event event, std::string_view text) {
    event.connection = number_;
    journal_.add(event, text);
  }

  void hear(bool from_client, std::string_view plain) {
    if (from_client)
      heard_.client(plain);
    else
      heard_.server(plain);
    keep(from_client, plain);
  }
  void keep(bool from_client, std::string_view plain) {
    if (plain.empty()) return;
    if (auto piece = recording_.keep(plain.size()))
      heard_all_.pieces.push_back({now(), from_client, std::string(plain), piece});
  }

  void turn() {
    pollfd both[] = {{client_gone_ ? -1 : client_.get(), POLLIN, 0}, {server_gone_ ? -1 : server_.get(), POLLIN, 0}};
    ::poll(both, 2, static_cast<int>(look_again.count() / 1000));
    if (stopping) end_ = first_end_.empty() ? "run: recording was stopped" : first_end_;
    if (both[1].revents != 0 && end_.empty()) from_server();
    if (both[0].revents != 0 && end_.empty()) from_client();
  }

  void from_client() {
    std::string bytes;
    auto came = wire::receive(client_.get(), {}, bytes);
    if (came == wire::Came::nothing) return;
    if (came != wire::Came::bytes) return gone(true, came == wire::Came::reset);
    if (!client_tls_) {
      hear(true, bytes);
      return to_server(bytes);
    }
    client_tls_->feed(bytes);
    go_on_with_client();
  }

  // The handshake, and what was decrypted.
  void go_on_with_client() {
    auto& tls = *client_tls_;
    if (tls.state() == tls::Engine::State::paused) {
      tls::Names names{settings_.upstream.host, tls.hello().sni, {}};
      if (tls::is_address(names.host)) names = {"mx.example.com", tls.hello().sni, {settings_.upstream.host}};
      tls.answer({}, names);
    }
    flush_client_tls();
    if (!up_told_ && tls.state() == tls::Engine::State::up) {
      up_told_ = true;
      const auto& facts = tls.facts();
      tell({.kind = EventKind::tls}, "up " + facts.version + " " + facts.cipher + " " + facts.group);
    }
    auto plain = tls.read();
    hear(true, plain);
    if (!plain.empty()) to_server(plain);
    if (tls.state() == tls::Engine::State::failed && end_.empty()) {
      tell({.kind = EventKind::tls}, "failed " + tls.why());
      end_ = "client: TLS failed";
      client_tls_failed_ = true;
    }
  }

  void flush_client_tls() {
    std::string records;
    while (auto next = client_tls_->next()) records += next->bytes;
    if (!wire::send_all(client_.get(), records, give_up)) end_ = "client: takes nothing";
  }

  void from_server() {
    std::string bytes;
    auto came = wire::receive(server_.get(), {}, bytes);
    if (came == wire::Came::nothing) return;
    if (came != wire::Came::bytes) return gone(false, came == wire::Came::reset);
    if (!server_tls_) {
      bool tls = heard_.server(bytes);
      keep(false, bytes);
      if (tls && !start_server_tls()) return;
      to_client(bytes);
      if (!tls) return;
      heard_all_.tls_from = heard_all_.pieces.size();
      client_tls_.emplace();
      return;
    }
    server_tls_->feed(bytes);
    take_from_server_tls();
  }

  void take_from_server_tls() {
    auto plain = server_tls_->read();
    if (auto answer = server_tls_->take(); !answer.empty()) wire::send_all(server_.get(), answer, give_up);
    hear(false, plain);
    if (!plain.empty()) to_client(plain);
  }

  // Before the client gets the 220, or the first byte: where this fails, it learns of no TLS.
  bool start_server_tls() {
    const auto& host = settings_.upstream.host;
    server_tls_.emplace(tls::ClientSettings{.sni = tls::is_address(host) ? "" : host,
                                            .verify_for = settings_.insecure ? "" : host,
                                            .roots_file = settings_.roots_file});
    std::string why;
    for (;;) {
      if (auto records = server_tls_->take(); !wire::send_all(server_.get(), records, give_up))
        why = "it takes nothing";
      if (server_tls_->failed()) why = server_tls_->why();
      if (!why.empty() || server_tls_->up()) break;
      std::string bytes;
      if (wire::receive(server_.get(), give_up, bytes) != wire::Came::bytes) why = "it says no more";
      server_tls_->feed(bytes);
    }
    if (why.empty()) return true;
    tell({.kind = EventKind::limit}, "TLS with " + settings_.upstream.written() + ": " + why +
                                         "; if its certificate isn't to be verified, say --insecure");
    end_ = "run: TLS with the server failed";
    tls_failure_ = why;
    heard_all_.tls_from = heard_all_.pieces.size();
    return false;
  }

  void to_server(std::string_view plain) {
    bool sent = true;
    if (server_tls_) {
      constexpr std::size_t piece = 16384;
      for (std::size_t at = 0; at < plain.size() && sent; at += piece) {
        server_tls_->write(plain.substr(at, piece));
        sent = wire::send_all(server_.get(), server_tls_->take(), give_up);
      }
    } else {
      sent = wire::send_all(server_.get(), plain, give_up);
    }
    if (!sent && end_.empty()) end_ = server_gone_ ? server_end_ : "server: takes nothing";
  }

  void to_client(std::string_view plain) {
    if (client_tls_) {
      client_tls_->write(plain);
      return flush_client_tls();
    }
    if (!wire::send_all(client_.get(), plain, give_up) && end_.empty()) end_ = "client: takes nothing";
  }

  // A FIN is handed on as one, a reset as one.
  void gone(bool client, bool reset) {
    auto how = std::string(client ? "client" : "server") + (reset ? ": RST" : ": closed");
    (client ? client_gone_ : server_gone_) = true;
    heard_all_.ends.push_back({now(), client, reset});
    auto& other = client ? server_ : client_;
    if (first_end_.empty()) first_end_ = how;
    if (!client) server_end_ = first_end_;
    if (reset) wire::reset_on_close(other.get());
    if (reset || (client_gone_ && server_gone_)) {
      end_ = first_end_;
      return;
    }
    if (!client && client_tls_) {
      client_tls_->close_notify();
      flush_client_tls();
    }
    if (client && server_tls_) {
      server_tls_->close_notify();
      wire::send_all(server_.get(), server_tls_->take(), give_up);
    }
    ::shutdown(other.get(), SHUT_WR);
  }

  wire::Fd client_, server_;
  std::uint32_t number_;
  const RecordSettings& settings_;
  SharedJournal& journal_;
  Recording& recording_;
  Overheard heard_;
  recorded::CapturedConnection heard_all_;  // plain
  std::string tls_failure_;                 // of the server's
  std::optional<tls::Engine> client_tls_;
  std::optional<tls::Client> server_tls_;
  bool client_gone_ = false, server_gone_ = false, up_told_ = false, client_tls_failed_ = false;
  std::string first_end_, server_end_;
  std::string end_;  // empty: it goes on
};

class Record final : public Subcommand {
 public:
  std::string_view name() const override { return "record"; }
  std::string_view summary() const override {
    return "Relay clients to a real server, and write what passes as a scenario";
  }
  std::string_view examples() const override {
    return "  mailfault record --upstream mail.example.com:587 --port 1587 -o customer.lua --ca-file ca.pem\n"
           "  mailfault record --upstream mail.example.com:465 --journal customer.jsonl\n"
           "  mailfault replay customer.jsonl --against staging.example.com:587\n"
           "No byte is changed; STARTTLS ends here and begins anew, so the client must trust the CA of --ca-file.\n";
  }
  void declare(OptionTable& options) override {
    options.custom(
        "--upstream", "HOST:PORT", false,
        [this](const std::string& text) { settings_.upstream = wire::parse_mail_host("--upstream", text); },
        "the real server");
    options.whole("--port", "N", port_, 0, 65535, "to listen at, on 127.0.0.1 (1025); 0: a free one");
    options.text("-o,--output", "NAME.lua", ValueKind::file, output_,
                 "the scenario, written when it is stopped (recorded.lua)");
    options.text("--journal", "FILE", ValueKind::file, journal_,
                 "what passes as JSON Lines, written while it goes on; it is added to");
    options.flag("--verbatim", verbatim_, "the scenario gives every reply as it was");
    options.text("--keep", "WHAT", ValueKind::text, keep_,
                 "don't replace these in the scenario, a list of: addresses, hosts, ids, text");
    options.flag("--implicit-tls", settings_.implicit_tls,
                 "TLS from the first byte, on both sides; with port 465 upstream anyway");
    options.flag("--insecure", settings_.insecure, "don't verify the server's certificate");
    options.text("--upstream-ca", "FILE", ValueKind::file, settings_.roots_file,
                 "verify it by these roots (PEM) and not by the system's");
    options.text("--ca-file", "FILE", ValueKind::file, ca_file_,
                 "the CA that the client is to trust; made if it isn't there");
    options.flag("--show-secrets", settings_.show_secrets, "keep credentials in the journal and the log");
    options.flag("--quiet", quiet_, "no log of what passes");
  }
  int run() override;

 private:
  wire::Fd listen() const;
  int write_scenario(Recording& recording, std::uint32_t number) const;

  RecordSettings settings_;
  std::uint64_t port_ = 1025;
  std::string output_ = "recorded.lua", journal_, keep_, ca_file_;
  bool quiet_ = false, verbatim_ = false;
};

wire::Fd Record::listen() const {
  auto at = *wire::Address::parse("127.0.0.1", static_cast<std::uint16_t>(port_));
  auto socket = wire::tcp_socket(at.domain());
  if (!socket || !wire::set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1) ||
      ::bind(socket.get(), at.data(), at.size()) != 0 || ::listen(socket.get(), 128) != 0)
    throw Error("--port " + std::to_string(port_) + ": " + std::strerror(errno) +
                "; name another, or 0 for a free one");
  return socket;
}

int Record::run() {
  if (settings_.upstream.host.empty()) throw Error("record: name the server with --upstream HOST:PORT");
  settings_.implicit_tls = settings_.implicit_tls || settings_.upstream.port == 465;
  recorded::parse_keep(keep_);
  if (std::filesystem::exists(output_))
    throw Error("-o " + output_ + ": there is such a file already; choose another name");
  if (!ca_file_.empty()) tls::use_ca(ca_file_);
  wire::dial("--upstream", settings_.upstream, std::chrono::seconds(10));  // said now, not to the first client
  auto door = listen();
  auto port = wire::local_address(door.get()).port();
  struct sigaction action {};
  action.sa_handler = on_stop;
  for (int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);

  auto file = journal_.empty() ? nullptr : open_json_lines(journal_);
  EventWriter terminal([color = has_color()](const Event& event,
                                             std::string_view instance) { return to_text(event, instance, color); },
                       [](std::string_view text) { std::cout << text << std::flush; });
  SharedJournal journal;
  Recording recording;
  if (file) journal.listen(file->source("recorded"));
  if (!quiet_) journal.listen(terminal.source(""));
  std::cout << "mailfault relays 127.0.0.1 port " << port << " to " << settings_.upstream.written()
            << "; Ctrl-C stops it and writes " << output_ << ".\n"
            << std::flush;
  journal.add({.kind = EventKind::fact}, "recording " + settings_.upstream.written());
  journal.add({.kind = EventKind::door, .number = port},
              settings_.implicit_tls ? "smtps 127.0.0.1 open" : "smtp 127.0.0.1 open");

  std::atomic<std::size_t> running{0};
  std::uint32_t number = 0;
  while (!stopping) {
    pollfd ready{door.get(), POLLIN, 0};
    bool room = running < most_connections;
    if (::poll(&ready, room ? 1 : 0, static_cast<int>(look_again.count() / 1000)) != 1) continue;
    wire::Address peer;
    socklen_t size = wire::Address::capacity;
    wire::Fd client(::accept4(door.get(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client) continue;
    ++running;
    auto from = peer.host() + " port " + std::to_string(peer.port());
    std::thread([this, &journal, &recording, &running, number = ++number, from,
                 client = std::move(client)]() mutable {
      Relay(std::move(client), from, number, settings_, journal, recording).run();
      --running;
    }).detach();
  }
  while (running > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  terminal.flush();
  if (file) file->flush();
  auto status = write_scenario(recording, number);
  return file && file->lost() ? 2 : status;
}

int Record::write_scenario(Recording& recording, std::uint32_t number) const {
  if (recording.is_cut())
    std::cerr << "more than " << format_size(most_kept) << " passed: the scenario tells of what came before that\n";
  auto all = recording.take();
  if (all.connections.empty()) {
    std::cerr << "mailfault: nothing is written to " << output_ << ": "
              << (number == 0 ? "no client came to be relayed"
                              : "the clients don't trust the relay's certificate; give them the CA of --ca-file")
              << "\n";
    return 1;
  }
  auto made = imported(all, recorded::parse_keep(keep_), verbatim_, output_);
  write_new(output_, made.text);
  std::cout << told(all, made, output_) << std::flush;
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_record() { return std::make_unique<Record>(); }

}  // namespace mailfault::cli
