#include <array>

#include "actions/actions.hpp"

namespace mailfault {

ActionTable action_table() {
  using namespace actions;
  static constexpr std::array<const ActionSpec*, 28> table{
      &reply,      &send,    &proceed,    &no_reply,   &challenge,    &close,      &reset,
      &stall,      &vanish,  &tls_alert,  &delay,      &stop_reading, &half_close, &drip,
      &split,      &rewrite, &use,        &accept,     &discard,      &dsn,        &complaint,
      &auto_reply, &run,     &tls_record, &tls_damage, &close_notify, &key_update, &renegotiate};
  return table;
}

}  // namespace mailfault
