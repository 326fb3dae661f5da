#include "cli/recorded.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>

#include "base/text.hpp"
#include "smtp/sender.hpp"

namespace mailfault::cli {
namespace {

using Kind = RecordedStep::Kind;
using Answer = RecordedAnswer::Kind;
constexpr std::uint64_t largest_body = std::uint64_t{64} << 20;

std::string filler(std::uint64_t size) {
  std::string out = "Subject: replayed by mailfault\r\n\r\n";
  size = std::min(size, largest_body);
  if (size < out.size()) out = "\r\n";
  while (out.size() < size) {
    auto length = std::min<std::uint64_t>(76, size - out.size());
    out += length > 2 ? std::string(length - 2, 'x') + "\r\n" : std::string("\r\n").substr(0, length);
  }
  return out;
}

bool is_verb(std::string_view line, std::string_view verb) {
  return equals_ignoring_case(line.substr(0, line.find(' ')), verb);
}

/// The bytes that follow a BDAT line (RFC 3030).
std::uint64_t chunk_size(std::string_view line) {
  auto words = split(line, ' ');
  std::uint64_t size = 0;
  if (words.size() > 1) std::from_chars(words[1].data(), words[1].data() + words[1].size(), size);
  return std::min(size, largest_body);
}

/// The steps of one connection, in the making: an answer belongs to the oldest step that has none.
class Builder {
 public:
  RecordedStep& add(Kind kind, std::string line = "", std::string bytes = "") {
    talk_.steps.push_back({kind, std::move(line), std::move(bytes), {}});
    if (kind != Kind::tls && kind != Kind::ready && kind != Kind::login) open_.push_back(talk_.steps.size() - 1);
    return talk_.steps.back();
  }
  /// Where nothing but the greeting is due, it comes first.
  void add_tls() {
    if (talk_.steps.size() != 1 || open_.empty()) return void(add(Kind::tls));
    talk_.steps.insert(talk_.steps.begin(), RecordedStep{Kind::tls, "", "", {}});
    ++open_.front();
  }
  RecordedStep& answer(RecordedAnswer answer) {
    if (open_.empty()) add(Kind::listen);
    auto& step = talk_.steps[open_.front()];
    open_.pop_front();
    step.answer = std::move(answer);
    return step;
  }
  /// Where an answer was due, this came instead.
  void instead(Answer kind) {
    for (auto index : open_) talk_.steps[index].answer.kind = kind;
    open_.clear();
  }
  bool empty() const { return talk_.steps.empty(); }
  RecordedTalk take(std::string name) {
    talk_.name = std::move(name);
    return std::move(talk_);
  }
  RecordedTalk& talk() { return talk_; }

