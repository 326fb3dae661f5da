"""At the desk: servers recorded, journals read and played again, scenarios edited while they are served."""
import contextlib
import json
import os
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

import mailfault
from wire import Talk, send_message


class DeskTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def good(self, *words, status=0):
        done, said, errors = mailfault.run(*words)
        self.assertEqual(done, status, said + errors)
        return said

    def refused(self, *words, says):
        status, said, errors = mailfault.run(*words)
        self.assertEqual(status, 2, said + errors)
        for each in says:
            self.assertIn(each, errors)


class Show(DeskTest):
    """A journal as a conversation."""

    def recorded(self):
        """Two connections to one server, side by side, and one to another."""
        with mailfault.Server("healthy", "rcpt-550-unknown") as server:
            with Talk(server.port("healthy")) as one, Talk(server.port("healthy")) as two:
                for talk in one, two:
                    talk.reply()
                for talk in one, two:
                    talk.say("EHLO client.example")
                for talk in one, two:
                    talk.say("QUIT")
            with Talk(server.port("rcpt-550-unknown")) as talk:
                talk.reply()
                for line in ("EHLO client.example", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "QUIT"):
                    talk.say(line)
            server.wait_for(3, kind="ended")
            return shutil.copy(server.journal_path, self.path("run.jsonl"))

    def test_in_the_order_of_the_file(self):
        said = self.good("show", self.recorded())
        self.assertIn("S: 250-mx.example.com\n", said)
        self.assertRegex(said, r"\n +250-PIPELINING\n")
        lines = said.splitlines()
        of_healthy = [line.split()[2] for line in lines if "healthy " in line and "EHLO" in line]
        self.assertEqual(of_healthy, ["#1", "#2"])
        quits = [i for i, line in enumerate(lines) if "healthy " in line and "QUIT" in line and "C:" in line]
        ehlos = [i for i, line in enumerate(lines) if "healthy " in line and "EHLO" in line]
        self.assertLess(max(ehlos), min(quits), "interleaved")
        self.assertIn("rcpt-550-unknown  #1  rcpt      S: 550 5.1.1", said)

    def test_one_connection_after_another(self):
        said = self.good("show", self.recorded(), "--by-connection")
        for part in said.split("\n\n"):
            numbers = {word for line in part.splitlines() for word in line.split()[2:3] if word.startswith("#")}
            self.assertLessEqual(len(numbers), 1, part)
        self.assertEqual(said.count("EHLO client.example"), 3)

    def test_as_a_page(self):
        journal = self.recorded()
        self.assertEqual(self.good("show", journal, "--html", self.path("page.html")), "")
        page = self.read("page.html")
        for each in ("<title>mailfault: ", "rcpt-550-unknown", "Connection 2", "EHLO client.example", "User unknown"):
            self.assertIn(each, page)
        ids = {part.split('"')[0] for part in page.split(' id="')[1:]}
        for link in page.split('href="#')[1:]:
            self.assertIn(link.split('"')[0], ids)

    def test_known_by_its_first_line(self):
        journal = self.recorded()
        os.rename(journal, self.path("run.log"))
        self.assertIn("EHLO client.example", self.good("show", self.path("run.log")))

    def test_what_is_no_journal(self):
        text = self.read(self.recorded())
        half = self.write("half.jsonl", text.rstrip()[:-5])
        self.refused("show", half, says=[f"half.jsonl:{len(text.splitlines())}: ", "cut off"])
        self.refused("show", self.write("empty.jsonl", ""), says=["empty.jsonl: ", "no event"])
        self.refused("show", self.path("none.jsonl"), says=["none.jsonl: ", "No such file"])
        self.refused("show", "healthy", "--html", self.path("page.html"), says=["--html", "name one journal"])


