"""What the clients of clients/tls.py do with each certificate of ../certs, kept in tls_verdicts.json and README.md.

    python3 tls_clients.py             fails where a client's word, its error or its alert differs from the record
    python3 tls_clients.py --update    writes both files anew
"""
import functools
import json
import os
import re
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import mailfault
import mailfault_pytest
from clients import tls

HERE = os.path.dirname(os.path.abspath(__file__))
RECORD, PAGE = os.path.join(HERE, "tls_verdicts.json"), os.path.join(HERE, "README.md")
BEGIN, END = "<!-- TLS clients: python3 tls_clients.py --update -->\n", "<!-- end of TLS clients -->\n"
AT_ONCE = 4

SOURCE = """
scenario {{ title = "{recipe}" }}
doors {{ submission = {{ port = 587, tls = "starttls", main = true }} }}
on.handshake:use{{ certificate = "{recipe}"{more} }}
"""
MORE = {"rsa_512": ', tls_versions = "1.2"'}  # TLS 1.3 can't sign with it: no client would see it


class Server(mailfault_pytest.Mailfault):
    """A server with the API, whose CA and revocation lists are in the files `ca` and `crl`."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        self.ca, self.crl = (os.path.join(self._folder.name, name) for name in ("ca.pem", "crl.pem"))
        os.environ["MAILFAULT_OPT_CA_FILE"] = os.path.join(self._folder.name, "ca-with-key.pem")
        os.environ.pop("MAILFAULT_API", None)  # that server would have another CA
        for what, path in (("ca", self.ca), ("crl", self.crl)):
            status, _, wrong = mailfault.run("certs", what, "-o", path)
            if status:
                raise AssertionError(f"certs {what}: {wrong}")
        super().__init__(mailfault.PROGRAM)

    def close(self):
        super().close()
        self._folder.cleanup()

    def meet(self, client, peer, scenario=None, **more):
        """One client meets one scenario: its Talk, and the events once the connection has ended."""
        fault = self.fault(scenario, **more)
        try:
            talk = client.talk(fault.port, peer)
            fault.wait(event={"kind": "ended"}, timeout="20s")
            return talk, fault.journal()
        finally:
            fault.close()


@dataclass(frozen=True)
class Row:
    """A certificate, and how the client comes to it. `fine` is what a strict verifier makes of it."""
    recipe: str
    name: str
    fine: bool
    how: str = ""

    @property
    def title(self):
        return self.recipe + (", " + self.how if self.how else "")


@functools.lru_cache
def rows():
    out = []
    for recipe in json.loads(mailfault.run("certs", "--json")[1]):
        name = None if recipe["verify"][0].isdigit() else recipe["verify"]
        row = Row(recipe["name"], name, not recipe["bad"])
        if row.recipe == "no_sni_default":
            out += [Row(row.recipe, name, True), Row(row.recipe, None, False, "by address")]
        elif row.recipe == "revoked":
            out += [row, Row(row.recipe, name, False, "lists given")]
        else:
            out.append(row)
    return out


def alerts(events, which):
    """The fatal alerts of a journal, `which` being received or sent."""
    texts = (event["text"].split(" ") for event in events if event["kind"] == "tls")
    return [" ".join(words[1:-1]) for words in texts if words[0] == "alert_" + which and words[-1] == "fatal"]


def stored(events):
    return any(event["kind"] == "stored" for event in events)


def verdict(server, client, row):
    """What a client did with a certificate, as it is recorded; None: it can't be asked."""
    lists = row.how == "lists given"
    if lists and not client.LISTS:
        return None
    peer = tls.Peer(server.ca, row.name, server.crl if lists else None)
    talk, events = server.meet(client, peer, source=SOURCE.format(recipe=row.recipe, more=MORE.get(row.recipe, "")))
    if client.NAME not in tls.NO_MAILERS and stored(events) != (talk.done is True):
        raise AssertionError(f"{client.NAME}, {row.title}: {talk}: mail was {'' if stored(events) else 'not '}stored")
    if talk.done is True:
        return {"word": "accepts"}
    sent = alerts(events, "received")
    return {"word": "refuses", "error": talk.error, **({"alert": sent[-1]} if sent else {})}


