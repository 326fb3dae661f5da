#include "tls/client_hello.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "tls/record.hpp"

namespace mailfault::tls {
namespace {

constexpr std::uint8_t unexpected_message = 10, record_overflow = 22, illegal_parameter = 47, decode_error = 50,
                       protocol_version = 70;
constexpr std::size_t longest_line = 256;  // of a client that speaks in clear

std::uint8_t byte(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }
bool is_text(char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n'; }

// Takes from the front; once something is missing, all is empty or 0 and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (char c : take(size)) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  /// What a length of `size` bytes in front counts.
  std::string_view vector(std::size_t size) { return take(number(size)); }
  bool more() const { return !rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// 0x0A0A, 0x1A1A…: what RFC 8701 reserves for clients to try our patience.
bool is_grease(std::uint32_t value) { return (value & 0x0F0F) == 0x0A0A && value >> 8 == (value & 255); }

std::string version_text(std::uint32_t version) {
  if (version == 0x0300) return "SSLv3";
  if (version >= 0x0301 && version <= 0x0304) return std::string(name_of(static_cast<Version>(version - 0x0301)));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[version >> shift & 15];
  return text;
}

// What is malformed in here is OpenSSL's to refuse: it knows the alert for each.
void read_extension(std::uint32_t type, std::string_view data, Hello& hello) {
  constexpr std::size_t most_names = 64;
  Reader in(data);
  switch (type) {
    case 0: {  // server_name
      Reader names(in.vector(2));
      while (names.more()) {
        const bool is_host = names.number(1) == 0;
        const std::string_view name = names.vector(2);
        if (is_host && hello.sni.empty() && name.size() <= 255 && name.find('\0') == std::string_view::npos) {
          hello.sni = name;
        }
      }
      break;
    }
    case 5:
      hello.asks_ocsp = in.number(1) == 1;
      break;    // status_request
    case 16: {  // application_layer_protocol_negotiation
      Reader names(in.vector(2));
      while (names.more() && hello.alpn.size() < most_names) {
        const std::string_view name = names.vector(1);
        if (!name.empty()) hello.alpn.emplace_back(name);
      }
      break;
    }
    case 35:  // session_ticket
    case 41:  // pre_shared_key
      hello.resumes |= !data.empty();
      break;
    case 43: {  // supported_versions
      Reader versions(in.vector(1));
      hello.versions.clear();
      while (versions.more() && hello.versions.size() < most_names) {
        const std::uint32_t version = versions.number(2);
        if (versions.ok() && !is_grease(version)) hello.versions.push_back(version_text(version));
      }
      break;
    }
    default:
      break;
  }
}

}  // namespace

std::optional<Hello> parse_client_hello(std::string_view message, std::string& why) {
  Hello hello;
  Reader in(message);
  in.take(4);
  const std::uint32_t version = in.number(2);
  in.take(32);
  const std::string_view session = in.vector(1);
  const std::string_view ciphers = in.vector(2);
  const std::string_view compressions = in.vector(1);
  if (!in.ok() || session.size() > 32 || ciphers.empty() || ciphers.size() % 2 != 0 || compressions.empty()) {
    why = "the ClientHello is malformed before its extensions";
    return std::nullopt;
  }
  hello.versions.push_back(version_text(version));
  for (Reader each(ciphers); each.more();) hello.ciphers.push_back(static_cast<std::uint16_t>(each.number(2)));
  if (!in.more()) return hello;

  Reader extensions(in.vector(2));
  if (!in.ok() || in.more()) {
    why = "the ClientHello is malformed: its extensions don't fill it";
    return std::nullopt;
  }
  while (extensions.more()) {
    const std::uint32_t type = extensions.number(2);
    const std::string_view data = extensions.vector(2);
    if (!extensions.ok()) {
      why = "the ClientHello is malformed: extension " + std::to_string(type) + " is longer than what is there";
      return std::nullopt;
    }
    read_extension(type, data, hello);
  }
  return hello;
}

std::string what_was_spoken(std::string_view bytes) {
  const auto end = std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || !is_text(c); });
  const std::size_t size = static_cast<std::size_t>(end - bytes.begin());
  if (end != bytes.end() && !is_text(*end)) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (char c : bytes.substr(0, 5)) {
      hex += ' ';
      hex += digits[static_cast<std::uint8_t>(c) >> 4];
      hex += digits[static_cast<std::uint8_t>(c) & 15];
    }
    return "the client sent what is no TLS: the bytes" + hex;
  }
  const std::string line = printable(trim(bytes.substr(0, std::min(size, longest_line))));
  const std::string_view first = split(line, ' ').front();
  static constexpr std::array<std::string_view, 14> smtp{"EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT",
                                                         "QUIT", "NOOP", "RSET", "VRFY", "EXPN", "HELP", "STARTTLS"};
  static constexpr std::array<std::string_view, 8> http{"GET",    "POST",    "HEAD", "PUT",
                                                        "DELETE", "OPTIONS", "PRI",  "CONNECT"};
  const auto among = [&](const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return equals_ignoring_case(word, first); });
  };
  // What follows AUTH, and a line that is no command, may be a password.
  if (equals_ignoring_case(first, "AUTH")) return "the client spoke in clear: AUTH";
  if (among(smtp)) return "the client spoke in clear: " + line;
  if (among(http)) return "the client spoke HTTP in clear: " + line.substr(0, line.find('?'));
  return "the client spoke in clear: a line of " + counted(line.size(), "byte", "bytes") + " that is no command";
}

