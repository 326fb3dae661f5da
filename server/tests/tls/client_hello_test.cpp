#include "tls/client_hello.hpp"

#include <gmock/gmock.h>

#include "pair.hpp"
#include "tls/record.hpp"

namespace mailfault::tls {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Result = HelloReader::Result;

std::string number(std::size_t value, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = size; i-- > 0; value >>= 8) bytes[i] = static_cast<char>(value & 255);
  return bytes;
}
std::string counted(std::size_t size, const std::string& bytes) { return number(bytes.size(), size) + bytes; }
std::string extension(std::size_t type, const std::string& data) { return number(type, 2) + counted(2, data); }
std::string message(const std::string& body) { return "\x01" + counted(3, body); }

const std::string start =
    "\x03\x03" + std::string(32, 'r') + counted(1, "") + counted(2, "\x13\x01\xC0\x2B"s) + counted(1, "\0"s);
std::string hello_with(const std::string& extensions) { return message(start + counted(2, extensions)); }

Hello parsed(const std::string& message) {
  std::string why;
  const std::optional<Hello> hello = parse_client_hello(message, why);
  EXPECT_TRUE(hello) << why;
  return hello.value_or(Hello{});
}

TEST(ClientHello, IsRead) {
  const Hello hello = parsed(hello_with(
      extension(0x0A0A, "") + extension(0, counted(2, "\0"s + counted(2, "mail.example.net"))) +
      extension(16, counted(2, counted(1, "smtp") + counted(1, "h2"))) +
      extension(43, counted(1, "\x1A\x1A\x03\x04\x03\x03\x03\x00\x7F\x1C"s)) + extension(5, "\x01\0\0\0\0"s)));
  EXPECT_EQ(hello.sni, "mail.example.net");
  EXPECT_THAT(hello.alpn, ElementsAre("smtp", "h2"));
  EXPECT_THAT(hello.versions, ElementsAre("TLSv1.3", "TLSv1.2", "SSLv3", "0x7f1c"));
  EXPECT_THAT(hello.ciphers, ElementsAre(0x1301, 0xC02B));
  EXPECT_TRUE(hello.asks_ocsp);
  EXPECT_FALSE(hello.resumes);
}

TEST(ClientHello, OfAnOldClientHasNoExtensions) {
  const Hello hello = parsed(message(start));
  EXPECT_EQ(hello.sni, "");
  EXPECT_THAT(hello.versions, ElementsAre("TLSv1.2"));
  EXPECT_THAT(parsed(hello_with("")).alpn, IsEmpty());
}

TEST(ClientHello, Resumes) {
  EXPECT_FALSE(parsed(hello_with(extension(35, ""))).resumes);  // it would like a ticket
  EXPECT_TRUE(parsed(hello_with(extension(35, "ticket"))).resumes);
  EXPECT_TRUE(parsed(hello_with(extension(41, "psk"))).resumes);
}

TEST(ClientHello, HoldsNoMoreThanIsOfUse) {
  std::string names;
  for (int i = 0; i < 30000; ++i)
    names +=
        "\x01"
        "a";
  EXPECT_THAT(parsed(hello_with(extension(16, counted(2, names)))).alpn, SizeIs(64));
  EXPECT_EQ(parsed(hello_with(extension(0, counted(2, "\0"s + counted(2, std::string(256, 'a')))))).sni, "");
  EXPECT_EQ(parsed(hello_with(extension(0, counted(2, "\0"s + counted(2, "a\0b"s))))).sni, "");
}

TEST(ClientHello, OfBrokenExtensionsIsForOpenSslToRefuse) {
  for (std::size_t type : {0U, 5U, 16U, 35U, 41U, 43U}) {
    for (const std::string& data : {""s, "\xFF"s, "\xFF\xFF"s, "\x00\x05\x00\xFF\xFF"s, "\x00\x01\x09"s}) {
      const Hello hello = parsed(hello_with(extension(type, data)));
      EXPECT_EQ(hello.sni, "");
      EXPECT_THAT(hello.alpn, IsEmpty());
    }
  }
}

