// certs: the certificates that scenarios use, and the CA that makes the good ones good.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "tls/certificate.hpp"

namespace mailfault::cli {
namespace {

/// How a tool is made to trust ca.pem: lines for a shell.
struct Trust {
  std::string_view tool, lines;
};

constexpr Trust ways_to_trust[] = {
    {"curl",
     "# beside the usual roots: export CURL_CA_BUNDLE with both in one file\n"
     "export CURL_CA_BUNDLE=\"$PWD/ca.pem\"\n"
     "# or for one call: curl --cacert ca.pem …\n"},
    {"openssl",
     "# in place of the usual roots, for each program that asks OpenSSL for them\n"
     "export SSL_CERT_FILE=\"$PWD/ca.pem\"\n"
     "# or for one call: openssl s_client -CAfile ca.pem -verify_return_error …\n"},
    {"python",
     "# in place of the usual roots: ssl.create_default_context(), smtplib; the second for requests\n"
     "export SSL_CERT_FILE=\"$PWD/ca.pem\"\n"
     "export REQUESTS_CA_BUNDLE=\"$PWD/ca.pem\"\n"},
    {"node",
     "# beside the usual roots; read when Node starts\n"
     "export NODE_EXTRA_CA_CERTS=\"$PWD/ca.pem\"\n"},
    {"java",
     "# in place of the usual roots\n"
     "keytool -importcert -noprompt -alias mailfault -file ca.pem -keystore mailfault.p12 -storetype PKCS12"
     " -storepass mailfault\n"
     "export JAVA_TOOL_OPTIONS=\"-Djavax.net.ssl.trustStore=$PWD/mailfault.p12"
     " -Djavax.net.ssl.trustStorePassword=mailfault\"\n"},
    {"go",
     "# in place of the usual roots\n"
     "export SSL_CERT_FILE=\"$PWD/ca.pem\"\n"},
    {"php",
     "# in place of the usual roots: streams (PHPMailer, Symfony Mailer) and curl\n"
     "php -d openssl.cafile=\"$PWD/ca.pem\" -d curl.cainfo=\"$PWD/ca.pem\" …\n"},
    {"dotnet",
     "# on Linux, in place of the usual roots\n"
     "export SSL_CERT_FILE=\"$PWD/ca.pem\"\n"},
    {"debian",
     "# for the whole machine, beside the usual roots\n"
     "sudo cp ca.pem /usr/local/share/ca-certificates/mailfault.crt\n"
     "sudo update-ca-certificates\n"
     "# and back:\n"
     "# sudo rm /usr/local/share/ca-certificates/mailfault.crt && sudo update-ca-certificates --fresh\n"},
};

constexpr std::string_view before_trust =
    "# a CA that stays the same: made once, used by each command that has this variable\n"
    "export MAILFAULT_OPT_CA_FILE=\"$HOME/.mailfault-ca.pem\"\n"
    "mailfault certs ca -o ca.pem\n";

class Certs final : public Subcommand {
 public:
  std::string_view name() const override { return "certs"; }
  std::string_view summary() const override {
    return "List the certificates, write one or the CA, say how to trust the CA";
  }
  std::string_view examples() const override {
    return "  mailfault certs                                      the list: what is wrong with each\n"
           "  mailfault certs expired --chain --key -o expired.pem\n"
           "  mailfault certs good --host mx.example.org --format p12 -o good.p12\n"
           "  mailfault certs ca -o ca.pem                         the CA that good ones lead to\n"
           "  mailfault certs crl                                  its revocation lists\n"
           "  mailfault certs trust java                           how Java is made to trust it\n";
  }
  void declare(OptionTable& options) override {
    options.texts("WHAT", "", ValueKind::text, words_,
                  "a certificate's name, 'ca', 'crl', or 'trust' and a tool; nothing: the list");
    options.text("-o,--output", "FILE", ValueKind::file, output_, "write it there, not to standard output");
    options.text("--format", "NAME", ValueKind::text, format_,
                 "pem (the default) or p12 (PKCS#12: key and chain, too)");
    options.flag("--key", key_, "with the private key");
    options.flag("--chain", chain_, "with the certificates that are sent behind it");
    options.texts("--host", "NAME", ValueKind::text, hosts_, "a name or address that it is made out for, too");
    options.text("--password", "TEXT", ValueKind::text, password_, "of a PKCS#12 file (default: mailfault)");
    options.text("--ca-file", "FILE", ValueKind::file, ca_file_,
                 "the CA's file, with its key; made if it isn't there (default: a new CA each time)");
    options.flag("--json", json_, "the list, or the ways to trust, as JSON");
  }
  int run() override;

 private:
  int list() const;
  int trust() const;
  std::string made(const std::string& what) const;
  void put(const std::string& text) const;
  bool holds_key() const { return key_ || format_ == "p12"; }

