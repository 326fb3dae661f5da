#include "actions/actions.hpp"
#include "base/error.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  std::uint8_t code = 0;
  if (given[0].number()) {
    code = static_cast<std::uint8_t>(given.whole(0, 0, 255));
  } else {
    auto named = tls::alert_named(given.text(0));
    if (!named) given.fail("\"" + given.text(0) + "\" is no alert of RFC 8446 section 6; \"internal_error\" is one");
    code = *named;
  }
  return {
      &tls_alert, {op::Answer{}, op::TlsAlert{code}}, "gets the TLS alert " + tls::alert_name(code) + ", then FIN"};
}

}  // namespace

const ActionSpec tls_alert{"tls_alert",
                           ActionClass::end,
                           "tls_alert(name)",
                           "that fatal alert (a name of RFC 8446 or its number), sealed where keys are on; then FIN",
                           "T0",
                           "name: string|integer",
                           lower};

}  // namespace mailfault::actions
