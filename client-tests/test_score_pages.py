"""The pages of a score in a browser: opened as files, filtered, searched, and followed to a cell."""
import json
import os
import re
import tempfile
import unittest
import zlib

import devtools
import mailfault

COSTS = ["mail lost", "mail doubled", "secret leaked", "hang", "wrong report", "blemish"]
HOSTILE = "550 <script>window.pwned = 1</script></td>\"'&amp; \x07\u2028 ]]> ünï"
CLIENTS = [("carefully", "3.1"), ("hasty mailer", "0.9-beta/2"), ("<b>odd</b>", ""), ("carefully", "4.0")]

CONVERSATION = [  # kind, stage, text, at, connection
    ("door", "", "smtp", 0, 0),
    ("connected", "", "smtp from 127.0.0.1 port 40000", 1000, 1),
    ("reply", "greeting", "220 mx.example.com ESMTP\r\n", 1100, 1),
    ("command", "helo", "EHLO client.example", 1300, 1),
    ("reply", "helo", "250-mx.example.com\r\n250 PIPELINING\r\n", 1400, 1),
    ("command", "mail", "MAIL FROM:<a@example.com>", 1500, 1),
    ("fault", "mail", "each MAIL: gets 550", 2_401_500, 1),
    ("reply", "mail", HOSTILE + "\r\n", 2_401_600, 1),
    ("violation", "", "talks_early <img src=x onerror=alert(1)>", 2_401_650, 1),
    ("command", "quit", "QUIT", 2_401_700, 1),
    ("ended", "", "client: closed (FIN)", 2_401_800, 1),
]


def catalogue():
    return json.loads(mailfault.run("list", "--json")[1])


def draw(client, scenario, number):
    """Alike in each run."""
    return zlib.crc32(f"{client}/{scenario}".encode()) % number


def verdict_of(client, scenario):
    """What this client is made to do: many pass, all under a few scenarios."""
    if draw("all", scenario, 3) == 0:
        return "pass", "none"
    at = draw(client, scenario, 100)
    if at < 8:
        return "fail", COSTS[draw(client + "cost", scenario, 6)] if client != "carefully4.0" else "blemish"
    for limit, verdict in ((14, "lax"), (22, "info"), (30, "unmet"), (33, "not applicable")):
        if at < limit:
            return verdict, "blemish" if verdict == "lax" else "none"
    return "pass", "none"


def event(kind, stage, text, at, connection):
    line = f"{at / 1e6:7.3f}s  {f'#{connection}' if connection else '':4}{stage or kind:10}{text}"
    return {"at": at, "connection": connection, "kind": kind, "stage": stage, "text": text, "line": line}


def case(client, scenario, events=True):
    identity = scenario["id"]
    verdict, severity = verdict_of(client, identity)
    ran = verdict not in ("not applicable", "unmet")
    finding = {"verdict": verdict, "severity": severity, "name": "outcome permanent",
               "rule": "RFC 5321 section 4.2.1", "line": 9, "expected": "permanent",
               "seen": f"the client said sent {HOSTILE}" if verdict == "fail" else "it said so", "nearest": "",
               "remedy": "report the server's words", "connection": 1, "from": 2_401_500, "to": 2_401_700,
               "once": verdict == "info", "weighs": True}
    return {"id": identity, "title": scenario["title"], "emulates": scenario["emulates"],
            "folder": scenario["folder"], "path": f"scenarios/{scenario['folder']}/{identity}.lua",
            "sources": scenario["sources"], "outcomes": scenario["outcomes"], "needs": scenario["needs"],
            "faults": [{"stage": "mail", "line": 7, "played": 1}], "verdict": verdict, "severity": severity,
            "reason": "" if ran else f"it is {verdict}", "error": "", "last_stage": "mail",
            "findings": [finding] if ran else [],
            "words": [{"word": "sent", "message_id": "1@example.com", "recipient": "", "origin": "exit status 0"}],
            "ran": ran, "exit_status": 0, "timed_out": False, "quote": f"client: {HOSTILE}\n", "connections": 1,
            "stored": 0, "copies": 0, "took": 2_402_000,
            "events": [event(*each) for each in (CONVERSATION if events and ran else [])], "events_left_out": 0,
            "replay": f"mailfault score {identity} -v --seed 7 -- ./send '{{host}}' \"{{port}}\""}


