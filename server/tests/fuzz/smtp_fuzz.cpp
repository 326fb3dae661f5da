// Whatever a client sends, and however it is split, the protocol's readers see the same.
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "smtp/body.hpp"
#include "smtp/capabilities.hpp"
#include "smtp/command.hpp"
#include "smtp/input.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace mailfault::smtp;

// A session that records all that it sees. The body begins at once behind DATA, so that both readers meet.
class Session {
 public:
  Session(std::uint64_t limit, std::uint64_t step) : limit_(limit), step_(step) {}

  void feed(std::string_view bytes) {
    const std::vector<char> borrowed(bytes.begin(), bytes.end());
    input_.feed({borrowed.data(), borrowed.size()});
    while (in_body_ ? read_body() : read_line()) continue;
    input_.keep();
  }

  std::string record() {
    note("left", input_.dropped_of_line() + input_.pending().size());
    if (in_body_) note_body("unfinished");
    return std::move(record_);
  }

 private:
  bool read_line() {
    const std::optional<std::string_view> peeked = input_.peek_line();
    const std::string before(peeked.value_or(std::string_view()));
    const std::optional<Line> line = input_.take_line();
    require(peeked.has_value() == (line && !line->too_long), "peek_line() sees what take_line() gives");
    if (!line) return false;
    require(!peeked || before == line->text, "peek_line() gives the text of take_line()");
    require(line->offset + line->size == input_.taken(), "a line ends where the next begins");
    note("line", line->offset);
    note("size", line->size);
    note("flags", line->bare_lf | line->bare_cr << 1 | line->nul << 2 | line->too_long << 3);
    record_ += line->text;

    const Command command = parse_command(line->text);
    note("verb", static_cast<std::uint64_t>(command.verb));
    require(command.name.size() + command.argument.size() <= line->text.size(), "a command is within its line");
    note_envelope(parse_mail(command.argument), command.argument);
    note_envelope(parse_rcpt(command.argument), command.argument);
    note("helo", is_helo_name(command.argument));
    if (command.verb == Verb::data) {
      in_body_ = true;
      stop_at_ = step_;
      body_ = BodyReader(limit_, step_);
    }
    return true;
  }

  bool read_body() {
    if (input_.pending().empty()) return false;
    const std::size_t count = body_.feed(input_.pending(), stop_at_);
    input_.skip(count);
    require(body_.size() <= stop_at_, "the body stops where it is told");
    require(body_.text().size() <= body_.size() && body_.text().size() <= limit_, "the text is within its limit");
    if (body_.complete()) {
      note_body("body");
      in_body_ = false;
    } else if (body_.size() == stop_at_) {
      note_body("stop");
      stop_at_ += step_;
    } else {
      require(input_.pending().empty(), "the body takes all up to its end or stop");
    }
    return true;
  }

  void note(std::string_view what, std::uint64_t value) {
    record_ += '\n';
    record_ += what;
    record_ += ' ';
    record_ += std::to_string(value);
    record_ += ' ';
  }

  void note_body(std::string_view what) {
    const BodyFacts& facts = body_.facts();
    note(what, body_.size());
    note("taken", input_.taken());
    note("bare_lf", facts.bare_lf);
    note("bare_cr", facts.bare_cr);
    note("nul", facts.nul);
    note("long", facts.lines_over_998);
    note("8bit", facts.eight_bit);
    note("text", std::hash<std::string>()(body_.text()));
  }

  void note_envelope(const std::variant<Envelope, SyntaxError>& result, std::string_view argument) {
    if (const auto* error = std::get_if<SyntaxError>(&result)) {
      require(error->code == 501 && error->text.size() < 256, "an error fits into a reply");
      record_ += error->text;
      return;
    }
    const Envelope& envelope = std::get<Envelope>(result);
    require(argument.find(envelope.path.address) != std::string_view::npos, "the address is as written");
    require(envelope.path.local_part.size() <= 64 && envelope.path.domain.size() <= 255, "a path has its limits");
    record_ += envelope.path.address + '|' + envelope.path.local_part + '|' + envelope.path.domain;
    for (const Parameter& parameter : envelope.parameters) {
      record_ += ' ' + parameter.keyword + '=' + parameter.value.value_or("-");
      require(keyword_for(parameter.keyword).size() < 64, "a keyword is from the table");
    }
    std::string_view rest;
    const std::string bracketed = '<' + envelope.path.address + '>';
    const std::optional<Path> again = parse_path(bracketed, rest);
    require(again && rest.empty() && again->local_part == envelope.path.local_part, "an address reads back");
  }

  std::uint64_t limit_;
  std::uint64_t step_;
  std::uint64_t stop_at_ = 0;
  Input input_;
  BodyReader body_{0};
  bool in_body_ = false;
  std::string record_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  std::mt19937 random(data[0]);
  const std::uint64_t limit = data[1] < 128 ? ~std::uint64_t{0} : data[1] - 128U;
  const std::uint64_t step = data[2] == 0 ? ~std::uint64_t{0} >> 1 : data[2];
  const std::string bytes(reinterpret_cast<const char*>(data) + 3, size - 3);

  const auto record_in_chunks = [&](auto next_size) {
    Session session(limit, step);
    for (std::string_view rest = bytes; !rest.empty();) {
      const std::string_view chunk = rest.substr(0, next_size());
      session.feed(chunk);
      rest.remove_prefix(chunk.size());
    }
    return session.record();
  };
  const std::string whole = record_in_chunks([&] { return bytes.size(); });
  require(record_in_chunks([] { return 1U; }) == whole, "byte by byte is as whole");
  require(record_in_chunks([&] { return 1 + random() % 9; }) == whole, "small chunks are as whole");
  require(record_in_chunks([&] { return 1 + random() % 8192; }) == whole, "large chunks are as whole");

  parse_offer(bytes);
  return 0;
}
