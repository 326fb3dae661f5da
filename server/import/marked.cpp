// Logs where a mark before the line says who spoke.
#include <array>

#include "base/text.hpp"
#include "import/parse.hpp"

namespace mailfault::recorded {
namespace {

struct Marks {
  std::initializer_list<std::string_view> client, server;
  std::initializer_list<std::string_view> connects;  ///< words of a line that say so
  std::initializer_list<std::string_view> tls;
};

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words, std::string_view& rest) {
  for (auto word : words) {
    if (!text.starts_with(word)) continue;
    rest = text.substr(word.size());
    return true;
  }
  return false;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  for (auto word : words)
    if (text.find(word) != std::string_view::npos) return true;
  return false;
}

class Marked : public Reader {
 public:
  explicit Marked(const Marks& marks) : marks_(marks) {}

  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    std::string_view said;
    for (auto line : {text, bare}) {
      do {
        auto from = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
        if (starts_with_any(from, marks_.server, said)) return server(said, to);
        if (starts_with_any(from, marks_.client, said)) {
          to.client(said);
          return true;
        }
      } while (take_log_word(line));
    }
    auto more = trim(bare);
    auto begun = to.open_reply();
    if (!begun.empty() && is_reply_line(more) && more.substr(0, 3) == begun.substr(0, 3)) return server(more, to);
    if (has_any(text, marks_.connects)) to.connect();
    if (has_any(text, marks_.tls)) to.tls();
    return false;
  }

 protected:
  // Some programs put their own words where a reply would stand.
  virtual bool server(std::string_view said, Recorder& to) {
    if (!is_reply_line(said) && ending_in(said) != Ending::unknown) {
      to.ended(ending_in(said), said);
      return true;
    }
    to.server(said);
    return true;
  }

 private:
  const Marks& marks_;
};

const Marks swaks_marks{{"-> ", "~> ", "->", "~>"},
                        {"<-  ", "<~  ", "<** ", "<~* ", "<- ", "<~ "},
                        {"=== Trying ", "=== Connected to"},
                        {"=== TLS started"}};
const Marks msmtp_marks{
    {"--> ", ">>> ", "-->"}, {"<-- ", "<<< "}, {}, {"TLS certificate information", "TLS session"}};
const Marks curl_marks{{"> "}, {"< "}, {"* Connected to "}, {"* SSL connection using "}};
const Marks transcript_marks{{"C: ", "C:", "CLIENT: ", "Client: ", "client: "},
                             {"S: ", "S:", "SERVER: ", "Server: ", "server: "},
                             {"Connected to smtp"},
                             {}};

// curl says of a message how long it was, and not what it said.
class Curl final : public Marked {
 public:
  Curl() : Marked(curl_marks) {}
  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    if (to.in_message() && contains_ignoring_case(bare, "we are completely uploaded and fine")) to.client(".");
    if (bare.starts_with("*") && contains_ignoring_case(bare, "SSL connection using")) to.tls();
    return Marked::read(text, bare, to);
  }
};

// What it complains of comes on standard error, before all else, and a server that says nothing leaves no other line.
class Msmtp final : public Marked {
 public:
  Msmtp() : Marked(msmtp_marks) {}
  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    if (bare.starts_with("msmtp: ") && ending_in(bare) != Ending::unknown && !begun_) to.connect();
    begun_ = Marked::read(text, bare, to) || begun_;
    return false;
  }

 private:
  bool begun_ = false;
};

// C2: and S3: are other connections.
class Transcript final : public Marked {
 public:
  Transcript() : Marked(transcript_marks) {}
  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    for (auto line : {text, bare}) {
      std::size_t digits = 1;
      while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
      bool numbered = digits > 1 && digits < 8 && digits < line.size() && line[digits] == ':';
      if (!numbered || (line[0] != 'C' && line[0] != 'S')) continue;
      auto said = line.substr(digits + 1);
      if (said.starts_with(' ')) said.remove_prefix(1);
      std::string id(line.substr(1, digits - 1));
      line[0] == 'C' ? to.client(said, id == "1" ? "" : id) : to.server(said, id == "1" ? "" : id);
      return true;
    }
    return Marked::read(text, bare, to);
  }
};