class Watch(DeskTest):
    """`serve --watch`: a file is edited while it is served."""
    HEALTHY = 'scenario { title = "mine" }\n'
    REFUSING = HEALTHY + 'on.rcpt:reply(550, "5.1.1", "{what}")\n'

    def refusing(self, what):
        return self.REFUSING.replace("{what}", what)

    def answer(self, port):
        """The text that a recipient is answered."""
        with Talk(port) as talk:
            talk.reply()
            for line in ("EHLO client.example", "MAIL FROM:<a@example.com>"):
                talk.say(line)
            return talk.say("RCPT TO:<b@example.net>")[1].decode()

    def loads(self, server, count):
        """Until it was loaded so often."""
        mailfault.wait_until(lambda: len([each for each in server.journal(kind="fact")
                                          if each["text"].startswith("scenario mine")]) >= count, what="a reload")

    def test_a_change_is_played_at_the_same_port(self):
        path = self.write("mine.lua", self.HEALTHY)
        with mailfault.Server(path, options=("--watch",)) as server:
            port = server.port()
            self.assertTrue(self.answer(port).startswith("250"))
            for number, what in enumerate(("first", "second", "third"), 2):
                self.write("mine.lua", self.refusing(what))
                self.loads(server, number)
                self.assertEqual(self.answer(port), f"550 5.1.1 {what}\r\n")
            self.assertEqual(server.output().count("reloaded"), 3)

    def test_a_file_that_is_replaced(self):
        path = self.write("mine.lua", self.HEALTHY)
        with mailfault.Server(path, options=("--watch",)) as server:
            os.replace(self.write("mine.lua.new", self.refusing("moved here")), path)
            self.loads(server, 2)
            self.assertEqual(self.answer(server.port()), "550 5.1.1 moved here\r\n")

    def test_connections_end(self):
        path = self.write("mine.lua", self.HEALTHY)
        with mailfault.Server(path, options=("--watch",)) as server, Talk(server.port()) as talk:
            talk.reply()
            self.write("mine.lua", self.refusing("now"))
            self.assertEqual(talk.reply(), (0, b""), "the end")
            server.wait_for(1, kind="ended")

    def test_what_does_not_load_keeps_the_old_one(self):
        path = self.write("mine.lua", self.refusing("old"))
        with mailfault.Server(path, options=("--watch",)) as server, Talk(server.port()) as talk:
            talk.reply()
            self.write("mine.lua", self.HEALTHY + "on.rcpt:repl(450)\n")
            mailfault.wait_until(lambda: "goes on" in server.output(), what="what became of it")  # the last that is said
            self.assertIn("mine.lua:2:", server.output())
            self.assertIn("'repl'", server.output())
            self.assertEqual(talk.say("NOOP")[0], 250, "nobody was disturbed")
            self.assertEqual(self.answer(server.port()), "550 5.1.1 old\r\n")
            self.write("mine.lua", self.refusing("new"))
            self.loads(server, 2)
            self.assertEqual(self.answer(server.port()), "550 5.1.1 new\r\n")

    def test_what_cannot_be_opened_keeps_the_old_one(self):
        path = self.write("mine.lua", self.refusing("old"))
        with mailfault.Server(path, options=("--watch",)) as server:
            self.write("mine.lua", self.HEALTHY + 'doors { smtp = { state = "unreachable" } }\n')
            mailfault.wait_until(lambda: "goes on" in server.output(), what="the reason")
            self.assertIn("unreachable", server.output())
            self.assertEqual(self.answer(server.port()), "550 5.1.1 old\r\n")

    def test_other_doors(self):
        """The one that a client is given keeps its port whatever it is called; the port file has the new ones."""
        path = self.write("mine.lua", self.HEALTHY + "doors { a = { main = true }, b = {} }\n")
        with mailfault.Server(path, options=("--watch",)) as server:
            before = server.ports["mine"]
            self.write("mine.lua", self.HEALTHY + "doors { b = {}, c = {}, d = { main = true } }\n")
            self.loads(server, 2)

            def changed():
                server.wait_ready()
                return server.ports["mine"] != before
            mailfault.wait_until(changed, what="the port file")
            after = server.ports["mine"]
            self.assertEqual(sorted(after), ["b", "c", "d"])
            self.assertEqual((after["d"], after["b"]), (before["a"], before["b"]))
            for port in after.values():
                self.assertTrue(self.answer(port).startswith("250"))

    def test_messages_of_before_stay(self):
        path = self.write("mine.lua", self.HEALTHY)
        folder = self.path("messages")
        with mailfault.Server(path, options=("--watch", "--messages", folder)) as server:
            send_message(server.port())
            self.write("mine.lua", self.HEALTHY + "-- the same\n")
            self.loads(server, 2)
            send_message(server.port())
            self.assertEqual(sorted(os.listdir(folder)), ["mine-1.eml", "mine-load-2-1.eml"])

    def test_two_servers_in_a_journal(self):
        """Each load counts its connections anew; what reads the journal tells them apart."""
        path = self.write("mine.lua", self.HEALTHY)
        with mailfault.Server(path, options=("--watch",)) as server:
            send_message(server.port())
            self.write("mine.lua", self.refusing("now"))
            self.loads(server, 2)
            self.answer(server.port())
            server.wait_for(2, kind="ended")
            said = self.good("show", server.journal_path, "--by-connection")
        self.assertEqual([part.count("connected") for part in said.split("\n\n") if "connected" in part], [1, 1])

    def test_nothing_to_watch(self):
        self.refused("serve", "healthy", "--watch", "--port", "0", says=["--watch", "./my-fault.lua"])


