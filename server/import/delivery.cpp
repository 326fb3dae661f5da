// What a mail server says of mail that it couldn't deliver: logs of Postfix and Exim, and bounces. They have the
// remote server's reply and when it came; what was said before is known from the protocol.
#include <utility>

#include "base/text.hpp"
#include "import/parse.hpp"

namespace mailfault::recorded {
namespace {

/// Where of a session the reply came.
enum class When : std::uint8_t { greeting, helo, starttls, auth, mail, rcpt, data, message };

std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  auto from = text.find(begin);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + begin.size());
  return text.substr(0, text.find(end));
}

// What led to the reply, as every client says it.
void lead_to(When when, std::string_view from, std::string_view rcpt, Recorder& to) {
  to.connect();
  if (when == When::greeting) return;
  to.assume_server("220 ESMTP");
  auto sender = "MAIL FROM:<" + std::string(from) + ">", recipient = "RCPT TO:<" + std::string(rcpt) + ">";
  std::pair<When, std::string> steps[] = {{When::helo, "EHLO client.example"},
                                          {When::mail, sender},
                                          {When::rcpt, recipient},
                                          {When::data, "DATA"},
                                          {When::message, "."}};
  if (when == When::starttls) steps[1] = {when, "STARTTLS"};
  if (when == When::auth) steps[1] = {when, "AUTH PLAIN x"};
  for (const auto& [at, line] : steps) {
    to.assume_client(line);
    if (at == when) return;
    to.assume_server(at == When::data ? "354" : "250");
  }
}

// A reply of several lines stands in one: "550-5.1.1 No such user 550 5.1.1 here".
void answer(std::string_view said, Recorder& to) {
  said = trim(said);
  auto code = std::string(said.substr(0, 3));
  while (said.size() > 3 && said[3] == '-') {
    auto next = std::min(said.find(" " + code + "-", 3), said.find(" " + code + " ", 3));
    if (next == std::string_view::npos) break;
    to.server(said.substr(0, next));
    said.remove_prefix(next + 1);
  }
  std::string last(said);
  if (last.size() > 3) last[3] = ' ';
  to.server(last);
}

When when_of(std::string_view words, When otherwise) {
  static constexpr std::pair<std::string_view, When> table[] = {{"end of data", When::message},
                                                                {"message body", When::message},
                                                                {"final dot", When::message},
                                                                {"initial greeting", When::greeting},
                                                                {"initial connection", When::greeting},
                                                                {"rcpt to", When::rcpt},
                                                                {"mail from", When::mail},
                                                                {"starttls", When::starttls},
                                                                {"auth", When::auth},
                                                                {"data", When::data},
                                                                {"ehlo", When::helo},
                                                                {"helo", When::helo}};
  auto lowered = lower(words);
  for (const auto& [word, when] : table)
    if (lowered.find(word) != std::string::npos) return when;
  return otherwise;
}

// Postfix's "host mx.example.net[192.0.2.1] said: 550 5.1.1 … (in reply to RCPT TO command)" and its like.
bool read_postfix_words(std::string_view text, std::string_view from, std::string_view rcpt, Recorder& to) {
  if (auto at = text.find(" said: "); at != std::string_view::npos) {
    auto said = text.substr(at + 7);
    auto reply_to = said.rfind("(in reply to ");
    auto where = reply_to == std::string_view::npos ? std::string_view() : said.substr(reply_to + 13);
    said = said.substr(0, reply_to);
    if (!is_reply_line(said)) return false;
    lead_to(when_of(where.substr(0, where.find(')')), When::rcpt), from, rcpt, to);
    answer(said, to);
    return true;
  }
  if (auto said = between(text, "refused to talk to me: ", "\n"); is_reply_line(said)) {
    to.connect();
    answer(said.ends_with(')') ? said.substr(0, said.size() - 1) : said, to);
    return true;
  }
  for (auto [words, how] : {std::pair{std::string_view("lost connection with "), Ending::closed},
                            {std::string_view("conversation with "), Ending::silence}}) {
    auto at = text.find(words);
    if (at == std::string_view::npos) continue;
    auto where = text.substr(at);
    if (how == Ending::silence && where.find("timed out") == std::string_view::npos) continue;
    auto when = where.find(" while ");
    lead_to(when_of(when == std::string_view::npos ? "" : where.substr(when), When::greeting), from, rcpt, to);
    to.ended(how, where);
    return true;
  }
  return false;
}

