"""Extensions as clients use them that were not written by us: BDAT, LMTP, PROXY, XCLIENT, DSN, SMTPUTF8."""
import functools
import glob
import os
import shutil
import smtplib
import subprocess
import tempfile
import unittest

import mailfault
from postfix import Postfix, lacks as postfix_lacks
from wire import Talk

UNPACKED = os.path.join(os.path.dirname(os.path.abspath(mailfault.PROGRAM)), "unpacked")
EXIM = os.path.join(UNPACKED, "exim4-daemon-light", "usr", "sbin", "exim4")
POSTFIX = os.path.join(UNPACKED, "postfix", "usr")
NSS_WRAPPER = glob.glob(os.path.join(UNPACKED, "libnss-wrapper", "usr", "lib", "*", "libnss_wrapper.so"))
SMTP_SOURCE = os.path.join(POSTFIX, "sbin", "smtp-source")
TEXT = "From: a@example.com\r\nTo: b@example.net\r\nSubject: a test\r\nMessage-ID: <1@example.com>\r\n\r\n.\r\n..two\r\n"


def needs(path, *also):
    """Decides when the test runs: the program must be there."""
    found = shutil.which(path) and all(also)
    return unittest.skipUnless(found, f"{path} is not here; tools/test installs or unpacks it")


def command(*words, text=None, within=60, **more):
    done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=within, **more)
    return done.returncode, done.stdout + done.stderr


def swaks(port, *words):
    return command("swaks", "--server", f"127.0.0.1:{port}", "--from", "a@example.com", "--helo", "client.example",
                   *words)


