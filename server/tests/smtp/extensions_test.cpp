// Parameters of the extensions, BDAT, XCLIENT and LIMITS, each by its RFC's grammar.
#include "smtp/extensions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "smtp/body.hpp"
#include "splits.hpp"

namespace mailfault::smtp {
namespace {

using namespace std::string_literals;

// ---------------------------------------------------------------- parameters

struct ParameterCase {
  std::string command;
  int code;  // 0: it holds
};

void PrintTo(const ParameterCase& one, std::ostream* out) { *out << one.command << " -> " << one.code; }

int code_of(const std::string& command) {
  const bool of_mail = command.starts_with("MAIL ");
  const auto parsed = of_mail ? parse_mail(command.substr(5)) : parse_rcpt(command.substr(5));
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return error->code;
  const auto wrong = check_parameters(std::get<Envelope>(parsed).parameters, of_mail);
  if (!wrong) return 0;
  EXPECT_EQ(wrong->enhanced, "5.5.4");
  EXPECT_LT(wrong->text.size(), 200u);
  return wrong->code;
}

class Parameters : public ::testing::TestWithParam<ParameterCase> {};

TEST_P(Parameters, HoldOrGetTheirCode) { EXPECT_EQ(code_of(GetParam().command), GetParam().code); }

const std::string long_100(100, 'x'), long_101(101, 'x');

INSTANTIATE_TEST_SUITE_P(
    OfMail, Parameters,
    ::testing::Values(
        ParameterCase{"MAIL FROM:<> SIZE=0", 0}, ParameterCase{"MAIL FROM:<> SIZE=12345678901234567890", 0},
        ParameterCase{"MAIL FROM:<> SIZE=123456789012345678901", 501}, ParameterCase{"MAIL FROM:<> SIZE", 501},
        ParameterCase{"MAIL FROM:<> SIZE=1k", 501}, ParameterCase{"MAIL FROM:<> SIZE=-1", 501},
        ParameterCase{"MAIL FROM:<> BODY=8bitmime", 0}, ParameterCase{"MAIL FROM:<> BODY=7BIT", 0},
        ParameterCase{"MAIL FROM:<> BODY=BINARYMIME", 0}, ParameterCase{"MAIL FROM:<> BODY=16BIT", 501},
        ParameterCase{"MAIL FROM:<> BODY", 501}, ParameterCase{"MAIL FROM:<> SMTPUTF8", 0},
        ParameterCase{"MAIL FROM:<> SMTPUTF8=yes", 501}, ParameterCase{"MAIL FROM:<> RET=FULL", 0},
        ParameterCase{"MAIL FROM:<> ret=hdrs", 0}, ParameterCase{"MAIL FROM:<> RET=BODY", 501},
        ParameterCase{"MAIL FROM:<> ENVID=a+2Bb+3D", 0}, ParameterCase{"MAIL FROM:<> ENVID=" + long_100, 0},
        ParameterCase{"MAIL FROM:<> ENVID=" + long_101, 501}, ParameterCase{"MAIL FROM:<> ENVID=a+2b", 501},
        ParameterCase{"MAIL FROM:<> ENVID=a+", 501}, ParameterCase{"MAIL FROM:<> ENVID=a+4", 501},
        ParameterCase{"MAIL FROM:<> ENVID", 501}, ParameterCase{"MAIL FROM:<> ENVID=\xc3\xa9", 501},
        ParameterCase{"MAIL FROM:<> AUTH=<>", 0}, ParameterCase{"MAIL FROM:<> AUTH=e+3Dmc2@example.com", 0},
        ParameterCase{"MAIL FROM:<> AUTH=a@example.com", 0}, ParameterCase{"MAIL FROM:<> AUTH=<a@example.com>", 501},
        ParameterCase{"MAIL FROM:<> AUTH=no+20address@x", 501}, ParameterCase{"MAIL FROM:<> AUTH", 501},
        ParameterCase{"MAIL FROM:<> BY=120;R", 0}, ParameterCase{"MAIL FROM:<> BY=-120;N", 0},
        ParameterCase{"MAIL FROM:<> BY=0;NT", 0}, ParameterCase{"MAIL FROM:<> BY=+1;rt", 0},
        ParameterCase{"MAIL FROM:<> BY=0;R", 501}, ParameterCase{"MAIL FROM:<> BY=-1;R", 501},
        ParameterCase{"MAIL FROM:<> BY=1234567890;R", 501}, ParameterCase{"MAIL FROM:<> BY=120", 501},
        ParameterCase{"MAIL FROM:<> BY=120;X", 501}, ParameterCase{"MAIL FROM:<> BY=;R", 501},
        ParameterCase{"MAIL FROM:<> REQUIRETLS", 0}, ParameterCase{"MAIL FROM:<> REQUIRETLS=1", 501},
        ParameterCase{"MAIL FROM:<> MT-PRIORITY=-9", 0}, ParameterCase{"MAIL FROM:<> MT-PRIORITY=+3", 0},
        ParameterCase{"MAIL FROM:<> MT-PRIORITY=10", 501}, ParameterCase{"MAIL FROM:<> MT-PRIORITY=", 501},
        ParameterCase{"MAIL FROM:<> HOLDFOR=3600", 0}, ParameterCase{"MAIL FROM:<> HOLDFOR=0", 501},
        ParameterCase{"MAIL FROM:<> HOLDFOR=1234567890", 501},
        ParameterCase{"MAIL FROM:<> HOLDUNTIL=2030-01-31T12:00:00Z", 0},
        ParameterCase{"MAIL FROM:<> HOLDUNTIL=2030-02-30T12:00:00Z", 501},
        ParameterCase{"MAIL FROM:<> HOLDUNTIL=tomorrow", 501},
        ParameterCase{"MAIL FROM:<> HOLDFOR=1 HOLDUNTIL=2030-01-31T12:00:00Z", 501},
        ParameterCase{"MAIL FROM:<> NOTIFY=NEVER", 555}, ParameterCase{"MAIL FROM:<> ORCPT=rfc822;a@b", 555}));

INSTANTIATE_TEST_SUITE_P(
    OfRcpt, Parameters,
    ::testing::Values(
        ParameterCase{"RCPT TO:<b@x> NOTIFY=NEVER", 0},
        ParameterCase{"RCPT TO:<b@x> NOTIFY=success,FAILURE,Delay", 0},
        ParameterCase{"RCPT TO:<b@x> NOTIFY=NEVER,SUCCESS", 501}, ParameterCase{"RCPT TO:<b@x> NOTIFY=SUCCESS,", 501},
        ParameterCase{"RCPT TO:<b@x> NOTIFY=SUCCESS,SUCCESS", 501}, ParameterCase{"RCPT TO:<b@x> NOTIFY", 501},
        ParameterCase{"RCPT TO:<b@x> NOTIFY=,", 501}, ParameterCase{"RCPT TO:<b@x> NOTIFY=ALWAYS", 501},
        ParameterCase{"RCPT TO:<b@x> ORCPT=rfc822;b+2Btag@x", 0}, ParameterCase{"RCPT TO:<b@x> ORCPT=b@x", 501},
        ParameterCase{"RCPT TO:<b@x> ORCPT=rfc822;", 501}, ParameterCase{"RCPT TO:<b@x> ORCPT=;b@x", 501},
        ParameterCase{"RCPT TO:<b@x> ORCPT=rfc822;b+tag@x", 501},
        ParameterCase{"RCPT TO:<b@x> ORCPT=rfc822;" + std::string(494, 'x'), 501},
        ParameterCase{"RCPT TO:<b@x> ORCPT=utf-8;\\x{3B4}@x", 0},
        ParameterCase{"RCPT TO:<b@x> ORCPT=utf-8;\xce\xb4@x", 0},
        ParameterCase{"RCPT TO:<b@x> ORCPT=utf-8;\\x{3B4@x", 501},
        ParameterCase{"RCPT TO:<b@x> ORCPT=rfc822;\xce\xb4@x", 501},
        ParameterCase{"RCPT TO:<b@x> RRVS=2014-04-03T23:01:00Z", 0},
        ParameterCase{"RCPT TO:<b@x> RRVS=2014-04-03T23:01:00Z;C", 0},
        ParameterCase{"RCPT TO:<b@x> RRVS=2014-04-03", 501}, ParameterCase{"RCPT TO:<b@x> SIZE=1", 555},
        ParameterCase{"RCPT TO:<b@x> X-OWN=anything", 0}));

std::string refused(const std::string& parameters, const std::string& offer) {
  const auto parsed = parse_mail("FROM:<a@b> " + parameters);
  const auto wrong =
      check_offered_bounds(std::get<Envelope>(parsed).parameters, parse_offer("250-h\r\n250 " + offer));
  return wrong ? std::to_string(wrong->code) + " " + wrong->text : "";
}

TEST(OfferedBounds, OfFutureReleaseAndDeliverBy) {
  const std::string release = "FUTURERELEASE 86400 2030-06-01T00:00:00Z";
  EXPECT_EQ(refused("HOLDFOR=86400", release), "");
  EXPECT_EQ(refused("HOLDFOR=86401", release), "501 HOLDFOR is above 86400");
  EXPECT_EQ(refused("HOLDFOR=86401", "FUTURERELEASE"), "");
  EXPECT_EQ(refused("HOLDUNTIL=2030-06-01T01:00:00+01:00", release), "");
  EXPECT_EQ(refused("HOLDUNTIL=2030-06-01T00:00:01Z", release), "501 HOLDUNTIL is after 2030-06-01T00:00:00Z");
  EXPECT_EQ(refused("BY=299;R", "DELIVERBY 300"), "555 BY is below 300");
  EXPECT_EQ(refused("BY=300;R", "DELIVERBY 300"), "");
  EXPECT_EQ(refused("BY=-1;N", "DELIVERBY 300"), "");
  EXPECT_EQ(refused("BY=1;R", "DELIVERBY"), "");
}

TEST(KeywordFor, ABinaryBodyNeedsItsOwn) {
  EXPECT_EQ(keyword_for(Parameter{"BODY", "binarymime"}), "BINARYMIME");
  EXPECT_EQ(keyword_for(Parameter{"BODY", "8BITMIME"}), "8BITMIME");
  EXPECT_EQ(keyword_for(Parameter{"NOTIFY", "NEVER"}), "DSN");
}

TEST(DateTime, InSecondsSince1970) {
  EXPECT_EQ(parse_date_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_date_time("2000-02-29t12:30:15z"), 951827415);
  EXPECT_EQ(parse_date_time("1969-12-31T23:59:59Z"), -1);
  EXPECT_EQ(parse_date_time("2026-07-01T02:00:00+02:00"), parse_date_time("2026-07-01T00:00:00Z"));
  EXPECT_EQ(parse_date_time("2026-06-30T19:30:00-04:30"), parse_date_time("2026-07-01T00:00:00Z"));
  for (const char* wrong :
       {"", "2026-07-01", "2026-07-01T00:00:00", "2026-07-01 00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2025-02-29T00:00:00Z", "2026-07-01T24:00:00Z",
        "2026-07-01T00:60:00Z", "2026-07-01T00:00:00+2:00", "2026-07-01T00:00:00+24:00", "2026-07-01T00:00:00ZZ"})
    EXPECT_EQ(parse_date_time(wrong), std::nullopt) << wrong;
}

TEST(Xtext, ThereAndBack) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(from_xtext(to_xtext(all)), all);
  EXPECT_EQ(to_xtext("a+b=c d"), "a+2Bb+3Dc+20d");
  for (const char* wrong : {"a b", "a=b", "+", "+2", "+2b", "+GG", "\x7f"})
    EXPECT_EQ(from_xtext(wrong), std::nullopt);
}

// ---------------------------------------------------------------- BDAT

TEST(Bdat, SizeAndLast) {
  const auto head = [](std::string_view argument) {
    const auto parsed = parse_bdat(argument);
    if (const auto* error = std::get_if<SyntaxError>(&parsed)) return std::to_string(error->code);
    const auto& chunk = std::get<ChunkHead>(parsed);
    return std::to_string(chunk.size) + (chunk.last ? " LAST" : "");
  };
  EXPECT_EQ(head("0"), "0");
  EXPECT_EQ(head("86 last"), "86 LAST");
  EXPECT_EQ(head("18446744073709551615 LAST"), "18446744073709551615 LAST");
  for (const char* wrong :
       {"", " ", "LAST", "-1", "+1", "0x10", "1 FIRST", "1 LAST 2", "18446744073709551616", "1k", "1,0"})
    EXPECT_EQ(head(wrong), "501") << wrong;
}

struct Read {
  std::string text;
  std::uint64_t size = 0;
  BodyFacts facts;
};

Read read_chunk(const Chunks& pieces, std::uint64_t limit = 1 << 20) {
  BodyReader reader(limit);
  for (const std::string& piece : pieces)
    for (std::string_view rest = piece; !rest.empty();)
      rest.remove_prefix(reader.feed_chunk(rest, reader.size() + 3));
  EXPECT_FALSE(reader.complete());
  reader.end();
  EXPECT_TRUE(reader.complete());
  return {reader.text(), reader.size(), reader.facts()};
}

TEST(ChunkedBody, IsTakenAsItComesInEverySplit) {
  const std::string body =
      "Subject: x\r\n\r\n.\r\n..two\r\n" + std::string(1000, 'l') + "\r\nbare\nlf\rcr\0nul\xff\r"s;
  const Read whole = read_chunk({body});
  EXPECT_EQ(whole.text, body);
  EXPECT_EQ(whole.size, body.size());
  EXPECT_EQ(whole.facts.bare_lf, 1u);
  EXPECT_EQ(whole.facts.bare_cr, 2u);
  EXPECT_EQ(whole.facts.nul, 1u);
  EXPECT_EQ(whole.facts.lines_over_998, 1u);
  EXPECT_TRUE(whole.facts.eight_bit);
  for (const Chunks& chunks : splits_of(body)) {
    const Read split = read_chunk(chunks);
    EXPECT_EQ(split.text, whole.text);
    EXPECT_EQ(split.size, whole.size);
    EXPECT_EQ(split.facts.bare_lf, 1u);
    EXPECT_EQ(split.facts.bare_cr, 2u);
    EXPECT_EQ(split.facts.lines_over_998, 1u);
  }
}

TEST(ChunkedBody, KeepsNoMoreThanItsLimit) {
  const Read read = read_chunk({std::string(100, 'x')}, 10);
  EXPECT_EQ(read.text.size(), 10u);
  EXPECT_EQ(read.size, 100u);
}

// ---------------------------------------------------------------- LIMITS, XCLIENT

TEST(LimitsOffer, NumbersOfTheNamesThatAreKnown) {
  const Limits limits = parse_limits("MAILMAX=1  rcptmax=20 OTHER=3 RCPTDOMAINMAX=x");
  EXPECT_EQ(limits.messages, 1u);
  EXPECT_EQ(limits.recipients, 20u);
  EXPECT_EQ(limits.recipient_domains, 0u);
  const Offered offered = parse_offer("250-h\r\n250-LIMITS RCPTMAX=2 \r\n250-limits RCPTMAX=3\r\n250 ETRN");
  EXPECT_EQ(offered.arguments_of("limits"), "RCPTMAX=2");
  EXPECT_EQ(offered.arguments_of("ETRN"), "");
  EXPECT_EQ(offered.arguments_of("NONE"), "");
}

std::string claims(std::string_view argument, std::string_view offered = "NAME ADDR PORT PROTO HELO LOGIN") {
  const auto parsed = parse_xclient(argument, offered);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return std::to_string(error->code) + " " + error->text;
  std::string out;
  for (const auto& each : std::get<std::vector<ClientAttribute>>(parsed))
    out += (out.empty() ? "" : " ") + each.name + "=" + each.value.value_or("none");
  return out;
}

TEST(Xclient, AttributesByTheirNames) {
  EXPECT_EQ(claims("name=spike.example ADDR=203.0.113.9 PORT=40000"),
            "NAME=spike.example ADDR=203.0.113.9 PORT=40000");
  EXPECT_EQ(claims("ADDR=IPV6:2001:db8::1"), "ADDR=2001:db8::1");
  EXPECT_EQ(claims("LOGIN=a+2Bb@example.com HELO=x"), "LOGIN=a+b@example.com HELO=x");
  EXPECT_EQ(claims("NAME=[UNAVAILABLE] ADDR=[tempunavail]"), "NAME=none ADDR=none");
  EXPECT_EQ(claims(""), "501 Syntax: XCLIENT attribute=value...");
  EXPECT_EQ(claims("NAME"), "501 Syntax: XCLIENT attribute=value...");
  EXPECT_EQ(claims("DESTADDR=1.2.3.4"), "501 Bad XCLIENT attribute name: DESTADDR");
  EXPECT_EQ(claims("PORT=1", "NAME"), "501 Bad XCLIENT attribute name: PORT");
  for (const char* wrong : {"ADDR=1.2.3", "ADDR=::1", "ADDR=IPV6:1.2.3.4", "ADDR=1.2.3.4+00x", "PORT=65536", "PORT=x",
                            "PROTO=LMTP", "NAME=a=b", "HELO=+2x"})
    EXPECT_THAT(claims(wrong), ::testing::MatchesRegex("501 Bad XCLIENT [A-Z]+ syntax")) << wrong;
}

}  // namespace
}  // namespace mailfault::smtp
