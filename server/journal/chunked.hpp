// An array that grows without moving what it holds, in an arena's memory: nothing is allocated for an empty one.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/arena.hpp"

namespace mailfault {

/// References stay valid while the arena lives, iterators while this does; `push_back` invalidates neither.
template <class T, std::size_t chunk_size>
class Chunked {
  static_assert(std::is_trivially_destructible_v<T>, "an arena destroys nothing");

 public:
  class Iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    Iterator() = default;
    Iterator(const Chunked& owner, std::size_t index) : owner_(&owner), index_(index) {}

    reference operator*() const { return (*owner_)[index_]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type n) const { return *(*this + n); }
    Iterator& operator++() { return *this += 1; }
    Iterator& operator--() { return *this -= 1; }
    Iterator operator++(int) { return std::exchange(*this, *this + 1); }
    Iterator operator--(int) { return std::exchange(*this, *this - 1); }
    Iterator& operator+=(difference_type n) {
      index_ += static_cast<std::size_t>(n);
      return *this;
    }
    Iterator& operator-=(difference_type n) { return *this += -n; }
    friend Iterator operator+(Iterator a, difference_type n) { return a += n; }
    friend Iterator operator+(difference_type n, Iterator a) { return a += n; }
    friend Iterator operator-(Iterator a, difference_type n) { return a -= n; }
    friend difference_type operator-(const Iterator& a, const Iterator& b) {
      return static_cast<difference_type>(a.index_ - b.index_);
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }
    friend auto operator<=>(const Iterator& a, const Iterator& b) { return a.index_ <=> b.index_; }

   private:
    const Chunked* owner_ = nullptr;
    std::size_t index_ = 0;
  };

  /// The arena is always the same one.
  const T& push_back(const T& value, Arena& arena) {
    if (size_ == chunks_.size() * chunk_size)
      chunks_.push_back(static_cast<T*>(arena.allocate(chunk_size * sizeof(T), alignof(T))));
    return *std::construct_at(chunks_.back() + size_++ % chunk_size, value);
  }

  std::size_t size() const { return size_; }
  const T& operator[](std::size_t index) const { return chunks_[index / chunk_size][index % chunk_size]; }
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size_}; }

 private:
  std::vector<T*> chunks_;
  std::size_t size_ = 0;
};

}  // namespace mailfault
