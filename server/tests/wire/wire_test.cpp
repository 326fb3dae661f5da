#include "wire/wire.hpp"

#include <sys/ioctl.h>

#include "play.hpp"

namespace mailfault::wire::testing {
namespace {

/// Segments with text that a socket received.
std::uint32_t data_segments_in(int fd) {
  struct {
    tcp_info known;  // as glibc knows it; the kernel's goes on
    std::uint64_t rates_and_bytes[4];
    std::uint32_t segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in;
  } info{};
  socklen_t size = sizeof info;
  ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.data_segs_in;
}

// --- turns

TEST(Wire, AnAnswerInATurnLeavesInOneWrite) {
  Talk talk;
  talk.on_thread([&] {
    auto& ear = talk.heard;
    ear.hear = [&](std::string_view) {
      for (int i = 0; i < 1000; ++i) ear.wire->send("250 OK\r\n");
      EXPECT_EQ(ear.wire->unsent(), 8000u);
    };
  });
  talk.client.send("NOOP\r\n");
  EXPECT_EQ(talk.client.receive().size(), 8000u);
  EXPECT_EQ(talk.with_wire([](Wire& wire) { return wire.unsent(); }), 0u);
}

TEST(Wire, OutsideOfATurnItGathersUntilTheNextOne) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.send("one ");
    wire.send("two");
    EXPECT_EQ(wire.unsent(), 7u);
  });
  EXPECT_EQ(talk.client.receive(), "one two");
}

TEST(Wire, ConnectionsDoNotMixWhatTheySend) {
  Talk talk;
  Client other(talk.port());
  ASSERT_EQ(other.connect(), 0);
  auto& second = talk.ear(1);
  talk.on_thread([&] {
    talk.heard.hear = [&](std::string_view) {
      talk.wire().send("a1 ");
      second.wire->send("b1 ");
      talk.wire().send("a2");
      second.wire->send("b2");
    };
  });
  talk.client.send("x");
  EXPECT_EQ(talk.client.receive_all(5), "a1 a2");
  EXPECT_EQ(other.receive_all(5), "b1 b2");
}

TEST(Wire, PushEndsASegment) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    for (auto text : {"one", "two", "three"}) {
      wire.send(text);
      wire.push();
    }
  });
  EXPECT_EQ(talk.client.receive_all(11), "onetwothree");
  EXPECT_EQ(data_segments_in(talk.client.fd()), 3u);
}

TEST(Wire, LargeInputComesInLargeParts) {
  Talk talk;
  std::string body(1 << 20, 'x');
  EXPECT_EQ(talk.client.send_all(body, 1s), body.size());
  EXPECT_TRUE(talk.await_text(body));
  EXPECT_LT(talk.on_thread([&] { return talk.heard.reads.size(); }), 400u);
}

TEST(Wire, LargeOutputWaitsForASlowReaderAndAllArrives) {
  Talk talk;
  std::string body;
  for (int i = 0; body.size() < 8 << 20; ++i) body += std::to_string(i);
  talk.with_wire([&](Wire& wire) {
    wire.send(body);
    wire.push();
    EXPECT_GT(wire.unsent(), 0u);
    wire.send("the end");
    wire.close(2s);
  });
  EXPECT_EQ(talk.client.receive_all(body.size() + 7), body + "the end");
  EXPECT_EQ(talk.client.receive(), "");
}

TEST(Wire, WakesOnceAtItsTime) {
  Talk talk;
  Micros set{}, woken{};
  talk.on_thread([&] {
    auto& wire = talk.wire();
    talk.heard.woken = [&] { woken = wire.clock().now(); };
    set = wire.clock().now();
    wire.wake_at(set + 10s);
    wire.wake_at(set + 200ms);
    wire.wake_at(set + 20ms);
  });
  EXPECT_TRUE(talk.notes.await([&] { return talk.heard.wakes == 1; }));
  EXPECT_GE(woken - set, 20ms);
  talk.on_thread([&] {
    set = talk.wire().clock().now();
    talk.wire().wake_at(set + 5ms);   // armed
    talk.wire().wake_at(set + 30ms);  // later: the timer fires early and only looks
  });
  EXPECT_TRUE(talk.notes.await([&] { return talk.heard.wakes == 2; }));
  EXPECT_GE(woken - set, 30ms);
  talk.on_thread([&] {
    talk.wire().wake_at(talk.wire().clock().now() + 5ms);
    talk.wire().wake_at(never);
  });
  EXPECT_FALSE(talk.notes.await([&] { return talk.heard.wakes == 3; }, 20ms));
}

