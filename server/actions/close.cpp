#include "actions/actions.hpp"
#include "scenario/scenario.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  const auto& options = given.table(0, {"linger", "close_notify"});
  op::Close close_op;
  if (auto linger = options.fields.find("linger"); linger != options.fields.end())
    close_op.linger = duration_of(linger->second, "close.linger");
  if (auto notify = options.fields.find("close_notify"); notify != options.fields.end())
    close_op.close_notify = boolean_of(notify->second, "close.close_notify");
  return {&close,
          {close_op},
          close_op.close_notify ? "the server closes (FIN)" : "the server closes (FIN, without close_notify)"};
}

}  // namespace

const ActionSpec close{
    "close",
    ActionClass::end,
    "close{ linger = time, close_notify = true }",
    "all that was sent leaves; TLS close_notify; FIN; reads and ignores for linger (real time, 2s; with 0 the "
    "client's next bytes meet a RST)",
    "T0",
    "options?: {linger?: duration, close_notify?: boolean}",
    lower};

}  // namespace mailfault::actions
