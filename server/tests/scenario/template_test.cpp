#include "scenario/template.hpp"

#include "scenario/field.hpp"
#include "values.hpp"

namespace mailfault::testing {
namespace {

std::vector<std::string> parts(std::string_view written) {
  std::vector<std::string> out;
  auto parsed = Template::parse(written);
  for (const auto& part : parsed.parts()) {
    if (!part.text.empty()) out.push_back(part.text);
    if (part.field) out.push_back("<" + part.field->written() + ">");
  }
  return out;
}

TEST(Template, FindsFields) {
  EXPECT_THAT(parts("from {peer} to {rcpt.domain}!"), ElementsAre("from ", "<peer>", " to ", "<rcpt.domain>", "!"));
  EXPECT_THAT(parts("{peer/24}{header.Message-ID}"), ElementsAre("<peer/24>", "<header.Message-ID>"));
  EXPECT_THAT(parts("{param.size}"), ElementsAre("<param.SIZE>"));
}

TEST(Template, OtherBracesStay) {
  for (const char* written : {"{\"a\":1}", "{}", "{ peer }", "{", "}", "{peer", "{1}", "{a-b}", "{peer:x}", ""}) {
    auto parsed = Template::parse(written);
    ASSERT_NE(parsed.constant(), nullptr) << written;
    EXPECT_EQ(*parsed.constant(), written);
  }
  EXPECT_THAT(parts("{{peer}}"), ElementsAre("{", "<peer>", "}"));
}

TEST(Template, AnUnknownNameIsAnError) {
  EXPECT_THAT(error_of([] { Template::parse("hello {peeer}"); }),
              StartsWith("no field 'peeer' (did you mean 'peer'?)"));
  EXPECT_THAT(error_of([] { Template::parse("{host.domain}"); }), HasSubstr("addresses have .domain"));
  EXPECT_THAT(error_of([] { Template::parse("{helo/24}"); }), HasSubstr("a network is written peer/24"));
}

TEST(Template, IsWrittenAsItWas) {
  for (const char* written : {"a {peer} b {from.localpart}", "{\"a\":1}", "{peer/24}"})
    EXPECT_EQ(Template::parse(written).written(), written);
  EXPECT_EQ(Template::literal("{peer}").written(), "{peer}");
}

TEST(Field, ParsesEveryNameOfTheTable) {
  for (const auto& row : fields()) {
    auto ref = parse_field(row.name);
    EXPECT_EQ(ref.field, row.field);
    EXPECT_EQ(ref.written(), row.name);
  }
}

TEST(Field, Parts) {
  EXPECT_EQ(parse_field("from.domain").part, FieldRef::Part::domain);
  EXPECT_EQ(parse_field("user.localpart").part, FieldRef::Part::local_part);
  EXPECT_EQ(parse_field("peer/128").bits, 128);
  EXPECT_EQ(parse_field("header.Subject").name, "Subject");
  EXPECT_EQ(parse_field("param.size").name, "SIZE");
  for (const char* wrong : {"", "Peer", "peer/", "peer/129", "peer/2x", "peer/-1", "peer.domain", "rcpt.domian",
                            "header.", "param", "from.domain.x", ".domain", "rcpt/24"})
    EXPECT_THAT(error_of([&] { parse_field(wrong); }), StartsWith("no field '" + std::string(wrong) + "'"));
}

TEST(Field, NetworksOfAddresses) {
  EXPECT_EQ(network_of("192.0.2.77", 24), "192.0.2.0/24");
  EXPECT_EQ(network_of("192.0.2.77", 30), "192.0.2.76/30");
  EXPECT_EQ(network_of("192.0.2.77", 0), "0.0.0.0/0");
  EXPECT_EQ(network_of("192.0.2.77", 64), "192.0.2.77/32");
  EXPECT_EQ(network_of("2001:db8:1:2:3::9", 64), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("not an address", 24), "not an address");
}

TEST(Field, AsText) {
  EXPECT_EQ(as_text({}), "");
  EXPECT_EQ(as_text(true), "true");
  EXPECT_EQ(as_text(2.0), "2");
  EXPECT_EQ(as_text(std::string("x")), "x");
  EXPECT_EQ(as_text(std::vector<std::string>{"a", "b"}), "a, b");
}

}  // namespace
}  // namespace mailfault::testing
