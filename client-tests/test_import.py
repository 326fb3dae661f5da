"""import: a real client's log, or a capture, becomes a scenario, and the same client meets the same failure there."""
import collections
import contextlib
import glob
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import mailfault
from clients import logged
from mailfault import Server

DATA = os.path.join(os.path.dirname(__file__), "..", "server", "tests", "import", "data")
SECRETS = ["hunter2secret", "aHVudGVyMnNlY3JldA", "AGFsaWNlQGNvcnAuZXhhbXBsZQB", "YWxpY2VAY29ycC5leGFtcGxl",
           "alice", "bob@", "corp.example", "partner", "secret figures", "laptop"]


@dataclass(frozen=True)
class Case:
    """A scenario and what the client does there. `waits`: the client gives up waiting, after 2 s."""
    scenario: str
    login: tuple = None
    recipients: int = 1
    messages: int = 1
    tls: bool = False
    waits: bool = False
    size: int = 0

    @property
    def name(self):
        return self.scenario + ("-tls" if self.tls else "")


# Where it can't be so: who, where, by which evidence; why. (Resets of a TCP connection that has just come about or is about
# to begin TLS, and a close in the midst of a message, aren't among the cases: when a client hears of them, and where, is
# by chance.)
LATE = "no option bounds its wait for the reply to QUIT"
SEALED = "its TLS can't be read: it writes no secrets"
UNTOLD = "it tells the server nothing of what it has against the certificate"
LEFT_OUT = [
    ("curl", "(dot|quit)-silent", "log|pcap", LATE),
    ("curl", "dot-421-then-healthy", "log|pcap", "whether it hears of the close before it takes that connection again is chance"),
    ("swaks", "(auth|dot|mail|rcpt|cert-good|starttls-required).*-tls", "pcap", SEALED),
    ("msmtp", "cert-(expired|untrusted-root)-tls", "pcap", UNTOLD),
    ("nodemailer", "cert-expired-tls", "pcap", UNTOLD + ", so that it is guessed"),
    ("swaks", "cert-expired-tls", "log", "it says only that the certificate wasn't verified, so that it is guessed"),
    ("msmtp", "ehlo-short", "log", "it doesn't log the reply that it calls invalid"),
    ("smtplib", "banner-450", "log|pcap", "a refusal that the healthy server gives, too, has its own words there"),
]


def left_out(client, case, kind):
    return any(client.NAME == who and re.fullmatch(where, case.name) and re.fullmatch(by, kind)
               for who, where, by, _ in LEFT_OUT)


def cases():
    wrong, right = (logged.SENDER, logged.PASSWORD), (mailfault.USER, mailfault.PASSWORD)
    plain = """healthy tcp-refused tcp-accept-close banner-421 banner-554 banner-554-close banner-450
        banner-multiline banner-220-then-421 banner-no-esmtp ehlo-421 ehlo-502-helo-ok ehlo-550-policy
        ehlo-both-fail ehlo-close ehlo-minimal mail-421 mail-451-greylist mail-452-storage mail-501-syntax
        mail-550-send-as mail-552-size mail-553-relaying mail-close rcpt-251 rcpt-421-mid rcpt-450-rate rcpt-452-full
        rcpt-550-unknown rcpt-550-close rcpt-554-relay reply-multi-line-error data-421 data-451 data-503 data-554
        data-354-multiline data-250-not-354 dot-250-421 dot-250-close dot-421 dot-451 dot-452 dot-552-size dot-554-spam
        dot-accepted-close dot-accepted-rst dot-notstored-close quit-421 quit-500 quit-close quit-rst""".split()
    return [
        *(Case(name) for name in plain),
        *(Case(name, waits=True) for name in ("tcp-accept-silent", "banner-never", "ehlo-short", "ehlo-silent",
                                              "mail-silent", "rcpt-silent", "data-silent", "dot-silent",
                                              "quit-silent")),
        *(Case(name, login=wrong) for name in ("auth-535", "auth-wrong-password-only", "auth-454-temp", "auth-421",
                                               "auth-close-mid", "auth-534-weak", "auth-gmail-bad")),
        Case("auth-silent", login=wrong, waits=True),
        Case("auth-530-after", login=right),
        *(Case(name, recipients=3) for name in ("rcpt-partial-5xx", "rcpt-partial-4xx", "rcpt-452-too-many")),
        Case("data-421-mid", size=64 << 10),
        *(Case(name, messages=2) for name in ("banner-421-then-healthy", "dot-421-then-healthy")),
        *(Case(name, tls=True) for name in ("starttls-454", "starttls-502", "starttls-220-close",
                                            "starttls-stripped", "cert-good", "cert-expired", "cert-untrusted-root",
                                            "tls-alert", "tls-close-at-hello", "starttls-required", "mail-421",
                                            "rcpt-550-unknown", "dot-421", "dot-accepted-close")),
        Case("auth-after-tls-only", login=right, tls=True),
        Case("auth-535", login=wrong, tls=True),
    ]


