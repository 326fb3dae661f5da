#include "wire/tcp_wire.hpp"

#include <netinet/tcp.h>

#include <algorithm>
#include <cstring>

#include "wire/filter.hpp"
#include "wire/probe.hpp"

namespace mailfault::wire {
namespace {

constexpr Micros acknowledgement_limit = std::chrono::seconds(1);
constexpr Micros stuck_limit = std::chrono::minutes(1);  // a client that doesn't read can't keep a closing connection
constexpr Micros tick = std::chrono::milliseconds(1);
constexpr Micros longest_wait = std::chrono::hours(1);
constexpr std::size_t roomy = 1 << 18;
constexpr int small_receive_buffer = 1 << 15;

PeerEnd peer_end(int error) {
  return error == ECONNRESET || error == EPIPE ? PeerEnd::reset
         : error == ETIMEDOUT                  ? PeerEnd::timed_out
                                               : PeerEnd::failed;
}

}  // namespace

TcpWire::TcpWire(Reactor::Impl& reactor, Fd socket, const Address& peer, const std::shared_ptr<CaptureFile>& capture)
    : reactor_(reactor), socket_(reactor.context.get_executor()), peer_(peer) {
  error_code error;
  socket_.assign(socket.get(), error);
  gone_ = static_cast<bool>(error);
  if (gone_) return;
  socket.release();
  if (capture)
    capture_ = std::make_unique<ConnectionCapture>(capture, peer_.tcp_end(), local_address(fd()).tcp_end());
}

void TcpWire::start(const Accepted& accepted) {
  if (gone_) return;
  turn([&] { listener_ = accepted(shared_from_this()); });
  if (!listener_) close(Micros{});
  read();
}

// --- turns: a call to the listener, after which what it sent leaves in one write

template <typename Call>
void TcpWire::turn(Call call) {
  struct Turn {
    Reactor::Impl& reactor;
    ~Turn() {
      reactor.turn = nullptr;
      reactor.gathered.clear();
      if (reactor.gathered.capacity() > roomy) reactor.gathered.shrink_to_fit();
    }
  };
  cut(false);
  Turn during{reactor_};
  reactor_.turn = this;
  call();
  cut(false);
}

template <typename Task>
void TcpWire::post(Task task) {
  asio::post(socket_.get_executor(), [self = shared_from_this(), task] { task(*self); });
}

// --- sending

TcpWire::Outbox& TcpWire::outbox() {
  if (!out_) out_ = std::make_unique<Outbox>();
  return *out_;
}

void TcpWire::send(std::string_view bytes) {
  if (deaf_ || bytes.empty()) return;
  if (reactor_.turn == this) {
    reactor_.gathered += bytes;
    return;
  }
  outbox().loose += bytes;
  if (out_->cut_posted) return;
  out_->cut_posted = true;
  post([](TcpWire& self) {
    if (self.out_) self.out_->cut_posted = false;
    self.cut(false);
  });
}

std::size_t TcpWire::unsent() const {
  return (reactor_.turn == this ? reactor_.gathered.size() : 0) + (out_ ? out_->bytes + out_->loose.size() : 0);
}

void TcpWire::cut(bool ends_segment) {
  if (reactor_.turn == this) {
    if (reactor_.gathered.empty()) return;
    queue(reactor_.gathered, ends_segment);
    reactor_.gathered.clear();
  } else if (out_ && !out_->loose.empty()) {
    auto bytes = std::exchange(out_->loose, {});
    queue(bytes, ends_segment);
  }
}

void TcpWire::queue(std::string_view bytes, bool ends_segment) {
  if (gone_ || failure_) return;
  bool direct = !pacing_ && !queued() && vanish_ == Vanish::no;
  if (direct) {
    auto written = write(bytes, ends_segment);
    if (!written || *written == bytes.size()) return;
    bytes.remove_prefix(*written);
  }
  auto& pieces = vanish_ == Vanish::no ? outbox().pieces : outbox().healed;
  out_->bytes += bytes.size();
  auto now = reactor_.clock.now();
  if (pacing_) pacing_->begin_piece();
  auto slice = pacing_ ? pacing_->slice() : bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += slice) {
    auto part = bytes.substr(at, slice);
    auto due = pacing_ ? pacing_->leaves(now, part.size()) : Micros{};
    if (!pieces.empty()) due = std::max(due, pieces.back().due);  // of earlier settings: the order stays
    pieces.push_back({due, ends_segment, std::string(part)});
  }
  if (vanish_ == Vanish::no) advance();
}

