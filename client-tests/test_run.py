"""`mailfault run`: real clients and small mailers under scenarios, their verdicts, the reports, the bad input."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.dom.minidom

import mailfault

MAILER = """
import os, smtplib, sys, time
def send(number=1):
    with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]), timeout=10) as smtp:
        return smtp.sendmail("a@example.com", ["b@example.net"],
                             "Message-ID: <%d@example.com>\\r\\nSubject: hello\\r\\n\\r\\nHello.\\r\\n" % number)
def word(text):
    with open(os.environ["MAILFAULT_REPORT"], "a") as file: file.write(text + "\\n")
"""
CURL = ["curl", "-sS", "--max-time", "3", "--mail-from", "a@example.com", "--mail-rcpt", "b@example.net",
        "{url}/client.example", "-T"]


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.mail = self.write("mail.eml", "From: a@example.com\r\nTo: b@example.net\r\nSubject: hello\r\n"
                                           "Message-ID: <1@example.com>\r\n\r\nHello.\r\n")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return path

    def run_under(self, *scenarios, code=None, command=None, options=()):
        command = command or [sys.executable, "-c", MAILER + code]
        status, out, err = mailfault.run("run", *scenarios, "--settle", "300ms", *options, "--", *command, timeout=60)
        self.said = out + err
        return status

    def curl(self, *scenarios, options=()):
        return self.run_under(*scenarios, command=[*CURL, self.mail], options=("--cmd", "client", "--profile", "curl", *options))

    def test_a_healthy_server_gets_only_passes(self):
        report = os.path.join(self.folder, "report.json")
        self.assertEqual(self.run_under("healthy", code="send()", options=("--json", report)), 0, self.said)
        with open(report, encoding="utf-8") as file:
            run, = json.load(file)["runs"]
        self.assertEqual({finding["verdict"] for finding in run["findings"]}, {"pass"}, self.said)

    def test_curl_is_taken_at_its_word(self):
        for scenario in ("healthy", "banner-421", "rcpt-550-unknown", "tcp-refused", "dot-accepted-close", "data-rst-mid"):
            with self.subTest(scenario):
                self.assertEqual(self.curl(scenario), 1 if scenario == "data-rst-mid" else 0, self.said)
        self.assertIn("UNMET", self.said)  # the mail is smaller than the point where the reset comes
        self.assertIn("a message of 64 KiB", self.said)

    def test_a_test_that_expects_the_failure_passes(self):
        expects = "try: send()\nexcept smtplib.SMTPRecipientsRefused: sys.exit(0)\nsys.exit(1)"
        self.assertEqual(self.run_under("rcpt-550-unknown", code=expects), 0, self.said)
        self.assertEqual(self.run_under("rcpt-550-unknown", code="send()"), 1, self.said)
        self.assertIn("test command", self.said)

    def test_a_mailer_that_doubles_is_caught(self):
        at_once = "try: send()\nexcept smtplib.SMTPException: send()"
        self.assertEqual(self.run_under("dot-accepted-close", code=at_once), 1, self.said)
        self.assertIn("sent again at once", self.said)
        later = "try: send()\nexcept smtplib.SMTPException: time.sleep(1); send()"
        self.assertEqual(self.run_under("dot-accepted-close", code=later), 0, self.said)

    def test_a_word_in_the_report_is_judged(self):
        says = "try: send()\nexcept smtplib.SMTPException: word('%s <1@example.com>')"
        self.assertEqual(self.run_under("dot-451", code=says % "temporary"), 0, self.said)
        self.assertEqual(self.run_under("dot-451", code=says % "permanent"), 1, self.said)
        self.assertEqual(self.run_under("dot-discarded", code="send(); word('sent <1@example.com>')"), 0, self.said)

    def test_unmet_says_what_to_do(self):
        self.assertEqual(self.run_under("banner-421", command=["true"]), 1)
        self.assertIn("the command never connected", self.said)
        self.assertEqual(self.run_under("reuse-max-messages", code="send()"), 1)
        self.assertIn("3 messages on a connection", self.said)

    def test_the_environment_and_the_placeholders(self):
        code = ("import os, sys\n"
                "assert sys.argv[1:] == [os.environ['SMTP_HOST'], os.environ['SMTP_PORT'], os.environ['SMTP_URL'],"
                " os.environ['MAILFAULT_SUBMISSION_PORT']], sys.argv\n"
                "assert os.environ['SMTP_USER'] == 'user@example.com' and os.environ['SMTP_PASSWORD'] == 'open-sesame'\n")
        script = self.write("look.py", code)
        self.run_under("port-25-refused", command=[sys.executable, script, "{host}", "{port}", "smtp://user%40example.com:open-sesame@{host}:{port}",
                                                   "{port.submission}"])
        self.assertNotIn("AssertionError", self.said)
        self.assertNotIn("test command", self.said)

    def test_reports(self):
        paths = {kind: os.path.join(self.folder, "report." + kind) for kind in ("xml", "json", "html")}
        evidence = os.path.join(self.folder, "evidence")
        status = self.run_under("banner-421", "healthy", code="send()", options=(
            "-j", "2", "--junit", paths["xml"], "--json", paths["json"], "--html", paths["html"], "--evidence", evidence))
        self.assertEqual(status, 1, self.said)
        suite = xml.dom.minidom.parse(paths["xml"])
        cases = {case.getAttribute("name"): case for case in suite.getElementsByTagName("testcase")}
        self.assertEqual(set(cases), {"banner-421", "healthy"})
        self.assertTrue(cases["banner-421"].getElementsByTagName("failure"))
        self.assertFalse(cases["healthy"].getElementsByTagName("failure"))
        with open(paths["json"], encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(report["exit_status"], 1)
        self.assertEqual(len(report["runs"]), 2)
        with open(paths["html"], encoding="utf-8") as file:
            page = file.read()
        self.assertIn("banner-421", page)
        self.assertNotIn("src=\"http", page)
        self.assertIn("journal.jsonl", os.listdir(os.path.join(evidence, "healthy")))

    def test_a_hostile_client_cannot_write_into_the_page(self):
        page = os.path.join(self.folder, "report.html")
        code = ("import socket\ns = socket.create_connection((os.environ['SMTP_HOST'], int(os.environ['SMTP_PORT'])))\n"
                "s.recv(999); s.sendall(b'</pre><script>alert(1)</script>\\r\\n'); s.recv(999)")
        self.run_under("healthy", code=code, options=("--html", page))
        with open(page, encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn("<script>alert", text)
        self.assertIn("&lt;script&gt;alert", text)

    def test_many_in_parallel_share_nothing(self):
        names = ["healthy", "banner-421-then-healthy", "dot-250-close", "quit-close", "reply-bare-code",
                 "banner-multiline", "ehlo-minimal", "rcpt-251", "dot-250-text-weird", "banner-no-text", "data-354-bare"]
        report = os.path.join(self.folder, "report.json")
        self.run_under(*names, code="send()", options=("-j", "8", "--json", report))
        with open(report, encoding="utf-8") as file:
            runs = {run["id"]: run for run in json.load(file)["runs"]}
        self.assertEqual(set(runs), set(names))
        self.assertEqual(len({port for run in runs.values() for port in run["ports"].values()}), len(names))
        for name in names:
            if name != "banner-421-then-healthy":
                self.assertEqual(runs[name]["counts"]["stored"], 1, name)

    def test_the_same_seed_gives_the_same(self):
        path = self.write("coin.lua", 'scenario { title = "a coin" }\non.rcpt:chance(0.5):reply(450)\n')
        code = ("for i in range(20):\n  try: send(i)\n  except smtplib.SMTPException: pass")
        stored = []
        for _ in range(2):
            report = os.path.join(self.folder, "report.json")
            self.run_under(path, code=code, options=("--seed", "5", "--json", report))
            with open(report, encoding="utf-8") as file:
                run, = json.load(file)["runs"]
            stored.append([message["message_id"] for message in run["messages"]])
        self.assertEqual(stored[0], stored[1])
        self.assertTrue(0 < len(stored[0]) < 20)

    def test_bad_input(self):
        def refused(status, says, *words):
            got, out, err = mailfault.run("run", *words)
            self.assertEqual(got, status, out + err)
            self.assertIn(says, out + err)
        refused(2, "the command is missing", "healthy")
        refused(2, "SCENARIO", "--", "true")
        refused(2, "did you mean", "heathy", "--", "true")
        refused(2, "--cmd", "healthy", "--cmd", "robot", "--", "true")
        refused(2, "can't be written", "healthy", "--junit", "/nowhere/report.xml", "--", "true")
        refused(2, "profile", "healthy", "--cmd", "client", "--profile", "nobody", "--", "true")
        refused(3, "/no/such/command", "healthy", "--", "/no/such/command")
        refused(2, "a.lua:1", self.write("a.lua", "scenario {"), "--", "true")

    def test_a_command_that_ignores_sigterm_is_ended(self):
        began = time.monotonic()
        self.run_under("healthy", command=["sh", "-c", "trap '' TERM; sleep 60"], options=("--timeout", "500ms"))
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("its time was up", self.said)

    def test_the_command_ends_with_us(self):
        for how in (signal.SIGTERM, signal.SIGKILL):
            marker = os.path.join(self.folder, f"alive-{how}")
            code = f"import time\nwhile True:\n  open({marker!r}, 'w').write(str(time.time())); time.sleep(0.05)"
            process = subprocess.Popen([mailfault.PROGRAM, "run", "healthy", "--", sys.executable, "-c", code],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            mailfault.wait_until(lambda: os.path.exists(marker), what="the command")
            process.send_signal(how)
            process.wait(20)

            def still():
                before = os.stat(marker).st_mtime_ns
                time.sleep(0.3)
                return os.stat(marker).st_mtime_ns == before
            mailfault.wait_until(still, what="the command's end")


if __name__ == "__main__":
    unittest.main()
