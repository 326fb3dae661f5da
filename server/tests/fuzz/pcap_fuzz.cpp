// Whatever is given as a capture, what is read of it holds together: pieces in order of time and none empty, ends at
// most three, and nothing that wasn't in the file.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "import/pcap.hpp"

namespace {

using namespace mailfault;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void look(const recorded::Capture& capture, std::size_t file_size) {
  std::size_t kept = 0;
  for (const auto& connection : capture.connections) {
    Micros last{};
    for (const auto& piece : connection.pieces) {
      require(!piece.bytes.empty(), "no piece is empty");
      require(piece.at >= last, "pieces are in order of time");
      last = piece.at;
      kept += piece.bytes.size();
    }
    require(connection.ends.size() <= 3, "a FIN of each side and one RST");
    for (const auto& gap : connection.gaps) require(gap.bytes > 0, "no gap is empty");
    require(!connection.tls_from || connection.pieces.at(*connection.tls_from).from_client, "a client says hello");
  }
  require(kept <= file_size, "what was read was there");
}

// The input as the talk of two on a network that loses, repeats and reorders.
std::string talk_of(std::string_view input) {
  TcpEnd client{false, {127, 0, 0, 1}, 40000}, server{false, {127, 0, 0, 1}, 25};
  PcapngConnection talk(client, server, 1);
  std::string out = pcapng_head() + talk.opened(Micros{1}), late;
  Micros at{2};
  while (input.size() >= 3) {
    auto what = static_cast<unsigned char>(input[0]);
    auto size = std::min<std::size_t>(static_cast<unsigned char>(input[1]), input.size() - 2);
    auto packet = (what & 0x70) == 0x70 ? talk.ended(at, (what & 1) != 0, (what & 2) != 0)
                                        : talk.passed(at, (what & 1) != 0, input.substr(2, size));
    input.remove_prefix(2 + size);
    at += Micros{what};
    if ((what & 4) != 0) out += packet;
    if ((what & 8) != 0) late += packet;
    if ((what & 12) == 0) out += packet + packet;
    if ((what & 0x80) != 0) out += std::exchange(late, {});
  }
  return out + late;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const auto& file : {std::string(input), pcapng_head() + std::string(input), talk_of(input)}) {
    try {
      look(recorded::read_capture_bytes(file, "input"), file.size());
    } catch (const Error&) {
    }
  }
  return 0;
}
