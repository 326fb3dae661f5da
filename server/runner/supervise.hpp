// The command under test: its words, its environment, its life.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "runner/profile.hpp"
#include "verdict/verdict.hpp"

namespace mailfault::runner {

/// `{host} {port} {url} {port.submission} {ca}` of each word replaced, and what `more` names; an unknown door throws
/// Error, other braces stay. A word that is no more than a name of `lists` in braces becomes that list, unchanged.
/// {url} is "smtp://host:port", with an IPv6 host in brackets.
struct Placeholders {
  std::string scheme = "smtp";  ///< of the URL
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::map<std::string, std::uint16_t> door_ports;
  std::string ca;  ///< the CA's file; empty: {ca} there is no TLS, so {ca} throws Error
  std::map<std::string, std::string> more = {};
  std::map<std::string, std::vector<std::string>> lists = {};
};
std::vector<std::string> fill_in(const std::vector<std::string>& words, const Placeholders& values);

/// For the command: SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, SMTP_URL (scheme://user:password@host:port,
/// percent-encoded), MAILFAULT_<DOOR>_PORT for each door, MAILFAULT_SCENARIO, MAILFAULT_REPORT, MAILFAULT_CA if there
/// is one, and MAILFAULT_NEEDS: what it must do to meet the fault, words with blanks between, such as "messages=2
/// rcpts=5 connections=4 size=65536 idle=12s auth".
std::map<std::string, std::string> environment_for(const Placeholders& values, const std::string& user,
                                                   const std::string& password, const std::string& needs,
                                                   const std::string& scenario, const std::string& report_file);

struct SuperviseOptions {
  std::map<std::string, std::string> environment;
  Micros limit = std::chrono::minutes(10);
  Micros grace = std::chrono::seconds(2);  ///< from one signal to the next when its process group is ended
  /// Our standard input is the command's; else it reads nothing. A terminal is handed over with its keys: Ctrl-C is
  /// the command's, and ours when it ended by it; Ctrl-Z does nothing, since the server's clocks don't stop. A
  /// terminal that isn't ours to give (we run in the background, or another command has it) reads as nothing.
  bool input = true;
  bool capture = false;  ///< keep its output (it is passed through as well); else it has our own descriptors
  bool quiet = false;    ///< with capture: don't pass it through
  /// Asked every few milliseconds. 0: go on; else end the command now, by this signal first (the one that we got).
  std::function<int()> stop_signal = [] { return 0; };
};

/// Runs a command to its end in a process group of its own. When its time is up the whole group gets SIGTERM, then
/// SIGKILL; when it is to stop, the signal for that before both; what it leaves behind in its group is ended, too, at
/// once. If this program dies, even by SIGKILL, so does the group: by a small process in it that waits for that (and
/// until that one is there by PR_SET_PDEATHSIG). Blocks; may be called from several threads. Throws Error if it can't
/// be started: not found, not executable.
struct Supervised {
  int exit_status = 0;  ///< 128 + signal
  bool timed_out = false;
  bool stopped = false;  ///< by `stop_signal`, or by Ctrl-C on the terminal that it had
  std::string output;    ///< its first and last 512 KiB, with capture; what is left out is said between them
  Micros took{};
};
Supervised supervise(const std::vector<std::string>& words, const SuperviseOptions& options);

/// The word that this end of a client's is, by its profile.
ClientWord read_word(const Profile& profile, const Supervised& ended);
/// The file named by MAILFAULT_REPORT: a line a message, `WORD [<message-id>] [recipient]`; '#' begins a comment.
/// At most 4 MiB; a file that isn't there says nothing. Throws Error naming the line.
std::vector<ClientWord> read_report(const std::string& path);

}  // namespace mailfault::runner