def load():
    with open(RECORD, encoding="utf-8") as file:
        return json.load(file)


def short(error):
    """An error as it stands in the table: without what only says that there is one."""
    error = re.sub(r"^.*(?:certificate verify failed: |SSL certificate problem: |SSL routines::|altnames: )", "", error)
    prefixes = r"^(?:ESOCKET: |\(\d+\) |\w+Error: |\[SSL: \w+\] |TLS (?:handshake|certificate verification) failed: )+"
    return re.sub(prefixes, "", error).rstrip(".")


def cell(row, found):
    if not found:
        return "–"
    said = f": {short(found['error'])}" if found.get("error") else ""
    text = (found["word"] + said).replace("|", "\\|").replace("<", "&lt;").replace("\\u", "\\\\u")
    odd = (found["word"] == "accepts") != row.fine
    return re.sub(r"^\w+", lambda word: f"**{word[0]}**", text) if odd else text


def page(record):
    """The part of README.md that is made."""
    clients = list(record["clients"])
    out = ["| certificate | " + " | ".join(f"{name} {record['clients'][name]}" for name in clients) + " |",
           "|---" * (len(clients) + 1) + "|"]
    for row in rows():
        cells = (cell(row, record["verdicts"][name][row.title]) for name in clients)
        out.append(f"| `{row.recipe}`{', ' + row.how if row.how else ''} | " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


def split_page():
    with open(PAGE, encoding="utf-8") as file:
        before, begun, rest = file.read().partition(BEGIN)
    made, end, after = rest.partition(END)
    if not begun or not end:
        raise AssertionError(f"{PAGE} lacks the line {BEGIN if not begun else END}")
    return before, made, after


def begin(pool, server, client):
    """The talks of a client, begun: title of the row and the future of its verdict."""
    return [(row.title, pool.submit(verdict, server, client, row)) for row in rows()]


def begin_all(pool, server):
    """Those of all clients that are here. The keys that take long to make are made first: gnutls-cli doesn't wait."""
    for name in ("rsa_4096", "rsa_8192"):
        server.meet(tls.ALL["smtplib"], tls.Peer(server.ca, limit=60), source=SOURCE.format(recipe=name, more=""))
    return {name: begin(pool, server, client) for name, client in tls.ALL.items() if not client.find()}


def ended(begun):
    return {title: future.result() for title, future in begun}


def update():
    missing = [reason for client in tls.ALL.values() for reason in [client.find()] if reason]
    if missing:
        sys.exit("\n".join(missing))
    with Server() as server, ThreadPoolExecutor(AT_ONCE) as pool:
        begun = begin_all(pool, server)
        record = {"clients": {name: client.version() for name, client in tls.ALL.items()},
                  "verdicts": {name: ended(each) for name, each in begun.items()}}
    before, _, after = split_page()
    for path, text in ((RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n"),
                       (PAGE, before + BEGIN + page(record) + END + after)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


class TlsClients(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.record = load()
        server = Server()
        cls.addClassCleanup(server.close)
        pool = ThreadPoolExecutor(AT_ONCE)
        cls.addClassCleanup(pool.shutdown, cancel_futures=True)
        cls.begun = begin_all(pool, server)

    def test_the_page_shows_the_record(self):
        self.assertEqual(split_page()[1], page(self.record), "python3 tls_clients.py --update writes it")

    def check(self, name):
        client = tls.ALL[name]
        if client.find():
            self.skipTest(client.find())
        self.assertEqual(ended(self.begun[name]), self.record["verdicts"][name],
                         f"recorded with {name} {self.record['clients'][name]}, this is {client.version()}; "
                         "--update records it anew")


for each_name in tls.ALL:
    setattr(TlsClients, "test_" + each_name.replace("-", "_"), functools.partialmethod(TlsClients.check, each_name))

if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
