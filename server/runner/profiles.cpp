#include <signal.h>

#include <array>
#include <boost/json.hpp>
#include <cctype>
#include <cstring>
#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "runner/reply_code.hpp"
#include "runner/supervise.hpp"

namespace mailfault::runner {
namespace {

namespace json = boost::json;

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
       .names = {}},
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

// ---- profiles of one's own

Word word_of(const json::value& value, const std::string& where) {
  constexpr std::array<std::string_view, 6> known{"sent",          "temporary", "permanent",
                                                  "misconfigured", "refused",   "failed"};
  std::string_view text = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
  auto word = word_named(text);
  if (!word || *word == Word::none)
    throw Error(where + ": " + json::serialize(value) + " is none of " +
                join(std::vector<std::string>(known.begin(), known.end()), ", ") + did_you_mean(text, known));
  return *word;
}

const json::object& object_of(const json::value& value, const std::string& where) {
  if (!value.is_object()) throw Error(where + ": an object is wanted, {…}");
  return value.get_object();
}

std::map<int, Word> exits_of(const json::value& value, const std::string& where) {
  std::map<int, Word> out;
  for (const auto& item : object_of(value, where)) {
    std::string key(item.key());
    bool whole = !key.empty() && key.size() <= 3 && key.find_first_not_of("0123456789") == std::string::npos;
    if (!whole || std::stoi(key) > 255)
      throw Error(where + ": \"" + printable(key) + "\" is no exit status, 0 to 255");
    out[std::stoi(key)] = word_of(item.value(), where + "." + key);
  }
  return out;
}

bool boolean_of(const json::value& value, const std::string& where) {
  if (!value.is_bool()) throw Error(where + ": true or false is wanted");
  return value.get_bool();
}

Profile parse_profile(const std::string& path, const json::value& given) {
  constexpr std::array<std::string_view, 6> known{
      "name", "exits", "exits_without_code", "names", "reply_code_in_output", "timeouts_scaled"};
  Profile out;
  out.name = path;
  for (const auto& item : object_of(given, path)) {
    const auto& value = item.value();
    auto where = path + ": " + std::string(item.key());
    if (item.key() == "name" && value.is_string())
      out.name = value.get_string();
    else if (item.key() == "exits")
      out.exits = exits_of(value, where);
    else if (item.key() == "exits_without_code")
      out.exits_without_code = exits_of(value, where);
    else if (item.key() == "names")
      for (const auto& each : object_of(value, where))
        out.names[std::string(each.key())] = word_of(each.value(), where + "." + std::string(each.key()));
    else if (item.key() == "reply_code_in_output")
      out.reply_code_in_output = boolean_of(value, where);
    else if (item.key() == "timeouts_scaled")
      out.timeouts_scaled = boolean_of(value, where);
    else
      throw Error(path + ": \"" + printable(item.key()) + "\" is no field of a profile" +
                  did_you_mean(item.key(), known));
  }
  return out;
}

Profile read_profile(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error(path + ": the profile can't be read: " + std::strerror(errno));
  std::string text;
  for (std::string line; text.size() <= 1 << 20 && std::getline(file, line);) text += line + "\n";
  json::error_code error;
  json::parser parser;
  auto read = parser.write_some(text, error);
  if (!error && !trim(std::string_view(text).substr(read)).empty()) error = json::error::extra_data;
  if (error) {
    auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    throw Error({path, static_cast<int>(line)}, "the profile isn't JSON: " + error.message());
  }
  return parse_profile(path, parser.release());
}

// ---- reading

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

ClientWord saying(Word word, const std::string& origin) { return {word, "", "", origin}; }

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

}  // namespace mailfault::runner
