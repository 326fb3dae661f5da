"""Real mail clients against the catalogue: python3 test_clients.py [Curl|Swaks|Msmtp|Smtplib][.TEST]"""
import dataclasses
import functools
import json
import os
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

import mailfault
from clients import Mail, curl, msmtp, smtplib, swaks
from faults import FAULTS, Known

HEAD = b"From: a@example.com\r\nTo: b@example.net\r\nSubject: a test\r\nMessage-ID: <1@client.example>\r\n\r\n"
LOGIN = (mailfault.USER, mailfault.PASSWORD)
AT_ONCE = 6

# All that a client must stuff, and a server unstuff: dots at a line's begin, alone, before the end; the longest line
# that RFC 5321 allows; bytes above 127; blank lines.
TRICKY = HEAD + b"".join(line + b"\r\n" for line in [
    b".", b"..", b"...", b".a", b"..a", b"a.", b"", b".", b"", b"x" * 998, b"." * 997, "Grüße, 你好".encode(), b"\tx",
    b"From here", b"QUIT", b"250 Ok", b" .", b"", b"end", b"."])

# Says what it stored: the reply to the final dot has the message in hexadecimal, in pieces that a journal takes whole.
ECHO = """scenario { title = "A healthy server that says what it stored" }
on.message(function(session)
  local text = session.text
  for at = 1, #text, 200 do
    local hex = text:sub(at, at + 199):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
    session:send("250-" .. hex .. "\\r\\n")
    session:delay("1ms")
  end
  return reply(250, "that is all")
end)
"""


@functools.lru_cache
def stages():
    """By scenario: the stages that it has rules for."""
    return {each["id"]: each["stages"] for each in json.loads(mailfault.run("list", "--json")[1])}


@functools.lru_cache
def machine():
    """By what a scenario may need: why this machine can't do it, or None."""
    probes = json.loads(mailfault.run("doctor", "--json")[1])
    return {probe["name"]: None if probe["works"] else f"{probe['name']}: {probe['reason']}" for probe in probes}


def want(condition, text):
    if not condition:
        raise AssertionError(text)


