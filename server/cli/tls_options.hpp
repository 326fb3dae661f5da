// The options of TLS that serve and run have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "engine/instance.hpp"

namespace mailfault::cli {

/// --tls, --ca-file, --cert, --key, --key-password, --cert-host, --keylog.
class TlsOptions {
 public:
  void declare(OptionTable& options);
  /// Reads the files and opens the key log: call it before any port is opened. Throws Error for a certificate or key
  /// that can't be used, for one without the other, and for a key log that can't be written.
  void apply(InstanceOptions& to) const;
  /// What was given, to be given again in a command line: the password isn't among it.
  const std::vector<std::pair<std::string, std::string>>& given() const { return given_; }
  /// STARTTLS also where the scenario says nothing of TLS.
  bool offered() const { return offer_; }

 private:
  bool offer_ = false;
  std::string ca_file_, certificate_, key_, password_, key_log_;
  std::vector<std::string> hosts_;
  std::vector<std::pair<std::string, std::string>> given_;
};

}  // namespace mailfault::cli
