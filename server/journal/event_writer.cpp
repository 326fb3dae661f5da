#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "journal/json_lines.hpp"

namespace mailfault {

constexpr std::chrono::milliseconds batching{50};

struct EventWriter::Impl {
  struct Source final : JournalListener {
    Source(Impl& its_writer, std::string its_name) : writer(its_writer), name(std::move(its_name)) {}
    void on_event(const Event& event) override { writer.take(*this, event); }
    Impl& writer;
    const std::string name;
  };
  /// What lies in the buffer before each text.
  struct Head {
    Event event;
    const Source* source;
  };

  Render render;
  Write write;
  const std::size_t backlog;

  std::mutex mutex;
  std::condition_variable wake, written;
  std::deque<Source> sources;
  std::string waiting;         // heads and texts that the thread has not taken
  std::size_t in_writing = 0;  // bytes of the batch that it has taken
  std::uint64_t events_taken = 0, events_done = 0, events_dropped = 0;
  Micros last_drop{};
  bool urgent = false, ending = false;
  std::atomic<bool> lost{false};  // something could not be written
  bool failed = false;            // the thread's own
  std::thread thread;

  Impl(Render its_render, Write its_write, std::size_t its_backlog)
      : render(std::move(its_render)), write(std::move(its_write)), backlog(its_backlog) {
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

  void take(const Source& source, const Event& event) {
    Head head{event, &source};
    bool first = false, at_once = event.kind == EventKind::error;
    {
      std::lock_guard lock(mutex);
      if (waiting.size() + in_writing + sizeof head + event.size > backlog) {
        ++events_dropped;
        lost = true;
        last_drop = event.at;
        return;
      }
      first = waiting.empty();
      waiting.append(reinterpret_cast<const char*>(&head), sizeof head);
      waiting.append(event.text());
      ++events_taken;
      urgent = urgent || at_once;
    }
    if (first || at_once) wake.notify_one();
  }

  void flush() {
    std::unique_lock lock(mutex);
    auto until = events_taken;
    if (events_done >= until) return;
    urgent = true;
    wake.notify_one();
    written.wait(lock, [&] { return events_done >= until; });
  }

  void run() {
    std::string batch;
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return !waiting.empty() || ending; });
      wake.wait_for(lock, batching, [&] { return urgent || ending; });
      if (waiting.empty()) break;
      urgent = false;
      batch.swap(waiting);
      in_writing = batch.size();
      auto upto = events_taken;
      lock.unlock();
      write_batch(batch);
      batch.clear();
      if (batch.capacity() > 16 << 20) batch.shrink_to_fit();  // a rare backlog's memory isn't kept for ever
      lock.lock();
      in_writing = 0;
      events_done = upto;
      written.notify_all();
    }
    if (events_dropped > 0) write_drops();
  }

  void write_batch(std::string_view batch) {
    constexpr std::size_t piece = 256 << 10;
    std::string out;
    while (!batch.empty()) {
      Head head;
      std::memcpy(&head, batch.data(), sizeof head);
      head.event.data = batch.data() + sizeof head;
      batch.remove_prefix(sizeof head + head.event.size);
      auto line = render(head.event, head.source->name);
      if (line.empty()) continue;
      out += line;
      out += '\n';
      if (out.size() < piece) continue;
      write_out(out);
      out.clear();
    }
    if (!out.empty()) write_out(out);
  }

  // Said once; the server goes on, and who owns the writer asks lost().
  void write_out(std::string_view bytes) {
    if (failed) return;
    try {
      write(bytes);
    } catch (const Error& error) {
      failed = lost = true;
      std::fprintf(stderr, "mailfault: %s\n", error.what());
    }
  }

  void write_drops() {
    auto text = counted(events_dropped, "event was", "events were") + " not written: the output was too slow";
    Event event{.at = last_drop, .kind = EventKind::limit, .number = events_dropped};
    event.data = text.data();
    event.size = static_cast<std::uint32_t>(text.size());
    if (auto line = render(event, ""); !line.empty()) write_out(line + '\n');
  }
};

EventWriter::EventWriter(Render render, Write write, std::size_t backlog)
    : impl_(std::make_unique<Impl>(std::move(render), std::move(write), backlog)) {}

EventWriter::~EventWriter() = default;

JournalListener& EventWriter::source(std::string instance) {
  std::lock_guard lock(impl_->mutex);
  return impl_->sources.emplace_back(*impl_, std::move(instance));
}

void EventWriter::flush() { impl_->flush(); }

bool EventWriter::lost() const { return impl_->lost; }

namespace {

std::string_view remedy(int reason) {
  switch (reason) {
    case ENOENT:
      return "make its directory first, or name another file";
    case EISDIR:
      return "name a file in it";
    case EACCES:
    case EPERM:
    case EROFS:
      return "name a file where you may write, or \"-\" for standard output";
    default:
      return "name another file, or \"-\" for standard output";
  }
}

class Output {
 public:
  explicit Output(const std::string& path) : path_(path) {
    if (path == "-") return;
    fd_ = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd_ < 0) {
      int reason = errno;
      throw Error("can't write the journal to '" + path + "': " + std::strerror(reason) + "; " +
                  std::string(remedy(reason)));
    }
  }
  ~Output() {
    if (fd_ != STDOUT_FILENO) close(fd_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto count = ::write(fd_, bytes.data(), bytes.size());
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        pollfd ready{fd_, POLLOUT, 0};
        poll(&ready, 1, -1);
      } else if (errno != EINTR) {
        throw Error("can't write the journal to '" + path_ + "' any more: " + std::strerror(errno));
      }
    }
  }

 private:
  std::string path_;
  int fd_ = STDOUT_FILENO;
};

}  // namespace

std::unique_ptr<EventWriter> open_json_lines(const std::string& path) {
  auto output = std::make_shared<Output>(path);
  return std::make_unique<EventWriter>(static_cast<std::string (*)(const Event&, std::string_view)>(to_json),
                                       [output](std::string_view bytes) { output->write(bytes); });
}

}  // namespace mailfault
