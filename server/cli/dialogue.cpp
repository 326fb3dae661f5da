#include "cli/dialogue.hpp"

#include <charconv>
#include <chrono>

#include "base/text.hpp"

namespace mailfault::cli {
namespace {

constexpr std::size_t longest_reply = 64 * 1024;
using Clock = std::chrono::steady_clock;

}  // namespace

wire::Came Dialogue::more() {
  if (!tls_) return wire::receive(socket_.get(), time_, input_);
  std::string records;
  auto came = wire::receive(socket_.get(), time_, records);
  tls_->feed(records);
  auto plain = tls_->read();
  input_ += plain;
  if (auto answer = tls_->take(); !answer.empty()) wire::send_all(socket_.get(), answer, time_);
  if (plain.empty() && came == wire::Came::bytes && (tls_->failed() || tls_->close_notify_seen()))
    return wire::Came::closed;
  return came;
}

Dialogue::Reply Dialogue::read() {
  Reply out;
  auto until = Clock::now() + time_;
  for (std::size_t at = 0;;) {
    for (std::size_t end; (end = input_.find('\n', at)) != std::string::npos;) {
      auto line = std::string_view(input_).substr(at, end - at);
      at = end + 1;
      if (line.size() > 3 && line[3] == '-') continue;
      std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), out.code);
      out.text = trim(std::string_view(input_).substr(0, end));
      input_.erase(0, at);
      return out;
    }
    if (input_.size() > longest_reply) out.lack = "a reply of over 64 KiB";
    auto came = out.lack.empty() ? more() : wire::Came::nothing;
    if (came == wire::Came::closed) out.lack = "the server closes the connection";
    if (came == wire::Came::reset) out.lack = "the server resets the connection";
    out.ended = !out.lack.empty();
    if (out.lack.empty() && (came == wire::Came::nothing || Clock::now() > until) &&
        input_.find('\n', at) == std::string::npos)
      out.lack = "no reply within " + format_duration(time_);
    if (out.lack.empty()) continue;
    if (auto part = trim(input_); !part.empty()) out.lack += ", behind \"" + escaped(part.substr(0, 200)) + "\"";
    return out;
  }
}

bool Dialogue::send(std::string_view bytes) {
  if (!tls_) return wire::send_all(socket_.get(), bytes, time_);
  constexpr std::size_t piece = 16384;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    tls_->write(bytes.substr(at, piece));
    if (!wire::send_all(socket_.get(), tls_->take(), time_)) return false;
  }
  return true;
}

std::string Dialogue::start_tls(const std::string& sni) {
  tls_.emplace(tls::ClientSettings{.sni = sni});
  input_.clear();  // what came in clear behind the 220 isn't to be believed (RFC 3207 section 6)
  if (!wire::send_all(socket_.get(), tls_->take(), time_)) return "the server takes nothing";
  auto until = Clock::now() + time_;
  while (!tls_->up() && !tls_->failed()) {
    auto came = more();
    if (tls_->up() || tls_->failed()) break;
    if (came == wire::Came::closed) return "the server closes the connection";
    if (came == wire::Came::reset) return "the server resets the connection";
    if (came == wire::Came::nothing || Clock::now() > until) return "it isn't up within " + format_duration(time_);
  }
  return tls_->failed() ? tls_->why() : "";
}

}  // namespace mailfault::cli
