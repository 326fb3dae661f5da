// import: a log of a mail that failed, or a capture, becomes a scenario that makes it fail again.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/imported.hpp"
#include "cli/options.hpp"
#include "import/capture.hpp"
#include "import/parse.hpp"

namespace mailfault::cli {
namespace {

constexpr std::uintmax_t largest_log = 1 << 30;

std::ifstream opened(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  if (!in || std::filesystem::is_directory(path, error)) throw Error(path + ": can't be read");
  return in;
}

std::string read_whole(const std::string& path) {
  auto in = opened(path);
  std::error_code error;
  auto size = std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
  if (size > largest_log) throw Error(path + ": over 1 GiB; cut out the time in which the mail failed");
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) throw Error(path + ": can't be read to its end");
  return text;
}

bool holds_capture(const std::string& path) {
  char beginning[4] = {};
  opened(path).read(beginning, sizeof beginning);
  return recorded::is_capture({beginning, sizeof beginning});
}

class Import final : public Subcommand {
 public:
  std::string_view name() const override { return "import"; }
  std::string_view summary() const override {
    return "Make a scenario of a client's or a server's log, or of a capture";
  }
  std::string_view examples() const override {
    return "  mailfault import customer.log -o busy.lua    then: mailfault serve ./busy.lua\n"
           "  mailfault import swaks.txt --verbatim        every reply as it was\n"
           "  mailfault import mail.log --as postfix --keep addresses\n"
           "  mailfault import customer.pcap --keys sslkeys.log    TLS opened by an SSLKEYLOGFILE\n";
  }
  void declare(OptionTable& options) override {
    std::string all;
    for (const auto& kind : recorded::kinds()) all += (all.empty() ? "" : ", ") + std::string(kind.name);
    options.texts("FILE", "", ValueKind::file, files_,
                  "logs or captures (pcap, pcapng), read one after the other as one", true);
    options.text("-o,--output", "NAME.lua", ValueKind::file, output_, "write it there, not to standard output");
    options.text("--as", "KIND", ValueKind::text, as_, "the log's kind, if it isn't recognized: " + all);
    options.text(
        "--keys", "FILE", ValueKind::file, keys_file_,
        "of a capture: the secrets of TLS, as SSLKEYLOGFILE has them; those inside a pcapng are used anyway");
    options.flag("--verbatim", verbatim_, "give every reply as it was");
    options.text("--keep", "WHAT", ValueKind::text, keep_,
                 "don't replace these, a list of: addresses, hosts, ids, text");
  }
  int run() override;

 private:
  recorded::Conversation read(const std::string& path);

  std::vector<std::string> files_;
  std::string output_, as_, keys_file_, keep_;
  bool verbatim_ = false;
};

recorded::Conversation Import::read(const std::string& path) {
  if (!holds_capture(path)) return recorded::parse_log(read_whole(path), path, as_);
  if (!as_.empty()) throw Error("--as " + as_ + ": " + path + " is a capture, no log");
  auto capture = recorded::read_capture(path);
  auto keys = std::move(capture.keys);
  if (!keys_file_.empty()) {
    keys.add(read_whole(keys_file_));
    if (keys.empty())
      throw Error("--keys " + keys_file_ + ": no secrets are in it; lines such as CLIENT_RANDOM … … are wanted");
  }
  auto out = recorded::conversation_of(capture, keys, path);
  for (const auto& note : capture.notes) std::cerr << note << "\n";
  return out;
}

int Import::run() {
  auto keep = recorded::parse_keep(keep_);
  recorded::Conversation all;
  for (const auto& path : files_) {
    auto more = read(path);
    if (all.connections.empty()) {
      all = std::move(more);
      continue;
    }
    if (more.source != all.source) throw Error(path + ": give logs, or captures, not both at once");
    auto log = all.connections.back().log + 1;
    for (auto& each : more.connections) {
      each.log = log;
      all.connections.push_back(std::move(each));
    }
  }
  auto made = imported(all, keep, verbatim_, output_.empty() ? "import.lua" : output_);
  if (output_.empty())
    std::cout << made.text;
  else
    write_new(output_, made.text);
  std::cerr << told(all, made, output_);
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_import() { return std::make_unique<Import>(); }

}  // namespace mailfault::cli
