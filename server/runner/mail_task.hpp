// What a mail client is told to send under a scenario, so that it meets the fault.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/supervise.hpp"
#include "scenario/scenario.hpp"
#include "verdict/judge.hpp"

namespace mailfault::runner {

/// Why a client can't be scored under a scenario: it lacks what that is about (not applicable), or was given no way
/// to do so much (unmet).
struct Lack {
  Verdict verdict{};
  std::string reason;
};
std::optional<Lack> lack_of(const Scenario& scenario, const Ability& can);

/// It is to log in: the scenario needs it, or the client of its example does.
bool needs_auth(const Scenario& scenario);
/// How the client is to begin TLS: implicit where the main door is; STARTTLS where the scenario needs TLS, and where
/// that is offered and its example's client begins it, or is to log in.
DoorTls tls_for(const Scenario& scenario);

struct MailTask {
  DoorTls tls = DoorTls::none;
  bool auth = false;
  std::string sender;
  std::vector<std::string> recipients;
  std::uint64_t messages = 1, size = 0;  ///< each at least so large, in bytes
  std::uint64_t idle = 0;                ///< seconds between messages
  std::uint64_t timeout = 3;             ///< seconds that it bears with a step
  std::string user, password;
};
/// Sender and recipients are those of the scenario's example, where it has some: its rules may want them.
/// `time_scale` is the server's: its silences are shorter, so the client's pauses may be.
MailTask task_for(const Scenario& scenario, const Profile& profile, double time_scale);

/// The messages of a task in a folder of their own, 1.eml, 2.eml…, which goes with this object.
class MailFolder {
 public:
  /// Throws Error if it can't be written.
  MailFolder(const MailTask& task, const std::string& scenario);
  ~MailFolder();
  MailFolder(const MailFolder&) = delete;
  MailFolder& operator=(const MailFolder&) = delete;
  const std::string& path() const { return path_; }
  const std::vector<SourceMessage>& sources() const { return sources_; }

 private:
  std::string path_;
  std::vector<SourceMessage> sources_;
};

/// Tells the command of it: placeholders, and MAILFAULT_TLS, _AUTH, _SENDER, _RECIPIENTS, _MAIL, _MESSAGE, _MESSAGES,
/// _IDLE and _TIMEOUT. `to` has its host, ports and CA already.
void tell(const MailTask& task, const MailFolder& folder, const OptionWords& words, Placeholders& to,
          std::map<std::string, std::string>& environment);

}  // namespace mailfault::runner
