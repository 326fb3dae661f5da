// Programs that the kernel runs on each segment for one socket: what they drop, TCP never sees (tier T1).
#pragma once

#include <cstdint>

namespace mailfault::wire {

/// False without CAP_NET_ADMIN; then nothing was done. A later filter replaces an earlier one.
bool drop_all_segments(int fd);
/// Drops the segments with more text than `mtu` (0: none), and of the others a share.
bool drop_segments(int fd, std::uint32_t mtu, double share);
void drop_no_segments(int fd);

}  // namespace mailfault::wire