TEST(Wire, TheListenerIsNeverCalledFromItsOwnCall) {
  Talk talk;
  bool inside = false;
  talk.on_thread([&] {
    auto& ear = talk.heard;
    ear.woken = [&] { EXPECT_FALSE(inside); };
    ear.hear = [&](std::string_view) {
      inside = true;
      ear.wire->wake_at(Micros{});
      ear.wire->hold_reading(true);
      ear.wire->hold_reading(false);
      inside = false;
    };
  });
  talk.client.send("x");
  EXPECT_TRUE(talk.notes.await([&] { return talk.heard.wakes == 1; }));
  talk.client.send("y");
  EXPECT_TRUE(talk.await_text("xy"));
}

// --- ends

TEST(Wire, TellsFinFromReset) {
  Talk fin, reset;
  fin.client.finish();
  EXPECT_TRUE(fin.await_end(PeerEnd::fin));
  fin.with_wire([](Wire& wire) { wire.send("still here"); });
  EXPECT_EQ(fin.client.receive(), "still here");
  reset.client.reset();
  EXPECT_TRUE(reset.await_end(PeerEnd::reset));
  EXPECT_EQ(reset.heard.ends, 1);
}

TEST(Wire, BytesComeBeforeTheEnd) {
  Talk talk;
  talk.client.send(std::string(256, 'x'));  // fills the connection's own buffer exactly
  talk.client.finish();
  EXPECT_TRUE(talk.await_end(PeerEnd::fin));
  EXPECT_TRUE(talk.await_text(std::string(256, 'x')));
}

TEST(Wire, CloseIsFinAndIgnoresTheClientUntilItCloses) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.send("221 bye\r\n");
    wire.close(2s);
    wire.send("too late");
  });
  EXPECT_EQ(talk.client.receive(), "221 bye\r\n");
  EXPECT_EQ(talk.client.receive(), "");
  EXPECT_EQ(talk.client.send_all(std::string(1 << 20, 'x'), 1s), 1u << 20) << "no RST";
  talk.client.finish();
  EXPECT_TRUE(talk.await_closed(1s)) << "the client's FIN ends it before its time";
  EXPECT_EQ(talk.heard.text, "");
}

TEST(Wire, CloseEndsWhenItsLingerDoes) {
  Talk talk;
  auto start = steady_clock::now();
  talk.with_wire([](Wire& wire) { wire.close(30ms); });
  EXPECT_EQ(talk.client.receive(), "");
  EXPECT_TRUE(talk.await_closed());
  EXPECT_GE(in_ms(start), 30);
  talk.client.send("x");
  EXPECT_EQ(talk.client.receive(), "") << "the FIN came first";
  EXPECT_LT(talk.client.send("x"), 0) << "then RST";
}

TEST(Wire, CloseWithoutLingerStillDeliversBeforeFin) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.send("421 bye\r\n");
    wire.close(Micros{});
  });
  EXPECT_TRUE(talk.await_closed());
  EXPECT_EQ(talk.client.receive(), "421 bye\r\n");
  EXPECT_EQ(talk.client.receive(), "");
}

TEST(Wire, ResetComesAfterWhatWasSentHasArrived) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.send("250 OK\r\n");
    wire.reset();
  });
  EXPECT_EQ(talk.client.receive(), "250 OK\r\n");
  EXPECT_EQ(talk.client.receive(), "!Connection reset by peer");
  EXPECT_TRUE(talk.await_closed());
}

