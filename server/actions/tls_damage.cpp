#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

std::string_view words_of(op::TlsDamage::Kind kind) {
  switch (kind) {
    case op::TlsDamage::Kind::mac:
      return "TLS records with a wrong tag";
    case op::TlsDamage::Kind::version:
      return "TLS records of a wrong version";
    case op::TlsDamage::Kind::length:
      return "TLS records that claim more than comes";
    case op::TlsDamage::Kind::overflow:
      return "TLS records that claim more than one may hold";
    case op::TlsDamage::Kind::plaintext:
      return "in clear where TLS records should be";
  }
  return "";
}

Action lower(const Arguments& given) {
  given.at_most(1);
  auto word = word_of(given[0], "tls_damage", {"mac", "version", "length", "overflow", "plaintext"});
  using Kind = op::TlsDamage::Kind;
  auto kind = word == "mac"        ? Kind::mac
              : word == "version"  ? Kind::version
              : word == "length"   ? Kind::length
              : word == "overflow" ? Kind::overflow
                                   : Kind::plaintext;
  return {&tls_damage, {op::TlsDamage{kind}}, std::string(words_of(kind))};
}

}  // namespace

const ActionSpec tls_damage{"tls_damage",
                            ActionClass::shape,
                            "tls_damage(what)",
                            "what the stage sends leaves in broken TLS records: \"mac\" (a bit of the tag flipped), "
                            "\"version\", \"length\" (more than comes), \"overflow\" (more than a record may hold), "
                            "\"plaintext\" (in clear where a record should be)",
                            "T0",
                            "what: \"mac\"|\"version\"|\"length\"|\"overflow\"|\"plaintext\"",
                            lower};

}  // namespace mailfault::actions
