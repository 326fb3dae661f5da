#include <gmock/gmock.h>
#include <signal.h>

#include "runner/reply_code.hpp"
#include "runner/supervise.hpp"
#include "tests/runner/written_file.hpp"

namespace mailfault::runner {
namespace {

using ::testing::HasSubstr;
using enum Word;

struct Case {
  const char* what;
  int status;
  const char* output;
  Word word;
};

Supervised ended(int status, const std::string& output) {
  Supervised out;
  out.exit_status = status;
  out.output = output;
  return out;
}

void check(const char* profile, std::initializer_list<Case> cases) {
  for (const auto& each : cases) {
    auto said = read_word(find_profile(profile), ended(each.status, each.output));
    EXPECT_EQ(name_of(said.word), name_of(each.word)) << profile << ", " << each.what << ": " << said.origin;
    EXPECT_EQ(said.message_id + said.recipient, "");
  }
}

// What the clients print is from runs of curl 7.88, msmtp 1.8, swaks 20201014 and Python's smtplib.

TEST(Profiles, Curl) {
  check("curl",
        {{"sent", 0, "", sent},
         {"greeting", 8, "curl: (8) Got unexpected smtp-server response: 421\n", temporary},
         {"greeting", 8, "curl: (8) Got unexpected smtp-server response: 554\n", permanent},
         {"EHLO", 9, "curl: (9) Remote access denied: 550\n", permanent},
         {"login", 67, "curl: (67) Login denied\n", misconfigured},
         {"login, verbose", 67, "< 454 4.7.0 Temporary failure\ncurl: (67) Login denied\n", misconfigured},
         {"MAIL", 55, "curl: (55) MAIL failed: 451\n", temporary},
         {"MAIL", 55, "curl: (55) MAIL failed: 530\n", misconfigured},
         {"RCPT", 55, "curl: (55) RCPT failed: 550\n", permanent},
         {"the dot", 8, "curl: (8) Weird server reply\n", failed},
         {"the dot, verbose", 8, "< 452 4.3.1 full\n* Weird\n> QUIT\n< 221 2.0.0 Bye\n", temporary},
         {"refused", 7, "curl: (7) Failed to connect to 127.0.0.1 port 45500 after 450 ms: Couldn't\n", temporary},
         {"silence", 28, "curl: (28) Operation timed out after 500 milliseconds with 0 bytes received\n", temporary},
         {"closed", 56, "curl: (56) response reading failed (errno: 115)\n", temporary},
         {"certificate", 60, "curl: (60) SSL certificate problem: self-signed certificate\n", refused},
         {"no TLS", 64, "curl: (64) STARTTLS denied, code 454\n", refused},
         {"meter", 8,
          "  % Total    % Received\r  0   450    0     0    0     0      0 --:--:-- --:--:--     0\r"
          "100   512    0     0  100   512      0    500  0:00:01\ncurl: (8) Weird server reply\n",
          failed},
         {"usage", 2, "curl: option --mail: is ambiguous\n", failed}});
}

TEST(Profiles, Msmtp) {
  check("msmtp",
        {{"sent", 0, "", sent},
         {"greeting", 76,
          "msmtp: cannot get initial OK message from server\n"
          "msmtp: server message: 421 4.7.0 mx.example.com Error: too many connections from 127.0.0.1\n"
          "msmtp: could not send mail\n",
          temporary},
         {"login", 77,
          "msmtp: authentication failed (method PLAIN)\n"
          "msmtp: server message: 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6\n",
          misconfigured},
         {"login, later", 77,
          "msmtp: authentication failed (method PLAIN)\nmsmtp: server message: 454 4.7.0 Temporary failure\n",
          temporary},
         {"login, no reply", 77, "msmtp: authentication failed (method PLAIN)\n", misconfigured},
         {"RCPT", 65,
          "msmtp: recipient address b@example.net not accepted by the server\n"
          "msmtp: server message: 550 5.1.1 <b@example.net>: Recipient address rejected\n",
          permanent},
         {"the dot", 69,
          "msmtp: the server did not accept the mail\n"
          "msmtp: server message: 550-5.7.1 [127.0.0.1] Our system has detected that\n"
          "msmtp: server message: 550 5.7.1 MF00002001 - gsmtp\nmsmtp: could not send mail\n",
          permanent},
         {"no AUTH", 69, "msmtp: the server does not support authentication\n", failed},
         {"refused", 75, "msmtp: cannot connect to 127.0.0.1, port 450: Connection refused\n", temporary},
         {"silence", 74, "msmtp: network read error: the operation timed out\n", temporary},
         {"garbage", 76, "msmtp: the server sent an invalid reply\n", failed},
         {"set-up", 78, "msmtp: account default not found\n", misconfigured}});
}

TEST(Profiles, Swaks) {
  check("swaks",
        {{"sent", 0, "<-  250 2.0.0 Ok: queued\n -> QUIT\n<-  221 2.0.0 Bye\n", sent},
         {"greeting", 21,
          "=== Connected to 127.0.0.1.\n<** 421 4.7.0 mx.example.com Error: too many connections\n"
          " -> QUIT\n*** Remote host closed connection unexpectedly.\n",
          temporary},
         {"login", 28,
          "<** 535 5.7.8 Error: authentication failed\n*** No authentication type succeeded\n -> QUIT\n"
          "<-  221 2.0.0 Bye\n=== Connection closed with remote host.\n",
          misconfigured},
         {"login, later", 28, "<** 454 4.7.0 Temporary failure\n -> QUIT\n<-  221 2.0.0 Bye\n", temporary},
         {"no AUTH", 28, "<-  250 ENHANCEDSTATUSCODES\n*** Host did not advertise authentication\n", misconfigured},
         {"the dot", 26,
          " -> Subject: test\n -> 451 is in the body\n -> .\n"
          "<** 550-5.7.1 this message has been blocked.\n<** 550 5.7.1 MF00003001 - gsmtp\n -> QUIT\n",
          permanent},
         {"a body like a reply", 26, " -> 550 5.1.1 no\n<** 451 4.3.0 Later\n -> 550 5.1.1 no\n", temporary},
         {"refused", 2, "*** Error connecting to 127.0.0.1:450:\n", temporary},
         {"closed", 6, "*** Remote host closed connection unexpectedly.\n", temporary},
         {"silence", 23, "<** Timeout (1 secs) waiting for server response\n", temporary},
         {"TLS", 29, "*** TLS startup failed (connect(): error)\n", refused},
         {"usage", 1, "Unknown option\n", failed}});
}

const std::string traceback = "Traceback (most recent call last):\n  File \"/app/send.py\", line 450, in <module>\n";

TEST(Profiles, Smtplib) {
  auto smtplib = find_profile("smtplib");
  auto word = [&](const std::string& rest) { return name_of(read_word(smtplib, ended(1, traceback + rest)).word); };
  EXPECT_EQ(word("    raise SMTPConnectError(code, msg)\nsmtplib.SMTPConnectError: (421, b'4.7.0 too many')\n"),
            "temporary");
  EXPECT_EQ(word("smtplib.SMTPHeloError: (550, b'5.7.506 Access denied, bad HELO')\n"), "permanent");
  EXPECT_EQ(word("smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error')\n"), "misconfigured");
  EXPECT_EQ(word("smtplib.SMTPAuthenticationError: (454, b'4.7.0 Later')\n"), "temporary");
  EXPECT_EQ(word("smtplib.SMTPSenderRefused: (530, b'5.7.0 Authentication required', 'a@example.com')\n"),
            "misconfigured");
  EXPECT_EQ(word("    raise SMTPRecipientsRefused(senderrs)\n"
                 "smtplib.SMTPRecipientsRefused: {'b@example.net': (550, b'5.1.1 <b@example.net>: unknown')}\n"),
            "permanent");
  EXPECT_EQ(word("smtplib.SMTPDataError: (550, b'5.7.1 one line\\n5.7.1 another\\n5.7.1 MF00004001 - gsmtp')\n"),
            "permanent");
  EXPECT_EQ(word("smtplib.SMTPSenderRefused: (-1, b'\\x17\\xfe', 'a@example.com')\n"), "failed");
  EXPECT_EQ(word("smtplib.SMTPNotSupportedError: SMTP AUTH extension not supported by server.\n"), "misconfigured");
  EXPECT_EQ(word("smtplib.SMTPException: No suitable authentication method found.\n"), "misconfigured");
  EXPECT_EQ(word("smtplib.SMTPServerDisconnected: Connection unexpectedly closed: timed out\n"), "temporary");
  EXPECT_EQ(word("ConnectionRefusedError: [Errno 111] Connection refused\n"), "temporary");
  EXPECT_EQ(word("socket.timeout: timed out\n"), "temporary");
  EXPECT_EQ(word("ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed (_ssl.c:1006)\n"),
            "refused");
  EXPECT_EQ(word("KeyError: 'MAIL_HOST'\n"), "failed");
  EXPECT_EQ(word("MySMTPDataErrors: 3\n"), "failed");
}

TEST(Profiles, ThePythonExceptionThatIsRaisedDecides) {
  auto smtplib = find_profile("smtplib");
  auto chained = traceback + "smtplib.SMTPRecipientsRefused: {'b@example.net': (550, b'5.1.1 unknown')}\n\n" +
                 "During handling of the above exception, another exception occurred:\n\n" + traceback +
                 "smtplib.SMTPServerDisconnected: please run connect() first\n";
  auto said = read_word(smtplib, ended(1, chained));
  EXPECT_EQ(said.word, temporary);
  EXPECT_EQ(said.origin, "exit status 1, SMTPServerDisconnected");
  auto debugged = "reply: b'454 4.7.0 later\\r\\n'\nreply: retcode (454); Msg: b'4.7.0 later'\n" + traceback +
                  "smtplib.SMTPAuthenticationError: (535, b'5.7.8 no')\n";
  EXPECT_EQ(read_word(smtplib, ended(1, debugged)).origin, "exit status 1, reply code 535 in its output");
}

TEST(Profiles, Generic) {
  check("generic", {{"sent", 0, "550 5.1.1 was for another\n", sent},
                    {"sysexits", 75, "", temporary},
                    {"nodemailer", 1, "Error: Message failed: 550 5.1.1 unknown\n  responseCode: 550,\n", permanent},
                    {"last one", 1, "451 4.7.1 later\n550 5.1.1 unknown\n451 4.3.0 later\n", temporary},
                    {"nothing said", 1, "could not send\n", failed},
                    {"nothing printed", 3, "", failed},
                    {"killed", 128 + SIGPIPE, "<** 550 5.1.1 no\n", failed}});
}

TEST(Profiles, OriginSaysWhy) {
  auto generic = find_profile("generic");
  EXPECT_EQ(read_word(generic, ended(0, "")).origin, "exit status 0");
  EXPECT_EQ(read_word(generic, ended(1, "550 no")).origin, "exit status 1, reply code 550 in its output");
  EXPECT_EQ(read_word(generic, ended(139, "")).origin, "exit status 139, SIGSEGV");
}

TEST(Profiles, WhoWasEndedSaidNothing) {
  auto late = ended(143, "550 5.1.1 no");
  late.timed_out = true;
  EXPECT_EQ(read_word(find_profile("generic"), late).word, none);
  auto stopped = ended(0, "");
  stopped.stopped = true;
  EXPECT_EQ(read_word(find_profile("generic"), stopped).word, none);
}

TEST(ReplyCode, AsClientsWriteIt) {
  for (auto text : {"550",
                    "550 5.1.1 unknown",
                    "550-5.1.1 unknown",
                    "550\r\n",
                    "< 550 no",
                    "<- 550 no",
                    "<** 550 no",
                    "<-  550 no",
                    "<~* 550 no",
                    "S: 550 no",
                    "SMTP error 550",
                    "got 550 from it",
                    "message 550 5.1.1 no",
                    "SMTP Error: data not accepted. SMTP code: 550 Additional SMTP info: 5.1.1",
                    "\"code\":550,",
                    "{\"responseCode\": 550}",
                    "com.sun.mail.smtp.SMTPSendFailedException: 550 5.1.1 <b@x>: no",
                    "(550, b'no')",
                    "Error: 550.",
                    "textproto: 550 5.7.1 no",
                    "status=bounced (host mx said: 550 no)",
                    "Net::SMTPFatalError: 550 no",
                    "code = \"550\"",
                    "[550] no",
                    "server returned 550",
                    "mail: 550",
                    "remote server: 550 no\n> QUIT\n< 221 Bye\n",
                    "550 no\nprocessed 1 message in 451 ms\n"})
    EXPECT_EQ(last_failing_code(text).value_or(0), 550) << text;
}

TEST(ReplyCode, IsNoOtherNumber) {
  for (auto text : {"",
                    "250 ok",
                    "221 Bye",
                    "354 go on",
                    "5500",
                    "1550",
                    "55",
                    "560 x",
                    "599",
                    "a550",
                    "550a",
                    "5.50",
                    "550.5",
                    "0.550",
                    "127.0.0.1:45100",
                    "port 450",
                    "port: 450",
                    "Size: 512",
                    "\"size\":512",
                    "512 bytes",
                    "took 450 ms",
                    "took: 450",
                    "elapsed: 451ms",
                    "(450 ms)",
                    "SIZE=512",
                    "line 450",
                    "-> 550 x",
                    "> 550 x",
                    "C: 550 x",
                    "send: '550'",
                    "2024-11-24 10:11:12.451 no",
                    "sent 450 messages",
                    "b@450.example",
                    "500%",
                    "/tmp/550",
                    "errno: 451",
                    "451 ms",
                    "version 4.5.1",
                    "id 550",
                    "#550",
                    "550/1000"})
    EXPECT_EQ(last_failing_code(text).value_or(0), 0) << text;
}

TEST(Version, IsTheFirstNumberWithADot) {
  EXPECT_EQ(version_in("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1"), "7.88.1");
  EXPECT_EQ(version_in("build 42, go1.19.8"), "1.19.8");
  EXPECT_EQ(version_in("swaks version 20201014.0\n"), "20201014.0");
  EXPECT_EQ(version_in("v1.0rc2."), "1.0rc2");
  EXPECT_EQ(version_in("release 17. Of 18."), "17");
  EXPECT_EQ(version_in("none"), "");
  EXPECT_EQ(version_in(""), "");
}

// ---- profiles of one's own

class ProfileFile : public WrittenFile<find_profile> {
 protected:
  ProfileFile() : WrittenFile(".json") {}
};

TEST_F(ProfileFile, SaysHowAClientIsRead) {
  auto profile = read(R"({
    "name": "ours",
    "exits": {"0": "failed", "10": "sent", "67": "misconfigured"},
    "exits_without_code": {"11": "temporary"},
    "names": {"Bounced": "permanent"},
    "timeouts_scaled": true
  })");
  EXPECT_EQ(profile.name, "ours");
  EXPECT_TRUE(profile.timeouts_scaled);
  EXPECT_TRUE(profile.reply_code_in_output);
  EXPECT_EQ(read_word(profile, ended(0, "")).word, failed);
  EXPECT_EQ(read_word(profile, ended(10, "550 no")).word, sent);
  EXPECT_EQ(read_word(profile, ended(11, "550 no")).word, permanent);
  EXPECT_EQ(read_word(profile, ended(11, "")).word, temporary);
  EXPECT_EQ(read_word(profile, ended(1, "451 no\nBounced\n")).word, permanent);
}

TEST_F(ProfileFile, MayForbidToReadTheOutput) {
  auto profile = read(R"({"exits": {"1": "permanent"}, "reply_code_in_output": false})");
  EXPECT_EQ(read_word(profile, ended(2, "451 no")).word, failed);
  EXPECT_EQ(profile.name, path_);
}

TEST_F(ProfileFile, Mistakes) {
  EXPECT_THAT(error_of("{\n\"exits\": {,}\n}"), HasSubstr(":2: the profile isn't JSON: "));
  EXPECT_THAT(error_of(""), HasSubstr("isn't JSON"));
  EXPECT_THAT(error_of("{\"exits\": {}"), HasSubstr("isn't JSON"));
  EXPECT_THAT(error_of("{} {}"), HasSubstr("isn't JSON"));
  EXPECT_EQ(error_of("[]"), ": an object is wanted, {…}");
  EXPECT_EQ(error_of(R"({"exit": {}})"), ": \"exit\" is no field of a profile (did you mean 'exits'?)");
  EXPECT_EQ(error_of(R"({"exits": 3})"), ": exits: an object is wanted, {…}");
  EXPECT_EQ(error_of(R"({"exits": {"x": "sent"}})"), ": exits: \"x\" is no exit status, 0 to 255");
  EXPECT_EQ(error_of(R"({"exits": {"256": "sent"}})"), ": exits: \"256\" is no exit status, 0 to 255");
  EXPECT_EQ(
      error_of(R"({"exits": {"1": "temporry"}})"),
      ": exits.1: \"temporry\" is none of sent, temporary, permanent, misconfigured, refused, failed (did you mean "
      "'temporary'?)");
  EXPECT_THAT(error_of(R"({"exits": {"1": "none"}})"), HasSubstr("is none of"));
  EXPECT_EQ(error_of(R"({"timeouts_scaled": 1})"), ": timeouts_scaled: true or false is wanted");
  EXPECT_THAT(error_of("{\"name\": \"" + std::string(2 << 20, 'a')), HasSubstr("isn't JSON"));
}

TEST(Profiles, Unknown) {
  auto error_of = [](const std::string& name) -> std::string {
    try {
      find_profile(name);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(
      error_of("crul"),
      "profile 'crul' is unknown (did you mean 'curl'?); there are generic, curl, msmtp, swaks, smtplib, or write "
      "the path of a JSON file: ./NAME.json");
  EXPECT_EQ(error_of("./none.json"), "./none.json: the profile can't be read: No such file or directory");
}

}  // namespace
}  // namespace mailfault::runner
