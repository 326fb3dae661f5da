#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "journal/fields.hpp"
#include "journal/json_lines.hpp"

namespace mailfault {
namespace {

namespace json = boost::json;
constexpr std::size_t longest_line = std::size_t{64} << 20;

struct NoTime final : Clock {
  Micros now() const override { return {}; }
};
const NoTime no_time;

template <std::size_t count, class Name>
std::optional<std::size_t> index_of(std::string_view wanted, Name name) {
  for (std::size_t i = 0; i < count; ++i)
    if (name(i) == wanted) return i;
  return std::nullopt;
}

std::optional<EventKind> kind_named(std::string_view name) {
  auto index = index_of<event_kind_count>(name, [](std::size_t i) { return name_of(static_cast<EventKind>(i)); });
  if (!index) return std::nullopt;
  return static_cast<EventKind>(*index);
}

// The bytes whose numbers are the text's code points; none if one is above 255.
std::optional<std::string> as_latin1(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      out += utf8[i];
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < utf8.size()) {
      out += static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// One line's object, and where it stands.
class Fields {
 public:
  Fields(const json::object& object, const Place& place) : object_(object), place_(place) {}

  std::uint64_t number(std::string_view name, std::uint64_t most, std::optional<std::uint64_t> fallback) const {
    const auto* value = object_.if_contains(name);
    if (!value && fallback) return *fallback;
    json::error_code error;
    auto number = value && value->is_number() ? value->to_number<std::uint64_t>(error) : std::uint64_t{0};
    if (!value || !value->is_number() || error || number > most)
      wrong(name, "a whole number up to " + std::to_string(most));
    return number;
  }
  std::string_view text(std::string_view name) const {
    const auto* value = object_.if_contains(name);
    if (!value || !value->is_string()) wrong(name, "a text");
    return value->get_string();
  }
  bool flag(std::string_view name) const {
    const auto* value = object_.if_contains(name);
    return value && value->is_bool() && value->get_bool();
  }
  [[noreturn]] void wrong(std::string_view name, const std::string& wanted) const {
    bool there = object_.contains(name);
    throw Error(place_, std::string("this is no event of a journal: '") + std::string(name) + "' " +
                            (there ? "isn't " : "is missing; it is ") + wanted);
  }

 private:
  const json::object& object_;
  const Place& place_;
};

class Reader {
 public:
  explicit Reader(std::string path) : place_{std::move(path), 0} {}

  void line(std::string_view text) {
    ++place_.line;
    if (trim(text).empty()) return;
    json::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error)
      throw Error(place_, "this is no JSON: " + error.message() +
                              "; a journal has one whole object on each line (was the file cut off?)");
    if (!value.is_object()) throw Error(place_, "this is no JSON object; a journal has one on each line");
    add(Fields(value.get_object(), place_));
  }
  Recording take() { return std::move(recording_); }

 private:
  void add(const Fields& fields) {
    auto kind = kind_named(fields.text("kind"));
    if (!kind) return;  // of a later version
    Event event{.kind = *kind};
    event.at = Micros(fields.number("at", std::uint64_t{1} << 62, std::nullopt));
    auto at = static_cast<std::uint64_t>(event.at.count());
    auto to = fields.number("to", std::uint64_t{1} << 62, at);
    if (to < at || to - at > std::numeric_limits<std::uint32_t>::max())
      fields.wrong("to", "a moment that soon follows 'at'");
    event.span_us = static_cast<std::uint32_t>(to - at);
    event.connection =
        static_cast<std::uint32_t>(fields.number("connection", std::numeric_limits<std::uint32_t>::max(), 0));
    event.code = static_cast<std::uint16_t>(fields.number("code", 9999, 0));
    if (has_stage(*kind)) {
      auto stage = stage_named(fields.text("stage"));
      if (!stage) fields.wrong("stage", "a stage's name");
      event.stage = *stage;
    }
    auto name = number_name(*kind);
    event.number = fields.number(name.empty() ? "number" : name, std::numeric_limits<std::uint64_t>::max(), 0);
    std::string_view text = fields.text("text");
    std::optional<std::string> bytes;
    if (fields.flag("latin1")) {
      bytes = as_latin1(text);
      if (!bytes) fields.wrong("text", "in Latin-1, as 'latin1' says");
      text = *bytes;
    }
    auto index = run_of(fields.text("instance"), event, text);
    auto& journal = *recording_.runs[index].journal;
    journal.add(event, text);
    if (journal.full()) throw Error(place_, "this journal has more than 256 MiB of events of one server");
    recording_.order.push_back({index, journal.size() - 1});
  }

  // A server that begins again says so, by the name of the one before.
  std::size_t run_of(std::string_view instance, const Event& event, std::string_view text) {
    auto& runs = recording_.runs;
    bool begins = event.kind == EventKind::fact && event.connection == 0 &&
                  (text.starts_with("scenario ") || text.starts_with("recording "));
    for (auto i = runs.size(); i-- > 0 && !begins;)
      if (runs[i].instance == instance) return i;
    runs.push_back({std::string(instance), std::make_unique<Journal>(no_time)});
    return runs.size() - 1;
  }

  Place place_;
  Recording recording_;
};

}  // namespace

Recording read_json_lines(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Error(path + ": this is a folder; name a journal in it");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path + ": can't be read: " + std::strerror(errno));
  Reader reader(path);
  std::string waiting;
  std::array<char, 65536> piece;
  int number = 1;
  while (file.read(piece.data(), piece.size()), file.gcount() > 0) {
    std::string_view bytes(piece.data(), static_cast<std::size_t>(file.gcount()));
    for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos; ++number) {
      waiting += bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      reader.line(waiting);
      waiting.clear();
    }
    waiting += bytes;
    if (waiting.size() > longest_line) throw Error(Place{path, number}, "a line of over 64 MiB: this is no journal");
  }
  if (!waiting.empty()) reader.line(waiting);
  auto recording = reader.take();
  if (recording.order.empty())
    throw Error(path + ": there is no event in it; a journal is what '--journal FILE' writes");
  return recording;
}

bool looks_like_json_lines(const std::string& path) {
  if (path.ends_with(".jsonl")) return true;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 6> head{};
  file.read(head.data(), head.size());
  return std::string_view(head.data(), static_cast<std::size_t>(file.gcount())) == "{\"at\":";
}

}  // namespace mailfault
