#include "report/whole_files.hpp"

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace mailfault {
namespace fs = std::filesystem;

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) throw Error(path.string() + ": the folder can't be made: " + error.message());
}

WholeFile::WholeFile(fs::path path) : path_(std::move(path)), unfinished_(path_.string() + ".new") {
  errno = 0;
  file_.open(unfinished_, std::ios::binary | std::ios::trunc);
  check();
}

WholeFile::~WholeFile() {
  std::error_code gone_already;
  fs::remove(unfinished_, gone_already);
}

void WholeFile::write(std::string_view text) {
  file_.write(text.data(), static_cast<std::streamsize>(text.size()));
  check();
}

void WholeFile::finish() {
  file_.close();
  check();
}

void WholeFile::take_place() {
  std::error_code error;
  fs::rename(unfinished_, path_, error);
  if (error) throw Error(path_.string() + ": can't be written: " + error.message());
}

void WholeFile::check() {
  if (!file_)
    throw Error(path_.string() + ": can't be written: " + (errno == 0 ? "it isn't known why" : std::strerror(errno)));
}

}  // namespace mailfault
