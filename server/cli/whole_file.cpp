#include "cli/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/error.hpp"

namespace mailfault::cli {
namespace {

namespace fs = std::filesystem;

struct Closing {
  void operator()(FILE* file) const { std::fclose(file); }
};

bool write_all(FILE* file, std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

Error not_written(const std::string& path, int error) {
  return Error(path + ": it could not be written whole: " + std::strerror(error) +
               "; make room there, or name another file");
}

}  // namespace

void write_whole(const std::string& path, std::string_view text) {
  std::error_code ignored;
  auto kind = fs::status(path, ignored).type();
  if (kind != fs::file_type::regular && kind != fs::file_type::not_found) {
    std::unique_ptr<FILE, Closing> file(std::fopen(path.c_str(), "we"));
    if (!file || !write_all(file.get(), text)) throw not_written(path, errno);
    return;
  }
  auto target = kind == fs::file_type::regular ? fs::canonical(path, ignored).string() : path;
  auto beside = target + ".part-XXXXXX";
  int descriptor = mkostemp(beside.data(), O_CLOEXEC);
  if (descriptor < 0) throw not_written(path, errno);
  std::unique_ptr<FILE, Closing> file(fdopen(descriptor, "w"));
  struct stat before {};
  auto mode = stat(target.c_str(), &before) == 0 ? before.st_mode & 0777u : 0644u;
  bool written = file && write_all(file.get(), text) && fchmod(descriptor, mode) == 0;
  if (written && std::rename(beside.c_str(), target.c_str()) == 0) return;
  int error = errno;
  unlink(beside.c_str());
  throw not_written(path, error);
}

void must_be_writable(const std::string& path) {
  if (path.empty()) return;
  auto folder = fs::path(path).parent_path().string();
  bool there = access(path.c_str(), F_OK) == 0;
  std::error_code ignored;
  auto what = there ? path : folder.empty() ? "." : folder;
  if (there && fs::is_directory(path, ignored)) throw Error(path + ": this is a folder; name a file");
  if (access(what.c_str(), there ? W_OK : W_OK | X_OK) != 0)
    throw Error(path + ": the report can't be written: " + std::strerror(errno) +
                "; name a file where you may write");
}

}  // namespace mailfault::cli
