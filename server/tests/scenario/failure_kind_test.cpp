#include "scenario/failure_kind.hpp"

#include <gmock/gmock.h>

#include <set>

#include "scenario/catalogue.hpp"

namespace mailfault::testing {
namespace {

using ::testing::Contains;

TEST(FailureKind, IsWhatAPersonWouldCallIt) {
  EXPECT_EQ(failure_kind("", "healthy"), "Nothing is wrong");
  EXPECT_EQ(failure_kind("providers/gmail", "gmail-healthy"), "Nothing is wrong");
  EXPECT_EQ(failure_kind("doors", "tcp-backlog-full"), "No connection, line lost mid-way");
  EXPECT_EQ(failure_kind("auth", "auth-wrong-password-only"), "Wrong SMTP parameters");
  EXPECT_EQ(failure_kind("doors", "tcp-refused"), "Server down");
  EXPECT_EQ(failure_kind("greeting", "banner-421-then-healthy"), "Server overloaded");
  EXPECT_EQ(failure_kind("message", "dot-accepted-close"), "Server malfunctions");
  EXPECT_EQ(failure_kind("doors", "port-25-blocked"), "Wrong port, blocked port");
  EXPECT_EQ(failure_kind("connect", "net-mtu-blackhole"), "Firewall in the way");
  EXPECT_EQ(failure_kind("handshake", "cert-antivirus"), "Antivirus in the way");
  EXPECT_EQ(failure_kind("handshake", "cert-expired"), "Certificates");
  EXPECT_EQ(failure_kind("handshake", "tls-alert"), "TLS");
  EXPECT_EQ(failure_kind("helo", "starttls-stripped"), "STARTTLS");
  EXPECT_EQ(failure_kind("providers/m365", "m365-535-tenant-disabled"), "Login");
  EXPECT_EQ(failure_kind("providers/gmail", "gmail-550-daily-limit"), "Limits and quotas");
  EXPECT_EQ(failure_kind("rcpt", "rcpt-550-unknown"), "Message refused");
  EXPECT_EQ(failure_kind("bounce", "dsn-failed"), "Mail that comes back");
}

TEST(FailureKind, OfAScenarioOfOnesOwnIsOneOfThemToo) {
  EXPECT_THAT(failure_kinds(), Contains(failure_kind("greeting", "our-busy-server")));
}

TEST(FailureKind, EachIsThatOfAScenarioOfTheCatalogue) {
  std::set<std::string_view> found;
  for (const auto& entry : catalogue()) found.insert(failure_kind(entry.folder, entry.id));
  for (auto kind : failure_kinds()) EXPECT_THAT(found, Contains(kind));
  EXPECT_EQ(found.size(), failure_kinds().size());
}

}  // namespace
}  // namespace mailfault::testing
