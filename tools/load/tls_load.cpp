// tls_load.cpp - what TLS costs a server on this machine, beside OpenSSL's own.
//
//     g++ -std=c++20 -O2 -Wall -Wextra -I server -o tls_load tls_load.cpp libmf_tls.a libmf_recipes.a libmf_base.a
//         -lboost_json -lssl -lcrypto       (tools/bench does it)
//
// Four measurements, one subcommand each, each told as key=value:
//   handshake  mailfault's TLS engine and OpenSSL over memory BIOs, in turns, in this process: CPU of the server's end
//   connect    whole connections, one after the other, to a server that speaks TLS at once: its CPU for each
//   idle       connections that are up and say nothing: the server's memory for each
//   stalled    handshakes that never end, all held at once: the server's memory for each kind, and whether a good
//              client still gets through
//
// It only connects to 127.0.0.1, believes any certificate, and every run is bounded.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tls/engine.hpp"
#include "tls/identity.hpp"

namespace {

using namespace mailfault;

constexpr char usage[] =
    "usage: tls_load handshake [-n COUNT] [-r ROUNDS] [--version 1.2|1.3]\n"
    "       tls_load connect -p PID [-n COUNT] [--greeting] PORT\n"
    "       tls_load idle    -p PID [-n COUNT] [--greeting] PORT\n"
    "       tls_load stalled -p PID [-n COUNT] [--greeting] PORT\n"
    "--greeting: a line is awaited once TLS is up\n";

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "tls_load: %s\n", what.c_str());
  std::exit(2);
}

struct Free {
  void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
  void operator()(SSL* each) const { SSL_free(each); }
};
using CtxPtr = std::unique_ptr<SSL_CTX, Free>;
using SslPtr = std::unique_ptr<SSL, Free>;

std::string reason() {
  const char* words = ERR_reason_error_string(ERR_peek_error());
  return words ? words : "no reason given";
}

struct Options {
  std::string mode;
  int count = 0, rounds = 7, pid = 0, port = 0;
  int version = TLS1_3_VERSION;
  bool greeting = false;
};

// The thread's CPU time in µs.
double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

