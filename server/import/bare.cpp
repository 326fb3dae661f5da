// Conversations without marks: JavaMail's mail.debug, telnet, openssl s_client. Who speaks is told by the words.
#include "base/text.hpp"
#include "import/parse.hpp"

namespace mailfault::recorded {
namespace {

class Bare final : public Reader {
 public:
  bool read(std::string_view, std::string_view bare, Recorder& to) override {
    static constexpr std::string_view debug = "DEBUG SMTP: ";
    if (bare.starts_with(debug)) return javamail(bare.substr(debug.size()), to);
    if (bare.starts_with("DEBUG")) return false;
    if (!to.in_message() && is_reply_line(bare)) {
      to.server(bare);
      greeted_ = true;
      return true;
    }
    if (to.in_message() || (greeted_ && is_command_line(bare))) {
      to.client(bare);
      return true;
    }
    if (bare.starts_with("Connected to ")) to.connect();
    if (auto at = bare.find("AuthenticationFailedException: "); at != std::string_view::npos && login_) {
      auto said = bare.substr(at + 31);
      if (is_reply_line(said)) to.server(said);
      login_ = false;
      return true;
    }
    return false;
  }

 private:
  bool javamail(std::string_view said, Recorder& to) {
    if (said.starts_with("trying to connect to")) to.connect();
    if (said.starts_with("AUTH ") && said.find("command trace suppressed") != std::string_view::npos) {
      to.client(said.substr(0, said.find(" command")));
      login_ = true;
    } else if (said.starts_with("AUTH ") && said.find(" succeeded") != std::string_view::npos) {
      if (login_) to.server("235");
      login_ = false;
    } else {
      return false;
    }
    return true;
  }

  bool greeted_ = false;
  bool login_ = false;  ///< it isn't shown
};

}  // namespace

std::unique_ptr<Reader> read_bare() { return std::make_unique<Bare>(); }

}  // namespace mailfault::recorded
