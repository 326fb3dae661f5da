#include "cli/whole_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace mailfault::cli {
namespace {

namespace fs = std::filesystem;

class WholeFile : public ::testing::Test {
 protected:
  WholeFile() { folder_ = mkdtemp(std::string("/tmp/mailfault-test-XXXXXX").data()); }
  ~WholeFile() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static std::string text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder_), fs::directory_iterator()); }
  std::string folder_;
};

TEST_F(WholeFile, TakesThePlaceOfWhatWasThere) {
  write_whole(path("a"), "first\n");
  write_whole(path("a"), "second\n");
  EXPECT_EQ(text(path("a")), "second\n");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, KeepsTheModeAndTheLink) {
  write_whole(path("a"), "first\n");
  chmod(path("a").c_str(), 0600);
  fs::create_symlink("a", path("link"));
  write_whole(path("link"), "second\n");
  struct stat status {};
  ASSERT_EQ(stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(text(path("a")), "second\n");
}

TEST_F(WholeFile, AFullDiskIsSaid) {
  try {
    write_whole("/dev/full", "text");
    FAIL() << "it was written";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("/dev/full: it could not be written whole: No space left"));
  }
}

TEST_F(WholeFile, WhatCannotBeWrittenIsSaidBefore) {
  EXPECT_NO_THROW(must_be_writable(""));
  EXPECT_NO_THROW(must_be_writable(path("new")));
  EXPECT_EQ(files(), 0);
  EXPECT_THROW(must_be_writable(path("none/new")), Error);
  EXPECT_THROW(must_be_writable(folder_), Error);
  EXPECT_THROW(write_whole(path("none/new"), "x"), Error);
}

}  // namespace
}  // namespace mailfault::cli
