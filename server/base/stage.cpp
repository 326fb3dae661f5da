#include "base/stage.hpp"

#include <array>

namespace mailfault {
namespace {

constexpr std::array<StageFacts, stage_count> table{{
    {Stage::connect, "connect", "accepted, no byte yet (implicit TLS: before the handshake)", "",
     "go on (handshake, greeting)", ""},
    {Stage::handshake, "handshake", "the ClientHello has been read", "", "TLS comes up", "", true},
    {Stage::greeting, "greeting", "the 220 is due", "", "220 {host} ESMTP", ""},
    {Stage::command, "command", "any command line, known or not, before its own stage", "verb",
     "go on to its stage; 500 if it has none", ""},
    {Stage::helo, "helo", "EHLO, HELO", "name", "250 and the capabilities", "transaction cleared and name set"},
    {Stage::starttls, "starttls", "STARTTLS", "", "220", "TLS begins"},
    {Stage::auth, "auth", "the AUTH exchange is complete, the verdict is due; at(N): its Nth challenge is", "user",
     "235 or 535", "authenticated", true},
    {Stage::mail, "mail", "MAIL", "sender", "250", "transaction begins"},
    {Stage::rcpt, "rcpt", "RCPT", "recipient", "250", "recipient added"},
    {Stage::data, "data", "DATA in a transaction, with or without recipients", "", "354; 554 without a recipient",
     "the body follows"},
    {Stage::content, "content", "while the body arrives; at(SIZE) says where", "", "read on", "", true},
    {Stage::message, "message", "the final dot has been read", "", "250; 554 without a recipient",
     "stored: one copy a recipient"},
    {Stage::rset, "rset", "RSET", "", "250", "transaction cleared"},
    {Stage::noop, "noop", "NOOP", "", "250", ""},
    {Stage::vrfy, "vrfy", "VRFY", "", "252", ""},
    {Stage::quit, "quit", "QUIT", "", "221", "server closes"},
    {Stage::idle, "idle", "the client's turn, and silence for at(TIME); once each silence", "", "nothing", "", true},
    {Stage::close, "close", "the connection is over", "who ended it: client, server or run", "", "", false, false},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].stage) != i) return false;
  return true;
}
static_assert(in_order(), "facts() finds a stage by its number");

}  // namespace

std::span<const StageFacts> stages() { return table; }

const StageFacts& facts(Stage stage) { return table[static_cast<std::size_t>(stage)]; }

std::optional<Stage> stage_named(std::string_view name) {
  for (const auto& row : table)
    if (row.name == name) return row.stage;
  return std::nullopt;
}

}  // namespace mailfault
