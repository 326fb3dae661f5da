// A server of one reactor in a thread of its own, a listener that writes down what it hears, and a blocking client.
#pragma once

#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "wire/probe.hpp"
#include "wire/reactor.hpp"
#include "wire/sockets.hpp"

namespace mailfault::wire::testing {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

inline constexpr auto long_enough = 2s;

/// Everything that happens on the reactor's thread is noted under one lock, and can be awaited.
class Notes {
 public:
  template <typename Change>
  void change(Change what) {
    std::lock_guard lock(mutex_);
    what();
    changed_.notify_all();
  }
  template <typename Condition>
  bool await(Condition condition, milliseconds time = long_enough) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, condition);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// The fields are read within Notes::await().
class Ear : public WireListener {
 public:
  explicit Ear(Notes& notes) : notes_(notes) {}

  void on_bytes(std::string_view bytes) override {
    if (hear) hear(bytes);
    notes_.change([&] { reads.emplace_back(bytes), text += bytes; });
  }
  void on_peer_end(PeerEnd how) override {
    notes_.change([&] { end = how, ++ends; });
  }
  void on_wake() override {
    if (woken) woken();
    notes_.change([&] { ++wakes; });
  }
  void on_closed() override {
    notes_.change([&] { closed = true; });
  }

  std::shared_ptr<Wire> wire;
  std::function<void(std::string_view)> hear;
  std::function<void()> woken;
  std::vector<std::string> reads;
  std::string text;
  std::optional<PeerEnd> end;
  int ends = 0, wakes = 0;
  bool closed = false;

 private:
  Notes& notes_;
};

/// A blocking client whose every wait ends.
class Client {
 public:
  explicit Client(std::uint16_t port, int send_buffer = 0, const std::string& host = "127.0.0.1")
      : at_(*Address::parse(host, port)), socket_(tcp_socket(at_.domain())) {
    if (send_buffer != 0) set_option(fd(), SOL_SOCKET, SO_SNDBUF, send_buffer);
    set_option(fd(), IPPROTO_TCP, TCP_NODELAY, 1);
  }
  /// 0, an errno, or nothing within the time.
  std::optional<int> connect(milliseconds time = long_enough) { return connect_within(fd(), at_, time); }
  /// What one recv brings: empty at FIN, "!" and the errno's text for an error, "?" if nothing comes.
  std::string receive(milliseconds time = long_enough) {
    if (!readable(time)) return "?";
    char bytes[65536];
    auto got = ::recv(fd(), bytes, sizeof bytes, 0);
    return got < 0 ? std::string("!") + std::strerror(errno) : std::string(bytes, static_cast<std::size_t>(got));
  }
  std::string receive_all(std::size_t size) {
    std::string out;
    while (out.size() < size) {
      auto part = receive();
      if (part.empty() || part[0] == '!' || part[0] == '?') return out + part;
      out += part;
    }
    return out;
  }
  bool readable(milliseconds time) {
    pollfd poll{fd(), POLLIN, 0};
    return ::poll(&poll, 1, static_cast<int>(time.count())) == 1;
  }
  ssize_t send(std::string_view bytes) { return ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// Sends until all is taken or nothing more is for a time.
  std::size_t send_all(std::string_view bytes, milliseconds time) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      pollfd poll{fd(), POLLOUT, 0};
      if (::poll(&poll, 1, static_cast<int>(time.count())) != 1) break;
      auto taken = send(bytes.substr(sent));
      if (taken <= 0) break;
      sent += static_cast<std::size_t>(taken);
    }
    return sent;
  }
  void finish() { ::shutdown(fd(), SHUT_WR); }
  void reset() {
    reset_on_close(fd());
    socket_.reset();
  }
  int fd() const { return socket_.get(); }

 private:
  Address at_;
  Fd socket_;
};

class Server {
 public:
  explicit Server(DoorOptions options = {}) {
    if (options.name.empty()) options.name = "smtp";
    if (options.addresses.empty()) options.addresses = {"127.0.0.1"};
    door = std::make_unique<Door>(
        reactor, options,
        Door::Events{[this](std::shared_ptr<Wire> wire) { return accept(std::move(wire)); },
                     [this](std::uint64_t count) { notes.change([&] { swallowed += count; }); },
                     [this](const std::string& what) { notes.change([&] { troubles.push_back(what); }); }});
    thread_ = std::thread([this] { reactor.run(); });
  }
  /// Runs something on the reactor's thread and waits for its result.
  template <typename Task>
  auto on_thread(Task task) {
    std::packaged_task<decltype(task())()> packaged(std::move(task));
    auto result = packaged.get_future();
    reactor.post([&] { packaged(); });
    return result.get();
  }
  ~Server() {
    on_thread([&] {
      for (auto& ear : ears)
        if (ear->wire) ear->wire->detach();
      door.reset();
    });
    reactor.stop();
    thread_.join();
  }

  std::uint16_t port() const { return door->port(); }
  /// The listener of the nth connection.
  Ear& ear(std::size_t number = 0) {
    EXPECT_TRUE(notes.await([&] { return ears.size() > number; })) << "no connection was accepted";
    return *ears.at(number);
  }

  Notes notes;
  Reactor reactor;
  std::unique_ptr<Door> door;
  std::function<void(Ear&)> greet;  ///< in the first turn
  std::deque<std::unique_ptr<Ear>> ears;
  std::uint64_t swallowed = 0;
  std::vector<std::string> troubles;

 private:
  WireListener* accept(std::shared_ptr<Wire> wire) {
    auto ear = std::make_unique<Ear>(notes);
    ear->wire = std::move(wire);
    if (greet) greet(*ear);
    auto* out = ear.get();
    notes.change([&] { ears.push_back(std::move(ear)); });
    return out;
  }

  std::thread thread_;
};

/// A server with one connected client.
struct Talk : Server {
  Client client;
  Ear& heard;
  explicit Talk(int send_buffer = 0) : client(port(), send_buffer), heard(connected()) {}
  Wire& wire() { return *heard.wire; }
  template <typename Task>
  auto with_wire(Task task) {
    return on_thread([&] { return task(wire()); });
  }
  bool await_text(std::string_view text) {
    return notes.await([&] { return heard.text == text; });
  }
  bool await_end(PeerEnd how) {
    return notes.await([&] { return heard.end == how; });
  }
  bool await_closed(milliseconds time = long_enough) {
    return notes.await([&] { return heard.closed; }, time);
  }

 private:
  Ear& connected() {
    EXPECT_EQ(client.connect(), 0);
    return ear();
  }
};

inline int in_ms(steady_clock::time_point from) {
  return static_cast<int>(std::chrono::duration_cast<milliseconds>(steady_clock::now() - from).count());
}

}  // namespace mailfault::wire::testing
