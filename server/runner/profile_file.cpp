#include "runner/profile_file.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::runner {
namespace {

namespace json = boost::json;

/// A value, and where it stands for an error: "client.json: can.size".
struct At {
  const json::value& value;
  std::string where;

  const json::object& object() const {
    if (!value.is_object()) throw Error(where + ": an object is wanted, {…}");
    return value.get_object();
  }
  bool boolean() const {
    if (!value.is_bool()) throw Error(where + ": true or false is wanted");
    return value.get_bool();
  }
  std::string text() const {
    if (!value.is_string()) throw Error(where + ": a text is wanted, \"…\"");
    return std::string(value.get_string());
  }
  std::vector<std::string> words() const {
    if (!value.is_array()) throw Error(where + ": a list of words is wanted, [\"…\", \"…\"]");
    std::vector<std::string> out;
    for (const auto& each : value.get_array()) out.push_back(At{each, where}.text());
    return out;
  }
  std::uint64_t whole() const {
    if (value.is_int64() && value.get_int64() > 0) return static_cast<std::uint64_t>(value.get_int64());
    throw Error(where + ": a whole number above 0 is wanted");
  }
  std::uint64_t size() const {
    if (!value.is_string()) return whole();
    auto parsed = parse_size(value.get_string());
    if (!parsed) throw Error(where + ": a size is wanted, such as \"64MiB\"");
    return *parsed;
  }
  Micros time() const {
    auto parsed = value.is_string() ? parse_duration(value.get_string()) : std::nullopt;
    if (!parsed || *parsed <= Micros{}) throw Error(where + ": a duration is wanted, such as \"3s\"");
    return *parsed;
  }
  Word word() const {
    constexpr std::array<std::string_view, 6> known{"sent",          "temporary", "permanent",
                                                    "misconfigured", "refused",   "failed"};
    std::string_view said = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
    auto named = word_named(said);
    if (!named || *named == Word::none)
      throw Error(where + ": " + json::serialize(value) + " is none of " +
                  join(std::vector<std::string>(known.begin(), known.end()), ", ") + did_you_mean(said, known));
    return *named;
  }
  std::map<int, Word> exits() const {
    std::map<int, Word> out;
    for (const auto& item : object()) {
      std::string key(item.key());
      bool digits = !key.empty() && key.size() <= 3 && key.find_first_not_of("0123456789") == std::string::npos;
      if (!digits || std::stoi(key) > 255)
        throw Error(where + ": \"" + printable(key) + "\" is no exit status, 0 to 255");
      out[std::stoi(key)] = At{item.value(), where + "." + key}.word();
    }
    return out;
  }
};

struct Field {
  std::string_view name;
  std::function<void(const At&)> take;
};

/// What an object has, by the table of what it may have.
void read_fields(const At& given, std::string_view of, const std::vector<Field>& fields) {
  for (const auto& item : given.object()) {
    auto field =
        std::find_if(fields.begin(), fields.end(), [&](const Field& each) { return each.name == item.key(); });
    if (field == fields.end()) {
      std::vector<std::string_view> known;
      for (const auto& each : fields) known.push_back(each.name);
      throw Error(given.where + ": \"" + printable(item.key()) + "\" is no field of " + std::string(of) +
                  did_you_mean(item.key(), known));
    }
    auto within = given.where.find(": ") == std::string::npos ? ": " : ".";
    field->take({item.value(), given.where + within + std::string(item.key())});
  }
}

Ability ability_of(const At& given) {
  Ability out;
  auto flag = [](bool& to) { return [&to](const At& at) { to = at.boolean(); }; };
  auto number = [](std::uint64_t& to) { return [&to](const At& at) { to = at.whole(); }; };
  read_fields(given, "what a client can",
              {{"messages", number(out.messages)},
               {"recipients", number(out.recipients)},
               {"connections", number(out.connections)},
               {"size", [&](const At& at) { out.size = at.size(); }},
               {"idle", flag(out.idle)},
               {"tls", flag(out.tls)},
               {"implicit_tls", flag(out.implicit_tls)},
               {"auth", flag(out.auth)},
               {"smtputf8", flag(out.smtputf8)},
               {"dsn", flag(out.dsn)},
               {"lmtp", flag(out.lmtp)},
               {"proxy", flag(out.proxy)},
               {"bounces", flag(out.bounces)}});
  return out;
}

OptionWords words_of(const At& given) {
  OptionWords out;
  auto list = [](std::vector<std::string>& to) { return [&to](const At& at) { to = at.words(); }; };
  auto mode = [&](const char* name) { return Field{name, list(out.tls[name])}; };
  read_fields(given, "a profile's words",
              {{"tls",
                [&](const At& at) {
                  read_fields(at, "tls", {mode("none"), mode("starttls"), mode("implicit")});
                }},
               {"auth", list(out.auth)},
               {"recipient", list(out.recipient)}});
  return out;
}

/// `{here}` in them is the folder of the profile, so that it can stand beside a program of its own.
std::vector<std::string> words_of_program(const At& given, const std::string& path) {
  constexpr std::string_view name = "{here}";
  auto here = std::filesystem::absolute(path).parent_path().string();
  auto out = given.words();
  for (auto& word : out)
    for (auto at = word.find(name); at != std::string::npos; at = word.find(name, at + here.size()))
      word.replace(at, name.size(), here);
  return out;
}

Profile parse_profile(const std::string& path, const json::value& given) {
  Profile out;
  out.name = path;
  read_fields(
      {given, path}, "a profile",
      {{"name", [&](const At& at) { out.name = at.text(); }},
       {"exits", [&](const At& at) { out.exits = at.exits(); }},
       {"exits_without_code", [&](const At& at) { out.exits_without_code = at.exits(); }},
       {"names",
        [&](const At& at) {
          for (const auto& each : at.object())
            out.names[std::string(each.key())] = At{each.value(), at.where + "." + std::string(each.key())}.word();
        }},
       {"reply_code_in_output", [&](const At& at) { out.reply_code_in_output = at.boolean(); }},
       {"timeouts_scaled", [&](const At& at) { out.timeouts_scaled = at.boolean(); }},
       {"command", [&](const At& at) { out.command = words_of_program(at, path); }},
       {"version", [&](const At& at) { out.version = words_of_program(at, path); }},
       {"host", [&](const At& at) { out.host = at.text(); }},
       {"words", [&](const At& at) { out.words = words_of(at); }},
       {"can", [&](const At& at) { out.can = ability_of(at); }},
       {"timeout", [&](const At& at) { out.timeout = at.time(); }},
       {"limit", [&](const At& at) { out.limit = at.time(); }},
       {"retries", [&](const At& at) { out.retries = at.boolean(); }},
       {"notes", [&](const At& at) { out.notes = at.text(); }}});
  return out;
}

}  // namespace

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

}  // namespace mailfault::runner
