#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  auto word = word_of(given[0], "tls_damage", {"mac", "version", "length", "plaintext"});
  using Kind = op::TlsDamage::Kind;
  auto kind = word == "mac"       ? Kind::mac
              : word == "version" ? Kind::version
              : word == "length"  ? Kind::length
                                  : Kind::plaintext;
  return {&tls_damage, {op::TlsDamage{kind}}, "TLS records with a wrong " + word};
}

}  // namespace

const ActionSpec tls_damage{"tls_damage",
                            ActionClass::shape,
                            "tls_damage(what)",
                            "what the stage sends leaves in broken TLS records: \"mac\" (a bit of the tag flipped), "
                            "\"version\", \"length\" (more "
                            "than comes), \"plaintext\" (in clear where a record should be)",
                            "T0",
                            "what: \"mac\"|\"version\"|\"length\"|\"plaintext\"",
                            lower};

}  // namespace mailfault::actions
