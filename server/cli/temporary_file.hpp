// A file that a command is given.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mailfault::cli {

/// Holds `text`, in /tmp; gone with this object. Throws Error, with what it is for, if it can't be written.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& what, std::string_view text) {
    char name[] = "/tmp/mailfault-XXXXXX";
    int file = mkostemp(name, O_CLOEXEC);
    bool whole = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    int error = errno;
    if (file >= 0) close(file);
    if (file >= 0) path_ = name;
    if (!whole) throw Error("no temporary file for " + what + ": " + std::strerror(error));
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace mailfault::cli
