#include "runner/mail_task.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mail/report.hpp"

namespace mailfault::runner {
namespace {

/// Those of an example's first transaction that names a recipient.
struct Envelope {
  std::string sender;
  std::vector<std::string> recipients;
  bool smtputf8 = false, dsn = false;
  bool starttls = false, auth = false;  // its client begins TLS, logs in
};

std::string address_in(std::string_view line) {
  auto open = line.find('<'), close = line.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return "";
  return std::string(line.substr(open + 1, close - open - 1));
}

/// A client's line of a transcript ("C: MAIL …", "C2: MAIL …") without its mark; else empty.
std::string_view said_by_client(std::string_view line) {
  line = trim(line);
  if (!line.starts_with('C')) return {};
  auto colon = line.find(": ");
  bool marks = colon != std::string_view::npos &&
               line.substr(1, colon - 1).find_first_not_of("0123456789") == std::string_view::npos;
  return marks ? line.substr(colon + 2) : std::string_view{};
}

void read_example(const std::string& transcript, Envelope& to) {
  for (auto line : split(transcript, '\n')) {
    auto said = said_by_client(line);
    to.starttls = to.starttls || said == "STARTTLS";
    to.auth = to.auth || said.starts_with("AUTH ");
    if (said.starts_with("MAIL FROM:")) {
      if (!to.recipients.empty()) return;
      to.sender = address_in(said);
      to.smtputf8 = to.smtputf8 || contains_ignoring_case(said, " SMTPUTF8");
      to.dsn = to.dsn || contains_ignoring_case(said, " RET=") || contains_ignoring_case(said, " ENVID=");
    }
    if (!said.starts_with("RCPT TO:")) continue;
    auto address = address_in(said);
    bool new_one = std::find(to.recipients.begin(), to.recipients.end(), address) == to.recipients.end();
    if (!address.empty() && new_one) to.recipients.push_back(address);
    to.dsn = to.dsn || contains_ignoring_case(said, " NOTIFY=") || contains_ignoring_case(said, " ORCPT=");
  }
}

Envelope envelope_of(const Scenario& scenario) {
  Envelope out;
  for (const auto& example : scenario.examples) {
    if (!out.recipients.empty()) break;
    Envelope read;
    read_example(example.transcript, read);
    bool first = &example == scenario.examples.data();
    if (first) out = read;
    out.sender = read.sender;
    out.recipients = read.recipients;
  }
  if (out.sender.empty() || out.sender.find('@') == std::string::npos) out.sender = "a@example.com";
  return out;
}

std::string whole_message(const MailTask& task, const std::string& id, std::uint64_t number,
                          const std::string& body) {
  auto shown = std::min<std::size_t>(task.recipients.size(), 10);
  std::string to;
  for (const auto& each : std::span(task.recipients).first(shown)) to += (to.empty() ? "" : ",\r\n ") + each;
  return "Date: " + mail::date_text(std::time(nullptr)) + "\r\nFrom: " + task.sender + "\r\nTo: " + to +
         "\r\nSubject: message " + std::to_string(number) + "\r\nMessage-ID: <" + id +
         ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + body;
}

/// Plain text that any client can send as it is, with what one may get wrong: dots at the beginning of lines.
std::string body_of(std::uint64_t number, std::uint64_t size) {
  std::string body = "This is message " + std::to_string(number) +
                     ".\r\n\r\n.a line that begins with a dot\r\n..and one with two\r\nFrom here on it ends.\r\n";
  std::uint64_t line = 0;
  while (body.size() < size) {
    auto label = std::to_string(++line) + " ";
    body += label + std::string(70 - std::min<std::size_t>(label.size(), 69), 'x') + "\r\n";
  }
  return body;
}

std::string counted_more(const char* what, std::uint64_t wanted, std::uint64_t can) {
  return std::string("it needs ") + std::to_string(wanted) + " " + what + ", and the profile says " +
         std::to_string(can) + " (can." + std::string(split(what, ' ')[0]) + ")";
}

}  // namespace

bool needs_auth(const Scenario& scenario) { return scenario.needs.auth || envelope_of(scenario).auth; }

DoorTls tls_for(const Scenario& scenario) {
  if (scenario.tls_of(scenario.main_door()) == DoorTls::implicit) return DoorTls::implicit;
  bool offered = scenario.tls_of(scenario.main_door()) == DoorTls::starttls;
  // Who logs in where TLS is offered begins it first.
  bool wise = offered && (needs_auth(scenario) || envelope_of(scenario).starttls);
  return scenario.needs.tls || wise ? DoorTls::starttls : DoorTls::none;
}

std::optional<Lack> lack_of(const Scenario& scenario, const Ability& can) {
  const auto& needs = scenario.needs;
  auto feature = [](const char* what) { return Lack{Verdict::not_applicable, std::string("the client ") + what}; };
  auto load = [](std::string reason) { return Lack{Verdict::unmet, std::move(reason)}; };
  auto tls = tls_for(scenario);
  auto envelope = envelope_of(scenario);
  if (scenario.main_door().lmtp && !can.lmtp) return feature("doesn't speak LMTP (can.lmtp)");
  if (scenario.main_door().proxy && !can.proxy) return feature("sends no header of the PROXY protocol (can.proxy)");
  if (tls == DoorTls::starttls && !can.tls) return feature("has no STARTTLS (can.tls)");
  if (tls == DoorTls::implicit && !can.implicit_tls) return feature("has no implicit TLS (can.implicit_tls)");
  if (needs_auth(scenario) && !can.auth) return feature("doesn't log in (can.auth)");
  if (needs.bounces && !can.bounces) return feature("takes no mail that comes back (can.bounces)");
  if (envelope.smtputf8 && !can.smtputf8) return feature("has no SMTPUTF8 (can.smtputf8)");
  if (envelope.dsn && !can.dsn) return feature("asks for no delivery notices (can.dsn)");
  if (auto wanted = needs.messages.value_or(1); wanted > can.messages)
    return load(counted_more("messages on a connection", wanted, can.messages));
  if (auto wanted = needs.recipients.value_or(1); wanted > can.recipients)
    return load(counted_more("recipients", wanted, can.recipients));
  if (auto wanted = needs.connections.value_or(1); wanted > can.connections)
    return load(counted_more("connections at a time", wanted, can.connections));
  if (auto wanted = needs.size.value_or(0); wanted > can.size)
    return load("it needs a message of " + format_size(wanted) + ", and the profile says " + format_size(can.size) +
                " (can.size)");
  if (needs.idle && !can.idle) return load("it needs a pause between messages, and the profile says none (can.idle)");
  return std::nullopt;
}

MailTask task_for(const Scenario& scenario, const Profile& profile, double time_scale) {
  const auto& needs = scenario.needs;
  auto seconds = [](double time) { return static_cast<std::uint64_t>(std::ceil(std::max(time, 1.0))); };
  MailTask task;
  task.tls = tls_for(scenario);
  task.auth = needs_auth(scenario);
  auto envelope = envelope_of(scenario);
  task.sender = envelope.sender;
  task.recipients = envelope.recipients;
  task.recipients.resize(needs.recipients.value_or(1));
  for (std::size_t i = 0; i < task.recipients.size(); ++i)
    if (task.recipients[i].empty()) task.recipients[i] = "b" + std::to_string(i + 1) + "@example.net";
  task.messages = needs.messages.value_or(1);
  task.size = needs.size.value_or(0);
  if (needs.idle) task.idle = seconds(in_seconds(*needs.idle) * time_scale);
  task.timeout = seconds(in_seconds(profile.timeout));
  if (!scenario.users.empty()) std::tie(task.user, task.password) = *scenario.users.begin();
  return task;
}

MailFolder::MailFolder(const MailTask& task, const std::string& scenario) {
  std::string name = "/tmp/mailfault-mail-XXXXXX";
  if (!mkdtemp(name.data())) throw Error("no folder for the messages: " + std::string(std::strerror(errno)));
  path_ = name;
  for (std::uint64_t number = 1; number <= task.messages; ++number) {
    auto id = std::to_string(number) + "." + scenario + "@client.example";
    auto body = body_of(number, task.size);
    auto path = path_ + "/" + std::to_string(number) + ".eml";
    std::ofstream file(path, std::ios::binary);
    file << whole_message(task, id, number, body) << std::flush;
    if (!file) throw Error(path + ": the message can't be written: " + std::strerror(errno));
    sources_.push_back({id, std::move(body), task.recipients});
  }
}

MailFolder::~MailFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void tell(const MailTask& task, const MailFolder& folder, const OptionWords& words, Placeholders& to,
          std::map<std::string, std::string>& environment) {
  constexpr std::array<const char*, 3> modes{"none", "starttls", "implicit"};
  std::string mode = modes[static_cast<std::size_t>(task.tls)];
  to.more = {{"user", task.user},
             {"password", task.password},
             {"sender", task.sender},
             {"recipients", join(task.recipients, ",")},
             {"mail", folder.path()},
             {"message", folder.path() + "/1.eml"},
             {"messages", std::to_string(task.messages)},
             {"timeout", std::to_string(task.timeout)},
             {"idle", std::to_string(task.idle)},
             {"tls", mode},
             {"auth", task.auth ? "1" : ""}};
  auto list = words.tls.find(mode);
  auto tls = list == words.tls.end() ? std::vector<std::string>{} : fill_in(list->second, to);
  auto auth = task.auth ? fill_in(words.auth, to) : std::vector<std::string>{};
  std::vector<std::string> recipients;
  for (const auto& each : task.recipients) {
    auto with_it = to;
    with_it.more["recipient"] = each;
    auto of_it = words.recipient.empty() ? std::vector<std::string>{each} : fill_in(words.recipient, with_it);
    recipients.insert(recipients.end(), of_it.begin(), of_it.end());
  }
  to.lists = {{"tls", std::move(tls)}, {"auth", std::move(auth)}, {"recipients", std::move(recipients)}};
  const std::map<std::string, std::string> told{{"MAILFAULT_TLS", mode},
                                                {"MAILFAULT_AUTH", to.more["auth"]},
                                                {"MAILFAULT_SENDER", task.sender},
                                                {"MAILFAULT_RECIPIENTS", join(task.recipients, " ")},
                                                {"MAILFAULT_MAIL", folder.path()},
                                                {"MAILFAULT_MESSAGE", to.more["message"]},
                                                {"MAILFAULT_MESSAGES", to.more["messages"]},
                                                {"MAILFAULT_IDLE", to.more["idle"]},
                                                {"MAILFAULT_TIMEOUT", to.more["timeout"]}};
  for (const auto& [name, value] : told) environment[name] = value;
}

}  // namespace mailfault::runner
