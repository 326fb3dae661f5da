// The recipes of certificates, as certs/recipes.json has them: plain data.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tls/certificate.hpp"

namespace mailfault::tls {

/// How one certificate is made. Texts may hold placeholders: see certs/README.md.
struct CertificateSpec {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  /// Of what is sent behind the leaf: "issuers", "root", "reversed", or a certificate of its own.
  struct Sent {
    std::string what;
    std::shared_ptr<const CertificateSpec> extra;
  };

  std::string key;                                ///< "RSA-2048", "ED25519", or the name of a curve
  int primes = 2;                                 ///< of RSA
  std::string digest;                             ///< of the issuer's signature
  int from = 0, until = 0;                        ///< days from now
  Pairs subject;                                  ///< attributes in order
  std::optional<std::vector<std::string>> names;  ///< unset: no subjectAltName
  Pairs extensions;                               ///< name or OID, and the value as OpenSSL's configuration has it
  std::string serial;                             ///< in hexadecimal; empty: random
  bool revoked = false;                           ///< on its issuer's list; has a fixed serial number then
  std::string issuer;                             ///< "self", "root" or "intermediate", unless `made_issuer`
  std::shared_ptr<const CertificateSpec> made_issuer;
  int levels = 1;  ///< of an authority: this many, one below the other
  std::vector<Sent> send{{"issuers", nullptr}};
};

struct Recipe {
  RecipeSpec spec;
  Proof proof;
  CertificateSpec leaf;
  bool fresh = false;  ///< made anew each time
  std::string asked;   ///< the recipe that takes its place when the client asks for a name; empty: this one
};

struct Book {
  CertificateSpec root, intermediate;
  std::vector<Recipe> recipes;
};

/// Throws Error for what isn't a book: JSON that doesn't parse, a word or value that isn't known, with its place.
Book read_book(std::string_view json);
/// The one in the program.
const Book& book();
/// Throws Error with the nearest name for one that isn't there.
const Recipe& recipe_named(std::string_view name);

}  // namespace mailfault::tls
