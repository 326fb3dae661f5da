"""import: a real client's log becomes a scenario, and the same client meets the same failure there."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import mailfault
from mailfault import Server

DATA = os.path.join(os.path.dirname(__file__), "..", "server", "tests", "import", "data")
SECRETS = ["hunter2secret", "aHVudGVyMnNlY3JldA", "AGFsaWNlQGNvcnAuZXhhbXBsZQB", "YWxpY2VAY29ycC5leGFtcGxl",
           "alice", "bob@", "corp.example", "partner", "secret figures", "laptop"]
MAIL = ("From: alice@corp.example\r\nTo: bob@partner.example\r\nSubject: Quarterly figures\r\n"
        "Message-ID: <42@corp.example>\r\n\r\nThe secret figures are 17 and 4.\r\n")
SMTPLIB = """
import smtplib, sys
port, login = int(sys.argv[1]), sys.argv[2] == "login"
try:
    client = smtplib.SMTP(timeout=3)
    client.set_debuglevel(1)
    client.connect("127.0.0.1", port)
    client.ehlo("laptop.corp.example")
    if login:
        client.login("alice@corp.example", "hunter2secret")
    client.sendmail("alice@corp.example", ["bob@partner.example"], open("mail.txt").read())
    client.quit()
except Exception as error:
    print(type(error).__name__ + ":", error)
    sys.exit(1)
"""
NODEMAILER = """
const nodemailer = require("nodemailer");
const [port, login] = process.argv.slice(2);
const transport = nodemailer.createTransport({host: "127.0.0.1", port: +port, ignoreTLS: true, debug: true, logger: true,
  auth: login === "login" ? {user: "alice@corp.example", pass: "hunter2secret"} : undefined, socketTimeout: 3000});
transport.sendMail({from: "alice@corp.example", to: "bob@partner.example", subject: "Figures", text: "secret figures"})
  .then(() => process.exit(0), error => { console.log("Error: " + error.message); process.exit(1); });