class Scenario(unittest.TestCase):
    """A test whose server plays a scenario of its own."""

    def serve(self, body):
        folder = self.enter(tempfile.TemporaryDirectory(prefix="mailfault-scenario-"))
        path = os.path.join(folder, "extensions.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('scenario { title = "extensions" }\n' + body)
        return self.enter(mailfault.Server(path))

    def enter(self, context):
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def lines(self, server):
        """What the client said, once it has left."""
        server.wait_for(kind="ended")
        return [event["text"] for event in server.journal(kind="command")]

    def assert_clean(self, server):
        self.assertEqual([event["text"] for event in server.journal(kind="violation")], [])

    def stored(self, server, count):
        server.wait_for(count, kind="stored")
        self.assertEqual(len(server.journal(kind="stored")), count)


class Bdat(Scenario):
    OFFER = 'capabilities { "+CHUNKING" }\n'

    def exim(self, port, *recipients, text=TEXT):
        """Exim without privilege: a spool of its own, and one host that all mail goes to. It refuses to be root."""
        folder = self.enter(tempfile.TemporaryDirectory(prefix="mailfault-exim-", ignore_cleanup_errors=True))
        user = os.geteuid() or 65534
        os.chmod(folder, 0o777)

        def write(name, content):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(content)
            return file.name
        environment = {"LD_PRELOAD": NSS_WRAPPER[0],
                       "NSS_WRAPPER_PASSWD": write("passwd", f"Debian-exim:x:{user}:{user}::/:/bin/false\n"
                                                             "root:x:0:0::/:/bin/false\n"),
                       "NSS_WRAPPER_GROUP": write("group", f"Debian-exim:x:{user}:\nroot:x:0:\n")}
        config = write("exim.conf", f"""
primary_hostname = client.example
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path =
never_users =
deliver_drop_privilege
keep_environment =
local_from_check = false
begin routers
out:
  driver = manualroute
  route_list = * 127.0.0.1::{port}
  self = send
  transport = out
begin transports
out:
  driver = smtp
  allow_localhost
  hosts_try_chunking = *
  hosts_avoid_tls = *
""")
        other = {} if os.geteuid() else {"user": user, "group": user, "extra_groups": []}
        status, said = command(EXIM, "-C", config, "-odi", "-oi", "-f", "a@example.com", *recipients,
                               text=text.replace("\r\n", "\n"), env=environment, **other)
        log = os.path.join(folder, "mainlog")
        if os.path.exists(log):
            with open(log, encoding="utf-8") as file:
                said += file.read()
        return status, said

    @needs(EXIM, NSS_WRAPPER)
    def test_exim_delivers_by_bdat(self):
        server = self.serve(self.OFFER)
        status, said = self.exim(server.port(), "b@example.net", "c@example.net")
        self.assertEqual(status, 0, said)
        self.assertIn("250", said)
        lines = self.lines(server)
        self.assertTrue(any(line.startswith("BDAT ") and line.endswith("LAST") for line in lines), lines)
        self.assertNotIn("DATA", lines)
        self.stored(server, 1)
        self.assert_clean(server)

    @needs(EXIM, NSS_WRAPPER)
    def test_exim_with_more_than_a_chunk(self):
        server = self.serve(self.OFFER)
        long = TEXT + ("x" * 70 + "\r\n") * 4000
        status, said = self.exim(server.port(), "b@example.net", text=long)
        self.assertEqual(status, 0, said)
        chunks = [line for line in self.lines(server) if line.startswith("BDAT")]
        self.assertGreater(len(chunks), 1)
        self.stored(server, 1)
        declared = sum(int(line.split()[1]) for line in chunks)
        self.assertEqual(server.journal(kind="content")[0]["bytes"], declared)
        self.assert_clean(server)

    @needs(EXIM, NSS_WRAPPER)
    def test_exim_keeps_what_a_chunk_is_refused_for_now(self):
        server = self.enter(mailfault.Server("bdat-452-mid", options=["--set", "at=100"]))
        status, said = self.exim(server.port(), "b@example.net")
        self.assertIn("452 4.3.1 Insufficient system storage", said)
        server.wait_for(kind="fault")
        self.assertEqual(server.journal(kind="stored"), [])

    def test_pipelined_chunks_over_a_socket(self):
        server = self.serve(self.OFFER)
        with Talk(server.port()) as talk:
            talk.reply()
            talk.say("EHLO client.example")
            chunk = b"x" * 100_000 + b"\r\n"
            talk.socket.sendall(b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\n"
                                + b"BDAT %d\r\n%b" % (len(chunk), chunk) * 3 + b"BDAT 0 LAST\r\nQUIT\r\n")
            self.assertEqual([talk.reply()[0] for _ in range(7)], [250] * 6 + [221])
        self.assertEqual(server.wait_for(kind="content")[0]["bytes"], 3 * len(chunk))


class Lmtp(Scenario):
    DOOR = 'doors { lmtp = { port = 24, protocol = "lmtp" } }\n'

    def test_smtplib_with_one_recipient_each(self):
        """smtplib reads one reply after the dot, however many recipients there are."""
        with mailfault.Server("lmtp-one-full") as server:
            with smtplib.LMTP("127.0.0.1", server.port(), timeout=20) as client:
                client.sendmail("a@example.com", ["1@example.net"], TEXT)
                with self.assertRaises(smtplib.SMTPDataError) as refused:
                    client.sendmail("a@example.com", ["full@example.net"], TEXT)
            self.assertEqual(refused.exception.smtp_code, 452)
            self.stored(server, 1)

    def test_swaks_learns_of_each_recipient(self):
        with mailfault.Server("lmtp-one-full") as server:
            status, said = swaks(server.port(), "--protocol", "LMTP", "--to",
                                 "1@example.net,full@example.net,2@example.net")
            self.assertIn("452 4.2.2 <full@example.net> Mailbox full", said)
            self.stored(server, 2)

    def test_swaks(self):
        server = self.serve(self.DOOR)
        status, said = swaks(server.port(), "--protocol", "LMTP", "--to", "b@example.net,c@example.net")
        self.assertEqual(status, 0, said)
        self.assertIn("LHLO client.example", self.lines(server))
        self.stored(server, 2)

    @needs(SMTP_SOURCE)
    def test_smtp_source(self):
        server = self.serve(self.DOOR)
        status, said = command(SMTP_SOURCE, "-L", "-m", "20", "-s", "4", "-r", "3", "-t", "b@example.net",
                               f"inet:127.0.0.1:{server.port()}",
                               env={"LD_LIBRARY_PATH": os.path.join(POSTFIX, "lib", "postfix")})
        self.assertEqual(status, 0, said)
        self.stored(server, 60)


class Claims(Scenario):
    PROXY = "doors { smtp = { proxy = true } }\non.rcpt:where('peer', '203.0.113.*'):reply(554, 'No mail from {peer}')\n"

    def test_swaks_behind_a_proxy(self):
        server = self.serve(self.PROXY)
        proxy = ["--proxy-source", "203.0.113.9", "--proxy-source-port", "40000", "--proxy-dest", "192.0.2.1",
                 "--proxy-dest-port", "25", "--proxy-family"]
        for version, family in (("1", "TCP4"), ("2", "AF_INET")):
            words = ["--proxy-version", version, *proxy, family]
            if version == "2":
                words += ["--proxy-protocol", "STREAM", "--proxy-command", "PROXY"]
            status, said = swaks(server.port(), "--to", "b@example.net", *words)
            self.assertNotEqual(status, 0)
            self.assertIn("554 No mail from 203.0.113.9", said)
        facts = [event["text"] for event in server.wait_for(3, kind="fact")]
        for version in "12":
            self.assertIn(f"PROXY version {version} from 203.0.113.9 port 40000 to 192.0.2.1 port 25", facts)

    def test_a_client_without_a_header(self):
        server = self.serve(self.PROXY)
        with Talk(server.port()) as talk:
            talk.socket.sendall(b"EHLO client.example\r\n")
            self.assertEqual(talk.reply(), (0, b""))
        self.assertEqual(server.wait_for(kind="ended")[0]["text"], "server: no PROXY header")

    def test_swaks_behind_a_proxy_that_passes_tls_on(self):
        server = self.serve(self.PROXY.replace("proxy = true", "proxy = true, tls = 'implicit'"))
        status, said = swaks(server.port(), "--to", "b@example.net", "--tls-on-connect", "--proxy-version", "1",
                             "--proxy", "TCP4 203.0.113.9 192.0.2.1 40000 25")
        self.assertNotEqual(status, 0)
        self.assertIn("554 No mail from 203.0.113.9", said)

    def test_swaks_claims_by_xclient(self):
        server = self.serve("capabilities { '+XCLIENT NAME ADDR HELO LOGIN' }\n"
                            "on.greeting:where('peer', '203.0.113.*'):reply(220, 'hello {peer}')\n")
        status, said = swaks(server.port(), "--to", "b@example.net", "--xclient-addr", "203.0.113.9",
                             "--xclient-name", "spike.example")
        self.assertEqual(status, 0, said)
        self.assertIn("220 hello 203.0.113.9", said)
        self.stored(server, 1)
        self.assert_clean(server)


class Parameters(Scenario):
    def test_msmtp_asks_for_notifications(self):
        server = self.serve("on.rcpt:reply(250, '{param.notify} {param.ret}')\n")
        status, said = command("msmtp", "--host=127.0.0.1", f"--port={server.port()}", "--from=a@example.com",
                               "--dsn-notify=failure,delay", "--dsn-return=headers", "--domain=client.example",
                               "--file=/dev/null", "--", "b@example.net", text=TEXT)
        self.assertEqual(status, 0, said)
        lines = self.lines(server)
        self.assertTrue(any("RET=HDRS" in line for line in lines), lines)
        self.assertTrue(any("NOTIFY=FAILURE,DELAY" in line.upper() for line in lines), lines)
        self.assert_clean(server)

    def test_smtplib_parameters(self):
        server = self.serve("")
        with smtplib.SMTP("127.0.0.1", server.port(), local_hostname="client.example", timeout=20) as client:
            client.sendmail("a@example.com", ["b@example.net"], TEXT,
                            mail_options=["RET=FULL", "ENVID=x+2By"],
                            rcpt_options=["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;b@example.net"])
            client.sendmail("δ@example.com", ["β@example.net"], TEXT, mail_options=["SMTPUTF8"])
            with self.assertRaises(smtplib.SMTPSenderRefused) as refused:
                client.sendmail("a@example.com", ["b@example.net"], TEXT, mail_options=["RET=NONE"])
            self.assertEqual(refused.exception.smtp_code, 501)
            self.assertIn(b"5.5.4", refused.exception.smtp_error)
        self.stored(server, 2)


class Relay(Scenario):
    """Postfix's smtp client: what it makes of the offer, and what becomes of mail that is refused."""

    def setUp(self):
        if postfix_lacks():
            self.skipTest(postfix_lacks())

    def postfix(self, server, *words, **more):
        return self.enter(Postfix(server.port(*words), **more))

    def test_pipelining_and_notifications(self):
        server = self.serve("on.mail:reply(250, '2.1.0', 'Ok, pending: {pending}')\n")
        postfix = self.postfix(server)
        postfix.send(TEXT.encode(), recipients=["b@example.net", "c@example.net"], words=["-N", "failure,delay"])
        postfix.wait("sent", 2)
        server.wait_for(kind="stored")
        lines = self.lines(server)
        self.assertEqual([line.split()[0] for line in lines], ["EHLO", "MAIL", "RCPT", "RCPT", "DATA", "QUIT"])
        self.assertTrue(all("NOTIFY=FAILURE,DELAY" in line for line in lines[2:4]), lines)
        reply = [event["text"] for event in server.journal(kind="reply") if event["stage"] == "mail"][0]
        self.assertTrue("RCPT" in reply and "DATA" in reply, reply)
        self.assert_clean(server)

    def test_tls(self):
        with tempfile.TemporaryDirectory(prefix="mailfault-test-") as folder:
            whole, ca = (os.path.join(folder, name) for name in ("whole.pem", "ca.pem"))
            status, _, wrong = mailfault.run("certs", "ca", "--ca-file", whole, "-o", ca)
            self.assertEqual(status, 0, wrong)
            secure = {"host": "localhost", "smtp_tls_security_level": "secure", "smtp_tls_CAfile": ca,
                      "smtp_tls_secure_cert_match": "hostname"}
            with mailfault.Server("healthy", options=["--tls", "--ca-file", whole]) as server:
                postfix = self.postfix(server, **secure)
                postfix.send(TEXT.encode())
                postfix.wait("sent")
                self.stored(server, 1)
                lines = self.lines(server)
                self.assertEqual([line.split()[0] for line in lines[:4]], ["EHLO", "STARTTLS", "EHLO", "MAIL"])
                self.assert_clean(server)
            with mailfault.Server("cert-expired", options=["--ca-file", whole]) as server:
                postfix = self.postfix(server, "cert-expired", "submission", **secure)
                postfix.send(TEXT.encode())
                self.assertIn("Server certificate not verified", postfix.wait("deferred")[0])
                self.assertEqual(server.journal(kind="stored"), [])

    def test_greylisted_mail_is_sent_again(self):
        with mailfault.Server("rcpt-450-greylist", options=["--time-scale", "0.05"]) as server:
            postfix = self.postfix(server)
            postfix.send(TEXT.encode())
            self.assertIn("(in reply to RCPT TO command)", postfix.wait("deferred")[0])
            postfix.wait("sent")
            self.stored(server, 1)
            self.assert_clean(server)

    def test_refused_mail_bounces(self):
        with mailfault.Server("rcpt-550-unknown") as server:
            postfix = self.postfix(server)
            postfix.send(TEXT.encode())
            self.assertIn("dsn=5.1.1", postfix.wait("bounced")[0])
            self.assertEqual(sum(line.startswith("MAIL") for line in self.lines(server)), 1)
            self.assertEqual(server.journal(kind="stored"), [])
            self.assert_clean(server)


if __name__ == "__main__":
    unittest.main()