  std::vector<std::string> words_, hosts_;
  std::string output_, format_ = "pem", password_ = "mailfault", ca_file_;
  bool key_ = false, chain_ = false, json_ = false;
};

int Certs::list() const {
  if (json_) {
    boost::json::array rows;
    for (const auto& recipe : tls::recipes()) {
      const auto& proof = tls::proof_of(recipe.name);
      rows.push_back(boost::json::object{{"name", recipe.name},
                                         {"what", recipe.what},
                                         {"bad", recipe.bad},
                                         {"check", recipe.check},
                                         {"verify", proof.name},
                                         {"openssl", proof.openssl},
                                         {"gnutls", proof.gnutls}});
    }
    std::cout << boost::json::serialize(rows) << "\n";
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  auto width = std::max<std::size_t>(40, std::min<std::size_t>(terminal_width(), 160) - 76);
  for (const auto& recipe : tls::recipes()) {
    auto lines = wrapped(recipe.what, width);
    for (std::size_t i = 0; i < lines.size(); ++i)
      rows.push_back({i ? "" : recipe.name, i ? "" : recipe.check, lines[i]});
  }
  std::cout << table({"certificate", "a verifier says", "what is wrong with it"}, rows, has_color())
            << "\n'mailfault certs NAME' writes one, 'mailfault certs trust' says how to trust the CA.\n";
  return 0;
}

int Certs::trust() const {
  std::vector<std::string_view> known;
  for (const auto& each : ways_to_trust) known.push_back(each.tool);
  for (std::size_t i = 1; i < words_.size(); ++i)
    if (std::find(known.begin(), known.end(), words_[i]) == known.end())
      throw Error("certs trust " + words_[i] + ": there are " +
                  join(std::vector<std::string>(known.begin(), known.end()), ", ") + did_you_mean(words_[i], known));
  auto wanted = [&](const Trust& way) {
    return words_.size() == 1 || std::find(words_.begin() + 1, words_.end(), way.tool) != words_.end();
  };
  boost::json::object object{{"first", before_trust}};
  std::string text = "# first\n" + std::string(before_trust);
  for (const auto& way : ways_to_trust) {
    if (!wanted(way)) continue;
    object[way.tool] = way.lines;
    text += "\n# " + std::string(way.tool) + "\n" + std::string(way.lines);
  }
  std::cout << (json_ ? boost::json::serialize(object) + "\n" : text);
  return 0;
}

std::string Certs::made(const std::string& what) const {
  if (what == "crl") return tls::ca_revocation_list();
  if (what == "ca") {
    if (ca_file_.empty() && !key_)
      std::cerr << "mailfault: no other process uses this CA: name a file for it with --ca-file (or "
                   "MAILFAULT_OPT_CA_FILE), here and where you serve\n";
    return key_ ? tls::ca_with_key() : tls::ca_certificate();
  }
  tls::Names names;
  names.more = hosts_;
  auto identity = tls::mint(what, names);
  return format_ == "p12" ? tls::to_pkcs12(*identity, password_) : tls::to_pem(*identity, chain_, key_);
}

void Certs::put(const std::string& text) const {
  int file = STDOUT_FILENO;
  auto failed = [&] { return Error("-o " + output_ + ": " + std::strerror(errno)); };
  if (!output_.empty() && output_ != "-") {
    file = open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, holds_key() ? 0600 : 0644);
    if (file < 0) throw failed();
    struct stat facts;
    if (holds_key() && fstat(file, &facts) == 0 && S_ISREG(facts.st_mode)) fchmod(file, 0600);
  }
  for (std::string_view left = text; !left.empty();) {
    auto size = write(file, left.data(), left.size());
    if (size < 0 && errno != EINTR) throw failed();
    if (size > 0) left.remove_prefix(static_cast<std::size_t>(size));
  }
  if (file != STDOUT_FILENO && close(file) != 0) throw failed();
}

int Certs::run() {
  if (format_ != "pem" && format_ != "p12") throw Error("--format " + format_ + ": there are pem and p12");
  bool writes = !words_.empty() && words_[0] != "trust";
  if (!writes && (!output_.empty() || key_ || chain_ || format_ == "p12"))
    throw Error("certs: say which certificate is to be written: 'mailfault certs good -o good.pem'");
  if (words_.empty()) return list();
  if (words_[0] == "trust") return trust();
  if (words_.size() > 1) throw Error("certs " + words_[1] + ": one at a time; that is one more");
  bool of_ca = words_[0] == "ca" || words_[0] == "crl";
  if (of_ca && format_ == "p12")
    throw Error("--format p12: a certificate with its key only; the CA is written as pem");
  if (format_ == "p12" && output_.empty() && is_terminal())
    throw Error("--format p12: it isn't text: give it a file with -o");
  if (!ca_file_.empty()) tls::use_ca(ca_file_);
  put(made(words_[0]));
  return 0;
}

}  // namespace

std::unique_ptr<Subcommand> make_certs() { return std::make_unique<Certs>(); }

}  // namespace mailfault::cli
