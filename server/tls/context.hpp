// What connections with the same settings and certificate share: OpenSSL's SSL_CTX. For the files of tls/.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tls/identity.hpp"
#include "tls/settings.hpp"

namespace mailfault::tls {

/// Who hears what OpenSSL tells of one connection: its SSL's app data.
class Listener {
 public:
  virtual ~Listener() = default;
  /// A line of the key log.
  virtual void on_key_line(const char* line) = 0;
  /// The client's certificate, with the verifier's first error or X509_V_OK.
  virtual void on_client_certificate(X509* certificate, int error) = 0;
};

struct Context {
  struct Free {
    void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
  };
  std::unique_ptr<SSL_CTX, Free> ctx;
  Settings settings;  ///< without what is no matter of an SSL_CTX: certificate, record_size
  std::shared_ptr<const Identity> identity;
  std::string alpn;  ///< as on the wire
};

/// Made once for each pair (at most 256 are kept; thread-safe). Throws Error for settings that OpenSSL can't take.
std::shared_ptr<const Context> context_for(const Settings& settings, std::shared_ptr<const Identity> identity);

/// OpenSSL's oldest pending reason in words, and an empty queue; "an unknown reason".
std::string take_reason();

}  // namespace mailfault::tls
