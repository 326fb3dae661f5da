#include "actions/actions.hpp"
#include "scenario/scenario.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  const auto& settings = given.table(0, {"certificate", "tls_versions", "capabilities", "wire", "provider"});
  if (settings.fields.empty()) given.fail("name a setting");
  op::Use use_op;
  for (const auto& [name, value] : settings.fields) {
    if (name == "capabilities")
      use_op.capabilities = parse_capability_lines(value, "use.capabilities");
    else if (name == "wire")
      use_op.wire = parse_wire(value, "use.wire");
    else
      not_built("use." + name);
  }
  return {&use, {std::move(use_op)}, "from here on other " + settings.fields.begin()->first};
}

}  // namespace

const ActionSpec use{"use",
                     ActionClass::shape,
                     "use{ capabilities, wire }",
                     "from here on, for this connection, other settings",
                     "T0",
                     "settings: {capabilities?: string[], wire?: WireSettings}",
                     lower};

}  // namespace mailfault::actions
