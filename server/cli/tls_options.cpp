#include "cli/tls_options.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "base/error.hpp"
#include "tls/names.hpp"

namespace mailfault::cli {
namespace {

// NSS's format: a line for each secret, of any number of sessions, threads and programs.
class KeyLog {
 public:
  KeyLog(const std::string& option, std::string path)
      : path_(std::move(path)), file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0)
      throw Error(option + " " + path_ + ": the key log can't be written: " + std::strerror(errno) +
                  "; name a file where you may write");
  }
  ~KeyLog() { close(file_); }
  KeyLog(const KeyLog&) = delete;
  KeyLog& operator=(const KeyLog&) = delete;

  // At once, so that lines of others can't come between.
  void add(const std::string& line) {
    auto text = line + "\n";
    if (write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) || failed_.exchange(true)) return;
    std::cerr << "mailfault: --keylog: " << path_ << " can't be written whole: " << std::strerror(errno) << "\n";
  }

 private:
  std::string path_;
  int file_;
  std::atomic<bool> failed_{false};
};

}  // namespace

void TlsOptions::declare(OptionTable& options) {
  options.flag("--tls", offer_, "offer STARTTLS also where the scenario says nothing of TLS");
  // Remembered for given().
  auto setter = [this](std::string name, auto use) {
    return [this, name = std::move(name), use](const std::string& text) {
      use(text);
      given_.emplace_back(name, text);
    };
  };
  auto into = [](std::string& to) { return [&to](const std::string& text) { to = text; }; };
  options.custom("--ca-file", "FILE", false, setter("--ca-file", into(ca_file_)),
                 "the CA of the certificates, so that it can be trusted for many runs; made if it isn't there");
  options.custom("--cert", "FILE", false, setter("--cert", into(certificate_)),
                 "serve this certificate (PEM, those of its issuers behind it) where the scenario names none");
  options.custom("--key", "FILE", false, setter("--key", into(key_)),
                 "its private key (PEM); without it, it is in the certificate's file");
  options.text("--key-password", "TEXT", ValueKind::text, password_,
               "of an encrypted key; nobody sees it in MAILFAULT_OPT_KEY_PASSWORD");
  options.custom("--cert-host", "NAME", true,
                 setter("--cert-host",
                        [this](const std::string& text) {
                          tls::Names names;
                          names.more.push_back(text);
                          try {
                            tls::canonical(names);
                          } catch (const Error& error) {
                            throw Error("--cert-host: " + std::string(error.what()));
                          }
                          hosts_.push_back(text);
                        }),
                 "a name or address that good certificates are made out for, too (again for more)");
  options.text("--keylog", "FILE", ValueKind::file, key_log_,
               "append the secrets of all TLS sessions, for Wireshark; SSLKEYLOGFILE does the same");
}

void TlsOptions::apply(InstanceOptions& to) const {
  if (!ca_file_.empty()) tls::use_ca(ca_file_);
  to.offer_tls = offer_;
  to.hosts.insert(to.hosts.end(), hosts_.begin(), hosts_.end());
  if (certificate_.empty() && !key_.empty()) throw Error("--key " + key_ + ": name its certificate with --cert, too");
  if (!certificate_.empty()) {
    try {
      to.identity = tls::read_identity(certificate_, key_.empty() ? certificate_ : key_, password_);
    } catch (const Error& error) {
      throw Error("--cert, --key, --key-password: " + std::string(error.what()));
    }
  }
  const char* usual = std::getenv("SSLKEYLOGFILE");
  std::shared_ptr<KeyLog> log;
  if (!key_log_.empty())
    log = std::make_shared<KeyLog>("--keylog", key_log_);
  else if (usual && *usual)
    log = std::make_shared<KeyLog>("SSLKEYLOGFILE", usual);
  if (log) to.on_tls_key = [log](const std::string& line) { log->add(line); };
}

}  // namespace mailfault::cli