TEST(Wire, HalfCloseReadsOn) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.send("last words");
    wire.half_close();
  });
  EXPECT_EQ(talk.client.receive(), "last words");
  EXPECT_EQ(talk.client.receive(), "");
  talk.client.send("heard");
  EXPECT_TRUE(talk.await_text("heard"));
  talk.with_wire([](Wire& wire) { wire.reset(); });
  EXPECT_TRUE(talk.await_closed());
  talk.client.send("x");
  EXPECT_LT(talk.client.send("x"), 0);
}

TEST(Wire, DetachInACallDestroysTheListenerAndCloses) {
  Talk talk;
  talk.on_thread([&] {
    talk.heard.hear = [&](std::string_view) {
      talk.wire().send("bye");
      talk.wire().detach();
      talk.wire().send("unheard");
    };
  });
  talk.client.send("x");
  EXPECT_EQ(talk.client.receive(), "bye");
  EXPECT_EQ(talk.client.receive(), "");
}

TEST(Wire, TheListenerMayDieInItsCall) {
  struct Mortal : WireListener {
    std::shared_ptr<Wire> wire;
    std::promise<void>* dead = nullptr;
    void on_bytes(std::string_view) override { die(); }
    void on_peer_end(PeerEnd) override { die(); }
    void on_wake() override { die(); }
    void on_closed() override { die(); }
    void die() {
      wire->detach();
      dead->set_value();
      delete this;
    }
  };
  for (int how = 0; how < 4; ++how) {
    Reactor reactor;
    std::promise<void> dead;
    Door door(reactor, {.name = "x", .addresses = {"127.0.0.1"}, .ipv4 = {}, .ipv6 = {}},
              {[&](std::shared_ptr<Wire> wire) {
                 auto* out = new Mortal;
                 out->wire = std::move(wire);
                 out->dead = &dead;
                 if (how == 2) out->wire->wake_at(Micros{});
                 if (how == 3) out->wire->close(Micros{});
                 return out;
               },
               {},
               {}});
    std::thread thread([&] { reactor.run(); });
    Client client(door.port());
    EXPECT_EQ(client.connect(), 0);
    if (how == 0) client.send("x");
    if (how == 1) client.finish();
    EXPECT_EQ(client.receive(), "") << how;
    dead.get_future().wait();
    reactor.stop();
    thread.join();
  }
}

TEST(Wire, AnEndingUnderWayFinishesAfterDetach) {
  Talk talk;
  std::string body(4 << 20, 'x');
  talk.with_wire([&](Wire& wire) {
    wire.send(body);
    wire.close(1s);
    wire.detach();
  });
  EXPECT_EQ(talk.client.receive_all(body.size()), body);
  EXPECT_EQ(talk.client.receive(), "");
}

TEST(Wire, AWriteToADeadConnectionEndsInOneReport) {
  Talk talk;
  talk.with_wire([](Wire& wire) { wire.hold_reading(true); });
  talk.client.reset();
  EXPECT_TRUE(talk.await_end(PeerEnd::reset)) << "seen although held";
  talk.with_wire([](Wire& wire) {
    wire.send("x");
    wire.push();
    EXPECT_EQ(wire.unsent(), 0u);
    wire.close(1s);
  });
  EXPECT_TRUE(talk.await_closed());
  EXPECT_EQ(talk.heard.ends, 1);
}

TEST(Wire, BytesBeforeAResetAreStillDelivered) {
  Talk talk;
  std::promise<void> go;
  talk.reactor.post([&, wait = go.get_future().share()] {
    wait.wait();
    talk.wire().send("x");  // fails: the read that comes after it must not be lost
    talk.wire().push();
  });
  talk.client.send("QUIT");
  talk.client.reset();
  go.set_value();
  EXPECT_TRUE(talk.await_end(PeerEnd::reset));
  EXPECT_EQ(talk.heard.text, "QUIT");
}

// --- holding

TEST(Wire, HoldClosesTheWindowAndReleaseOpensIt) {
  Talk talk(1 << 16);
  talk.with_wire([](Wire& wire) { wire.hold_reading(true); });
  std::string body;
  for (int i = 0; body.size() < 1 << 20; ++i) body += std::to_string(i);
  auto sent = talk.client.send_all(body, 50ms);
  EXPECT_LT(sent, 1u << 19) << "the client's send blocks";
  EXPECT_EQ(talk.heard.text, "");
  std::thread rest([&] { talk.client.send_all(std::string_view(body).substr(sent), 1s); });
  talk.with_wire([](Wire& wire) { wire.hold_reading(false); });
  EXPECT_TRUE(talk.await_text(body));
  rest.join();
}

