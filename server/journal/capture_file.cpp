#include "journal/capture_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.hpp"

namespace mailfault {

constexpr std::chrono::milliseconds batching{50};

struct CaptureFile::Impl {
  Impl(Write its_write, std::size_t its_backlog) : write(std::move(its_write)), backlog(its_backlog) {
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    {
      std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_one();
    thread.join();
  }

  void add(std::string_view blocks) {
    if (blocks.empty()) return;
    bool first = false;
    {
      std::lock_guard lock(mutex);
      if (waiting.size() + in_writing + blocks.size() > backlog) {
        ++left_out;
        lost = true;
        return;
      }
      first = waiting.empty();
      waiting += blocks;
      ++taken;
    }
    if (first) wake.notify_one();
  }

  void flush() {
    std::unique_lock lock(mutex);
    auto until = taken;
    if (done >= until) return;
    urgent = true;
    wake.notify_one();
    written.wait(lock, [&] { return done >= until; });
  }

  Micros now() const {
    auto since = std::chrono::steady_clock::now() - steady_start;
    return std::chrono::duration_cast<Micros>(system_start.time_since_epoch() + since);
  }

  void run() {
    std::string batch = pcapng_head();
    write_out(batch);
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return !waiting.empty() || ending; });
      wake.wait_for(lock, batching, [&] { return urgent || ending; });
      if (waiting.empty()) break;
      urgent = false;
      batch.clear();
      batch.swap(waiting);
      in_writing = batch.size();
      auto upto = taken;
      lock.unlock();
      write_out(batch);
      lock.lock();
      in_writing = 0;
      done = upto;
      written.notify_all();
    }
    if (left_out > 0) write_out(pcapng_drops(now(), left_out));
  }

  // Said once; the server goes on.
  void write_out(std::string_view bytes) {
    if (failed) return;
    try {
      write(bytes);
    } catch (const Error& error) {
      failed = lost = true;
      std::fprintf(stderr, "mailfault: %s\n", error.what());
    }
  }

  Write write;
  const std::size_t backlog;
  const std::chrono::system_clock::time_point system_start = std::chrono::system_clock::now();
  const std::chrono::steady_clock::time_point steady_start = std::chrono::steady_clock::now();
  std::atomic<std::uint32_t> numbers{0};
  std::mutex mutex;
  std::condition_variable wake, written;
  std::string waiting;
  std::size_t in_writing = 0;
  std::uint64_t taken = 0, done = 0, left_out = 0;
  bool urgent = false, ending = false;
  std::atomic<bool> lost{false};
  bool failed = false;  // the thread's own
  std::thread thread;
};

CaptureFile::CaptureFile(Write write, std::size_t backlog)
    : impl_(std::make_unique<Impl>(std::move(write), backlog)) {}
CaptureFile::~CaptureFile() = default;
void CaptureFile::add_keys(const std::string& line) { add(pcapng_keys(line + "\n")); }
void CaptureFile::add(std::string_view blocks) { impl_->add(blocks); }
void CaptureFile::flush() { impl_->flush(); }
bool CaptureFile::lost() const { return impl_->lost; }
Micros CaptureFile::now() const { return impl_->now(); }
std::uint32_t CaptureFile::next_number() { return ++impl_->numbers; }

ConnectionCapture::ConnectionCapture(std::shared_ptr<CaptureFile> file, const TcpEnd& client, const TcpEnd& server)
    : file_(std::move(file)), packets_(client, server, file_->next_number()) {
  file_->add(packets_.opened(file_->now()));
}

ConnectionCapture::~ConnectionCapture() { release(); }

void ConnectionCapture::sent(std::string_view bytes) {
  release();
  file_->add(packets_.passed(file_->now(), false, bytes));
}

void ConnectionCapture::received(std::string_view bytes) {
  release();
  held_ = packets_.passed(file_->now(), true, bytes);
}

void ConnectionCapture::release() { file_->add(std::exchange(held_, {})); }

void ConnectionCapture::ended(bool by_client, bool reset) {
  release();
  file_->add(packets_.ended(file_->now(), by_client, reset));
}

std::shared_ptr<CaptureFile> open_capture(const std::string& path) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    throw Error("--pcap " + path + ": the capture can't be written: " + std::strerror(errno) +
                "; name a file in a folder where you may write");
  std::shared_ptr<void> closes(nullptr, [fd](void*) { close(fd); });
  return std::make_shared<CaptureFile>([closes, fd, path](std::string_view bytes) {
    while (!bytes.empty()) {
      auto count = write(fd, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0)
        throw Error("--pcap " + path + ": the capture can't be written any more: " + std::strerror(errno));
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  });
}

}  // namespace mailfault