/// What the socket took at once; none if it can't take anything any more.
std::optional<std::size_t> TcpWire::write(std::string_view bytes, bool ends_segment) {
  // With MSG_EOR the kernel adds no later bytes to the segment, however long it waits in the send queue.
  int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (ends_segment ? MSG_EOR : 0);
  ssize_t written;
  do written = ::send(fd(), bytes.data(), bytes.size(), flags);
  while (written < 0 && errno == EINTR);
  if (written >= 0) {
    if (capture_) capture_->sent(bytes.substr(0, static_cast<std::size_t>(written)));
    return static_cast<std::size_t>(written);
  }
  if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM) return 0;
  output_failed(errno);
  return std::nullopt;
}

void TcpWire::drain() {
  while (queued() && !await_write_ && vanish_ != Vanish::done) {
    auto& piece = out_->pieces.front();
    if (piece.due > reactor_.clock.now()) return need(piece.due);
    std::string_view rest(piece.bytes);
    rest.remove_prefix(out_->written);
    auto written = write(rest, piece.ends_segment);
    if (!written) return;
    out_->bytes -= *written;
    if (*written == rest.size()) {
      out_->written = 0;
      out_->pieces.pop_front();
      continue;
    }
    out_->written += *written;
    await_write_ = true;
    socket_.async_wait(Descriptor::wait_write, [self = shared_from_this()](error_code error) {
      self->await_write_ = false;
      if (!error) self->advance();
    });
  }
  if (out_ && out_->bytes == 0 && out_->loose.empty()) out_.reset();
}

Micros TcpWire::last_due() const {
  return std::max(reactor_.clock.now(), queued() ? out_->pieces.back().due : Micros{});
}

/// A pending read finds the end, too, behind the bytes that came before it; when none is pending this tells it.
void TcpWire::output_failed(int error) {
  fail(peer_end(error));
  post([](TcpWire& self) {
    if (!self.reading_) self.ended(*self.failure_);
  });
}

/// The connection is dead: nothing that was sent can leave.
void TcpWire::fail(PeerEnd how) {
  if (!failure_) failure_ = how;
  deaf_ = true;
  if (!out_) return;
  out_->pieces.clear();
  out_->healed.clear();
  out_->loose.clear();
  out_->bytes = out_->written = 0;
}

// --- reading

void TcpWire::read() {
  if (gone_ || reading_ || peer_ended_ || kept_ > 0) return;
  if (reactor_.turn == this) return;  // the listener still looks at the buffer; the turn's end reads on
  std::size_t size = buffer_.size();
  if (!closing()) {
    if (held_) return watch_hang_up();
    if (pacing_ && pacing_->paces_reading()) {
      if (pacing_->reads_at() > reactor_.clock.now()) {
        need(pacing_->reads_at());
        return arm();
      }
      size = std::min(size, pacing_->read_slice());
    }
  }
  reading_ = true;
  socket_.async_read_some(asio::buffer(buffer_.data(), size),
                          [self = shared_from_this()](error_code error, std::size_t got) { self->got(error, got); });
}

void TcpWire::got(error_code error, std::size_t size) {
  reading_ = false;
  if (gone_ || peer_ended_) return;
  if (error) return ended(error == asio::error::eof ? failure_.value_or(PeerEnd::fin) : peer_end(error.value()));
  if (closing()) {
    if (capture_) capture_->received({buffer_.data(), size});
    if (size == buffer_.size()) {
      auto more = ::recv(fd(), reactor_.bulk.get(), Reactor::Impl::bulk_size, MSG_DONTWAIT);
      if (capture_ && more > 0) capture_->received({reactor_.bulk.get(), static_cast<std::size_t>(more)});
    }
    return read();
  }
  if (held_) {
    kept_ = static_cast<std::uint16_t>(size);
    return watch_hang_up();
  }
  deliver(size);
}

/// Wake small, drain big: a read that filled the connection's own buffer goes on in the thread's.
void TcpWire::deliver(std::size_t size) {
  std::string_view bytes(buffer_.data(), size);
  std::optional<PeerEnd> end;
  std::size_t limit = Reactor::Impl::bulk_size;
  if (pacing_ && pacing_->paces_reading()) limit = std::min(limit, pacing_->read_slice());
  if (size == buffer_.size() && limit > size) {
    auto* bulk = reactor_.bulk.get();
    std::memcpy(bulk, buffer_.data(), size);
    auto more = ::recv(fd(), bulk + size, limit - size, MSG_DONTWAIT);
    if (more > 0) size += static_cast<std::size_t>(more);
    if (more == 0) end = PeerEnd::fin;
    if (more < 0 && errno != EAGAIN && errno != EINTR) end = peer_end(errno);
    bytes = {bulk, size};
  }
  if (pacing_) pacing_->took(reactor_.clock.now(), size);
  if (capture_) capture_->received(bytes);
  if (listener_) turn([&] { listener_->on_bytes(bytes); });
  if (capture_) capture_->release();
  if (end) return ended(*end);
  read();
}

