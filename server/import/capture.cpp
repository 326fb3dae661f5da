#include "import/capture.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "import/lines.hpp"

namespace mailfault::recorded {
namespace {

// The bytes of one connection become lines, and those become turns.
class Listener {
 public:
  explicit Listener(Connection& to) : to_(to) {}

  void hear(const CapturedPiece& piece) {
    auto bytes = std::string_view(piece.bytes);
    auto& begun = piece.from_client ? client_ : server_;
    while (!bytes.empty()) {
      if (piece.from_client && chunk_left_ > 0) {  // of BDAT
        auto count = std::min<std::uint64_t>(chunk_left_, bytes.size());
        chunk_left_ -= count;
        bytes.remove_prefix(count);
        continue;
      }
      auto end = bytes.find('\n');
      begun += bytes.substr(0, end);
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      if (begun.ends_with('\r')) begun.pop_back();
      say(piece, std::exchange(begun, {}));
    }
  }
  void tls(const CapturedPiece* first) {
    if (to_.turns.empty()) to_.tls_first = true;
    turn(Turn::Who::tls, "", first ? first->packet : last_packet_, first ? std::optional(first->at) : last_at_);
  }
  /// What was begun and not ended by a line's end.
  void flush() {
    if (!server_.empty()) turn(Turn::Who::server, std::exchange(server_, {}), last_packet_, last_at_);
    if (!client_.empty() && in_message_) turn(Turn::Who::client, std::exchange(client_, {}), last_packet_, last_at_);
  }
  bool in_message() const { return in_message_; }

 private:
  void say(const CapturedPiece& piece, const std::string& line) {
    turn(piece.from_client ? Turn::Who::client : Turn::Who::server, line, piece.packet, piece.at);
    if (!piece.from_client) {
      in_message_ = in_message_ || line.starts_with("354");
      return;
    }
    if (in_message_) {
      in_message_ = line != ".";
      return;
    }
    auto words = split(line, ' ');
    if (words.size() > 1 && upper(words[0]) == "BDAT")
      std::from_chars(words[1].data(), words[1].data() + words[1].size(), chunk_left_);
  }
  void turn(Turn::Who who, std::string text, std::uint64_t packet, std::optional<Micros> at) {
    last_packet_ = packet;
    last_at_ = at;
    to_.turns.push_back({who, std::move(text), static_cast<int>(packet), at});
  }

