// What a connection can be told: every action is lowered to these, and the engine performs nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "scenario/template.hpp"
#include "scenario/value.hpp"
#include "scenario/wire_settings.hpp"
#include "tls/settings.hpp"

namespace mailfault {
struct Provider;
}

namespace mailfault::op {

/// The stage is answered. A code decides its effect.
struct Answer {
  std::optional<int> code;
};
/// Adds bytes to what the stage sends.
struct Write {
  Template bytes;
};
/// Adds a reply to what the stage sends; its lines are put in form when the fields are known.
struct Reply {
  int code = 250;
  std::string enhanced;
  Template text;
};
/// The healthy answer with its effect.
struct Healthy {};
/// Ends the segment and waits.
struct Pause {
  Micros time{};
};
/// Cuts what the stage sends into pieces of `bytes`, or lines (0), `every` so often.
struct Pace {
  std::size_t bytes = 0;
  Micros every{};
};
/// Cuts what the stage sends behind these places.
struct Cut {
  Micros gap{};
  std::vector<std::variant<std::size_t, std::string>> behind;
};
/// What the stage sends is what the function makes of it.
struct Rewrite {
  FunctionRef function;
};
struct Close {
  Micros linger = std::chrono::seconds(2);  ///< real time
  bool close_notify = true;                 ///< under TLS, before the FIN
};
struct Reset {};
struct HalfClose {};
/// An alert of any number, in clear where no keys are on; then FIN.
struct TlsAlert {
  std::uint8_t code = 0;
};
/// Our close_notify; the connection stays.
struct CloseNotify {};
/// A record of this type, whatever it holds, sealed where keys are on.
struct TlsRecord {
  std::uint8_t type = 0;
  Template bytes;
};
/// What the stage sends leaves in records with this damage.
struct TlsDamage {
  enum class Kind : std::uint8_t { mac, version, length, overflow, plaintext } kind{};
};
struct KeyUpdate {};
struct Renegotiate {};
struct Stall {};
struct Vanish {};
/// For good, or for a time.
struct StopReading {
  std::optional<Micros> time;
};
/// Takes the client's next line, its response to the challenge; `*` gets 501 and ends the rule (RFC 4954 section 4).
struct ReadResponse {
  std::string challenge;  ///< not in base64
};
/// Takes the client's next line, for a function.
struct ReadLine {
  Micros timeout{};
};
/// Waits until the client has sent a byte, or a line like the glob; takes nothing.
struct Await {
  Micros timeout{};
  std::optional<std::string> glob;
};
struct Effect {
  bool happens = true;
};
/// From here on, for this connection.
struct Use {
  std::optional<std::vector<std::string>> capabilities;
  std::optional<WireSettings> wire;
  tls::Settings tls;
  std::optional<std::string> provider_name;
  std::shared_ptr<const Provider> provider;  ///< found by its name while the rule is read
  std::optional<bool> keep_pending;          ///< what came in clear behind STARTTLS is executed inside TLS
};
/// Once the message is stored, this goes to its sender: about the recipient at `rcpt`, about all at `message`.
struct Bounce {
  enum class Kind : std::uint8_t { dsn, qmail, ndr, complaint, auto_reply } kind{};
  std::string action, status;        ///< of a DSN, and of what is like one
  Template diagnostic, remote_mta;   ///< likewise; empty: none
  std::string feedback_type;         ///< of a complaint
  Template subject, text;            ///< of an auto-reply; empty: the usual ones
  std::optional<Template> original;  ///< is returned in place of the client's message
  Template date;                     ///< is its Date; empty: the time when it is sent
  Micros after{};
};
struct Call {
  FunctionRef function;
};

}  // namespace mailfault::op

namespace mailfault {

using Op = std::variant<op::Answer, op::Write, op::Reply, op::Healthy, op::Pause, op::Pace, op::Cut, op::Rewrite,
                        op::Close, op::Reset, op::HalfClose, op::TlsAlert, op::CloseNotify, op::TlsRecord,
                        op::TlsDamage, op::KeyUpdate, op::Renegotiate, op::Stall, op::Vanish, op::StopReading,
                        op::ReadResponse, op::ReadLine, op::Await, op::Effect, op::Use, op::Bounce, op::Call>;

}  // namespace mailfault
