#include "wire/reactor.hpp"

#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "wire/reactor_impl.hpp"
#include "wire/sockets.hpp"

namespace mailfault::wire {
namespace {

struct Alarm {
  Alarm(asio::io_context& context, std::function<void()> what)
      : timer(context.get_executor()), task(std::move(what)) {}
  Timer timer;
  std::function<void()> task;
};

void wait_for_signal(Signals& signals, std::function<void(int)> handler) {
  signals.async_wait([&signals, handler = std::move(handler)](error_code error, int signal) mutable {
    if (error) return;
    handler(signal);
    wait_for_signal(signals, std::move(handler));
  });
}

}  // namespace

/// Standard input by lines. Its descriptor is watched by an epoll of its own, which Asio watches in turn: Asio makes
/// what it watches non-blocking, and that flag would be our parent's and our standard output's, too.
class InputLines : public std::enable_shared_from_this<InputLines> {
 public:
  using Handler = std::function<void(std::optional<std::string>)>;
  InputLines(asio::io_context& context, Handler handler)
      : input_(::dup(STDIN_FILENO)),
        ready_(context.get_executor()),
        pause_(context.get_executor()),
        handler_(std::move(handler)) {
    Fd watch(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event event{EPOLLIN | EPOLLRDHUP, {}};
    // Files and /dev/null aren't watchable: they are always ready.
    watchable_ = input_ && ::epoll_ctl(watch.get(), EPOLL_CTL_ADD, input_.get(), &event) == 0;
    if (watchable_) ready_.assign(watch.release());
  }

  void wait() {
    if (!watchable_) return asio::post(ready_.get_executor(), [self = shared_from_this()] { self->read(); });
    ready_.async_wait(Descriptor::wait_read, [weak = weak_from_this()](error_code error) {
      if (auto self = weak.lock(); self && !error) self->read();
    });
  }

 private:
  void read() {
    // Reading our terminal from the background would stop us (SIGTTIN).
    if (auto foreground = ::tcgetpgrp(input_.get()); foreground >= 0 && foreground != ::getpgrp())
      return look_later();
    char bytes[4096];
    auto got = ::read(input_.get(), bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return wait();
    if (got <= 0) return end();
    text_.append(bytes, static_cast<std::size_t>(got));
    std::size_t from = 0;
    for (std::size_t to; (to = text_.find('\n', from)) != std::string::npos; from = to + 1)
      handler_(text_.substr(from, to - from));
    text_.erase(0, from);
    wait();
  }
  void look_later() {
    pause_.expires_after(std::chrono::milliseconds(200));
    pause_.async_wait([weak = weak_from_this()](error_code error) {
      if (auto self = weak.lock(); self && !error) self->wait();
    });
  }
  void end() {
    if (!text_.empty()) handler_(std::move(text_));
    handler_(std::nullopt);
  }

  Fd input_;
  Descriptor ready_;
  Timer pause_;
  Handler handler_;
  std::string text_;
  bool watchable_ = false;
};

Reactor::Reactor() : impl_(std::make_unique<Impl>()) {}
Reactor::~Reactor() = default;

void Reactor::run() {
  impl_->context.run();
  impl_->context.restart();
}

void Reactor::stop() { impl_->context.stop(); }
void Reactor::post(std::function<void()> task) { asio::post(impl_->context, std::move(task)); }
const Clock& Reactor::clock() const { return impl_->clock; }

std::shared_ptr<void> Reactor::after(Micros time, std::function<void()> task) {
  auto alarm = std::make_shared<Alarm>(impl_->context, std::move(task));
  alarm->timer.expires_after(time);
  alarm->timer.async_wait([weak = std::weak_ptr(alarm)](error_code error) {
    if (auto held = weak.lock(); held && !error) held->task();
  });
  return alarm;
}

void Reactor::on_stop_signal(std::function<void(int signal)> handler) {
  impl_->signals = std::make_unique<Signals>(impl_->context.get_executor(), SIGINT, SIGTERM);
  wait_for_signal(*impl_->signals, std::move(handler));
}

void Reactor::on_input_line(std::function<void(std::optional<std::string>)> handler) {
  impl_->input = std::make_shared<InputLines>(impl_->context, std::move(handler));
  impl_->input->wait();
}

}  // namespace mailfault::wire
