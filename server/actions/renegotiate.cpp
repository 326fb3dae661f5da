#include "actions/actions.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(0);
  return {&renegotiate, {op::Renegotiate{}}, "gets a TLS HelloRequest"};
}

}  // namespace

const ActionSpec renegotiate{"renegotiate",
                             ActionClass::aside,
                             "renegotiate()",
                             "TLS 1.2 and before: asks the client for a new handshake",
                             "T0",
                             "",
                             lower};

}  // namespace mailfault::actions
