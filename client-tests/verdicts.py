"""What `mailfault run` says of real clients, kept in verdicts.json and shown in README.md.

    python3 verdicts.py             fails where a verdict, its reason or the client's words differ from the record
    python3 verdicts.py --update    writes both files anew
"""
import functools
import json
import os
import platform
import re
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

import mailfault
import mailers
from clients import curl, msmtp, smtplib, swaks

HERE = os.path.dirname(os.path.abspath(__file__))
RECORD, PAGE = os.path.join(HERE, "verdicts.json"), os.path.join(HERE, "README.md")
BEGIN, END = "<!-- verdicts: python3 verdicts.py --update -->\n", "<!-- end of verdicts -->\n"

PLAIN = ["healthy", "tcp-refused", "tcp-half-close", "banner-421", "banner-554", "ehlo-550-policy",
         "reply-multi-line-error", "mail-451-greylist", "rcpt-251", "rcpt-550-unknown", "data-354-bare", "dot-451",
         "dot-accepted-close", "dot-discarded", "dot-250-close", "quit-421", "quit-rst"]
WITH_LOGIN = ["auth-535", "auth-454-temp"]
LARGE = ["data-421-mid"]
ADAPTERS = {"curl": curl, "swaks": swaks, "msmtp": msmtp, "smtplib": smtplib}


def version(client):
    if client == "smtplib":
        return "Python " + ".".join(platform.python_version_tuple()[:2])
    said = subprocess.run([client, "--version"], stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"\d+\.[\d.]*\d", said).group()


def words_of(client, output):
    """Of what it printed, the line that a person would quote, without what changes from run to run."""
    lines = [line.strip() for line in output.splitlines()]
    marks = {"curl": ("curl: ",), "swaks": ("<** ", "*** "), "msmtp": ("msmtp: server message", "msmtp: "),
             "smtplib": ("smtplib.", "ConnectionRefusedError", "TimeoutError", "OSError")}[client]
    for mark in marks:
        found = [line for line in lines if line.startswith(mark) and line != "msmtp: could not send mail"]
        if found:
            said = found[-1]
            said = re.sub(r"(127\.0\.0\.1(?::| port |, port ))\d+", r"\1PORT", said)
            said = re.sub(r"after \d+ ms", "after N ms", said)
            return re.sub(r"errno: \d+", "errno: N", said)
    return ""


def reason(finding):
    expected = "" if finding["name"].startswith("outcome") or not finding["expected"] else finding["expected"] + "; "
    return f"{finding['name']}: {expected}{finding['seen']}"


def told(client, run):
    """A run as it is recorded."""
    verdict = run["verdict"]
    reasons = [each for each in run["findings"] if each["verdict"] == verdict]
    if verdict == "pass":
        reasons = [each for each in reasons if each["name"].startswith("outcome")] or reasons
    return {"verdict": verdict,
            "word": ", ".join(each["word"] for each in run["words"]),
            "reason": "; ".join(dict.fromkeys(map(reason, reasons))),
            "client": words_of(client, run["command"]["output"])}


def play(client, names):
    found = {}
    for group, more in ((PLAIN, {}), (WITH_LOGIN, {"login": (mailfault.USER, mailfault.PASSWORD)}),
                        (LARGE, {"text": mailers.TEXT + ("x" * 70 + "\r\n") * 1500})):
        wanted = [name for name in group if name in names]
        if wanted:
            for run in mailers.judged(wanted, client, ("-j", "6"), **more):
                found[run["id"]] = told(client, run)
    return found


def load():
    with open(RECORD, encoding="utf-8") as file:
        return json.load(file)


def titles():
    return {each["id"]: each["title"] for each in json.loads(mailfault.run("list", "--json")[1])}


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def page(record):
    """The part of README.md that is made."""
    clients, about = list(record["clients"]), titles()
    names = PLAIN + WITH_LOGIN + LARGE
    out = ["| scenario | " + " | ".join(f"{client} {record['clients'][client]}" for client in clients) + " |",
           "|---" * (len(clients) + 1) + "|"]
    for name in names:
        cells = []
        for client in clients:
            each = record["verdicts"][client][name]
            verdict = each["verdict"] if each["verdict"] == "pass" else f"**{each['verdict']}**"
            cells.append(verdict + (f" ({each['word']})" if each["word"] else ""))
        out.append(f"| `{name}`: {cell(about[name])} | " + " | ".join(cells) + " |")
    out += ["", "What is no pass, and why:", ""]
    for name in names:
        for client in clients:
            each = record["verdicts"][client][name]
            if each["verdict"] != "pass":
                said = f" It said: `{each['client']}`." if each["client"] else ""
                out.append(f"- `{name}`, {client}: {each['verdict']}. {cell(each['reason'])}.{said}")
    return "\n".join(out) + "\n"


def split_page():
    with open(PAGE, encoding="utf-8") as file:
        before, _, rest = file.read().partition(BEGIN)
    made, _, after = rest.partition(END)
    return before, made, after


def update():
    missing = [reason for adapter in ADAPTERS.values() for reason in [adapter.find()] if reason]
    if missing:
        sys.exit("\n".join(missing))
    names = PLAIN + WITH_LOGIN + LARGE
    record = {"clients": {client: version(client) for client in ADAPTERS},
              "verdicts": {client: play(client, names) for client in ADAPTERS}}
    with open(RECORD, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1, ensure_ascii=False)
        file.write("\n")
    before, _, after = split_page()
    made = page(record)  # before the file is opened: an error leaves it whole
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + made + END + after)


class Verdicts(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.record = load()
        cls.pool = ThreadPoolExecutor(2)
        cls.addClassCleanup(cls.pool.shutdown)
        names = PLAIN + WITH_LOGIN + LARGE
        cls.begun = {client: cls.pool.submit(play, client, names)
                     for client, adapter in ADAPTERS.items() if not adapter.find()}

    def test_the_page_shows_the_record(self):
        self.assertEqual(split_page()[1], page(self.record), "python3 verdicts.py --update writes it")

    def check(self, client):
        if ADAPTERS[client].find():
            self.skipTest(ADAPTERS[client].find())
        recorded, found = self.record["verdicts"][client], self.begun[client].result()
        self.assertEqual(set(found), set(recorded))
        self.assertEqual(found, recorded, f"recorded with {client} {self.record['clients'][client]}, this is "
                                          f"{version(client)}; --update records it anew")


for each_client in ADAPTERS:
    setattr(Verdicts, "test_" + each_client, functools.partialmethod(Verdicts.check, each_client))

if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