def score(name, version, scenarios, events=True):
    return {"client": name, "version": version, "notes": "made up <i>for this test</i>", "program": "0.1.0",
            "catalogue": "705-abc", "began": "2026-11-24T10:00:00Z", "command": ["./send", "{host}", "{port}"],
            "profile": "./send.json", "seed": "7", "time_scale": 0.01, "selected": len(scenarios),
            "cases": [case(name + version, each, events) for each in scenarios]}


def write_scores(path, scores):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"format": 1, "kind": "mailfault score", "clients": scores}, file)


def merge(folder, *files):
    """Exit status and standard error."""
    status, _, error = mailfault.run("score", "--merge", *files, "--html", folder)
    return status, error


@unittest.skipUnless(devtools.PROGRAM, "chromium is missing")
class ScorePages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        cls.addClassCleanup(temporary.cleanup)
        cls.root = temporary.name
        cls.scenarios = catalogue()
        cls.ids = [each["id"] for each in cls.scenarios]
        cls.made = os.path.join(cls.root, "made")
        scores = [score(name, version, cls.scenarios) for name, version in CLIENTS]
        scores[3]["cases"] = scores[3]["cases"][:-5]  # it was stopped
        files = [os.path.join(cls.root, f"{number}.json") for number in range(2)]
        write_scores(files[0], scores[:1])
        write_scores(files[1], scores[1:])
        done = merge(cls.made, *files)
        assert done == (0, ""), done
        cls.unplayed = set(cls.ids[-5:])
        cls.browser = devtools.Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.troubles.clear()
        self.browser.size(1400, 900)
        self.addCleanup(lambda: self.assertEqual(self.browser.troubles, []))

    def open(self, page="index.html"):
        self.browser.go("about:blank")
        self.browser.go(f"file://{self.made}/{page}")

    def shown(self):
        """The ids of the rows that can be seen."""
        return self.browser.eval("[...document.querySelectorAll('tbody tr[data-in]')].filter(row => row.offsetParent)"
                                 ".map(row => row.querySelector('b').textContent)")

    def results(self, client):
        return {identity: verdict_of("".join(CLIENTS[client]), identity) for identity in self.ids
                if client != 3 or identity not in self.unplayed}

    def wait_for(self, expected):
        number = len(expected)
        self.browser.wait(f"document.querySelector('.shown').textContent.startsWith('{number} of {len(self.ids)} ')")
        self.assertEqual(sorted(self.shown()), sorted(expected))

    def choose(self, key, value):
        self.browser.click(f"input[name={key}][value='{value}'] + span")

    def test_it_is_whole_without_a_script(self):
        with open(os.path.join(self.made, "index.html"), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(len(re.findall(r"<tr data-in=", text)), len(self.ids))
        self.assertEqual(len(re.findall(r'<a href="cell\.html#', text)), 4 * len(self.ids) - 5)
        self.assertNotIn("<script>window", text)
        self.assertNotIn("<b>odd</b>", text)
        self.assertIn("&lt;b&gt;odd&lt;/b&gt;", text)

    def test_it_opens(self):
        self.open()
        self.wait_for(self.ids)
        self.assertEqual(self.browser.eval("document.querySelectorAll('.scored').length"), 4)
        self.assertEqual(self.browser.eval("document.querySelector('.scored em').textContent"), "loses mail")
        self.assertEqual(self.browser.eval("document.querySelectorAll('.scored .grade')[3].textContent"), "B")
        self.assertEqual(self.browser.eval("window.pwned"), None)

    def test_filters(self):
        self.open()
        fails = {identity for client in range(4) for identity, (verdict, _) in self.results(client).items()
                 if verdict == "fail"}
        self.choose("verdict", "fail")
        self.wait_for(fails)
        self.assertEqual(self.browser.eval("location.hash"), "#verdict=fail")
        cells = sum(verdict == "fail" for client in range(4) for verdict, _ in self.results(client).values())
        self.assertIn(f", {cells} results", self.browser.eval("document.querySelector('.shown').textContent"))
        number = "document.querySelector('input[value=mail-lost]').parentNode.querySelector('b').textContent"
        lost = sum(severity == "mail lost" for client in range(4) for _, severity in self.results(client).values())
        self.assertEqual(self.browser.eval(number), str(lost))

        self.choose("client", "hasty-mailer-0.9-beta-2")
        self.wait_for({identity for identity, (verdict, _) in self.results(1).items() if verdict == "fail"})
        heads = "[...document.querySelectorAll('thead th')].filter(each => each.offsetParent).length"
        self.assertEqual(self.browser.eval(heads), 2)
        self.choose("severity", "hang")
        self.wait_for({identity for identity, found in self.results(1).items() if found == ("fail", "hang")})
        self.browser.eval("document.querySelector('.filters button').click()")
        self.wait_for(self.ids)
        self.assertEqual(self.browser.eval("location.hash"), "")

        self.choose("differ", "1")
        self.wait_for({identity for identity in self.ids
                       if len({self.results(client).get(identity) for client in range(4)} - {None}) > 1})

    def test_the_address_has_the_filter(self):
        self.open("index.html#client=carefully-3.1&group=in:greeting&q=banner")
        self.wait_for({each["id"] for each in self.scenarios if each["folder"] == "greeting" and "banner" in
                       json.dumps([each["id"], each["title"], each["emulates"]])})
        self.browser.eval("location.hash = 'group=kind:Antivirus in the way'")
        self.wait_for({"cert-antivirus", "net-av-shield", "net-av-strip"})
        self.browser.click(".scored .costs a.mail-lost")
        self.wait_for({identity for identity, (_, severity) in self.results(0).items() if severity == "mail lost"})

    def test_search(self):
        self.open()
        self.browser.key("/", "/")
        self.browser.type("DOT-421 then")
        self.wait_for({each["id"] for each in self.scenarios if "dot-421" in each["id"] and "then" in
                       f"{each['id']} {each['title']} {each['emulates']}".lower()})
        self.browser.type("xyzzy")
        self.wait_for(set())
        self.assertTrue(self.browser.eval("Boolean(document.querySelector('.nothing').offsetParent)"))

    def test_a_cell_and_back(self):
        for width in (1400, 420):
            with self.subTest(width=width):
                self.browser.size(width, 900)
                self.open("index.html#client=carefully-3.1&verdict=fail")
                fails = [identity for identity, (verdict, _) in self.results(0).items() if verdict == "fail"]
                self.wait_for(fails)
                last = self.shown()[-1]
                self.browser.click(f"td a[href='cell.html#carefully-3.1/{last}']")
                self.browser.wait("document.querySelector('.result')")
                self.read_cell(last)
                self.browser.eval("void setTimeout(() => history.back(), 0)")
                self.browser.wait("document.querySelector('.board') && document.readyState === 'complete'")
                self.wait_for(fails)
                # It is in sight, as it was.
                self.browser.wait(f"""(() => {{ const link = document.querySelector(
                    "td a[href='cell.html#carefully-3.1/{last}']"), at = link.getBoundingClientRect();
                    return document.elementFromPoint(at.x + 9, at.y + 9) === link; }})()""")

    def read_cell(self, identity):
        text = self.browser.eval("document.getElementById('cell').innerText")
        verdict, severity = verdict_of("carefully3.1", identity)
        self.assertIn(f"{verdict}: {severity}", text)
        self.assertIn("<script>window.pwned = 1</script>", text)
        self.assertIn("talks_early <img src=x onerror=alert(1)>", text)
        self.assertIn("\\x07", text)
        self.assertIn(f"mailfault score {identity} -v --seed 7", text)
        self.assertIn("report the server's words", text)
        self.assertEqual(self.browser.eval("document.querySelectorAll('.lanes svg .f').length"), 1)
        self.assertEqual(self.browser.eval("document.querySelectorAll('.talk .fault').length"), 1)
        self.assertEqual(self.browser.eval("document.querySelectorAll('.talk .judged.fail').length"), 1)
        self.assertIn("2.4 s", self.browser.eval("document.querySelector('.talk .gap').textContent"))
        self.assertEqual(self.browser.eval("document.querySelectorAll('.others a').length"),
                         3 if identity in self.unplayed else 4)
        self.assertEqual(self.browser.eval("window.pwned"), None)
        self.assertLessEqual(self.browser.eval("document.documentElement.scrollWidth"), self.browser.eval("innerWidth"))

    def test_from_cell_to_cell(self):
        self.open("cell.html#carefully-3.1/dot-421")
        self.browser.wait("document.querySelector('.result')")
        self.browser.click("a[rel=next]")
        self.browser.wait("location.hash !== '#carefully-3.1/dot-421' && !document.title.startsWith('dot-421,')")
        self.browser.eval("document.activeElement.blur()")
        self.browser.key("ArrowLeft")
        self.browser.wait("document.title.startsWith('dot-421,')")
        self.browser.click(".others a[href='#hasty-mailer-0.9-beta-2/dot-421']")
        self.browser.wait("document.title.startsWith('dot-421, hasty mailer 0.9-beta/2:')")
        self.browser.eval("void setTimeout(() => history.back(), 0)")
        self.browser.wait("document.title.startsWith('dot-421, carefully 3.1:')")
        self.browser.eval("location.hash = '#nobody/dot-421'")
        self.browser.wait("document.body.innerText.includes('This table has no such page.')")

    def test_keyboard(self):
        self.open()
        self.browser.eval("document.querySelector('td a').focus()")
        for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
            self.browser.key(key)
        row = self.shown()[2]
        self.assertEqual(self.browser.eval("document.activeElement.getAttribute('href')"),
                         f"cell.html#hasty-mailer-0.9-beta-2/{row}")
        self.assertEqual(self.browser.eval("document.querySelectorAll('td a[tabindex=\"0\"]').length"), 1)
        self.browser.key("Enter")
        self.browser.wait(f"document.title.startsWith('{row}, hasty mailer')")

    def test_narrow(self):
        self.browser.size(420, 850)
        self.open()
        self.wait_for(self.ids)
        self.assertEqual(self.browser.eval("document.documentElement.scrollWidth"), 420)
        self.assertFalse(self.browser.eval("document.querySelector('.more').open"))
        self.browser.click(".more > summary")
        self.choose("verdict", "unmet")
        self.wait_for({identity for client in range(4) for identity, (verdict, _) in self.results(client).items()
                       if verdict == "unmet"})
        # The first column stays in sight while the table is moved.
        self.browser.eval("document.querySelector('.box').scrollTo(300, 200)")
        self.assertEqual(self.browser.eval("document.querySelector('thead th').getBoundingClientRect().left"), 0)

    def test_twenty_clients(self):
        folder, file = os.path.join(self.root, "twenty"), os.path.join(self.root, "twenty.json")
        write_scores(file, [score(f"client{number}", "1.0", self.scenarios, events=False) for number in range(20)])
        self.assertEqual(merge(folder, file), (0, ""))
        self.assertLess(os.path.getsize(os.path.join(folder, "index.html")), 5_000_000)
        self.browser.go(f"file://{folder}/index.html#verdict=fail")
        self.browser.wait("document.querySelectorAll('td.dim').length > 1000")
        took = self.browser.eval("(from => { apply(); return performance.now() - from; })(performance.now())")
        self.assertLess(took, 2000)

    def test_a_folder_that_cannot_be_written(self):
        taken = os.path.join(self.root, "taken")
        with open(taken, "w", encoding="utf-8"):
            pass
        status, error = merge(taken, os.path.join(self.root, "0.json"))
        self.assertEqual(status, 2)
        self.assertIn(f"{taken}: the folder can't be made", error)


if __name__ == "__main__":
    unittest.main()
