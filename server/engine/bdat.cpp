// BDAT (RFC 3030): a body in chunks. Those that are taken go into the body, and `content` and `message` come as with
// DATA; the others are read and thrown away, so that the commands behind them are found.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "engine/session.hpp"
#include "smtp/extensions.hpp"

namespace mailfault {

void Session::bdat(std::string_view argument) {
  if (!command_offered("CHUNKING")) return;  // a server without it takes what follows for commands
  auto parsed = smtp::parse_bdat(argument);
  if (auto* error = std::get_if<smtp::SyntaxError>(&parsed))
    return simple_reply(error->code, error->enhanced, error->text);
  const auto& head = std::get<smtp::ChunkHead>(parsed);
  std::optional<ReplyName> refusal;
  if (!transaction_) {
    if (!in_refused_group()) violation("out_of_turn", "BDAT without MAIL");
    refusal = ReplyName::need_mail;
  } else if (transaction_->recipients.empty()) {
    if (!pipelining_offered()) violation("data_without_recipient", "BDAT");
    refusal = ReplyName::need_rcpt;
  } else if (transaction_->failed) {
    refusal = ReplyName::chunk_discarded;
  }
  chunk_ = std::make_unique<Chunk>(Chunk{head.size, head.size, head.last, refusal});
  stage_ = Stage::content;
  if (refusal) {
    phase_ = Phase::skipping;
    return;
  }
  phase_ = Phase::body;
  if (std::exchange(transaction_->chunked, true)) return;
  begin_body();
}

// A rule of `command` has answered it: its bytes are no commands all the same, and the message lacks them.
void Session::skip_answered_chunk() {
  auto command = smtp::parse_command(line_);
  if (command.verb != smtp::Verb::bdat || !offered_ || !offered_->has("CHUNKING")) return;
  auto parsed = smtp::parse_bdat(command.argument);
  auto* head = std::get_if<smtp::ChunkHead>(&parsed);
  if (!head) return;
  chunk_ = std::make_unique<Chunk>(Chunk{head->size, head->size, head->last, {}});
  if (transaction_) transaction_->chunked = transaction_->failed = true;
  phase_ = Phase::skipping;
}

// False: more bytes are awaited.
bool Session::take_skipped() {
  auto count = std::min<std::uint64_t>(chunk_->left, input_.pending().size());
  if (count > 0) quiet_since_ = instance_.now();
  input_.skip(static_cast<std::size_t>(count));
  chunk_->left -= count;
  if (chunk_->left > 0) {
    if (peer_gone_) end(EndedBy::client, ended_how_ + " in a chunk");
    return peer_gone_;
  }
  auto chunk = std::move(chunk_);
  phase_ = Phase::commands;
  new_turn_ = true;
  stage_ = Stage::content;
  if (chunk->last && transaction_ && transaction_->failed) {
    transaction_.reset();
    from_.clear();
    body_.reset();
  }
  if (chunk->refusal) simple_reply(*chunk->refusal);
  return true;
}

// Bytes for the body: up to its end, or of the chunk. How many it took.
std::size_t Session::feed_body(std::uint64_t stop_at) {
  auto pending = input_.pending();
  std::size_t taken = 0;
  if (chunk_) {
    auto of_chunk = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_->left, pending.size()));
    taken = body_->reader.feed_chunk(pending.substr(0, of_chunk), stop_at);
    chunk_->left -= taken;
  } else {
    taken = body_->reader.feed(pending, stop_at);
  }
  input_.skip(taken);
  return taken;
}

void Session::chunk_is_over() {
  auto chunk = std::move(chunk_);
  stage_ = Stage::content;
  if (body_->first == Micros{}) body_->first = instance_.now();
  if (chunk->last) {
    body_->reader.end();
    return finish_body();
  }
  phase_ = Phase::commands;
  new_turn_ = true;
  transaction_->failed = body_->answered || body_->reader.over_limit();
  if (body_->answered) return;
  if (transaction_->failed) return simple_reply(ReplyName::too_large);
  simple_reply(ReplyName::chunk, counted(chunk->size, "octet", "octets"));
}

}  // namespace mailfault
