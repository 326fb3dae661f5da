"""At the desk: journals read again, scenarios edited while they are served."""
import os
import shutil
import tempfile
import unittest

import mailfault
from wire import Talk


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


if __name__ == "__main__":
    unittest.main()