def body(size):
    return HEAD + b"Hello.\r\n.a dot\r\n" + (b"x" * 70 + b"\r\n") * (size // 72 + (size > 0))


def play(client, fault, status):
    """The client sends to the scenario; what it says and what the server saw is as in the table."""
    mail = Mail(body(fault.size), recipients=tuple(f"b{n}@example.net" for n in range(fault.recipients)))
    with mailfault.Server(fault.scenario, options=fault.options) as server:

        def send():
            return client.send(fault.host, server.port(), mail, LOGIN if fault.login else None, fault.patience,
                               fault.give_up)

        tries = max(1, fault.recovers)
        for _ in range(tries):
            result = send()
            allowed = status if isinstance(status, tuple) else (status,)
            want(result.status in allowed, f"the client's word is not {status}: {result}")
            if client is not curl and result.status not in (0, "hung", -13):
                want(fault.says in result.output, f"the client doesn't say '{fault.says}': {result}")
            least = max(fault.patience or 0, fault.takes or 0)
            want(result.seconds > least - 0.02, f"that took less than {least} s: {result}")
        stored = fault.stored
        if fault.recovers:
            want(not server.journal(kind="stored"), "nothing may be stored before it recovers")
            result = send()
            want(result.status == 0, f"the server has recovered, and the client fails: {result}")
            stored += 1

        if fault.connections:
            server.wait_for(tries, kind="connected")
        if status != "hung" and "vanish" not in fault.needs and "MTU" not in fault.needs and not fault.size:
            server.wait_ended()
        if fault.swallows:
            want(sum(event["syns"] for event in server.wait_for(kind="swallowed")) >= 1, "no SYN was swallowed")
        server.stop()

        connected, ended = server.journal(kind="connected"), server.journal(kind="ended")
        expected = fault.connections * tries + bool(fault.recovers)
        want(len(connected) == expected, f"{len(connected)} connections, not {expected}")
        want([each["connection"] for each in sorted(ended, key=lambda each: each["connection"])]
             == [each["connection"] for each in connected], "each connection ends once")
        for event in ended[:tries]:
            want(fault.ended in event["text"], f"the connection ended by '{event['text']}'")
        copies = [event["text"] for event in server.journal(kind="stored")]
        want(len(copies) == stored, f"{len(copies)} messages are stored, not {stored}")
        faults = [event for event in server.journal(kind="fault") if event["connection"] <= tries]
        plays = fault.plays and bool(stages()[fault.scenario])
        want(bool(faults) == plays, f"rules that played: {[event['text'] for event in faults]}")
        want(not server.journal(kind="error"), "a script error")


class ClientTest:
    client = None
    arrives = TRICKY
    begun = {}

    @classmethod
    def setUpClass(cls):
        reason = cls.client.find()
        if reason:
            raise unittest.SkipTest(reason)

    def test_the_body_arrives_byte_for_byte(self):
        with tempfile.TemporaryDirectory(prefix="mailfault-test-") as folder:
            path = os.path.join(folder, "echo.lua")
            with open(path, "w", encoding="utf-8") as file:
                file.write(ECHO)
            with mailfault.Server(path) as server:
                result = self.client.send("127.0.0.1", server.port(), Mail(TRICKY), LOGIN)
                self.assertEqual(result.status, 0, result)
                server.stop()
                replies = server.journal(kind="reply", stage="message")
                got = bytes.fromhex("".join(reply["text"][4:] for reply in replies[:-1]))
                self.assertEqual(got, self.arrives)
                content, = server.journal(kind="content")
                dots = sum(line.startswith(b".") for line in got.split(b"\r\n"))
                self.assertEqual(content["bytes"], len(got) + dots, "the bytes on the wire are stuffed")

    def test_a_wrong_password(self):
        with mailfault.Server("auth-wrong-password-only") as server:
            wrong = self.client.send("127.0.0.1", server.port(), Mail(body(0)), (mailfault.USER, "wrong"))
            self.assertEqual(wrong.status, self.denied, wrong)
            right = self.client.send("127.0.0.1", server.port(), Mail(body(0)), LOGIN)
            self.assertEqual(right.status, 0, right)
            server.stop()
            self.assertEqual([event["connection"] for event in server.journal(kind="stored")], [2])
            replies = [event["code"] for event in server.journal(kind="reply", stage="auth") if event["code"] != 334]
            self.assertEqual(replies, [535] * self.attempts + [235])
            with open(server.journal_path, encoding="utf-8") as file:
                journal = file.read()
            self.assertNotIn(mailfault.PASSWORD, journal, "credentials are kept out of the journal")
            self.assertNotIn("AHVzZXJAZXhhbXBsZS5jb20A", journal)

    def test_a_retry_after_a_lost_reply_doubles_the_message(self):
        with mailfault.Server("dot-accepted-close") as server:
            first = self.client.send("127.0.0.1", server.port(), Mail(body(0)))
            self.assertNotEqual(first.status, 0, first)
            again = self.client.send("127.0.0.1", server.port(), Mail(body(0)))
            self.assertEqual(again.status, 0, again)
            server.stop()
            self.assertEqual([event["connection"] for event in server.journal(kind="stored")], [1, 2])


class Curl(ClientTest, unittest.TestCase):
    client, denied, attempts = curl, 67, 1


class Swaks(ClientTest, unittest.TestCase):
    client, denied, attempts = swaks, 28, 1
    arrives = TRICKY.removesuffix(b".\r\n")  # a known behaviour: a lone dot at the end is taken for the terminator


class Msmtp(ClientTest, unittest.TestCase):
    client, denied, attempts = msmtp, 77, 1


class Smtplib(ClientTest, unittest.TestCase):
    client, denied = smtplib, "SMTPAuthenticationError"
    attempts = 2  # a known behaviour: the same wrong password once more, by the next mechanism


def add_tests(cls):
    for fault in FAULTS:
        case, status, why = fault, getattr(fault, cls.client.NAME), ""
        if isinstance(status, Known):
            case, status, why = dataclasses.replace(fault, **status.changes), status.status, f" Known: {status.why}."

        def test(self, case=case, status=status):
            reason = why_not(self.client, case)
            if reason:
                self.skipTest(reason)
            begun = self.begun.get(self.id())
            return begun.result() if begun else play(self.client, case, status)

        test.__doc__ = f"{case.name}: {status}.{why}"
        test.case = (case, status)
        name = "test_" + "".join(c if c.isalnum() else "_" for c in case.name)
        assert not hasattr(cls, name), name
        setattr(cls, name, test)


def why_not(client, case):
    return client.find(case.host) or machine().get(case.needs)


def each_test(suite):
    for test in suite:
        yield from each_test(test) if isinstance(test, unittest.TestSuite) else (test,)


class SideBySide(unittest.TextTestRunner):
    """Begins the cases that are asked for before their tests come: they mostly wait."""

    def run(self, test):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for each in each_test(test):
                found = getattr(getattr(each, each._testMethodName), "case", None)
                if found and not why_not(each.client, found[0]):
                    ClientTest.begun[each.id()] = pool.submit(play, each.client, *found)
            return super().run(test)


for each_class in (Curl, Swaks, Msmtp, Smtplib):
    add_tests(each_class)

if __name__ == "__main__":
    unittest.main(testRunner=SideBySide)
