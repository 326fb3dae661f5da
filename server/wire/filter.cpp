#include "wire/filter.hpp"

#include <linux/filter.h>
#include <sys/socket.h>

#include <utility>
#include <vector>

namespace mailfault::wire {
namespace {

constexpr std::uint32_t drop = 0, keep = 0xffffffff;

bool attach(int fd, std::vector<sock_filter> program) {
  sock_fprog all{static_cast<unsigned short>(program.size()), program.data()};
  return ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all) == 0;
}

}  // namespace

bool drop_all_segments(int fd) { return attach(fd, {BPF_STMT(BPF_RET | BPF_K, drop)}); }

bool drop_segments(int fd, std::uint32_t mtu, double share) {
  std::vector<sock_filter> program;
  auto then = [&](sock_filter instruction) { program.push_back(instruction); };
  if (mtu != 0) {
    // A TCP socket's filter sees the segment from its TCP header on: the text is the length less 4 times the data
    // offset, which is the upper half of byte 12.
    then(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 12));
    then(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0));
    then(BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 2));
    then(BPF_STMT(BPF_MISC | BPF_TAX, 0));
    then(BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0));
    then(BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0));
    then(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, mtu, 0, 1));
    then(BPF_STMT(BPF_RET | BPF_K, drop));
  }
  if (share >= 1) return drop_all_segments(fd);
  if (share > 0) {
    then(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM)));
    then(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, static_cast<std::uint32_t>(share * 0x1p32), 1, 0));
    then(BPF_STMT(BPF_RET | BPF_K, drop));
  }
  then(BPF_STMT(BPF_RET | BPF_K, keep));
  return attach(fd, std::move(program));
}

void drop_no_segments(int fd) {
  int unused = 0;
  ::setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
}

}  // namespace mailfault::wire
