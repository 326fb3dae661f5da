// The vocabulary of actions: one small file each, one table of them all.
#pragma once

#include "scenario/action.hpp"

namespace mailfault {

/// All actions, in the order of the reference.
ActionTable action_table();

namespace actions {

extern const ActionSpec reply, send, proceed, no_reply, challenge, tls_record;                   // answer
extern const ActionSpec close, reset, stall, vanish, tls_alert;                                  // end
extern const ActionSpec delay, stop_reading, half_close, close_notify, key_update, renegotiate;  // wait and aside
extern const ActionSpec drip, split, use, tls_damage, rewrite;                                   // shape
extern const ActionSpec accept, discard, run;                                                    // effect and aside
extern const ActionSpec dsn, complaint, auto_reply;                                              // report

}  // namespace actions
}  // namespace mailfault