def login_and_send(port):
    """By STARTTLS and AUTH; the recipient may be refused."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.starttls(context=ssl._create_unverified_context())
        client.login(mailfault.USER, mailfault.PASSWORD)
        try:
            client.sendmail("a@example.com", ["b@example.net"], b"Subject: hello\r\n\r\n.Hello.\r\n")
        except smtplib.SMTPRecipientsRefused:
            pass


class Replay(DeskTest):
    """What was said is said again, to another server."""
    LOGIN = ("--user", mailfault.USER, "--password", mailfault.PASSWORD)

    def recorded(self, scenario, client=login_and_send):
        with mailfault.Server(scenario, options=("--tls",)) as server:
            client(server.port())
            server.wait_for(1, kind="ended")
            return shutil.copy(server.journal_path, self.path(f"{scenario}.jsonl"))

    def against(self, scenario, *words, status, options=("--tls",)):
        """What replay says, and the journal of that server."""
        with mailfault.Server(scenario, options=options) as server:
            port = server.ports[next(iter(server.ports))].get("submission") or server.port()
            said = self.good("replay", *words, "--against", f"127.0.0.1:{port}", status=status)
            server.wait_for(1, kind="ended")
            server.wait_ended()
            return said, server.journal()

    def test_nothing_differs(self):
        said, journal = self.against("healthy", self.recorded("healthy"), *self.LOGIN, status=0)
        self.assertEqual(said, "1 connection: 10 replies are as recorded, 0 differ\n")
        self.assertEqual([event["bytes"] for event in journal if event["kind"] == "content"], [28], "as big as it was")
        self.assertEqual(len([event for event in journal if event["kind"] == "tls" and event["text"][:2] == "up"]), 1)

    def test_a_fixed_server(self):
        said, _ = self.against("healthy", self.recorded("rcpt-550-unknown"), *self.LOGIN, status=1)
        self.assertEqual(said.splitlines(), [
            "rcpt-550-unknown #1", "  rcpt TO:<b@example.net>",
            "    then  550 5.1.1 <b@example.net>: Recipient address rejected: User unknown in local recipient table",
            "    now   250 2.1.5 Ok", "1 connection: 8 replies are as recorded, 1 differs"])

    def test_texts_are_compared_when_asked(self):
        journal = self.recorded("healthy", send_message)
        other = self.write("other.lua", 'scenario { title = "x" }\non.mail:reply(250, "2.1.0", "Sender ok")\n')
        said, _ = self.against(other, journal, status=0)
        self.assertIn("0 differ", said)
        said, _ = self.against(other, journal, "-v", status=1)
        self.assertRegex(said, r"MAIL FROM:<a@example.com>\n +then +250 2.1.0 Ok\n +now +250 2.1.0 Sender ok\n")
        self.assertRegex(said, r"RCPT TO:<b@example.net>\n +same +250 2.1.5 Ok\n")

    def test_credentials_are_asked_for(self):
        said, _ = self.against("healthy", self.recorded("healthy"), status=0)
        self.assertIn("AUTH PLAIN <redacted>: not played", said)
        self.assertIn("--user and --password", said)

    def test_a_refused_message_is_not_sent_as_commands(self):
        said, journal = self.against("data-554", self.recorded("healthy", send_message), status=1)
        self.assertIn("the message: not played: the server doesn't want it", said)
        self.assertFalse([each for each in journal if each["kind"] == "command" and "Subject" in each["text"]])

    def test_a_message_that_was_not_sent_is_not_made_up(self):
        def client(port):
            with Talk(port) as talk:
                talk.reply()
                for line in ("EHLO c", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA", "RSET", "QUIT"):
                    talk.say(line)
        said, journal = self.against("healthy", self.recorded("data-554", client), status=1)
        self.assertIn("the connection is closed", said)
        self.assertFalse([each for each in journal if each["kind"] in ("stored", "content")])

    def test_a_server_that_went_silent(self):
        def client(port):
            with Talk(port) as talk:
                talk.envelope()
                talk.socket.sendall(b".\r\n")
        journal = self.recorded("dot-silent", client)
        said, _ = self.against("dot-silent", journal, "--timeout", "300ms", status=0)
        self.assertIn("6 replies are as recorded, 0 differ", said)
        said, _ = self.against("healthy", journal, status=1)
        self.assertRegex(said, r"the message\n +then +no reply\n +now +250 ")

    def test_a_server_that_closed(self):
        def client(port):
            with Talk(port) as talk:
                talk.send_message()
        journal = self.recorded("dot-accepted-close", client)
        self.against("dot-accepted-close", journal, status=0)
        said, _ = self.against("healthy", journal, status=1)
        self.assertIn("no reply: the server ends the connection", said)

    def test_the_examples_of_a_scenario(self):
        """Each of these is a server that does what its own example says."""
        for scenario in ("rcpt-550-unknown", "data-421", "ehlo-close", "cert-good", "auth-535", "auth-login-no-ir"):
            with self.subTest(scenario):
                said, _ = self.against(scenario, scenario, status=0, options=())
                self.assertIn(" 0 differ", said)
        said, _ = self.against("healthy", "rcpt-550-unknown", status=1)
        self.assertRegex(said, r"rcpt-550-unknown.lua:\d+")

    def test_implicit_tls(self):
        def client(port):
            with smtplib.SMTP_SSL("127.0.0.1", port, context=ssl._create_unverified_context(), timeout=20) as talk:
                talk.ehlo()
        with mailfault.Server(self.write("smtps.lua", 'scenario { title = "x" }\ndoors { smtps = { tls = "implicit" } }\n')
                              ) as server:
            client(server.port())
            server.wait_for(1, kind="ended")
            self.good("replay", server.journal_path, "--against", f"127.0.0.1:{server.port()}")
            said = self.good("replay", server.journal_path, "--against", f"127.0.0.1:{server.port()}", "-v")
            self.assertIn("it is up", said)

    def test_what_cannot_be_played(self):
        self.refused("replay", "healthy", says=["--against"])
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.refused("replay", "rcpt-550-unknown", "--against", f"127.0.0.1:{unused.getsockname()[1]}",
                         says=["can't be reached", "Connection refused"])
        self.refused("replay", "rcpt-550-unknown", "--against", "here", says=["HOST:PORT"])
        path = self.write("none.jsonl", '{"at":1,"instance":"a","kind":"fact","text":"x"}\n')
        self.refused("replay", path, "--against", "127.0.0.1:25", says=["none.jsonl", "no connection"])


def outcome(port):
    """What a client's caller learns."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail("a@example.com", ["b@example.net"], b"Subject: hello\r\n\r\nHello.\r\n")
        return "sent"
    except smtplib.SMTPRecipientsRefused as error:
        return sorted(code for code, _ in error.recipients.values())
    except smtplib.SMTPResponseException as error:
        return type(error).__name__, error.smtp_code
    except OSError as error:
        return type(error).__name__