// `[time] DEBUG [id] S: 220 …`, the id being the connection's; a message's lines have no mark.
class Nodemailer final : public Reader {
 public:
  bool read(std::string_view, std::string_view bare, Recorder& to) override {
    bool debug = bare.starts_with("DEBUG");
    if (!bare.starts_with('[')) take_log_word(bare);
    if (!bare.starts_with('[')) {
      if (!last_.empty() && ending_in(bare) != Ending::unknown) to.ended(ending_in(bare), bare, last_);
      return false;
    }
    auto end = bare.find("] ");
    if (end == std::string_view::npos) return false;
    std::string id(bare.substr(1, end - 1));
    auto said = bare.substr(end + 2);
    if (id.find_first_of(" /:") != std::string::npos) return false;
    last_ = id;
    if (said.starts_with("Connection established") || said.starts_with("Secure connection established") ||
        said.starts_with("connect E"))
      to.connect(id);
    if (said.starts_with("Secure connection established") || said.starts_with("Connection upgraded with STARTTLS"))
      to.tls(id);
    if (said.starts_with("S: ")) {
      for (auto line : split(said.substr(3), '\n')) to.server(line, id);
    } else if (said.starts_with("C: ") && !to.in_message(id)) {
      to.client(said.substr(3), id);
    } else if (to.in_message(id) && debug) {
      to.client(said, id);
    } else {
      to.ended(ending_in(said), said, id);
      return false;
    }
    return true;
  }

 private:
  std::string last_;
};

// CLIENT -> SERVER: …, at levels 2 to 4, as text or as HTML; a reply's further lines have no mark.
class PhpMailer final : public Reader {
 public:
  bool read(std::string_view text, std::string_view bare, Recorder& to) override {
    std::string line(text), rest(bare);
    for (auto* each : {&line, &rest}) {
      for (auto [html, plain] : {std::pair{"<br>", ""}, {"<br />", ""}, {"&gt;", ">"}, {"&lt;", "<"}, {"&amp;", "&"}})
        for (auto at = each->find(html); at != std::string::npos; at = each->find(html))
          each->replace(at, std::string_view(html).size(), plain);
    }
    static constexpr std::string_view client = "CLIENT -> SERVER:", server = "SERVER -> CLIENT:";
    auto behind = [&](std::string_view mark) -> std::optional<std::string_view> {
      auto at = line.find(mark);
      if (at == std::string::npos) return std::nullopt;
      auto said = std::string_view(line).substr(at + mark.size());
      return said.starts_with(' ') ? said.substr(1) : said;
    };
    if (auto said = behind(client)) {
      to.client(*said);
    } else if (auto answer = behind(server)) {
      to.server(trim(*answer));
    } else if (auto begun = to.open_reply();
               !begun.empty() && is_reply_line(trim(rest)) && trim(rest).substr(0, 3) == begun.substr(0, 3)) {
      to.server(trim(rest));
    } else {
      if (line.find("Connection: opening") != std::string::npos) to.connect();
      return false;
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<Reader> read_nodemailer() { return std::make_unique<Nodemailer>(); }
std::unique_ptr<Reader> read_phpmailer() { return std::make_unique<PhpMailer>(); }
std::unique_ptr<Reader> read_swaks() { return std::make_unique<Marked>(swaks_marks); }
std::unique_ptr<Reader> read_msmtp() { return std::make_unique<Msmtp>(); }
std::unique_ptr<Reader> read_curl() { return std::make_unique<Curl>(); }
std::unique_ptr<Reader> read_transcript() { return std::make_unique<Transcript>(); }

}  // namespace mailfault::recorded
