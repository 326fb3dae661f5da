// The readers of the extensions: whatever the bytes, they say the same, stay within them, and fit into a reply.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "smtp/body.hpp"
#include "smtp/extensions.hpp"
#include "smtp/proxy.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace mailfault::smtp;

void require_reply(const SyntaxError& error) {
  require(error.code >= 500 && error.code < 600 && error.text.size() < 400, "an error fits into a reply");
  require(error.text.find_first_of("\r\n") == std::string::npos, "an error is one line");
}

// Reads what a proxy says, from every prefix: once it is known to be a header or to be none, more bytes change
// nothing.
void read_proxy(std::string_view bytes) {
  const auto whole = parse_proxy(bytes);
  if (const auto* header = std::get_if<ProxyHeader>(&whole)) {
    require(header->size <= bytes.size() && header->size <= longest_proxy_header, "a header is within its bytes");
    require(header->authority.size() < header->size, "a name is within its header");
    const auto alone = parse_proxy(bytes.substr(0, header->size));
    const auto* again = std::get_if<ProxyHeader>(&alone);
    require(again && again->source == header->source && again->source_port == header->source_port, "it reads back");
    require(std::holds_alternative<ProxyIncomplete>(parse_proxy(bytes.substr(0, header->size - 1))),
            "without its last byte it is incomplete");
  }
  for (std::size_t length = 0; length <= bytes.size() && length < 64; ++length) {
    const bool over = std::holds_alternative<ProxyMalformed>(parse_proxy(bytes.substr(0, length)));
    require(!over || std::holds_alternative<ProxyMalformed>(whole), "malformed stays malformed");
  }
}

void read_chunks(std::string_view bytes, std::size_t step) {
  BodyReader whole(1 << 16), stepped(1 << 16);
  require(whole.feed_chunk(bytes) == bytes.size(), "a chunk is taken whole");
  for (std::string_view rest = bytes; !rest.empty();)
    rest.remove_prefix(stepped.feed_chunk(rest, stepped.size() + step));
  whole.end();
  stepped.end();
  require(whole.complete() && whole.size() == bytes.size() && whole.size() == stepped.size(),
          "the size is the bytes'");
  require(whole.text() == stepped.text() && whole.facts().bare_cr == stepped.facts().bare_cr &&
              whole.facts().bare_lf == stepped.facts().bare_lf &&
              whole.facts().lines_over_998 == stepped.facts().lines_over_998,
          "a split changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  read_proxy(bytes);
  read_chunks(bytes, 1 + data[0]);

  const auto head = parse_bdat(bytes);
  if (const auto* error = std::get_if<SyntaxError>(&head)) require_reply(*error);
  if (const auto decoded = from_xtext(bytes)) require(from_xtext(to_xtext(*decoded)) == decoded, "xtext reads back");
  require(from_xtext(to_xtext(bytes)) == bytes, "what was written is xtext");
  parse_date_time(bytes);
  parse_limits(bytes);

  const auto claims = parse_xclient(bytes, "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT");
  if (const auto* error = std::get_if<SyntaxError>(&claims)) require_reply(*error);
  const Offered offered = parse_offer("250-h\r\n250-DELIVERBY 300\r\n250 FUTURERELEASE 100 2030-01-01T00:00:00Z");
  for (const bool of_mail : {true, false}) {
    const auto parsed = of_mail ? parse_mail("FROM:<a@b> " + bytes) : parse_rcpt("TO:<a@b> " + bytes);
    const auto* envelope = std::get_if<Envelope>(&parsed);
    if (!envelope) continue;
    const auto wrong = check_parameters(envelope->parameters, of_mail);
    if (wrong) require_reply(*wrong);
    if (wrong || !of_mail) continue;
    if (const auto beyond = check_offered_bounds(envelope->parameters, offered)) require_reply(*beyond);
  }
  return 0;
}
