#include <cctype>

#include "base/error.hpp"
#include "base/text.hpp"
#include "runner/supervise.hpp"

namespace mailfault::runner {
namespace {

std::string in_url(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string address_of(const Placeholders& values) { return in_url(values.host) + ":" + std::to_string(values.port); }

/// RFC 3986: all but its unreserved characters.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (unreserved.find(c) != std::string_view::npos)
      out += c;
    else
      out += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return out;
}

std::string port_of(std::string_view door, const Placeholders& values) {
  if (auto found = values.door_ports.find(std::string(door)); found != values.door_ports.end())
    return std::to_string(found->second);
  std::vector<std::string_view> known;
  std::vector<std::string> shown;
  for (const auto& [name, port] : values.door_ports) {
    known.push_back(name);
    shown.push_back("{port." + name + "}");
  }
  throw Error("{port." + std::string(door) + "}: the scenario has no such door" + did_you_mean(door, known) +
              (shown.empty() ? "" : "; it has " + join(shown, ", ")));
}

/// What stands between braces; none: it isn't one of ours.
std::optional<std::string> value_of(std::string_view name, const Placeholders& values) {
  if (name == "host") return values.host;
  if (name == "port") return std::to_string(values.port);
  if (name == "url") return values.scheme + "://" + address_of(values);
  if (auto found = values.more.find(std::string(name)); found != values.more.end()) return found->second;
  if (name.starts_with("port.")) return port_of(name.substr(5), values);
  if (name != "ca") return std::nullopt;
  if (values.ca.empty())
    throw Error(
        "{ca}: the scenario says nothing of TLS, so there is no CA to trust; leave the word out, or say --tls");
  return values.ca;
}

std::string fill_in(std::string_view word, const Placeholders& values) {
  std::string out;
  while (!word.empty()) {
    auto close = word.front() == '{' ? word.find('}') : std::string_view::npos;
    auto value = close == std::string_view::npos ? std::nullopt : value_of(word.substr(1, close - 1), values);
    out += value ? *value : std::string(1, word.front());
    word.remove_prefix(value ? close + 1 : 1);
  }
  return out;
}

/// "MAILFAULT_SUBMISSION_PORT"
std::string variable_of(std::string_view door) {
  auto name = upper(door);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return "MAILFAULT_" + name + "_PORT";
}

}  // namespace

std::vector<std::string> fill_in(const std::vector<std::string>& words, const Placeholders& values) {
  std::vector<std::string> out;
  for (const auto& word : words) {
    bool in_braces = word.size() > 2 && word.starts_with('{') && word.ends_with('}');
    auto list = in_braces ? values.lists.find(word.substr(1, word.size() - 2)) : values.lists.end();
    if (list == values.lists.end())
      out.push_back(fill_in(word, values));
    else
      out.insert(out.end(), list->second.begin(), list->second.end());
  }
  return out;
}

std::map<std::string, std::string> environment_for(const Placeholders& values, const std::string& user,
                                                   const std::string& password, const std::string& needs,
                                                   const std::string& scenario, const std::string& report_file) {
  auto login = user.empty() ? "" : percent_encoded(user) + ":" + percent_encoded(password) + "@";
  std::map<std::string, std::string> all{
      {"SMTP_HOST", values.host},
      {"SMTP_PORT", std::to_string(values.port)},
      {"SMTP_URL", values.scheme + "://" + login + address_of(values)},
      {"SMTP_USER", user},
      {"SMTP_PASSWORD", password},
      {"MAILFAULT_NEEDS", needs},
      {"MAILFAULT_SCENARIO", scenario},
      {"MAILFAULT_REPORT", report_file},
  };
  for (const auto& [door, port] : values.door_ports) all[variable_of(door)] = std::to_string(port);
  if (!values.ca.empty()) all["MAILFAULT_CA"] = values.ca;
  return all;
}

}  // namespace mailfault::runner
