"""import of a mail server's own log: Postfix's and Exim's, each under the same faults as before and again as imported."""
import contextlib
import os
import re
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

import mailfault
import postfix
import test_extensions

TEXT = "From: a@example.com\r\nTo: b@example.net\r\nSubject: a test\r\nMessage-ID: <1@a.example>\r\n\r\nHello.\r\n"
FAULTS = ["banner-421", "banner-554", "mail-452-storage", "mail-550-send-as", "rcpt-452-full", "rcpt-550-unknown",
          "data-554", "dot-451", "dot-554-spam", "dot-accepted-close"]


class ServerLogs(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="mailfault-test-"))

    def enter(self, context):
        return self.stack.enter_context(context)

    def by_postfix(self, port):
        with postfix.Postfix(port) as client:
            client.send(TEXT.encode())
            mailfault.wait_until(client.results, what="a result of Postfix")
            log = client.log()
        return log[:log.index("\n", log.index(" status=")) + 1]  # what comes behind it is a second try

    def by_exim(self, port):
        return test_extensions.Bdat.exim(self, port, "b@example.net", text=TEXT)[1]

    def failure(self, log):
        """What the log says of the delivery, without what is another each time or is replaced in the import."""
        found = re.search(r"(?:status=| (?:==|\*\*) b@example.net ).*", log)
        self.assertTrue(found, log)
        return re.sub(r"[\w.+-]+@[\w.-]+|127\.0\.0\.1[]:\d]*|192\.0\.2\.\d+|\b(?:MF|id)\d+\b|delays?=\S+|mx\.example\.com", "…", found[0])

    def round_trip(self, send):
        def play(server, name):
            return send(next(iter(server.ports[name].values())))

        with ThreadPoolExecutor(3) as pool:
            server = self.enter(mailfault.Server(*FAULTS, options=["--quiet"]))
            logs = list(pool.map(lambda name: play(server, name), FAULTS))
            made = []
            for name, log in zip(FAULTS, logs):
                path = os.path.join(self.folder, name)
                with open(path + ".log", "w", encoding="utf-8") as file:
                    file.write(log)
                status, _, said = mailfault.run("import", path + ".log", "-o", path + ".lua")
                self.assertEqual(status, 0, said + log)
                made.append(path + ".lua")
            again = self.enter(mailfault.Server(*made, options=["--quiet"]))
            for name, log, path, after in zip(FAULTS, logs, made, pool.map(lambda name: play(again, name), FAULTS)):
                with self.subTest(name), open(path, encoding="utf-8") as file:
                    self.assertEqual(self.failure(after), self.failure(log), f"\n{log}\n{file.read()}\n{after}")

    @unittest.skipIf(postfix.lacks(), postfix.lacks())
    def test_postfix(self):
        self.round_trip(self.by_postfix)

    @test_extensions.needs(test_extensions.EXIM, test_extensions.NSS_WRAPPER)
    def test_exim(self):
        self.round_trip(self.by_exim)


if __name__ == "__main__":
    unittest.main()
