"""Bounces as those that read them see them: Python's email and two libraries of Perl's; delivered, kept, judged."""
import contextlib
import email
import email.policy
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import mailfault
from wire import Talk

SENDER = "a@example.com"
TEXT = (b"From: a@example.com\r\nTo: gone@example.net\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\n"
        b"Two lines,\r\n.one with a dot.\r\n")
NOW = ("--set", "after=0s")


def rcpt(recipient):
    """Of "b@example.net", or with parameters: "b@example.net NOTIFY=NEVER"."""
    address, space, parameters = recipient.partition(" ")
    return f"RCPT TO:<{address}>{space}{parameters}"


def send(port, recipients, text=TEXT, sender=f"<{SENDER}>"):
    with Talk(port) as talk:
        talk.reply()
        for line in ("EHLO client.example", f"MAIL FROM:{sender}", *map(rcpt, recipients), "DATA"):
            code, said = talk.say(line)
            if code >= 400 or code == 0:
                raise AssertionError(f"{line}: {said}")
        talk.socket.sendall(text.replace(b"\n.", b"\n..") + b".\r\n")
        code, said = talk.reply()
        if code != 250:
            raise AssertionError(said)
        talk.say("QUIT")


def bounces_of(scenario, recipients, count=1, options=NOW, **more):
    """The texts of what came back, by --messages."""
    with tempfile.TemporaryDirectory() as folder:
        with mailfault.Server(scenario, options=(*options, "--messages", folder)) as server:
            send(server.port(), recipients, **more)
            server.wait_for(count, kind="bounce")
        texts = []
        for number in range(1, count + 1):
            with open(os.path.join(folder, f"{scenario}-bounce-{number}.eml"), "rb") as file:
                texts.append(file.read())
        return texts


def parsed(text):
    message = email.message_from_bytes(text, policy=email.policy.default)
    defects = [*message.defects, *(defect for part in message.walk() for defect in part.defects)]
    if defects:
        raise AssertionError(defects)
    return message


def parts(message):
    return {part.get_content_type(): part for part in message.walk()}


def blocks(message):
    """The groups of fields of a DSN."""
    return parts(message)["message/delivery-status"].get_payload()


