// Files that are written whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace mailfault {

/// Throws Error if it can't be made.
void make_folder(const std::filesystem::path& path);

/// Written piece by piece, beside what has its name until it is whole. Throws Error naming the path.
class WholeFile {
 public:
  explicit WholeFile(std::filesystem::path path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  void write(std::string_view text);
  /// All of it is on the disk; it doesn't have its name yet.
  void finish();
  /// Takes the place of what has its name.
  void take_place();

 private:
  void check();

  std::filesystem::path path_, unfinished_;
  std::ofstream file_;
};

}  // namespace mailfault
