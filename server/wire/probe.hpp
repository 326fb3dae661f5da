// What this machine can play, found out by trying.
#pragma once

#include <string>
#include <vector>

namespace mailfault::wire {

struct Probe {
  std::string name;  ///< "refuse a connection", "drop SYNs", "vanish without FIN" …
  std::string tier;  ///< "T0", "T1", "T2"
  bool works = false;
  std::string reason;  ///< why not, or how it was seen to work
  std::string remedy;  ///< what to do about it; empty if it works
};

/// Tries each fault of the tiers T0 and T1, IPv6, privileged ports, descriptors: loopback only, under 2 s in all.
std::vector<Probe> probe_machine();
/// CAP_NET_ADMIN socket filters work here (tried once a process).
bool filters_work();
bool ipv6_works();
/// Raises the soft limit of open descriptors to the hard one, and returns it.
unsigned raise_descriptor_limit();

}  // namespace mailfault::wire
