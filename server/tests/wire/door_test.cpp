#include <gmock/gmock.h>
#include <sys/resource.h>

#include "base/error.hpp"
#include "play.hpp"

namespace mailfault::wire::testing {
namespace {

using ::testing::HasSubstr;

std::string error_of(Reactor& reactor, DoorOptions options) {
  options.name = "smtp";
  if (options.addresses.empty()) options.addresses = {"127.0.0.1"};
  try {
    Door door(reactor, options, {});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Door, AcceptsAndTellsThePeer) {
  Server server;
  server.greet = [](Ear& ear) { ear.wire->send("220 hello\r\n"); };
  Client client(server.port());
  ASSERT_EQ(client.connect(), 0);
  EXPECT_EQ(client.receive(), "220 hello\r\n");
  auto& wire = *server.ear().wire;
  EXPECT_EQ(wire.peer_address(), "127.0.0.1");
  EXPECT_EQ(wire.peer_port(), local_address(client.fd()).port());
}

TEST(Door, AConnectionWithoutAListenerIsClosedAfterWhatItSent) {
  Reactor reactor;
  Door door(reactor, {.name = "smtp", .addresses = {"127.0.0.1"}, .port = 0, .ipv4 = {}, .ipv6 = {}},
            {[](std::shared_ptr<Wire> wire) -> WireListener* {
               wire->send("421 full\r\n");
               return nullptr;
             },
             {},
             {}});
  std::thread thread([&] { reactor.run(); });
  Client client(door.port());
  EXPECT_EQ(client.connect(), 0);
  EXPECT_EQ(client.receive(), "421 full\r\n");
  EXPECT_EQ(client.receive(), "");
  reactor.stop();
  thread.join();
}

TEST(Door, RefusedIsARefusalAndTheStatesKeepThePort) {
  Server server({.name = "", .addresses = {}, .state = DoorState::refused, .ipv4 = {}, .ipv6 = {}});
  auto port = server.port();
  auto connect = [&] { return Client(port).connect(300ms); };
  auto change = [&](DoorState to) { server.on_thread([&] { server.door->set_state(to); }); };
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(connect(), ECONNREFUSED);
    change(DoorState::open);
    EXPECT_EQ(server.door->state(4), DoorState::open);
    EXPECT_EQ(connect(), 0);
    change(DoorState::dropped);
    EXPECT_EQ(connect(), std::nullopt);
    change(DoorState::silent);
    EXPECT_EQ(connect(), 0);
    change(DoorState::refused);
  }
  EXPECT_EQ(server.port(), port);
  EXPECT_TRUE(server.notes.await([&] { return server.ears.size() == 4; }));
}

TEST(Door, NobodyElseGetsThePortInAnyState) {
  Server server;
  for (auto state : {DoorState::open, DoorState::refused, DoorState::dropped}) {
    server.on_thread([&] { server.door->set_state(state); });
    EXPECT_THAT(
        error_of(server.reactor, {.name = "", .addresses = {}, .port = server.port(), .ipv4 = {}, .ipv6 = {}}),
        AllOf(HasSubstr("door 'smtp': port " + std::to_string(server.port()) + " on 127.0.0.1: already in use"),
              HasSubstr("--port 0")));
    auto thief = tcp_socket(AF_INET);
    auto at = *Address::parse("127.0.0.1", server.port());
    set_option(thief.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    EXPECT_NE(::bind(thief.get(), at.data(), at.size()), 0);
  }
}

TEST(Door, DroppedSwallowsAndCountsSyns) {
  Server server({.name = "", .addresses = {}, .state = DoorState::dropped, .ipv4 = {}, .ipv6 = {}});
  Client first(server.port()), second(server.port());
  EXPECT_EQ(first.connect(300ms), std::nullopt);
  EXPECT_EQ(second.connect(1ms), std::nullopt);
  EXPECT_TRUE(server.notes.await([&] { return server.swallowed >= 2; })) << server.swallowed;
  Client third(server.port());
  EXPECT_EQ(third.connect(1ms), std::nullopt);
  server.on_thread([&] { server.door->poll(); });
  EXPECT_TRUE(server.notes.await([&] { return server.swallowed >= 3; }, 0ms)) << server.swallowed;
  EXPECT_TRUE(server.ears.empty());
}

TEST(Door, ADroppedSynConnectsWhenTheDoorOpens) {
  Server server({.name = "", .addresses = {}, .state = DoorState::dropped, .ipv4 = {}, .ipv6 = {}});
  Client client(server.port());
  EXPECT_EQ(client.connect(50ms), std::nullopt);
  server.on_thread([&] { server.door->set_state(DoorState::open); });
  pollfd poll{client.fd(), POLLOUT, 0};
  EXPECT_EQ(::poll(&poll, 1, 2000), 1) << "the SYN is sent again after 1 s";
  server.ear();
  EXPECT_EQ(server.on_thread([&] { return server.ears.size(); }), 1u) << "our own fillers are no clients";
}

TEST(Door, WhoHadConnectedBeforeTheChangeIsLetIn) {
  Server server;
  std::promise<void> go;
  server.reactor.post([&, wait = go.get_future().share()] {
    wait.wait();
    server.door->set_state(DoorState::refused);
  });
  Client client(server.port());
  EXPECT_EQ(client.connect(), 0);
  go.set_value();
  EXPECT_EQ(client.send("hello"), 5);
  server.ear();
  EXPECT_TRUE(server.notes.await([&] { return server.ears[0]->text == "hello"; }));
}

TEST(Door, ManyAtOnceAreAllAccepted) {
  Server server;
  std::deque<Client> clients;
  for (int i = 0; i < 300; ++i) {
    clients.emplace_back(server.port());
    ASSERT_EQ(clients.back().connect(), 0);
  }
  EXPECT_TRUE(server.notes.await([&] { return server.ears.size() == 300; }));
}

TEST(Door, BothFamiliesHaveOneNumberAndTheirOwnStates) {
  if (!ipv6_works()) GTEST_SKIP() << "no IPv6 on this machine";
  Server server({.name = "", .addresses = {"127.0.0.1", "::1"}, .ipv4 = {}, .ipv6 = DoorState::refused});
  EXPECT_EQ(Client(server.port()).connect(), 0);
  EXPECT_EQ(Client(server.port(), 0, "::1").connect(), ECONNREFUSED);
  server.on_thread([&] { server.door->set_state(DoorState::open, 6); });
  server.on_thread([&] { server.door->set_state(DoorState::dropped, 4); });
  EXPECT_EQ(server.door->state(6), DoorState::open);
  EXPECT_EQ(server.door->state(4), DoorState::dropped);
  EXPECT_EQ(Client(server.port(), 0, "::1").connect(), 0);
  EXPECT_EQ(Client(server.port()).connect(100ms), std::nullopt);
  EXPECT_EQ(server.ear(1).wire->peer_address(), "::1");
}

TEST(Door, ErrorsNameTheDoorThePlaceAndTheRemedy) {
  Reactor reactor;
  EXPECT_THAT(error_of(reactor, {.name = "", .addresses = {"localhost"}, .ipv4 = {}, .ipv6 = {}}),
              HasSubstr("door 'smtp': 'localhost' is not an IPv4 or IPv6 address"));
  EXPECT_THAT(error_of(reactor, {.name = "", .addresses = {"192.0.2.1"}, .ipv4 = {}, .ipv6 = {}}),
              HasSubstr("a free port on 192.0.2.1: not an address of this machine"));
  EXPECT_THAT(
      error_of(reactor, {.name = "", .addresses = {}, .state = DoorState::unreachable, .ipv4 = {}, .ipv6 = {}}),
      HasSubstr("tier T2"));
}

TEST(Door, OutOfDescriptorsItSaysSoOnceAndGoesOn) {
  Server server;
  Client before(server.port()), client(server.port());
  ASSERT_EQ(before.connect(), 0);
  server.ear();
  rlimit usual{};
  ::getrlimit(RLIMIT_NOFILE, &usual);
  rlimit none{static_cast<rlim_t>(client.fd()), usual.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  auto result = client.connect();
  bool said = server.notes.await([&] { return !server.troubles.empty(); });
  bool again = server.notes.await([&] { return server.troubles.size() > 1; }, 150ms);
  ::setrlimit(RLIMIT_NOFILE, &usual);
  EXPECT_EQ(result, 0);
  EXPECT_TRUE(said);
  EXPECT_FALSE(again);
  server.ear(1);
  EXPECT_THAT(server.troubles[0], HasSubstr("out of descriptors"));
}

TEST(Door, MayBeDestroyedInItsOwnCall) {
  Reactor reactor;
  std::unique_ptr<Door> door;
  door = std::make_unique<Door>(reactor, DoorOptions{.name = "x", .addresses = {"127.0.0.1"}, .ipv4 = {}, .ipv6 = {}},
                                Door::Events{[&](std::shared_ptr<Wire>) -> WireListener* {
                                               door.reset();
                                               reactor.stop();
                                               return nullptr;
                                             },
                                             {},
                                             {}});
  Client one(door->port()), two(door->port());
  EXPECT_EQ(one.connect(), 0);
  EXPECT_EQ(two.connect(), 0);
  reactor.run();
  EXPECT_FALSE(door);
}

}  // namespace
}  // namespace mailfault::wire::testing
