// Who the client says that it is: a header of the PROXY protocol in front of everything, XCLIENT in the session.
#include <algorithm>

#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/extensions.hpp"
#include "smtp/proxy.hpp"

namespace mailfault {

// False: more bytes are awaited.
bool Session::take_proxy_header() {
  auto parsed = smtp::parse_proxy(input_.pending());
  if (std::holds_alternative<smtp::ProxyIncomplete>(parsed)) {
    if (peer_gone_) end(EndedBy::client, ended_how_ + " before a whole PROXY header");
    return peer_gone_;
  }
  if (auto* malformed = std::get_if<smtp::ProxyMalformed>(&parsed)) {
    violation("bad_proxy_header", malformed->why);
    wire_->close(Micros{});
    end(EndedBy::server, "no PROXY header");
    return true;
  }
  const auto& header = std::get<smtp::ProxyHeader>(parsed);
  input_.skip(header.size);
  claimed_peer_ = header.source;
  auto text = "PROXY version " + std::to_string(header.version);
  if (header.source.empty())
    text += " names no client";
  else
    text += " from " + header.source + " port " + std::to_string(header.source_port) + " to " + header.destination +
            " port " + std::to_string(header.destination_port);
  if (!header.authority.empty()) text += ", which asked for " + printable(header.authority.substr(0, 255));
  journal(EventKind::fact, text);
  phase_ = Phase::opening;
  begin_stage(Stage::connect);
  return true;
}

// The session begins again, as that client's (Postfix's XCLIENT_README): another greeting, another EHLO.
void Session::xclient(std::string_view argument) {
  if (!command_offered("XCLIENT")) return;
  if (transaction_) return simple_reply(ReplyName::in_transaction);
  auto parsed = smtp::parse_xclient(argument, offered_->arguments_of("XCLIENT"));
  if (auto* error = std::get_if<smtp::SyntaxError>(&parsed))
    return simple_reply(error->code, error->enhanced, error->text);
  helo_.clear();
  authenticated_ = false;
  login_.reset();
  std::string text = "XCLIENT:";
  for (const auto& attribute : std::get<std::vector<smtp::ClientAttribute>>(parsed)) {
    auto value = attribute.value.value_or("");
    text += " " + attribute.name + "=" + (attribute.value ? printable(value) : "unavailable");
    if (attribute.name == "ADDR") claimed_peer_ = value;
    if (attribute.name == "HELO") helo_ = value;
    if (attribute.name == "PROTO") esmtp_ = equals_ignoring_case(value, "ESMTP");
    if (attribute.name == "LOGIN" && !value.empty()) {
      login_ = std::make_unique<Login>();
      login_->mechanism = "XCLIENT";
      login_->user = value;
      authenticated_ = true;
    }
  }
  journal(EventKind::fact, text);
  offered_.reset();
  begin_stage(Stage::greeting);
}

}  // namespace mailfault