class RoundTrip(unittest.TestCase):
    """Each client under each scenario; its log, and what was captured, imported; the same client there."""
    maxDiff = None

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="mailfault-test-"))
        # What waits costs nothing, what is at work shall not wait for more of its kind.
        self.pools = {waits: self.stack.enter_context(ThreadPoolExecutor(count))
                      for waits, count in ((True, 16), (False, 3))}
        self.ca_file, self.ca = self.path("ca-with-key.pem"), self.path("ca.pem")
        self.assertEqual(mailfault.run("certs", "ca", "--ca-file", self.ca_file, "-o", self.ca)[0], 0)
        for size in {case.size for case in cases()}:
            os.mkdir(self.path(str(size)))
            with open(self.path(str(size), "mail.txt"), "w", encoding="utf-8", newline="") as file:
                file.write(logged.TEXT + ("x" * 70 + "\r\n") * (size // 72))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def each(self, function, pairs):
        """What the function makes of each pair of a client and a case."""
        begun = [self.pools[pair[1].waits].submit(function, *pair) for pair in pairs]
        return dict(zip(pairs, (each.result() for each in begun)))

    def serve(self, scenarios, *options):
        server = Server(*scenarios, options=("--quiet", "--ca-file", self.ca_file, *options))
        return self.stack.enter_context(server)

    def play(self, client, case, port):
        return client.play(port, logged.Sending(
            folder=self.path(str(case.size)), ca=self.ca if case.tls else None,
            keys=self.keys(client, case) if client.KEYS else None, login=case.login,
            recipients=logged.RECIPIENTS[:case.recipients], messages=case.messages, limit=2 if case.waits else 20))

    def keys(self, client, case):
        """nodemailer's process writes one file of all."""
        return self.path(client.NAME + (".keys" if client.NAME == "nodemailer" else f"-{case.name}.keys"))

    def behaviour(self, client, played):
        """Of what it made of it: the end, its words, the refusals that it saw, what it sent."""
        status, log = played
        words, refusals, sent = client.complaint(log), [], []
        for line in log.splitlines():
            if reply := re.search(r"(?:^<\S*\s+|^reply: b'|\] S: )([45]\d\d[ -].*)", line):
                refusals.append(reply[1])
            if said := re.search(r"(?:^\s?[-~]+>\s|^> |^send: |\] C: )(.*)", line):
                sent.append(said[1])
        return {"status": status, "words": self.common(words), "refusals": self.common(refusals),
                "sent": self.common(sent)}

    def common(self, lines):
        """What is replaced in the import, or is another each time, can't be the same."""
        return [re.sub(r"[\w.+-]+@[\w.-]+|127\.0\.0\.1|192\.0\.2\.\d+|\bid\d+\b|\b\w{10,}\b|:\d{4,5}\b"
                       r"|\bport \d+|\d+ (?:ms|milliseconds|bytes)|errno: \d+", "…", line) for line in lines]

    def test_round_trip(self):
        clients = [client for client in logged.CLIENTS if not client.find()]
        pairs = [(client, case) for client in clients for case in cases()
                 if not all(left_out(client, case, kind) for kind in ("log", "pcap"))]
        self.assertGreaterEqual(len({case.scenario for _, case in pairs}), 60)
        servers = {(client, tls): self.serve([case.scenario for case in cases() if case.tls == tls],
                                             *(["--tls"] if tls else []))
                   for client in clients for tls in (False, True)}
        ports = {(client, case): servers[client, case.tls].ports[case.scenario] for client, case in pairs}
        ports = {pair: doors.get("smtp") or doors["submission"] for pair, doors in ports.items()}
        capture = None
        if shutil.which("tcpdump") and os.geteuid() == 0:
            capture = self.stack.enter_context(Capture(self.path("all.pcap"), ports.values()))
        before = self.each(lambda client, case: self.play(client, case, ports[client, case]), pairs)
        captured = {}
        if capture:
            capture.stop()
            captured = capture.split()

        def imports(client, case):
            base = self.path(f"{client.NAME}-{case.name}")
            evidence = {"log": before[client, case][1].encode()}
            if ports[client, case] in captured:
                evidence["pcap"] = captured[ports[client, case]]
            made = {}
            for kind in evidence:
                if left_out(client, case, kind):
                    continue
                with open(f"{base}.{kind}", "wb") as file:
                    file.write(evidence[kind])
                keys = ["--keys", self.keys(client, case)] if kind == "pcap" and self.has_keys(client, case) else []
                made[kind] = self.imported(f"{base}.{kind}", *keys)
            return made

        made = self.each(imports, pairs)
        wrong = [said for kinds in made.values() for said in kinds.values() if not said.endswith(".lua")]
        self.assertEqual(wrong, [])
        again = {client: self.serve([path for pair, kinds in made.items() if pair[0] is client
                                     for path in kinds.values()]) for client in clients}

        def play_again(client, case):
            names = {kind: os.path.basename(path)[:-4] for kind, path in made[client, case].items()}
            return {kind: self.play(client, case, next(iter(again[client].ports[name].values())))
                    for kind, name in names.items()}

        after = self.each(play_again, pairs)
        for client, case in pairs:
            wanted = self.behaviour(client, before[client, case])
            for kind, path in made[client, case].items():
                with self.subTest(client=client.NAME, case=case.name, by=kind):
                    with open(path, encoding="utf-8") as file:
                        told = f"\n{before[client, case][1]}\n--- became\n{file.read()}\n--- and then\n" + \
                            after[client, case][kind][1]
                    self.assertEqual(self.behaviour(client, after[client, case][kind]), wanted, told)

    def has_keys(self, client, case):
        """More than a first comment."""
        path = self.keys(client, case)
        return case.tls and os.path.exists(path) and os.path.getsize(path) > 100

    def imported(self, file, *more):
        """The scenario's path, or what was said instead."""
        status, _, said = mailfault.run("import", file, "-o", file + ".lua", *more)
        if status:
            return said
        with open(file + ".lua", encoding="utf-8") as made:
            text = made.read()
        for secret in SECRETS:
            self.assertNotIn(secret, text, file)
        return file + ".lua"


class Capture:
    """What passes on these ports of loopback, by one tcpdump; a file for each port."""

    def __init__(self, path, ports):
        self.path = path
        self.process = subprocess.Popen(
            ["tcpdump", "-i", "lo", "-Z", "root", "--immediate-mode", "-U", "-B", "65536", "-w", path,
             " or ".join(f"tcp port {port}" for port in ports)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def __enter__(self):
        for line in self.process.stderr:
            if b"listening on" in line:
                return self
        self.stop()
        raise AssertionError("tcpdump didn't start")

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()

    def split(self):
        """The packets as a capture, by port."""
        with open(self.path, "rb") as file:
            data = file.read()
        parts, at = collections.defaultdict(lambda: [data[:24]]), 24
        while at < len(data):
            size = 16 + struct.unpack_from("<I", data, at + 8)[0]
            packet = data[at:at + size]
            tcp = 16 + 14 + (packet[16 + 14] & 15) * 4  # its own header, Ethernet's, IPv4's
            for port in struct.unpack_from(">HH", packet, tcp):
                parts[port].append(packet)
            at += size
        return {port: b"".join(packets) for port, packets in parts.items()}


class ImportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def imported(self, log, name, *more):
        """The scenario's path and text, and what was said on standard error."""
        status, _, said = mailfault.run("import", log, "-o", self.path(name), *more)
        self.assertEqual(status, 0, said)
        with open(self.path(name), encoding="utf-8") as file:
            return self.path(name), file.read(), said

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
