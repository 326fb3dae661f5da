// A client's profile: how what it says is read, and how it is told what to send.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "verdict/verdict.hpp"

namespace mailfault::runner {

/// What a client can be made to do. Scenarios that need more are left out of its score.
struct Ability {
  std::uint64_t messages = 1;                    ///< on one connection
  std::uint64_t recipients = 1;                  ///< of a message
  std::uint64_t connections = 1;                 ///< at a time
  std::uint64_t size = std::uint64_t{10} << 20;  ///< of a message, in bytes
  bool idle = false;                             ///< it can pause between messages
  bool tls = true;                               ///< STARTTLS
  bool implicit_tls = true, auth = true;
  bool smtputf8 = false, dsn = false, lmtp = false, proxy = false;
  bool bounces = false;  ///< it takes mail that comes back
};

/// What whole words of a command line become: {tls}, {auth} and {recipients}.
struct OptionWords {
  std::map<std::string, std::vector<std::string>> tls;  ///< by none, starttls, implicit
  std::vector<std::string> auth;                        ///< where it is to log in
  std::vector<std::string> recipient;                   ///< for each, with {recipient} in it
};

/// How a client's exit status and output are read as a word on the mail. What decides, in this order:
/// 1. its exit status, where `exits` has it; 0 is sent unless that says otherwise;
/// 2. the last SMTP reply code 4yz or 5yz that it prints (530, 534, 535, 538 and 525 are misconfigured); where it
///    prints one of `names`, only what comes after the last of them counts, and if that is no code, the name does;
/// 3. its exit status, where `exits_without_code` has it;
/// 4. nothing: it failed. By a signal always so; with its time up, or stopped by us, there is no word.
struct Profile {
  std::string name;
  std::map<int, Word> exits;
  std::map<int, Word> exits_without_code;
  std::map<std::string, Word> names;  ///< of exceptions
  bool reply_code_in_output = true;
  bool timeouts_scaled = false;  ///< its own timeouts are scaled as the server's are

  // For a score.
  std::vector<std::string> command = {};  ///< with placeholders, where none stands behind `--`
  std::vector<std::string> version = {};  ///< prints it: the first number with a dot, else the first number
  std::string host = "127.0.0.1";         ///< what the client calls the server
  OptionWords words = {};
  Ability can = {};
  Micros timeout = std::chrono::seconds(3);  ///< what it is told to bear with a step
  Micros limit = std::chrono::seconds(30);   ///< for the command
  bool retries = false;                      ///< it tries again by itself when the command has ended
  std::string notes = {};
};

/// "generic", "curl", "msmtp", "swaks", "smtplib"; or the path of a JSON file such as {"exits": {"67":
/// "misconfigured"}}, with the fields of Profile. Throws Error.
Profile find_profile(const std::string& name);

/// Of what a client prints of itself, the first number with a dot ("7.88.1", "1.0rc2"), else the first number.
std::string version_in(std::string_view output);

}  // namespace mailfault::runner
