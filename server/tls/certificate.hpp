// Certificates, minted in memory when they are first needed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tls/settings.hpp"

namespace mailfault::tls {

/// A certificate with its key and the chain that is sent with it: OpenSSL's objects, kept behind this.
class Identity;

/// For whom a certificate is made out.
struct Names {
  std::string host = "mx.example.com";  ///< the scenario's
  std::string sni;                      ///< what the client asked for; empty: nothing
  std::vector<std::string> more;        ///< --host
};

/// How the word of RecipeSpec::check is come by, and what other verifiers say.
struct Proof {
  std::string name = "localhost";  ///< what is verified, and asked for by --host
  std::string openssl = "ok";      ///< of `openssl verify`, where it isn't as strict as RecipeSpec::check
  std::string gnutls = "ok";       ///< a part of what `certtool --verify` says
};
/// Throws Error for an unknown recipe.
const Proof& proof_of(std::string_view recipe);

/// The identity of a recipe, minted once a process for each recipe and set of names (at most 1,000 kept;
/// thread-safe). A client that asks by SNI for "localhost", an address or a name of any kind finds it in the SANs of
/// a good one, beside localhost, 127.0.0.1, ::1 and the host. Throws Error for an unknown recipe.
std::shared_ptr<const Identity> mint(std::string_view recipe, const Names& names);
/// How many identities mint() keeps now.
std::size_t minted();

/// Of files: PEM, the leaf first. Throws Error that says what is wrong with which file (unreadable, no PEM, wrong
/// password, the key of another certificate) and what to do.
std::shared_ptr<const Identity> read_identity(const std::string& certificate_file, const std::string& key_file,
                                              const std::string& password);

// As text.
std::string to_pem(const Identity& identity, bool with_chain, bool with_key);
std::string to_pkcs12(const Identity& identity, const std::string& password);
/// The CA that good certificates lead to, PEM. Fresh in each process unless use_ca() came first.
std::string ca_certificate();
/// The same with its key, and the intermediate CA with its own: what use_ca() reads.
std::string ca_with_key();
/// The revocation lists of the CA and the intermediate CA, PEM: what the recipe "revoked" is on.
std::string ca_revocation_list();

/// The CA is this file's, so that it can be trusted once for many processes. If there is no such file, it is made,
/// readable by its owner only. It holds, in PEM, a CA's certificate and key, and those of an intermediate CA below it
/// or none. Call it before anything else of this header. Throws Error for a file that can't be read, written or used,
/// and if another CA is in use already.
void use_ca(const std::string& file);

}  // namespace mailfault::tls