HelloReader::Result HelloReader::refuse(std::uint8_t alert, std::string why) {
  alert_ = alert;
  why_ = std::move(why);
  return Result::refused;
}

HelloReader::Result HelloReader::feed(std::string_view bytes) {
  // The bytes up to the limit are judged first, so that the split doesn't matter.
  const std::string_view taken = bytes.substr(0, most - std::min(most, bytes_.size()));
  bytes_.append(taken);
  if (result_ == Result::more) result_ = scan();
  const bool over = taken.size() < bytes.size();
  if (over && result_ == Result::more) {
    result_ = refuse(illegal_parameter, "the ClientHello is longer than 64 KiB");
  } else if (over && result_ == Result::whole) {
    result_ = refuse(unexpected_message, "the client sent 64 KiB before the server answered");
  }
  return result_;
}

// The first byte is no record's: text up to its line's end, or rubbish.
HelloReader::Result HelloReader::judge_clear() {
  const std::string_view seen = std::string_view(bytes_).substr(0, longest_line);
  const auto decides =
      std::find_if(seen.begin(), seen.end(), [](char c) { return c == '\n' || !is_text(c); }) - seen.begin();
  const bool ends = static_cast<std::size_t>(decides) < seen.size();
  if (ends && seen[static_cast<std::size_t>(decides)] != '\n' && seen.size() < record_header_size)
    return Result::more;
  if (!ends && seen.size() < longest_line) return Result::more;
  return refuse(unexpected_message, what_was_spoken(seen));
}

HelloReader::Result HelloReader::scan() {
  for (;;) {
    const std::string_view rest = std::string_view(bytes_).substr(record_at_);
    if (rest.empty()) return Result::more;
    const std::uint8_t type = byte(rest, 0);
    const bool sslv2 = record_at_ == 0 && (type & 0x80) != 0;
    if (record_at_ == 0 && !sslv2 && (type < type_change_cipher_spec || type > 24)) return judge_clear();
    if (rest.size() < record_header_size) return Result::more;
    if (sslv2) {
      if (byte(rest, 2) != 1) return refuse(unexpected_message, what_was_spoken(rest));
      return refuse(protocol_version, "the client sent an SSLv2 ClientHello, which RFC 6176 forbids");
    }
    if (byte(rest, 1) != 3) {
      return refuse(protocol_version, "the client sent a record of version " + std::to_string(byte(rest, 1)) + "." +
                                          std::to_string(byte(rest, 2)) + ", which is no TLS");
    }
    const std::size_t length = static_cast<std::size_t>(byte(rest, 3)) << 8 | byte(rest, 4);
    if (length > 16384) {
      return refuse(record_overflow, "the client sent a record of " + std::to_string(length) + " bytes, over 16,384");
    }
    if (type != type_handshake && type != type_alert) {
      return refuse(unexpected_message,
                    "the client sent a record of type " + std::to_string(type) + " in place of its ClientHello");
    }
    if (length == 0) return refuse(unexpected_message, "the client sent an empty record in its ClientHello");
    if (rest.size() < record_header_size + length) return Result::more;
    if (type == type_alert) {
      if (length != 2)
        return refuse(decode_error, "the client sent an alert of " + std::to_string(length) + " bytes");
      its_alert_ = {true, byte(rest, 5) == 2, byte(rest, 6)};
      return Result::alerted;
    }
    for (std::size_t i = 0; i < length && have_ + i < 4; ++i) {
      head_ |= static_cast<std::uint32_t>(byte(rest, record_header_size + i)) << (24 - 8 * (have_ + i));
    }
    have_ += length;
    record_at_ += record_header_size + length;
    if (head_ >> 24 != 1) {
      return refuse(unexpected_message, "the client sent a handshake message of type " + std::to_string(head_ >> 24) +
                                            " in place of its ClientHello");
    }
    if (have_ < 4) continue;
    const std::size_t size = 4 + (head_ & 0xFFFFFF);
    if (size > most) return refuse(illegal_parameter, "the ClientHello is longer than 64 KiB");
    if (have_ < size) continue;
    std::optional<Hello> hello = parse_client_hello(message().substr(0, size), why_);
    if (!hello) return refuse(decode_error, std::move(why_));
    hello_ = *std::move(hello);
    return Result::whole;
  }
}

std::string HelloReader::message() const {
  std::string message;
  for (std::string_view each : records_in(std::string_view(bytes_).substr(0, record_at_))) {
    message.append(each.substr(record_header_size));
  }
  return message;
}

}  // namespace mailfault::tls
