#include "smtp/command.hpp"

#include <gmock/gmock.h>

#include <utility>

namespace mailfault::smtp {
namespace {

using namespace std::string_literals;

TEST(Command, KnowsItsVerbInAnyCase) {
  const std::pair<std::string, Verb> table[] = {
      {"HELO", Verb::helo},         {"EHLO", Verb::ehlo},       {"MAIL", Verb::mail}, {"RCPT", Verb::rcpt},
      {"DATA", Verb::data},         {"RSET", Verb::rset},       {"NOOP", Verb::noop}, {"VRFY", Verb::vrfy},
      {"EXPN", Verb::expn},         {"HELP", Verb::help},       {"QUIT", Verb::quit}, {"AUTH", Verb::auth},
      {"STARTTLS", Verb::starttls}, {"BDAT", Verb::bdat},       {"BURL", Verb::burl}, {"ETRN", Verb::etrn},
      {"LHLO", Verb::lhlo},         {"XCLIENT", Verb::xclient},
  };
  for (const auto& [name, verb] : table) {
    EXPECT_EQ(parse_command(name).verb, verb);
    std::string mixed = name;
    for (std::size_t i = 0; i < mixed.size(); i += 2) mixed[i] = static_cast<char>(mixed[i] | 0x20);
    EXPECT_EQ(parse_command(mixed + " x").verb, verb) << mixed;
  }
}

TEST(Command, KnowsNoOther) {
  for (const std::string line : {"", " ", " HELO a", "HEL", "HELOX a", "MAIL\tFROM:<>", "TURN", "XCLIEN A=b",
                                 "STARTTL", "\r\x05\x08\x0c", "D\0TA", "SEND FROM:<>"}) {
    EXPECT_EQ(parse_command(line).verb, Verb::unknown) << line;
  }
  EXPECT_EQ(parse_command("").name, "");
  EXPECT_EQ(parse_command("").argument, "");
  EXPECT_EQ(parse_command(" HELO a").name, "");
}

TEST(Command, IsCutAtItsFirstSpace) {
  const Command command = parse_command("mail FROM:<a@b> SIZE=1 \t ");
  EXPECT_EQ(command.name, "mail");
  EXPECT_EQ(command.argument, "FROM:<a@b> SIZE=1");
  EXPECT_EQ(parse_command("DATA").argument, "");
  EXPECT_EQ(parse_command("DATA   ").argument, "");
  EXPECT_EQ(parse_command("HELO  a").argument, " a");
}

std::optional<Path> path_of(std::string_view text) {
  std::string_view rest = "untouched";
  std::optional<Path> path = parse_path(text, rest);
  EXPECT_EQ(rest, path ? "" : "untouched") << text;
  return path;
}

struct GoodPath {
  std::string text, address, local_part, domain;
  bool non_ascii = false;
};

TEST(Path, Good) {
  const std::string local64(64, 'l');
  const std::string domain255 = std::string(251, 'd') + ".org";
  const GoodPath table[] = {
      {"<>", "", "", ""},
      {"<a@b>", "a@b", "a", "b"},
      {"<Postmaster>", "Postmaster", "Postmaster", ""},
      {"<a.b+c@mail.example.org>", "a.b+c@mail.example.org", "a.b+c", "mail.example.org"},
      {"<!#$%&'*+-/=?^_`{|}~@b>", "!#$%&'*+-/=?^_`{|}~@b", "!#$%&'*+-/=?^_`{|}~", "b"},
      {"<a@x-1.y--z.9>", "a@x-1.y--z.9", "a", "x-1.y--z.9"},
      {"<a@my_host>", "a@my_host", "a", "my_host"},
      {"<@r1.org:a@b>", "a@b", "a", "b"},
      {"<@r1.org,@r2.org:a@b>", "a@b", "a", "b"},
      {R"(<"a b"@c>)", R"("a b"@c)", "a b", "c"},
      {R"(<"a@b>\"\\\x"@c>)", R"("a@b>\"\\\x"@c)", R"(a@b>"\x)", "c"},
      {R"(<""@c>)", R"(""@c)", "", "c"},
      {R"(<"quoted">)", R"("quoted")", "quoted", ""},
      {"<a@[192.0.2.1]>", "a@[192.0.2.1]", "a", "[192.0.2.1]"},
      {"<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", "a", "[IPv6:2001:db8::1]"},
      {"<a@[ipv6:::ffff:192.0.2.1]>", "a@[ipv6:::ffff:192.0.2.1]", "a", "[ipv6:::ffff:192.0.2.1]"},
      {"<j\xc3\xb6rg@b>", "j\xc3\xb6rg@b", "j\xc3\xb6rg", "b", true},
      {"<a@b\xc3\xbc"
       "cher.example>",
       "a@b\xc3\xbc"
       "cher.example",
       "a",
       "b\xc3\xbc"
       "cher.example",
       true},
      {"<\"\xc3\xb6 x\"@b>", "\"\xc3\xb6 x\"@b", "\xc3\xb6 x", "b", true},
      {"<" + local64 + "@" + domain255 + ">", local64 + "@" + domain255, local64, domain255},
  };
  for (const GoodPath& good : table) {
    const std::optional<Path> path = path_of(good.text);
    ASSERT_TRUE(path) << good.text;
    EXPECT_EQ(path->address, good.address);
    EXPECT_EQ(path->local_part, good.local_part);
    EXPECT_EQ(path->domain, good.domain);
    EXPECT_EQ(path->non_ascii, good.non_ascii) << good.text;
  }
}

TEST(Path, Bad) {
  const std::string table[] = {
      "",
      "<",
      ">",
      "a@b",
      "<a@b",
      "< a@b>",
      "<a@b >",
      "<a b@c>",
      "<@>",
      "<@b>",
      "<a@>",
      "<a@@b>",
      "<a@b@c>",
      "<.a@b>",
      "<a.@b>",
      "<a..b@c>",
      "<a@.b>",
      "<a@b.>",
      "<a@b..c>",
      "<a@-b>",
      "<a@b->",
      "<a@b-.c>",
      "<a@b c>",
      "<a(x)@b>",
      "<a,b@c>",
      "<a\\b@c>",
      "<\"a@b>",
      "<\"a\"b@c>",
      "<\"a\"@>",
      "<\"a\\",
      "<\"a\\\">",
      "<@r1.org>",
      "<@r1.org:>",
      "<@r1.org,:a@b>",
      "<@r1.org,r2.org:a@b>",
      "<@:a@b>",
      "<a@[]>",
      "<a@[192.0.2]>",
      "<a@[192.0.2.256]>",
      "<a@[192.0.2.1>",
      "<a@192.0.2.1]>",
      "<a@[2001:db8::1]>",
      "<a@[IPv6:]>",
      "<a@[IPv6:1:2]>",
      "<a@[IPv6:192.0.2.1]>",
      "<a@[IPv6:fe80::1%eth0]>",
      "<a@[tag:x]>",
      "<a@[192.0.2.1\0x]>"s,
      "<a\0@b>"s,
      "<a@b\0>"s,
      "<\"\0\"@b>"s,
      "<a\t@b>",
      "<a\x7f@b>",
      "<\"a\rb\"@c>",
      "<<a@b>>",
      "<a@[" + std::string(300, '1') + "]>",
      "<" + std::string(65, 'l') + "@b>",
      "<\"" + std::string(63, 'l') + "\"@b>",
      "<a@" + std::string(252, 'd') + ".org>",
  };
  for (const std::string& text : table) EXPECT_FALSE(path_of(text)) << text;
}

TEST(Path, LeavesWhatFollowsIt) {
  std::string_view rest;
  ASSERT_TRUE(parse_path("<a@b> SIZE=1", rest));
  EXPECT_EQ(rest, " SIZE=1");
}

TEST(Mail, TakesPathAndParameters) {
  const auto result = parse_mail("from:<a@b> SIZE=1000  body=8BITMIME SMTPUTF8 X-1=\xc3\xb6+3D AUTH=<>");
  const auto* envelope = std::get_if<Envelope>(&result);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->path.address, "a@b");
  ASSERT_EQ(envelope->parameters.size(), 5u);
  EXPECT_EQ(envelope->parameters[0].keyword, "SIZE");
  EXPECT_EQ(envelope->parameters[0].value, "1000");
  EXPECT_EQ(envelope->parameters[1].keyword, "BODY");
  EXPECT_EQ(envelope->parameters[2].keyword, "SMTPUTF8");
  EXPECT_EQ(envelope->parameters[2].value, std::nullopt);
  EXPECT_EQ(envelope->parameters[3].value, "\xc3\xb6+3D");
  EXPECT_EQ(envelope->parameters[4].value, "<>");
}

TEST(Mail, TakesTheNullPath) { EXPECT_TRUE(std::holds_alternative<Envelope>(parse_mail("FROM:<>"))); }

using Parse = std::variant<Envelope, SyntaxError> (*)(std::string_view);

std::string error_of(Parse parse, std::string_view argument) {
  const auto result = parse(argument);
  const auto* error = std::get_if<SyntaxError>(&result);
  if (!error) return "none";
  return std::to_string(error->code) + " " + std::string(error->enhanced) + " " + error->text;
}

TEST(Mail, SaysWhatIsWrong) {
  for (const char* argument : {"", "FROM", "FROM:", "FROM: <a@b>", "FROM:a@b", "<a@b>", " FROM:<a@b>", "TO:<a@b>"}) {
    EXPECT_EQ(error_of(parse_mail, argument), "501 5.5.4 Syntax: MAIL FROM:<address>") << argument;
  }
  for (const char* argument : {"FROM:<a@b", "FROM:<a b>", "FROM:<a@b>SIZE=1", "FROM:<a@b>\tSIZE=1", "FROM:<a@b>>"}) {
    EXPECT_EQ(error_of(parse_mail, argument), "501 5.1.7 Bad sender address syntax") << argument;
  }
  for (const char* word : {"=", "=1", "SIZE=", "SIZE=1=2", "-A=1", "A_B", "SIZE=1\x01", "\xc3\xb6=1", "A=b\tc"}) {
    EXPECT_THAT(error_of(parse_mail, "FROM:<a@b> BODY=7BIT "s + word),
                ::testing::StartsWith("501 5.5.4 Bad parameter syntax: "));
  }
  EXPECT_EQ(error_of(parse_mail, "FROM:<a@b> SIZE=1 size=2"), "501 5.5.4 Duplicate parameter: SIZE");
}

TEST(Mail, ItsErrorFitsIntoAReply) {
  const std::string error = error_of(parse_mail, "FROM:<a@b> " + std::string(5000, '\x01'));
  EXPECT_LT(error.size(), 200u);
  EXPECT_EQ(error.find('\x01'), std::string::npos);
}

TEST(Rcpt, TakesPathAndParameters) {
  const auto result = parse_rcpt("To:<postmaster> NOTIFY=NEVER");
  const auto* envelope = std::get_if<Envelope>(&result);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->path.local_part, "postmaster");
  EXPECT_EQ(envelope->path.domain, "");
  EXPECT_EQ(envelope->parameters.at(0).keyword, "NOTIFY");
}

