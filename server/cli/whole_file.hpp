// A file that is written whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace mailfault::cli {

/// Into a file beside it first, which then takes its place: a full disk leaves what was there. What is no plain file
/// (a pipe, a terminal) is written as it is. Throws Error.
void write_whole(const std::string& path, std::string_view text);
/// Before long work: throws Error if `path` can't be written later. Empty: nothing to check.
void must_be_writable(const std::string& path);

}  // namespace mailfault::cli
