#include "import/parse.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::recorded {
namespace {

using testing::HasSubstr;

std::string file(const std::string& name) {
  std::ifstream in(MAILFAULT_SOURCE "/server/tests/import/data/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> all_files() {
  std::vector<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(MAILFAULT_SOURCE "/server/tests/import/data"))
    names.push_back(each.path().filename());
  std::sort(names.begin(), names.end());
  EXPECT_GE(names.size(), 10U);
  return names;
}

// "C EHLO x|S 250 y|T|…|silence", a connection's turns; further connections behind "||".
std::string shown(const Conversation& conversation) {
  std::string out;
  for (const auto& connection : conversation.connections) {
    if (!out.empty()) out += "||";
    if (connection.tls_first) out += "tls first|";
    for (const auto& turn : connection.turns)
      out += turn.who == Turn::Who::tls ? "T|" : (turn.who == Turn::Who::client ? "C " : "S ") + turn.text + "|";
    static constexpr const char* endings[] = {"",           "closed",  "reset",     "silence",
                                              "tls failed", "refused", "unanswered"};
    out += endings[static_cast<int>(connection.ending)];
  }
  return out;
}

std::string parsed(std::string_view log, std::string_view as = {}) {
  return shown(parse_log(std::string(log), "a.log", as));
}

std::string refused(const std::string& log, std::string_view as = {}) {
  try {
    auto read = parsed(log, as);
    ADD_FAILURE() << "it was read: " << read;
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(ParseLog, KnowsEachClientsLogByItself) {
  const std::pair<std::string, std::string> by_beginning[] = {
      {"swaks.", "swaks"}, {"curl.", "curl"},    {"curl-trace", "curl-trace"},
      {"msmtp.", "msmtp"}, {"python", "python"}, {"nodemailer.", "nodemailer"},
  };
  for (const auto& name : all_files())
    for (const auto& [begin, kind] : by_beginning)
      if (name.starts_with(begin)) {
        EXPECT_EQ(parse_log(file(name), name).kind, kind) << name;
      }
}

TEST(ParseLog, FindsTheSameConversationInEveryClientsLog) {
  const std::string ehlo =
      "S 250-mx.example.com|S 250-PIPELINING|S 250-SIZE 10485760|S 250-8BITMIME|S 250-SMTPUTF8|S 250-DSN|"
      "S 250-ENHANCEDSTATUSCODES|S 250 AUTH PLAIN LOGIN|";
  const std::string begin = "S 220 mx.example.com ESMTP|C EHLO laptop.corp.example|" + ehlo;
  struct {
    const char *name, *wanted_begin, *wanted_end;
  } table[] = {
      {"swaks.mail-close.log", begin.c_str(), "C MAIL FROM:<alice@corp.example>|closed"},
      {"swaks.dot-421.log", begin.c_str(), "|C .|S 421 4.4.5 Server busy, try again later|C QUIT|closed"},
      {"swaks.dot-silent.log", begin.c_str(), "|C .|C QUIT|silence"},
      {"swaks.banner-delay-20s.log", "C QUIT|", "silence"},
      {"curl.dot-accepted-close.log", begin.c_str(), "|S 354 End data with <CR><LF>.<CR><LF>|C .|closed"},
      {"curl-trace-ascii.dot-421.log", begin.c_str(),
       "The secret figures are 17 and 4.|C .|S 421 4.4.5 Server busy, try again later|"},
      {"curl-trace.auth-535.log", begin.c_str(), "S 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6|"},
      {"msmtp.banner-421.log", "S 421 4.7.0 mx.example.com Error: too many connections from 127.0.0.1|", "|"},
      {"msmtp.dot-accepted-rst.log", begin.c_str(), "The secret figures are 17 and 4.|C .|reset"},
      {"python2.mail-close.log", "S 220 mx.example.com ESMTP|C ehlo laptop.corp.example|", "size=146|closed"},
      {"nodemailer.dot-421.log", "S 220 mx.example.com ESMTP|C EHLO [127.0.0.1]|",
       "The secret figures are 17 and 4.|C .|S 421 4.4.5 Server busy, try again later|"},
      {"nodemailer.dot-accepted-rst.log", "S 220 mx.example.com ESMTP|", "C .|reset"},
  };
  for (const auto& each : table) {
    auto read = shown(parse_log(file(each.name), each.name));
    EXPECT_THAT(read, testing::StartsWith(each.wanted_begin)) << each.name;
    EXPECT_THAT(read, testing::EndsWith(each.wanted_end)) << each.name;
  }
}

std::string utf16(std::string_view text, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (char c : text) out += little ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

std::string every_line(const std::string& text, const std::string& before, const std::string& after) {
  std::string out;
  auto rest = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  for (auto line : split(rest, '\n')) out += before + std::string(line) + after + "\n";
  return out;
}

TEST(ParseLog, TakesALogInAnyEncodingAndWithATimeBeforeEachLine) {
  for (const auto& name : all_files()) {
    auto text = file(name);
    auto wanted = shown(parse_log(text, name));
    EXPECT_EQ(parsed(every_line(text, "", "\r")), wanted) << name;
    EXPECT_EQ(parsed("\xEF\xBB\xBF" + text), wanted) << name;
    EXPECT_EQ(parsed(utf16(text, true)), wanted) << name;
    EXPECT_EQ(parsed(utf16(text, false)), wanted) << name;
    bool stamped = name.starts_with("nodemailer") || name.starts_with("python2") || name.starts_with("curl-trace.");
    if (stamped) continue;
    for (std::string before :
         {"2026-11-24T10:00:00.123Z ", "[2026-11-24 10:00:00] ", "Nov 24 10:00:00 ", "10:00:00,5 "})
      EXPECT_EQ(parsed(every_line(text, before, "")), wanted) << name << " behind " << before;
  }
}

TEST(ParseLog, ALogThatIsCutAnywhereIsReadOrRefusedWithAReason) {
  for (const auto& name : all_files()) {
    auto text = file(name);
    auto whole = parse_log(text, name);
    for (std::size_t at = 0; at < text.size(); at += 13) {
      for (const auto& part : {text.substr(0, at), text.substr(at)}) {
        try {
          for (const auto& connection : parse_log(part, name).connections)
            EXPECT_LE(connection.turns.size(), whole.connections[0].turns.size() + 1) << name << " cut at " << at;
        } catch (const Error& error) {
          EXPECT_THAT(error.what(), HasSubstr(name)) << at;
        }
      }
    }
  }
}

TEST(ParseLog, AServerThatSaysNothingLeavesAnEndingAlone) {
  for (auto [log, wanted] : {
           std::pair{"msmtp: the server sent an empty reply\nmsmtp: could not send mail\nhost = 127.0.0.1\n",
                     "closed"},
           {"msmtp: network read error: the operation timed out\n", "silence"},
           {"[2026-11-24 13:09:49] ERROR [aaa] connect ECONNRESET 127.0.0.1:25\n", "reset"},
       })
    EXPECT_EQ(parsed(log), wanted) << log;
  EXPECT_EQ(parsed("< 220-mx\n< 421 full\n", "curl"), "S 220-mx|S 421 full|");
}

TEST(ParseLog, MailServersTellOfAnEndingInstead) {
  EXPECT_EQ(
      parsed("Nov  4 10:00:01 mail postfix/smtp[123]: 4AB12C: to=<b@d.test>, relay=mx.d.test[203.0.113.9]:25, "
             "status=deferred (lost connection with mx.d.test[203.0.113.9] while sending end of data -- message "
             "may be sent more than once)\n"),
      "S 220 ESMTP|C EHLO client.example|S 250|C MAIL FROM:<>|S 250|C RCPT TO:<b@d.test>|S 250|C DATA|S 354|C .|"
      "closed");
  auto exim = [](const std::string& words) {
    return parsed("2026-11-24 16:21:55 1xV-0-2U H=mx.d.test [203.0.113.9]: " + words +
                  "\n2026-11-24 16:21:55 1xV-0-2U == b@d.test R=out T=out defer (-18) H=mx.d.test [203.0.113.9]: " +
                  words + "\n");
  };
  EXPECT_EQ(
      exim("Remote host closed connection in response to end of data"),
      "S 220 ESMTP|C EHLO client.example|S 250|C MAIL FROM:<>|S 250|C RCPT TO:<b@d.test>|S 250|C DATA|S 354|C .|"
      "closed");
  EXPECT_EQ(exim("SMTP timeout after RCPT TO:<b@d.test>"),
            "S 220 ESMTP|C EHLO client.example|S 250|C MAIL FROM:<>|S 250|C RCPT TO:<b@d.test>|silence");
}

TEST(EndingIn, TheWordsOfTlsLibraries) {
  for (auto [words, ending, certificate] : {
           std::tuple{"TLS handshake failed: The TLS connection was non-properly terminated.", Ending::closed, ""},
           {"TLS handshake failed: Error in the pull function.", Ending::reset, ""},
           {"curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to a:25", Ending::closed, ""},
           {"Client network socket disconnected before secure TLS connection was established", Ending::closed, ""},
           {"The certificate chain uses expired certificate.", Ending::tls_failed, "expired"},
           {"The certificate is NOT trusted. The certificate issuer is unknown.", Ending::tls_failed,
            "untrusted_root"},
           {"Hostname/IP does not match certificate's altnames: IP: 1.2.3.4", Ending::tls_failed, "wrong_host"},
           {"certificate verify failed: certificate has expired", Ending::tls_failed, "expired"},
           {"error:0A000086:SSL routines::certificate verify failed", Ending::tls_failed, "untrusted_root"},
           {"*  subjectAltName: host \"127.0.0.1\" matched cert's IP address!", Ending::unknown, ""},
       }) {
    EXPECT_EQ(ending_in(words), ending) << words;
    EXPECT_EQ(certificate_in(words), certificate) << words;
  }
}

TEST(ParseLog, KnowsTheOtherClients) {
  struct {
    const char *kind, *log, *wanted;
  } table[] = {
      {"phpmailer",
       "2026-01-02 10:00:00\tConnection: opening to mx.example.com:25, timeout=300\n"
       "2026-01-02 10:00:00\tSERVER -> CLIENT: 220 mx.example.com ESMTP\n"
       "2026-01-02 10:00:00\tCLIENT -> SERVER: EHLO app\n"
       "2026-01-02 10:00:00\tSERVER -> CLIENT: 250-mx.example.com\n"
       "                   \t                  250-SIZE 1000\n"
       "                   \t                  250 AUTH LOGIN\n"
       "2026-01-02 10:00:00\tCLIENT -> SERVER: AUTH LOGIN\n"
       "2026-01-02 10:00:00\tSERVER -> CLIENT: 334 VXNlcm5hbWU6\n"
       "2026-01-02 10:00:00\tCLIENT -> SERVER: [credentials hidden]\n"
       "2026-01-02 10:00:00\tSERVER -> CLIENT: 535 5.7.8 no\n"
       "2026-01-02 10:00:00\tSMTP ERROR: Username command failed: 535 5.7.8 no\n",
       "S 220 mx.example.com ESMTP|C EHLO app|S 250-mx.example.com|S 250-SIZE 1000|S 250 AUTH LOGIN|C AUTH LOGIN|"
       "S 334 VXNlcm5hbWU6|C [credentials hidden]|S 535 5.7.8 no|"},
      {"phpmailer",
       "SERVER -&gt; CLIENT: 220 mx.example.com<br>\nCLIENT -&gt; SERVER: EHLO app<br>\n"
       "SERVER -&gt; CLIENT: 250 mx.example.com<br>\nCLIENT -&gt; SERVER: MAIL FROM:&lt;a@b.test&gt;<br>\n"
       "SERVER -&gt; CLIENT: 451 later<br>\n",
       "S 220 mx.example.com|C EHLO app|S 250 mx.example.com|C MAIL FROM:<a@b.test>|S 451 later|"},
      {"bare",
       "DEBUG: setDebug: JavaMail version 1.6.2\nDEBUG SMTP: useEhlo true, useAuth true\n"
       "DEBUG SMTP: trying to connect to host \"mx.example.com\", port 587, isSSL false\n"
       "220 mx.example.com ESMTP\nDEBUG SMTP: connected to host \"mx.example.com\", port: 587\n"
       "EHLO laptop\n250-mx.example.com\n250 AUTH PLAIN\nDEBUG SMTP: Found extension \"AUTH\", arg \"PLAIN\"\n"
       "DEBUG SMTP: AUTH PLAIN command trace suppressed\nDEBUG SMTP: AUTH PLAIN failed\n"
       "javax.mail.AuthenticationFailedException: 535 5.7.8 bad\n\tat com.sun.mail.smtp\n",
       "S 220 mx.example.com ESMTP|C EHLO laptop|S 250-mx.example.com|S 250 AUTH PLAIN|C AUTH PLAIN|S 535 5.7.8 "
       "bad|"},
      {"ruby",
       "Connection opened: mx.example.com:25\n-> \"220 mx.example.com\\n\"\n<- \"EHLO app\\r\\n\"\n-> \"250 mx\\n\"\n"
       "<- \"MAIL FROM:<a@b.test>\\r\\n\"\n-> \"250 ok\\n\"\n<- \"RCPT TO:<c@d.test>\\r\\n\"\n-> \"250 ok\\n\"\n"
       "<- \"DATA\\r\\n\"\n-> \"354 go\\n\"\nwriting message from String\nwrote 300 bytes\n-> \"554 spam\\n\"\n",
       "S 220 mx.example.com|C EHLO app|S 250 mx|C MAIL FROM:<a@b.test>|S 250 ok|C RCPT TO:<c@d.test>|S 250 ok|C "
       "DATA|"
       "S 354 go|C .|S 554 spam|"},
      {"transcript",
       "Connected to smtp://mx.example.com:587/?starttls=when-available\nS: 220 mx.example.com\nC: EHLO app\n"
       "S: 250-mx.example.com\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now\nC: QUIT\nS: 221 bye\n",
       "S 220 mx.example.com|C EHLO app|S 250-mx.example.com|S 250 STARTTLS|C STARTTLS|S 454 not now|C QUIT|S 221 "
       "bye|"},
      {"postfix",
       "Nov  4 10:00:00 mail postfix/qmgr[9]: 4AB12C: from=<alice@corp.test>, size=300, nrcpt=1 (queue active)\n"
       "Nov  4 10:00:01 mail postfix/smtp[123]: 4AB12C: to=<bob@d.test>, relay=mx.d.test[203.0.113.9]:25, delay=1, "
       "dsn=5.1.1, status=bounced (host mx.d.test[203.0.113.9] said: 550-5.1.1 Not here 550 5.1.1 <bob@d.test> "
       "(in reply to RCPT TO command))\n",
       "S 220 ESMTP|C EHLO client.example|S 250|C MAIL FROM:<alice@corp.test>|S 250|C RCPT TO:<bob@d.test>|"
       "S 550-5.1.1 Not here|S 550 5.1.1 <bob@d.test>|"},
      {"exim",
       "2026-01-02 10:00:00 1abc-000-01 ** bob@d.test F=<alice@corp.test> R=dnslookup T=remote_smtp H=mx.d.test "
       "[203.0.113.9]: SMTP error from remote mail server after end of data: 554 5.7.1 spam\n",
       "S 220 ESMTP|C EHLO client.example|S 250|C MAIL FROM:<alice@corp.test>|S 250|C RCPT TO:<bob@d.test>|S 250|"
       "C DATA|S 354|C .|S 554 5.7.1 spam|"},
      {"bounce",
       "From: MAILER-DAEMON@corp.test\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bob@d.test\n"
       "Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox\n is full\n\n",
       "S 220 ESMTP|C EHLO client.example|S 250|C MAIL FROM:<>|S 250|C RCPT TO:<bob@d.test>|S 552 5.2.2 Mailbox is "
       "full|"},
  };
  for (const auto& each : table) {
    auto assumed = std::string_view("postfix exim bounce").find(each.kind) != std::string_view::npos;
    auto read = parse_log(each.log, "a.log", assumed ? each.kind : "");
    EXPECT_EQ(read.kind, each.kind);
    EXPECT_EQ(shown(read), each.wanted) << each.kind;
    EXPECT_EQ(parse_log(each.log, "a.log").kind, each.kind) << "by itself";
  }
}

TEST(ParseLog, TellsConnectionsApart) {
  EXPECT_EQ(parsed("S: 220 a\nC: EHLO x\nS: 421 no\nS2: 220 a\nC2: EHLO y\nS: 250 late\nS2: 250 a\n"),
            "S 220 a|C EHLO x|S 421 no|S 250 late|||S 220 a|C EHLO y|S 250 a|");
  EXPECT_EQ(parsed("S: 220 a\nC: EHLO x\nS: 250 a\nC: QUIT\nS: 221 bye\nS: 220 b\nC: EHLO x\nS: 250 b\n"),
            "S 220 a|C EHLO x|S 250 a|C QUIT|S 221 bye|||S 220 b|C EHLO x|S 250 b|");
  EXPECT_EQ(parsed("[2026-11-24 13:09:49] INFO  [aaa] Connection established to 1.2.3.4:25\n"
                   "[2026-11-24 13:09:49] INFO  [bbb] Connection established to 1.2.3.4:25\n"
                   "[2026-11-24 13:09:49] DEBUG [bbb] S: 220 b\n[2026-11-24 13:09:49] DEBUG [aaa] S: 220 a\n"
                   "[2026-11-24 13:09:50] DEBUG [aaa] C: EHLO x\n[2026-11-24 13:09:50] DEBUG [bbb] C: EHLO y\n"),
            "S 220 a|C EHLO x|||S 220 b|C EHLO y|");
}

TEST(ParseLog, AHelloBeginsAConnectionWhereNoGreetingDoes) {
  const std::string hello = "send: 'ehlo a\\r\\n'\nreply: b'250 mx\\r\\n'\n", heard = "S 220|C ehlo a|S 250 mx|";
  EXPECT_EQ(parsed(hello), heard);
  EXPECT_EQ(parsed(hello + "Connection unexpectedly closed\n" + hello), heard + "closed||" + heard);
  EXPECT_EQ(parsed(hello + "send: 'quit\\r\\n'\n" + hello), heard + "C quit|||" + heard);
  EXPECT_EQ(parsed(hello + hello), heard + heard.substr(6)) << "after STARTTLS, or to be sure";
}

TEST(ParseLog, SaysWhatIsMissing) {
  EXPECT_THAT(refused(""), HasSubstr("a.log: no SMTP is in it (0 lines read)"));
  EXPECT_THAT(refused("GET / HTTP/1.1\nHost: a\n"), HasSubstr("no SMTP is in it (2 lines read)"));
  EXPECT_THAT(refused("x\nS: 220 a\nS: 250 b\n"), HasSubstr("a.log:2: only the server's side"));
  EXPECT_THAT(refused("C: EHLO x\nC: MAIL FROM:<a@b.test>\n"), HasSubstr("a.log:1: only the client's side"));
  EXPECT_THAT(refused("S: 220 a\n", "swaks"), HasSubstr("a.log: no conversation of swaks"));
  EXPECT_THAT(refused("S: 220 a\n", "swak"), HasSubstr("--as swak: no such kind of log"));
}

TEST(TakeStamp, ReadsTheTimesThatLoggersWrite) {
  using std::chrono::milliseconds;
  for (auto [text, rest, ms] : {std::tuple{"10:00:01.250 x", "x", 36'001'250},
                                {"[10:00:01] x", "x", 36'001'000},
                                {"10:00:01,5\tx", "x", 36'001'500}}) {
    std::string_view line = text;
    auto stamp = take_stamp(line);
    ASSERT_TRUE(stamp) << text;
    EXPECT_EQ(stamp->at, milliseconds(ms)) << text;
    EXPECT_EQ(line, rest);
  }
  for (std::string_view none :
       {"", "10:00", "250 x", "0010: 20 61", "99:00:00 x", "[10:00:00 x", "2026-13-01 x", "C: x"}) {
    auto line = none;
    EXPECT_FALSE(take_stamp(line)) << none;
    EXPECT_EQ(line, none);
  }
}

}  // namespace
}  // namespace mailfault::recorded