TEST(Rcpt, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(parse_rcpt, "TO:"), "501 5.5.4 Syntax: RCPT TO:<address>");
  EXPECT_EQ(error_of(parse_rcpt, "FROM:<a@b>"), "501 5.5.4 Syntax: RCPT TO:<address>");
  EXPECT_EQ(error_of(parse_rcpt, "TO:<>"), "501 5.1.3 Bad recipient address syntax");
  EXPECT_EQ(error_of(parse_rcpt, "TO:<a@b@c>"), "501 5.1.3 Bad recipient address syntax");
  EXPECT_EQ(error_of(parse_rcpt, "TO:<a@b> NOTIFY= "), "501 5.5.4 Bad parameter syntax: NOTIFY=");
}

TEST(HeloName, MayBeAnythingPrintable) {
  for (const std::string name : {"localhost", "my_host", "[192.0.2.1]", "[]", "-",
                                 "b\xc3\xbc"
                                 "cher"}) {
    EXPECT_TRUE(is_helo_name(name)) << name;
  }
  EXPECT_TRUE(is_helo_name(std::string(255, 'x')));
  for (const std::string& name : {""s, "a b"s, " a"s, "a\tb"s, "a\0b"s, "a\x7f"s, std::string(256, 'x')}) {
    EXPECT_FALSE(is_helo_name(name)) << name;
  }
}

}  // namespace
}  // namespace mailfault::smtp
