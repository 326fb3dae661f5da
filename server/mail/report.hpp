// What a mail system sends back about a message: the texts, built from plain data and read back. By mimetic; no I/O.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailfault::mail {

enum class Kind : std::uint8_t {
  dsn,         ///< RFC 3464 in RFC 6522's multipart/report
  qmail,       ///< plain text, as qmail-send writes it (QSBMF)
  ndr,         ///< RFC 3464 as Microsoft 365 writes it, with HTML
  complaint,   ///< RFC 5965 (ARF)
  auto_reply,  ///< RFC 3834
};
std::string_view name_of(Kind kind);

struct Recipient {
  std::string address;
  std::string original;  ///< of ORCPT, decoded: "rfc822;b@example.net"; empty: none was given
  std::string action;    ///< of a DSN: "failed", "delayed", "delivered", "relayed", "expanded"
  std::string status;    ///< of a DSN: "5.1.1"
  std::string
      diagnostic;  ///< a reply ("550 5.1.1 User unknown"), or with its type ("x-local; disk full"); may be empty
  std::string remote_mta;  ///< who gave that reply; may be empty
};

struct Report {
  Kind kind = Kind::dsn;
  std::string host;  ///< who reports
  std::string to;    ///< the sender of the message that it is about
  std::vector<Recipient> recipients;
  std::string queue_id;
  std::string envelope_id;    ///< of ENVID, decoded; empty: none was given
  std::string helo, peer;     ///< of the client that handed the message in
  std::string feedback_type;  ///< of a complaint: "abuse"
  std::string subject, text;  ///< of an auto-reply; empty: the usual ones
  std::string date;           ///< in place of `now`; empty: none
  // Of the message that it is about.
  std::string message_subject;
  std::string message_id;  ///< without its brackets; may be empty
  std::string message;
  bool whole = false;  ///< it is returned whole, else its header
  std::time_t arrived = 0, now = 0;
  std::uint32_t number = 0;  ///< makes its Message-ID unique
};

/// The report as a message: lines end with CRLF, dots aren't stuffed. Control characters in values become `?`.
/// Addresses outside ASCII make it one of RFC 6533.
std::string write(const Report& report);
/// What its Subject is.
std::string subject_of(const Report& report);

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A report as its reader has it.
struct ReadReport {
  std::string type;            ///< "multipart/report"
  std::string report_type;     ///< "delivery-status", "feedback-report"; empty: it is none of these
  Fields header;               ///< of the report itself, unfolded
  std::vector<Fields> blocks;  ///< of its machine-readable part: first that of the message, then each recipient's
  std::string text;            ///< for people, decoded
  Fields returned;             ///< the header of the message that it is about, as far as a part has it

  /// The first field of that name, case ignored; empty: there is none.
  static std::string value(const Fields& fields, std::string_view name);
};

/// Reads any message; what isn't there stays empty.
ReadReport read(std::string_view message);

/// "Tue, 24 Nov 2026 11:00:00 +0000".
std::string date_text(std::time_t time);
/// The text that an xtext stands for (RFC 3461 section 4); what is no xtext stays as it is.
std::string from_xtext(std::string_view text);

}  // namespace mailfault::mail
