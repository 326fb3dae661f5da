// LMTP (RFC 2033): the same dialogue with LHLO, and a reply of its own for each recipient after the body.
#include "engine/session.hpp"

namespace mailfault {

// False: it was answered.
bool Session::hello_fits_door(smtp::Verb verb) {
  if ((verb == smtp::Verb::lhlo) == door_.lmtp) return true;
  violation("out_of_turn", door_.lmtp ? verb_ + " to an LMTP server" : "LHLO to an SMTP server");
  simple_reply(ReplyName::wrong_hello, door_.lmtp ? "this is LMTP; say LHLO" : "this is SMTP; say EHLO");
  return false;
}

// `message` comes once for each accepted recipient. True always: there is something to go on with.
bool Session::deliver_to_next() {
  if (transaction_->delivered < transaction_->recipients.size()) {
    rcpt_ = transaction_->recipients[transaction_->delivered++];
    begin_stage(Stage::message);
    return true;
  }
  phase_ = Phase::commands;
  transaction_.reset();
  from_.clear();
  body_.reset();
  return true;
}

}  // namespace mailfault
