"""The program at its edges: what it says when it can't go on, hostile clients, its end, what users run first."""
import contextlib
import functools
import json
import os
import re
import resource
import shutil
import signal
import smtplib
import socket
import ssl
import stat
import subprocess
import tempfile
import time
import unittest

import mailfault
from wire import Talk, connect, send_message

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@functools.lru_cache
def why_no_nobody():
    """Why the program can't be run without rights, or None. Where the test has none itself, NOBODY isn't needed."""
    if os.getuid() != 0:
        return None
    if not shutil.which("setpriv"):
        return "setpriv is missing"
    done = subprocess.run([*NOBODY, mailfault.PROGRAM, "--version"], capture_output=True)
    return None if done.returncode == 0 else "the program's file can't be reached by another user"


def without_rights():
    return NOBODY if os.getuid() == 0 else []


@functools.lru_cache
def why_no_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return None
    except OSError as error:
        return f"no ::1: {error}"


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def refused(self, *words, says, prefix=(), **more):
        """It ends by itself with 2, in a line that has all of `says`; nothing goes to standard output."""
        done = subprocess.run([*prefix, mailfault.PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=8, **more)
        self.assertEqual(done.returncode, 2, done.stderr)
        for each in says:
            self.assertIn(each, done.stderr)
        self.assertLess(len(done.stderr.splitlines()), 5, "short")
        self.assertEqual(done.stdout, "")
        return done.stderr


class Usage(ProgramTest):
    """Each error names the thing and the place, and what to do."""

    def test_no_scenario_file(self):
        self.refused("serve", "./missing.lua", "--port", "0", says=["missing.lua", "No such file"])

    def test_a_folder_for_a_file(self):
        self.refused("serve", self.folder + "/", "--port", "0", says=[self.folder, "folder"])

    def test_syntax_error(self):
        path = self.write("syntax.lua", 'scenario { title = "x" }\non.rcpt:reply(450\n')
        self.refused("serve", path, "--port", "0", says=[f"{path}:3:", "')' expected"])

    def test_unknown_field(self):
        path = self.write("field.lua", 'scenario { title = "x" }\non.rcpt:where("rcptt", "x"):reply(450)\n')
        self.refused("serve", path, "--port", "0", says=[f"{path}:2:", "'rcptt'", "did you mean 'rcpt'"])

    def test_unknown_action(self):
        path = self.write("action.lua", 'scenario { title = "x" }\n\non.rcpt:repl(450)\n')
        self.refused("serve", path, "--port", "0", says=[f"{path}:3:", "'repl'", "reply"])

    def test_unknown_stage(self):
        path = self.write("stage.lua", 'scenario { title = "x" }\non.recpt:reply(450)\n')
        self.refused("serve", path, "--port", "0", says=[f"{path}:2:", "recpt", "rcpt"])

    def test_bad_duration(self):
        path = self.write("duration.lua", 'scenario { title = "x" }\non.rcpt:delay("5 parsecs")\n')
        self.refused("serve", path, "--port", "0", says=[f"{path}:2:", "5 parsecs", "write"])

    def test_unknown_scenario(self):
        self.refused("serve", "helthy", "--port", "0", says=["'helthy'", "did you mean 'healthy'", "mailfault list"])
        self.refused("show", "dot-silence", says=["'dot-silence'", "did you mean 'dot-silent'"])

    def test_unknown_parameter(self):
        self.refused("serve", "banner-421-then-healthy", "--port", "0", "--set", "time=3", says=["'time'", "times"])
        self.refused("serve", "healthy", "--port", "0", "--set", "text=x", says=["'text'", "nor any other"])

    def test_a_parameter_that_none_of_several_scenarios_has(self):
        self.refused("serve", "healthy", "banner-421-then-healthy", "--port", "0", "--set", "time=3", says=["'time'"])

    def test_parameter_of_a_wrong_type(self):
        self.refused("serve", "banner-421-then-healthy", "--port", "0", "--set", "times=often", says=["times", "often"])
        self.refused("serve", "banner-421-then-healthy", "--port", "0", "--set", "times", says=["times", "="])

    def test_port_in_use(self):
        with mailfault.Server("healthy") as server:
            port = str(server.port())
            self.refused("serve", "healthy", "--port", port, says=[port, "in use", "--port 0"])
            send_message(server.port())

    def test_one_port_for_several(self):
        self.refused("serve", "healthy", "banner-421", "--port", "40000", says=["40000", "--port 0"])

    def test_port_junk(self):
        for junk in ("smtp", "65536", "-1", ""):
            with self.subTest(junk):
                self.refused("serve", "healthy", "--port", junk, says=["--port"])

    def test_privileged_port(self):
        if why_no_nobody():
            self.skipTest(why_no_nobody())
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            if int(file.read()) <= 25:
                self.skipTest("everybody may bind port 25 on this machine")
        self.refused("serve", "healthy", "--port", "25", prefix=without_rights(), says=["25", "root"])

    def test_journal_that_cannot_be_written(self):
        path = os.path.join(self.folder, "missing", "journal")
        self.refused("serve", "healthy", "--port", "0", "--journal", path, says=["journal", path, "directory"])

    def test_port_file_that_cannot_be_written(self):
        path = os.path.join(self.folder, "missing", "ports")
        self.refused("serve", "healthy", "--port", "0", "--port-file", path, says=["--port-file", path])

    def test_a_journal_on_a_full_disk(self):
        """It goes on, says so, and can't end as if all were well."""
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with mailfault.Server("healthy", options=("--journal", "/dev/full"), exit_status=2) as server:
            send_message(server.port())
            server.stop()
            self.assertIn("/dev/full", server.output())
            self.assertIn("No space left", server.output())

    def test_a_port_file_that_is_a_device(self):
        """It is written to or refused, never replaced: as root that would cost the machine its /dev/null."""
        device = os.path.join(self.folder, "null")
        try:
            os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        except PermissionError:
            self.skipTest("no right to make a device")
        journal = os.path.join(self.folder, "journal")
        process = subprocess.Popen([mailfault.PROGRAM, "serve", "healthy", "--port", "0", "--port-file", device,
                                    "--journal", journal], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        mailfault.wait_until(lambda: process.poll() is not None or os.path.getsize(journal) > 0
                             if os.path.exists(journal) else process.poll() is not None, what="the start")
        process.terminate()
        process.wait(20)
        self.assertTrue(stat.S_ISCHR(os.stat(device).st_mode), "the device has been replaced")

    def test_one_scenario_twice(self):
        """Its ports could not be told apart in the port file."""
        self.refused("serve", "healthy", "healthy", "--port", "0", says=["healthy", "twice"])

    def test_a_folder_of_scenarios_that_is_missing(self):
        for words in (["serve", "healthy", "--port", "0"], ["list"], ["show", "healthy"]):
            with self.subTest(words[0]):
                self.refused(*words, "--scenarios", self.folder + "/missing", says=["--scenarios", "missing"])

    def test_a_folder_of_scenarios_that_cannot_be_read(self):
        if why_no_nobody():
            self.skipTest(why_no_nobody())
        closed = os.path.join(self.folder, "closed")
        os.mkdir(closed, 0o700 if os.getuid() == 0 else 0)
        self.refused("list", "--scenarios", closed, prefix=without_rights(), says=["--scenarios", "closed"])

    def test_seed_junk(self):
        for junk in ("x1", "-1", "1.5", "99999999999999999999"):
            with self.subTest(junk):
                self.refused("serve", "healthy", "--port", "0", "--seed", junk, says=["--seed", junk, "number"])

    def test_time_scale_junk(self):
        for junk in ("fast", "0", "-1", "nan", "1x"):
            with self.subTest(junk):
                self.refused("serve", "healthy", "--port", "0", "--time-scale", junk,
                             says=["--time-scale", junk, "number"])

    def test_unknown_command_and_option(self):
        self.refused("sevre", "healthy", says=["'sevre'", "did you mean 'serve'", "--help"])
        self.refused("serve", "healthy", "--prot", "0", says=["--prot", "--help"])
        self.refused("serve", says=["scenario", "--api"])


class TlsUsage(ProgramTest):
    """What is wrong with TLS is said before any port is open."""

    def pem(self, name, *words):
        path = os.path.join(self.folder, name)
        status, _, error = mailfault.run("certs", *words, "-o", path)
        self.assertEqual(status, 0, error)
        return path

    def refused_by_each(self, *words, says, **more):
        for how in (["serve", "healthy", "--port", "0"], ["serve", "--api"], ["run", "healthy"]):
            with self.subTest(" ".join(how)):
                behind = ["--", "false"] if how[0] == "run" else []
                self.refused(*how, *words, *behind, says=says, **more)

    def test_certificate_and_key(self):
        good, other = self.pem("good.pem", "good", "--key"), self.pem("other.pem", "expired", "--key")
        bare, junk = self.pem("bare.pem", "good"), self.write("junk.pem", "hello\n")
        for words, says in (
                (["--cert", self.folder + "/none.pem"], ["--cert", "none.pem", "No such file"]),
                (["--cert", junk], ["--cert", junk, "isn't PEM"]),
                (["--cert", bare], ["--key", bare, "no private key"]),
                (["--cert", good, "--key", junk], ["--key", junk, "no private key"]),
                (["--cert", good, "--key", other], ["--key", other, good, "another certificate"]),
                (["--key", good], ["--key", good, "--cert"])):
            self.refused_by_each(*words, says=says)

    def test_the_password_of_a_key(self):
        if not shutil.which("openssl"):
            self.skipTest("openssl is missing")
        good, locked = self.pem("good.pem", "good", "--key"), os.path.join(self.folder, "locked.pem")
        subprocess.run(["openssl", "pkey", "-in", good, "-aes128", "-passout", "pass:open-sesame", "-out", locked],
                       check=True, capture_output=True)
        files = ["--cert", good, "--key", locked]
        self.refused_by_each(*files, says=["--key-password", locked, "no password"])
        self.refused_by_each(*files, says=["--key-password", locked, "isn't that"],
                             env={**os.environ, "MAILFAULT_OPT_KEY_PASSWORD": "wrong"})
        with mailfault.Server("healthy", options=(*files, "--tls", "--key-password", "open-sesame")) as server:
            send_message(server.port())

    def test_key_log(self):
        self.refused_by_each("--keylog", self.folder, says=["--keylog", self.folder, "Is a directory"])
        self.refused_by_each(says=["SSLKEYLOGFILE", "/none/keys", "No such file"],
                             env={**os.environ, "SSLKEYLOGFILE": self.folder + "/none/keys"})

    def test_names(self):
        self.refused_by_each("--cert-host", "two words", says=["--cert-host", "two words", "no host name"])

    def test_settings(self):
        for line, says in (('tls { ciphers = "AES265-SHA" }', ["AES265-SHA", "did you mean 'AES256-SHA'"]),
                           ('tls { groups = "P-265" }', ["P-265", "did you mean 'P-256'"]),
                           ('tls { tls_versions = "1.4" }', ["1.4", '"1.0" to "1.3"']),
                           ('on.handshake:use{ alpn = string.rep("x", 256) }', ["use.alpn", "256"])):
            with self.subTest(line):
                path = self.write("tls.lua", 'scenario { title = "x" }\n' + line + "\n")
                self.refused("serve", path, "--port", "0", says=[f"{path}:2:", *says])


class OwnCertificate(ProgramTest):
    def test_is_served_and_its_secrets_are_logged(self):
        path, keys = os.path.join(self.folder, "mine.pem"), os.path.join(self.folder, "keys.log")
        mailfault.run("certs", "self_signed", "--key", "-o", path)
        with open(path, encoding="ascii") as file:
            mine = ssl.PEM_cert_to_DER_cert(re.search("-----BEGIN CERT.*?END CERTIFICATE-----\n", file.read(), re.S)[0])
        with mailfault.Server("healthy", options=("--tls", "--cert", path, "--keylog", keys)) as server:
            for version, lines in (ssl.TLSVersion.TLSv1_2, 1), (ssl.TLSVersion.TLSv1_3, 6):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                context.minimum_version = context.maximum_version = version
                with smtplib.SMTP("127.0.0.1", server.port(), timeout=20) as client:
                    client.starttls(context=context)
                    self.assertEqual(client.sock.getpeercert(binary_form=True), mine)
                with open(keys, encoding="ascii") as file:
                    self.assertEqual(len(file.readlines()), lines)
        self.assertEqual(stat.S_IMODE(os.stat(keys).st_mode), 0o600)

    def test_names_of_good_ones(self):
        ca = os.path.join(self.folder, "ca.pem")
        with mailfault.Server("healthy", options=("--tls", "--ca-file", ca, "--cert-host", "mx.example.org")) as server:
            with open(ca, encoding="ascii") as file:
                context = ssl.create_default_context(cadata=file.read())
            for name in ("mx.example.org", "127.0.0.1", "asked.example"):
                with smtplib.SMTP("127.0.0.1", server.port(), timeout=20) as client:
                    client._host = name  # whom it believes to talk to
                    client.starttls(context=context)
                    names = {value for _, value in client.sock.getpeercert()["subjectAltName"]}
                self.assertLessEqual({name, "mx.example.org", "localhost", "127.0.0.1"}, names)


class HostileClients(ProgramTest):
    def test_binary(self):
        with mailfault.Server("healthy") as server:
            with Talk(server.port()) as talk:
                talk.reply()
                talk.socket.sendall(bytes(range(256)) * 40 + b"\r\n")
                self.assertIn(talk.reply()[0], (500, 501, 502))
            with Talk(server.port()) as talk:  # as a TLS client begins
                talk.reply()
                talk.socket.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(502) + b"\r\n")
                self.assertIn(talk.reply()[0], (500, 501, 502))
            send_message(server.port())
            server.wait_ended()
            server.stop()
            self.assertEqual(len(server.journal(kind="stored")), 1)

    def test_a_line_without_end(self):
        with mailfault.Server("healthy") as server:
            with Talk(server.port()) as talk:
                talk.reply()
                with contextlib.suppress(ConnectionError):
                    for _ in range(64):
                        talk.socket.sendall(b"x" * 65536)
                self.assertEqual(talk.reply()[0], 500)
                self.assertEqual(talk.file.read(), b"")
            self.assertIn("line", server.wait_for(kind="limit")[0]["text"])
            send_message(server.port())

    def test_a_body_without_end(self):
        with mailfault.Server("healthy") as server:
            before = memory(server)
            with Talk(server.port()) as talk:
                talk.envelope()
                block = (b"x" * 998 + b"\r\n") * 1000
                with contextlib.suppress(ConnectionError):
                    for _ in range(80):  # the cut is at 64 MiB
                        talk.socket.sendall(block)
                self.assertEqual(talk.reply()[0], 552)
            self.assertIn("body", server.wait_for(kind="limit")[0]["text"])
            send_message(server.port())
            self.assertLess(memory(server) - before, 64 << 20)
            server.stop()
            self.assertEqual(len(server.journal(kind="stored")), 1)

    def test_two_thousand_at_once(self):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 2500:
            self.skipTest(f"only {hard} descriptors")
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096 if hard == resource.RLIM_INFINITY else min(4096, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with mailfault.Server("healthy", options=("--quiet",)) as server, contextlib.ExitStack() as stack:
            crowd = [stack.enter_context(connect(server.port())) for _ in range(2000)]
            for each in crowd:
                self.assertTrue(each.recv(100).startswith(b"220 "))
            began = time.monotonic()
            send_message(server.port())
            self.assertLess(time.monotonic() - began, 1)
            stack.close()
            server.wait_for(2001, kind="ended")
            server.stop()
            self.assertEqual(len(server.journal(kind="connected")), 2001)


def memory(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


class TheEnd(ProgramTest):
    def test_sigterm_with_open_sessions(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(how), mailfault.Server("healthy") as server, contextlib.ExitStack() as stack:
                talks = [stack.enter_context(Talk(server.port())) for _ in range(5)]
                for talk in talks:
                    talk.reply()
                talks[0].say("EHLO client.example")
                talks[1].say("EHLO client.example")
                talks[1].say("MAIL FROM:<a@example.com>")
                began = time.monotonic()
                server.stop(how)
                self.assertLess(time.monotonic() - began, 5)
                for talk in talks:
                    self.assertEqual(talk.file.read(), b"")
                events = server.journal()
                self.assertEqual([event["kind"] for event in events[-5:]], ["ended"] * 5)
                self.assertEqual({event["connection"] for event in events[-5:]}, {1, 2, 3, 4, 5})
                self.assertIn("MAIL FROM:<a@example.com>", [event["text"] for event in events])

    def test_sigkill_loses_a_tenth_of_a_second(self):
        with mailfault.Server("healthy", exit_status=-signal.SIGKILL) as server:
            with Talk(server.port()) as talk:
                self.assertEqual(talk.send_message()[0], 250)
                time.sleep(0.3)  # 100 ms are promised; the rest is for a busy machine
                server.stop(signal.SIGKILL)
            kinds = [event["kind"] for event in server.journal()]
            for kind in ("connected", "command", "reply", "content", "stored"):
                self.assertIn(kind, kinds)
            self.assertEqual(server.journal()[-1]["code"], 250)

    def test_a_runaway_scenario_beside_a_healthy_one(self):
        self.beside("runaway", "while true do end")

    def test_a_memory_bomb_beside_a_healthy_one(self):
        self.beside("bomb", 'local all = {} while true do all[#all + 1] = ("x"):rep(100000) .. #all end', line=2)

    def test_a_bomb_of_one_string(self):
        self.beside("bomb", 'local text = "x" while true do text = text .. text end', line=2)

    def beside(self, name, code, line=3):
        path = self.write(name + ".lua", f'scenario {{ title = "x" }}\non.mail(function(session)\n  {code}\nend)\n')
        with mailfault.Server("healthy", path, exit_status=2) as server, Talk(server.port(name)) as bad:
            before = memory(server)
            bad.reply()
            bad.say("EHLO client.example")
            bad.socket.sendall(b"MAIL FROM:<a@example.com>\r\n")
            for _ in range(5):
                began = time.monotonic()
                send_message(server.port("healthy"))
                self.assertLess(time.monotonic() - began, 1)
            code, text = bad.reply()
            self.assertEqual((code, text[:9]), (421, b"421 4.3.0"))
            self.assertEqual(bad.file.read(), b"")
            error, = server.wait_for(kind="error", instance=name)
            self.assertIn(f"{path}:{line}:", error["text"])
            self.assertEqual(error["line"], line)
            self.assertLess(memory(server) - before, 64 << 20)
            send_message(server.port("healthy"))
            server.stop()
            self.assertEqual(len(server.journal(kind="stored", instance="healthy")), 6)


class Doors(ProgramTest):
    def test_commands(self):
        with mailfault.Server("healthy", options=("--commands",)) as server:
            port = server.port()

            def tell(line):
                before = len(server.journal(kind="door"))
                server.command_line(line)
                server.wait_for(before + 1, kind="door")

            send_message(port)
            tell("door smtp refused")
            with self.assertRaises(ConnectionRefusedError):
                connect(port)
            tell("door smtp open")
            send_message(port)
            tell("door smtp dropped")
            with self.assertRaises(TimeoutError):
                connect(port, timeout=0.5)
            self.assertGreaterEqual(server.wait_for(kind="swallowed")[0]["syns"], 1)
            tell("heal")
            send_message(port)
            server.command_line("door smtp ajar")
            server.command_line("door back open")
            server.command_line("open sesame")
            mailfault.wait_until(lambda: "open sesame" in server.output(), what="the answer to a wrong command")
            self.assertIn("no state 'ajar'", server.output())
            self.assertIn("no door 'back'", server.output())
            send_message(port)
            server.command_line("stop")
            server.wait()
            self.assertEqual(len(server.journal(kind="stored")), 4)

    def test_standard_input_that_ends(self):
        with mailfault.Server("healthy", options=("--commands",)) as server:
            server.process.stdin.close()
            send_message(server.port())

    def test_ipv6_refused(self):
        if why_no_ipv6():
            self.skipTest(why_no_ipv6())
        with mailfault.Server("ipv6-refused") as server:
            with self.assertRaises(ConnectionRefusedError):
                connect(server.port(), "::1")
            send_message(server.port())

    def test_ipv6_dead(self):
        if why_no_ipv6():
            self.skipTest(why_no_ipv6())
        with mailfault.Server("ipv6-dead") as server:
            began = time.monotonic()
            with self.assertRaises(TimeoutError):
                connect(server.port(), "::1", timeout=0.5)
            self.assertGreater(time.monotonic() - began, 0.48)
            send_message(server.port())
            self.assertGreaterEqual(server.wait_for(kind="swallowed")[0]["syns"], 1)

    def test_healthy_on_both_addresses(self):
        if why_no_ipv6():
            self.skipTest(why_no_ipv6())
        with mailfault.Server("healthy") as server:
            send_message(server.port(), "::1")
            send_message(server.port())

    def test_host(self):
        with mailfault.Server("healthy", options=("--host", "127.0.0.1")) as server:
            send_message(server.port())
            if not why_no_ipv6():
                with self.assertRaises(ConnectionRefusedError):
                    connect(server.port(), "::1")

    def test_a_port_of_ones_own(self):
        with mailfault.Server("healthy") as first:
            port = first.port()
        with mailfault.Server("healthy", port=str(port)) as server:  # at once: nothing lingers
            self.assertEqual(server.port(), port)
            send_message(port)


CHANCE = """scenario { title = "Half of the recipients are refused" }
on.rcpt:chance(0.5):reply(450, "4.2.1", "try later {id}")
on.mail(function() if math.random(3) == 1 then return reply(451, "4.3.0", "drawn " .. math.random(1000000)) end end)
"""


class Reproducible(ProgramTest):
    def test_time_scale(self):
        with mailfault.Server("banner-delay-20s", options=("--time-scale", "0.02")) as server:
            began = time.monotonic()
            with Talk(server.port()) as talk:
                self.assertEqual(talk.reply()[0], 220)
            self.assertGreater(time.monotonic() - began, 0.39)
            self.assertLess(time.monotonic() - began, 10)

    def test_seed(self):
        path = self.write("chance.lua", CHANCE)
        first, again, other = (self.journal_of(path, seed) for seed in (7, 7, 8))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        codes = {event["code"] for event in first if event["kind"] == "reply" and event.get("stage") == "rcpt"}
        self.assertEqual(codes, {250, 450})

    def journal_of(self, path, seed):
        with mailfault.Server(path, options=("--seed", str(seed))) as server:
            for _ in range(12):
                with Talk(server.port()) as talk:
                    talk.reply()
                    for line in ("EHLO client.example", "MAIL FROM:<a@example.com>", "RCPT TO:<1@example.net>",
                                 "RCPT TO:<2@example.net>", "QUIT"):
                        talk.say(line)
                    self.assertEqual(talk.file.read(), b"")
            server.wait_for(12, kind="ended")
            server.stop()
            events = server.journal()
        for event in events:
            event.pop("at")
            event.pop("to", None)
            event.pop("port", None)
            event["text"] = re.sub(r"port \d+", "port", event["text"].replace(f"seed {seed}", "seed"))
        return events


class FirstSteps(ProgramTest):
    """Smoke tests of what users run first."""

    def succeeds(self, *words, **more):
        status, out, error = mailfault.run(*words, **more)
        self.assertEqual((status, error), (0, ""), out)
        return out

    def test_help(self):
        self.assertIn("serve", self.succeeds("--help"))
        self.assertRegex(self.succeeds("--version"), r"mailfault \d+\.\d+")
        for command in ("serve", "list", "show", "check", "new", "doctor", "completion"):
            self.assertIn("Examples:", self.succeeds(command, "--help"))

    def test_list(self):
        everything = json.loads(self.succeeds("list", "--json"))
        ids = [each["id"] for each in everything]
        self.assertIn("healthy", ids)
        self.assertEqual(len(set(ids)), len(ids))
        for each in everything:
            self.assertTrue(each["title"], each)
        out = self.succeeds("list")
        for each in ids:
            self.assertIn(each, out)
        some = [each["id"] for each in json.loads(self.succeeds("list", "--json", "421", "greeting"))]
        self.assertIn("banner-421", some)
        self.assertNotIn("mail-421", some)
        self.assertIn("rcpt-550-unknown", self.succeeds("list", "--stage", "rcpt"))
        self.assertIn("dot-silent", self.succeeds("list", "--outcome", "ambiguous"))
        self.assertIn("reply", self.succeeds("list", "--actions"))
        json.loads(self.succeeds("list", "--actions", "--json"))

    def test_list_of_ones_own(self):
        self.write("my-own.lua", 'scenario { title = "All mine" }\non.rcpt:reply(450)\n')
        self.assertIn("All mine", self.succeeds("list", "--scenarios", self.folder))
        with mailfault.Server("my-own", options=("--scenarios", self.folder)) as server, Talk(server.port()) as talk:
            talk.reply()
            for line in ("EHLO client.example", "MAIL FROM:<a@example.com>"):
                talk.say(line)
            self.assertEqual(talk.say("RCPT TO:<b@example.net>")[0], 450)

    def test_show(self):
        out = self.succeeds("show", "dot-accepted-close")
        for part in ("dot-accepted-close", "times", "ambiguous"):
            self.assertIn(part, out)
        self.assertTrue(self.succeeds("show", "dot-accepted-close", "--source").startswith("scenario {"))

    def test_new_then_check(self):
        self.assertIn("my-fault.lua", self.succeeds("new", "my-fault", cwd=self.folder))
        self.succeeds("check", "my-fault.lua", cwd=self.folder)
        with open(os.path.join(self.folder, "my-fault.lua"), "a", encoding="utf-8") as file:
            file.write("-- mine\n")
        self.refused("new", "my-fault", says=["my-fault.lua", "already"], cwd=self.folder)
        with open(os.path.join(self.folder, "my-fault.lua"), encoding="utf-8") as file:
            self.assertTrue(file.read().endswith("-- mine\n"))
        self.refused("new", "My Fault", says=["My Fault"], cwd=self.folder)

    def test_check_finds_a_false_example(self):
        path = self.write("false.lua", 'scenario { title = "x" }\non.rcpt:reply(450, "no")\n'
                          'example [[\nS: 220 ...\nC: EHLO a\nS: 250 ...\nC: MAIL FROM:<a@b>\nS: 250 ...\n'
                          'C: RCPT TO:<a@b>\nS: 550 no\n]]\n')
        status, out, error = mailfault.run("check", path)
        self.assertEqual(status, 1, out + error)
        self.assertIn("550 no", out + error)
        self.assertIn(path, out + error)

    def test_check_all(self):
        self.succeeds("check", "--all", "--quiet")

    def test_doctor(self):
        out = self.succeeds("doctor")
        for tier in ("T0", "T1", "T2"):
            self.assertIn(tier, out)
        for probe in json.loads(self.succeeds("doctor", "--json")):
            self.assertEqual(set(probe), {"name", "tier", "works", "reason", "remedy"})
            self.assertTrue(probe["works"] or probe["remedy"], probe)

    def test_doctor_without_rights(self):
        if why_no_nobody():
            self.skipTest(why_no_nobody())
        done = subprocess.run([*without_rights(), mailfault.PROGRAM, "doctor", "--json"], capture_output=True,
                              text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        vanish, = [probe for probe in json.loads(done.stdout) if probe["name"] == "vanish without FIN"]
        self.assertFalse(vanish["works"])
        self.assertIn("root", vanish["remedy"])

    def test_what_this_machine_cannot_play(self):
        if why_no_nobody():
            self.skipTest(why_no_nobody())
        self.refused("serve", "data-vanish-mid", "--port", "0", prefix=without_rights(), cwd="/",
                     says=["data-vanish-mid", "root"])

    def test_completion(self):
        for shell in ("bash", "zsh"):
            with self.subTest(shell):
                out = self.succeeds("completion", shell)
                self.assertIn("mailfault", out)
                if not shutil.which(shell):
                    continue
                done = subprocess.run([shell, "-n"], input=out, capture_output=True, text=True, timeout=20)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.refused("completion", "fish", says=["fish", "bash"])

    def test_quiet(self):
        with mailfault.Server("healthy", options=("--quiet",)) as server:
            send_message(server.port())
            server.stop()
            self.assertEqual(server.output(), "")

    def test_what_serve_says(self):
        with mailfault.Server("healthy", options=("--seed", "7")) as server:
            send_message(server.port())
            server.stop()
            for part in ("healthy", str(server.port()), "seed 7", "1 connection,", "1 message stored"):
                self.assertIn(part, server.output())


if __name__ == "__main__":
    unittest.main()
