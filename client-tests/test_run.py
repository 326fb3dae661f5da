"""`mailfault run`: real clients and small mailers under scenarios, their verdicts, the reports, the bad input."""
import contextlib
import json
import os
import pty
import select
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
        self.ran = os.path.join(self.folder, "ran")  # a command that was run may make it
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
        refused(2, "name a scenario", "--", "true")
        refused(2, "did you mean", "heathy", "--", "true")
        refused(2, "--cmd", "healthy", "--cmd", "robot", "--", "true")
        refused(2, "can't be written", "healthy", "--junit", "/nowhere/report.xml", "--", "true")
        refused(2, "profile", "healthy", "--cmd", "client", "--profile", "nobody", "--", "true")
        refused(2, "--json", "--api", "--json", self.folder + "/report.json", "--", "true")
        refused(2, "--watch", "healthy", "--watch", "--", "true")
        refused(2, "did you mean 'limit'", "rcpt-452-too-many", "--set", "limt=1", "--", "true")
        refused(2, "none of these scenarios has a parameter 'limt'", "rcpt-452-too-many", "healthy", "--set", "limt=1",
                "--", "true")
        refused(2, "a.lua:1", self.write("a.lua", "scenario {"), "--", "true")

    def test_a_command_that_cannot_be_run(self):
        paths = {kind: os.path.join(self.folder, "report." + kind) for kind in ("xml", "json")}
        for command, says in (("/no/such/command", "doesn't exist: look at its path"),
                              ("no-such-command", "is not found in PATH: install it"),
                              (self.write("mail.sh", "#!/bin/sh\n"), "is not executable: chmod +x it"),
                              (self.folder, "is a folder: write the program in it")):
            with self.subTest(command):
                status = self.run_under("healthy", command=[command],
                                        options=("--junit", paths["xml"], "--json", paths["json"]))
                self.assertEqual(status, 3, self.said)
                self.assertIn(says, " ".join(self.said.split()))
                case, = xml.dom.minidom.parse(paths["xml"]).getElementsByTagName("testcase")
                error, = case.getElementsByTagName("error")
                self.assertIn(says, " ".join(error.firstChild.data.split()))
                with open(paths["json"], encoding="utf-8") as file:
                    report = json.load(file)
                self.assertEqual(report["exit_status"], 3)
                self.assertTrue(any(says in each["seen"] for each in report["runs"][0]["findings"]), report)

    def test_what_cannot_be_written_is_found_before_the_command_runs(self):
        for option in ("--junit", "--json", "--html", "--journal", "--evidence"):
            for path in ("/proc/nowhere/report", self.mail + "/report"):
                with self.subTest(option, path=path):
                    self.assertEqual(self.run_under("healthy", command=["touch", self.ran], options=(option, path)), 2)
                    self.assertIn(path, self.said)
                    self.assertFalse(os.path.exists(self.ran))

    def test_the_api_under_a_run(self):
        code = """
import json, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def ask(method, path, body=None):
    request = urllib.request.Request(os.environ["MAILFAULT_API"] + path, body and json.dumps(body).encode(),
                                     {"Authorization": "Bearer " + os.environ["MAILFAULT_API_TOKEN"]}, method=method)
    return json.loads(opener.open(request).read() or "null")
made = ask("POST", "/instances", {"scenario": sys.argv[1]})
os.environ.update(SMTP_HOST=made["host"], SMTP_PORT=str(made["port"]))
try: send(7)
except smtplib.SMTPException: pass
messages = ask("GET", f"/instances/{made['id']}/messages")["messages"]
assert [each["message_id"] for each in messages] == ["7@example.com"], messages
"""
        journal = os.path.join(self.folder, "journal.jsonl")
        for scenarios, options, status in (((), ("--journal", journal), 0), (("healthy",), (), 1)):
            with self.subTest(scenarios):
                got = self.run_under(*scenarios, command=[sys.executable, "-c", MAILER + code, "dot-250-close"],
                                     options=("--api", *options))
                self.assertEqual(got, status, self.said)
        self.assertIn("UNMET healthy", self.said)  # whoever names a scenario wants it met
        with open(journal, encoding="utf-8") as file:
            self.assertIn("dot-250-close-", json.loads(file.readline())["instance"])
        self.assertEqual(self.run_under(command=[sys.executable, "-c", MAILER + code, "banner-421"],
                                        options=("--api",)), 1)
        self.assertIn("AssertionError", self.said)
        self.assertEqual(self.run_under(command=["/no/such/command"], options=("--api",)), 3)

    def test_expectations_in_a_file(self):
        def expecting(text, scenario="rcpt-550-unknown", code="try: send()\nexcept smtplib.SMTPException: pass"):
            path = self.write("expect.json", text)
            return self.run_under(scenario, code=code + f"\nopen({self.ran!r}, 'w')", options=("--expect", path))
        self.assertEqual(expecting('{"commands": "EHLO, MAIL, RCPT"}'), 0, self.said)
        self.assertEqual(expecting('{"commands": "EHLO, MAIL, RCPT, DATA"}'), 1, self.said)
        self.assertIn("DATA", self.said)
        # its outcome takes the place of the scenario's
        says = "try: send()\nexcept smtplib.SMTPException: word('temporary')"
        self.assertEqual(expecting('{"connections": {"at_most": 1}}', code=says), 1, self.said)
        self.assertEqual(expecting('{"outcome": "temporary"}', code=says), 0, self.said)
        os.remove(self.ran)
        for text, complaint in (('{"outcome": "temporry"}', "did you mean 'temporary'"), ('{"outcome"', "expect.json"),
                                ('{"copies": {"at_least": 2, "at_most": 1}}', "copies"), ("[]", "expect.json"),
                                ('{"outcome": "delivered", "copies": {"at_most": 0}}', "no client can fulfil it")):
            with self.subTest(text):
                self.assertEqual(expecting(text), 2, self.said)
                self.assertIn(complaint, self.said)
                self.assertFalse(os.path.exists(self.ran))
        self.assertEqual(self.run_under("healthy", command=["true"], options=("--expect", "/nowhere/e.json")), 2)
        self.assertIn("/nowhere/e.json", self.said)

    def test_an_expectation_that_can_never_hold(self):
        path = self.write("never.lua", 'scenario { title = "never" }\nexpect.outcome "delivered"\n'
                                       'expect.copies { at_most = 0 }\n')
        self.assertEqual(self.run_under(path, command=["touch", self.ran]), 2)
        self.assertIn("never.lua:3", self.said)
        self.assertFalse(os.path.exists(self.ran))

    def test_evidence_of_a_scenario_named_twice(self):
        evidence = os.path.join(self.folder, "evidence")
        for _ in range(2):  # the second time over the first
            self.assertEqual(self.run_under("healthy", "healthy", code="send()", options=(
                "-j", "2", "--evidence", evidence)), 0, self.said)
        ports = set()
        for name in ("healthy", "healthy-2"):
            with open(os.path.join(evidence, name, "journal.jsonl"), encoding="utf-8") as file:
                events = [json.loads(line) for line in file]
            self.assertEqual(sum(event["kind"] == "stored" for event in events), 1)
            ports |= {event["port"] for event in events if event["kind"] == "door"}
            self.assertTrue(os.path.exists(os.path.join(evidence, name, "messages", "1.eml")))
        self.assertEqual(len(ports), 2)

    def test_the_command_line_that_plays_it_again(self):
        self.run_under("rcpt-452-too-many", command=["true", "a b"], options=(
            "--set", "limit=7", "--seed", "5", "--time-scale", "0.5", "--messages", "2", "--timeout", "20s"))
        self.assertIn("mailfault run rcpt-452-too-many --seed 5 --set limit=7 --time-scale 0.5 --messages 2 --timeout 20s "
                      "--settle 300ms -- true 'a b'", self.said)

    def test_watch(self):
        path = self.write("mine.lua", 'scenario { title = "before" }\n')
        log = os.path.join(self.folder, "said")
        with open(log, "w", encoding="utf-8") as file:
            process = subprocess.Popen([mailfault.PROGRAM, "run", path, "--watch", "--settle", "0s", "--", "true"],
                                       stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        def said(text, times):
            def ready():
                with open(log, encoding="utf-8") as file:
                    return file.read().count(text) >= times
            mailfault.wait_until(ready, what=text)
        said("waiting for a scenario's file to change", 1)
        self.write("mine.lua", "scenario {")
        said("mine.lua:1", 1)  # a mistake is told, and watched
        said("waiting", 2)
        self.write("mine.lua", 'scenario { title = "after" }\n')
        said("mine: after", 1)
        said("waiting", 3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 0)

    def test_ctrl_c_on_a_terminal_ends_a_run_of_several(self):
        started = os.path.join(self.folder, "started")
        child, terminal = pty.fork()
        if child == 0:
            os.execv(mailfault.PROGRAM, [mailfault.PROGRAM, "run", "healthy", "banner-421", "--", "sh", "-c",
                                         f"trap 'exit 0' INT; echo x >> {started}; sleep 60 & wait"])
        self.addCleanup(os.close, terminal)
        mailfault.wait_until(lambda: os.path.exists(started), what="the command")
        os.write(terminal, b"\x03")

        def ended():
            with contextlib.suppress(OSError):  # it has closed the terminal
                if select.select([terminal], [], [], 0)[0]:
                    os.read(terminal, 65536)
            pid, status = os.waitpid(child, os.WNOHANG)
            return pid and (status,)
        status, = mailfault.wait_until(ended, what="the end of the run")
        self.assertEqual(os.waitstatus_to_exitcode(status), 128 + signal.SIGINT)
        with open(started, encoding="utf-8") as file:
            self.assertEqual(file.read(), "x\n", "the second scenario isn't played")

    def test_signals_are_passed_on_as_themselves(self):
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(how):
                got, ready = (os.path.join(self.folder, f"{name}-{how}") for name in ("got", "ready"))
                traps = "; ".join(f"trap 'echo {name} > {got}; exit 0' {name}" for name in ("INT", "TERM", "HUP"))
                process = subprocess.Popen([mailfault.PROGRAM, "run", "healthy", "--", "sh", "-c",
                                            f"{traps}; : > {ready}; sleep 60 & wait"], stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                mailfault.wait_until(lambda: os.path.exists(ready), what="the command")
                process.send_signal(how)
                self.assertEqual(process.wait(20), 128 + how)
                with open(got, encoding="utf-8") as file:
                    self.assertEqual(file.read().strip(), how.name.removeprefix("SIG"))

    def test_a_command_that_ignores_sigterm_is_ended(self):
        began = time.monotonic()
        self.run_under("healthy", command=["sh", "-c", "trap '' TERM; sleep 60"], options=("--timeout", "500ms"))
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("its time was up", self.said)

    def test_a_run_that_is_ended_in_its_middle_keeps_its_journal(self):
        # Writes a line for each reply that it got, in order; a process of its own in the group beside it.
        code = """
import os, smtplib, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
smtp = smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]))
with open(sys.argv[1], "w") as file:
    print(os.getpid(), child.pid, file=file, flush=True)
    for number in range(1000000):
        smtp.docmd("NOOP", str(number))
        print(time.monotonic(), file=file, flush=True)
        time.sleep(0.005)
"""
        late = 0.3  # 100 ms are promised; the rest is for a busy machine
        for how in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(how):
                journal, noted, evidence = (os.path.join(self.folder, f"{name}-{how}")
                                            for name in ("journal", "noted", "evidence"))
                process = subprocess.Popen([mailfault.PROGRAM, "run", "healthy", "--journal", journal, "--evidence",
                                            evidence, "--", sys.executable, "-c", code, noted],
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)

                def lines():
                    try:
                        with open(noted, encoding="utf-8") as file:
                            return file.read().split("\n")[:-1]
                    except FileNotFoundError:
                        return []
                mailfault.wait_until(lambda: len(lines()) > 100, what="a hundred replies")
                ended_at = time.monotonic()
                process.send_signal(how)
                self.assertEqual(process.wait(20), 128 + how if how == signal.SIGTERM else -how)
                pids = [int(pid) for pid in lines()[0].split()]
                mailfault.wait_until(lambda: not any(map(alive, pids)), what="the end of the command's group")
                known = sum(float(line) < ended_at - late for line in lines()[1:])
                self.assertGreater(known, 20)
                for path in (journal, os.path.join(evidence, "healthy", "journal.jsonl")):
                    with open(path, encoding="utf-8") as file:
                        text = file.read()
                    self.assertTrue(text.endswith("\n"))
                    events = [json.loads(line) for line in text.splitlines()]
                    replies = [event for event in events if event["kind"] == "reply" and event["stage"] == "noop"]
                    self.assertGreaterEqual(len(replies), known)
                if how == signal.SIGTERM:
                    self.assertEqual(events[-1]["kind"], "ended")
                    self.assertIn("report.json", os.listdir(os.path.join(evidence, "healthy")))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    unittest.main()
