#include <array>

#include "actions/actions.hpp"
#include "base/error.hpp"

namespace mailfault::actions {
namespace {

// RFC 8446 appendix B.1, RFC 6520.
constexpr std::array<std::string_view, 5> types{"change_cipher_spec", "alert", "handshake", "application_data",
                                                "heartbeat"};
constexpr std::uint8_t first_type = 20;

Action lower(const Arguments& given) {
  given.at_most(2);
  op::TlsRecord record;
  if (given[0].number()) {
    record.type = static_cast<std::uint8_t>(given.whole(0, 0, 255));
  } else {
    auto name = word_of(given[0], "tls_record",
                        {"change_cipher_spec", "alert", "handshake", "application_data", "heartbeat"});
    while (types[record.type] != name) ++record.type;
    record.type = static_cast<std::uint8_t>(record.type + first_type);
  }
  if (given.has(1)) record.bytes = given.text_template(1);
  return {&tls_record, {op::Answer{}, std::move(record)}, "gets a TLS record of type " + given[0].written()};
}

}  // namespace

const ActionSpec tls_record{
    "tls_record",
    ActionClass::answer,
    "tls_record(type [, bytes])",
    "a TLS record of this type (\"handshake\", \"alert\", … or its number) with these bytes, none "
    "or more than a record may hold; sealed where keys are on",
    "T0",
    "type: string|integer, bytes?: string",
    lower};

}  // namespace mailfault::actions
