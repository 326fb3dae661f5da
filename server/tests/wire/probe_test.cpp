#include "wire/probe.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>

namespace mailfault::wire {
namespace {

TEST(Probe, SaysOfEachFaultWhetherItWorksAndWhatToDoIfNot) {
  auto start = std::chrono::steady_clock::now();
  auto probes = probe_machine();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  for (const auto& probe : probes) {
    EXPECT_FALSE(probe.reason.empty()) << probe.name;
    EXPECT_EQ(probe.works, probe.remedy.empty()) << probe.name << ": " << probe.reason;
  }
  auto named = [&](std::string_view name) { return *std::ranges::find(probes, name, &Probe::name); };
  EXPECT_TRUE(named("refuse a connection").works);
  EXPECT_TRUE(named("reset a connection").works);
  EXPECT_TRUE(named("close one direction").works);
  EXPECT_TRUE(named("close the window").works);
  EXPECT_EQ(named("vanish without FIN").works, filters_work()) << named("vanish without FIN").reason;
  EXPECT_EQ(named("IPv6").works, ipv6_works());
  EXPECT_EQ(named("network namespaces").reason, "not built yet");
}

TEST(Probe, RaisesTheDescriptorLimitToTheHardOne) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit low{64, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &low);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
}

}  // namespace
}  // namespace mailfault::wire