 private:
  RecordedTalk talk_;
  std::deque<std::size_t> open_;
};

void add_event(Builder& to, const Event& event) {
  auto text = std::string(event.text());
  switch (event.kind) {
    case EventKind::connected:
      to.add(Kind::listen);  // for the greeting
      return;
    case EventKind::command:
      to.add(Kind::say, text, is_verb(text, "BDAT") ? filler(chunk_size(text)) : "");
      return;
    case EventKind::content: {
      const auto& steps = to.talk().steps;
      if (!steps.empty() && is_verb(steps.back().line, "BDAT")) return;
      to.add(Kind::body, "", smtp::dot_stuffed(filler(event.number)));
      return;
    }
    case EventKind::reply:
      to.answer({Answer::reply, event.code, text});
      return;
    case EventKind::tls:
      if (!event.text().starts_with("up ")) return;
      to.add_tls();
      return;
    case EventKind::ended:
      to.instead(event.text().starts_with("server") ? Answer::end : Answer::silence);
      return;
    default:
      return;
  }
}

/// An example's transcript, in the language's own form; engine/replay.cpp plays it in full.
class ExampleReader {
 public:
  void line(std::string_view line) {
    auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    int number = 1;
    if (colon > 1) std::from_chars(line.data() + 1, line.data() + colon, number);
    auto [found, fresh] = all_.try_emplace(number);
    auto& to = found->second;
    auto rest = line.substr(colon + 1);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    bool event = rest.size() > 2 && rest.front() == '<' && rest.back() == '>' && rest[1] >= 'a' && rest[1] <= 'z';
    auto inside = event ? rest.substr(1, rest.size() - 2) : std::string_view();
    auto word = inside.substr(0, inside.find(' '));
    auto argument = word.size() == inside.size() ? std::string_view() : inside.substr(word.size() + 1);
    auto first = [&] { return to.steps.empty(); };
    if (line[0] == 'S') return event ? server_event(to, word) : reply(to, rest);
    if (event && word == "body") {
      to.bytes += filler(parse_size(argument).value_or(0));
    } else if (event) {
      if (word == "tls" || word == "hello") to.steps.add(Kind::tls);
      if (word == "ehlo") to.steps.add(Kind::ready);
      if (word == "login") to.steps.add(Kind::login);
    } else if (to.in_body) {
      to.bytes.append(rest).append("\r\n");
      if (rest != ".") return;
      to.steps.add(Kind::body, "", std::exchange(to.bytes, {}));
      to.in_body = false;
    } else if (to.chunk > 0) {
      auto bytes = (std::string(rest) + "\r\n").substr(0, to.chunk);
      to.chunk -= bytes.size();
      to.steps.talk().steps.back().bytes += bytes;
    } else {
      if (first()) to.steps.add(Kind::listen);
      to.steps.add(Kind::say, std::string(rest));
      if (is_verb(rest, "BDAT")) to.chunk = chunk_size(rest);
    }
  }
  std::vector<RecordedTalk> take(const std::string& name) {
    std::vector<RecordedTalk> out;
    for (auto& [number, each] : all_)
      if (!each.steps.empty())
        out.push_back(each.steps.take(name + (all_.size() > 1 ? ", client " + std::to_string(number) : "")));
    return out;
  }

 private:
  struct Client {
    Builder steps;
    std::string bytes, reply;
    std::uint64_t chunk = 0;
    bool in_body = false;
  };

  static void server_event(Client& to, std::string_view word) {
    if (word == "silence") to.steps.instead(Answer::silence);
    if (word == "close" || word == "reset") to.steps.instead(Answer::end);
  }

  static void reply(Client& to, std::string_view line) {
    bool cut = line.ends_with("<cut>");
    if (cut) line.remove_suffix(5);
    to.reply += (to.reply.empty() ? "" : "\r\n") + std::string(line);
    if (!cut && line.size() > 3 && line[3] == '-') return;
    auto text = std::exchange(to.reply, {});
    if (cut) return;  // no whole one came
    int code = 0;
    if (text.size() >= 3) std::from_chars(text.data(), text.data() + 3, code);
    auto& step = to.steps.answer({Answer::reply, code, std::move(text), true});
    to.in_body = to.in_body || (code == 354 && is_verb(step.line, "DATA"));
  }

  std::map<int, Client> all_;
};

}  // namespace

std::vector<RecordedTalk> talks_of(const Recording& recording) {
  std::vector<RecordedTalk> out;
  for (const auto& run : recording.runs) {
    std::map<std::uint32_t, Builder> all;
    for (const auto& event : *run.journal)
      if (event.connection > 0) add_event(all[event.connection], event);
    for (auto& [number, each] : all)
      if (!each.empty()) out.push_back(each.take(run.instance + " #" + std::to_string(number)));
  }
  return out;
}

std::vector<RecordedTalk> talks_of(const Scenario& scenario) {
  std::vector<RecordedTalk> out;
  for (const auto& example : scenario.examples) {
    ExampleReader reader;
    for (auto line : split(example.transcript, '\n'))
      if (auto text = trim(line); !text.empty()) reader.line(text);
    for (auto& talk : reader.take(scenario.path + ":" + std::to_string(example.line))) out.push_back(std::move(talk));
  }
  return out;
}

}  // namespace mailfault::cli
