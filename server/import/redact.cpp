#include "import/redact.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "import/lines.hpp"

namespace mailfault::recorded {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool of_a_word(char c) {
  return letter(c) || digit(c) || std::string_view("._+%=@:-/~!#$&'*").find(c) != std::string_view::npos || c < 0;
}

bool is_ipv4(std::string_view word) {
  auto parts = split(word, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view each) {
           return !each.empty() && each.size() <= 3 && std::all_of(each.begin(), each.end(), digit);
         });
}

bool is_ipv6(std::string_view word) {
  bool hex = std::all_of(word.begin(), word.end(), [](char c) {
    return digit(c) || c == ':' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  return hex && (word.find("::") != std::string_view::npos || std::count(word.begin(), word.end(), ':') == 7);
}

bool is_host(std::string_view word) {
  auto labels = split(word, '.');
  if (labels.size() < 2 || labels.back().size() < 2 ||
      !std::all_of(labels.back().begin(), labels.back().end(), letter))
    return false;
  return std::all_of(labels.begin(), labels.end(), [](std::string_view each) {
    return !each.empty() && std::all_of(each.begin(), each.end(), [](char c) {
      return letter(c) || digit(c) || c == '-' || c == '_' || c < 0;
    });
  });
}

// Names that tell nothing of the customer, and with which a reader finds help.
bool is_public(std::string_view host) {
  static constexpr std::array known{
      "google.com",    "gmail.com",    "outlook.com",          "office365.com",  "office.com",
      "microsoft.com", "yahoo.com",    "yahoodns.net",         "icloud.com",     "apple.com",
      "spamhaus.org",  "spamhaus.net", "barracudacentral.org", "aka.ms",         "amazonses.com",
      "sendgrid.net",  "sendgrid.com", "mailgun.org",          "mailgun.com",    "zoho.com",
      "yandex.ru",     "yandex.com",   "postmarkapp.com",      "proofpoint.com", "mimecast.com",
      "example",       "example.com",  "example.net",          "example.org"};
  auto lowered = lower(host);
  return std::any_of(known.begin(), known.end(), [&](std::string_view each) {
    return lowered == each || lowered.ends_with("." + std::string(each));
  });
}

bool is_id(std::string_view word) {
  auto digits = std::count_if(word.begin(), word.end(), digit),
       letters = std::count_if(word.begin(), word.end(), letter);
  if (word.starts_with("SCRAM-")) return false;
  auto prompt = from_base64(word);  // a login's, which servers repeat in their errors
  if (prompt && (*prompt == "Username:" || *prompt == "Password:")) return false;
  return (word.size() >= 10 && digits >= 2 && letters >= 1 && word.find("://") == std::string_view::npos) ||
         (word.size() >= 12 && digits >= 12) || word.size() >= 40;
}

}  // namespace

Keep parse_keep(std::string_view list) {
  Keep keep;
  static constexpr std::array<std::string_view, 4> known{"addresses", "hosts", "ids", "text"};
  for (auto word : split(list, ',')) {
    word = trim(word);
    if (word == "addresses")
      keep.addresses = true;
    else if (word == "hosts")
      keep.hosts = true;
    else if (word == "ids")
      keep.ids = true;
    else if (word == "text")
      keep.text = true;
    else if (!word.empty())
      throw Error("--keep " + std::string(word) + ": addresses, hosts, ids and text can be kept" +
                  (word == "credentials" ? "; credentials never are" : did_you_mean(word, known)));
  }
  return keep;
}

Redactor::Redactor(const Conversation& conversation, Keep keep) : keep_(keep) {
  auto secret = [&](std::string_view text) {
    if (text.size() > 3) secrets_.emplace(text);
  };
  auto credential = [&](std::string_view text) {
    text = trim(text);
    if (text.empty() || text == "*" || text == "=") return;
    secret(text);
    auto bytes = from_base64(text);
    if (!bytes) return;
    for (auto part : split(*bytes, '\0'))
      for (auto piece : split(part, '\1')) {
        // A user's name is an address as others, or what is logged in with.
        auto value = piece.substr(piece.find("auth=Bearer ") == 0 ? 12 : 0);
        if (value.starts_with("user=")) value.remove_prefix(5);
        if (value.find('@') == std::string_view::npos) secret(value);
      }
  };
  for (const auto& connection : conversation.connections) {
    bool auth = false;
    for (const auto& turn : connection.turns) {
      if (turn.who == Turn::Who::client && auth) {
        credential(turn.text);
      } else if (turn.who == Turn::Who::client && verb_of(turn.text) == "AUTH") {
        auto words = split(turn.text, ' ');
        if (words.size() > 2) credential(words.back());
        auth = true;
      } else if (turn.who == Turn::Who::server && !turn.text.starts_with("334")) {
        auth = false;
      }
      if (turn.who == Turn::Who::server && host_.empty() && turn.text.starts_with("2") && turn.text.size() > 4) {
        auto word = std::string_view(turn.text).substr(4);
        word = word.substr(0, word.find(' '));
        if (is_host(word)) host_ = lower(word);
      }
    }
  }
  for (const auto& connection : conversation.connections)  // numbered as they came
    for (const auto& turn : connection.turns)
      if (auto verb = verb_of(turn.text); turn.who == Turn::Who::client && (verb == "MAIL" || verb == "RCPT"))
        clean(turn.text);
}

std::string Redactor::stable(std::map<std::string, std::string>& known, std::string_view word,
                             const std::string& before, const std::string& after) {
  auto& to = known[lower(word)];
  if (to.empty()) to = before + std::to_string(known.size()) + after;
  return to;
}

std::string Redactor::clean_word(std::string_view word) {
  if (word.empty()) return {};
  if (auto at = word.find('@'); at != std::string_view::npos && at > 0 && at + 1 < word.size()) {
    if (keep_.addresses) return std::string(word);
    auto equals = word.substr(0, at).rfind('=');  // to=bob@example.net
    if (equals != std::string_view::npos && equals > 0 && equals < 16)
      return std::string(word.substr(0, equals + 1)) + clean_word(word.substr(equals + 1));
    return stable(addresses_, word, "user", "@example.com");
  }
  if (is_ipv4(word)) {
    if (keep_.hosts) return std::string(word);
    return stable(peers_, word, "192.0.2.", "");
  }
  if (is_ipv6(word)) return keep_.hosts ? std::string(word) : stable(peers_, word, "2001:db8::", "");
  if (is_host(word)) {
    if (lower(word) == host_ && !(keep_.hosts && !in_template_)) return in_template_ ? "{host}" : "mx.example.com";
    if (keep_.hosts || is_public(word)) return std::string(word);
    return stable(hosts_, word, "host", ".example.net");
  }
  for (char cut : {'/', ':', '=', '#', '&', '\''}) {
    auto at = word.find(cut);
    if (at != std::string_view::npos) return clean_word(word.substr(0, at)) + cut + clean_word(word.substr(at + 1));
  }
  if (is_id(word) && !keep_.ids) return stable(ids_, word, "id", "");
  return std::string(word);
}

// Punctuation at the end isn't of the word.
std::string Redactor::replace_word(std::string_view word) {
  static constexpr std::string_view around = ".:'!*-=";
  auto begin = word.find_first_not_of(around);
  if (begin == std::string_view::npos) return std::string(word);
  auto end = word.find_last_not_of(around) + 1;
  auto core = word.substr(begin, end - begin);
  std::string prefix;
  if (auto lowered = lower(core.substr(0, 7)); lowered.starts_with("mailto:")) {
    prefix = core.substr(0, 7);
  } else if (lowered.starts_with("ipv6:")) {
    prefix = core.substr(0, 5);
  }
  core.remove_prefix(prefix.size());
  return std::string(word.substr(0, begin)) + prefix + clean_word(core) + std::string(word.substr(end));
}

std::string Redactor::clean(std::string_view text) {
  std::string rest(text);
  for (const auto& secret : secrets_)
    for (auto at = rest.find(secret); at != std::string::npos; at = rest.find(secret, at)) {
      rest.replace(at, secret.size(), "REDACTED");
      ++secrets_met_;
      at += 8;
    }
  std::string out;
  for (std::size_t at = 0; at < rest.size();) {
    auto end = at;
    while (end < rest.size() && of_a_word(rest[end])) ++end;
    if (end > at) {
      out += replace_word(std::string_view(rest).substr(at, end - at));
      at = end;
    } else {
      out += rest[at++];
    }
  }
  return out;
}

std::string Redactor::clean_template(std::string_view text) {
  std::string safe(text);
  for (auto at = safe.find('{'); at != std::string::npos; at = safe.find('{', at + 1)) {
    auto end = safe.find('}', at);
    if (end == std::string::npos) break;
    safe[at] = '(';
    safe[end] = ')';
  }
  in_template_ = true;
  auto out = clean(safe);
  in_template_ = false;
  return out;
}

std::vector<std::string> Redactor::replaced() const {
  std::vector<std::string> lines;
  for (const auto* each : {&addresses_, &hosts_, &peers_, &ids_})
    for (const auto& [from, to] : *each) lines.push_back(from + " -> " + to);
  if (!host_.empty() && !keep_.hosts) lines.push_back(host_ + " -> {host}");
  if (!secrets_.empty()) lines.push_back(counted(secrets_.size(), "credential", "credentials") + " left out");
  return lines;
}

}  // namespace mailfault::recorded