class Postfix final : public Reader {
 public:
  bool read(std::string_view text, std::string_view, Recorder& to) override {
    auto queue_id = [&]() -> std::string {
      auto at = text.find("]: ");
      return at == std::string_view::npos ? "" : std::string(text.substr(at + 3, text.find(':', at + 3) - at - 3));
    }();
    if (text.find("/qmgr[") != std::string_view::npos)
      if (auto from = text.find("from=<"); from != std::string_view::npos)
        if (senders_.size() < 10'000) senders_[queue_id] = between(text, "from=<", ">");
    if (text.find("postfix") == std::string_view::npos || text.find("/smtp[") == std::string_view::npos) return false;
    bool final_word = text.find(" status=") != std::string_view::npos;
    if (!final_word) return false;  // it is said again with the status
    auto sender = senders_.find(queue_id);
    return read_postfix_words(text, sender == senders_.end() ? "" : std::string_view(sender->second),
                              between(text, " to=<", ">"), to);
  }

 private:
  std::map<std::string, std::string> senders_;
};

// "SMTP error from remote mail server after RCPT TO:<b@example.net>: 550 …"
bool read_exim_words(std::string_view text, std::string_view from, std::string_view rcpt, Recorder& to) {
  static constexpr std::string_view error = "SMTP error from remote mail server after ";
  auto at = text.find(error);
  for (auto [words, how] :
       {std::pair{std::string_view("Remote host closed connection in response to "), Ending::closed},
        {std::string_view("SMTP timeout after "), Ending::silence}})
    if (auto where = text.find(words); where != std::string_view::npos && !rcpt.empty()) {
      lead_to(when_of(text.substr(where), When::greeting), from, rcpt, to);
      to.ended(how, text.substr(where));
      return true;
    }
  if (at == std::string_view::npos) return false;
  auto words = text.substr(at + error.size());
  for (std::size_t colon = words.find(": "); colon != std::string_view::npos; colon = words.find(": ", colon + 1)) {
    if (!is_reply_line(words.substr(colon + 2))) continue;
    auto where = words.substr(0, colon);
    if (rcpt.empty()) rcpt = between(where, "RCPT TO:<", ">");
    lead_to(when_of(where, When::rcpt), from, rcpt, to);
    std::string said(words.substr(colon + 2));  // lines of a reply are joined by a backslash and an n
    for (auto n = said.find("\\n"); n != std::string::npos; n = said.find("\\n")) said.replace(n, 2, " ");
    answer(said, to);
    return true;
  }
  return false;
}

class Exim final : public Reader {
 public:
  bool read(std::string_view text, std::string_view, Recorder& to) override {
    std::string_view rcpt;
    for (std::string_view mark : {" ** ", " == "})
      if (auto at = text.find(mark); at != std::string_view::npos)
        rcpt = text.substr(at + 4, text.find(' ', at + 4) - at - 4);
    if (rcpt.empty()) return false;  // it is said again with what becomes of the recipient
    return read_exim_words(text, between(text, " F=<", ">"), rcpt, to);
  }
};

// A message of RFC 3464: Diagnostic-Code, with Final-Recipient before it. Folded lines are joined.
class Bounce final : public Reader {
 public:
  bool read(std::string_view text, std::string_view, Recorder& to) override {
    static constexpr std::string_view code = "diagnostic-code:", recipient = "final-recipient:";
    bool folded = !diagnostic_.empty() && (text.starts_with(' ') || text.starts_with('\t'));
    if (folded) {
      diagnostic_ += ' ';
      diagnostic_ += trim(text);
    }
    bool understood = folded;
    if (!folded && !diagnostic_.empty()) understood = finish(to);
    auto lowered = lower(text.substr(0, 20));
    if (lowered.starts_with(recipient)) rcpt_ = trim(text.substr(text.find(';') + 1));
    if (lowered.starts_with(code)) diagnostic_ = trim(text.substr(text.find(';') + 1));
    return understood;
  }

 private:
  bool finish(Recorder& to) {
    auto said = std::exchange(diagnostic_, {});
    if (read_postfix_words(said, "", rcpt_, to) || read_exim_words(said, "", rcpt_, to)) return true;
    if (!is_reply_line(said)) return false;
    // Which command it answered isn't told: what is about the message comes after it, the rest at RCPT.
    bool message = said.find(" 5.6.") != std::string::npos || said.find(" 5.7.") != std::string::npos ||
                   said.find(" 5.3.4") != std::string::npos;
    lead_to(message ? When::message : When::rcpt, "", rcpt_, to);
    answer(said, to);
    return true;
  }

  std::string diagnostic_, rcpt_;
};

}  // namespace

std::unique_ptr<Reader> read_postfix() { return std::make_unique<Postfix>(); }
std::unique_ptr<Reader> read_exim() { return std::make_unique<Exim>(); }
std::unique_ptr<Reader> read_bounce() { return std::make_unique<Bounce>(); }

}  // namespace mailfault::recorded
