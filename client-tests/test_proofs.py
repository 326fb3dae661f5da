"""`mailfault run` can be believed: it cries no wolf, says the same under load and again, and shares nothing."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import mailfault
import mailers

# Says its scenario and port in each message; never waits long; starts in 20 ms.
MARKER = r"""
import _socket, os, sys
def talk():
    s = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    s.settimeout(0.4)
    s.connect((os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])))
    marker = os.environ["MAILFAULT_SCENARIO"] + " " + os.environ["SMTP_PORT"]
    s.recv(65536)
    for line in ("EHLO client.example", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA",
                 "Subject: " + marker + "\r\n\r\n" + marker + "\r\n.", "QUIT"):
        s.send(line.encode() + b"\r\n")
        if not s.recv(65536): break
try: talk()
except OSError: sys.exit(75)
"""

# One that chances decide about: replies, and how they come.
CHANCE = """scenario { title = "Chances" }
on.rcpt:chance(0.4):reply(450)
on.mail:chance(0.3):reply(421):close()
on.message:chance(0.3):reply(451)
"""
SERIAL = """
import os, smtplib
for number in range(25):
    try:
        with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]), local_hostname="client.example") as smtp:
            smtp.sendmail("a@example.com", ["b@example.net", "c@example.net"], f"Subject: {number}\\r\\n\\r\\n{number}\\r\\n")
    except smtplib.SMTPException: pass
"""
# Numbered connections at the same time: one is opened after the other, then all talk at once.
PARALLEL = """
import os, smtplib, threading
def talk(smtp, number):
    try:
        smtp.sendmail("a@example.com", ["b@example.net", "c@example.net"], f"Subject: {number}\\r\\n\\r\\n{number}\\r\\n")
        smtp.quit()
    except smtplib.SMTPException: pass
threads = []
for number in range(25):
    smtp = smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]), local_hostname="client.example")
    threads.append(threading.Thread(target=talk, args=(smtp, number)))
for each in threads: each.start()
for each in threads: each.join()
"""


def essence(run):
    """What must not depend on the machine's mood."""
    return run["id"], run["verdict"], sorted((each["name"], each["verdict"]) for each in run["findings"])


class Proofs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def runs(self, *words, command, allowed=(0, 1)):
        report = self.path("report.json")
        status, out, err = mailfault.run("run", *words, "--json", report, "--", *command, timeout=110)
        self.assertIn(status, allowed, out + err)
        with open(report, encoding="utf-8") as file:
            return json.load(file)["runs"]

    def test_a_healthy_server_gets_only_passes(self):
        for client in mailers.CLIENTS:
            for login in (None, (mailfault.USER, mailfault.PASSWORD)):
                with self.subTest(client, login=bool(login)):
                    run, = mailers.judged(["healthy"], client, login=login, limit=30)
                    # A2 tells of a password in clear where there is no TLS: that is so here, and `info`.
                    told = {each["name"]: each for each in run["findings"] if each["verdict"] != "pass"}
                    self.assertLessEqual(set(told), {"A2"} if login else set(), told)
                    self.assertIn(run["verdict"], ("pass", "info") if login else ("pass",))
                    self.assertEqual(run["counts"]["stored"], 1)

    def test_nobody_and_a_wrong_port_are_unmet(self):
        wrong = [sys.executable, "-c", "import socket\ntry: socket.create_connection(('127.0.0.1', 1))\nexcept OSError: pass"]
        names = ["healthy", "banner-421", "rcpt-550-unknown", "dot-accepted-close", "data-rst-mid", "quit-rst",
                 "reuse-max-messages", "auth-535"]
        for command in (["true"], wrong):
            for kind in ("test", "client"):
                runs = self.runs(*names, "--cmd", kind, "--settle", "100ms", "-j", "4", command=command, allowed=(1,))
                for run in runs:
                    with self.subTest(command=command[0], kind=kind, scenario=run["id"]):
                        self.assertEqual(run["verdict"], "unmet")
                        self.assertIn("the command never connected", json.dumps(run["findings"]))

    def test_the_same_verdicts_on_a_busy_machine_and_again(self):
        names = ["healthy", "banner-421", "banner-delay-20s", "dot-451", "dot-accepted-close", "dot-250-late-30s",
                 "quit-silent", "mail-silent"]
        options = ("-j", "8", "--time-scale", "0.02")

        def verdicts():
            return [essence(run) for run in mailers.judged(names, "smtplib", options, limit=2)]
        quiet = verdicts()
        spin = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(max(2, os.cpu_count() or 2))]
        try:
            self.assertEqual(verdicts(), quiet)
            self.assertEqual(verdicts(), quiet)
        finally:
            for each in spin:
                each.kill()
                each.wait()

    def test_two_hundred_scenarios_share_nothing(self):
        known = [each["id"] for each in json.loads(mailfault.run("list", "--json")[1])]
        names = known + ["healthy"] * max(0, 200 - len(known))
        runs = self.runs(*names, "-j", "8", "--cmd", "client", "--time-scale", "0.01", "--settle", "100ms", "--quiet",
                         "--timeout", "10s", command=[sys.executable, "-I", "-S", "-c", MARKER])
        self.assertEqual(sorted(run["id"] for run in runs), sorted(names))
        stored = 0
        for run in runs:
            ports = {str(port) for port in run["ports"].values()}
            for message in run["messages"]:
                scenario, port = message["subject"].split(" ")
                self.assertEqual(scenario, run["id"])
                self.assertIn(port, ports)
                stored += 1
        self.assertGreater(stored, 60)
        healthy = [run for run in runs if run["id"] == "healthy"]
        self.assertEqual([run["counts"]["stored"] for run in healthy], [1] * len(healthy))

    def journal(self, code, seed):
        path = self.path(f"journal-{seed}.jsonl")
        if os.path.exists(path):
            os.remove(path)
        self.runs(self.path("chance.lua", CHANCE), "--seed", str(seed), "--journal", path, "--settle", "0s",
                  command=[sys.executable, "-c", code])
        events = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                event = json.loads(line)
                for clock in ("at", "to", "port"):
                    event.pop(clock, None)
                event["text"] = re.sub(r"port \d+", "port", event["text"].replace(f"seed {seed}", "seed"))
                events.append(event)
        self.assertGreater(len(events), 100)
        return events

    def test_a_serial_client_replays_byte_for_byte(self):
        first = self.journal(SERIAL, 7)
        self.assertEqual(first, self.journal(SERIAL, 7))
        self.assertNotEqual(first, self.journal(SERIAL, 8))

    def test_parallel_sessions_replay_each_for_its_number(self):
        def by_session(seed):
            talks = {}
            for event in self.journal(PARALLEL, seed):
                if event["kind"] == "reply" and event["stage"] in ("mail", "rcpt"):
                    talks.setdefault(event["connection"], []).append(event["code"])
            return talks
        first = by_session(7)
        self.assertEqual(first, by_session(7))
        self.assertNotEqual(first, by_session(8))


if __name__ == "__main__":
    unittest.main()