TEST(Wire, WhatAPendingReadTookDuringAHoldIsKept) {
  Talk talk;
  talk.with_wire([](Wire& wire) { wire.hold_reading(true); });
  talk.client.send(std::string(1000, 'x'));
  EXPECT_FALSE(talk.notes.await([&] { return !talk.heard.text.empty(); }, 20ms));
  talk.with_wire([](Wire& wire) {
    wire.hold_reading(false);
    wire.hold_reading(true);
  });
  EXPECT_FALSE(talk.notes.await([&] { return !talk.heard.text.empty(); }, 20ms));
  talk.with_wire([](Wire& wire) { wire.hold_reading(false); });
  EXPECT_TRUE(talk.await_text(std::string(1000, 'x')));
}

TEST(Wire, AHangUpIsSeenDuringAHold) {
  Talk talk;
  talk.on_thread([&] { talk.heard.hear = [&](std::string_view) { talk.wire().hold_reading(true); }; });
  talk.client.send("x");
  EXPECT_TRUE(talk.await_text("x"));
  talk.client.finish();
  EXPECT_TRUE(talk.await_end(PeerEnd::fin));
}

TEST(Wire, AHangUpBehindUnreadBytesWaitsForTheirRelease) {
  Talk talk;
  talk.with_wire([](Wire& wire) { wire.hold_reading(true); });
  talk.client.send(std::string(500, 'x'));
  talk.client.finish();
  EXPECT_FALSE(talk.notes.await([&] { return talk.heard.end.has_value(); }, 20ms));
  talk.with_wire([](Wire& wire) { wire.hold_reading(false); });
  EXPECT_TRUE(talk.await_end(PeerEnd::fin));
  EXPECT_EQ(talk.heard.text, std::string(500, 'x'));
}

// --- pacing

TEST(Wire, PushedPiecesArriveApartAndLate) {
  Talk talk;
  auto start = steady_clock::now();
  talk.with_wire([](Wire& wire) {
    wire.use({.latency = 300ms, .bandwidth = 25}, 0.1, 1);
    for (auto text : {"aaaaa", "bbbbb", "ccccc"}) {
      wire.send(text);
      wire.push();
    }
    wire.half_close();
    EXPECT_EQ(wire.unsent(), 15u);
  });
  EXPECT_EQ(talk.client.receive(), "aaaaa");
  EXPECT_GE(in_ms(start), 50);
  EXPECT_EQ(talk.client.receive_all(10), "bbbbbccccc");
  EXPECT_GE(in_ms(start), 90);
  EXPECT_EQ(talk.client.receive(), "");
  EXPECT_EQ(data_segments_in(talk.client.fd()), 3u);
}

TEST(Wire, EndingsAreLateToo) {
  for (bool reset : {false, true}) {
    Talk talk;
    auto start = steady_clock::now();
    talk.with_wire([&](Wire& wire) {
      wire.use({.latency = 40ms}, 1, 1);
      if (reset)
        wire.reset();
      else
        wire.close(Micros{});
    });
    EXPECT_EQ(talk.client.receive(), reset ? "!Connection reset by peer" : "");
    EXPECT_GE(in_ms(start), 40);
  }
}

TEST(Wire, ABandwidthTrickles) {
  Talk talk;
  auto start = steady_clock::now();
  talk.with_wire([](Wire& wire) {
    wire.use({.bandwidth = 10000}, 1, 1);
    wire.send(std::string(2000, 'x'));
  });
  auto first = talk.client.receive();
  EXPECT_LE(first.size(), 500u);
  EXPECT_EQ(talk.client.receive_all(2000 - first.size()).size(), 2000 - first.size());
  EXPECT_GE(in_ms(start), 200);
}