  Connection& to_;
  std::string client_, server_;
  std::uint64_t chunk_left_ = 0, last_packet_ = 0;
  std::optional<Micros> last_at_;
  bool in_message_ = false;
};

std::string certificate_of(std::uint8_t alert) {
  switch (alert) {
    case 44:
      return "revoked";
    case 45:
      return "expired";
    case 48:
      return "untrusted_root";
    default:
      return {};
  }
}

// Who ended it, and so how it looks to the client.
void end(Connection& to, const CapturedConnection& captured, const CapturedTls& tls) {
  auto say = [&](Ending ending, std::uint64_t packet, std::string words) {
    to.ending = ending;
    to.ending_line = static_cast<int>(packet);
    to.ending_words = std::move(words);
  };
  const auto* first = captured.ends.empty() ? nullptr : captured.ends.data();
  if (first) to.ended_at = first->at;
  auto packet = first ? first->packet : 0;
  if (!captured.accepted)
    return first && !first->by_client ? say(Ending::refused, packet, "a RST answers the SYN")
                                      : say(Ending::unanswered, packet, "nothing answers the SYN");
  // A client that is left without an answer may complain of that.
  bool left_alone = first && !first->by_client && !tls.answered;
  if (tls.alert && !tls.up && !(left_alone && tls.alert->from_client)) {
    auto name = tls.alert->code > 0 ? tls::alert_name(tls.alert->code) : "an alert under TLS 1.3";
    say(Ending::tls_failed, packet,
        "TLS alert of the " + std::string(tls.alert->from_client ? "client" : "server") + ": " + name);
    if (tls.alert->from_client) to.certificate = certificate_of(tls.alert->code);
    if (!tls.alert->from_client) to.alert = name;
    return;
  }
  if (first && !first->by_client)
    return say(first->reset ? Ending::reset : Ending::closed, packet,
               first->reset ? "the server's RST" : "the server's FIN");
  if (first && tls.client_closes == false) return say(Ending::closed, packet, "the server's close_notify");
  constexpr auto at_once = std::chrono::seconds(1);
  if (first && tls.answered && !tls.up && tls.heard_at && first->at - *tls.heard_at < at_once) {
    to.certificate = "untrusted_root";
    return say(Ending::tls_failed, packet, "the client hangs up at the server's certificate, without an alert");
  }
  bool said_nothing =
      std::none_of(to.turns.begin(), to.turns.end(), [](const Turn& turn) { return turn.who == Turn::Who::server; });
  bool no_tls = captured.tls_from && !tls.up;
  if (said_nothing || no_tls) say(Ending::silence, packet, first ? "the client hangs up" : "the capture ends");
}

std::string named(const CapturedConnection& captured) {
  return "the connection from port " + std::to_string(captured.client.port) + " to port " +
         std::to_string(captured.server.port);
}

bool is_command_or_reply(const CapturedPiece& piece) {
  return piece.from_client ? is_command_line(piece.bytes.substr(0, piece.bytes.find_first_of("\r\n")))
                           : is_reply_line(piece.bytes);
}
bool speaks_smtp(const CapturedConnection& each) {
  constexpr std::size_t looked_at = 4;
  auto count = std::min(each.pieces.size(), looked_at);
  return std::any_of(each.pieces.begin(), each.pieces.begin() + static_cast<std::ptrdiff_t>(count),
                     is_command_or_reply);
}

[[noreturn]] void refuse_gap(const std::string& name, const CapturedConnection& captured, const CaptureGap& gap) {
  throw Error(name + ": " + named(captured) + " lacks " + counted(gap.bytes, "byte", "bytes") + " of the " +
              (gap.from_client ? "client" : "server") +
              "'s; capture again with a larger buffer (tcpdump -B 8192) and whole packets (-s 0)");
}

}  // namespace

Connection connection_of(const CapturedConnection& plain, const CapturedTls& tls, const std::string& name) {
  Connection out;
  out.connected_at = plain.opened_at;
  Listener listener(out);
  auto gap = plain.gaps.begin();
  auto skip_gaps = [&](std::optional<Micros> until) {
    for (; gap != plain.gaps.end() && (!until || gap->at <= *until); ++gap)
      if (!gap->from_client || !listener.in_message())  // of a message's text nothing is needed
        refuse_gap(name, plain, *gap);
  };
  for (std::size_t at = 0; at < plain.pieces.size(); ++at) {
    const auto& piece = plain.pieces[at];
    skip_gaps(piece.at);
    if (at == plain.tls_from) listener.tls(&piece);
    listener.hear(piece);
  }
  skip_gaps(std::nullopt);
  if (plain.tls_from == plain.pieces.size()) listener.tls(nullptr);
  listener.flush();
  end(out, plain, tls);
  return out;
}

Connection connection_of(CapturedConnection captured, const tls::KeyLog& keys, const std::string& name,
                         std::vector<std::string>& notes) {
  if (captured.tls_from && !captured.gaps.empty()) refuse_gap(name, captured, captured.gaps[0]);
  auto tls = decrypt(captured, keys);
  bool unreadable = tls.up && !tls.unread.empty();
  if (unreadable && captured.pieces.size() > captured.tls_from.value_or(0))
    notes.push_back(name + ": of " + named(captured) + " not all could be read: " + tls.unread);
  else if (unreadable)
    throw Error(name + ": what " + named(captured) + " carries is inside of TLS: " + tls.unread +
                "; give the file with --keys");
  return connection_of(captured, tls, name);
}

Conversation conversation_of(Capture& capture, const tls::KeyLog& keys, const std::string& name) {
  Conversation out;
  out.kind = "capture";
  out.title = "a capture of the network";
  out.source = "capture";
  out.unit = "packet";
  out.resolution = std::chrono::milliseconds(1);
  auto all = std::move(capture.connections);
  std::set<std::uint16_t> ports;  // where mail is spoken
  for (const auto& each : all)
    if (speaks_smtp(each)) ports.insert(each.server.port);
  std::size_t others = 0, begun_before = 0;
  for (auto& each : all) {
    bool silent = each.pieces.empty() || each.tls_from == 0U;
    if (!speaks_smtp(each) && !(silent && (ports.empty() || ports.contains(each.server.port)))) {
      ++others;
      continue;
    }
    // RFC 5321 section 3.1: the server speaks first.
    bool whole = each.opened_at || silent || (!each.pieces[0].from_client && each.pieces[0].bytes.starts_with("220"));
    if (!whole) {
      ++begun_before;
      continue;
    }
    out.connections.push_back(connection_of(std::move(each), keys, name, capture.notes));
  }
  if (others > 0)
    capture.notes.push_back(name + ": " +
                            counted(others, "connection that isn't SMTP was", "connections that aren't SMTP were") +
                            " left out");
  if (begun_before > 0)
    capture.notes.push_back(name + ": " + counted(begun_before, "connection", "connections") +
                            " began before the capture, left out");
  if (out.connections.empty())
    throw Error(name + ": no SMTP connection is in it from its beginning (" +
                counted(all.size(), "connection", "connections") +
                " of TCP); begin to capture before the client connects, on the port of the mail server");
  return out;
}

}  // namespace mailfault::recorded
