// A capture that is written while it happens, by a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "journal/pcapng.hpp"

namespace mailfault {

class CaptureFile;

/// What a wire tells of one connection; a call on one thread at a time. It may outlive nothing: it keeps the file.
class ConnectionCapture {
 public:
  ConnectionCapture(std::shared_ptr<CaptureFile> file, const TcpEnd& client, const TcpEnd& server);
  ~ConnectionCapture();
  ConnectionCapture(const ConnectionCapture&) = delete;
  ConnectionCapture& operator=(const ConnectionCapture&) = delete;

  void sent(std::string_view bytes);
  /// Written at the next call, or at release(): the keys that these bytes lead to stand before them then, as readers
  /// in one pass need it.
  void received(std::string_view bytes);
  void release();
  void ended(bool by_client, bool reset);

 private:
  std::shared_ptr<CaptureFile> file_;
  PcapngConnection packets_;
  std::string held_;
};

/// Takes from any thread, returns at once. Bounded: what the file can't take in time beyond `backlog` bytes is left
/// out, as lost packets, and lost() says so.
class CaptureFile {
 public:
  /// Gets whole blocks, on the writer's thread; throws Error if it can't take them.
  using Write = std::function<void(std::string_view)>;
  explicit CaptureFile(Write write, std::size_t backlog = std::size_t{64} << 20);
  /// Writes what is left.
  ~CaptureFile();
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  /// A line of the NSS key log, without its end.
  void add_keys(const std::string& line);
  /// Blocks of one event; left out together.
  void add(std::string_view blocks);
  /// Waits until all that was added is written.
  void flush();
  /// Not everything could be written.
  bool lost() const;

  Micros now() const;  ///< since 1970; never goes back
  std::uint32_t next_number();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Begins a new file there, readable by its owner alone: it has keys. "-" isn't one. Throws Error that says why it
/// can't be written.
std::shared_ptr<CaptureFile> open_capture(const std::string& path);

}  // namespace mailfault
