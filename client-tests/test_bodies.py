"""Scenarios that a healthy server plays for a message that the client must be given: its text arrives as it was.

Each passes with a client that does it right, smtplib or Postfix, and fails with one that makes the known mistake, whose
bytes behind the 354 are written here.
"""
import os
import sys
import tempfile
import unittest

import mailfault
import postfix

HEADER = b"From: a@example.com\r\nSubject: a test\r\nMessage-ID: <1@client.example>\r\n\r\n"
LINES = b"x" * 63 + b"\r\n"
# scenario: the text of the message; what a careless client sends of it, its end with it
TEXTS = {
    "body-dot-first-line": (b".\r\nmore\r\n", b".\r\nmore\r\n.\r\n"),
    "body-dot-lines": (b"first\r\n.\r\n..\r\n.foo\r\nlast\r\n", b"first\r\n..\r\n..\r\n.foo\r\nlast\r\n.\r\n"),
    "body-lf-dot-lf": (b"before\n.\nafter\n", b"before\n.\nafter\r\n.\r\n"),
    "body-no-final-eol": (b"the end", b"the end\r\n\r\n.\r\n"),
    "body-extra-eol": (b"the end\r\n", b"the end\r\n\r\n.\r\n"),
    "body-eol-split": (LINES * 17_000, LINES * 8_000 + LINES[:-1] + b"\r\n" + LINES * 8_999 + b".\r\n"),
    "rcpt-dup": (b"hello\r\n", None),
}
RAW = """
import sys
sys.path.insert(0, sys.argv[1])
from wire import Talk
with Talk(int(sys.argv[2])) as talk:
    talk.reply()
    for line in "EHLO client.example", "MAIL FROM:<a@example.com>", f"RCPT TO:<{sys.argv[4]}>", "DATA":
        talk.say(line)
    talk.socket.sendall(open(sys.argv[3], "rb").read())
    if talk.reply()[0]: talk.say("QUIT")
"""
SMTPLIB = """
import smtplib, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[2]), "client.example", timeout=30) as client:
    client.sendmail("a@example.com", sys.argv[4:], open(sys.argv[3], newline="").read())
"""


class Bodies(unittest.TestCase):
    def judged(self, scenario, client, text, *recipients):
        """The exit status of a run with that client, and what was said."""
        with tempfile.TemporaryDirectory(prefix="mailfault-test-") as folder:
            path = os.path.join(folder, "text")
            with open(path, "wb") as file:
                file.write(HEADER + text)
            status, out, wrong = mailfault.run("run", scenario, "--settle", "100ms", "--", sys.executable, "-c", client,
                                               os.path.dirname(os.path.abspath(__file__)), "{port}", path, *recipients,
                                               timeout=60)
            return status, out + wrong

    def test_smtplib_passes(self):
        for scenario, (text, _) in TEXTS.items():
            with self.subTest(scenario):
                status, said = self.judged(scenario, SMTPLIB, text, "b@example.net")
                self.assertEqual(status, 0, said)

    def test_a_careless_client_fails(self):
        for scenario, (_, sent) in TEXTS.items():
            if sent:
                with self.subTest(scenario):
                    status, said = self.judged(scenario, RAW, sent, "b@example.net")
                    self.assertEqual(status, 1, said)
                    self.assertIn("expect", said)

    def test_a_recipient_that_is_named_twice(self):
        status, said = self.judged("rcpt-dup", SMTPLIB, b"hello\r\n", "b@example.net", "B@example.net")
        self.assertEqual(status, 1, said)
        self.assertIn("RCPT names <B@example.net> twice", said)

    def test_a_source_that_fails(self):
        status, said = self.judged("body-source-fails", RAW, b"half a mess", "b@example.net")
        self.assertEqual(status, 1, "it waits for a reply that can't come, in vain: " + said)
        status, said = self.judged("body-source-fails", RAW, b"half a mess\r\n.\r\n", "b@example.net")
        self.assertEqual(status, 1, said)
        self.assertIn("a message was sent whole", said)
        status, said = self.judged("body-source-fails", RAW.replace("if talk.reply()[0]", "if False"), b"half a mess",
                                   "b@example.net")
        self.assertEqual(status, 0, said)

    def test_postfix_passes(self):
        if postfix.lacks():
            self.skipTest(postfix.lacks())
        texts = {scenario: text for scenario, (text, _) in TEXTS.items()}
        relay = os.path.join(os.path.dirname(os.path.abspath(__file__)), "postfix.py")
        for scenario in ("body-dot-lines", "rcpt-dup"):
            with self.subTest(scenario):
                status, out, wrong = mailfault.run(
                    "run", scenario, "--settle", "100ms", "--", "sh", "-c",
                    f"printf '{(HEADER + texts[scenario]).decode()}' | exec {sys.executable} {relay} {{port}} "
                    "--to b@example.net --to b@example.net", timeout=60,
                    env={**os.environ, "MAILFAULT": os.path.abspath(mailfault.PROGRAM)})
                self.assertEqual(status, 0, out + wrong)


if __name__ == "__main__":
    unittest.main()
