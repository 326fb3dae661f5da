#include <malloc.h>

#include <exception>
#include <iostream>

#include "cli/options.hpp"
#include "wire/probe.hpp"

int main(int count, char** words) {
  // Messages come and go: memory once touched is kept, since a fresh page costs more than a short message.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_ARENA_MAX, 2);
  try {
    mailfault::wire::raise_descriptor_limit();
    return mailfault::cli::run_program(count, words);
  } catch (const std::exception& error) {
    std::cerr << "mailfault: " << error.what() << "\n";
    return 2;
  }
}