void TcpWire::ended(PeerEnd how) {
  if (gone_ || peer_ended_) return;
  peer_ended_ = true;
  kept_ = 0;
  if (capture_ && how <= PeerEnd::reset) capture_->ended(true, how == PeerEnd::reset);
  if (how != PeerEnd::fin) fail(how);
  if (closing()) return how == PeerEnd::fin ? advance() : finish();
  if (listener_) turn([&] { listener_->on_peer_end(how); });
}

/// While reading is held the end of a client that has nothing unread before it is still seen.
void TcpWire::watch_hang_up() {
  if (watching_ || gone_ || peer_ended_) return;
  watching_ = true;
  bool empty = kept_ == 0 && unread(fd()) == 0;
  socket_.async_wait(empty ? Descriptor::wait_read : Descriptor::wait_error,
                     [self = shared_from_this(), empty](error_code error) {
                       self->watching_ = false;
                       if (error || self->gone_ || !self->held_) return;
                       auto state = tcp_state(self->fd());
                       if (state == TCP_CLOSE) {
                         auto reason = option(self->fd(), SOL_SOCKET, SO_ERROR);
                         return self->ended(reason != 0 ? peer_end(reason) : PeerEnd::reset);
                       }
                       if (empty && state == TCP_CLOSE_WAIT && unread(self->fd()) == 0)
                         return self->ended(PeerEnd::fin);
                       if (empty) self->watch_hang_up();
                     });
}

void TcpWire::hold_reading(bool hold) {
  if (gone_ || closing() || held_ == hold) return;
  held_ = hold;
  fit_receive_buffer();
  if (hold) return read();
  post([](TcpWire& self) {
    if (self.gone_ || self.held_ || self.closing()) return;
    if (self.kept_ > 0) return self.deliver(std::exchange(self.kept_, std::uint16_t{0}));
    self.read();
  });
}

/// Where the window is to close the buffer is small and no longer grows: 32 KiB, which close it after 64 to 82. With
/// less the kernel drops bytes that it had allowed, and the connection crawls along by timeouts when it is released.
void TcpWire::fit_receive_buffer() {
  if (held_ || (pacing_ && pacing_->paces_reading())) {
    if (usual_receive_buffer_ != 0) return;
    usual_receive_buffer_ = option(fd(), SOL_SOCKET, SO_RCVBUF) / 2;
    set_option(fd(), SOL_SOCKET, SO_RCVBUF, small_receive_buffer);
  } else if (usual_receive_buffer_ != 0) {
    set_option(fd(), SOL_SOCKET, SO_RCVBUF, std::exchange(usual_receive_buffer_, 0));
    set_option(fd(), SOL_SOCKET, SO_BUF_LOCK, 0);  // the kernel fits its size again
  }
}

// --- endings and faults

void TcpWire::wake_at(Micros time) {
  if (gone_ || closing()) return;
  cut(false);
  alarm_ = time;
  arm();
}

void TcpWire::close(Micros linger) {
  linger_ = std::min(linger, longest_wait);
  begin(Ending::close, stuck_limit);
}

void TcpWire::reset() { begin(Ending::reset, acknowledgement_limit); }

void TcpWire::half_close() {
  if (shut_) return;
  begin(Ending::half_close, never);
}

void TcpWire::begin(Ending ending, Micros patience) {
  if (gone_ || closing()) return;
  cut(false);
  if (gone_) return;
  deaf_ = true;
  ending_ = ending;
  if (pacing_) {
    pacing_->begin_piece();
    ending_from_ = pacing_->leaves(reactor_.clock.now(), 0);
  }
  if (closing()) {
    alarm_ = never;
    kept_ = 0;
    held_ = false;
    fit_receive_buffer();
    patience_ = std::max(last_due(), ending_from_) + patience;
  }
  if (closing() && failure_) return finish();
  advance();
}

bool TcpWire::vanish() {
  if (gone_ || closing() || !filters_work()) return false;
  if (vanish_ != Vanish::no) return true;
  cut(false);
  if (gone_ || failure_) return true;
  vanish_ = Vanish::waiting;
  patience_ = last_due() + acknowledgement_limit;
  advance();
  return true;
}