TEST(ClientHello, IsRefusedWhereItsFormIsBroken) {
  const std::string whole = hello_with(extension(16, counted(2, counted(1, "smtp"))));
  std::string why;
  for (std::size_t size = 4; size < whole.size(); ++size) {
    if (size == message(start).size()) continue;  // which is a hello without extensions
    why.clear();
    EXPECT_FALSE(parse_client_hello(whole.substr(0, size), why)) << size;
    EXPECT_THAT(why, HasSubstr("malformed"));
  }
  EXPECT_FALSE(parse_client_hello(whole + "x", why));
  EXPECT_FALSE(parse_client_hello(hello_with("\x00\x10\x00\x09x"s), why));
  EXPECT_EQ(why, "the ClientHello is malformed: extension 16 is longer than what is there");
}

// In every split, and the message in records of any size.
TEST(HelloReader, GathersRecords) {
  ClientOptions options;
  options.sni = "mail.example.net";
  TestClient client(options);
  client.go_on();
  const std::string bytes = client.take();
  for (std::size_t record_size : {1U, 2U, 3U, 5U, 100U, 16384U}) {
    const std::string records = recut(bytes, record_size);
    for (std::size_t split : {1U, 2U, 7U, 1000U, 100000U}) {
      HelloReader reader;
      for (std::size_t at = 0; at < records.size(); at += split) {
        const Result result = reader.feed(std::string_view(records).substr(at, split));
        EXPECT_EQ(result, at + split < records.size() ? Result::more : Result::whole);
      }
      EXPECT_EQ(reader.hello().sni, "mail.example.net");
      EXPECT_EQ(reader.take_bytes(), records);
      EXPECT_EQ(reader.take_bytes(), "");
    }
  }
}

TEST(HelloReader, KeepsWhatComesBehind) {
  const std::string hello = record(type_handshake, 0x0301, message(start));
  HelloReader reader;
  EXPECT_EQ(reader.feed(hello + "early"), Result::whole);
  EXPECT_EQ(reader.feed(" data"), Result::whole);
  EXPECT_EQ(reader.feed(std::string(HelloReader::most, 'x')), Result::refused);
  EXPECT_THAT(reader.why(), HasSubstr("64 KiB before the server answered"));
  EXPECT_EQ(reader.take_bytes().size(), HelloReader::most);
}

TEST(HelloReader, HasALimitInEverySplit) {
  // Of one byte a record, a hello that is within the limit without its headers.
  std::string records;
  for (char c : message(start + counted(2, extension(21, std::string(20000, '\0'))))) {
    records += record(type_handshake, 0x0301, std::string(1, c));
  }
  for (std::size_t split : {1U, 1000U, 1U << 20}) {
    HelloReader reader;
    Result result = Result::more;
    for (std::size_t at = 0; at < records.size(); at += split) {
      result = reader.feed(std::string_view(records).substr(at, split));
    }
    EXPECT_EQ(result, Result::refused);
    EXPECT_EQ(reader.why(), "the ClientHello is longer than 64 KiB");
    EXPECT_LE(reader.take_bytes().size(), HelloReader::most);
  }
}

TEST(HelloReader, TakesAnAlert) {
  HelloReader reader;
  EXPECT_EQ(reader.feed(record(type_alert, 0x0301, "\x02\x28")), Result::alerted);
  EXPECT_EQ(reader.its_alert().code, 40);
  EXPECT_TRUE(reader.its_alert().fatal);
  EXPECT_TRUE(reader.its_alert().from_client);
}

TEST(Spoken, HoldsNoSecret) {
  EXPECT_EQ(what_was_spoken("ehlo a\r\nx"), "the client spoke in clear: ehlo a");
  EXPECT_EQ(what_was_spoken("AUTH PLAIN c2VjcmV0"), "the client spoke in clear: AUTH");
  EXPECT_EQ(what_was_spoken("c2VjcmV0\r\n"), "the client spoke in clear: a line of 8 bytes that is no command");
  EXPECT_EQ(what_was_spoken("\r\n"), "the client spoke in clear: a line of 0 bytes that is no command");
  EXPECT_EQ(what_was_spoken(std::string("MAIL FROM:<") + std::string(1000, 'a')).size(),
            "the client spoke in clear: "s.size() + 256);
  EXPECT_EQ(what_was_spoken("QUIT\x01 and more"), "the client sent what is no TLS: the bytes 51 55 49 54 01");
  EXPECT_EQ(what_was_spoken(""), "the client spoke in clear: a line of 0 bytes that is no command");
}

}  // namespace
}  // namespace mailfault::tls
