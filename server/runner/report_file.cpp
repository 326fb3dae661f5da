#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "runner/supervise.hpp"
#include "wire/sockets.hpp"

namespace mailfault::runner {
namespace {

constexpr std::size_t largest = 4 << 20;
constexpr std::array<std::string_view, 6> known{"sent",          "temporary", "permanent",
                                                "misconfigured", "refused",   "failed"};

std::string text_of(const std::string& path) {
  wire::Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe of that name must not hold us up
  if (!file && errno == ENOENT) return "";                               // it was the command's to remove
  std::string text;
  std::array<char, 65536> buffer;
  ssize_t count = file ? 1 : -1;
  while (count > 0 && text.size() <= largest)
    if ((count = read(file.get(), buffer.data(), buffer.size())) > 0)
      text.append(buffer.data(), static_cast<std::size_t>(count));
  if (count < 0) throw Error({path, 0}, std::string("the report can't be read: ") + std::strerror(errno));
  if (text.size() > largest)
    throw Error({path, 0}, "the report is larger than " + format_size(largest) + ": write a line for each message");
  return text;
}

std::string without_brackets(std::string_view text) {
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::istringstream in{std::string(line)};
  for (std::string word; in >> word && word[0] != '#';) words.push_back(word);
  return words;
}

}  // namespace

std::vector<ClientWord> read_report(const std::string& path) {
  auto text = text_of(path);
  std::vector<ClientWord> all;
  int number = 0;
  for (auto line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    auto words = words_of(line);
    if (words.empty()) continue;
    auto wrong = [&](const std::string& what) {
      return Error({path, number},
                   what +
                       "; a line is WORD [<message-id>] [recipient], and WORD one of sent, temporary, "
                       "permanent, misconfigured, refused, failed");
    };
    ClientWord said;
    said.origin = "line " + std::to_string(number) + " of the report";
    auto word = word_named(words[0]);
    if (!word || *word == Word::none)
      throw wrong("'" + printable(words[0].substr(0, 80)) + "' is no word on a message" +
                  did_you_mean(words[0], known));
    said.word = *word;
    std::size_t next = 1;
    if (next < words.size() && words[next].starts_with('<')) {
      if (!words[next].ends_with('>')) throw wrong("the message-id lacks its '>'");
      said.message_id = without_brackets(words[next++]);
    }
    if (next < words.size()) {
      said.recipient = without_brackets(words[next++]);
      if (said.recipient.find('@') == std::string::npos && !equals_ignoring_case(said.recipient, "postmaster"))
        throw wrong("'" + printable(said.recipient.substr(0, 80)) +
                    "' is no recipient (and a message-id stands between '<' and '>')");
    }
    if (next < words.size()) throw wrong("there is too much on the line");
    all.push_back(std::move(said));
  }
  return all;
}

}  // namespace mailfault::runner
