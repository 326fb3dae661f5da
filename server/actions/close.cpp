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
  if (options.fields.contains("close_notify")) not_built("close.close_notify (it needs TLS)");
  return {&close, {close_op}, "the server closes (FIN)"};
}

}  // namespace

const ActionSpec close{"close",
                       ActionClass::end,
                       "close{ linger = time }",
                       "all that was sent leaves; FIN; reads and ignores for linger (real time, 2s; with 0 the "
                       "client's next bytes meet a RST)",
                       "T0",
                       "options?: {linger?: duration, close_notify?: boolean}",
                       lower};

}  // namespace mailfault::actions
