#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&key_update, {op::KeyUpdate{}}, "gets a TLS KeyUpdate, which asks for one"};
}

}  // namespace

const ActionSpec key_update{"key_update",   ActionClass::aside,
                            "key_update()", "TLS 1.3: new keys for both sides, from here on (RFC 8446 section 4.6.3)",
                            "T0",           "",
                            lower};

}  // namespace mailfault::actions
