#include <signal.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "runner/profile_file.hpp"
#include "runner/reply_code.hpp"
#include "runner/supervise.hpp"

namespace mailfault::runner {
namespace {

// Of exit statuses a client's manual is the source, and what it does against the catalogue. A connection that can't
// be made, breaks or is silent, said so by the status, is a temporary failure.
const std::array<Profile, 5>& built_in() {
  using enum Word;
  static const std::array<Profile, 5> all{{
      {.name = "generic",
       .exits = {{75, temporary}},  // EX_TEMPFAIL of sysexits.h
       .exits_without_code = {},
       .names = {}},
      {.name = "curl",
       .exits = {{60, refused}, {64, refused}, {67, misconfigured}, {83, refused}, {90, refused}, {91, refused}},
       .exits_without_code = {{7, temporary}, {28, temporary}, {52, temporary}, {56, temporary}},
       .names = {},
       .command = {"curl", "-q", "-sS", "--noproxy", "*", "--max-time", "{timeout}", "{url}/client.example", "{tls}",
                   "{auth}", "--mail-from", "{sender}", "{recipients}", "-T", "{message}"},
       .version = {"curl", "--version"},
       .host = "localhost",  // a name, for SNI
       .words = {.tls = {{"starttls", {"--ssl-reqd", "--cacert", "{ca}"}}, {"implicit", {"--cacert", "{ca}"}}},
                 .auth = {"--user", "{user}:{password}"},
                 .recipient = {"--mail-rcpt", "{recipient}"}},
       .can = {.recipients = 1000, .size = std::uint64_t{64} << 20}},
      {.name = "msmtp",  // 77: AUTH failed, whatever the code
       .exits = {{75, temporary}, {78, misconfigured}},
       .exits_without_code = {{74, temporary}, {77, misconfigured}},
       .names = {}},
      {.name = "swaks",  // 21 to 26: the stage where the reply was none, or none that it takes
       .exits = {{29, refused}},
       .exits_without_code = {{2, temporary},
                              {6, temporary},
                              {21, temporary},
                              {22, temporary},
                              {23, temporary},
                              {24, temporary},
                              {25, temporary},
                              {26, temporary},
                              {28, misconfigured}},
       .names = {}},
      {.name = "smtplib",
       .exits = {},
       .exits_without_code = {},
       .names = {{"BrokenPipeError", temporary},
                 {"ConnectionAbortedError", temporary},
                 {"ConnectionRefusedError", temporary},
                 {"ConnectionResetError", temporary},
                 {"OSError", temporary},
                 {"SMTPAuthenticationError", misconfigured},
                 {"SMTPConnectError", temporary},
                 {"SMTPDataError", failed},
                 {"SMTPException", misconfigured},  // "No suitable authentication method found."
                 {"SMTPHeloError", failed},
                 {"SMTPNotSupportedError", misconfigured},
                 {"SMTPRecipientsRefused", failed},
                 {"SMTPResponseException", failed},
                 {"SMTPSenderRefused", failed},
                 {"SMTPServerDisconnected", temporary},
                 {"SSLCertVerificationError", refused},
                 {"SSLError", failed},
                 {"TimeoutError", temporary},
                 {"gaierror", failed},
                 {"socket.timeout", temporary}}},
  }};
  return all;
}

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

struct NamePlace {
  std::string_view name;
  std::size_t end = 0;  ///< where it ends in the output
};

/// The last whole word of the output that is one of the profile's names.
NamePlace last_name(const Profile& profile, std::string_view output) {
  NamePlace last;
  for (const auto& [name, word] : profile.names)
    for (auto end = output.size(); end > last.end;) {
      auto at = output.substr(0, end).rfind(name);
      if (at == std::string_view::npos) break;
      end = at + name.size();
      bool whole = (at == 0 || !is_of_name(output[at - 1])) && (end == output.size() || !is_of_name(output[end]));
      if (whole) last = {name, end};
      --end;
    }
  return last;
}

Word word_of_code(int code) {
  if (code == 525 || code == 530 || code == 534 || code == 535 || code == 538) return Word::misconfigured;
  return code < 500 ? Word::temporary : Word::permanent;
}

ClientWord saying(Word word, const std::string& origin) { return {word, "", "", origin, true}; }

}  // namespace

Profile find_profile(const std::string& name) {
  std::vector<std::string_view> known;
  for (const auto& each : built_in()) {
    if (each.name == name) return each;
    known.push_back(each.name);
  }
  if (name.find('/') != std::string::npos || name.ends_with(".json")) return read_profile(name);
  throw Error("profile '" + name + "' is unknown" + did_you_mean(name, known) + "; there are " +
              join(std::vector<std::string>(known.begin(), known.end()), ", ") +
              ", or write the path of a JSON file: ./NAME.json");
}

ClientWord read_word(const Profile& profile, const Supervised& ended) {
  if (ended.timed_out) return saying(Word::none, "it was ended when its time was up");
  if (ended.stopped) return saying(Word::none, "it was stopped");
  auto status = ended.exit_status;
  auto origin = "exit status " + std::to_string(status);
  if (auto found = profile.exits.find(status); found != profile.exits.end()) return saying(found->second, origin);
  if (status == 0) return saying(Word::sent, origin);
  if (const char* signal = status > 128 ? sigabbrev_np(status - 128) : nullptr)
    return saying(Word::failed, origin + ", SIG" + signal);
  std::string_view output = ended.output;
  auto name = last_name(profile, output);
  if (auto code = profile.reply_code_in_output ? last_failing_code(output.substr(name.end)) : std::nullopt)
    return saying(word_of_code(*code), origin + ", reply code " + std::to_string(*code) + " in its output");
  if (name.end > 0)
    return saying(profile.names.find(std::string(name.name))->second, origin + ", " + std::string(name.name));
  auto found = profile.exits_without_code.find(status);
  return saying(found != profile.exits_without_code.end() ? found->second : Word::failed, origin);
}

std::string version_in(std::string_view output) {
  auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  auto alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  std::string_view first;
  auto end = output.begin();
  for (;;) {
    auto begin = std::find_if(end, output.end(), digit);
    if (begin == output.end()) return std::string(first);
    auto whole = end = std::find_if_not(begin, output.end(), digit);
    while (end != output.end() && *end == '.' && end + 1 != output.end() && alnum(end[1]))
      end = std::find_if_not(end + 1, output.end(), alnum);
    if (end != whole) return {begin, end};
    if (first.empty()) first = {begin, end};
  }
}

}  // namespace mailfault::runner
