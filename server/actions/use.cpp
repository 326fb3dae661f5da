#include "actions/actions.hpp"
#include "base/text.hpp"
#include "scenario/scenario.hpp"

namespace mailfault::actions {
namespace {

Action lower(const Arguments& given) {
  given.at_most(1);
  std::vector<std::string_view> names{"capabilities", "wire", "provider", "keep_pending"};
  for (const auto& row : tls_fields()) names.push_back(row.name);
  const auto& settings = given.table(0, names);
  if (settings.fields.empty()) given.fail("name a setting");
  op::Use use_op;
  for (const auto& [name, value] : settings.fields) {
    if (name == "capabilities")
      use_op.capabilities = parse_capability_lines(value, "use.capabilities");
    else if (name == "wire")
      use_op.wire = parse_wire(value, "use.wire");
    else if (name == "keep_pending")
      use_op.keep_pending = boolean_of(value, "use.keep_pending");
    else if (name == "provider")
      use_op.provider_name = text_of(value, "use.provider");
    else
      set_tls_field(use_op.tls, name, value, "use." + name);
  }
  std::vector<std::string> parts;
  if (use_op.capabilities) parts.emplace_back("other capabilities");
  if (use_op.wire) parts.emplace_back("another wire");
  if (use_op.keep_pending)
    parts.emplace_back(*use_op.keep_pending ? "what came in clear is executed inside TLS"
                                            : "what came in clear is thrown away");
  if (use_op.tls != tls::Settings()) parts.push_back(tls::words(use_op.tls));
  auto said = "from here on " + join(parts, ", ");
  return {&use, {std::move(use_op)}, said};
}

}  // namespace

const ActionSpec use{
    "use",
    ActionClass::shape,
    "use{ provider, capabilities, wire, certificate, … }",
    "from here on, for this connection, other settings: those of TLS too; keep_pending = true executes "
    "what came in clear behind STARTTLS inside TLS, as vulnerable servers did",
    "T0",
    "settings: UseSettings",
    lower};

}  // namespace mailfault::actions
