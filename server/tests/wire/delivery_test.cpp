#include "wire/delivery.hpp"

#include "base/error.hpp"
#include "play.hpp"

namespace mailfault::wire::testing {
namespace {

const smtp::Letter letter{"mx.example.com", "", "a@example.com", "Subject: x\r\n\r\nhello\r\n"};

struct Result {
  bool over = false, delivered = false;
  std::string answer;
};

/// A server that answers by the commands it gets.
void answer(Ear& ear, std::string_view bytes) {
  for (const auto& [command, reply] : {std::pair{"EHLO", "250 host\r\n"},
                                       {"MAIL", "250 ok\r\n"},
                                       {"RCPT", "250 ok\r\n"},
                                       {"DATA", "354 go\r\n"},
                                       {"Subject", "250 queued\r\n"},
                                       {"QUIT", "221 bye\r\n"}})
    if (bytes.starts_with(command)) ear.wire->send(reply);
}

/// Delivers there on the server's reactor; the result may be one that never comes.
Result deliver_to(Server& server, const MailHost& to) {
  auto result = std::make_shared<Result>();
  auto handle = server.on_thread([&] {
    return deliver(server.reactor, to, letter, [&server, result](bool delivered, const std::string& said) {
      server.notes.change([&] { *result = {true, delivered, said}; });
    });
  });
  EXPECT_TRUE(server.notes.await([&] { return result->over; }));
  server.on_thread([&] { handle.reset(); });
  return *result;
}

TEST(Delivery, HandsOver) {
  Server server;
  server.greet = [](Ear& ear) {
    ear.wire->send("220 hello\r\n");
    ear.hear = [&ear](std::string_view bytes) { answer(ear, bytes); };
  };
  auto result = deliver_to(server, {"127.0.0.1", server.port()});
  EXPECT_TRUE(result.delivered) << result.answer;
  EXPECT_EQ(result.answer, "250 queued");
  auto& ear = server.ear();
  EXPECT_TRUE(server.notes.await([&] { return ear.text.ends_with("hello\r\n.\r\nQUIT\r\n"); })) << ear.text;
  EXPECT_TRUE(server.notes.await([&] { return ear.end == PeerEnd::fin; }));
}

TEST(Delivery, ANameIsLookedUp) {
  Server server;
  server.greet = [](Ear& ear) { ear.wire->send("554 no\r\n"); };
  EXPECT_EQ(deliver_to(server, {"localhost", server.port()}).answer, "the greeting was 554 no");
}

TEST(Delivery, ARefusedConnectionSaysSo) {
  Server server;
  std::uint16_t port = 0;
  {
    DoorOptions options{"closed", {"127.0.0.1"}, 0, DoorState::refused, {}, {}};
    Server closed(options);
    port = closed.port();
    auto result = deliver_to(server, {"127.0.0.1", port});
    EXPECT_FALSE(result.delivered);
    EXPECT_EQ(result.answer, "127.0.0.1 port " + std::to_string(port) + ": Connection refused");
  }
}

TEST(Delivery, AServerThatLeavesSaysWhere) {
  Server server;
  server.greet = [](Ear& ear) {
    ear.wire->send("220 hello\r\n");
    ear.hear = [&ear](std::string_view) { ear.wire->close(0s); };
  };
  EXPECT_EQ(deliver_to(server, {"127.0.0.1", server.port()}).answer,
            "the connection was closed before the reply to EHLO");
}

TEST(MailHosts, AreReadAndWritten) {
  for (const char* text : {"127.0.0.1:25", "[::1]:2525", "app.example:65535", "localhost:1"})
    EXPECT_EQ(parse_mail_host("--bounce-to", text).written(), text);
  for (const char* text : {"", "25", "host", "host:", ":25", "host:0", "host:65536", "host:25x", "::1:25", "a b:25",
                           "smtp://host:25", "a@b:25"})
    EXPECT_THROW(parse_mail_host("--bounce-to", text), Error) << text;
}

}  // namespace
}  // namespace mailfault::wire::testing
