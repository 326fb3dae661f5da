// A provider's personality: what a server that people know says, offers, demands and limits. Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/draw.hpp"
#include "base/time.hpp"
#include "scenario/limits.hpp"
#include "scenario/replies.hpp"
#include "scenario/template.hpp"
#include "scenario/value.hpp"

namespace mailfault {

struct ProviderReply {
  enum class Mark : std::uint8_t { built_in, verified, approximate };
  int code = 0;
  Template text;  ///< whole lines with their codes and CRLF
  Mark mark = Mark::built_in;
  std::string source;  ///< where it was read; empty for what is approximate
};

/// The shape of an id: characters that stand for themselves, and sets with a count: "[0-9A-F]{11}", "a-[a-z]{2}".
class IdShape {
 public:
  /// Throws Error for what isn't of this form, and for ids above 128 characters.
  static IdShape parse(std::string_view shape);
  bool empty() const { return parts_.empty(); }
  std::string draw(Draws draws) const;

 private:
  struct Part {
    std::string set;
    std::size_t count = 1;
  };
  std::vector<Part> parts_;
};

struct Provider {
  std::string name, path, title;
  std::vector<std::string> sources;
  std::string host = "mx.example.com";
  IdShape id, session_id;  ///< of a message, of a connection; empty: the built-in form
  std::vector<std::string> before_tls, after_tls, after_auth;  ///< lines behind the first of the EHLO reply
  bool requires_tls = false, requires_auth = false;            ///< before MAIL
  bool requires_turns = false;                                 ///< who talks before his turn is thrown out
  Limits limits;                                               ///< where the scenario names none of that sort
  bool close_notify = true;                                    ///< TLS ends in good order
  std::array<ProviderReply, reply_count> replies;

  const ProviderReply& reply(ReplyName reply_name) const { return replies[static_cast<std::size_t>(reply_name)]; }
  /// The lines that hold then; STARTTLS is among them only if it is to be offered.
  std::vector<std::string> capabilities(bool starttls, bool tls, bool authenticated) const;
  /// Its own lines name STARTTLS.
  bool offers_starttls() const;
};

/// A friendly server of no name. Where a provider says nothing of a reply, this one's holds.
const Provider& built_in_provider();

/// A file of a provider, as it was found.
struct ProviderFile {
  std::string name, path, source;
};
using ProviderFiles = std::vector<ProviderFile>;

/// Whom the file's provider is like in all that it doesn't say itself; empty: the built-in one.
std::string provider_like(const Value& returned);
/// What the file has returned becomes a provider. Throws Error with file:line for what is unknown or out of bounds.
std::shared_ptr<const Provider> parse_provider(const ProviderFile& file, const Value& returned, const Provider& like);

}  // namespace mailfault