class Record(DeskTest):
    """A relay between a client and a server that journals what passes, and makes a scenario of it."""

    @contextlib.contextmanager
    def recorder(self, upstream, *options, scenario="out.lua", status=0):
        """Its port, while it runs; then its journal is read by read_back(), and its scenario is in self.scenario."""
        command = [mailfault.PROGRAM, "record", "--upstream", upstream, "--port", "0", "-o", self.path(scenario),
                   "--journal", self.path("out.jsonl"), "--ca-file", self.path("ca.pem"), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            try:
                first = process.stdout.readline()
                yield int(first.split(" port ")[1].split()[0])
                process.send_signal(signal.SIGINT)
                self.said = process.communicate(timeout=20)[0]
                self.assertEqual(process.returncode, status, self.said)
                self.scenario = self.read(scenario) if status == 0 else ""
            finally:
                process.kill()
        if status == 0:
            self.good("check", self.path(scenario))

    def read_back(self, **wanted):
        with open(self.path("out.jsonl"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        return [event for event in events if all(event.get(name) == value for name, value in wanted.items())]

    def codes(self):
        return [(event["stage"], event["code"]) for event in self.read_back(kind="reply")]

    def test_a_message_passes_as_it_is(self):
        text = b"Subject: x\r\n\r\n.\r\n..a\r\n" + bytes(range(14, 256)) + b"\r\n" + b"y" * 200_000 + b"\r\n"
        messages = self.path("messages")
        with mailfault.Server("healthy", options=("--messages", messages)) as server:
            with self.recorder(f"127.0.0.1:{server.port()}", "--quiet") as port:
                with Talk(port) as talk:
                    self.assertEqual(talk.send_message(text.replace(b"\r\n.", b"\r\n.."))[0], 250)
                    talk.say("QUIT")
                    self.assertEqual(talk.reply(), (0, b""), "the end")
            with open(os.path.join(messages, "healthy-1.eml"), "rb") as file:
                self.assertEqual(file.read(), text)
            theirs = [(event["stage"], event["code"]) for event in server.wait_for(7, kind="reply", connection=2)]
            self.assertEqual(self.codes(), theirs, "behind the look whether the server is there")
            self.assertEqual(self.read_back(kind="content")[0]["bytes"], server.journal(kind="content")[0]["bytes"])
        self.assertEqual(self.read_back(kind="ended")[0]["text"], "server: closed")
        self.assertIn('title    = "A conversation in which all went well"', self.scenario)
        self.assertIn("S: <stored 1>", self.scenario)

    def test_the_scenario_fails_as_the_server_did(self):
        for name, rule in (("rcpt-550-unknown", "on.rcpt"), ("dot-421", "on.message:reply(421"),
                           ("banner-554", "on.greeting:reply(554"), ("dot-accepted-rst", "on.message:reset()")):
            with self.subTest(name):
                with mailfault.Server(name) as server:
                    with self.recorder(f"127.0.0.1:{server.port()}", scenario=name + ".lua") as port:
                        before = outcome(port)
                self.assertIn(rule, self.scenario)
                self.assertIn("example [[", self.scenario)
                with mailfault.Server(self.path(name + ".lua")) as server:
                    self.assertEqual(outcome(server.port()), before)

    def test_implicit_tls(self):
        ca = self.path("upstream.pem")
        with mailfault.Server("cert-p384", options=("--ca-file", ca)) as server:
            upstream = f"localhost:{server.port(door='smtps')}"
            with self.recorder(upstream, "--upstream-ca", ca, "--implicit-tls") as port:
                context = ssl.create_default_context(cafile=self.path("ca.pem"))
                with smtplib.SMTP_SSL("localhost", port, timeout=20, context=context) as client:
                    client.sendmail("a@example.com", ["b@example.net"], b"Subject: hello\r\n\r\nHello.\r\n")
        self.assertIn('tls = "implicit"', self.scenario)
        self.assertIn("S: <stored 1>", self.scenario)
        self.assertIn(("message", 250), self.codes())

    def test_a_client_that_does_not_trust_the_relay(self):
        ca = self.path("upstream.pem")
        with mailfault.Server("healthy", options=("--tls", "--ca-file", ca)) as server:
            with self.recorder(f"localhost:{server.port()}", "--upstream-ca", ca, status=1) as port:
                with smtplib.SMTP("localhost", port, timeout=20) as client, self.assertRaises(ssl.SSLError):
                    client.starttls(context=ssl.create_default_context())
                until = time.monotonic() + 20
                while "client: TLS failed" not in self.read("out.jsonl"):  # it is written a moment later
                    self.assertLess(time.monotonic(), until, self.read("out.jsonl"))
                    time.sleep(0.01)
        self.assertIn("--ca-file", self.said)
        self.assertFalse(os.path.exists(self.path("out.lua")))

    def test_nobody_came(self):
        with mailfault.Server("healthy") as server:
            with self.recorder(f"127.0.0.1:{server.port()}", status=1):
                pass
        self.assertIn("no client came", self.said)
        self.assertFalse(os.path.exists(self.path("out.lua")))

    def test_starttls_and_a_login(self):
        """The client verifies by our CA, the relay by the server's."""
        ca = self.path("upstream.pem")
        with mailfault.Server("healthy", options=("--tls", "--ca-file", ca)) as server:
            with self.recorder(f"localhost:{server.port()}", "--upstream-ca", ca) as port:
                context = ssl.create_default_context(cafile=self.path("ca.pem"))
                with smtplib.SMTP("localhost", port, timeout=20) as client:
                    client.starttls(context=context)
                    client.login(mailfault.USER, mailfault.PASSWORD)
                    client.sendmail("a@example.com", ["b@example.net"], b"Subject: hello\r\n\r\nHello.\r\n")
            server.wait_for(1, kind="stored")
        self.assertIn(("auth", 235), self.codes())
        self.assertIn("AUTH PLAIN <redacted>", self.said)
        self.assertNotIn("b3Blbi1zZXNhbWU", self.said + self.read("out.jsonl"))
        self.assertTrue(self.read_back(kind="tls")[0]["text"].startswith("up TLSv1.3 "))
        with mailfault.Server("healthy", options=("--tls",)) as server:
            self.good("replay", self.path("out.jsonl"), "--against", f"127.0.0.1:{server.port()}", *Replay.LOGIN)

    def test_a_server_that_is_not_trusted(self):
        """The client learns of no TLS, and nothing is said to that server."""
        with mailfault.Server("healthy", options=("--tls",)) as server:
            with self.recorder(f"localhost:{server.port()}") as port:
                with Talk(port) as talk:
                    talk.reply()
                    talk.say("EHLO client.example")
                    self.assertEqual(talk.say("STARTTLS"), (0, b""))
            self.assertIn("--insecure", self.said)
            self.assertIn('certificate = "untrusted_root"', self.scenario)
            with self.recorder(f"localhost:{server.port()}", "--insecure", scenario="insecure.lua") as port:
                login_and_send(port)
            server.wait_for(1, kind="stored")

    def test_a_connection_that_is_reset(self):
        with mailfault.Server("quit-rst") as server, self.recorder(f"127.0.0.1:{server.port()}") as port:
            with Talk(port) as talk:
                talk.send_message()
                with self.assertRaises(ConnectionResetError):
                    talk.say("QUIT")
        self.assertEqual(self.read_back(kind="ended")[0]["text"], "server: RST")

    def test_no_server_there(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.refused("record", "--upstream", f"127.0.0.1:{unused.getsockname()[1]}", "-o", self.path("out.lua"),
                         says=["can't be reached", "Connection refused"])
        self.assertFalse(os.path.exists(self.path("out.lua")))
        self.refused("record", says=["--upstream"])
        mine = self.write("mine.lua", "mine")
        self.refused("record", "--upstream", "127.0.0.1:25", "-o", mine, says=["there is such a file already"])
        self.assertEqual(self.read("mine.lua"), "mine")


if __name__ == "__main__":
    unittest.main()