"""


def swaks(port, login):
    more = ["--auth", "PLAIN", "-au", "alice@corp.example", "-ap", "hunter2secret"] if login else []
    return ["swaks", "--server", f"127.0.0.1:{port}", "--from", "alice@corp.example", "--to", "bob@partner.example",
            "--ehlo", "laptop.corp.example", "--data", "@mail.txt", "--timeout", "3", *more]


def curl(port, login):
    more = ["-u", "alice@corp.example:hunter2secret"] if login else []
    return ["curl", "-sSv", f"smtp://127.0.0.1:{port}/laptop.corp.example", "--mail-from", "alice@corp.example",
            "--mail-rcpt", "bob@partner.example", "-T", "mail.txt", "--max-time", "20", *more]


def msmtp(port, login):
    more = ["--auth=plain", "--user=alice@corp.example", "--passwordeval=echo hunter2secret"] if login else ["--auth=off"]
    return ["msmtp", "-C", "/dev/null", "--host=127.0.0.1", f"--port={port}", "--from=alice@corp.example",
            "--domain=laptop.corp.example", "--timeout=3", "--debug", "--tls=off", *more, "bob@partner.example"]


def smtplib(port, login):
    return ["python3", "client.py", str(port), "login" if login else "-"]


def nodemailer(port, login):
    return ["node", "client.js", str(port), "login" if login else "-"]


CLIENTS = [swaks, curl, msmtp, smtplib, nodemailer]
# What curl and others can't be told to give up waiting for soon isn't here. A login: the name has "auth" in it.
SCENARIOS = ["healthy", "banner-421", "banner-554", "ehlo-502-helo-ok", "ehlo-short", "mail-close", "mail-550-send-as",
             "rcpt-550-unknown", "rcpt-452-full", "data-554", "data-421", "dot-421", "dot-554-spam", "dot-accepted-close",
             "dot-accepted-rst", "auth-535", "auth-wrong-password-only"]


class ImportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name, text in [("mail.txt", MAIL), ("client.py", SMTPLIB), ("client.js", NODEMAILER)]:
            with open(os.path.join(self.folder, name), "w", encoding="utf-8", newline="") as file:
                file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def imported(self, log, name, *more):
        """The scenario's path and text, and what was said on standard error."""
        status, _, said = mailfault.run("import", log, "-o", self.path(name), *more)
        self.assertEqual(status, 0, said)
        with open(self.path(name), encoding="utf-8") as file:
            return self.path(name), file.read(), said

    def play(self, client, scenario, login):
        """The client's exit status and its output."""
        with Server(scenario) as server:
            port = next(iter(server.ports.values()))
            port = port["smtp"] if isinstance(port, dict) else port
            done = subprocess.run(client(port, login), cwd=self.folder, input=MAIL, text=True, timeout=40,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env=dict(os.environ, NODE_PATH="/usr/share/nodejs", HOME="/nonexistent", TZ="UTC"))
        return done.returncode, done.stdout

    def conversation(self, log):
        """What passed, without what is another one each time and without the server's words for success."""
        lines = []
        for line in log.splitlines():
            line = re.sub(r"^\[[^]]*\] \w+ +(\[\w+\] )?", "", line)
            found = re.match(r"(?:[<>*~ -]*(?:send: |reply: b?|[CS]: )?'?)(\d{3}[ -].*|[A-Za-z]{4}\b.*)", line)
            if found and re.match(r"[45]\d\d|EHLO|HELO|MAIL|RCPT|DATA|QUIT|AUTH|RSET", found[1], re.I):
                lines.append(found[1])
        return lines

    def test_round_trip(self):
        for client in CLIENTS:
            if not shutil.which(client(1, False)[0]):
                continue
            for number, scenario in enumerate(SCENARIOS):
                with self.subTest(client=client.__name__, scenario=scenario):
                    if (client, scenario) == (msmtp, "ehlo-short"):
                        continue  # it says that the reply was invalid, and doesn't log it
                    login = "auth" in scenario
                    before, log = self.play(client, scenario, login)
                    with open(self.path("log.txt"), "w", encoding="utf-8") as file:
                        file.write(log)
                    path, text, _ = self.imported(self.path("log.txt"), f"{client.__name__}-{number}.lua")
                    self.assertIn("example [[", text, text)
                    for secret in SECRETS:
                        self.assertNotIn(secret, text)
                    after, again = self.play(client, path, login)
                    self.assertEqual(after, before, f"{log}\n--- became\n{text}\n--- and then\n{again}")
                    self.assertEqual(self.without_ids(again), self.without_ids(log), text)

    def without_ids(self, log):
        # What the redaction has replaced can't be the same.
        return [re.sub(r"[\w.+-]+@[\w.-]+|127\.0\.0\.1|192\.0\.2\.\d+|\bid\d+\b|\b\w{10,}\b", "…", line)
                for line in self.conversation(log)]

    def test_the_logs_of_the_unit_tests(self):
        for log in sorted(glob.glob(os.path.join(DATA, "*.log"))):
            for more in [(), ("--verbatim",)]:
                with self.subTest(log=os.path.basename(log), more=more):
                    name = os.path.basename(log) + "".join(more) + ".lua"
                    path, text, said = self.imported(log, name, *more)
                    self.assertIn("its example holds", said, text)
                    self.assertEqual(mailfault.run("check", path)[0], 0)
                    for secret in SECRETS:
                        self.assertNotIn(secret, text)

    def test_several_logs_are_connections_of_one_run(self):
        logs = [os.path.join(DATA, name) for name in ("msmtp.banner-421.log", "msmtp.healthy.log")]
        status, text, said = mailfault.run("import", *logs)
        self.assertEqual(status, 0, said)
        self.assertIn("on.greeting:first(1):reply(421,", text)
        self.assertIn("S2: <close>", text)
        self.assertIn("alice@corp.example -> user1@example.com", said)

    def test_what_it_cant_make_a_scenario_of(self):
        def refused(text, *more):
            with open(self.path("bad.log"), "w", encoding="utf-8") as file:
                file.write(text)
            status, out, said = mailfault.run("import", self.path("bad.log"), *more)
            self.assertEqual((status, out), (2, ""), said)
            return said
        self.assertIn("bad.log: no SMTP is in it (1 line read)", refused("hello\n"))
        self.assertIn("bad.log:1: only the client's side", refused("C: EHLO a\nC: MAIL FROM:<a@b.test>\n"))
        one = "S: 220 a\nC: QUIT\nS: 221 a\n"
        self.assertIn("101 connections are in it, and a scenario tells of 100 at most; cut the log to those that "
                      "failed (the first that isn't a healthy server's is at line 301)",
                      refused(one * 100 + "S: 421 a\nC: QUIT\n"))
        self.assertIn("--as nodemaler", refused("S: 220 a\n", "--as", "nodemaler"))
        self.assertIn("--keep secrets", refused("S: 220 a\n", "--keep", "secrets"))
        with open(self.path("there.lua"), "w", encoding="utf-8") as file:
            file.write("mine")
        self.assertIn("there is such a file already",
                      refused("S: 421 a\n", "-o", self.path("there.lua")))
        with open(self.path("there.lua"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")


if __name__ == "__main__":
    unittest.main()