TEST(Wire, PlainSettingsKeepTheOrderBehindPacedOnes) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.use({.latency = 30ms}, 1, 1);
    wire.send("one ");
    wire.use({}, 1, 1);
    wire.send("two");
  });
  EXPECT_EQ(talk.client.receive_all(7), "one two");
}

TEST(Wire, ReadingIsPacedAndTheWindowCloses) {
  Talk talk(1 << 15);
  auto start = steady_clock::now();
  talk.with_wire([](Wire& wire) { wire.use({.read_bandwidth = 20000}, 1, 1); });
  std::string body(1 << 20, 'x');
  auto sent = talk.client.send_all(body, 20ms);
  EXPECT_LT(sent, body.size() / 2);
  EXPECT_TRUE(talk.notes.await([&] { return talk.heard.text.size() >= 4000; }));
  auto took = in_ms(start);
  auto read = talk.on_thread([&] { return talk.heard.text.size(); });
  EXPECT_GE(took, 150);
  EXPECT_LE(read, 20u * static_cast<unsigned>(in_ms(start)) + 1300);
}

// --- filters

class Filters : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!filters_work()) GTEST_SKIP() << "tier T1: socket filters need CAP_NET_ADMIN";
  }
};

TEST_F(Filters, VanishIsSilentAndHealBringsAll) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    wire.send("before");
    EXPECT_TRUE(wire.vanish());
    wire.send("after");
  });
  EXPECT_EQ(talk.client.receive(), "before");

  auto vanished = [&] {
    talk.client.send("x");
    return unacknowledged(talk.client.fd()) > 0;
  };
  auto start = steady_clock::now();
  while (!vanished() && in_ms(start) < 1500) std::this_thread::sleep_for(1ms);
  talk.client.finish();
  EXPECT_EQ(talk.client.receive(200ms), "?") << "no FIN, no RST, no bytes";
  EXPECT_GT(unacknowledged(talk.client.fd()), 0);
  EXPECT_FALSE(talk.heard.end);
  EXPECT_EQ(talk.with_wire([](Wire& wire) { return wire.unsent(); }), 5u);
  talk.with_wire([](Wire& wire) { wire.heal(); });
  EXPECT_EQ(talk.client.receive(), "after");
  EXPECT_TRUE(talk.await_end(PeerEnd::fin)) << "by retransmission";
}

TEST_F(Filters, AVanishedConnectionSendsNoFinWhenClosedNorWhenDetached) {
  Talk talk;
  talk.with_wire([](Wire& wire) {
    EXPECT_TRUE(wire.vanish());
    wire.close(Micros{});
  });
  EXPECT_EQ(talk.client.receive(100ms), "?");
  EXPECT_FALSE(talk.heard.closed);
  talk.with_wire([](Wire& wire) { wire.detach(); });
  EXPECT_EQ(talk.client.receive(100ms), "?") << "who has vanished doesn't come back";
}

TEST_F(Filters, SegmentsLargerThanTheMtuVanish) {
  Talk talk;
  talk.with_wire([](Wire& wire) { wire.use({.mtu = 100}, 1, 1); });
  std::string small(100, 's'), large(101, 'l');
  talk.client.send(small);
  EXPECT_TRUE(talk.await_text(small));
  talk.client.send(large);
  EXPECT_FALSE(talk.notes.await([&] { return talk.heard.text.size() > 100; }, 50ms));
  talk.with_wire([](Wire& wire) { wire.heal(); });
  EXPECT_TRUE(talk.await_text(small + large)) << "by retransmission";
}

TEST_F(Filters, LossIsMadeGoodByTcp) {
  Talk talk;
  talk.with_wire([](Wire& wire) { wire.use({.loss = 0.3}, 1, 1); });
  std::string all;
  for (int i = 0; i < 50; ++i) {
    auto part = std::to_string(i) + " ";
    talk.client.send(part);
    all += part;
  }
  talk.with_wire([](Wire& wire) { wire.use({}, 1, 1); });
  EXPECT_TRUE(talk.await_text(all));
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(talk.client.fd(), IPPROTO_TCP, TCP_INFO, &info, &size);
  EXPECT_GT(info.tcpi_total_retrans, 0u);
}

}  // namespace
}  // namespace mailfault::wire::testing