def perl(program, text):
    done = subprocess.run(["perl", "-e", program], input=text, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return json.loads(done.stdout)


def has_perl(module):
    return subprocess.run(["perl", f"-M{module}", "-e", "1"], capture_output=True).returncode == 0


EMAIL_MIME = r"""
use Email::MIME; use JSON::PP; local $/; my $mail = Email::MIME->new(<STDIN>);
my @types; my %bodies;
$mail->walk_parts(sub { my ($part) = @_; my ($type) = $part->content_type =~ m{^([^;]*)}; push @types, $type;
                        $bodies{$type} //= $part->body; });
print encode_json({ types => \@types, bodies => \%bodies, subject => $mail->header("Subject"),
                    report => $mail->content_type =~ /report-type="?([a-z-]+)/ ? $1 : "" });
"""
BOUNCE_PARSER = r"""
use Mail::DeliveryStatus::BounceParser; use JSON::PP; local $/;
my $bounce = eval { Mail::DeliveryStatus::BounceParser->new(<STDIN>) } or die "not parsed: $@";
print encode_json({ bounce => $bounce->is_bounce ? 1 : 0, id => $bounce->orig_message_id // "", reports => [map { {
    email => $_->get("email") // "", reason => $_->get("reason") // "", smtp_code => $_->get("smtp_code") // "",
    std => $_->get("std_reason") // "" } } $bounce->reports] });
"""


class Fields(unittest.TestCase):
    def test_a_failure(self):
        (text,) = bounces_of("dsn-failed", [
            "gone@example.net NOTIFY=FAILURE ORCPT=rfc822;Gone+2Bx@example.net", "here@example.net"],
            sender=f"<{SENDER}> RET=FULL ENVID=QQ314159")
        message = parsed(text)
        self.assertEqual(message.get_content_type(), "multipart/report")
        self.assertEqual(message["Content-Type"].params["report-type"], "delivery-status")
        self.assertEqual([part.get_content_type() for part in message.iter_parts()],
                         ["text/plain", "message/delivery-status", "message/rfc822"])
        self.assertEqual(message["To"], SENDER)
        self.assertRegex(message["From"], "^MAILER-DAEMON@mx.example.com")
        self.assertEqual(message["Auto-Submitted"], "auto-replied")
        self.assertTrue(message["Message-ID"] and message["Date"].datetime)
        of_message, of_recipient = blocks(message)
        self.assertEqual(of_message["Reporting-MTA"], "dns; mx.example.com")
        self.assertEqual(of_message["Original-Envelope-Id"], "QQ314159")
        self.assertEqual(of_message["Received-From-MTA"], "dns; client.example")
        self.assertTrue(email.utils.parsedate_to_datetime(of_message["Arrival-Date"]))
        self.assertEqual(of_recipient["Original-Recipient"], "rfc822;Gone+x@example.net")
        self.assertEqual(of_recipient["Final-Recipient"], "rfc822; gone@example.net")
        self.assertEqual(of_recipient["Action"], "failed")
        self.assertEqual(of_recipient["Status"], "5.1.1")
        self.assertEqual(of_recipient["Diagnostic-Code"], "smtp; 550 5.1.1 User unknown")
        self.assertTrue(email.utils.parsedate_to_datetime(of_recipient["Last-Attempt-Date"]))
        returned = parts(message)["message/rfc822"].get_payload(0)
        self.assertEqual(returned["Message-ID"], "<1@example.com>")
        self.assertEqual(returned.get_payload(), "Two lines,\r\n.one with a dot.\r\n")
        self.assertIn(TEXT, text, "byte for byte")
        self.assertNotIn(b"here@example.net", text)
        self.assertNotRegex(text, rb"(?<!\r)\n")

    def test_ret_hdrs(self):
        (text,) = bounces_of("dsn-failed", ["gone@example.net"], sender=f"<{SENDER}> RET=HDRS")
        headers = parts(parsed(text))["text/rfc822-headers"].get_content()
        self.assertIn("Message-ID: <1@example.com>", headers)
        self.assertNotIn(b"Two lines", text)

    def test_a_delay(self):
        (text,) = bounces_of("dsn-delayed", ["slow@example.net"])
        of_recipient = blocks(parsed(text))[1]
        self.assertEqual((of_recipient["Action"], of_recipient["Status"]), ("delayed", "4.4.1"))
        self.assertTrue(email.utils.parsedate_to_datetime(of_recipient["Will-Retry-Until"]))

    def test_success_is_asked_for(self):
        for scenario, action in (("dsn-success", "delivered"), ("dsn-relayed", "relayed"),
                                 ("dsn-expanded", "expanded")):
            with self.subTest(action):
                (text,) = bounces_of(scenario, ["b@example.net NOTIFY=SUCCESS", "c@example.net",
                                                "d@example.net NOTIFY=NEVER"])
                of_message, *of_recipients = blocks(parsed(text))
                self.assertEqual([each["Final-Recipient"] for each in of_recipients], ["rfc822; b@example.net"])
                self.assertEqual(of_recipients[0]["Action"], action)

    def test_the_action_wins(self):
        (text,) = bounces_of("dsn-4xx-as-failed", ["late@example.net"])
        of_recipient = blocks(parsed(text))[1]
        self.assertEqual((of_recipient["Action"], of_recipient["Status"]), ("failed", "4.4.7"))

    def test_a_complaint(self):
        (text,) = bounces_of("dsn-complaint", ["angry@example.net"])
        message = parsed(text)
        self.assertEqual(message["Content-Type"].params["report-type"], "feedback-report")
        fields = email.message_from_string(
            parts(message)["message/feedback-report"].get_payload(0).as_string())
        self.assertEqual([fields[name] for name in ("Feedback-Type", "Version", "Original-Rcpt-To", "Source-IP")],
                         ["abuse", "1", "<angry@example.net>", "127.0.0.1"])
        self.assertEqual(parts(message)["message/rfc822"].get_payload(0)["Message-ID"], "<1@example.com>")

    def test_an_automatic_reply(self):
        (text,) = bounces_of("dsn-ooo", ["away@example.net"])
        message = parsed(text)
        self.assertEqual(message["Auto-Submitted"], "auto-replied")
        self.assertEqual(message["In-Reply-To"], "<1@example.com>")
        self.assertEqual(message["Subject"], "Automatic reply: Hello")
        self.assertEqual(message["From"], "away@example.net")
        self.assertIn("until Monday", message.get_content())

    def test_an_ndr(self):
        (text,) = bounces_of("dsn-ndr-m365", ["gone@example.net"])
        message = parsed(text)
        self.assertEqual(message["Subject"], "Undeliverable: Hello")
        self.assertIn("Remote Server returned '550 5.1.10 RESOLVER", parts(message)["text/html"].get_content())
        self.assertEqual(blocks(message)[1]["Diagnostic-Code"],
                         "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient gone@example.net not found by "
                         "SMTP address lookup")

    def test_plain_text(self):
        (text,) = bounces_of("dsn-plain-text", ["gone@example.net"])
        message = parsed(text)
        self.assertEqual((message.get_content_type(), message["Subject"]), ("text/plain", "failure notice"))
        body = message.get_payload()
        self.assertTrue(body.startswith("Hi. This is the qmail-send program at mx.example.com."))
        self.assertRegex(body, r"\r\n\r\n<gone@example\.net>:\r\n[\s\S]*550 5\.1\.1 User unknown")
        self.assertIn("--- Below this line is a copy of the message.\r\n\r\n"
                      "Return-Path: <a@example.com>\r\nFrom:", body)

    def test_a_wrong_date_and_a_forged_message(self):
        (text,) = bounces_of("dsn-wrong-date", ["gone@example.net"])
        self.assertEqual(parsed(text)["Date"].datetime.year, 1970)
        (text,) = bounces_of("dsn-backscatter", ["b@example.net"])
        self.assertEqual(parts(parsed(text))["message/rfc822"].get_payload(0)["Message-ID"],
                         "<never-sent@forged.example>")

    def test_delayed_then_failed(self):
        first, second = bounces_of("dsn-delayed-then-failed", ["slow@example.net"], 2,
                                   ("--time-scale", "0.01"))
        self.assertEqual([blocks(parsed(each))[1]["Action"] for each in (first, second)], ["delayed", "failed"])


@unittest.skipUnless(has_perl("Email::MIME"), "libemail-mime-perl is not installed")
class EmailMime(unittest.TestCase):
    def test_parts(self):
        for scenario, to, report, types in (
                ("dsn-failed", "gone", "delivery-status",
                 ["multipart/report", "text/plain", "message/delivery-status", "message/rfc822"]),
                ("dsn-ndr-m365", "gone", "delivery-status",
                 ["multipart/report", "multipart/alternative", "text/plain", "text/html", "message/delivery-status",
                  "message/rfc822"]),
                ("dsn-complaint", "angry", "feedback-report",
                 ["multipart/report", "text/plain", "message/feedback-report", "message/rfc822"])):
            with self.subTest(scenario):
                (text,) = bounces_of(scenario, [f"{to}@example.net"])
                seen = perl(EMAIL_MIME, text)
                self.assertEqual((seen["report"], seen["types"]), (report, types))
                self.assertIn("Message-ID: <1@example.com>", seen["bodies"]["message/rfc822"])
                fields = seen["bodies"].get("message/delivery-status") or seen["bodies"]["message/feedback-report"]
                self.assertRegex(fields, r"(Final-Recipient: rfc822; |Original-Rcpt-To: <)" + to + "@example.net")


@unittest.skipUnless(has_perl("Mail::DeliveryStatus::BounceParser"),
                     "libmail-deliverystatus-bounceparser-perl is not installed")
class BounceParser(unittest.TestCase):
    def test_who_bounced_and_why(self):
        for scenario, to, std in (("dsn-failed", "gone", "user_unknown"), ("dsn-mailbox-full", "full", "over_quota"),
                                  ("dsn-plain-text", "gone", "user_unknown"), ("dsn-ndr-m365", "gone", None)):
            with self.subTest(scenario):
                (text,) = bounces_of(scenario, [f"{to}@example.net"])
                seen = perl(BOUNCE_PARSER, text)
                self.assertTrue(seen["bounce"])
                self.assertEqual([report["email"] for report in seen["reports"]], [f"{to}@example.net"])
                self.assertEqual(seen["id"], "<1@example.com>")
                if std:
                    self.assertEqual(seen["reports"][0]["std"], std)

    def test_what_is_none(self):
        (text,) = bounces_of("dsn-ooo", ["away@example.net"])
        self.assertFalse(perl(BOUNCE_PARSER, text)["bounce"])


class Delivered(unittest.TestCase):
    def test_to_another_server(self):
        with tempfile.TemporaryDirectory() as folder, \
                mailfault.Server("healthy", options=("--messages", folder)) as mailbox, \
                mailfault.Server("dsn-failed", options=(*NOW, "--bounce-to", f"127.0.0.1:{mailbox.port()}")) as server:
            send(server.port(), ["gone@example.net"])
            (delivery,) = server.wait_for(kind="delivery")
            self.assertRegex(delivery["text"], r"^delivered to 127\.0\.0\.1:\d+: 250 ")
            mailbox.wait_for(kind="stored")
            commands = [event["text"] for event in mailbox.journal(kind="command")]
            self.assertEqual(commands, ["EHLO mx.example.com", "MAIL FROM:<>", f"RCPT TO:<{SENDER}>", "DATA", "QUIT"])
            self.assertEqual(mailbox.journal(kind="violation"), [], "a correct client")
            mailbox.stop()
            with open(os.path.join(folder, "healthy-1.eml"), "rb") as file:
                self.assertEqual(blocks(parsed(file.read()))[1]["Action"], "failed")

    def test_why_not(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            closed = unused.getsockname()[1]
            with mailfault.Server("rcpt-550-unknown") as refuses:
                for port, why in ((closed, "Connection refused"), (refuses.port(), "the reply to RCPT was 550 5.1.1")):
                    options = (*NOW, "--bounce-to", f"localhost:{port}")
                    with self.subTest(why), mailfault.Server("dsn-failed", options=options) as server:
                        send(server.port(), ["gone@example.net"])
                        (delivery,) = server.wait_for(kind="delivery")
                        self.assertTrue(delivery["text"].startswith(f"failed at localhost:{port}: "), delivery)
                        self.assertIn(why, delivery["text"])
                        send(server.port(), ["here@example.net"])  # it goes on

    def test_an_address_that_is_none(self):
        status, _, error = mailfault.run("serve", "dsn-failed", "--bounce-to", "nowhere")
        self.assertEqual(status, 2)
        self.assertIn("--bounce-to nowhere: HOST:PORT is wanted", error)

    def test_by_the_api(self):
        with tempfile.TemporaryDirectory() as folder:
            ports = os.path.join(folder, "ports.json")
            with contextlib.ExitStack() as stack:
                mailbox = stack.enter_context(mailfault.Server("healthy"))
                api = subprocess.Popen([mailfault.PROGRAM, "serve", "--api", "--api-port", "0", "--port-file", ports,
                                        "--quiet"], stdin=subprocess.DEVNULL)
                stack.callback(api.wait)
                stack.callback(api.terminate)
                mailfault.wait_until(lambda: os.path.exists(ports), what="the port file")
                with open(ports, encoding="utf-8") as file:
                    where = json.load(file)["api"]

                def ask(path, body=None):
                    request = urllib.request.Request(where["url"] + path, json.dumps(body).encode() if body else None,
                                                     {"Authorization": "Bearer " + where["token"]})
                    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                    with opener.open(request, timeout=20) as answer:
                        return answer.read()
                made = json.loads(ask("/instances", {"scenario": "dsn-failed", "params": {"after": "0s"},
                                                     "bounce_to": f"127.0.0.1:{mailbox.port()}"}))
                send(made["port"], ["gone@example.net"])
                mailbox.wait_for(kind="stored")
                (bounce,) = json.loads(ask(f"/instances/{made['id']}/bounces"))["bounces"]
                self.assertEqual(bounce["blocks"][1]["Final-Recipient"], "rfc822; gone@example.net")
                text = ask(f"/instances/{made['id']}/bounces/1")
                self.assertEqual(blocks(parsed(text))[1]["Status"], "5.1.1")


# An application with a mailbox: it sends, takes what comes back, and sends again or doesn't.
APPLICATION = r"""
import os, smtplib, socketserver, sys, threading
came = threading.Event()
class Mailbox(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 app\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                while self.rfile.readline() != b".\r\n": pass
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT": return came.set()
host, port = os.environ["MAILFAULT_BOUNCE_TO"].rsplit(":", 1)
assert "bounces" in os.environ["MAILFAULT_NEEDS"].split()
server = socketserver.ThreadingTCPServer((host, int(port)), Mailbox)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
def send(to, number):
    with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])) as smtp:
        smtp.sendmail("a@example.com", to, f"Subject: x\r\nMessage-ID: <{number}@example.com>\r\n\r\nx\r\n")
send(["gone@example.net", "here@example.net"], 1)
assert came.wait(20), "no bounce came"
send([sys.argv[1]], 2)
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Judged(unittest.TestCase):
    def judged(self, *command, options=()):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report.json")
            status, output, error = mailfault.run("run", "dsn-failed", "--set", "after=200ms", "--json", report,
                                                  *options, "--", *command, timeout=60)
            self.assertTrue(os.path.exists(report), output + error)
            with open(report, encoding="utf-8") as file:
                return status, json.load(file)["runs"][0], output

    def test_an_address_is_suppressed_or_not(self):
        for to, verdict, status in (("here@example.net", "pass", 0), ("gone@example.net", "fail", 1)):
            with self.subTest(to):
                left, run, output = self.judged(sys.executable, "-c", APPLICATION, to,
                                                options=("--bounce-to", f"127.0.0.1:{free_port()}"))
                self.assertEqual((run["verdict"], left), (verdict, status), output)
                self.assertEqual(run["bounces"][0]["delivery"], "delivered")
                self.assertIn("(1 delivered)" if verdict == "pass" else "bounce", output)

    def test_a_bounce_that_reaches_nobody_is_unmet(self):
        sender = ("import os, smtplib\n"
                  "with smtplib.SMTP(os.environ['SMTP_HOST'], int(os.environ['SMTP_PORT'])) as smtp:\n"
                  "    smtp.sendmail('a@example.com', ['gone@example.net'], 'Subject: x\\r\\n\\r\\nx\\r\\n')\n")
        left, run, output = self.judged(sys.executable, "-c", sender)
        self.assertEqual((run["verdict"], left), ("unmet", 1), output)
        self.assertTrue(re.search(r"say where the application takes its bounces: --bounce-to", output), output)
        self.assertEqual([each["kind"] for each in run["bounces"]], ["dsn"], "what was due is waited for")


if __name__ == "__main__":
    unittest.main()
