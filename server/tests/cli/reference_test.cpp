// The files that are made from the program's own tables are as it would make them now.
#include "cli/reference.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace mailfault::reference {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(std::string(MAILFAULT_SOURCE) + "/" + path);
  EXPECT_TRUE(in) << path << " can't be read";
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Reference, TheAnnotationsAreThoseOfTheProgram) {
  EXPECT_EQ(text_of("scenarios/mailfault.lua"), annotations())
      << "run: build/mailfault list --annotations > scenarios/mailfault.lua";
}

TEST(Reference, TheTablesForAuthorsAreThoseOfTheProgram) {
  constexpr std::string_view begin = "<!-- reference -->\n", end = "<!-- /reference -->";
  auto readme = text_of("scenarios/README.md");
  auto from = readme.find(begin), to = readme.find(end);
  ASSERT_NE(from, std::string::npos) << "scenarios/README.md has no line " << begin;
  ASSERT_NE(to, std::string::npos) << "scenarios/README.md has no line " << end;
  ASSERT_LT(from, to);
  auto between = readme.substr(from + begin.size(), to - from - begin.size());
  while (between.starts_with('\n')) between.erase(0, 1);
  while (between.ends_with("\n\n")) between.pop_back();
  EXPECT_EQ(between, tables()) << "put the output of 'build/mailfault list --reference' between the two marks";
}

TEST(Reference, EveryWordIsInBoth) {
  auto all = annotations(), shown = tables();
  for (const auto* spec :
       {"reply", "vanish", "drip", "open_above", "where", "greeting", "handshake", "helo", "outcome"}) {
    EXPECT_NE(all.find(spec), std::string::npos) << spec;
    EXPECT_NE(shown.find(spec), std::string::npos) << spec;
  }
  EXPECT_TRUE(all.starts_with("---@meta\n"));
}

}  // namespace
}  // namespace mailfault::reference
