// A temporary file that a reader of the runner's is given.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/error.hpp"

namespace mailfault::runner {

/// `read_file` reads it by its path. Errors begin with the path.
template <auto read_file>
class WrittenFile : public ::testing::Test {
 protected:
  explicit WrittenFile(const std::string& suffix) : path_("/tmp/mailfault-test-XXXXXX" + suffix) {
    auto file = mkstemps(path_.data(), static_cast<int>(suffix.size()));
    if (file < 0) std::abort();
    close(file);
  }
  ~WrittenFile() override { unlink(path_.c_str()); }
  auto read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_file(path_);
  }
  /// What is said of this text, behind the path.
  std::string error_of(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      std::string what = error.what();
      EXPECT_TRUE(what.starts_with(path_)) << what;
      return what.substr(std::min(what.size(), path_.size()));
    }
    return "no error";
  }
  std::string path_;
};

}  // namespace mailfault::runner