CtxPtr client_ctx(int version) {
  CtxPtr ctx(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(ctx.get(), version);
  return ctx;
}

// A connection over memory BIOs.
struct InMemory {
  explicit InMemory(SSL_CTX* ctx) : ssl(SSL_new(ctx)), in(BIO_new(BIO_s_mem())), out(BIO_new(BIO_s_mem())) {
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(ssl.get(), in, out);
  }
  void feed(std::string_view bytes) { BIO_write(in, bytes.data(), static_cast<int>(bytes.size())); }
  std::string take() {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string bytes(data, static_cast<std::size_t>(size));
    (void)BIO_reset(out);
    return bytes;
  }

  SslPtr ssl;
  BIO* in;
  BIO* out;
};

// A handshake of a client with `server`, a function from what the client says to the answer that is done once the
// client has nothing more to say. Returns the server's CPU time alone.
template <typename Serve>
double shake_hands(SSL_CTX* client_context, Serve serve) {
  InMemory client(client_context);
  SSL_set_connect_state(client.ssl.get());
  double spent = 0;
  bool up = false;
  for (;;) {
    if (!up) up = SSL_do_handshake(client.ssl.get()) == 1;
    const std::string said = client.take();
    if (said.empty()) break;
    const double since = cpu_us();
    const std::string answer = serve(said);
    spent += cpu_us() - since;
    client.feed(answer);
  }
  if (!up) die("a handshake in memory failed: " + reason());
  return spent;
}

double by_engine(SSL_CTX* client, const std::shared_ptr<const tls::Identity>& identity) {
  double since = cpu_us();
  auto engine = std::make_unique<tls::Engine>();
  double spent = cpu_us() - since;
  spent += shake_hands(client, [&](const std::string& said) {
    engine->feed(said);
    if (engine->state() == tls::Engine::State::paused) engine->answer({}, {}, identity);
    std::string answer;
    while (auto message = engine->next()) answer += message->bytes;
    return answer;
  });
  if (engine->state() != tls::Engine::State::up) die("the engine isn't up: " + engine->why());
  since = cpu_us();
  engine.reset();
  return spent + cpu_us() - since;
}

double by_openssl(SSL_CTX* client, SSL_CTX* server) {
  double since = cpu_us();
  auto end = std::make_unique<InMemory>(server);
  SSL_set_accept_state(end->ssl.get());
  double spent = cpu_us() - since;
  spent += shake_hands(client, [&](const std::string& said) {
    end->feed(said);
    SSL_do_handshake(end->ssl.get());
    return end->take();
  });
  since = cpu_us();
  end.reset();
  return spent + cpu_us() - since;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void handshakes(const Options& options) {
  const int count = options.count > 0 ? options.count : 300;
  const CtxPtr client = client_ctx(options.version);
  const std::shared_ptr<const tls::Identity> identity = tls::mint("good", {});
  const CtxPtr server(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(server.get(), identity->leaf.get());
  SSL_CTX_use_PrivateKey(server.get(), identity->key.get());
  for (const auto& each : identity->chain) SSL_CTX_add1_chain_cert(server.get(), each.get());

  std::vector<double> engine, openssl, ratios;
  for (int round = -1; round < options.rounds; ++round) {  // the first one warms up
    double by_us = 0, by_them = 0;
    for (int i = 0; i < count; ++i) {
      by_us += by_engine(client.get(), identity);
      by_them += by_openssl(client.get(), server.get());
    }
    if (round < 0) continue;
    engine.push_back(by_us / count);
    openssl.push_back(by_them / count);
    ratios.push_back(by_them / by_us);
  }
  std::printf("engine_us=%.1f openssl_us=%.1f speed=%.3f\n", median(engine), median(openssl), median(ratios));
}

std::string slurp(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The CPU time of all threads of a process in µs.
double cpu_us_of(int pid) {
  double total = 0;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    total += std::atof(slurp(task.path().string() + "/schedstat").c_str()) / 1e3;
  }
  if (error || total <= 0) die("no CPU time is known of process " + std::to_string(pid) + " (" + tasks + "/*/schedstat)");
  return total;
}

double rss_kib_of(int pid) {
  const std::string status = slurp("/proc/" + std::to_string(pid) + "/status");
  const std::size_t at = status.find("VmRSS:");
  if (at == std::string::npos) die("no memory is known of process " + std::to_string(pid));
  return std::atof(status.c_str() + at + 6);
}

// Connected, and closed when it goes.
class Socket {
 public:
  explicit Socket(int port) : number_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{10, 0};
    setsockopt(number_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (number_ < 0 || connect(number_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      die("no connection to port " + std::to_string(port) + ": " + std::strerror(errno));
    }
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(number_); }
  int number() const { return number_; }

 private:
  int number_;
};

class Connection {
 public:
  Connection(SSL_CTX* ctx, const Options& options) : socket_(options.port) {
    ssl_.reset(SSL_new(ctx));
    SSL_set_fd(ssl_.get(), socket_.number());
    if (SSL_connect(ssl_.get()) != 1) die("no handshake: " + reason());
    char greeting[512];
    if (options.greeting && SSL_read(ssl_.get(), greeting, sizeof greeting) <= 0) die("no greeting: " + reason());
  }

  // Both close_notify, and the server's FIN: so the server is done before the next one comes.
  void end() {
    SSL_shutdown(ssl_.get());
    char rest[512];
    while (SSL_read(ssl_.get(), rest, sizeof rest) > 0) continue;
  }

 private:
  Socket socket_;
  SslPtr ssl_;
};

void connects(const Options& options) {
  const int count = options.count > 0 ? options.count : 1000;
  const CtxPtr ctx = client_ctx(TLS1_3_VERSION);
  for (int i = 0; i < count / 10 + 1; ++i) Connection(ctx.get(), options).end();
  const double before = cpu_us_of(options.pid);
  for (int i = 0; i < count; ++i) Connection(ctx.get(), options).end();
  std::printf("srv_cpu_us=%.1f connections=%d\n", (cpu_us_of(options.pid) - before) / count, count);
}

void idle(const Options& options) {
  const int count = options.count > 0 ? options.count : 500;
  const CtxPtr ctx = client_ctx(TLS1_3_VERSION);
  std::vector<std::unique_ptr<Connection>> open;
  const auto more = [&](int wanted) {
    for (int i = 0; i < wanted; ++i) open.push_back(std::make_unique<Connection>(ctx.get(), options));
    usleep(300'000);
  };
  more(20);  // what is made once is made by these
  const double before = rss_kib_of(options.pid);
  more(count);
  std::printf("rss_per_conn_kib=%.2f connections=%d\n", (rss_kib_of(options.pid) - before) / count, count);
}

// Of each kind a third: nothing said, half a ClientHello, and a whole one whose answer is never answered.
void stalled(const Options& options) {
  const int count = options.count > 0 ? options.count : 1000;
  const CtxPtr ctx = client_ctx(TLS1_3_VERSION);
  const auto hello = [&] {
    InMemory client(ctx.get());
    SSL_set_connect_state(client.ssl.get());
    SSL_do_handshake(client.ssl.get());
    return client.take();
  };
  std::vector<std::unique_ptr<Socket>> open;
  const auto more = [&](int wanted, double said) {
    const double before = rss_kib_of(options.pid);
    for (int i = 0; i < wanted; ++i) {
      open.push_back(std::make_unique<Socket>(options.port));
      const std::string bytes = hello();
      const std::size_t size = static_cast<std::size_t>(static_cast<double>(bytes.size()) * said);
      char answer = 0;
      if (send(open.back()->number(), bytes.data(), size, MSG_NOSIGNAL) != static_cast<ssize_t>(size) ||
          (size == bytes.size() && recv(open.back()->number(), &answer, 1, MSG_PEEK) != 1)) {
        die("stalled connection " + std::to_string(open.size()) + " is dropped: " + std::strerror(errno));
      }
    }
    usleep(500'000);
    return (rss_kib_of(options.pid) - before) / wanted;
  };
  Connection(ctx.get(), options).end();
  more(20, 1);  // what is made once is made by these
  const double nothing = more(count / 3, 0), half = more(count / 3, 0.5), whole = more(count - 2 * (count / 3), 1);
  char byte = 0;
  for (const auto& each : open) {
    if (recv(each->number(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) die("a stalled connection was closed");
  }
  Connection(ctx.get(), options).end();  // it ends the program where it doesn't get through
  std::printf("nothing_kib=%.2f half_hello_kib=%.2f whole_hello_kib=%.2f connections=%d\n", nothing, half, whole,
              count);
}

Options read_options(int count, char** words) {
  Options options;
  const auto number = [&](int& at) {
    if (at + 1 >= count) die(std::string(words[at]) + " needs a number\n" + usage);
    return std::atoi(words[++at]);
  };
  for (int at = 1; at < count; ++at) {
    const std::string_view word = words[at];
    if (word == "-n") {
      options.count = number(at);
    } else if (word == "-r") {
      options.rounds = std::max(1, number(at));
    } else if (word == "-p") {
      options.pid = number(at);
    } else if (word == "--greeting") {
      options.greeting = true;
    } else if (word == "--version" && at + 1 < count) {
      options.version = std::string_view(words[++at]) == "1.2" ? TLS1_2_VERSION : TLS1_3_VERSION;
    } else if (options.mode.empty()) {
      options.mode = word;
    } else if (std::atoi(words[at]) > 0) {
      options.port = std::atoi(words[at]);
    } else {
      die("what is '" + std::string(word) + "'?\n" + usage);
    }
  }
  const bool remote = options.mode == "connect" || options.mode == "idle" || options.mode == "stalled";
  if (!(remote ? options.pid > 0 && options.port > 0 : options.mode == "handshake")) die(usage);
  return options;
}

}  // namespace

int main(int count, char** words) {
  const Options options = read_options(count, words);
  if (options.mode == "handshake") {
    handshakes(options);
  } else if (options.mode == "connect") {
    connects(options);
  } else if (options.mode == "stalled") {
    stalled(options);
  } else {
    idle(options);
  }
}