void TcpWire::heal() {
  if (gone_) return;
  if (vanish_ == Vanish::done || filtered_) drop_no_segments(fd());
  filtered_ = false;
  if (vanish_ == Vanish::no) return;
  vanish_ = Vanish::no;
  if (out_) std::ranges::move(std::exchange(out_->healed, {}), std::back_inserter(out_->pieces));
  if (closing()) patience_ = last_due() + (ending_ == Ending::close ? stuck_limit : acknowledgement_limit);
  advance();
}

void TcpWire::use(const WireSettings& settings, double time_scale, std::uint64_t seed) {
  if (gone_) return;
  cut(false);
  if (gone_) return;
  pacing_ = settings.plain() ? nullptr : std::make_unique<Pacing>(settings, time_scale, seed);
  fit_receive_buffer();
  if (vanish_ == Vanish::done) return;  // its filter stays
  if (settings.needs_filter())
    filtered_ = drop_segments(fd(), settings.mtu, settings.loss);
  else if (std::exchange(filtered_, false))
    drop_no_segments(fd());
}

void TcpWire::detach() {
  listener_ = nullptr;
  if (gone_) return;
  cut(false);
  if (!closing() || vanish_ != Vanish::no) finish();
}

// --- what happens by itself

/// Does what can be done by now: output, then what waits for it.
void TcpWire::advance() {
  if (gone_) return;
  next_ = never;
  drain();
  auto now = reactor_.clock.now();
  bool out_of_patience = now >= patience_;
  if (vanish_ == Vanish::waiting) {
    if ((!queued() && unacknowledged(fd()) == 0) || out_of_patience) {
      drop_all_segments(fd());
      vanish_ = Vanish::done;
      patience_ = never;
    } else {
      need(queued() ? patience_ : now + tick);
    }
  } else if (vanish_ == Vanish::no && ending_ != Ending::none) {
    if (queued() && !out_of_patience)
      need(patience_);
    else
      follow_ending(now);
  }
  if (gone_) return;
  read();
  arm();
}

void TcpWire::follow_ending(Micros now) {
  if (now < ending_from_) return need(ending_from_);
  switch (ending_) {
    case Ending::none:
      return;
    case Ending::half_close:
      shut_down();
      ending_ = Ending::none;
      return;
    case Ending::close:
      if (!std::exchange(lingering_, true)) {
        if (!shut_) shut_down();
        patience_ = now + linger_;
      }
      if (peer_ended_ || now >= patience_) return finish();
      return need(patience_);
    case Ending::reset:
      if (unacknowledged(fd()) > 0 && now < patience_) return need(now + tick);
      reset_on_close(fd());
      if (capture_) capture_->ended(false, true);
      return finish();
  }
}

void TcpWire::shut_down() {
  ::shutdown(fd(), SHUT_WR);
  shut_ = true;
  if (capture_) capture_->ended(false, false);
}

/// The descriptor is closed; the listener hears of it when nothing of it can be on the stack.
void TcpWire::finish() {
  if (gone_) return;
  gone_ = true;
  // Who has vanished sends no FIN at the end of the run, either.
  if (vanish_ == Vanish::done) set_option(fd(), IPPROTO_TCP, TCP_REPAIR, 1);
  // Who leaves with bytes unread, or is sent more, answers with RST: the kernel's, after this.
  if (capture_ && vanish_ != Vanish::done && !failure_) capture_->ended(false, unread(fd()) > 0);
  capture_.reset();
  error_code ignored;
  socket_.close(ignored);
  timer_.reset();
  out_.reset();
  pacing_.reset();
  post([](TcpWire& self) {
    if (auto* listener = std::exchange(self.listener_, nullptr)) listener->on_closed();
  });
}

void TcpWire::arm() {
  auto at = std::min(alarm_, next_);
  if (gone_ || at >= armed_) return;
  if (!timer_) timer_ = std::make_unique<Timer>(socket_.get_executor());
  auto now = reactor_.clock.now();
  armed_ = std::clamp(at, now, now + longest_wait);
  timer_->expires_after(armed_ - now);
  timer_->async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->on_timer();
  });
}

void TcpWire::on_timer() {
  if (gone_) return;
  armed_ = never;
  auto now = reactor_.clock.now();
  if (next_ <= now) advance();
  if (!gone_ && alarm_ <= now) {
    alarm_ = never;
    if (listener_) turn([&] { listener_->on_wake(); });
    read();
  }
  arm();
}

}  // namespace mailfault::wire
